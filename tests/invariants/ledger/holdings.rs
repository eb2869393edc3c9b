//! Shares, and what they are worth: counted by the rules, and besides, as what each paid in, less what they took out, with their
//! part of all gains and losses. Both must agree.

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use super::{fixed, slack};
use crate::{
    step::{ACTORS, ALL, Actor, Each},
    violation::{Holds, holds},
};

#[derive(Default)]
pub(crate) struct Holdings {
    pub(crate) shares: Each<u64>,
    /// All shares that somebody may hold, with those that dividing left to nobody.
    pub(crate) all: u64,
    /// Shares of gifts.
    pub(crate) founding: u64,
    /// What all shares are worth together.
    value: u64,
    /// How often shares were voided or divided.
    pub(crate) generation: u32,
    /// Requests to leave: shares, and what they were worth.
    asked: Each<(u64, u64)>,
    /// What each paid in, less what they took out, with their part of what was gained and lost. The virtual share has its part
    /// like any other, but nobody to receive it.
    balances: Each<BigInt>,
    /// How often shares were minted, burned or divided: each may round by less than a unit.
    roundings: u32,
}

impl Holdings {
    /// All shares with the virtual one.
    fn shares_with_one(&self) -> BigInt {
        BigInt::from(self.all) + self.founding + 1
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

    /// What belongs to no share belongs to gifts, one to one.
    pub(crate) fn found(&mut self) {
        if self.all == 0 && self.founding == 0 {
            self.founding = self.value;
        }
    }

    /// What so many shares are worth, were the value this, rounded down.
    fn part_of(&self, value: u64, shares: u64) -> u64 {
        let part: BigInt = BigInt::from(shares) * (BigInt::from(value) + 1) / self.shares_with_one();
        part.to_u64().unwrap()
    }

    /// Shares for what is offered, and their cost.
    pub(crate) fn enter(&mut self, who: Actor, offered: u64) -> u64 {
        let minted = self.minted(offered).unwrap_or_else(|| {
            self.divide();
            self.minted(offered).unwrap()
        });
        let all = self.shares_with_one();
        let cost: BigInt = (BigInt::from(minted) * (BigInt::from(self.value) + 1) + &all - 1) / &all;
        let paid = cost.to_u64().unwrap();
        self.shares[who] += minted;
        self.all += minted;
        self.value += paid;
        self.balances[who] += fixed(paid);
        self.roundings += 1;
        paid
    }

    /// The whole shares that are paid for, if all shares then fit 64 bits.
    fn minted(&self, offered: u64) -> Option<u64> {
        let minted: BigInt = BigInt::from(offered) * self.shares_with_one() / (BigInt::from(self.value) + 1);
        (&minted + self.shares_with_one()).to_u64()?;
        minted.to_u64()
    }

    /// Shares that losses made too cheap are divided by the power of two that makes one worth about a unit.
    fn divide(&mut self) {
        let ratio: BigInt = self.shares_with_one() / (BigInt::from(self.value) + 1);
        let shift = ratio.bits() - 1;
        self.shares = Each::new(|who| self.shares[who] >> shift);
        self.all >>= shift;
        self.founding >>= shift;
        self.generation += 1;
        for who in ACTORS {
            let (shares, worth) = self.asked[who];
            self.asked[who] = if shares >> shift == 0 { (0, 0) } else { (shares >> shift, worth) };
        }
        self.found();
        // A share that is cut off, and the virtual share's part of those that are left, are worth up to a unit each.
        self.roundings += 2;
    }

    /// Notes what shares are worth that are to leave later.
    pub(crate) fn ask(&mut self, who: Actor, shares: u64) {
        let shares = if shares == ALL { self.shares[who] } else { shares };
        self.asked[who] = (shares, self.part_of(self.value, shares));
    }

    pub(crate) fn ask_no_more(&mut self, who: Actor) {
        self.asked[who] = (0, 0);
    }

    /// Takes the shares that were asked for away, and tells what is paid for them: at most what they were worth then.
    pub(crate) fn leave_as_asked(&mut self, who: Actor, held_back: u64) -> u64 {
        let (shares, worth) = std::mem::take(&mut self.asked[who]);
        self.leave(who, shares, held_back, worth)
    }

    /// Takes shares away, and tells what is paid for them: their part of what is not held back, within a limit.
    pub(crate) fn leave(&mut self, who: Actor, shares: u64, held_back: u64, limit: u64) -> u64 {
        let paid = self.part_of(self.value.saturating_sub(held_back), shares).min(limit);
        let taken = &self.balances[who] * shares / self.shares[who].max(1);
        self.balances[who] -= &taken;
        self.shares[who] -= shares;
        self.all -= shares;
        self.value -= paid;
        self.roundings += 1;
        self.spread(&(taken - fixed(paid)));
        paid
    }

    pub(crate) fn give(&mut self, who: Actor, to: Actor, shares: u64) {
        let shares = if shares == ALL { self.shares[who] } else { shares };
        let given = &self.balances[who] * shares / self.shares[who].max(1);
        self.balances[who] -= &given;
        self.balances[to] += given;
        self.shares[who] -= shares;
        self.shares[to] += shares;
    }

    /// Whether the shares fit that gifts come back as.
    pub(crate) fn can_refund(&self, amount: u64) -> bool {
        self.minted(amount).is_some()
    }

    /// Gifts come back as shares of nobody, for as many whole shares as they pay, or as fit.
    pub(crate) fn refund(&mut self, amount: u64) {
        self.found();
        let minted = self.minted(amount).unwrap_or(u64::MAX - 1 - self.all - self.founding);
        let cost = fixed(minted) * (BigInt::from(self.value) + 1) / self.shares_with_one();
        self.founding += minted;
        self.value += amount;
        self.spread(&(fixed(amount) - cost));
    }

    /// A loss; one of all leaves nothing to anybody.
    pub(crate) fn lose(&mut self, loss: u64) {
        if loss != 0 && loss == self.value {
            *self = Self { generation: self.generation + 1, ..Self::default() };
        } else {
            self.become_worth(self.value - loss);
        }
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
