//! Liquidations, expected and recorded losses, and what is recovered of them.

use backstop_engine::{
    health::{Health, may_default},
    liquidation::Liquidation,
    pool::Totals,
    price::Price,
    provision::shortfall,
    quantity::{Assets, Units},
    waterfall::{self, Books, Loss, Recovery},
};
use solana_address::Address;

use super::{
    Result, Snapshot, Valuation,
    holders::{store_end, store_ledger},
    require,
};
use crate::{BackstopError, CollateralSlot, Obligation};

/// What a liquidation moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Liquidated {
    /// What is taken, as the engine sized it.
    pub taken: Liquidation,
    /// What the liquidator pays in all.
    pub paid: u64,
    /// What the liquidator receives: what is seized, and the dust if the rest is recorded.
    pub seized: u64,
    /// What is owed afterwards, before the rest is recorded.
    pub left: u64,
    /// The loss that is recorded in the same step.
    pub recorded: Option<Loss>,
}

/// What recording a loss moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The loss and who bears it.
    pub loss: Loss,
    /// The dust that goes to the caller.
    pub dust: Vec<CollateralSlot>,
}

/// What a recovery moves.
#[derive(Clone, Copy, Debug)]
pub struct Recovered {
    /// What is paid.
    pub assets: u64,
    /// Who gets it.
    pub recovery: Recovery,
}

impl Snapshot {
    /// Whether a loss of this obligation may be recorded by its age.
    pub fn may_be_recorded(&self, obligation: &Obligation) -> bool {
        may_default(obligation.exposed_at_slot, self.slot, self.pool.parameters.loss.min_default_age_slots)
    }

    /// Whether it may be provisioned by its age.
    pub const fn may_be_provisioned(&self, obligation: &Obligation) -> bool {
        may_default(obligation.exposed_at_slot, self.slot, 0)
    }

    /// What a debt with this health is expected to leave unpaid.
    fn shortfall(&self, debt: Assets, price: &Price, health: &Health) -> Result<Assets> {
        let (terms, dust) = (self.pool.parameters.liquidation.terms(), self.pool.parameters.loss.dust());
        Ok(shortfall(debt, price, health, &terms, dust)?)
    }

    /// Marks what an obligation is expected to leave unpaid, and returns it.
    ///
    /// # Errors
    /// `DefaultTooRecent`, why a price cannot be used, `ObligationHealthy` if there is nothing to mark and nothing to release.
    pub fn provision(&mut self, obligation: &mut Obligation) -> Result<u64> {
        require(self.may_be_provisioned(obligation), BackstopError::DefaultTooRecent)?;
        let Valuation { debt, debt_price, health } = self.valuation(obligation)?;
        let after = self.shortfall(debt, &debt_price, &health)?;
        require(obligation.provision != 0 || !after.is_zero(), BackstopError::ObligationHealthy)?;
        self.accrue()?;
        self.replace_provision(obligation, after)?;
        Ok(after.get())
    }

    /// Repays at most `max_repay` for a collateral. What the wallet must hold is [`Liquidated::paid`].
    ///
    /// # Errors
    /// `InsufficientCollateral`, `ObligationHealthy`, why a price cannot be used, `AmountTooSmall`, `DebtBelowMinimum`.
    pub fn liquidate(
        &mut self,
        obligation: &mut Obligation,
        collateral: &Address,
        max_repay: u64,
    ) -> Result<Liquidated> {
        let totals = self.totals()?;
        let Valuation { debt, debt_price: price, health } = self.valuation(obligation)?;
        let holding = self.holding(collateral, obligation.units_of(collateral))?;
        let holding = holding.ok_or(BackstopError::InsufficientCollateral)?;
        let terms = self.pool.parameters.liquidation.terms();
        let taken = terms.size(debt, &price, &holding, &health, Assets::new(max_repay))?;
        let repaid = totals.repay_exactly(obligation.debt(), taken.repay)?;
        let due = repaid.totals.insurance_due.plus(taken.insurance_cut)?;
        let totals = Totals { insurance_due: due, ..repaid.totals };

        let left = totals.debt(repaid.debt_shares)?;
        let kept = holding.units.saturating_sub(taken.seize);
        let counted = if self.collateral(collateral)?.account.is_scrap(kept.get()) { Units::ZERO } else { kept };
        let rest = health.after(price.value_up(left.get())?, &holding, counted)?;
        let hopeless = rest.require_unrecoverable(self.pool.parameters.loss.dust()).is_ok();
        let records = self.may_be_recorded(obligation) && !left.is_zero() && hopeless;
        let provision = if records || !self.may_be_provisioned(obligation) {
            Assets::new(obligation.provision).saturating_sub(taken.repay)
        } else {
            self.shortfall(left, &price, &rest)?
        };
        let seized = if records { holding.units } else { taken.seize }.get();

        self.apply(&totals);
        self.release(obligation, collateral, seized)?;
        obligation.debt_shares = repaid.debt_shares.get();
        self.replace_provision(obligation, provision.min(left))?;
        let recorded = if records { Some(self.write_off(obligation, &totals)?) } else { None };
        let paid = taken.repay.plus(taken.insurance_cut)?.get();
        Ok(Liquidated { taken, paid, seized, left: left.get(), recorded })
    }

