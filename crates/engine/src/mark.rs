//! What an obligation is known to leave unpaid. Marking moves no money: it holds the pool and its fund (see [`hold`](crate::hold)) until
//! somebody pays, records, or shows a price at which there is no shortfall; and [settlement](Mark::is_due) ends it in any case.
//!
//! One rule says what a mark becomes, whatever touches it: see [`Mark::after`].

use crate::{error::Result, hold::Holds, memory::PriceMemory, price::PriceTimes, quantity::Assets, time::later};

/// An obligation's mark. No shortfall is no mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// What it is known to leave unpaid.
    pub shortfall: Assets,
    /// Unix time at which it was marked first.
    pub since: i64,
}

/// How good the prices are that a shortfall was found at: all of them together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// None is older than one of the same feed that was read before, and none is counted in the borrower's favour.
    pub newest: bool,
    /// None is much older than one of the same feed that was read before: see [`PriceMemory::is_recent`](crate::memory::PriceMemory::is_recent).
    pub recent: bool,
    /// The time of the oldest that was read.
    pub oldest: i64,
}

impl Evidence {
    /// Where no price can be better: before the first is read, and at settlement.
    pub const BEGUN: Self = Self { newest: true, recent: true, oldest: i64::MAX };

    /// A price in the borrower's favour.
    pub const FAVOUR: Self = Self { newest: false, recent: true, oldest: i64::MAX };

    /// A price of these times beside what was read before.
    #[inline(always)]
    pub fn of(times: PriceTimes, before: &PriceMemory) -> Self {
        let newest = before.is_newest(times);
        Self { newest, recent: newest || before.is_recent(times), oldest: times.oldest() }
    }

    /// With one more price.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            newest: self.newest && other.newest,
            recent: self.recent && other.recent,
            oldest: self.oldest.min(other.oldest),
        }
    }
}

impl Mark {
    /// No mark.
    pub const NONE: Self = Self { shortfall: Assets::ZERO, since: 0 };

    /// What it becomes where prices show this shortfall of what is left: that, but no less than it was less what was `paid` or recorded, unless
    /// the prices are the newest; never more than the debt `left`. It begins `now`, anew where it more than doubles, so that nobody has an old
    /// mark ready for a new loss; and it ends where there is no shortfall.
    ///
    /// So an older price, of several that are fresh, raises a mark and never takes one away; nor does a price in the borrower's favour. To
    /// mark is `paid` of zero; a repayment shows no shortfall by a price in the borrower's [favour](Evidence::FAVOUR).
    ///
    /// ```
    /// # use backstop_engine::{mark::*, quantity::Assets};
    /// let (newest, older) = (Evidence::BEGUN, Evidence::FAVOUR);
    /// let [zero, forty, hundred, debt] = [0, 40, 100, 1_000].map(Assets::new);
    /// let mark = Mark::NONE.after(hundred, zero, debt, older, 5);
    /// assert_eq!(mark, Mark { shortfall: hundred, since: 5 });
    /// assert_eq!(mark.after(zero, zero, debt, older, 6), mark);
    /// assert_eq!(mark.after(zero, forty, debt, older, 6).shortfall, Assets::new(60));
    /// assert_eq!(mark.after(zero, zero, debt, newest, 6), Mark::NONE);
    /// ```
    #[must_use]
    pub fn after(&self, shown: Assets, paid: Assets, left: Assets, evidence: Evidence, now: i64) -> Self {
        let least = if evidence.newest { Assets::ZERO } else { self.shortfall.saturating_sub(paid) };
        let shortfall = shown.max(least).min(left);
        match (shortfall.is_zero(), self.shortfall.is_zero()) {
            (true, _) => Self::NONE,
            (false, true) => Self { shortfall, since: now },
            (false, false) if shortfall.saturating_sub(self.shortfall) > self.shortfall => {
                Self { shortfall, since: now }
            }
            (false, false) => Self { shortfall, since: self.since },
        }
    }

    /// Whether it is settled now: at prices none of which is older than the mark, what shortfall they show is recorded, although collateral
    /// remains, and the mark ends. That is from `hold_seconds` after it was made, or once the pool or the fund has been on hold as long.
    pub fn is_due(&self, holds: &Holds, hold_seconds: u32, now: i64) -> bool {
        let own = now >= later(self.since, hold_seconds.into());
        !self.shortfall.is_zero() && (own || holds.settle_all(hold_seconds, now))
    }

    /// Whether settlement can go by these prices: none is older than the mark, nor much older than what was read before.
    pub fn is_settled_by(&self, evidence: Evidence) -> bool {
        evidence.recent && evidence.oldest >= self.since
    }

    /// The sum of all marks, with this one replaced by another.
    ///
    /// # Errors
    /// [`Error::MathOverflow`](crate::Error::MathOverflow) if it was no part of the sum, or the sum does not fit.
    pub fn replaced(&self, by: &Self, marked: Assets) -> Result<Assets> {
        marked.minus(self.shortfall)?.plus(by.shortfall)
    }
}
