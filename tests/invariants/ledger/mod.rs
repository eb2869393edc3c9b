//! A ledger that visits everybody after every step, in numbers as good as exact: who holds how much, what it is worth,
//! what each bore of every loss, what of that came back, and what waits to be recorded. The program visits nobody.
//! Nothing here is the engine's.

mod claims;
mod holdings;
mod marks;

use num_bigint::BigInt;

use self::{
    claims::{Claims, Side},
    holdings::Holdings,
    marks::Marks,
};
use crate::{
    model::{self, ModelPool},
    properties::{Moment, counts_interest},
    state::State,
    step::{ACTORS, ALL, Actor, Step, Token},
    violation::{Holds, equal, holds},
};

/// Fractional bits. Each operation cuts less than one part in 2^192, and no history has 2^32 of them, so that all
/// together err by less than [`SLACK`].
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
    stakers: Holdings,
    claims: Claims,
    marks: Marks,
}

/// NAV, which is never negative.
fn nav(pot: &ModelPool) -> u64 {
    u64::try_from(pot.nav()).unwrap()
}

impl Ledger {
    /// Books a step, and compares what it paid.
    pub(crate) fn book(&mut self, moment: &Moment) -> Holds {
        self.marks.book(moment)?;
        let was = ModelPool::of(&moment.was);
        self.lps.grow("LP", nav(&was))?;
        self.stakers.grow("staker", moment.before.fund.assets + was.insured())?;
        self.settle(moment, &was);
        match moment.step {
            Step::Deposit { who, assets } => self.deposit(moment, who, assets)?,
            Step::Withdraw { who, .. } => self.withdraw(moment, who)?,
            Step::TransferShares { who, to, shares } => self.lps.transfer(who, to, shares),
            Step::ClaimRecovery { who } => self.claim(moment, who)?,
            Step::Stake { who, assets } => self.stake(moment, who, assets)?,
            Step::RequestUnstake { who, shares } => self.stakers.ask(who, shares),
            Step::RequestWithdrawal { who, shares } => self.lps.ask(who, shares),
            Step::ExecuteWithdrawal { who } => {
                let paid = self.lps.execute(who, false, was.cash);
                let reported = payable(moment.after, who, Side::Lps) - payable(moment.before, who, Side::Lps);
                equal!("no-stale-exit", reported, paid, "what became payable to {who:?}, and what leaving is worth");
            }
            Step::ExecuteUnstake { who } => {
                let paid = self.stakers.execute(who, true, moment.before.fund.assets + was.due);
                let reported = payable(moment.after, who, Side::Stakers) - payable(moment.before, who, Side::Stakers);
                equal!("no-escape", reported, paid, "what became payable to {who:?}, and what leaving is worth");
            }
            Step::CollectWithdrawal { who } => {
                let all = payable(moment.before, who, Side::Lps);
                equal!("conservation", received(moment, who), all, "what {who:?} collected, and what was payable");
            }
            Step::CollectUnstake { who } => {
                let all = payable(moment.before, who, Side::Stakers);
                equal!("conservation", received(moment, who), all, "what {who:?} collected, and what was payable");
            }
            Step::ClaimStakeRecovery { who } => self.stake_claims(moment, who)?,
            Step::Repay { borrower, assets, .. } => self.repay(moment, borrower, assets)?,
            Step::Fund { who, assets } => {
                let taken = self.stakers.donation(assets);
                equal!("no-windfall", paid(moment, who), taken, "what {who:?} gave, and what the fund's shares cost");
            }
            Step::Liquidate { who, borrower, .. } => self.liquidate(moment, who, borrower)?,
            Step::Record { .. } if moment.loss().is_some() => self.lose(moment)?,
            _ => {}
        }
        // A liquidation's cut, and what rounding left.
        let is = ModelPool::of(&moment.after.pool.totals());
        let (value, staked) = (nav(&is), moment.after.fund.assets + is.insured());
        if counts_interest(moment.step, moment.before) {
            self.lps.grow("LP", value)?;
            self.stakers.grow("staker", staked)?;
        } else {
            // Interest is counted by the next step that does.
            self.lps.become_worth(value);
            self.stakers.become_worth(staked);
        }
        self.check(moment.after)
    }

    fn lose(&mut self, moment: &Moment) -> Holds {
        let just = moment.just();
        let split = model::split(moment.before, &just, just.debt_shares - moment.after.pool.debt_shares, moment.now);
        self.lps.grow("LP", nav(&just))?;
        self.stakers.grow("staker", moment.before.fund.assets + just.insured())?;
        if split.insurance != 0 {
            self.stakers.found();
        }
        let (borrower, reported) = (moment.step.borrower().unwrap(), moment.loss().unwrap());
        self.claims.lose(borrower, &split, reported.number != 0, &self.lps, &self.stakers);
        self.lps.lose(split.lps);
        let times = self.stakers.lose(split.insurance);
        self.claims.divide(times);
        // A loss too small to be worth a record has none.
        let is_minor = u128::from(split.loss) * 1_000_000 < u128::try_from(just.nav()).unwrap();
        equal!("claims-follow", reported.number == 0, is_minor, "whether a loss of {} has no record", split.loss);
        Ok(())
    }

    fn deposit(&mut self, moment: &Moment, who: Actor, offered: u64) -> Holds {
        let cost = self.lps.enter(who, offered);
        equal!("no-free-money", paid(moment, who), cost, "what {who:?} paid for shares, and what they cost");
        Ok(())
    }

