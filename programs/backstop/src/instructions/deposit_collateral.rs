use {
    crate::{
        errors::BackstopError,
        events::CollateralDeposited,
        state::{Collateral, Obligation},
        transfers::take,
        valuation::RemainingAccounts,
    },
    anchor_lang::{address_eq, prelude::*},
    anchor_spl::token_interface::TokenInterface,
    backstop_engine::quantity::Units,
};

/// Adds collateral to an obligation. Needs no price if the obligation has no debt.
///
/// Arguments:
/// - `units`: the amount, in base units of the collateral token
///
/// Further accounts: if the obligation has debt, the price accounts of the collateral token; otherwise none. Each token
/// has one price account for its feed and, if it has a second feed, one for that: a Pyth price update of the feed, or
/// the Switchboard feed itself.
///
/// Specification:
/// - refused before the collateral opens
/// - anyone can add to a collateral that the obligation holds; only its owner can add a new one, so that nobody else
///   fills the slots
/// - refused for zero, and beyond the collateral's cap
/// - if the obligation has debt, the price must be usable, so that no token without a price shields a debt
/// - refused for a ninth collateral
#[derive(Accounts)]
pub struct DepositCollateral {
    /// Who pays.
    pub payer: Signer,
    /// The obligation.
    #[account(mut, constraint = address_eq(&obligation.pool, &collateral.pool) @ BackstopError::WrongPool)]
    pub obligation: Account<Obligation>,
    /// The collateral.
    #[account(mut)]
    pub collateral: Account<Collateral>,
    /// The collateral's vault.
    #[account(mut, address = collateral.vault @ BackstopError::WrongVault)]
    pub vault: UncheckedAccount,
    /// The payer's token account.
    #[account(mut)]
    pub source: UncheckedAccount,
    /// The collateral token's mint.
    #[account(address = collateral.mint @ BackstopError::WrongMint)]
    pub mint: UncheckedAccount,
    /// The mint's token program.
    pub token_program: Interface<'static, TokenInterface>,
}

pub fn deposit_collateral(ctx: &mut Context<DepositCollateral>, units: u64) -> Result<()> {
    require!(units > 0, BackstopError::AmountTooSmall);
    let prices = ctx.remaining_accounts()?;
    let accounts = &mut ctx.accounts;
    let held = accounts.obligation.units_of(accounts.collateral.address());
    let own = address_eq(&accounts.obligation.owner, accounts.payer.address());
    require!(own || !held.is_zero(), BackstopError::WrongOwner);
    if accounts.obligation.debt_shares != 0 {
        let now = Clock::get()?.unix_timestamp;
        accounts.collateral.read_price(&mut RemainingAccounts::new(&prices), now)?;
    }
    accounts.collateral.add(Units::new(units))?;
    accounts.obligation.add(accounts.collateral.address(), Units::new(units))?;

    take(
        &accounts.payer,
        (&accounts.token_program, &accounts.mint, accounts.collateral.decimals),
        &mut accounts.source,
        &mut accounts.vault,
        units,
    )?;
    emit!(CollateralDeposited {
        obligation: *accounts.obligation.address(),
        collateral: *accounts.collateral.address(),
        units,
        held: accounts.obligation.units_of(accounts.collateral.address()).get(),
    });
    Ok(())
}
