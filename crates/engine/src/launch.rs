//! How a pool comes to be open. Until its authority opens it nobody can put liquidity into it, so its parameters and collaterals can be set without
//! waiting: there is nobody to take anything from. From then on the rules of [`governance`](crate::governance) hold.

use crate::{
    error::{Error, Result},
    governance::opening,
};

/// When a pool was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Launch {
    /// Unix time of the opening; zero while the pool is closed.
    pub opened_at: i64,
}

impl Launch {
    /// Whether the pool was opened. It is never closed again.
    pub const fn is_open(self) -> bool {
        self.opened_at != 0
    }

    /// Allows deposits, stakes and gifts.
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

    /// Allows a change of the pool or of one of its collaterals that was queued at `queued_at` to be made. The opening voids all that was queued
    /// before: what is made waited for a whole timelock in an open pool.
    ///
    /// # Errors
    /// [`Error::ChangeVoid`] if the pool was opened later.
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

    /// When a collateral that is listed at `now` can be deposited: at once while the pool is closed, which is zero; else see [`opening`].
    pub fn collateral_opens_at(self, timelock_seconds: u32, now: i64) -> i64 {
        if self.is_open() { opening(timelock_seconds, now) } else { 0 }
    }
}
