//! The value of an amount of a token.
//!
//! A [`Value`] counts 10^-18 USD. Oracle prices are taken at the conservative end of their confidence interval:
//! [`Quote::lower`] for collateral, [`Quote::upper`] for debt.

use crate::{
    error::{Error, Result},
    fixed::{div_up, mul_word, wide},
    quantity::Bps,
};

/// A value, in units of 10^-18 USD.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Value(u128);

/// The largest `price` and `confidence` that [`Quote::of_value`] returns. It leaves room for an interval above the
/// price.
const MAX_DIGITS: u64 = 1 << 60;
/// Decimals of a [`Value`].
const VALUE_DECIMALS: i32 = 18;
/// How many 10^-18 USD a micro-dollar is. Parameters are in micro-dollars.
const PER_MICRO_USD: u64 = 1_000_000_000_000;

impl Value {
    /// Zero.
    pub const ZERO: Self = Self(0);

    /// A value of this many 10^-18 USD.
    pub const fn new(value: u128) -> Self {
        Self(value)
    }

    /// A value of this many micro-dollars.
    pub const fn from_micro_usd(micro_usd: u64) -> Self {
        Self(wide(micro_usd, PER_MICRO_USD))
    }

    /// The value in 10^-18 USD.
    pub const fn get(self) -> u128 {
        self.0
    }

    /// The sum. Fails with [`Error::MathOverflow`] if it does not fit.
    pub fn plus(self, other: Self) -> Result<Self> {
        self.0.checked_add(other.0).map(Self).ok_or(Error::MathOverflow)
    }

    /// The difference. Fails with [`Error::MathOverflow`] below zero.
    pub fn minus(self, other: Self) -> Result<Self> {
        self.0.checked_sub(other.0).map(Self).ok_or(Error::MathOverflow)
    }

    /// `value * bps`, not divided, so that comparing two weighted values is exact.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] above 3 * 10^16 USD.
    pub fn weighted(self, weight: Bps) -> Result<Weighted> {
        mul_word(self.0, u64::from(weight.get())).map(Weighted).ok_or(Error::MathOverflow)
    }
}

/// A value times basis points, in units of 10^-22 USD.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weighted(u128);

impl Weighted {
    /// Zero.
    pub const ZERO: Self = Self(0);

    /// The weighted value in 10^-22 USD.
    pub const fn get(self) -> u128 {
        self.0
    }

    /// The sum. Fails with [`Error::MathOverflow`] if it does not fit.
    pub fn plus(self, other: Self) -> Result<Self> {
        self.0.checked_add(other.0).map(Self).ok_or(Error::MathOverflow)
    }

    /// The difference. Fails with [`Error::MathOverflow`] below zero.
    pub fn minus(self, other: Self) -> Result<Self> {
        self.0.checked_sub(other.0).map(Self).ok_or(Error::MathOverflow)
    }
}

/// An oracle's quote for a whole token: `price * 10^exponent` USD, give or take `confidence * 10^exponent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The price's digits.
    pub price: u64,
    /// Half the width of the confidence interval, with the same exponent.
    pub confidence: u64,
    /// The power of ten for both.
    pub exponent: i32,
}

impl Quote {
    /// A quote from the value of a whole token.
    ///
    /// Exact below 2^60 * 10^-18 USD. Above that, the price is rounded down to 10^-9 USD and the interval is widened by
    /// what rounding removed.
    ///
    /// # Errors
    /// [`Error::InvalidPrice`] from 2^60 * 10^-9 USD on.
    pub fn of_value(price: Value, confidence: Value) -> Result<Self> {
        const GIGA: u128 = 1_000_000_000;
        let limit = u128::from(MAX_DIGITS);
        let (price, confidence, exponent) = if price.0 <= limit && confidence.0 <= limit {
            (price.0, confidence.0, -VALUE_DECIMALS)
        } else {
            let rest = u128::from(price.0.checked_rem(GIGA) != Some(0));
            let coarse = price.0.checked_div(GIGA).ok_or(Error::InvalidPrice)?;
            (coarse, div_up(confidence.0, GIGA)?.saturating_add(rest), 9 - VALUE_DECIMALS)
        };
        if price > limit || confidence > limit {
            return Err(Error::InvalidPrice);
        }
        let digits = |digits| u64::try_from(digits).map_err(|_| Error::InvalidPrice);
        Ok(Self { price: digits(price)?, confidence: digits(confidence)?, exponent })
    }