    /// Shares leave at NAV.
    fn withdraw(&mut self, moment: &Moment, who: Actor) -> Holds {
        let burned = moment.before.pool.shares - moment.after.pool.shares;
        let worth = self.lps.leave(who, burned, ALL);
        equal!("no-escape", received(moment, who), worth, "what {who:?} got for shares, and what leaving is worth");
        Ok(())
    }

    fn stake(&mut self, moment: &Moment, who: Actor, offered: u64) -> Holds {
        self.stakers.found();
        let cost = self.stakers.enter(who, offered);
        equal!("no-free-money", paid(moment, who), cost, "what {who:?} paid for stake, and what it costs");
        Ok(())
    }

    /// What settles the fund's revenue makes a part of it the fund's own, after losses.
    fn settle(&mut self, moment: &Moment, pot: &ModelPool) {
        let settles = match moment.step {
            Step::Stake { .. } | Step::RequestUnstake { .. } | Step::ExecuteUnstake { .. } | Step::Fund { .. } => true,
            _ => moment.loss().is_some() || moment.recoveries().next().is_some(),
        };
        let fund = &moment.before.fund;
        // A liquidation's cut is counted before it records.
        let pot = if moment.loss().is_some() { moment.just() } else { *pot };
        if settles {
            self.stakers.become_worth(fund.assets + pot.insured());
            self.stakers.found_with(model::donation_of_revenue(fund, pot.insured() - fund.owed, moment.now));
        }
    }

    /// What came back of stakers' losses waits as shares, of which each has its part.
    fn stake_claims(&mut self, moment: &Moment, who: Actor) -> Holds {
        equal!("claims-follow", received(moment, who), 0, "what {who:?} was paid of stakers' losses");
        for reported in moment.stake_claims() {
            let due = self.claims.due(Side::Stakers, who, reported.loss);
            self.claims.paid(Side::Stakers, who, reported.loss, due);
            self.stakers.hand(who, due);
            equal!("claims-follow", reported.shares, due, "the shares that {who:?} got of loss {}", reported.loss);
        }
        Ok(())
    }

    fn claim(&mut self, moment: &Moment, who: Actor) -> Holds {
        let due = self.claims.pay(who);
        equal!("claims-follow", received(moment, who), due, "what {who:?} claimed of losses, and what is theirs");
        Ok(())
    }

    /// What is left of a payment when nothing is owed any more recovers losses.
    fn repay(&mut self, moment: &Moment, borrower: Actor, offered: u64) -> Holds {
        let (was, is) = (&moment.before.obligations[borrower], &moment.after.obligations[borrower]);
        let repaid = ModelPool::of(&moment.was).debt(was.debt_shares);
        let paid = if is.debt_shares == 0 { offered - repaid } else { 0 };
        self.recover(moment, borrower, paid.min(was.written_off - was.recovered))
    }

    /// A payment brings back losses, the oldest first.
    fn recover(&mut self, moment: &Moment, borrower: Actor, paid: u64) -> Holds {
        let mut parts = self.claims.recover(borrower, paid);
        equal!("claims-follow", moment.recoveries().count(), parts.len(), "how many losses something came back of");
        for (reported, (number, amount, back)) in moment.recoveries().zip(&mut parts) {
            // What pays for no whole share is for reserves.
            let (minted, cost) = self.stakers.restore(back.stakers);
            let given = self.stakers.donation(back.protocol);
            back.reserves += back.stakers + back.protocol - cost - given;
            (back.stakers, back.protocol) = (cost, given);
            equal!("claims-follow", reported.stake_shares, minted, "the shares that came back to stakers");
            if minted != 0 {
                self.claims.restore(*number, minted);
            }
            claims::reported(reported, (*number, *amount, *back))?;
        }
        Ok(())
    }

    /// What a liquidator pays where no debt is paid is for what was written off, if the debt is within its limit.
    fn liquidate(&mut self, moment: &Moment, who: Actor, borrower: Actor) -> Holds {
        if moment.loss().is_some() {
            return self.lose(moment);
        }
        let (was, is) = (&moment.before.obligations[borrower], &moment.after.obligations[borrower]);
        if was.debt_shares != is.debt_shares {
            return Ok(());
        }
        let healthy = !moment.before.is_unhealthy(&moment.was, borrower);
        holds!("nothing-for-nothing", healthy, "{:?} pays no debt, though it exceeds its limit", moment.step);
        self.recover(moment, borrower, paid(moment, who))
    }

    /// Compares with the accounts.
    fn check(&self, state: &State) -> Holds {
        for who in ACTORS {
            equal!("pro-rata", state.shares(who), self.lps.shares[who], "the LP shares of {who:?}");
            equal!("pro-rata", state.staked(who), self.stakers.shares[who], "the stake of {who:?}");
        }
        equal!("no-windfall", state.fund.protocol_shares, self.stakers.protocol, "the protocol-owned shares' shares");
        equal!("no-windfall", state.fund.waiting_shares, self.stakers.waiting, "the shares that wait to be claimed");
        self.lps.check("LP")?;
        self.stakers.check("staker")?;
        self.claims.check(state)
    }
}

/// What executed requests left to be collected by an actor.
fn payable(state: &State, who: Actor, side: Side) -> u64 {
    match side {
        Side::Lps => state.positions[who].request.payable,
        Side::Stakers => state.stakes[who].request.payable,
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
