//! Holders of shares and their histories as accounts store them.

use {
    super::{InsuranceStake, LpPosition},
    crate::{
        constants::{ALL, MORE_ROWS},
        errors::{BackstopError, IntoProgramError},
    },
    anchor_lang::{accounts::Slab, pinocchio::account::AccountView, prelude::*},
    backstop_engine::{
        exit::Exit,
        history::{Era, FIRST_ROWS, Row},
        quantity::{Assets, Shares},
    },
    bytemuck::{Pod, Zeroable},
    core::mem::offset_of,
};

/// An LP's position with its history.
pub type Position = Slab<LpPosition, HistoryRow>;
/// A staker's stake with its history.
pub type Stake = Slab<InsuranceStake, HistoryRow>;
/// Either of them, where it does not matter which.
pub type Holding = Slab<Either, HistoryRow>;

/// What a position and a stake have in common, which is all: so one instruction does for both what is alike.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct Either {
    /// The pool, or the insurance fund.
    pub of: Address,
    /// Who may leave.
    pub owner: Address,
    holder: ShareHolder,
    /// The request, and what is payable.
    pub request: ExitRequest,
    room: u32,
    rest: [u8; 52],
}

macro_rules! alike {
    ($kind:ident, $of:ident) => {
        const _: () = assert!(
            size_of::<Either>() == size_of::<$kind>()
                && offset_of!(Either, of) == offset_of!($kind, $of)
                && offset_of!(Either, owner) == offset_of!($kind, owner)
                && offset_of!(Either, holder) == offset_of!($kind, holder)
                && offset_of!(Either, request) == offset_of!($kind, request)
                && offset_of!(Either, room) == offset_of!($kind, room)
        );
    };
}
alike!(LpPosition, pool);
alike!(InsuranceStake, fund);

impl SlabSchema for Either {
    const DATA_OFFSET: usize = LpPosition::DATA_OFFSET;
    const MIN_DATA_LEN: usize = LpPosition::MIN_DATA_LEN;

    fn validate(view: &AccountView, data: &[u8]) -> core::result::Result<(), ProgramError> {
        LpPosition::validate(view, data).or_else(|_| InsuranceStake::validate(view, data))
    }
}

impl IdlAccountType for Either {}

impl HoldsShares for Either {
    fn holder(&self) -> &ShareHolder {
        &self.holder
    }

    fn parts(&mut self) -> (&mut ShareHolder, &mut ExitRequest, &mut u32) {
        (&mut self.holder, &mut self.request, &mut self.room)
    }
}

/// The shares of one holder: see the engine's module `history`.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct ShareHolder {
    /// Shares of the generation.
    pub shares: u64,
    /// The generation of the shares.
    pub generation: u32,
    /// The number of the last loss before the shares changed last. They bear all later losses.
    pub since: u32,
}

/// The shares that a holder had during a range of losses.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct HistoryRow {
    /// The number of the first loss that they bore.
    pub from: u32,
    /// The number of the last loss that they bore.
    pub to: u32,
    /// The generation of the shares.
    pub generation: u32,
    /// The shares.
    pub shares: PodU64,
}

/// A request to leave, and the amount payable from executed ones. Without shares there is no request.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct ExitRequest {
    /// The requested shares.
    pub shares: u64,
    /// Their value at the request, which execution never exceeds. Zero for LP shares.
    pub worth: u64,
    /// When it was made, on the clock of the pool or the fund: Unix time less the time on hold, in seconds.
    pub asked_at: i64,
    /// When anyone can execute it, on the same clock. While the breaker is tripped, a withdrawal waits for its notice.
    pub matures_at: i64,
    /// The amount to collect from executed requests, in base units.
    pub payable: u64,
}

/// An account that begins with a holder of shares, whose history follows it.
pub trait HoldsShares: Pod + Zeroable + SlabSchema {
    /// The bytes of a new account.
    const SPACE: usize = Slab::<Self, HistoryRow>::space_for(FIRST_ROWS);

    /// The shares.
    fn holder(&self) -> &ShareHolder;

    /// The shares, what is requested of them, and how many rows there is room for.
    fn parts(&mut self) -> (&mut ShareHolder, &mut ExitRequest, &mut u32);
}

/// What is done with a holder of shares and its history, alike for positions and stakes.
pub trait ShareHistory {
    /// Brings the shares, and those requested, into the present generation: to be called before they are read.
    fn settle(&mut self, era: &Era) -> Result<()>;

    /// Adds shares.
    fn mint(&mut self, era: &Era, shares: Shares) -> Result<()>;

    /// Takes shares away that are not requested.
    fn burn(&mut self, era: &Era, shares: Shares) -> Result<()>;

    /// Does what executing the request of a settled holder does to it.
    fn leave(&mut self, era: &Era, exit: &Exit) -> Result<()>;

    /// The shares that were held at a loss, of the generation that they had then.
    fn held_at(&self, loss: u32, generation: u32) -> Shares;

