//! Values and quotes.

use backstop_engine::{
    Error,
    price::{Price, Quote, Value},
    quantity::Bps,
};
use num_bigint::BigInt;
use num_traits::{Signed as _, ToPrimitive as _, Zero as _};
use proptest::prelude::*;

use crate::{
    model,
    strategies::{any_size, any_value, cases},
};

const USD: u128 = 1_000_000_000_000_000_000;

#[test]
fn value_by_hand() {
    // digits, exponent, decimals, units, down, up
    let table = [
        // 30 USD a token of nine decimals: two tokens are 60 USD.
        (3_000_000_000, -8, 9, 2_000_000_000, 60 * USD, 60 * USD),
        // A token without decimals at 12.34 USD: one is 12.34 USD.
        (1_234, -2, 0, 1, 1_234 * USD / 100, 1_234 * USD / 100),
        // Eighteen decimals at 1 USD: a base unit is 10^-18 USD, the unit of a value.
        (1, 0, 18, 7, 7, 7),
        // Eighteen decimals at 0.15 USD: 7 base units are 1.05 of them.
        (15, -2, 18, 7, 1, 2),
        // Twenty decimals at 3 USD: 150 units are 4.5 of them.
        (3, 0, 20, 150, 4, 5),
        // The least price, 10^-19: 2^64 - 1 units are 1.84.
        (1, -19, 18, u64::MAX, 1, 2),
        (1, -19, 18, 1, 0, 1),
        // Nothing is worth nothing.
        (u64::MAX, 1, 0, 0, 0, 0),
    ];
    for (digits, exponent, decimals, units, down, up) in table {
        let price = Price::new(digits, exponent, decimals).unwrap();
        assert_eq!(price.value_down(units), Ok(Value::new(down)), "{digits}e{exponent} {decimals} {units}");
        assert_eq!(price.value_up(units), Ok(Value::new(up)), "{digits}e{exponent} {decimals} {units}");
    }
}

#[test]
fn units_by_hand() {
    // 30 USD a token of nine decimals: 10 USD buy a third of a token.
    let sol = Price::new(30, 0, 9).unwrap();
    let ten = Value::from_micro_usd(10_000_000);
    assert_eq!((sol.units_down(ten), sol.units_up(ten)), (Ok(333_333_333), Ok(333_333_334)));
    // 60 USD buy exactly two.
    let sixty = Value::from_micro_usd(60_000_000);
    assert_eq!((sol.units_down(sixty), sol.units_up(sixty)), (Ok(2_000_000_000), Ok(2_000_000_000)));
    // The least value buys nothing, or needs one unit.
    assert_eq!((sol.units_down(Value::new(1)), sol.units_up(Value::new(1))), (Ok(0), Ok(1)));
    assert_eq!((sol.units_down(Value::ZERO), sol.units_up(Value::ZERO)), (Ok(0), Ok(0)));
    // More than 2^64 units are told as 2^64 - 1: twenty decimals at 1 USD, a unit is 0.01, so 2^64 / 100 + 1 is too
    // much.
    let fine = Price::new(1, 0, 20).unwrap();
    let much = Value::new((1 << 64) / 100 + 1);
    assert_eq!((fine.units_down(much), fine.units_up(much)), (Ok(u64::MAX), Ok(u64::MAX)));
}

