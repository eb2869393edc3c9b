//! How much a liquidation repays and seizes, at which bonus, and which part of the remaining debt is lost.
//!
//! A liquidator pays part of an obligation's debt and receives one of its collaterals: what it paid for plus a bonus,
//! at the middle of both prices. The bonus starts at its minimum at the liquidation threshold. It grows by a basis
//! point for each basis point that health falls further, like Euler's reverse Dutch discount. It is limited to what the
//! collateral can pay without leaving bad debt, but never falls below its minimum. A cut of the bonus goes to the
//! insurance fund, paid in the liquidity token on top of the repayment.
//!
//! Nobody receives collateral without paying for it. A debt that its collateral covers is never lost.

use crate::{
    error::{Error, Result},
    fixed::{div_rem_half, div_up_half, mul_div_up, mul_word},
    health::{Health, Holding},
    hold::is_material,
    mark::{Evidence, Mark},
    pool::Totals,
    price::{Price, Value},
    quantity::{Assets, Bps, DebtShares, Units},
};

/// The largest dust value: 100 USD. Holdings worth up to a tenth of it do not count, so a larger value would record the
/// loss of debts that significant collateral covers.
pub const MOST_DUST: Value = Value::from_micro_usd(100_000_000);

/// A pool's liquidation parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiquidationTerms {
    /// The part of the bonus that goes to the insurance fund.
    pub insurance_cut: Bps,
    /// The health that a liquidation restores: weighted collateral over debt. At least 100 %.
    pub target_health: Bps,
    /// A liquidation does not leave less debt than this, unless it leaves none or takes all the collateral it can.
    pub min_debt: Assets,
    /// Collateral worth up to this does not prevent recording a shortfall.
    pub dust: Value,
}

/// The liquidator's bonus for a collateral, on top of what it pays for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bonus {
    /// The bonus at the liquidation threshold, and where the collateral cannot pay more.
    pub min: Bps,
    /// The largest bonus.
    pub max: Bps,
}

/// An obligation's debt in a liquidation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Debt {
    /// The obligation's shares of the pool's performing debt.
    pub shares: DebtShares,
    /// The worth of the shares, rounded up.
    pub amount: Assets,
    /// The upper price of the liquidity token.
    pub price: Price,
    /// The middle price of the liquidity token.
    pub middle: Price,
    /// The obligation's mark.
    pub mark: Mark,
    /// The quality of the prices used.
    pub evidence: Evidence,
    /// Whether the debt is from an earlier slot, so that it can be marked.
    pub may_be_marked: bool,
    /// Whether the debt is old enough to record a loss.
    pub may_default: bool,
    /// Whether the obligation has an unrecovered loss: then its next loss does not wait.
    pub defaulted: bool,
}

/// The amounts that a liquidation exchanges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Liquidation {
    /// The liquidator's payment towards the debt.
    pub repay: Assets,
    /// The liquidator's payment to the insurance fund, on top.
    pub insurance_cut: Assets,
    /// The collateral that the liquidator receives.
    pub seize: Units,
    /// The bonus applied.
    pub bonus: Bps,
}

/// The outcome of a liquidation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Liquidated {
    /// The amounts exchanged.
    pub taken: Liquidation,
    /// The obligation's debt shares afterwards, before a loss is recorded.
    pub debt_shares: DebtShares,
    /// The worth of these shares, rounded up.
    pub left: Assets,
    /// The debt shares to record as lost in the same step.
    pub lost: DebtShares,
    /// The mark afterwards, before a loss is recorded.
    pub mark: Mark,
    /// The pool afterwards, before a loss is recorded.
    pub totals: Totals,
}

