use {
    crate::{
        errors::BackstopError,
        events::RecoveryClaimed,
        state::{LpPosition, Pool},
        transfers::TokenKind,
    },
    anchor_lang::{address_eq, prelude::*},
    anchor_spl::token_interface::TokenInterface,
};

/// Pays an LP all that was recovered of its losses.
///
/// Arguments:
/// - `min_assets`: the least that must be paid, in base units; else the call is refused
///
/// Specification:
/// - the owner of the position signs
/// - an LP who has left is paid as one who stayed, also for losses of past generations
/// - nothing to pay is refused, and so is less than `min_assets`
#[derive(Accounts)]
pub struct ClaimRecovery {
    /// The LP.
    pub owner: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The LP's position.
    #[account(
        mut,
        constraint = address_eq(&position.pool, pool.address()) @ BackstopError::WrongPool,
        constraint = address_eq(&position.owner, owner.address()) @ BackstopError::WrongOwner
    )]
    pub position: Account<LpPosition>,
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

pub fn claim_recovery(ctx: &mut Context<ClaimRecovery>, min_assets: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (pool, position) = (&mut accounts.pool, &mut accounts.position);
    position.settle(&pool.claims);
    let paid = position.holder.claim(&mut pool.claims)?.get();
    require!(paid >= min_assets, BackstopError::SlippageExceeded);

    TokenKind::new(&accounts.token_program, &accounts.mint, accounts.pool.decimals).transfer(
        &mut accounts.vault,
        &mut accounts.destination,
        &accounts.pool,
        paid,
        &[&accounts.pool.seeds()],
    )?;
    emit!(RecoveryClaimed { pool: *accounts.pool.address(), owner: *accounts.owner.address(), assets: paid });
    Ok(())
}
