//! The loss breaker: after LP losses beyond a limit, deposits and borrows stop and leaving takes a notice, until the losses
//! have faded.

use crate::{
    error::{Error, Result},
    fixed::mul_div_up,
    quantity::{Assets, Bps},
    time::{later, seconds_between},
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
    /// What LP losses counted for at `at`.
    pub losses: Assets,
    /// NAV before the losses that still count.
    pub nav_before: Assets,
    /// Unix time of the last loss.
    pub at: i64,
    /// Unix time at which the losses will have faded.
    pub fades_at: i64,
    /// Unix time at which the trip ends; past if there is none.
    pub until: i64,
}

impl BreakerTerms {
    /// Checks bounds: the limit at most 100 %, the window above zero seconds.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] otherwise.
    pub fn validate(&self) -> Result<()> {
        if self.limit <= Bps::ONE && self.window_seconds > 0 { Ok(()) } else { Err(Error::InvalidParameter) }
    }
}

impl Breaker {
    /// Whether it is tripped at `now`.
    pub const fn is_tripped(&self, now: i64) -> bool {
        now < self.until
    }

    /// Counts an LP loss. Losses fade evenly, each over its own window: together until the average of their ends, weighted by
    /// what each counts for, so that a small loss moves it little. Losses `L` that fade within `s` seconds stay above the limit `M` for
    /// `s * (L - M) / L`, rounded up to a second: at most a window. `M` is the greater of the limit's part of NAV before the losses
    /// that still count and [`BreakerTerms::min_losses`].
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
        let left = seconds_between(now, self.fades_at).min(terms.window_seconds);
        let span = seconds_between(self.at, self.fades_at);
        let earlier = match left.min(span) {
            0 => 0,
            counts => mul_div_up(self.losses.get(), counts, span)?,
        };
        let nav_before = if earlier == 0 {
            nav_before
        } else {
            self.nav_before.max(Assets::new(nav_before.get().saturating_add(earlier)))
        };
        let losses = Assets::new(earlier.saturating_add(loss.get()));
        let more = mul_div_up(terms.window_seconds.saturating_sub(left), loss.get().min(losses.get()), losses.get())?;
        let seconds = left.saturating_add(more);
        let over = losses.saturating_sub(terms.limit.of_down(nav_before)?.max(terms.min_losses));
        let until = if over.is_zero() {
            self.until
        } else {
            self.until.max(later(now, mul_div_up(seconds, over.get(), losses.get())?))
        };
        Ok(Self { losses, nav_before, at: now, fades_at: later(now, seconds), until })
    }
}
