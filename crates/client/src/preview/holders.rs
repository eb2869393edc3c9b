//! Holders of shares and their histories.

use backstop_engine::{
    exit::Exit,
    history::{Era, Row},
    quantity::{Assets, Shares},
};

use super::{Result, require};
use crate::{BackstopError, ExitRequest, HistoryRow, InsuranceStake, LpPosition, ShareHolder, verb::ALL};

/// A position's or a stake's shares, what is requested of them, and its history.
pub(super) struct Held<'a> {
    holder: &'a mut ShareHolder,
    request: &'a mut ExitRequest,
    history: &'a mut Vec<HistoryRow>,
    room: u32,
}

impl LpPosition {
    pub(super) const fn held(&mut self) -> Held<'_> {
        let Self { holder, request, history, room, .. } = self;
        Held { holder, request, history, room: *room }
    }
}

impl InsuranceStake {
    pub(super) const fn held(&mut self) -> Held<'_> {
        let Self { holder, request, history, room, .. } = self;
        Held { holder, request, history, room: *room }
    }
}

impl Held<'_> {
    /// Brings the shares, and those requested, into the present generation.
    pub(super) fn settle(&mut self, era: &Era) -> Result<()> {
        if self.holder.generation == era.generation { Ok(()) } else { self.bring(era) }
    }

    fn bring(&mut self, era: &Era) -> Result<()> {
        let before = self.holder.holder();
        let (now, row) = before.brought_to(era);
        if let Some(row) = row {
            let rows = u32::try_from(self.history.len()).unwrap_or(u32::MAX);
            require(rows < self.room, BackstopError::HistoryFull)?;
            self.history.push(row.into());
        }
        *self.holder = ShareHolder { shares: now.shares.get(), generation: now.generation, since: now.since };
        if before.generation != now.generation {
            let request = self.request.request().rescaled(before.generation, now.generation);
            self.request.store(&request);
        }
        Ok(())
    }

    /// Adds shares.
    pub(super) fn mint(&mut self, era: &Era, shares: Shares) -> Result<()> {
        self.bring(era)?;
        self.holder.shares = Shares::new(self.holder.shares).plus(shares)?.get();
        Ok(())
    }

    /// Takes shares away that are not requested.
    pub(super) fn burn(&mut self, era: &Era, shares: u64) -> Result<()> {
        self.bring(era)?;
        self.holder.shares = self.holder.shares.checked_sub(shares).ok_or(BackstopError::InsufficientShares)?;
        Ok(())
    }

    /// The shares meant by an amount of a settled holder: some, and no more than are not requested.
    pub(super) fn some_of(&self, shares: u64) -> Result<u64> {
        let free = self.holder.shares.saturating_sub(self.request.shares);
        let shares = if shares == ALL { free } else { shares };
        require(shares != 0, BackstopError::AmountTooSmall)?;
        require(shares <= free, BackstopError::InsufficientShares)?;
        Ok(shares)
    }

    /// Does what executing the request of a settled holder does to it.
    pub(super) fn leave(&mut self, era: &Era, exit: &Exit) -> Result<()> {
        self.burn(era, exit.shares.get())?;
        self.request.store(&exit.left);
        self.request.payable = Assets::new(self.request.payable).plus(exit.assets)?.get();
        Ok(())
    }

    /// Takes out all that is payable.
    pub(super) fn collect(&mut self, payable: &mut u64) -> Result<u64> {
        let paid = std::mem::take(&mut self.request.payable);
        require(paid != 0, BackstopError::NothingToCollect)?;
        *payable = Assets::new(*payable).minus(Assets::new(paid))?.get();
        Ok(paid)
    }
}

impl From<Row> for HistoryRow {
    fn from(row: Row) -> Self {
        Self { from: row.from, to: row.to, generation: row.generation, shares: row.shares.get() }
    }
}
