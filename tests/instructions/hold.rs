//! While a known loss waits to be settled, nobody enters or leaves; and it ends.

use backstop_client::{Event, PausableOperation, verb};
use backstop_engine::price::Quote;
use backstop_testkit::{Setup, World};

use crate::{fixtures::*, tampering::*};

/// How long a mark stands by default: an hour.
const HOLD: u64 = 3_600;

/// Sam has staked 60 and Sue 40, Alice has deposited 1,000; SOL fell to 10 USD, and Bob's shortfall of 100 is marked.
fn staked_and_marked() -> World {
    let mut world = staked(Setup::default());
    world.set_dollars("SOL", 10);
    world.mark("bob").unwrap();
    world
}

/// What was lost of all debts so far.
fn lost(world: &World) -> u64 {
    world.pool().lost
}

#[test]
fn refuses_everyone_who_would_enter_or_leave() {
    // Given Sam's request to leave has matured
    let mut world = staked(Setup::default());
    world.request_unstake("sam", u64::MAX).unwrap();
    world.wait(864_000);
    world.open_position("dora").unwrap();
    world.open_stake("dora").unwrap();
    world.set_dollars("SOL", 10);
    world.mark("bob").unwrap();
    for amount in [USDC, 100 * USDC, verb::ALL] {
        let (deposit, stake) = (world.deposit_instruction("dora", amount), world.stake_instruction("dora", amount));
        let withdraw = world.withdraw_instruction("alice", amount);
        refused(&mut world, deposit, &["dora"], "PoolOnHold");
        refused(&mut world, withdraw, &["alice"], "PoolOnHold");
        refused(&mut world, stake, &["dora"], "FundOnHold");
    }
    let unstake = world.execute_unstake_instruction("sam");
    refused(&mut world, unstake, &[], "FundOnHold");
}

#[test]
fn is_told_after_pauses_notices_and_cooldowns() {
    let mut world = staked(with_notice());
    world.request_unstake("sam", USDC).unwrap();
    world.request_withdrawal("alice", USDC).unwrap();
    world.open_position("dora").unwrap();
    world.set_dollars("SOL", 10);
    world.mark("bob").unwrap();
    let (withdraw, deposit) = (world.withdraw_instruction("alice", USDC), world.deposit_instruction("dora", USDC));
    let (execute, unstake) = (world.execute_withdrawal_instruction("alice"), world.execute_unstake_instruction("sam"));
    refused(&mut world, withdraw.clone(), &["alice"], "NoticeDue");
    refused(&mut world, execute.clone(), &[], "ExitNotMature");
    refused(&mut world, unstake, &[], "ExitNotMature");
    refused(&mut world, deposit.clone(), &["dora"], "PoolOnHold");
    world.pause("guardian", PausableOperation::Deposit, 60).unwrap();
    world.pause("guardian", PausableOperation::Withdraw, 60).unwrap();
    refused(&mut world, deposit, &["dora"], "Paused");
    refused(&mut world, withdraw, &["alice"], "Paused");
    refused(&mut world, execute, &[], "Paused");
}

#[test]
fn keeps_matured_requests_of_lps_too() {
    let mut world = staked(with_notice());
    world.request_withdrawal("alice", 100 * USDC).unwrap();
    world.wait(3_600);
    world.set_dollars("SOL", 10);
    world.mark("bob").unwrap();
    let execute = world.execute_withdrawal_instruction("alice");
    refused(&mut world, execute.clone(), &[], "PoolOnHold");
    // When the loss is recorded, then she leaves with her part of it: the fund bore all
    world.wait(HOLD);
    world.record_bad_debt("bob").unwrap();
    world.execute(execute, &[]).unwrap();
    assert_eq!(world.pool().payable, 100 * USDC, "no-stale-exit");
}

#[test]
fn keeps_who_holds_shares_until_a_loss_is_settled() {
    // Given Dora would enter at 100 marked, and Alice would leave
    let mut world = staked_and_marked();
    let (pool, fund) = (world.pool(), world.fund());
    for _ in 0..12 {
        world.wait(HOLD / 12);
        for who in ["alice", "dora"] {
            assert!(world.deposit(who, 100 * USDC).is_err() && world.withdraw(who, USDC).is_err());
            assert!(world.stake(who, USDC).is_err());
        }
    }
    // When it is settled, then those who bear it are those who held shares when it was marked
    world.record_bad_debt("bob").unwrap();
    let loss = world.loss_book().records[0];
    assert_eq!((loss.shares, loss.stake_shares), (pool.shares, fund.shares), "no-escape, no-windfall");
    assert_eq!((loss.stakers, loss.lps), (100 * USDC, 0));
}

