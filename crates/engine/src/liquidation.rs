//! How much a liquidation repays and seizes, and at which bonus.
//!
//! A liquidator pays part of an obligation's debt and receives one of its collaterals, worth what it paid plus a bonus. The
//! bonus starts at its minimum where health is lost and grows by a basis point for each basis point that health falls
//! further (as Euler's reverse Dutch discount does). It shrinks, down to its minimum, to what the collateral can pay without
//! leaving bad debt. A cut of the bonus goes to the insurance fund, paid in the liquidity token on top of the repayment.

use crate::{
    error::{Error, Result},
    health::{Health, Holding},
    price::{Price, Value},
    quantity::{Assets, Bps, Units},
};

/// A pool's liquidation parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiquidationTerms {
    /// The bonus at the threshold, and where the collateral cannot pay more.
    pub bonus_min: Bps,
    /// The most the bonus grows to.
    pub bonus_max: Bps,
    /// The part of the bonus that goes to the insurance fund.
    pub insurance_cut: Bps,
    /// The health that a liquidation restores: weighted collateral over debt; at least 100 %.
    pub target_health: Bps,
    /// Obligations whose debt is worth at most this are liquidated whole.
    pub full_below: Value,
    /// No liquidation leaves less debt than this, unless it leaves none or takes all the collateral it can.
    pub min_debt: Assets,
}

/// What a liquidation takes and gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Liquidation {
    /// What the liquidator pays towards the debt.
    pub repay: Assets,
    /// What it pays to the insurance fund on top.
    pub insurance_cut: Assets,
    /// The collateral it receives.
    pub seize: Units,
    /// The bonus applied.
    pub bonus: Bps,
}

impl LiquidationTerms {
    /// Checks bounds: `bonus_min <= bonus_max <= 50 %`, the cut at most 100 %, the target between 100 % and 200 %.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] otherwise.
    pub fn validate(&self) -> Result<()> {
        let bonus = self.bonus_min <= self.bonus_max && self.bonus_max <= Bps::new(5_000);
        let target = self.target_health >= Bps::ONE && self.target_health <= Bps::new(20_000);
        if bonus && target && self.insurance_cut <= Bps::ONE { Ok(()) } else { Err(Error::InvalidParameter) }
    }

    /// Checks a collateral's limits: the loan-to-value limit at most the threshold, and `threshold * (1 + bonus_min)` below
    /// 100 %, so that a liquidation at the threshold leaves no bad debt.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] otherwise.
    ///
    /// ```
    /// # use backstop_engine::{liquidation::LiquidationTerms, price::Value, quantity::*, Error};
    /// let terms = LiquidationTerms {
    ///     bonus_min: Bps::new(500), bonus_max: Bps::new(1_000), insurance_cut: Bps::ZERO,
    ///     target_health: Bps::new(11_000), full_below: Value::ZERO, min_debt: Assets::ZERO,
    /// };
    /// assert_eq!(terms.validate_threshold(Bps::new(9_000), Bps::new(9_500)), Ok(())); // 95 % * 1.05 = 99.75 %
    /// assert_eq!(terms.validate_threshold(Bps::new(9_000), Bps::new(9_600)), Err(Error::InvalidParameter));
    /// ```
    pub fn validate_threshold(&self, max_ltv: Bps, threshold: Bps) -> Result<()> {
        let spent = u128::from(threshold.get()).saturating_mul(with_bonus(self.bonus_min));
        let whole = u128::from(Bps::ONE.get()).saturating_mul(u128::from(Bps::ONE.get()));
        if max_ltv <= threshold && spent < whole { Ok(()) } else { Err(Error::InvalidParameter) }
    }

    /// The bonus at this health: `min + (100 % - health)`, at most `max`, at most what the collateral exceeds the debt by,
    /// at least `min`.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if the values do not fit.
    pub fn bonus(&self, health: &Health) -> Result<Bps> {
        let one = u64::from(Bps::ONE.get());
        let lost = one.saturating_sub(health.factor_bps());
        let grown = u64::from(self.bonus_min.get()).saturating_add(lost).min(u64::from(self.bonus_max.get()));
        let affordable = health.coverage_bps()?.saturating_sub(one);
        let bonus = u32::try_from(grown.min(affordable)).map_err(|_| Error::MathOverflow)?;
        Ok(Bps::new(bonus).max(self.bonus_min))
    }

    /// The value to repay so that health returns to the target: all of it for a small debt, else
    /// `(target * debt - limit) / (target - (1 + bonus) * threshold)`, rounded up, at most the debt.
    fn wanted(&self, health: &Health, threshold: Bps, bonus: Bps) -> Result<Value> {
        if health.debt <= self.full_below {
            return Ok(health.debt);
        }
        let one = u128::from(Bps::ONE.get());
        let paid_weight = u128::from(threshold.get()).checked_mul(with_bonus(bonus)).map(|weight| weight.div_ceil(one));
        let restored = paid_weight.and_then(|weight| u128::from(self.target_health.get()).checked_sub(weight));
        let Some(restored) = restored.filter(|restored| *restored > 0) else {
            return Ok(health.debt);
        };
        let target = health.debt.weighted(self.target_health)?.get();
        let missing = target.saturating_sub(health.liquidation_limit.get());
        let value = missing.div_ceil(restored);
        Ok(Value::new(value).min(health.debt))
    }

