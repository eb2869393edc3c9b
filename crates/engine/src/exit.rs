//! Asking to leave: a request matures after a delay, and lapses after a window in which it can be used.

use crate::{
    bounds,
    error::{Error, Result},
    hold::Hold,
    quantity::{Assets, Shares},
    time::later,
};

/// How long an LP's request can be used once it has matured: two days.
pub const WITHDRAWAL_WINDOW_SECONDS: u32 = 172_800;
/// The longest notice that an LP's leaving can take: a day.
pub const MAX_NOTICE_SECONDS: u32 = 86_400;

/// How long ahead LPs must ask to leave, in seconds; zero is no notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeTerms {
    /// At any time.
    pub always: u32,
    /// While the loss breaker is tripped.
    pub tripped: u32,
}

/// A request to leave. No shares is no request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The shares that would leave.
    pub shares: Shares,
    /// What they were worth when asked.
    pub worth: Assets,
    /// Unix time from which the request can be used.
    pub matures_at: i64,
    /// Unix time from which it cannot be used any more.
    pub lapses_at: i64,
}

impl NoticeTerms {
    /// Checks bounds: none, or within [`bounds::NOTICE_SECONDS`]; while the breaker is tripped always one.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] otherwise.
    pub fn validate(&self) -> Result<()> {
        bounds::NOTICE_SECONDS.check_or_none(self.always)?;
        bounds::NOTICE_SECONDS.check(self.tripped)
    }

    /// The notice that is due: the longer one while the breaker is tripped.
    pub fn seconds(&self, tripped: bool) -> u32 {
        if tripped { self.always.max(self.tripped) } else { self.always }
    }
}

impl Request {
    /// Asks at `now`.
    ///
    /// ```
    /// # use backstop_engine::{exit::Request, quantity::{Assets, Shares}, Error};
    /// let asked = Request::new(Shares::new(5), Assets::new(5), 100, 10, 20);
    /// assert_eq!(asked.require_open(109), Err(Error::ExitNotMature));
    /// assert_eq!((asked.require_open(110), asked.require_open(129)), (Ok(()), Ok(())));
    /// assert_eq!(asked.require_open(130), Err(Error::ExitLapsed));
    /// ```
    pub fn new(shares: Shares, worth: Assets, now: i64, delay_seconds: u32, window_seconds: u32) -> Self {
        let matures_at = later(now, delay_seconds.into());
        Self { shares, worth, matures_at, lapses_at: later(matures_at, window_seconds.into()) }
    }

    /// Allows leaving at `now`.
    ///
    /// # Errors
    /// [`Error::ExitNotRequested`], [`Error::ExitNotMature`], [`Error::ExitLapsed`].
    pub const fn require_open(&self, now: i64) -> Result<()> {
        if self.shares.is_zero() {
            Err(Error::ExitNotRequested)
        } else if now < self.matures_at {
            Err(Error::ExitNotMature)
        } else if now >= self.lapses_at {
            Err(Error::ExitLapsed)
        } else {
            Ok(())
        }
    }

    /// The same with its times on the [clock](Hold::clock) that stops during holds, which it is kept in.
    ///
    /// ```
    /// # use backstop_engine::{exit::Request, hold::Hold, quantity::*};
    /// let held = Hold { stopped: 3_600, ..Hold::default() };
    /// let asked = Request::new(Shares::new(5), Assets::ZERO, 10_000, 600, 60);
    /// let kept = asked.on_clock(&held, 10_000);
    /// assert_eq!((kept.matures_at, kept.in_unix_time(&held, 10_000)), (7_000, asked));
    /// ```
    #[must_use]
    pub fn on_clock(&self, hold: &Hold, now: i64) -> Self {
        let stopped = hold.stopped(now);
        let clock = |time: i64| time.saturating_sub_unsigned(stopped);
        Self { matures_at: clock(self.matures_at), lapses_at: clock(self.lapses_at), ..*self }
    }

    /// The same with its times in Unix time again, if nothing is on hold from `now` on.
    #[must_use]
    pub fn in_unix_time(&self, hold: &Hold, now: i64) -> Self {
        if self.shares.is_zero() {
            return *self;
        }
        Self { matures_at: hold.unix(self.matures_at, now), lapses_at: hold.unix(self.lapses_at, now), ..*self }
    }

    /// The request brought from one generation to a later one: for as many fewer shares, worth as much; none if none are left.
    pub const fn rescaled(&self, from: u32, to: u32) -> Self {
        let shares = self.shares.rescaled(from, to);
        if shares.is_zero() {
            return Self { shares, worth: Assets::ZERO, matures_at: 0, lapses_at: 0 };
        }
        Self { shares, ..*self }
    }

    /// The request for at most `shares`: what it can still be for after some of them left otherwise. `worth` falls pro rata, rounded down.
    pub fn at_most(&self, shares: Shares) -> Self {
        if self.shares <= shares {
            return *self;
        }
        let worth = crate::fixed::mul_div_down(self.worth.get(), shares.get(), self.shares.get());
        Self { shares, worth: Assets::new(worth.unwrap_or(0)), ..*self }
    }
}
