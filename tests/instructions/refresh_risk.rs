use backstop_client::{Collateral, Event, LastPrice, Pool, RiskRefreshed, verb};
use backstop_engine::price::Quote;
use backstop_testkit::{Feed, Network, Receipt, Setup, World, assert_error};
use solana_instruction::Instruction;

use crate::{fixtures::*, queue_change::second_pool, tampering::*};

/// A day, in which a limit falls by 500 basis points at most and a threshold by 100.
const DAY: u64 = 86_400;
/// 10^-18 USD in a USD.
const USD: u128 = 1_000_000_000_000_000_000;

/// SOL at 30 USD, whose limit falls from 75 % to 50 % under stress and its threshold from 80 % to 70 %: between
/// deviations of 5 % and 25 % over 80,000 seconds, utilisation of 90 % and 100 %, since the kink is at 80 %, and losses
/// of 0.1 % and 5 %. Of interest, of which there is none, a tenth to a fifth goes to the fund, which pays losses whole
/// or half. No coverage is aimed at.
fn moving() -> Setup {
    let mut setup = two_collaterals();
    let sol = &mut setup.collaterals[0].parameters;
    (sol.stressed_max_ltv_bps, sol.stressed_threshold_bps) = (5_000, 7_000);
    let parameters = &mut setup.parameters;
    parameters.rates.insurance_factor_bps = 1_000;
    let risk = &mut parameters.risk;
    risk.average_seconds = 80_000;
    (risk.stressed_insurance_factor_bps, risk.stressed_insurance_share_bps) = (2_000, 5_000);
    setup
}

/// Alice lent 1,000 and Bob holds 10 SOL.
fn start() -> World {
    let mut world = World::new(moving());
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world
}

/// An observation of SOL at this price, so many seconds later.
#[track_caller]
fn observe(world: &mut World, cents: u64, seconds: u64) -> RiskRefreshed {
    world.wait(seconds);
    set_cents(world, "SOL", cents);
    reported(&world.refresh_risk("SOL").unwrap())
}

#[track_caller]
fn reported(receipt: &Receipt) -> RiskRefreshed {
    let Event::RiskRefreshed(event) = only(receipt) else { panic!("another event") };
    event
}

/// SOL was seen at 43.50 after 10,000 seconds, and is back at 30.
fn observed() -> World {
    let mut world = start();
    observe(&mut world, 4_350, 10_000);
    set_cents(&mut world, "SOL", 3_000);
    world
}

/// The limit and the threshold at this moment.
fn limits(world: &World) -> (u32, u32) {
    let (max_ltv, threshold) = world.collateral("SOL").risk().limits(world.now());
    (max_ltv.get(), threshold.get())
}

/// Where both are going.
fn targets(world: &World) -> (u32, u32) {
    let collateral = world.collateral("SOL");
    (collateral.max_ltv.target_bps, collateral.threshold.target_bps)
}

/// Alice lent 10,000, of which Ben has always owed this much.
fn used(assets: u64) -> World {
    let mut world = start();
    world.deposit("alice", 9_000 * USDC).unwrap();
    world.deposit_collateral("ben", "SOL", 1_000 * SOL).unwrap();
    world.borrow("ben", assets * USDC).unwrap();
    always_so(&mut world);
    world
}

