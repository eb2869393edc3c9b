use backstop_client::{Event, PriceReported};
use backstop_engine::price::Quote;
use backstop_testkit::{Feed, Network, Setup, World};

use crate::{fixtures::*, tampering::*};

/// How long a report must stand by default: an hour.
const HOLD: u64 = 3_600;
/// Older than any price may be.
const OLD: i64 = 86_400;

/// Bob owes 350 against 10 SOL at 10 USD and 0.1 ETH at 1,000 USD, whose averages are 30 and 2,000 USD: ETH has no
/// usable price any more.
fn eth_is_gone() -> World {
    let mut world = lent(two_collaterals());
    world.deposit_collateral("bob", "ETH", ETH / 10).unwrap();
    world.borrow("bob", 150 * USDC).unwrap();
    world.set_dollars("SOL", 10);
    world.set_price("ETH", world.quote("ETH"), OLD);
    world
}

/// The same, reported an hour ago.
fn reported() -> World {
    let mut world = eth_is_gone();
    world.report_price("ETH").unwrap();
    world.wait(HOLD);
    world
}

#[test]
fn rejects_another_pool() {
    let mut world = eth_is_gone();
    let other = Neighbour::new(&mut world, &[]);
    let report = world.report_price_instruction("ETH");
    refused(&mut world, report.clone().with("pool", other.pool.pool), &[], "WrongPool");
    refused(&mut world, report.with("collateral", other.sol.collateral), &[], "WrongPool");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let mut world = eth_is_gone();
    let report = world.report_price_instruction("ETH");
    refuses_other_kinds(&mut world, &report, &[], &["pool", "collateral"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let mut world = eth_is_gone();
    let report = world.report_price_instruction("ETH");
    refuses_forgeries(&mut world, &report, &[], &["pool", "collateral"]);
}

#[test]
fn rejects_same_account_twice() {
    let mut world = eth_is_gone();
    let report = world.report_price_instruction("ETH");
    refuses_twins(&mut world, &report, &[], &[("collateral", "pool"), ("pool", "collateral")]);
}

#[test]
fn notes_when_anyone_said_so_first() {
    let mut world = eth_is_gone();
    let at = world.now();
    let receipt = world.report_price("ETH").unwrap();
    let event = PriceReported { pool: world.key().pool, mint: world.collateral_key("ETH").mint, reported_at: at };
    assert_eq!(only(&receipt), Event::PriceReported(event));
    world.wait(10);
    world.report_price("ETH").unwrap();
    assert_eq!(world.collateral("ETH").last_price.reported_at, at);
    world.report_price("USDC").unwrap();
    assert_eq!(world.pool().last_price.reported_at, at + 10);
}

#[test]
fn ends_when_a_usable_price_is_read() {
    let mut world = eth_is_gone();
    world.report_price("ETH").unwrap();
    world.report_price("USDC").unwrap();
    world.set_dollars("ETH", 2_000);
    // 100 and 200 of collateral for 350: 50 are missing
    world.mark("bob").unwrap();
    assert_eq!((world.collateral("ETH").last_price.reported_at, world.pool().last_price.reported_at), (0, 0));
    assert_eq!(world.collateral("ETH").last_price.price, 2_000);
}

#[test]
fn ends_by_every_instruction_that_reads_a_usable_price() {
    let acts: [fn(&mut World); 7] = [
        |world| drop(world.borrow("bob", 1).unwrap()),
        |world| drop(world.deposit_collateral("bob", "ETH", ETH).unwrap()),
        |world| drop(world.withdraw_collateral("bob", "SOL", 1).unwrap()),
        |world| drop(world.refresh_risk("ETH").unwrap()),
        |world| {
            world.set_dollars("SOL", 10);
            world.liquidate("liz", "bob", "SOL", USDC).unwrap();
        },
        // A mark that changes nothing
        |world| drop(world.mark("bob").unwrap()),
        // A record
        |world| {
            make_worthless(world, "SOL");
            make_worthless(world, "ETH");
            world.record_bad_debt("bob").unwrap();
        },
    ];
    for (number, act) in acts.into_iter().enumerate() {
        // Given Bob owes 200 against 300 of SOL and 200 of ETH, and long ago somebody said that ETH has no price, which
        // is not so
        let mut world = lent(two_collaterals());
        world.deposit_collateral("bob", "ETH", ETH / 10).unwrap();
        world.report_price("ETH").unwrap();
        world.wait(HOLD);
        world.set_dollars("ETH", 1_000);
        act(&mut world);
        assert_eq!(world.collateral("ETH").last_price.reported_at, 0, "{number}");
    }
}

#[test]
fn an_unusable_price_blocks_until_it_was_reported_for_long_enough() {
    let mut world = eth_is_gone();
    let (mark, liquidate) = (world.mark_instruction("bob"), world.liquidate_instruction("liz", "bob", "SOL", USDC));
    refused(&mut world, mark.clone(), &[], "StalePrice");
    world.report_price("ETH").unwrap();
    world.wait(HOLD - 1);
    refused(&mut world, mark.clone(), &[], "StalePrice");
    refused(&mut world, liquidate, &["liz"], "StalePrice");
    world.wait(1);
    world.execute(mark, &[]).unwrap();
}

#[test]
fn then_it_shields_its_own_worth_and_nothing_beyond() {
    // Given 0.1 ETH counts at twice its average of 2,000 USD: 400 beside 100 of SOL cover 350
    let mut world = reported();
    world.mark("bob").unwrap();
    assert_eq!(world.pool().marked, 0);
    // When Bob owes 300 more against the same at 30 USD, and SOL falls to 10 again: 650 against 500
    world.set_dollars("ETH", 2_000);
    world.deposit_collateral("bob", "SOL", 20 * SOL).unwrap();
    world.set_dollars("SOL", 30);
    world.borrow("bob", 300 * USDC).unwrap();
    world.set_dollars("SOL", 2);
    world.set_price("ETH", world.quote("ETH"), OLD);
    world.report_price("ETH").unwrap();
    world.wait(HOLD);
    // Then 650 less 60 of SOL less 400 are missing: marked, though ETH cannot be priced
    world.mark("bob").unwrap();
    assert_eq!(world.pool().marked, 190 * USDC, "no-shield");
    // And SOL is seized for what it is worth; ETH itself is not
    let eth = world.liquidate_instruction("liz", "bob", "ETH", USDC);
    refused(&mut world, eth, &["liz"], "StalePrice");
    world.liquidate("liz", "bob", "SOL", 60 * USDC).unwrap();
    // And the rest is settled an hour after the mark
    world.wait(HOLD);
    world.record_bad_debt("bob").unwrap();
    assert_eq!((world.pool().lost, world.pool().hold.on), (190 * USDC, 0), "no-shield, hold-ends");
}

#[test]
fn a_price_in_the_borrowers_favour_ends_no_mark() {
    // Given 50 are missing while ETH has a price
    let mut world = eth_is_gone();
    world.set_dollars("ETH", 2_000);
    world.mark("bob").unwrap();
    assert_eq!(world.pool().marked, 50 * USDC);
    world.set_price("ETH", world.quote("ETH"), OLD);
    world.report_price("ETH").unwrap();
    world.wait(HOLD);
    // Then marking leaves it, though 500 would cover 350
    world.mark("bob").unwrap();
    assert_eq!(world.pool().marked, 50 * USDC, "no-escape");
    // And settlement ends it: nothing is lost that may be covered
    world.record_bad_debt("bob").unwrap();
    assert_eq!((world.pool().marked, world.pool().lost), (0, 0), "covered-is-never-lost");
}

#[test]
fn counts_twice_the_newest_price_where_that_is_more_than_the_average() {
    // Given ETH was read at 3,000 USD once, above its average of 2,000: 0.1 count for 600
    let mut world = lent(two_collaterals());
    world.deposit_collateral("bob", "ETH", ETH / 10).unwrap();
    world.set_dollars("ETH", 3_000);
    world.borrow("bob", 250 * USDC).unwrap();
    assert_eq!(world.collateral("ETH").average.price, 2_000_000_000_000_000_000_000);
    // When SOL is worth nothing, then 450 are covered; at 650 owed, 50 are missing
    world.set_price("ETH", world.quote("ETH"), OLD);
    world.report_price("ETH").unwrap();
    world.wait(HOLD);
    make_worthless(&mut world, "SOL");
    world.mark("bob").unwrap();
    assert_eq!(world.pool().marked, 0, "no-shield");
    world.set_dollars("ETH", 3_000);
    world.set_dollars("SOL", 100);
    world.borrow("bob", 200 * USDC).unwrap();
    world.set_price("ETH", world.quote("ETH"), OLD);
    make_worthless(&mut world, "SOL");
    world.report_price("ETH").unwrap();
    world.wait(HOLD);
    world.mark("bob").unwrap();
    assert_eq!(world.pool().marked, 50 * USDC, "no-shield");
}

#[test]
fn opens_no_debt_and_lets_no_collateral_out() {
    // Given Bob's 0.1 ETH count for twice their worth when he is liquidated
    let mut world = reported();
    world.set_dollars("SOL", 300);
    let borrow = world.borrow_instruction("bob", 1);
    let take = world.withdraw_collateral_instruction("bob", "SOL", 1);
    let add = world.deposit_collateral_instruction("bob", "ETH", 1);
    refused(&mut world, borrow, &["bob"], "StalePrice");
    refused(&mut world, take, &["bob"], "StalePrice");
    refused(&mut world, add, &["bob"], "StalePrice");
}

#[test]
fn feeds_that_disagree_are_no_price_either() {
    // Given ETH of two feeds, one of which says 1,000 and the other 2,000 USD
    let mut setup = two_collaterals();
    setup.collaterals[1].token.second_feed = Some(Network::Pyth);
    let mut world = lent(setup);
    world.deposit_collateral("bob", "ETH", ETH / 10).unwrap();
    world.borrow("bob", 150 * USDC).unwrap();
    world.set_dollars("SOL", 1);
    world.set_feed("ETH", Feed::First, Quote { price: 1_000, confidence: 0, exponent: 0 }, 0);
    let mark = world.mark_instruction("bob");
    refused(&mut world, mark.clone(), &[], "PricesDisagree");
    world.report_price("ETH").unwrap();
    world.wait(HOLD);
    // Then 0.1 count for 400 beside 10 of SOL, which cover 350; but 80 % of them do not carry it, so that the SOL is
    // seized
    world.execute(mark, &[]).unwrap();
    assert_eq!(world.pool().marked, 0);
    world.liquidate("liz", "bob", "SOL", USDC).unwrap();
    assert_eq!(gained(&mut world, "liz", "SOL"), i128::from(SOL), "no-shield");
}

#[test]
fn an_unusable_liquidity_token_counts_only_where_a_mark_is_settled() {
    // Given 100 of Bob's marked, Dora's 2 against 5 cents that are not; USDC without a price, reported an hour ago
    let mut world = lent(Setup::default());
    world.deposit_collateral("dora", "SOL", SOL / 10).unwrap();
    world.borrow("dora", 2 * USDC).unwrap();
    world.set_dollars("SOL", 10);
    world.mark("bob").unwrap();
    set_cents(&mut world, "SOL", 50);
    world.set_price("USDC", world.quote("USDC"), OLD);
    world.report_price("USDC").unwrap();
    let settle = world.record_bad_debt_instruction("bob");
    world.wait(HOLD - 1);
    refused(&mut world, settle.clone(), &[], "StalePrice");
    world.wait(1);
    // Then nothing else counts without it
    let (mark, record) = (world.mark_instruction("bob"), world.record_bad_debt_instruction("dora"));
    let liquidate = world.liquidate_instruction("liz", "bob", "SOL", USDC);
    refused(&mut world, mark, &[], "StalePrice");
    refused(&mut world, record, &[], "StalePrice");
    refused(&mut world, liquidate, &["liz"], "StalePrice");
    // And 5 USD of SOL bring 10 of USDC at half its price
    world.execute(settle, &[]).unwrap();
    assert_eq!((world.pool().lost, world.pool().hold.on), (190 * USDC, 0), "hold-ends");
}

#[test]
fn begins_anew_after_a_usable_price_was_read() {
    // Given ETH was reported half an hour ago, and a price of it is read, the last one
    let mut world = eth_is_gone();
    world.report_price("ETH").unwrap();
    world.wait(HOLD / 2);
    world.set_dollars("ETH", 2_000);
    world.refresh_risk("ETH").unwrap();
    world.set_price("ETH", world.quote("ETH"), OLD);
    world.report_price("ETH").unwrap();
    // Then it takes an hour from the second report on
    let mark = world.mark_instruction("bob");
    for seconds in [HOLD / 2, HOLD / 2 - 1] {
        world.wait(seconds);
        refused(&mut world, mark.clone(), &[], "StalePrice");
    }
    world.wait(1);
    world.execute(mark, &[]).unwrap();
}

#[test]
fn settlement_ends_a_hold_though_every_feed_died() {
    // Given 190 of Bob's marked at 1 USD, then nobody prices SOL and USDC, whose averages are 30 and 1 USD
    let mut world = lent(Setup::default());
    world.set_dollars("SOL", 1);
    world.mark("bob").unwrap();
    assert_eq!(world.pool().marked, 190 * USDC);
    for symbol in ["SOL", "USDC"] {
        world.set_price(symbol, world.quote(symbol), OLD);
        world.report_price(symbol).unwrap();
    }
    let (settle, leave) = (world.record_bad_debt_instruction("bob"), world.withdraw_instruction("alice", USDC));
    world.wait(HOLD - 1);
    refused(&mut world, settle.clone(), &[], "StalePrice");
    refused(&mut world, leave.clone(), &["alice"], "PoolOnHold");
    // Then an hour later nobody is held: 600 USD of SOL may cover the debt, so nothing is lost
    world.wait(1);
    world.execute(settle, &[]).unwrap();
    assert_eq!((world.pool().marked, world.pool().lost), (0, 0), "hold-ends");
    world.execute(leave, &["alice"]).unwrap();
}

#[test]
fn settlement_counts_half_the_lesser_of_average_and_newest_price() {
    // Given USDC at 0.90 USD or at 1.10 when Bob is marked, whose average is 1 USD, and SOL at 5 USD: half of 0.90, or
    // of 1
    for (cents, lost) in [(90, 200 * USDC - 111_111_111), (110, 100 * USDC)] {
        let mut world = lent(Setup::default());
        world.set_dollars("SOL", 5);
        set_cents(&mut world, "USDC", cents);
        world.mark("bob").unwrap();
        world.set_price("USDC", world.quote("USDC"), OLD);
        world.report_price("USDC").unwrap();
        world.wait(HOLD);
        // Then 50 USD bring 50 / 0.45 = 111.111111.. or 100 of the 200
        world.record_bad_debt("bob").unwrap();
        assert_eq!((world.pool().lost, world.pool().hold.on), (lost, 0), "hold-ends");
    }
}

#[test]
fn settlement_counts_an_unusable_liquidity_token_at_half() {
    // Given Bob's 200 against 100, marked, and USDC without a price for an hour
    let mut world = marked(Setup::default());
    world.set_price("USDC", world.quote("USDC"), OLD);
    let settle = world.record_bad_debt_instruction("bob");
    world.wait(HOLD);
    refused(&mut world, settle.clone(), &[], "StalePrice");
    world.report_price("USDC").unwrap();
    world.wait(HOLD);
    // When USDC counts as 0.50 USD, then 100 USD of SOL bring 200
    world.execute(settle, &[]).unwrap();
    assert_eq!((world.pool().marked, world.pool().lost, world.pool().hold.on), (0, 0, 0), "hold-ends");
}
