//! `constant-cost`: recording a loss costs the same with one LP as with a hundred thousand.

use backstop_client::Event;
use backstop_testkit::{Setup, World};

/// Shares of each LP that is one of many.
const EACH: u64 = 1_000;
/// All shares, whoever holds them.
const ALL: u64 = 1_000_000_000;

/// Bob owes 100 against nothing; the fund holds 50; there are 1,000 in shares of so many LPs, each of them with an
/// account.
fn world_with(lps: u32) -> World {
    let mut setup = Setup::default();
    setup.parameters.loss.min_default_age_slots = 100;
    let mut world = World::new(setup);
    world.deposit("alice", ALL).unwrap();
    world.fund_insurance("ines", 50_000_000).unwrap();
    world.deposit_collateral("bob", "SOL", 10_000_000_000).unwrap();
    world.borrow("bob", 200_000_000).unwrap();
    world.set_dollars("SOL", 10);
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    world.advance(0, 100);
    world.spread_shares("alice", lps - 1, EACH);
    world
}

/// All shares that stand in accounts of LPs.
fn counted(world: &mut World, lps: u32) -> u64 {
    let others = (0..lps - 1).map(|number| world.position_of(&World::stranger(number)).unwrap().holder.shares);
    let others: u64 = others.sum();
    others + world.position("alice").unwrap().holder.shares
}

#[test]
fn recording_costs_the_same_whatever_the_number_of_lps() {
    let costs = [1, 1_000, 100_000].map(|lps| {
        let mut world = world_with(lps);
        if lps <= 1_000 {
            assert_eq!(counted(&mut world, lps), ALL);
        }
        let receipt = world.record_bad_debt("bob").unwrap();
        let [Event::LossRecorded(loss)] = receipt.events.as_slice() else { panic!("expected a loss") };
        assert_eq!((loss.from_insurance, loss.to_lps), (50_000_000, 50_000_000), "a draw and a writedown");
        assert_eq!(loss.shares, ALL);
        receipt.compute_units
    });
    println!("{} compute units", costs[0]);
    assert_eq!(costs, [costs[0]; 3], "constant-cost");
}

#[test]
fn one_of_many_bears_their_part() {
    // Given a thousand LPs and a loss of which 50 of 1,000 fall on them
    let mut world = world_with(1_000);
    world.record_bad_debt("bob").unwrap();
    // When one of the many is looked at, untouched as they are
    let pool = world.pool();
    let shares = world.position_of(&World::stranger(7)).unwrap().shares_in(&pool);
    // Then their thousand shares are worth 950
    assert_eq!(pool.totals().value_of(shares).unwrap().get(), 950, "pro-rata");
}