impl Bonus {
    /// Checks bounds: `min <= max <= 50 %`, and `threshold * (1 + min)` at most 100 %, so that a liquidation at the
    /// threshold leaves no bad debt.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] otherwise.
    ///
    /// ```
    /// # use backstop_engine::{liquidation::Bonus, quantity::Bps, Error};
    /// let bonus = Bonus { min: Bps::new(2_500), max: Bps::new(3_000) };
    /// assert_eq!(bonus.validate(Bps::new(8_000)), Ok(())); // 80 % * 1.25 = 100 %
    /// assert_eq!(bonus.validate(Bps::new(8_001)), Err(Error::InvalidParameter));
    /// ```
    pub fn validate(&self, threshold: Bps) -> Result<()> {
        let spent = u64::from(threshold.get()).saturating_mul(with_bonus(self.min));
        let within = self.min <= self.max && self.max <= Bps::new(5_000);
        if within && spent <= BPS_SQUARED { Ok(()) } else { Err(Error::InvalidParameter) }
    }

    /// The bonus at this health for a collateral with this threshold: `min + (100 % - health)`, at least `min`, and at
    /// most:
    ///
    /// - `max`;
    /// - `(1 + min) * proceeds / debt - 1`. Above that, the remaining collateral would cover less of the remaining
    ///   debt. With a single collateral, this is what its value exceeds the debt by;
    /// - `health / threshold - 1`. Above that, the seized collateral would carry more debt than is repaid.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if the values do not fit.
    pub fn at(&self, health: &Health, threshold: Bps) -> Result<Bps> {
        if health.is_underwater() {
            return Ok(self.min);
        }
        let one = u64::from(Bps::ONE.get());
        let factor = health.factor_bps();
        let lost = one.saturating_sub(factor);
        let grown = u64::from(self.min.get()).saturating_add(lost).min(u64::from(self.max.get()));
        let covered = health.proceeds.weighted(Bps::new(self.min.get().saturating_add(Bps::ONE.get())))?.get();
        let covered = covered.checked_div(health.debt.get()).and_then(|covered| u64::try_from(covered).ok());
        let affordable = covered.unwrap_or(u64::MAX).saturating_sub(one);
        // Underwater is handled above, and a healthy obligation is not liquidated: the product fits.
        let carried = factor.min(one).saturating_mul(one).checked_div(u64::from(threshold.get())).unwrap_or(u64::MAX);
        let bonus =
            u32::try_from(grown.min(affordable).min(carried.saturating_sub(one))).map_err(|_| Error::MathOverflow)?;
        Ok(Bps::new(bonus).max(self.min))
    }

    /// What collateral of this value pays towards a debt at the minimum bonus: `value / (1 + min)`, rounded down.
    pub(crate) fn paid_for_down(&self, value: Value) -> Result<Value> {
        if self.min == Bps::ZERO {
            return Ok(value);
        }
        let (brings, _) = without_bonus(value, self.min)?;
        Ok(Value::new(brings))
    }
}

