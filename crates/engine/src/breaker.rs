//! The loss breaker: after LP losses above a limit, it blocks borrows and withdrawals need a notice, until the losses
//! have faded.
//!
//! Each loss counts as its share of NAV before it. So a deposit that comes and goes around another, tiny loss does not
//! change what a loss counts for.

use crate::{
    bounds,
    error::{Error, Result},
    fixed::{mul_div_down, mul_div_up},
    loss_book::Record,
    pool::SHARE_PRICE_ONE,
    quantity::{Assets, Bps},
    time::later,
    window::{Window, still_counts},
};

/// A basis point in trillionths. Parts of NAV are counted in trillionths, as share prices are.
const BPS: u64 = 100_000_000;

/// When the breaker trips, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerTerms {
    /// The breaker trips when the losses in the window, each as a part of NAV before it, add up to more than this. At
    /// 100 % it never trips.
    pub limit: Bps,
    /// How long a loss counts. It fades linearly.
    pub window_seconds: u64,
    /// Losses up to this sum never trip the breaker.
    pub min_losses: Assets,
    /// The shortest remaining trip when a recovery ends it early, so that nobody ends one for a moment in order to
    /// leave alone.
    pub ends_in_seconds: u64,
}

/// The losses that count, and the end of the trip.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    /// The LP losses that still count.
    pub losses: Window,
    /// The sum of the losses as parts of NAV, in trillionths. Fades with them.
    pub part: u64,
    /// Unix time at which the trip ends. In the past if there is none.
    pub until: i64,
}

impl BreakerTerms {
    /// Checks bounds: the limit at most 100 %, the window within [`bounds::WINDOW_SECONDS`].
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] otherwise.
    pub fn validate(&self) -> Result<()> {
        if self.limit <= Bps::ONE {
            bounds::WINDOW_SECONDS.check(self.window_seconds)
        } else {
            Err(Error::InvalidParameter)
        }
    }

    /// How long the losses trip the breaker after the last one: while they exceed both limits.
    fn seconds_tripped(&self, losses: &Window, part: u64) -> Result<u64> {
        let (counted, least) = (losses.counted.get(), self.min_losses.get());
        let limit = u64::from(self.limit.get()).saturating_mul(BPS);
        if counted <= least || part <= limit {
            return Ok(0);
        }
        Ok(losses.seconds_above(part, limit)?.min(losses.seconds_above(counted, least)?))
    }
}

impl Breaker {
    /// Whether the breaker is tripped at `now`.
    pub const fn is_tripped(&self, now: i64) -> bool {
        now < self.until
    }

    /// Counts an LP loss, as a part of NAV before it, rounded up.
    ///
    /// The breaker is tripped while the parts in the [`Window`] add up to more than the limit, and the losses to more
    /// than [`BreakerTerms::min_losses`]. A trip lasts at most one window.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] cannot occur for validated terms.
    ///
    /// ```
    /// # use backstop_engine::{breaker::*, quantity::{Assets, Bps}};
    /// let terms = BreakerTerms {
    ///     limit: Bps::new(500), window_seconds: 1_000, min_losses: Assets::ZERO, ends_in_seconds: 0,
    /// };
    /// let calm = Breaker::default().after(Assets::new(50), Assets::new(1_000), &terms, 0)?;
    /// assert!(!calm.is_tripped(0));
    /// let tripped = Breaker::default().after(Assets::new(200), Assets::new(1_000), &terms, 0)?;
    /// assert!(tripped.is_tripped(749) && !tripped.is_tripped(750)); // 20 % fade to 5 % in three quarters of the window
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn after(&self, loss: Assets, nav_before: Assets, terms: &BreakerTerms, now: i64) -> Result<Self> {
        if loss.is_zero() || terms.limit >= Bps::ONE {
            return Ok(*self);
        }
        let added = mul_div_up(loss.get(), SHARE_PRICE_ONE, nav_before.get().max(loss.get()))?;
        let part = self.losses.fade(self.part, now)?.saturating_add(added);
        let losses = self.losses.faded(now)?.plus(loss, terms.window_seconds, now)?;
        let seconds = terms.seconds_tripped(&losses, part)?;
        let until = if seconds == 0 { self.until } else { self.until.max(later(now, seconds)) };
        Ok(Self { losses, part, until })
    }

    /// Stops counting `recovered` of the LPs' part of a loss: the recovered part of what that loss still counts for,
    /// rounded down.
    ///
    /// The trip ends when the remainder has faded to the limit. It ends no sooner than
    /// [`BreakerTerms::ends_in_seconds`] from `now`, and no later than before.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] cannot occur for validated terms.
    ///
    /// ```
    /// # use backstop_engine::{breaker::*, loss_book::Record, quantity::{Assets, Bps}};
    /// let terms = BreakerTerms {
    ///     limit: Bps::new(500), window_seconds: 1_000, min_losses: Assets::ZERO, ends_in_seconds: 60,
    /// };
    /// let (one, eight_tenths) = (1_000_000_000_000, 800_000_000_000);
    /// let record =
    ///     Record { lps: Assets::new(200), share_price_before: one, share_price_after: eight_tenths, ..Record::default() };
    /// let tripped = Breaker::default().after(Assets::new(200), Assets::new(1_000), &terms, 0)?;
    /// let eased = tripped.recovered(Assets::new(100), &record, &terms, 0)?;
    /// assert!(eased.is_tripped(499) && !eased.is_tripped(500)); // 10 % fade to 5 % in half of the window
    /// let ended = eased.recovered(Assets::new(60), &record, &terms, 0)?;
    /// assert!(ended.is_tripped(59) && !ended.is_tripped(60));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn recovered(&self, recovered: Assets, record: &Record, terms: &BreakerTerms, now: i64) -> Result<Self> {
        if recovered.is_zero() {
            return Ok(*self);
        }
        let window = terms.window_seconds;
        let back = mul_div_down(record.part_of_nav()?, recovered.get(), record.lps.get().max(1))?;
        let back = still_counts(back, record.at, window, now)?;
        let part = self.losses.fade(self.part, now)?.saturating_sub(back);
        let losses = self.losses.less(recovered, record.at, window, now)?;
        let seconds = terms.seconds_tripped(&losses, part)?.max(terms.ends_in_seconds);
        Ok(Self { losses, part, until: self.until.min(later(now, seconds)) })
    }
}
