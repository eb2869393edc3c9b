//! The curve and compounding, by hand and against exact series.

use backstop_engine::{
    Error,
    fixed::Q64,
    interest::{MAX_RATE, NANO, RateModel, SECONDS_PER_YEAR, growth, utilisation},
    quantity::{Assets, Bps},
};
use proptest::prelude::*;

use crate::{
    model,
    strategies::{any_size, cases, usual_rates, valid_rates},
};

const PERCENT: u64 = 10_000_000;

#[test]
fn curve_by_hand() {
    // usual_rates: 2 % + 10 % * u / 80 % up to the kink, 12 % + 100 % * (u - 80 %) / 20 % above.
    let table = [
        (0, 2 * PERCENT),
        (40 * PERCENT, 7 * PERCENT),    // 2 + 10 / 2
        (80 * PERCENT, 12 * PERCENT),   // the kink: 2 + 10
        (90 * PERCENT, 62 * PERCENT),   // 12 + 100 / 2
        (100 * PERCENT, 112 * PERCENT), // 12 + 100
        (1, 2 * PERCENT),               // 10^8 * 1 / (8 * 10^8) = 0.125 billionths, rounded down
        (8, 2 * PERCENT + 1),           // 10^8 * 8 / (8 * 10^8) = 1
    ];
    for (used, rate) in table {
        assert_eq!(usual_rates().rate_per_year(used), Ok(rate), "at {used}");
    }
}

#[test]
fn steepest_curve_fits() {
    let steepest = RateModel { base: MAX_RATE, slope1: MAX_RATE, slope2: MAX_RATE, kink: Bps::new(1), ..usual_rates() };
    assert_eq!(steepest.validate(), Ok(()));
    // 1,000 % + 1,000 % + 1,000 %
    assert_eq!(steepest.rate_per_year(NANO), Ok(30 * NANO));
}

#[test]
fn validation_at_the_bounds() {
    let usual = usual_rates();
    let refused = [
        RateModel { kink: Bps::ZERO, ..usual },
        RateModel { kink: Bps::ONE, ..usual },
        RateModel { base: Bps::new(100_001), ..usual },
        RateModel { slope1: Bps::new(100_001), ..usual },
        RateModel { slope2: Bps::new(u32::MAX), ..usual },
        RateModel { reserve_factor: Bps::new(9_501), ..usual },
        RateModel { reserve_factor: Bps::new(u32::MAX), insurance_factor: Bps::new(u32::MAX), ..usual },
    ];
    for rates in refused {
        assert_eq!(rates.validate(), Err(Error::InvalidParameter), "{rates:?}");
    }
    let allowed = [
        RateModel { kink: Bps::new(1), ..usual },
        RateModel { kink: Bps::new(9_999), ..usual },
        RateModel { reserve_factor: Bps::new(9_500), ..usual },
    ];
    for rates in allowed {
        assert_eq!(rates.validate(), Ok(()), "{rates:?}");
    }
}

#[test]
fn utilisation_by_hand() {
    let used = |cash, debt| utilisation(Assets::new(cash), Assets::new(debt));
    assert_eq!(used(0, 0), Ok(0));
    assert_eq!(used(u64::MAX, 0), Ok(0));
    assert_eq!(used(0, 1), Ok(NANO));
    assert_eq!(used(0, u64::MAX), Ok(NANO));
    assert_eq!(used(2, 1), Ok(333_333_333)); // a third
    assert_eq!(used(u64::MAX - 1, 1), Ok(0)); // far below a billionth
    assert_eq!(used(u64::MAX, 1), Err(Error::MathOverflow));
}

#[test]
fn growth_by_hand() {
    assert_eq!(growth(NANO, 0), Ok(Q64::ZERO));
    // x = 1/2: 1/2 + 1/8 + 1/48; the last is rounded down.
    let half = (1 << 63) + (1 << 61) + (1_u128 << 61) / 6;
    assert_eq!(growth(NANO / 2, SECONDS_PER_YEAR), Ok(Q64::from_bits(half)));
    assert_eq!(growth(NANO, SECONDS_PER_YEAR / 2), Ok(Q64::from_bits(half)));
    // x = 10^-9 / 31,536,000 * 1: floor(2^64 / 31,536,000,000,000,000) = 584 bits.
    assert_eq!(growth(1, 1), Ok(Q64::from_bits(584)));
}

