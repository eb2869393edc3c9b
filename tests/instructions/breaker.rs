//! The loss breaker: when it trips, what it stops, that it ends.

use backstop_client::Event;
use backstop_testkit::{Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// A week, over which losses fade.
const WINDOW: i64 = 604_800;

/// Alice lost 50 of 1,000 in a pool whose breaker has this limit, and never trips on losses up to `min_losses`.
fn after_a_loss_of_50(limit_bps: u32, min_losses: u64) -> World {
    let mut setup = Setup::default();
    (setup.parameters.exit.breaker_limit_bps, setup.parameters.exit.breaker_min_losses) = (limit_bps, min_losses);
    recorded(setup)
}

/// For how many seconds the breaker is still tripped.
fn left(world: &World) -> i64 {
    (world.pool().breaker_until - world.now()).max(0)
}

#[test]
fn does_not_trip_at_its_limit() {
    // Given a limit of 5 %: exactly the 50
    let world = after_a_loss_of_50(500, 0);
    assert_eq!(left(&world), 0, "breaker");
    assert_eq!((world.pool().breaker_losses, world.pool().breaker_at), (50 * USDC, world.now()));
}

#[test]
fn trips_just_beyond_its_limit() {
    // Given a limit of 4.99 %: 50 fade to 49.9 in 1 / 500 of a week, 1,209.6 seconds
    assert_eq!(left(&after_a_loss_of_50(499, 0)), 1_210, "breaker");
    // And one base unit beyond is a second
    assert_eq!(left(&after_a_loss_of_50(0, 50 * USDC - 1)), 1, "breaker");
}

#[test]
fn does_not_trip_on_dust() {
    // Given no limit but the least losses, and exactly those
    assert_eq!(left(&after_a_loss_of_50(0, 50 * USDC)), 0, "breaker");
    // And a pool of ten base units that loses nine
    let mut setup = Setup::default();
    (setup.parameters.exit.breaker_limit_bps, setup.parameters.exit.breaker_min_losses) = (100, USDC);
    let mut world = World::new(setup);
    world.deposit("alice", 10).unwrap();
    assert_eq!(lend_and_lose(&mut world, "bob", 9).to_lps, 9);
    assert_eq!(left(&world), 0, "breaker");
    world.deposit("carol", 10).unwrap();
}

#[test]
fn never_trips_at_a_limit_of_all() {
    assert_eq!(left(&after_a_loss_of_50(10_000, 0)), 0, "breaker");
    let mut world = about_to_be_wiped_out();
    world.record_bad_debt("bob").unwrap();
    assert_eq!(left(&world), 0, "breaker");
}

#[test]
fn does_not_trip_on_what_lps_do_not_bear() {
    // Given a fund that bears all of the 100
    let mut world = defaulted(with_breaker());
    world.fund_insurance("ines", 100 * USDC).unwrap();
    world.record_bad_debt("bob").unwrap();
    assert_eq!((left(&world), world.pool().breaker_losses), (0, 0), "breaker");
}

#[test]
fn adds_up_the_losses_of_the_window() {
    // Given a limit of 1 % of 1,000 and losses of 6 each: the first is within it
    let mut world = World::new(with_breaker());
    world.deposit("alice", 1_000 * USDC).unwrap();
    lend_and_lose(&mut world, "bob", 6 * USDC);
    assert_eq!(left(&world), 0, "breaker");
    // When the second follows at once, then 0.6 % and 6 of the 994 that are left, 0.6036217304 % rounded up, fade from
    // 1.2036217304 % to 1 % in 604,800 * 0.2036217304 / 1.2036217304 = 102,316.5.. seconds
    lend_and_lose(&mut world, "bob", 6 * USDC);
    assert_eq!(left(&world), 102_317, "breaker");
}

#[test]
fn forgets_losses_as_they_fade() {
    // Given a loss of 6 half a week ago, which counts for 3
    let mut world = World::new(with_breaker());
    world.deposit("alice", 1_000 * USDC).unwrap();
    lend_and_lose(&mut world, "bob", 6 * USDC);
    world.wait(302_400);
    // When 6 more are lost, then 9 count: 0.3 % and 6 of 994, which is less than 0.61 %, so that they are within the
    // limit
    lend_and_lose(&mut world, "bob", 6 * USDC);
    assert_eq!((left(&world), world.pool().breaker_losses), (0, 9 * USDC), "breaker");
    // And a week later nothing counts
    world.wait(604_800);
    lend_and_lose(&mut world, "bob", USDC);
    assert_eq!((left(&world), world.pool().breaker_losses), (0, USDC), "breaker");
}

#[test]
fn is_prolonged_by_another_loss() {
    // Given Ben owes 2 since before Bob's default tripped it
    let mut world = defaulted(with_breaker());
    world.set_dollars("SOL", 30);
    world.deposit_collateral("ben", "SOL", SOL).unwrap();
    world.borrow("ben", 2 * USDC).unwrap();
    world.record_bad_debt("bob").unwrap();
    // When three days later 28.571429 of the 50 and 2.8571428572 of the 5 % are left, and 2 of the 950 are lost:
    // 0.2105263158 %, all rounded up
    world.wait(259_200);
    default_of(&mut world, "ben");
    // Then 28.571429 of 30.571429 fade in four days and 2 in seven, together in 345,600 + 259,200 * 2 / 30.571429 =
    // 362,557.. seconds; and so do 3.0676691730 %, to 1 % in 362,558 * 2.0676691730 / 3.0676691730 = 244,371.2.. of
    // them
    assert_eq!(left(&world), 244_372, "breaker");
}

/// For how long a loss of 20 trips it, and NAV before that. First Mel loses a unit, if at all, while Mallory's `flash`
/// is in the pool.
fn tripped_after_a_unit(unit: bool, flash: u64) -> (i64, u64) {
    let mut world = World::new(with_breaker());
    world.deposit("alice", 1_000 * USDC).unwrap();
    if unit {
        world.set_dollars("SOL", 30);
        world.deposit_collateral("mel", "SOL", SOL / 100).unwrap();
        world.borrow("mel", 1).unwrap();
        if flash > 0 {
            world.deposit("mallory", flash).unwrap();
        }
        assert_eq!(default_of(&mut world, "mel").to_lps, 1);
        if flash > 0 {
            world.withdraw("mallory", u64::MAX).unwrap();
        }
    }
    assert_eq!(left(&world), 0, "breaker");
    let before = nav(&world);
    assert_eq!(lend_and_lose(&mut world, "bob", 20 * USDC).to_lps, 20 * USDC);
    (left(&world), before)
}

#[test]
fn is_neither_put_off_nor_prolonged_by_a_deposit_around_a_loss_of_next_to_nothing() {
    // Given 20 of 1,000 are lost, which is 2 %: they fade to 1 % in half a week
    assert_eq!(tripped_after_a_unit(false, 0), (WINDOW / 2, 1_000 * USDC), "breaker");
    // When a unit of them was lost before, then 0.0000001 % and 20 of 999.999999, 2.0000000021 % rounded up, do in
    // 604,800 * 1.0000001021 / 2.0000001021 = 302,400.02 seconds
    let without = (WINDOW / 2 + 1, 1_000 * USDC - 1);
    assert_eq!(tripped_after_a_unit(true, 0), without, "breaker");
    // When Mallory deposits a thousand times as much just before that unit is lost, and withdraws just after, then it
    // counts for a trillionth, rounded up, and is hers: her shares are worth 1,000,000 less 0.999 of a unit, rounded
    // down. So the next loss is 20 of 1,000, and 2.0000000001 % fade to 1 % in 604,800 * 1.0000000001 / 2.0000000001 =
    // 302,400.00002 seconds
    assert_eq!(tripped_after_a_unit(true, 1_000_000 * USDC), (without.0, 1_000 * USDC), "breaker");
}

#[test]
fn ends_with_a_loss_that_is_recovered() {
    // Given Alice lost 50 of 1,000 where 10 is the limit, half of Bob's 100; and Ben, who would borrow
    let mut world = tripped();
    world.set_dollars("SOL", 30);
    world.deposit_collateral("ben", "SOL", 10 * SOL).unwrap();
    let (withdraw, borrow) = (world.withdraw_instruction("alice", USDC), world.borrow_instruction("ben", USDC));
    // When 60 of the 100 come back, 30 of Alice's, then 20 count, and those fade to 10 in half a week
    let receipt = world.repay("bob", "bob", 60 * USDC).unwrap();
    let Event::Recovered(event) = only(&receipt) else { panic!("another event") };
    assert_eq!((left(&world), world.pool().breaker_losses), (WINDOW / 2, 20 * USDC), "breaker");
    assert_eq!(event.breaker_until, world.pool().breaker_until);
    refused(&mut world, withdraw.clone(), &["alice"], "NoticeDue");
    refused(&mut world, borrow.clone(), &["ben"], "BreakerTripped");
    // When 20 more do, then 10 count, which is the limit: it ends, but an hour later, for everyone
    let receipt = world.repay("bob", "bob", 20 * USDC).unwrap();
    let Event::Recovered(event) = only(&receipt) else { panic!("another event") };
    assert_eq!((left(&world), world.pool().breaker_losses), (3_600, 10 * USDC), "breaker");
    assert_eq!(event.breaker_until, world.now() + 3_600);
    ends_after(&mut world, 3_600, &withdraw, &borrow);
}

#[test]
fn ends_with_what_a_recovered_loss_still_counts_for() {
    // Given 50 that Alice lost two and a half days ago, of which nine fourteenths count, 32.142858 rounded up; 10 is
    // the limit
    let mut world = tripped();
    world.wait(216_000);
    // When 20 of Bob's 100 come back, 10 of hers, then those counted for 6.428571, and 25.714287 are left; of the 5 %
    // nine fourteenths are 3.2142857143, rounded up, less 0.6428571428, rounded down: 2.5714285715 %, which fade to 1 %
    // in 388,800 * 1.5714285715 / 2.5714285715 = 237,600.000004 seconds
    world.repay("bob", "bob", 20 * USDC).unwrap();
    assert_eq!((left(&world), world.pool().breaker_losses), (237_601, 25_714_287), "breaker");
    // And when all does, then nothing but units of rounding are left to count, and it ends in an hour
    world.repay("bob", "bob", u64::MAX).unwrap();
    assert_eq!(left(&world), 3_600, "breaker");
    assert!(world.pool().breaker_losses <= 2, "breaker: {}", world.pool().breaker_losses);
}

#[test]
fn goes_on_for_another_loss_when_one_is_recovered() {
    // Given Alice lost 50 of 1,000 to Bob and 20 of the other 950 to Ben, who owed them before: 5 % and 2.1052631579 %,
    // rounded up. They fade to the limit of 1 % in 604,800 * 6.1052631579 / 7.1052631579 = 519,680.0000.. seconds
    let mut world = defaulted(with_breaker());
    world.set_dollars("SOL", 30);
    world.deposit_collateral("ben", "SOL", 10 * SOL).unwrap();
    world.borrow("ben", 20 * USDC).unwrap();
    world.record_bad_debt("bob").unwrap();
    assert_eq!(default_of(&mut world, "ben").to_lps, 20 * USDC);
    assert_eq!(left(&world), 519_681, "breaker");
    // When all of Bob's comes back, then Ben's 2.1052631579 % fade to 1 % in 604,800 * 1.1052631579 / 2.1052631579 =
    // 317,520.0000.. seconds
    world.repay("bob", "bob", u64::MAX).unwrap();
    assert_eq!((left(&world), world.pool().breaker_losses), (317_521, 20 * USDC), "breaker");
    // And when all of Ben's does, it ends in an hour
    world.repay("ben", "ben", u64::MAX).unwrap();
    assert_eq!((left(&world), world.pool().breaker_losses), (3_600, 0), "breaker");
}

#[test]
fn never_begins_by_a_recovery() {
    // Given a loss of 50 that is within the limit of 5 %
    let mut world = after_a_loss_of_50(500, 0);
    let until = world.pool().breaker_until;
    world.repay("bob", "bob", 20 * USDC).unwrap();
    assert_eq!((world.pool().breaker_until, world.pool().breaker_losses), (until, 40 * USDC), "breaker");
}

#[test]
fn stops_borrows_and_immediate_exits_until_it_ends_by_itself() {
    let mut world = tripped();
    world.set_dollars("SOL", 30);
    world.deposit_collateral("ben", "SOL", 10 * SOL).unwrap();
    let withdraw = world.withdraw_instruction("alice", 100 * USDC);
    let borrow = world.borrow_instruction("ben", 10 * USDC);
    ends_after(&mut world, 483_840, &withdraw, &borrow);
}

/// Alice's withdrawal and Ben's loan are refused up to the last second of the trip; then both work, and nobody had to
/// do anything.
fn ends_after(world: &mut World, seconds: u64, withdraw: &Instruction, borrow: &Instruction) {
    for passed in [0, seconds - 1] {
        world.wait(passed);
        refused(world, withdraw.clone(), &["alice"], "NoticeDue");
        refused(world, borrow.clone(), &["ben"], "BreakerTripped");
    }
    world.wait(1);
    world.execute(withdraw.clone(), &["alice"]).unwrap();
    world.execute(borrow.clone(), &["ben"]).unwrap();
}

#[test]
fn stops_nothing_else() {
    // Given Ben and Bea, who owe 100 each, Sam with a matured request to leave the fund, and a breaker that Bob tripped
    let mut setup = with_breaker();
    setup.parameters.insurance.cooldown_seconds = 86_400;
    setup.parameters.loss.insurance_share_bps = 5_000;
    let mut world = lent(setup);
    world.deposit("carol", 100 * USDC).unwrap();
    world.stake("sam", 1_000 * USDC).unwrap();
    world.request_unstake("sam", 10 * USDC).unwrap();
    world.wait(86_400);
    for name in ["ben", "bea"] {
        world.deposit_collateral(name, "SOL", 5 * SOL).unwrap();
        world.borrow(name, 100 * USDC).unwrap();
    }
    assert_eq!(default_of(&mut world, "bob").to_lps, 100 * USDC);
    assert!(left(&world) > 86_400);
    // Then each of these is refused by nobody: breaker
    world.repay("ben", "ben", 10 * USDC).expect("breaker: repaying");
    world.deposit_collateral("ben", "SOL", SOL).expect("breaker: topping up");
    world.set_dollars("SOL", 10);
    world.mark("ben").expect("breaker: marking");
    world.liquidate("liz", "ben", "SOL", 10 * USDC).expect("breaker: liquidating");
    set_cents(&mut world, "SOL", 1);
    world.record_bad_debt("ben").expect("breaker: recording, and slashing with it");
    world.liquidate("liz", "bea", "SOL", u64::MAX).expect("breaker: liquidating, and recording with it");
    world.repay("bob", "bob", 150 * USDC).expect("breaker: recovering");
    world.claim_recovery("alice", 1).expect("breaker: claiming");
    world.stake("sue", 10 * USDC).expect("breaker: staking");
    world.execute_unstake("sam").expect("breaker: leaving the fund");
    world.collect_unstake("sam").expect("breaker: collecting");
    world.request_unstake("sam", u64::MAX).expect("breaker: asking to leave the fund");
    world.deposit("dora", 10 * USDC).expect("breaker: depositing");
    // Bea's half of 99.95 stays lost: it alone keeps the breaker tripped
    world.repay("bob", "bob", u64::MAX).expect("breaker: recovering");
    world.repay("ben", "ben", u64::MAX).expect("breaker: recovering");
    world.claim_stake_recovery("sam", 1).expect("breaker: claiming what the fund paid");
    world.fund_insurance("ines", USDC).expect("breaker: giving");
    world.accrue().expect("breaker: counting interest");
    world.transfer_shares("alice", "dave", USDC).expect("breaker: giving shares");
    world.request_withdrawal("alice", u64::MAX).expect("breaker: asking to withdraw");
    world.wait(86_400);
    assert!(left(&world) > 0, "it is still tripped");
    world.execute_withdrawal("alice").expect("breaker: leaving after notice");
    world.collect_withdrawal("alice").expect("breaker: collecting");
    // And when that comes back, then it ends in an hour
    world.repay("bea", "bea", u64::MAX).expect("breaker: recovering, which ends it");
    assert_eq!(left(&world), 3_600);
    vault_holds_what_is_owed(&world);
}
