use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::UnstakeExecuted,
        state::{InsuranceFund, Pool, ShareHistory, Stake},
    },
    anchor_lang::{address_eq, prelude::*},
};

/// Executes a matured request to leave the insurance fund: its shares become an amount that their owner collects.
///
/// Specification:
/// - anyone may execute
/// - refused without a request, and before it has matured
/// - refused while a loss that is worth a wait is marked
/// - revenue due is settled into the fund first
/// - burns the requested shares for the lesser of what they were worth when asked and what they are worth now, rounded down; as far as the fund
///   holds that without what the pool owes it, and the rest stays requested, worth its part of then
/// - shares for which nothing would be paid are not burnt, and their request ends; a fund that can pay nothing of it now is refused
/// - moves no token: the amount is set aside, no part of the fund
/// - after a loss the stake's history keeps what its shares were; refused if it has no room for that: anyone can extend it
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
