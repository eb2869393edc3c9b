//! The loss breaker: after LP losses beyond a limit, borrows stop and leaving takes a notice, until the losses have faded.

use crate::{
    bounds,
    error::{Error, Result},
    quantity::{Assets, Bps},
    time::later,
    window::Window,
};

/// When the breaker trips, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerTerms {
    /// It trips when the losses within the window exceed this part of NAV as it was before them. At 100 % never.
    pub limit: Bps,
    /// How long a loss counts; it fades evenly.
    pub window_seconds: u64,
    /// Losses that add up to no more than this never trip it.
    pub min_losses: Assets,
}

/// The losses that count, and until when the breaker is tripped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    /// The LP losses that still count.
    pub losses: Window,
    /// NAV before them.
    pub nav_before: Assets,
    /// Unix time at which the trip ends; past if there is none.
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

    /// For how long losses trip it from the last of them on.
    fn seconds_tripped(&self, losses: &Window, nav_before: Assets) -> Result<u64> {
        losses.seconds_above(self.limit.of_down(nav_before)?.max(self.min_losses))
    }
}

impl Breaker {
    /// Whether it is tripped at `now`.
    pub const fn is_tripped(&self, now: i64) -> bool {
        now < self.until
    }

    /// Counts an LP loss. While the losses of the [`Window`] are above the greater of the limit's part of NAV before them and
    /// [`BreakerTerms::min_losses`], the breaker is tripped: at most a window.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] never for validated terms.
    ///
    /// ```
    /// # use backstop_engine::{breaker::*, quantity::{Assets, Bps}};
    /// let terms = BreakerTerms { limit: Bps::new(500), window_seconds: 1_000, min_losses: Assets::ZERO };
    /// let calm = Breaker::default().after(Assets::new(50), Assets::new(1_000), &terms, 0)?;
    /// assert!(!calm.is_tripped(0));
    /// let tripped = Breaker::default().after(Assets::new(200), Assets::new(1_000), &terms, 0)?;
    /// assert!(tripped.is_tripped(749) && !tripped.is_tripped(750)); // 200 fades to 50 in three quarters of the window
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn after(&self, loss: Assets, nav_before: Assets, terms: &BreakerTerms, now: i64) -> Result<Self> {
        if loss.is_zero() || terms.limit >= Bps::ONE {
            return Ok(*self);
        }
        let faded = self.losses.faded(now)?;
        let earlier = faded.counted;
        let nav_before = if earlier.is_zero() {
            nav_before
        } else {
            self.nav_before.max(Assets::new(nav_before.get().saturating_add(earlier.get())))
        };
        let losses = faded.plus(loss, terms.window_seconds, now)?;
        let seconds = terms.seconds_tripped(&losses, nav_before)?;
        let until = if seconds == 0 { self.until } else { self.until.max(later(now, seconds)) };
        Ok(Self { losses, nav_before, until })
    }

    /// Counts `recovered` of an LP loss of `at` no longer: the trip ends when what is left has faded to the limit, and no later than before.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] never for validated terms.
    ///
    /// ```
    /// # use backstop_engine::{breaker::*, quantity::{Assets, Bps}};
    /// let terms = BreakerTerms { limit: Bps::new(500), window_seconds: 1_000, min_losses: Assets::ZERO };
    /// let tripped = Breaker::default().after(Assets::new(200), Assets::new(1_000), &terms, 0)?;
    /// let eased = tripped.recovered(Assets::new(100), 0, &terms, 0)?;
    /// assert!(eased.is_tripped(499) && !eased.is_tripped(500)); // 100 fades to 50 in half of the window
    /// assert!(!eased.recovered(Assets::new(60), 0, &terms, 0)?.is_tripped(0));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn recovered(&self, recovered: Assets, at: i64, terms: &BreakerTerms, now: i64) -> Result<Self> {
        if recovered.is_zero() {
            return Ok(*self);
        }
        let losses = self.losses.less(recovered, at, terms.window_seconds, now)?;
        let until = later(now, terms.seconds_tripped(&losses, self.nav_before)?);
        Ok(Self { losses, until: self.until.min(until), ..*self })
    }
}
