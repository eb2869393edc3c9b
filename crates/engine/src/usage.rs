//! Time-weighted averages of a pool's utilisation and debt.
//!
//! Risk readings must not change through a momentary loan or deposit. Every accrual counts the state since the last
//! one, for as long as it lasted. A state that lasted zero seconds weighs nothing; one that lasted `t` seconds weighs
//! at most `t / horizon`.

use crate::{
    error::{Error, Result},
    fixed::mul_div_up,
    quantity::Assets,
};

/// Fractional bits of a [`Usage`]'s utilisation.
pub const UTILISATION_FRACTION: u32 = 12;
/// The most seconds that one state counts for: about forty-eight days, more than the longest horizon. With a
/// utilisation of 42 bits the product fits 64 bits.
const MAX_SECONDS: u64 = (1 << 22) - 1;

/// A pool's averages. All zero in a pool that was never used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Average utilisation, in billionths with [`UTILISATION_FRACTION`] fractional bits.
    pub utilisation: u64,
    /// Average performing debt.
    pub debt: Assets,
}

impl Usage {
    /// The averages after a state (a utilisation in billionths and a debt) lasted for `seconds`:
    /// `average + (state - average) * t / (horizon + t)`.
    ///
    /// Rounds towards the state, so that a constant state is eventually read exactly. Of consecutive states, the later
    /// one weighs more, as with prices ([`average`](crate::average)). A price is observed at a moment, but a state is
    /// known to have lasted the whole time, so it counts for all of it.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] cannot occur.
    ///
    /// ```
    /// # use backstop_engine::{quantity::Assets, usage::Usage};
    /// let idle = Usage::default();
    /// let used = idle.after(800_000_000, Assets::new(900), 86_400, 43_200)?; // half a horizon: a third of the way
    /// assert_eq!((used.reading(), used.debt), (266_666_666, Assets::new(300)));
    /// assert_eq!(used.after(0, Assets::ZERO, 86_400, 0)?, used); // zero seconds: no change
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
                // 42 bits times 22, plus 23 bits: the sum fits 64 bits, which saves a wide product on chain.
                let rounded = distance.wrapping_mul(weight).saturating_add(total.saturating_sub(1));
                rounded.checked_div(total).ok_or(Error::MathOverflow)
            } else {
                mul_div_up(distance, weight, total)
            }
        };
        let blend = |from: u64, to: u64| {
            let way = way(from, to)?;
            Ok(if to > from { from.wrapping_add(way) } else { from.wrapping_sub(way) }) // never past `to`
        };
        let utilisation = blend(self.utilisation, utilisation << UTILISATION_FRACTION)?;
        Ok(Self { utilisation, debt: Assets::new(blend(self.debt.get(), debt.get())?) })
    }

    /// The average utilisation in billionths, rounded down.
    pub const fn reading(&self) -> u64 {
        self.utilisation >> UTILISATION_FRACTION
    }
}
