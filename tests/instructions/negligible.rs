//! Negligible holdings: worth at most a tenth of the dust value at twice the average price. They count for nothing and
//! their price is not read, so they carry no debt and block nothing. Nobody is given any.
//!
//! Dust is 1 USD, so a tenth is 10 cents: at twice an average of 30 USD that is 0.0016666.. SOL, at twice 2,000 USD
//! 0.000025 ETH.

use backstop_client::Event;
use backstop_engine::price::Quote;
use backstop_testkit::{Setup, World, assert_error};
use solana_address::Address;

use crate::{fixtures::*, tampering::*};

/// The most base units of SOL and of ETH that are negligible. The latter are worth exactly 10 cents at twice their
/// average.
const SOL_MOST: u64 = 1_666_666;
const ETH_MOST: u64 = 2_500;

/// Makes the price of a token a day old.
fn let_die(world: &mut World, symbol: &str) {
    world.set_price(symbol, world.quote(symbol), 86_400);
}

/// Bob owes 200 against 10 SOL at 10 USD and a negligible holding of ETH whose price is a day old.
fn a_little_eth() -> World {
    let mut world = lent(two_collaterals());
    world.deposit_collateral("bob", "ETH", ETH_MOST).unwrap();
    world.set_dollars("SOL", 10);
    let_die(&mut world, "ETH");
    world
}

/// Bob owes 100 against a negligible holding of SOL. The prices of SOL and of USDC are a day old.
fn only_a_little_sol() -> World {
    let mut world = defaulted(two_collaterals());
    world.deposit_collateral("bob", "SOL", SOL_MOST).unwrap();
    let_die(&mut world, "SOL");
    let_die(&mut world, "USDC");
    world
}

/// Bob adds a base unit while the price can be read, which is a day old again then.
fn add_a_unit(world: &mut World, symbol: &str) {
    let add = world.deposit_collateral_instruction("bob", symbol, 1);
    refused(world, add, &["bob"], "StalePrice");
    world.set_price(symbol, world.quote(symbol), 0);
    world.deposit_collateral("bob", symbol, 1).unwrap();
    let_die(world, symbol);
}

/// How much Bob holds of a collateral.
fn held(world: &mut World, symbol: &str) -> u64 {
    let key = world.collateral_key(symbol).collateral;
    world.obligation("bob").unwrap().units_of(&key)
}

#[test]
fn one_unit_more_needs_its_price() {
    // Given 0.001666667 SOL, worth 10.000002 cents at twice the average
    let mut world = only_a_little_sol();
    world.set_price("USDC", world.quote("USDC"), 0);
    add_a_unit(&mut world, "SOL");
    let (record, mark) = (world.record_bad_debt_instruction("bob"), world.mark_instruction("bob"));
    refused(&mut world, record, &[], "StalePrice");
    refused(&mut world, mark, &[], "StalePrice");
    // Given 0.00002501 ETH, worth 10.004 cents
    let mut world = a_little_eth();
    add_a_unit(&mut world, "ETH");
    let liquidate = world.liquidate_instruction("liz", "bob", "SOL", u64::MAX);
    refused(&mut world, liquidate, &["liz"], "StalePrice");
}

#[test]
fn a_holding_that_counts_needs_the_price_of_the_debt_too() {
    let mut world = only_a_little_sol();
    add_a_unit(&mut world, "SOL");
    world.set_price("SOL", world.quote("SOL"), 0);
    let record = world.record_bad_debt_instruction("bob");
    refused(&mut world, record.clone(), &[], "StalePrice");
    // When both can be read, then 0.001666667 SOL at 10 USD cover 0.016666 of 100
    world.set_price("USDC", world.quote("USDC"), 0);
    let receipt = world.execute(record, &[]).unwrap();
    let Event::LossRecorded(loss) = only(&receipt) else { panic!("another event") };
    assert_eq!(loss.loss, 100 * USDC - 16_666);
}

