use {
    crate::{
        errors::{BackstopError, OrRefuse},
        events::Repaid,
        state::{Obligation, Pool},
        transfers::TokenKind,
    },
    anchor_lang::{address_eq, prelude::*},
    anchor_spl::token_interface::TokenInterface,
    backstop_engine::quantity::Assets,
};

/// Pays an obligation's debt. Needs no price.
///
/// Arguments:
/// - `max_assets`: the most that is paid, in base units; 2^64 - 1 is the whole debt
///
/// Specification:
/// - anyone may pay, for any obligation of the pool
/// - takes `max_assets`, less what would not pay for a whole debt share, or the whole debt if that is less: the bound and
///   the "all" form in one
/// - its provision falls by what is paid
/// - debt that was written off is not repaid but recovered
/// - an obligation without debt, and an amount that pays no debt share, are refused
#[derive(Accounts)]
pub struct Repay {
    /// Who pays.
    pub payer: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The obligation.
    #[account(mut, constraint = address_eq(&obligation.pool, pool.address()) @ BackstopError::WrongPool)]
    pub obligation: Account<Obligation>,
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

pub fn repay(ctx: &mut Context<Repay>, max_assets: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (pool, obligation) = (&mut accounts.pool, &mut accounts.obligation);
    if obligation.debt_shares == 0 && !obligation.unrecovered().is_zero() {
        return Err(BackstopError::DebtWrittenOff.into());
    }
    let totals = pool.accrued(Clock::get()?.unix_timestamp)?;
    let repaid = totals.repay(obligation.debt(), Assets::new(max_assets)).or_refuse()?;

    pool.apply(&repaid.totals)?;
    obligation.debt_shares = repaid.debt_shares.get();
    if obligation.provision != 0 {
        let left = Assets::new(obligation.provision).saturating_sub(repaid.paid);
        let provision = left.min(repaid.totals.debt(repaid.debt_shares).or_refuse()?).get();
        pool.provision(obligation.provision, provision)?;
        obligation.provision = provision;
    }

    TokenKind::new(&accounts.token_program, &accounts.mint, accounts.pool.decimals).transfer(
        &mut accounts.source,
        &mut accounts.vault,
        &accounts.payer,
        repaid.paid.get(),
        &[],
    )?;
    emit!(Repaid {
        pool: *accounts.pool.address(),
        obligation: *accounts.obligation.address(),
        assets: repaid.paid.get(),
        debt_shares: accounts.obligation.debt_shares,
        provision: accounts.obligation.provision,
        state: accounts.pool.state(),
    });
    Ok(())
}
