//! Limits and parts that move with risk: between bounds that governance set, by steps, with hysteresis.
//!
//! | reading | from | to | stress of |
//! | --- | --- | --- | --- |
//! | volatility: deviation of the collateral's and of the liquidity token's price from their averages, squares added | a fifth of `stressed_deviation` | `stressed_deviation` | the loan-to-value limit, the liquidation threshold |
//! | average utilisation | half-way from the kink to 100 % | 100 % | the loan-to-value limit |
//! | loss rate: losses that still count, over themselves plus the average debt | [`CALM_LOSS`] | [`STRESSED_LOSS`] | the loan-to-value limit, the insurance factor |
//! | coverage: the insurance fund over the average debt | `target_coverage` | nothing | the insurance factor, the loss-sharing ratio |
//!
//! Utilisation and debt are averages ([`Usage`]), so no loan or deposit for a moment is read.
//!
//! Each reading is stress between 0 and 100 %, rising evenly between two points; the greatest counts. Utilisation and losses do
//! not move the threshold: a borrower could bring them about and then liquidate others.
//!
//! A [`Gauge`] has a value and a heading. Stress sets the heading (with hysteresis); time moves the value towards it, at most a
//! step a day. So no refresh changes a limit: it changes where the limit is going.

use crate::{
    average::Average,
    error::{Error, Result},
    fixed::{mul_div_down, mul_div_up},
    quantity::{Assets, Bps},
    time::seconds_between,
    usage::Usage,
};

/// Seconds in a day.
const DAY: u64 = 86_400;
/// Fractional bits of a gauge's value.
const FRACTION: u32 = 32;
/// One hundred percent in basis points.
const ONE: u64 = 10_000;
/// Billionths in a basis point.
const NANO_PER_BPS: u64 = 100_000;

/// The most that a loan-to-value limit falls, or the insurance factor rises, in a day: 5 %. It takes nothing from anyone, so it can be quick.
pub const TIGHTEN_STEP: Bps = Bps::new(500);
/// The most that they move the other way in a day, the loss-sharing ratio either way, and a liquidation threshold either way: 1 %. Who borrowed can act
/// on that, and a calm day after a crash is no reason for more.
pub const STEP: Bps = Bps::new(100);
/// The least change of a heading, but for one to an end of its range: 0.5 %, half of a day's step.
pub const HYSTERESIS: Bps = Bps::new(50);
/// The loss rate from which on there is stress: 0.1 %, what a pool is expected to lose now and then.
pub const CALM_LOSS: Bps = Bps::new(10);
/// The loss rate of full stress: 5 %.
pub const STRESSED_LOSS: Bps = Bps::new(500);
/// Stress begins at this part of the deviation at which it is full.
const CALM_PART: u32 = 5;

/// What an output is in calm and under full stress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// At no stress.
    pub calm: Bps,
    /// At full stress.
    pub stressed: Bps,
}

/// How fast a gauge moves, in basis points a day.
#[derive(Clone, Copy)]
struct Pace {
    up: Bps,
    down: Bps,
}

/// A value on its way to a heading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gauge {
    /// Basis points, 32 fractional bits.
    pub value: u64,
    /// Basis points.
    pub heading: u32,
    /// How far it moves in a day, in basis points.
    pub step: u32,
}

/// A pool's rules for the outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RiskTerms {
    /// The part of interest that goes to the insurance fund.
    pub insurance_factor: Range,
    /// The loss-sharing ratio. Stressed is at no coverage.
    pub insurance_share: Range,
    /// Utilisation at which the interest curve turns steeper; below 100 %.
    pub kink: Bps,
    /// The insurance fund over performing debt that is aimed at.
    pub target_coverage: Bps,
    /// How long losses count.
    pub window_seconds: u32,
}

/// A collateral's rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollateralTerms {
    /// The loan-to-value limit.
    pub max_ltv: Range,
    /// The liquidation threshold.
    pub threshold: Range,
    /// Deviation of prices of full stress, above zero. A fifth of it is none.
    pub stressed_deviation: Bps,
}

/// What a pool's outputs are, and the losses that count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolRisk {
    /// The part of interest that goes to the insurance fund. It moves when it is refreshed only, so that interest is counted at one part between.
    pub insurance_factor: Gauge,
    /// The loss-sharing ratio. It moves when it is refreshed only, and not while the pool or its fund is on hold: what is marked is shared as it said then.
    pub insurance_share: Gauge,
    /// What losses counted for at `at`.
    pub losses: Assets,
    /// All losses that had been recorded then.
    pub recorded: Assets,
    /// Unix time of the last refresh.
    pub at: i64,
}

