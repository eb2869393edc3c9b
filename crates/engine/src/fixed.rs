//! 64.64 fixed point, and multiply-then-divide with named rounding.
//!
//! Indices have 64 fractional bits, so dividing by 2^64 is free: it only takes the upper word.

use crate::error::{Error, Result};

/// A number with 64 integer and 64 fractional bits: the value is `bits / 2^64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Q64(u128);

impl Q64 {
    /// One.
    pub const ONE: Self = Self(1 << 64);
    /// Zero.
    pub const ZERO: Self = Self(0);

    /// The number with these bits: `bits / 2^64`.
    pub const fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// The bits: the value times 2^64.
    pub const fn bits(self) -> u128 {
        self.0
    }

    /// The sum. Fails with [`Error::MathOverflow`] if it does not fit.
    pub fn plus(self, other: Self) -> Result<Self> {
        self.0.checked_add(other.0).map(Self).ok_or(Error::MathOverflow)
    }

    /// The product, rounded down to a multiple of 2^-64.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if the product reaches 2^64.
    ///
    /// ```
    /// # use backstop_engine::fixed::Q64;
    /// let half = Q64::from_bits(1 << 63);
    /// assert_eq!(half.mul_down(half), Ok(Q64::from_bits(1 << 62)));
    /// ```
    pub fn mul_down(self, other: Self) -> Result<Self> {
        let ((a1, a0), (b1, b0)) = (words(self.0), words(other.0));
        let low = u128::from(high_word(wide(a0, b0)));
        // Growth has no integer part, an index does. Skipping products with zero saves compute units.
        let left = if a1 == 0 { 0 } else { wide(a1, b0) };
        let right = if b1 == 0 { 0 } else { wide(a0, b1) };
        let (beyond, top) = if a1 == 0 || b1 == 0 { (0, 0) } else { words(wide(a1, b1)) };
        if beyond != 0 {
            return Err(Error::MathOverflow);
        }
        let sum = (u128::from(top) << 64)
            .checked_add(left)
            .and_then(|sum| sum.checked_add(right))
            .and_then(|sum| sum.checked_add(low));
        sum.map(Self).ok_or(Error::MathOverflow)
    }

    /// `count * self` as an integer, rounded down.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if the result does not fit 64 bits.
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
    /// [`Error::MathOverflow`] if the result does not fit 64 bits.
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
        let (carry, below) = words(wide(count, fraction));
        let (beyond, whole) = if integer == 1 { (0, count) } else { words(wide(count, integer)) };
        match whole.checked_add(carry) {
            Some(whole) if beyond == 0 => Ok((whole, below)),
            _ => Err(Error::MathOverflow),
        }
    }

    /// `amount / self` as an integer, rounded down. `self` must be at least one.
    ///
    /// ```
    /// # use backstop_engine::fixed::Q64;
    /// assert_eq!(Q64::from_bits(3 << 63).divide_down(5), Ok(3)); // 5 / 1.5 = 3.33
    /// ```
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if `self` is below one and the result does not fit, or if `self` is zero.
    pub fn divide_down(self, amount: u64) -> Result<u64> {
        if self == Self::ONE {
            return Ok(amount);
        }
        (u128::from(amount) << 64)
            .checked_div(self.0)
            .and_then(|quotient| u64::try_from(quotient).ok())
            .ok_or(Error::MathOverflow)
    }

    /// `amount / self` as an integer, rounded up. `self` must be at least one.
    ///
    /// ```
    /// # use backstop_engine::fixed::Q64;
    /// assert_eq!(Q64::from_bits(3 << 63).divide_up(5), Ok(4)); // 5 / 1.5 = 3.33
    /// ```
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if `self` is below one and the result does not fit, or if `self` is zero.
    pub fn divide_up(self, amount: u64) -> Result<u64> {
        let down = self.divide_down(amount)?;
        // `self` is at least one, so `down * self` is at most `amount` and never overflows.
        let exact = self == Self::ONE || self.times(down)? == (amount, 0);
        down.checked_add(u64::from(!exact)).ok_or(Error::MathOverflow)
    }
}

/// `a * b / d`, rounded down, with a full 128-bit intermediate product.
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
    div_wide(wide(a, b), d)
}

