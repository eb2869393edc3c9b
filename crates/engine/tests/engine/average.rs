//! Averages of prices: the recurrence against exact numbers, what time and silence give to an observation, and what
//! counts when borrowing.

use backstop_engine::{
    Error,
    average::{Average, MAX_HORIZON_SECONDS, MAX_WEIGHT, MIN_HORIZON_SECONDS, validate_horizon},
    price::{Quote, Value},
    quantity::Bps,
};
use num_bigint::BigInt;
use num_traits::{One as _, Signed as _, ToPrimitive as _};
use proptest::prelude::*;

use crate::{
    model::{Rational, bps, down, int, ratio, whole},
    strategies::{any_size, any_value, cases, dollars, horizon},
};

/// Ten to the ninth USD: the largest price that anything below is told of.
const MOST: u128 = 1_000_000_000_000_000_000_000_000_000;
const NANO: u64 = 1_000_000_000;
/// A horizon of a day, the weight of one observation in it at most three hours.
const DAY: u32 = 86_400;

/// The recurrence of Finch (2009), section 9, in exact numbers: `mean + a (x - mean)` and `(1 - a) (variance + a d^2)`,
/// where `x` is at most twice the mean, `d` is relative to the mean, and `a = t / (horizon + t)` for at most an eighth
/// of the horizon.
#[derive(Clone, Debug)]
struct Exact {
    price: Rational,
    variance: Rational,
    at: i64,
}

impl Exact {
    fn of(average: &Average) -> Self {
        let nano = whole(NANO);
        let variance = whole(average.variance) / (&nano * &nano);
        Self { price: whole(average.price.get()), variance, at: average.at }
    }

    /// `cut` is what is made of a deviation before it is squared.
    fn observe(&self, price: u128, horizon: u32, now: i64, cut: impl Fn(Rational) -> Rational) -> Self {
        let seconds = (int(now) - self.at).max(int(0)).min(int(horizon / 8));
        if seconds == int(0) {
            return self.clone();
        }
        let part = ratio(seconds.clone(), seconds + horizon);
        let away = whole(price).min(&self.price + &self.price) - &self.price;
        let deviation = cut((&away / &self.price).abs());
        Self {
            price: &self.price + &part * away,
            variance: (Rational::one() - &part) * (&self.variance + &part * &deviation * &deviation),
            at: now,
        }
    }

    /// In billionths, squared.
    fn variance(&self) -> Rational {
        &self.variance * whole(NANO) * whole(NANO)
    }
}

/// To whole billionths, down.
fn billionths(deviation: Rational) -> Rational {
    (deviation * whole(NANO)).floor() / whole(NANO)
}

fn at(price: Value, variance: u64, at: i64) -> Average {
    Average { price, variance, at }
}

#[test]
fn horizons_at_the_bounds() {
    assert_eq!((MIN_HORIZON_SECONDS, MAX_HORIZON_SECONDS), (10 * 60, 30 * 86_400));
    for (seconds, valid) in
        [(0, false), (599, false), (600, true), (2_592_000, true), (2_592_001, false), (u32::MAX, false)]
    {
        assert_eq!(validate_horizon(seconds).is_ok(), valid, "{seconds}");
    }
    assert_eq!(validate_horizon(0), Err(Error::InvalidParameter));
}

