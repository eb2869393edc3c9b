//! Health: exactly at a limit is within it. What is missing of a debt, what it counts for, and what is too little to
//! count.

use backstop_engine::{
    Error,
    health::{Health, Holding, debt_to_secure, is_negligible},
    price::{Price, Value},
    quantity::{Assets, Bps, Units},
};
use proptest::prelude::*;

use crate::{
    model,
    strategies::{any_size, any_value, bonus, cases, dollars, tokens, usdc},
};

/// Ten tokens at 30 USD: 225 USD may be borrowed, 240 USD carried.
fn owes(debt: Value) -> Health {
    Health::of_debt(debt).with(&tokens(10, 3_000, 7_500, 8_000)).unwrap()
}

#[test]
fn sums_by_hand() {
    // 10 * 30 and 4 * 50 USD: 500 in all; borrowing 300 * 75 % + 200 * 50 % = 325; carrying 300 * 80 % + 200 * 60 % =
    // 360.
    let health = owes(dollars(100)).with(&tokens(4, 5_000, 5_000, 6_000)).unwrap();
    assert_eq!(health.collateral, dollars(500));
    assert_eq!(health.borrow_limit.get(), dollars(325).get() * 10_000);
    assert_eq!(health.liquidation_limit.get(), dollars(360).get() * 10_000);
    assert_eq!(health.factor_bps(), 36_000);
    // At 5 % each: 300 / 1.05 = 285.714.. and 200 / 1.05 = 190.476..
    assert_eq!(health.proceeds.get(), 285_714_285_714_285_714_285 + 190_476_190_476_190_476_190);
}

#[test]
fn at_the_limit_is_within_it() {
    let hair = Value::new(1);
    assert_eq!(owes(dollars(225)).require_borrowable(), Ok(()));
    assert_eq!(owes(dollars(225).plus(hair).unwrap()).require_borrowable(), Err(Error::LoanToValueExceeded));
    assert_eq!(owes(dollars(240)).is_liquidatable(), Ok(false));
    assert_eq!(owes(dollars(240).plus(hair).unwrap()).is_liquidatable(), Ok(true));
    assert_eq!(owes(dollars(240)).factor_bps(), 10_000);
    assert_eq!(owes(dollars(240).plus(hair).unwrap()).factor_bps(), 9_999);
}

#[test]
fn no_debt_is_healthy() {
    let free = owes(Value::ZERO);
    assert_eq!((free.factor_bps(), Health::default().factor_bps()), (u64::MAX, u64::MAX));
    assert_eq!((free.require_borrowable(), free.is_liquidatable()), (Ok(()), Ok(false)));
    assert_eq!(free.shortfall(Assets::ZERO, &usdc()), Ok(Assets::ZERO));
    assert_eq!(Health::default().shortfall(Assets::ZERO, &usdc()), Ok(Assets::ZERO));
}

/// What is missing of 200 USDC against ten tokens at so many cents, which carry 80 % of their worth, at a bonus of 5 %.
fn short(cents: u64) -> u64 {
    let health = Health::of_debt(dollars(200)).with(&tokens(10, cents, 7_500, 8_000)).unwrap();
    health.shortfall(Assets::new(200_000_000), &usdc()).unwrap().get()
}

#[test]
fn shortfall_by_hand() {
    // At 25 USD the collateral of 250 carries it, at 24.99 it does not, but brings 249.9 / 1.05 = 238.
    assert_eq!((short(2_500), short(2_499)), (0, 0), "covered-is-never-lost");
    // 210 / 1.05 = 200 exactly; a cent less a token is 209.9 / 1.05 = 199.904761.9: rounded down, so 0.095239 is
    // missing.
    assert_eq!((short(2_100), short(2_099)), (0, 95_239), "covered-is-never-lost");
    // 105 / 1.05 = 100. A cent a token is 0.1 / 1.05 = 0.095238: however little there is, it counts.
    assert_eq!((short(1_050), short(1)), (100_000_000, 199_904_762), "covered-is-never-lost");
    // All of a debt with nothing behind it.
    let broke = Health::of_debt(dollars(200));
    assert_eq!(broke.shortfall(Assets::new(200_000_000), &usdc()), Ok(Assets::new(200_000_000)));
}