#[test]
fn lets_everything_else_go_on() {
    let mut world = staked_and_marked();
    world.deposit_collateral("carol", "SOL", 100 * SOL).unwrap();
    world.borrow("carol", 10 * USDC).unwrap();
    world.repay("carol", "carol", USDC).unwrap();
    world.withdraw_collateral("carol", "SOL", SOL).unwrap();
    world.request_unstake("sam", USDC).unwrap();
    world.fund_insurance("ines", USDC).unwrap();
    world.open_position("carol").unwrap();
    world.transfer_shares("alice", "carol", USDC).unwrap();
    world.refresh_risk("SOL").unwrap();
    world.liquidate("liz", "bob", "SOL", 50 * USDC).unwrap();
}

#[test]
fn dust_holds_nobody() {
    // Given 1,000 of NAV and a fund of 100: a ten-thousandth is 0.10 and 0.01
    let mut world = staked(Setup::default());
    // SOL at 19.995 USD brings 199.95 of 200: 0.05 are missing
    world.set_price("SOL", Quote { price: 19_995, confidence: 0, exponent: -3 }, 0);
    world.mark("bob").unwrap();
    assert_eq!((world.pool().marked, world.pool().hold.on, world.pool().fund_hold.on), (50_000, 0, 1));
    world.deposit("dora", 10 * USDC).unwrap();
    world.withdraw("alice", USDC).unwrap();
    // At 19.999 USD 0.01 are missing, which is no more than that of the fund
    world.set_price("SOL", Quote { price: 19_999, confidence: 0, exponent: -3 }, 0);
    world.mark("bob").unwrap();
    assert_eq!((world.pool().marked, world.pool().fund_hold.on), (10_000, 0));
    world.stake("dora", USDC).unwrap();
}

#[test]
fn ends_when_anyone_pays_what_is_marked() {
    let mut world = staked_and_marked();
    world.repay("kim", "bob", 100 * USDC).unwrap();
    assert_eq!((world.pool().marked, world.pool().hold.on, world.pool().fund_hold.on), (0, 0, 0), "hold-ends");
    world.withdraw("alice", USDC).unwrap();
}

#[test]
fn ends_when_a_liquidation_leaves_nothing_to_wait_for() {
    // Given all collateral is seized for 100, the other 100 are recorded in the same step
    let mut world = staked_and_marked();
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    assert_eq!((lost(&world), world.pool().marked, world.pool().hold.on), (100 * USDC, 0, 0), "hold-ends");
    world.withdraw("alice", USDC).unwrap();
}

#[test]
fn is_settled_after_its_time_whatever_collateral_remains() {
    // Given nobody wants Bob's collateral; `min_default_age` is far away
    let mut setup = Setup::default();
    setup.parameters.loss.min_default_age_slots = 216_000;
    let mut world = staked(setup);
    world.set_dollars("SOL", 10);
    world.mark("bob").unwrap();
    let settle = world.record_bad_debt_instruction("bob");
    refused(&mut world, settle.clone(), &[], "DefaultTooRecent");
    world.wait(HOLD - 1);
    refused(&mut world, settle.clone(), &[], "DefaultTooRecent");
    // When an hour has passed, then anyone settles it
    world.wait(1);
    world.execute(settle, &[]).unwrap();
    // Then the shortfall of 100 is lost, 100 of debt go on against the same collateral, and all is open
    let (pool, bob) = (world.pool(), world.obligation("bob").unwrap());
    assert_eq!((pool.lost, bob.written_off, debt_of(&mut world, "bob")), (100 * USDC, 100 * USDC, 100 * USDC));
    assert_eq!(bob.units_of(&world.collateral_key("SOL").collateral), 10 * SOL);
    assert_eq!((pool.marked, pool.hold.on, pool.hold.stopped, pool.hold.spent), (0, 0, HOLD, 3_600), "hold-ends");
    world.withdraw("alice", USDC).unwrap();
    // And nothing is left to record
    let again = world.record_bad_debt_instruction("bob");
    refused(&mut world, again, &[], "DefaultTooRecent");
}

#[test]
fn settlement_goes_by_the_price_of_then() {
    // Given SOL at 15 USD when the hour has passed: 50 are missing
    let mut world = staked_and_marked();
    world.wait(HOLD);
    world.set_dollars("SOL", 15);
    world.record_bad_debt("bob").unwrap();
    assert_eq!((lost(&world), world.pool().marked), (50 * USDC, 0), "covered-is-never-lost");
}

