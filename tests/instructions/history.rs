//! Histories of shares: room for eight changes after losses, more at anyone's cost, and old ones that can be given up.

use backstop_client::{Event, HistoryExtended, HistoryTrimmed, verb};
use backstop_testkit::{Setup, World};

use crate::{fixtures::*, tampering::*};

/// Alice changes her shares after each of so many losses of 10 by Bob.
fn changed_after(losses: u32) -> World {
    let mut world = World::new(Setup::default());
    world.deposit("alice", 10_000 * USDC).unwrap();
    for _ in 0..losses {
        lend_and_lose(&mut world, "bob", 10 * USDC);
        world.withdraw("alice", 100 * USDC).unwrap();
    }
    world
}

#[test]
fn is_written_only_when_shares_change_after_a_loss() {
    let mut world = changed_after(0);
    let rows = |world: &mut World| world.position("alice").unwrap().history.len();
    world.withdraw("alice", USDC).unwrap();
    assert_eq!(rows(&mut world), 0);
    for _ in 0..3 {
        lend_and_lose(&mut world, "bob", 10 * USDC);
    }
    assert_eq!(rows(&mut world), 0, "constant-cost");
    world.deposit("alice", USDC).unwrap();
    world.withdraw("alice", USDC).unwrap();
    let position = world.position("alice").unwrap();
    assert_eq!((position.history.len(), position.holder.since), (1, 3), "constant-cost");
    assert_eq!((position.history[0].from, position.history[0].to), (1, 3));
    assert_eq!(position.history[0].shares, 9_999 * USDC);
}

#[test]
fn a_full_history_refuses_changes_and_says_what_to_do() {
    // Given eight rows, and another loss
    let mut world = changed_after(8);
    lend_and_lose(&mut world, "bob", 10 * USDC);
    let (deposit, withdraw) = (world.deposit_instruction("alice", USDC), world.withdraw_instruction("alice", USDC));
    refused(&mut world, deposit, &["alice"], "HistoryFull");
    refused(&mut world, withdraw.clone(), &["alice"], "HistoryFull");
    world.deposit("carol", 10 * USDC).unwrap();
    let give = world.transfer_shares_instruction("carol", "alice", USDC);
    refused(&mut world, give, &["carol", "alice"], "HistoryFull");
    // When anyone pays for a row, then she can leave
    let receipt = world.extend_history("alice", 1).unwrap();
    let reported = HistoryExtended { holder: world.position_address("alice"), room: 9 };
    assert_eq!(only(&receipt), Event::HistoryExtended(reported));
    world.execute(withdraw, &["alice"]).unwrap();
    let position = world.position("alice").unwrap();
    assert_eq!((position.room, position.history.len()), (9, 9));
    // And all of her nine losses are there, 10,000 shares at the first, 100 fewer at each after it: 10 each of which
    // she alone bore
    let held: Vec<u64> = position.history.iter().map(|row| row.shares / USDC).collect();
    assert_eq!(held, [10_000, 9_900, 9_800, 9_700, 9_600, 9_500, 9_400, 9_300, 9_200]);
    world.repay("bob", "bob", u64::MAX).unwrap();
    for loss in 1..=8 {
        world.claim_recovery("alice", loss).unwrap();
    }
}

#[test]
fn old_rows_can_be_given_up_by_their_owner() {
    // Given eight rows, one for each of the losses 1 to 8, all recovered, and another loss
    let mut world = changed_after(8);
    world.repay("bob", "bob", u64::MAX).unwrap();
    lend_and_lose(&mut world, "bob", 10 * USDC);
    world.claim_recovery("alice", 4).unwrap();
    // When she gives up the first three
    let receipt = world.trim_history("alice", 3).unwrap();
    let reported = HistoryTrimmed { holder: world.position_address("alice"), rows: 3 };
    assert_eq!(only(&receipt), Event::HistoryTrimmed(reported));
    let position = world.position("alice").unwrap();
    assert_eq!(position.history.iter().map(|row| row.to).collect::<Vec<_>>(), [4, 5, 6, 7, 8]);
    // Then she can change her shares again, has no claim on those, and all others
    world.withdraw("alice", USDC).unwrap();
    let holder = world.position_address("alice");
    world.open_claim(holder, 3).unwrap();
    let third = world.claim_recovery_instruction("alice", 3);
    refused(&mut world, third, &["alice"], "NothingToClaim");
    for loss in 5..=8 {
        world.claim_recovery("alice", loss).unwrap();
    }
    // And giving up nothing is refused, and what is another's
    let alice = world.actor("alice");
    let again = verb::trim_history(holder, alice, 3);
    refused(&mut world, again.clone(), &["alice"], "AmountTooSmall");
    let mallory = world.actor("mallory");
    refused(&mut world, again.clone().with("owner", mallory), &["mallory"], "WrongOwner");
    refused(&mut world, again.unsigned("owner"), &[], "MissingRequiredSignature");
}

#[test]
fn room_is_bounded_a_call() {
    let mut world = changed_after(0);
    let (alices, payer) = (world.position_address("alice"), world.payer());
    for rows in [0, 257, u32::MAX] {
        refused(&mut world, verb::extend_history(alices, payer, rows), &[], "InvalidParameter");
    }
    world.extend_history("alice", 256).unwrap();
    assert_eq!(world.position("alice").unwrap().room, 264);
    let account = world.account(&alices).unwrap();
    assert_eq!(account.data.len(), 188 + 264 * 20);
    world.deposit("alice", USDC).unwrap();
}

#[test]
fn stakes_have_one_too() {
    // Given half of each loss is the fund's, and Sam changes his stake after each of nine
    let mut setup = Setup::default();
    setup.parameters.loss.insurance_share_bps = 5_000;
    let mut world = World::new(setup);
    world.deposit("alice", 10_000 * USDC).unwrap();
    world.stake("sam", 1_000 * USDC).unwrap();
    for _ in 0..8 {
        lend_and_lose(&mut world, "bob", 10 * USDC);
        world.stake("sam", USDC).unwrap();
    }
    lend_and_lose(&mut world, "bob", 10 * USDC);
    let stake = world.stake_instruction("sam", USDC);
    refused(&mut world, stake.clone(), &["sam"], "HistoryFull");
    // When he gives up one row and somebody pays for another
    world.trim_stake_history("sam", 1).unwrap();
    world.execute(stake, &["sam"]).unwrap();
    world.extend_stake_history("sam", 4).unwrap();
    let sams = world.stake_of("sam").unwrap();
    assert_eq!((sams.room, sams.history.len(), sams.history[0].from), (12, 8, 2));
    // Then he has all that came back of the others: half of 10 each
    world.repay("bob", "bob", u64::MAX).unwrap();
    let stake = world.stake_address("sam");
    world.open_claim(stake, 1).unwrap();
    let first = world.claim_stake_recovery_instruction("sam", 1);
    refused(&mut world, first, &["sam"], "NothingToClaim");
    let before = kept(&mut world, "sam");
    for loss in 2..=9 {
        world.claim_stake_recovery("sam", loss).unwrap();
    }
    let back = kept(&mut world, "sam") - before;
    assert!((usdc(8 * 5) - 8..=usdc(8 * 5)).contains(&back), "claims-follow: {back}");
}
