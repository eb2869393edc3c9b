//! The loss book: every loss in order, with what came back of it; the oldest of an obligation first.

use backstop_client::{Event, LossRecord, LossRecorded, Recovered, address, verb};
use backstop_testkit::{Receipt, Setup, World};

use crate::{fixtures::*, tampering::*};

/// The record that an event tells of.
fn of_loss(event: &LossRecorded, at: i64, stakers: (u64, u32), next: u32) -> LossRecord {
    LossRecord {
        obligation: event.obligation,
        at,
        reserves: event.from_reserves,
        protocol: event.from_insurance - event.from_stakers,
        stakers: event.from_stakers,
        lps: event.to_lps,
        recovered: 0,
        shares: event.shares,
        stake_shares: stakers.0,
        share_price_before: event.share_price_before,
        share_price_after: event.share_price_after,
        generation: u32::try_from(event.generation).unwrap(),
        stake_generation: stakers.1,
        back_shares: 0,
        back_generation: 0,
        next,
    }
}

/// The recoveries that a repayment told of.
fn recoveries(receipt: &Receipt) -> Vec<Recovered> {
    receipt
        .events
        .iter()
        .filter_map(|event| if let Event::Recovered(event) = event { Some(*event) } else { None })
        .collect()
}

/// Fills the book of a new pool: Alice's 10,000 lose 1 each of 64 times.
fn full_book() -> World {
    let mut world = World::new(Setup::default());
    world.deposit("alice", 10_000 * USDC).unwrap();
    for _ in 0..64 {
        lend_and_lose(&mut world, "bob", USDC);
    }
    assert_eq!((world.loss_book().count(), world.loss_book().room), (64, 64));
    world
}

#[test]
fn is_empty_at_first() {
    let world = World::new(Setup::default());
    let book = world.loss_book();
    assert_eq!((book.pool, book.count(), book.room), (world.key().pool, 0, 64));
}

#[test]
fn tells_of_a_loss_that_a_liquidation_recorded() {
    // Given a liquidation that leaves 100 of bad debt, half of it insured by a donation
    let mut world = underwater(Setup::default());
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    let expected = of_loss(&half_insured_loss(&mut world), world.now(), (0, 0), 0);
    assert_eq!(world.loss_book().records, [expected]);
    let bobs = world.obligation("bob").unwrap();
    assert_eq!((bobs.first_loss, bobs.last_loss), (1, 1));
}

#[test]
fn keeps_losses_in_order_and_those_of_an_obligation_linked() {
    // Given losses of Bob, Ben, Bob, Ben, Bob, each of another size and time, with a wipe-out and a stake between
    let mut world = World::new(Setup::default());
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.fund_insurance("ines", 5 * USDC).unwrap();
    let mut reported = Vec::new();
    for (place, who) in ["bob", "ben", "bob", "ben", "bob"].into_iter().enumerate() {
        world.wait(60);
        if place == 3 {
            world.deposit("alice", 1_000 * USDC).unwrap();
            world.stake("sam", 2 * USDC).unwrap();
        }
        let stakers = (world.fund().shares, world.fund().generation);
        let loss = if place == 2 { nav(&world) } else { 3 * USDC + place as u64 };
        let event = lend_and_lose(&mut world, who, loss);
        assert_eq!((event.sequence, event.number), (place as u64 + 1, place as u64 + 1));
        let next = [3, 4, 5, 0, 0][place];
        reported.push(of_loss(&event, world.now(), stakers, next));
    }
    // Then the book has all of them, each with the number of the next of its obligation
    assert_eq!(world.loss_book().records, reported);
    let [bobs, bens] = ["bob", "ben"].map(|who| world.obligation(who).unwrap());
    assert_eq!((bobs.first_loss, bobs.last_loss, bens.first_loss, bens.last_loss), (1, 5, 2, 4));
}

