use {
    crate::{
        errors::BackstopError,
        events::StakeRecoveryClaimed,
        state::{InsuranceFund, InsuranceStake, Pool},
        transfers::TokenKind,
    },
    anchor_lang::{address_eq, prelude::*},
    anchor_spl::token_interface::TokenInterface,
};

/// Pays a staker all that was recovered of its losses.
///
/// Arguments:
/// - `min_assets`: the least that must be paid, in base units; else the call is refused
///
/// Specification:
/// - the owner of the stake signs
/// - a staker who has left is paid as one who stayed, also for losses of past generations
/// - nothing to pay is refused, and so is less than `min_assets`
#[derive(Accounts)]
pub struct ClaimStakeRecovery {
    /// The staker.
    pub owner: Signer,
    /// The pool.
    pub pool: Account<Pool>,
    /// The pool's insurance fund.
    #[account(mut, address = pool.insurance_fund @ BackstopError::WrongInsuranceFund)]
    pub insurance_fund: Account<InsuranceFund>,
    /// The staker's stake.
    #[account(
        mut,
        constraint = address_eq(&stake.fund, insurance_fund.address()) @ BackstopError::WrongInsuranceFund,
        constraint = address_eq(&stake.owner, owner.address()) @ BackstopError::WrongOwner
    )]
    pub stake: Account<InsuranceStake>,
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

pub fn claim_stake_recovery(ctx: &mut Context<ClaimStakeRecovery>, min_assets: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (fund, stake) = (&mut accounts.insurance_fund, &mut accounts.stake);
    stake.settle(&fund.claims);
    let paid = stake.holder.claim(&mut fund.claims)?.get();
    require!(paid >= min_assets, BackstopError::SlippageExceeded);

    TokenKind::new(&accounts.token_program, &accounts.mint, accounts.pool.decimals).transfer(
        &mut accounts.vault,
        &mut accounts.destination,
        &accounts.pool,
        paid,
        &[&accounts.pool.seeds()],
    )?;
    let (fund, owner) = (*accounts.insurance_fund.address(), *accounts.owner.address());
    emit!(StakeRecoveryClaimed { fund, owner, assets: paid });
    Ok(())
}
