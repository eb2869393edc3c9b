use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::StakeRecoveryClaimed,
        state::{Book, InsuranceFund, LossClaim, LossRecords, ShareHistory, Stake},
    },
    anchor_lang::{address_eq, prelude::*},
};

/// Gives a staker its part of the shares that were minted by the recoveries of a loss. The claim account names the
/// loss; `open_claim` opens it.
///
/// The shares have been part of the fund since the recovery. So a repaid loss takes nothing out of the fund before a
/// cooldown.
///
/// Specification:
/// - the owner of the stake signs
/// - gives the part of the shares that belongs to the stake's shares at the loss, rounded down, less those claimed
///   before
/// - stakers who have left since have the same part, also after the fund was drained; stakers who came later have none
/// - later losses divide waiting shares like all shares of the fund, rounded down; earlier claims are rounded up
/// - refused if nothing is due
/// - moves no money and changes no price, so holds do not stop it
/// - after a loss, the stake's history stores its earlier shares; refused if the history is full
#[derive(Accounts)]
pub struct ClaimStakeRecovery {
    /// The staker.
    pub owner: Signer,
    /// The insurance fund.
    #[account(mut)]
    pub insurance_fund: Account<InsuranceFund>,
    /// The loss book of its pool.
    #[account(constraint = address_eq(&loss_book.pool, &insurance_fund.pool) @ BackstopError::WrongLossBook)]
    pub loss_book: Book,
    /// The staker's stake.
    #[account(
        mut,
        constraint = address_eq(&stake.fund, insurance_fund.address()) @ BackstopError::WrongInsuranceFund,
        constraint = address_eq(&stake.owner, owner.address()) @ BackstopError::WrongOwner
    )]
    pub stake: Stake,
    /// What the stake claimed of the loss.
    #[account(mut, constraint = address_eq(&claim.holder, stake.address()) @ BackstopError::WrongClaim)]
    pub claim: Account<LossClaim>,
}

pub fn claim_stake_recovery(ctx: &mut Context<ClaimStakeRecovery>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (fund, stake, claim) = (&mut accounts.insurance_fund, &mut accounts.stake, &mut accounts.claim);
    let record = accounts.loss_book.loss(claim.loss).ok_or(BackstopError::NothingToClaim)?.record();
    let held = stake.held_at(claim.loss, record.stake_generation);
    let shares = record.stake_claim(held, &claim.claimed_shares(), fund.generation).into_program_error()?;

    let claimed = fund.fund().claim(shares).into_program_error()?;
    fund.store(&claimed);
    claim.give(shares, fund.generation)?;
    stake.mint(&fund.era(), shares)?;

    emit!(StakeRecoveryClaimed {
        fund: *fund.address(),
        owner: *accounts.owner.address(),
        loss: claim.loss.into(),
        shares: shares.get(),
        stake_shares: fund.shares,
    });
    Ok(())
}
