//! When marks block entering and leaving, and for how long.
//!
//! While a known loss is not settled, nobody enters or leaves. So the holders when it is recorded are the holders when
//! it became visible.
//!
//! The pool and its insurance fund each have an instance of the same state machine. Each is on hold while all
//! obligations' marks together exceed a ten-thousandth of what it holds. Notices, cooldowns and timelocks run on its
//! [clock](Hold::clock), which stops during holds.
//!
//! Holds add up. Once they have lasted `hold_seconds` in total, every mark is settled as soon as it is made, until no
//! hold applied for `hold_seconds`.

use crate::{
    error::{Error, Result},
    fixed::wide,
    quantity::{Assets, Bps},
    time::{later, seconds_between},
};

/// The shortest `hold_seconds`: ten minutes, in which keepers can liquidate even when the network is congested.
pub const MIN_HOLD_SECONDS: u32 = 600;
/// The longest `hold_seconds`: a day, an acceptable wait for a loss to become known.
pub const MAX_HOLD_SECONDS: u32 = 86_400;

/// Checks that `hold_seconds` is from [`MIN_HOLD_SECONDS`] to [`MAX_HOLD_SECONDS`].
///
/// # Errors
/// [`Error::InvalidParameter`] otherwise.
pub const fn validate_hold(hold_seconds: u32) -> Result<()> {
    if MIN_HOLD_SECONDS <= hold_seconds && hold_seconds <= MAX_HOLD_SECONDS {
        Ok(())
    } else {
        Err(Error::InvalidParameter)
    }
}

/// Whether a mark is material: more than a ten-thousandth of NAV or of the fund. Smaller marks block nobody.
///
/// ```
/// # use backstop_engine::{hold::is_material, quantity::Assets};
/// assert!(!is_material(Assets::new(10), Assets::new(100_000)) && is_material(Assets::new(11), Assets::new(100_000)));
/// assert!(is_material(Assets::new(1), Assets::ZERO) && !is_material(Assets::ZERO, Assets::ZERO));
/// ```
pub fn is_material(marked: Assets, of: Assets) -> bool {
    wide(marked.get(), u64::from(Bps::ONE.get())) > u128::from(of.get())
}

/// The hold state of a pool or a fund. All zero if it was never on hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hold {
    /// Whether it is on hold.
    pub on: bool,
    /// Unix time since which it is on hold, or open.
    pub since: i64,
    /// Total seconds of all past holds.
    pub stopped: u64,
    /// Seconds of the past holds that count together: between them it was never open for `hold_seconds`.
    pub spent: u32,
}

impl Hold {
    /// The state at `now`, where marks are `material` or not: a hold starts, continues or ends.
    ///
    /// ```
    /// # use backstop_engine::hold::Hold;
    /// let held = Hold::default().at(true, 600, 1_000); // from 1,000 to 1,400
    /// let open = held.at(false, 600, 1_400);
    /// assert_eq!((held.clock(1_400), open.clock(1_400), open.clock(1_500)), (1_000, 1_000, 1_100));
    /// let again = open.at(true, 600, 1_500); // open for only 100 seconds, so 400 count
    /// assert!(!again.settles_all(600, 1_699) && again.settles_all(600, 1_700));
    /// ```
    #[must_use]
    pub fn at(&self, material: bool, hold_seconds: u32, now: i64) -> Self {
        if material == self.on {
            return *self;
        }
        let lasted = seconds_between(self.since, now);
        let since = now.max(self.since);
        if material {
            let spent = if lasted >= u64::from(hold_seconds) { 0 } else { self.spent };
            Self { on: true, since, spent, ..*self }
        } else {
            let spent = self.spent.saturating_add(u32::try_from(lasted).unwrap_or(u32::MAX));
            Self { on: false, since, stopped: self.stopped.saturating_add(lasted), spent }
        }
    }

    /// Total seconds of all holds up to `now`.
    pub fn stopped(&self, now: i64) -> u64 {
        let lasts = if self.on { seconds_between(self.since, now) } else { 0 };
        self.stopped.saturating_add(lasts)
    }

    /// The time on which notices, cooldowns and timelocks run: Unix time minus the time on hold. It never goes back.
    pub fn clock(&self, now: i64) -> i64 {
        now.saturating_sub_unsigned(self.stopped(now))
    }

    /// The Unix time at which that clock will show `time`, if no hold applies from `now` on.
    pub fn unix(&self, time: i64, now: i64) -> i64 {
        later(time, self.stopped(now))
    }

    /// Whether every mark is settled at once: it was on hold for `hold_seconds`, without being open as long in between.
    pub fn settles_all(&self, hold_seconds: u32, now: i64) -> bool {
        self.settles_all_at(hold_seconds).is_some_and(|at| now >= at)
    }

    /// Unix time from which every mark is settled at once, if the hold continues. `None` while it is open.
    pub fn settles_all_at(&self, hold_seconds: u32) -> Option<i64> {
        self.on.then(|| later(self.since, hold_seconds.saturating_sub(self.spent).into()))
    }
}

/// The holds of a pool and of its insurance fund, and the marks that cause them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holds {
    /// The sum of all obligations' marks.
    pub marked: Assets,
    /// The pool's hold.
    pub pool: Hold,
    /// The insurance fund's hold.
    pub fund: Hold,
}

impl Holds {
    /// Updates the pool's hold to `now`, given its `nav`.
    #[must_use]
    pub fn of_pool(self, nav: Assets, hold_seconds: u32, now: i64) -> Self {
        Self { pool: self.pool.at(is_material(self.marked, nav), hold_seconds, now), ..self }
    }

    /// Updates the fund's hold to `now`, given its `assets` including what is due to it.
    #[must_use]
    pub fn of_fund(self, assets: Assets, hold_seconds: u32, now: i64) -> Self {
        Self { fund: self.fund.at(is_material(self.marked, assets), hold_seconds, now), ..self }
    }

    /// Total seconds of all holds of the pool and of the fund up to `now`.
    pub fn stopped(&self, now: i64) -> [u64; 2] {
        [self.pool.stopped(now), self.fund.stopped(now)]
    }

    /// Whether every mark is settled at once.
    pub fn settle_all(&self, hold_seconds: u32, now: i64) -> bool {
        self.pool.settles_all(hold_seconds, now) || self.fund.settles_all(hold_seconds, now)
    }

    /// Checks that a pool with this NAV can be entered and left.
    ///
    /// # Errors
    /// [`Error::PoolOnHold`] while marks are material.
    pub fn require_pool_open(&self, nav: Assets) -> Result<()> {
        if is_material(self.marked, nav) { Err(Error::PoolOnHold) } else { Ok(()) }
    }

    /// Checks that a fund with these assets, including what is due to it, can be entered and left.
    ///
    /// # Errors
    /// [`Error::FundOnHold`] while marks are material.
    pub fn require_fund_open(&self, assets: Assets) -> Result<()> {
        if is_material(self.marked, assets) { Err(Error::FundOnHold) } else { Ok(()) }
    }
}
