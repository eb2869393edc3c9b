use {
    crate::{
        errors::BackstopError,
        events::HistoryTrimmed,
        state::{Position, ShareHistory},
    },
    anchor_lang::{address_eq, prelude::*},
};

/// Gives up old rows of the history of an LP's position, for new ones. What is recovered of their losses cannot be claimed any more.
///
/// Arguments:
/// - `through`: number of the last loss that is given up
///
/// Specification:
/// - the owner of the position signs
/// - gives up the rows that end with this loss or before; none is refused
#[derive(Accounts)]
pub struct TrimHistory {
    /// Who owns the position.
    pub owner: Signer,
    /// The position.
    #[account(mut, constraint = address_eq(&position.owner, owner.address()) @ BackstopError::WrongOwner)]
    pub position: Position,
}

pub fn trim_history(ctx: &mut Context<TrimHistory>, through: u32) -> Result<()> {
    let position = &mut ctx.accounts.position;
    let rows = position.trim(through)?;
    emit!(HistoryTrimmed { holder: *position.address(), rows });
    Ok(())
}
