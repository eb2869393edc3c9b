use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::UnstakeRequested,
        state::{InsuranceFund, Pool, ShareHistory, Stake},
    },
    anchor_lang::{address_eq, prelude::*},
    backstop_engine::{exit::Request, hold::Hold},
};

/// Asks to leave the insurance fund. The shares stay in it, and lose and gain with it, until they leave.
///
/// Arguments:
/// - `shares`: how many are asked to leave; 2^64 - 1 is all there are
///
/// Specification:
/// - the owner of the stake signs
/// - `shares` of [`ALL`](crate::constants::ALL) are all the stake holds
/// - nothing, or more shares than it holds, is refused
/// - revenue due is settled into the fund first
/// - notes what they are worth now, whatever is marked: more is never paid
/// - refused while an earlier request stands: it is the only one, and nothing takes it back
/// - anyone can execute it after the cooldown, which is fixed by this call and does not run while the fund is on hold
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
