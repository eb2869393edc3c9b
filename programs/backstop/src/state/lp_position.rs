use {
    super::{ExitRequest, HistoryRow, HoldsShares, Pool, Position, ShareHistory, ShareHolder},
    crate::{constants::ACCOUNT_VERSION, errors::BackstopError},
    anchor_lang::prelude::*,
    backstop_engine::{history::FIRST_ROWS, quantity::Shares},
};

/// The LP shares of one owner in one pool, and what they were at past losses. Seeds: `lp`, pool, owner.
#[account]
pub struct LpPosition {
    /// The pool.
    pub pool: Address,
    /// Who may withdraw.
    pub owner: Address,
    /// Its shares.
    pub holder: ShareHolder,
    /// A request to withdraw, where that takes notice, and what is payable.
    pub request: ExitRequest,
    /// How many rows of history there is room for.
    pub room: u32,
    /// [`ACCOUNT_VERSION`].
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 50],
    /// The shares at past losses; their number stands before them.
    pub history: [HistoryRow; 0],
}

impl HoldsShares for LpPosition {
    fn holder(&self) -> &ShareHolder {
        &self.holder
    }

    fn parts(&mut self) -> (&mut ShareHolder, &mut ExitRequest, &mut u32) {
        (&mut self.holder, &mut self.request, &mut self.room)
    }
}

impl LpPosition {
    /// Fills a new account.
    pub fn open(&mut self, pool: Address, owner: Address, bump: u8) {
        (self.pool, self.owner, self.bump, self.version) = (pool, owner, bump, ACCOUNT_VERSION);
        self.room = FIRST_ROWS;
    }

    /// A position never holds more shares than there are.
    #[inline(always)]
    fn invariant(&self, pool: &Pool) -> Result<()> {
        require!(self.holder.shares <= pool.shares, BackstopError::InvariantViolated);
        Ok(())
    }
}

/// Adds LP shares to a position.
#[inline(always)]
pub fn mint(position: &mut Position, pool: &Pool, shares: Shares) -> Result<()> {
    position.mint(&pool.era(), shares)?;
    position.invariant(pool)
}

/// Takes LP shares away from a position that are not requested.
#[inline(always)]
pub fn burn(position: &mut Position, pool: &Pool, shares: Shares) -> Result<()> {
    position.burn(&pool.era(), shares)?;
    position.invariant(pool)
}
