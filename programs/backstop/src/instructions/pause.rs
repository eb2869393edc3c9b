use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::PauseChanged,
        state::{Market, PausableOperation, Pool},
    },
    anchor_lang::{address_eq, prelude::*},
};

/// Pauses deposits, borrowing, collateral withdrawals or LP withdrawals of a pool, or extends their pause.
///
/// Arguments:
/// - `what`: the operation
/// - `seconds`: the duration from now
///
/// Specification:
/// - the market's guardian or authority signs
/// - the pause ends by itself after `seconds`; a running pause is never shortened
/// - collateral withdrawals and LP withdrawals can be paused for at most 72 hours in all, and again only after they
///   were open for as long
/// - deposits and borrowing can be paused for at most thirty days, and again at the end
#[derive(Accounts)]
pub struct Pause {
    /// The guardian or the authority.
    pub signer: Signer,
    /// The market.
    #[account(constraint = market.is_guarded_by(signer.address()) @ BackstopError::WrongGuardian)]
    pub market: Account<Market>,
    /// The pool.
    #[account(mut, constraint = address_eq(&pool.market, market.address()) @ BackstopError::WrongMarket)]
    pub pool: Account<Pool>,
}

pub fn pause(ctx: &mut Context<Pause>, what: PausableOperation, seconds: u32) -> Result<()> {
    require!(seconds > 0, BackstopError::AmountTooSmall);
    let accounts = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    let kind = what.into();
    let paused = accounts.pool.pause(kind).begin(kind, seconds, now).into_program_error()?;

    accounts.pool.store_pause(kind, paused);
    emit!(PauseChanged {
        pool: *accounts.pool.address(),
        by: *accounts.signer.address(),
        what: what.number(),
        since: paused.since,
        until: paused.until,
    });
    Ok(())
}