impl LiquidationTerms {
    /// Checks bounds: the cut at most 100 %, the target from 100 % to 200 %, dust at most [`MOST_DUST`].
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] otherwise.
    pub fn validate(&self) -> Result<()> {
        let target = self.target_health >= Bps::ONE && self.target_health <= Bps::new(20_000);
        if target && self.insurance_cut <= Bps::ONE && self.dust <= MOST_DUST {
            Ok(())
        } else {
            Err(Error::InvalidParameter)
        }
    }

    /// The debt shares to repay so that health returns to the target, rounded up:
    /// `(target * debt - limit) / (target - (1 + bonus) * threshold)`.
    ///
    /// The product in the denominator is rounded up to a whole basis point first. All shares are repaid if:
    ///
    /// - no denominator is left;
    /// - the collateral is worth no more than the debt, so that health cannot be restored;
    /// - less than the minimum debt would remain.
    ///
    /// Values are at the conservative sides. An exchange at the middle takes no more of the limit, so health returns at
    /// least to the target.
    fn wanted(&self, totals: &Totals, debt: &Debt, health: &Health, threshold: Bps, bonus: Bps) -> Result<DebtShares> {
        if health.is_underwater() {
            return Ok(debt.shares);
        }
        let paid_weight = mul_div_up(u64::from(threshold.get()), with_bonus(bonus), u64::from(Bps::ONE.get()))?;
        let restored = u64::from(self.target_health.get()).saturating_sub(paid_weight);
        if restored == 0 {
            return Ok(debt.shares);
        }
        let target = health.debt.weighted(self.target_health)?.get();
        let missing = target.saturating_sub(health.liquidation_limit.get());
        let restored = u32::try_from(restored).map_err(|_| Error::MathOverflow)?;
        let value = div_up_half(missing, restored).map(Value::new).ok_or(Error::MathOverflow)?;
        let wanted = totals.debt_shares_up(Assets::new(debt.price.units_up(value)?).min(debt.amount))?.min(debt.shares);
        if totals.debt(debt.shares.minus(wanted)?)? < self.min_debt { Ok(debt.shares) } else { Ok(wanted) }
    }

    /// Sizes a liquidation of `holding`, one of the collaterals in `health`. `offered` is the most the liquidator wants
    /// to repay.
    ///
    /// Repays whole debt shares: the fewest of those that restore the target health, those that the holding pays for,
    /// and those that the offer pays for. Exchanges at the middle of both prices:
    ///
    /// - `seize = worth of the shares * debt price * (1 + bonus) / collateral price`, rounded down to whole units.
    /// - The liquidator pays at most `seize * collateral price / (1 + bonus) / debt price`, the worth of these units at
    ///   the bonus. This is rounded up to a unit and then to a debt share, so the debt falls by at least the worth of
    ///   what is seized.
    /// - `insurance_cut = repay * bonus * cut`, rounded up.
    ///
    /// # Errors
    /// [`Error::ObligationHealthy`] within the liquidation limit. [`Error::AmountTooSmall`] if nothing would be repaid
    /// or seized. [`Error::InsufficientCollateral`] if the holding is empty. [`Error::DebtBelowMinimum`] if the offer
    /// would leave less than the minimum debt while the holding could pay more.
    ///
    /// ```
    /// # use backstop_engine::{health::*, liquidation::*, mark::*, pool::Totals, price::*, quantity::*};
    /// let terms = LiquidationTerms {
    ///     insurance_cut: Bps::ZERO, target_health: Bps::new(11_000), min_debt: Assets::ZERO, dust: Value::ZERO,
    /// };
    /// let usdc = Price::new(1, 0, 6)?;
    /// let gem = Holding {
    ///     units: Units::new(10), price: Price::new(930, 0, 0)?, middle: Price::new(930, 0, 0)?,
    ///     max_ltv: Bps::new(7_500), liquidation_threshold: Bps::new(8_000),
    ///     bonus: Bonus { min: Bps::new(500), max: Bps::new(500) },
    /// };
    /// let shares = DebtShares::new(7_500_000_000);
    /// let totals = Totals { debt_shares: shares, ..Totals::empty(0) };
    /// let debt = Debt {
    ///     shares, amount: totals.debt(shares)?, price: usdc, middle: usdc,
    ///     mark: Mark::NONE, evidence: Evidence::BEGUN, may_be_marked: true, may_default: true,
    ///     defaulted: false,
    /// };
    /// let health = Health::of_debt(usdc.value_up(debt.amount.get())?).with(&gem)?;
    /// // 110 % of 7,500 less 80 % of 9,300, over 110 % - 105 % * 80 %: 3,115.38 would restore it, and pay for 3.5 gems.
    /// let taken = terms.size(&totals, &debt, &gem, &health, Assets::new(u64::MAX))?;
    /// assert_eq!((taken.seize, taken.repay), (Units::new(3), Assets::new(2_657_142_858))); // 2,790 / 1.05
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn size(
        &self,
        totals: &Totals,
        debt: &Debt,
        holding: &Holding,
        health: &Health,
        offered: Assets,
    ) -> Result<Liquidation> {
        Ok(self.sized(totals, debt, holding, health, offered)?.0)
    }

    /// The amounts exchanged, and the debt shares that they pay.
    fn sized(
        &self,
        totals: &Totals,
        debt: &Debt,
        holding: &Holding,
        health: &Health,
        offered: Assets,
    ) -> Result<(Liquidation, DebtShares)> {
        if !health.is_liquidatable()? {
            return Err(Error::ObligationHealthy);
        }
        if holding.units.is_zero() {
            return Err(Error::InsufficientCollateral);
        }
        let bonus = holding.bonus.at(health, holding.liquidation_threshold)?;
        let wanted = self.wanted(totals, debt, health, holding.liquidation_threshold, bonus)?;
        let most = wanted.min(totals.paid_for(debt.shares, debt.amount, offered)?);
        let paid = totals.borrow_index.times_down(most.get())?;
        let value = with_bonus_down(debt.middle.value_down(paid)?, bonus)?;
        // Seizes exactly all if the shares pay for all: each step undoes one of `worth_of`, which rounds up.
        let seize = Units::new(holding.middle.units_down(value)?).min(holding.units);
        if seize < holding.units && most != debt.shares && totals.debt(debt.shares.minus(most)?)? < self.min_debt {
            return Err(Error::DebtBelowMinimum);
        }
        let shares = totals.debt_shares_up(worth_of(seize, holding, &debt.middle, bonus)?)?.min(most);
        Ok((self.taking(totals.debt(shares)?, seize, bonus)?, shares))
    }

    /// Sizes a recovery of written-off debt from `holding`, where the performing debt is within its limit.
    ///
    /// Uses the minimum bonus. Takes up to what is `unrecovered` and `offered`, and only as much as keeps the
    /// performing debt at the target health. The whole payment is a recovery: there is no cut. In `health`, collateral
    /// without a usable price counts for nothing. `rest_counts` says whether this many remaining units of the
    /// collateral count for anything.
    ///
    /// `seize = repay * debt price * (1 + bonus) / collateral price` at the middle of both prices, rounded down to
    /// whole units. The liquidator pays their worth at the bonus, rounded up.
    ///
    /// # Errors
    /// [`Error::ObligationHealthy`] if nothing is unrecovered, if the performing debt needs all of the holding, or if
    /// it needs some of it and the remaining units would not count. [`Error::InsufficientCollateral`] if the holding is
    /// empty. [`Error::AmountTooSmall`] if nothing would be repaid or seized.
    ///
    /// ```
    /// # use backstop_engine::{health::*, liquidation::*, mark::*, price::*, quantity::*};
    /// let terms = LiquidationTerms {
    ///     insurance_cut: Bps::ONE, target_health: Bps::new(11_000), min_debt: Assets::ZERO, dust: Value::ZERO,
    /// };
    /// let (usdc, gem_price) = (Price::new(1, 0, 6)?, Price::new(210, 0, 0)?);
    /// let gem = Holding {
    ///     units: Units::new(10), price: gem_price, middle: gem_price,
    ///     max_ltv: Bps::new(7_500), liquidation_threshold: Bps::new(8_000),
    ///     bonus: Bonus { min: Bps::new(500), max: Bps::new(1_000) },
    /// };
    /// // 1,000 USD of debt keep 1,100 / 80 % = 1,375 USD, or seven gems. The other three bring 200 USD each.
    /// let health = Health::of_debt(usdc.value_up(1_000_000_000)?).with(&gem)?;
    /// let [all, some] = [9_000_000_000, 399_000_000].map(Assets::new);
    /// let taken = terms.size_recovery(&usdc, all, &gem, &health, all, |_| true)?;
    /// assert_eq!((taken.seize, taken.repay), (Units::new(3), Assets::new(600_000_000)));
    /// let taken = terms.size_recovery(&usdc, some, &gem, &health, all, |_| true)?;
    /// assert_eq!((taken.seize, taken.repay), (Units::new(1), Assets::new(200_000_000)));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn size_recovery(
        &self,
        debt_middle: &Price,
        unrecovered: Assets,
        holding: &Holding,
        health: &Health,
        offered: Assets,
        rest_counts: impl FnOnce(Units) -> bool,
    ) -> Result<Liquidation> {
        if holding.units.is_zero() {
            return Err(Error::InsufficientCollateral);
        }
        let needed = self.needed(health, holding)?;
        let spare = holding.units.saturating_sub(needed);
        if unrecovered.is_zero() || spare.is_zero() {
            return Err(Error::ObligationHealthy);
        }
        let (bonus, most) = (holding.bonus.min, offered.min(unrecovered));
        let value = with_bonus_down(debt_middle.value_down(most.get())?, bonus)?;
        let seize = Units::new(holding.middle.units_down(value)?).min(spare);
        let repay = worth_of(seize, holding, debt_middle, bonus)?;
        if repay.is_zero() || seize.is_zero() {
            return Err(Error::AmountTooSmall);
        }
        if !needed.is_zero() && !rest_counts(holding.units.minus(seize)?) {
            return Err(Error::ObligationHealthy);
        }
        Ok(Liquidation { repay, insurance_cut: Assets::ZERO, seize, bonus })
    }

    /// How much of a holding the performing debt needs for the target health, besides all other collateral. Can exceed
    /// the holding.
    fn needed(&self, health: &Health, holding: &Holding) -> Result<Units> {
        let others = health.liquidation_limit.minus(Health::default().with(holding)?.liquidation_limit)?;
        let missing = health.debt.weighted(self.target_health)?.get().saturating_sub(others.get());
        if missing == 0 {
            return Ok(Units::ZERO);
        }
        // More than the holding if it carries no debt, or if the number does not fit.
        let value = div_up_half(missing, holding.liquidation_threshold.get()).map(Value::new);
        Ok(value.and_then(|value| holding.price.units_up(value).ok()).map_or(holding.units, Units::new))
    }

    /// Liquidates: [`LiquidationTerms::size`], plus the pool and the obligation afterwards and the part of the
    /// remaining debt that is lost. `rest_counts` says whether this many remaining units of the collateral count for
    /// anything.
    ///
    /// If the debt is old enough, the remaining debt's shortfall is lost in either of these cases:
    ///
    /// - the collateral left is worth at most [`LiquidationTerms::dust`];
    /// - the obligation has an unrecovered loss, and the shortfall is [material](is_material) by the newest prices.
    ///
    /// Otherwise it is marked. In the slot of the last borrow, a mark can only fall, by what is repaid.
    ///
    /// # Errors
    /// As [`LiquidationTerms::size`]. [`Error::MathOverflow`] if a total would not fit.
    pub fn liquidate(
        &self,
        totals: &Totals,
        debt: &Debt,
        holding: &Holding,
        health: &Health,
        offered: Assets,
        rest_counts: impl FnOnce(Units) -> bool,
    ) -> Result<Liquidated> {
        let (taken, shares) = self.sized(totals, debt, holding, health, offered)?;
        let repaid = totals.burn(debt.shares, shares, taken.repay)?;
        let insurance_due = repaid.totals.insurance_due.plus(taken.insurance_cut)?;
        let totals = Totals { insurance_due, ..repaid.totals };
        let left = totals.debt(repaid.debt_shares)?;

        let units = holding.units.minus(taken.seize)?;
        let counted = if rest_counts(units) { units } else { Units::ZERO };
        let rest = health.after(debt.price.value_up(left.get())?, holding, counted)?;
        let shortfall = rest.shortfall(left, &debt.price)?;
        let records = debt.may_default && !shortfall.is_zero() && self.ends(debt, &rest, shortfall, &totals)?;
        let lost = match records {
            true => totals.shares_beyond(repaid.debt_shares, left.minus(shortfall)?)?,
            false => DebtShares::ZERO,
        };
        let (shown, evidence) =
            if debt.may_be_marked { (shortfall, debt.evidence) } else { (Assets::ZERO, Evidence::FAVOUR) };
        // A payment at an older price takes collateral worth as much at the newest, so it removes no shortfall.
        let paid = if debt.evidence.newest { taken.repay } else { Assets::ZERO };
        let mark = debt.mark.after(shown, paid, left, evidence, totals.accrued_at);
        Ok(Liquidated { taken, debt_shares: repaid.debt_shares, left, lost, mark, totals })
    }

    /// The debt shares of an obligation that are lost: those that its collateral does not cover. The others remain,
    /// secured by that collateral.
    ///
    /// A shortfall is lost if one of these holds:
    ///
    /// - the collateral is worth at most [`LiquidationTerms::dust`];
    /// - the mark is [settled](Mark::is_due);
    /// - the obligation has an unrecovered loss, and this shortfall is [material](is_material) by the newest prices.
    ///
    /// If settlement finds the debt covered, nothing is lost and only the mark ends.
    ///
    /// # Errors
    /// At settlement, [`Error::PriceBeforeMark`] if the prices cannot settle the mark. Otherwise
    /// [`Error::ObligationHealthy`] within the liquidation limit, [`Error::CollateralRemains`] if no case above holds,
    /// and [`Error::DebtCovered`] if there is no shortfall.
    pub fn lost(&self, totals: &Totals, debt: &Debt, health: &Health, settles: bool) -> Result<DebtShares> {
        let shortfall = health.shortfall(debt.amount, &debt.price)?;
        if settles {
            if !debt.mark.is_settled_by(debt.evidence) {
                return Err(Error::PriceBeforeMark);
            }
        } else if !health.is_liquidatable()? {
            return Err(Error::ObligationHealthy);
        } else if !self.ends(debt, health, shortfall, totals)? {
            return Err(Error::CollateralRemains);
        } else if shortfall.is_zero() {
            return Err(Error::DebtCovered);
        }
        if shortfall.is_zero() {
            return Ok(DebtShares::ZERO);
        }
        totals.shares_beyond(debt.shares, debt.amount.minus(shortfall)?)
    }

    /// Whether a shortfall is lost at once: the collateral is worth at most dust, or a loss is unrecovered and the
    /// shortfall is material by the newest prices.
    fn ends(&self, debt: &Debt, health: &Health, shortfall: Assets, totals: &Totals) -> Result<bool> {
        let at_once = debt.defaulted && debt.evidence.newest;
        Ok(health.collateral <= self.dust || (at_once && is_material(shortfall, totals.nav()?)))
    }

    fn taking(&self, repay: Assets, seize: Units, bonus: Bps) -> Result<Liquidation> {
        if repay.is_zero() || seize.is_zero() {
            return Err(Error::AmountTooSmall);
        }
        // Two 32-bit numbers: their product fits.
        let weight = u64::from(bonus.get()).saturating_mul(u64::from(self.insurance_cut.get()));
        let insurance_cut = match weight {
            0 => Assets::ZERO,
            _ => Assets::new(mul_div_up(repay.get(), weight, BPS_SQUARED)?),
        };
        Ok(Liquidation { repay, insurance_cut, seize, bonus })
    }
}

