use {
    crate::{
        constants::{ACCOUNT_VERSION, CHANGE_SEED},
        errors::BackstopError,
        events::ChangeQueued,
        state::{Collateral, Market, Parameter, ParameterChange, Pool, Targets},
    },
    anchor_lang::prelude::*,
    backstop_engine::governance::Schedule,
};

/// Queues a change of a parameter. It can be executed after the market's timelock, within fourteen days.
///
/// Arguments:
/// - `nonce`: distinguishes queued changes; the address is derived from it
/// - `parameter`: the parameter
/// - `value`: its new value, in 32 bytes: a number in little endian followed by zeros, or a feed or an address
///
/// Specification:
/// - only the market's authority signs
/// - the parameters with this change are within their bounds of now
/// - a pool's parameter takes the pool, a collateral's the pool and the collateral, the market's neither; a superfluous
///   account is ignored
/// - a change that decides what stakers bear, earn or wait for waits for the longer of the timelock and their cooldown
/// - one change per nonce at a time
#[derive(Accounts)]
#[instruction(nonce: u64)]
pub struct QueueChange {
    /// The market's authority.
    #[account(address = market.authority @ BackstopError::WrongAuthority)]
    pub authority: Signer,
    /// Pays the rent, and gets it back when the change is executed or cancelled.
    #[account(mut, unsafe(dup))] // may also be another signer
    pub payer: Signer,
    /// The market.
    pub market: Account<Market>,
    /// The pool, for a parameter of one or of its collateral.
    pub pool: Option<Account<Pool>>,
    /// The collateral, for a parameter of one.
    pub collateral: Option<Account<Collateral>>,
    /// The new change.
    #[account(
        init,
        payer = payer,
        seeds = [CHANGE_SEED, market.address().as_ref(), &nonce.to_le_bytes()],
        bump
    )]
    pub change: Account<ParameterChange>,
    /// The system program.
    pub system_program: Program<System>,
}

pub fn queue_change(ctx: &mut Context<QueueChange>, nonce: u64, parameter: Parameter, value: [u8; 32]) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let targets =
        Targets { market: &accounts.market, pool: accounts.pool.as_ref(), collateral: accounts.collateral.as_ref() };
    let proposal = parameter.propose(&value, &targets)?;
    let now = Clock::get()?.unix_timestamp;
    let schedule = Schedule::after(parameter.wait_seconds(&targets)?, now);
    let stopped = accounts.pool.as_ref().map_or([0; 2], |pool| pool.holds().stopped(now));

    let change = &mut accounts.change;
    (change.market, change.target) = (*accounts.market.address(), proposal.target);
    (change.payer, change.nonce) = (*accounts.payer.address(), nonce);
    (change.parameter, change.value) = (parameter.number(), value);
    change.timelock_seconds = accounts.market.timelock_seconds;
    (change.executable_at, change.lapses_at) = (schedule.executable_at, schedule.lapses_at);
    [change.pool_stopped, change.fund_stopped] = stopped;
    change.queued_at = now;
    (change.version, change.bump) = (ACCOUNT_VERSION, ctx.bumps.change);
    emit!(ChangeQueued {
        market: change.market,
        change: *accounts.change.address(),
        target: proposal.target,
        parameter: parameter.number().into(),
        before: proposal.before,
        value,
        executable_at: schedule.executable_at,
        lapses_at: schedule.lapses_at,
    });
    Ok(())
}
