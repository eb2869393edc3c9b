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

/// Marks what an obligation is known to leave unpaid. While what is marked is worth a wait, nobody enters or leaves.
///
/// Further accounts: the price accounts of the liquidity token, then for each collateral that the obligation holds, in the
/// order of its slots, the collateral (writable) and its price accounts. Price accounts of a token are one for its feed and, if it has a
/// second feed, one for that: a Pyth price update account of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - anyone may call it
/// - the mark becomes the shortfall: what the debt exceeds the proceeds of the collateral by, at the prices of the further accounts, and
///   nothing for an obligation that cannot be liquidated; it begins with the first, anew where it more than doubles, and ends without one
/// - it falls only by prices none of which is older than one of the same feed that was read before, and none of which counts in the
///   borrower's favour; else it stays
/// - an obligation that borrowed or took collateral in this slot is refused
/// - a price that was reported, and not read for as long as a mark stands, counts in the borrower's favour; any other missing or unusable
///   price is an error, never a reading of "worthless"
/// - every price that is read is remembered, also where the mark stays as it is
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
