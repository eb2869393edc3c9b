//! The loss book, and the part of its losses that belongs to a position or a stake.

use backstop_engine::{
    fixed::mul_div_down,
    history::GenerationShares,
    loss_book::{MOST_RECORDS, Parts, Record},
    quantity::{Assets, Shares},
};
use solana_address::Address;

use crate::{HistoryRow, InsuranceFund, InsuranceStake, LossBook, LossRecord, LpPosition, ShareHolder};

/// A holder's part of a loss, rounded down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LossPart {
    /// The number of the loss.
    pub loss: u32,
    /// What the holder bore of it.
    pub lost: Assets,
    /// What came back of that, claimed or not: for a stake, what the shares were worth that it came back as.
    pub recovered: Assets,
}

impl LossBook {
    /// The book of a pool where it was not read: it takes every loss and tells of none.
    pub const fn unread(pool: Address) -> Self {
        Self { pool, room: MOST_RECORDS, version: 0, bump: 0, spare: [0; 62], records: Vec::new() }
    }

    /// The loss of this number, from one on.
    pub fn loss(&self, number: u32) -> Option<&LossRecord> {
        self.records.get(place(number)?)
    }

    /// The loss of this number, to be changed.
    pub(crate) fn loss_mut(&mut self, number: u32) -> Option<&mut LossRecord> {
        self.records.get_mut(place(number)?)
    }

    /// The losses with their numbers, the oldest first.
    pub fn losses(&self) -> impl DoubleEndedIterator<Item = (u32, &LossRecord)> + ExactSizeIterator {
        self.records.iter().enumerate().map(|(place, record)| (number(place), record))
    }

    /// How many losses it has.
    pub const fn count(&self) -> u32 {
        number(self.records.len()).saturating_sub(1)
    }

    /// Whether another loss can be recorded without extending it.
    pub const fn takes_another(&self) -> bool {
        self.count() < self.room || self.room >= MOST_RECORDS
    }
}

impl LpPosition {
    /// The losses that it bore a part of, the oldest first.
    pub fn losses(&self, book: &LossBook) -> Vec<LossPart> {
        self.holder.losses(&self.history, book, Side::lps)
    }

    /// What it could claim of a loss now, if it claimed so much of it before.
    pub fn claimable(&self, book: &LossBook, loss: u32, claimed: u64) -> Assets {
        let Some(record) = book.loss(loss).map(LossRecord::record) else { return Assets::ZERO };
        let held = self.holder.held_at(&self.history, loss, record.generation);
        record.lp_claim(held, Assets::new(claimed)).unwrap_or_default()
    }
}

impl InsuranceStake {
    /// The losses that it bore a part of, the oldest first.
    pub fn losses(&self, book: &LossBook) -> Vec<LossPart> {
        self.holder.losses(&self.history, book, Side::stakers)
    }

    /// The shares of the fund that it could claim of a loss now, if it claimed so many of it before.
    pub fn claimable(&self, book: &LossBook, fund: &InsuranceFund, loss: u32, claimed: &GenerationShares) -> Shares {
        let Some(record) = book.loss(loss).map(LossRecord::record) else { return Shares::ZERO };
        let held = self.holder.held_at(&self.history, loss, record.stake_generation);
        record.stake_claim(held, claimed, fund.generation).unwrap_or_default()
    }
}

/// LPs or stakers at a loss.
struct Side {
    /// What they bore.
    lost: Assets,
    /// The shares that bore it.
    shares: Shares,
    /// The generation of these.
    generation: u32,
    /// What came back of it.
    back: Assets,
}

impl Side {
    const fn lps(record: &Record, back: &Parts) -> Self {
        Self { lost: record.lps, shares: record.shares, generation: record.generation, back: back.lps }
    }

    const fn stakers(record: &Record, back: &Parts) -> Self {
        let (lost, shares, generation) = (record.stakers, record.stake_shares, record.stake_generation);
        Self { lost, shares, generation, back: back.stakers }
    }
}

impl ShareHolder {
    fn losses(&self, history: &[HistoryRow], book: &LossBook, side: fn(&Record, &Parts) -> Side) -> Vec<LossPart> {
        let part = |(loss, record): (u32, &LossRecord)| {
            let record = record.record();
            let side = side(&record, &record.parts().ok()?);
            let held = self.held_at(history, loss, side.generation);
            if held.is_zero() || side.lost.is_zero() {
                return None;
            }
            let of = |all: Assets| mul_div_down(all.get(), held.get(), side.shares.get()).map(Assets::new);
            Some(LossPart { loss, lost: of(side.lost).ok()?, recovered: of(side.back).ok()? })
        };
        book.losses().filter_map(part).collect()
    }

    /// The shares that it had at a loss, of the generation that they had then, by its history.
    fn held_at(&self, history: &[HistoryRow], loss: u32, generation: u32) -> Shares {
        self.holder().held_at(loss, generation, history.len(), |index| history.get(index).map(HistoryRow::row))
    }
}

/// Where the loss of a number stands.
fn place(number: u32) -> Option<usize> {
    usize::try_from(number.checked_sub(1)?).ok()
}

/// The number of the loss at a place. A book never has more than fit.
#[allow(clippy::cast_possible_truncation)]
const fn number(place: usize) -> u32 {
    (place as u32).saturating_add(1)
}
