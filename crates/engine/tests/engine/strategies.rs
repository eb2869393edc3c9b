//! Inputs: plain ones for tables, narrow random ones for properties. Each name says what it stands for.

use backstop_engine::{
    average::{MAX_HORIZON_SECONDS, MIN_HORIZON_SECONDS},
    breaker::{Breaker, BreakerTerms},
    fixed::Q64,
    health::Holding,
    insurance::{Fund, InsuranceLimits},
    interest::{RateModel, utilisation},
    liquidation::{Bonus, LiquidationTerms},
    pool::Totals,
    price::{Price, Value},
    quantity::{Assets, Bps, DebtShares, Shares, Units},
    risk::{CollateralTerms, Range, RiskTerms},
    usage::{UTILISATION_FRACTION, Usage},
    waterfall::{LossState, LossTerms},
    window::Window,
};
use proptest::{prelude::*, test_runner::RngSeed};

/// So many random cases, the same in every run. `PROPTEST_CASES=25600` runs a hundred times as many (256 is once), and
/// `PROPTEST_RNG_SEED` takes others.
pub(crate) fn cases(count: u32) -> ProptestConfig {
    let config = ProptestConfig::default();
    let rng_seed = if config.rng_seed == RngSeed::Random { RngSeed::Fixed(20_260_101) } else { config.rng_seed };
    let cases = count.saturating_mul(config.cases) / 256;
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..config }
}

/// A number of any size: small ones, round powers, the ends, and anything between, alike often.
pub(crate) fn any_size() -> impl Strategy<Value = u64> {
    prop_oneof![
        0_u64..=4,
        (0_u32..64).prop_map(|bit| 1 << bit),
        (0_u32..64, any::<u64>()).prop_map(|(shift, value)| value >> shift),
        (0_u64..=4).prop_map(|less| u64::MAX - less),
        any::<u64>(),
    ]
}

/// An amount that a real pool may see: one unit to a trillion.
pub(crate) fn real_amount() -> impl Strategy<Value = u64> {
    prop_oneof![1_u64..=20, 1_u64..=100_000, 1_u64..=1_000_000_000_000]
}

/// An index from one to eight with all its fractional bits, or exactly one.
pub(crate) fn index() -> impl Strategy<Value = Q64> {
    prop_oneof![Just(Q64::ONE), ((1_u128 << 64)..(1 << 67)).prop_map(Q64::from_bits)]
}

/// A pool after some history: NAV is not negative and everything fits, but the share price may be far from one.
pub(crate) fn pool_with_history() -> impl Strategy<Value = Totals> {
    let amounts = (real_amount(), real_amount(), real_amount(), 0_u64..=10_000, 0_u64..1_000_000);
    let owed = prop_oneof![Just(0_u64), 0_u64..=10_000];
    (amounts, index(), any::<bool>(), owed).prop_map(
        |((cash, debt, shares, part, due), borrow_index, lent_out, owed)| {
            let cash = if lent_out { 0 } else { cash };
            let debt_shares = DebtShares::new(debt);
            let borrowed = borrow_index.times_down(debt).unwrap();
            // At most half of what there is belongs to reserves, and at most a half to the insurance fund.
            let half = |part: u64| u64::try_from(u128::from(cash + borrowed) * u128::from(part) / 20_000).unwrap();
            Totals {
                cash: Assets::new(cash),
                debt_shares,
                borrow_index,
                shares: Shares::new(shares),
                generation: 3,
                reserves: Assets::new(half(part)),
                insurance_due: Assets::new(due),
                insurance_owed: Assets::new(half(owed)),
                accrued_at: 1_000_000,
                usage: Usage::default(),
            }
        },
    )
}

/// A pool at one to one, with interest stopped: what `no-free-money` is told at.
pub(crate) fn fresh_pool(cash: u64, lent: u64) -> Totals {
    Totals {
        cash: Assets::new(cash),
        debt_shares: DebtShares::new(lent),
        shares: Shares::new(cash + lent),
        ..Totals::empty(0)
    }
}

/// The averages of a pool that was always as it is.
pub(crate) fn always(totals: &Totals) -> Usage {
    let debt = totals.performing_debt().unwrap();
    Usage { utilisation: utilisation(totals.cash, debt).unwrap() << UTILISATION_FRACTION, debt }
}

/// 2 % at rest, 10 % more up to 80 %, 100 % more above; a tenth to reserves, a twentieth to the fund.
pub(crate) fn usual_rates() -> RateModel {
    RateModel {
        base: Bps::new(200),
        slope1: Bps::new(1_000),
        kink: Bps::new(8_000),
        slope2: Bps::new(10_000),
        reserve_factor: Bps::new(1_000),
        insurance_factor: Bps::new(500),
        average_seconds: 86_400,
    }
}