/// What a collateral's limits are. They move with time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CollateralRisk {
    /// The loan-to-value limit.
    pub max_ltv: Gauge,
    /// The liquidation threshold.
    pub threshold: Gauge,
    /// Unix time of the last refresh.
    pub at: i64,
}

/// Losses of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// What they count for.
    pub count: Assets,
    /// All that were ever recorded.
    pub recorded: Assets,
}

/// Readings of a pool, each as stress in basis points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stress {
    /// Of utilisation.
    pub utilisation: Bps,
    /// Of losses.
    pub losses: Bps,
    /// Of coverage that is missing.
    pub coverage: Bps,
}

impl Range {
    /// A range that stress lowers: a stressed value above the calm one counts as that, so that the calm one can be lowered alone.
    pub fn falling(calm: Bps, stressed: Bps) -> Self {
        Self { calm, stressed: stressed.min(calm) }
    }

    /// The value at this stress, rounded towards the stressed one.
    ///
    /// ```
    /// # use backstop_engine::{quantity::Bps, risk::Range};
    /// let limit = Range { calm: Bps::new(8_000), stressed: Bps::new(7_999) };
    /// assert_eq!((limit.at(Bps::ZERO), limit.at(Bps::new(1))), (Bps::new(8_000), Bps::new(7_999)));
    /// ```
    pub fn at(&self, stress: Bps) -> Bps {
        let (calm, stressed) = (self.calm.get(), self.stressed.get());
        // Numbers of 32 bits: products fit.
        let way = u64::from(calm.abs_diff(stressed)).saturating_mul(u64::from(stress.get()));
        let way = u32::try_from(way.div_ceil(ONE)).unwrap_or(u32::MAX);
        Bps::new(if calm > stressed { calm.saturating_sub(way) } else { calm.saturating_add(way) })
    }

    fn ends(&self) -> [u32; 2] {
        [self.calm.get(), self.stressed.get()]
    }

    fn least(&self) -> u32 {
        self.calm.min(self.stressed).get()
    }

    fn most(&self) -> u32 {
        self.calm.max(self.stressed).get()
    }

    /// Checks that both are at most `limit`.
    fn is_within(&self, limit: Bps) -> bool {
        self.calm <= limit && self.stressed <= limit
    }

    /// Checks that stress lowers it.
    fn falls(&self) -> bool {
        self.stressed <= self.calm
    }
}

impl Pace {
    /// Of the loan-to-value limit.
    const OF_LIMIT: Self = Self { up: STEP, down: TIGHTEN_STEP };
    /// Of the insurance factor.
    const OF_FACTOR: Self = Self { up: TIGHTEN_STEP, down: STEP };
    /// Of the liquidation threshold and the loss-sharing ratio.
    const EVEN: Self = Self { up: STEP, down: STEP };
}

impl Gauge {
    /// At rest.
    pub const fn at_rest(at: Bps) -> Self {
        Self { value: (at.get() as u64) << FRACTION, heading: at.get(), step: 0 }
    }

    /// Its value, rounded down.
    #[inline(always)]
    #[allow(clippy::cast_possible_truncation)] // 64 bits without the lower 32
    pub const fn floor(&self) -> Bps {
        Bps::new((self.value >> FRACTION) as u32)
    }

    /// Its value, rounded up.
    #[inline(always)]
    #[allow(clippy::cast_possible_truncation)] // 64 bits without the lower 32
    pub const fn ceil(&self) -> Bps {
        Bps::new((self.value.saturating_add((1 << FRACTION) - 1) >> FRACTION) as u32)
    }

    /// After some seconds: nearer to its heading by at most its step a day, rounded down.
    ///
    /// ```
    /// # use backstop_engine::{quantity::Bps, risk::Gauge};
    /// let falling = Gauge { heading: 7_000, step: 100, ..Gauge::at_rest(Bps::new(7_500)) };
    /// assert_eq!(falling.after(43_200).ceil(), Bps::new(7_451)); // half a day: a little less than 50
    /// assert_eq!(falling.after(864_000).floor(), Bps::new(7_000));
    /// ```
    #[inline]
    pub fn after(&self, seconds: u64) -> Self {
        let heading = u64::from(self.heading) << FRACTION;
        if self.value == heading {
            return *self;
        }
        let per_second = (u64::from(self.step) << FRACTION).checked_div(DAY).unwrap_or(0);
        let way = per_second.saturating_mul(seconds);
        let value = if self.value > heading {
            self.value.saturating_sub(way).max(heading)
        } else {
            self.value.saturating_add(way).min(heading)
        };
        Self { value, ..*self }
    }

