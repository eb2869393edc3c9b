use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::ReservesCollected,
        state::{Market, Pool},
        transfers::TokenKind,
    },
    anchor_lang::{address_eq, prelude::*},
    anchor_spl::token_interface::{TokenAccount, TokenInterface},
    backstop_engine::quantity::Assets,
};

/// Pays reserves to the market's treasury.
///
/// Arguments:
/// - `assets`: the amount, in base units; 2^64 - 1 for all that can be collected
///
/// Specification:
/// - only the market's authority signs
/// - pays only to a token account of the treasury
/// - limited by the reserves less everything marked (marked losses hit reserves first), by the pool's cash, and by the
///   parameter `released_reserves`, which falls by the amount; [`ALL`](crate::constants::ALL) pays that limit
/// - accrues interest first; NAV does not change
#[derive(Accounts)]
pub struct CollectReserves {
    /// The market's authority.
    #[account(address = market.authority @ BackstopError::WrongAuthority)]
    pub authority: Signer,
    /// The market.
    pub market: Account<Market>,
    /// The pool.
    #[account(mut, constraint = address_eq(&pool.market, market.address()) @ BackstopError::WrongMarket)]
    pub pool: Account<Pool>,
    /// The pool's vault.
    #[account(mut, address = pool.vault @ BackstopError::WrongVault)]
    pub vault: UncheckedAccount,
    /// The treasury's token account.
    #[account(mut, constraint = address_eq(destination.owner(), &market.treasury) @ BackstopError::WrongTreasury)]
    pub destination: InterfaceAccount<TokenAccount>,
    /// The liquidity token's mint.
    #[account(address = pool.mint @ BackstopError::WrongMint)]
    pub mint: UncheckedAccount,
    /// The mint's token program.
    pub token_program: Interface<'static, TokenInterface>,
}

pub fn collect_reserves(ctx: &mut Context<CollectReserves>, assets: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let pool = &mut accounts.pool;
    let totals = pool.accrued(Clock::get()?.unix_timestamp)?;
    let (marked, released) = (Assets::new(pool.marked), Assets::new(pool.parameters.caps.released_reserves));
    let (paid, totals, released) =
        totals.collect_reserves(Assets::new(assets), marked, released).into_program_error()?;

    pool.parameters.caps.released_reserves = released.get();
    pool.apply(&totals)?;
    TokenKind::new(&accounts.token_program, &accounts.mint, accounts.pool.decimals).transfer(
        &mut accounts.vault,
        &mut accounts.destination,
        &accounts.pool,
        paid.get(),
        &[&accounts.pool.seeds()],
    )?;
    emit!(ReservesCollected {
        pool: *accounts.pool.address(),
        treasury: accounts.market.treasury,
        assets: paid.get(),
        state: accounts.pool.state(),
    });
    Ok(())
}
