//! Values and quotes.

use backstop_engine::{
    Error,
    price::{Price, Quote, Value},
    quantity::Bps,
};
use num_traits::ToPrimitive as _;
use proptest::prelude::*;

use crate::{
    given::{any_size, cases},
    model,
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
    // More than 2^64 units are told as 2^64 - 1: twenty decimals at 1 USD, a unit is 0.01, so 2^64 / 100 + 1 is too much.
    let fine = Price::new(1, 0, 20).unwrap();
    let much = Value::new((1 << 64) / 100 + 1);
    assert_eq!((fine.units_down(much), fine.units_up(much)), (Ok(u64::MAX), Ok(u64::MAX)));
}

#[test]
fn extreme_prices_are_errors_not_panics() {
    assert_eq!(Price::new(0, 0, 6), Err(Error::InvalidPrice));
    // 10^19 is the largest power of ten of 64 bits: it is allowed to both sides. 18 - 6 = 12 comes on top of the exponent.
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
    assert_eq!(quote(50_000, 1_001).within(Bps::new(200)), Err(Error::InvalidPrice));
    assert_eq!(quote(0, 0).within(Bps::new(200)), Err(Error::InvalidPrice));
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

proptest! {
    #![proptest_config(cases(2_000))]

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