#[test]
fn observing_by_hand() {
    // An hour of a day is 1/25: 100 + 75 / 25 = 103 USD. The deviation is 75 %: 0.5625 * 1/25 * 24/25 = 0.0216.
    let first = Average::begun(dollars(100), 0).observe(dollars(175), DAY, 3_600).unwrap();
    assert_eq!(first, at(dollars(103), 21_600_000_000_000_000, 3_600));
    // sqrt(0.0216) = 0.1469693845...
    assert_eq!(first.deviation(), 146_969_384);
    // An hour later at the average: 0.0216 * 24/25 = 0.020736, the square of 0.144.
    let second = first.observe(dollars(103), DAY, 7_200).unwrap();
    assert_eq!(second, at(dollars(103), 20_736_000_000_000_000, 7_200));
    assert_eq!(second.deviation(), 144_000_000);
    // Down to nothing is a deviation of 100 %: 103 * 24/25 = 98.88, (0.020736 + 1/25) * 24/25 = 0.05830656.
    let third = second.observe(Value::ZERO, DAY, 10_800).unwrap();
    assert_eq!(third, at(Value::from_micro_usd(98_880_000), 58_306_560_000_000_000, 10_800));
    // 250 USD count as 200: 100 + 100 / 25 = 104, 1/25 * 24/25 = 0.0384, whose root is 0.1959591794...
    let high = Average::begun(dollars(100), 0).observe(dollars(250), DAY, 3_600).unwrap();
    assert_eq!(high, at(dollars(104), 38_400_000_000_000_000, 3_600));
    assert_eq!(high.deviation(), 195_959_179);
}

#[test]
fn first_observation_begins() {
    let begun = Average::default().observe(dollars(7), DAY, 50).unwrap();
    assert_eq!(begun, Average::begun(dollars(7), 50));
    assert_eq!((begun.price, begun.variance, begun.deviation(), begun.at), (dollars(7), 0, 0, 50));
    // An average that has fallen to nothing begins anew, with no variance of what it was before.
    assert_eq!(at(Value::ZERO, 5, 90).observe(dollars(7), DAY, 10), Ok(Average::begun(dollars(7), 10)));
}

#[test]
fn no_time_is_no_weight() {
    let average = at(dollars(10), 123, 1_000);
    for now in [1_000, 999, 0, -1, i64::MIN] {
        assert_eq!(average.observe(dollars(10_000), DAY, now), Ok(average), "at {now}");
    }
    // One second is, and 10,000 USD count as 20: (10 * 86,400 + 20) / 86,401 USD.
    let after = average.observe(dollars(10_000), DAY, 1_001).unwrap();
    assert_eq!((after.price.get(), after.at), (864_020 * dollars(1).get() / 86_401, 1_001));
}

#[test]
fn silence_is_an_eighth_of_a_horizon() {
    assert_eq!(MAX_WEIGHT, 8);
    let calm = Average::begun(dollars(90), 0);
    let short = calm.observe(dollars(180), DAY, 10_799).unwrap();
    // From an eighth of the horizon on: a ninth of the way, 90 + 90 / 9.
    for now in [10_800, 10_801, 86_400, i64::from(u32::MAX), i64::MAX] {
        let after = calm.observe(dollars(180), DAY, now).unwrap();
        assert_eq!((after.price, after.at), (dollars(100), now), "silence");
        assert!(short.price < after.price);
    }
    // Also from the beginning of time to its end.
    let since = Average::begun(dollars(90), i64::MIN).observe(dollars(180), DAY, i64::MAX).unwrap();
    assert_eq!(since.price, dollars(100), "silence");
}

#[test]
fn deviations_add_up_by_squares() {
    let average = |variance| at(dollars(1), variance, 0);
    // 3 %, 4 %, together 5 %.
    let (three, four) = (average(900_000_000_000_000), average(1_600_000_000_000_000));
    assert_eq!((three.deviation(), four.deviation()), (30_000_000, 40_000_000));
    assert_eq!((three.deviation_with(&four), four.deviation_with(&three)), (50_000_000, 50_000_000));
    // Rounded down, and never beyond what fits.
    assert_eq!((average(8).deviation(), average(4).deviation_with(&average(4))), (2, 2));
    assert_eq!(average(u64::MAX).deviation_with(&average(u64::MAX)), u64::from(u32::MAX));
}

