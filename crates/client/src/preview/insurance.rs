//! The insurance fund and its stakers.

use backstop_engine::{
    claims::GENERATIONS,
    exit::Request,
    insurance::Fund,
    pool::Totals,
    quantity::{Assets, Shares},
};

use super::{
    Deposited, Result, Snapshot, Withdrawn,
    holders::{burn, claim, consolidate, mint, settle, some_of, store_request},
    require,
};
use crate::{BackstopError, ClaimBook, InsuranceStake};

fn settle_stake(stake: &mut InsuranceStake, claims: &ClaimBook) {
    settle(&mut stake.holder, &mut stake.request, claims);
}

impl Snapshot {
    /// The fund with the revenue that is due to it, and the pool without.
    ///
    /// # Errors
    /// As [`Fund::settled`].
    pub fn settled_fund(&self) -> Result<(Fund, Totals)> {
        Ok(self.fund.fund().settled(&self.totals()?)?)
    }

    /// Gives to the fund.
    ///
    /// # Errors
    /// `AmountTooSmall`, `MathOverflow`.
    pub fn fund_insurance(&mut self, assets: u64) -> Result<()> {
        require(assets != 0, BackstopError::AmountTooSmall)?;
        self.fund.assets = self.fund.assets.checked_add(assets).ok_or(BackstopError::MathOverflow)?;
        Ok(())
    }

    /// Offers at most `max_assets` for shares of the fund.
    ///
    /// # Errors
    /// `Closed`, `AmountTooSmall`, `MathOverflow`.
    pub fn stake(&mut self, stake: &mut InsuranceStake, max_assets: u64) -> Result<Deposited> {
        require(self.fund.claims.ledger.generation < GENERATIONS, BackstopError::Closed)?;
        let (settled, totals) = self.settled_fund()?;
        let staked = settled.stake(Assets::new(max_assets))?;
        if staked.shift != 0 {
            consolidate(&mut self.fund.claims, staked.shift)?;
        }
        self.apply(&totals);
        self.apply_fund(&staked.fund);
        settle_stake(stake, &self.fund.claims);
        mint(&mut stake.holder, staked.shares)?;
        Ok(Deposited { assets: staked.assets.get(), shares: staked.shares.get() })
    }

    /// Asks to leave the fund with shares, or [`ALL`](crate::verb::ALL), after the cooldown.
    ///
    /// # Errors
    /// `AmountTooSmall`, `InsufficientShares`.
    pub fn request_unstake(&mut self, stake: &mut InsuranceStake, shares: u64) -> Result<Request> {
        settle_stake(stake, &self.fund.claims);
        let shares = Shares::new(some_of(&stake.holder, shares)?);
        let (settled, totals) = self.settled_fund()?;
        let worth = settled.worth(shares, Assets::ZERO)?;
        let times = self.pool.parameters.insurance;
        self.apply(&totals);
        self.apply_fund(&settled);
        let request = Request::new(shares, worth, self.now, times.cooldown_seconds, times.claim_window_seconds);
        store_request(&mut stake.request, &request);
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
    /// `ExitNotRequested`, `ExitNotMature`, `ExitLapsed`, `AmountTooSmall`, `HeldForProvisions`.
    pub fn unstake(&mut self, stake: &mut InsuranceStake) -> Result<Withdrawn> {
        settle_stake(stake, &self.fund.claims);
        let request = stake.request.request();
        request.require_open(self.now)?;
        let totals = self.totals()?;
        let held_back = self.pool.held_back_from_stakers(&self.fund, &totals, self.now)?;
        let (settled, totals) = self.settled_fund()?;
        let left = settled.unstake(request.shares, request.worth, held_back)?;
        let limits = self.pool.insurance();
        self.pool.provisions().require_covered(&totals, &left.fund, &limits, self.now)?;
        self.apply(&totals);
        self.apply_fund(&left.fund);
        burn(&mut stake.holder, &mut stake.request, request.shares.get())?;
        store_request(&mut stake.request, &Request::default());
        Ok(Withdrawn { shares: request.shares.get(), assets: left.assets.get() })
    }

    /// Pays out what was recovered of a stake's losses, and returns how much.
    ///
    /// # Errors
    /// `NothingToClaim`.
    pub fn claim_stake_recovery(&mut self, stake: &mut InsuranceStake) -> Result<u64> {
        claim(&mut stake.holder, &mut stake.request, &mut self.fund.claims)
    }
}