    /// Heads for the value at this stress, if that is a bound or differs from the heading by at least [`HYSTERESIS`].
    fn heading_for(&self, range: &Range, stress: Bps, pace: Pace) -> Self {
        let target = range.at(stress).get();
        let moves = target.abs_diff(self.heading) >= HYSTERESIS.get() || range.ends().contains(&target);
        self.heading(if moves { target } else { self.heading }, pace)
    }

    /// Heads for somewhere within the range.
    fn heading_within(&self, range: &Range, pace: Pace) -> Self {
        self.heading(self.heading.clamp(range.least(), range.most()), pace)
    }

    /// Is within the range, at once.
    fn within(&self, range: &Range, pace: Pace) -> Self {
        let value = self.value.clamp(u64::from(range.least()) << FRACTION, u64::from(range.most()) << FRACTION);
        Self { value, ..*self }.heading_within(range, pace)
    }

    fn heading(&self, heading: u32, pace: Pace) -> Self {
        let step = if u64::from(heading) << FRACTION < self.value { pace.down } else { pace.up };
        Self { heading, step: step.get(), ..*self }
    }
}

impl RiskTerms {
    /// Checks bounds: parts at most 100 %, and stress raising the insurance factor and lowering the loss-sharing ratio.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] otherwise.
    pub fn validate(&self) -> Result<()> {
        let parts = self.insurance_factor.is_within(Bps::ONE) && self.insurance_share.is_within(Bps::ONE);
        let sides = self.insurance_factor.calm <= self.insurance_factor.stressed && self.insurance_share.falls();
        if parts && sides && self.target_coverage <= Bps::ONE { Ok(()) } else { Err(Error::InvalidParameter) }
    }

    /// Utilisation from which on there is stress: half-way from the kink to full utilisation, rounded down.
    const fn calm_utilisation(&self) -> Bps {
        Bps::new(self.kink.get().saturating_add(Bps::ONE.get()) >> 1)
    }

    /// What the pool reads, of its averages.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] never.
    pub fn stress(&self, usage: &Usage, fund: Assets, losses: Assets) -> Result<Stress> {
        let debt = usage.debt;
        let ratio = |part: Assets, whole: Assets| match whole.get() {
            0 => Ok(0),
            whole => mul_div_down(part.get(), ONE, whole),
        };
        let utilisation = usage.reading().checked_div(NANO_PER_BPS).unwrap_or(0);
        let loss_rate = ratio(losses, Assets::new(losses.get().saturating_add(debt.get())))?;
        let target = self.target_coverage.of_down(debt)?;
        let missing = ratio(target.saturating_sub(fund), target)?;
        Ok(Stress {
            utilisation: between(utilisation, self.calm_utilisation(), Bps::ONE),
            losses: between(loss_rate, CALM_LOSS, STRESSED_LOSS),
            coverage: Bps::new(u32::try_from(missing).unwrap_or(u32::MAX)),
        })
    }
}

impl CollateralTerms {
    /// Checks bounds: limits at most their thresholds, stress lowering both, a deviation of full stress above zero.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] otherwise.
    pub fn validate(&self) -> Result<()> {
        let limits = self.max_ltv.calm <= self.threshold.calm && self.max_ltv.stressed <= self.threshold.stressed;
        let falls = self.max_ltv.falls() && self.threshold.falls() && self.threshold.calm <= Bps::ONE;
        if limits && falls && self.stressed_deviation > Bps::ZERO { Ok(()) } else { Err(Error::InvalidParameter) }
    }

    /// How much stress there is in a collateral's and a liquidity token's prices.
    pub fn volatility(&self, collateral: &Average, liquidity: &Average) -> Bps {
        let deviation = collateral.deviation_with(liquidity).checked_div(NANO_PER_BPS).unwrap_or(0);
        between(deviation, self.calm_deviation(), self.stressed_deviation)
    }

    /// The deviation from which on there is stress: a fifth of that of full stress, rounded down.
    pub fn calm_deviation(&self) -> Bps {
        Bps::new(self.stressed_deviation.get().checked_div(CALM_PART).unwrap_or(0))
    }
}

impl PoolRisk {
    /// At rest, in calm.
    pub const fn at_rest(terms: &RiskTerms, now: i64) -> Self {
        Self {
            insurance_factor: Gauge::at_rest(terms.insurance_factor.calm),
            insurance_share: Gauge::at_rest(terms.insurance_share.calm),
            losses: Assets::ZERO,
            recorded: Assets::ZERO,
            at: now,
        }
    }

    /// What losses count for at `now`, when `recorded` were ever recorded: what counted before fades by `t / (window_seconds + t)` in `t`
    /// seconds, rounded up; new losses count whole.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] never.
    pub fn losses_at(&self, recorded: Assets, window_seconds: u32, now: i64) -> Result<Losses> {
        let window = u64::from(window_seconds);
        let faded = mul_div_up(self.losses.get(), window, window.saturating_add(seconds_between(self.at, now)))?;
        let new = recorded.saturating_sub(self.recorded).get();
        Ok(Losses { count: Assets::new(faded.saturating_add(new)), recorded })
    }

