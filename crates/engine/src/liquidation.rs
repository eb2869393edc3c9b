//! How much a liquidation repays and seizes, and at which bonus.
//!
//! A liquidator pays part of an obligation's debt and receives one of its collaterals, worth what it paid plus a bonus. The
//! bonus starts at its minimum where health is lost and grows by a basis point for each basis point that health falls
//! further (as Euler's reverse Dutch discount does). It shrinks, down to its minimum, to what the collateral can pay without
//! leaving bad debt. A cut of the bonus goes to the insurance fund, paid in the liquidity token on top of the repayment.

use crate::{
    error::{Error, Result},
    fixed::{div_up, mul_div_up, mul_word},
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
        let spent = u64::from(threshold.get()).saturating_mul(with_bonus(self.bonus_min));
        if max_ltv <= threshold && spent < BPS_SQUARED { Ok(()) } else { Err(Error::InvalidParameter) }
    }

    /// The bonus at this health for seizing a collateral with this threshold: `min + (100 % - health)`; at most `max`, at
    /// most what the collateral exceeds the debt by, and at most `health / threshold - 1`, beyond which what is seized would
    /// carry more debt than is repaid; at least `min`.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if the values do not fit.
    pub fn bonus(&self, health: &Health, threshold: Bps) -> Result<Bps> {
        if health.is_underwater() {
            return Ok(self.bonus_min);
        }
        let one = u64::from(Bps::ONE.get());
        let factor = health.factor_bps();
        let lost = one.saturating_sub(factor);
        let grown = u64::from(self.bonus_min.get()).saturating_add(lost).min(u64::from(self.bonus_max.get()));
        let affordable = health.coverage_bps()?.saturating_sub(one);
        // Underwater was told apart and more than healthy is not liquidated: the product fits.
        let carried = factor.min(one).saturating_mul(one).checked_div(u64::from(threshold.get())).unwrap_or(u64::MAX);
        let bonus =
            u32::try_from(grown.min(affordable).min(carried.saturating_sub(one))).map_err(|_| Error::MathOverflow)?;
        Ok(Bps::new(bonus).max(self.bonus_min))
    }

    /// What to repay so that health returns to the target: `(target * debt - limit) / (target - (1 + bonus) * threshold)`,
    /// rounded up, the product in the denominator to a whole basis point first. All of it where that leaves no denominator. All of it for a debt that is small, that cannot be restored because the collateral is worth no more, or
    /// of which less than the minimum would be left.
    fn wanted(&self, debt: Assets, debt_price: &Price, health: &Health, threshold: Bps, bonus: Bps) -> Result<Assets> {
        if health.debt <= self.full_below || health.is_underwater() {
            return Ok(debt);
        }
        let paid_weight = mul_div_up(u64::from(threshold.get()), with_bonus(bonus), u64::from(Bps::ONE.get()))?;
        let restored = u64::from(self.target_health.get()).saturating_sub(paid_weight);
        if restored == 0 {
            return Ok(debt);
        }
        let target = health.debt.weighted(self.target_health)?.get();
        let missing = target.saturating_sub(health.liquidation_limit.get());
        let value = Value::new(div_up(missing, u128::from(restored))?);
        let wanted = Assets::new(debt_price.units_up(value)?).min(debt);
        if debt.saturating_sub(wanted) < self.min_debt { Ok(debt) } else { Ok(wanted) }
    }

    /// Sizes a liquidation of an obligation that owes `debt` (worth `debt_price` a unit, upper) and holds `holding` among
    /// what `health` sums up. `offered` is the most the liquidator wants to repay.
    ///
    /// `repay` is the smallest of what restores the target health, what the holding pays for, and the offer; rounded up.
    /// `seize = repay * debt price * (1 + bonus) / collateral price`, rounded down, or the whole holding where it pays for
    /// no more than what is wanted: then `repay = holding value / (1 + bonus)`, rounded up. `insurance_cut = repay * bonus * cut`, rounded up.
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
        let bonus = self.bonus(health, holding.liquidation_threshold)?;
        let wanted = self.wanted(debt, debt_price, health, holding.liquidation_threshold, bonus)?;
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

    /// What collateral of this value brings towards the debt at the least bonus: `value / (1 + bonus_min)`, rounded down.
    pub(crate) fn without_bonus_down(&self, value: Value) -> Result<Value> {
        let brings = value.weighted(Bps::ONE)?.get().checked_div(u128::from(with_bonus(self.bonus_min)));
        brings.map(Value::new).ok_or(Error::MathOverflow)
    }

    fn taking(&self, repay: Assets, seize: Units, bonus: Bps) -> Result<Liquidation> {
        if repay.is_zero() || seize.is_zero() {
            return Err(Error::AmountTooSmall);
        }
        // Two numbers of 32 bits: their product fits.
        let weight = u64::from(bonus.get()).saturating_mul(u64::from(self.insurance_cut.get()));
        let insurance_cut = match weight {
            0 => Assets::ZERO,
            _ => Assets::new(mul_div_up(repay.get(), weight, BPS_SQUARED)?),
        };
        Ok(Liquidation { repay, insurance_cut, seize, bonus })
    }
}

/// One hundred percent of one hundred percent.
const BPS_SQUARED: u64 = 100_000_000;

/// One plus the bonus, in basis points.
fn with_bonus(bonus: Bps) -> u64 {
    u64::from(bonus.get()).saturating_add(u64::from(Bps::ONE.get()))
}

/// `value * (1 + bonus)`, rounded down.
fn with_bonus_down(value: Value, bonus: Bps) -> Result<Value> {
    if bonus == Bps::ZERO {
        return Ok(value);
    }
    let product = mul_word(value.get(), with_bonus(bonus));
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
    div_up(value.weighted(Bps::ONE)?.get(), u128::from(with_bonus(bonus))).map(Value::new)
}
