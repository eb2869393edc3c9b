//! The average guard: when adding debt or taking collateral, a price far from its average counts only the average, on
//! the conservative side. And the average: how far one observation moves it.

use backstop_client::Event;
use backstop_engine::price::Quote;
use backstop_testkit::{CollateralSetup, Feed, Network, STARTING_BALANCE, Setup, World, assert_error};

use crate::fixtures::*;

const DAY: u64 = 86_400;
/// 10^-18 USD in a USD.
const USD: u128 = 1_000_000_000_000_000_000;

/// The default pool, in which a price counts up to a tenth from its average. The horizon is a day.
fn guarded() -> Setup {
    let mut setup = Setup::default();
    setup.parameters.risk.max_premium_bps = 1_000;
    setup
}

/// Alice has deposited 1,000; Bob holds 10 SOL and owes nothing. The averages are 30 and 1.
fn about_to_borrow(setup: Setup) -> World {
    let mut world = World::new(setup);
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world
}

/// So many hundred-millionths of a dollar, give or take.
const fn digits(price: u64, confidence: u64) -> Quote {
    Quote { price, confidence, exponent: -8 }
}

/// Checks that Bob can borrow this much in all and not a unit more.
#[track_caller]
fn borrows_at_most(world: &mut World, assets: u64) {
    assert_error(world.borrow("bob", assets + 1), "LoanToValueExceeded");
    world.borrow("bob", assets).unwrap();
}

/// What 10 SOL carry at these prices.
#[track_caller]
fn carries(setup: Setup, sol: Quote, usdc: Quote, assets: u64) {
    let mut world = about_to_borrow(setup);
    world.set_price("SOL", sol, 0);
    world.set_price("USDC", usdc, 0);
    borrows_at_most(&mut world, assets);
}

const DOLLAR: Quote = digits(100_000_000, 0);
const THIRTY: Quote = digits(3_000_000_000, 0);

#[test]
fn collateral_counts_itself_up_to_the_limit() {
    // ten at 33 carry 247.5; below the average it always counts itself, ten at 20 carry 150
    carries(guarded(), digits(3_300_000_000, 0), DOLLAR, 247_500_000);
    carries(guarded(), digits(2_000_000_000, 0), DOLLAR, 150_000_000);
}

#[test]
fn collateral_counts_its_average_a_digit_beyond_the_limit() {
    // ten at 30 carry 225
    carries(guarded(), digits(3_300_000_001, 0), DOLLAR, 225_000_000);
    carries(guarded(), digits(300_000_000_000_000, 0), DOLLAR, 225_000_000);
}

#[test]
fn collateral_counts_its_lower_side_where_that_is_less() {
    // Given an interval of up to a fifth: 36 less 7 is 29, of which ten carry 217.5; less 6 it is the average itself
    let mut setup = guarded();
    setup.collaterals[0].parameters.oracle.max_confidence_bps = 2_000;
    carries(setup.clone(), digits(3_600_000_000, 700_000_000), DOLLAR, 217_500_000);
    carries(setup.clone(), digits(3_600_000_000, 600_000_000), DOLLAR, 225_000_000);
    carries(setup.clone(), digits(3_600_000_000, 599_999_999), DOLLAR, 225_000_000);
    // and within the limit the lower side counts alone: 33 less 1 is 32
    carries(setup, digits(3_300_000_000, 100_000_000), DOLLAR, 240_000_000);
}

#[test]
fn debt_counts_itself_down_to_the_limit() {
    // 225 at 0.9 are 250; above the average it always counts itself, 225 at 1.5 are 150
    carries(guarded(), THIRTY, digits(90_000_000, 0), 250_000_000);
    carries(guarded(), THIRTY, digits(150_000_000, 0), 150_000_000);
}

#[test]
fn debt_counts_its_average_a_digit_beyond_the_limit() {
    carries(guarded(), THIRTY, digits(89_999_999, 0), 225_000_000);
    carries(guarded(), THIRTY, digits(1, 0), 225_000_000);
}

#[test]
fn debt_counts_its_upper_side_where_that_is_more() {
    // Given an interval of up to a fifth: 0.85 and 0.17 are 1.02, at which 225 are 220.58823529..; 0.85 and 0.15 the
    // average
    let mut setup = guarded();
    setup.parameters.oracle.max_confidence_bps = 2_000;
    carries(setup.clone(), THIRTY, digits(85_000_000, 17_000_000), 220_588_235);
    carries(setup.clone(), THIRTY, digits(85_000_000, 15_000_000), 225_000_000);
    carries(setup, THIRTY, digits(85_000_000, 14_999_999), 225_000_000);
}