#[test]
fn extreme_prices_are_errors_not_panics() {
    assert_eq!(Price::new(0, 0, 6), Err(Error::InvalidPrice));
    // 10^19 is the largest power of ten of 64 bits: it is allowed to both sides. 18 - 6 = 12 comes on top of the
    // exponent.
    assert!(Price::new(1, 7, 6).is_ok() && Price::new(1, -31, 6).is_ok());
    for exponent in [8, -32, 27, -51, i32::MAX, i32::MIN, i32::MAX - 11, i32::MIN + 11] {
        assert_eq!(Price::new(1, exponent, 6), Err(Error::InvalidPrice), "{exponent}");
    }
    // The same from decimals alone: 18 - 37 = -19; 18 - 255 is far below.
    assert!(Price::new(1, 0, 37).is_ok());
    assert_eq!(Price::new(1, 0, 38), Err(Error::InvalidPrice));
    assert_eq!(Price::new(1, 0, 255), Err(Error::InvalidPrice));
    // (2^64 - 1) * 10^19 fits 128 bits, twice that does not and says so.
    let huge = Price::new(u64::MAX, 1, 0).unwrap();
    assert!(huge.value_down(1).is_ok() && huge.value_up(1).is_ok());
    assert_eq!(huge.value_down(2), Err(Error::MathOverflow));
    assert_eq!(huge.value_up(u64::MAX), Err(Error::MathOverflow));
    // 2^128 / (2^64 * 10^19) = 1.84
    let most = Value::new(u128::MAX);
    assert_eq!((huge.units_down(most), huge.units_up(most)), (Ok(1), Ok(2)));
    assert_eq!(Price::new(1, -19, 18).unwrap().units_up(most), Err(Error::MathOverflow));
}

#[test]
fn confidence_at_the_bounds() {
    let quote = |price, confidence| Quote { price, confidence, exponent: -2 };
    // 200 bps of 50,000 is 1,000.
    assert!(quote(50_000, 1_000).within(Bps::new(200)).is_ok());
    assert_eq!(quote(50_000, 1_001).within(Bps::new(200)), Err(Error::PriceUncertain));
    assert_eq!(quote(50_000, 1).within(Bps::ZERO), Err(Error::PriceUncertain));
    // A price of nothing is none, however certain.
    assert_eq!(quote(0, 0).within(Bps::new(200)), Err(Error::InvalidPrice));
    assert_eq!(quote(0, 1).within(Bps::new(u32::MAX)), Err(Error::InvalidPrice));
    assert!(quote(u64::MAX, u64::MAX).within(Bps::ONE).is_ok());
    assert!(quote(u64::MAX, u64::MAX).within(Bps::new(u32::MAX)).is_ok());
    // As wide as the price, or wider: no lower price, ever.
    assert_eq!(quote(7, 7).lower(6), Err(Error::InvalidPrice));
    assert_eq!(quote(7, 8).lower(6), Err(Error::InvalidPrice));
    // 500 - 1 and 500 + 1 cents.
    assert_eq!(quote(500, 1).lower(6), Price::new(499, -2, 6));
    assert_eq!(quote(500, 1).upper(6), Price::new(501, -2, 6));
    assert_eq!(quote(u64::MAX, 1).upper(6), Err(Error::InvalidPrice));
    assert_eq!(quote(0, 0).upper(6), Err(Error::InvalidPrice));
}

#[test]
fn values_overflow_as_errors() {
    let most = Value::new(u128::MAX);
    assert_eq!(most.plus(Value::new(1)), Err(Error::MathOverflow));
    assert_eq!(Value::ZERO.minus(Value::new(1)), Err(Error::MathOverflow));
    assert_eq!(most.weighted(Bps::new(2)), Err(Error::MathOverflow));
    assert_eq!(most.weighted(Bps::ZERO).map(|weighted| weighted.get()), Ok(0));
    let weighted = most.weighted(Bps::new(1)).unwrap();
    assert_eq!(weighted.plus(weighted), Err(Error::MathOverflow));
    assert_eq!(Value::ZERO.weighted(Bps::ONE).unwrap().minus(weighted), Err(Error::MathOverflow));
    // 2^64 - 1 micro-dollars times 10^12.
    assert_eq!(Value::from_micro_usd(u64::MAX).get(), u128::from(u64::MAX) * 1_000_000_000_000);
}