#[test]
fn they_still_have_their_accounts() {
    // Given the holding's account and the place of its price must be passed, whatever stands there
    let mut world = a_little_eth();
    let mark = world.mark_instruction("bob");
    refused(&mut world, mark.clone().with_extras(3), &[], "MissingPrice");
    refused(&mut world, mark.clone().with_extras(4), &[], "MissingPrice");
    let sol = world.collateral_key("SOL").collateral;
    refused(&mut world, mark.with_extra(3, sol), &[], "WrongCollateral");
    // Also where nothing else is held, and no price is read
    let mut world = only_a_little_sol();
    let record = world.record_bad_debt_instruction("bob");
    for count in 0..3 {
        refused(&mut world, record.clone().with_extras(count), &[], "MissingPrice");
    }
    let eth = world.collateral_key("ETH").collateral;
    refused(&mut world, record.with_extra(1, eth), &[], "WrongCollateral");
}

#[test]
fn they_do_not_keep_a_debt_from_being_recorded() {
    // Given no price account at all in the places of both prices
    let mut world = only_a_little_sol();
    let nothing = Address::new_from_array([69; 32]);
    let record = world.record_bad_debt_instruction("bob").with_extra(0, nothing).with_extra(2, nothing);
    let receipt = world.execute(record, &[]).unwrap();
    // Then all of the debt is lost, and the holding is still Bob's: no-hidden-debt
    let Event::LossRecorded(loss) = only(&receipt) else { panic!("another event") };
    assert_eq!((loss.loss, world.pool().marked), (100 * USDC, 0), "no-hidden-debt");
    assert_eq!((held(&mut world, "SOL"), world.collateral("SOL").deposited), (SOL_MOST, SOL_MOST));
}

#[test]
fn seven_do_not_keep_a_debt_from_being_recorded() {
    // Given Bob owes 5 against seven times 0.05, each worth 10 cents at twice 1 USD and out of price, and 10 of another
    let mut world = World::new(many_collaterals(8));
    world.deposit("alice", 1_000 * USDC).unwrap();
    for index in 0..7 {
        world.deposit_collateral("bob", &format!("C{index}"), 50_000).unwrap();
    }
    world.deposit_collateral("bob", "C7", 10 * USDC).unwrap();
    world.borrow("bob", 5 * USDC).unwrap();
    for index in 0..7 {
        let_die(&mut world, &format!("C{index}"));
    }
    // When that falls to a cent, then it covers 10 cents, and the seven nothing
    set_cents(&mut world, "C7", 1);
    let receipt = world.record_bad_debt("bob").unwrap();
    let Event::LossRecorded(loss) = only(&receipt) else { panic!("another event") };
    assert_eq!((loss.loss, debt_of(&mut world, "bob")), (4_900_000, 100_000), "no-hidden-debt");
    assert_eq!(world.obligation("bob").unwrap().held().count(), 8);
}

#[test]
fn they_do_not_keep_a_debt_from_being_marked() {
    let mut world = a_little_eth();
    world.mark("bob").unwrap();
    assert_eq!(world.obligation("bob").unwrap().marked, 100 * USDC, "no-hidden-debt");
}

#[test]
fn they_do_not_keep_another_collateral_from_being_liquidated() {
    // When the SOL is taken, then the loss is recorded, and the ETH is still in the obligation
    let mut world = a_little_eth();
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    assert_eq!((world.pool().losses, world.obligation("bob").unwrap().written_off), (1, 100 * USDC), "no-hidden-debt");
    assert_eq!(held(&mut world, "ETH"), ETH_MOST);
    // And it is Bob's again once he has paid what was lost
    world.repay("bob", "bob", u64::MAX).unwrap();
    world.withdraw_collateral("bob", "ETH", u64::MAX).unwrap();
    assert_eq!(gained(&mut world, "bob", "ETH"), 0);
}

#[test]
fn they_do_not_keep_one_from_borrowing() {
    // Given SOL at 30 USD again, of which 10 carry 225
    let mut world = a_little_eth();
    world.set_dollars("SOL", 30);
    assert_error(world.borrow("bob", 25 * USDC + 1), "LoanToValueExceeded");
    world.borrow("bob", 25 * USDC).unwrap();
}

