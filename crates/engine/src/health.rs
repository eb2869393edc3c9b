//! Whether an obligation may borrow, and whether it can be liquidated.
//!
//! Values are compared undivided (times basis points), so rounding does not decide who is healthy. A value exactly at a
//! limit is within it.
//!
//! Health uses the conservative sides of prices: the lower one for collateral, the upper one for debt. A liquidation
//! exchanges at the middle prices.

use crate::{
    error::{Error, Result},
    fixed::{mul_word, wide},
    liquidation::Bonus,
    price::{Price, Value, Weighted, power_of_ten},
    quantity::{Assets, Bps, Units},
};

/// Twice the average price, compared with a tenth of the dust value: a factor of 20.
const NEGLIGIBLE: u64 = 20;
/// Low bits that a coarse comparison of values drops.
const COARSE: u32 = 40;

/// One collateral of an obligation, with its prices and limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The amount that the obligation holds.
    pub units: Units,
    /// The conservative (lower) price.
    pub price: Price,
    /// The middle price, at which a liquidation exchanges it.
    pub middle: Price,
    /// The part of its value that counts towards the limit for borrowing and withdrawing collateral.
    pub max_ltv: Bps,
    /// The part of its value that counts towards the liquidation limit.
    pub liquidation_threshold: Bps,
    /// The liquidator's bonus.
    pub bonus: Bonus,
}

/// An obligation's debt and collateral, in value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// The debt at the upper price of the liquidity token, rounded up.
    pub debt: Value,
    /// The collateral at lower prices. Each holding is rounded down.
    pub collateral: Value,
    /// The collateral, each holding times its loan-to-value limit.
    pub borrow_limit: Weighted,
    /// The collateral, each holding times its liquidation threshold.
    pub liquidation_limit: Weighted,
    /// What liquidating the collateral pays towards the debt at the minimum bonus: each holding's value over
    /// `1 + minimum bonus`, rounded down.
    pub proceeds: Value,
}

impl Health {
    /// An obligation with this debt and no collateral yet.
    pub const fn of_debt(debt: Value) -> Self {
        Self {
            debt,
            collateral: Value::ZERO,
            borrow_limit: Weighted::ZERO,
            liquidation_limit: Weighted::ZERO,
            proceeds: Value::ZERO,
        }
    }

    /// Adds one collateral.
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
            proceeds: self.proceeds.plus(holding.bonus.paid_for_down(value)?)?,
        })
    }

    /// The health after part of the debt was paid and part of a holding was taken. The obligation then owes `debt` and
    /// keeps `units` of `holding`.
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
            proceeds: self.proceeds.minus(gone.proceeds)?,
        };
        rest.with(&Holding { units, ..*holding })
    }

    /// Checks an action that adds debt or removes collateral: `debt <= sum of value * max_ltv`.
    ///
    /// # Errors
    /// [`Error::LoanToValueExceeded`] if the debt is higher.
    ///
    /// ```
    /// # use backstop_engine::{health::*, liquidation::Bonus, price::*, quantity::*, Error};
    /// let sol = Holding {
    ///     units: Units::new(10_000_000_000), price: Price::new(30, 0, 9)?, middle: Price::new(30, 0, 9)?,
    ///     max_ltv: Bps::new(7_500), liquidation_threshold: Bps::new(8_000), bonus: Bonus::default(),
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

    /// Whether the collateral is worth no more than the debt, so that no liquidation can restore health.
    pub fn is_underwater(&self) -> bool {
        self.collateral <= self.debt
    }

    /// The health factor, `sum of value * liquidation_threshold / debt`, in basis points, rounded down. Below 100 % the
    /// obligation can be liquidated. [`u64::MAX`] without debt.
    pub fn factor_bps(&self) -> u64 {
        let factor = self.liquidation_limit.get().checked_div(self.debt.get());
        factor.map_or(u64::MAX, |factor| u64::try_from(factor).unwrap_or(u64::MAX))
    }

    /// The part of `debt` that the collateral does not cover: `debt - sum of value / (1 + minimum bonus)`.
    ///
    /// What the collateral pays is rounded down to a unit. Zero for an obligation within its liquidation limit, and
    /// never more than the debt. `price` is the upper price of a unit of debt.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if the values do not fit.
    ///
    /// ```
    /// # use backstop_engine::{health::*, liquidation::Bonus, price::*, quantity::*};
    /// let usdc = Price::new(1, 0, 6)?;
    /// let sol = Holding {
    ///     units: Units::new(10_000_000_000), price: Price::new(10, 0, 9)?, middle: Price::new(10, 0, 9)?,
    ///     max_ltv: Bps::new(5_000), liquidation_threshold: Bps::new(6_000),
    ///     bonus: Bonus { min: Bps::new(2_500), max: Bps::new(2_500) },
    /// };
    /// let debt = Assets::new(200_000_000); // 200 USD against 100 USD, which a liquidator takes for 80
    /// let health = Health::of_debt(usdc.value_up(debt.get())?).with(&sol)?;
    /// assert_eq!(health.shortfall(debt, &usdc), Ok(Assets::new(120_000_000)));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn shortfall(&self, debt: Assets, price: &Price) -> Result<Assets> {
        if debt.is_zero() || !self.is_liquidatable()? {
            return Ok(Assets::ZERO);
        }
        Ok(debt.saturating_sub(Assets::new(price.units_down(self.proceeds)?)))
    }
}

