//! `preview-is-execution`: what the engine says a step will do, applied to all that the accounts hold before it.

use backstop_client::CollateralSlot;
use backstop_engine::{
    health::{Health, may_default},
    pool::Totals,
    quantity::{Assets, DebtShares, Shares, Units},
    waterfall,
};
use solana_address::Address;

use crate::{
    state::State,
    step::{Actor, Step, Symbol},
};

/// The name of an error.
type Name = String;

fn name(error: backstop_engine::Error) -> Name {
    format!("{error:?}")
}

fn refuse<T>(error: &str) -> Result<T, Name> {
    Err(error.into())
}

/// The state after a step at this time and slot, or the error that it must be refused with.
pub(crate) fn preview(before: &State, step: Step, now: i64, slot: u64) -> Result<State, Name> {
    let mut after = before.clone();
    match step {
        Step::Deposit { who, assets } => after.deposit(who, assets, now)?,
        Step::Withdraw { who, shares } => after.withdraw(who, shares, now)?,
        Step::DepositCollateral { who, symbol, units } => after.deposit_collateral(who, symbol, units)?,
        Step::WithdrawCollateral { who, symbol, units } => after.withdraw_collateral(who, symbol, units, now, slot)?,
        Step::Borrow { who, assets } => after.borrow(who, assets, now, slot)?,
        Step::Repay { who, borrower, assets } => after.repay(who, borrower, assets, now)?,
        Step::Accrue => after.apply(&before.pool.totals_at(now).map_err(name)?),
        Step::Liquidate { who, borrower, symbol, max_repay } => {
            after.liquidate((who, borrower, symbol), max_repay, now, slot)?;
        }
        Step::Record { who, borrower } => after.record(who, borrower, now, slot)?,
        Step::Fund { who, assets } => after.fund(who, assets)?,
        Step::Donate { to_fund: true, units } => {
            after.insurance_vault += units;
            after.donated.1 += units;
        }
        Step::Donate { to_fund: false, units } => {
            after.vault += units;
            after.donated.0 += units;
        }
        Step::Wait { .. } => {}
        Step::Price { symbol, quote } => drop(after.quotes.insert(symbol, quote)),
    }
    Ok(after)
}

impl State {
    fn accrued(&self, now: i64) -> Result<Totals, Name> {
        self.pool.totals_at(now).map_err(name)
    }

    fn apply(&mut self, totals: &Totals) {
        let pool = &mut self.pool;
        (pool.cash, pool.debt_shares) = (totals.cash.get(), totals.debt_shares.get());
        (pool.borrow_index, pool.shares) = (totals.borrow_index.bits(), totals.shares.get());
        (pool.reserves, pool.insurance_due) = (totals.reserves.get(), totals.insurance_due.get());
        pool.accrued_at = totals.accrued_at;
    }

    fn pay(&mut self, who: Actor, symbol: Symbol, amount: u64) -> Result<(), Name> {
        let wallet = self.wallets.get_mut(&(who, symbol)).unwrap();
        let Some(left) = wallet.checked_sub(amount) else { return refuse("TokenInsufficientFunds") };
        *wallet = left;
        Ok(())
    }

    fn receive(&mut self, who: Actor, symbol: Symbol, amount: u64) {
        *self.wallets.get_mut(&(who, symbol)).unwrap() += amount;
    }

    fn deposit(&mut self, who: Actor, assets: u64, now: i64) -> Result<(), Name> {
        let minted = self.accrued(now)?.deposit(Assets::new(assets)).map_err(name)?;
        let held = self.shares(who);
        self.apply(&minted.totals);
        let position = self.positions.get_mut(who).unwrap();
        (position.shares, position.generation) = (held + minted.shares.get(), self.pool.generation);
        self.vault += minted.assets.get();
        self.pay(who, "USDC", minted.assets.get())
    }

    fn withdraw(&mut self, who: Actor, shares: u64, now: i64) -> Result<(), Name> {
        let held = self.shares(who);
        let shares = if shares == u64::MAX { held } else { shares };
        if shares > held {
            return refuse("InsufficientShares");
        }
        let paid = self.accrued(now)?.withdraw(Shares::new(shares)).map_err(name)?;
        self.apply(&paid.totals);
        let position = self.positions.get_mut(who).unwrap();
        (position.shares, position.generation) = (held - shares, self.pool.generation);
        self.vault -= paid.assets.get();
        self.receive(who, "USDC", paid.assets.get());
        Ok(())
    }