#[test]
fn the_limits_hold_to_the_digit_of_switchboard() {
    let mut setup = guarded();
    (setup.liquidity.feed, setup.collaterals[0].token.feed) = (Network::Switchboard, Network::Switchboard);
    let sol = |price| Quote { price, confidence: 0, exponent: -9 };
    carries(setup.clone(), sol(33_000_000_000), DOLLAR, 247_500_000);
    carries(setup.clone(), sol(33_000_000_001), DOLLAR, 225_000_000);
    let usdc = |price| Quote { price, confidence: 0, exponent: -18 };
    carries(setup.clone(), THIRTY, usdc(900_000_000_000_000_000), 250_000_000);
    carries(setup, THIRTY, usdc(899_999_999_999_999_999), 225_000_000);
}

#[test]
fn both_count_their_averages_at_once() {
    carries(guarded(), digits(6_000_000_000, 0), digits(50_000_000, 0), 225_000_000);
}

#[test]
fn without_a_limit_a_price_counts_however_far() {
    // ten at 60 carry 450, at 0.5 900
    carries(Setup::default(), digits(6_000_000_000, 0), digits(50_000_000, 0), 900_000_000);
}

#[test]
fn a_limit_of_nothing_allows_no_digit() {
    let mut setup = guarded();
    setup.parameters.risk.max_premium_bps = 0;
    carries(setup.clone(), THIRTY, DOLLAR, 225_000_000);
    carries(setup.clone(), digits(3_000_000_001, 0), DOLLAR, 225_000_000);
    carries(setup.clone(), THIRTY, digits(99_999_999, 0), 225_000_000);
    carries(setup, digits(2_999_999_999, 0), DOLLAR, 224_999_999);
}

#[test]
fn one_collateral_that_is_far_leaves_the_others_as_they_are() {
    // Given 10 SOL at 60, which count 30, and 0.1 ETH at 2,100 of 2,000: 75 % of 510
    let mut setup = guarded();
    setup.collaterals.push(CollateralSetup::new("ETH", 8, 2_000));
    let mut world = about_to_borrow(setup);
    world.deposit_collateral("bob", "ETH", ETH / 10).unwrap();
    world.set_dollars("SOL", 60);
    world.set_dollars("ETH", 2_100);
    borrows_at_most(&mut world, 382_500_000);
}

#[test]
fn with_two_feeds_the_middle_decides_and_both_count() {
    let mut setup = guarded();
    setup.collaterals[0].token.second_feed = Some(Network::Switchboard);
    let borrows = |first: Quote, second: Quote, assets: u64| {
        let mut world = about_to_borrow(setup.clone());
        world.set_feed("SOL", Feed::First, first, 0);
        world.set_feed("SOL", Feed::Second, second, 0);
        borrows_at_most(&mut world, assets);
    };
    // 33.5 and 32.5: their middle, 33, is within, so the lower of both counts: ten at 32.5 carry 243.75
    borrows(digits(3_350_000_000, 0), digits(3_250_000_000, 0), 243_750_000);
    // a middle of 33.00000001 is beyond, and both are above the average: ten at 30 carry 225
    borrows(digits(3_350_000_002, 0), digits(3_250_000_000, 0), 225_000_000);
    borrows(digits(3_350_000_000, 0), digits(3_250_000_002, 0), 225_000_000);
    // the middle of 33.4 and 32.600000001 is rounded down to 33, that of 32.600000002 is beyond: 244.5 at 32.6
    let nano = |price| Quote { price, confidence: 0, exponent: -9 };
    borrows(digits(3_340_000_000, 0), nano(32_600_000_001), 244_500_000);
    borrows(digits(3_340_000_000, 0), nano(32_600_000_002), 225_000_000);
    // the middle is of both intervals: that of 32.5 to 33.5 is 33, that of 32.5 to 33.6 is beyond
    borrows(digits(3_300_000_000, 50_000_000), digits(3_320_000_000, 30_000_000), 243_750_000);
    borrows(digits(3_300_000_000, 50_000_000), digits(3_320_000_000, 40_000_000), 225_000_000);
}

#[test]
fn taking_collateral_counts_the_same() {
    // Given 200 owed, which 266.666.. of collateral carry: 8.080808081 SOL at 33, 8.888888889 at the average
    for (price, units) in [(3_300_000_000, 1_919_191_919), (3_300_000_001, 1_111_111_111)] {
        let mut world = about_to_borrow(guarded());
        world.borrow("bob", 200 * USDC).unwrap();
        world.set_price("SOL", digits(price, 0), 0);
        assert_error(world.withdraw_collateral("bob", "SOL", units + 1), "LoanToValueExceeded");
        world.withdraw_collateral("bob", "SOL", units).unwrap();
    }
    // Given USDC at 0.9: 180 owed, which 240 carry: 8 SOL. A digit less: 200 at the average.
    for (price, units) in [(90_000_000, 2 * SOL), (89_999_999, 1_111_111_111)] {
        let mut world = about_to_borrow(guarded());
        world.borrow("bob", 200 * USDC).unwrap();
        world.set_price("USDC", digits(price, 0), 0);
        assert_error(world.withdraw_collateral("bob", "SOL", units + 1), "LoanToValueExceeded");
        world.withdraw_collateral("bob", "SOL", units).unwrap();
    }
}

