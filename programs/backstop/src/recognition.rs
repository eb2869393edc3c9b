//! Recognising bad debt: the engine's waterfall, applied to the accounts; and what comes back of it.

use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::{LossRecorded, Marked, Recovered},
        state::{Book, InsuranceFund, LossRecord, LossRecords, Obligation, Pool},
    },
    anchor_lang::prelude::*,
    backstop_engine::{
        breaker::BreakerTerms,
        mark::{Evidence, Mark},
        pool::Totals,
        quantity::{Assets, DebtShares},
        waterfall::{self, LossAllocation, Recovery},
    },
};

/// The accounts that a loss or a recovery moves.
pub struct LossAccounts<'a> {
    /// The pool that lent.
    pub pool: &'a mut Account<Pool>,
    /// Its insurance fund.
    pub insurance_fund: &'a mut Account<InsuranceFund>,
    /// The pool's loss book.
    pub loss_book: &'a mut Book,
    /// The obligation that does not pay.
    pub obligation: &'a mut Account<Obligation>,
}

impl LossAccounts<'_> {
    /// Writes off debt shares of the obligation: splits the loss, stores it, tells of it. Its mark falls by the loss,
    /// or as `evidence` allows.
    ///
    /// `totals` are the pool's, accrued to `now`. No token moves, and no LP is visited: nothing outside these accounts
    /// can get in the way, and the cost is the same whatever their number.
    pub fn record(&mut self, totals: &Totals, lost: DebtShares, evidence: Evidence, now: i64) -> Result<()> {
        let terms = self.pool.loss_terms();
        let allocation = waterfall::allocate(totals, &self.insurance_fund.fund(), &terms.insurance, lost, now)
            .into_program_error()?;
        let generation = self.pool.generation;

        let number = self.enter(&allocation, now)?;
        self.store(&allocation, lost, evidence, &terms.breaker, now)?;
        self.tell(&allocation, number, generation);
        Ok(())
    }

    /// Enters the loss into the book, and returns its number there; zero if it is too small for that, or the book as
    /// large as can be.
    fn enter(&mut self, allocation: &LossAllocation, now: i64) -> Result<u32> {
        let (pool, fund) = (&mut self.pool, &mut self.insurance_fund);
        let Some(record) = allocation.record(pool.generation, fund.generation, now).into_program_error()? else {
            return Ok(0);
        };
        let entry = LossRecord::new(*self.obligation.address(), &record, &allocation.loss);
        let number = self.loss_book.enter(entry, self.obligation)?;
        if number != 0 && !record.lps.is_zero() {
            pool.last_loss = number;
        }
        if number != 0 && !record.stakers.is_zero() {
            fund.last_loss = number;
        }
        Ok(number)
    }

    fn store(
        &mut self,
        allocation: &LossAllocation,
        lost: DebtShares,
        evidence: Evidence,
        terms: &BreakerTerms,
        now: i64,
    ) -> Result<()> {
        let loss = &allocation.loss;
        self.obligation.write_off(lost, loss.loss)?;
        let left = allocation.totals.debt(self.obligation.debt()).into_program_error()?;
        let mark = self.obligation.mark().after(Assets::ZERO, loss.loss, left, evidence, now);
        self.pool.mark(self.obligation, &mark)?;
        self.pool.losses = self.pool.losses.checked_add(1).ok_or(BackstopError::MathOverflow)?;
        self.pool.lost = self.pool.lost.saturating_add(loss.loss.get());
        self.pool.uncovered = Assets::new(self.pool.uncovered).plus(loss.uncovered).into_program_error()?.get();
        self.insurance_fund.store(&allocation.fund);
        let breaker = self.pool.breaker().after(loss.to_lps, allocation.nav_before, terms, now).into_program_error()?;
        self.pool.store_breaker(&breaker);
        self.pool.apply(&allocation.totals)?;
        self.pool.hold_fund(self.insurance_fund.assets)
    }

    fn tell(&self, allocation: &LossAllocation, number: u32, generation: u32) {
        let loss = &allocation.loss;
        emit!(LossRecorded {
            pool: *self.pool.address(),
            obligation: *self.obligation.address(),
            sequence: self.pool.losses,
            number: number.into(),
            loss: loss.loss.get(),
            from_reserves: loss.from_reserves.get(),
            from_insurance: loss.from_insurance.get(),
            from_stakers: loss.from_stakers.get(),
            to_lps: loss.to_lps.get(),
            uncovered: loss.uncovered.get(),
            shares: loss.shares.get(),
            share_price_before: loss.share_price_before,
            share_price_after: loss.share_price_after,
            generation: generation.into(),
            insurance_assets: self.insurance_fund.assets,
            marked: self.pool.marked,
            breaker_until: self.pool.breaker_until,
            state: self.pool.state(),
        });
    }

    /// Pays at most `offered` towards what was written off of the obligation and is not recovered: its oldest loss
    /// first, what has no record last, as a donation to the fund. Returns what is taken.
    ///
    /// The pool is accrued.
    pub fn recover(&mut self, offered: Assets, payer: &Address) -> Result<Assets> {
        let paid = offered.min(self.obligation.unrecovered());
        let mut left = paid;
        while !left.is_zero() {
            left = left.minus(self.recover_oldest(left, payer)?).into_program_error()?;
        }
        Ok(paid)
    }

    /// Pays at most `offered` towards the obligation's oldest loss. Returns what is taken.
    fn recover_oldest(&mut self, offered: Assets, payer: &Address) -> Result<Assets> {
        let number = self.obligation.first_loss;
        let record = self.loss_book.loss(number).map(LossRecord::record);
        let (state, terms) = (self.pool.loss_state(self.insurance_fund), self.pool.loss_terms());
        let done =
            waterfall::recover(&state, &terms, record.as_ref(), offered, self.pool.accrued_at).into_program_error()?;
        if let (Some(entry), Some(after)) = (self.loss_book.loss_mut(number), &done.record) {
            entry.store_recovery(after);
            if after.unrecovered().into_program_error()?.is_zero() {
                self.obligation.first_loss = entry.next;
            }
        }
        self.obligation.recovered = Assets::new(self.obligation.recovered).plus(done.paid).into_program_error()?.get();
        self.distribute(number, &done, payer)?;
        Ok(done.paid)
    }

    fn distribute(&mut self, number: u32, done: &Recovery, payer: &Address) -> Result<()> {
        let (pool, fund) = (&mut self.pool, &mut self.insurance_fund);
        pool.unclaimed = Assets::new(pool.unclaimed).plus(done.to_lps).into_program_error()?.get();
        fund.store(&done.state.fund);
        pool.store_breaker(&done.state.breaker);
        pool.apply(&done.state.totals)?;
        pool.hold_fund(fund.assets)?;
        emit!(Recovered {
            pool: *pool.address(),
            obligation: *self.obligation.address(),
            payer: *payer,
            loss: number.into(),
            assets: done.paid.get(),
            to_lps: done.to_lps.get(),
            to_stakers: done.to_stakers.get(),
            stake_shares: done.stake_shares.get(),
            to_protocol: done.to_protocol.get(),
            to_reserves: done.to_reserves.get(),
            unrecovered: self.obligation.unrecovered().get(),
            breaker_until: pool.breaker_until,
            state: pool.state(),
        });
        Ok(())
    }
}

/// Replaces an obligation's mark where nothing else moves, and tells of it. `totals` are the pool's, accrued.
pub fn replace_mark(
    pool: &mut Account<Pool>,
    obligation: &mut Account<Obligation>,
    insurance_fund: &InsuranceFund,
    mark: &Mark,
    totals: &Totals,
) -> Result<()> {
    let before = obligation.marked;
    pool.mark(obligation, mark)?;
    pool.apply(totals)?;
    pool.hold_fund(insurance_fund.assets)?;

    emit!(Marked {
        pool: *pool.address(),
        obligation: *obligation.address(),
        before,
        after: obligation.marked,
        marked_at: obligation.marked_at,
        marked: pool.marked,
        on_hold: pool.on_hold(),
        state: pool.state(),
    });
    Ok(())
}

/// The pool's fund and loss book, where they are declared but seldom needed.
pub fn load_for_recovery(fund: &UncheckedAccount, book: &UncheckedAccount) -> Result<(Account<InsuranceFund>, Book)> {
    // SAFETY: both are declared writable, so no other account of the instruction has their addresses, and nothing else
    // borrows their data.
    unsafe { Ok((Account::load_mut(*fund.account())?, Book::load_mut(*book.account())?)) }
}