#[test]
fn a_price_counts_up_to_twice_the_average() {
    let calm = Average::begun(dollars(1), 0);
    let seen = |price| calm.observe(Value::new(price), DAY, 10_800).unwrap();
    let two = dollars(2).get();
    // 1 + 1/9 USD; 1/9 * 8/9 = 8/81 = 0.098765432..., whose root is 0.31426968...
    let twice = at(Value::new(1_111_111_111_111_111_111), 98_765_432_098_765_432, 10_800);
    for price in [two, two + 1, two + two, dollars(1_000_000).get(), u128::MAX] {
        assert_eq!(seen(price), twice, "{price}");
    }
    assert_eq!(twice.deviation(), 314_269_680);
    // 9 * 10^-18 less is 10^-18 less of an average; and a deviation of 0.999999999, whose square is less by 2 * 10^-9.
    let less = seen(two - 9);
    assert_eq!(less.price, Value::new(1_111_111_111_111_111_110));
    // (1 - 2 * 10^-9 + 10^-18) * 8/81 = 0.098765432098765432 - 0.000000000197530864 = 0.098765431901234568
    assert_eq!(less.variance, 98_765_431_901_234_568);
}

/// One refresh after a long silence, 10 USD before, and what its price then counts for when borrowing.
#[test]
fn one_refresh_then_a_loan_by_hand() {
    let limit = Bps::new(1_000);
    let before = Average::begun(dollars(10), 0);
    let mills = |price| Quote { price, confidence: 0, exponent: -3 };
    let table = [
        // 10 + 1.17 / 9 = 10.13, and 10 % above that is 11.143: farther counts the average.
        (11_170, Some(10_130_000)),
        // 10 + 1.08 / 9 = 10.12, with 10 % 11.132: within it a price counts itself.
        (11_080, None),
        (10_000, None),
        // The edge is 10 * 8.8 / 7.9 = 11.1392...: 10 + 1.139 / 9 is 10.12655..., with 10 % 11.13921...
        (11_139, None),
        // 10 + 1.143 / 9 = 10.127, with 10 % 11.1397.
        (11_143, Some(10_127_000)),
        (19_000, Some(11_000_000)),
        (19_990, Some(11_110_000)),
    ];
    let one_refresh = |quote: Quote| {
        let after = before.observe(quote.value().unwrap(), DAY, 1_000_000).unwrap();
        after.cap(quote, limit).unwrap()
    };
    for (price, average) in table {
        let average = average.map(|micro| Quote::of_value(Value::from_micro_usd(micro), Value::ZERO).unwrap());
        assert_eq!(one_refresh(mills(price)), average.unwrap_or(mills(price)), "bounded-risk: {price}");
    }
    // From twice the price on ten ninths: 11.111111111 USD and something, which is a digit of interval.
    for price in [20_000, 20_001, 10_000_000_000, u64::MAX] {
        let most = Quote { price: 11_111_111_111, confidence: 1, exponent: -9 };
        assert_eq!(one_refresh(mills(price)), most, "bounded-risk: {price}");
    }
}

/// What the deviation says of a price that moves at random: a step of 0.1 % up or down, a hundred times in a horizon,
/// is a volatility of 1 % per horizon, and settles at 0.707 %.
#[test]
fn deviation_settles_at_volatility_times_root_of_a_half() {
    let (mut average, mut price, mut now) = (Average::begun(dollars(100), 0), dollars(100).get(), 0);
    let (mut seed, mut sum) = (20_221_110_u64, 0_u128);
    for step in 0..100_000_u32 {
        // Knuth's MMIX generator; its upper bit decides.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        price = if seed >> 63 == 0 { price * 1_001 / 1_000 } else { price * 1_000 / 1_001 };
        now += 864;
        average = average.observe(Value::new(price), DAY, now).unwrap();
        if step >= 1_000 {
            sum += u128::from(average.variance);
        }
    }
    // Over 990 horizons the mean of the variance is within a tenth of 0.01^2 / 2.
    let mean = sum / 99_000;
    assert!((45_000_000_000_000..55_000_000_000_000).contains(&mean), "{mean}");
}

