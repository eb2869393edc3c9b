//! A price's time-weighted moving average and variance, and the price used for borrowing when a price is far from its
//! average.
//!
//! Each observation replaces the fraction `t / (horizon + t)` of the average, where `t` is the number of seconds since
//! the last one. So observing twice in a second equals observing once, and a spike moves the average only for as long
//! as it lasts. One observation counts for at most an eighth of a horizon ([`MAX_WEIGHT`]), so nobody can wait for a
//! spike and fill a long gap with it.
//!
//! The recurrence is from Finch, "Incremental calculation of weighted mean and variance" (2009), section 9, with
//! deviations taken relative to the average.

use crate::{
    error::{Error, Result},
    fixed::mul_word,
    price::{Quote, Value},
    quantity::Bps,
    time::seconds_between,
};

/// The shortest horizon: ten minutes.
pub const MIN_HORIZON_SECONDS: u32 = 600;
/// The longest horizon: thirty days.
pub const MAX_HORIZON_SECONDS: u32 = 2_592_000;
/// The horizon divided by the greatest weight of one observation: an eighth of the horizon, or a ninth of the average.
pub const MAX_WEIGHT: u32 = 8;
/// The unit of deviations: billionths of the average.
const NANO: u64 = 1_000_000_000;

/// A price's average and variance. A `price` of zero means no observation yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Average {
    /// The average value of a whole token.
    pub price: Value,
    /// The variance, in squared billionths of the average.
    pub variance: u64,
    /// Unix time of the last observation.
    pub at: i64,
}

/// Checks that a horizon is from [`MIN_HORIZON_SECONDS`] to [`MAX_HORIZON_SECONDS`].
///
/// # Errors
/// [`Error::InvalidParameter`] otherwise.
pub const fn validate_horizon(seconds: u32) -> Result<()> {
    if MIN_HORIZON_SECONDS <= seconds && seconds <= MAX_HORIZON_SECONDS { Ok(()) } else { Err(Error::InvalidParameter) }
}

impl Average {
    /// Starts an average with its first observation.
    pub const fn begun(price: Value, now: i64) -> Self {
        Self { price, variance: 0, at: now }
    }

    /// Adds an observation. A price counts as at most twice the average, so that no spike, however high, moves the
    /// average by more than a ninth at once. Average and variance are rounded down.
    ///
    /// # Errors
    /// [`Error::InvalidPrice`] above 10^11 USD.
    ///
    /// ```
    /// # use backstop_engine::{average::Average, price::Value};
    /// let calm = Average::begun(Value::from_micro_usd(100_000_000), 0);
    /// let after = calm.observe(Value::from_micro_usd(190_000_000), 80_000, 10_000)?; // a ninth of the way
    /// assert_eq!(after.price, Value::from_micro_usd(110_000_000));
    /// assert_eq!(after.deviation(), 282_842_712); // 90 % * sqrt(1/9 * 8/9): the deviation is 28.3 %
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn observe(&self, price: Value, horizon_seconds: u32, now: i64) -> Result<Self> {
        if self.price == Value::ZERO {
            return Ok(Self::begun(price, now));
        }
        let horizon = u64::from(horizon_seconds);
        let weight = seconds_between(self.at, now);
        let weight = weight.min(u64::from(horizon_seconds.checked_div(MAX_WEIGHT).unwrap_or(0)));
        if weight == 0 {
            return Ok(*self);
        }
        let total = horizon.saturating_add(weight);
        let price = price.min(self.price.plus(self.price).map_err(|_| Error::InvalidPrice)?);
        let sum = |old: u128, new: u128| mul_word(old, horizon)?.checked_add(mul_word(new, weight)?);
        let average = sum(self.price.get(), price.get()).and_then(|sum| sum.checked_div(u128::from(total)));
        let deviation = mul_word(self.price.get().abs_diff(price.get()), NANO).ok_or(Error::InvalidPrice)?;
        let deviation = deviation.checked_div(self.price.get()).ok_or(Error::InvalidPrice)?;
        let deviation = u64::try_from(deviation).unwrap_or(NANO).min(NANO); // at most one: price <= 2 * average
        // The deviation is below 2^30, the variance below 2^60, times and weights below 2^22: sums and products fit 128
        // bits.
        let square = u128::from(deviation).saturating_mul(u128::from(deviation));
        let scaled = mul_word(square, weight).and_then(|own| own.checked_add(mul_word(self.variance.into(), total)?));
        let variance = scaled.and_then(|scaled| {
            let total = u128::from(total);
            mul_word(scaled, horizon)?.checked_div(total)?.checked_div(total)
        });
        let variance = u64::try_from(variance.ok_or(Error::MathOverflow)?).unwrap_or(u64::MAX);
        Ok(Self { price: average.map(Value::new).ok_or(Error::InvalidPrice)?, variance, at: now })
    }

