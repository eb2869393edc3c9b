//! Who bears a loss: reserves, then the insurance fund, then LPs. And who gets what is recovered of it: the same in reverse.
//!
//! Recording turns performing debt into a loss in one step, exact to the unit:
//! `loss = from_reserves + from_insurance + to_lps + uncovered`. LPs are not visited: NAV falls, and with it the worth of
//! every share alike.

use crate::{
    breaker::{Breaker, BreakerTerms},
    claims::{End, Ledger},
    error::{Error, Result},
    insurance::{Fund, InsuranceLimits},
    pool::{Totals, share_price},
    quantity::{Assets, DebtShares, Shares},
};

/// Everything that a loss or a recovery moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Books {
    /// The pool.
    pub totals: Totals,
    /// The LPs' claims.
    pub claims: Ledger,
    /// The insurance fund.
    pub fund: Fund,
    /// The stakers' claims.
    pub fund_claims: Ledger,
    /// The loss breaker.
    pub breaker: Breaker,
}

/// How losses are shared, and when they trip the breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LossTerms {
    /// What insurance takes.
    pub insurance: InsuranceLimits,
    /// When the breaker trips.
    pub breaker: BreakerTerms,
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
    /// The part of that which stakers bear; gifts bear the rest.
    pub from_stakers: Assets,
    /// Borne by LPs: exactly what NAV fell by.
    pub to_lps: Assets,
    /// Borne by nobody: what exceeds NAV. Zero as long as every unit lent came from NAV or reserves.
    pub uncovered: Assets,
    /// Share price before, in trillionths.
    pub share_price_before: u64,
    /// Share price after, in trillionths; zero if the loss took all of NAV.
    pub share_price_after: u64,
    /// The LP shares that bore it.
    pub shares: Shares,
    /// The stakers' shares that bore it.
    pub stake_shares: Shares,
    /// Whether NAV is gone: the shares are void and the next deposit starts at one to one in a new generation.
    pub wiped_out: bool,
    /// Whether the fund is gone: the stakers' shares are void and the next stake starts at one to one in a new generation.
    pub drained: bool,
}

/// Who bears a loss, before claims and the breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// The split.
    pub loss: Loss,
    /// NAV before the loss.
    pub nav_before: Assets,
    /// The pool afterwards.
    pub totals: Totals,
    /// The fund afterwards.
    pub fund: Fund,
}

/// What recording a loss does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The split.
    pub loss: Loss,
    /// How the LPs' generation ended, if the loss took all of NAV.
    pub end: Option<End>,
    /// How the stakers' generation ended, if the draw took all of the fund.
    pub fund_end: Option<End>,
    /// Everything afterwards.
    pub books: Books,
}

/// What a recovery does: `paid = to_lps + to_stakers + to_fund + to_reserves`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// Waits for LPs to claim it.
    pub to_lps: Assets,
    /// Waits for stakers to claim it.
    pub to_stakers: Assets,
    /// Restores what gifts paid.
    pub to_fund: Assets,
    /// Is left for reserves.
    pub to_reserves: Assets,
    /// Everything afterwards.
    pub books: Books,
}

/// Writes off `debt_shares` of the performing debt and runs the loss through the waterfall.
///
/// The loss is exactly what the performing debt falls by, so that the split adds up to the unit. Reserves pay first, all of
/// them; then the fund its share, after revenue due to it is settled into it; LPs bear the rest. LPs and stakers get claims for what
/// they bear, and what LPs bear counts for the breaker.
///
/// # Errors
/// [`Error::NoDebt`] for no shares.
///
/// ```
/// # use backstop_engine::{breaker::*, claims::Ledger, insurance::*, pool::Totals, quantity::*, waterfall::*};
/// let totals = Totals {
///     cash: Assets::new(900), debt_shares: DebtShares::new(100), shares: Shares::new(970), reserves: Assets::new(30),
///     ..Totals::empty(0)
/// };
/// let fund = Fund { assets: Assets::new(20), shares: Shares::new(20), ..Fund::default() };
/// let books = Books { totals, fund, claims: Ledger::empty(), fund_claims: Ledger::empty(), breaker: Breaker::default() };
/// let all = Bps::new(10_000);
/// let terms = LossTerms {
///     insurance: InsuranceLimits { share: all, event_cap: all, window_cap: all, window_seconds: 1 },
///     breaker: BreakerTerms { limit: all, window_seconds: 1, min_losses: Assets::ZERO },
/// };
/// let recorded = record(&books, &terms, DebtShares::new(100), 0)?;
/// let (loss, books) = (recorded.loss, recorded.books);
/// assert_eq!((loss.from_reserves, loss.from_insurance, loss.to_lps), (Assets::new(30), Assets::new(20), Assets::new(50)));
/// assert_eq!(books.totals.nav(), Ok(Assets::new(920))); // 970 - 50
///
/// // Sixty come back: LPs first, then the stakers.
/// let recovered = recover(&books, Assets::new(60))?;
/// assert_eq!((recovered.to_lps, recovered.to_stakers), (Assets::new(50), Assets::new(10)));
/// # Ok::<(), backstop_engine::Error>(())
/// ```
pub fn record(books: &Books, terms: &LossTerms, debt_shares: DebtShares, now: i64) -> Result<Recording> {
    let split = split(&books.totals, &books.fund, &terms.insurance, debt_shares, now)?;
    let loss = split.loss;
    let (claims, end) = books.claims.after_loss(loss.to_lps, loss.shares, loss.wiped_out);
    let (fund_claims, fund_end) = books.fund_claims.after_loss(loss.from_stakers, loss.stake_shares, loss.drained);
    let breaker = books.breaker.after(loss.to_lps, split.nav_before, &terms.breaker, now)?;
    Ok(Recording {
        loss,
        end,
        fund_end,
        books: Books { totals: split.totals, claims, fund: split.fund, fund_claims, breaker },
    })
}

