use {
    crate::{
        errors::BackstopError,
        events::PriceReported,
        state::{Collateral, Pool},
    },
    anchor_lang::{address_eq, prelude::*},
};

/// Reports that a token of a pool has no usable price: a collateral, or without one the liquidity token.
///
/// Specification:
/// - anyone can call it, without proof; any instruction that reads a usable price afterwards ends the report
/// - a standing report continues
/// - if nobody reads a usable price for `hold_seconds`, the token counts in the borrower's favour: collateral in
///   liquidations, marks and recordings, the liquidity token at settlement
#[derive(Accounts)]
pub struct ReportPrice {
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The collateral.
    #[account(mut, constraint = address_eq(&collateral.pool, pool.address()) @ BackstopError::WrongPool)]
    pub collateral: Option<Account<Collateral>>,
}

pub fn report_price(ctx: &mut Context<ReportPrice>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    let mint = accounts.collateral.as_ref().map_or(accounts.pool.mint, |collateral| collateral.mint);
    let last = match &mut accounts.collateral {
        Some(collateral) => &mut collateral.last_price,
        None => &mut accounts.pool.last_price,
    };
    last.store(&last.memory().reported(now));
    let reported_at = last.reported_at;

    emit!(PriceReported { pool: *accounts.pool.address(), mint, reported_at });
    Ok(())
}