/// Bob owes 75 against 10 SOL, Dora 0.6 against 0.09. The averages are 10 and 1.
fn owing() -> World {
    let mut world = about_to_borrow(Setup { collaterals: vec![CollateralSetup::new("SOL", 9, 10)], ..guarded() });
    world.borrow("bob", 75 * USDC).unwrap();
    world.deposit_collateral("dora", "SOL", SOL / 100 * 9).unwrap();
    world.borrow("dora", 600_000).unwrap();
    world
}

fn traded(world: &mut World) -> (u64, u64) {
    (STARTING_BALANCE - world.balance("liz", "USDC"), world.balance("liz", "SOL") - STARTING_BALANCE)
}

#[test]
fn liquidating_counts_the_price_itself() {
    // SOL at 12, USDC at 1.5: (1.1 * 112.5 - 0.8 * 120) / 0.3 = 92.5, at 1.5 61.6666.., rounded up; 92.5000005 / 12
    let mut world = owing();
    set_cents(&mut world, "SOL", 1_200);
    set_cents(&mut world, "USDC", 150);
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    assert_eq!(traded(&mut world), (61_666_667, 7_708_333_375));
    // SOL at 5, USDC at 0.6: (1.1 * 45 - 0.8 * 50) / 0.3 = 31.6666.., at 0.6 52.7777.., rounded up; 31.6666668 / 5
    let mut world = owing();
    set_cents(&mut world, "SOL", 500);
    set_cents(&mut world, "USDC", 60);
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    assert_eq!(traded(&mut world), (52_777_778, 6_333_333_360));
    // SOL at 18.75, USDC at 2: 80 % of 187.5 are the 150 owed. At the average it would be liquidated.
    let mut world = owing();
    set_cents(&mut world, "SOL", 1_875);
    set_cents(&mut world, "USDC", 200);
    assert_error(world.liquidate("liz", "bob", "SOL", u64::MAX), "ObligationHealthy");
}

#[test]
fn marking_counts_the_price_itself() {
    // SOL at 12, USDC at 2: 120 pay for 60 of 75. At the average, 100 would for 50.
    let mut world = owing();
    set_cents(&mut world, "SOL", 1_200);
    set_cents(&mut world, "USDC", 200);
    world.mark("bob").unwrap();
    assert_eq!(world.obligation("bob").unwrap().marked, 15 * USDC);
    // SOL at 5, USDC at 0.6: 50 pay for all 75. At the average, they would for 50.
    let mut world = owing();
    set_cents(&mut world, "SOL", 500);
    set_cents(&mut world, "USDC", 60);
    world.mark("bob").unwrap();
    assert_eq!(world.obligation("bob").unwrap().marked, 0);
}

#[test]
fn recording_counts_the_price_itself() {
    // SOL at 12, USDC at 2: 1.2 owed against 1.08, which is no dust. At the averages, 0.9 would be, and cover 0.6.
    let mut world = owing();
    set_cents(&mut world, "SOL", 1_200);
    set_cents(&mut world, "USDC", 200);
    assert_error(world.record_bad_debt("dora"), "CollateralRemains");
    // SOL at 11: 0.99, which at 2 cover 0.495 of 0.6
    set_cents(&mut world, "SOL", 1_100);
    let receipt = world.record_bad_debt("dora").unwrap();
    let Event::LossRecorded(loss) = only(&receipt) else { panic!("another event") };
    assert_eq!(loss.loss, 105_000);
}

fn averages(world: &World) -> (u128, u128) {
    (world.pool().average.price, world.collateral("SOL").average.price)
}

#[test]
fn a_pump_for_one_refresh_moves_the_average_by_a_ninth() {
    // Given three hours, an eighth of the horizon, or any longer silence
    for silence in [3 * 3_600, 3 * 3_600 + 1, DAY, 365 * DAY] {
        let mut world = about_to_borrow(guarded());
        world.wait(silence);
        // When Mallory refreshes at SOL 120 and USDC 0.1, then they move from 1 to 0.9, and from 30 by a ninth of
        // itself to 33.333.., as 120 count for 60
        world.set_dollars("SOL", 120);
        set_cents(&mut world, "USDC", 10);
        world.refresh_risk("SOL").unwrap();
        assert_eq!(averages(&world), (9 * USD / 10, 33_333_333_333_333_333_333));
        // and refreshing again in the same second moves nothing more
        for _ in 0..20 {
            world.refresh_risk("SOL").unwrap();
        }
        assert_eq!(averages(&world), (9 * USD / 10, 33_333_333_333_333_333_333));
        // So ten SOL, at 33.333333333 less a digit for what was rounded off, carry 249.99999999, which at 0.9 buys
        // 277.777777766..
        borrows_at_most(&mut world, 277_777_777);
    }
}

