//! Measures the engine on the host, in nanoseconds per call: `cargo bench -p backstop-engine`.
//!
//! On chain, compute units count; the program's ledger reports these. This bench shows the cost for a bot that walks
//! every obligation.
#![allow(
    clippy::unwrap_used,
    clippy::integer_division,
    clippy::arithmetic_side_effects,
    reason = "a bench may stop at once"
)]

use std::{hint::black_box, time::Instant};

use backstop_engine::{
    average::Average,
    breaker::{Breaker, BreakerTerms},
    fixed::Q64,
    health::{Health, Holding},
    history::{Era, Holder, Row},
    insurance::{Fund, InsuranceLimits},
    interest::RateModel,
    liquidation::{Bonus, Debt, LiquidationTerms},
    loss_book::Record,
    mark::{Evidence, Mark},
    pool::Totals,
    price::{Price, Value},
    quantity::{Assets, Bps, DebtShares, Shares, Units},
    risk::{CollateralRisk, CollateralTerms, PoolRisk, Range, RiskTerms},
    usage::Usage,
    waterfall::{LossState, LossTerms, record},
    window::Window,
};

/// Calls between two clock readings.
const CALLS: u32 = 10_000;
/// Number of rounds. The median round is reported.
const ROUNDS: usize = 101;

fn measure<T>(name: &str, call: impl Fn() -> T) {
    let mut rounds: Vec<u128> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..CALLS {
                black_box(call());
            }
            start.elapsed().as_nanos()
        })
        .collect();
    rounds.sort_unstable();
    let median = rounds.get(ROUNDS / 2).copied().unwrap_or_default();
    let tenths = median * 10 / u128::from(CALLS);
    println!("{name:<28} {:>6}.{} ns", tenths / 10, tenths % 10);
}

fn main() {
    let pool = Totals {
        cash: Assets::new(400_000_000_000),
        debt_shares: DebtShares::new(900_000_000_000),
        borrow_index: Q64::from_bits((1 << 64) + (1 << 61)),
        shares: Shares::new(1_300_000_000_000),
        generation: 0,
        reserves: Assets::new(1_000_000_000),
        insurance_due: Assets::new(2_000_000),
        insurance_owed: Assets::ZERO,
        accrued_at: 1_700_000_000,
        usage: Usage::default(),
    };
    let rates = RateModel {
        base: Bps::new(100),
        slope1: Bps::new(400),
        kink: Bps::new(8_000),
        slope2: Bps::new(6_000),
        reserve_factor: Bps::new(1_000),
        insurance_factor: Bps::new(500),
        average_seconds: 86_400,
    };
    let fund = Fund {
        assets: Assets::new(20_000_000_000),
        shares: Shares::new(15_000_000_000),
        protocol_shares: Shares::new(5_000_000_000),
        drawn: Assets::new(1_000_000),
        draws: Window { counted: Assets::new(1_000_000), at: 1_700_000_000, ends_at: 1_700_604_800 },
        ..Fund::default()
    };
    let limits = InsuranceLimits { share: Bps::new(5_000), cap: Bps::new(5_000), window_seconds: 604_800 };
    let terms = LiquidationTerms {
        insurance_cut: Bps::new(2_000),
        target_health: Bps::new(11_000),
        min_debt: Assets::new(1_000_000),
        dust: Value::from_micro_usd(10_000_000),
    };
    let usdc = Price::new(100_000_000, -8, 6).unwrap();
    let sol = Holding {
        units: Units::new(10_000_000_000),
        price: Price::new(9_990_000_000, -8, 9).unwrap(),
        middle: Price::new(10_000_000_000, -8, 9).unwrap(),
        max_ltv: Bps::new(7_500),
        liquidation_threshold: Bps::new(8_000),
        bonus: Bonus { min: Bps::new(500), max: Bps::new(1_000) },
    };
    let shares = DebtShares::new(764_000_000); // 859.5 USD
    let debt = Debt {
        shares,
        amount: pool.debt(shares).unwrap(),
        price: usdc,
        middle: usdc,
        mark: Mark::NONE,
        evidence: Evidence::BEGUN,
        may_be_marked: true,
        may_default: true,
        defaulted: false,
    };

    measure("deposit", || black_box(&pool).deposit(black_box(Assets::new(5_000_000))));
    measure("accrue, a day later", || black_box(&pool).accrue(black_box(&rates), black_box(1_700_086_400)));
    measure("health and liquidation", || {
        let health = Health::of_debt(black_box(&usdc).value_up(black_box(debt).amount.get())?).with(black_box(&sol))?;
        terms.liquidate(&pool, &debt, &sol, &health, debt.amount, |_| true)
    });
    risk(&pool, fund.assets);
    let state = LossState { totals: pool, fund, breaker: Breaker::default() };
    let breaker = BreakerTerms {
        limit: Bps::new(500),
        window_seconds: 86_400,
        min_losses: Assets::new(1_000_000_000),
        ends_in_seconds: 3_600,
    };
    let terms = LossTerms { insurance: limits, breaker };
    measure("record a loss", || {
        record(black_box(&state), &terms, black_box(DebtShares::new(5_000_000_000)), 1_700_086_400)
    });
    // A loss borne by all four sides and partly recovered, with no round parts.
    let loss = Record {
        generation: 1,
        stake_generation: 1,
        shares: pool.shares,
        stake_shares: fund.shares,
        reserves: Assets::new(1_000_000_000),
        protocol: Assets::new(700_000_000),
        stakers: Assets::new(2_100_000_000),
        lps: Assets::new(7_000_000_003),
        recovered: Assets::new(3_000_000_001),
        ..Record::default()
    };
    measure("recover", || black_box(&loss).recover(black_box(Assets::new(1_234_567_891))));
    let held = Shares::new(300_000_000_000);
    measure("claim", || black_box(&loss).lp_claim(black_box(held), black_box(Assets::new(1))));
    let row = |index: u32| Row { shares: held, from: index * 10 + 1, to: index * 10 + 9, generation: 0 };
    let rows: Vec<Row> = (0..512).map(row).collect();
    let holder = Holder { shares: held, generation: 0, since: 5_120 };
    measure("change shares after a loss", || black_box(&holder).brought_to(&Era { generation: 1, last_loss: 5_121 }));
    for count in [8, 512] {
        measure(&format!("find the shares among {count}"), || {
            black_box(&holder).held_at(black_box(35), 1, count, |index| rows.get(index).copied())
        });
    }
}

