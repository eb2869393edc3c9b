//! Previews for the insurance fund and its stakers.

use backstop_engine::{
    exit::Request,
    insurance::Fund,
    pool::Totals,
    quantity::{Assets, Shares},
};

use super::{Deposited, Result, Snapshot, Withdrawn, require};
use crate::{BackstopError, InsuranceStake, LossClaim};

impl Snapshot {
    /// The fund with the revenue that is due to it, and the pool without.
    ///
    /// # Errors
    /// As [`Fund::settled`].
    pub fn settled_fund(&self) -> Result<(Fund, Totals)> {
        Ok(self.fund.fund().settled(&self.totals()?)?)
    }

    /// Opens the pool, and founds the fund with a donation of `assets`.
    ///
    /// # Errors
    /// `PoolAlreadyOpen`, `InitialDonationTooSmall`, `MathOverflow`.
    pub fn open_pool(&mut self, assets: u64) -> Result<()> {
        let opened = self.pool.launch().open(self.now)?;
        self.accrue()?;
        let founded = self.fund.fund().found(Assets::new(assets))?;
        self.pool.opened_at = opened.opened_at;
        self.fund.store(&founded.fund);
        Ok(())
    }

    /// Offers at most `assets` to the fund as a donation, and returns what is taken.
    ///
    /// # Errors
    /// `PoolNotOpen`, `AmountTooSmall`, `MathOverflow`.
    pub fn fund_insurance(&mut self, assets: u64) -> Result<u64> {
        self.pool.launch().require_open()?;
        let (settled, totals) = self.settled_fund()?;
        let given = settled.donate(Assets::new(assets))?;
        self.apply(&totals);
        self.fund.store(&given.fund);
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
        self.pool.holds().require_fund_open(settled.all())?;
        let staked = settled.stake(Assets::new(max_assets))?;
        self.apply(&totals);
        self.fund.store(&staked.fund);
        self.hold_fund()?;
        stake.held().mint(&self.fund.era(), staked.shares)?;
        Ok(Deposited { assets: staked.assets.get(), shares: staked.shares.get() })
    }

    /// Asks to leave the fund with shares, or [`ALL`](crate::verb::ALL), after the cooldown.
    ///
    /// # Errors
    /// `ExitPending`, `AmountTooSmall`, `InsufficientShares`.
    pub fn request_unstake(&mut self, stake: &mut InsuranceStake, shares: u64) -> Result<Request> {
        stake.held().settle(&self.fund.era())?;
        stake.request.request().require_none()?;
        let shares = Shares::new(stake.held().some_of(shares)?);
        let (settled, totals) = self.settled_fund()?;
        let worth = settled.worth(shares)?;
        let cooldown = self.pool.parameters.insurance.cooldown_seconds;
        self.apply(&totals);
        self.fund.store(&settled);
        let (hold, now) = (self.pool.holds().fund, self.now);
        let request = Request::new(shares, worth, now, cooldown);
        stake.request.store(&request.on_clock(&hold, now));
        Ok(request)
    }

    /// Executes the matured request of a stake: what becomes payable, and the shares burnt for it.
    ///
    /// # Errors
    /// `ExitNotRequested`, `ExitNotMature`, `FundOnHold`, `InsufficientCash`, `HistoryFull`.
    pub fn execute_unstake(&mut self, stake: &mut InsuranceStake) -> Result<Withdrawn> {
        stake.held().settle(&self.fund.era())?;
        let request = stake.request.request();
        request.require_mature(self.pool.holds().fund.clock(self.now))?;
        let (settled, totals) = self.settled_fund()?;
        self.pool.holds().require_fund_open(settled.all())?;
        let (exit, fund) = settled.execute(&request)?;
        self.set_aside(exit.assets)?;
        self.apply(&totals);
        self.fund.store(&fund);
        self.hold_fund()?;
        stake.held().leave(&self.fund.era(), &exit)?;
        Ok(Withdrawn { shares: exit.shares.get(), assets: exit.assets.get() })
    }

    /// Pays out what is payable to a stake, and returns how much.
    ///
    /// # Errors
    /// `NothingToCollect`.
    pub fn collect_unstake(&mut self, stake: &mut InsuranceStake) -> Result<u64> {
        stake.held().collect(&mut self.pool.payable)
    }

    /// Gives a stake its part of the shares that came back of the loss of a claim account, and returns how many.
    ///
    /// # Errors
    /// `NothingToClaim`, `HistoryFull`.
    pub fn claim_stake_recovery(&mut self, stake: &mut InsuranceStake, account: &mut LossClaim) -> Result<u64> {
        let claimed = account.claimed_shares();
        let shares = stake.claimable(&self.book, &self.fund, account.loss, &claimed);
        require(!shares.is_zero(), BackstopError::NothingToClaim)?;
        let fund = self.fund.fund().claim(shares)?;
        self.fund.store(&fund);
        (account.claimed, account.generation) = (claimed.at_up(fund.generation).plus(shares)?.get(), fund.generation);
        stake.held().mint(&self.fund.era(), shares)?;
        Ok(shares.get())
    }
}
