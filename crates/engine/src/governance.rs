//! Who must wait: which change of a parameter can be made at once, and how long something can be paused.
//!
//! A change can be made at once only if it lets nobody take anything from anyone and keeps nobody in: it may refuse new debt and
//! new collateral. Everything else waits for the timelock in either direction, because it moves value between borrowers,
//! LPs, stakers and liquidators, slows down those who leave, or, as an oracle's limits, could keep a liquidation from happening:
//! those who do not agree can leave, repay or unstake first. So the time in which they could not does not count: see
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
/// The longest pause of what lets people out: 72 hours.
pub const MAX_EXIT_PAUSE_SECONDS: u32 = 259_200;
/// The longest pause of what lets people in: thirty days.
pub const MAX_ENTRY_PAUSE_SECONDS: u32 = 2_592_000;

/// In which direction a parameter can be changed at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtOnce {
    /// Down.
    Lower,
    /// In neither.
    Never,
}

/// What kind of account a parameter belongs to.
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
            /// All of them, in the order of their numbers.
            pub const ALL: &[Self] = &[$($(Self::$name,)*)*];

            /// What it belongs to.
            pub const fn scope(self) -> Scope {
                match self {
                    $($(Self::$name)|* => Scope::$scope,)*
                }
            }

            /// The direction in which it can be changed at once.
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
        /// Collateral worth at most this does not keep a debt from being recorded.
        DustValue: Never,
        /// Slots between the last borrow or collateral withdrawal and the recording of a loss.
        MinDefaultAgeSlots: Never,
        /// How long a mark stands before it is settled, and nobody is held longer.
        HoldSeconds: Never,
        /// How long an LP loss counts for the breaker, a draw against the cap, and any loss for the loss rate.
        WindowSeconds: Never,
        /// The loss-sharing ratio while coverage is on target.
        InsuranceShareBps: Never,
        /// The most that the draws of a window add up to.
        DrawCapBps: Never,
        /// The least debt.
        MinDebt: Never,
        /// Part of the bonus that goes to the insurance fund.
        InsuranceCutBps: Never,
        /// The health that a liquidation restores.
        TargetHealthBps: Never,
        /// LP losses up to this never trip the breaker.
        BreakerMinLosses: Never,
        /// LP losses beyond this part of NAV trip the breaker.
        BreakerLimitBps: Never,
        /// Notice of a withdrawal while the breaker is tripped.
        BreakerNoticeSeconds: Never,
        /// Notice of a withdrawal at any time.
        NoticeSeconds: Never,
        /// From asking to leave the fund to leaving.
        CooldownSeconds: Never,
        /// Yearly rate at no utilisation.
        BaseBps: Never,
        /// What the rate gains up to the kink.
        Slope1Bps: Never,
        /// Utilisation at which the curve turns steeper.
        KinkBps: Never,
        /// What the rate gains from the kink on.
        Slope2Bps: Never,
        /// Part of the interest that goes to reserves.
        ReserveFactorBps: Never,
        /// Part of the interest that goes to the insurance fund while coverage is on target.
        InsuranceFactorBps: Never,
        /// Horizon of the average prices.
        AverageSeconds: Never,
        /// How far a price may be from its average and count when borrowing.
        MaxPremiumBps: Lower,
        /// The insurance fund over performing debt that is aimed at.
        TargetCoverageBps: Never,
        /// Part of the interest that goes to the insurance fund under full stress.
        StressedInsuranceFactorBps: Never,
        /// The loss-sharing ratio at no coverage.
        StressedInsuranceShareBps: Never,
        /// The liquidity token's feed.
        LiquidityFeed: Never,
        /// Its second feed; zeros are none.
        LiquiditySecondFeed: Never,
        /// Oldest price of its feed.
        LiquidityMaxAgeSeconds: Never,
        /// Widest confidence interval of its price.
        LiquidityMaxConfidenceBps: Never,
        /// Most that its two feeds may be apart.
        LiquidityMaxDivergenceBps: Never,
        /// The most that LPs together may have in the pool.
        PoolDepositCap: Lower,
        /// The most that may be lent.
        BorrowCap: Lower,
        /// How much of the reserves may be collected. It falls by what is.
        ReleasedReserves: Lower,
    }
    Collateral: {
        /// The most of a collateral that all obligations together may hold.
        DepositCap: Lower,
        /// Its loan-to-value limit in calm.
        MaxLtvBps: Lower,
        /// Its loan-to-value limit under full stress.
        StressedMaxLtvBps: Lower,
        /// Its liquidation threshold in calm.
        LiquidationThresholdBps: Never,
        /// Its liquidation threshold under full stress.
        StressedThresholdBps: Never,
        /// Its liquidator's bonus at the liquidation threshold.
        BonusMinBps: Never,
        /// The most that the bonus grows to.
        BonusMaxBps: Never,
        /// Deviation of its price at which stress is full; a fifth of it is none.
        StressedDeviationBps: Never,
        /// Its feed.
        CollateralFeed: Never,
        /// Its second feed; zeros are none.
        CollateralSecondFeed: Never,
        /// Oldest price of its feed.
        CollateralMaxAgeSeconds: Never,
        /// Widest confidence interval of its price.
        CollateralMaxConfidenceBps: Never,
        /// Most that its two feeds may be apart.
        CollateralMaxDivergenceBps: Never,
    }
    Market: {
        /// The market's guardian.
        Guardian: Never,
        /// Where reserves go.
        Treasury: Never,
        /// The market's timelock.
        TimelockSeconds: Never,
    }
}