#[test]
fn huge_prices_are_errors_not_wrong() {
    // 10^11 USD still fits, from far below and from above.
    let much = dollars(100_000_000_000);
    assert!(Average::begun(Value::new(1), 0).observe(much, MAX_HORIZON_SECONDS, i64::MAX).is_ok());
    assert!(Average::begun(much, 0).observe(Value::new(1), MAX_HORIZON_SECONDS, i64::MAX).is_ok());
    // Above a small average any price does: it counts as two of them. 1 + 10 / 86,410 is 1; 10 * 86,400 / 86,410^2 of
    // variance.
    let variance = 864_000 * 1_000_000_000_000_000_000_u128 / (86_410 * 86_410);
    let two = at(Value::new(1), u64::try_from(variance).unwrap(), 10);
    for new in [2, u128::MAX / 1_000_000_000 + 2, u128::MAX] {
        assert_eq!(Average::begun(Value::new(1), 0).observe(Value::new(new), DAY, 10), Ok(two), "{new}");
    }
    // A difference of 2^128 / 10^9 fits no deviation, twice 2^127 no price, and 2^127 - 1 no sum.
    let difference = u128::MAX / 1_000_000_000;
    assert!(Average::begun(Value::new(difference + 1), 0).observe(Value::new(1), DAY, 10).is_ok());
    for (old, new) in [(difference + 2, 1), (u128::MAX, 1), (u128::MAX, u128::MAX), (1 << 127, 1 << 127)] {
        let average = Average::begun(Value::new(old), 0);
        assert_eq!(average.observe(Value::new(new), DAY, 10), Err(Error::InvalidPrice), "{old} {new}");
    }
    let most = Value::new((1 << 127) - 1);
    assert_eq!(Average::begun(most, 0).observe(most, DAY, 10), Err(Error::InvalidPrice));
}

/// A price of so many cents, so far to each side.
fn cents(price: u64, confidence: u64) -> Quote {
    Quote { price, confidence, exponent: -2 }
}

#[test]
fn price_above_the_average_by_hand() {
    let average = Average::begun(dollars(10), 0);
    let ten = Quote::of_value(dollars(10), Value::ZERO).unwrap();
    let limit = Bps::new(1_000);
    // price and confidence in cents: whether it counts the average
    let table = [
        (cents(1_000, 0), false),
        (cents(1_100, 0), false), // exactly at the limit
        (cents(1_101, 0), true),
        (cents(1_101, 100), true),    // the lower side is 10.01
        (cents(1_101, 101), false),   // it is 10.00: the lower side counts less already
        (cents(1_101, 1_100), false), // and much less
        (cents(900, 0), false),
        (cents(1, 0), false),
        (cents(1_000_000, 0), true),
    ];
    for (quote, far) in table {
        assert_eq!(average.cap(quote, limit), Ok(if far { ten } else { quote }), "{quote:?}");
    }
    // No premium at all, and any.
    assert_eq!(average.cap(cents(1_001, 0), Bps::ZERO), Ok(ten));
    assert_eq!(average.cap(cents(1_000, 0), Bps::ZERO), Ok(cents(1_000, 0)));
    // 2^32 - 1 basis points are 429,496.7295 times the average, on top of it: 4,294,977.295 USD.
    assert_eq!(average.cap(cents(429_497_729, 0), Bps::new(u32::MAX)), Ok(cents(429_497_729, 0)));
    assert_eq!(average.cap(cents(429_497_730, 0), Bps::new(u32::MAX)), Ok(ten));
}

#[test]
fn price_below_the_average_by_hand() {
    let average = Average::begun(dollars(10), 0);
    let ten = Quote::of_value(dollars(10), Value::ZERO).unwrap();
    let limit = Bps::new(1_000);
    let table = [
        (cents(1_000, 0), false),
        (cents(900, 0), false), // exactly at the limit
        (cents(899, 0), true),
        (cents(899, 100), true),  // the upper side is 9.99
        (cents(899, 101), false), // it is 10.00: the upper side counts more already
        (cents(899, 9_000), false),
        (cents(1_100, 0), false),
        (cents(1_000_000, 0), false),
        (cents(1, 0), true),
    ];
    for (quote, far) in table {
        assert_eq!(average.floor(quote, limit), Ok(if far { ten } else { quote }), "{quote:?}");
    }
    // A limit of 100 % or more: no price is that far below.
    for limit in [Bps::ONE, Bps::new(u32::MAX)] {
        assert_eq!(average.floor(cents(1, 0), limit), Ok(cents(1, 0)));
    }
    assert_eq!(average.floor(cents(999, 0), Bps::ZERO), Ok(ten));
}

