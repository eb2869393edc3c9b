use {
    crate::{
        constants::ALL,
        errors::{BackstopError, IntoProgramError},
        events::CollateralWithdrawn,
        state::{Collateral, Obligation, Pool},
        transfers::give,
        valuation::{PriceMode, RemainingAccounts, Valuation},
    },
    anchor_lang::{address_eq, prelude::*},
    anchor_spl::token_interface::TokenInterface,
    backstop_engine::{
        governance::Pausable,
        quantity::{Assets, Units},
    },
};

/// Withdraws collateral from an obligation.
///
/// Arguments:
/// - `units`: the amount, in base units of the collateral token; 2^64 - 1 for all
///
/// Further accounts: none without debt. With performing or unrecovered debt: the price accounts of the liquidity token;
/// then, for each collateral that the obligation holds afterwards, in the order of its slots, the collateral and its
/// price accounts. For the declared collateral list only its price accounts. Each token has one price account for its
/// feed and, if it has a second feed, one for that: a Pyth price update of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - the owner of the obligation signs
/// - [`ALL`] withdraws all of this collateral
/// - refused for zero, and for more than the obligation holds
/// - with debt, the remaining collateral carries it within the loan-to-value limits, at the prices of the further
///   accounts; unrecovered written-off debt counts as debt, and any debt as at least the pool's minimum
/// - a price far from its average counts only as the average, on the conservative side
/// - without debt no price is needed
/// - refused while collateral withdrawals are paused
#[derive(Accounts)]
pub struct WithdrawCollateral {
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
    /// The collateral.
    #[account(mut, constraint = address_eq(&collateral.pool, pool.address()) @ BackstopError::WrongPool)]
    pub collateral: Account<Collateral>,
    /// The collateral's vault.
    #[account(mut, address = collateral.vault @ BackstopError::WrongVault)]
    pub vault: UncheckedAccount,
    /// The token account that is paid.
    #[account(mut)]
    pub destination: UncheckedAccount,
    /// The collateral token's mint.
    #[account(address = collateral.mint @ BackstopError::WrongMint)]
    pub mint: UncheckedAccount,
    /// The mint's token program.
    pub token_program: Interface<'static, TokenInterface>,
}

pub fn withdraw_collateral(ctx: &mut Context<WithdrawCollateral>, units: u64) -> Result<()> {
    let prices = ctx.remaining_accounts()?;
    let accounts = &mut ctx.accounts;
    let clock = Clock::get()?;
    accounts.pool.require_open(Pausable::WithdrawCollateral, clock.unix_timestamp)?;
    let (obligation, collateral) = (&mut accounts.obligation, &mut accounts.collateral);
    let units = if units == ALL { obligation.units_of(collateral.address()) } else { Units::new(units) };
    require!(!units.is_zero(), BackstopError::AmountTooSmall);

    let held = obligation.remove(collateral.address(), units)?;
    obligation.expose(clock.slot);
    collateral.remove(units)?;
    if obligation.owes() {
        let (now, walk) = (clock.unix_timestamp, &mut RemainingAccounts::new(&prices));
        let totals = accounts.pool.accrued(now)?;
        let min_debt = Assets::new(accounts.pool.parameters.liquidation.min_debt);
        let debt = obligation
            .debt_to_secure(totals.debt(obligation.debt()).into_program_error()?, min_debt)
            .into_program_error()?;
        let valuation = Valuation::of_obligation(
            &mut accounts.pool,
            obligation,
            debt,
            PriceMode::Borrowing,
            Some(collateral),
            walk,
            now,
        )?;
        valuation.health.require_borrowable().into_program_error()?;
        accounts.pool.apply(&totals)?;
    }

    give(
        &accounts.collateral,
        (&accounts.token_program, &accounts.mint),
        &mut accounts.vault,
        &mut accounts.destination,
        units.get(),
    )?;
    emit!(CollateralWithdrawn {
        obligation: *accounts.obligation.address(),
        collateral: *accounts.collateral.address(),
        units: units.get(),
        held: held.get(),
    });
    Ok(())
}