#[test]
fn each_collateral_brings_what_its_own_bonus_leaves() {
    // 105 / 1.05 + 150 / 1.5 + 30 = 230 of 300 are covered. They carry 52.5 + 75 + 15.
    let holding = |cents, least| Holding { bonus: bonus(least, 5_000), ..tokens(10, cents, 0, 5_000) };
    let all = [holding(1_050, 500), holding(1_500, 5_000), holding(300, 0)];
    let health = all.iter().fold(Health::of_debt(dollars(300)), |health, held| health.with(held).unwrap());
    assert_eq!(health.proceeds, dollars(230));
    assert_eq!(health.shortfall(Assets::new(300_000_000), &usdc()), Ok(Assets::new(70_000_000)));
    // At 2 USD a token of debt 115 of 150 are covered, at 0.70 328.57 of 300.
    let at = |cents| Price::new(cents, -2, 6).unwrap();
    assert_eq!(health.shortfall(Assets::new(150_000_000), &at(200)), Ok(Assets::new(35_000_000)));
    assert_eq!(health.shortfall(Assets::new(300_000_000), &at(70)), Ok(Assets::ZERO));
}

#[test]
fn a_debt_counts_for_at_least_the_minimum() {
    let count = |performing, unrecovered| {
        debt_to_secure(Assets::new(performing), Assets::new(unrecovered), Assets::new(100)).map(Assets::get)
    };
    let table = [(0, 0, 0), (1, 0, 100), (0, 1, 100), (60, 39, 100), (60, 40, 100), (60, 41, 101), (500, 0, 500)];
    for (performing, unrecovered, counts) in table {
        assert_eq!(count(performing, unrecovered), Ok(counts), "{performing} {unrecovered}");
    }
    assert_eq!(count(u64::MAX, 0), Ok(u64::MAX));
    assert_eq!(count(u64::MAX, 1), Err(Error::MathOverflow));
}

#[test]
fn negligible_by_hand() {
    // Dust of 10 USD: up to 1 USD at twice the average. 100 USD a token of nine decimals: 0.005 of it.
    let table = [
        (5_000_000, 9, 100, 10, true),
        (5_000_001, 9, 100, 10, false),
        (1, 0, 100, 10, false),
        (1, 0, 100, 2_000, true), // 200 of 200
        (1, 0, 100, 1_999, false),
        (5_000_000, 9, 100, 0, false), // nothing is dust
        (1, 9, 0, u64::MAX, false),    // no average: unknown
        (0, 9, 0, 0, true),
        (0, 9, 100, 0, true),
        (u64::MAX, 19, 0, 10, false),
    ];
    for (units, decimals, average, dust, negligible) in table {
        let found = is_negligible(Units::new(units), decimals, dollars(average), dollars(dust));
        assert_eq!(found, negligible, "{units} {decimals} {average} {dust}");
    }
    // The least average there is: 2^64 - 1 units of 10^-18 USD are 18.4 USD a whole token, 36.9 at twice that.
    let least = |decimals, dust| is_negligible(Units::new(u64::MAX), decimals, Value::new(1), Value::new(dust));
    assert!(!least(0, 20 * u128::from(u64::MAX) - 1) && least(0, 20 * u128::from(u64::MAX)));
    assert!(!least(19, 36) && least(19, 37)); // 20 * 1.8446 = 36.89
}

#[test]
fn debt_of_one_unit_against_nothing_is_liquidatable() {
    let health = Health::of_debt(usdc().value_up(1).unwrap());
    assert_eq!((health.is_liquidatable(), health.factor_bps()), (Ok(true), 0));
    assert_eq!(health.shortfall(Assets::new(1), &usdc()), Ok(Assets::new(1)));
}

#[test]
fn empty_holding_changes_nothing() {
    let health = owes(dollars(241));
    let empty = tokens(0, 1_000, 7_500, 8_000);
    assert_eq!(health.with(&empty), Ok(health));
    assert_eq!(health.after(dollars(241), &empty, Units::ZERO), Ok(health));
    // Taking all that there is leaves the debt alone.
    let holding = tokens(10, 3_000, 7_500, 8_000);
    assert_eq!(health.after(dollars(1), &holding, Units::ZERO), Ok(Health::of_debt(dollars(1))));
}

