use {
    crate::{
        errors::BackstopError,
        events::PauseChanged,
        state::{Market, PausableOperation, Pool},
    },
    anchor_lang::{address_eq, prelude::*},
};

/// Ends a pause now.
///
/// Arguments:
/// - `what`: the operation
///
/// Specification:
/// - only the market's authority signs
/// - an operation that is not paused does not change
#[derive(Accounts)]
pub struct Unpause {
    /// The market's authority.
    #[account(address = market.authority @ BackstopError::WrongAuthority)]
    pub authority: Signer,
    /// The market.
    pub market: Account<Market>,
    /// The pool.
    #[account(mut, constraint = address_eq(&pool.market, market.address()) @ BackstopError::WrongMarket)]
    pub pool: Account<Pool>,
}

pub fn unpause(ctx: &mut Context<Unpause>, what: PausableOperation) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let kind = what.into();
    let open = accounts.pool.pause(kind).end(Clock::get()?.unix_timestamp);

    accounts.pool.store_pause(kind, open);
    emit!(PauseChanged {
        pool: *accounts.pool.address(),
        by: *accounts.authority.address(),
        what: what.number(),
        since: open.since,
        until: open.until,
    });
    Ok(())
}
