use backstop_client::{Event, PausableOperation, WithdrawalExecuted};
use backstop_engine::exit::Request;
use backstop_testkit::{Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// Seconds of notice.
const NOTICE: u64 = 3_600;

/// Alice has 1,000 shares, of which 200 units are lent, and asked for 100 an hour ago; anyone is about to execute that.
fn about_to_execute() -> (World, Instruction) {
    let mut world = lent(with_notice());
    world.request_withdrawal("alice", 100 * USDC).unwrap();
    world.wait(NOTICE);
    let execute = world.execute_withdrawal_instruction("alice");
    (world, execute)
}

#[test]
fn rejects_another_pool() {
    let (mut world, execute) = about_to_execute();
    let (other, alice) = (Neighbour::new(&mut world, &["alice"]), world.actor("alice"));
    refused(&mut world, execute.clone().with("pool", other.pool.pool), &[], "WrongPool");
    refused(&mut world, execute.with("position", other.position(&alice)), &[], "WrongPool");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, execute) = about_to_execute();
    refuses_other_kinds(&mut world, &execute, &[], &["pool", "position"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, execute) = about_to_execute();
    refuses_forgeries(&mut world, &execute, &[], &["pool", "position"]);
}

#[test]
fn rejects_same_account_twice() {
    let (mut world, execute) = about_to_execute();
    refuses_twins(&mut world, &execute, &[], &[("pool", "position"), ("position", "pool")]);
}

#[test]
fn rejects_one_who_did_not_ask() {
    let (mut world, execute) = about_to_execute();
    world.deposit("carol", 10 * USDC).unwrap();
    let carols = world.execute_withdrawal_instruction("carol");
    refused(&mut world, carols, &[], "ExitNotRequested");
    // Nor twice
    world.execute(execute.clone(), &[]).unwrap();
    refused(&mut world, execute, &[], "ExitNotRequested");
}

#[test]
fn rejects_execution_before_the_notice_ends() {
    let mut world = lent(with_notice());
    world.request_withdrawal("alice", 100 * USDC).unwrap();
    let execute = world.execute_withdrawal_instruction("alice");
    refused(&mut world, execute.clone(), &[], "ExitNotMature");
    world.wait(NOTICE - 1);
    refused(&mut world, execute.clone(), &[], "ExitNotMature");
    world.wait(1);
    world.execute(execute, &[]).unwrap();
}

#[test]
fn rejects_a_request_made_in_calm_until_the_notice_of_a_trip_ends() {
    // Given an hour's notice, a day's while the breaker is tripped, and Alice who asked just before a loss of 50 of
    // 1,000 tripped it for 483,840 seconds
    let mut setup = with_breaker();
    setup.parameters.exit.notice_seconds = 3_600;
    let mut world = defaulted(setup);
    world.request_withdrawal("alice", 100 * USDC).unwrap();
    let asked_at = world.now();
    world.record_bad_debt("bob").unwrap();
    assert_eq!(world.pool().breaker_until, asked_at + 483_840);
    let position = world.position("alice").unwrap();
    assert_eq!((position.request.asked_at, position.request.matures_at), (asked_at, asked_at + 3_600));
    assert_eq!(position.request_in(&world.pool(), world.now()).matures_at, asked_at + 86_400, "preview-is-execution");
    // When the hour has passed, then she waits, as one does who asks now: until a day after she asked
    let execute = world.execute_withdrawal_instruction("alice");
    for seconds in [3_600, 86_399 - 3_600] {
        world.wait(seconds);
        refused(&mut world, execute.clone(), &[], "ExitNotMature");
    }
    world.wait(1);
    world.execute(execute, &[]).unwrap();
    world.collect_withdrawal("alice").unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000 + 95), "breaker");
}

#[test]
fn rejects_a_part_below_a_thousand_units() {
    // Given Alice asked for all of her 1,000, of which 800 were there, and 0.000999 more come in
    let mut world = lent(with_notice());
    world.request_withdrawal("alice", u64::MAX).unwrap();
    world.wait(NOTICE);
    world.execute_withdrawal("alice").unwrap();
    let execute = world.execute_withdrawal_instruction("alice");
    for paid in [1, 998] {
        world.repay("bob", "bob", paid).unwrap();
        refused(&mut world, execute.clone(), &[], "InsufficientCash");
    }
    // When it is 0.001, then that is hers
    world.repay("bob", "bob", 1).unwrap();
    world.execute(execute, &[]).unwrap();
    let request = world.position("alice").unwrap().request;
    assert_eq!((request.shares, request.payable), (200 * USDC - 1_000, 800 * USDC + 1_000), "no-free-money");
    // While all of a request is paid, however little that is: Carol's 0.0005 when there are as many, and not before
    let mut world = lent(with_notice());
    world.deposit("carol", 500).unwrap();
    world.deposit_collateral("ben", "SOL", 100 * SOL).unwrap();
    world.borrow("ben", 800 * USDC + 1).unwrap();
    world.request_withdrawal("carol", u64::MAX).unwrap();
    world.wait(NOTICE);
    let carols = world.execute_withdrawal_instruction("carol");
    assert_eq!(world.pool().cash, 499);
    refused(&mut world, carols.clone(), &[], "InsufficientCash");
    world.repay("ben", "ben", 1).unwrap();
    world.execute(carols, &[]).unwrap();
    assert_eq!(world.position("carol").unwrap().request.payable, 500);
}

