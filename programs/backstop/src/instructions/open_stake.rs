use {
    crate::{
        constants::STAKE_SEED,
        events::StakeOpened,
        state::{HoldsShares, InsuranceFund, InsuranceStake, Stake},
    },
    anchor_lang::prelude::*,
};

/// Opens an empty insurance stake.
///
/// Specification:
/// - one per insurance fund and owner
/// - anyone can pay for it; only the owner can use it
#[derive(Accounts)]
pub struct OpenStake {
    /// Will own the stake. Need not sign.
    pub owner: UncheckedAccount,
    /// Pays the rent.
    #[account(mut, unsafe(dup))] // may also be another signer
    pub payer: Signer,
    /// The insurance fund.
    pub insurance_fund: Account<InsuranceFund>,
    /// The new stake.
    #[account(
        init,
        payer = payer,
        space = InsuranceStake::SPACE,
        seeds = [STAKE_SEED, insurance_fund.address().as_ref(), owner.address().as_ref()],
        bump
    )]
    pub stake: Stake,
    /// The system program.
    pub system_program: Program<System>,
}

pub fn open_stake(ctx: &mut Context<OpenStake>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (fund, owner) = (*accounts.insurance_fund.address(), *accounts.owner.address());
    accounts.stake.open(fund, owner, ctx.bumps.stake);
    emit!(StakeOpened { fund, owner });
    Ok(())
}
