//! Whether an obligation may borrow, and whether it may be liquidated.
//!
//! Values are compared undivided (times basis points), so no rounding decides who is healthy. Exactly at a limit is within it.

use crate::{
    error::{Error, Result},
    price::{Price, Value, Weighted},
    quantity::{Bps, Units},
};

/// What one collateral of an obligation counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    /// How much of it the obligation holds.
    pub units: Units,
    /// Its conservative (lower) price.
    pub price: Price,
    /// How much debt its value carries when borrowing or withdrawing collateral.
    pub max_ltv: Bps,
    /// How much debt its value carries before liquidation.
    pub liquidation_threshold: Bps,
}

/// An obligation's debt and collateral, in value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// The debt at the upper price of the liquidity token, rounded up.
    pub debt: Value,
    /// The collateral at lower prices, each holding rounded down.
    pub collateral: Value,
    /// The same, each times its loan-to-value limit.
    pub borrow_limit: Weighted,
    /// The same, each times its liquidation threshold.
    pub liquidation_limit: Weighted,
}

impl Health {
    /// An obligation that owes this and holds nothing yet.
    pub const fn of_debt(debt: Value) -> Self {
        Self { debt, collateral: Value::ZERO, borrow_limit: Weighted::ZERO, liquidation_limit: Weighted::ZERO }
    }

    /// The same with one more collateral.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if the values do not fit.
    pub fn with(self, holding: &Holding) -> Result<Self> {
        if holding.units.is_zero() {
            return Ok(self);
        }
        let value = holding.price.value_down(holding.units.get())?;
        Ok(Self {
            debt: self.debt,
            collateral: self.collateral.plus(value)?,
            borrow_limit: self.borrow_limit.plus(value.weighted(holding.max_ltv)?)?,
            liquidation_limit: self.liquidation_limit.plus(value.weighted(holding.liquidation_threshold)?)?,
        })
    }

    /// The same obligation after part of its debt was paid and part of one holding was taken: it owes `debt` and keeps
    /// `units` of `holding`.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if the holding was not part of the sum.
    pub fn after(&self, debt: Value, holding: &Holding, units: Units) -> Result<Self> {
        let gone = Self::default().with(holding)?;
        let rest = Self {
            debt,
            collateral: self.collateral.minus(gone.collateral)?,
            borrow_limit: self.borrow_limit.minus(gone.borrow_limit)?,
            liquidation_limit: self.liquidation_limit.minus(gone.liquidation_limit)?,
        };
        rest.with(&Holding { units, ..*holding })
    }

    /// Allows a step that adds debt or takes collateral: `debt <= sum of value * max_ltv`.
    ///
    /// # Errors
    /// [`Error::LoanToValueExceeded`] otherwise.
    ///
    /// ```
    /// # use backstop_engine::{health::*, price::*, quantity::*, Error};
    /// let sol = Holding {
    ///     units: Units::new(10_000_000_000), price: Price::new(30, 0, 9)?,
    ///     max_ltv: Bps::new(7_500), liquidation_threshold: Bps::new(8_000),
    /// };
    /// let owes = |usd: u64| Health::of_debt(Value::from_micro_usd(usd * 1_000_000)).with(&sol);
    /// assert_eq!(owes(225)?.require_borrowable(), Ok(()));
    /// assert_eq!(owes(226)?.require_borrowable(), Err(Error::LoanToValueExceeded));
    /// assert!(!owes(240)?.is_liquidatable()? && owes(241)?.is_liquidatable()?);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn require_borrowable(&self) -> Result<()> {
        if self.debt.weighted(Bps::ONE)? > self.borrow_limit { Err(Error::LoanToValueExceeded) } else { Ok(()) }
    }

    /// Whether `debt > sum of value * liquidation_threshold`.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if the debt does not fit.
    pub fn is_liquidatable(&self) -> Result<bool> {
        Ok(self.debt.weighted(Bps::ONE)? > self.liquidation_limit)
    }

    /// Whether the collateral is worth no more than the debt, so that no liquidation can restore it.
    pub fn is_underwater(&self) -> bool {
        self.collateral <= self.debt
    }

    /// `sum of value * liquidation_threshold / debt` in basis points, rounded down; below one hundred percent is
    /// liquidatable. No debt is [`u64::MAX`].
    pub fn factor_bps(&self) -> u64 {
        let factor = self.liquidation_limit.get().checked_div(self.debt.get());
        factor.map_or(u64::MAX, |factor| u64::try_from(factor).unwrap_or(u64::MAX))
    }

    /// `collateral / debt` in basis points, rounded down. No debt is [`u64::MAX`].
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if the collateral does not fit.
    pub fn coverage_bps(&self) -> Result<u64> {
        let covered = self.collateral.weighted(Bps::ONE)?.get().checked_div(self.debt.get());
        Ok(covered.map_or(u64::MAX, |covered| u64::try_from(covered).unwrap_or(u64::MAX)))
    }

    /// Allows a debt to be written off: liquidatable, and no collateral worth more than `dust`.
    ///
    /// # Errors
    /// [`Error::ObligationHealthy`] within the liquidation threshold; [`Error::CollateralRemains`] above the dust value.
    pub fn require_unrecoverable(&self, dust: Value) -> Result<()> {
        if !self.is_liquidatable()? {
            return Err(Error::ObligationHealthy);
        }
        if self.collateral > dust { Err(Error::CollateralRemains) } else { Ok(()) }
    }
}

/// Whether a debt is old enough for its loss to be recorded: in a later slot than the last borrow or collateral withdrawal
/// (so never in the transaction that opened it), and at least `min_age` slots after it.
///
/// ```
/// # use backstop_engine::health::may_default;
/// assert!(!may_default(100, 100, 0) && may_default(100, 101, 0));
/// assert!(!may_default(100, 149, 50) && may_default(100, 150, 50));
/// ```
pub const fn may_default(exposed_at_slot: u64, slot: u64, min_age: u64) -> bool {
    slot > exposed_at_slot && slot.saturating_sub(exposed_at_slot) >= min_age
}