#[test]
fn two_feeds_by_hand() {
    let quote = |price, confidence, exponent| Quote { price, confidence, exponent };
    let first = quote(1_000, 10, -2); // 9.90 to 10.10 USD
    let limit = Bps::new(500);
    let table = [
        // Within the first: nothing changes.
        (quote(1_000, 10, -2), Ok(quote(1_000, 10, -2))),
        (quote(1_005, 0, -2), Ok(quote(1_000, 10, -2))),
        // 10.30 to 10.50: 9.90 to 10.50 in all. 9.50 to 9.70: 9.50 to 10.10.
        (quote(1_040, 10, -2), Ok(quote(1_020, 30, -2))),
        (quote(960, 10, -2), Ok(quote(980, 30, -2))),
        // An even and an odd end, 9.90 to 10.11: the middle is 10.005, so 10.00 and 0.11 to each side, from 9.89.
        (quote(1_011, 0, -2), Ok(quote(1_000, 11, -2))),
        // Two odd ones, 9.89 to 10.11.
        (quote(1_000, 11, -2), Ok(quote(1_000, 11, -2))),
        // The limit of 5 % is of the first price, the same to both sides, and exactly at it is within it: 9.90 to
        // 10.50, 9.50 to 10.10.
        (quote(1_050, 0, -2), Ok(quote(1_020, 30, -2))),
        (quote(950, 0, -2), Ok(quote(980, 30, -2))),
        (quote(1_051, 0, -2), Err(Error::PricesDisagree)),
        (quote(949, 0, -2), Err(Error::PricesDisagree)),
        // Intervals do not make prices agree.
        (quote(1_051, 900, -2), Err(Error::PricesDisagree)),
        // Fewer digits: 10, and 10.3 to 10.5.
        (quote(10, 0, 0), Ok(quote(1_000, 10, -2))),
        (quote(104, 1, -1), Ok(quote(1_020, 30, -2))),
        // More digits: 9.900 to 10.403 has its middle at 10.1515, 0.252 below the upper end.
        (quote(10_401, 2, -3), Ok(quote(10_151, 252, -3))),
        // An interval down to nothing; below it there is none, so 0 to 40.
        (quote(1_000, 1_000, -2), Ok(quote(1_000, 1_000, -2))),
        (quote(1_000, 3_000, -2), Ok(quote(2_000, 2_000, -2))),
    ];
    for (second, both) in table {
        assert_eq!(first.and(second, limit), both, "{second:?}");
    }
    // The first's interval the wider one: 8 to 12 covers 9.90 to 10.10.
    assert_eq!(quote(1_000, 200, -2).and(first, limit), Ok(quote(1_000, 200, -2)));
    // Nothing agrees with a price of nothing, but nothing.
    assert_eq!(quote(0, 0, 0).and(first, Bps::new(u32::MAX)), Err(Error::PricesDisagree));
    assert_eq!(first.and(quote(0, 0, 0), Bps::new(9_999)), Err(Error::PricesDisagree));
}

#[test]
fn feeds_that_fit_no_common_digits_are_refused() {
    let quote = |price, exponent| Quote { price, confidence: 0, exponent };
    // 10^19 fits 64 bits, 10^20 does not. From 1 to 10^19 the middle is 5 * 10^18 and a half.
    let half = 5 * 10_u64.pow(18);
    assert_eq!(quote(1, 0).and(quote(1, -19), Bps::new(u32::MAX)), Ok(Quote { confidence: half, ..quote(half, -19) }));
    for (first, second) in [
        (quote(1, 0), quote(1, -20)),
        (quote(2, 0), quote(1, -19)),
        (quote(1, i32::MAX), quote(1, i32::MIN)),
        (quote(1, i32::MIN), quote(1, i32::MAX)),
    ] {
        assert_eq!(first.and(second, Bps::new(u32::MAX)), Err(Error::InvalidPrice), "{first:?} {second:?}");
    }
    // Nor do intervals whose upper sides do not fit.
    let most = Quote { price: u64::MAX - 5, confidence: 5, exponent: -9 };
    assert_eq!(most.and(most, Bps::ZERO), Ok(most));
    let wider = Quote { confidence: 6, ..most };
    assert_eq!(most.and(wider, Bps::ZERO), Err(Error::InvalidPrice));
    assert_eq!(wider.and(most, Bps::ZERO), Err(Error::InvalidPrice));
}