/// The part of [`record`] that decides who bears what. Claims and the breaker follow from it: [`Ledger::after_loss`] and
/// [`Breaker::after`].
///
/// # Errors
/// As [`record`].
pub fn split(
    totals: &Totals,
    fund: &Fund,
    limits: &InsuranceLimits,
    debt_shares: DebtShares,
    now: i64,
) -> Result<Split> {
    if debt_shares.is_zero() {
        return Err(Error::NoDebt);
    }
    let owed = totals.performing_debt()?;
    let nav_before = totals.nav_with(owed)?;
    let performing = Totals { debt_shares: totals.debt_shares.minus(debt_shares)?, ..*totals };
    let loss = owed.minus(performing.performing_debt()?)?;

    let from_reserves = loss.min(totals.reserves);
    let beyond_reserves = loss.minus(from_reserves)?;
    let (fund, performing) = fund.settled(&performing)?;
    let draw = fund.draw(beyond_reserves, limits, now)?;
    let beyond_insurance = beyond_reserves.minus(draw.drawn)?;
    let to_lps = beyond_insurance.min(nav_before);
    let uncovered = beyond_insurance.minus(to_lps)?;

    let nav_left = nav_before.minus(to_lps)?;
    let wiped_out = nav_left.is_zero() && !to_lps.is_zero();
    let shares = totals.shares;
    let loss = Loss {
        loss,
        from_reserves,
        from_insurance: draw.drawn,
        from_stakers: draw.from_stakers,
        to_lps,
        uncovered,
        share_price_before: share_price(nav_before, shares),
        share_price_after: if wiped_out { 0 } else { share_price(nav_left, shares) },
        shares,
        stake_shares: draw.shares,
        wiped_out,
        drained: draw.drained && !draw.shares.is_zero(),
    };
    let totals = Totals {
        cash: totals.cash.plus(draw.drawn)?,
        reserves: totals.reserves.minus(from_reserves)?,
        shares: if wiped_out { Shares::ZERO } else { shares },
        ..performing
    };
    Ok(Split { loss, nav_before, totals, fund: draw.fund })
}

/// Splits what was paid towards written-off debt: LPs' claims first, all losses alike, then what the insurance fund paid, stakers and
/// gifts alike, then reserves. What comes back for gifts becomes the fund's again, what is left for reserves the pool's; claims wait to be
/// claimed.
///
/// # Errors
/// [`Error::MathOverflow`] if a total would not fit.
pub fn recover(books: &Books, paid: Assets) -> Result<Recovery> {
    let (to_lps, claims) = books.claims.recover(paid);
    let beyond_lps = paid.minus(to_lps)?;
    let (fund, totals) = books.fund.settled(&books.totals)?;
    let (to_stakers, to_fund, fund_claims, fund) = fund.recover(beyond_lps, &books.fund_claims)?;
    let to_reserves = beyond_lps.minus(to_stakers)?.minus(to_fund)?;
    let totals =
        Totals { cash: totals.cash.plus(to_reserves)?, reserves: totals.reserves.plus(to_reserves)?, ..totals };
    Ok(Recovery {
        to_lps,
        to_stakers,
        to_fund,
        to_reserves,
        books: Books { totals, claims, fund, fund_claims, ..*books },
    })
}
