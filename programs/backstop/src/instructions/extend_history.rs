use {
    crate::{
        events::HistoryExtended,
        state::{Holding, ShareHistory},
    },
    anchor_lang::prelude::*,
};

/// Makes room for more rows in the history of an LP's position, or of a stake.
///
/// Arguments:
/// - `rows`: for how many more; at most 256 at once
///
/// Specification:
/// - anyone may pay
/// - none, and more at once, are refused
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
