use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::AuthorityChanged,
        state::Market,
    },
    anchor_lang::prelude::*,
    backstop_engine::governance::Schedule,
};

/// Accepts the role of the market's authority.
///
/// Specification:
/// - only the proposed address signs
/// - refused before the timelock since the proposal has passed, and after the proposal has lapsed
#[derive(Accounts)]
pub struct AcceptAuthority {
    /// Who was proposed.
    #[account(address = market.pending_authority @ BackstopError::WrongPendingAuthority)]
    pub authority: Signer,
    /// The market.
    #[account(mut)]
    pub market: Account<Market>,
}

pub fn accept_authority(ctx: &mut Context<AcceptAuthority>) -> Result<()> {
    let market = &mut ctx.accounts.market;
    market.acceptance().require_open(Clock::get()?.unix_timestamp).into_program_error()?;
    let before = core::mem::replace(&mut market.authority, *ctx.accounts.authority.address());
    market.propose(Address::default(), Schedule::default());
    emit!(AuthorityChanged { market: *market.address(), before, authority: market.authority });
    Ok(())
}