impl Parameter {
    /// Whether this change must wait for the timelock. No change need not.
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

    /// How long a queued change of it waits: the timelock, and what may take from stakers the longer of that and their cooldown, since they
    /// cannot leave sooner.
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
    /// Unix time from which it cannot be executed any more.
    pub lapses_at: i64,
}

impl Schedule {
    /// Queued at `now`.
    pub fn after(timelock_seconds: u64, now: i64) -> Self {
        let executable_at = later(now, timelock_seconds);
        Self { executable_at, lapses_at: later(executable_at, GRACE_SECONDS.into()) }
    }

    /// Allows it to be executed.
    ///
    /// # Errors
    /// [`Error::ChangeNotReady`] before, [`Error::ChangeLapsed`] after.
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

/// The time that a queued change waits on: Unix time without the longer of what pool and fund were on hold since it was queued, when they had been
/// for `queued` seconds in all. So those who would leave before it have as long as it says. It never goes back.
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

/// When a collateral opens that is listed at `now` in a pool that is open: after twice the timelock and the longest pause of
/// exits. An exit is open at least as long as it was paused, so each was open for a whole timelock by then.
///
/// ```
/// # use backstop_engine::governance::opening;
/// assert_eq!(opening(86_400, 1_000), 1_000 + 2 * 86_400 + 259_200);
/// ```
pub fn opening(timelock_seconds: u32, now: i64) -> i64 {
    let wait = u64::from(timelock_seconds).saturating_mul(2).saturating_add(u64::from(MAX_EXIT_PAUSE_SECONDS));
    later(now, wait)
}

/// Checks a timelock: from [`MIN_TIMELOCK_SECONDS`] to [`MAX_TIMELOCK_SECONDS`].
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

/// What can be paused. All else goes on at any time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pausable {
    /// LPs' deposits.
    Deposit,
    /// Borrowing.
    Borrow,
    /// Taking collateral out.
    WithdrawCollateral,
    /// LPs' withdrawals.
    Withdraw,
}

impl Pausable {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 4] = [Self::Deposit, Self::Borrow, Self::WithdrawCollateral, Self::Withdraw];

    /// Whether it lets people out.
    pub const fn is_exit(self) -> bool {
        matches!(self, Self::WithdrawCollateral | Self::Withdraw)
    }

    /// The longest pause, from its beginning to its end.
    pub const fn max_seconds(self) -> u32 {
        if self.is_exit() { MAX_EXIT_PAUSE_SECONDS } else { MAX_ENTRY_PAUSE_SECONDS }
    }
}

/// A pause. One that is over still counts against the next, if it kept people from leaving.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pause {
    /// Unix time at which it began.
    pub since: i64,
    /// Unix time at which it ends.
    pub until: i64,
}

impl Pause {
    /// Whether it is on at `now`.
    pub const fn holds(&self, now: i64) -> bool {
        now < self.until
    }

    /// Pauses for `seconds` from `now`, or longer one that is on. What lets people out can be paused for
    /// [`MAX_EXIT_PAUSE_SECONDS`] in all, and then not again before it was open for as long as it was paused.
    ///
    /// # Errors
    /// [`Error::PauseTooLong`], [`Error::PauseTooSoon`].
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

    /// Allows a change to be made that those who were kept in may want to leave before: only a whole timelock after it ended.
    ///
    /// # Errors
    /// [`Error::ChangeNotReady`] earlier.
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

    /// Ends it at `now`, if it is on.
    pub fn end(&self, now: i64) -> Self {
        Self { since: self.since, until: self.until.min(now) }
    }
}
