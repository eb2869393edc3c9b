//! Previews for LPs.

use backstop_engine::{
    exit::Request,
    governance::Pausable,
    quantity::{Assets, Shares},
};

use super::{Result, Snapshot, require};
use crate::{BackstopError, LossClaim, LpPosition};

/// What a deposit or a stake moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deposited {
    /// What is taken: at most what was offered.
    pub assets: u64,
    /// What is minted.
    pub shares: u64,
}

/// What a withdrawal or the execution of a request moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    /// What is burnt.
    pub shares: u64,
    /// What is paid, or becomes payable.
    pub assets: u64,
}

impl Snapshot {
    /// Offers at most `max_assets` for shares.
    ///
    /// # Errors
    /// `PoolNotOpen`, `Paused`, `PoolOnHold`, `AmountTooSmall`, `HistoryFull`, `MathOverflow`.
    pub fn deposit(&mut self, position: &mut LpPosition, max_assets: u64) -> Result<Deposited> {
        self.pool.launch().require_open()?;
        self.require_open(Pausable::Deposit)?;
        let totals = self.totals()?;
        self.pool.holds().require_pool_open(totals.nav()?)?;
        let minted = totals.deposit(Assets::new(max_assets))?;
        minted.totals.require_deposits_within(Assets::new(self.pool.parameters.caps.pool_deposit_cap))?;
        self.apply(&minted.totals);
        position.held().mint(&self.pool.era(), minted.shares)?;
        Ok(Deposited { assets: minted.assets.get(), shares: minted.shares.get() })
    }

    /// Burns shares, or [`ALL`](crate::verb::ALL) that are not requested.
    ///
    /// # Errors
    /// `Paused`, `NoticeDue`, `AmountTooSmall`, `InsufficientShares`, `PoolOnHold`, `InsufficientCash`, `HistoryFull`.
    pub fn withdraw(&mut self, position: &mut LpPosition, shares: u64) -> Result<Withdrawn> {
        self.require_open(Pausable::Withdraw)?;
        require(self.pool.notice_seconds(self.now) == 0, BackstopError::NoticeDue)?;
        position.held().settle(&self.pool.era())?;
        let shares = position.held().some_of(shares)?;
        let totals = self.totals()?;
        self.pool.holds().require_pool_open(totals.nav()?)?;
        let paid = totals.withdraw(Shares::new(shares))?;
        self.apply(&paid.totals);
        position.held().burn(&self.pool.era(), shares)?;
        Ok(Withdrawn { shares, assets: paid.assets.get() })
    }

    /// Asks to withdraw shares, or [`ALL`](crate::verb::ALL), after the notice. What is returned is in Unix time.
    ///
    /// # Errors
    /// `NoNoticeDue`, `ExitPending`, `AmountTooSmall`, `InsufficientShares`.
    pub fn request_withdrawal(&self, position: &mut LpPosition, shares: u64) -> Result<Request> {
        let notice = self.pool.notice_seconds(self.now);
        require(notice != 0, BackstopError::NoNoticeDue)?;
        position.held().settle(&self.pool.era())?;
        position.request.request().require_none()?;
        let shares = Shares::new(position.held().some_of(shares)?);
        let request = Request::new(shares, Assets::ZERO, self.now, notice);
        position.request.store(&request.on_clock(&self.pool.holds().pool, self.now));
        Ok(request)
    }

    /// Executes the matured request of a position: what becomes payable, and the shares burnt for it.
    ///
    /// # Errors
    /// `Paused`, `ExitNotRequested`, `ExitNotMature`, `PoolOnHold`, `InsufficientCash`, `HistoryFull`.
    pub fn execute_withdrawal(&mut self, position: &mut LpPosition) -> Result<Withdrawn> {
        self.require_open(Pausable::Withdraw)?;
        position.held().settle(&self.pool.era())?;
        let request = position.request.request();
        self.pool.due_request(&request, self.now).require_mature(self.pool.holds().pool.clock(self.now))?;
        let totals = self.totals()?;
        self.pool.holds().require_pool_open(totals.nav()?)?;
        let (exit, totals) = totals.execute(&request)?;
        self.set_aside(exit.assets)?;
        self.apply(&totals);
        position.held().leave(&self.pool.era(), &exit)?;
        Ok(Withdrawn { shares: exit.shares.get(), assets: exit.assets.get() })
    }

    /// Pays out what is payable to a position, and returns how much.
    ///
    /// # Errors
    /// `NothingToCollect`.
    pub fn collect_withdrawal(&mut self, position: &mut LpPosition) -> Result<u64> {
        position.held().collect(&mut self.pool.payable)
    }

    /// Sets aside what executing a request took out of the pool or its fund.
    pub(super) fn set_aside(&mut self, assets: Assets) -> Result<()> {
        self.pool.payable = Assets::new(self.pool.payable).plus(assets)?.get();
        Ok(())
    }

    /// Moves shares, or [`ALL`](crate::verb::ALL) that are not requested, to another position of the pool, and returns
    /// how many.
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
        require(!due.is_zero(), BackstopError::NothingToClaim)?;
        account.claimed = Assets::new(account.claimed).plus(due)?.get();
        self.pool.unclaimed = Assets::new(self.pool.unclaimed).minus(due)?.get();
        Ok(due.get())
    }
}
