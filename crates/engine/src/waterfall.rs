//! Who bears a loss: reserves, then the insurance fund, then LPs. And who gets what is recovered of it: the same in reverse.
//!
//! Recording turns performing debt into a loss in one step, exact to the unit:
//! `loss = from_reserves + from_insurance + to_lps + uncovered`. LPs are not visited: NAV falls, and with it the worth of
//! every share alike.

use crate::{
    breaker::{Breaker, BreakerTerms},
    error::{Error, Result},
    history::rescalings,
    insurance::{Fund, InsuranceLimits, Stake},
    loss_book::{Parts, Record, is_minor},
    pool::{Totals, share_price},
    quantity::{Assets, DebtShares, Shares},
};

/// Everything that a loss moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Books {
    /// The pool.
    pub totals: Totals,
    /// The insurance fund.
    pub fund: Fund,
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
    /// The part of that which stakers bear; gifts, and shares that wait to be claimed, bear the rest.
    pub from_stakers: Assets,
    /// Borne by LPs: exactly what NAV fell by.
    pub to_lps: Assets,
    /// Borne by nobody: what exceeds NAV and what is owed to the fund. Zero, as every unit lent came from NAV, reserves or that.
    pub uncovered: Assets,
    /// Share price before, in trillionths.
    pub share_price_before: u64,
    /// Share price after, before shares are rescaled, in trillionths; zero if the loss took all of NAV.
    pub share_price_after: u64,
    /// The LP shares that bore it.
    pub shares: Shares,
    /// The stakers' shares that bore it.
    pub stake_shares: Shares,
    /// How often it rescaled LP shares; [`TOTAL_LOSS`](crate::history::TOTAL_LOSS) times if NAV is gone: then the next deposit is one to one.
    pub rescalings: u32,
    /// How often it rescaled the fund's shares; likewise if the fund is gone.
    pub stake_rescalings: u32,
}

/// Who bears a loss, before the breaker.
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
    /// Its record, if it is not too small for one.
    pub record: Option<Record>,
    /// Everything afterwards.
    pub books: Books,
}

/// What a recovery does: `paid = to_lps + to_stakers + to_gifts + to_reserves`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// What is paid.
    pub paid: Assets,
    /// Waits for LPs to claim it.
    pub to_lps: Assets,
    /// Goes into the fund for shares that wait for stakers to claim them.
    pub to_stakers: Assets,
    /// These shares.
    pub stake_shares: Shares,
    /// Is given to the fund.
    pub to_gifts: Assets,
    /// Is left for reserves.
    pub to_reserves: Assets,
    /// The record of the loss afterwards, if it has one.
    pub record: Option<Record>,
    /// Everything afterwards.
    pub books: Books,
}

/// Writes off `debt_shares` of the performing debt and runs the loss through the waterfall.
///
/// The loss is exactly what the performing debt falls by, so that the split adds up to the unit. Reserves pay first, all of
/// them; then the fund its share, with the revenue due and owed to it; LPs bear the rest, which counts for the breaker. Shares that
/// the loss left too cheap are rescaled.
///
/// # Errors
/// [`Error::NoDebt`] for no shares.
///
/// ```
/// # use backstop_engine::{breaker::*, insurance::*, pool::Totals, quantity::*, waterfall::*};
/// let totals = Totals {
///     cash: Assets::new(900), debt_shares: DebtShares::new(100), shares: Shares::new(970), reserves: Assets::new(30),
///     ..Totals::empty(0)
/// };
/// let fund = Fund { assets: Assets::new(20), shares: Shares::new(20), ..Fund::default() };
/// let books = Books { totals, fund, breaker: Breaker::default() };
/// let all = Bps::new(10_000);
/// let terms = LossTerms {
///     insurance: InsuranceLimits { share: all, cap: all, window_seconds: 1 },
///     breaker: BreakerTerms { limit: all, window_seconds: 1, min_losses: Assets::ZERO, ends_in_seconds: 0 },
/// };
/// let recorded = record(&books, &terms, DebtShares::new(100), 0)?;
/// let (loss, books) = (recorded.loss, recorded.books);
/// assert_eq!((loss.from_reserves, loss.from_insurance, loss.to_lps), (Assets::new(30), Assets::new(20), Assets::new(50)));
/// assert_eq!(books.totals.nav(), Ok(Assets::new(920))); // 970 - 50
///
/// // Thirty-five come back: to LPs and stakers, as they bore it.
/// let recovered = recover(&books, &terms, recorded.record.as_ref(), Assets::new(35), 0)?;
/// assert_eq!((recovered.to_lps, recovered.to_stakers), (Assets::new(25), Assets::new(10)));
/// # Ok::<(), backstop_engine::Error>(())
/// ```
pub fn record(books: &Books, terms: &LossTerms, debt_shares: DebtShares, now: i64) -> Result<Recording> {
    let split = split(&books.totals, &books.fund, &terms.insurance, debt_shares, now)?;
    let breaker = books.breaker.after(split.loss.to_lps, split.nav_before, &terms.breaker, now)?;
    Ok(Recording {
        loss: split.loss,
        record: split.record(books.totals.generation, books.fund.generation, now)?,
        books: Books { totals: split.totals, fund: split.fund, breaker },
    })
}

