//! How a pool opens. A pool takes no liquidity until its authority opens it, so its parameters and collaterals can be
//! set without a timelock: there is nobody to take anything from. Once it is open, the rules of
//! [`governance`](crate::governance) apply.

use crate::{
    error::{Error, Result},
    governance::opening,
};

/// The opening of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Launch {
    /// Unix time of the opening. Zero while the pool is closed.
    pub opened_at: i64,
}

impl Launch {
    /// Whether the pool is open. It never closes again.
    pub const fn is_open(self) -> bool {
        self.opened_at != 0
    }

    /// Checks that deposits, stakes and donations are allowed.
    ///
    /// # Errors
    /// [`Error::PoolNotOpen`] while the pool is closed.
    pub const fn require_open(self) -> Result<()> {
        if self.is_open() { Ok(()) } else { Err(Error::PoolNotOpen) }
    }

    /// Opens the pool at `now`.
    ///
    /// # Errors
    /// [`Error::PoolAlreadyOpen`] if it was opened before.
    ///
    /// ```
    /// # use backstop_engine::{launch::Launch, Error};
    /// let opened = Launch::default().open(7)?;
    /// assert_eq!((opened.require_open(), opened.open(8)), (Ok(()), Err(Error::PoolAlreadyOpen)));
    /// # Ok::<(), Error>(())
    /// ```
    pub const fn open(self, now: i64) -> Result<Self> {
        if self.is_open() { Err(Error::PoolAlreadyOpen) } else { Ok(Self { opened_at: now }) }
    }

    /// Checks that a change of the pool or one of its collaterals can execute that was queued at `queued_at`. The
    /// opening voids all changes queued before it, so that an executed change waited a whole timelock in an open pool.
    ///
    /// # Errors
    /// [`Error::ChangeVoid`] if the pool opened later.
    ///
    /// ```
    /// # use backstop_engine::{launch::Launch, Error};
    /// let opened = Launch { opened_at: 7 };
    /// assert_eq!((opened.require_queued_since(6), opened.require_queued_since(7)), (Err(Error::ChangeVoid), Ok(())));
    /// assert_eq!(Launch::default().require_queued_since(6), Ok(()));
    /// ```
    pub const fn require_queued_since(self, queued_at: i64) -> Result<()> {
        if queued_at < self.opened_at { Err(Error::ChangeVoid) } else { Ok(()) }
    }

    /// Unix time at which a collateral listed at `now` can be deposited. Zero, at once, while the pool is closed;
    /// otherwise see [`opening`].
    pub fn collateral_opens_at(self, timelock_seconds: u32, now: i64) -> i64 {
        if self.is_open() { opening(timelock_seconds, now) } else { 0 }
    }
}
