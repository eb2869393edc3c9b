//! `constant-cost`: recording a loss costs the same with one LP as with a hundred thousand.

use backstop_client::{Event, LpPosition, address};
use backstop_testkit::{Setup, World};
use solana_account::Account;
use solana_address::Address;

/// Shares of each LP that is one of many.
const EACH: u64 = 1_000;
/// All shares, whoever holds them.
const ALL: u64 = 1_000_000_000;

/// Bob owes 100 against nothing; the fund holds 50; there are 1,000 in shares of so many LPs, each of them with an account.
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
    spread(&mut world, lps);
    world
}

/// Moves shares of Alice's to so many others, into accounts as the program writes them.
fn spread(world: &mut World, lps: u32) {
    let (pool, alice) = (world.key().pool, world.actor("alice"));
    let alices = address::position(&pool, &alice);
    let Account { data, lamports, owner, executable, rent_epoch } = world.account(&alices).unwrap();
    for number in 1..lps {
        let mut data = data.clone();
        let who = owner_of(number);
        data[40..72].copy_from_slice(who.as_ref());
        data[72..80].copy_from_slice(&EACH.to_le_bytes());
        let (at, bump) =
            Address::find_program_address(&[b"lp", pool.as_ref(), who.as_ref()], &backstop_client::PROGRAM_ID);
        data[85] = bump;
        world.set_account(at, Account { data, lamports, owner, executable, rent_epoch });
    }
    let mut rest = data;
    rest[72..80].copy_from_slice(&(ALL - EACH * u64::from(lps - 1)).to_le_bytes());
    world.set_account(alices, Account { data: rest, lamports, owner, executable, rent_epoch });
}

fn owner_of(number: u32) -> Address {
    let mut bytes = [200; 32];
    bytes[..4].copy_from_slice(&number.to_le_bytes());
    Address::new_from_array(bytes)
}

/// All shares that stand in accounts of LPs.
fn counted(world: &mut World, lps: u32) -> u64 {
    let pool = world.key().pool;
    let others = (1..lps).map(|number| {
        let account = world.account(&address::position(&pool, &owner_of(number))).unwrap();
        LpPosition::from_account_data(&account.data).unwrap().shares
    });
    others.sum::<u64>() + world.position("alice").unwrap().shares
}

#[test]
fn recording_costs_the_same_whatever_the_number_of_lps() {
    let costs = [1, 1_000, 100_000].map(|lps| {
        let mut world = world_with(lps);
        if lps <= 1_000 {
            assert_eq!(counted(&mut world, lps), ALL);
        }
        let receipt = world.record_bad_debt("liz", "bob").unwrap();
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
    world.record_bad_debt("liz", "bob").unwrap();
    // When one of the many is looked at, untouched as they are
    let pool = world.pool();
    let account = world.account(&address::position(&world.key().pool, &owner_of(7))).unwrap();
    let shares = LpPosition::from_account_data(&account.data).unwrap().shares_in(&pool);
    // Then their thousand shares are worth 950
    assert_eq!(pool.totals().value_of(shares).unwrap().get(), 950, "pro-rata");
}
