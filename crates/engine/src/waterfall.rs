//! Who bears a loss: reserves, then the insurance fund, then LPs.
//!
//! Recording turns performing debt into a loss in one step, exact to the unit:
//! `loss = from_reserves + from_insurance + to_lps + uncovered`. LPs are not visited: NAV falls, and with it the worth of
//! every share alike.

use crate::{
    error::{Error, Result},
    fixed::mul_div_down,
    pool::{Totals, share_price},
    quantity::{Assets, Bps, DebtShares, Shares},
};

/// How much of a loss the insurance fund takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InsuranceLimits {
    /// The loss-sharing ratio: the part of what reserves leave that the fund pays.
    pub share: Bps,
    /// The most one loss draws, of the fund's assets before it.
    pub event_cap: Bps,
    /// The most that draws within the window add up to, of the fund's assets before them.
    pub window_cap: Bps,
    /// How long a draw counts against the window cap; it fades evenly.
    pub window_seconds: u64,
}

/// The insurance fund of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fund {
    /// What it holds.
    pub assets: Assets,
    /// All that was ever drawn, at most 2^64 - 1.
    pub drawn: Assets,
    /// What recent draws still count for at `window_at`.
    pub window_drawn: Assets,
    /// Unix time of the last draw.
    pub window_at: i64,
}

/// How one loss was split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The performing debt that was written off.
    pub loss: Assets,
    /// Borne by reserves.
    pub from_reserves: Assets,
    /// Borne by the insurance fund.
    pub from_insurance: Assets,
    /// Borne by LPs: exactly what NAV fell by.
    pub to_lps: Assets,
    /// Borne by nobody: what exceeds NAV. Zero as long as every unit lent came from NAV or reserves.
    pub uncovered: Assets,
    /// Share price before, in trillionths.
    pub share_price_before: u64,
    /// Share price after, in trillionths; zero if the loss took all of NAV.
    pub share_price_after: u64,
    /// The shares that bore it.
    pub shares: Shares,
    /// Whether NAV is gone: the shares are void and the next deposit starts at one to one in a new generation.
    pub wiped_out: bool,
}

/// What recording a loss does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The split.
    pub loss: Loss,
    /// Revenue that was due to the fund and is settled into it before the draw: moves from the pool's to the fund's vault.
    pub settled: Assets,
    /// The pool afterwards.
    pub totals: Totals,
    /// The fund afterwards.
    pub fund: Fund,
}

impl InsuranceLimits {
    /// Checks bounds: each part at most 100 %, the window above zero seconds.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] otherwise.
    pub fn validate(&self) -> Result<()> {
        let parts = self.share <= Bps::ONE && self.event_cap <= Bps::ONE && self.window_cap <= Bps::ONE;
        if parts && self.window_seconds > 0 { Ok(()) } else { Err(Error::InvalidParameter) }
    }
}

impl Fund {
    /// What draws still count for at `now`: they fade evenly over the window. Rounded up, in favour of the fund.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] never for validated limits.
    ///
    /// ```
    /// # use backstop_engine::{quantity::Assets, waterfall::Fund};
    /// let fund = Fund { assets: Assets::new(50), drawn: Assets::new(50), window_drawn: Assets::new(50), window_at: 0 };
    /// assert_eq!(fund.window_drawn_at(100, 25), Ok(Assets::new(38))); // three quarters of 50 is 37.5
    /// ```
    pub fn window_drawn_at(&self, window_seconds: u64, now: i64) -> Result<Assets> {
        let passed = u64::try_from(now.saturating_sub(self.window_at)).unwrap_or(0);
        if passed >= window_seconds || self.window_drawn.is_zero() {
            return Ok(Assets::ZERO);
        }
        let faded = mul_div_down(self.window_drawn.get(), passed, window_seconds)?;
        Ok(self.window_drawn.saturating_sub(Assets::new(faded)))
    }