#[test]
fn they_cannot_be_liquidated() {
    let mut world = a_little_eth();
    let liquidate = world.liquidate_instruction("liz", "bob", "ETH", u64::MAX);
    refused(&mut world, liquidate, &["liz"], "InsufficientCollateral");
}

#[test]
fn they_carry_no_debt() {
    // Given SOL at 30,000,000 USD, of which so little would be worth 50,000, and an average of 30
    let mut world = lent(Setup::default());
    world.set_dollars("SOL", 30_000_000);
    world.deposit_collateral("carol", "SOL", SOL_MOST).unwrap();
    let borrow = world.borrow_instruction("carol", 1);
    refused(&mut world, borrow.clone(), &["carol"], "LoanToValueExceeded");
    world.deposit_collateral("carol", "SOL", 1).unwrap();
    world.execute(borrow, &["carol"]).unwrap();
    // And she cannot take so much that too little is left to count
    let take = world.withdraw_collateral_instruction("carol", "SOL", 1);
    refused(&mut world, take, &["carol"], "LoanToValueExceeded");
}

#[test]
fn what_a_liquidation_leaves_of_them_covers_nothing() {
    // Given a dust value of 100 USD, of which a tenth is 0.1666.. SOL at twice the average, and 200 owed against 10 SOL
    // at 10 USD
    let mut setup = Setup::default();
    setup.parameters.loss.dust_value = 100_000_000;
    for (offered, left, covered) in [
        // 0.1 SOL is left, which is negligible: all 101 of the rest are lost
        (99 * USDC, SOL / 10, 0),
        // 0.2 SOL are left, which are worth 2 and dust: of 102, all but these are lost
        (98 * USDC, SOL / 5, 2 * USDC),
    ] {
        let mut world = underwater(setup.clone());
        world.liquidate("liz", "bob", "SOL", offered).unwrap();
        let obligation = world.obligation("bob").unwrap();
        assert_eq!((obligation.written_off, obligation.debt_shares), (200 * USDC - offered - covered, covered));
        assert_eq!((held(&mut world, "SOL"), obligation.marked), (left, 0), "no-hidden-debt");
    }
}

#[test]
fn the_average_decides_and_not_the_price() {
    // Given Bob owes 100 against 0.01 SOL: worth 60 cents at twice the average, and nothing at its price
    let mut world = defaulted(Setup::default());
    world.deposit_collateral("bob", "SOL", SOL / 100).unwrap();
    make_worthless(&mut world, "SOL");
    // When the average falls by a ninth of itself with every refresh, a day apart, then after fifteen it is 30 *
    // (8/9)^15 = 5.126..
    for _ in 0..15 {
        world.wait(86_400);
        world.refresh_risk("SOL").unwrap();
    }
    let_die(&mut world, "SOL");
    let record = world.record_bad_debt_instruction("bob");
    refused(&mut world, record.clone(), &[], "StalePrice");
    // And after sixteen 4.556.., at which 0.01 is worth 9.1 cents twice over
    make_worthless(&mut world, "SOL");
    world.wait(86_400);
    world.refresh_risk("SOL").unwrap();
    let_die(&mut world, "SOL");
    world.execute(record, &[]).unwrap();
    assert_eq!(world.obligation("bob").unwrap().written_off, 100 * USDC, "no-hidden-debt");
}

#[test]
fn without_a_dust_value_there_are_none() {
    let mut setup = Setup::default();
    setup.parameters.loss.dust_value = 0;
    let mut world = defaulted(setup);
    world.deposit_collateral("bob", "SOL", 1).unwrap();
    let record = world.record_bad_debt_instruction("bob");
    world.set_price("SOL", Quote { price: 10, confidence: 0, exponent: 0 }, 86_400);
    refused(&mut world, record, &[], "StalePrice");
}