/// A coverage of 10 % is aimed at: of the 200 that Bob owes, 20, of which the fund has 5.
fn uncovered(mut setup: Setup) -> World {
    setup.parameters.risk.target_coverage_bps = 1_000;
    let mut world = World::new(setup);
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.fund_insurance("ines", 5 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    always_so(&mut world);
    world
}

fn about_to_refresh() -> (World, Instruction) {
    let mut world = start();
    world.wait(10_000);
    set_cents(&mut world, "SOL", 4_350);
    let refresh = world.refresh_risk_instruction("SOL");
    (world, refresh)
}

#[test]
fn rejects_collateral_of_another_pool() {
    let (mut world, refresh) = about_to_refresh();
    let (other, (_, sol)) = (Neighbour::new(&mut world, &[]), second_pool(&mut world));
    for collateral in [other.sol.collateral, sol.collateral] {
        refused(&mut world, refresh.clone().with("collateral", collateral), &[], "WrongPool");
    }
    refused(&mut world, refresh.with("pool", other.pool.pool), &[], "WrongPool");
}

#[test]
fn rejects_fund_of_another_pool() {
    let (mut world, refresh) = about_to_refresh();
    let other = Neighbour::new(&mut world, &[]);
    let fund = other.pool.insurance_fund;
    refused(&mut world, refresh.with("insurance_fund", fund), &[], "WrongInsuranceFund");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, refresh) = about_to_refresh();
    refuses_other_kinds(&mut world, &refresh, &[], &["pool", "collateral", "insurance_fund"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, refresh) = about_to_refresh();
    refuses_forgeries(&mut world, &refresh, &[], &["pool", "collateral", "insurance_fund"]);
}

#[test]
fn rejects_same_account_twice() {
    let (mut world, refresh) = about_to_refresh();
    refuses_twins(&mut world, &refresh, &[], &[("collateral", "pool")]);
}

#[test]
fn rejects_missing_prices() {
    let (mut world, refresh) = about_to_refresh();
    for count in [0, 1] {
        refused(&mut world, refresh.clone().with_extras(count), &[], "MissingPrice");
    }
}

#[test]
fn rejects_prices_of_other_tokens() {
    let (mut world, refresh) = about_to_refresh();
    let (usdc, sol, eth) = (world.price_account("USDC"), world.price_account("SOL"), world.price_account("ETH"));
    refused(&mut world, refresh.clone().with_extra(1, eth), &[], "WrongFeed");
    refused(&mut world, refresh.with_extra(0, sol).with_extra(1, usdc), &[], "WrongFeed");
}

#[test]
fn rejects_unusable_prices() {
    let (mut world, refresh) = about_to_refresh();
    refuses_unusable_prices(&mut world, &refresh, &[], &[(0, "USDC"), (1, "SOL")]);
}

#[test]
fn rejects_prices_that_disagree_or_are_one_short() {
    // Given two feeds of each, the accounts of USDC's before SOL's
    let mut setup = moving();
    setup.liquidity.second_feed = Some(Network::Switchboard);
    setup.collaterals[0].token.second_feed = Some(Network::Switchboard);
    let mut world = World::new(setup);
    let refresh = world.refresh_risk_instruction("SOL");
    assert_eq!(refresh.accounts.len(), 3 + 4);
    assert_error(world.execute(refresh.clone().with_extras(3), &[]), "MissingPrice");
    let quote = world.quote("SOL");
    world.set_feed("SOL", Feed::Second, Quote { price: 31, confidence: 0, exponent: 0 }, 0);
    let before = (world.pool(), world.collateral("SOL"));
    assert_error(world.execute(refresh.clone(), &[]), "PricesDisagree");
    assert_eq!((world.pool(), world.collateral("SOL")), before);
    world.set_price("SOL", quote, 0);
    world.execute(refresh, &[]).unwrap();
}

#[test]
fn observes_a_price() {
    // Given SOL was 30 when listed and is 43.50 after 10,000 seconds: that is 45 % off, and a ninth of what counts
    let (mut world, refresh) = about_to_refresh();
    let before = world.pool();
    let receipt = world.execute(refresh, &[]).unwrap();
    // Then the average is a ninth of the way, 31.50, and the variance 0.45^2 * 1/9 * 8/9 = 0.02
    let (pool, sol, now) = (world.pool(), world.collateral("SOL"), world.now());
    assert_eq!((sol.average.price, sol.average.variance, sol.average.at), (63 * USD / 2, 20_000_000_000_000_000, now));
    assert_eq!((pool.average.price, pool.average.variance, pool.average.at), (USD, 0, now));
    // And of 14.14 %, 9.14 are beyond the 5 of calm: 45.7 % of the way to 25. The limit heads for 75 % less 45.7 % of
    // 25, the threshold for 80 % less 45.7 % of 10, both rounded down
    let event = RiskRefreshed {
        pool: world.key().pool,
        collateral: world.collateral_key("SOL").collateral,
        average_price: 63 * USD / 2,
        deviation: 141_421_356,
        volatility_stress_bps: 4_570,
        utilisation_stress_bps: 0,
        loss_stress_bps: 0,
        coverage_stress_bps: 0,
        max_ltv_bps: 7_500,
        max_ltv_target_bps: 6_357,
        threshold_bps: 8_000,
        threshold_target_bps: 7_543,
        insurance_factor_before_bps: 1_000,
        insurance_factor_bps: 1_000,
        insurance_factor_target_bps: 1_000,
        insurance_share_before_bps: 10_000,
        insurance_share_bps: 10_000,
        insurance_share_target_bps: 10_000,
        state: state(&pool),
    };
    assert_eq!(reported(&receipt), event);
    assert_eq!((targets(&world), sol.max_ltv.step_bps, sol.threshold.step_bps), ((6_357, 7_543), 500, 100));
    // And both prices are remembered
    let last =
        |price, exponent| LastPrice { price, exponent, first_at: now, second_at: now, reported_at: 0, spare: [0; 4] };
    assert_eq!((pool.last_price, sol.last_price), (last(100_000_000, -8), last(4_350, -2)));
    // And nothing else of the pool has changed
    let (average, insurance_factor, insurance_share) = (pool.average, pool.insurance_factor, pool.insurance_share);
    let last_price = pool.last_price;
    let expected =
        Pool { accrued_at: now, risk_at: now, average, insurance_factor, insurance_share, last_price, ..before };
    assert_eq!(pool, expected);
}

#[test]
fn observes_another_price() {
    // When 10,000 seconds later SOL is at its average
    let mut world = observed();
    let event = observe(&mut world, 3_150, 10_000);
    // Then a ninth of the variance is gone: 0.02 * 8/9, whose root is 13.33 %, of which 8.33 are beyond calm
    let sol = world.collateral("SOL");
    assert_eq!((sol.average.price, sol.average.variance), (63 * USD / 2, 17_777_777_777_777_777));
    assert_eq!((event.deviation, event.volatility_stress_bps), (133_333_333, 4_165));
    // And the limit heads for 75 % less 41.65 % of 25, while the threshold's 40 basis points are too few to turn
    assert_eq!((event.max_ltv_target_bps, event.threshold_target_bps), (6_458, 7_543));
    // In 10,000 seconds they have fallen by 57.87 and 11.57
    assert_eq!((event.max_ltv_bps, event.threshold_bps), (7_442, 7_989));
}

#[test]
fn observes_a_small_change_without_stress() {
    // Given 17 % off after 5,000 seconds, a seventeenth of what counts: a variance of 0.17^2 * 1/17 * 16/17 = 0.0016
    let mut world = start();
    let event = observe(&mut world, 3_510, 5_000);
    assert_eq!((event.average_price, event.deviation), (303 * USD / 10, 40_000_000));
    assert_eq!((event.volatility_stress_bps, event.max_ltv_target_bps, event.threshold_target_bps), (0, 7_500, 8_000));
}

#[test]
fn observes_a_price_for_an_eighth_of_the_horizon_at_most() {
    // Given nobody watched for a year, and then SOL at 57: it counts for a ninth still
    let mut world = start();
    let event = observe(&mut world, 5_700, YEAR);
    assert_eq!((event.average_price, event.deviation), (33 * USD, 282_842_712)); // 90 % * sqrt(1/9 * 8/9)
    // Then stress is full
    assert_eq!((event.volatility_stress_bps, targets(&world)), (10_000, (5_000, 7_000)));
}

#[test]
fn observes_the_liquidity_token_too() {
    // Given USDC at 1.45, and SOL still at 30
    let mut world = start();
    set_cents(&mut world, "USDC", 145);
    let event = observe(&mut world, 3_000, 10_000);
    let average = world.pool().average;
    assert_eq!((average.price, average.variance), (105 * USD / 100, 20_000_000_000_000_000));
    assert_eq!((event.average_price, event.deviation, event.volatility_stress_bps), (30 * USD, 141_421_356, 4_570));
    // And both off: 0.02 + 0.02, whose root is 20 %
    let mut world = start();
    set_cents(&mut world, "USDC", 145);
    let event = observe(&mut world, 4_350, 10_000);
    assert_eq!((event.deviation, event.volatility_stress_bps), (200_000_000, 7_500));
    assert_eq!(targets(&world), (5_625, 7_250));
}

#[test]
fn changes_nothing_more_in_the_same_second() {
    // Given a loss, missing coverage, and a price that was off
    let mut setup = moving();
    setup.parameters.risk.target_coverage_bps = 1_000;
    let mut world = World::new(setup);
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.deposit_collateral("ben", "SOL", 100 * SOL).unwrap();
    world.borrow("ben", 500 * USDC).unwrap();
    lend_and_lose(&mut world, "bob", 20 * USDC);
    for seconds in [10_000, DAY] {
        let first = observe(&mut world, 4_350, seconds);
        let after = snapshot(&world, &[]);
        for _ in 0..3 {
            let again = reported(&world.refresh_risk("SOL").unwrap());
            assert_eq!(snapshot(&world, &[]), after);
            let (factor, share) = (first.insurance_factor_bps, first.insurance_share_bps);
            let expected =
                RiskRefreshed { insurance_factor_before_bps: factor, insurance_share_before_bps: share, ..first };
            assert_eq!(again, expected);
        }
        // Also not by another price in it, but that it is remembered
        let (pool, sol) = (world.pool(), world.collateral("SOL"));
        set_cents(&mut world, "SOL", 9_000);
        world.refresh_risk("SOL").unwrap();
        let last_price = LastPrice { price: 9_000, ..sol.last_price };
        assert_eq!((world.pool(), world.collateral("SOL")), (pool, Collateral { last_price, ..sol }));
    }
}

#[test]
fn moves_no_limit_by_itself() {
    // Given full stress
    let mut world = start();
    observe(&mut world, 5_700, 10_000);
    world.set_dollars("SOL", 30);
    assert_eq!((limits(&world), targets(&world)), ((7_500, 8_000), (5_000, 7_000)));
    // Then Bob can still borrow 75 % in this second
    world.borrow("bob", 225 * USDC).unwrap();
    // And a refresh at any time leaves both where they were just before it
    for seconds in [1, 3_600, DAY, 7 * DAY] {
        world.wait(seconds);
        let before = limits(&world);
        let event = reported(&world.refresh_risk("SOL").unwrap());
        assert_eq!(limits(&world), before);
        assert_eq!((event.max_ltv_bps, event.threshold_bps), (before.0.into(), before.1.into()));
    }
}

#[test]
fn lowers_the_limit_by_a_step_a_day() {
    // Given it heads for 63.57 %: 250 basis points in half a day, 500 in a day, and it arrives
    for (seconds, limit) in [(DAY / 2, 7_250), (DAY, 7_000), (3 * DAY, 6_357), (YEAR, 6_357)] {
        let mut world = observed();
        world.wait(seconds);
        assert_eq!(limits(&world).0, limit);
        let carried = u64::from(limit) * 30_000; // of 300 USDC
        let too_much = world.borrow_instruction("bob", carried + 1);
        refused(&mut world, too_much, &["bob"], "LoanToValueExceeded");
        world.borrow("bob", carried).unwrap();
    }
}

#[test]
fn lowers_the_threshold_by_a_step_a_day() {
    // Given Bob owes 225, and SOL is at 28.50: 78.94 % of 285
    let mut world = observed();
    world.borrow("bob", 225 * USDC).unwrap();
    set_cents(&mut world, "SOL", 2_850);
    // Then he can be liquidated 106 basis points down, in 1.06 days and a second for the rounding of the step
    let liquidate = world.liquidate_instruction("liz", "bob", "SOL", USDC);
    world.wait(91_584);
    refused(&mut world, liquidate.clone(), &["liz"], "ObligationHealthy");
    world.wait(1);
    assert_eq!(limits(&world).1, 7_894);
    world.execute(liquidate, &["liz"]).unwrap();
    // And it ends at 75.43 %
    world.wait(4 * DAY);
    assert_eq!(limits(&world), (6_357, 7_543));
}

#[test]
fn raises_the_limit_more_slowly() {
    // Given half of the stress of utilisation for three days, in which the limit fell to 62.5 %
    let mut world = used(9_500);
    world.refresh_risk("SOL").unwrap();
    world.wait(3 * DAY);
    assert_eq!(limits(&world), (6_250, 8_000));
    // When Ben repays, then it rises by 100 basis points a day
    world.repay("ben", "ben", u64::MAX).unwrap();
    always_so(&mut world);
    world.refresh_risk("SOL").unwrap();
    assert_eq!((limits(&world).0, targets(&world).0), (6_250, 7_500));
    world.wait(DAY);
    assert_eq!(limits(&world).0, 6_349); // a little less than 6,350
    world.wait(12 * DAY);
    assert_eq!(limits(&world).0, 7_500);
}

#[test]
fn reads_stress_of_utilisation() {
    // Given 95 % of the pool are lent, half of the way from 90 % to 100 %
    let mut world = used(9_500);
    let event = reported(&world.refresh_risk("SOL").unwrap());
    let stress = (event.volatility_stress_bps, event.loss_stress_bps, event.coverage_stress_bps);
    assert_eq!((event.utilisation_stress_bps, stress), (5_000, (0, 0, 0)));
    // Then only the limit moves
    assert_eq!(targets(&world), (6_250, 8_000));
    assert_eq!((event.insurance_factor_target_bps, event.insurance_share_target_bps), (1_000, 10_000));
    // And beyond both ends it is none and full
    for (assets, stress) in [(9_000, 0), (10_000, 10_000)] {
        let event = reported(&used(assets).refresh_risk("SOL").unwrap());
        assert_eq!(event.utilisation_stress_bps, stress);
    }
}

#[test]
fn reads_nothing_that_stands_for_a_moment() {
    // Given a pool whose limit, coverage and targets stand still, and one who borrows all there is around a refresh,
    // every day: no-flash
    let mut setup = moving();
    setup.parameters.risk.target_coverage_bps = 100;
    let play = |flash: bool| {
        let mut world = World::new(setup.clone());
        world.deposit("alice", 10_000 * USDC).unwrap();
        world.fund_insurance("ines", 10 * USDC).unwrap();
        world.deposit_collateral("bob", "SOL", 40 * SOL).unwrap();
        world.borrow("bob", 800 * USDC).unwrap();
        world.deposit_collateral("mallory", "SOL", 1_000 * SOL).unwrap();
        let mut told_every_day = Vec::new();
        for _ in 0..5 {
            world.wait(DAY);
            if flash {
                world.borrow("mallory", 9_200 * USDC).unwrap();
            }
            let event = reported(&world.refresh_risk("SOL").unwrap());
            if flash {
                world.repay("mallory", "mallory", u64::MAX).unwrap();
            }
            let stress = (event.utilisation_stress_bps, event.coverage_stress_bps, event.loss_stress_bps);
            let now = (event.max_ltv_bps, event.insurance_factor_bps, event.insurance_share_bps);
            told_every_day.push((stress, now, event.max_ltv_target_bps, event.insurance_factor_target_bps));
        }
        told_every_day
    };
    // Of 10,000 lent, 800 are used: the fund of 10 is more than the hundredth that is aimed at, and nothing moves.
    assert_eq!(play(false), [((0, 0, 0), (7_500, 1_000, 10_000), 7_500, 1_000); 5]);
    assert_eq!(play(true), play(false), "no-flash");
}

#[test]
fn turns_only_for_as_much_as_the_hysteresis() {
    // Given a hysteresis of 50 basis points of the limit, which is 20 of utilisation
    let mut world = used(9_019);
    world.refresh_risk("SOL").unwrap();
    assert_eq!(targets(&world).0, 7_500); // not 7,452
    world.borrow("ben", 5 * USDC).unwrap();
    always_so(&mut world);
    world.refresh_risk("SOL").unwrap();
    assert_eq!(targets(&world).0, 7_440);
    world.repay("ben", "ben", 19 * USDC).unwrap();
    always_so(&mut world);
    world.refresh_risk("SOL").unwrap();
    assert_eq!(targets(&world).0, 7_440); // not 7,487
    world.repay("ben", "ben", USDC).unwrap();
    always_so(&mut world);
    world.refresh_risk("SOL").unwrap();
    assert_eq!(targets(&world).0, 7_490);
    // But it turns for a bound however near that is
    world.repay("ben", "ben", 4 * USDC).unwrap();
    always_so(&mut world);
    world.refresh_risk("SOL").unwrap();
    assert_eq!(targets(&world).0, 7_500);
}

#[test]
fn reads_stress_of_losses() {
    // Given Ben owes 1,949 and 51 were lost: 2.55 %, half of the way from 0.1 % to 5 %
    let mut world = used(1_949);
    assert_eq!(lend_and_lose(&mut world, "carl", 51 * USDC).to_lps, 51 * USDC);
    world.set_dollars("SOL", 30);
    always_so(&mut world);
    let event = reported(&world.refresh_risk("SOL").unwrap());
    let stress = (event.volatility_stress_bps, event.utilisation_stress_bps, event.coverage_stress_bps);
    assert_eq!((event.loss_stress_bps, stress), (5_000, (0, 0, 0)));
    // Then the limit heads down and the fund's part of interest up, and neither threshold nor loss sharing move
    assert_eq!(targets(&world), (6_250, 8_000));
    assert_eq!((event.insurance_factor_target_bps, event.insurance_share_target_bps), (1_500, 10_000));
    assert_eq!((world.pool().risk_losses, world.pool().risk_lost), (51 * USDC, 51 * USDC));
    // When a week has passed, then half of it counts: 25.5 of 1,974.5 are 1.29 %, and 119 of 490 basis points are 24.28
    // %
    world.wait(604_800);
    let event = reported(&world.refresh_risk("SOL").unwrap());
    assert_eq!((event.loss_stress_bps, targets(&world).0), (2_428, 6_893));
    assert_eq!((event.insurance_factor_target_bps, world.pool().risk_losses), (1_243, 25_500_000));
    // And a new loss counts whole
    world.deposit_collateral("carl", "SOL", SOL).unwrap();
    lend_and_lose(&mut world, "carl", 10 * USDC);
    world.set_dollars("SOL", 30);
    world.refresh_risk("SOL").unwrap();
    assert_eq!((world.pool().risk_losses, world.pool().risk_lost), (35_500_000, 61 * USDC));
}

#[test]
fn reads_stress_of_missing_coverage() {
    // Given a fund of 5 where 20 are aimed at: three quarters are missing
    let mut world = uncovered(moving());
    let event = reported(&world.refresh_risk("SOL").unwrap());
    let stress = (event.volatility_stress_bps, event.utilisation_stress_bps, event.loss_stress_bps);
    assert_eq!((event.coverage_stress_bps, stress), (7_500, (0, 0, 0)));
    // Then the fund's part of interest heads for a tenth and three quarters of another, the loss sharing for 100 % less
    // three quarters of 50, and no limit moves
    assert_eq!((event.insurance_factor_target_bps, event.insurance_share_target_bps), (1_750, 6_250));
    assert_eq!(targets(&world), (7_500, 8_000));
    // And a fund of 20 is no stress, without debt none is needed, and an empty one is full stress
    world.fund_insurance("ines", 15 * USDC).unwrap();
    assert_eq!(reported(&world.refresh_risk("SOL").unwrap()).coverage_stress_bps, 0);
    world.borrow("bob", 20 * USDC).unwrap();
    always_so(&mut world);
    assert_eq!(reported(&world.refresh_risk("SOL").unwrap()).coverage_stress_bps, 909); // 2 of 22
    world.repay("bob", "bob", u64::MAX).unwrap();
    always_so(&mut world);
    assert_eq!(reported(&world.refresh_risk("SOL").unwrap()).coverage_stress_bps, 0);
    let mut setup = moving();
    setup.parameters.risk.target_coverage_bps = 1;
    let mut world = lent(setup.clone());
    always_so(&mut world);
    assert_eq!(reported(&world.refresh_risk("SOL").unwrap()).coverage_stress_bps, 0);
    let mut world = World::new(setup);
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    always_so(&mut world);
    assert_eq!(reported(&world.refresh_risk("SOL").unwrap()).coverage_stress_bps, 10_000);
}

#[test]
fn heads_for_the_greatest_stress() {
    // Given 45.7 % of volatility and half of utilisation
    let mut world = used(9_500);
    let event = observe(&mut world, 4_350, 10_000);
    assert_eq!((event.volatility_stress_bps, event.utilisation_stress_bps), (4_570, 5_000));
    assert_eq!(targets(&world), (6_250, 7_543));
}

#[test]
fn moves_the_parts_of_the_fund_by_refreshes_only() {
    // Given the part of interest heads for 17.5 % by 5 a day, the loss sharing for 62.5 % by 1 a day
    let mut world = uncovered(moving());
    world.refresh_risk("SOL").unwrap();
    let parts = |event: &RiskRefreshed| {
        let before = (event.insurance_factor_before_bps, event.insurance_share_before_bps);
        (before, (event.insurance_factor_bps, event.insurance_share_bps))
    };
    // When half a day passes, then half a step, rounded down
    world.wait(DAY / 2);
    assert_eq!(parts(&reported(&world.refresh_risk("SOL").unwrap())), ((1_000, 10_000), (1_249, 9_950)));
    // And when nobody refreshes for ten days, then one step
    world.wait(10 * DAY);
    assert_eq!(parts(&reported(&world.refresh_risk("SOL").unwrap())), ((1_249, 9_950), (1_749, 9_850)));
    world.wait(DAY);
    assert_eq!(parts(&reported(&world.refresh_risk("SOL").unwrap())), ((1_749, 9_850), (1_750, 9_750)));
    // And back: the part of interest by 1 a day, too
    world.fund_insurance("ines", 15 * USDC).unwrap();
    world.refresh_risk("SOL").unwrap();
    world.wait(DAY);
    assert_eq!(parts(&reported(&world.refresh_risk("SOL").unwrap())), ((1_750, 9_750), (1_650, 9_850)));
}

#[test]
fn refreshing_another_collateral_moves_the_pool_no_further() {
    // Given both collaterals are refreshed after half a day
    let mut world = uncovered(moving());
    world.refresh_risk("SOL").unwrap();
    world.wait(DAY / 2);
    let sol = reported(&world.refresh_risk("SOL").unwrap());
    let (kept, after) = (world.collateral("SOL"), world.pool());
    let eth = reported(&world.refresh_risk("ETH").unwrap());
    assert_eq!((world.pool(), world.collateral("SOL")), (after, kept));
    assert_eq!(
        (eth.insurance_factor_bps, eth.insurance_share_bps),
        (sol.insurance_factor_bps, sol.insurance_share_bps)
    );
    assert_eq!((eth.collateral, eth.average_price), (world.collateral_key("ETH").collateral, 2_000 * USD));
}

#[test]
fn holds_the_loss_sharing_while_the_pool_or_its_fund_is_on_hold() {
    // Given it heads for 62.5 %, and 100 of Bob's 200 are expected to be lost
    let mut world = uncovered(moving());
    world.refresh_risk("SOL").unwrap();
    world.set_dollars("SOL", 10);
    world.mark("bob").unwrap();
    assert_eq!(world.pool().marked, 100 * USDC);
    // When days pass, then the part of interest moves and the loss sharing stands
    for factor in [1_499, 1_750] {
        world.wait(DAY);
        let event = reported(&world.refresh_risk("SOL").unwrap());
        assert_eq!((event.insurance_factor_bps, event.insurance_share_bps), (factor, 10_000), "no-escape");
        assert_eq!(event.insurance_share_target_bps, 6_250);
    }
    // When nothing is, then it moves by the day since, not by those before
    world.set_dollars("SOL", 30);
    world.mark("bob").unwrap();
    assert_eq!(world.pool().marked, 0);
    assert_eq!(reported(&world.refresh_risk("SOL").unwrap()).insurance_share_bps, 10_000);
    world.wait(DAY);
    assert_eq!(reported(&world.refresh_risk("SOL").unwrap()).insurance_share_bps, 9_900);
}

#[test]
fn shares_the_next_loss_at_the_ratio_of_the_last_refresh() {
    // Given a fund of 5 that pays losses whole, and a day later 99 % of them: 0.99 of a loss of 1
    let mut world = uncovered(moving());
    world.refresh_risk("SOL").unwrap();
    world.wait(DAY);
    world.refresh_risk("SOL").unwrap();
    let loss = lend_and_lose(&mut world, "carl", USDC);
    assert_eq!((loss.from_insurance, loss.to_lps), (990_000, 10_000), "waterfall-exact");
}

#[test]
fn counts_interest_at_the_part_that_held_until_then() {
    // Given a tenth of interest at 10 % goes to the fund, which aims at 10 % of coverage and has 5
    let mut setup = moving();
    (setup.parameters.rates.base_bps, setup.parameters.rates.reserve_factor_bps) = (1_000, 2_000);
    let mut world = uncovered(setup);
    world.refresh_risk("SOL").unwrap();
    // When a year later risk is refreshed, then of 21.033333 a tenth is due, though the part is 14.99 % by then
    world.wait(YEAR);
    let event = reported(&world.refresh_risk("SOL").unwrap());
    assert_eq!((world.pool().insurance_due, event.state), (2_103_333, state(&world.pool())));
    assert_eq!((event.insurance_factor_before_bps, event.insurance_factor_bps), (1_000, 1_499));
    // And what is due counts as coverage: of a tenth of the 200 that stood until now, 20 less 7.103333 are missing
    assert_eq!(event.coverage_stress_bps, 6_448);
    // When another year passes, then of 23.245339 more the part is 14.99 %
    world.wait(YEAR);
    world.refresh_risk("SOL").unwrap();
    assert_eq!(world.pool().insurance_due, 2_103_333 + 3_484_476);
    vault_holds_what_is_owed(&world);
}

#[test]
fn counts_interest() {
    counts_interest_first(|| lent(with_interest()), |world| drop(world.refresh_risk("SOL").unwrap()));
}

#[test]
fn moves_nothing_where_stress_changes_nothing() {
    // Given a pool whose outputs are under stress what they are in calm
    let mut world = lent(two_collaterals());
    world.wait(10_000);
    set_cents(&mut world, "SOL", 6_000);
    let event = reported(&world.refresh_risk("SOL").unwrap());
    assert_eq!(event.volatility_stress_bps, 10_000);
    world.wait(YEAR);
    assert_eq!((targets(&world), limits(&world)), ((7_500, 8_000), (7_500, 8_000)));
}

#[test]
fn needs_nobodys_signature_and_no_tokens() {
    let (mut world, refresh) = about_to_refresh();
    assert!(refresh.accounts.iter().all(|meta| !meta.is_signer));
    let (key, sol) = (*world.key(), world.collateral_key("SOL").collateral);
    let (usdc_price, sol_price) = (world.price_accounts("USDC"), world.price_accounts("SOL"));
    assert_eq!(refresh, verb::refresh_risk(&key, sol, &usdc_price, &sol_price));
    let balances = |world: &World| (world.balance_at(&key.vault), world.balance_at(&world.collateral_key("SOL").vault));
    let before = balances(&world);
    world.execute(refresh, &[]).unwrap();
    assert_eq!(balances(&world), before);
}
