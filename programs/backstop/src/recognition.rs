//! Recording bad debt: the engine's waterfall, applied to the accounts. Used by `liquidate` and by `record_bad_debt`.

use {
    crate::{
        errors::{BackstopError, OrRefuse},
        events::LossRecorded,
        state::{InsuranceFund, Obligation, Pool},
        transfers::TokenKind,
    },
    anchor_lang::prelude::*,
    backstop_engine::{
        pool::Totals,
        quantity::Assets,
        waterfall::{self, Recording},
    },
};

/// The accounts that a loss moves.
pub struct LossAccounts<'a> {
    /// The pool that lent.
    pub pool: &'a mut Account<Pool>,
    /// Its insurance fund.
    pub insurance_fund: &'a mut Account<InsuranceFund>,
    /// The obligation that does not pay.
    pub obligation: &'a mut Account<Obligation>,
    /// The pool's vault.
    pub vault: &'a mut UncheckedAccount,
    /// The fund's vault.
    pub insurance_vault: &'a mut UncheckedAccount,
}

impl LossAccounts<'_> {
    /// Writes off all debt of the obligation: splits the loss, stores it, moves the fund's part, tells of it.
    ///
    /// `totals` are the pool's, accrued to `now`. The cost does not depend on the number of LPs: none is visited.
    pub fn record(&mut self, totals: &Totals, token: &TokenKind, now: i64) -> Result<()> {
        let limits = self.pool.parameters.loss.insurance();
        let recording = waterfall::record(totals, &self.insurance_fund.fund(), &limits, self.obligation.debt(), now);
        let recording = recording.or_refuse()?;
        let generation = self.pool.generation;

        self.store(&recording)?;
        self.transfer(&recording, token)?;
        self.tell(&recording, generation);
        Ok(())
    }

    fn store(&mut self, recording: &Recording) -> Result<()> {
        let loss = &recording.loss;
        self.obligation.write_off(loss.loss)?;
        self.insurance_fund.apply(&recording.fund);
        self.pool.losses = self.pool.losses.checked_add(1).ok_or(BackstopError::MathOverflow)?;
        self.pool.uncovered = Assets::new(self.pool.uncovered).plus(loss.uncovered).or_refuse()?.get();
        if loss.wiped_out {
            self.pool.generation = self.pool.generation.checked_add(1).ok_or(BackstopError::MathOverflow)?;
        }
        self.pool.apply(&recording.totals)
    }

    /// Revenue due goes to the fund, the draw comes from it: only the difference is moved.
    fn transfer(&mut self, recording: &Recording, token: &TokenKind) -> Result<()> {
        let (due, drawn) = (recording.settled.get(), recording.loss.from_insurance.get());
        match due.checked_sub(drawn) {
            Some(surplus) => {
                token.transfer(self.vault, self.insurance_vault, &*self.pool, surplus, &[&self.pool.seeds()])
            }
            None => {
                let missing = drawn.saturating_sub(due);
                let fund = &*self.insurance_fund;
                token.transfer(self.insurance_vault, self.vault, fund, missing, &[&fund.seeds()])
            }
        }
    }

    fn tell(&self, recording: &Recording, generation: u32) {
        let loss = &recording.loss;
        emit!(LossRecorded {
            pool: *self.pool.address(),
            obligation: *self.obligation.address(),
            sequence: self.pool.losses,
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
            state: self.pool.state(),
        });
    }
}