#[test]
fn quotes_of_values_by_hand() {
    let of = |price, confidence| Quote::of_value(Value::new(price), Value::new(confidence));
    let quote = |price, confidence, exponent| Ok(Quote { price, confidence, exponent });
    let fine = 1_u128 << 60;
    assert_eq!(of(7, 3), quote(7, 3, -18));
    assert_eq!(of(fine, fine), quote(1 << 60, 1 << 60, -18));
    // 2^60 is 1,152,921,504 * 10^9 and something: what is cut off widens the interval by one.
    assert_eq!(of(fine + 1, 0), quote(1_152_921_504, 1, -9));
    assert_eq!(of(fine + 1, 1), quote(1_152_921_504, 2, -9));
    assert_eq!(of(30 * USD, 0), quote(30_000_000_000, 0, -9));
    assert_eq!(of(30 * USD + 1, USD), quote(30_000_000_000, 1_000_000_001, -9));
    // A wide interval takes digits from a fine price, down to none.
    assert_eq!(of(5, fine + 1), quote(0, 1_152_921_506, -9));
    // Up to 2^60 * 10^-9 USD.
    let most = fine * 1_000_000_000;
    assert_eq!(of(most, most), quote(1 << 60, 1 << 60, -9));
    assert_eq!(of(most + 999_999_999, 0), quote(1 << 60, 1, -9));
    for (price, confidence) in
        [(most + 1_000_000_000, 0), (0, most + 1), (u128::MAX, 0), (0, u128::MAX), (u128::MAX, u128::MAX)]
    {
        assert_eq!(of(price, confidence), Err(Error::InvalidPrice), "{price} {confidence}");
    }
}

#[test]
fn values_of_quotes_by_hand() {
    let value = |price, exponent| Quote { price, confidence: 9, exponent }.value();
    assert_eq!(value(3_000_000_000, -8), Ok(Value::new(30 * USD)));
    assert_eq!((value(7, -18), value(7, 0)), (Ok(Value::new(7)), Ok(Value::new(7 * USD))));
    // Rounded down, and nothing is no price.
    assert_eq!(
        (value(19, -19), value(9, -19), value(0, 0)),
        (Ok(Value::new(1)), Err(Error::InvalidPrice), Err(Error::InvalidPrice))
    );
    assert_eq!((value(1, 1), value(1, 2)), (Ok(Value::new(10 * USD)), Err(Error::InvalidPrice)));
    assert_eq!((value(u64::MAX, -37), value(u64::MAX, -38)), (Ok(Value::new(1)), Err(Error::InvalidPrice)));
    // (2^64 - 1) * 10^19 is the most.
    assert_eq!(value(u64::MAX, 1), Ok(Value::new(u128::from(u64::MAX) * 10_000_000_000_000_000_000)));
}

#[test]
fn exponents_at_the_bounds() {
    let quote = |exponent| Quote { price: u64::MAX, confidence: u64::MAX, exponent };
    for exponent in [-18, -17, -1, 0, 1] {
        assert_eq!(quote(exponent).within(Bps::ONE), Ok(quote(exponent)), "{exponent}");
        // What is too wide is told as that only if it is a price.
        assert_eq!(quote(exponent).within(Bps::new(9_999)), Err(Error::PriceUncertain), "{exponent}");
    }
    for exponent in [-19, 2, -20, 3, -38, 20, i32::MIN, i32::MAX] {
        for limit in [Bps::ZERO, Bps::ONE, Bps::new(u32::MAX)] {
            assert_eq!(quote(exponent).within(limit), Err(Error::InvalidPrice), "{exponent}");
        }
    }
    // The least and the largest price are whole numbers of 10^-18 USD.
    let value = |price, exponent| Quote { price, confidence: 0, exponent }.within(Bps::ZERO).unwrap().value();
    assert_eq!(value(1, -18), Ok(Value::new(1)));
    assert_eq!(value(u64::MAX, 1), Ok(Value::new(u128::from(u64::MAX) * 10 * USD)));
}

/// Both ends of an interval in 10^-40 USD; the lower one may be below zero.
fn ends(quote: Quote) -> (BigInt, BigInt) {
    let unit = model::int(10).pow(u32::try_from(quote.exponent + 40).unwrap());
    let (price, confidence) = (model::int(quote.price), model::int(quote.confidence));
    ((&price - &confidence) * &unit, (price + confidence) * unit)
}

