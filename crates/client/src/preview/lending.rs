//! LPs.

use backstop_engine::{
    exit::{Request, WITHDRAWAL_WINDOW_SECONDS},
    governance::Pausable,
    quantity::{Assets, Shares},
};

use super::{
    Result, Snapshot,
    holders::{limit_request, store_request},
    require,
};
use crate::{BackstopError, LossClaim, LpPosition, verb::ALL};

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

/// Pays what is due of a loss, and notes it.
pub(super) fn claim(due: Assets, account: &mut LossClaim, unclaimed: &mut u64) -> Result<u64> {
    require(!due.is_zero(), BackstopError::NothingToClaim)?;
    account.claimed = Assets::new(account.claimed).plus(due)?.get();
    *unclaimed = Assets::new(*unclaimed).minus(due)?.get();
    Ok(due.get())
}

impl Snapshot {
    /// Offers at most `max_assets` for shares.
    ///
    /// # Errors
    /// `PoolNotOpen`, `Paused`, `BreakerTripped`, `PoolOnHold`, `AmountTooSmall`, `HistoryFull`, `MathOverflow`.
    pub fn deposit(&mut self, position: &mut LpPosition, max_assets: u64) -> Result<Deposited> {
        self.pool.launch().require_open()?;
        self.require_open(Pausable::Deposit)?;
        require(!self.pool.breaker().is_tripped(self.now), BackstopError::BreakerTripped)?;
        let totals = self.totals()?;
        self.pool.holds().require_pool_open(totals.nav()?)?;
        let minted = totals.deposit(Assets::new(max_assets))?;
        minted.totals.require_deposits_within(Assets::new(self.pool.parameters.caps.pool_deposit_cap))?;
        self.apply(&minted.totals);
        position.held().mint(&self.pool.era(), minted.shares)?;
        Ok(Deposited { assets: minted.assets.get(), shares: minted.shares.get() })
    }

    /// Burns shares, or [`ALL`].
    ///
    /// # Errors
    /// `Paused`, `ExitNotRequested`, `ExitNotMature`, `ExitLapsed`, `InsufficientShares`, `PoolOnHold`, `InsufficientCash`,
    /// `AmountTooSmall`, `HistoryFull`.
    pub fn withdraw(&mut self, position: &mut LpPosition, shares: u64) -> Result<Withdrawn> {
        self.require_open(Pausable::Withdraw)?;
        position.held().settle(&self.pool.era())?;
        let shares = self.leaving(position, shares)?;
        require(shares <= position.holder.shares, BackstopError::InsufficientShares)?;
        let totals = self.totals()?;
        self.pool.holds().require_pool_open(totals.nav()?)?;
        let paid = totals.withdraw(Shares::new(shares))?;
        self.apply(&paid.totals);
        position.held().burn(&self.pool.era(), shares)?;
        Ok(Withdrawn { shares, assets: paid.assets.get() })
    }

    /// The shares that may leave now out of those asked for. The position is settled.
    fn leaving(&self, position: &mut LpPosition, asked: u64) -> Result<u64> {
        let held = position.holder.shares;
        if self.pool.notice_seconds(self.now) == 0 {
            return Ok(if asked == ALL { held } else { asked });
        }
        let request = position.request.request();
        request.require_open(self.pool.holds().pool.clock(self.now))?;
        let shares = if asked == ALL { request.shares.get().min(held) } else { asked };
        let left = request.shares.get().checked_sub(shares).ok_or(BackstopError::ExitNotRequested)?;
        limit_request(&mut position.request, left);
        Ok(shares)
    }

    /// Asks to withdraw shares, or [`ALL`], after the notice. What is returned is in Unix time.
    ///
    /// # Errors
    /// `NoNoticeDue`, `AmountTooSmall`, `InsufficientShares`.
    pub fn request_withdrawal(&self, position: &mut LpPosition, shares: u64) -> Result<Request> {
        let notice = self.pool.notice_seconds(self.now);
        require(notice != 0, BackstopError::NoNoticeDue)?;
        position.held().settle(&self.pool.era())?;
        let shares = Shares::new(position.held().some_of(shares)?);
        let request = Request::new(shares, Assets::ZERO, self.now, notice, WITHDRAWAL_WINDOW_SECONDS);
        store_request(&mut position.request, &request.on_clock(&self.pool.holds().pool, self.now));
        Ok(request)
    }

    /// Moves shares, or [`ALL`], to another position of the pool, and returns how many.
    ///
    /// # Errors
    /// `AmountTooSmall`, `InsufficientShares`, `HistoryFull`, `MathOverflow`.
    pub fn transfer_shares(&self, from: &mut LpPosition, to: &mut LpPosition, shares: u64) -> Result<u64> {
        let era = self.pool.era();
        from.held().settle(&era)?;
        to.held().settle(&era)?;
        let shares = from.held().some_of(shares)?;
        from.held().burn(&era, shares)?;
        to.held().mint(&era, Shares::new(shares))?;
        Ok(shares)
    }

    /// Pays out what was recovered of the loss of a claim account for a position, and returns how much.
    ///
    /// # Errors
    /// `NothingToClaim`.
    pub fn claim_recovery(&mut self, position: &LpPosition, account: &mut LossClaim) -> Result<u64> {
        let due = position.claimable(&self.book, account.loss, account.claimed);
        claim(due, account, &mut self.pool.unclaimed)
    }
}
