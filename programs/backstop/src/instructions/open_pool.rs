use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::PoolOpened,
        state::{InsuranceFund, Market, Pool},
        transfers::take,
    },
    anchor_lang::prelude::*,
    anchor_spl::token_interface::TokenInterface,
    backstop_engine::quantity::Assets,
};

/// Opens a pool, and starts its insurance fund with a donation from the authority.
///
/// Before, nobody can deposit, stake or donate. Afterwards, changes that loosen wait for the timelock, and changes of
/// the pool and its collaterals that were queued before are void. The donation mints protocol-owned shares, as
/// [`FundInsurance`](crate::instructions::FundInsurance) does.
///
/// Arguments:
/// - `assets`: the donation, in base units of the liquidity token, at least one million: so a share of the fund is
///   worth at most a millionth of it, unless a draw takes most of the fund
///
/// Specification:
/// - only the authority of the pool's market signs, and pays the donation
/// - a pool is opened once
/// - refused below one million base units
#[derive(Accounts)]
pub struct OpenPool {
    /// The market's authority.
    #[account(address = market.authority @ BackstopError::WrongAuthority)]
    pub authority: Signer,
    /// The market.
    #[account(address = pool.market @ BackstopError::WrongMarket)]
    pub market: Account<Market>,
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The pool's insurance fund.
    #[account(mut, address = pool.insurance_fund @ BackstopError::WrongInsuranceFund)]
    pub insurance_fund: Account<InsuranceFund>,
    /// The pool's vault.
    #[account(mut, address = pool.vault @ BackstopError::WrongVault)]
    pub vault: UncheckedAccount,
    /// The authority's token account.
    #[account(mut)]
    pub source: UncheckedAccount,
    /// The liquidity token's mint.
    #[account(address = pool.mint @ BackstopError::WrongMint)]
    pub mint: UncheckedAccount,
    /// The mint's token program.
    pub token_program: Interface<'static, TokenInterface>,
}

pub fn open_pool(ctx: &mut Context<OpenPool>, assets: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (pool, fund) = (&mut accounts.pool, &mut accounts.insurance_fund);
    let now = Clock::get()?.unix_timestamp;
    let opened = pool.launch().open(now).into_program_error()?;
    pool.count_interest(now)?;
    let founded = fund.fund().found(Assets::new(assets)).into_program_error()?;

    pool.opened_at = opened.opened_at;
    fund.store(&founded.fund);

    take(
        &accounts.authority,
        (&accounts.token_program, &accounts.mint, accounts.pool.decimals),
        &mut accounts.source,
        &mut accounts.vault,
        founded.assets.get(),
    )?;
    emit!(PoolOpened {
        pool: *accounts.pool.address(),
        authority: *accounts.authority.address(),
        assets: founded.assets.get(),
    });
    Ok(())
}
