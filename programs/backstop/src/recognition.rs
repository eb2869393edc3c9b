//! Recognising bad debt: the engine's waterfall, applied to the accounts, and what expected losses hold back from those who
//! leave.

use {
    crate::{
        errors::{BackstopError, OrRefuse},
        events::LossRecorded,
        state::{InsuranceFund, LOSS, LossLedger, LossRecord, Obligation, Pool},
    },
    anchor_lang::prelude::*,
    backstop_engine::{
        pool::Totals,
        quantity::{Assets, DebtShares},
        waterfall::{self, Books, Split},
    },
};

/// The accounts that a loss moves.
pub struct LossAccounts<'a> {
    /// The pool that lent.
    pub pool: &'a mut Account<Pool>,
    /// Its insurance fund.
    pub insurance_fund: &'a mut Account<InsuranceFund>,
    /// The pool's loss ledger.
    pub loss_ledger: &'a mut Account<LossLedger>,
    /// The obligation that does not pay.
    pub obligation: &'a mut Account<Obligation>,
}

impl LossAccounts<'_> {
    /// Writes off debt shares of the obligation: splits the loss, stores it, tells of it.
    ///
    /// `totals` are the pool's, accrued to `now`. No token moves, and no LP is visited: nothing outside these accounts can get
    /// in the way, and the cost is the same whatever their number.
    pub fn record(&mut self, totals: &Totals, lost: DebtShares, now: i64) -> Result<()> {
        let limits = self.pool.insurance();
        let split = waterfall::split(totals, &self.insurance_fund.fund(), &limits, lost, now).or_refuse()?;
        let generation = self.pool.claims.ledger.generation;

        self.store(&split, lost, now)?;
        self.tell(&split, generation, now);
        Ok(())
    }

    fn store(&mut self, split: &Split, lost: DebtShares, now: i64) -> Result<()> {
        let loss = &split.loss;
        self.pool.provision(self.obligation.provision, 0)?;
        self.obligation.write_off(lost, loss.loss)?;
        self.pool.losses = self.pool.losses.checked_add(1).ok_or(BackstopError::MathOverflow)?;
        self.pool.lost = self.pool.lost.saturating_add(loss.loss.get());
        self.pool.uncovered = Assets::new(self.pool.uncovered).plus(loss.uncovered).or_refuse()?.get();
        self.pool.claims.bear(loss.to_lps, loss.shares, loss.wiped_out)?;
        self.insurance_fund.claims.bear(loss.from_stakers, loss.stake_shares, loss.drained)?;
        self.insurance_fund.apply(&split.fund);
        let terms = self.pool.parameters.exit.breaker();
        let breaker = self.pool.breaker().after(loss.to_lps, split.nav_before, &terms, now).or_refuse()?;
        self.pool.apply_breaker(&breaker);
        self.pool.apply(&split.totals)
    }

    fn tell(&mut self, split: &Split, generation: u32, at: i64) {
        let loss = &split.loss;
        let sequence = self.pool.losses;
        self.loss_ledger.push(LossRecord {
            obligation: *self.obligation.address(),
            at,
            sequence,
            assets: loss.loss.get(),
            reserves: loss.from_reserves.get(),
            insurance: loss.from_insurance.get(),
            lps: loss.to_lps.get(),
            uncovered: loss.uncovered.get(),
            shares: loss.shares.get(),
            share_price_before: loss.share_price_before,
            share_price_after: loss.share_price_after,
            generation,
            kind: LOSS,
            spare: [0; 3],
        });
        emit!(LossRecorded {
            pool: *self.pool.address(),
            obligation: *self.obligation.address(),
            sequence,
            loss: loss.loss.get(),
            from_reserves: loss.from_reserves.get(),
            from_insurance: loss.from_insurance.get(),
            to_lps: loss.to_lps.get(),
            uncovered: loss.uncovered.get(),
            shares: loss.shares.get(),
            share_price_before: loss.share_price_before,
            share_price_after: loss.share_price_after,
            generation: u64::from(generation),
            insurance_assets: self.insurance_fund.assets,
            claims_outstanding: self.pool.claims.ledger.outstanding,
            provisions: self.pool.provisions,
            breaker_until: self.pool.breaker_until,
            state: self.pool.state(),
        });
    }
}

/// What a loss or a recovery moves, as the engine sees it. `totals` are the pool's, accrued.
pub fn books(pool: &Pool, fund: &InsuranceFund, totals: &Totals) -> Books {
    Books {
        totals: *totals,
        claims: pool.claims.ledger(),
        fund: fund.fund(),
        fund_claims: fund.claims.ledger(),
        breaker: pool.breaker(),
    }
}

/// Stores what the engine decided.
pub fn apply(pool: &mut Pool, fund: &mut InsuranceFund, books: &Books) -> Result<()> {
    pool.claims.apply(&books.claims);
    fund.claims.apply(&books.fund_claims);
    fund.apply(&books.fund);
    pool.apply_breaker(&books.breaker);
    pool.apply(&books.totals)
}

/// The part of the provisions that LPs who leave must leave behind. Without provisions the fund is not even read.
#[inline(always)]
pub fn held_back_from_lps(pool: &Pool, fund: &UncheckedAccount, totals: &Totals, now: i64) -> Result<Assets> {
    if pool.provisions == 0 {
        return Ok(Assets::ZERO);
    }
    let fund = Account::<InsuranceFund>::load(*fund.account())?.fund();
    pool.provisions().to_lps(totals, &fund, &pool.insurance(), now).or_refuse()
}
