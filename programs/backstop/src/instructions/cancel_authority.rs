use {
    crate::{errors::BackstopError, events::AuthorityProposed, state::Market},
    anchor_lang::prelude::*,
    backstop_engine::governance::Schedule,
};

/// Cancels the proposal of an authority.
///
/// Specification:
/// - the market's guardian or authority signs
/// - without a proposal nothing changes
#[derive(Accounts)]
pub struct CancelAuthority {
    /// The guardian or the authority.
    pub signer: Signer,
    /// The market.
    #[account(mut, constraint = market.is_guarded_by(signer.address()) @ BackstopError::WrongGuardian)]
    pub market: Account<Market>,
}

pub fn cancel_authority(ctx: &mut Context<CancelAuthority>) -> Result<()> {
    let market = &mut ctx.accounts.market;
    market.propose(Address::default(), Schedule::default());
    emit!(AuthorityProposed {
        market: *market.address(),
        authority: market.authority,
        proposed: Address::default(),
        acceptable_at: 0,
        lapses_at: 0,
    });
    Ok(())
}
