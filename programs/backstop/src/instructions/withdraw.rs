use {
    crate::{
        errors::{BackstopError, OrRefuse},
        events::Withdrawn,
        recognition::held_back_from_lps,
        state::{LpPosition, Pool},
        transfers::TokenKind,
    },
    anchor_lang::{address_eq, prelude::*},
    anchor_spl::token_interface::TokenInterface,
    backstop_engine::governance::Pausable,
};

/// Burns shares and pays out their value at exit NAV, rounded down.
///
/// Arguments:
/// - `shares`: how many are burnt; 2^64 - 1 is all there are, or all that were requested where notice is due
/// - `min_assets`: the least that must be paid, in base units; else the call is refused
///
/// Specification:
/// - the owner of the position signs
/// - `shares` of [`ALL`](crate::constants::ALL) are all the position holds
/// - more shares than it holds, or more value than the pool's cash, are refused
/// - exit NAV is NAV less the part of the provisions that the waterfall would leave to LPs
/// - where notice is due, at most the shares of an open request leave, and "all" are those
/// - settles the position's claims: they stay with it; shares of a generation that was wiped out are gone
/// - fewer assets than `min_assets` are refused
/// - refused while LP withdrawals are paused
#[derive(Accounts)]
pub struct Withdraw {
    /// The LP.
    pub owner: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The LP's position.
    #[account(
        mut,
        constraint = address_eq(&position.pool, pool.address()) @ BackstopError::WrongPool,
        constraint = address_eq(&position.owner, owner.address()) @ BackstopError::WrongOwner
    )]
    pub position: Account<LpPosition>,
    /// The pool's insurance fund.
    #[account(address = pool.insurance_fund @ BackstopError::WrongInsuranceFund)]
    pub insurance_fund: UncheckedAccount,
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

pub fn withdraw(ctx: &mut Context<Withdraw>, shares: u64, min_assets: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (pool, position) = (&mut accounts.pool, &mut accounts.position);
    let now = Clock::get()?.unix_timestamp;
    pool.require_open(Pausable::Withdraw, now)?;
    position.settle(&pool.claims);
    let shares = position.leaving(pool, shares, now)?;
    require!(shares <= position.holder.shares(), BackstopError::InsufficientShares);
    let totals = pool.accrued(now)?;
    let held_back = held_back_from_lps(pool, &accounts.insurance_fund, &totals, now)?;
    let paid = totals.withdraw(shares, held_back).or_refuse()?;
    require!(paid.assets.get() >= min_assets, BackstopError::SlippageExceeded);

    pool.apply(&paid.totals)?;
    position.burn(pool, shares)?;

    TokenKind::new(&accounts.token_program, &accounts.mint, accounts.pool.decimals).transfer(
        &mut accounts.vault,
        &mut accounts.destination,
        &accounts.pool,
        paid.assets.get(),
        &[&accounts.pool.seeds()],
    )?;
    emit!(Withdrawn {
        pool: *accounts.pool.address(),
        owner: *accounts.owner.address(),
        assets: paid.assets.get(),
        shares: shares.get(),
        state: accounts.pool.state(),
    });
    Ok(())
}