    /// Checks that the price is usable and that the confidence interval is at most `limit` of the price to each side.
    ///
    /// # Errors
    /// [`Error::InvalidPrice`] if the price is zero, or if its exponent is outside -18 to 1. There, the value of a
    /// whole token would not be a number of 10^-18 USD in 128 bits. [`Error::PriceUncertain`] if the interval is wider
    /// than `limit`.
    pub fn within(self, limit: Bps) -> Result<Self> {
        if self.price == 0 || !(-VALUE_DECIMALS..=1).contains(&self.exponent) {
            return Err(Error::InvalidPrice);
        }
        let width = wide(self.confidence, u64::from(Bps::ONE.get()));
        let bound = wide(self.price, u64::from(limit.get()));
        if width > bound { Err(Error::PriceUncertain) } else { Ok(self) }
    }

    /// Combines this price with a second feed of the same token: the interval that covers both intervals, with its
    /// middle as the price.
    ///
    /// So each feed alone can only make a side more conservative. No side goes beyond the feeds' own intervals, except
    /// that rounding can put the lower side one digit below them.
    ///
    /// # Errors
    /// [`Error::PricesDisagree`] if the second price differs by more than `limit` of this one. [`Error::InvalidPrice`]
    /// if the digits of both do not fit one exponent.
    ///
    /// ```
    /// # use backstop_engine::{price::Quote, quantity::Bps, Error};
    /// let first = Quote { price: 1_000, confidence: 10, exponent: -2 }; // 9.90 to 10.10
    /// let second = Quote { price: 102, confidence: 2, exponent: -1 }; // 10.0 to 10.4
    /// let both = first.and(second, Bps::new(200))?;
    /// assert_eq!(both, Quote { price: 1_015, confidence: 25, exponent: -2 }); // 9.90 to 10.40
    /// assert_eq!(first.and(second, Bps::new(199)), Err(Error::PricesDisagree));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn and(self, second: Self, limit: Bps) -> Result<Self> {
        let exponent = self.exponent.min(second.exponent);
        let (first, second) = (self.rescaled(exponent)?, second.rescaled(exponent)?);
        let apart = wide(first.price.abs_diff(second.price), u64::from(Bps::ONE.get()));
        if apart > wide(first.price, u64::from(limit.get())) {
            return Err(Error::PricesDisagree);
        }
        let lower = first.price.saturating_sub(first.confidence).min(second.price.saturating_sub(second.confidence));
        let upper = first.price.checked_add(first.confidence).ok_or(Error::InvalidPrice)?;
        let upper = upper.max(second.price.checked_add(second.confidence).ok_or(Error::InvalidPrice)?);
        let price = lower.midpoint(upper); // rounded down
        Ok(Self { price, confidence: upper.saturating_sub(price), exponent })
    }

    /// The same price with more digits. `exponent` must be at most its own.
    fn rescaled(self, exponent: i32) -> Result<Self> {
        if exponent == self.exponent {
            return Ok(self);
        }
        let more = self.exponent.checked_sub(exponent).and_then(|more| usize::try_from(more).ok());
        let power = more.and_then(|more| POWERS_OF_TEN.get(more)).ok_or(Error::InvalidPrice)?;
        let scaled = |digits: u64| digits.checked_mul(*power).ok_or(Error::InvalidPrice);
        Ok(Self { price: scaled(self.price)?, confidence: scaled(self.confidence)?, exponent })
    }

    /// The same quote. Fails with [`Error::InvalidPrice`] if the price is zero.
    pub(crate) const fn known(self) -> Result<Self> {
        if self.price == 0 { Err(Error::InvalidPrice) } else { Ok(self) }
    }

    /// The value of a whole token, rounded down.
    ///
    /// # Errors
    /// [`Error::InvalidPrice`] if it does not fit or rounds to zero.
    pub fn value(self) -> Result<Value> {
        let value = Price::new(self.price, self.exponent, 0)?.value_down(1).map_err(|_| Error::InvalidPrice)?;
        if value == Value::ZERO { Err(Error::InvalidPrice) } else { Ok(value) }
    }

    /// The price minus the confidence: used for collateral.
    ///
    /// # Errors
    /// [`Error::InvalidPrice`] if nothing is left, or the price does not fit.
    pub fn lower(self, decimals: u8) -> Result<Price> {
        Price::new(self.price.checked_sub(self.confidence).ok_or(Error::InvalidPrice)?, self.exponent, decimals)
    }

    /// The price itself, given one `side` of it: debt and collateral are exchanged at it in a liquidation.
    ///
    /// # Errors
    /// [`Error::InvalidPrice`] if it is zero.
    pub const fn middle(self, side: &Price) -> Result<Price> {
        if self.price == 0 { Err(Error::InvalidPrice) } else { Ok(Price { digits: self.price, ..*side }) }
    }

    /// The price plus the confidence: used for debt.
    ///
    /// # Errors
    /// [`Error::InvalidPrice`] if it does not fit.
    pub fn upper(self, decimals: u8) -> Result<Price> {
        Price::new(self.price.checked_add(self.confidence).ok_or(Error::InvalidPrice)?, self.exponent, decimals)
    }
}