#[test]
fn underwater_starts_where_nothing_is_left_over() {
    // 300 USD of collateral.
    let hair = Value::new(1);
    assert!(!owes(dollars(300).minus(hair).unwrap()).is_underwater());
    assert!(owes(dollars(300)).is_underwater() && owes(dollars(301)).is_underwater());
}

#[test]
fn values_too_large_are_errors() {
    let vast =
        Holding { units: Units::new(u64::MAX), price: Price::new(u64::MAX, 0, 0).unwrap(), ..tokens(0, 1, 1, 1) };
    assert_eq!(Health::default().with(&vast), Err(Error::MathOverflow));
    assert_eq!(Health::of_debt(Value::new(u128::MAX)).is_liquidatable(), Err(Error::MathOverflow));
    assert_eq!(Health::of_debt(Value::new(u128::MAX)).require_borrowable(), Err(Error::MathOverflow));
    assert_eq!(Health::of_debt(Value::new(u128::MAX)).shortfall(Assets::new(1), &usdc()), Err(Error::MathOverflow));
    // Taking out what was never in.
    let holding = tokens(1, 100, 7_500, 8_000);
    assert_eq!(Health::of_debt(dollars(1)).after(dollars(1), &holding, Units::ZERO), Err(Error::MathOverflow));
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn health_agrees_with_the_model(
        debt in any_size(), first in 0_u64..=1 << 50, second in 0_u64..=1 << 50,
        cents in 1_u64..10_000_000, (low, high) in (0_u32..=10_000, 0_u32..=10_000),
    ) {
        let holding =
            |units, cents| Holding { units: Units::new(units), ..tokens(0, cents, low.min(high), low.max(high)) };
        let (first, second) = (holding(first, cents), holding(second, cents / 7 + 1));
        let debt = usdc().value_up(debt).unwrap();
        let health = Health::of_debt(debt).with(&first).unwrap().with(&second).unwrap();

        // Nine decimals at cents: a base unit is cents * 10^7 of 10^-18 USD, so nothing is rounded.
        let value: num_bigint::BigInt =
            model::int(first.units.get()) * cents + model::int(second.units.get()) * (cents / 7 + 1);
        let value: num_bigint::BigInt = value * 10_000_000;
        let owed = model::whole(debt.get());
        let limit = |weight| model::whole(value.clone()) * model::bps(Bps::new(weight));
        prop_assert_eq!(model::int(health.collateral.get()), value.clone());
        prop_assert_eq!(health.require_borrowable().is_ok(), owed <= limit(low.min(high)));
        prop_assert_eq!(health.is_liquidatable().unwrap(), owed > limit(low.max(high)));
        if debt > Value::ZERO {
            let factor = model::down(&(limit(low.max(high)) * model::whole(10_000) / &owed));
            prop_assert_eq!(health.factor_bps(), model::word(&factor).unwrap_or(u64::MAX));
        }
        // Taking part of a holding out is the same as never having had it.
        let kept = Units::new(first.units.get() / 3);
        let rest = Health::of_debt(debt).with(&second).unwrap().with(&Holding { units: kept, ..first }).unwrap();
        prop_assert_eq!(health.after(debt, &first, kept), Ok(rest));
    }
    /// Against exact rationals: worth at most a tenth of dust at twice the average. Where neither side fits 128 bits
    /// the holding counts.
    #[test]
    fn negligible_agrees_with_the_model(
        units in any_size(), decimals in 0_u8..=19, average in any_value(), dust in any_value(),
        (nudge, near) in (-2_i64..=2, any::<bool>()),
    ) {
        let whole_token = model::int(10).pow(u32::from(decimals));
        // Any dust, and one right at the edge: twenty times what the units are worth on average.
        let edge = model::up(&model::ratio(model::int(average) * units * 20, whole_token.clone())) + nudge;
        let dust = if near { u128::try_from(edge).unwrap_or(dust) } else { dust };
        let found = is_negligible(Units::new(units), decimals, Value::new(average), Value::new(dust));
        let twice = model::ratio(model::int(average) * units * 2, whole_token.clone());
        let expected = twice <= model::ratio(dust, 10);
        let most = model::int(u128::MAX);
        if units == 0 || average == 0 {
            prop_assert_eq!(found, units == 0);
        } else if model::int(average) * units * 20 > most && model::int(dust) * whole_token > most {
            prop_assert!(!found);
        } else {
            prop_assert_eq!(found, expected);
        }
    }
}
