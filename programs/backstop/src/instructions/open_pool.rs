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

/// Opens a pool, and founds its insurance fund with a donation of the authority's. Before, nobody can deposit, stake or give; from now on what
/// loosens must wait, and every change of the pool and its collaterals that was queued before is void.
///
/// The donation is one as those of [`FundInsurance`](crate::instructions::FundInsurance): its shares are the fund's own, and nobody can ever take
/// it out.
///
/// Arguments:
/// - `assets`: the donation, in base units of the liquidity token: at least a million, so that no share of the fund is ever worth more than a
///   millionth of it while no draw takes most of it
///
/// Specification:
/// - only the authority of the pool's market, who also pays the donation
/// - a pool is opened once
/// - less than a million base units is refused
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
