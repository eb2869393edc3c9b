//! Expected and recorded losses, and what is recovered of them.

use backstop_client::LossRecord;
use backstop_engine::{
    health::{Health, may_default},
    pool::Totals,
    provision::shortfall,
    quantity::{Assets, Units},
    waterfall::{self, Books, Recording},
};

use super::{Done, name, refuse, require, store_end, store_ledger};
use crate::{
    state::State,
    step::{Actor, Token},
};

/// Kinds of records.
const LOSS: u8 = 1;
const RECOVERY: u8 = 2;

impl State {
    fn may_default(&self, who: Actor, slot: u64) -> bool {
        may_default(self.obligations[who].exposed_at_slot, slot, self.pool.parameters.loss.min_default_age_slots)
    }

    fn may_be_provisioned(&self, who: Actor, slot: u64) -> bool {
        may_default(self.obligations[who].exposed_at_slot, slot, 0)
    }

    /// What a debt with this health is expected to leave unpaid.
    fn shortfall(&self, debt: Assets, health: &Health) -> Result<Assets, super::Name> {
        let (terms, dust) = (self.pool.parameters.liquidation.terms(), self.pool.parameters.loss.dust());
        shortfall(debt, &self.debt_price().map_err(name)?, health, &terms, dust).map_err(name)
    }

    pub(super) fn provision(&mut self, borrower: Actor, now: i64, slot: u64) -> Done {
        require(self.may_be_provisioned(borrower, slot), "DefaultTooRecent")?;
        let totals = self.accrued(now)?;
        let debt = totals.debt(self.obligations[borrower].debt()).map_err(name)?;
        let after = self.shortfall(debt, &self.health(&totals, borrower).map_err(name)?)?;
        require(self.obligations[borrower].provision != 0 || !after.is_zero(), "ObligationHealthy")?;
        self.apply(&totals);
        self.replace_provision(borrower, after)
    }

    pub(super) fn liquidate(
        &mut self,
        (who, borrower, token): (Actor, Actor, Token),
        max_repay: u64,
        now: i64,
        slot: u64,
    ) -> Done {
        let totals = self.accrued(now)?;
        let owed = self.obligations[borrower].debt();
        let debt = totals.debt(owed).map_err(name)?;
        let health = self.health(&totals, borrower).map_err(name)?;
        let Some(holding) = self.holding(token, self.held(borrower, token), now).map_err(name)? else {
            return refuse("InsufficientCollateral");
        };
        let (terms, price) = (self.pool.parameters.liquidation.terms(), self.debt_price().map_err(name)?);
        let taken = terms.size(debt, &price, &holding, &health, Assets::new(max_repay)).map_err(name)?;
        let repaid = totals.repay_exactly(owed, taken.repay).map_err(name)?;
        let due = repaid.totals.insurance_due.plus(taken.insurance_cut).map_err(name)?;
        let totals = Totals { insurance_due: due, ..repaid.totals };

        let left = totals.debt(repaid.debt_shares).map_err(name)?;
        let kept = holding.units.get() - taken.seize.get();
        let kept = Units::new(if self.collaterals[token].is_scrap(kept) { 0 } else { kept });
        let rest = health.after(price.value_up(left.get()).map_err(name)?, &holding, kept).map_err(name)?;
        let hopeless = rest.require_unrecoverable(self.pool.parameters.loss.dust()).is_ok();
        let records = self.may_default(borrower, slot) && !left.is_zero() && hopeless;
        let provision = if records || !self.may_be_provisioned(borrower, slot) {
            Assets::new(self.obligations[borrower].provision).saturating_sub(taken.repay)
        } else {
            self.shortfall(left, &rest)?
        };
        let seized = if records { holding.units.get() } else { taken.seize.get() };

        self.apply(&totals);
        self.release(borrower, token, seized)?;
        self.obligations[borrower].debt_shares = repaid.debt_shares.get();
        self.replace_provision(borrower, provision.min(left))?;
        let paid = repaid.paid.get() + taken.insurance_cut.get();
        self.vault += paid;
        self.pay(who, Token::Usdc, paid)?;
        self.receive(who, token, seized);
        if records { self.write_off(borrower, &totals, now) } else { Ok(()) }
    }

