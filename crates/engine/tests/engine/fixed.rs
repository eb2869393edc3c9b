//! Fixed point: every function against exact numbers, at the edges by hand.

use backstop_engine::{
    Error,
    fixed::{Q64, mul_div_down, mul_div_up},
    quantity::{Assets, Bps},
};
use num_bigint::BigInt;
use num_traits::{ToPrimitive as _, Zero as _};
use proptest::prelude::*;

use crate::{
    model,
    strategies::{any_size, cases},
};

const MAX: u64 = u64::MAX;
/// Two and a half.
const FIVE_HALVES: Q64 = Q64::from_bits(5 << 63);
/// The smallest positive number.
const TINY: Q64 = Q64::from_bits(1);
/// The greatest number: just below 2^64.
const HUGE: Q64 = Q64::from_bits(u128::MAX);

fn any_q64() -> impl Strategy<Value = Q64> {
    (any_size(), any_size()).prop_map(|(high, low)| Q64::from_bits((u128::from(high) << 64) | u128::from(low)))
}

/// What must come out: the number, or an overflow beyond 64 bits.
fn fits(value: &BigInt) -> Result<u64, Error> {
    model::word(value)
}

#[test]
fn plus_adds_or_overflows() {
    assert_eq!(Q64::ONE.plus(Q64::ZERO), Ok(Q64::ONE));
    assert_eq!(HUGE.plus(Q64::ZERO), Ok(HUGE));
    assert_eq!(HUGE.plus(TINY), Err(Error::MathOverflow));
}

#[test]
fn mul_down_at_the_edges() {
    // 2.5 * 2.5 = 6.25, which is 25 quarters: 25 * 2^62.
    assert_eq!(FIVE_HALVES.mul_down(FIVE_HALVES), Ok(Q64::from_bits(25 << 62)));
    // 2^-64 * 2^-64 = 2^-128, below the resolution.
    assert_eq!(TINY.mul_down(TINY), Ok(Q64::ZERO));
    // 2^-64 * 2.5 = 2.5 units of the last place, rounded down to 2.
    assert_eq!(TINY.mul_down(FIVE_HALVES), Ok(Q64::from_bits(2)));
    assert_eq!(HUGE.mul_down(Q64::ONE), Ok(HUGE));
    assert_eq!(HUGE.mul_down(Q64::ZERO), Ok(Q64::ZERO));
    // 2^32 * 2^32 = 2^64 is the first that does not fit; 2^32 * 2^31 = 2^63 fits.
    let (a, b) = (Q64::from_bits(1 << 96), Q64::from_bits(1 << 95));
    assert_eq!(a.mul_down(a), Err(Error::MathOverflow));
    assert_eq!(a.mul_down(b), Ok(Q64::from_bits(1 << 127)));
    assert_eq!(HUGE.mul_down(HUGE), Err(Error::MathOverflow));
}

#[test]
fn times_rounds_by_its_name() {
    // 2.5 * 3 = 7.5
    assert_eq!((FIVE_HALVES.times_down(3), FIVE_HALVES.times_up(3)), (Ok(7), Ok(8)));
    // 2.5 * 4 = 10, nothing to round.
    assert_eq!((FIVE_HALVES.times_down(4), FIVE_HALVES.times_up(4)), (Ok(10), Ok(10)));
    // (2^64 - 1) * 2^-64 is just below one.
    assert_eq!((TINY.times_down(MAX), TINY.times_up(MAX)), (Ok(0), Ok(1)));
    assert_eq!((HUGE.times_down(0), HUGE.times_up(0)), (Ok(0), Ok(0)));
    assert_eq!((Q64::ONE.times_down(MAX), Q64::ONE.times_up(MAX)), (Ok(MAX), Ok(MAX)));
    // (1 + 2^-64) * (2^64 - 1) = 2^64 - 2^-64: down fits by a hair, up does not.
    let above_one = Q64::from_bits((1 << 64) + 1);
    assert_eq!((above_one.times_down(MAX), above_one.times_up(MAX)), (Ok(MAX), Err(Error::MathOverflow)));
    assert_eq!(HUGE.times_down(2), Err(Error::MathOverflow));
}

#[test]
fn divide_rounds_by_its_name() {
    // 7 / 2.5 = 2.8; 10 / 2.5 = 4.
    assert_eq!((FIVE_HALVES.divide_down(7), FIVE_HALVES.divide_up(7)), (Ok(2), Ok(3)));
    assert_eq!((FIVE_HALVES.divide_down(10), FIVE_HALVES.divide_up(10)), (Ok(4), Ok(4)));
    assert_eq!((Q64::ONE.divide_down(MAX), Q64::ONE.divide_up(MAX)), (Ok(MAX), Ok(MAX)));
    assert_eq!((FIVE_HALVES.divide_down(0), FIVE_HALVES.divide_up(0)), (Ok(0), Ok(0)));
    // (2^64 - 1) / (2^64 - 2^-64) is just below one; one over it is tiny.
    assert_eq!((HUGE.divide_down(MAX), HUGE.divide_up(MAX)), (Ok(0), Ok(1)));
    // (2^64 - 1) / (1 + 2^-64) = 2^64 - 2 + a little.
    let above_one = Q64::from_bits((1 << 64) + 1);
    assert_eq!((above_one.divide_down(MAX), above_one.divide_up(MAX)), (Ok(MAX - 1), Ok(MAX)));
    assert_eq!(
        (Q64::ZERO.divide_down(1), Q64::ZERO.divide_up(1)),
        (Err(Error::MathOverflow), Err(Error::MathOverflow))
    );
}

