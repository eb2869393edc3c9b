//! Fixed point and multiply-then-divide.
//!
//! Indices have 64 fractional bits, because a division by 2^64 is free on every machine: it only picks the upper word.

use crate::error::{Error, Result};

/// A number with 64 integer and 64 fractional bits: the value is `bits / 2^64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Q64(u128);

impl Q64 {
    /// One.
    pub const ONE: Self = Self(1 << 64);
    /// Zero.
    pub const ZERO: Self = Self(0);

    /// The number whose bits these are.
    pub const fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// The bits: the value times 2^64.
    pub const fn bits(self) -> u128 {
        self.0
    }

    /// The sum, or [`Error::MathOverflow`].
    pub fn plus(self, other: Self) -> Result<Self> {
        self.0.checked_add(other.0).map(Self).ok_or(Error::MathOverflow)
    }

    /// The product, rounded down to a multiple of 2^-64.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if it reaches 2^64.
    ///
    /// ```
    /// # use backstop_engine::fixed::Q64;
    /// let half = Q64::from_bits(1 << 63);
    /// assert_eq!(half.mul_down(half), Ok(Q64::from_bits(1 << 62)));
    /// ```
    pub fn mul_down(self, other: Self) -> Result<Self> {
        let ((a1, a0), (b1, b0)) = (words(self.0), words(other.0));
        let low = high_word(widening(a0, b0));
        let sum = widening(a0, b1)
            .checked_add(u128::from(low))
            .and_then(|sum| sum.checked_add(widening(a1, b0)))
            .ok_or(Error::MathOverflow)?;
        if a1 == 0 || b1 == 0 {
            return Ok(Self(sum));
        }
        let top = widening(a1, b1);
        if high_word(top) != 0 {
            return Err(Error::MathOverflow);
        }
        (top << 64).checked_add(sum).map(Self).ok_or(Error::MathOverflow)
    }

    /// `count * self` as an integer, rounded down.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if it does not fit 64 bits.
    ///
    /// ```
    /// # use backstop_engine::fixed::Q64;
    /// assert_eq!(Q64::from_bits(3 << 63).times_down(5), Ok(7)); // 1.5 * 5 = 7.5
    /// ```
    pub fn times_down(self, count: u64) -> Result<u64> {
        let (integer, _) = self.times(count)?;
        Ok(integer)
    }

    /// `count * self` as an integer, rounded up.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if it does not fit 64 bits.
    ///
    /// ```
    /// # use backstop_engine::fixed::Q64;
    /// assert_eq!(Q64::from_bits(3 << 63).times_up(5), Ok(8)); // 1.5 * 5 = 7.5
    /// ```
    pub fn times_up(self, count: u64) -> Result<u64> {
        let (integer, fraction) = self.times(count)?;
        integer.checked_add(u64::from(fraction != 0)).ok_or(Error::MathOverflow)
    }

    fn times(self, count: u64) -> Result<(u64, u64)> {
        let (integer, fraction) = words(self.0);
        let low = widening(count, fraction);
        let product = widening(count, integer)
            .checked_add(low >> 64)
            .and_then(|product| u64::try_from(product).ok())
            .ok_or(Error::MathOverflow)?;
        Ok((product, words(low).1))
    }

    /// `amount / self` as an integer, rounded down. The number must be at least one.
    ///
    /// ```
    /// # use backstop_engine::fixed::Q64;
    /// assert_eq!(Q64::from_bits(3 << 63).divide_down(5), Ok(3)); // 5 / 1.5 = 3.33
    /// ```
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if the number is below one.
    pub fn divide_down(self, amount: u64) -> Result<u64> {
        if self == Self::ONE {
            return Ok(amount);
        }
        (u128::from(amount) << 64)
            .checked_div(self.0)
            .and_then(|quotient| u64::try_from(quotient).ok())
            .ok_or(Error::MathOverflow)
    }

    /// `amount / self` as an integer, rounded up. The number must be at least one.
    ///
    /// ```
    /// # use backstop_engine::fixed::Q64;
    /// assert_eq!(Q64::from_bits(3 << 63).divide_up(5), Ok(4)); // 5 / 1.5 = 3.33
    /// ```
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if the number is below one.
    pub fn divide_up(self, amount: u64) -> Result<u64> {
        let down = self.divide_down(amount)?;
        // At least one, so `down * self` is at most `amount` and never overflows.
        let exact = self == Self::ONE || self.times(down)? == (amount, 0);
        down.checked_add(u64::from(!exact)).ok_or(Error::MathOverflow)
    }
}

/// `a * b / d`, rounded down, without losing a bit between.
///
/// # Errors
/// [`Error::MathOverflow`] if the result does not fit 64 bits or `d` is zero.
///
/// ```
/// # use backstop_engine::fixed::mul_div_down;
/// assert_eq!(mul_div_down(u64::MAX, 7, 7), Ok(u64::MAX));
/// assert_eq!(mul_div_down(10, 2, 3), Ok(6));
/// ```
pub fn mul_div_down(a: u64, b: u64, d: u64) -> Result<u64> {
    div_wide(widening(a, b), d)
}

/// `a * b / d`, rounded up, without losing a bit between.
///
/// # Errors
/// [`Error::MathOverflow`] if the result does not fit 64 bits or `d` is zero.
///
/// ```
/// # use backstop_engine::fixed::mul_div_up;
/// assert_eq!(mul_div_up(10, 2, 3), Ok(7));
/// assert_eq!(mul_div_up(10, 3, 3), Ok(10));
/// ```
pub fn mul_div_up(a: u64, b: u64, d: u64) -> Result<u64> {
    let rounded = widening(a, b).checked_add(u128::from(d.saturating_sub(1))).ok_or(Error::MathOverflow)?;
    div_wide(rounded, d)
}

fn div_wide(dividend: u128, divisor: u64) -> Result<u64> {
    let quotient = match u64::try_from(dividend) {
        Ok(small) => return small.checked_div(divisor).ok_or(Error::MathOverflow),
        Err(_) => dividend.checked_div(u128::from(divisor)).ok_or(Error::MathOverflow)?,
    };
    u64::try_from(quotient).map_err(|_| Error::MathOverflow)
}

/// The full product of two words.
fn widening(a: u64, b: u64) -> u128 {
    u128::from(a).wrapping_mul(u128::from(b)) // cannot wrap: (2^64 - 1)^2 < 2^128
}

fn high_word(value: u128) -> u64 {
    words(value).0
}

/// The upper and the lower word.
#[allow(clippy::cast_possible_truncation)] // cutting is the purpose
const fn words(value: u128) -> (u64, u64) {
    ((value >> 64) as u64, value as u64)
}
