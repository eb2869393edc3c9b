use {
    crate::{
        constants::{ACCOUNT_VERSION, MARKET_SEED},
        events::MarketCreated,
        state::Market,
    },
    anchor_lang::prelude::*,
};

/// Creates a market.
///
/// Specification:
/// - the signer becomes its authority
/// - an id is used once
#[derive(Accounts)]
#[instruction(id: u64)]
pub struct CreateMarket {
    /// Becomes the market's authority.
    pub authority: Signer,
    /// Pays the rent.
    #[account(mut)]
    pub payer: Signer,
    /// The new market.
    #[account(init, payer = payer, seeds = [MARKET_SEED, &id.to_le_bytes()], bump)]
    pub market: Account<Market>,
    /// The system program.
    pub system_program: Program<System>,
}

pub fn create_market(ctx: &mut Context<CreateMarket>, id: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let market = &mut accounts.market;
    (market.authority, market.id) = (*accounts.authority.address(), id);
    (market.version, market.bump) = (ACCOUNT_VERSION, ctx.bumps.market);
    emit!(MarketCreated { market: *accounts.market.address(), authority: *accounts.authority.address() });
    Ok(())
}
