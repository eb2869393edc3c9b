use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::Staked,
        state::{InsuranceFund, Pool, ShareHistory, Stake as StakeAccount},
        transfers::take,
    },
    anchor_lang::{address_eq, prelude::*},
    anchor_spl::token_interface::TokenInterface,
    backstop_engine::quantity::Assets,
};

/// Pays liquidity into a pool's insurance fund for shares of it.
///
/// Arguments:
/// - `max_assets`: what is offered, in base units: the most that is taken
/// - `min_shares`: the fewest shares that must be minted; else the call is refused
///
/// Specification:
/// - refused before the pool is opened
/// - the owner of the stake signs and pays
/// - revenue due is settled into the fund first
/// - shares cost their part of what the fund holds; shares are rounded down, their cost up, at most
///   `max_assets`
/// - an amount that mints no share is refused, and so are fewer shares than `min_shares`
/// - after a loss the stake's history keeps what its shares were; refused if it has no room for that
#[derive(Accounts)]
pub struct Stake {
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
    pub stake: StakeAccount,
    /// The pool's vault.
    #[account(mut, address = pool.vault @ BackstopError::WrongVault)]
    pub vault: UncheckedAccount,
    /// The staker's token account.
    #[account(mut)]
    pub source: UncheckedAccount,
    /// The liquidity token's mint.
    #[account(address = pool.mint @ BackstopError::WrongMint)]
    pub mint: UncheckedAccount,
    /// The mint's token program.
    pub token_program: Interface<'static, TokenInterface>,
}

pub fn stake(ctx: &mut Context<Stake>, max_assets: u64, min_shares: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (pool, fund, stake) = (&mut accounts.pool, &mut accounts.insurance_fund, &mut accounts.stake);
    pool.launch().require_open().into_program_error()?;
    let (settled, totals) = pool.settled_and_open(fund, Clock::get()?.unix_timestamp)?;
    let staked = settled.stake(Assets::new(max_assets)).into_program_error()?;
    require!(staked.shares.get() >= min_shares, BackstopError::SlippageExceeded);

    pool.apply(&totals)?;
    fund.store(&staked.fund);
    pool.hold_fund(fund.assets)?;
    stake.mint(&fund.era(), staked.shares)?;

    take(
        &accounts.owner,
        (&accounts.token_program, &accounts.mint, accounts.pool.decimals),
        &mut accounts.source,
        &mut accounts.vault,
        staked.assets.get(),
    )?;
    emit!(Staked {
        fund: *accounts.insurance_fund.address(),
        owner: *accounts.owner.address(),
        assets: staked.assets.get(),
        shares: staked.shares.get(),
        insurance_assets: accounts.insurance_fund.assets,
        stake_shares: accounts.insurance_fund.shares,
    });
    Ok(())
}