    fn deposit_collateral(&mut self, who: Actor, symbol: Symbol, units: u64) -> Result<(), Name> {
        if units == 0 {
            return refuse("AmountTooSmall");
        }
        let address = self.collateral_addresses[symbol];
        let slots = &mut self.obligations.get_mut(who).unwrap().collaterals;
        let own = slots.iter().position(|slot| slot.units != 0 && slot.collateral == address);
        let slot = own.or_else(|| slots.iter().position(|slot| slot.units == 0)).unwrap();
        slots[slot] = CollateralSlot { collateral: address, units: slots[slot].units + units };
        self.collaterals.get_mut(symbol).unwrap().deposited += units;
        *self.collateral_vaults.get_mut(symbol).unwrap() += units;
        self.pay(who, symbol, units)
    }

    /// Takes collateral out of an obligation and its vault.
    fn release(&mut self, who: Actor, symbol: Symbol, units: u64) -> Result<(), Name> {
        let address = self.collateral_addresses[symbol];
        let slots = &mut self.obligations.get_mut(who).unwrap().collaterals;
        let slot = slots.iter_mut().find(|slot| slot.units >= units && slot.units != 0 && slot.collateral == address);
        let Some(slot) = slot else { return refuse("InsufficientCollateral") };
        slot.units -= units;
        if slot.units == 0 {
            slot.collateral = Address::default();
        }
        self.collaterals.get_mut(symbol).unwrap().deposited -= units;
        *self.collateral_vaults.get_mut(symbol).unwrap() -= units;
        Ok(())
    }

    fn withdraw_collateral(&mut self, who: Actor, symbol: Symbol, units: u64, now: i64, slot: u64) -> Result<(), Name> {
        let units = if units == u64::MAX { self.held(who, symbol) } else { units };
        if units == 0 {
            return refuse("AmountTooSmall");
        }
        self.release(who, symbol, units)?;
        self.obligations.get_mut(who).unwrap().exposed_at_slot = slot;
        self.receive(who, symbol, units);
        if self.obligations[who].debt_shares != 0 {
            let totals = self.accrued(now)?;
            self.health(&totals, who).and_then(|health| health.require_borrowable()).map_err(name)?;
            self.apply(&totals);
        }
        Ok(())
    }

    fn borrow(&mut self, who: Actor, assets: u64, now: i64, slot: u64) -> Result<(), Name> {
        let (min_debt, owed) = (self.pool.parameters.liquidation.min_debt, self.obligations[who].debt());
        let lent = self.accrued(now)?.borrow(owed, Assets::new(assets), Assets::new(min_debt)).map_err(name)?;
        let obligation = self.obligations.get_mut(who).unwrap();
        (obligation.debt_shares, obligation.exposed_at_slot) = (lent.debt_shares.get(), slot);
        self.health(&lent.totals, who).and_then(|health| health.require_borrowable()).map_err(name)?;
        self.apply(&lent.totals);
        self.vault -= assets;
        self.receive(who, "USDC", assets);
        Ok(())
    }

    fn repay(&mut self, who: Actor, borrower: Actor, assets: u64, now: i64) -> Result<(), Name> {
        let repaid = self.accrued(now)?.repay(self.obligations[borrower].debt(), Assets::new(assets)).map_err(name)?;
        self.apply(&repaid.totals);
        self.obligations.get_mut(borrower).unwrap().debt_shares = repaid.debt_shares.get();
        self.vault += repaid.paid.get();
        self.pay(who, "USDC", repaid.paid.get())
    }

    fn fund(&mut self, who: Actor, assets: u64) -> Result<(), Name> {
        if assets == 0 {
            return refuse("AmountTooSmall");
        }
        self.fund.assets += assets;
        self.insurance_vault += assets;
        self.pay(who, "USDC", assets)
    }