    pub(super) fn record(&mut self, who: Actor, borrower: Actor, now: i64, slot: u64) -> Done {
        require(self.may_default(borrower, slot), "DefaultTooRecent")?;
        let totals = self.accrued(now)?;
        let held: Vec<_> = self.obligations[borrower].held().map(|slot| (slot.collateral, slot.units)).collect();
        if !held.is_empty() {
            let (health, dust) = (self.health(&totals, borrower).map_err(name)?, self.pool.parameters.loss.dust());
            health.require_unrecoverable(dust).map_err(name)?;
        }
        for (collateral, units) in held {
            let token = self.token(&collateral);
            self.release(borrower, token, units)?;
            self.receive(who, token, units);
        }
        self.write_off(borrower, &totals, now)
    }

    /// Runs an obligation's debt through the waterfall.
    fn write_off(&mut self, borrower: Actor, totals: &Totals, now: i64) -> Done {
        let (books, owed) = (self.pool.books(&self.fund, totals), self.obligations[borrower].debt());
        let recording = waterfall::record(&books, &self.pool.loss_terms(), owed, now).map_err(name)?;
        self.write_down(borrower, &recording, now);
        self.replace_provision(borrower, Assets::ZERO)?;
        if let Some(end) = &recording.end {
            store_end(&mut self.pool.claims, end);
            self.orphaned.0 = 0;
        }
        if let Some(end) = &recording.fund_end {
            store_end(&mut self.fund.claims, end);
            self.orphaned.1 = 0;
        }
        self.apply_books(&recording.books);
        Ok(())
    }

    /// What a loss leaves in the obligation, in the pool's counts and in the loss ledger.
    fn write_down(&mut self, borrower: Actor, recording: &Recording, now: i64) {
        let loss = &recording.loss;
        let obligation = &mut self.obligations[borrower];
        obligation.debt_shares = 0;
        obligation.written_off += loss.loss.get();
        self.pool.losses += 1;
        self.pool.lost = self.pool.lost.saturating_add(loss.loss.get());
        self.pool.uncovered += loss.uncovered.get();
        self.remember(LossRecord {
            obligation: self.obligation_addresses[borrower],
            at: now,
            sequence: self.pool.losses,
            assets: loss.loss.get(),
            reserves: loss.from_reserves.get(),
            insurance: loss.from_insurance.get(),
            lps: loss.to_lps.get(),
            uncovered: loss.uncovered.get(),
            shares: loss.shares.get(),
            share_price_before: loss.share_price_before,
            share_price_after: loss.share_price_after,
            generation: self.pool.claims.ledger.generation,
            kind: LOSS,
            spare: [0; 3],
        });
    }

    fn remember(&mut self, record: LossRecord) {
        let size = self.losses.records.len();
        self.losses.records[usize::try_from(self.losses.count).unwrap() % size] = record;
        self.losses.count += 1;
    }

    fn apply_books(&mut self, books: &Books) {
        store_ledger(&mut self.pool.claims, &books.claims);
        store_ledger(&mut self.fund.claims, &books.fund_claims);
        self.apply_fund(&books.fund);
        let breaker = &books.breaker;
        (self.pool.breaker_losses, self.pool.breaker_nav_before) = (breaker.losses.get(), breaker.nav_before.get());
        (self.pool.breaker_at, self.pool.breaker_fades_at) = (breaker.at, breaker.fades_at);
        self.pool.breaker_until = breaker.until;
        self.apply(&books.totals);
    }

    pub(super) fn recover(&mut self, who: Actor, borrower: Actor, assets: u64, now: i64) -> Done {
        let unrecovered = self.obligations[borrower].unrecovered();
        require(!unrecovered.is_zero(), "NothingToRecover")?;
        let paid = Assets::new(assets).min(unrecovered);
        require(!paid.is_zero(), "AmountTooSmall")?;
        let books = self.pool.books(&self.fund, &self.accrued(now)?);
        let recovery = waterfall::recover(&books, paid).map_err(name)?;
        self.apply_books(&recovery.books);
        self.obligations[borrower].recovered += paid.get();
        let to_insurance = recovery.to_stakers.get() + recovery.to_fund.get();
        self.remember(LossRecord {
            obligation: self.obligation_addresses[borrower],
            at: now,
            sequence: 0,
            assets: paid.get(),
            reserves: recovery.to_reserves.get(),
            insurance: to_insurance,
            lps: recovery.to_lps.get(),
            uncovered: 0,
            shares: 0,
            share_price_before: 0,
            share_price_after: 0,
            generation: self.pool.claims.ledger.generation,
            kind: RECOVERY,
            spare: [0; 3],
        });
        self.vault += paid.get();
        self.pay(who, Token::Usdc, paid.get())
    }
}
