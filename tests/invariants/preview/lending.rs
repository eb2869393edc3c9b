//! LPs.

use backstop_engine::{
    claims::GENERATIONS,
    exit::{Request, WITHDRAWAL_WINDOW_SECONDS},
    governance::Pausable,
    quantity::{Assets, Shares},
};

use super::{Done, Name, burn, claim, consolidate, limit_request, name, refuse, require, settle, store_request};
use crate::{
    state::State,
    step::{ALL, Actor, Token},
};

impl State {
    fn settle_position(&mut self, who: Actor) {
        let position = &mut self.positions[who];
        settle(&mut position.holder, &mut position.request, &self.pool.claims);
    }

    pub(super) fn deposit(&mut self, who: Actor, assets: u64, now: i64) -> Done {
        self.require_open(Pausable::Deposit, now)?;
        require(!self.pool.breaker().is_tripped(now), "BreakerTripped")?;
        require(self.pool.claims.ledger.generation < GENERATIONS, "Closed")?;
        let minted = self.accrued(now)?.deposit(Assets::new(assets)).map_err(name)?;
        if minted.shift != 0 {
            consolidate(&mut self.pool.claims, minted.shift)?;
        }
        self.apply(&minted.totals);
        self.settle_position(who);
        self.positions[who].holder.shares += minted.shares.get();
        if minted.shift != 0 {
            self.orphaned.0 = self.pool.shares - self.held_shares();
        }
        self.vault += minted.assets.get();
        self.pay(who, Token::Usdc, minted.assets.get())
    }

    pub(super) fn withdraw(&mut self, who: Actor, shares: u64, now: i64) -> Done {
        self.require_open(Pausable::Withdraw, now)?;
        self.settle_position(who);
        let shares = self.leaving(who, shares, now)?;
        require(shares <= self.positions[who].holder.shares, "InsufficientShares")?;
        let totals = self.accrued(now)?;
        let held_back = self.pool.held_back_from_lps(&self.fund, &totals, now).map_err(name)?;
        let paid = totals.withdraw(Shares::new(shares), held_back).map_err(name)?;
        self.apply(&paid.totals);
        let position = &mut self.positions[who];
        burn(&mut position.holder, &mut position.request, shares)?;
        self.vault -= paid.assets.get();
        self.receive(who, Token::Usdc, paid.assets.get());
        Ok(())
    }

    /// The shares that may leave now out of those asked for.
    fn leaving(&mut self, who: Actor, asked: u64, now: i64) -> Result<u64, Name> {
        let notice = self.pool.notice_seconds(now);
        let position = &mut self.positions[who];
        let held = position.holder.shares;
        if notice == 0 {
            return Ok(if asked == ALL { held } else { asked });
        }
        let request = position.request.request();
        request.require_open(now).map_err(name)?;
        let shares = if asked == ALL { request.shares.get().min(held) } else { asked };
        let Some(left) = request.shares.get().checked_sub(shares) else { return refuse("ExitNotRequested") };
        limit_request(&mut position.request, left);
        Ok(shares)
    }

    pub(super) fn request_withdrawal(&mut self, who: Actor, shares: u64, now: i64) -> Done {
        let notice = self.pool.notice_seconds(now);
        require(notice != 0, "NoNoticeDue")?;
        self.settle_position(who);
        let position = &mut self.positions[who];
        let held = position.holder.shares;
        let shares = if shares == ALL { held } else { shares };
        require(shares != 0, "AmountTooSmall")?;
        require(shares <= held, "InsufficientShares")?;
        let request = Request::new(Shares::new(shares), Assets::ZERO, now, notice, WITHDRAWAL_WINDOW_SECONDS);
        store_request(&mut position.request, &request);
        Ok(())
    }

    pub(super) fn transfer_shares(&mut self, who: Actor, to: Actor, shares: u64) -> Done {
        require(who != to, "ConstraintDuplicateMutableAccount")?;
        self.settle_position(who);
        self.settle_position(to);
        let from = &mut self.positions[who];
        let shares = if shares == ALL { from.holder.shares } else { shares };
        require(shares != 0, "AmountTooSmall")?;
        burn(&mut from.holder, &mut from.request, shares)?;
        self.positions[to].holder.shares += shares;
        Ok(())
    }

    pub(super) fn claim_recovery(&mut self, who: Actor) -> Done {
        let position = &mut self.positions[who];
        let paid = claim(&mut position.holder, &mut position.request, &mut self.pool.claims)?;
        self.vault -= paid;
        self.receive(who, Token::Usdc, paid);
        Ok(())
    }
}
