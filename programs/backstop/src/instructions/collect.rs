use {
    crate::{
        errors::BackstopError,
        events::Collected,
        state::{Holding, Pool},
        transfers::pay,
    },
    anchor_lang::{address_eq, prelude::*},
    anchor_spl::token_interface::TokenInterface,
};

/// Pays an LP or a staker everything that executed requests set aside for it.
///
/// Specification:
/// - the owner of the position or stake signs
/// - always available: on hold, paused, with the loss breaker tripped
/// - refused if nothing is payable
#[derive(Accounts)]
pub struct Collect {
    /// The LP or staker.
    pub owner: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The LP's position, or the staker's stake in the pool's insurance fund.
    #[account(
        mut,
        constraint = address_eq(&holder.of, pool.address()) || address_eq(&holder.of, &pool.insurance_fund)
            @ BackstopError::WrongPool,
        constraint = address_eq(&holder.owner, owner.address()) @ BackstopError::WrongOwner
    )]
    pub holder: Holding,
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

pub fn collect(ctx: &mut Context<Collect>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let assets = accounts.holder.request.collect(&mut accounts.pool.payable)?;

    pay(
        &accounts.pool,
        (&accounts.token_program, &accounts.mint),
        &mut accounts.vault,
        &mut accounts.destination,
        assets,
    )?;
    let (holder, owner) = (*accounts.holder.address(), accounts.holder.owner);
    emit!(Collected { pool: *accounts.pool.address(), holder, owner, assets });
    Ok(())
}
