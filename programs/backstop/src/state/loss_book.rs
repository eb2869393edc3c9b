use {
    super::Obligation,
    crate::{
        constants::MORE_RECORDS,
        errors::{BackstopError, IntoProgramError},
    },
    anchor_lang::{accounts::Slab, pinocchio::account::AccountView, prelude::*},
    backstop_engine::{
        loss_book::{MOST_RECORDS, Record},
        quantity::{Assets, Shares},
        waterfall::Loss,
    },
    bytemuck::{Pod, Zeroable},
};

/// A pool's loss book with its records.
pub type Book = Slab<LossBook, LossRecord>;

/// One loss: who bore it, over how many shares, and what was recovered. Its number is its place in the book, from one.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct LossRecord {
    /// The obligation whose debt was lost.
    pub obligation: Address,
    /// Unix time of the loss.
    pub at: PodI64,
    /// The part of reserves, plus what nobody bore.
    pub reserves: PodU64,
    /// The part of protocol-owned shares and waiting shares of the insurance fund.
    pub protocol: PodU64,
    /// The stakers' part.
    pub stakers: PodU64,
    /// The LPs' part.
    pub lps: PodU64,
    /// The amount recovered so far.
    pub recovered: PodU64,
    /// The LP shares that bore it.
    pub shares: PodU64,
    /// The stakers' shares that bore it.
    pub stake_shares: PodU64,
    /// The share price before, in trillionths.
    pub share_price_before: PodU64,
    /// The share price after, before shares were rescaled, in trillionths.
    pub share_price_after: PodU64,
    /// The generation of the LP shares.
    pub generation: u32,
    /// The generation of the stakers' shares.
    pub stake_generation: u32,
    /// The shares minted for stakers by recoveries so far, as later losses left them.
    pub back_shares: PodU64,
    /// The generation of these shares.
    pub back_generation: u32,
    /// The number of the obligation's next loss; zero without one.
    pub next: u32,
}

/// A pool's losses of at least a millionth of NAV, in order. Seeds: `losses`, pool.
#[account]
pub struct LossBook {
    /// The pool.
    pub pool: Address,
    /// The capacity, in losses.
    pub room: u32,
    /// [`ACCOUNT_VERSION`](crate::constants::ACCOUNT_VERSION).
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, reserved.
    pub spare: [u8; 62],
    /// The losses, preceded by their number.
    pub records: [LossRecord; 0],
}

/// What is done with a loss book.
pub trait LossRecords {
    /// Whether another loss can be recorded now: there is room, or there is so much that none is needed.
    fn takes_another(&self) -> bool;

    /// Records a loss of an obligation at the end of its list. Returns its number, or zero if the book has the largest
    /// size there is.
    fn enter(&mut self, record: LossRecord, obligation: &mut Obligation) -> Result<u32>;

    /// The loss of this number.
    fn loss(&self, number: u32) -> Option<&LossRecord>;

    /// The loss of this number, to be changed.
    fn loss_mut(&mut self, number: u32) -> Option<&mut LossRecord>;

    /// Makes room for more losses, at the cost of `payer`. Returns for how many there is room.
    fn extend(&mut self, records: u32, payer: &AccountView) -> Result<u32>;
}

impl LossRecords for Book {
    fn takes_another(&self) -> bool {
        !self.is_full() || self.room >= MOST_RECORDS
    }

    fn enter(&mut self, record: LossRecord, obligation: &mut Obligation) -> Result<u32> {
        require!(self.takes_another(), BackstopError::LossBookFull);
        if self.is_full() {
            return Ok(0);
        }
        self.try_push(record)?;
        let number = u32::try_from(self.len()).map_err(|_| BackstopError::MathOverflow)?;
        if obligation.first_loss == 0 {
            obligation.first_loss = number;
        } else if let Some(last) = self.loss_mut(obligation.last_loss) {
            last.next = number;
        }
        obligation.last_loss = number;
        Ok(number)
    }

    fn loss(&self, number: u32) -> Option<&LossRecord> {
        self.as_slice().get(place(number)?)
    }

    fn loss_mut(&mut self, number: u32) -> Option<&mut LossRecord> {
        self.as_mut_slice().get_mut(place(number)?)
    }

    fn extend(&mut self, records: u32, payer: &AccountView) -> Result<u32> {
        let more = self.room.saturating_add(records);
        require!(records != 0 && records <= MORE_RECORDS && more <= MOST_RECORDS, BackstopError::InvalidParameter);
        self.resize_to_capacity(more)?;
        self.top_up(payer)?;
        self.room = more;
        Ok(more)
    }
}

/// Where the loss of a number stands.
fn place(number: u32) -> Option<usize> {
    usize::try_from(number.checked_sub(1)?).ok()
}

impl LossRecord {
    /// The record of a loss.
    pub fn new(obligation: Address, record: &Record, loss: &Loss) -> Self {
        Self {
            obligation,
            at: record.at.into(),
            reserves: record.reserves.get().into(),
            protocol: record.protocol.get().into(),
            stakers: record.stakers.get().into(),
            lps: record.lps.get().into(),
            recovered: 0.into(),
            shares: record.shares.get().into(),
            stake_shares: record.stake_shares.get().into(),
            share_price_before: loss.share_price_before.into(),
            share_price_after: loss.share_price_after.into(),
            generation: record.generation,
            stake_generation: record.stake_generation,
            back_shares: 0.into(),
            back_generation: 0,
            next: 0,
        }
    }
}

/// What a position or a stake has claimed of a loss. Seeds: `claim`, position or stake, number of the loss.
#[account]
pub struct LossClaim {
    /// The position or stake.
    pub holder: Address,
    /// The amount claimed: base units for a position, shares of the generation for a stake.
    pub claimed: u64,
    /// The number of the loss.
    pub loss: u32,
    /// The generation of a stake's shares.
    pub generation: u32,
    /// [`ACCOUNT_VERSION`](crate::constants::ACCOUNT_VERSION).
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, reserved.
    pub spare: [u8; 22],
}

impl LossClaim {
    /// Notes what a position is paid, and takes it from what waits for those who claim.
    pub fn pay(&mut self, unclaimed: &mut u64, paid: Assets) -> Result<()> {
        self.claimed = self.claimed().plus(paid).into_program_error()?.get();
        *unclaimed = Assets::new(*unclaimed).minus(paid).into_program_error()?.get();
        Ok(())
    }

    /// Notes shares of the fund's generation that a stake is given.
    pub fn give(&mut self, shares: Shares, generation: u32) -> Result<()> {
        self.claimed = self.claimed_shares().at_up(generation).plus(shares).into_program_error()?.get();
        self.generation = generation;
        Ok(())
    }
}
