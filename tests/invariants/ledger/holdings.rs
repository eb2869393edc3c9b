//! Shares, and what they are worth: counted by the rules, and besides, as what each paid in, less what they took out,
//! with their part of all gains and losses. Both must agree.

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use super::{fixed, slack};
use crate::{
    model::rescalings,
    step::{ACTORS, ALL, Actor, Each},
    violation::{Holds, holds},
};

#[derive(Default)]
pub(crate) struct Holdings {
    pub(crate) shares: Each<u64>,
    /// All shares that somebody may hold, with those that dividing left to nobody.
    pub(crate) all: u64,
    /// Shares that came back and wait to be claimed: like protocol-owned shares' meanwhile.
    pub(crate) waiting: u64,
    /// Shares of protocol-owned shares.
    pub(crate) protocol: u64,
    /// What all shares are worth together.
    value: u64,
    /// Requests to leave: shares, and what they were worth.
    asked: Each<(u64, u64)>,
    /// What each paid in, less what they took out, with their part of what was gained and lost. The virtual share has
    /// its part like any other, but nobody to receive it.
    balances: Each<BigInt>,
    /// How often shares were minted, burned or divided: each may round by less than a unit.
    roundings: u32,
}

impl Holdings {
    /// All shares with the virtual one.
    fn shares_with_one(&self) -> BigInt {
        BigInt::from(self.all) + self.waiting + self.protocol + 1
    }

    /// Shares out what there is more than before: without a loss it is never less.
    pub(crate) fn grow(&mut self, kind: &str, value: u64) -> Holds {
        // What the last one to leave leaves behind is nobody's.
        let (was, held) = (self.value, self.all != 0);
        let what = "shares are worth";
        holds!(
            "no-default-no-loss",
            value >= was || !held,
            "all {kind} {what} {value} after {was}, and nothing was lost"
        );
        self.become_worth(value);
        Ok(())
    }

    /// Shares out what there is more or less than before.
    pub(crate) fn become_worth(&mut self, value: u64) {
        let change = fixed(value) - fixed(self.value);
        self.value = value;
        self.spread(&change);
    }

    fn spread(&mut self, amount: &BigInt) {
        if *amount == BigInt::ZERO {
            return;
        }
        let all = self.shares_with_one();
        for who in ACTORS {
            if self.shares[who] != 0 {
                self.balances[who] += amount * self.shares[who] / &all;
            }
        }
    }

    /// What belongs to no share belongs to protocol-owned shares, one to one.
    pub(crate) fn found(&mut self) {
        if self.all == 0 && self.waiting == 0 && self.protocol == 0 {
            self.protocol = self.value;
        }
    }

    /// What so many shares are worth, were the value this, rounded down.
    fn part_of(&self, value: u64, shares: u64) -> u64 {
        let part: BigInt = BigInt::from(shares) * (BigInt::from(value) + 1) / self.shares_with_one();
        part.to_u64().unwrap()
    }

    /// Shares for what is offered, and their cost.
    pub(crate) fn enter(&mut self, who: Actor, offered: u64) -> u64 {
        let (minted, paid) = self.minted(offered).unwrap();
        self.shares[who] += minted;
        self.all += minted;
        self.value += paid;
        self.balances[who] += fixed(paid);
        self.roundings += 1;
        paid
    }

    /// The whole shares that are paid for, and what they cost, if there are any, and all then fit 64 bits.
    fn minted(&self, offered: u64) -> Option<(u64, u64)> {
        let all = self.shares_with_one();
        let minted: BigInt = BigInt::from(offered) * &all / (BigInt::from(self.value) + 1);
        let cost: BigInt = (&minted * (BigInt::from(self.value) + 1) + &all - 1) / &all;
        (&minted + all).to_u64()?;
        (&cost + self.value + 1_u64).to_u64()?;
        minted.to_u64().filter(|minted| *minted != 0).zip(cost.to_u64())
    }

    /// Shares that a loss left worth less than a thousandth of a unit are divided.
    fn divide(&mut self) -> u32 {
        let times = rescalings(self.value, self.all + self.waiting + self.protocol);
        if times == 0 {
            return 0;
        }
        let shift = 10 * times;
        self.shares = Each::new(|who| self.shares[who] >> shift);
        self.all >>= shift;
        self.waiting >>= shift;
        self.protocol >>= shift;
        for who in ACTORS {
            let (shares, worth) = self.asked[who];
            self.asked[who] = if shares >> shift == 0 { (0, 0) } else { (shares >> shift, worth) };
        }
        // A share that is cut off, and the virtual share's part of those that are left, are worth up to a unit each.
        self.roundings += 2 * times;
        times
    }

    /// Notes what shares are worth that are to leave later.
    pub(crate) fn ask(&mut self, who: Actor, shares: u64) {
        let shares = if shares == ALL { self.shares[who] } else { shares };
        self.asked[who] = (shares, self.part_of(self.value, shares));
    }

