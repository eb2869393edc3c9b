//! Health: exactly at a limit is within it.

use backstop_engine::{
    Error,
    health::{Health, Holding},
    price::{Price, Value},
    quantity::{Bps, Units},
};
use proptest::prelude::*;

use crate::{
    given::{any_size, cases, dollars, tokens, usdc},
    model,
};

/// Ten tokens at 30 USD: 225 USD may be borrowed, 240 USD carried.
fn owes(debt: Value) -> Health {
    Health::of_debt(debt).with(&tokens(10, 3_000, 7_500, 8_000)).unwrap()
}

#[test]
fn sums_by_hand() {
    // 10 * 30 and 4 * 50 USD: 500 in all; borrowing 300 * 75 % + 200 * 50 % = 325; carrying 300 * 80 % + 200 * 60 % = 360.
    let health = owes(dollars(100)).with(&tokens(4, 5_000, 5_000, 6_000)).unwrap();
    assert_eq!(health.collateral, dollars(500));
    assert_eq!(health.borrow_limit.get(), dollars(325).get() * 10_000);
    assert_eq!(health.liquidation_limit.get(), dollars(360).get() * 10_000);
    assert_eq!((health.factor_bps(), health.coverage_bps()), (36_000, Ok(50_000)));
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
    assert_eq!((free.factor_bps(), free.coverage_bps()), (u64::MAX, Ok(u64::MAX)));
    assert_eq!((free.require_borrowable(), free.is_liquidatable()), (Ok(()), Ok(false)));
    assert_eq!(Health::default().require_unrecoverable(Value::ZERO), Err(Error::ObligationHealthy));
}

#[test]
fn unrecoverable_is_told_by_value() {
    let broke = Health::of_debt(dollars(100));
    // Nothing at all, and a scrap of 10^-18 USD against a dust value of as much.
    assert_eq!(broke.require_unrecoverable(Value::ZERO), Ok(()));
    let scrap = Holding { units: Units::new(1), price: Price::new(1, 0, 18).unwrap(), ..tokens(0, 1, 7_500, 8_000) };
    let scraped = broke.with(&scrap).unwrap();
    assert_eq!(scraped.require_unrecoverable(Value::new(1)), Ok(()));
    assert_eq!(scraped.require_unrecoverable(Value::ZERO), Err(Error::CollateralRemains));
    // Healthy comes first: with dust of 1,000 USD a sound debt of 240 USD is still not recorded.
    assert_eq!(owes(dollars(240)).require_unrecoverable(dollars(1_000)), Err(Error::ObligationHealthy));
    assert_eq!(owes(dollars(241)).require_unrecoverable(dollars(299)), Err(Error::CollateralRemains));
    assert_eq!(owes(dollars(241)).require_unrecoverable(dollars(300)), Ok(()));
}

#[test]
fn debt_of_one_unit_against_nothing_is_liquidatable() {
    let health = Health::of_debt(usdc().value_up(1).unwrap());
    assert_eq!((health.is_liquidatable(), health.factor_bps(), health.coverage_bps()), (Ok(true), 0, Ok(0)));
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
        let holding = |units, cents| Holding { units: Units::new(units), ..tokens(0, cents, low.min(high), low.max(high)) };
        let (first, second) = (holding(first, cents), holding(second, cents / 7 + 1));
        let debt = usdc().value_up(debt).unwrap();
        let health = Health::of_debt(debt).with(&first).unwrap().with(&second).unwrap();

        // Nine decimals at cents: a base unit is cents * 10^7 of 10^-18 USD, so nothing is rounded.
        let value: num_bigint::BigInt = model::int(first.units.get()) * cents + model::int(second.units.get()) * (cents / 7 + 1);
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
}