#[test]
fn rejects_execution_while_withdrawals_are_paused() {
    let (mut world, execute) = about_to_execute();
    world.pause("guardian", PausableOperation::Withdraw, 60).unwrap();
    refused(&mut world, execute.clone(), &[], "Paused");
    world.wait(60);
    world.execute(execute, &[]).unwrap();
}

#[test]
fn rejects_execution_while_a_known_loss_waits() {
    // Given a unit more than a ten-thousandth of 1,000 is marked, then exactly that
    let (mut world, execute) = about_to_execute();
    mark_bob_with(&mut world, 100_001);
    refused(&mut world, execute.clone(), &[], "PoolOnHold");
    mark_bob_with(&mut world, 100_000);
    world.execute(execute, &[]).unwrap();
}

#[test]
fn anyone_can() {
    let (mut world, execute) = about_to_execute();
    let request = world.position("alice").unwrap().request.request();
    let (_, preview) = world.pool().totals_at(world.now()).unwrap().execute(&request).unwrap();
    let receipt = world.execute(execute, &[]).unwrap();
    // Then 100 are payable to Alice, neither cash nor NAV, and no token moved
    let (pool, position) = (world.pool(), world.position("alice").unwrap());
    assert_eq!((pool.cash, pool.payable, nav(&world)), (700 * USDC, 100 * USDC, 900 * USDC), "conservation");
    assert_eq!((position.holder.shares, position.request.request()), (900 * USDC, Request::default()));
    assert_eq!((position.request.payable, gained(&mut world, "alice", "USDC")), (100 * USDC, usdc(-1_000)));
    assert_eq!(pool.totals(), preview, "preview-is-execution");
    let owner = world.actor("alice");
    let (assets, shares, left) = (100 * USDC, 100 * USDC, 0);
    let event = WithdrawalExecuted { pool: world.key().pool, owner, assets, shares, left, state: state(&pool) };
    assert_eq!(only(&receipt), Event::WithdrawalExecuted(event));
    vault_holds_what_is_owed(&world);
}

#[test]
fn does_not_lapse() {
    let (mut world, execute) = about_to_execute();
    world.wait(YEAR);
    world.execute(execute, &[]).unwrap();
}

#[test]
fn needs_no_token_account() {
    // Given Alice closed the token account that she was paid to
    let (mut world, execute) = about_to_execute();
    let wallet = world.wallet("alice", "USDC");
    world.set_account(wallet, solana_account::Account::default());
    world.execute(execute, &[]).unwrap();
    assert_eq!(world.pool().payable, 100 * USDC, "no-stale-exit");
}

#[test]
fn pays_the_price_of_that_moment() {
    // Given Alice asked to leave, and then lost 50 of 1,000
    let mut world = defaulted(with_notice());
    world.request_withdrawal("alice", 100 * USDC).unwrap();
    world.record_bad_debt("bob").unwrap();
    world.wait(NOTICE);
    leave_pool(&mut world, "alice");
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000 + 95), "no-stale-exit");
}

#[test]
fn pays_what_cash_there_is_and_leaves_the_rest_requested() {
    // Given Alice asked for all of her 1,000, of which 200 are lent: 800 leave
    let mut world = lent(with_notice());
    world.request_withdrawal("alice", u64::MAX).unwrap();
    world.wait(NOTICE);
    let matures_at = world.position("alice").unwrap().request.matures_at;
    world.execute_withdrawal("alice").unwrap();
    let request = world.position("alice").unwrap().request;
    assert_eq!((request.shares, request.payable, world.pool().cash), (200 * USDC, 800 * USDC, 0));
    assert_eq!((request.matures_at, shares_of(&mut world, "alice")), (matures_at, 200 * USDC));
    let execute = world.execute_withdrawal_instruction("alice");
    refused(&mut world, execute.clone(), &[], "InsufficientCash");
    // When Bob pays 50, then these, at once, by anyone
    world.repay("bob", "bob", 50 * USDC).unwrap();
    world.execute(execute.clone(), &[]).unwrap();
    let request = world.position("alice").unwrap().request;
    assert_eq!((request.shares, request.payable), (150 * USDC, 850 * USDC));
    // And what others bring in is hers first, if somebody executes it
    world.deposit("carol", 500 * USDC).unwrap();
    world.execute(execute, &[]).unwrap();
    world.collect_withdrawal("alice").unwrap();
    assert_eq!((gained(&mut world, "alice", "USDC"), shares_of(&mut world, "alice")), (0, 0));
    vault_holds_what_is_owed(&world);
}