    /// Sizes a liquidation of an obligation that owes `debt` (worth `debt_price` a unit, upper) and holds `holding` among
    /// what `health` sums up. `offered` is the most the liquidator wants to repay.
    ///
    /// `repay` is the smallest of what restores the target health, what the holding pays for, and the offer; rounded up.
    /// `seize = repay * debt price * (1 + bonus) / collateral price`, rounded down, or the whole holding where it pays for
    /// no more: then `repay = holding value / (1 + bonus)`, rounded up. `insurance_cut = repay * bonus * cut`, rounded up.
    ///
    /// # Errors
    /// [`Error::ObligationHealthy`]; [`Error::AmountTooSmall`] if nothing would be repaid or seized;
    /// [`Error::InsufficientCollateral`] if the holding is empty; [`Error::DebtBelowMinimum`] if the offer would leave a
    /// debt below the minimum while the holding could pay it.
    ///
    /// ```
    /// # use backstop_engine::{health::*, liquidation::*, price::*, quantity::*};
    /// let terms = LiquidationTerms {
    ///     bonus_min: Bps::ZERO, bonus_max: Bps::ZERO, insurance_cut: Bps::ZERO, target_health: Bps::new(11_000),
    ///     full_below: Value::ZERO, min_debt: Assets::ZERO,
    /// };
    /// let usdc = Price::new(1, 0, 6)?;
    /// let sol = Holding {
    ///     units: Units::new(10_000_000_000), price: Price::new(10, 0, 9)?,
    ///     max_ltv: Bps::new(7_500), liquidation_threshold: Bps::new(8_000),
    /// };
    /// let debt = Assets::new(200_000_000); // 200 USD against 100 USD: all of it is seized, half is paid
    /// let health = Health::of_debt(usdc.value_up(debt.get())?).with(&sol)?;
    /// let taken = terms.size(debt, &usdc, &sol, &health, debt)?;
    /// assert_eq!((taken.repay, taken.seize), (Assets::new(100_000_000), sol.units));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn size(
        &self,
        debt: Assets,
        debt_price: &Price,
        holding: &Holding,
        health: &Health,
        offered: Assets,
    ) -> Result<Liquidation> {
        if !health.is_liquidatable()? {
            return Err(Error::ObligationHealthy);
        }
        if holding.units.is_zero() {
            return Err(Error::InsufficientCollateral);
        }
        let bonus = self.bonus(health)?;
        let wanted = debt_price.units_up(self.wanted(health, holding.liquidation_threshold, bonus)?)?;
        let mut wanted = Assets::new(wanted).min(debt);
        if debt.saturating_sub(wanted) < self.min_debt {
            wanted = debt;
        }
        let holding_value = holding.price.value_down(holding.units.get())?;
        let payable = Assets::new(debt_price.units_up(without_bonus_up(holding_value, bonus)?)?);
        let repay = wanted.min(payable).min(offered);
        if repay == payable && payable <= wanted {
            return self.taking(repay, holding.units, bonus);
        }
        let left = debt.saturating_sub(repay);
        if !left.is_zero() && left < self.min_debt {
            return Err(Error::DebtBelowMinimum);
        }
        let value = with_bonus_down(debt_price.value_up(repay.get())?, bonus)?;
        let seize = Units::new(holding.price.units_down(value)?).min(holding.units);
        self.taking(repay, seize, bonus)
    }

    fn taking(&self, repay: Assets, seize: Units, bonus: Bps) -> Result<Liquidation> {
        if repay.is_zero() || seize.is_zero() {
            return Err(Error::AmountTooSmall);
        }
        // repay * bonus * cut / 10^8, rounded up: below 2^64 * 2^27.
        let weight = u128::from(bonus.get()).checked_mul(u128::from(self.insurance_cut.get()));
        let cut = weight.and_then(|weight| weight.checked_mul(u128::from(repay.get()))).ok_or(Error::MathOverflow)?;
        let insurance_cut = if cut == 0 { 0 } else { cut.div_ceil(100_000_000) };
        let insurance_cut = u64::try_from(insurance_cut).map(Assets::new).map_err(|_| Error::MathOverflow)?;
        Ok(Liquidation { repay, insurance_cut, seize, bonus })
    }
}

/// One plus the bonus, in basis points.
fn with_bonus(bonus: Bps) -> u128 {
    u128::from(bonus.get()).saturating_add(u128::from(Bps::ONE.get()))
}

/// `value * (1 + bonus)`, rounded down.
fn with_bonus_down(value: Value, bonus: Bps) -> Result<Value> {
    if bonus == Bps::ZERO {
        return Ok(value);
    }
    let product = value.get().checked_mul(with_bonus(bonus));
    product
        .and_then(|product| product.checked_div(u128::from(Bps::ONE.get())))
        .map(Value::new)
        .ok_or(Error::MathOverflow)
}

/// `value / (1 + bonus)`, rounded up.
fn without_bonus_up(value: Value, bonus: Bps) -> Result<Value> {
    if bonus == Bps::ZERO {
        return Ok(value);
    }
    Ok(Value::new(value.weighted(Bps::ONE)?.get().div_ceil(with_bonus(bonus))))
}
