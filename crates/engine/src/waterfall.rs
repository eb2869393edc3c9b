//! Who bears a loss: reserves, then the insurance fund, then LPs. And who receives a recovery: the same, in reverse.
//!
//! Recording turns performing debt into a loss in one step, exact to the unit:
//! `loss = from_reserves + from_insurance + to_lps + uncovered`. No LP account is visited: NAV falls, and every share
//! loses the same part of its worth.

use crate::{
    breaker::{Breaker, BreakerTerms},
    error::{Error, Result},
    history::rescalings,
    insurance::{Fund, InsuranceLimits, Stake},
    loss_book::{Parts, Record, is_minor},
    pool::{Totals, share_price},
    quantity::{Assets, DebtShares, Shares},
};

/// All state that a loss changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LossState {
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
    /// How much of a loss the insurance fund takes.
    pub insurance: InsuranceLimits,
    /// When the breaker trips.
    pub breaker: BreakerTerms,
}

/// The split of one loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The performing debt that was written off.
    pub loss: Assets,
    /// Borne by reserves.
    pub from_reserves: Assets,
    /// Borne by the insurance fund.
    pub from_insurance: Assets,
    /// The part of `from_insurance` that stakers bear. Protocol-owned shares and waiting shares bear the rest.
    pub from_stakers: Assets,
    /// Borne by LPs: exactly what NAV fell by.
    pub to_lps: Assets,
    /// Borne by no one: what exceeds NAV and what is owed to the fund. Zero, since every unit lent came from NAV,
    /// reserves or what is owed to the fund.
    pub uncovered: Assets,
    /// Share price before the loss, in trillionths.
    pub share_price_before: u64,
    /// Share price after the loss and before rescaling, in trillionths. Zero if the loss took all of NAV.
    pub share_price_after: u64,
    /// The LP shares that bore the loss.
    pub shares: Shares,
    /// The stakers' shares that bore the loss.
    pub stake_shares: Shares,
    /// How often the loss rescaled LP shares. [`TOTAL_LOSS`](crate::history::TOTAL_LOSS) times if NAV is gone: then the
    /// next deposit is one to one.
    pub rescalings: u32,
    /// How often the loss rescaled the fund's shares. `TOTAL_LOSS` times if the fund is gone.
    pub stake_rescalings: u32,
}

/// The allocation of a loss, without the breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LossAllocation {
    /// The split.
    pub loss: Loss,
    /// NAV before the loss.
    pub nav_before: Assets,
    /// The pool afterwards.
    pub totals: Totals,
    /// The fund afterwards.
    pub fund: Fund,
}

/// The outcome of recording a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The split.
    pub loss: Loss,
    /// The loss record, unless the loss is too small for one.
    pub record: Option<Record>,
    /// The state afterwards.
    pub state: LossState,
}

/// The outcome of a recovery: `paid = to_lps + to_stakers + to_protocol + to_reserves`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// The total payment.
    pub paid: Assets,
    /// Set aside for LPs to claim.
    pub to_lps: Assets,
    /// Paid into the fund for waiting shares, which stakers can claim.
    pub to_stakers: Assets,
    /// The waiting shares minted for `to_stakers`.
    pub stake_shares: Shares,
    /// Donated to the fund.
    pub to_protocol: Assets,
    /// Left for reserves.
    pub to_reserves: Assets,
    /// The loss record afterwards, if there is one.
    pub record: Option<Record>,
    /// The state afterwards.
    pub state: LossState,
}