#[test]
fn settlement_of_a_covered_debt_ends_its_mark_only() {
    let mut world = staked_and_marked();
    world.wait(HOLD);
    world.set_dollars("SOL", 20);
    let receipt = world.record_bad_debt("bob").unwrap();
    let Event::Marked(event) = only(&receipt) else { panic!("another event") };
    assert_eq!((event.before, event.after, event.on_hold), (100 * USDC, 0, 0));
    assert_eq!((lost(&world), world.pool().marked, debt_of(&mut world, "bob")), (0, 0, 200 * USDC));
    world.withdraw("alice", USDC).unwrap();
}

#[test]
fn settlement_takes_no_price_of_before_the_mark() {
    // Given holds of 3,600 seconds together, so that Ben's mark of now is settled at once
    let mut world = staked_and_marked();
    world.deposit_collateral("ben", "SOL", 20 * SOL).unwrap();
    world.borrow("ben", 100 * USDC).unwrap();
    world.wait(HOLD - 10);
    let before = price_at(&mut world, "SOL", 4);
    world.wait(10);
    world.set_dollars("SOL", 4);
    world.mark("ben").unwrap();
    let settle = world.record_bad_debt_instruction("ben");
    refused(&mut world, settle.clone().with_extra(2, before), &[], "PriceBeforeMark");
    // When the price is of now, then 20 of 100 are lost
    world.execute(settle, &[]).unwrap();
    assert_eq!(lost(&world), 20 * USDC);
}

#[test]
fn settlement_takes_no_price_that_is_behind() {
    // Given Bob's mark is due, somebody reads SOL at 10, and updates at 20, by which nothing would be lost, are eleven
    // and ten seconds older
    for (seconds, taken) in [(11, false), (10, true)] {
        let mut world = staked_and_marked();
        world.wait(HOLD);
        let old = price_at(&mut world, "SOL", 20);
        world.wait(seconds);
        world.set_dollars("SOL", 10);
        world.refresh_risk("SOL").unwrap();
        let settle = world.record_bad_debt_instruction("bob");
        if taken {
            world.execute(settle.with_extra(2, old), &[]).unwrap();
            assert_eq!((lost(&world), world.pool().marked), (0, 0));
        } else {
            refused(&mut world, settle.clone().with_extra(2, old), &[], "PriceBeforeMark");
            world.execute(settle, &[]).unwrap();
            assert_eq!((lost(&world), world.pool().marked), (100 * USDC, 0), "no-escape");
        }
    }
}

#[test]
fn an_old_mark_is_not_ready_for_a_new_loss() {
    // Given a mark of 0.009, which holds nobody of a NAV of 1,000 and a fund of 100, for ten days; then SOL falls to 10
    // USD
    let mut world = staked(Setup::default());
    mark_bob_with(&mut world, 9_000);
    world.wait(864_000);
    world.set_dollars("SOL", 20);
    let old = price_at(&mut world, "SOL", 20);
    world.wait(5);
    world.set_dollars("SOL", 10);
    world.mark("bob").unwrap();
    // Then the mark is of now: it is not due, by no price
    let settle = world.record_bad_debt_instruction("bob");
    refused(&mut world, settle.clone().with_extra(2, old), &[], "CollateralRemains");
    refused(&mut world, settle.clone(), &[], "CollateralRemains");
    assert_eq!(world.obligation("bob").unwrap().marked_at, world.now(), "no-escape");
    world.wait(HOLD);
    world.execute(settle, &[]).unwrap();
    assert_eq!(lost(&world), 100 * USDC);
}

#[test]
fn a_liquidation_at_an_older_price_opens_nothing() {
    // Given SOL fell from 19 to 10 USD within five seconds, and Bob's shortfall of 100 is marked
    let mut world = staked(Setup::default());
    let old = price_at(&mut world, "SOL", 19);
    world.wait(5);
    world.set_dollars("SOL", 10);
    world.mark("bob").unwrap();
    // When Alice pays 95 at the old price, for 5 SOL that are worth 50, then 105 against 50 still hold her
    let liquidate = world.liquidate_instruction("alice", "bob", "SOL", 95 * USDC);
    world.execute(liquidate.with_extra(1, old), &["alice"]).unwrap();
    assert_eq!((debt_of(&mut world, "bob"), world.pool().marked), (105 * USDC, 100 * USDC), "no-escape");
    let withdraw = world.withdraw_instruction("alice", USDC);
    refused(&mut world, withdraw, &["alice"], "PoolOnHold");
    // Then a mark by the price of now tells what is missing
    world.mark("bob").unwrap();
    assert_eq!(world.pool().marked, 55 * USDC);
}

