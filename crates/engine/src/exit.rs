//! Leaving: at once, or by a request that matures after a notice or a cooldown.
//!
//! A request cannot be taken back, replaced or left to lapse: once it has matured anyone executes it, at the price of then, so it is no option
//! that one keeps. Executing turns shares into an amount payable, which is collected at any time.

use crate::{
    bounds,
    error::{Error, Result},
    fixed::mul_div_down,
    hold::Hold,
    quantity::{Assets, Shares},
    stock::Stock,
    time::later,
};

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
    /// The shares that leave.
    pub shares: Shares,
    /// What they were worth when asked: the most that is paid for stake. Zero for LP shares.
    pub worth: Assets,
    /// Unix time at which it was made.
    pub asked_at: i64,
    /// Unix time from which anyone can execute it, by the notice that was due when it was made.
    pub matures_at: i64,
}

/// What executing a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit {
    /// The shares that it burns.
    pub shares: Shares,
    /// What becomes payable for them.
    pub assets: Assets,
    /// What stays requested.
    pub left: Request,
}

impl NoticeTerms {
    /// Checks bounds: none, or from `hold_seconds` to the most of [`bounds::NOTICE_SECONDS`], so that a loss that is known is settled before one
    /// who saw it come leaves; while the breaker is tripped always one.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] otherwise.
    pub fn validate(&self, hold_seconds: u32) -> Result<()> {
        let least = bounds::Bound { least: hold_seconds.into(), ..bounds::NOTICE_SECONDS };
        least.check_or_none(self.always)?;
        least.check(self.tripped)
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
    /// let asked = Request::new(Shares::new(5), Assets::new(5), 100, 10_u32);
    /// assert_eq!((asked.require_mature(109), asked.require_mature(110)), (Err(Error::ExitNotMature), Ok(())));
    /// assert_eq!((asked.require_none(), Request::default().require_none()), (Err(Error::ExitPending), Ok(())));
    /// ```
    pub fn new(shares: Shares, worth: Assets, now: i64, delay_seconds: impl Into<u64>) -> Self {
        Self { shares, worth, asked_at: now, matures_at: later(now, delay_seconds.into()) }
    }

    /// Allows asking.
    ///
    /// # Errors
    /// [`Error::ExitPending`] while a request stands.
    pub const fn require_none(&self) -> Result<()> {
        if self.shares.is_zero() { Ok(()) } else { Err(Error::ExitPending) }
    }

    /// The request as those terms have it now: while the breaker is tripped it matures no sooner than after the notice that is due then, from when it
    /// was made; where no notice is due it has matured, since nobody waits. So a request made in calm is no way around a trip.
    ///
    /// ```
    /// # use backstop_engine::{exit::{NoticeTerms, Request}, quantity::{Assets, Shares}};
    /// let asked = Request::new(Shares::new(5), Assets::ZERO, 100, 10_u32);
    /// let terms = NoticeTerms { always: 10, tripped: 60 };
    /// let matures_at = |terms: NoticeTerms, tripped| asked.under(&terms, tripped).matures_at;
    /// assert_eq!((matures_at(terms, false), matures_at(terms, true)), (110, 160));
    /// assert_eq!(matures_at(NoticeTerms { always: 0, ..terms }, false), 100);
    /// ```
    #[must_use]
    pub fn under(&self, terms: &NoticeTerms, tripped: bool) -> Self {
        let matures_at = if tripped {
            self.matures_at.max(later(self.asked_at, terms.seconds(true).into()))
        } else if terms.always == 0 {
            self.asked_at
        } else {
            self.matures_at
        };
        Self { matures_at, ..*self }
    }

    /// Allows executing at `now`.
    ///
    /// # Errors
    /// [`Error::ExitNotRequested`], [`Error::ExitNotMature`].
    pub const fn require_mature(&self, now: i64) -> Result<()> {
        if self.shares.is_zero() {
            Err(Error::ExitNotRequested)
        } else if now < self.matures_at {
            Err(Error::ExitNotMature)
        } else {
            Ok(())
        }
    }

    /// What executing it does where shares are part of `stock`, at most `most` is paid for all of them, and `cash` is there: all of it if cash is
    /// enough; else the shares that cash pays for, rounded down, and the rest stays requested. It pays less than a unit short of the worth of what it burns, so
    /// a part of it pays at least [`bounds::PARTIAL_EXIT`]: a thousandth of that is lost at most. Shares that are worth nothing are not burnt, and stay
    /// without being requested.
    ///
    /// # Errors
    /// [`Error::InsufficientCash`] if cash pays less.
    #[inline(never)]
    pub(crate) fn exit(&self, stock: &Stock, most: Assets, cash: Assets) -> Result<Exit> {
        let pays = |shares: Shares| -> Result<Assets> {
            let most = mul_div_down(most.get(), shares.get(), self.shares.get())?;
            Ok(stock.worth(shares)?.min(Assets::new(most)))
        };
        let all = pays(self.shares)?;
        if all <= cash {
            let shares = if all.is_zero() { Shares::ZERO } else { self.shares };
            return Ok(Exit { shares, assets: all, left: Self::default() });
        }
        let shares = Shares::new(mul_div_down(self.shares.get(), cash.get(), all.get())?);
        let assets = pays(shares)?;
        if assets < Assets::new(bounds::PARTIAL_EXIT) {
            return Err(Error::InsufficientCash);
        }
        Ok(Exit { shares, assets, left: self.at_most(self.shares.minus(shares)?) })
    }

    /// The same with its times on the [clock](Hold::clock) that stops during holds, which it is kept in.
    ///
    /// ```
    /// # use backstop_engine::{exit::Request, hold::Hold, quantity::*};
    /// let held = Hold { stopped: 3_600, ..Hold::default() };
    /// let asked = Request::new(Shares::new(5), Assets::ZERO, 10_000, 600_u32);
    /// let kept = asked.on_clock(&held, 10_000);
    /// assert_eq!((kept.matures_at, kept.in_unix_time(&held, 10_000)), (7_000, asked));
    /// ```
    #[must_use]
    pub fn on_clock(&self, hold: &Hold, now: i64) -> Self {
        let stopped = hold.stopped(now);
        let [asked_at, matures_at] = [self.asked_at, self.matures_at].map(|at| at.saturating_sub_unsigned(stopped));
        Self { asked_at, matures_at, ..*self }
    }

    /// The same with its times in Unix time again, if nothing is on hold from `now` on.
    #[must_use]
    pub fn in_unix_time(&self, hold: &Hold, now: i64) -> Self {
        if self.shares.is_zero() {
            return *self;
        }
        let [asked_at, matures_at] = [self.asked_at, self.matures_at].map(|at| hold.unix(at, now));
        Self { asked_at, matures_at, ..*self }
    }

    /// The request brought from one generation to a later one: for as many fewer shares, worth as much; none if none are left.
    pub fn rescaled(&self, from: u32, to: u32) -> Self {
        let shares = self.shares.rescaled(from, to);
        if shares.is_zero() { Self::default() } else { Self { shares, ..*self } }
    }

    /// The request for at most `shares`: what is left of it after others were burnt. `worth` falls pro rata, rounded down.
    fn at_most(&self, shares: Shares) -> Self {
        if self.shares <= shares {
            return *self;
        }
        let worth = mul_div_down(self.worth.get(), shares.get(), self.shares.get());
        Self { shares, worth: Assets::new(worth.unwrap_or(0)), ..*self }
    }
}
