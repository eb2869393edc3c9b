//! How much a liquidation repays: what the inventory pays for and may take in, and whether it pays.

use std::collections::HashMap;

use backstop_client::{BackstopError, preview::Liquidated};
use backstop_engine::{
    health::Holding,
    price::{Price, Value},
    quantity::{Assets, Bps, Units},
};
use solana_address::Address;

use super::{Due, Liquidate, Round};

/// How much more than what is wanted now is offered, so that a debt that has grown until the transaction lands is still paid
/// whole; the program takes what is wanted then and no more.
const HEADROOM: Bps = Bps::new(100);

/// What is left of the inventory while a round is planned.
pub(super) struct Budget {
    pub(super) liquidity: Assets,
    pub(super) collateral: HashMap<Address, Units>,
}

impl Round<'_> {
    /// The collateral with the greatest profit.
    pub(super) fn best(&self, due: &Due, budget: &Budget) -> Option<Liquidate> {
        due.row
            .holdings()
            .filter_map(|(index, units)| self.liquidation(due, index, units, budget))
            .max_by_key(|it| it.profit)
    }

    /// Liquidating one collateral, if it pays and the inventory allows it.
    fn liquidation(&self, due: &Due, index: u16, units: Units, budget: &Budget) -> Option<Liquidate> {
        let collateral = self.book.collateral_address(index)?;
        let holding = self.scale.holding(index, units).ok()??;
        let debt_price = self.scale.debt_price?;
        let limit = budget.most_repay(self, &collateral, &holding, &debt_price)?;
        let (offered, expected) = self.preview(due, &collateral, limit)?;

        let costs = self.rules.transaction_cost.plus(self.rules.profit_floor).ok()?;
        let paid = debt_price.value_up(expected.paid).ok()?;
        let needed = paid.plus(costs).ok()?;
        let seized = holding.price.value_down(expected.seized).ok()?;
        if seized < needed {
            return None;
        }
        let wanted = expected.taken.repay;
        let max_repay = wanted.plus(HEADROOM.of_down(wanted).ok()?).ok()?.min(offered);
        let bonus_max = self.scale.terms.bonus_max;
        let most = with_bonus_up(debt_price.value_up(max_repay.get()).ok()?, bonus_max)?;
        let max_seized = Units::new(holding.price.units_down(most).ok()?.max(expected.seized)).min(units);
        if max_seized > self.room(&collateral, &holding.price, budget)? {
            return None;
        }
        Some(Liquidate {
            obligation: due.address,
            collateral,
            max_repay,
            min_seized: Units::new(holding.price.units_up(needed).ok()?),
            max_paid: max_repay.plus(self.cut_up(max_repay)?).ok()?,
            max_seized,
            expected,
            profit: seized.minus(paid).and_then(|gain| gain.minus(self.rules.transaction_cost)).ok()?,
        })
    }

    /// What happens when at most `limit` is offered, with what to offer: less where that would leave a debt below the minimum.
    fn preview(&self, due: &Due, collateral: &Address, limit: Assets) -> Option<(Assets, Liquidated)> {
        let liquidate = |offered: Assets| {
            let mut obligation = self.book.obligation(due.row);
            self.snapshot.clone().liquidate(&mut obligation, collateral, offered.get())
        };
        match liquidate(limit) {
            Ok(expected) => Some((limit, expected)),
            Err(BackstopError::DebtBelowMinimum) => {
                let offered = due.rating.debt.saturating_sub(self.scale.terms.min_debt);
                let expected = liquidate(offered).ok().filter(|_| offered < limit)?;
                Some((offered, expected))
            }
            Err(_) => None,
        }
    }

    /// The insurance fund's cut of a repayment at the greatest bonus.
    fn cut_up(&self, repay: Assets) -> Option<Assets> {
        let cut = u128::from(repay.get()).checked_mul(self.cut_weight()?)?.div_ceil(BPS_SQUARED);
        u64::try_from(cut).ok().map(Assets::new)
    }

    fn cut_weight(&self) -> Option<u128> {
        let terms = &self.scale.terms;
        u128::from(terms.bonus_max.get()).checked_mul(terms.insurance_cut.get().into())
    }

    /// How much more of a collateral may be held.
    fn room(&self, collateral: &Address, price: &Price, budget: &Budget) -> Option<Units> {
        let held = budget.collateral.get(collateral).copied().unwrap_or_default();
        let most = Units::new(price.units_down(self.rules.max_collateral).ok()?);
        Some(most.saturating_sub(held))
    }
}

impl Budget {
    /// The most to repay for a collateral: what the liquidity pays for with the cut on top, what one liquidation may repay, and
    /// what brings no more collateral than may be held, all at the greatest bonus.
    fn most_repay(&self, round: &Round, collateral: &Address, holding: &Holding, debt_price: &Price) -> Option<Assets> {
        let with_cut = round.cut_weight()?.checked_add(BPS_SQUARED)?;
        let affordable = u128::from(self.liquidity.get()).checked_mul(BPS_SQUARED)?.checked_div(with_cut)?;
        let room = round.room(collateral, &holding.price, self)?.min(holding.units);
        let all_fits = room == holding.units;
        let held_back = holding.price.value_down(room.get()).ok()?;
        let fitting =
            if all_fits { u64::MAX } else { debt_price.units_down(without_bonus_down(held_back, round)?).ok()? };
        let most = Assets::new(u64::try_from(affordable).ok()?).min(Assets::new(fitting)).min(round.rules.max_repay);
        (!most.is_zero()).then_some(most)
    }

    pub(super) fn allows(&self, round: &Round, liquidate: &Liquidate) -> bool {
        let listed = round.snapshot.collateral(&liquidate.collateral).ok();
        let price = listed.and_then(|listed| listed.price.ok()?.lower(listed.account.decimals).ok());
        let room = price.and_then(|price| round.room(&liquidate.collateral, &price, self));
        liquidate.max_paid <= self.liquidity && room.is_some_and(|room| liquidate.max_seized <= room)
    }

    pub(super) fn reserve(&mut self, liquidate: &Liquidate) {
        self.liquidity = self.liquidity.saturating_sub(liquidate.max_paid);
        let held = self.collateral.entry(liquidate.collateral).or_default();
        *held = held.plus(liquidate.max_seized).unwrap_or(Units::new(u64::MAX));
    }
}

/// One hundred percent of one hundred percent.
const BPS_SQUARED: u128 = 100_000_000;

/// `value * (1 + bonus)`, rounded up.
fn with_bonus_up(value: Value, bonus: Bps) -> Option<Value> {
    let weight = bonus.get().checked_add(Bps::ONE.get())?;
    Some(Value::new(value.get().checked_mul(weight.into())?.div_ceil(Bps::ONE.get().into())))
}

/// `value / (1 + the greatest bonus)`, rounded down.
fn without_bonus_down(value: Value, round: &Round) -> Option<Value> {
    let weight = round.scale.terms.bonus_max.get().checked_add(Bps::ONE.get())?;
    value.get().checked_mul(Bps::ONE.get().into())?.checked_div(weight.into()).map(Value::new)
}
