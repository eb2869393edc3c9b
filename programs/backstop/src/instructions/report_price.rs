use {
    crate::{
        errors::BackstopError,
        events::PriceReported,
        state::{Collateral, Pool},
    },
    anchor_lang::{address_eq, prelude::*},
};

/// Says that a token of a pool has no usable price: a collateral's, or without one the liquidity token's.
///
/// Specification:
/// - anyone may call it, and need not prove it: whoever reads a usable price afterwards, in any instruction, ends the report
/// - a report that stands goes on
/// - where nobody reads one for as long as a mark stands, the token counts in the borrower's favour: collateral when liquidating,
///   marking and recording, the liquidity token when a mark is settled
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