#[test]
fn recovers_the_oldest_loss_of_an_obligation_first() {
    // Given Bob's losses 1 and 3 of 10 and 20, Ben's 2 of 40, all borne by Alice
    let mut world = World::new(Setup::default());
    world.deposit("alice", 1_000 * USDC).unwrap();
    for (who, loss) in [("bob", 10), ("ben", 40), ("bob", 20)] {
        lend_and_lose(&mut world, who, loss * USDC);
    }
    // When 4, and 8 more are paid, then 6 of these end the first loss, and 2 begin the third
    let first = recoveries(&world.repay("bob", "bob", 4 * USDC).unwrap());
    assert_eq!(first.iter().map(|paid| (paid.loss, paid.assets)).collect::<Vec<_>>(), [(1, 4 * USDC)]);
    let next = recoveries(&world.repay("zoe", "bob", 8 * USDC).unwrap());
    let reported: Vec<_> = next.iter().map(|paid| (paid.loss, paid.assets, paid.to_lps, paid.unrecovered)).collect();
    assert_eq!(reported, [(1, 6 * USDC, 6 * USDC, 20 * USDC), (3, 2 * USDC, 2 * USDC, 18 * USDC)], "claims-follow");
    let recovered: Vec<u64> = world.loss_book().records.iter().map(|record| record.recovered).collect();
    assert_eq!(recovered, [10 * USDC, 0, 2 * USDC]);
    let bobs = world.obligation("bob").unwrap();
    assert_eq!((bobs.first_loss, bobs.last_loss, bobs.recovered), (3, 3, 12 * USDC));
    // And when all is, nothing is left to pay, and a new loss begins a new list
    world.repay("bob", "bob", u64::MAX).unwrap();
    assert_eq!(world.obligation("bob").unwrap().first_loss, 0);
    let more = world.repay_instruction("bob", "bob", USDC);
    refused(&mut world, more, &["bob"], "NoDebt");
    lend_and_lose(&mut world, "bob", 5 * USDC);
    let bobs = world.obligation("bob").unwrap();
    assert_eq!((bobs.first_loss, bobs.last_loss, world.loss_book().records[2].next), (4, 4, 0));
    vault_holds_what_is_owed(&world);
}

#[test]
fn a_loss_below_a_millionth_of_nav_has_no_record() {
    // Given a NAV of 1,000,000 less what was lost: a loss of 0.999999 has none, one of 1 has
    let mut world = World::new(Setup::default());
    world.deposit("alice", 1_000_000 * USDC).unwrap();
    let small = lend_and_lose(&mut world, "bob", USDC - 1);
    assert_eq!(
        (small.sequence, small.number, small.to_lps),
        (1, 0, USDC - 1),
        "constant-cost: the book is not flooded"
    );
    assert_eq!(lend_and_lose(&mut world, "bob", USDC).number, 1);
    assert_eq!((world.loss_book().count(), world.pool().losses, world.pool().last_loss), (1, 2, 1));
    // When all is paid back, then what has a record comes first, and the rest is a donation to the fund
    let paid = recoveries(&world.repay("bob", "bob", u64::MAX).unwrap());
    let reported: Vec<_> =
        paid.iter().map(|paid| (paid.loss, paid.to_lps, paid.to_protocol, paid.unrecovered)).collect();
    assert_eq!(reported, [(1, USDC, 0, USDC - 1), (0, 0, USDC - 1, 0)]);
    assert_eq!((world.fund().assets, world.fund().protocol_shares), (USDC - 1, USDC - 1));
    vault_holds_what_is_owed(&world);
}

