use {
    crate::{
        events::HistoryExtended,
        state::{Holding, ShareHistory},
    },
    anchor_lang::prelude::*,
};

/// Adds rows to the history of an LP position or a stake.
///
/// Arguments:
/// - `rows`: how many, at most 256
///
/// Specification:
/// - anyone can pay
/// - refused for zero, and for more than 256
#[derive(Accounts)]
pub struct ExtendHistory {
    /// Pays the rent.
    #[account(mut)]
    pub payer: Signer,
    /// The position or stake.
    #[account(mut)]
    pub holder: Holding,
    /// The system program.
    pub system_program: Program<System>,
}

pub fn extend_history(ctx: &mut Context<ExtendHistory>, rows: u32) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let room = accounts.holder.extend(rows, accounts.payer.account())?;
    emit!(HistoryExtended { holder: *accounts.holder.address(), room: room.into() });
    Ok(())
}
