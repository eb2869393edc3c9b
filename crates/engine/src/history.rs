//! How many shares a holder had at each loss.
//!
//! A holder stores its shares and the loss since which they are unchanged. Before shares change after a loss, the
//! holder's history gets a [`Row`] with the shares it had at the losses since then. So a look-up is a binary search,
//! and losses write nothing to the accounts of holders who do nothing.
//!
//! Losses make shares cheap. After a loss, while `assets * 2^10 < shares`, all shares are divided by 2^10 and the
//! **generation** rises by one. A total loss raises it by seven, which leaves nothing of 64-bit shares. Holders follow
//! when their shares next change: `shares >> 10 * (current generation - own generation)`, rounded down. The number of
//! generations is not limited.
//!
//! After a loss a share is worth at least about 2^-10 units, and only a loss makes a share worth less. So shares of
//! assets below 2^54 units always fit 64 bits, whatever was lost before: 18 billion tokens with six decimals, 18
//! million with nine. Without a loss, 2^64 units fit.

use crate::quantity::{Assets, Shares};

/// The number of rows in a new history.
pub const FIRST_ROWS: u32 = 8;
/// The power of two by which one rescaling divides shares.
const BITS: u32 = 10;
/// The number of rescalings in a total loss.
pub const TOTAL_LOSS: u32 = 7;

/// The generation and last loss of the shares of a pool or of an insurance fund.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Era {
    /// How often the shares were rescaled.
    pub generation: u32,
    /// The number of the last loss in the book that these shares bore part of; zero for none.
    pub last_loss: u32,
}

/// The shares of one holder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// The holder's shares.
    pub shares: Shares,
    /// The generation of these shares.
    pub generation: u32,
    /// The number of the last loss before the shares last changed. They bear every loss with a higher number.
    pub since: u32,
}

/// The shares that a holder had over a range of losses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The shares.
    pub shares: Shares,
    /// The first loss that the shares bore.
    pub from: u32,
    /// The last loss that the shares bore.
    pub to: u32,
    /// The generation of the shares.
    pub generation: u32,
}

impl Shares {
    /// The shares brought from one generation to a later one: `shares >> 10 * (to - from)`, rounded down.
    ///
    /// ```
    /// # use backstop_engine::quantity::Shares;
    /// assert_eq!(Shares::new(5_000).rescaled(3, 4), Shares::new(4));
    /// assert_eq!(Shares::new(u64::MAX).rescaled(0, 7), Shares::ZERO);
    /// ```
    pub const fn rescaled(self, from: u32, to: u32) -> Self {
        match self.get().checked_shr(to.saturating_sub(from).saturating_mul(BITS)) {
            Some(left) => Self::new(left),
            None => Self::ZERO,
        }
    }
}

/// How often a loss that leaves `assets` rescales `shares`.
pub(crate) fn rescalings(assets: Assets, shares: Shares) -> u32 {
    if assets.is_zero() {
        return if shares.is_zero() { 0 } else { TOTAL_LOSS };
    }
    let (mut left, mut times) = (shares.get(), 0_u32);
    while assets.get().checked_mul(1 << BITS).is_some_and(|least| least < left) {
        (left, times) = (left >> BITS, times.saturating_add(1));
    }
    times
}

/// An amount of shares and the generation it is counted in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GenerationShares {
    /// The shares.
    pub shares: Shares,
    /// Their generation.
    pub generation: u32,
}

impl GenerationShares {
    /// The shares brought to a later generation, rounded down.
    pub const fn at(&self, generation: u32) -> Shares {
        self.shares.rescaled(self.generation, generation)
    }

    /// The shares brought to a later generation, rounded up.
    pub const fn at_up(&self, generation: u32) -> Shares {
        let down = self.at(generation);
        let exact = match down.get().checked_shl(generation.saturating_sub(self.generation).saturating_mul(BITS)) {
            Some(back) => back == self.shares.get(),
            None => self.shares.is_zero(),
        };
        if exact { down } else { Shares::new(down.get().saturating_add(1)) }
    }
}

impl Holder {
    /// The holder's shares in the current generation.
    pub const fn now(&self, era: &Era) -> Shares {
        self.shares.rescaled(self.generation, era.generation)
    }

    /// Brings the holder up to date. Also returns the row that its history must record first, if the holder bore a loss
    /// since its last change. Call this before shares change, and to apply a rescaling.
    ///
    /// ```
    /// # use backstop_engine::{history::*, quantity::Shares};
    /// let alice = Holder { shares: Shares::new(3_000), generation: 0, since: 2 };
    /// let (now, row) = alice.brought_to(&Era { generation: 1, last_loss: 5 });
    /// assert_eq!(now, Holder { shares: Shares::new(2), generation: 1, since: 5 });
    /// assert_eq!(row, Some(Row { shares: Shares::new(3_000), from: 3, to: 5, generation: 0 }));
    /// ```
    pub fn brought_to(&self, era: &Era) -> (Self, Option<Row>) {
        let bore = era.last_loss > self.since && !self.shares.is_zero();
        let row = Row {
            shares: self.shares,
            from: self.since.saturating_add(1),
            to: era.last_loss,
            generation: self.generation,
        };
        let now = Self { shares: self.now(era), generation: era.generation, since: era.last_loss };
        (now, bore.then_some(row))
    }

    /// The shares that the holder had at a loss, in the `generation` of that loss. `row_at` returns the `rows` of its
    /// history, oldest first.
    ///
    /// ```
    /// # use backstop_engine::{history::*, quantity::Shares};
    /// let rows = [Row { shares: Shares::new(7), from: 2, to: 3, generation: 0 }];
    /// let alice = Holder { shares: Shares::new(9), generation: 0, since: 5 };
    /// let held = |loss| alice.held_at(loss, 0, rows.len(), |index| rows.get(index).copied()).get();
    /// assert_eq!([1, 2, 3, 4, 5, 6].map(held), [0, 7, 7, 0, 0, 9]);
    /// ```
    pub fn held_at(&self, loss: u32, generation: u32, rows: usize, row_at: impl Fn(usize) -> Option<Row>) -> Shares {
        if loss > self.since {
            return self.shares.rescaled(self.generation, generation);
        }
        // The first row that ends at or after the loss.
        let (mut low, mut high) = (0, rows);
        while low < high {
            let middle = low.midpoint(high);
            match row_at(middle) {
                Some(row) if row.to < loss => low = middle.saturating_add(1),
                _ => high = middle,
            }
        }
        match row_at(low) {
            Some(row) if low < rows && row.from <= loss => row.shares.rescaled(row.generation, generation),
            _ => Shares::ZERO,
        }
    }
}
