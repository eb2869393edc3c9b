use {
    crate::{
        errors::{BackstopError, OrRefuse},
        events::Deposited,
        state::{LpPosition, Pool},
        transfers::TokenKind,
    },
    anchor_lang::prelude::*,
    anchor_spl::token_interface::TokenInterface,
    backstop_engine::quantity::Assets,
};

/// Pays liquidity into a pool for shares at NAV, rounded down.
///
/// Specification:
/// - the owner of the position signs and pays
/// - an amount that mints no share is refused
/// - fewer shares than `min_shares` are refused
/// - shares of a past generation do not count towards the position
#[derive(Accounts)]
pub struct Deposit {
    /// The LP.
    pub owner: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The LP's position.
    #[account(
        mut,
        constraint = position.pool == *pool.address() @ BackstopError::WrongPool,
        constraint = position.owner == *owner.address() @ BackstopError::WrongOwner
    )]
    pub position: Account<LpPosition>,
    /// The pool's vault.
    #[account(mut, address = pool.vault @ BackstopError::WrongVault)]
    pub vault: UncheckedAccount,
    /// The LP's token account.
    #[account(mut)]
    pub source: UncheckedAccount,
    /// The liquidity token's mint.
    #[account(address = pool.mint @ BackstopError::WrongMint)]
    pub mint: UncheckedAccount,
    /// The mint's token program.
    pub token_program: Interface<'static, TokenInterface>,
}

pub fn deposit(ctx: &mut Context<Deposit>, assets: u64, min_shares: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let pool = &mut accounts.pool;
    let minted = pool.accrued(Clock::get()?.unix_timestamp)?.deposit(Assets::new(assets)).or_refuse()?;
    require!(minted.shares.get() >= min_shares, BackstopError::SlippageExceeded);

    pool.apply(&minted.totals)?;
    accounts.position.mint(pool, minted.shares)?;

    TokenKind::new(&accounts.token_program, &accounts.mint, accounts.pool.decimals).transfer(
        &mut accounts.source,
        &mut accounts.vault,
        &accounts.owner,
        assets,
        &[],
    )?;
    emit!(Deposited {
        pool: *accounts.pool.address(),
        owner: *accounts.owner.address(),
        assets,
        shares: minted.shares.get(),
        state: accounts.pool.state(),
    });
    Ok(())
}
