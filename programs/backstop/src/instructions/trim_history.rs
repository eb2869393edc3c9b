use {
    crate::{
        errors::BackstopError,
        events::HistoryTrimmed,
        state::{Holding, ShareHistory},
    },
    anchor_lang::{address_eq, prelude::*},
};

/// Removes old rows from the history of an LP position or a stake. Recoveries of their losses can no longer be claimed.
///
/// Arguments:
/// - `through`: the number of the last loss to give up
///
/// Specification:
/// - the owner of the position or stake signs
/// - removes the rows that end with this loss or before; refused if there is none
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
