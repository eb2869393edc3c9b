use {
    crate::{
        errors::{BackstopError, OrRefuse},
        events::Unstaked,
        state::{InsuranceFund, Pool, ShareHistory, Stake},
        transfers::TokenKind,
    },
    anchor_lang::{address_eq, prelude::*},
    anchor_spl::token_interface::TokenInterface,
    backstop_engine::exit::Request,
};

/// Takes the shares of a matured request out of the insurance fund.
///
/// Arguments:
/// - `min_assets`: the least that must be paid, in base units; else the call is refused
///
/// Specification:
/// - the owner of the stake signs
/// - only after the cooldown and before the claim window ends
/// - pays the lesser of what the shares were worth when asked and what they are worth now, rounded down
/// - refused while a loss that is worth a wait is marked
/// - less than `min_assets`, and nothing, are refused; so is what the pool still owes the fund for want of cash
/// - revenue due is settled into the fund first
/// - after a loss the stake's history keeps what its shares were; refused if it has no room for that
#[derive(Accounts)]
pub struct Unstake {
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
    /// The pool's vault.
    #[account(mut, address = pool.vault @ BackstopError::WrongVault)]
    pub vault: UncheckedAccount,
    /// The token account that is paid.
    #[account(mut)]
    pub destination: UncheckedAccount,
    /// The liquidity token's mint.
    #[account(address = pool.mint @ BackstopError::WrongMint)]
    pub mint: UncheckedAccount,
    /// The mint's token program.
    pub token_program: Interface<'static, TokenInterface>,
}

pub fn unstake(ctx: &mut Context<Unstake>, min_assets: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (pool, fund, stake) = (&mut accounts.pool, &mut accounts.insurance_fund, &mut accounts.stake);
    let now = Clock::get()?.unix_timestamp;
    stake.settle(&fund.era())?;
    let request = stake.request.request();
    request.require_open(pool.holds().fund.clock(now)).or_refuse()?;
    let (settled, totals) = fund.fund().settled(&pool.accrued(now)?).or_refuse()?;
    pool.require_no_fund_hold(settled.all())?;
    let left = settled.unstake(request.shares, request.worth).or_refuse()?;
    require!(left.assets.get() >= min_assets, BackstopError::SlippageExceeded);

    pool.apply(&totals)?;
    fund.apply(&left.fund);
    pool.hold_fund(fund.assets)?;
    stake.burn(&fund.era(), request.shares)?;
    stake.request.apply(&Request::default());

    TokenKind::new(&accounts.token_program, &accounts.mint, accounts.pool.decimals).transfer(
        &mut accounts.vault,
        &mut accounts.destination,
        &accounts.pool,
        left.assets.get(),
        &[&accounts.pool.seeds()],
    )?;
    emit!(Unstaked {
        fund: *accounts.insurance_fund.address(),
        owner: *accounts.owner.address(),
        assets: left.assets.get(),
        shares: request.shares.get(),
        insurance_assets: accounts.insurance_fund.assets,
        stake_shares: accounts.insurance_fund.shares,
    });
    Ok(())
}