    /// Draws for a loss: the share of it, within the event cap (of assets), the window cap (of assets and what was drawn in
    /// the window), and what the fund holds. Every part is rounded down.
    fn draw(&self, loss: Assets, limits: &InsuranceLimits, now: i64) -> Result<(Assets, Self)> {
        let window_drawn = self.window_drawn_at(limits.window_seconds, now)?;
        let share = limits.share.of_down(loss)?;
        let event = limits.event_cap.of_down(self.assets)?;
        // Saturating, in favour of the fund: nothing may stop a loss from being recorded.
        let capped = Assets::new(self.assets.get().saturating_add(window_drawn.get()));
        let window = limits.window_cap.of_down(capped)?.saturating_sub(window_drawn);
        let drawn = share.min(event).min(window).min(self.assets);
        if drawn.is_zero() {
            return Ok((drawn, *self));
        }
        let fund = Self {
            assets: self.assets.minus(drawn)?,
            drawn: Assets::new(self.drawn.get().saturating_add(drawn.get())),
            window_drawn: window_drawn.plus(drawn)?,
            window_at: now,
        };
        Ok((drawn, fund))
    }
}

/// Writes off `debt_shares` of the performing debt and runs the loss through the waterfall.
///
/// The loss is exactly what the performing debt falls by, so that the split adds up to the unit. Reserves pay first, all of
/// them; then the fund its share, after revenue due to it is settled into it; LPs bear the rest.
///
/// # Errors
/// [`Error::NoDebt`] for no shares.
///
/// ```
/// # use backstop_engine::{pool::Totals, quantity::*, waterfall::*};
/// let pool = Totals {
///     cash: Assets::new(900), debt_shares: DebtShares::new(100), shares: Shares::new(970), reserves: Assets::new(30),
///     ..Totals::empty(0)
/// };
/// let fund = Fund { assets: Assets::new(20), drawn: Assets::ZERO, window_drawn: Assets::ZERO, window_at: 0 };
/// let limits = InsuranceLimits {
///     share: Bps::new(10_000), event_cap: Bps::new(10_000), window_cap: Bps::new(10_000), window_seconds: 1,
/// };
/// let recorded = record(&pool, &fund, &limits, DebtShares::new(100), 0)?;
/// let loss = recorded.loss;
/// assert_eq!((loss.from_reserves, loss.from_insurance, loss.to_lps), (Assets::new(30), Assets::new(20), Assets::new(50)));
/// assert_eq!(recorded.totals.nav(), Ok(Assets::new(920))); // 970 - 50
/// # Ok::<(), backstop_engine::Error>(())
/// ```
pub fn record(
    totals: &Totals,
    fund: &Fund,
    limits: &InsuranceLimits,
    debt_shares: DebtShares,
    now: i64,
) -> Result<Recording> {
    if debt_shares.is_zero() {
        return Err(Error::NoDebt);
    }
    let owed = totals.performing_debt()?;
    let nav = totals.nav_with(owed)?;
    let performing = Totals { debt_shares: totals.debt_shares.minus(debt_shares)?, ..*totals };
    let loss = owed.minus(performing.performing_debt()?)?;

    let from_reserves = loss.min(totals.reserves);
    let beyond_reserves = loss.minus(from_reserves)?;
    let settled = totals.insurance_due;
    let funded = Fund { assets: fund.assets.plus(settled)?, ..*fund };
    let (from_insurance, fund) = funded.draw(beyond_reserves, limits, now)?;
    let beyond_insurance = beyond_reserves.minus(from_insurance)?;
    let to_lps = beyond_insurance.min(nav);
    let uncovered = beyond_insurance.minus(to_lps)?;

    let nav_left = nav.minus(to_lps)?;
    let wiped_out = nav_left.is_zero() && !to_lps.is_zero();
    let share_price_before = share_price(nav, totals.shares);
    let share_price_after = if wiped_out { 0 } else { share_price(nav_left, totals.shares) };
    let shares = totals.shares;
    let totals = Totals {
        cash: totals.cash.plus(from_insurance)?,
        reserves: totals.reserves.minus(from_reserves)?,
        insurance_due: Assets::ZERO,
        shares: if wiped_out { Shares::ZERO } else { shares },
        ..performing
    };
    let loss = Loss {
        loss,
        from_reserves,
        from_insurance,
        to_lps,
        uncovered,
        share_price_before,
        share_price_after,
        shares,
        wiped_out,
    };
    Ok(Recording { loss, settled, totals, fund })
}
