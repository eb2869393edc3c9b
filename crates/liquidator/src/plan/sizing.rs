//! Sizes a liquidation by inventory, limits and profit.

use std::collections::HashMap;

use backstop_client::{BackstopError, preview::Liquidated};
use backstop_engine::{
    Error, Result,
    health::Holding,
    price::{Price, Value},
    quantity::{Assets, Bps, Units},
};
use solana_address::Address;

use super::{Due, Liquidate, Reason, Round};

/// The headroom of an offer over the current amount. A debt that grows before the transaction lands is then still
/// repaid in full. The program takes only the amount needed at execution.
const HEADROOM: Bps = Bps::new(100);

/// The remaining inventory during planning.
pub(super) struct Budget {
    pub(super) liquidity: Assets,
    pub(super) collateral: HashMap<Address, Units>,
}

/// The limit that caps a repayment.
#[derive(Clone, Copy)]
enum Limit {
    Liquidity,
    Room,
    MaxRepay,
}

/// The costs and proceeds of a liquidation.
struct Worth {
    /// The payment, including the cost of the transaction.
    pays: Value,
    brings: Value,
    /// The minimum proceeds.
    needs: Value,
}

impl Worth {
    fn is_enough(&self) -> bool {
        self.brings >= self.needs
    }
}

impl Round<'_> {
    /// Returns the liquidation with the greatest profit over all collaterals, or why none pays.
    pub(super) fn best(&self, due: &Due, budget: &Budget) -> std::result::Result<Liquidate, Reason> {
        let mut best: Option<Liquidate> = None;
        let mut why = Reason::TooRecent { last_risk_increase_slot: due.row.last_risk_increase_slot };
        let mut reported = false;
        for (index, units) in due.row.holdings() {
            let Some(collateral) = self.book.collateral_address(index) else { continue };
            // A negligible holding cannot be seized. Without a price the obligation would not have been rated.
            let Ok(Some(holding)) = self.scale.holding(index, units) else { continue };
            match self.liquidation(due, collateral, &holding, budget) {
                Ok(it) if best.as_ref().is_none_or(|best| it.profit >= best.profit) => best = Some(it),
                Ok(_) => {}
                Err(reason) if !reported || reason.weight() > why.weight() => (why, reported) = (reason, true),
                Err(_) => {}
            }
        }
        best.ok_or(why)
    }

    /// Returns the liquidation of one collateral, if it pays and the inventory allows it.
    fn liquidation(
        &self,
        due: &Due,
        collateral: Address,
        holding: &Holding,
        budget: &Budget,
    ) -> std::result::Result<Liquidate, Reason> {
        let debt_price = self.scale.debt_price.ok_or(Reason::Refused(BackstopError::MissingPrice))?;
        let (most, limit) = budget.most_repay(self, &collateral, holding, &debt_price)?;
        let full = || {
            let held = holding.price.value_down(budget.held(&collateral).get());
            held.map_or_else(Reason::from, |held| Reason::CollateralFull { collateral, held })
        };
        let limited = || match limit {
            Limit::Liquidity => Reason::NoLiquidity { at_hand: budget.liquidity },
            Limit::Room => full(),
            Limit::MaxRepay => Reason::MaxRepay,
        };
        if most.is_zero() {
            return Err(limited());
        }
        let free = || self.preview(due, &collateral, Assets::new(u64::MAX));
        let (offered, expected) = match self.preview(due, &collateral, most) {
            Err(BackstopError::DebtBelowMinimum) => return Err(limited()),
            // The repayment buys less than a whole unit of the collateral.
            Err(BackstopError::AmountTooSmall) if free().is_ok() => return Err(limited()),
            previewed => previewed.map_err(Reason::Refused)?,
        };
        let worth = self.worth(holding, &debt_price, &expected)?;
        if !worth.is_enough() {
            // Blame the limit only if the liquidation would pay without it.
            let free = (offered < due.rating.debt).then(|| free().ok()).flatten();
            let free = free.and_then(|(_, expected)| self.worth(holding, &debt_price, &expected).ok()).unwrap_or(worth);
            return Err(match free.is_enough() {
                true => limited(),
                false => Reason::BelowFloor { pays: free.pays, brings: free.brings },
            });
        }
        // Less than the minimum is left only if all of the debt was wanted, and the units did not pay for it. A smaller
        // offer would be refused.
        let wanted = match expected.left < self.scale.terms.min_debt.get() {
            true => due.rating.debt,
            false => expected.taken.repay,
        };
        let max_repay = wanted.plus(HEADROOM.of_down(wanted)?)?.min(offered);
        let most = with_bonus_up(debt_price.value_up(max_repay.get())?, holding.bonus.max)?;
        let max_seized =
            Units::new(holding.middle.units_down(most)?.max(expected.taken.seize.get())).min(holding.units);
        if max_seized > self.room(&collateral, &holding.price, budget)? {
            return Err(full());
        }
        Ok(Liquidate {
            obligation: due.address,
            collateral,
            max_repay,
            min_seized: Units::new(holding.price.units_up(worth.needs)?),
            max_paid: max_repay.plus(self.cut_up(holding, max_repay)?)?,
            max_seized,
            expected,
            profit: worth.brings.minus(worth.pays)?,
        })
    }

    fn worth(&self, holding: &Holding, debt_price: &Price, expected: &Liquidated) -> Result<Worth> {
        let pays = debt_price.value_up(expected.paid)?.plus(self.rules.transaction_cost)?;
        let needs = pays.plus(self.rules.profit_floor)?;
        Ok(Worth { pays, brings: holding.price.value_down(expected.taken.seize.get())?, needs })
    }

    /// Previews an offer of at most `limit`. Also returns the offer: it is lower where `limit` would leave a debt below
    /// the minimum.
    fn preview(
        &self,
        due: &Due,
        collateral: &Address,
        limit: Assets,
    ) -> std::result::Result<(Assets, Liquidated), BackstopError> {
        let liquidate = |offered: Assets| {
            let mut obligation = self.book.obligation(due.row);
            self.snapshot.clone().liquidate(&mut obligation, collateral, offered.get())
        };
        match liquidate(limit) {
            Err(BackstopError::DebtBelowMinimum) => {
                let offered = due.rating.debt.saturating_sub(self.scale.terms.min_debt);
                if offered.is_zero() || offered >= limit {
                    return Err(BackstopError::DebtBelowMinimum);
                }
                Ok((offered, liquidate(offered)?))
            }
            outcome => Ok((limit, outcome?)),
        }
    }

    /// Returns the insurance fund's cut of a repayment at the greatest bonus, rounded up.
    fn cut_up(&self, holding: &Holding, repay: Assets) -> Result<Assets> {
        let cut = u128::from(repay.get()).checked_mul(self.cut_weight(holding)?).ok_or(Error::MathOverflow)?;
        u64::try_from(cut.div_ceil(BPS_SQUARED)).map(Assets::new).map_err(|_| Error::MathOverflow)
    }

    fn cut_weight(&self, holding: &Holding) -> Result<u128> {
        let cut = self.scale.terms.insurance_cut;
        let weight = u128::from(holding.bonus.max.get()).checked_mul(cut.get().into());
        weight.ok_or(Error::MathOverflow)
    }

    /// Returns how much more of a collateral the bot may hold.
    fn room(&self, collateral: &Address, price: &Price, budget: &Budget) -> Result<Units> {
        let most = Units::new(price.units_down(self.rules.max_collateral)?);
        Ok(most.saturating_sub(budget.held(collateral)))
    }
}

