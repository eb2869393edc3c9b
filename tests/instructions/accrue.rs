use backstop_client::{Accrued, Event, verb};
use backstop_testkit::Setup;

use crate::{fixtures::*, tampering::*};

#[test]
fn rejects_fund_as_pool() {
    let mut world = lent(with_interest());
    let fund = world.key().insurance_fund;
    let accrue = verb::accrue(world.key()).with("pool", fund);
    refused(&mut world, accrue, &[], "AccountDataTooSmall");
}

#[test]
fn rejects_pool_of_another_program() {
    let mut world = lent(with_interest());
    let pool = world.key().pool;
    let forged = forged(&mut world, pool);
    let accrue = verb::accrue(world.key()).with("pool", forged);
    refused(&mut world, accrue, &[], "IllegalOwner");
}

#[test]
fn rejects_read_only_pool() {
    let mut world = lent(with_interest());
    let accrue = verb::accrue(world.key()).readonly("pool");
    refused(&mut world, accrue, &[], "ConstraintMut");
}

#[test]
fn shares_out_the_interest_of_a_year() {
    // Given 200 lent at 10 % a year, compounded: e^0.1 - 1 = 0.10516666.. after three terms
    let mut world = lent(with_interest());
    world.wait(YEAR);
    let preview = world.pool().totals().accrue(&world.pool().rates(), world.now()).unwrap();
    // When anyone accrues
    let receipt = world.accrue().unwrap();
    // Then a fifth of 21.033333 is reserved and a tenth set aside for insurance, out of cash
    let pool = world.pool();
    assert_eq!((pool.reserves, pool.insurance_due, pool.cash), (4_206_666, 2_103_333, 800 * USDC - 2_103_333));
    assert_eq!((pool.accrued_at, debt_of(&mut world, "bob")), (world.now(), 221_033_334));
    assert_eq!(nav(&world), 1_000 * USDC + 21_033_333 - 4_206_666 - 2_103_333);
    assert_eq!(pool.totals(), preview.totals, "preview-is-execution");
    let (interest, to_reserves, to_insurance) = (21_033_333, 4_206_666, 2_103_333);
    let event = Accrued { pool: world.key().pool, interest, to_reserves, to_insurance, state: state(&pool) };
    assert_eq!(only(&receipt), Event::Accrued(event));
    // And no token moved
    assert_eq!(world.balance_at(&world.key().vault), 850 * USDC);
    vault_holds_what_is_owed(&world);
}

#[test]
fn changes_nothing_twice_in_a_second() {
    let mut world = lent(with_interest());
    world.wait(YEAR);
    world.accrue().unwrap();
    let once = world.pool();
    let receipt = world.accrue().unwrap();
    assert_eq!(world.pool(), once);
    let Event::Accrued(event) = only(&receipt) else { panic!("another event") };
    assert_eq!((event.interest, event.to_reserves, event.to_insurance), (0, 0, 0));
}

#[test]
fn changes_nothing_when_the_clock_goes_back() {
    let mut world = lent(with_interest());
    world.wait(YEAR);
    world.accrue().unwrap();
    let before = world.pool();
    world.advance(-3_600, 0);
    world.accrue().unwrap();
    assert_eq!(world.pool(), before);
}

#[test]
fn only_moves_the_clock_of_a_pool_without_debt() {
    let mut world = backstop_testkit::World::new(with_interest());
    world.deposit("alice", 1_000 * USDC).unwrap();
    let before = world.pool();
    world.wait(YEAR);
    world.accrue().unwrap();
    assert_eq!(world.pool(), backstop_client::Pool { accrued_at: world.now(), ..before });
}

#[test]
fn owes_what_cash_cannot_set_aside() {
    // Given a pool that has lent all it has
    let mut world = backstop_testkit::World::new(with_interest());
    world.deposit("alice", 200 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    // When a year passes, then insurance's tenth is owed to it, and no part of NAV
    world.wait(YEAR);
    world.accrue().unwrap();
    let pool = world.pool();
    assert_eq!((pool.cash, pool.insurance_due, pool.insurance_owed), (0, 0, 2_103_333), "revenue-is-owed");
    assert_eq!((pool.reserves, nav(&world)), (4_206_666, 200 * USDC + 21_033_333 - 4_206_666 - 2_103_333));
    // And it is paid over before anything leaves: of 3 that come in, Alice can take the rest at most
    world.repay("bob", "bob", 3 * USDC).unwrap();
    let withdraw = world.withdraw_instruction("alice", USDC);
    refused(&mut world, withdraw, &["alice"], "InsufficientCash");
    world.accrue().unwrap();
    let pool = world.pool();
    let paid = 2_103_333;
    assert_eq!((pool.insurance_due, pool.insurance_owed, pool.cash), (paid, 0, 3 * USDC - paid), "revenue-is-owed");
    vault_holds_what_is_owed(&world);
}

#[test]
fn never_locks_up() {
    // Given the highest rates there are, at full utilisation
    let mut setup = Setup::default();
    let rates = &mut setup.parameters.rates;
    (rates.base_bps, rates.slope1_bps, rates.slope2_bps) = (100_000, 100_000, 100_000);
    let mut world = backstop_testkit::World::new(setup);
    world.deposit("alice", 200 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    // When a hundred years pass, one accrual each: debt stops growing where it would not fit
    for _ in 0..100 {
        world.wait(YEAR);
        world.accrue().unwrap();
    }
    // Then the debt can still be written off
    make_worthless(&mut world, "SOL");
    world.record_bad_debt("bob").unwrap();
    assert_eq!((world.pool().losses, world.pool().debt_shares), (1, 0));
}

#[test]
fn charges_no_interest_on_recorded_debt() {
    // Given Bob's debt was recorded
    let mut setup = with_interest();
    setup.parameters.loss.insurance_share_bps = 0;
    let mut world = defaulted(setup);
    world.record_bad_debt("bob").unwrap();
    let before = world.pool();
    // When a year passes, then nothing grows: no-interest-on-bad-debt
    world.wait(YEAR);
    world.accrue().unwrap();
    assert_eq!((world.pool().totals().nav(), world.pool().reserves), (before.totals().nav(), before.reserves));
    assert_eq!(world.pool().debt_shares, 0, "no-interest-on-bad-debt");
}
