use {
    crate::{
        events::HistoryExtended,
        state::{ShareHistory, Stake},
    },
    anchor_lang::prelude::*,
};

/// Makes room for more rows in the history of an insurance stake.
///
/// Arguments:
/// - `rows`: for how many more; at most 256 at once
///
/// Specification:
/// - anyone may pay
/// - none, and more at once, are refused
#[derive(Accounts)]
pub struct ExtendStakeHistory {
    /// Pays the rent.
    #[account(mut)]
    pub payer: Signer,
    /// The stake.
    #[account(mut)]
    pub stake: Stake,
    /// The system program.
    pub system_program: Program<System>,
}

pub fn extend_stake_history(ctx: &mut Context<ExtendStakeHistory>, rows: u32) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let room = accounts.stake.extend(rows, accounts.payer.account())?;
    emit!(HistoryExtended { holder: *accounts.stake.address(), room: room.into() });
    Ok(())
}
