use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::WithdrawalExecuted,
        state::{Pool, Position, ShareHistory},
    },
    anchor_lang::{address_eq, prelude::*},
    backstop_engine::governance::Pausable,
};

/// Executes a matured request to withdraw: its shares become an amount that their owner collects.
///
/// Specification:
/// - anyone may execute
/// - refused without a request, and before it has matured, unless no notice is due any more
/// - refused while LP withdrawals are paused, and while a loss that is worth a wait is marked
/// - burns the requested shares at the price of now, rounded down; as far as the pool's cash goes, and the rest stays requested
/// - shares that are worth nothing are not burnt, and their request ends; cash that pays nothing is refused
/// - moves no token: the amount is set aside, no part of cash or NAV
/// - after a loss the position's history keeps what its shares were; refused if it has no room for that: anyone can extend it
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
