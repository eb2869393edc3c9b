use {
    crate::{
        errors::{BackstopError, OrRefuse},
        events::Recovered,
        recognition::{apply, books},
        state::{InsuranceFund, LossLedger, LossRecord, Obligation, Pool, RECOVERY},
        transfers::TokenKind,
    },
    anchor_lang::{address_eq, prelude::*},
    anchor_spl::token_interface::TokenInterface,
    backstop_engine::{quantity::Assets, waterfall},
};

/// Pays towards an obligation's written-off debt.
///
/// Arguments:
/// - `max_assets`: the most that is paid, in base units; 2^64 - 1 is all that is unrecovered
///
/// Specification:
/// - anyone may pay, for any obligation of the pool
/// - takes `max_assets`, or what is unrecovered of the obligation if that is less: the bound and the "all" form in one
/// - nothing, and an obligation of which nothing is unrecovered, are refused
/// - pays the LPs' claims first, pro rata to what is unrecovered, whichever loss it comes from; then what the insurance fund paid,
///   stakers and gifts alike; then reserves
/// - LPs and stakers claim their part themselves
#[derive(Accounts)]
pub struct Recover {
    /// Who pays.
    pub payer: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The obligation.
    #[account(mut, constraint = address_eq(&obligation.pool, pool.address()) @ BackstopError::WrongPool)]
    pub obligation: Account<Obligation>,
    /// The pool's insurance fund.
    #[account(mut, address = pool.insurance_fund @ BackstopError::WrongInsuranceFund)]
    pub insurance_fund: Account<InsuranceFund>,
    /// The pool's loss ledger.
    #[account(mut, address = pool.loss_ledger @ BackstopError::WrongLossLedger)]
    pub loss_ledger: Account<LossLedger>,
    /// The pool's vault.
    #[account(mut, address = pool.vault @ BackstopError::WrongVault)]
    pub vault: UncheckedAccount,
    /// The payer's token account.
    #[account(mut)]
    pub source: UncheckedAccount,
    /// The liquidity token's mint.
    #[account(address = pool.mint @ BackstopError::WrongMint)]
    pub mint: UncheckedAccount,
    /// The mint's token program.
    pub token_program: Interface<'static, TokenInterface>,
}

pub fn recover(ctx: &mut Context<Recover>, max_assets: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (pool, obligation, fund) = (&mut accounts.pool, &mut accounts.obligation, &mut accounts.insurance_fund);
    let now = Clock::get()?.unix_timestamp;
    let unrecovered = obligation.unrecovered();
    require!(!unrecovered.is_zero(), BackstopError::NothingToRecover);
    let paid = Assets::new(max_assets).min(unrecovered);
    require!(!paid.is_zero(), BackstopError::AmountTooSmall);
    let recovery = waterfall::recover(&books(pool, fund, &pool.accrued(now)?), paid).or_refuse()?;

    apply(pool, fund, &recovery.books)?;
    obligation.recovered = Assets::new(obligation.recovered).plus(paid).or_refuse()?.get();
    let to_insurance = recovery.to_stakers.plus(recovery.to_fund).or_refuse()?;
    accounts.loss_ledger.push(LossRecord {
        obligation: *obligation.address(),
        at: now,
        assets: paid.get(),
        reserves: recovery.to_reserves.get(),
        insurance: to_insurance.get(),
        lps: recovery.to_lps.get(),
        generation: pool.claims.ledger.generation,
        kind: RECOVERY,
        ..bytemuck::Zeroable::zeroed()
    });

    TokenKind::new(&accounts.token_program, &accounts.mint, accounts.pool.decimals).transfer(
        &mut accounts.source,
        &mut accounts.vault,
        &accounts.payer,
        paid.get(),
        &[],
    )?;
    emit!(Recovered {
        pool: *accounts.pool.address(),
        obligation: *accounts.obligation.address(),
        payer: *accounts.payer.address(),
        assets: paid.get(),
        to_lps: recovery.to_lps.get(),
        to_stakers: recovery.to_stakers.get(),
        to_fund: recovery.to_fund.get(),
        to_reserves: recovery.to_reserves.get(),
        claims_outstanding: accounts.pool.claims.ledger.outstanding,
        stake_claims_outstanding: accounts.insurance_fund.claims.ledger.outstanding,
        unrecovered: accounts.obligation.unrecovered().get(),
        state: accounts.pool.state(),
    });
    Ok(())
}
