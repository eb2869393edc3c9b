//! Limits and factors that follow risk: between bounds set by governance, step by step, with hysteresis.
//!
//! | reading | from | to | stress of |
//! | --- | --- | --- | --- |
//! | volatility: deviation of the collateral's and of the liquidity token's price from their averages, root of the sum of squares | a fifth of `stressed_deviation` | `stressed_deviation` | the loan-to-value limit, the liquidation threshold |
//! | average utilisation | half-way from the kink to 100 % | 100 % | the loan-to-value limit |
//! | loss rate: losses that still count, over themselves plus the average debt | [`CALM_LOSS`] | [`STRESSED_LOSS`] | the loan-to-value limit, the insurance factor |
//! | coverage: the insurance fund over the average debt | `target_coverage` | zero | the insurance factor, the loss-sharing ratio |
//!
//! Utilisation and debt are averages ([`Usage`]), so a momentary loan or deposit does not affect them.
//!
//! Each reading is stress between 0 and 100 %, linear between the two points. The greatest stress counts. Utilisation
//! and losses do not move the threshold: a borrower could cause them and then liquidate others.
//!
//! A [`Ramp`] has a value and a target. Stress sets the target, with hysteresis. Time moves the value towards it, by at
//! most a step a day. So a refresh changes no limit at once, only its target.

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
/// Fractional bits of a ramp's value.
const FRACTION: u32 = 32;
/// One hundred percent in basis points.
const ONE: u64 = 10_000;
/// Billionths in a basis point.
const NANO_PER_BPS: u64 = 100_000;

/// The most that a loan-to-value limit falls, or the insurance factor rises, in a day: 5 %. This takes nothing from
/// anyone, so it can be fast.
pub const TIGHTEN_STEP: Bps = Bps::new(500);
/// The most in a day that these move the other way, and that the loss-sharing ratio and a liquidation threshold move
/// either way: 1 %. Borrowers have time to act, and one calm day after a crash justifies no more.
pub const STEP: Bps = Bps::new(100);
/// The smallest change of a target, except to an end of its range: 0.5 %, half of a day's step.
pub const HYSTERESIS: Bps = Bps::new(50);
/// The loss rate at which stress begins: 0.1 %, an expected occasional loss.
pub const CALM_LOSS: Bps = Bps::new(10);
/// The loss rate of full stress: 5 %.
pub const STRESSED_LOSS: Bps = Bps::new(500);
/// Stress begins at the full-stress deviation divided by this.
const CALM_PART: u32 = 5;

/// The value of an output in calm and under full stress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The value at zero stress.
    pub calm: Bps,
    /// The value at full stress.
    pub stressed: Bps,
}

/// How fast a ramp moves, in basis points a day.
#[derive(Clone, Copy)]
struct Pace {
    up: Bps,
    down: Bps,
}

/// A value that moves towards a target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ramp {
    /// The value in basis points, with 32 fractional bits.
    pub value: u64,
    /// The target in basis points.
    pub target: u32,
    /// How far the value moves in a day, in basis points.
    pub step: u32,
}

/// A pool's rules for its outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RiskTerms {
    /// The share of interest that goes to the insurance fund.
    pub insurance_factor: Range,
    /// The loss-sharing ratio. Its stressed value applies at zero coverage.
    pub insurance_share: Range,
    /// The utilisation at which the interest curve turns steeper. Below 100 %.
    pub kink: Bps,
    /// The target coverage: the insurance fund over performing debt.
    pub target_coverage: Bps,
    /// How long losses count.
    pub window_seconds: u32,
}

/// The rules for a collateral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollateralTerms {
    /// The loan-to-value limit.
    pub max_ltv: Range,
    /// The liquidation threshold.
    pub threshold: Range,
    /// The price deviation of full stress. Above zero. Up to a fifth of it is no stress.
    pub stressed_deviation: Bps,
}

/// A pool's current outputs, and the losses that count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolRisk {
    /// The share of interest that goes to the insurance fund. It moves only in a refresh, so that interest in between
    /// accrues with one share.
    pub insurance_factor: Ramp,
    /// The loss-sharing ratio. It moves only in a refresh, and not while the pool or its fund is on hold, so that
    /// marked losses are shared as it was then.
    pub insurance_share: Ramp,
    /// What losses counted for at `at`.
    pub losses: Assets,
    /// All losses recorded up to `at`.
    pub recorded: Assets,
    /// Unix time of the last refresh.
    pub at: i64,
}

/// A collateral's current limits. They move with time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CollateralRisk {
    /// The loan-to-value limit.
    pub max_ltv: Ramp,
    /// The liquidation threshold.
    pub threshold: Ramp,
    /// Unix time of the last refresh.
    pub at: i64,
}

/// The losses of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// What the losses count for.
    pub count: Assets,
    /// All losses ever recorded.
    pub recorded: Assets,
}

/// A pool's readings, each as stress in basis points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stress {
    /// Stress of utilisation.
    pub utilisation: Bps,
    /// Stress of losses.
    pub losses: Bps,
    /// Stress of missing coverage.
    pub coverage: Bps,
}