/// Any rate model that validates.
pub(crate) fn valid_rates() -> impl Strategy<Value = RateModel> {
    let rate = || (0_u32..=100_000).prop_map(Bps::new);
    (rate(), rate(), rate(), 1_u32..10_000, 0_u32..=10_000, 0_u32..=10_000).prop_map(
        |(base, slope1, slope2, kink, shared, part)| {
            let reserve = shared * part / 10_000;
            RateModel {
                base,
                slope1,
                slope2,
                kink: Bps::new(kink),
                reserve_factor: Bps::new(reserve),
                insurance_factor: Bps::new(shared - reserve),
                average_seconds: 86_400,
            }
        },
    )
}

/// Any insurance limits that validate.
pub(crate) fn valid_limits() -> impl Strategy<Value = InsuranceLimits> {
    let part = || prop_oneof![Just(0_u32), Just(10_000), 0_u32..=10_000].prop_map(Bps::new);
    (part(), part(), 3_600_u64..=2_592_000).prop_map(|(share, cap, window_seconds)| InsuranceLimits {
        share,
        cap,
        window_seconds,
    })
}

/// A fund that pays everything it has.
pub(crate) fn open_handed() -> InsuranceLimits {
    InsuranceLimits { share: Bps::ONE, cap: Bps::ONE, window_seconds: 1_000 }
}

/// Draws that still count: from `at`, for a thousand seconds.
pub(crate) fn draws(counted: u64, at: i64) -> Window {
    Window { counted: Assets::new(counted), at, ends_at: at + 1_000 }
}

/// A window at any point of its life.
pub(crate) fn any_window() -> impl Strategy<Value = Window> {
    (0_u64..=1_000_000_000, 0_i64..=2_000_000, 0_i64..=2_592_000).prop_map(|(counted, at, span)| Window {
        counted: Assets::new(counted),
        at,
        ends_at: at + span,
    })
}

/// A fund that never drew and has no stakers: protocol-owned shares.
pub(crate) fn fund(assets: u64) -> Fund {
    Fund { assets: Assets::new(assets), ..Fund::default() }
}

/// A fund that never drew and belongs to its stakers, at one to one.
pub(crate) fn staked(assets: u64) -> Fund {
    Fund { shares: Shares::new(assets), ..fund(assets) }
}

/// A fund with earlier draws, stakers and protocol-owned shares, each of them often missing.
pub(crate) fn fund_with_history() -> impl Strategy<Value = Fund> {
    let sometimes = || prop_oneof![Just(0_u64), 1_u64..=3_000_000_000];
    (0_u64..=2_000_000_000, any_window(), sometimes(), sometimes(), sometimes(), 0_u32..20).prop_map(
        |(assets, draws, shares, waiting_shares, protocol_shares, generation)| Fund {
            assets: Assets::new(assets),
            owed: Assets::ZERO,
            shares: Shares::new(shares),
            waiting_shares: Shares::new(waiting_shares),
            protocol_shares: Shares::new(protocol_shares),
            generation,
            drawn: Assets::new(draws.counted.get() * 2),
            draws,
        },
    )
}

/// A breaker that trips on whatever LPs lose beyond a twentieth of NAV within an hour.
pub(crate) fn usual_breaker() -> BreakerTerms {
    BreakerTerms { limit: Bps::new(500), window_seconds: 3_600, min_losses: Assets::ZERO, ends_in_seconds: 0 }
}

/// These limits, with the usual breaker.
pub(crate) fn terms(limits: &InsuranceLimits) -> LossTerms {
    LossTerms { insurance: *limits, breaker: usual_breaker() }
}

/// A pool and a fund that nobody lost anything in.
pub(crate) fn state(totals: &Totals, fund: &Fund) -> LossState {
    LossState { totals: *totals, fund: *fund, breaker: Breaker::default() }
}

/// One dollar, six decimals.
pub(crate) fn usdc() -> Price {
    Price::new(100_000_000, -8, 6).unwrap()
}

/// This many dollars in 10^-18.
pub(crate) fn dollars(dollars: u64) -> Value {
    Value::new(u128::from(dollars) * 1_000_000_000_000_000_000)
}

/// So many whole tokens of nine decimals at so many cents, with these limits and the usual bonus.
pub(crate) fn tokens(whole: u64, cents: u64, max_ltv: u32, threshold: u32) -> Holding {
    let price = Price::new(cents, -2, 9).unwrap();
    Holding {
        units: Units::new(whole * 1_000_000_000),
        price,
        middle: price,
        max_ltv: Bps::new(max_ltv),
        liquidation_threshold: Bps::new(threshold),
        bonus: bonus(500, 1_000),
    }
}

/// From the one to the other.
pub(crate) fn bonus(min: u32, max: u32) -> Bonus {
    Bonus { min: Bps::new(min), max: Bps::new(max) }
}

