use {
    crate::{
        errors::BackstopError,
        events::HistoryTrimmed,
        state::{Holding, ShareHistory},
    },
    anchor_lang::{address_eq, prelude::*},
};

/// Gives up old rows of the history of an LP's position, or of a stake, for new ones. What is recovered of their losses cannot be claimed any more.
///
/// Arguments:
/// - `through`: number of the last loss that is given up
///
/// Specification:
/// - the owner of the position or stake signs
/// - gives up the rows that end with this loss or before; none is refused
#[derive(Accounts)]
pub struct TrimHistory {
    /// Who owns the position or stake.
    pub owner: Signer,
    /// The position or stake.
    #[account(mut, constraint = address_eq(&holder.owner, owner.address()) @ BackstopError::WrongOwner)]
    pub holder: Holding,
}

pub fn trim_history(ctx: &mut Context<TrimHistory>, through: u32) -> Result<()> {
    let holder = &mut ctx.accounts.holder;
    let rows = holder.trim(through)?;
    emit!(HistoryTrimmed { holder: *holder.address(), rows });
    Ok(())
}
