use {
    crate::{
        errors::BackstopError,
        events::HistoryTrimmed,
        state::{ShareHistory, Stake},
    },
    anchor_lang::{address_eq, prelude::*},
};

/// Gives up old rows of the history of an insurance stake, for new ones. What is recovered of their losses cannot be claimed any more.
///
/// Arguments:
/// - `through`: number of the last loss that is given up
///
/// Specification:
/// - the owner of the stake signs
/// - gives up the rows that end with this loss or before; none is refused
#[derive(Accounts)]
pub struct TrimStakeHistory {
    /// Who owns the stake.
    pub owner: Signer,
    /// The stake.
    #[account(mut, constraint = address_eq(&stake.owner, owner.address()) @ BackstopError::WrongOwner)]
    pub stake: Stake,
}

pub fn trim_stake_history(ctx: &mut Context<TrimStakeHistory>, through: u32) -> Result<()> {
    let stake = &mut ctx.accounts.stake;
    let rows = stake.trim(through)?;
    emit!(HistoryTrimmed { holder: *stake.address(), rows });
    Ok(())
}