#[test]
fn every_mark_is_settled_at_once_after_long_holds() {
    // Given Bob, Ben and Cal, who owe 200 each; a hold of half an hour, ten minutes open, and another of half an hour
    let mut world = staked(Setup::default());
    for who in ["ben", "cal"] {
        world.deposit_collateral(who, "SOL", 10 * SOL).unwrap();
        world.borrow(who, 200 * USDC).unwrap();
    }
    let toggle = |world: &mut World, dollars| {
        world.set_dollars("SOL", dollars);
        world.mark("bob").unwrap();
    };
    toggle(&mut world, 10);
    world.wait(1_800);
    toggle(&mut world, 30);
    world.wait(600);
    toggle(&mut world, 10);
    world.wait(1_799);
    world.mark("ben").unwrap();
    let settle = world.record_bad_debt_instruction("ben");
    refused(&mut world, settle.clone(), &[], "CollateralRemains");
    // Then a mark of a second ago is settled, and Bob's of half an hour
    world.wait(1);
    world.execute(settle, &[]).unwrap();
    world.record_bad_debt("bob").unwrap();
    assert_eq!((lost(&world), world.pool().hold.on, world.pool().fund_hold.on), (200 * USDC, 0, 0), "hold-ends");
    // When nothing was on hold for an hour, then a new mark stands for an hour
    world.wait(HOLD);
    world.mark("cal").unwrap();
    world.wait(HOLD - 1);
    let settle = world.record_bad_debt_instruction("cal");
    refused(&mut world, settle.clone(), &[], "CollateralRemains");
    world.wait(1);
    world.execute(settle, &[]).unwrap();
    assert_eq!(lost(&world), 300 * USDC);
}

#[test]
fn holds_nobody_for_longer_by_marks_that_follow_one_another() {
    // Given Bob, Ben and Cal, who owe 200 each against 100. Whenever one mark ends another has begun, none of which
    // stands for an hour
    let mut world = staked(Setup::default());
    for who in ["ben", "cal"] {
        world.deposit_collateral(who, "SOL", 10 * SOL).unwrap();
        world.borrow(who, 200 * USDC).unwrap();
    }
    world.set_dollars("SOL", 10);
    let begun = world.now();
    for (who, next) in [("bob", "ben"), ("ben", "cal")] {
        world.mark(who).unwrap();
        world.wait(1_500);
        world.mark(next).unwrap();
        world.repay(who, who, 100 * USDC).unwrap();
        assert_eq!((world.pool().marked, world.pool().hold.since), (100 * USDC, begun));
    }
    // Then an hour after the first, the last is settled, which is ten minutes old
    let settle = world.record_bad_debt_instruction("cal");
    world.wait(599);
    refused(&mut world, settle.clone(), &[], "CollateralRemains");
    world.wait(1);
    world.execute(settle, &[]).unwrap();
    assert_eq!((lost(&world), world.pool().hold.on, world.now() - begun), (100 * USDC, 0, 3_600), "hold-ends");
    world.withdraw("alice", USDC).unwrap();
}

#[test]
fn settles_all_where_only_the_fund_was_on_hold_for_long_enough() {
    // Given a mark of 0.05 of Bob's, which holds the fund of 100 and not the pool of 1,000
    let mut world = staked(Setup::default());
    world.deposit_collateral("ben", "SOL", 10 * SOL).unwrap();
    world.borrow("ben", 200 * USDC).unwrap();
    world.set_price("SOL", Quote { price: 19_995, confidence: 0, exponent: -3 }, 0);
    world.mark("bob").unwrap();
    world.wait(HOLD - 1);
    world.set_dollars("SOL", 10);
    world.mark("ben").unwrap();
    let settle = world.record_bad_debt_instruction("ben");
    refused(&mut world, settle.clone(), &[], "CollateralRemains");
    // Then Ben's mark of a second ago is settled when the fund was on hold for an hour
    world.wait(1);
    world.execute(settle, &[]).unwrap();
    assert_eq!(lost(&world), 100 * USDC, "hold-ends");
}

