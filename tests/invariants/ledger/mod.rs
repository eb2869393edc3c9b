//! A ledger that visits everybody after every step, in numbers as good as exact: who holds how much, what it is worth, what each
//! bore of every loss, and what of that came back. The program visits nobody. Nothing here is the engine's.

mod claims;
mod holdings;

use num_bigint::BigInt;

use self::{claims::Claims, holdings::Holdings};
use crate::{
    properties::Moment,
    reckoning::{self, Pot},
    state::State,
    step::{ACTORS, ALL, Actor, Each, Step, Token},
    violation::{Holds, equal},
};

/// Fractional bits. Each operation cuts less than one part in 2^192, and no history has 2^32 of them, so that all together err by
/// less than [`SLACK`].
const BITS: u32 = 192;

/// 2^-128.
fn slack() -> BigInt {
    BigInt::from(1) << (BITS - 128)
}

/// So many units.
fn fixed(units: impl Into<BigInt>) -> BigInt {
    units.into() << BITS
}

/// LPs and stakers, with what they lost.
#[derive(Default)]
pub(crate) struct Ledger {
    lps: Holdings,
    lp_claims: Claims,
    stakers: Holdings,
    stake_claims: Claims,
    /// What draws took from gifts and was not recovered.
    gifts: u64,
}

/// NAV, which is never negative.
fn nav(pot: &Pot) -> u64 {
    u64::try_from(pot.nav()).unwrap()
}

impl Ledger {
    /// Books a step, and compares what it paid.
    pub(crate) fn book(&mut self, moment: &Moment) -> Holds {
        let was = Pot::of(&moment.was);
        self.lps.become_worth(nav(&was));
        self.stakers.become_worth(moment.before.fund.assets + was.due);
        match moment.step {
            Step::Deposit { who, assets } => self.deposit(moment, who, assets)?,
            Step::Withdraw { who, .. } => self.withdraw(moment, who, &was)?,
            Step::TransferShares { who, to, shares } => self.lps.give(who, to, shares),
            Step::ClaimRecovery { who } => self.lp_claims.pay(who, received(moment, who))?,
            Step::Stake { who, assets } => self.stake(moment, who, assets)?,
            Step::RequestUnstake { who, shares } => self.stakers.ask(who, shares),
            Step::CancelUnstake { who } => self.stakers.ask_no_more(who),
            Step::Unstake { who } => self.unstake(moment, who, &was)?,
            Step::ClaimStakeRecovery { who } => self.stake_claims.pay(who, received(moment, who))?,
            Step::Recover { assets, .. } => self.recover(moment, assets)?,
            Step::Liquidate { .. } | Step::Record { .. } if moment.loss().is_some() => self.lose(moment),
            _ => {}
        }
        // Gifts, a liquidation's cut, and what rounding left.
        let is = Pot::of(&moment.after.pool.totals());
        self.lps.become_worth(nav(&is));
        self.stakers.become_worth(moment.after.fund.assets + is.due);
        self.check(moment.after)
    }

    fn lose(&mut self, moment: &Moment) {
        let just = moment.just();
        let split =
            reckoning::split(moment.before, &just, just.debt_shares - moment.after.pool.debt_shares, moment.now);
        self.lps.become_worth(nav(&just));
        self.stakers.become_worth(moment.before.fund.assets + just.due);
        self.lp_claims.lose(split.lps, &self.lps, moment.after.pool.claims.ledger.outstanding);
        self.lps.lose(split.lps);
        if split.insurance != 0 {
            self.stakers.found();
            self.stake_claims.lose(split.stakers, &self.stakers, moment.after.fund.claims.ledger.outstanding);
            self.gifts += split.insurance - split.stakers;
            self.stakers.lose(split.insurance);
        }
    }

    fn deposit(&mut self, moment: &Moment, who: Actor, offered: u64) -> Holds {
        let cost = self.lps.enter(who, offered);
        equal!("no-free-money", paid(moment, who), cost, "what {who:?} paid for shares, and what they cost");
        Ok(())
    }