/// 100 % squared, in squared basis points.
const BPS_SQUARED: u64 = 100_000_000;

/// What a liquidator pays for this many units at this bonus, rounded up in favour of the pool.
fn worth_of(units: Units, holding: &Holding, debt_middle: &Price, bonus: Bps) -> Result<Assets> {
    let value = without_bonus_up(holding.middle.value_up(units.get())?, bonus)?;
    debt_middle.units_up(value).map(Assets::new)
}

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
    let (value, _) = product.and_then(|product| div_rem_half(product, Bps::ONE.get())).ok_or(Error::MathOverflow)?;
    Ok(Value::new(value))
}

/// `value / (1 + bonus)`, rounded up.
fn without_bonus_up(value: Value, bonus: Bps) -> Result<Value> {
    if bonus == Bps::ZERO {
        return Ok(value);
    }
    let (value, rest) = without_bonus(value, bonus)?;
    value.checked_add(u128::from(rest != 0)).map(Value::new).ok_or(Error::MathOverflow)
}

/// `value / (1 + bonus)`, rounded down, and the remainder.
fn without_bonus(value: Value, bonus: Bps) -> Result<(u128, u64)> {
    let divisor = bonus.get().saturating_add(Bps::ONE.get());
    div_rem_half(value.weighted(Bps::ONE)?.get(), divisor).ok_or(Error::MathOverflow)
}
