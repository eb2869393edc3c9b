//! Losses that are expected, and what all of them together take from those who leave before they are recorded. What an obligation is
//! expected to leave unpaid is [`Health::shortfall`](crate::health::Health::shortfall).

use crate::{
    error::{Error, Result},
    insurance::{Fund, InsuranceLimits},
    pool::Totals,
    quantity::Assets,
};

/// The provisions of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Provisions {
    /// The sum of all obligations' provisions.
    pub total: Assets,
    /// How many obligations have one.
    pub count: u32,
}

impl Provisions {
    /// The same with one obligation's provision replaced.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if `old` was no part of the sum, or the sum does not fit.
    pub fn replace(&self, old: Assets, new: Assets) -> Result<Self> {
        let count = self.count.checked_sub(u32::from(!old.is_zero())).ok_or(Error::MathOverflow)?;
        let count = count.checked_add(u32::from(!new.is_zero())).ok_or(Error::MathOverflow)?;
        Ok(Self { total: self.total.minus(old)?.plus(new)?, count })
    }

    /// What reserves leave of all provisions.
    fn beyond_reserves(&self, totals: &Totals) -> Assets {
        self.total.saturating_sub(totals.reserves)
    }

    /// The part of the provisions that the waterfall would leave to LPs if all were recorded now, as one loss: what reserves and one draw
    /// leave. Several losses can draw more than one, so LPs who leave never leave too little behind them.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] never for validated limits.
    pub fn to_lps(&self, totals: &Totals, fund: &Fund, limits: &InsuranceLimits, now: i64) -> Result<Assets> {
        let loss = self.beyond_reserves(totals);
        Ok(loss.saturating_sub(self.to_stakers(totals, fund, limits, now)?))
    }

    /// The part that the fund would pay: what stakers who leave leave behind.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] never for validated limits.
    pub fn to_stakers(&self, totals: &Totals, fund: &Fund, limits: &InsuranceLimits, now: i64) -> Result<Assets> {
        let loss = self.beyond_reserves(totals);
        if loss.is_zero() {
            return Ok(Assets::ZERO);
        }
        let (fund, _) = fund.settled(totals)?;
        let window_drawn = fund.window_drawn_at(limits.window_seconds, now)?;
        fund.covers(loss, limits, window_drawn)
    }

    /// Allows stakers to leave a fund that is `left` afterwards: no cap may bind, so that it covers its share of all provisions, and
    /// whatever the order and the times of recording them, no more is drawn than was held back.
    ///
    /// # Errors
    /// [`Error::HeldForProvisions`] otherwise: leaving would move a loss to LPs, or to stakers who stay.
    pub fn require_covered(&self, totals: &Totals, left: &Fund, limits: &InsuranceLimits, now: i64) -> Result<()> {
        let expected = limits.share.of_down(self.beyond_reserves(totals))?;
        if expected > self.to_stakers(totals, left, limits, now)? { Err(Error::HeldForProvisions) } else { Ok(()) }
    }
}