/// `a * b / d`, rounded up, with a full 128-bit intermediate product.
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
    let rounded = wide(a, b).checked_add(u128::from(d.saturating_sub(1))).ok_or(Error::MathOverflow)?;
    div_wide(rounded, d)
}

/// `value * word`, or `None` if it does not fit.
pub(crate) fn mul_word(value: u128, word: u64) -> Option<u128> {
    let (high, low) = words(value);
    let (beyond, high) = if high == 0 { (0, 0) } else { words(wide(high, word)) };
    if beyond != 0 {
        return None;
    }
    (u128::from(high) << 64).checked_add(wide(low, word))
}

/// `dividend / divisor`, rounded up.
///
/// # Errors
/// [`Error::MathOverflow`] if `divisor` is zero.
pub(crate) fn div_up(dividend: u128, divisor: u128) -> Result<u128> {
    let quotient = dividend.checked_div(divisor).ok_or(Error::MathOverflow)?;
    let exact = quotient.wrapping_mul(divisor) == dividend; // cannot wrap: at most the dividend
    quotient.checked_add(u128::from(!exact)).ok_or(Error::MathOverflow)
}

/// `dividend / divisor`, rounded down, and the remainder. `None` if `divisor` is zero.
///
/// Divides 32 bits at a time: on SBF a 64-bit division costs as much as an addition, a 128-bit one a hundred times
/// that.
pub(crate) const fn div_rem_half(dividend: u128, divisor: u32) -> Option<(u128, u64)> {
    const LOW: u64 = 0xffff_ffff;
    let (high, low) = words(dividend);
    let divisor = divisor as u64;
    if divisor == 0 {
        return None;
    }
    // A remainder is below 2^32, so each next dividend fits 64 bits and each quotient after the first fits 32.
    let (Some(first), Some(rest)) = (high.checked_div(divisor), high.checked_rem(divisor)) else { return None };
    let next = (rest << 32) | (low >> 32);
    let (Some(second), Some(rest)) = (next.checked_div(divisor), next.checked_rem(divisor)) else { return None };
    let next = (rest << 32) | (low & LOW);
    let (Some(third), Some(rest)) = (next.checked_div(divisor), next.checked_rem(divisor)) else { return None };
    Some((((first as u128) << 64) | (((second << 32) | third) as u128), rest))
}

/// `dividend / divisor`, rounded up. `None` if `divisor` is zero. As cheap as [`div_rem_half`].
pub(crate) fn div_up_half(dividend: u128, divisor: u32) -> Option<u128> {
    let (quotient, rest) = div_rem_half(dividend, divisor)?;
    quotient.checked_add(u128::from(rest != 0))
}

fn div_wide(dividend: u128, divisor: u64) -> Result<u64> {
    let quotient = match u64::try_from(dividend) {
        Ok(small) => return small.checked_div(divisor).ok_or(Error::MathOverflow),
        Err(_) => dividend.checked_div(u128::from(divisor)).ok_or(Error::MathOverflow)?,
    };
    u64::try_from(quotient).map_err(|_| Error::MathOverflow)
}

/// The full 128-bit product of two words, from 32-bit halves.
///
/// SBF has no instruction for the upper word, and the compiler's helper multiplies 128 bits by 128. No sum can wrap:
/// (2^32 - 1)^2 + 2 * (2^32 - 1) = 2^64 - 1.
#[inline(always)]
pub(crate) const fn wide(a: u64, b: u64) -> u128 {
    const LOW: u64 = 0xffff_ffff;
    let (a1, a0, b1, b0) = (a >> 32, a & LOW, b >> 32, b & LOW);
    let low = a0.wrapping_mul(b0);
    let left = a1.wrapping_mul(b0).wrapping_add(low >> 32);
    let right = a0.wrapping_mul(b1).wrapping_add(left & LOW);
    let high = a1.wrapping_mul(b1).wrapping_add(left >> 32).wrapping_add(right >> 32);
    ((high as u128) << 64) | ((right << 32 | (low & LOW)) as u128)
}

/// The upper word: the value divided by 2^64, rounded down.
pub(crate) const fn high_word(value: u128) -> u64 {
    words(value).0
}

/// The upper and lower word.
#[allow(clippy::cast_possible_truncation)] // truncation is the purpose
pub(crate) const fn words(value: u128) -> (u64, u64) {
    ((value >> 64) as u64, value as u64)
}