/// The part of [`record`] that decides who bears what. The breaker and the record follow from it: [`Breaker::after`] and
/// [`Split::record`].
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
    let draw = fund.draw(beyond_reserves, nav_before, limits, now)?;
    let from_held = fund.assets.minus(draw.fund.assets)?;
    let beyond_insurance = beyond_reserves.minus(draw.drawn)?;
    let to_lps = beyond_insurance.min(nav_before);
    let uncovered = beyond_insurance.minus(to_lps)?;

    let nav_left = nav_before.minus(to_lps)?;
    let shares = totals.shares;
    let rescalings = if to_lps.is_zero() { 0 } else { rescalings(nav_left, shares) };
    let loss = Loss {
        loss,
        from_reserves,
        from_insurance: draw.drawn,
        from_stakers: draw.from_stakers,
        to_lps,
        uncovered,
        share_price_before: share_price(nav_before, shares),
        share_price_after: share_price(nav_left, shares),
        shares,
        stake_shares: draw.shares,
        rescalings,
        stake_rescalings: draw.rescalings,
    };
    let totals = Totals {
        cash: totals.cash.plus(from_held)?,
        insurance_owed: draw.fund.owed,
        reserves: totals.reserves.minus(from_reserves)?,
        shares: shares.rescaled(0, rescalings),
        generation: totals.generation.saturating_add(rescalings),
        ..performing
    };
    Ok(Split { loss, nav_before, totals, fund: draw.fund })
}

impl Split {
    /// The record of the loss, or none if it is too small for one. The generations are those before it.
    ///
    /// # Errors
    /// As [`Record::new`].
    pub fn record(&self, generation: u32, stake_generation: u32, now: i64) -> Result<Option<Record>> {
        if is_minor(self.loss.loss, self.nav_before) {
            return Ok(None);
        }
        Record::new(&self.loss, generation, stake_generation, now).map(Some)
    }
}

/// Gives each side its part of at most `offered`, as far as the loss is unrecovered; without a record all of it is a gift to the fund.
///
/// What is for LPs waits to be claimed. What is for stakers becomes shares of the fund that wait to be claimed, what is for gifts a gift to it, both at
/// the price of the moment; what would pay for no whole share, and what is left, is the pool's reserves. What came back counts no longer for the
/// breaker, nor against the cap of draws.
///
/// # Errors
/// [`Error::MathOverflow`] if a total would not fit.
pub fn recover(
    books: &Books,
    terms: &LossTerms,
    record: Option<&Record>,
    offered: Assets,
    now: i64,
) -> Result<Recovery> {
    let (paid, parts, record) = match record {
        Some(record) => {
            let paid = offered.min(record.unrecovered()?);
            let (parts, after) = record.recover(paid)?;
            (paid, parts, Some(after))
        }
        None => (offered, Parts { gifts: offered, ..Parts::default() }, None),
    };
    let (settled, totals) = books.fund.settled(&books.totals)?;
    let none = Stake { assets: Assets::ZERO, shares: Shares::ZERO, fund: settled };
    // None, too little for a share, or more than the fund can count: nobody's stake may gain by it.
    let back = settled.restore(parts.stakers).unwrap_or(none);
    let gift = back.fund.give(parts.gifts).unwrap_or(Stake { fund: back.fund, ..none });
    let to_fund = back.assets.plus(gift.assets)?;
    let (mut fund, mut breaker) = (gift.fund, books.breaker);
    if let Some(record) = record {
        fund.draws = fund.draws.less(to_fund, record.at, terms.insurance.window_seconds, now)?;
        breaker = breaker.recovered(parts.lps, &record, &terms.breaker, now)?;
    }
    let to_reserves = paid.minus(parts.lps)?.minus(to_fund)?;
    let totals =
        Totals { cash: totals.cash.plus(to_reserves)?, reserves: totals.reserves.plus(to_reserves)?, ..totals };
    Ok(Recovery {
        paid,
        to_lps: parts.lps,
        to_stakers: back.assets,
        stake_shares: back.shares,
        to_gifts: gift.assets,
        to_reserves,
        record: record.map(|record| record.with_back(back.shares, fund.generation)).transpose()?,
        books: Books { totals, fund, breaker },
    })
}
