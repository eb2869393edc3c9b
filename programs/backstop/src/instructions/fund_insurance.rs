use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::InsuranceFunded,
        state::{InsuranceFund, Pool},
        transfers::take,
    },
    anchor_lang::prelude::*,
    anchor_spl::token_interface::TokenInterface,
    backstop_engine::quantity::Assets,
};

/// Donates liquidity to a pool's insurance fund.
///
/// The donation mints protocol-owned shares. They bear losses like stakes, raise nobody's stake, and can never be taken
/// out.
///
/// Arguments:
/// - `assets`: the most to donate, in base units of the liquidity token
///
/// Specification:
/// - refused before the pool is opened
/// - anyone can donate
/// - takes what whole shares cost, at most `assets`; refused if that buys no share
/// - settles revenue due into the fund first
#[derive(Accounts)]
pub struct FundInsurance {
    /// Who gives.
    pub donor: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The pool's insurance fund.
    #[account(mut, address = pool.insurance_fund @ BackstopError::WrongInsuranceFund)]
    pub insurance_fund: Account<InsuranceFund>,
    /// The pool's vault.
    #[account(mut, address = pool.vault @ BackstopError::WrongVault)]
    pub vault: UncheckedAccount,
    /// The donor's token account.
    #[account(mut)]
    pub source: UncheckedAccount,
    /// The liquidity token's mint.
    #[account(address = pool.mint @ BackstopError::WrongMint)]
    pub mint: UncheckedAccount,
    /// The mint's token program.
    pub token_program: Interface<'static, TokenInterface>,
}

pub fn fund_insurance(ctx: &mut Context<FundInsurance>, assets: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (pool, fund) = (&mut accounts.pool, &mut accounts.insurance_fund);
    pool.launch().require_open().into_program_error()?;
    let totals = pool.accrued(Clock::get()?.unix_timestamp)?;
    let (settled, totals) = fund.fund().settled(&totals).into_program_error()?;
    let given = settled.donate(Assets::new(assets)).into_program_error()?;

    pool.apply(&totals)?;
    fund.store(&given.fund);
    pool.hold_fund(fund.assets)?;

    take(
        &accounts.donor,
        (&accounts.token_program, &accounts.mint, accounts.pool.decimals),
        &mut accounts.source,
        &mut accounts.vault,
        given.assets.get(),
    )?;
    emit!(InsuranceFunded {
        pool: *accounts.pool.address(),
        donor: *accounts.donor.address(),
        assets: given.assets.get(),
        insurance_assets: accounts.insurance_fund.assets,
    });
    Ok(())
}
