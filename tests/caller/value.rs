use backstop_engine::price::Quote;
use backstop_testkit::Setup;

use crate::fixtures::*;

/// 10 % a year, of which a fifth goes to reserves and a tenth to insurance, which pays at most half of a loss; a third
/// of it at once.
fn with_interest() -> Setup {
    let mut setup = Setup::default();
    let (rates, loss) = (&mut setup.parameters.rates, &mut setup.parameters.loss);
    (rates.base_bps, rates.slope1_bps, rates.slope2_bps) = (1_000, 500, 5_000);
    (rates.reserve_factor_bps, rates.insurance_factor_bps) = (2_000, 1_000);
    (loss.insurance_share_bps, loss.draw_cap_bps) = (5_000, 3_333);
    setup
}

#[test]
fn of_an_empty_position_is_nothing() {
    let (mut world, vault) = vault(Setup::default());
    assert_eq!(vault.value(&mut world), 0);
}

#[test]
fn of_shares_at_par_is_what_was_lent() {
    let (mut world, vault) = lent(Setup::default());
    assert_eq!(vault.value(&mut world), 400 * USDC);
}

#[test]
fn counts_a_loss() {
    // A tenth of 400.
    let (mut world, vault) = lost(Setup::default());
    assert_eq!(vault.value(&mut world), 360 * USDC);
}

#[test]
fn is_refused_while_a_known_loss_waits() {
    // 100 of 1,000 are missing. Until someone marks that, the position would bring 400; from then on, nothing at once.
    let (mut world, vault) = underwater(Setup::default());
    assert_eq!(vault.value(&mut world), 400 * USDC);
    world.mark("bob").unwrap();
    refuses(&mut world, vault.value_instruction(), UNPRICEABLE);
    // The hold ends when SOL is back.
    world.set_dollars("SOL", 30);
    world.mark("bob").unwrap();
    assert_eq!(vault.value(&mut world), 400 * USDC);
}

#[test]
fn is_told_while_what_is_marked_is_not_worth_a_wait() {
    // SOL at 19.99 USD brings 199.90 of 200: 0.10 are missing, exactly a ten-thousandth of 1,000.
    let (mut world, vault) = underwater(Setup::default());
    world.set_price("SOL", Quote { price: 1_999, confidence: 0, exponent: -2 }, 0);
    world.mark("bob").unwrap();
    assert_eq!(world.pool().marked, 100_000);
    assert_eq!(vault.value(&mut world), 400 * USDC);
}

/// What the vault said is what it gets, to the unit: after a year of interest and a loss that is in part insured, in a
/// pool where nothing is round.
#[test]
fn is_what_a_withdrawal_pays() {
    let (mut world, vault) = lent(with_interest());
    world.deposit("carol", 777_777_777).unwrap();
    world.fund_insurance("ines", 31 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    world.wait(31_536_000);
    world.set_dollars("SOL", 10);
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    world.deposit_collateral("ben", "SOL", 10 * SOL).unwrap();
    world.borrow("ben", 55_555_555).unwrap();
    world.wait(12_345_678);

    world.advance(0, 1); // a transaction has a slot of its own
    let said = vault.value(&mut world);
    let before = vault.idle(&world);
    execute(&mut world, vault.withdraw(ALL, said)).unwrap();
    assert_eq!(vault.idle(&world) - before, said);

    // Of some 123 that Bob left, reserves and insurance pay less than half, and the vault has 9 of 40 parts of the
    // pool: it lost from 13 to 28, and earned less than 6 of interest.
    assert!(said > 370 * USDC && said < 395 * USDC, "{said}");
}

#[test]
fn of_shares_that_a_total_loss_voided_is_nothing() {
    // The vault lent all there is to lend, Bob borrowed all of it and his collateral is worth nothing.
    let (mut world, vault) = vault(Setup::default());
    execute(&mut world, vault.deposit(100 * USDC, 0)).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 100 * USDC).unwrap();
    world.set_price("SOL", Quote { price: 1, confidence: 0, exponent: -8 }, 0);
    world.record_bad_debt("bob").unwrap();
    assert_eq!(vault.shares(&world), 100 * USDC); // as stored; its generation has ended
    world.deposit("alice", 50 * USDC).unwrap();
    assert_eq!(vault.value(&mut world), 0);
}

/// It reads three accounts: the pool, of which most is not looked at, is by far the largest.
#[test]
fn costs_at_most_four_thousand_units() {
    let (mut world, vault) = underwater(with_interest());
    world.set_price("SOL", Quote { price: 1_999, confidence: 0, exponent: -2 }, 0);
    world.mark("bob").unwrap();
    let cost = world.execute(vault.value_instruction(), &[]).unwrap().compute_units;
    println!("a valuation costs {cost} compute units");
    assert!(cost <= 4_000, "{cost}");
}

#[test]
fn rejects_another_pool() {
    let (mut world, vault) = lent(Setup::default());
    let other = another_pool(&mut world);
    let value = with(vault.value_instruction(), value::POOL, other.pool);
    refuses(&mut world, value, WRONG_POOL);
}

#[test]
fn rejects_the_position_of_another() {
    let (mut world, vault) = lent(Setup::default());
    let alice = world.actor("alice");
    let alices = backstop_client::address::position(&world.key().pool, &alice);
    let value = with(vault.value_instruction(), value::POSITION, alices);
    refuses(&mut world, value, WRONG_POSITION);
}

#[test]
fn rejects_another_account_of_backstop_in_place_of_the_pool() {
    let (mut world, vault) = lent(Setup::default());
    let value = with(vault.value_instruction(), value::POOL, world.key().insurance_fund);
    refuses(&mut world, value, "InvalidAccountData");
}

#[test]
fn rejects_a_forged_pool() {
    // The same bytes at the same address, but of another program.
    let (mut world, vault) = lent(Setup::default());
    let mut forged = world.account(&world.key().pool).unwrap();
    forged.owner = vault.manager;
    world.set_account(world.key().pool, forged);
    refuses(&mut world, vault.value_instruction(), "IllegalOwner");
}

#[track_caller]
fn refuses(world: &mut backstop_testkit::World, value: solana_instruction::Instruction, error: &str) {
    let failure = world.returned(value).unwrap_err();
    assert_eq!(failure.refusal.name(), error, "{}", failure.logs.join("\n"));
}
