//! Holders of shares and their histories, stored as their accounts do.

use backstop_engine::{
    exit::Request,
    history::{Era, Row},
    quantity::Shares,
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
            store_request(self.request, &request);
        }
        Ok(())
    }

    /// Adds shares.
    pub(super) fn mint(&mut self, era: &Era, shares: Shares) -> Result<()> {
        self.bring(era)?;
        self.holder.shares = Shares::new(self.holder.shares).plus(shares)?.get();
        Ok(())
    }

    /// Takes shares away, and what was requested beyond those left.
    pub(super) fn burn(&mut self, era: &Era, shares: u64) -> Result<()> {
        self.bring(era)?;
        self.holder.shares = self.holder.shares.checked_sub(shares).ok_or(BackstopError::InsufficientShares)?;
        limit_request(self.request, self.holder.shares);
        Ok(())
    }

    /// The shares meant by an amount of a settled holder: some, and no more than it holds.
    pub(super) fn some_of(&self, shares: u64) -> Result<u64> {
        let shares = if shares == ALL { self.holder.shares } else { shares };
        require(shares != 0, BackstopError::AmountTooSmall)?;
        require(shares <= self.holder.shares, BackstopError::InsufficientShares)?;
        Ok(shares)
    }
}

impl From<Row> for HistoryRow {
    fn from(row: Row) -> Self {
        Self { from: row.from, to: row.to, generation: row.generation, shares: row.shares.get() }
    }
}

pub(super) fn store_request(account: &mut ExitRequest, request: &Request) {
    *account = ExitRequest {
        shares: request.shares.get(),
        worth: request.worth.get(),
        matures_at: request.matures_at,
        lapses_at: request.lapses_at,
    };
}

/// Lowers a request to the shares that are left.
pub(super) fn limit_request(account: &mut ExitRequest, shares: u64) {
    let limited = account.request().at_most(Shares::new(shares));
    store_request(account, &limited);
}