/// A fifth of the bonus to the fund, back to 110 % health; nothing is small.
pub(crate) fn usual_terms() -> LiquidationTerms {
    LiquidationTerms {
        insurance_cut: Bps::new(2_000),
        target_health: Bps::new(11_000),
        min_debt: Assets::ZERO,
        dust: Value::ZERO,
    }
}

/// Any terms that validate, for a pool in which nothing is small.
pub(crate) fn valid_terms() -> impl Strategy<Value = LiquidationTerms> {
    let target = prop_oneof![4 => 10_000_u32..=13_000, 1 => 10_000_u32..=20_000];
    (0_u32..=10_000, target).prop_map(|(cut, target)| LiquidationTerms {
        insurance_cut: Bps::new(cut),
        target_health: Bps::new(target),
        ..usual_terms()
    })
}

/// A bonus and a threshold that validate together: often the highest, and not below half of that.
pub(crate) fn valid_bonus() -> impl Strategy<Value = (Bonus, Bps)> {
    let least = prop_oneof![3 => 0_u32..=1_500, 1 => 0_u32..=5_000];
    let place = prop_oneof![1 => Just(0_u32), 3 => 0_u32..10_000];
    (least, 0_u32..=3_500, place).prop_map(|(least, more, place)| {
        // The highest threshold with threshold * (1 + least) <= 100 %.
        let highest = 100_000_000 / (10_000 + least);
        (bonus(least, (least + more).min(5_000)), Bps::new(highest - highest * place / 20_000))
    })
}

/// A value of any size, in 10^-18 USD.
pub(crate) fn any_value() -> impl Strategy<Value = u128> {
    prop_oneof![
        any_size().prop_map(u128::from),
        (any_size(), any_size()).prop_map(|(high, low)| (u128::from(high) << 64) | u128::from(low)),
        (any_size(), 1_u64..2_000_000_000).prop_map(|(price, unit)| u128::from(price) * u128::from(unit)),
    ]
}

/// A horizon of an average that validates.
pub(crate) fn horizon() -> impl Strategy<Value = u32> {
    prop_oneof![Just(MIN_HORIZON_SECONDS), Just(MAX_HORIZON_SECONDS), MIN_HORIZON_SECONDS..=MAX_HORIZON_SECONDS]
}

/// From one to the other.
pub(crate) fn range(calm: u32, stressed: u32) -> Range {
    Range { calm: Bps::new(calm), stressed: Bps::new(stressed) }
}

/// The insurance factor from 5 % to 20 %, the loss-sharing ratio from 70 % to 40 %; a kink at 60 %, so stress of
/// utilisation from 80 % to 100 %; losses count for thirty days; a coverage of 10 % is aimed at.
pub(crate) fn usual_risk() -> RiskTerms {
    RiskTerms {
        insurance_factor: range(500, 2_000),
        insurance_share: range(7_000, 4_000),
        kink: Bps::new(6_000),
        target_coverage: Bps::new(1_000),
        window_seconds: 2_592_000,
    }
}

/// Limits from 75 % to 50 %, thresholds from 80 % to 70 %, stress of a deviation from 5 % to 25 %.
pub(crate) fn usual_collateral() -> CollateralTerms {
    CollateralTerms {
        max_ltv: range(7_500, 5_000),
        threshold: range(8_000, 7_000),
        stressed_deviation: Bps::new(2_500),
    }
}

/// A part between nothing and `most`, often one of both.
fn part_of(most: u32) -> impl Strategy<Value = u32> {
    prop_oneof![3 => 0..=most, 1 => Just(0), 1 => Just(most)]
}

/// Any rules of a pool for what moves with risk that validate.
pub(crate) fn valid_risk() -> impl Strategy<Value = RiskTerms> {
    let two = || (part_of(10_000), part_of(10_000));
    (two(), two(), part_of(10_000), 0_u32..10_000, 3_600_u32..10_000_000).prop_map(
        |(factor, share, coverage, kink, window_seconds)| RiskTerms {
            insurance_factor: range(factor.0.min(factor.1), factor.0.max(factor.1)),
            insurance_share: range(share.0.max(share.1), share.0.min(share.1)),
            kink: Bps::new(kink),
            target_coverage: Bps::new(coverage),
            window_seconds,
        },
    )
}

/// Any rules of a collateral that validate.
pub(crate) fn valid_collateral() -> impl Strategy<Value = CollateralTerms> {
    let part = || part_of(10_000);
    ((part(), part()), (part(), part()), 1_u32..40_000).prop_map(|(thresholds, limits, deviation)| {
        let (high, low) = (thresholds.0.max(thresholds.1), thresholds.0.min(thresholds.1));
        let calm_limit = limits.0.min(high);
        CollateralTerms {
            max_ltv: range(calm_limit, limits.1.min(calm_limit).min(low)),
            threshold: range(high, low),
            stressed_deviation: Bps::new(deviation),
        }
    })
}
