//! Leaving: at once, or by a request that matures after a notice or a cooldown.
//!
//! A request cannot be cancelled or replaced, and it does not lapse. Once it has matured, anyone can execute it, at the
//! price at execution. So a request is not an option that its owner can hold. Execution turns shares into a payable
//! amount, which can be collected at any time.

use crate::{
    bounds,
    error::{Error, Result},
    fixed::mul_div_down,
    hold::Hold,
    quantity::{Assets, Shares},
    share_vault::ShareVault,
    time::later,
};

/// How long in advance LPs must request a withdrawal, in seconds. Zero means no notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeTerms {
    /// The notice that always applies.
    pub always: u32,
    /// The notice while the loss breaker is tripped.
    pub tripped: u32,
}

/// A request to leave. Without shares there is no request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The shares to redeem.
    pub shares: Shares,
    /// Their worth at the time of the request: the most that is paid for stake. Zero for LP shares.
    pub worth: Assets,
    /// Unix time of the request.
    pub asked_at: i64,
    /// Unix time from which anyone can execute it, by the notice that applied when it was made.
    pub matures_at: i64,
}

/// The outcome of executing a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit {
    /// The shares burned.
    pub shares: Shares,
    /// The amount that becomes payable.
    pub assets: Assets,
    /// The part that stays requested.
    pub left: Request,
}

impl NoticeTerms {
    /// Checks bounds.
    ///
    /// `always` is zero, or from `hold_seconds` to the most of [`bounds::NOTICE_SECONDS`], so that a known loss is
    /// settled before an LP who saw it coming can leave. `tripped` has the same range but cannot be zero.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] otherwise.
    pub fn validate(&self, hold_seconds: u32) -> Result<()> {
        let least = bounds::Bound { least: hold_seconds.into(), ..bounds::NOTICE_SECONDS };
        least.check_or_none(self.always)?;
        least.check(self.tripped)
    }

    /// The notice that applies: while the breaker is tripped, the longer of the two.
    pub fn seconds(&self, tripped: bool) -> u32 {
        if tripped { self.always.max(self.tripped) } else { self.always }
    }
}

impl Request {
    /// A request made at `now`.
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

    /// Checks that no request is pending.
    ///
    /// # Errors
    /// [`Error::ExitPending`] while a request is pending.
    pub const fn require_none(&self) -> Result<()> {
        if self.shares.is_zero() { Ok(()) } else { Err(Error::ExitPending) }
    }

    /// The request with its maturity under the current terms.
    ///
    /// While the breaker is tripped, it matures no sooner than the notice that then applies, counted from when it was
    /// made. If no notice applies, it has matured, since nobody has to wait. So an early request does not bypass a
    /// trip.
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

    /// Checks that the request can be executed at `now`.
    ///
    /// # Errors
    /// [`Error::ExitNotRequested`] if there is no request. [`Error::ExitNotMature`] before it matures.
    pub const fn require_mature(&self, now: i64) -> Result<()> {
        if self.shares.is_zero() {
            Err(Error::ExitNotRequested)
        } else if now < self.matures_at {
            Err(Error::ExitNotMature)
        } else {
            Ok(())
        }
    }

    /// The outcome of executing the request on `share_vault` with this `cash`, paying at most `most` for all of it.
    ///
    /// Executes all of it if the cash is enough. Otherwise burns the shares that the cash pays for, rounded down, and
    /// the rest stays requested. The payment is less than one unit short of the worth of the burned shares. So that
    /// rounding costs at most a thousandth, a partial execution pays at least [`bounds::PARTIAL_EXIT`]. Shares worth
    /// nothing are not burned, and are no longer requested.
    ///
    /// # Errors
    /// [`Error::InsufficientCash`] if a partial execution would pay less.
    #[inline(never)]
    pub(crate) fn exit(&self, share_vault: &ShareVault, most: Assets, cash: Assets) -> Result<Exit> {
        let pays = |shares: Shares| -> Result<Assets> {
            let most = mul_div_down(most.get(), shares.get(), self.shares.get())?;
            Ok(share_vault.worth(shares)?.min(Assets::new(most)))
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

    /// The same request with its times on the [clock](Hold::clock) that stops during holds. It is stored like this.
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

    /// The same request with its times back in Unix time, if no hold applies from `now` on.
    #[must_use]
    pub fn in_unix_time(&self, hold: &Hold, now: i64) -> Self {
        if self.shares.is_zero() {
            return *self;
        }
        let [asked_at, matures_at] = [self.asked_at, self.matures_at].map(|at| hold.unix(at, now));
        Self { asked_at, matures_at, ..*self }
    }

    /// The request brought from one generation to a later one: fewer shares, same `worth`. No request if no shares are
    /// left.
    pub fn rescaled(&self, from: u32, to: u32) -> Self {
        let shares = self.shares.rescaled(from, to);
        if shares.is_zero() { Self::default() } else { Self { shares, ..*self } }
    }

    /// The request for at most `shares`, after others were burned. `worth` falls pro rata, rounded down.
    fn at_most(&self, shares: Shares) -> Self {
        if self.shares <= shares {
            return *self;
        }
        let worth = mul_div_down(self.worth.get(), shares.get(), self.shares.get());
        Self { shares, worth: Assets::new(worth.unwrap_or(0)), ..*self }
    }
}
