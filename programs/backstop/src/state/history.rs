//! Holders of shares and their histories as accounts store them.

use {
    super::{InsuranceStake, LpPosition},
    crate::{
        constants::{ALL, MORE_ROWS},
        errors::{BackstopError, OrRefuse},
    },
    anchor_lang::{accounts::Slab, pinocchio::account::AccountView, prelude::*},
    backstop_engine::{
        exit::Request,
        history::{Era, FIRST_ROWS, Holder, Row},
        quantity::{Assets, Shares},
    },
    bytemuck::{Pod, Zeroable},
};

/// An LP's position with its history.
pub type Position = Slab<LpPosition, HistoryRow>;
/// A staker's stake with its history.
pub type Stake = Slab<InsuranceStake, HistoryRow>;

/// The shares of one holder: see the engine's module `history`.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct ShareHolder {
    /// Shares of the generation.
    pub shares: u64,
    /// The generation of the shares.
    pub generation: u32,
    /// Number of the last loss before they changed last: those with a higher number are borne by them.
    pub since: u32,
}

/// The shares that a holder had at some losses.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct HistoryRow {
    /// Number of the first loss that they bore.
    pub from: u32,
    /// Number of the last loss that they bore.
    pub to: u32,
    /// The generation of the shares.
    pub generation: u32,
    /// The shares.
    pub shares: PodU64,
}

/// A request to leave. No shares is no request.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct ExitRequest {
    /// The shares that would leave.
    pub shares: u64,
    /// What they were worth when asked.
    pub worth: u64,
    /// When the request can be used, in seconds of the clock of the pool or the fund: Unix time less all that was spent on hold.
    pub matures_at: i64,
    /// When it cannot be used any more, on the same clock.
    pub lapses_at: i64,
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

    /// Takes shares away, and with them what was requested beyond those left.
    fn burn(&mut self, era: &Era, shares: Shares) -> Result<()>;

    /// The shares that were held at a loss, of the generation that they had then.
    fn held_at(&self, loss: u32, generation: u32) -> Shares;

    /// The shares that a settled holder is asked for: all it holds for [`ALL`], never none and never more.
    fn asked(&self, shares: u64) -> Result<Shares>;

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
        holder.shares = Shares::new(holder.shares).plus(shares).or_refuse()?.get();
        Ok(())
    }

    #[inline(always)]
    fn burn(&mut self, era: &Era, shares: Shares) -> Result<()> {
        note(self, era)?;
        let (holder, request, _) = self.parts();
        let left = holder.shares.checked_sub(shares.get()).ok_or(BackstopError::InsufficientShares)?;
        holder.shares = left;
        request.limit(Shares::new(left));
        Ok(())
    }

    fn held_at(&self, loss: u32, generation: u32) -> Shares {
        let rows = self.as_slice();
        let row_at = |index| rows.get(index).map(HistoryRow::row);
        self.holder().engine().held_at(loss, generation, rows.len(), row_at)
    }

    fn asked(&self, shares: u64) -> Result<Shares> {
        let held = self.holder().shares;
        let shares = if shares == ALL { held } else { shares };
        require!(shares != 0, BackstopError::AmountTooSmall);
        require!(shares <= held, BackstopError::InsufficientShares);
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
    let before = account.holder().engine();
    let (now, row) = before.brought_to(era);
    if let Some(row) = row {
        require!(!account.is_full(), BackstopError::HistoryFull);
        account.try_push(HistoryRow::from(row))?;
    }
    let (holder, request, _) = account.parts();
    *holder = ShareHolder { shares: now.shares.get(), generation: now.generation, since: now.since };
    if before.generation != now.generation {
        request.apply(&request.request().rescaled(before.generation, now.generation));
    }
    Ok(())
}

impl ShareHolder {
    /// The holder as the engine sees it.
    pub fn engine(&self) -> Holder {
        Holder { shares: Shares::new(self.shares), generation: self.generation, since: self.since }
    }
}

impl HistoryRow {
    fn row(&self) -> Row {
        Row { shares: Shares::new(self.shares.get()), from: self.from, to: self.to, generation: self.generation }
    }
}

impl From<Row> for HistoryRow {
    fn from(row: Row) -> Self {
        Self { from: row.from, to: row.to, generation: row.generation, shares: row.shares.get().into() }
    }
}

impl ExitRequest {
    /// The request as the engine sees it.
    pub fn request(&self) -> Request {
        Request {
            shares: Shares::new(self.shares),
            worth: Assets::new(self.worth),
            matures_at: self.matures_at,
            lapses_at: self.lapses_at,
        }
    }

    /// Stores what the engine decided.
    pub fn apply(&mut self, request: &Request) {
        *self = Self {
            shares: request.shares.get(),
            worth: request.worth.get(),
            matures_at: request.matures_at,
            lapses_at: request.lapses_at,
        };
    }

    /// Lowers the request to the shares that are left.
    pub fn limit(&mut self, shares: Shares) {
        if self.shares > shares.get() {
            let request = self.request().at_most(shares);
            self.apply(&request);
        }
    }
}
