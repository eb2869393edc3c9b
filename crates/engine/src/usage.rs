//! How a pool was used lately: averages of its utilisation and its debt, weighted by time.
//!
//! What risk reads must not be borrowed for a moment. Every accrual counts the state that stood since the last one, for as long as it
//! stood: so what stands for no second weighs nothing, and what stands for `t` seconds at most `t / horizon`.

use crate::{
    error::{Error, Result},
    fixed::mul_div_up,
    quantity::Assets,
};

/// Fractional bits of a [`Usage`]'s utilisation.
pub const UTILISATION_FRACTION: u32 = 12;
/// The most seconds that one state counts for: some forty-eight days, more than the longest horizon. With a utilisation of 42 bits the product
/// fits a word.
const MAX_SECONDS: u64 = (1 << 22) - 1;

/// Averages of a pool. One that was never used has none: zeros.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Of utilisation, in billionths with [`UTILISATION_FRACTION`] fractional bits.
    pub utilisation: u64,
    /// Of performing debt.
    pub debt: Assets,
}

impl Usage {
    /// After a state, a utilisation in billionths and a debt, stood for some seconds:
    /// `average + (state - average) * t / (horizon + t)`, rounded towards the state, so that what stands is read exactly in the end. Of what stood at once after another, the later
    /// weighs more, as with prices ([`average`](crate::average)); unlike a price, which is seen at a moment, a state is known to have stood all the
    /// time, so it counts for all of it.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] never.
    ///
    /// ```
    /// # use backstop_engine::{quantity::Assets, usage::Usage};
    /// let idle = Usage::default();
    /// let used = idle.after(800_000_000, Assets::new(900), 86_400, 43_200)?; // half a horizon: a third of the way
    /// assert_eq!((used.reading(), used.debt), (266_666_666, Assets::new(300)));
    /// assert_eq!(used.after(0, Assets::ZERO, 86_400, 0)?, used); // for no second: nothing
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn after(&self, utilisation: u64, debt: Assets, horizon_seconds: u32, seconds: u64) -> Result<Self> {
        let weight = seconds.min(MAX_SECONDS);
        let total = weight.saturating_add(u64::from(horizon_seconds));
        if weight == 0 {
            return Ok(*self);
        }
        let way = |from: u64, to: u64| {
            let distance = from.abs_diff(to);
            if distance >> 42 == 0 {
                // 42 bits and 22: the product fits a word with room for 23 bits more, and the chain need not pay for a wide one.
                let rounded = distance.wrapping_mul(weight).saturating_add(total.saturating_sub(1));
                rounded.checked_div(total).ok_or(Error::MathOverflow)
            } else {
                mul_div_up(distance, weight, total)
            }
        };
        let blend = |from: u64, to: u64| {
            let way = way(from, to)?;
            Ok(if to > from { from.wrapping_add(way) } else { from.wrapping_sub(way) }) // no further than `to`
        };
        let utilisation = blend(self.utilisation, utilisation << UTILISATION_FRACTION)?;
        Ok(Self { utilisation, debt: Assets::new(blend(self.debt.get(), debt.get())?) })
    }

    /// The average utilisation in billionths, rounded down.
    pub const fn reading(&self) -> u64 {
        self.utilisation >> UTILISATION_FRACTION
    }
}
