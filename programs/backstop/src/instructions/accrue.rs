use {
    crate::{errors::IntoProgramError, events::Accrued, state::Pool},
    anchor_lang::prelude::*,
};

/// Accrues interest up to now. Every instruction that reads a pool's totals does this first.
///
/// Specification:
/// - anyone can call it
/// - a second call in the same second changes nothing
#[derive(Accounts)]
pub struct Accrue {
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
}

pub fn accrue(ctx: &mut Context<Accrue>) -> Result<()> {
    let pool = &mut ctx.accounts.pool;
    let now = Clock::get()?.unix_timestamp;
    let accrual = pool.totals().accrue(&pool.rates(), now).into_program_error()?;
    pool.apply(&accrual.totals)?;
    emit!(Accrued {
        pool: *pool.address(),
        interest: accrual.interest.get(),
        to_reserves: accrual.to_reserves.get(),
        to_insurance: accrual.to_insurance.get(),
        state: pool.state(),
    });
    Ok(())
}