    fn may_default(&self, who: Actor, slot: u64) -> bool {
        may_default(self.obligations[who].exposed_at_slot, slot, self.pool.parameters.loss.min_default_age_slots)
    }

    fn liquidate(
        &mut self,
        (who, borrower, symbol): (Actor, Actor, Symbol),
        max_repay: u64,
        now: i64,
        slot: u64,
    ) -> Result<(), Name> {
        let totals = self.accrued(now)?;
        let owed = self.obligations[borrower].debt();
        let debt = totals.debt(owed).map_err(name)?;
        let health = self.health(&totals, borrower).map_err(name)?;
        let holding = self.holding(symbol, self.held(borrower, symbol)).map_err(name)?;
        if holding.units.is_zero() {
            return refuse("InsufficientCollateral");
        }
        let (terms, price) = (self.pool.parameters.liquidation.terms(), self.debt_price().map_err(name)?);
        let taken = terms.size(debt, &price, &holding, &health, Assets::new(max_repay)).map_err(name)?;
        let repaid = totals.repay_exactly(owed, taken.repay).map_err(name)?;
        let due = repaid.totals.insurance_due.plus(taken.insurance_cut).map_err(name)?;
        let totals = Totals { insurance_due: due, ..repaid.totals };
        let left = totals.debt(repaid.debt_shares).map_err(name)?;

        let kept = Units::new(holding.units.get() - taken.seize.get());
        let rest: Health = health.after(price.value_up(left.get()).map_err(name)?, &holding, kept).map_err(name)?;
        let hopeless = rest.require_unrecoverable(self.pool.parameters.loss.dust()).is_ok();
        let records = !left.is_zero() && hopeless && self.may_default(borrower, slot);
        let seized = if records { holding.units.get() } else { taken.seize.get() };

        self.apply(&totals);
        self.release(borrower, symbol, seized)?;
        self.obligations.get_mut(borrower).unwrap().debt_shares = repaid.debt_shares.get();
        let paid = repaid.paid.get() + taken.insurance_cut.get();
        self.vault += paid;
        self.pay(who, "USDC", paid)?;
        self.receive(who, symbol, seized);
        if records { self.write_off(borrower, &totals, now) } else { Ok(()) }
    }

    fn record(&mut self, who: Actor, borrower: Actor, now: i64, slot: u64) -> Result<(), Name> {
        if !self.may_default(borrower, slot) {
            return refuse("DefaultTooRecent");
        }
        let totals = self.accrued(now)?;
        let held: Vec<_> = self.obligations[borrower].held().map(|slot| (slot.collateral, slot.units)).collect();
        if !held.is_empty() {
            let (health, dust) = (self.health(&totals, borrower).map_err(name)?, self.pool.parameters.loss.dust());
            health.require_unrecoverable(dust).map_err(name)?;
        }
        for (collateral, units) in held {
            let symbol = self.symbol(&collateral);
            self.release(borrower, symbol, units)?;
            self.receive(who, symbol, units);
        }
        self.write_off(borrower, &totals, now)
    }

    fn write_off(&mut self, borrower: Actor, totals: &Totals, now: i64) -> Result<(), Name> {
        let (limits, owed) = (self.pool.parameters.loss.insurance(), self.obligations[borrower].debt());
        let recording = waterfall::record(totals, &self.fund.fund(), &limits, owed, now).map_err(name)?;
        let obligation = self.obligations.get_mut(borrower).unwrap();
        obligation.debt_shares = DebtShares::ZERO.get();
        obligation.written_off += recording.loss.loss.get();
        self.pool.losses += 1;
        self.pool.uncovered += recording.loss.uncovered.get();
        self.pool.generation += u32::from(recording.loss.wiped_out);
        self.apply(&recording.totals);
        self.fund.assets = recording.fund.assets.get();
        self.fund.drawn = recording.fund.drawn.get();
        self.fund.window_drawn = recording.fund.window_drawn.get();
        self.fund.window_at = recording.fund.window_at;
        let (settled, drawn) = (recording.settled.get(), recording.loss.from_insurance.get());
        self.vault = self.vault + drawn - settled;
        self.insurance_vault = self.insurance_vault + settled - drawn;
        Ok(())
    }
}
