use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::WithdrawalExecuted,
        state::{Pool, Position, ShareHistory},
    },
    anchor_lang::{address_eq, prelude::*},
    backstop_engine::governance::Pausable,
};

/// Executes a matured request to withdraw: its shares become an amount that the owner collects.
///
/// Specification:
/// - anyone can execute it
/// - refused without a request, and before it has matured, unless no notice applies any more
/// - refused while LP withdrawals are paused, and during a hold
/// - burns the requested shares at the current price, rounded down, up to the pool's cash; the rest stays requested
/// - shares worth nothing are not burnt, and their request ends; refused if the cash pays nothing
/// - moves no token: sets the amount aside, outside cash and NAV
/// - after a loss, the position's history stores its earlier shares; refused if the history is full, which anyone can
///   extend
#[derive(Accounts)]
pub struct ExecuteWithdrawal {
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The LP's position.
    #[account(mut, constraint = address_eq(&position.pool, pool.address()) @ BackstopError::WrongPool)]
    pub position: Position,
}

pub fn execute_withdrawal(ctx: &mut Context<ExecuteWithdrawal>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (pool, position) = (&mut accounts.pool, &mut accounts.position);
    let now = Clock::get()?.unix_timestamp;
    pool.require_open(Pausable::Withdraw, now)?;
    position.settle(&pool.era())?;
    let request = position.request.request();
    pool.due_request(&request, now).require_mature(pool.holds().pool.clock(now)).into_program_error()?;
    let totals = pool.accrued(now)?;
    pool.require_no_hold(&totals)?;
    let (exit, totals) = totals.execute(&request).into_program_error()?;

    pool.set_aside(exit.assets)?;
    pool.apply(&totals)?;
    position.leave(&pool.era(), &exit)?;

    emit!(WithdrawalExecuted {
        pool: *pool.address(),
        owner: position.owner,
        assets: exit.assets.get(),
        shares: exit.shares.get(),
        left: exit.left.shares.get(),
        state: pool.state(),
    });
    Ok(())
}