#[test]
fn a_pump_after_a_short_time_moves_it_less() {
    // Given a minute of a day: 60 of 86,460, of 60 USD for 120. And nothing in the second of the first observation.
    let mut world = World::new(guarded());
    world.deposit("alice", 30_000_000 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 1_000_000 * SOL).unwrap();
    world.set_dollars("SOL", 120);
    world.refresh_risk("SOL").unwrap();
    assert_eq!(averages(&world).1, 30 * USD);
    world.wait(60);
    world.refresh_risk("SOL").unwrap();
    assert_eq!(averages(&world).1, (30 * USD * 86_400 + 60 * USD * 60) / 86_460);
    // 30.020818875780.. counts as 30.020818875 less a digit for what was rounded off: of a million of them, 75 % are
    // carried
    borrows_at_most(&mut world, 22_515_614_155_500);
}

#[test]
fn a_pump_that_lasts_moves_it_by_its_time() {
    // Given a year of silence, and a pump that Mallory refreshes every second for a minute: a ninth of itself, to
    // 33.333.., then a part of 86,401 of itself a second, as 120 count for twice the average
    let mut world = about_to_borrow(guarded());
    world.wait(365 * DAY);
    world.set_dollars("SOL", 120);
    world.refresh_risk("SOL").unwrap();
    let mut expected = 100 * USD / 3;
    for _ in 0..60 {
        world.wait(1);
        world.refresh_risk("SOL").unwrap();
        expected = (expected * 86_400 + expected * 2) / 86_401;
        assert_eq!(averages(&world).1, expected);
    }
    // 33.333.. * (1 + 1/86,401)^60 is 33.3564..
    assert!(33_356 * USD / 1_000 < expected && expected < 33_357 * USD / 1_000);
    // After a year more, it is a ninth of itself
    world.wait(365 * DAY);
    world.refresh_risk("SOL").unwrap();
    assert_eq!(averages(&world).1, (expected * 8 + expected * 2) / 9);
}

#[test]
fn a_price_is_observed_as_at_most_twice_the_average() {
    // Given 30 after a long silence: 59.99 move it by a ninth of 29.99, and 60 and all above by one of 30
    for (cents, average) in [
        (5_999, 33_332_222_222_222_222_222),
        (6_000, 33_333_333_333_333_333_333),
        (6_001, 33_333_333_333_333_333_333),
        (1 << 40, 33_333_333_333_333_333_333),
    ] {
        let mut world = about_to_borrow(guarded());
        world.wait(DAY);
        set_cents(&mut world, "SOL", cents);
        world.refresh_risk("SOL").unwrap();
        assert_eq!(averages(&world).1, average);
    }
    // And down to nothing it counts itself: 0.01 move it from 30 to 26.667777..
    let mut world = about_to_borrow(guarded());
    world.wait(DAY);
    set_cents(&mut world, "SOL", 1);
    world.refresh_risk("SOL").unwrap();
    assert_eq!(averages(&world).1, 26_667_777_777_777_777_777);
}

#[test]
fn a_dead_feed_moves_nothing() {
    let mut world = about_to_borrow(guarded());
    world.wait(DAY);
    for symbol in ["SOL", "USDC"] {
        let good = world.quote(symbol);
        world.set_price(symbol, digits(12_000_000_000, 0), 61);
        assert_error(world.refresh_risk("SOL"), "StalePrice");
        world.set_price(symbol, good, 0);
    }
    let (usdc, sol) = (world.pool().average, world.collateral("SOL").average);
    assert_eq!((usdc.price, usdc.at), (USD, world.now() - 86_400));
    assert_eq!((sol.price, sol.at), (30 * USD, world.now() - 86_400));
}

#[test]
fn only_refreshing_moves_it() {
    // Given borrowing, taking, liquidating, marking and recording a day later, at another price
    let mut world = owing();
    world.wait(DAY);
    let before = (world.pool().average, world.collateral("SOL").average);
    set_cents(&mut world, "SOL", 1_100);
    world.borrow("bob", 1).unwrap();
    world.withdraw_collateral("bob", "SOL", 1).unwrap();
    set_cents(&mut world, "SOL", 500);
    world.mark("bob").unwrap();
    world.liquidate("liz", "bob", "SOL", USDC).unwrap();
    world.record_bad_debt("dora").unwrap();
    assert_eq!((world.pool().average, world.collateral("SOL").average), before);
}
