use {
    crate::{
        errors::BackstopError,
        events::ChangeCancelled,
        state::{Market, Parameter, ParameterChange},
    },
    anchor_lang::{address_eq, prelude::*},
};

/// Cancels a queued change, also a lapsed one.
///
/// Specification:
/// - the market's guardian or authority signs
/// - the guardian cannot cancel a change of the guardian
/// - the rent is returned to its payer
#[derive(Accounts)]
pub struct CancelChange {
    /// The guardian or the authority.
    pub signer: Signer,
    /// The market.
    #[account(constraint = market.is_guarded_by(signer.address()) @ BackstopError::WrongGuardian)]
    pub market: Account<Market>,
    /// The change.
    #[account(
        mut,
        close = payer,
        constraint = address_eq(&change.market, market.address()) @ BackstopError::WrongMarket
    )]
    pub change: Account<ParameterChange>,
    /// Who paid the change's rent.
    #[account(mut, unsafe(dup), address = change.payer @ BackstopError::WrongOwner)] // may also be the signer
    pub payer: UncheckedAccount,
}

pub fn cancel_change(ctx: &mut Context<CancelChange>) -> Result<()> {
    let accounts = &ctx.accounts;
    let of_guardian = accounts.change.parameter == Parameter::Guardian.number();
    let by_authority = address_eq(accounts.signer.address(), &accounts.market.authority);
    require!(by_authority || !of_guardian, BackstopError::WrongAuthority);
    emit!(ChangeCancelled {
        market: *accounts.market.address(),
        change: *accounts.change.address(),
        by: *accounts.signer.address(),
    });
    Ok(())
}