    /// Records an obligation's debt as lost.
    ///
    /// # Errors
    /// `DefaultTooRecent`, `NoDebt`; with collateral why a price cannot be used, `ObligationHealthy`, `CollateralRemains`.
    pub fn record_bad_debt(&mut self, obligation: &mut Obligation) -> Result<Recorded> {
        require(self.may_be_recorded(obligation), BackstopError::DefaultTooRecent)?;
        let totals = self.totals()?;
        let dust: Vec<CollateralSlot> = obligation.held().copied().collect();
        if !dust.is_empty() {
            let limit = self.pool.parameters.loss.dust();
            self.valuation(obligation)?.health.require_unrecoverable(limit)?;
        }
        for slot in &dust {
            self.release(obligation, &slot.collateral, slot.units)?;
        }
        Ok(Recorded { loss: self.write_off(obligation, &totals)?, dust })
    }

    /// Runs an obligation's debt through the waterfall.
    fn write_off(&mut self, obligation: &mut Obligation, totals: &Totals) -> Result<Loss> {
        let books = self.pool.books(&self.fund, totals);
        let recording = waterfall::record(&books, &self.pool.loss_terms(), obligation.debt(), self.now)?;
        let loss = recording.loss;
        self.replace_provision(obligation, Assets::ZERO)?;
        obligation.debt_shares = 0;
        obligation.written_off = Assets::new(obligation.written_off).plus(loss.loss)?.get();
        self.pool.losses = self.pool.losses.checked_add(1).ok_or(BackstopError::MathOverflow)?;
        self.pool.lost = self.pool.lost.saturating_add(loss.loss.get());
        self.pool.uncovered = Assets::new(self.pool.uncovered).plus(loss.uncovered)?.get();
        if let Some(end) = &recording.end {
            store_end(&mut self.pool.claims, end);
        }
        if let Some(end) = &recording.fund_end {
            store_end(&mut self.fund.claims, end);
        }
        self.apply_books(&recording.books);
        Ok(loss)
    }

    fn apply_books(&mut self, books: &Books) {
        store_ledger(&mut self.pool.claims, &books.claims);
        store_ledger(&mut self.fund.claims, &books.fund_claims);
        self.apply_fund(&books.fund);
        let (pool, breaker) = (&mut self.pool, &books.breaker);
        (pool.breaker_losses, pool.breaker_nav_before) = (breaker.losses.get(), breaker.nav_before.get());
        (pool.breaker_at, pool.breaker_fades_at, pool.breaker_until) = (breaker.at, breaker.fades_at, breaker.until);
        self.apply(&books.totals);
    }

    /// Pays at most `max_assets` towards what an obligation's written-off debt left unrecovered.
    ///
    /// # Errors
    /// `NothingToRecover`, `AmountTooSmall`.
    pub fn recover(&mut self, obligation: &mut Obligation, max_assets: u64) -> Result<Recovered> {
        let unrecovered = obligation.unrecovered();
        require(!unrecovered.is_zero(), BackstopError::NothingToRecover)?;
        let paid = Assets::new(max_assets).min(unrecovered);
        require(!paid.is_zero(), BackstopError::AmountTooSmall)?;
        let recovery = waterfall::recover(&self.pool.books(&self.fund, &self.totals()?), paid)?;
        self.apply_books(&recovery.books);
        obligation.recovered = Assets::new(obligation.recovered).plus(paid)?.get();
        Ok(Recovered { assets: paid.get(), recovery })
    }
}
