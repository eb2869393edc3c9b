use {
    crate::{
        constants::{ACCOUNT_VERSION, COLLATERAL_SEED, VAULT_SEED},
        errors::BackstopError,
        events::CollateralAdded,
        state::{Collateral, CollateralParameters, Market, Pool},
    },
    anchor_lang::prelude::*,
    anchor_spl::{
        token,
        token_interface::{Mint, TokenAccount, TokenInterface},
    },
};

/// Lists a token as collateral of a pool.
///
/// Specification:
/// - only the authority of the pool's market
/// - a mint is listed once per pool
/// - the mint is an SPL Token mint
/// - every parameter is within its bounds
#[derive(Accounts)]
pub struct AddCollateral {
    /// The market's authority.
    #[account(address = market.authority @ BackstopError::WrongAuthority)]
    pub authority: Signer,
    /// Pays the rent.
    #[account(mut)]
    pub payer: Signer,
    /// The market.
    #[account(address = pool.market @ BackstopError::WrongMarket)]
    pub market: Account<Market>,
    /// The pool.
    pub pool: Account<Pool>,
    /// The collateral token's mint.
    pub mint: InterfaceAccount<Mint>,
    /// The new collateral.
    #[account(
        init,
        payer = payer,
        seeds = [COLLATERAL_SEED, pool.address().as_ref(), mint.address().as_ref()],
        bump
    )]
    pub collateral: Account<Collateral>,
    /// The collateral's new vault.
    #[account(
        init,
        payer = payer,
        seeds = [VAULT_SEED, collateral.address().as_ref()],
        bump,
        token::mint = mint,
        token::authority = collateral,
        token::token_program = token_program
    )]
    pub vault: InterfaceAccount<TokenAccount>,
    /// The mint's token program.
    pub token_program: Interface<'static, TokenInterface>,
    /// The system program.
    pub system_program: Program<System>,
}

pub fn add_collateral(ctx: &mut Context<AddCollateral>, parameters: CollateralParameters) -> Result<()> {
    let accounts = &mut ctx.accounts;
    require!(*accounts.token_program.address() == Token::id(), BackstopError::UnsupportedToken);
    parameters.validate(&accounts.pool.parameters.liquidation)?;

    let collateral = &mut accounts.collateral;
    (collateral.pool, collateral.mint) = (*accounts.pool.address(), *accounts.mint.address());
    (collateral.vault, collateral.decimals) = (*accounts.vault.address(), accounts.mint.decimals());
    (collateral.version, collateral.bump) = (ACCOUNT_VERSION, ctx.bumps.collateral);
    collateral.parameters = parameters;

    emit!(CollateralAdded {
        pool: collateral.pool,
        collateral: *accounts.collateral.address(),
        mint: *accounts.mint.address()
    });
    Ok(())
}