#[test]
fn a_full_book_is_extended_by_who_records() {
    let mut world = full_book();
    world.set_dollars("SOL", 30);
    world.deposit_collateral("ben", "SOL", 10 * SOL).unwrap();
    world.borrow("ben", 10 * USDC).unwrap();
    make_worthless(&mut world, "SOL");
    world.advance(0, u64::from(world.pool().parameters.loss.min_default_age_slots));
    // When the loss is recorded without that, then it is refused; with it, it is number 65
    let record = world.record_bad_debt_instruction("ben");
    refused(&mut world, record.clone(), &[], "LossBookFull");
    let extend = verb::extend_loss_book(world.key(), world.payer(), verb::MORE_RECORDS);
    world.execute_all(&[extend, record], &[]).unwrap();
    let book = world.loss_book();
    assert_eq!(
        (book.count(), book.room, world.obligation("ben").unwrap().first_loss),
        (65, 64 + 75, 65),
        "always-open"
    );
    assert_eq!(book.records[64].lps, 10 * USDC);
}

#[test]
fn a_liquidation_leaves_what_a_full_book_has_no_room_for() {
    // Given a full book and Ben under water
    let mut world = full_book();
    world.set_dollars("SOL", 30);
    world.deposit_collateral("ben", "SOL", 10 * SOL).unwrap();
    world.borrow("ben", 200 * USDC).unwrap();
    world.advance(0, u64::from(world.pool().parameters.loss.min_default_age_slots));
    world.set_dollars("SOL", 10);
    // When Liz liquidates him, then she gets what she pays for, and what he leaves unpaid is marked, and not recorded
    world.liquidate("liz", "ben", "SOL", u64::MAX).unwrap();
    let bens = world.obligation("ben").unwrap();
    assert!(bens.debt_shares > 0 && bens.marked > 0, "no-hidden-debt");
    assert_eq!((world.loss_book().count(), bens.written_off), (64, 0));
    // And when somebody pays for room, it is recorded
    world.extend_loss_book(1).unwrap();
    world.record_bad_debt("ben").unwrap();
    assert_eq!((world.loss_book().count(), world.obligation("ben").unwrap().marked), (65, 0), "no-hidden-debt");
}

#[test]
fn anyone_pays_for_more_room() {
    let mut world = World::new(Setup::default());
    let (pool, before) = (world.key().pool, world.account(&world.key().loss_book).unwrap());
    let receipt = world.extend_loss_book(75).unwrap();
    let reported = backstop_client::LossBookExtended { pool, room: 139 };
    assert_eq!(only(&receipt), Event::LossBookExtended(reported));
    // 75 records of 136 bytes, and the account holds their rent
    let after = world.account(&world.key().loss_book).unwrap();
    assert_eq!(after.data.len() - before.data.len(), 75 * 136);
    assert!(after.lamports > before.lamports);
    for records in [0, 76, u32::MAX] {
        let extend = verb::extend_loss_book(world.key(), world.payer(), records);
        refused(&mut world, extend, &[], "InvalidParameter");
    }
    let other = Neighbour::new(&mut world, &[]);
    let extend = verb::extend_loss_book(world.key(), world.payer(), 1);
    refused(&mut world, extend.clone().with("loss_book", other.pool.loss_book), &[], "WrongLossBook");
    refused(&mut world, extend.with("pool", other.pool.pool), &[], "WrongLossBook");
}

#[test]
fn a_claim_account_is_opened_once_by_anyone() {
    let mut world = recorded(Setup::default());
    let (alices, payer) = (world.position_address("alice"), world.payer());
    let open = verb::open_claim(alices, payer, 1);
    let receipt = world.execute(open.clone(), &[]).unwrap();
    let reported = backstop_client::ClaimOpened { holder: alices, loss: 1 };
    assert_eq!(only(&receipt), Event::ClaimOpened(reported));
    let claim = world.claim_of(&alices, 1).unwrap();
    assert_eq!((claim.holder, claim.loss, claim.claimed, claim.version), (alices, 1, 0, 1));
    // Nor at any other address
    world.advance(0, 1);
    assert!(world.execute(open.clone(), &[]).is_err(), "claims-follow: never twice");
    let other = address::claim(&alices, 2);
    refused(&mut world, open.with("claim", other), &[], "InvalidSeeds");
}
