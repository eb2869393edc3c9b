use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        recognition::replace_mark,
        state::{InsuranceFund, Obligation, Pool},
        valuation::{PriceMode, RemainingAccounts, Valuation},
    },
    anchor_lang::{address_eq, prelude::*},
    backstop_engine::quantity::Assets,
};

/// Marks an obligation's shortfall. While marks are material, nobody enters or leaves the pool.
///
/// Further accounts: the price accounts of the liquidity token; then, for each collateral that the obligation holds, in
/// the order of its slots, the collateral (writable) and its price accounts. Each token has one price account for its
/// feed and, if it has a second feed, one for that: a Pyth price update of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - anyone can call it
/// - the mark becomes the shortfall: the debt less the proceeds of the collateral, at the prices of the further
///   accounts; zero for an obligation that cannot be liquidated
/// - its time starts with the first shortfall, restarts if the mark more than doubles, and ends without a shortfall
/// - it falls only at prices that are no older than those read before, and none of which counts in the borrower's
///   favour
/// - refused in the slot in which the obligation borrowed or withdrew collateral
/// - a price that was reported and not read for `hold_seconds` counts in the borrower's favour; any other missing or
///   unusable price is an error
/// - every price that is read is remembered, also if the mark does not change
#[derive(Accounts)]
pub struct Mark {
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The obligation.
    #[account(mut, constraint = address_eq(&obligation.pool, pool.address()) @ BackstopError::WrongPool)]
    pub obligation: Account<Obligation>,
    /// The pool's insurance fund.
    #[account(address = pool.insurance_fund @ BackstopError::WrongInsuranceFund)]
    pub insurance_fund: Account<InsuranceFund>,
}

pub fn mark(ctx: &mut Context<Mark>) -> Result<()> {
    let prices = ctx.remaining_accounts()?;
    let accounts = &mut ctx.accounts;
    let (pool, obligation) = (&mut accounts.pool, &mut accounts.obligation);
    let clock = Clock::get()?;
    let now = clock.unix_timestamp;
    require!(obligation.may_be_marked(clock.slot), BackstopError::DefaultTooRecent);
    let totals = pool.accrued(now)?;
    let debt = totals.debt(obligation.debt()).into_program_error()?;
    let walk = &mut RemainingAccounts::new(&prices);
    let valuation = Valuation::of_obligation(pool, obligation, debt, PriceMode::Liquidating, None, walk, now)?;
    let shortfall = valuation.health.shortfall(debt, &valuation.debt_price).into_program_error()?;
    let after = obligation.mark().after(shortfall, Assets::ZERO, debt, valuation.evidence, now);
    replace_mark(pool, obligation, &accounts.insurance_fund, &after, &totals)
}
