use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::UnstakeRequested,
        state::{InsuranceFund, Pool, ShareHistory, Stake},
    },
    anchor_lang::{address_eq, prelude::*},
    backstop_engine::{exit::Request, hold::Hold},
};

/// Requests to leave the insurance fund. The shares stay in the fund, with its gains and losses, until the request is
/// executed.
///
/// Arguments:
/// - `shares`: how many; 2^64 - 1 for all
///
/// Specification:
/// - the owner of the stake signs
/// - [`ALL`](crate::constants::ALL) requests all shares of the stake
/// - refused for zero, and for more than the stake holds
/// - settles revenue due into the fund first
/// - stores the present value of the shares, which execution never exceeds
/// - refused while another request stands; a request cannot be taken back
/// - anyone can execute it after the cooldown, which is fixed now and does not run during a hold of the fund
#[derive(Accounts)]
pub struct RequestUnstake {
    /// The staker.
    pub owner: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The pool's insurance fund.
    #[account(mut, address = pool.insurance_fund @ BackstopError::WrongInsuranceFund)]
    pub insurance_fund: Account<InsuranceFund>,
    /// The staker's stake.
    #[account(
        mut,
        constraint = address_eq(&stake.fund, insurance_fund.address()) @ BackstopError::WrongInsuranceFund,
        constraint = address_eq(&stake.owner, owner.address()) @ BackstopError::WrongOwner
    )]
    pub stake: Stake,
}

pub fn request_unstake(ctx: &mut Context<RequestUnstake>, shares: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (pool, fund, stake) = (&mut accounts.pool, &mut accounts.insurance_fund, &mut accounts.stake);
    let now = Clock::get()?.unix_timestamp;
    stake.settle(&fund.era())?;
    stake.request.request().require_none().into_program_error()?;
    let shares = stake.asked(shares)?;
    let (settled, totals) = pool.settled(fund, now)?;
    let worth = settled.worth(shares).into_program_error()?;
    let cooldown = pool.parameters.insurance.cooldown_seconds;

    pool.apply(&totals)?;
    fund.store(&settled);
    let request = Request::new(shares, worth, now, cooldown);
    stake.request.store(&request.on_clock(&Hold::from(&pool.fund_hold), now));

    emit!(UnstakeRequested {
        fund: *fund.address(),
        owner: stake.owner,
        shares: shares.get(),
        worth: worth.get(),
        matures_at: request.matures_at,
    });
    Ok(())
}
