//! Amounts that count for a limited time and fade: LP losses for the breaker, draws on the insurance fund for their
//! cap.

use crate::{
    error::Result,
    fixed::{mul_div_down, mul_div_up, wide},
    quantity::Assets,
    time::{later, seconds_between},
};

/// The amounts in a window that still count.
///
/// Each amount fades linearly over its own period. Together they fade until the average of their ends, weighted by what
/// each still counts for. So a small amount moves the end only in proportion, and dust does not restart a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// What the amounts counted for at `at`.
    pub counted: Assets,
    /// Unix time of the last change.
    pub at: i64,
    /// Unix time at which everything has faded.
    pub ends_at: i64,
}

impl Window {
    /// What still counts at `now`, rounded up, so that rounding frees nothing early.
    ///
    /// # Errors
    /// [`Error::MathOverflow`](crate::error::Error::MathOverflow) cannot occur.
    ///
    /// ```
    /// # use backstop_engine::{quantity::Assets, window::Window};
    /// let window = Window { counted: Assets::new(50), at: 0, ends_at: 100 };
    /// assert_eq!(window.counted_at(25), Ok(Assets::new(38))); // three quarters of 50 is 37.5
    /// assert_eq!(window.counted_at(100), Ok(Assets::ZERO));
    /// ```
    pub fn counted_at(&self, now: i64) -> Result<Assets> {
        self.fade(self.counted.get(), now).map(Assets::new)
    }

    /// What is left at `now` of a value that fades along with the window, rounded up.
    pub(crate) fn fade(&self, value: u64, now: i64) -> Result<u64> {
        let span = seconds_between(self.at, self.ends_at);
        match seconds_between(now, self.ends_at).min(span) {
            0 => Ok(0),
            left if left == span => Ok(value),
            left => mul_div_up(value, left, span),
        }
    }

    /// The same window brought to `now`, so that what counts is computed only once.
    pub(crate) fn faded(&self, now: i64) -> Result<Self> {
        Ok(Self { counted: self.counted_at(now)?, at: now, ..*self })
    }

    /// Adds an amount that fades over `seconds`. An amount of zero changes nothing.
    ///
    /// The end is rounded up to a second and is at most `seconds` ahead. Sums saturate, since nothing may stop a loss
    /// from being recorded.
    ///
    /// # Errors
    /// [`Error::MathOverflow`](crate::error::Error::MathOverflow) cannot occur.
    ///
    /// ```
    /// # use backstop_engine::{quantity::Assets, window::Window};
    /// let first = Window::default().plus(Assets::new(80), 1_000, 0)?;
    /// let both = first.plus(Assets::new(10), 1_000, 500)?; // 40 for 500 seconds and 10 for 1,000
    /// assert_eq!(both, Window { counted: Assets::new(50), at: 500, ends_at: 1_100 });
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn plus(&self, amount: Assets, seconds: u64, now: i64) -> Result<Self> {
        if amount.is_zero() {
            return Ok(*self);
        }
        let earlier = self.counted_at(now)?.get();
        let left = if earlier == 0 { 0 } else { seconds_between(now, self.ends_at).min(seconds) };
        let counted = earlier.saturating_add(amount.get());
        let more = mul_div_up(seconds.saturating_sub(left), amount.get(), counted)?;
        Ok(Self { counted: Assets::new(counted), at: now, ends_at: later(now, left.saturating_add(more)) })
    }

    /// Removes an amount that was counted at `at` to fade over `seconds`: what it still counts for, and its weight in
    /// the end.
    ///
    /// Removing an amount that was just added restores the window, up to rounding: what counts is rounded up, the end
    /// down. An amount of zero changes nothing.
    ///
    /// # Errors
    /// [`Error::MathOverflow`](crate::error::Error::MathOverflow) cannot occur.
    ///
    /// ```
    /// # use backstop_engine::{quantity::Assets, window::Window};
    /// let both = Window { counted: Assets::new(50), at: 500, ends_at: 1_100 }; // 40 for 500 seconds and 10 for 1,000
    /// let second = Window { counted: Assets::new(10), at: 500, ends_at: 1_500 };
    /// assert_eq!(both.less(Assets::new(80), 0, 1_000, 500), Ok(second));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn less(&self, amount: Assets, at: i64, seconds: u64, now: i64) -> Result<Self> {
        if amount.is_zero() {
            return Ok(*self);
        }
        let counted = self.counted_at(now)?.get();
        let gone = still_counts(amount.get(), at, seconds, now)?.min(counted);
        let kept = counted.saturating_sub(gone);
        if gone == 0 || kept == 0 {
            return Ok(Self { counted: Assets::new(kept), at: now, ends_at: self.ends_at });
        }
        let together = wide(seconds_between(now, self.ends_at), counted);
        let ahead = together
            .saturating_sub(wide(seconds_left(at, seconds, now), gone))
            .checked_div(u128::from(kept))
            .unwrap_or(0);
        let ahead = u64::try_from(ahead).unwrap_or(u64::MAX).min(seconds);
        Ok(Self { counted: Assets::new(kept), at: now, ends_at: later(now, ahead) })
    }

    /// For how many seconds after `at` a `value` that fades along with the window stays above `limit`:
    /// `(value - limit) / value` of the way to the end, rounded up to a second.
    ///
    /// # Errors
    /// [`Error::MathOverflow`](crate::error::Error::MathOverflow) cannot occur.
    pub fn seconds_above(&self, value: u64, limit: u64) -> Result<u64> {
        match value.saturating_sub(limit) {
            0 => Ok(0),
            over => mul_div_up(seconds_between(self.at, self.ends_at), over, value),
        }
    }
}

/// How many of its `seconds` an amount counted at `at` still has to fade.
fn seconds_left(at: i64, seconds: u64, now: i64) -> u64 {
    seconds_between(now, later(at, seconds)).min(seconds)
}

/// What still counts of a value that was counted at `at` to fade over `seconds`, rounded down.
pub(crate) fn still_counts(value: u64, at: i64, seconds: u64, now: i64) -> Result<u64> {
    match seconds_left(at, seconds, now) {
        0 => Ok(0),
        left => mul_div_down(value, left, seconds),
    }
}