/// The debt that counts when an obligation borrows or withdraws collateral: performing debt plus unrecovered
/// written-off debt. If there is any, at least `min_debt`, so that no debt remains that is too small to be liquidated.
///
/// # Errors
/// [`Error::MathOverflow`] if the sum does not fit.
///
/// ```
/// # use backstop_engine::{health::debt_to_secure, quantity::Assets};
/// let [none, some, least] = [0, 30, 100].map(Assets::new);
/// assert_eq!(debt_to_secure(none, none, least), Ok(none));
/// assert_eq!(debt_to_secure(some, some, least), Ok(least));
/// assert_eq!(debt_to_secure(least, some, least), Ok(Assets::new(130)));
/// ```
pub fn debt_to_secure(performing: Assets, unrecovered: Assets, min_debt: Assets) -> Result<Assets> {
    let debt = performing.plus(unrecovered)?;
    Ok(if debt.is_zero() { debt } else { debt.max(min_debt) })
}

/// Whether a holding is too small to count: worth at most a tenth of `dust` at twice its average price.
///
/// The price of such a holding is not read, so a few units of a token without a live price do not block anything.
/// `average` is the value of a whole token of `decimals`.
///
/// ```
/// # use backstop_engine::{health::is_negligible, price::Value, quantity::Units};
/// let (average, dust) = (Value::from_micro_usd(100_000_000), Value::from_micro_usd(10_000_000)); // 100 USD, 10 USD
/// assert!(is_negligible(Units::new(5_000_000), 9, average, dust)); // 0.005 at 200 USD is 1 USD
/// assert!(!is_negligible(Units::new(5_000_001), 9, average, dust));
/// assert!(!is_negligible(Units::new(1), 9, Value::ZERO, dust)); // no price observed yet
/// ```
pub fn is_negligible(units: Units, decimals: u8, average: Value, dust: Value) -> bool {
    let Some(whole) = power_of_ten(decimals.into()) else { return false };
    if units.is_zero() || average == Value::ZERO {
        return units.is_zero();
    }
    // Nearly always it is worth far more than dust, so comparing a lower bound of its worth with an upper bound of dust
    // decides.
    let coarse = |value: Value| u64::try_from(value.get() >> COARSE).ok();
    if let (Some(average), Some(dust)) = (coarse(average), coarse(dust).and_then(|dust| dust.checked_add(1)))
        && wide(average, units.get()) >= wide(dust, whole)
    {
        return false;
    }
    let worth = mul_word(average.get(), units.get()).and_then(|worth| mul_word(worth, NEGLIGIBLE));
    // If the worth does not fit, it exceeds any dust value that fits.
    worth.is_some_and(|worth| mul_word(dust.get(), whole).is_none_or(|dust| worth <= dust))
}

/// Whether a debt is old enough to record its loss: at least `min_age` slots after the last borrow or collateral
/// withdrawal, and never in the same slot. So never in the same transaction.
///
/// ```
/// # use backstop_engine::health::may_default;
/// assert!(!may_default(100, 100, 0) && may_default(100, 101, 0));
/// assert!(!may_default(100, 149, 50) && may_default(100, 150, 50));
/// ```
pub const fn may_default(last_risk_increase_slot: u64, slot: u64, min_age: u64) -> bool {
    slot > last_risk_increase_slot && slot.saturating_sub(last_risk_increase_slot) >= min_age
}
