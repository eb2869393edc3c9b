//! Previews of liquidations, marks, losses and recoveries.

use backstop_engine::{
    health::{Health, Holding, may_default},
    liquidation::{Debt, Liquidation},
    loss_book::Record,
    mark::{Evidence, Mark},
    pool::Totals,
    quantity::{Assets, DebtShares, Units},
    waterfall::{self, Loss, LossState},
};
use solana_address::Address;

use super::{Result, Snapshot, Valuation, require};
use crate::{BackstopError, LossRecord, Obligation, address};

/// What a liquidation moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Liquidated {
    /// What is taken, as the engine sized it.
    pub taken: Liquidation,
    /// What the liquidator pays in all.
    pub paid: u64,
    /// What is owed afterwards, before a loss is recorded.
    pub left: u64,
    /// The loss that is recorded in the same step.
    pub recorded: Option<Loss>,
    /// What is recovered, where it pays debt that was written off: the oldest loss first.
    pub recovered: Vec<Recovered>,
}

/// What a recovery of one loss moves: `assets = to_lps + to_stakers + to_protocol + to_reserves`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// Number of the loss in the loss book; zero for what has no record there.
    pub loss: u32,
    /// What is paid.
    pub assets: u64,
    /// Waits for LPs to claim it.
    pub to_lps: u64,
    /// Goes into the fund for shares that wait for stakers to claim them.
    pub to_stakers: u64,
    /// These shares.
    pub stake_shares: u64,
    /// Is given to the fund.
    pub to_protocol: u64,
    /// Goes to reserves.
    pub to_reserves: u64,
}

impl Snapshot {
    /// Whether a loss of this obligation may be recorded by its age.
    pub fn may_be_recorded(&self, obligation: &Obligation) -> bool {
        may_default(
            obligation.last_risk_increase_slot,
            self.slot,
            self.pool.parameters.loss.min_default_age_slots.into(),
        )
    }

    /// Whether it may be marked by its age.
    pub const fn may_be_marked(&self, obligation: &Obligation) -> bool {
        may_default(obligation.last_risk_increase_slot, self.slot, 0)
    }

    /// What an obligation would leave unpaid at the prices there are, marked or not.
    ///
    /// # Errors
    /// If a price that it needs cannot be used.
    pub fn shortfall(&self, obligation: &Obligation) -> Result<u64> {
        let Valuation { debt, debt_price, health, .. } = self.valuation(obligation)?;
        Ok(health.shortfall(debt, &debt_price)?.get())
    }

    /// An obligation's debt as liquidating sees it, and its health.
    fn debt(&self, obligation: &Obligation) -> Result<(Debt, Health)> {
        Ok(self.debt_in(obligation, self.valuation(obligation)?))
    }

    fn debt_in(&self, obligation: &Obligation, valuation: Valuation) -> (Debt, Health) {
        let Valuation { debt, debt_price, debt_middle, health, evidence } = valuation;
        let debt = Debt {
            shares: obligation.debt(),
            amount: debt,
            price: debt_price,
            middle: debt_middle,
            mark: obligation.mark(),
            evidence,
            may_be_marked: self.may_be_marked(obligation),
            may_default: self.may_be_recorded(obligation),
            defaulted: !obligation.unrecovered().is_zero(),
        };
        (debt, health)
    }

    /// Marks what an obligation is known to leave unpaid, and returns it.
    ///
    /// # Errors
    /// `DefaultTooRecent`, why a price cannot be used.
    pub fn mark(&mut self, obligation: &mut Obligation) -> Result<u64> {
        require(self.may_be_marked(obligation), BackstopError::DefaultTooRecent)?;
        let (debt, health) = self.debt(obligation)?;
        let shortfall = health.shortfall(debt.amount, &debt.price)?;
        self.remember(obligation)?;
        let mark = debt.mark.after(shortfall, Assets::ZERO, debt.amount, debt.evidence, self.now);
        self.replace_mark(obligation, &mark)?;
        self.accrue()?;
        self.hold_fund()?;
        Ok(mark.shortfall.get())
    }

    /// Says that a collateral, or without one the liquidity token, has no usable price.
    ///
    /// # Errors
    /// `WrongCollateral`.
    pub fn report_price(&mut self, collateral: Option<&Address>) -> Result<()> {
        let now = self.now;
        let last = match collateral {
            Some(collateral) => &mut self.collateral_mut(collateral)?.last_price,
            None => &mut self.pool.last_price,
        };
        last.store(&last.memory().reported(now));
        Ok(())
    }