#[test]
fn growth_is_capped() {
    // In units of 2^-64, with N = 2^64: x is at most N - 1. Its square is N - 2 + 1/N, so N - 2; that times x is N - 3
    // + 2/N, so N - 3. N is 4 more than a multiple of 6: (N - 1) + (N - 2) / 2 + (N - 4) / 6.
    let n = 1_u128 << 64;
    let most = Q64::from_bits((n - 1) + (n - 2) / 2 + (n - 4) / 6);
    // 10^-9 a year for 2^29 - 1 seconds, the most that are charged: floor(N * 536,870,911 / (31,536,000 * 10^9)) is
    // 314,038,568,487. Its square is 5346.2, so 5,346; the cube vanishes.
    let seventeen_years = Q64::from_bits(314_038_568_487 + 5_346 / 2);
    let table = [
        (NANO, SECONDS_PER_YEAR, Ok(most)), // exactly 1 is cut by a hair
        (NANO, SECONDS_PER_YEAR + 1, Ok(most)),
        (8 * NANO, SECONDS_PER_YEAR, Ok(most)),
        (30 * NANO, u64::MAX, Ok(most)),
        (1, (1 << 29) - 1, Ok(seventeen_years)),
        (1, 1 << 29, Ok(seventeen_years)),
        (1, u64::MAX, Ok(seventeen_years)),
        // A rate that no curve has.
        (30 * NANO + 1, 0, Err(Error::MathOverflow)),
        (30 * NANO + 1, 1, Err(Error::MathOverflow)),
        (u64::MAX, u64::MAX, Err(Error::MathOverflow)),
    ];
    for (rate, seconds, grown) in table {
        assert_eq!(growth(rate, seconds), grown, "{rate} for {seconds}");
    }
    // A second less than a year, and than the most seconds, is charged less.
    assert!(growth(NANO, SECONDS_PER_YEAR - 1).unwrap() < most);
    assert!(growth(1, (1 << 29) - 2).unwrap() < seventeen_years);
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn curve_agrees_with_the_model(rates in valid_rates(), used in 0..=NANO) {
        prop_assert_eq!(rates.validate(), Ok(()));
        prop_assert_eq!(rates.rate_per_year(used), Ok(model::yearly_rate(&rates, used)));
    }

    #[test]
    fn curve_never_falls(rates in valid_rates(), used in 0..NANO, more in 1..=NANO) {
        let more = used.saturating_add(more).min(NANO);
        prop_assert!(rates.rate_per_year(more).unwrap() >= rates.rate_per_year(used).unwrap());
    }

    #[test]
    fn growth_agrees_with_the_model(
        rate in prop_oneof![0..=NANO, 0..=30 * NANO],
        seconds in prop_oneof![0..=SECONDS_PER_YEAR, 0_u64..1 << 28, any_size()],
    ) {
        let grown = growth(rate, seconds).unwrap();
        prop_assert_eq!(model::q64(grown.bits()), model::growth(rate, seconds));
    }

    #[test]
    fn growth_is_just_below_the_exact_series(
        rate in prop_oneof![0..=NANO, 0..=30 * NANO], seconds in 0_u64..31_536_000,
    ) {
        let grown = model::q64(growth(rate, seconds).unwrap().bits());
        let x = model::exponent(rate, seconds).min(model::most_charged());
        let cut = &x + &x * &x / model::whole(2) + &x * &x * &x / model::whole(6);
        let exact = model::exponential_growth(&x);
        prop_assert!(grown <= cut && cut <= exact.clone() + model::ratio(1, model::int(1) << 100));
        // Rounding costs under 2^-61, eight units of the last place: one in x, times 1 + 1 + 1/2 by the slope; one in
        // the square, half of which counts, and one where it is halved; and less than three with the cube.
        prop_assert!(cut - &grown < model::ratio(1, model::int(1) << 61));
        // The cut costs lenders less than x^4 / 24 * e^x of what is owed.
        let bound =
            &x * &x * &x * &x / model::whole(24) * (&exact + model::whole(1)) + model::ratio(1, model::int(1) << 61);
        prop_assert!(exact - grown <= bound);
    }

    #[test]
    fn one_day_at_ten_percent_is_cut_by_less_than_stated(rate in 0..=NANO / 10, seconds in 0_u64..=86_400) {
        let x = model::exponent(rate, seconds);
        let cut = &x + &x * &x / model::whole(2) + &x * &x * &x / model::whole(6);
        prop_assert!(model::exponential_growth(&x) - cut < model::ratio(3, 10_000_000_000_000_000_u64));
    }
}