    /// Moves the outputs by the time since the last refresh, a day of it at most, and heads them for this stress. `losses` are
    /// those of [`PoolRisk::losses_at`]. While `on_hold`, the loss-sharing ratio stands.
    #[must_use]
    pub fn refresh(&self, terms: &RiskTerms, stress: &Stress, losses: &Losses, on_hold: bool, now: i64) -> Self {
        let passed = seconds_between(self.at, now).min(DAY);
        let shortage = stress.coverage.max(stress.losses);
        let (factor, share) = (&self.insurance_factor, &self.insurance_share);
        let share = if on_hold { *share } else { share.after(passed) };
        Self {
            insurance_factor: factor.after(passed).heading_for(&terms.insurance_factor, shortage, Pace::OF_FACTOR),
            insurance_share: share.heading_for(&terms.insurance_share, stress.coverage, Pace::EVEN),
            losses: losses.count,
            recorded: losses.recorded,
            at: now.max(self.at),
        }
    }

    /// After governance has changed the bounds: within them at once, as they were announced.
    #[must_use]
    pub fn bounded(&self, terms: &RiskTerms) -> Self {
        Self {
            insurance_factor: self.insurance_factor.within(&terms.insurance_factor, Pace::OF_FACTOR),
            insurance_share: self.insurance_share.within(&terms.insurance_share, Pace::EVEN),
            ..*self
        }
    }
}

impl CollateralRisk {
    /// At rest, in calm.
    pub const fn at_rest(terms: &CollateralTerms, now: i64) -> Self {
        Self { max_ltv: Gauge::at_rest(terms.max_ltv.calm), threshold: Gauge::at_rest(terms.threshold.calm), at: now }
    }

    /// The loan-to-value limit, rounded down, and the liquidation threshold, rounded up, at `now`. The limit is never above
    /// the threshold.
    ///
    /// ```
    /// # use backstop_engine::{quantity::Bps, risk::*};
    /// let ltv = Gauge { heading: 7_000, step: 100, ..Gauge::at_rest(Bps::new(7_500)) };
    /// let risk = CollateralRisk { max_ltv: ltv, threshold: Gauge::at_rest(Bps::new(8_000)), at: 0 };
    /// assert_eq!(risk.limits(172_800), (Bps::new(7_300), Bps::new(8_000)));
    /// ```
    #[inline]
    pub fn limits(&self, now: i64) -> (Bps, Bps) {
        let passed = seconds_between(self.at, now);
        let threshold = self.threshold.after(passed).ceil();
        (self.max_ltv.after(passed).floor().min(threshold), threshold)
    }

    /// Moves to `now` and heads for this stress: the limit for the greatest of all, the threshold for volatility.
    #[must_use]
    pub fn refresh(&self, terms: &CollateralTerms, stress: &Stress, volatility: Bps, now: i64) -> Self {
        let moved = self.after(now);
        let most = volatility.max(stress.utilisation).max(stress.losses);
        Self {
            max_ltv: moved.max_ltv.heading_for(&terms.max_ltv, most, Pace::OF_LIMIT),
            threshold: moved.threshold.heading_for(&terms.threshold, volatility, Pace::EVEN),
            at: moved.at,
        }
    }

    /// After governance has changed the bounds: the limit is within them at once; the threshold heads for them at its pace, so
    /// that nobody becomes liquidatable at once.
    #[must_use]
    pub fn bounded(&self, terms: &CollateralTerms, now: i64) -> Self {
        let moved = self.after(now);
        Self {
            max_ltv: moved.max_ltv.within(&terms.max_ltv, Pace::OF_LIMIT),
            threshold: moved.threshold.heading_within(&terms.threshold, Pace::EVEN),
            at: moved.at,
        }
    }

    fn after(&self, now: i64) -> Self {
        let passed = seconds_between(self.at, now);
        Self { max_ltv: self.max_ltv.after(passed), threshold: self.threshold.after(passed), at: now.max(self.at) }
    }
}

/// How far a reading is on its way from calm to stressed, rounded down.
fn between(reading: u64, calm: Bps, stressed: Bps) -> Bps {
    let (calm, stressed) = (u64::from(calm.get()), u64::from(stressed.get()));
    let (way, run) = (reading.saturating_sub(calm), stressed.saturating_sub(calm));
    let stress = way.min(run).saturating_mul(ONE).checked_div(run).unwrap_or(ONE);
    Bps::new(u32::try_from(stress).unwrap_or(u32::MAX))
}
