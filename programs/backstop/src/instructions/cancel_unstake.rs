use {
    crate::{errors::BackstopError, events::UnstakeCancelled, state::InsuranceStake},
    anchor_lang::{address_eq, prelude::*},
    backstop_engine::exit::Request,
};

/// Takes back a request to leave the insurance fund.
///
/// Specification:
/// - the owner of the stake signs
/// - a stake without a request is refused
#[derive(Accounts)]
pub struct CancelUnstake {
    /// The staker.
    pub owner: Signer,
    /// The staker's stake.
    #[account(mut, constraint = address_eq(&stake.owner, owner.address()) @ BackstopError::WrongOwner)]
    pub stake: Account<InsuranceStake>,
}

pub fn cancel_unstake(ctx: &mut Context<CancelUnstake>) -> Result<()> {
    let stake = &mut ctx.accounts.stake;
    let shares = stake.request.shares;
    require!(shares != 0, BackstopError::ExitNotRequested);

    stake.request.apply(&Request::default());

    emit!(UnstakeCancelled { fund: stake.fund, owner: stake.owner, shares });
    Ok(())
}