    /// The shares that a settled holder is asked for out of those that are not requested: all of them for [`ALL`],
    /// never none and never more.
    fn asked(&mut self, shares: u64) -> Result<Shares>;

    /// Makes room for more rows, at the cost of `payer`. Returns for how many there is room.
    fn extend(&mut self, rows: u32, payer: &AccountView) -> Result<u32>;

    /// Gives up the rows of losses up to this one. Returns how many.
    fn trim(&mut self, through: u32) -> Result<u64>;
}

impl<H: HoldsShares> ShareHistory for Slab<H, HistoryRow> {
    #[inline(always)]
    fn settle(&mut self, era: &Era) -> Result<()> {
        if self.holder().generation == era.generation { Ok(()) } else { bring(self, era) }
    }

    #[inline(always)]
    fn mint(&mut self, era: &Era, shares: Shares) -> Result<()> {
        note(self, era)?;
        let (holder, ..) = self.parts();
        holder.shares = Shares::new(holder.shares).plus(shares).into_program_error()?.get();
        Ok(())
    }

    #[inline(always)]
    fn burn(&mut self, era: &Era, shares: Shares) -> Result<()> {
        note(self, era)?;
        let (holder, ..) = self.parts();
        holder.shares = holder.shares.checked_sub(shares.get()).ok_or(BackstopError::InsufficientShares)?;
        Ok(())
    }

    fn leave(&mut self, era: &Era, exit: &Exit) -> Result<()> {
        self.burn(era, exit.shares)?;
        let (_, request, _) = self.parts();
        request.store(&exit.left);
        request.payable = Assets::new(request.payable).plus(exit.assets).into_program_error()?.get();
        Ok(())
    }

    fn held_at(&self, loss: u32, generation: u32) -> Shares {
        let rows = self.as_slice();
        let row_at = |index| rows.get(index).map(HistoryRow::row);
        self.holder().holder().held_at(loss, generation, rows.len(), row_at)
    }

    #[inline(never)]
    fn asked(&mut self, shares: u64) -> Result<Shares> {
        let (holder, request, _) = self.parts();
        let free = holder.shares.saturating_sub(request.shares);
        let shares = if shares == ALL { free } else { shares };
        require!(shares != 0, BackstopError::AmountTooSmall);
        require!(shares <= free, BackstopError::InsufficientShares);
        Ok(Shares::new(shares))
    }

    fn extend(&mut self, rows: u32, payer: &AccountView) -> Result<u32> {
        require!(rows != 0 && rows <= MORE_ROWS, BackstopError::InvalidParameter);
        let (.., room) = self.parts();
        let more = room.checked_add(rows).ok_or(BackstopError::MathOverflow)?;
        self.resize_to_capacity(more)?;
        self.top_up(payer)?;
        let (.., room) = self.parts();
        *room = more;
        Ok(more)
    }

    fn trim(&mut self, through: u32) -> Result<u64> {
        let rows = self.as_mut_slice();
        let (all, gone) = (rows.len(), rows.partition_point(|row| row.to <= through));
        require!(gone != 0, BackstopError::AmountTooSmall);
        rows.copy_within(gone.., 0);
        self.truncate(all.saturating_sub(gone));
        u64::try_from(gone).map_err(|_| BackstopError::MathOverflow.into())
    }
}

/// Keeps what the shares were at the losses since they changed last: to be called before they change.
#[inline(always)]
fn note<H: HoldsShares>(account: &mut Slab<H, HistoryRow>, era: &Era) -> Result<()> {
    let holder = account.holder();
    if holder.since == era.last_loss && holder.generation == era.generation { Ok(()) } else { bring(account, era) }
}

#[inline(never)]
fn bring<H: HoldsShares>(account: &mut Slab<H, HistoryRow>, era: &Era) -> Result<()> {
    let before = account.holder().holder();
    let (now, row) = before.brought_to(era);
    if let Some(row) = row {
        require!(!account.is_full(), BackstopError::HistoryFull);
        account.try_push(HistoryRow::from(row))?;
    }
    let (holder, request, _) = account.parts();
    *holder = ShareHolder { shares: now.shares.get(), generation: now.generation, since: now.since };
    if before.generation != now.generation {
        request.store(&request.request().rescaled(before.generation, now.generation));
    }
    Ok(())
}

impl From<Row> for HistoryRow {
    fn from(row: Row) -> Self {
        Self { from: row.from, to: row.to, generation: row.generation, shares: row.shares.get().into() }
    }
}

impl ExitRequest {
    /// Takes out all that is payable, which is part of all that waits. Nothing is refused.
    pub fn collect(&mut self, payable: &mut u64) -> Result<u64> {
        let paid = core::mem::take(&mut self.payable);
        require!(paid != 0, BackstopError::NothingToCollect);
        *payable = Assets::new(*payable).minus(Assets::new(paid)).into_program_error()?.get();
        Ok(paid)
    }
}
