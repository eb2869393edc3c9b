use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::UnstakeExecuted,
        state::{InsuranceFund, Pool, ShareHistory, Stake},
    },
    anchor_lang::{address_eq, prelude::*},
};

/// Executes a matured request to leave the insurance fund: its shares become an amount that the owner collects.
///
/// Specification:
/// - anyone can execute it
/// - refused without a request, and before it has matured
/// - refused during a hold of the fund
/// - settles revenue due into the fund first
/// - burns the requested shares for the lesser of their value at the request and now, rounded down, up to what the fund
///   holds without what the pool owes it; the rest stays requested, with its part of the value at the request
/// - shares worth nothing are not burnt, and their request ends; refused if the fund can pay nothing now
/// - moves no token: sets the amount aside
/// - after a loss, the stake's history stores its earlier shares; refused if the history is full, which anyone can
///   extend
#[derive(Accounts)]
pub struct ExecuteUnstake {
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The pool's insurance fund.
    #[account(mut, address = pool.insurance_fund @ BackstopError::WrongInsuranceFund)]
    pub insurance_fund: Account<InsuranceFund>,
    /// The staker's stake.
    #[account(
        mut,
        constraint = address_eq(&stake.fund, insurance_fund.address()) @ BackstopError::WrongInsuranceFund
    )]
    pub stake: Stake,
}

pub fn execute_unstake(ctx: &mut Context<ExecuteUnstake>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (pool, fund, stake) = (&mut accounts.pool, &mut accounts.insurance_fund, &mut accounts.stake);
    let now = Clock::get()?.unix_timestamp;
    stake.settle(&fund.era())?;
    let request = stake.request.request();
    request.require_mature(pool.holds().fund.clock(now)).into_program_error()?;
    let (settled, totals) = pool.settled_and_open(fund, now)?;
    let (exit, left) = settled.execute(&request).into_program_error()?;

    pool.set_aside(exit.assets)?;
    pool.apply(&totals)?;
    fund.store(&left);
    pool.hold_fund(fund.assets)?;
    stake.leave(&fund.era(), &exit)?;

    emit!(UnstakeExecuted {
        fund: *fund.address(),
        owner: stake.owner,
        assets: exit.assets.get(),
        shares: exit.shares.get(),
        left: exit.left.shares.get(),
        insurance_assets: fund.assets,
        stake_shares: fund.shares,
    });
    Ok(())
}