    /// Repays at most `max_repay` for a collateral: performing debt, or where that is within its limit debt that was
    /// written off. What the wallet must hold is [`Liquidated::paid`].
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
        let (mut debt, health) = self.debt(obligation)?;
        if !obligation.unrecovered().is_zero() && !health.is_liquidatable()? {
            return self.liquidate_for_recovery(obligation, collateral, Assets::new(max_repay));
        }
        debt.may_default &= self.book.takes_another();
        let (holding, counts) = self.seizable(obligation, collateral)?;
        let terms = self.pool.parameters.liquidation_terms();
        let done = terms.liquidate(&totals, &debt, &holding, &health, Assets::new(max_repay), counts)?;

        self.remember(obligation)?;
        self.release(obligation, collateral, done.taken.seize.get())?;
        obligation.debt_shares = done.debt_shares.get();
        self.replace_mark(obligation, &done.mark)?;
        let recorded = if done.lost.is_zero() {
            self.apply(&done.totals);
            self.hold_fund()?;
            None
        } else {
            Some(self.write_off(obligation, &done.totals, done.lost, debt.evidence)?)
        };
        let paid = done.taken.repay.plus(done.taken.insurance_cut)?.get();
        Ok(Liquidated { taken: done.taken, paid, left: done.left.get(), recorded, recovered: Vec::new() })
    }

    fn liquidate_for_recovery(
        &mut self,
        obligation: &mut Obligation,
        collateral: &Address,
        offered: Assets,
    ) -> Result<Liquidated> {
        let (holding, counts) = self.seizable(obligation, collateral)?;
        let Valuation { debt, debt_middle, health, .. } = self.valuation_for_recovery(obligation)?;
        let terms = self.pool.parameters.liquidation_terms();
        let taken = terms.size_recovery(&debt_middle, obligation.unrecovered(), &holding, &health, offered, counts)?;

        self.remember(obligation)?;
        self.release(obligation, collateral, taken.seize.get())?;
        self.accrue()?;
        let recovered = self.recover(obligation, taken.repay)?;
        Ok(Liquidated { taken, paid: taken.repay.get(), left: debt.get(), recorded: None, recovered })
    }

    /// What an obligation holds of a collateral that is seized, which must have a price, and whether so many units left
    /// of it count.
    fn seizable(
        &self,
        obligation: &Obligation,
        collateral: &Address,
    ) -> Result<(Holding, impl Fn(Units) -> bool + use<'_>)> {
        let (listed, dust) = (self.collateral(collateral)?, self.dust());
        let holding = self.holding(collateral, Units::new(obligation.units_of(collateral)))?;
        let (holding, _) = holding.ok_or(BackstopError::InsufficientCollateral)?;
        listed.price?;
        Ok((holding, move |units| !listed.account.is_negligible(units, dust)))
    }

    /// Whether recording settles an obligation's mark.
    pub fn settles(&self, obligation: &Obligation) -> bool {
        obligation.mark().is_due(&self.pool.holds(), self.pool.hold_seconds(), self.now)
    }

    /// Records what an obligation's collateral does not cover of its debt as lost, or settles its mark; no loss is
    /// where settlement finds it covered.
    ///
    /// # Errors
    /// `LossBookFull`, `DefaultTooRecent`, `NoDebt`; where collateral counts why a price cannot be used; then at
    /// settlement `PriceBeforeMark`, else `ObligationHealthy`, `CollateralRemains`, `DebtCovered`.
    pub fn record_bad_debt(&mut self, obligation: &mut Obligation) -> Result<Option<Loss>> {
        let settles = self.settles(obligation);
        let old_enough = if settles { self.may_be_marked(obligation) } else { self.may_be_recorded(obligation) };
        require(old_enough, BackstopError::DefaultTooRecent)?;
        let totals = self.totals()?;
        let (mut lost, mut evidence) = (obligation.debt(), Evidence::BEGUN);
        if !lost.is_zero() && self.holds_anything(obligation)? {
            let valued = if settles { self.valuation_for_settlement(obligation) } else { self.valuation(obligation) };
            let (debt, health) = self.debt_in(obligation, valued?);
            lost = self.pool.parameters.liquidation_terms().lost(&totals, &debt, &health, settles)?;
            self.remember(obligation)?;
            evidence = if settles { Evidence::BEGUN } else { debt.evidence };
        }
        if settles && lost.is_zero() {
            self.replace_mark(obligation, &Mark::NONE)?;
            self.apply(&totals);
            self.hold_fund()?;
            return Ok(None);
        }
        self.write_off(obligation, &totals, lost, evidence).map(Some)
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
    fn write_off(
        &mut self,
        obligation: &mut Obligation,
        totals: &Totals,
        lost: DebtShares,
        evidence: Evidence,
    ) -> Result<Loss> {
        let state = LossState { totals: *totals, ..self.pool.loss_state(&self.fund) };
        let recording = waterfall::record(&state, &self.pool.loss_terms(), lost, self.now)?;
        let loss = recording.loss;
        obligation.debt_shares = obligation.debt().minus(lost)?.get();
        let left = recording.state.totals.debt(obligation.debt())?;
        let mark = obligation.mark().after(Assets::ZERO, loss.loss, left, evidence, self.now);
        self.replace_mark(obligation, &mark)?;
        obligation.written_off = Assets::new(obligation.written_off).plus(loss.loss)?.get();
        self.pool.losses = self.pool.losses.checked_add(1).ok_or(BackstopError::MathOverflow)?;
        self.pool.lost = self.pool.lost.saturating_add(loss.loss.get());
        self.pool.uncovered = Assets::new(self.pool.uncovered).plus(loss.uncovered)?.get();
        self.enter(obligation, recording.record, &loss)?;
        self.apply_loss_state(&recording.state)?;
        Ok(loss)
    }

    fn apply_loss_state(&mut self, state: &LossState) -> Result<()> {
        self.pool.store_breaker(&state.breaker);
        self.fund.store(&state.fund);
        self.apply(&state.totals);
        self.hold_fund()
    }

    /// Enters a loss into the loss book, at the end of its obligation's list.
    fn enter(&mut self, obligation: &mut Obligation, record: Option<Record>, loss: &Loss) -> Result<()> {
        let Some(record) = record else { return Ok(()) };
        require(self.book.takes_another(), BackstopError::LossBookFull)?;
        if self.book.count() >= self.book.room {
            return Ok(());
        }
        self.book.records.push(LossRecord {
            obligation: address::obligation(&obligation.pool, &obligation.owner),
            at: record.at,
            reserves: record.reserves.get(),
            protocol: record.protocol.get(),
            stakers: record.stakers.get(),
            lps: record.lps.get(),
            recovered: 0,
            shares: record.shares.get(),
            stake_shares: record.stake_shares.get(),
            share_price_before: loss.share_price_before,
            share_price_after: loss.share_price_after,
            generation: record.generation,
            stake_generation: record.stake_generation,
            back_shares: 0,
            back_generation: 0,
            next: 0,
        });
        let number = self.book.count();
        if obligation.first_loss == 0 {
            obligation.first_loss = number;
        } else if let Some(last) = self.book.loss_mut(obligation.last_loss) {
            last.next = number;
        }
        obligation.last_loss = number;
        if !record.lps.is_zero() {
            self.pool.last_loss = number;
        }
        if !record.stakers.is_zero() {
            self.fund.last_loss = number;
        }
        Ok(())
    }

    /// Pays at most `offered` towards what was written off of an obligation and is not recovered, its oldest loss
    /// first. Interest is counted.
    pub(super) fn recover(&mut self, obligation: &mut Obligation, offered: Assets) -> Result<Vec<Recovered>> {
        let mut left = offered.min(obligation.unrecovered());
        let mut recovered = Vec::new();
        while !left.is_zero() {
            let done = self.recover_oldest(obligation, left)?;
            left = left.minus(Assets::new(done.assets))?;
            recovered.push(done);
        }
        Ok(recovered)
    }

    /// Pays at most `offered` towards an obligation's oldest loss.
    fn recover_oldest(&mut self, obligation: &mut Obligation, offered: Assets) -> Result<Recovered> {
        let loss = obligation.first_loss;
        let record = self.book.loss(loss).map(LossRecord::record);
        let state = self.pool.loss_state(&self.fund);
        let done = waterfall::recover(&state, &self.pool.loss_terms(), record.as_ref(), offered, self.pool.accrued_at)?;
        if let (Some(entry), Some(after)) = (self.book.loss_mut(loss), &done.record) {
            entry.store_recovery(after);
            if after.unrecovered()?.is_zero() {
                obligation.first_loss = entry.next;
            }
        }
        obligation.recovered = Assets::new(obligation.recovered).plus(done.paid)?.get();
        self.pool.unclaimed = Assets::new(self.pool.unclaimed).plus(done.to_lps)?.get();
        self.apply_loss_state(&done.state)?;
        Ok(Recovered {
            loss,
            assets: done.paid.get(),
            to_lps: done.to_lps.get(),
            to_stakers: done.to_stakers.get(),
            stake_shares: done.stake_shares.get(),
            to_protocol: done.to_protocol.get(),
            to_reserves: done.to_reserves.get(),
        })
    }
}