/// Writes off `debt_shares` of the performing debt and runs the loss through the waterfall.
///
/// The loss is exactly what the performing debt falls by, so the split adds up to the unit. Reserves pay first, up to
/// all of them. Then the fund pays its share, after the revenue due and owed to it is settled. LPs bear the rest, which
/// counts for the breaker. Shares that the loss made too cheap are rescaled.
///
/// # Errors
/// [`Error::NoDebt`] if `debt_shares` is zero.
///
/// ```
/// # use backstop_engine::{breaker::*, insurance::*, pool::Totals, quantity::*, waterfall::*};
/// let totals = Totals {
///     cash: Assets::new(900), debt_shares: DebtShares::new(100), shares: Shares::new(970), reserves: Assets::new(30),
///     ..Totals::empty(0)
/// };
/// let fund = Fund { assets: Assets::new(20), shares: Shares::new(20), ..Fund::default() };
/// let state = LossState { totals, fund, breaker: Breaker::default() };
/// let all = Bps::new(10_000);
/// let terms = LossTerms {
///     insurance: InsuranceLimits { share: all, cap: all, window_seconds: 1 },
///     breaker: BreakerTerms { limit: all, window_seconds: 1, min_losses: Assets::ZERO, ends_in_seconds: 0 },
/// };
/// let recorded = record(&state, &terms, DebtShares::new(100), 0)?;
/// let (loss, state) = (recorded.loss, recorded.state);
/// assert_eq!((loss.from_reserves, loss.from_insurance, loss.to_lps), (Assets::new(30), Assets::new(20), Assets::new(50)));
/// assert_eq!(state.totals.nav(), Ok(Assets::new(920))); // 970 - 50
///
/// // 35 are recovered and split between LPs and stakers as they bore the loss.
/// let recovered = recover(&state, &terms, recorded.record.as_ref(), Assets::new(35), 0)?;
/// assert_eq!((recovered.to_lps, recovered.to_stakers), (Assets::new(25), Assets::new(10)));
/// # Ok::<(), backstop_engine::Error>(())
/// ```
pub fn record(state: &LossState, terms: &LossTerms, debt_shares: DebtShares, now: i64) -> Result<Recording> {
    let allocation = allocate(&state.totals, &state.fund, &terms.insurance, debt_shares, now)?;
    let breaker = state.breaker.after(allocation.loss.to_lps, allocation.nav_before, &terms.breaker, now)?;
    Ok(Recording {
        loss: allocation.loss,
        record: allocation.record(state.totals.generation, state.fund.generation, now)?,
        state: LossState { totals: allocation.totals, fund: allocation.fund, breaker },
    })
}

/// The part of [`record`] that decides who bears the loss. The breaker and the record follow from it:
/// [`Breaker::after`] and [`LossAllocation::record`].
///
/// # Errors
/// As [`record`].
pub fn allocate(
    totals: &Totals,
    fund: &Fund,
    limits: &InsuranceLimits,
    debt_shares: DebtShares,
    now: i64,
) -> Result<LossAllocation> {
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
    Ok(LossAllocation { loss, nav_before, totals, fund: draw.fund })
}

impl LossAllocation {
    /// The loss record, or `None` if the loss is too small for one. The generations are those before the loss.
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

/// Pays each side its part of at most `offered`, up to what is unrecovered. Without a record, all of it is a donation
/// to the fund.
///
/// - LPs: the amount waits to be claimed.
/// - Stakers: the amount mints waiting shares of the fund at the current price.
/// - Protocol-owned shares: the amount is a donation to the fund at the current price.
/// - Reserves: the rest, including what pays for no whole share.
///
/// A recovered amount no longer counts for the breaker or against the draw cap.
///
/// # Errors
/// [`Error::MathOverflow`] if a total would not fit.
pub fn recover(
    state: &LossState,
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
        None => (offered, Parts { protocol: offered, ..Parts::default() }, None),
    };
    let (settled, totals) = state.fund.settled(&state.totals)?;
    let none = Stake { assets: Assets::ZERO, shares: Shares::ZERO, fund: settled };
    // Zero, too little for a share, or more than the fund can count: goes to reserves, so that no stake gains by it.
    let back = settled.restore(parts.stakers).unwrap_or(none);
    let donation = back.fund.donate(parts.protocol).unwrap_or(Stake { fund: back.fund, ..none });
    let to_fund = back.assets.plus(donation.assets)?;
    let (mut fund, mut breaker) = (donation.fund, state.breaker);
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
        to_protocol: donation.assets,
        to_reserves,
        record: record.map(|record| record.with_back(back.shares, fund.generation)).transpose()?,
        state: LossState { totals, fund, breaker },
    })
}