#[test]
fn mul_div_at_the_edges() {
    // 7 * 5 / 4 = 8.75
    assert_eq!((mul_div_down(7, 5, 4), mul_div_up(7, 5, 4)), (Ok(8), Ok(9)));
    assert_eq!((mul_div_down(0, MAX, 1), mul_div_up(0, MAX, MAX)), (Ok(0), Ok(0)));
    assert_eq!((mul_div_down(MAX, MAX, MAX), mul_div_up(MAX, MAX, MAX)), (Ok(MAX), Ok(MAX)));
    // (2^64 - 1)^2 / (2^64 - 2) = 2^64 + 1 / (2^64 - 2): one too large.
    assert_eq!(
        (mul_div_down(MAX, MAX, MAX - 1), mul_div_up(MAX, MAX, MAX - 1)),
        (Err(Error::MathOverflow), Err(Error::MathOverflow))
    );
    // (2^64 - 1) * (2^64 - 2) / (2^64 - 1), and 1 * 1 / (2^64 - 1) just above zero.
    assert_eq!(mul_div_down(MAX, MAX - 1, MAX), Ok(MAX - 1));
    assert_eq!((mul_div_down(1, 1, MAX), mul_div_up(1, 1, MAX)), (Ok(0), Ok(1)));
    for by_zero in [mul_div_down(1, 1, 0), mul_div_up(1, 1, 0), mul_div_down(0, 0, 0), mul_div_up(MAX, MAX, 0)] {
        assert_eq!(by_zero, Err(Error::MathOverflow));
    }
}

#[test]
fn basis_points_round_down() {
    let (most, bound) = (u32::MAX, 1_u64 << 32);
    let table = [
        // a quarter of eleven
        (2_500, 11, Ok(2)),
        (0, MAX, Ok(0)),
        (10_000, MAX, Ok(MAX)),
        // (2^64 - 1) * 0.9999 = 18,444,899,399,302,180,659.71
        (9_999, MAX, Ok(18_444_899_399_302_180_659)),
        (10_001, MAX, Err(Error::MathOverflow)),
        // around 2^32 = 4,294,967,296: 0.9999 of 4,294,967,295 is 4,294,537,798.3, of one more 4,294,537,799.3
        (9_999, bound - 1, Ok(4_294_537_798)),
        (9_999, bound, Ok(4_294_537_799)),
        // (2^32 - 1)^2 = 18,446,744,065,119,617,025 and (2^32 - 1) * 2^32 = 18,446,744,069,414,584,320, over 10^4
        (most, bound - 1, Ok(1_844_674_406_511_961)),
        (most, bound, Ok(1_844_674_406_941_458)),
        (most, 2 * bound, Ok(3_689_348_813_882_916)),
        (most, MAX, Err(Error::MathOverflow)),
    ];
    for (bps, amount, part) in table {
        assert_eq!(Bps::new(bps).of_down(Assets::new(amount)).map(Assets::get), part, "{bps} of {amount}");
    }
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn basis_points_are_exact(
        bps in prop_oneof![0_u32..=10_001, any::<u32>()],
        amount in prop_oneof![any_size(), (1_u64 << 32) - 5..(1 << 32) + 5],
    ) {
        let exact = model::whole(amount) * model::bps(Bps::new(bps));
        prop_assert_eq!(Bps::new(bps).of_down(Assets::new(amount)).map(Assets::get), fits(&model::down(&exact)));
    }

    #[test]
    fn every_function_is_exact(a in any_q64(), b in any_q64(), count in any_size()) {
        let (exact_a, exact_b) = (model::q64(a.bits()), model::q64(b.bits()));
        let scale = model::whole(model::int(1) << 64);
        let product = ((&exact_a * &exact_b) * scale).floor().to_integer();
        let expected = product.to_u128().map(Q64::from_bits).ok_or(Error::MathOverflow);
        prop_assert_eq!(a.mul_down(b), expected);
        prop_assert_eq!(b.mul_down(a), expected);

        let times = &exact_a * model::whole(count);
        prop_assert_eq!(a.times_down(count), fits(&model::down(&times)));
        prop_assert_eq!(a.times_up(count), fits(&model::up(&times)));

        if exact_a.is_zero() {
            prop_assert!(a.divide_down(count).is_err() && a.divide_up(count).is_err());
        } else {
            let quotient = model::whole(count) / &exact_a;
            prop_assert_eq!(a.divide_down(count), fits(&model::down(&quotient)));
            prop_assert_eq!(a.divide_up(count), fits(&model::up(&quotient)));
        }
    }

    #[test]
    fn mul_div_is_exact(a in any_size(), b in any_size(), d in any_size()) {
        if d == 0 {
            prop_assert!(mul_div_down(a, b, d).is_err() && mul_div_up(a, b, d).is_err());
        } else {
            let exact = model::ratio(model::int(a) * b, d);
            prop_assert_eq!(mul_div_down(a, b, d), fits(&model::down(&exact)));
            prop_assert_eq!(mul_div_up(a, b, d), fits(&model::up(&exact)));
        }
    }

    #[test]
    fn what_is_borrowed_is_owed(index in (1_u128 << 64)..(1 << 100), amount in any_size()) {
        // divide_up then times_down never falls short; divide_down then times_up never exceeds.
        let index = Q64::from_bits(index);
        if let Ok(shares) = index.divide_up(amount) {
            prop_assert!(index.times_down(shares).map_or(true, |debt| debt >= amount));
        }
        let shares = index.divide_down(amount).unwrap();
        prop_assert!(index.times_up(shares).unwrap() <= amount);
    }
}