/// The Unix times of a price: of its feed and of its second feed. Both are the same for a token with one feed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PriceTimes {
    /// Time of the first feed.
    pub first: i64,
    /// Time of the second feed.
    pub second: i64,
}

impl PriceTimes {
    /// The older of the two.
    pub fn oldest(self) -> i64 {
        self.first.min(self.second)
    }
}

/// A usable price of a token, with its times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The quote.
    pub quote: Quote,
    /// The times of the quote.
    pub times: PriceTimes,
}

/// The price of a base unit of a token: `digits * 10^exponent` in 10^-18 USD. Never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    digits: u64,
    /// 10^|exponent|.
    power: u64,
    /// Whether the exponent is negative, so that `power` divides.
    divides: bool,
}

impl Price {
    /// The price of a base unit of a token with `decimals`, where a whole token costs `digits * 10^exponent` USD.
    ///
    /// # Errors
    /// [`Error::InvalidPrice`] if the price is zero, or if the combined power of ten is beyond 10^19 either way.
    pub fn new(digits: u64, exponent: i32, decimals: u8) -> Result<Self> {
        let exponent = exponent.checked_add(VALUE_DECIMALS).and_then(|sum| sum.checked_sub(i32::from(decimals)));
        let exponent = exponent.ok_or(Error::InvalidPrice)?;
        match power_of_ten(exponent.unsigned_abs()) {
            Some(power) if digits != 0 => Ok(Self { digits, power, divides: exponent < 0 }),
            _ => Err(Error::InvalidPrice),
        }
    }

    /// The value of `units` base units, rounded down.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if it does not fit.
    ///
    /// ```
    /// # use backstop_engine::price::{Price, Value};
    /// let sol = Price::new(3_000_000_000, -8, 9)?; // 30 USD, nine decimals
    /// assert_eq!(sol.value_down(2_000_000_000), Ok(Value::from_micro_usd(60_000_000)));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn value_down(&self, units: u64) -> Result<Value> {
        let product = self.product(units)?;
        if self.divides { product.checked_div(u128::from(self.power)) } else { Some(product) }
            .map(Value)
            .ok_or(Error::MathOverflow)
    }

    /// The value of `units` base units, rounded up.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if it does not fit.
    pub fn value_up(&self, units: u64) -> Result<Value> {
        let product = self.product(units)?;
        if self.divides { div_up(product, u128::from(self.power)) } else { Ok(product) }.map(Value)
    }

    /// How many base units `value` buys, rounded down; at most 2^64 - 1.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if an intermediate product does not fit.
    ///
    /// ```
    /// # use backstop_engine::price::{Price, Value};
    /// let sol = Price::new(3_000_000_000, -8, 9)?;
    /// assert_eq!(sol.units_down(Value::from_micro_usd(10_000_000)), Ok(333_333_333));
    /// assert_eq!(sol.units_up(Value::from_micro_usd(10_000_000)), Ok(333_333_334));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn units_down(&self, value: Value) -> Result<u64> {
        let (dividend, divisor) = self.quotient(value)?;
        let units = dividend.checked_div(divisor).ok_or(Error::MathOverflow)?;
        Ok(u64::try_from(units).unwrap_or(u64::MAX))
    }

    /// The fewest base units worth at least `value`, rounded up; at most 2^64 - 1.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if an intermediate product does not fit.
    pub fn units_up(&self, value: Value) -> Result<u64> {
        let (dividend, divisor) = self.quotient(value)?;
        Ok(u64::try_from(div_up(dividend, divisor)?).unwrap_or(u64::MAX))
    }

    fn product(&self, units: u64) -> Result<u128> {
        let product = wide(units, self.digits);
        if self.divides { Ok(product) } else { mul_word(product, self.power).ok_or(Error::MathOverflow) }
    }

    fn quotient(&self, value: Value) -> Result<(u128, u128)> {
        if self.divides {
            let dividend = mul_word(value.0, self.power).ok_or(Error::MathOverflow)?;
            Ok((dividend, u128::from(self.digits)))
        } else {
            Ok((value.0, wide(self.digits, self.power)))
        }
    }
}

/// `10^exponent`, if it fits 64 bits.
pub(crate) fn power_of_ten(exponent: u32) -> Option<u64> {
    POWERS_OF_TEN.get(usize::try_from(exponent).ok()?).copied()
}

/// 10^0 to 10^19: all powers of ten that fit 64 bits.
#[allow(clippy::indexing_slicing)] // the loop stays in bounds; evaluated at compile time
const POWERS_OF_TEN: [u64; 20] = {
    let mut powers = [1_u64; 20];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = powers[at.saturating_sub(1)].saturating_mul(10);
        at = at.saturating_add(1);
    }
    powers
};
