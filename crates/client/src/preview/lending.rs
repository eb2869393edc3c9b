//! LPs.

use backstop_engine::{
    claims::GENERATIONS,
    exit::{Request, WITHDRAWAL_WINDOW_SECONDS},
    governance::Pausable,
    quantity::{Assets, Shares},
};

use super::{
    Result, Snapshot,
    holders::{burn, claim, consolidate, limit_request, mint, settle, some_of, store_request},
    require,
};
use crate::{BackstopError, ClaimBook, LpPosition, verb::ALL};

/// What a deposit or a stake moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deposited {
    /// What is taken: at most what was offered.
    pub assets: u64,
    /// What is minted.
    pub shares: u64,
}

/// What a withdrawal or an exit from the fund moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    /// What is burnt.
    pub shares: u64,
    /// What is paid.
    pub assets: u64,
}

fn settle_position(position: &mut LpPosition, claims: &ClaimBook) {
    settle(&mut position.holder, &mut position.request, claims);
}

impl Snapshot {
    /// Offers at most `max_assets` for shares.
    ///
    /// # Errors
    /// `Paused`, `BreakerTripped`, `Closed`, `AmountTooSmall`, `MathOverflow`.
    pub fn deposit(&mut self, position: &mut LpPosition, max_assets: u64) -> Result<Deposited> {
        self.require_open(Pausable::Deposit)?;
        require(!self.pool.breaker().is_tripped(self.now), BackstopError::BreakerTripped)?;
        require(self.pool.claims.ledger.generation < GENERATIONS, BackstopError::Closed)?;
        let minted = self.totals()?.deposit(Assets::new(max_assets))?;
        if minted.shift != 0 {
            consolidate(&mut self.pool.claims, minted.shift)?;
        }
        self.apply(&minted.totals);
        settle_position(position, &self.pool.claims);
        mint(&mut position.holder, minted.shares)?;
        Ok(Deposited { assets: minted.assets.get(), shares: minted.shares.get() })
    }

    /// Burns shares, or [`ALL`].
    ///
    /// # Errors
    /// `Paused`, `ExitNotRequested`, `ExitNotMature`, `ExitLapsed`, `InsufficientShares`, `InsufficientCash`, `AmountTooSmall`.
    pub fn withdraw(&mut self, position: &mut LpPosition, shares: u64) -> Result<Withdrawn> {
        self.require_open(Pausable::Withdraw)?;
        settle_position(position, &self.pool.claims);
        let shares = self.leaving(position, shares)?;
        require(shares <= position.holder.shares, BackstopError::InsufficientShares)?;
        let totals = self.totals()?;
        let held_back = self.pool.held_back_from_lps(&self.fund, &totals, self.now)?;
        let paid = totals.withdraw(Shares::new(shares), held_back)?;
        self.apply(&paid.totals);
        burn(&mut position.holder, &mut position.request, shares)?;
        Ok(Withdrawn { shares, assets: paid.assets.get() })
    }

    /// The shares that may leave now out of those asked for. The position is settled.
    fn leaving(&self, position: &mut LpPosition, asked: u64) -> Result<u64> {
        let held = position.holder.shares;
        if self.pool.notice_seconds(self.now) == 0 {
            return Ok(if asked == ALL { held } else { asked });
        }
        let request = position.request.request();
        request.require_open(self.now)?;
        let shares = if asked == ALL { request.shares.get().min(held) } else { asked };
        let left = request.shares.get().checked_sub(shares).ok_or(BackstopError::ExitNotRequested)?;
        limit_request(&mut position.request, left);
        Ok(shares)
    }

    /// Asks to withdraw shares, or [`ALL`], after the notice.
    ///
    /// # Errors
    /// `NoNoticeDue`, `AmountTooSmall`, `InsufficientShares`.
    pub fn request_withdrawal(&self, position: &mut LpPosition, shares: u64) -> Result<Request> {
        let notice = self.pool.notice_seconds(self.now);
        require(notice != 0, BackstopError::NoNoticeDue)?;
        settle_position(position, &self.pool.claims);
        let shares = Shares::new(some_of(&position.holder, shares)?);
        let request = Request::new(shares, Assets::ZERO, self.now, notice, WITHDRAWAL_WINDOW_SECONDS);
        store_request(&mut position.request, &request);
        Ok(request)
    }

    /// Moves shares, or [`ALL`], to another position of the pool, and returns how many.
    ///
    /// # Errors
    /// `AmountTooSmall`, `InsufficientShares`, `MathOverflow`.
    pub fn transfer_shares(&self, from: &mut LpPosition, to: &mut LpPosition, shares: u64) -> Result<u64> {
        settle_position(from, &self.pool.claims);
        settle_position(to, &self.pool.claims);
        let shares = some_of(&from.holder, shares)?;
        burn(&mut from.holder, &mut from.request, shares)?;
        mint(&mut to.holder, Shares::new(shares))?;
        Ok(shares)
    }

    /// Pays out what was recovered of a position's losses, and returns how much.
    ///
    /// # Errors
    /// `NothingToClaim`.
    pub fn claim_recovery(&mut self, position: &mut LpPosition) -> Result<u64> {
        claim(&mut position.holder, &mut position.request, &mut self.pool.claims)
    }
}
