//! Which parameter changes wait for the timelock, and how long an action can be paused.
//!
//! A change applies at once only if it lets nobody take value from anyone and blocks no exit: it may refuse new debt
//! and new collateral. Everything else waits for the timelock, in either direction. Such a change moves value between
//! borrowers, LPs, stakers and liquidators, slows down exits, or, like oracle limits, could prevent a liquidation.
//!
//! Those who disagree can withdraw, repay or unstake first. So time in which they could not do so does not count: see
//! [`Pause::require_left_open`] and [`waited`].

use crate::{
    error::{Error, Result},
    hold::{Hold, Holds},
    time::later,
};

/// The shortest timelock: a day.
pub const MIN_TIMELOCK_SECONDS: u32 = 86_400;
/// The longest timelock: thirty days.
pub const MAX_TIMELOCK_SECONDS: u32 = 2_592_000;
/// How long a change can be executed after its timelock: fourteen days.
pub const GRACE_SECONDS: u32 = 1_209_600;
/// The longest pause of an exit: 72 hours.
pub const MAX_EXIT_PAUSE_SECONDS: u32 = 259_200;
/// The longest pause of an entry: thirty days.
pub const MAX_ENTRY_PAUSE_SECONDS: u32 = 2_592_000;

/// When a queued change can be executed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// Unix time from which it can be executed.
    pub executable_at: i64,
    /// Unix time from which it can no longer be executed.
    pub lapses_at: i64,
}

impl Schedule {
    /// The schedule of a change queued at `now`.
    pub fn after(timelock_seconds: u64, now: i64) -> Self {
        let executable_at = later(now, timelock_seconds);
        Self { executable_at, lapses_at: later(executable_at, GRACE_SECONDS.into()) }
    }

    /// Checks that the change can be executed at `now`.
    ///
    /// # Errors
    /// [`Error::ChangeNotReady`] before `executable_at`. [`Error::ChangeLapsed`] from `lapses_at` on.
    ///
    /// ```
    /// # use backstop_engine::{governance::*, Error};
    /// let queued = Schedule::after(100, 0);
    /// assert_eq!(queued.require_open(99), Err(Error::ChangeNotReady));
    /// assert_eq!(queued.require_open(100), Ok(()));
    /// assert_eq!(queued.require_open(100 + i64::from(GRACE_SECONDS)), Err(Error::ChangeLapsed));
    /// ```
    pub const fn require_open(&self, now: i64) -> Result<()> {
        if now < self.executable_at {
            Err(Error::ChangeNotReady)
        } else if now >= self.lapses_at {
            Err(Error::ChangeLapsed)
        } else {
            Ok(())
        }
    }
}

/// The time that a queued change waits on: Unix time minus the time on hold since it was queued. It never goes back.
///
/// Uses the longer of the pool's and the fund's time on hold. `queued` is how many seconds they had been on hold in
/// total when the change was queued. So those who want to leave before the change have the whole time to do so.
///
/// ```
/// # use backstop_engine::{governance::waited, hold::{Hold, Holds}};
/// let pool = Hold { stopped: 500, ..Hold::default() };
/// let holds = Holds { pool, fund: Hold { stopped: 90, ..pool }, ..Holds::default() };
/// assert_eq!(waited(&holds, [200, 80], 10_000), 9_700);
/// ```
pub fn waited(holds: &Holds, queued: [u64; 2], now: i64) -> i64 {
    let [pool, fund] = queued;
    let since = |hold: &Hold, before: u64| hold.stopped(now).saturating_sub(before);
    now.saturating_sub_unsigned(since(&holds.pool, pool).max(since(&holds.fund, fund)))
}

/// Unix time at which a collateral opens that is listed at `now` in an open pool: after twice the timelock plus the
/// longest exit pause.
///
/// An exit is open at least as long as it was paused, so by then each exit was open for a whole timelock.
///
/// ```
/// # use backstop_engine::governance::opening;
/// assert_eq!(opening(86_400, 1_000), 1_000 + 2 * 86_400 + 259_200);
/// ```
pub fn opening(timelock_seconds: u32, now: i64) -> i64 {
    let wait = u64::from(timelock_seconds).saturating_mul(2).saturating_add(u64::from(MAX_EXIT_PAUSE_SECONDS));
    later(now, wait)
}