#[test]
fn takes_no_share_for_nothing() {
    // Given a share is worth half a unit, all is lent, and Alice asked for all
    let mut world = about_to_be_wiped_out_with_notice();
    world.deposit("alice", 200 * USDC).unwrap();
    world.record_bad_debt("bob").unwrap();
    world.set_dollars("SOL", 30);
    world.deposit_collateral("carol", "SOL", 20 * SOL).unwrap();
    world.borrow("carol", 200 * USDC).unwrap();
    world.request_withdrawal("alice", u64::MAX).unwrap();
    world.wait(NOTICE);
    let shares = shares_of(&mut world, "alice");
    let execute = world.execute_withdrawal_instruction("alice");
    refused(&mut world, execute.clone(), &[], "InsufficientCash");
    // When a thousand units come in at a time, then each take two thousand shares, and fewer none
    for paid in 1..=5 {
        world.repay("carol", "carol", 999).unwrap();
        refused(&mut world, execute.clone(), &[], "InsufficientCash");
        world.repay("carol", "carol", 1).unwrap();
        world.execute(execute.clone(), &[]).unwrap();
        let request = world.position("alice").unwrap().request;
        assert_eq!((request.payable, shares - request.shares), (paid * 1_000, paid * 2_000), "no-free-money");
    }
}

fn about_to_be_wiped_out_with_notice() -> World {
    let mut world = World::new(with_notice());
    world.deposit("alice", 200 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    make_worthless(&mut world, "SOL");
    world
}

#[test]
fn ends_a_request_for_shares_that_are_worth_nothing() {
    // Given Alice asked for one share of those that a loss makes worth half a unit
    let mut world = about_to_be_wiped_out_with_notice();
    world.deposit("alice", 200 * USDC).unwrap();
    world.request_withdrawal("alice", 1).unwrap();
    world.record_bad_debt("bob").unwrap();
    world.wait(NOTICE);
    let shares = shares_of(&mut world, "alice");
    let receipt = world.execute_withdrawal("alice").unwrap();
    let Event::WithdrawalExecuted(event) = only(&receipt) else { panic!("another event") };
    assert_eq!((event.assets, event.shares, event.left), (0, 0, 0));
    // Then she has it still, and can ask for all
    assert_eq!((shares_of(&mut world, "alice"), world.position("alice").unwrap().request.shares), (shares, 0));
    world.request_withdrawal("alice", u64::MAX).unwrap();
}

#[test]
fn leaves_nothing_of_a_request_that_was_wiped_out() {
    let mut world = about_to_be_wiped_out_with_notice();
    world.request_withdrawal("alice", u64::MAX).unwrap();
    world.record_bad_debt("bob").unwrap();
    world.wait(NOTICE);
    let execute = world.execute_withdrawal_instruction("alice");
    refused(&mut world, execute, &[], "ExitNotRequested");
}

#[test]
fn leaves_with_the_part_that_was_asked_for_after_rescalings() {
    // Given Alice asked for half of her 2^50 shares
    let mut world = World::new(with_notice());
    world.deposit("alice", 1 << 50).unwrap();
    world.request_withdrawal("alice", 1 << 49).unwrap();
    // When a loss that leaves 2^20 units divides all shares by 2^20 while it waits
    lend_and_lose(&mut world, "bob", (1 << 50) - (1 << 20));
    assert_eq!(world.pool().generation, 2);
    world.deposit("carol", 1 << 45).unwrap();
    world.wait(NOTICE);
    // Then half of what she holds leaves
    world.execute_withdrawal("alice").unwrap();
    assert_eq!(shares_of(&mut world, "alice"), 1 << 29, "no-escape");
}

/// Alice's request is executed after so many seconds, and not a second sooner.
fn matures_after(world: &mut World, seconds: u64) {
    let execute = world.execute_withdrawal_instruction("alice");
    world.wait(seconds - 1);
    refused(world, execute.clone(), &[], "ExitNotMature");
    world.wait(1);
    world.execute(execute, &[]).unwrap();
}

#[test]
fn leaves_as_soon_as_no_notice_is_due() {
    // Given Alice asked while the breaker was tripped, with a day's notice, and it is for 1,210 seconds: 50 of 1,000
    // fade to 49.9 in 1 / 500 of a week
    let mut setup = Setup::default();
    setup.parameters.exit.breaker_limit_bps = 499;
    let mut world = recorded(setup);
    world.request_withdrawal("alice", u64::MAX).unwrap();
    // Then she leaves when it ends: others can at once, too
    matures_after(&mut world, 1_210);
    world.collect_withdrawal("alice").unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-50), "breaker");
}