#[test]
fn a_defaulters_next_shortfall_waits_for_nothing() {
    // Given Bob's mark was settled: the fund bore 100, and 100 go on against 10 SOL at 10 USD
    let mut world = staked_and_marked();
    world.wait(HOLD);
    world.record_bad_debt("bob").unwrap();
    assert_eq!((lost(&world), debt_of(&mut world, "bob"), nav(&world)), (100 * USDC, 100 * USDC, 1_000 * USDC));
    // When SOL falls by a cent, then the shortfall of exactly a ten-thousandth of 1,000 waits
    let record = world.record_bad_debt_instruction("bob");
    set_cents(&mut world, "SOL", 999);
    refused(&mut world, record.clone(), &[], "CollateralRemains");
    // When it is a unit more, then it is recorded at once, unmarked, whatever collateral remains
    world.set_price("SOL", Quote { price: 99_899_999, confidence: 0, exponent: -7 }, 0);
    world.execute(record.clone(), &[]).unwrap();
    assert_eq!((lost(&world), debt_of(&mut world, "bob")), (100_100_001, 99_899_999), "hold-ends");
    // And of what Liz leaves when she buys 5 SOL at 9 for 45: 54.899999 against 45 are 9.899999 more
    world.set_dollars("SOL", 9);
    world.liquidate("liz", "bob", "SOL", 45 * USDC).unwrap();
    assert_eq!((lost(&world), debt_of(&mut world, "bob")), (110 * USDC, 45 * USDC), "hold-ends");
    assert_eq!((world.pool().marked, world.pool().hold.on), (0, 0), "hold-ends");
    // When all that was lost came back, then he is like anyone: what he leaves next waits
    world.repay("bob", "bob", verb::ALL).unwrap();
    world.set_dollars("SOL", 30);
    world.borrow("bob", 100 * USDC).unwrap();
    world.set_dollars("SOL", 10);
    refused(&mut world, record, &[], "CollateralRemains");
    world.mark("bob").unwrap();
    assert_eq!(world.pool().marked, 50 * USDC);
}

#[test]
fn marking_back_and_forth_moves_no_money() {
    let mut world = staked(Setup::default());
    let (totals, fund) = (world.pool().totals(), world.fund());
    for dollars in [10, 30, 5, 25, 10, 30] {
        world.set_dollars("SOL", dollars);
        world.mark("bob").unwrap();
    }
    assert_eq!((world.pool().totals(), world.fund()), (totals, fund));
}

#[test]
fn notices_and_cooldowns_wait_as_long() {
    // Given a notice of an hour, asked for; then a hold of ten minutes
    let mut world = staked(with_notice());
    world.request_withdrawal("alice", verb::ALL).unwrap();
    world.request_unstake("sam", verb::ALL).unwrap();
    let cooldown = world.pool().parameters.insurance.cooldown_seconds;
    world.wait(1_800);
    world.set_dollars("SOL", 10);
    world.mark("bob").unwrap();
    world.wait(600);
    world.set_dollars("SOL", 30);
    world.mark("bob").unwrap();
    let (leave, unstake) = (world.execute_withdrawal_instruction("alice"), world.execute_unstake_instruction("sam"));
    world.wait(1_799);
    refused(&mut world, leave.clone(), &[], "ExitNotMature");
    world.wait(1);
    world.execute(leave, &[]).unwrap();
    // The cooldown likewise
    world.wait(cooldown - 3_600 - 1);
    refused(&mut world, unstake.clone(), &[], "ExitNotMature");
    world.wait(1);
    world.execute(unstake, &[]).unwrap();
}

#[test]
fn a_request_that_is_made_meanwhile_waits_from_its_end() {
    // Given a hold of ten minutes, in which Alice asks after one minute and Sam after two
    let mut world = staked(with_notice());
    world.set_dollars("SOL", 10);
    world.mark("bob").unwrap();
    world.wait(60);
    world.request_withdrawal("alice", verb::ALL).unwrap();
    world.wait(60);
    world.request_unstake("sam", verb::ALL).unwrap();
    world.wait(480);
    world.set_dollars("SOL", 30);
    world.mark("bob").unwrap();
    // Then both wait as if they had asked when it ended
    let (leave, unstake) = (world.execute_withdrawal_instruction("alice"), world.execute_unstake_instruction("sam"));
    world.wait(3_599);
    refused(&mut world, leave.clone(), &[], "ExitNotMature");
    world.wait(1);
    world.execute(leave, &[]).unwrap();
    world.wait(864_000 - 3_600 - 1);
    refused(&mut world, unstake.clone(), &[], "ExitNotMature");
    world.wait(1);
    world.execute(unstake, &[]).unwrap();
}
