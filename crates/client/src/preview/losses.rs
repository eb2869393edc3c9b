//! Liquidations, expected and recorded losses, and what is recovered of them.

use backstop_engine::{
    health::{Health, may_default},
    liquidation::{Debt, Liquidation},
    pool::Totals,
    quantity::{Assets, DebtShares, Units},
    waterfall::{self, Books, Loss, Recovery},
};
use solana_address::Address;

use super::{
    Result, Snapshot, Valuation,
    holders::{store_end, store_ledger},
    require,
};
use crate::{BackstopError, Obligation};

/// What a liquidation moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Liquidated {
    /// What is taken, as the engine sized it.
    pub taken: Liquidation,
    /// What the liquidator pays in all.
    pub paid: u64,
    /// What is owed afterwards, before a loss is recorded.
    pub left: u64,
    /// The loss that is recorded in the same step.
    pub recorded: Option<Loss>,
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

    /// An obligation's debt as liquidating sees it, and its health.
    fn debt(&self, obligation: &Obligation) -> Result<(Debt, Health)> {
        let Valuation { debt, debt_price, debt_middle, health } = self.valuation(obligation)?;
        let debt = Debt {
            shares: obligation.debt(),
            amount: debt,
            price: debt_price,
            middle: debt_middle,
            provision: Assets::new(obligation.provision),
            may_be_provisioned: self.may_be_provisioned(obligation),
            may_default: self.may_be_recorded(obligation),
        };
        Ok((debt, health))
    }

    /// Marks what an obligation is expected to leave unpaid, and returns it.
    ///
    /// # Errors
    /// `DefaultTooRecent`, why a price cannot be used, `ObligationHealthy` if there is nothing to mark and nothing to release.
    pub fn provision(&mut self, obligation: &mut Obligation) -> Result<u64> {
        require(self.may_be_provisioned(obligation), BackstopError::DefaultTooRecent)?;
        let (debt, health) = self.debt(obligation)?;
        let after = health.shortfall(debt.amount, &debt.price)?;
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
        let (debt, health) = self.debt(obligation)?;
        let holding = self.holding(collateral, Units::new(obligation.units_of(collateral)))?;
        let holding = holding.ok_or(BackstopError::InsufficientCollateral)?;
        let (terms, listed) = (self.pool.parameters.liquidation_terms(), self.collateral(collateral)?);
        let counts = |units| !listed.account.is_negligible(units, terms.dust);
        let done = terms.liquidate(&totals, &debt, &holding, &health, Assets::new(max_repay), counts)?;

        self.apply(&done.totals);
        self.release(obligation, collateral, done.taken.seize.get())?;
        obligation.debt_shares = done.debt_shares.get();
        self.replace_provision(obligation, done.provision)?;
        let recorded = match done.lost.is_zero() {
            true => None,
            false => Some(self.write_off(obligation, &done.totals, done.lost)?),
        };
        let paid = done.taken.repay.plus(done.taken.insurance_cut)?.get();
        Ok(Liquidated { taken: done.taken, paid, left: done.left.get(), recorded })
    }

    /// Records what an obligation's collateral does not cover of its debt as lost.
    ///
    /// # Errors
    /// `DefaultTooRecent`, `NoDebt`; where collateral counts why a price cannot be used, `ObligationHealthy`, `CollateralRemains`,
    /// `DebtCovered`.
    pub fn record_bad_debt(&mut self, obligation: &mut Obligation) -> Result<Loss> {
        require(self.may_be_recorded(obligation), BackstopError::DefaultTooRecent)?;
        let totals = self.totals()?;
        let mut lost = obligation.debt();
        if !lost.is_zero() && self.holds_anything(obligation)? {
            let (debt, health) = self.debt(obligation)?;
            lost = self.pool.parameters.liquidation_terms().lost(&totals, &debt, &health)?;
        }
        self.write_off(obligation, &totals, lost)
    }

    /// Whether an obligation holds anything that counts.
    ///
    /// # Errors
    /// `WrongCollateral` if a collateral is not in the snapshot.
    pub fn holds_anything(&self, obligation: &Obligation) -> Result<bool> {
        for slot in obligation.held() {
            let listed = self.collateral(&slot.collateral)?;
            if !listed.account.is_negligible(Units::new(slot.units), self.dust()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Runs debt shares of an obligation through the waterfall.
    fn write_off(&mut self, obligation: &mut Obligation, totals: &Totals, lost: DebtShares) -> Result<Loss> {
        let books = self.pool.books(&self.fund, totals);
        let recording = waterfall::record(&books, &self.pool.loss_terms(), lost, self.now)?;
        let loss = recording.loss;
        self.replace_provision(obligation, Assets::ZERO)?;
        obligation.debt_shares = obligation.debt().minus(lost)?.get();
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