#[test]
fn leaves_at_once_in_a_trip_with_a_request_that_has_waited_for_as_long() {
    // Given Alice asked a day before a loss of 150 of 1,000 trips the breaker: the fund of 50 bears the rest of Bob's
    // 200
    let mut setup = with_breaker();
    setup.parameters.exit.notice_seconds = 3_600;
    let mut world = lent(setup);
    world.request_withdrawal("alice", 100 * USDC).unwrap();
    world.wait(86_400);
    assert_eq!(default_of(&mut world, "bob").to_lps, 150 * USDC);
    assert!(world.pool().breaker_until > world.now());
    leave_pool(&mut world, "alice");
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000 + 85), "breaker");
}

#[test]
fn leaves_when_a_trip_ends_with_a_request_made_in_calm() {
    // Given Alice asked just before a loss of 50 of 1,000 tripped the breaker, which ends when 50 fade to 49.9: after
    // 1,210 seconds
    let mut setup = Setup::default();
    (setup.parameters.exit.breaker_limit_bps, setup.parameters.exit.notice_seconds) = (499, 600);
    setup.parameters.loss.hold_seconds = 600;
    let mut world = defaulted(setup);
    world.request_withdrawal("alice", 100 * USDC).unwrap();
    world.record_bad_debt("bob").unwrap();
    // Then the ten minutes are enough that were due when she asked
    matures_after(&mut world, 1_210);
}

#[test]
fn leaves_after_a_day_while_the_breaker_is_tripped() {
    let mut world = tripped();
    world.request_withdrawal("alice", u64::MAX).unwrap();
    matures_after(&mut world, 86_400);
    world.collect_withdrawal("alice").unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-50), "breaker");
}

#[test]
fn leaves_the_rounding_dust_of_the_last_to_reserves() {
    // Given Alice alone and a year of interest, all repaid
    let mut setup = with_interest();
    setup.parameters.exit.notice_seconds = 3_600;
    let mut world = lent(setup);
    world.wait(YEAR);
    world.repay("bob", "bob", u64::MAX).unwrap();
    world.request_withdrawal("alice", u64::MAX).unwrap();
    world.wait(NOTICE);
    let (reserves, worth) = (world.pool().reserves, nav(&world));
    world.execute_withdrawal("alice").unwrap();
    let pool = world.pool();
    assert_eq!((pool.shares, nav(&world), pool.reserves - reserves), (0, 0, worth - pool.payable));
    assert!(worth - pool.payable <= 1);
}

#[test]
fn rejects_a_history_without_room_until_anyone_extends_it() {
    let mut world = World::new(with_notice());
    world.deposit("alice", 10_000 * USDC).unwrap();
    for _ in 0..8 {
        lend_and_lose(&mut world, "bob", 10 * USDC);
        world.deposit("alice", USDC).unwrap();
    }
    world.request_withdrawal("alice", u64::MAX).unwrap();
    lend_and_lose(&mut world, "bob", 10 * USDC);
    world.wait(NOTICE);
    let execute = world.execute_withdrawal_instruction("alice");
    refused(&mut world, execute.clone(), &[], "HistoryFull");
    world.extend_history("alice", 1).unwrap();
    world.execute(execute, &[]).unwrap();
}

#[test]
fn keeps_claims_of_one_who_leaves() {
    let mut world = recorded(with_notice());
    world.request_withdrawal("alice", u64::MAX).unwrap();
    world.wait(NOTICE);
    leave_pool(&mut world, "alice");
    world.repay("bob", "bob", 20 * USDC).unwrap();
    assert_eq!(world.claimable("alice"), [(1, 10 * USDC)], "claims-follow");
}

#[test]
fn needs_no_price() {
    let (mut world, execute) = about_to_execute();
    for symbol in ["USDC", "SOL"] {
        world.set_price(symbol, world.quote(symbol), 86_400);
    }
    world.execute(execute, &[]).unwrap();
}

#[test]
fn counts_interest() {
    let start = || {
        let mut setup = with_interest();
        setup.parameters.exit.notice_seconds = 3_600;
        let mut world = lent(setup);
        world.request_withdrawal("alice", 100 * USDC).unwrap();
        world
    };
    counts_interest_first(start, |world| drop(world.execute_withdrawal("alice").unwrap()));
}
