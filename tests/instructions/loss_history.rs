//! The loss ledger: the last 64 losses and recoveries, in the numbers of their events.

use backstop_client::{Event, LossRecord, LossRecorded, Recovered};
use backstop_testkit::{Setup, World};

use crate::scene::*;

fn of_loss(event: &LossRecorded, at: i64) -> LossRecord {
    LossRecord {
        obligation: event.obligation,
        at,
        sequence: event.sequence,
        assets: event.loss,
        reserves: event.from_reserves,
        insurance: event.from_insurance,
        lps: event.to_lps,
        uncovered: event.uncovered,
        shares: event.shares,
        share_price_before: event.share_price_before,
        share_price_after: event.share_price_after,
        generation: u32::try_from(event.generation).unwrap(),
        kind: 1,
        spare: [0; 3],
    }
}

fn of_recovery(event: &Recovered, at: i64, generation: u32) -> LossRecord {
    LossRecord {
        obligation: event.obligation,
        at,
        sequence: 0,
        assets: event.assets,
        reserves: event.to_reserves,
        insurance: event.to_stakers + event.to_fund,
        lps: event.to_lps,
        uncovered: 0,
        shares: 0,
        share_price_before: 0,
        share_price_after: 0,
        generation,
        kind: 2,
        spare: [0; 3],
    }
}

#[test]
fn is_empty_at_first() {
    let world = World::new(Setup::default());
    assert_eq!((world.loss_ledger().count, world.loss_ledger().history().count()), (0, 0));
}

#[test]
fn tells_of_a_loss_that_a_liquidation_recorded() {
    // Given a liquidation that leaves 100 of bad debt, half of it insured
    let mut world = underwater(Setup::default());
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    let expected = of_loss(&half_insured_loss(&mut world), world.now());
    assert_eq!(world.loss_ledger().history().copied().collect::<Vec<_>>(), [expected]);
}

#[test]
fn remembers_the_last_64_of_70() {
    // Given 50 losses, each of another size and time, with a wipe-out among them, and 20 recoveries in between
    let mut world = World::new(Setup::default());
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.fund_insurance("ines", 5 * USDC).unwrap();
    let mut told = Vec::new();
    for number in 0..70_u64 {
        world.wait(60);
        let generation = world.pool().claims.ledger.generation;
        if number % 7 == 3 || number % 7 == 6 {
            let receipt = world.recover("bob", "bob", 1 + number % 3 * USDC).unwrap();
            let Event::Recovered(event) = only(&receipt) else { panic!("another event") };
            told.push(of_recovery(&event, world.now(), generation));
        } else {
            let all = number == 30;
            let loss = if all { nav(&world) } else { 3 * USDC + number };
            told.push(of_loss(&lend_and_lose(&mut world, "bob", loss), world.now()));
            if all {
                assert_eq!(world.pool().claims.ledger.generation, 1);
                world.deposit("alice", 1_000 * USDC).unwrap();
            }
        }
    }
    assert_eq!(told.iter().filter(|record| record.kind == 1).count(), 50);
    // Then the ledger has the last 64 in their order, equal to the events, each in its place of the ring
    let ledger = world.loss_ledger();
    assert_eq!(ledger.count, 70);
    assert_eq!(ledger.history().copied().collect::<Vec<_>>(), told[6..]);
    for (number, record) in told.iter().enumerate().skip(6) {
        assert_eq!(ledger.records[number % 64], *record);
    }
    // And losses are numbered without a gap
    let numbers: Vec<u64> = told.iter().filter(|record| record.kind == 1).map(|record| record.sequence).collect();
    assert_eq!(numbers, (1..=50).collect::<Vec<_>>());
}
