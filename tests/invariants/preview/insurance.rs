//! The insurance fund and its stakers.

use backstop_engine::{
    claims::GENERATIONS,
    exit::Request,
    insurance::Fund,
    pool::Totals,
    quantity::{Assets, Shares},
};

use super::{Done, Name, burn, claim, consolidate, name, refuse, require, settle, store_request};
use crate::{
    state::State,
    step::{ALL, Actor, Token},
};

impl State {
    pub(super) fn give(&mut self, who: Actor, assets: u64) -> Done {
        require(assets != 0, "AmountTooSmall")?;
        let Some(all) = self.fund.assets.checked_add(assets) else { return refuse("MathOverflow") };
        self.fund.assets = all;
        self.vault += assets;
        self.pay(who, Token::Usdc, assets)
    }

    fn settle_stake(&mut self, who: Actor) {
        let stake = &mut self.stakes[who];
        settle(&mut stake.holder, &mut stake.request, &self.fund.claims);
    }

    /// The fund with the revenue that is due to it, and the pool without.
    fn settled_fund(&self, now: i64) -> Result<(Fund, Totals), Name> {
        self.fund.fund().settled(&self.accrued(now)?).map_err(name)
    }

    pub(super) fn stake(&mut self, who: Actor, assets: u64, now: i64) -> Done {
        require(self.fund.claims.ledger.generation < GENERATIONS, "Closed")?;
        let (settled, totals) = self.settled_fund(now)?;
        let staked = settled.stake(Assets::new(assets)).map_err(name)?;
        if staked.shift != 0 {
            consolidate(&mut self.fund.claims, staked.shift)?;
        }
        self.apply(&totals);
        self.apply_fund(&staked.fund);
        self.settle_stake(who);
        self.stakes[who].holder.shares += staked.shares.get();
        if staked.shift != 0 {
            self.orphaned.1 = self.fund.shares - self.held_stake();
        }
        self.vault += staked.assets.get();
        self.pay(who, Token::Usdc, staked.assets.get())
    }

    pub(super) fn request_unstake(&mut self, who: Actor, shares: u64, now: i64) -> Done {
        self.settle_stake(who);
        let held = self.stakes[who].holder.shares;
        let shares = if shares == ALL { held } else { shares };
        require(shares != 0, "AmountTooSmall")?;
        require(shares <= held, "InsufficientShares")?;
        let (settled, totals) = self.settled_fund(now)?;
        let shares = Shares::new(shares);
        let worth = settled.worth(shares, Assets::ZERO).map_err(name)?;
        let times = self.pool.parameters.insurance;
        self.apply(&totals);
        self.apply_fund(&settled);
        let request = Request::new(shares, worth, now, times.cooldown_seconds, times.claim_window_seconds);
        store_request(&mut self.stakes[who].request, &request);
        Ok(())
    }

    pub(super) fn cancel_unstake(&mut self, who: Actor) -> Done {
        let request = &mut self.stakes[who].request;
        require(request.shares != 0, "ExitNotRequested")?;
        store_request(request, &Request::default());
        Ok(())
    }

    pub(super) fn unstake(&mut self, who: Actor, now: i64) -> Done {
        self.settle_stake(who);
        let request = self.stakes[who].request.request();
        request.require_open(now).map_err(name)?;
        let totals = self.accrued(now)?;
        let held_back = self.pool.held_back_from_stakers(&self.fund, &totals, now).map_err(name)?;
        let (settled, totals) = self.settled_fund(now)?;
        let left = settled.unstake(request.shares, request.worth, held_back).map_err(name)?;
        let limits = self.pool.insurance();
        let provisions = self.pool.provisions();
        provisions.require_covered(&totals, &left.fund, &limits, now).map_err(name)?;
        self.apply(&totals);
        self.apply_fund(&left.fund);
        let stake = &mut self.stakes[who];
        burn(&mut stake.holder, &mut stake.request, request.shares.get())?;
        store_request(&mut stake.request, &Request::default());
        self.vault -= left.assets.get();
        self.receive(who, Token::Usdc, left.assets.get());
        Ok(())
    }

    pub(super) fn claim_stake_recovery(&mut self, who: Actor) -> Done {
        let stake = &mut self.stakes[who];
        let paid = claim(&mut stake.holder, &mut stake.request, &mut self.fund.claims)?;
        self.vault -= paid;
        self.receive(who, Token::Usdc, paid);
        Ok(())
    }
}
