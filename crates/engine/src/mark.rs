//! Marks: the known, not yet recorded shortfall of an obligation.
//!
//! Marking moves no money. It puts the pool and its fund on hold (see [`hold`](crate::hold)) until the debt is repaid,
//! the loss is recorded, or a price shows no shortfall. [Settlement](Mark::is_due) ends a mark in any case.
//!
//! One rule updates a mark, whatever touches it: see [`Mark::after`].

use crate::{error::Result, hold::Holds, memory::PriceMemory, price::PriceTimes, quantity::Assets, time::later};

/// An obligation's mark. A shortfall of zero means no mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The debt that is known to remain unpaid.
    pub shortfall: Assets,
    /// Unix time of the mark.
    pub since: i64,
}

/// The quality of the prices behind a shortfall, all of them taken together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Whether none is older than a price read before from the same feed, and none counts in the borrower's favour.
    pub newest: bool,
    /// Whether none is much older than a price read before from the same feed. See
    /// [`PriceMemory::is_recent`](crate::memory::PriceMemory::is_recent).
    pub recent: bool,
    /// The oldest time of the prices.
    pub oldest: i64,
}

impl Evidence {
    /// The best possible evidence: the value before any price is read, and the one used at settlement.
    pub const BEGUN: Self = Self { newest: true, recent: true, oldest: i64::MAX };

    /// A price that counts in the borrower's favour.
    pub const FAVOUR: Self = Self { newest: false, recent: true, oldest: i64::MAX };

    /// The evidence of a price with these times, given what was read before.
    #[inline(always)]
    pub fn of(times: PriceTimes, before: &PriceMemory) -> Self {
        let newest = before.is_newest(times);
        Self { newest, recent: newest || before.is_recent(times), oldest: times.oldest() }
    }

    /// Combines the evidence with that of one more price.
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

    /// The mark after prices show a shortfall of `shown` in the debt `left`.
    ///
    /// The shortfall becomes `shown`, at most `left`. Unless the prices are the newest, it falls by no more than what
    /// was `paid` or recorded. The mark dates from `now` if it is new or more than doubles, so that nobody keeps an old
    /// mark ready for a new loss. It ends where there is no shortfall.
    ///
    /// So of several fresh prices, an older one can raise a mark but not remove it. Nor can a price in the borrower's
    /// favour remove it. To mark, pass a `paid` of zero. A repayment passes a `shown` of zero, with evidence in the
    /// borrower's [favour](Evidence::FAVOUR).
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

    /// Whether the mark is due for settlement: `hold_seconds` after it was made, or once the pool or the fund has been
    /// on hold for as long.
    ///
    /// Settlement uses prices no older than the mark. The shortfall they show is recorded even if collateral remains,
    /// and the mark ends.
    pub fn is_due(&self, holds: &Holds, hold_seconds: u32, now: i64) -> bool {
        let own = now >= later(self.since, hold_seconds.into());
        !self.shortfall.is_zero() && (own || holds.settle_all(hold_seconds, now))
    }

    /// Whether settlement can use these prices: none is older than the mark, or much older than the newest price read
    /// before.
    pub fn is_settled_by(&self, evidence: Evidence) -> bool {
        evidence.recent && evidence.oldest >= self.since
    }

    /// The sum of all marks, with this one replaced by `by`.
    ///
    /// # Errors
    /// [`Error::MathOverflow`](crate::Error::MathOverflow) if this mark was not part of the sum, or if the sum does not
    /// fit.
    pub fn replaced(&self, by: &Self, marked: Assets) -> Result<Assets> {
        marked.minus(self.shortfall)?.plus(by.shortfall)
    }
}