#[test]
fn without_an_average_a_price_counts_itself() {
    for quote in [cents(1, 0), cents(u64::MAX, 0), cents(5, 5), cents(0, 0)] {
        assert_eq!(Average::default().cap(quote, Bps::ZERO), Ok(quote));
        assert_eq!(Average::default().floor(quote, Bps::ZERO), Ok(quote));
    }
    // With one, a price that is none is refused.
    let average = Average::begun(dollars(10), 0);
    assert_eq!(average.cap(cents(0, 0), Bps::ZERO), Err(Error::InvalidPrice));
    assert_eq!(average.floor(Quote { exponent: 100, ..cents(1, 0) }, Bps::ZERO), Err(Error::InvalidPrice));
}

proptest! {
    #![proptest_config(cases(3_000))]

    /// One observation against exact numbers: the average rounded down, the variance rounded down, of a deviation
    /// rounded down.
    #[test]
    fn observing_agrees_with_the_model(
        (old, new) in prop_oneof![(1..=MOST, 0..=MOST), (1..=1_000_u128, 0..=1_000_u128)], variance in any_size(),
        horizon in horizon(),
        passed in prop_oneof![-10_i64..100, 0_i64..10_000_000], since in -1_000_i64..2_000_000_000,
    ) {
        let before = at(Value::new(old), variance, since);
        let after = before.observe(Value::new(new), horizon, since + passed).unwrap();
        let exact = Exact::of(&before).observe(new, horizon, since + passed, billionths);
        prop_assert_eq!(int(after.price.get()), down(&exact.price));
        prop_assert_eq!(int(after.variance), down(&exact.variance()).min(int(u64::MAX)));
        prop_assert_eq!(after.at, exact.at);
        // What the deviation's rounding costs: less than 2 * 10^9 * 8/81, and the variance's less than one, in 10^-18:
        // 2 * 10^8.
        let unrounded = Exact::of(&before).observe(new, horizon, since + passed, |deviation| deviation);
        let lost = unrounded.variance() - whole(after.variance);
        prop_assert!(lost >= whole(0) || after.variance == u64::MAX);
        prop_assert!(lost < whole(NANO / 5) || after.variance == u64::MAX, "variance is off by {}", lost);
        prop_assert!(u128::from(after.deviation()).pow(2) <= after.variance.into());
    }

    /// Over a history of prices up to twice the average each observation adds less than 10^-18 USD of rounding and
    /// forgets its part of what was there: it all stays below one plus a horizon's seconds over the seconds between two
    /// observations, which are at least one.
    #[test]
    fn averages_drift_by_less_than_a_horizon(
        parts in prop::collection::vec((prop_oneof![0_u128..=20_000, Just(20_000), Just(0)], 0_i64..20_000), 1..24),
        first in 1..=MOST,
        horizon in horizon(),
    ) {
        let mut average = Average::begun(Value::new(first), 0);
        let mut exact = whole(first);
        let mut now = 0;
        for (part, passed) in parts {
            let price = (average.price.get() * part / 10_000).max(1);
            now += passed;
            average = average.observe(Value::new(price), horizon, now).unwrap();
            let seconds = passed.min(i64::from(horizon / 8));
            exact += (whole(price) - &exact) * ratio(seconds, seconds + i64::from(horizon));
            let lost = &exact - whole(average.price.get());
            prop_assert!(lost >= whole(0) && lost < whole(horizon) + whole(1), "off by {}", lost);
        }
    }

    /// Over a history of any prices what was rounded off grows with the average while prices count as twice it, but
    /// never faster: each observation loses less than one part of the average after it.
    #[test]
    fn averages_lose_less_than_a_part_of_themselves_each_time(
        prices in prop::collection::vec((prop_oneof![1..=MOST, 1..=1_000_000_u128], 0_i64..20_000), 1..24),
        first in prop_oneof![1..=MOST, 1..=1_000_000_u128], horizon in horizon(),
    ) {
        let mut average = Average::begun(Value::new(first), 0);
        let mut exact = Exact::of(&average);
        let (mut now, mut room) = (0, Rational::one());
        for (price, passed) in prices {
            now += passed;
            average = average.observe(Value::new(price), horizon, now).unwrap();
            exact = Exact { variance: Rational::one(), ..exact.observe(price, horizon, now, |deviation| deviation) };
            let found = whole(average.price.get());
            room *= Rational::one() + found.recip();
            prop_assert!(found <= exact.price && exact.price <= &found * &room, "{} for {}", found, exact.price);
        }
    }

    /// `bounded-risk`: whatever the silence before, one observation moves the average by at most a ninth of the way.
    #[test]
    fn one_observation_is_at_most_a_ninth(
        (old, new) in prop_oneof![(1..=MOST, 0..=MOST), (1..=10_000_u128, 0..=10_000_u128)], variance in any_size(),
        horizon in horizon(),
        (since, now) in prop_oneof![(any::<i64>(), any::<i64>()), (0_i64..2_000_000_000, 0_i64..2_000_000_000)],
    ) {
        let before = at(Value::new(old), variance, since);
        let after = before.observe(Value::new(new), horizon, now).unwrap();
        let moved = whole(after.price.get()) - whole(old);
        let way = whole(new) - whole(old);
        // Rounded down: up by at most a ninth, down by at most a ninth and less than one.
        let room = if way < whole(0) { whole(1) } else { whole(0) };
        prop_assert!(
            moved.abs() * whole(9) <= way.abs() + room * whole(9),
            "bounded-risk: moved by {} of {}",
            moved,
            way
        );
        prop_assert!(old.min(new) <= after.price.get() && after.price.get() <= old.max(new), "bounded-risk");
        // Nor does the variance rise by more than a ninth of the deviation's square, at most one.
        prop_assert!(int(after.variance) <= int(variance) + NANO * NANO / 9, "bounded-risk");
    }

    /// `bounded-risk`: whatever the price and the silence before, one observation moves the average up by at most a
    /// ninth of itself, and what is above twice the average counts as that; so in `n` looks, and in `t` seconds, it
    /// gains no more than that of each.
    #[test]
    fn one_observation_raises_by_at_most_a_ninth_of_itself(
        old in prop_oneof![1..=MOST, 1..=10_000_u128],
        news in prop::collection::vec((prop_oneof![any_value(), any::<u128>()], any::<bool>()), 1..20),
        variance in any_size(), horizon in horizon(),
        passed in prop_oneof![0_i64..100, 0_i64..10_000_000, Just(i64::MAX / 100)],
    ) {
        let (mut average, mut most, mut now) = (at(Value::new(old), variance, 0), whole(old), 0);
        for (new, silent) in news {
            let before = average;
            let waited = if silent { passed } else { 1 };
            now += waited;
            average = before.observe(Value::new(new), horizon, now).unwrap();
            if before.price == Value::ZERO {
                break; // begun anew
            }
            prop_assert!(
                int(average.price.get()) * 9 <= int(before.price.get()) * 10,
                "bounded-risk: {} after {:?}",
                new,
                before
            );
            let twice = Value::new(new.min(2 * before.price.get()));
            prop_assert_eq!(before.observe(twice, horizon, now), Ok(average), "bounded-risk: more than double counts");
            let seconds = waited.min(i64::from(horizon / 8));
            most *= Rational::one() + ratio(seconds, seconds + i64::from(horizon));
            prop_assert!(whole(average.price.get()) <= most, "bounded-risk: at {}", now);
        }
    }

    /// `bounded-risk`: whoever refreshes once at `k` times the average, after any silence, and borrows in the same
    /// second has their collateral count for at most ten ninths of that average, or for what is within the premium of
    /// the average after.
    #[test]
    fn one_refresh_then_a_loan_counts_at_most_ten_ninths(
        (old, exponent) in (prop_oneof![1_u64..=1_000_000_000_000_000, 1_u64..=10_000], -18_i32..=-6),
        new in prop_oneof![3 => (0_u64..30_000).prop_map(Some), 1 => Just(None)],
        (any_price, confidence) in (any_size(), 0_u64..=10_000),
        variance in any_size(), horizon in horizon(), silence in prop_oneof![0_i64..100, 0_i64..10_000_000],
        limit in 0_u32..=8_000,
    ) {
        // At `k` ten-thousandths, or anywhere.
        let price = new.map_or(any_price, |k| u64::try_from(u128::from(old) * u128::from(k) / 10_000).unwrap());
        let confidence = u64::try_from(u128::from(price) * u128::from(confidence) / 10_000).unwrap();
        let quote = Quote { price, confidence, exponent };
        let Ok(value) = quote.value() else { return Ok(()) };
        let unit = |exponent: i32| whole(int(10).pow(u32::try_from(exponent + 18).unwrap()));
        let mean = whole(old) * unit(exponent);
        let before = at(Value::new(mean.to_integer().to_u128().unwrap()), variance, 0);
        let after = before.observe(value, horizon, silence).unwrap();
        let Ok(counts) = after.cap(quote, Bps::new(limit)) else { return Ok(()) };
        let lower = whole(int(counts.price) - counts.confidence) * unit(counts.exponent);
        // A price counts itself if `k <= (1 + premium) (1 + (k - 1) / 9)`, so up to `8 (1 + premium) / (8 - premium)`,
        // which is at most two for a premium of at most 80 %.
        let premium = bps(Bps::new(limit));
        let itself = whole(8) * (whole(1) + &premium) / (whole(8) - premium);
        let ten_ninths = ratio(10, 9);
        prop_assert!(lower <= &mean * itself.max(ten_ninths.clone()), "bounded-risk: counts {} after {}", lower, mean);
        // So for a premium of up to 9.75 %, and for twice the price or more whatever the premium.
        if limit <= 975 || price > 2 * old {
            prop_assert!(lower <= mean * ten_ninths, "bounded-risk: counts {} at {}", lower, price);
        }
    }

    /// `bounded-risk`: however often it is watched, in `t` seconds a price gains at most `t / horizon` of the average,
    /// and watching twice in a second is watching once.
    #[test]
    fn nobody_gains_by_watching_often(
        (old, new) in (1_000_000..=MOST, 0..=MOST), horizon in horizon(),
        times in prop::collection::vec(0_i64..60, 1..80),
        every_second in any::<bool>(),
    ) {
        let mut average = Average::begun(Value::new(old), 0);
        let mut now = 0;
        for passed in &times {
            now += if every_second { 1 } else { *passed };
            average = average.observe(Value::new(new), horizon, now).unwrap();
            prop_assert_eq!(
                average.observe(Value::new(old / 2), horizon, now),
                Ok(average),
                "bounded-risk: twice a second"
            );
        }
        let way = (whole(new) - whole(old)).abs();
        let moved = (whole(average.price.get()) - whole(old)).abs();
        // Each call rounds by less than one.
        let most = way * ratio(now, horizon) + whole(times.len());
        prop_assert!(moved <= most, "bounded-risk: moved by {} in {} s", moved, now);
    }

    /// From 10^-18 to 10^9 USD nothing fails and nothing leaves its range.
    #[test]
    fn averages_of_any_price_are_between_it_and_what_was(
        (old, new) in (any_value(), any_value()), variance in any_size(), horizon in horizon(),
        (since, now) in (any::<i64>(), any::<i64>()),
    ) {
        let before = at(Value::new(old), variance, since);
        match before.observe(Value::new(new), horizon, now) {
            Ok(after) if old == 0 => prop_assert_eq!(after, Average::begun(Value::new(new), now)),
            Ok(after) => prop_assert!(old.min(new) <= after.price.get() && after.price.get() <= old.max(new)),
            Err(error) => {
                prop_assert_eq!(error, Error::InvalidPrice);
                // Whatever the price is above a sound average.
                prop_assert!(old > 100 * MOST, "refused {} after {}", new, old);
            }
        }
    }

    #[test]
    fn nothing_panics(
        (old, new) in (any::<u128>(), any::<u128>()), variance in any::<u64>(), horizon in any::<u32>(),
        (since, now) in (any::<i64>(), any::<i64>()),
        (digits, confidence) in (any_size(), any_size()), exponent in -60_i32..60, limit in any::<u32>(),
    ) {
        let average = at(Value::new(old), variance, since);
        let _ = average.observe(Value::new(new), horizon, now);
        let quote = Quote { price: digits, confidence, exponent };
        let _ = (average.cap(quote, Bps::new(limit)), average.floor(quote, Bps::new(limit)));
        let _ = (average.deviation(), average.deviation_with(&average));
    }

    /// The guard against exact numbers: whether a price counts the average, and that this never counts for more than
    /// the price as collateral, or for less as debt.
    #[test]
    fn guard_is_on_the_conservative_side(
        average in prop_oneof![1..=MOST, 1..=1_000_000_u128], part in 0_u64..40_000, confidence in 0_u64..12_000,
        exponent in -12_i32..=0,
        limit in prop_oneof![0_u32..30_000, Just(0)],
    ) {
        // Digits for a price near the average.
        let exact = whole(average) * ratio(part, 10_000) / whole(int(10).pow(u32::try_from(exponent + 18).unwrap()));
        let Some(price) = down(&exact).to_u64().filter(|price| *price > 0) else { return Ok(()) };
        let confidence = u64::try_from(u128::from(price) * u128::from(confidence) / 10_000).unwrap_or(u64::MAX);
        let quote = Quote { price, confidence, exponent };
        let Some(upper) = price.checked_add(confidence) else { return Ok(()) };
        let unit = int(10).pow(u32::try_from(exponent + 18).unwrap());
        let value = |digits: u64| whole(unit.clone() * digits);
        let known = at(Value::new(average), 0, 0);
        let mean = whole(average);
        let limit = Bps::new(limit);

        let above =
            value(price) > &mean * (Rational::one() + bps(limit)) && value(price.saturating_sub(confidence)) > mean;
        let below = value(price) < &mean * (Rational::one() - bps(limit)) && value(upper) < mean;
        let as_average = Quote::of_value(Value::new(average), Value::ZERO);
        if above && confidence < price {
            prop_assert_eq!(known.cap(quote, limit), as_average);
        }
        if below {
            prop_assert_eq!(known.floor(quote, limit), as_average);
        }
        if !above && confidence < price {
            prop_assert_eq!(known.cap(quote, limit), Ok(quote));
        }
        if !below {
            prop_assert_eq!(known.floor(quote, limit), Ok(quote));
        }
        // The sides that count, in 10^-18 USD.
        let side = |quote: Quote, digits: BigInt| {
            whole(digits) * whole(int(10).pow(u32::try_from(quote.exponent + 18).unwrap()))
        };
        if let Ok(counts) = known.cap(quote, limit) {
            let lower = side(counts, int(counts.price) - counts.confidence);
            prop_assert!(lower <= side(quote, int(quote.price) - quote.confidence), "counts for more");
        }
        if let Ok(counts) = known.floor(quote, limit) {
            let upper = side(counts, int(counts.price) + counts.confidence);
            prop_assert!(upper >= side(quote, int(quote.price) + quote.confidence), "counts for less");
        }
    }
}