/// What `refresh_risk` does: observes two prices, computes the stress, moves the outputs and sets their targets.
fn risk(pool: &Totals, fund: Assets) {
    let range = |calm, stressed| Range { calm: Bps::new(calm), stressed: Bps::new(stressed) };
    let rules = RiskTerms {
        insurance_factor: range(500, 2_000),
        insurance_share: range(7_000, 4_000),
        kink: Bps::new(6_000),
        target_coverage: Bps::new(1_000),
        window_seconds: 2_592_000,
    };
    let terms = CollateralTerms {
        max_ltv: range(7_500, 5_000),
        threshold: range(8_000, 7_000),
        stressed_deviation: Bps::new(2_500),
    };
    let (start, now) = (1_700_000_000, 1_700_003_600);
    // Prices with all their digits, half a year of hourly observations.
    let price = |hour: u64| Value::from_micro_usd(100_000_007 + hour % 7 * 3_141_593);
    let seen = |average: Average, hour: u64| {
        average.observe(price(hour), 86_400, start - 15_552_000 + i64::try_from(hour).unwrap() * 3_600).unwrap()
    };
    let average = (0..4_320).fold(Average::default(), seen);
    let parts = PoolRisk { losses: Assets::new(7_000_000_000), ..PoolRisk::at_rest(&rules, start) };
    let limits = CollateralRisk::at_rest(&terms, start);
    let recorded = Assets::new(1_000_000);

    measure("observe a price", || black_box(&average).observe(black_box(price(3)), black_box(86_400), black_box(now)));
    measure("refresh risk", || {
        let averages = [black_box(&average), black_box(&average)].map(|average| average.observe(price(3), 86_400, now));
        let [collateral, liquidity] = averages;
        let losses = black_box(&parts).losses_at(recorded, rules.window_seconds, now)?;
        let stress = black_box(&rules).stress(&black_box(pool).usage, fund, losses.count)?;
        let volatility = terms.volatility(&collateral?, &liquidity?);
        let parts = parts.refresh(&rules, &stress, &losses, false, now);
        Ok::<_, backstop_engine::Error>((parts, limits.refresh(&terms, &stress, volatility, now)))
    });
    measure("limits, an hour later", || black_box(&limits).limits(black_box(now)));
}
