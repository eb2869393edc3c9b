//! Losses that are expected: the shortfall of an obligation that still holds collateral, and what all of them together take
//! from those who leave before they are recorded.

use crate::{
    error::{Error, Result},
    health::Health,
    insurance::{Fund, InsuranceLimits},
    liquidation::LiquidationTerms,
    pool::Totals,
    price::{Price, Value},
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

/// What an obligation is expected to leave unpaid: its debt less what liquidating its collateral at the least bonus would bring,
/// `collateral / (1 + bonus_min)`, rounded down. Collateral that is dust brings nothing, since recording gives it to the caller. Zero for
/// one that cannot be liquidated; never more than the debt.
///
/// # Errors
/// [`Error::MathOverflow`] if the values do not fit.
///
/// ```
/// # use backstop_engine::{health::*, liquidation::*, price::*, provision::shortfall, quantity::*};
/// let terms = LiquidationTerms {
///     bonus_min: Bps::new(2_500), bonus_max: Bps::new(2_500), insurance_cut: Bps::ZERO, target_health: Bps::new(11_000),
///     full_below: Value::ZERO, min_debt: Assets::ZERO,
/// };
/// let usdc = Price::new(1, 0, 6)?;
/// let sol = Holding {
///     units: Units::new(10_000_000_000), price: Price::new(10, 0, 9)?,
///     max_ltv: Bps::new(5_000), liquidation_threshold: Bps::new(6_000),
/// };
/// let debt = Assets::new(200_000_000); // 200 USD against 100 USD, which a liquidator takes for 80
/// let health = Health::of_debt(usdc.value_up(debt.get())?).with(&sol)?;
/// assert_eq!(shortfall(debt, &usdc, &health, &terms, Value::ZERO), Ok(Assets::new(120_000_000)));
/// # Ok::<(), backstop_engine::Error>(())
/// ```
pub fn shortfall(
    debt: Assets,
    debt_price: &Price,
    health: &Health,
    terms: &LiquidationTerms,
    dust: Value,
) -> Result<Assets> {
    if debt.is_zero() || !health.is_liquidatable()? {
        return Ok(Assets::ZERO);
    }
    if health.collateral <= dust {
        return Ok(debt);
    }
    let brings = debt_price.units_down(terms.without_bonus_down(health.collateral)?)?;
    Ok(debt.saturating_sub(Assets::new(brings)))
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
