use {
    super::Pool,
    crate::{constants::ACCOUNT_VERSION, errors::BackstopError},
    anchor_lang::prelude::*,
    backstop_engine::{Error as EngineError, quantity::Shares},
};

/// The LP shares of one owner in one pool. Seeds: `lp`, pool, owner.
#[account]
pub struct LpPosition {
    /// The pool.
    pub pool: Address,
    /// Who may withdraw.
    pub owner: Address,
    /// LP shares, void if `generation` is past.
    pub shares: u64,
    /// The pool's generation that the shares belong to.
    pub generation: u32,
    /// [`ACCOUNT_VERSION`].
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 130],
}

impl LpPosition {
    /// Fills a new account.
    pub fn open(&mut self, pool: Address, owner: Address, generation: u32, bump: u8) {
        (self.pool, self.owner, self.generation, self.bump) = (pool, owner, generation, bump);
        self.version = ACCOUNT_VERSION;
    }

    /// The shares that count: none if they are of a past generation.
    pub fn shares_in(&self, pool: &Pool) -> Shares {
        if self.generation == pool.generation { Shares::new(self.shares) } else { Shares::ZERO }
    }

    /// Adds shares of the pool's generation; void ones are gone for good.
    pub fn mint(&mut self, pool: &Pool, shares: Shares) -> Result<()> {
        self.shares = self.shares_in(pool).plus(shares).map_err(BackstopError::from)?.get();
        self.generation = pool.generation;
        self.invariant(pool)
    }

    /// Takes shares away.
    pub fn burn(&mut self, pool: &Pool, shares: Shares) -> Result<()> {
        let left =
            self.shares_in(pool).minus(shares).map_err(|_| BackstopError::from(EngineError::InsufficientShares))?;
        self.shares = left.get();
        self.generation = pool.generation;
        self.invariant(pool)
    }

    /// A position never holds more shares than there are.
    fn invariant(&self, pool: &Pool) -> Result<()> {
        require!(self.shares <= pool.shares, BackstopError::InvariantViolated);
        Ok(())
    }
}
