//! Scraps: so little of a collateral that it counts for nothing and its price is not read. They carry no debt and block nothing.

use backstop_client::Event;
use backstop_testkit::{STARTING_BALANCE, Setup, World};
use solana_address::Address;

use crate::{misuse::*, scene::*};

/// The most base units of SOL and of ETH that are a scrap: a millionth of a token.
const SOL_SCRAP: u64 = 1_000;
const ETH_SCRAP: u64 = 100;

/// Bob owes 200 against 10 SOL at 10 USD and a scrap of ETH whose price is a day old.
fn scrap_of_eth() -> World {
    let mut world = lent(two_collaterals());
    world.deposit_collateral("bob", "ETH", ETH_SCRAP).unwrap();
    world.set_dollars("SOL", 10);
    world.set_price("ETH", world.quote("ETH"), 86_400);
    world
}

/// Bob owes 100 against a scrap of SOL whose price is a day old.
fn only_a_scrap() -> World {
    let mut world = defaulted(two_collaterals());
    world.deposit_collateral("bob", "SOL", SOL_SCRAP).unwrap();
    world.set_price("SOL", world.quote("SOL"), 86_400);
    world
}

/// Bob adds a base unit while the price can be read, which is a day old again then.
fn add_a_unit(world: &mut World, symbol: &str) {
    let add = world.deposit_collateral_instruction("bob", symbol, 1);
    refused(world, add, &["bob"], "StalePrice");
    world.set_price(symbol, world.quote(symbol), 0);
    world.deposit_collateral("bob", symbol, 1).unwrap();
    world.set_price(symbol, world.quote(symbol), 86_400);
}

#[test]
fn one_unit_more_needs_its_price() {
    let mut world = only_a_scrap();
    add_a_unit(&mut world, "SOL");
    let (record, provision) = (world.record_bad_debt_instruction("liz", "bob"), world.provision_instruction("bob"));
    refused(&mut world, record, &[], "StalePrice");
    refused(&mut world, provision, &[], "StalePrice");
    let mut world = scrap_of_eth();
    add_a_unit(&mut world, "ETH");
    let liquidate = world.liquidate_instruction("liz", "bob", "SOL", u64::MAX);
    refused(&mut world, liquidate, &["liz"], "StalePrice");
}

#[test]
fn they_still_have_their_accounts() {
    // Given the scrap's account and the place of its price must be passed, whatever stands there
    let mut world = scrap_of_eth();
    let provision = world.provision_instruction("bob");
    refused(&mut world, provision.clone().with_extras(3), &[], "MissingPrice");
    refused(&mut world, provision.clone().with_extras(4), &[], "MissingPrice");
    let sol = world.collateral_key("SOL").collateral;
    refused(&mut world, provision.with_extra(3, sol), &[], "WrongCollateral");
}

#[test]
fn they_do_not_keep_a_debt_from_being_recorded() {
    // Given no price account at all in the place of the scrap's
    let mut world = only_a_scrap();
    let before = world.balance("liz", "SOL");
    let record = world.record_bad_debt_instruction("liz", "bob").with_extra(2, Address::new_from_array([69; 32]));
    let receipt = world.execute(record, &[]).unwrap();
    // Then the loss is recorded, and the scrap is the caller's bounty: no-hidden-debt
    let Event::LossRecorded(loss) = only(&receipt) else { panic!("another event") };
    assert_eq!((loss.loss, world.pool().provisions), (100 * USDC, 0), "no-hidden-debt");
    assert_eq!(world.balance("liz", "SOL") - before, SOL_SCRAP);
    assert_eq!(world.obligation("bob").unwrap().held().count(), 0);
}

#[test]
fn eight_do_not_keep_a_debt_from_being_recorded() {
    // Given Bob owes 5 against seven scraps and 10 of another, all of which go out of price
    let mut setup = many_collaterals(8);
    for collateral in &mut setup.collaterals {
        collateral.parameters.scrap_units = 1_000;
    }
    let mut world = World::new(setup);
    world.deposit("alice", 1_000 * USDC).unwrap();
    for index in 0..7 {
        world.deposit_collateral("bob", &format!("C{index}"), 1_000).unwrap();
    }
    world.deposit_collateral("bob", "C7", 10 * USDC).unwrap();
    world.borrow("bob", 5 * USDC).unwrap();
    for index in 0..7 {
        let symbol = format!("C{index}");
        world.set_price(&symbol, world.quote(&symbol), 86_400);
    }
    set_cents(&mut world, "C7", 1);
    let receipt = world.record_bad_debt("liz", "bob").unwrap();
    let Event::LossRecorded(loss) = only(&receipt) else { panic!("another event") };
    assert_eq!(loss.loss, 5 * USDC, "no-hidden-debt");
    assert_eq!(world.balance("liz", "C0"), STARTING_BALANCE + 1_000);
}

#[test]
fn they_do_not_keep_a_debt_from_being_provisioned() {
    let mut world = scrap_of_eth();
    world.provision("bob").unwrap();
    assert_eq!(world.obligation("bob").unwrap().provision, 100 * USDC, "no-hidden-debt");
}

#[test]
fn they_do_not_keep_another_collateral_from_being_liquidated() {
    // When the SOL is taken, then the loss is recorded, and the scrap is still Bob's
    let mut world = scrap_of_eth();
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    assert_eq!((world.pool().losses, world.obligation("bob").unwrap().written_off), (1, 100 * USDC), "no-hidden-debt");
    let eth = world.collateral_key("ETH").collateral;
    assert_eq!(world.obligation("bob").unwrap().units_of(&eth), ETH_SCRAP);
    world.withdraw_collateral("bob", "ETH", u64::MAX).unwrap();
}

#[test]
fn they_cannot_be_liquidated() {
    let mut world = scrap_of_eth();
    let liquidate = world.liquidate_instruction("liz", "bob", "ETH", u64::MAX);
    refused(&mut world, liquidate, &["liz"], "InsufficientCollateral");
}

#[test]
fn they_carry_no_debt() {
    // Given SOL at 30,000,000 USD, of which a scrap would be worth 30, and a unit more is
    let mut world = lent(Setup::default());
    world.set_dollars("SOL", 30_000_000);
    world.deposit_collateral("carol", "SOL", SOL_SCRAP).unwrap();
    let borrow = world.borrow_instruction("carol", 1);
    refused(&mut world, borrow.clone(), &["carol"], "LoanToValueExceeded");
    world.deposit_collateral("carol", "SOL", 1).unwrap();
    world.execute(borrow, &["carol"]).unwrap();
    // And she cannot take so much that a scrap is left to carry it
    let take = world.withdraw_collateral_instruction("carol", "SOL", 1);
    refused(&mut world, take, &["carol"], "LoanToValueExceeded");
}

#[test]
fn what_a_liquidation_leaves_of_them_counts_for_nothing() {
    // Given half a SOL is a scrap, and 200 owed against 10 SOL at 10 USD
    let mut setup = Setup::default();
    setup.collaterals[0].parameters.scrap_units = SOL / 2;
    let mut world = underwater(setup);
    // When all but half a SOL is seized for 95, then 105 are owed against nothing that counts: recorded, or expected to be
    world.liquidate("liz", "bob", "SOL", 95 * USDC).unwrap();
    let obligation = world.obligation("bob").unwrap();
    assert_eq!(obligation.provision + obligation.written_off, 105 * USDC, "no-hidden-debt");
}
