use {
    crate::{
        errors::{BackstopError, OrRefuse},
        events::StakeRecoveryClaimed,
        state::{Book, InsuranceFund, LossClaim, LossRecords, Pool, ShareHistory, Stake},
        transfers::TokenKind,
    },
    anchor_lang::{address_eq, prelude::*},
    anchor_spl::token_interface::TokenInterface,
};

/// Pays a staker its part of what was recovered of a loss: that of the claim account, which `open_claim` opens.
///
/// Arguments:
/// - `min_assets`: the least that must be paid, in base units; else the call is refused
///
/// Specification:
/// - the owner of the stake signs
/// - pays the part of what stakers got back of the loss that belongs to the shares held at it, rounded down, less what was paid of it
///   already
/// - a staker who has left is paid as one who stayed, also after the fund was drained; one who came later has no part
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
    /// The pool's loss book.
    #[account(address = pool.loss_book @ BackstopError::WrongLossBook)]
    pub loss_book: Book,
    /// The staker's stake.
    #[account(
        constraint = address_eq(&stake.fund, insurance_fund.address()) @ BackstopError::WrongInsuranceFund,
        constraint = address_eq(&stake.owner, owner.address()) @ BackstopError::WrongOwner
    )]
    pub stake: Stake,
    /// What the stake claimed of the loss.
    #[account(mut, constraint = address_eq(&claim.holder, stake.address()) @ BackstopError::WrongClaim)]
    pub claim: Account<LossClaim>,
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
    let (fund, claim) = (&mut accounts.insurance_fund, &mut accounts.claim);
    let record = accounts.loss_book.loss(claim.loss).ok_or(BackstopError::NothingToClaim)?.record();
    let held = accounts.stake.held_at(claim.loss, record.stake_generation);
    let paid = record.stake_claim(held, claim.claimed()).or_refuse()?;
    require!(paid.get() >= min_assets, BackstopError::SlippageExceeded);

    claim.pay(&mut fund.unclaimed, paid)?;

    TokenKind::new(&accounts.token_program, &accounts.mint, accounts.pool.decimals).transfer(
        &mut accounts.vault,
        &mut accounts.destination,
        &accounts.pool,
        paid.get(),
        &[&accounts.pool.seeds()],
    )?;
    emit!(StakeRecoveryClaimed {
        fund: *accounts.insurance_fund.address(),
        owner: *accounts.owner.address(),
        loss: accounts.claim.loss.into(),
        assets: paid.get(),
    });
    Ok(())
}
