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

/// The direction in which a parameter can change at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtOnce {
    /// Down.
    Lower,
    /// In neither direction.
    Never,
}

/// The kind of account that a parameter belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A pool.
    Pool,
    /// A collateral of a pool.
    Collateral,
    /// A market.
    Market,
}

macro_rules! parameters {
    ($($scope:ident: { $($(#[$doc:meta])* $name:ident: $at_once:ident,)* })*) => {
        /// Every parameter that governance can change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Parameter {
            $($($(#[$doc])* $name,)*)*
        }

        impl Parameter {
            /// All parameters, in the order of their numbers.
            pub const ALL: &[Self] = &[$($(Self::$name,)*)*];

            /// The kind of account that it belongs to.
            pub const fn scope(self) -> Scope {
                match self {
                    $($(Self::$name)|* => Scope::$scope,)*
                }
            }

            /// The direction in which it can change at once.
            pub const fn at_once(self) -> AtOnce {
                match self {
                    $($(Self::$name => AtOnce::$at_once,)*)*
                }
            }
        }
    };
}

parameters! {
    Pool: {
        /// Collateral worth up to this does not prevent recording a debt as lost.
        DustValue: Never,
        /// Slots between the last borrow or collateral withdrawal and the recording of a loss.
        MinDefaultAgeSlots: Never,
        /// How long a mark stands before it is settled. Also the longest hold.
        HoldSeconds: Never,
        /// How long an LP loss counts for the breaker, a draw for the draw cap, and any loss for the loss rate.
        WindowSeconds: Never,
        /// The loss-sharing ratio while coverage is on target.
        InsuranceShareBps: Never,
        /// The most that the draws of a window add up to, relative to the fund's assets.
        DrawCapBps: Never,
        /// The minimum debt.
        MinDebt: Never,
        /// The part of the bonus that goes to the insurance fund.
        InsuranceCutBps: Never,
        /// The health that a liquidation restores.
        TargetHealthBps: Never,
        /// LP losses up to this never trip the breaker.
        BreakerMinLosses: Never,
        /// LP losses above this part of NAV trip the breaker.
        BreakerLimitBps: Never,
        /// The withdrawal notice while the breaker is tripped.
        BreakerNoticeSeconds: Never,
        /// The withdrawal notice at any time.
        NoticeSeconds: Never,
        /// The time from a request to leave the insurance fund to its maturity.
        CooldownSeconds: Never,
        /// Yearly rate at zero utilisation.
        BaseBps: Never,
        /// What the yearly rate gains up to the kink.
        Slope1Bps: Never,
        /// Utilisation at which the curve turns steeper.
        KinkBps: Never,
        /// What the yearly rate gains above the kink.
        Slope2Bps: Never,
        /// The share of interest that goes to reserves.
        ReserveFactorBps: Never,
        /// The share of interest that goes to the insurance fund while coverage is on target.
        InsuranceFactorBps: Never,
        /// The horizon of the average prices.
        AverageSeconds: Never,
        /// How far a price may be from its average and still count for borrowing.
        MaxPremiumBps: Lower,
        /// The target coverage: the insurance fund over performing debt.
        TargetCoverageBps: Never,
        /// The share of interest that goes to the insurance fund under full stress.
        StressedInsuranceFactorBps: Never,
        /// The loss-sharing ratio at zero coverage.
        StressedInsuranceShareBps: Never,
        /// The liquidity token's price feed.
        LiquidityFeed: Never,
        /// The liquidity token's second price feed. All zeros means none.
        LiquiditySecondFeed: Never,
        /// The maximum age of the liquidity token's price.
        LiquidityMaxAgeSeconds: Never,
        /// The widest confidence interval of the liquidity token's price.
        LiquidityMaxConfidenceBps: Never,
        /// The largest divergence between the liquidity token's two feeds.
        LiquidityMaxDivergenceBps: Never,
        /// The most that all LPs together may have in the pool.
        PoolDepositCap: Lower,
        /// The most that may be lent.
        BorrowCap: Lower,
        /// How much of the reserves may be collected. Collecting lowers it.
        ReleasedReserves: Lower,
    }
    Collateral: {
        /// The most of a collateral that all obligations together may hold.
        DepositCap: Lower,
        /// The loan-to-value limit in calm.
        MaxLtvBps: Lower,
        /// The loan-to-value limit under full stress.
        StressedMaxLtvBps: Lower,
        /// The liquidation threshold in calm.
        LiquidationThresholdBps: Never,
        /// The liquidation threshold under full stress.
        StressedThresholdBps: Never,
        /// The liquidator's bonus at the liquidation threshold.
        BonusMinBps: Never,
        /// The largest bonus.
        BonusMaxBps: Never,
        /// The price deviation of full stress. Up to a fifth of it is no stress.
        StressedDeviationBps: Never,
        /// The collateral's price feed.
        CollateralFeed: Never,
        /// The collateral's second price feed. All zeros means none.
        CollateralSecondFeed: Never,
        /// The maximum age of the collateral's price.
        CollateralMaxAgeSeconds: Never,
        /// The widest confidence interval of the collateral's price.
        CollateralMaxConfidenceBps: Never,
        /// The largest divergence between the collateral's two feeds.
        CollateralMaxDivergenceBps: Never,
    }
    Market: {
        /// The market's guardian.
        Guardian: Never,
        /// The account that receives reserves.
        Treasury: Never,
        /// The market's timelock.
        TimelockSeconds: Never,
    }
}

impl Parameter {
    /// Whether this change waits for the timelock. A change to the same value does not.
    ///
    /// ```
    /// # use backstop_engine::governance::Parameter;
    /// assert!(!Parameter::MaxLtvBps.waits(7_500, 7_000) && Parameter::MaxLtvBps.waits(7_500, 7_501));
    /// assert!(Parameter::BaseBps.waits(100, 99) && Parameter::BaseBps.waits(100, 101));
    /// ```
    pub const fn waits(self, old: u64, new: u64) -> bool {
        match self.at_once() {
            AtOnce::Lower => new > old,
            AtOnce::Never => new != old,
        }
    }

    /// Whether it decides what stakers bear, earn or wait for.
    pub const fn is_of_stakers(self) -> bool {
        matches!(
            self,
            Self::WindowSeconds
                | Self::InsuranceShareBps
                | Self::DrawCapBps
                | Self::InsuranceCutBps
                | Self::CooldownSeconds
                | Self::InsuranceFactorBps
                | Self::TargetCoverageBps
                | Self::StressedInsuranceFactorBps
                | Self::StressedInsuranceShareBps
        )
    }

    /// How long a queued change of it waits: the timelock. If it affects stakers, the longer of the timelock and their
    /// cooldown, since they cannot leave sooner.
    ///
    /// ```
    /// # use backstop_engine::governance::Parameter;
    /// assert_eq!(Parameter::BaseBps.wait_seconds(86_400, 864_000), 86_400);
    /// assert_eq!(Parameter::DrawCapBps.wait_seconds(86_400, 864_000), 864_000);
    /// ```
    pub fn wait_seconds(self, timelock_seconds: u32, cooldown_seconds: u64) -> u64 {
        let timelock = u64::from(timelock_seconds);
        if self.is_of_stakers() { timelock.max(cooldown_seconds) } else { timelock }
    }
}

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
