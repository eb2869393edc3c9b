use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        recognition::{LossAccounts, replace_mark},
        state::{Book, InsuranceFund, Obligation, Pool},
        valuation::{PriceMode, RemainingAccounts, Valuation},
    },
    anchor_lang::{
        address_eq,
        pinocchio::{account::AccountView, sysvars::clock::Clock as ClockData},
        prelude::*,
    },
    backstop_engine::{
        mark::{Evidence, Mark},
        pool::Totals,
        quantity::DebtShares,
    },
};

/// Records an obligation's shortfall as a loss, and runs it through the waterfall. Settles the obligation's mark if
/// that is due.
///
/// Further accounts: none if the obligation holds no collateral. Otherwise the price accounts of the liquidity token;
/// then, for each collateral that the obligation holds, in the order of its slots, the collateral (writable) and its
/// price accounts. Each token has one price account for its feed and, if it has a second feed, one for that: a Pyth
/// price update of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - anyone can call it
/// - refused for an obligation without debt, within its threshold, or with collateral worth more than dust; an
///   obligation with an unrecovered loss can have more, if the shortfall exceeds a ten-thousandth of NAV at the newest
///   prices
/// - refused if the collateral, after the minimum bonus, covers the debt: a liquidation pays it
/// - refused within the minimum default age since the last borrow or collateral withdrawal, at least for that slot
/// - writes off the shortfall, to a debt share; the rest of the debt and all collateral stay
/// - collateral of negligible worth at its average price counts for nothing, and its price is not read
/// - any other missing or unusable price is an error
/// - the mark falls by the loss, and ends if the prices are the newest
/// - settlement: once a mark has stood for `hold_seconds`, or the pool or its fund has been on hold for as long, the
///   shortfall is recorded whatever the collateral and the age of the debt. Prices must be no older than the mark, and
///   at most ten seconds older than the newest ones read. Without a shortfall nothing is recorded. The mark ends
/// - collateral whose price was reported and not read for `hold_seconds` counts in the borrower's favour; at settlement
///   also the liquidity token
/// - loss = from reserves + from insurance + to LPs + uncovered, in that order, to the unit
/// - a loss of at least a millionth of NAV gets a record in the loss book; refused while that is full
#[derive(Accounts)]
pub struct RecordBadDebt {
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The obligation.
    #[account(mut, constraint = address_eq(&obligation.pool, pool.address()) @ BackstopError::WrongPool)]
    pub obligation: Account<Obligation>,
    /// The pool's insurance fund.
    #[account(mut, address = pool.insurance_fund @ BackstopError::WrongInsuranceFund)]
    pub insurance_fund: Account<InsuranceFund>,
    /// The pool's loss book.
    #[account(mut, address = pool.loss_book @ BackstopError::WrongLossBook)]
    pub loss_book: Book,
}

pub fn record_bad_debt(ctx: &mut Context<RecordBadDebt>) -> Result<()> {
    let prices = ctx.remaining_accounts()?;
    let accounts = &mut ctx.accounts;
    let clock = Clock::get()?;
    let now = clock.unix_timestamp;
    let (pool, obligation) = (&accounts.pool, &accounts.obligation);
    let settles = obligation.mark().is_due(&pool.holds(), pool.hold_seconds(), now);
    let min_age = if settles { 0 } else { pool.parameters.loss.min_default_age_slots.into() };
    require!(obligation.may_default(clock.slot, min_age), BackstopError::DefaultTooRecent);
    let totals = pool.accrued(now)?;
    let (lost, evidence) = accounts.lost(&totals, settles, &prices, &clock)?;
    if settles && lost.is_zero() {
        // Settled and covered: only the mark ends.
        let (pool, obligation) = (&mut accounts.pool, &mut accounts.obligation);
        return replace_mark(pool, obligation, &accounts.insurance_fund, &Mark::NONE, &totals);
    }

    let mut loss = LossAccounts {
        pool: &mut accounts.pool,
        insurance_fund: &mut accounts.insurance_fund,
        loss_book: &mut accounts.loss_book,
        obligation: &mut accounts.obligation,
    };
    loss.record(&totals, lost, evidence, now)
}

impl RecordBadDebt {
    /// Which of the obligation's debt shares are lost, and how good the prices are that say so; at settlement no price
    /// can be better.
    fn lost(
        &mut self,
        totals: &Totals,
        settles: bool,
        prices: &[AccountView],
        clock: &ClockData,
    ) -> Result<(DebtShares, Evidence)> {
        let (pool, obligation) = (&mut self.pool, &self.obligation);
        let walk = || RemainingAccounts::new(prices);
        let bare = obligation.debt_shares == 0 || obligation.held().next().is_none();
        if bare || !Valuation::holds_anything(pool, obligation, &mut walk())? {
            return Ok((obligation.debt(), Evidence::BEGUN));
        }
        let (amount, now) = (totals.debt(obligation.debt()).into_program_error()?, clock.unix_timestamp);
        let purpose = if settles { PriceMode::Settling } else { PriceMode::Liquidating };
        let valuation = Valuation::of_obligation(pool, obligation, amount, purpose, None, &mut walk(), now)?;
        let debt = valuation.debt(pool, obligation, amount, clock.slot)?;
        let lost =
            pool.parameters.liquidation_terms().lost(totals, &debt, &valuation.health, settles).into_program_error()?;
        Ok((lost, if settles { Evidence::BEGUN } else { valuation.evidence }))
    }
}
