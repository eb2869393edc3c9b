//! While a known loss waits to be settled, nobody enters or leaves: so those who hold shares when it is recorded are those who held them
//! when it became visible.
//!
//! Two instances of one state machine, one for the pool and one for its insurance fund. Each is on hold while the marks of all obligations
//! together exceed a ten-thousandth of what it holds. Notices, cooldowns and timelocks run on its [clock](Hold::clock), which stands
//! still meanwhile. Holds are summed: once they have lasted `hold_seconds` together, every mark is settled as soon as it is made, until
//! nothing was on hold for as long.

use crate::{
    error::{Error, Result},
    fixed::wide,
    quantity::{Assets, Bps},
    time::{later, seconds_between},
};

/// The least `hold_seconds`: ten minutes, in which keepers liquidate in a congested hour.
pub const MIN_HOLD_SECONDS: u32 = 600;
/// The greatest `hold_seconds`: a day, for which nobody minds waiting for a loss to be known.
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

/// Whether what is marked is worth a wait: more than a ten-thousandth of NAV, or of the fund. Smaller marks hold nobody.
///
/// ```
/// # use backstop_engine::{hold::is_material, quantity::Assets};
/// assert!(!is_material(Assets::new(10), Assets::new(100_000)) && is_material(Assets::new(11), Assets::new(100_000)));
/// assert!(is_material(Assets::new(1), Assets::ZERO) && !is_material(Assets::ZERO, Assets::ZERO));
/// ```
pub fn is_material(marked: Assets, of: Assets) -> bool {
    wide(marked.get(), u64::from(Bps::ONE.get())) > u128::from(of.get())
}

/// Whether a pool or a fund is on hold, and for how long it was. One that was never on hold is all zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hold {
    /// Whether it is on hold.
    pub on: bool,
    /// Unix time since which it is on hold, or open.
    pub since: i64,
    /// Seconds of all holds that are over.
    pub stopped: u64,
    /// Seconds of those that are over and count together: none between two of them was open for `hold_seconds`.
    pub spent: u32,
}

impl Hold {
    /// The same at `now`, where what is marked is `material` or not: a hold begins, goes on or ends.
    ///
    /// ```
    /// # use backstop_engine::hold::Hold;
    /// let held = Hold::default().at(true, 600, 1_000); // from 1,000 to 1,400
    /// let open = held.at(false, 600, 1_400);
    /// assert_eq!((held.clock(1_400), open.clock(1_400), open.clock(1_500)), (1_000, 1_000, 1_100));
    /// let again = open.at(true, 600, 1_500); // open for 100 seconds only, so 400 count
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

    /// Seconds of all holds up to `now`.
    pub fn stopped(&self, now: i64) -> u64 {
        let lasts = if self.on { seconds_between(self.since, now) } else { 0 };
        self.stopped.saturating_add(lasts)
    }

    /// The time that notices, cooldowns and timelocks run on: Unix time without what was spent on hold. It never goes back.
    pub fn clock(&self, now: i64) -> i64 {
        now.saturating_sub_unsigned(self.stopped(now))
    }

    /// The Unix time at which that clock will show `time`, if nothing is on hold from `now` on.
    pub fn unix(&self, time: i64, now: i64) -> i64 {
        later(time, self.stopped(now))
    }

    /// Whether it has been on hold for `hold_seconds`, without being open as long between, so that every mark is settled at once.
    pub fn settles_all(&self, hold_seconds: u32, now: i64) -> bool {
        self.settles_all_at(hold_seconds).is_some_and(|at| now >= at)
    }

    /// From when on every mark is settled at once, if it stays on hold; nothing while it is open.
    pub fn settles_all_at(&self, hold_seconds: u32) -> Option<i64> {
        self.on.then(|| later(self.since, hold_seconds.saturating_sub(self.spent).into()))
    }
}

/// The holds of a pool and of its insurance fund, and what causes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holds {
    /// The sum of all obligations' marks.
    pub marked: Assets,
    /// The pool's.
    pub pool: Hold,
    /// The insurance fund's.
    pub fund: Hold,
}

impl Holds {
    /// With the pool's as of `now`, where NAV is this much.
    #[must_use]
    pub fn of_pool(self, nav: Assets, hold_seconds: u32, now: i64) -> Self {
        Self { pool: self.pool.at(is_material(self.marked, nav), hold_seconds, now), ..self }
    }

    /// With the fund's as of `now`, where it holds this much with what is due to it.
    #[must_use]
    pub fn of_fund(self, assets: Assets, hold_seconds: u32, now: i64) -> Self {
        Self { fund: self.fund.at(is_material(self.marked, assets), hold_seconds, now), ..self }
    }

    /// Seconds of all holds of pool and fund up to `now`.
    pub fn stopped(&self, now: i64) -> [u64; 2] {
        [self.pool.stopped(now), self.fund.stopped(now)]
    }

    /// Whether every mark is settled at once.
    pub fn settle_all(&self, hold_seconds: u32, now: i64) -> bool {
        self.pool.settles_all(hold_seconds, now) || self.fund.settles_all(hold_seconds, now)
    }

    /// Allows entering and leaving a pool of this NAV.
    ///
    /// # Errors
    /// [`Error::PoolOnHold`] while a loss that is worth a wait is marked.
    pub fn require_pool_open(&self, nav: Assets) -> Result<()> {
        if is_material(self.marked, nav) { Err(Error::PoolOnHold) } else { Ok(()) }
    }

    /// Allows entering and leaving a fund that holds this much with what is due to it.
    ///
    /// # Errors
    /// [`Error::FundOnHold`] while a loss that is worth a wait is marked.
    pub fn require_fund_open(&self, assets: Assets) -> Result<()> {
        if is_material(self.marked, assets) { Err(Error::FundOnHold) } else { Ok(()) }
    }
}
