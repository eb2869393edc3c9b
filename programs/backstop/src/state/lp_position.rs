use {
    super::{ExitRequest, HistoryRow, HoldsShares, Pool, Position, ShareHistory, ShareHolder},
    crate::{constants::ACCOUNT_VERSION, errors::BackstopError},
    anchor_lang::prelude::*,
    backstop_engine::{history::FIRST_ROWS, quantity::Shares},
};

/// One owner's LP shares of a pool, with their history. Seeds: `lp`, pool, owner.
#[account]
pub struct LpPosition {
    /// The pool.
    pub pool: Address,
    /// The owner.
    pub owner: Address,
    /// The shares.
    pub holder: ShareHolder,
    /// The pending request to withdraw, and the payable amount.
    pub request: ExitRequest,
    /// The capacity of the history, in rows.
    pub room: u32,
    /// [`ACCOUNT_VERSION`].
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, reserved.
    pub spare: [u8; 50],
    /// The history, preceded by its length.
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
    /// Initialises a new account.
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

/// Subtracts LP shares that are not requested from a position.
#[inline(always)]
pub fn burn(position: &mut Position, pool: &Pool, shares: Shares) -> Result<()> {
    position.burn(&pool.era(), shares)?;
    position.invariant(pool)
}