    /// Takes shares that were asked for away as far as cash goes, and tells what is paid for them: where it is
    /// `limited` at most what they were worth then. What is worth nothing is not taken, and not asked for any more.
    pub(crate) fn execute(&mut self, who: Actor, limited: bool, cash: u64) -> u64 {
        let (shares, worth) = std::mem::take(&mut self.asked[who]);
        let part =
            |all: u64, some: u64| u64::try_from(u128::from(all) * u128::from(some) / u128::from(shares)).unwrap();
        let limit = |some: u64| if limited { part(worth, some) } else { ALL };
        let all = self.part_of(self.value, shares).min(limit(shares));
        if all == 0 {
            return 0;
        }
        let burned = if all <= cash {
            shares
        } else {
            u64::try_from(u128::from(shares) * u128::from(cash) / u128::from(all)).unwrap()
        };
        let left = shares - burned;
        self.asked[who] = if left == 0 { (0, 0) } else { (left, part(worth, left)) };
        let (price, all) = (BigInt::from(self.value) + 1, self.shares_with_one());
        let worth = self.part_of(self.value, burned);
        let paid = self.leave(who, burned, limit(burned));
        // What they are worth beyond is a donation, and no holder's.
        if paid < worth {
            let kept: BigInt = (BigInt::from(paid) * &all + &price - 1) / &price;
            let given = burned - kept.to_u64().unwrap();
            self.found_with(given);
        }
        paid
    }

    /// Takes shares away, and tells what is paid for them: their part of all, within a limit.
    pub(crate) fn leave(&mut self, who: Actor, shares: u64, limit: u64) -> u64 {
        let paid = self.part_of(self.value, shares).min(limit);
        let taken = &self.balances[who] * shares / self.shares[who].max(1);
        self.balances[who] -= &taken;
        self.shares[who] -= shares;
        self.all -= shares;
        self.value -= paid;
        self.roundings += 1;
        self.spread(&(taken - fixed(paid)));
        paid
    }

    /// Gives shares to another: all are those that are not asked for.
    pub(crate) fn transfer(&mut self, who: Actor, to: Actor, shares: u64) {
        let shares = if shares == ALL { self.shares[who] - self.asked[who].0 } else { shares };
        let given = &self.balances[who] * shares / self.shares[who].max(1);
        self.balances[who] -= &given;
        self.balances[to] += given;
        self.shares[who] -= shares;
        self.shares[to] += shares;
    }

    /// Whole shares of nobody for a donation: tells their cost, nothing if there are none, or if they would not fit.
    pub(crate) fn donation(&mut self, offered: u64) -> u64 {
        self.buy(offered, |all| &mut all.protocol).1
    }

    /// Pays for whole shares that are no holder's: how many, and their cost.
    fn buy(&mut self, offered: u64, kind: fn(&mut Self) -> &mut u64) -> (u64, u64) {
        let founding = self.protocol;
        self.found();
        let Some((minted, paid)) = self.minted(offered) else {
            self.protocol = founding;
            return (0, 0);
        };
        let cost = fixed(minted) * (BigInt::from(self.value) + 1) / self.shares_with_one();
        *kind(self) += minted;
        self.value += paid;
        self.spread(&(fixed(paid) - cost));
        (minted, paid)
    }

    /// Whole shares that wait for what comes back, and their cost: nothing if there are none, or if they would not fit.
    pub(crate) fn restore(&mut self, offered: u64) -> (u64, u64) {
        self.buy(offered, |all| &mut all.waiting)
    }

    /// Gives shares that waited to who claims them.
    pub(crate) fn hand(&mut self, who: Actor, shares: u64) {
        let worth: BigInt = fixed(shares) * (BigInt::from(self.value) + 1) / self.shares_with_one();
        self.balances[who] += worth;
        self.waiting -= shares;
        self.all += shares;
        self.shares[who] += shares;
    }

    /// Makes so many shares of protocol-owned shares of what there is.
    pub(crate) fn found_with(&mut self, shares: u64) {
        let part: BigInt = fixed(shares) * (BigInt::from(self.value) + 1) / (self.shares_with_one() + shares);
        self.spread(&-part);
        self.protocol += shares;
    }

    /// A loss; one of all leaves nothing to anybody. Says how often it divided shares.
    pub(crate) fn lose(&mut self, loss: u64) -> u32 {
        if loss != 0 && loss == self.value {
            *self = Self::default();
            return 7;
        }
        if loss == 0 {
            return 0;
        }
        self.become_worth(self.value - loss);
        self.divide()
    }

    /// What each has is worth what it should be.
    pub(crate) fn check(&self, kind: &str) -> Holds {
        let all = self.shares_with_one();
        let allowed = fixed(self.roundings) + slack();
        for who in ACTORS {
            let worth: BigInt = fixed(self.shares[who]) * (BigInt::from(self.value) + 1) / &all;
            let apart = (&worth - &self.balances[who]).abs();
            holds!(
                "pro-rata",
                apart <= allowed,
                "{kind} {who:?}'s shares are {} units apart from what they should be worth ({} roundings)",
                apart >> super::BITS,
                self.roundings
            );
        }
        Ok(())
    }
}