    /// The standard deviation, in billionths of the average, rounded down.
    ///
    /// For a price that moves at random, it settles at the volatility per horizon times the square root of one half.
    pub const fn deviation(&self) -> u64 {
        self.variance.isqrt()
    }

    /// The standard deviation of the quotient of two prices that move independently: the square root of the sum of both
    /// variances, rounded down.
    pub const fn deviation_with(&self, other: &Self) -> u64 {
        self.variance.saturating_add(other.variance).isqrt()
    }

    /// The price that collateral counts at for borrowing.
    ///
    /// The average, if the price is above it by more than `limit` and the lower side of the price is above it too.
    /// Otherwise, and before the first observation, the price itself.
    ///
    /// # Errors
    /// [`Error::InvalidPrice`] if the price does not fit a [`Value`].
    ///
    /// ```
    /// # use backstop_engine::{average::Average, price::{Quote, Value}, quantity::Bps};
    /// let average = Average::begun(Value::from_micro_usd(10_000_000), 0);
    /// let dollars = |price| Quote { price, confidence: 0, exponent: 0 };
    /// assert_eq!(average.cap(dollars(11), Bps::new(1_000))?, dollars(11));
    /// assert_eq!(average.cap(dollars(12), Bps::new(1_000))?.value()?, Value::from_micro_usd(10_000_000));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn cap(&self, quote: Quote, limit: Bps) -> Result<Quote> {
        let far = self.is_far(quote, |price, average, one| {
            Some(mul_word(price, one)? > mul_word(average, one.checked_add(u64::from(limit.get()))?)?)
        })?;
        let lower = Quote { price: quote.price.saturating_sub(quote.confidence), confidence: 0, ..quote };
        if far && lower.value()? > self.price { Quote::of_value(self.price, Value::ZERO) } else { Ok(quote) }
    }

    /// The price that debt counts at for borrowing.
    ///
    /// The average, if the price is below it by more than `limit` and the upper side of the price is below it too.
    /// Otherwise, and before the first observation, the price itself.
    ///
    /// # Errors
    /// [`Error::InvalidPrice`] if the price does not fit a [`Value`].
    pub fn floor(&self, quote: Quote, limit: Bps) -> Result<Quote> {
        let far = self.is_far(quote, |price, average, one| {
            Some(mul_word(price, one)? < mul_word(average, one.saturating_sub(u64::from(limit.get())))?)
        })?;
        let upper = Quote { price: quote.price.saturating_add(quote.confidence), confidence: 0, ..quote };
        if far && upper.value()? < self.price { Quote::of_value(self.price, Value::ZERO) } else { Ok(quote) }
    }

    fn is_far(&self, quote: Quote, far: impl Fn(u128, u128, u64) -> Option<bool>) -> Result<bool> {
        if self.price == Value::ZERO {
            return Ok(false);
        }
        far(quote.value()?.get(), self.price.get(), u64::from(Bps::ONE.get())).ok_or(Error::InvalidPrice)
    }
}