impl Range {
    /// A range that stress lowers. A stressed value above the calm one counts as the calm one, so that the calm one can
    /// be lowered alone.
    pub fn falling(calm: Bps, stressed: Bps) -> Self {
        Self { calm, stressed: stressed.min(calm) }
    }

    /// The value at this stress, rounded towards the stressed value.
    ///
    /// ```
    /// # use backstop_engine::{quantity::Bps, risk::Range};
    /// let limit = Range { calm: Bps::new(8_000), stressed: Bps::new(7_999) };
    /// assert_eq!((limit.at(Bps::ZERO), limit.at(Bps::new(1))), (Bps::new(8_000), Bps::new(7_999)));
    /// ```
    pub fn at(&self, stress: Bps) -> Bps {
        let (calm, stressed) = (self.calm.get(), self.stressed.get());
        // 32-bit numbers: products fit 64 bits.
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

    /// Whether both values are at most `limit`.
    fn is_within(&self, limit: Bps) -> bool {
        self.calm <= limit && self.stressed <= limit
    }

    /// Whether stress lowers the value, or leaves it.
    fn falls(&self) -> bool {
        self.stressed <= self.calm
    }
}

impl Pace {
    /// The pace of the loan-to-value limit.
    const OF_LIMIT: Self = Self { up: STEP, down: TIGHTEN_STEP };
    /// The pace of the insurance factor.
    const OF_FACTOR: Self = Self { up: TIGHTEN_STEP, down: STEP };
    /// The pace of the liquidation threshold and of the loss-sharing ratio.
    const EVEN: Self = Self { up: STEP, down: STEP };
}

impl Ramp {
    /// A ramp at rest: its value is its target.
    pub const fn at_rest(at: Bps) -> Self {
        Self { value: (at.get() as u64) << FRACTION, target: at.get(), step: 0 }
    }

    /// The value, rounded down.
    #[inline(always)]
    #[allow(clippy::cast_possible_truncation)] // 64 bits without the lower 32
    pub const fn floor(&self) -> Bps {
        Bps::new((self.value >> FRACTION) as u32)
    }

    /// The value, rounded up.
    #[inline(always)]
    #[allow(clippy::cast_possible_truncation)] // 64 bits without the lower 32
    pub const fn ceil(&self) -> Bps {
        Bps::new((self.value.saturating_add((1 << FRACTION) - 1) >> FRACTION) as u32)
    }

    /// The ramp after some seconds: closer to its target by at most its step a day, rounded down.
    ///
    /// ```
    /// # use backstop_engine::{quantity::Bps, risk::Ramp};
    /// let falling = Ramp { target: 7_000, step: 100, ..Ramp::at_rest(Bps::new(7_500)) };
    /// assert_eq!(falling.after(43_200).ceil(), Bps::new(7_451)); // half a day: a little less than 50
    /// assert_eq!(falling.after(864_000).floor(), Bps::new(7_000));
    /// ```
    #[inline]
    pub fn after(&self, seconds: u64) -> Self {
        let target = u64::from(self.target) << FRACTION;
        if self.value == target {
            return *self;
        }
        let per_second = (u64::from(self.step) << FRACTION).checked_div(DAY).unwrap_or(0);
        let way = per_second.saturating_mul(seconds);
        let value = if self.value > target {
            self.value.saturating_sub(way).max(target)
        } else {
            self.value.saturating_add(way).min(target)
        };
        Self { value, ..*self }
    }

    /// Sets the target to the value at this stress, if that is an end of the range or at least [`HYSTERESIS`] from the
    /// target.
    fn heading_for(&self, range: &Range, stress: Bps, pace: Pace) -> Self {
        let target = range.at(stress).get();
        let moves = target.abs_diff(self.target) >= HYSTERESIS.get() || range.ends().contains(&target);
        self.target(if moves { target } else { self.target }, pace)
    }

    /// Moves the target into the range.
    fn heading_within(&self, range: &Range, pace: Pace) -> Self {
        self.target(self.target.clamp(range.least(), range.most()), pace)
    }

    /// Moves the value and the target into the range at once.
    fn within(&self, range: &Range, pace: Pace) -> Self {
        let value = self.value.clamp(u64::from(range.least()) << FRACTION, u64::from(range.most()) << FRACTION);
        Self { value, ..*self }.heading_within(range, pace)
    }

    fn target(&self, target: u32, pace: Pace) -> Self {
        let step = if u64::from(target) << FRACTION < self.value { pace.down } else { pace.up };
        Self { target, step: step.get(), ..*self }
    }
}

impl RiskTerms {
    /// Checks bounds: parts at most 100 %, and stress raises the insurance factor and lowers the loss-sharing ratio.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] otherwise.
    pub fn validate(&self) -> Result<()> {
        let parts = self.insurance_factor.is_within(Bps::ONE) && self.insurance_share.is_within(Bps::ONE);
        let sides = self.insurance_factor.calm <= self.insurance_factor.stressed && self.insurance_share.falls();
        if parts && sides && self.target_coverage <= Bps::ONE { Ok(()) } else { Err(Error::InvalidParameter) }
    }

