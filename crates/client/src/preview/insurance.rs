//! The insurance fund and its stakers.

use backstop_engine::{
    exit::Request,
    insurance::Fund,
    pool::Totals,
    quantity::{Assets, Shares},
};

use super::{Deposited, Result, Snapshot, Withdrawn, holders::store_request, lending::claim, require};
use crate::{BackstopError, InsuranceStake, LossClaim};

impl Snapshot {
    /// The fund with the revenue that is due to it, and the pool without.
    ///
    /// # Errors
    /// As [`Fund::settled`].
    pub fn settled_fund(&self) -> Result<(Fund, Totals)> {
        Ok(self.fund.fund().settled(&self.totals()?)?)
    }

    /// Opens the pool, and founds the fund with a gift of `assets`.
    ///
    /// # Errors
    /// `PoolAlreadyOpen`, `FoundingGiftTooSmall`, `MathOverflow`.
    pub fn open_pool(&mut self, assets: u64) -> Result<()> {
        let opened = self.pool.launch().open(self.now)?;
        self.accrue()?;
        let founded = self.fund.fund().found(Assets::new(assets))?;
        self.pool.opened_at = opened.opened_at;
        self.apply_fund(&founded.fund);
        Ok(())
    }

    /// Offers at most `assets` to the fund as a gift, and returns what is taken.
    ///
    /// # Errors
    /// `PoolNotOpen`, `AmountTooSmall`, `MathOverflow`.
    pub fn fund_insurance(&mut self, assets: u64) -> Result<u64> {
        self.pool.launch().require_open()?;
        let (settled, totals) = self.settled_fund()?;
        let given = settled.give(Assets::new(assets))?;
        self.apply(&totals);
        self.apply_fund(&given.fund);
        self.hold_fund()?;
        Ok(given.assets.get())
    }

    /// Offers at most `max_assets` for shares of the fund.
    ///
    /// # Errors
    /// `PoolNotOpen`, `FundOnHold`, `AmountTooSmall`, `HistoryFull`, `MathOverflow`.
    pub fn stake(&mut self, stake: &mut InsuranceStake, max_assets: u64) -> Result<Deposited> {
        self.pool.launch().require_open()?;
        let (settled, totals) = self.settled_fund()?;
        self.pool.holds().require_fund_open(settled.assets)?;
        let staked = settled.stake(Assets::new(max_assets))?;
        self.apply(&totals);
        self.apply_fund(&staked.fund);
        self.hold_fund()?;
        stake.held().mint(&self.fund.era(), staked.shares)?;
        Ok(Deposited { assets: staked.assets.get(), shares: staked.shares.get() })
    }

    /// Asks to leave the fund with shares, or [`ALL`](crate::verb::ALL), after the cooldown.
    ///
    /// # Errors
    /// `AmountTooSmall`, `InsufficientShares`.
    pub fn request_unstake(&mut self, stake: &mut InsuranceStake, shares: u64) -> Result<Request> {
        stake.held().settle(&self.fund.era())?;
        let shares = Shares::new(stake.held().some_of(shares)?);
        let (settled, totals) = self.settled_fund()?;
        let worth = settled.worth(shares)?;
        let times = self.pool.parameters.insurance;
        self.apply(&totals);
        self.apply_fund(&settled);
        let (hold, now) = (self.pool.holds().fund, self.now);
        let request = Request::new(shares, worth, now, times.cooldown_seconds, times.claim_window_seconds);
        store_request(&mut stake.request, &request.on_clock(&hold, now));
        Ok(request)
    }

    /// Takes a request to leave back.
    ///
    /// # Errors
    /// `ExitNotRequested`.
    pub fn cancel_unstake(&self, stake: &mut InsuranceStake) -> Result<()> {
        require(stake.request.shares != 0, BackstopError::ExitNotRequested)?;
        store_request(&mut stake.request, &Request::default());
        Ok(())
    }

    /// Leaves the fund with what was requested.
    ///
    /// # Errors
    /// `ExitNotRequested`, `ExitNotMature`, `ExitLapsed`, `FundOnHold`, `AmountTooSmall`, `HistoryFull`.
    pub fn unstake(&mut self, stake: &mut InsuranceStake) -> Result<Withdrawn> {
        stake.held().settle(&self.fund.era())?;
        let request = stake.request.request();
        request.require_open(self.pool.holds().fund.clock(self.now))?;
        let (settled, totals) = self.settled_fund()?;
        self.pool.holds().require_fund_open(settled.assets)?;
        let left = settled.unstake(request.shares, request.worth)?;
        self.apply(&totals);
        self.apply_fund(&left.fund);
        self.hold_fund()?;
        stake.held().burn(&self.fund.era(), request.shares.get())?;
        store_request(&mut stake.request, &Request::default());
        Ok(Withdrawn { shares: request.shares.get(), assets: left.assets.get() })
    }

    /// Pays out what was recovered of the loss of a claim account for a stake, and returns how much.
    ///
    /// # Errors
    /// `NothingToClaim`.
    pub fn claim_stake_recovery(&mut self, stake: &InsuranceStake, account: &mut LossClaim) -> Result<u64> {
        let due = stake.claimable(&self.book, account.loss, account.claimed);
        claim(due, account, &mut self.fund.unclaimed)
    }
}
