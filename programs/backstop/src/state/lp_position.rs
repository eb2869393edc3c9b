use {
    super::{ClaimBook, ClaimHolder, ExitRequest, Pool},
    crate::{
        constants::{ACCOUNT_VERSION, ALL},
        errors::{BackstopError, OrRefuse},
    },
    anchor_lang::prelude::*,
    backstop_engine::quantity::Shares,
};

/// The LP shares and claims of one owner in one pool. Seeds: `lp`, pool, owner.
#[account]
pub struct LpPosition {
    /// The pool.
    pub pool: Address,
    /// Who may withdraw.
    pub owner: Address,
    /// Shares and claims.
    pub holder: ClaimHolder,
    /// A request to withdraw, where that takes notice.
    pub request: ExitRequest,
    /// [`ACCOUNT_VERSION`].
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 62],
}

impl LpPosition {
    /// Fills a new account.
    pub fn open(&mut self, pool: Address, owner: Address, bump: u8) {
        (self.pool, self.owner, self.bump, self.version) = (pool, owner, bump, ACCOUNT_VERSION);
    }

    /// Brings shares, claims and request up to now: before shares are read or changed.
    #[inline(always)]
    pub fn settle(&mut self, book: &ClaimBook) {
        self.holder.settle(&mut self.request, book);
    }

    /// Adds shares.
    pub fn mint(&mut self, pool: &Pool, shares: Shares) -> Result<()> {
        self.holder.mint(shares)?;
        self.invariant(pool)
    }

    /// Takes shares away, and with them what was requested beyond those left.
    pub fn burn(&mut self, pool: &Pool, shares: Shares) -> Result<()> {
        self.holder.burn(shares)?;
        self.request.limit(self.holder.shares());
        self.invariant(pool)
    }

    /// The shares that may leave now out of those asked for, of a settled position: where notice is due, those of an open
    /// request, and they are used up by it.
    #[inline(always)]
    pub fn leaving(&mut self, pool: &Pool, asked: u64, now: i64) -> Result<Shares> {
        let held = self.holder.shares();
        if pool.notice_seconds(now) == 0 {
            return Ok(if asked == ALL { held } else { Shares::new(asked) });
        }
        let request = self.request.request();
        request.require_open(now).or_refuse()?;
        let shares = if asked == ALL { request.shares.min(held) } else { Shares::new(asked) };
        require!(shares <= request.shares, BackstopError::ExitNotRequested);
        self.request.limit(request.shares.saturating_sub(shares));
        Ok(shares)
    }

    /// A position never holds more shares than there are.
    fn invariant(&self, pool: &Pool) -> Result<()> {
        require!(self.holder.shares <= pool.shares, BackstopError::InvariantViolated);
        Ok(())
    }
}
