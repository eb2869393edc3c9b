use {
    crate::{
        errors::{BackstopError, OrRefuse},
        events::InsuranceFunded,
        state::{InsuranceFund, Pool},
        transfers::TokenKind,
    },
    anchor_lang::prelude::*,
    anchor_spl::token_interface::TokenInterface,
    backstop_engine::quantity::Assets,
};

/// Gives liquidity to a pool's insurance fund. A gift: nothing is received for it.
///
/// It raises the value of all stake; where there is none, it founds the fund, and later stakers cannot take it out.
///
/// Arguments:
/// - `assets`: how much is given, in base units of the liquidity token
///
/// Specification:
/// - anyone may give
/// - nothing is refused
#[derive(Accounts)]
pub struct FundInsurance {
    /// Who gives.
    pub donor: Signer,
    /// The pool.
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
    require!(assets > 0, BackstopError::AmountTooSmall);
    let accounts = &mut ctx.accounts;
    let fund = &mut accounts.insurance_fund;
    fund.assets = Assets::new(fund.assets).plus(Assets::new(assets)).or_refuse()?.get();

    TokenKind::new(&accounts.token_program, &accounts.mint, accounts.pool.decimals).transfer(
        &mut accounts.source,
        &mut accounts.vault,
        &accounts.donor,
        assets,
        &[],
    )?;
    emit!(InsuranceFunded {
        pool: *accounts.pool.address(),
        donor: *accounts.donor.address(),
        assets,
        insurance_assets: accounts.insurance_fund.assets,
    });
    Ok(())
}
