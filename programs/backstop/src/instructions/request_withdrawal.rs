use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::WithdrawalRequested,
        state::{Pool, Position, ShareHistory},
    },
    anchor_lang::{address_eq, prelude::*},
    backstop_engine::{exit::Request, hold::Hold, quantity::Assets},
};

/// Requests a withdrawal where a notice applies: in a pool with a notice, and in any pool while the breaker is tripped.
///
/// Arguments:
/// - `shares`: how many; 2^64 - 1 for all
///
/// Specification:
/// - the owner of the position signs
/// - [`ALL`](crate::constants::ALL) requests all shares of the position
/// - refused for zero, for more than the position holds, and if no notice applies
/// - refused while another request stands; a request cannot be taken back
/// - anyone can execute it after the notice, at the price of that moment; the notice does not run during a hold
#[derive(Accounts)]
pub struct RequestWithdrawal {
    /// The LP.
    pub owner: Signer,
    /// The pool.
    pub pool: Account<Pool>,
    /// The LP's position.
    #[account(
        mut,
        constraint = address_eq(&position.pool, pool.address()) @ BackstopError::WrongPool,
        constraint = address_eq(&position.owner, owner.address()) @ BackstopError::WrongOwner
    )]
    pub position: Position,
}

pub fn request_withdrawal(ctx: &mut Context<RequestWithdrawal>, shares: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (pool, position) = (&accounts.pool, &mut accounts.position);
    let now = Clock::get()?.unix_timestamp;
    let notice = pool.notice_seconds(now);
    require!(notice != 0, BackstopError::NoNoticeDue);
    position.settle(&pool.era())?;
    position.request.request().require_none().into_program_error()?;
    let shares = position.asked(shares)?;

    let request = Request::new(shares, Assets::ZERO, now, notice);
    position.request.store(&request.on_clock(&Hold::from(&pool.hold), now));

    emit!(WithdrawalRequested {
        pool: *pool.address(),
        owner: position.owner,
        shares: shares.get(),
        matures_at: request.matures_at,
    });
    Ok(())
}