impl Budget {
    fn held(&self, collateral: &Address) -> Units {
        self.collateral.get(collateral).copied().unwrap_or_default()
    }

    /// Returns the largest repayment for a collateral, and the limit that sets it. All limits count at the greatest
    /// bonus: the liquidity has to pay for the repayment and the cut, `max_repay` caps it, and the seized collateral
    /// has to fit the room.
    fn most_repay(
        &self,
        round: &Round,
        collateral: &Address,
        holding: &Holding,
        debt_price: &Price,
    ) -> Result<(Assets, Limit)> {
        let with_cut = round.cut_weight(holding)?.checked_add(BPS_SQUARED).ok_or(Error::MathOverflow)?;
        let affordable = u128::from(self.liquidity.get()).checked_mul(BPS_SQUARED);
        let affordable = affordable.and_then(|scaled| u64::try_from(scaled.checked_div(with_cut)?).ok());
        let affordable = Assets::new(affordable.ok_or(Error::MathOverflow)?);
        let room = round.room(collateral, &holding.price, self)?.min(holding.units);
        let fitting = if room == holding.units {
            Assets::new(u64::MAX)
        } else {
            let held_back = holding.price.value_down(room.get())?;
            Assets::new(debt_price.units_down(without_bonus_down(held_back, holding.bonus.max)?)?)
        };
        let mut most = (round.rules.max_repay, Limit::MaxRepay);
        for limit in [(fitting, Limit::Room), (affordable, Limit::Liquidity)] {
            if limit.0 < most.0 {
                most = limit;
            }
        }
        Ok(most)
    }

    pub(super) fn allows(&self, round: &Round, liquidate: &Liquidate) -> bool {
        let listed = round.snapshot.collateral(&liquidate.collateral).ok();
        let price = listed.and_then(|listed| listed.price.ok()?.quote.lower(listed.account.decimals).ok());
        let room = price.and_then(|price| round.room(&liquidate.collateral, &price, self).ok());
        liquidate.max_paid <= self.liquidity && room.is_some_and(|room| liquidate.max_seized <= room)
    }

    pub(super) fn reserve(&mut self, liquidate: &Liquidate) {
        self.liquidity = self.liquidity.saturating_sub(liquidate.max_paid);
        let held = self.collateral.entry(liquidate.collateral).or_default();
        *held = held.plus(liquidate.max_seized).unwrap_or(Units::new(u64::MAX));
    }
}

/// 100 % of 100 %, in squared basis points.
const BPS_SQUARED: u128 = 100_000_000;

/// `value * (1 + bonus)`, rounded up.
fn with_bonus_up(value: Value, bonus: Bps) -> Result<Value> {
    let weight = bonus.get().checked_add(Bps::ONE.get()).map(u128::from);
    let scaled = weight.and_then(|weight| value.get().checked_mul(weight)).ok_or(Error::MathOverflow)?;
    Ok(Value::new(scaled.div_ceil(Bps::ONE.get().into())))
}

/// `value / (1 + bonus)`, rounded down.
fn without_bonus_down(value: Value, bonus: Bps) -> Result<Value> {
    let weight = bonus.get().checked_add(Bps::ONE.get()).map(u128::from);
    let scaled = value.get().checked_mul(Bps::ONE.get().into());
    let divided = weight.and_then(|weight| scaled?.checked_div(weight));
    divided.map(Value::new).ok_or(Error::MathOverflow)
}