    /// Shares leave at NAV without what provisions hold back.
    fn withdraw(&mut self, moment: &Moment, who: Actor, was: &Pot) -> Holds {
        let burned = moment.before.pool.shares - moment.after.pool.shares;
        let held_back = reckoning::held_back_from_lps(moment.before, was, moment.now);
        let worth = self.lps.leave(who, burned, held_back, ALL);
        equal!("no-escape", received(moment, who), worth, "what {who:?} got for shares, and what leaving is worth");
        Ok(())
    }

    fn stake(&mut self, moment: &Moment, who: Actor, offered: u64) -> Holds {
        self.stakers.found();
        let cost = self.stakers.enter(who, offered);
        equal!("no-free-money", paid(moment, who), cost, "what {who:?} paid for stake, and what it costs");
        Ok(())
    }

    /// Stake leaves for the lesser of its value when asked and its value now without what provisions hold back.
    fn unstake(&mut self, moment: &Moment, who: Actor, was: &Pot) -> Holds {
        let held_back = reckoning::held_back_from_stakers(moment.before, was, moment.now);
        let worth = self.stakers.leave_as_asked(who, held_back);
        equal!("no-escape", received(moment, who), worth, "what {who:?} got for stake, and what leaving is worth");
        Ok(())
    }

    fn recover(&mut self, moment: &Moment, offered: u64) -> Holds {
        let Some(borrower) = moment.step.obligation() else { return Ok(()) };
        let obligation = &moment.before.obligations[borrower];
        let paid = offered.min(obligation.written_off - obligation.recovered);
        let mut refund = reckoning::refund(paid, self.lp_claims.outstanding, self.stake_claims.outstanding, self.gifts);
        let owed = self.gifts;
        self.gifts -= refund.fund;
        if !self.stakers.can_refund(refund.fund) && moment.after.fund.founding == self.stakers.founding {
            // Shares of gifts that would not fit: their part is nobody's as well in the reserves.
            (refund.fund, refund.reserves) = (0, refund.reserves + refund.fund);
        } else if owed != 0 && refund.stakers + refund.fund != 0 {
            self.stakers.refund(refund.fund);
        }
        self.lp_claims.recover(refund.lps);
        self.stake_claims.recover(refund.stakers);
        let reserves = moment.after.pool.reserves - moment.was.reserves.get();
        equal!("claims-fair", reserves, refund.reserves, "what a recovery left for reserves");
        Ok(())
    }

    /// Compares with the accounts.
    fn check(&self, state: &State) -> Holds {
        for who in ACTORS {
            equal!("pro-rata", state.shares(who), self.lps.shares[who], "the LP shares of {who:?}");
            equal!("pro-rata", state.staked(who), self.stakers.shares[who], "the stake of {who:?}");
        }
        let told = (state.fund.founding, state.fund.founding_claims);
        equal!("claims-fair", told, (self.stakers.founding, self.gifts), "the gifts' shares and claims");
        self.lps.check("LP")?;
        self.stakers.check("staker")?;
        let lps = Each::new(|who| state.positions[who].holder);
        self.lp_claims.check("LP", &lps, &state.pool.claims)?;
        let stakers = Each::new(|who| state.stakes[who].holder);
        self.stake_claims.check("staker", &stakers, &state.fund.claims)
    }

    /// At the end: nothing was lost on the way.
    pub(crate) fn close(&self) -> Holds {
        self.lp_claims.close("LP")?;
        self.stake_claims.close("staker")
    }
}

/// What an actor's wallet gained.
fn received(moment: &Moment, who: Actor) -> u64 {
    moment.after.wallets[who][Token::Usdc].saturating_sub(moment.before.wallets[who][Token::Usdc])
}

/// What an actor's wallet lost.
fn paid(moment: &Moment, who: Actor) -> u64 {
    moment.before.wallets[who][Token::Usdc].saturating_sub(moment.after.wallets[who][Token::Usdc])
}
