use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::Borrowed,
        state::{Obligation, Pool},
        transfers::pay,
        valuation::{PriceMode, RemainingAccounts, Valuation},
    },
    anchor_lang::{address_eq, prelude::*},
    anchor_spl::token_interface::TokenInterface,
    backstop_engine::{governance::Pausable, quantity::Assets},
};

/// Lends liquidity to an obligation.
///
/// Arguments:
/// - `assets`: the amount paid out, in base units of the liquidity token
///
/// Further accounts: the price accounts of the liquidity token; then, for each collateral that the obligation holds, in
/// the order of its slots, the collateral and its price accounts. Each token has one price account for its feed and, if
/// it has a second feed, one for that: a Pyth price update of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - the owner of the obligation signs
/// - refused for zero, and for more than the pool's cash
/// - the debt afterwards is within the loan-to-value limits, at the prices of the further accounts; unrecovered
///   written-off debt counts as debt
/// - the debt afterwards is at least the pool's minimum, and all debt together within its borrow cap
/// - a price far from its average counts only as the average, on the conservative side
/// - refused while borrowing is paused or the loss breaker is tripped
/// - pays out exactly `assets`; the debt grows by that, rounded up to a debt share
#[derive(Accounts)]
pub struct Borrow {
    /// The borrower.
    pub owner: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The borrower's obligation.
    #[account(
        mut,
        constraint = address_eq(&obligation.pool, pool.address()) @ BackstopError::WrongPool,
        constraint = address_eq(&obligation.owner, owner.address()) @ BackstopError::WrongOwner
    )]
    pub obligation: Account<Obligation>,
    /// The pool's vault.
    #[account(mut, address = pool.vault @ BackstopError::WrongVault)]
    pub vault: UncheckedAccount,
    /// The token account that is paid.
    #[account(mut)]
    pub destination: UncheckedAccount,
    /// The liquidity token's mint.
    #[account(address = pool.mint @ BackstopError::WrongMint)]
    pub mint: UncheckedAccount,
    /// The mint's token program.
    pub token_program: Interface<'static, TokenInterface>,
}

pub fn borrow(ctx: &mut Context<Borrow>, assets: u64) -> Result<()> {
    let prices = ctx.remaining_accounts()?;
    let accounts = &mut ctx.accounts;
    let (pool, obligation) = (&mut accounts.pool, &mut accounts.obligation);
    let clock = Clock::get()?;
    let now = clock.unix_timestamp;
    pool.require_open(Pausable::Borrow, now)?;
    pool.require_calm(now)?;
    let min_debt = Assets::new(pool.parameters.liquidation.min_debt);
    let lent = pool.accrued(now)?.borrow(obligation.debt(), Assets::new(assets), min_debt).into_program_error()?;
    lent.totals.require_loans_within(Assets::new(pool.parameters.caps.borrow_cap)).into_program_error()?;
    let debt = obligation
        .debt_to_secure(lent.totals.debt(lent.debt_shares).into_program_error()?, min_debt)
        .into_program_error()?;
    let valuation = Valuation::of_obligation(
        pool,
        obligation,
        debt,
        PriceMode::Borrowing,
        None,
        &mut RemainingAccounts::new(&prices),
        now,
    )?;
    valuation.health.require_borrowable().into_program_error()?;

    pool.apply(&lent.totals)?;
    obligation.debt_shares = lent.debt_shares.get();
    obligation.expose(clock.slot);

    pay(
        &accounts.pool,
        (&accounts.token_program, &accounts.mint),
        &mut accounts.vault,
        &mut accounts.destination,
        assets,
    )?;
    emit!(Borrowed {
        pool: *accounts.pool.address(),
        obligation: *accounts.obligation.address(),
        assets,
        debt_shares: accounts.obligation.debt_shares,
        state: accounts.pool.state(),
    });
    Ok(())
}