proptest! {
    #![proptest_config(cases(2_000))]

    /// What two feeds say together is the least interval that covers both, as far as prices go: its upper side is the
    /// greater of both, its lower side the lesser of both, or a digit below it where both sides have no digit in their
    /// middle.
    #[test]
    fn both_intervals_are_covered(
        (price, exponent) in (any_size(), -20_i32..4), (apart, far) in (-12_000_i64..12_000, any_size()),
        more in -12_i32..=12,
        (confidence, second_confidence) in (any_size(), any_size()), narrow in any::<bool>(), limit in 0_u32..12_000,
    ) {
        let first =
            Quote { price, confidence: if narrow { confidence % (price / 8 + 1) } else { confidence }, exponent };
        // Near the first price in other digits, or anywhere.
        let near = model::whole(price) * model::ratio(10_000 + apart, 10_000) * model::whole(10).pow(more);
        let near = model::down(&near).to_u64().unwrap_or(far);
        let second_confidence = if narrow { second_confidence % (near / 8 + 1) } else { second_confidence };
        let second = Quote { price: near, confidence: second_confidence, exponent: exponent - more };
        let limit = Bps::new(limit);

        let worth = |quote: Quote| model::whole(quote.price) * model::whole(10).pow(quote.exponent);
        let agree = (worth(first) - worth(second)).abs() <= worth(first) * model::bps(limit);
        match first.and(second, limit) {
            Ok(both) => {
                prop_assert!(agree);
                prop_assert_eq!(both.exponent, exponent.min(exponent - more));
                let digit = model::int(10).pow(u32::try_from(both.exponent + 40).unwrap());
                let ((lower, upper), [(low, high), (second_low, second_high)]) =
                    (ends(both), [first, second].map(ends));
                prop_assert_eq!(&upper, &high.max(second_high), "upper side of {:?}", both);
                // No price is below zero, so no interval needs to reach there.
                let least = low.min(second_low).max(BigInt::zero());
                let odd = (&least + &upper) / &digit % 2_u32;
                prop_assert_eq!(lower, least - odd * digit, "lower side of {:?}", both);
                // In the other order it is the same.
                let back = second.and(first, Bps::new(u32::MAX));
                prop_assert!(back == Ok(both) || back == Err(Error::PricesDisagree), "{:?} the other way", back);
            }
            Err(Error::PricesDisagree) => prop_assert!(!agree),
            Err(error) => {
                prop_assert_eq!(error, Error::InvalidPrice);
                let common = |quote: Quote| {
                    ends(quote).1 / model::int(10).pow(u32::try_from(exponent.min(exponent - more) + 40).unwrap())
                };
                let most = common(first).max(common(second));
                prop_assert!(most > model::int(u64::MAX), "{most} fits");
            }
        }
    }

    /// What [`Quote::within`] lets pass is worth exactly a whole number of 10^-18 USD, and so is what two such quotes
    /// say together; it lets nothing else pass, and nothing wider.
    #[test]
    fn quotes_within_are_exact_values(
        (price, confidence) in (any_size(), any_size()),
        exponent in prop_oneof![-20_i32..=-16, -1_i32..=3, -40_i32..40],
        limit in prop_oneof![0_u32..20_000, Just(u32::MAX)], more in 0_i32..3,
    ) {
        let quote = Quote { price, confidence, exponent };
        let valid = price > 0 && exponent > -19 && exponent < 2;
        let narrow = model::whole(confidence) <= model::whole(price) * model::bps(Bps::new(limit));
        let expected = if !valid {
            Err(Error::InvalidPrice)
        } else if !narrow {
            Err(Error::PriceUncertain)
        } else {
            Ok(quote)
        };
        prop_assert_eq!(quote.within(Bps::new(limit)), expected);
        if expected.is_ok() {
            let exact = model::whole(price) * model::whole(10).pow(exponent + 18);
            prop_assert_eq!(quote.value().map(|value| model::whole(value.get())), Ok(exact));
            let finer = Quote { exponent: (exponent - more).max(-18), ..quote };
            if let Ok(both) = quote.and(finer, Bps::new(u32::MAX)).or_else(|_| finer.and(quote, Bps::new(u32::MAX))) {
                prop_assert!(both.within(Bps::new(u32::MAX)).is_ok(), "{:?} passes, not {:?}", quote, both);
            }
        }
    }

    /// A quote of a value has its price rounded down, by less than 10^-9 USD, and covers the exact interval.
    #[test]
    fn quotes_of_values_are_never_narrower(
        price in any_value(), confidence in prop_oneof![any_value(), Just(0), 0_u128..1 << 70],
    ) {
        let fits = |value: u128| value < (1 << 60) * 1_000_000_000;
        let Ok(quote) = Quote::of_value(Value::new(price), Value::new(confidence)) else {
            prop_assert!(
                !fits(price) || !fits(confidence.saturating_add(1_000_000_000)),
                "{} +- {} is refused",
                price,
                confidence
            );
            return Ok(());
        };
        let power = model::int(10).pow(22);
        let (lower, upper) = ends(quote);
        prop_assert!(
            lower <= (model::int(price) - confidence) * &power && (model::int(price) + confidence) * &power <= upper
        );
        // And by less than 3 * 10^-9 USD wider to each side: the price, the confidence and what widens it are cut or
        // rounded up to 10^-9.
        let exact = quote.exponent == -18;
        let most = if exact { model::int(0) } else { model::int(3_000_000_000_u64) * &power };
        prop_assert!(
            (model::int(price) - confidence) * &power - &lower <= most
                && &upper - (model::int(price) + confidence) * &power <= most
        );
        prop_assert_eq!(exact, price <= 1 << 60 && confidence <= 1 << 60);
        // The way back: the price itself, but for what was cut off.
        if let Ok(value) = quote.value() {
            let cut = price - value.get();
            prop_assert!(if exact { cut == 0 } else { cut < 1_000_000_000 }, "{} is cut off", cut);
        }
    }

    #[test]
    fn quotes_never_panic(
        (a, b, c, d) in (any_size(), any_size(), any_size(), any_size()), (e, f) in (any::<i32>(), any::<i32>()),
        limit in any::<u32>(),
        (value, confidence) in (any::<u128>(), any::<u128>()),
    ) {
        let (first, second) =
            (Quote { price: a, confidence: b, exponent: e }, Quote { price: c, confidence: d, exponent: f });
        let _ = (first.and(second, Bps::new(limit)), first.within(Bps::new(limit)), first.value());
        let _ = Quote::of_value(Value::new(value), Value::new(confidence));
    }

    #[test]
    fn prices_agree_with_the_model(
        digits in any_size(), exponent in -30_i32..=20, decimals in 0_u8..=20, units in any_size(),
        value in (any_size(), any_size()).prop_map(|(high, low)| (u128::from(high) << 64) | u128::from(low)),
    ) {
        let power = exponent + 18 - i32::from(decimals);
        let Ok(price) = Price::new(digits, exponent, decimals) else {
            prop_assert!(digits == 0 || power.abs() > 19);
            return Ok(());
        };
        prop_assert!(digits > 0 && power.abs() <= 19);
        let exact = model::unit_price(digits, exponent, decimals);
        let worth = &exact * model::whole(units);
        for (found, expected) in
            [(price.value_down(units), model::down(&worth)), (price.value_up(units), model::up(&worth))]
        {
            prop_assert_eq!(found, expected.to_u128().map(Value::new).ok_or(Error::MathOverflow));
        }
        let count = model::whole(value) / exact;
        for (found, expected) in [
            (price.units_down(Value::new(value)), model::down(&count)),
            (price.units_up(Value::new(value)), model::up(&count)),
        ] {
            // An intermediate product may overflow; else it is exact, or the most there is.
            if let Ok(found) = found {
                prop_assert_eq!(found, expected.to_u64().unwrap_or(u64::MAX));
            } else {
                prop_assert!(power.abs() > 18 || value > u128::MAX / 1_000_000_000_000_000_000);
            }
        }
    }
}
