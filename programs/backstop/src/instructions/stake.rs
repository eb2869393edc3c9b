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

/// Stakes liquidity in a pool's insurance fund.
///
/// Arguments:
/// - `max_assets`: the most to pay, in base units
/// - `min_shares`: the fewest shares to receive; otherwise the call is refused
///
/// Specification:
/// - refused before the pool is opened
/// - the owner of the stake signs and pays
/// - settles revenue due into the fund first
/// - mints shares at the fund's price, rounded down, and takes what they cost, rounded up, at most `max_assets`
/// - refused if that mints no share, or fewer than `min_shares`
/// - refused during a hold of the fund
/// - after a loss, the stake's history stores its earlier shares; refused if the history is full
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