    /// The utilisation at which stress begins: half-way from the kink to 100 %, rounded down.
    const fn calm_utilisation(&self) -> Bps {
        Bps::new(self.kink.get().saturating_add(Bps::ONE.get()) >> 1)
    }

    /// The pool's stress readings, from its averages.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] cannot occur.
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
    /// Checks bounds: limits at most their thresholds, stress lowers both, and the deviation of full stress is above
    /// zero.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] otherwise.
    pub fn validate(&self) -> Result<()> {
        let limits = self.max_ltv.calm <= self.threshold.calm && self.max_ltv.stressed <= self.threshold.stressed;
        let falls = self.max_ltv.falls() && self.threshold.falls() && self.threshold.calm <= Bps::ONE;
        if limits && falls && self.stressed_deviation > Bps::ZERO { Ok(()) } else { Err(Error::InvalidParameter) }
    }

    /// The stress in the prices of a collateral and a liquidity token.
    pub fn volatility(&self, collateral: &Average, liquidity: &Average) -> Bps {
        let deviation = collateral.deviation_with(liquidity).checked_div(NANO_PER_BPS).unwrap_or(0);
        between(deviation, self.calm_deviation(), self.stressed_deviation)
    }

    /// The deviation at which stress begins: a fifth of the full-stress one, rounded down.
    pub fn calm_deviation(&self) -> Bps {
        Bps::new(self.stressed_deviation.get().checked_div(CALM_PART).unwrap_or(0))
    }
}

impl PoolRisk {
    /// The calm outputs, at rest.
    pub const fn at_rest(terms: &RiskTerms, now: i64) -> Self {
        Self {
            insurance_factor: Ramp::at_rest(terms.insurance_factor.calm),
            insurance_share: Ramp::at_rest(terms.insurance_share.calm),
            losses: Assets::ZERO,
            recorded: Assets::ZERO,
            at: now,
        }
    }

    /// What losses count for at `now`, if `recorded` were ever recorded.
    ///
    /// What counted before fades by `t / (window_seconds + t)` in `t` seconds, rounded up. New losses count in full.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] cannot occur.
    pub fn losses_at(&self, recorded: Assets, window_seconds: u32, now: i64) -> Result<Losses> {
        let window = u64::from(window_seconds);
        let faded = mul_div_up(self.losses.get(), window, window.saturating_add(seconds_between(self.at, now)))?;
        let new = recorded.saturating_sub(self.recorded).get();
        Ok(Losses { count: Assets::new(faded.saturating_add(new)), recorded })
    }

    /// Moves the outputs by the time since the last refresh, at most a day of it, and sets their targets for this
    /// stress.
    ///
    /// `losses` is the outcome of [`PoolRisk::losses_at`]. While `on_hold`, the loss-sharing ratio does not move.
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

    /// Applies bounds that governance changed. The outputs move within them at once, since the change was announced.
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
    /// The calm limits, at rest.
    pub const fn at_rest(terms: &CollateralTerms, now: i64) -> Self {
        Self { max_ltv: Ramp::at_rest(terms.max_ltv.calm), threshold: Ramp::at_rest(terms.threshold.calm), at: now }
    }

    /// The loan-to-value limit, rounded down, and the liquidation threshold, rounded up, at `now`. The limit is never
    /// above the threshold.
    ///
    /// ```
    /// # use backstop_engine::{quantity::Bps, risk::*};
    /// let ltv = Ramp { target: 7_000, step: 100, ..Ramp::at_rest(Bps::new(7_500)) };
    /// let risk = CollateralRisk { max_ltv: ltv, threshold: Ramp::at_rest(Bps::new(8_000)), at: 0 };
    /// assert_eq!(risk.limits(172_800), (Bps::new(7_300), Bps::new(8_000)));
    /// ```
    #[inline]
    pub fn limits(&self, now: i64) -> (Bps, Bps) {
        let passed = seconds_between(self.at, now);
        let threshold = self.threshold.after(passed).ceil();
        (self.max_ltv.after(passed).floor().min(threshold), threshold)
    }

    /// Moves to `now` and sets targets for this stress: the limit for the greatest of all, the threshold for
    /// volatility.
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

    /// Applies bounds that governance changed. The limit moves within them at once. The threshold moves towards them at
    /// its pace, so that nobody can be liquidated at once.
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

/// How far a reading is between calm and stressed, in basis points, rounded down.
fn between(reading: u64, calm: Bps, stressed: Bps) -> Bps {
    let (calm, stressed) = (u64::from(calm.get()), u64::from(stressed.get()));
    let (way, run) = (reading.saturating_sub(calm), stressed.saturating_sub(calm));
    let stress = way.min(run).saturating_mul(ONE).checked_div(run).unwrap_or(ONE);
    Bps::new(u32::try_from(stress).unwrap_or(u32::MAX))
}
