use {
    crate::{errors::BackstopError, events::AuthorityProposed, state::Market},
    anchor_lang::prelude::*,
    backstop_engine::governance::Schedule,
};

/// Proposes the market's next authority. It can accept after the timelock, within fourteen days.
///
/// Arguments:
/// - `proposed`: the next authority
///
/// Specification:
/// - only the market's authority signs
/// - replaces an earlier proposal
#[derive(Accounts)]
pub struct ProposeAuthority {
    /// The market's authority.
    #[account(address = market.authority @ BackstopError::WrongAuthority)]
    pub authority: Signer,
    /// The market.
    #[account(mut)]
    pub market: Account<Market>,
}

pub fn propose_authority(ctx: &mut Context<ProposeAuthority>, proposed: Address) -> Result<()> {
    let market = &mut ctx.accounts.market;
    let schedule = Schedule::after(market.timelock_seconds.into(), Clock::get()?.unix_timestamp);
    market.propose(proposed, schedule);
    emit!(AuthorityProposed {
        market: *market.address(),
        authority: market.authority,
        proposed,
        acceptable_at: schedule.executable_at,
        lapses_at: schedule.lapses_at,
    });
    Ok(())
}