/// Checks that a timelock is from [`MIN_TIMELOCK_SECONDS`] to [`MAX_TIMELOCK_SECONDS`].
///
/// # Errors
/// [`Error::InvalidParameter`] otherwise.
pub const fn validate_timelock(seconds: u32) -> Result<()> {
    if MIN_TIMELOCK_SECONDS <= seconds && seconds <= MAX_TIMELOCK_SECONDS {
        Ok(())
    } else {
        Err(Error::InvalidParameter)
    }
}

/// The actions that can be paused. All others are always available.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pausable {
    /// Deposits by LPs.
    Deposit,
    /// Borrowing.
    Borrow,
    /// Withdrawing collateral.
    WithdrawCollateral,
    /// Withdrawals by LPs.
    Withdraw,
}

impl Pausable {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 4] = [Self::Deposit, Self::Borrow, Self::WithdrawCollateral, Self::Withdraw];

    /// Whether the action is an exit.
    pub const fn is_exit(self) -> bool {
        matches!(self, Self::WithdrawCollateral | Self::Withdraw)
    }

    /// The longest pause, from start to end.
    pub const fn max_seconds(self) -> u32 {
        if self.is_exit() { MAX_EXIT_PAUSE_SECONDS } else { MAX_ENTRY_PAUSE_SECONDS }
    }
}

/// A pause. After it ends, the pause of an exit still counts against the next one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pause {
    /// Unix time at which it started.
    pub since: i64,
    /// Unix time at which it ends.
    pub until: i64,
}

impl Pause {
    /// Whether the pause applies at `now`.
    pub const fn holds(&self, now: i64) -> bool {
        now < self.until
    }

    /// Pauses for `seconds` from `now`, or extends a current pause.
    ///
    /// An exit can be paused for [`MAX_EXIT_PAUSE_SECONDS`] in total. Then it must be open for as long as it was paused
    /// before the next pause.
    ///
    /// # Errors
    /// [`Error::PauseTooLong`] if the pause exceeds the action's limit. [`Error::PauseTooSoon`] if an exit was not open
    /// for long enough.
    ///
    /// ```
    /// # use backstop_engine::{governance::*, Error};
    /// let paused = Pause::default().begin(Pausable::Withdraw, 1_000, 0)?;
    /// assert!(paused.holds(999) && !paused.holds(1_000));
    /// assert_eq!(paused.begin(Pausable::Withdraw, 10, 1_999), Err(Error::PauseTooSoon));
    /// assert_eq!(paused.begin(Pausable::Withdraw, 10, 2_000), Ok(Pause { since: 2_000, until: 2_010 }));
    /// assert_eq!(paused.begin(Pausable::Withdraw, MAX_EXIT_PAUSE_SECONDS, 1), Err(Error::PauseTooLong));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn begin(&self, what: Pausable, seconds: u32, now: i64) -> Result<Self> {
        let since = if self.holds(now) { self.since } else { now };
        if what.is_exit() && !self.holds(now) && now < self.until.saturating_add(self.until.saturating_sub(self.since))
        {
            return Err(Error::PauseTooSoon);
        }
        let until = later(now, seconds.into()).max(self.until);
        if until.saturating_sub(since) > i64::from(what.max_seconds()) {
            return Err(Error::PauseTooLong);
        }
        Ok(Self { since, until })
    }

    /// Checks that a change may execute that users may want to leave before: a whole timelock after the pause ended.
    ///
    /// # Errors
    /// [`Error::ChangeNotReady`] before that.
    ///
    /// ```
    /// # use backstop_engine::{governance::Pause, Error};
    /// let paused = Pause { since: 100, until: 200 };
    /// assert_eq!(paused.require_left_open(1_000, 1_199), Err(Error::ChangeNotReady));
    /// assert_eq!(paused.require_left_open(1_000, 1_200), Ok(()));
    /// ```
    pub fn require_left_open(&self, timelock_seconds: u32, now: i64) -> Result<()> {
        if self.until != 0 && now < Schedule::after(timelock_seconds.into(), self.until).executable_at {
            Err(Error::ChangeNotReady)
        } else {
            Ok(())
        }
    }

    /// Ends the pause at `now` if it still applies.
    pub fn end(&self, now: i64) -> Self {
        Self { since: self.since, until: self.until.min(now) }
    }
}
