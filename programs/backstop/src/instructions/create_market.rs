use {
    crate::{
        constants::{ACCOUNT_VERSION, MARKET_SEED},
        errors::IntoProgramError,
        events::MarketCreated,
        state::Market,
    },
    anchor_lang::prelude::*,
    backstop_engine::governance::validate_timelock,
};

/// Creates a market.
///
/// Arguments:
/// - `id`: distinguishes the markets of one creator
/// - `guardian`: can pause, tighten, and cancel queued changes
/// - `treasury`: owns the token accounts that receive reserves
/// - `timelock_seconds`: how long a change waits, from one day to thirty days
///
/// Specification:
/// - the signer becomes the authority; the market's address is derived from the signer and `id`
/// - the timelock is from one day to thirty days
/// - a signer uses an id once
#[derive(Accounts)]
#[instruction(id: u64)]
pub struct CreateMarket {
    /// Becomes the market's authority.
    pub authority: Signer,
    /// Pays the rent.
    #[account(mut, unsafe(dup))] // may also be another signer
    pub payer: Signer,
    /// The new market.
    #[account(init, payer = payer, seeds = [MARKET_SEED, authority.address().as_ref(), &id.to_le_bytes()], bump)]
    pub market: Account<Market>,
    /// The system program.
    pub system_program: Program<System>,
}

pub fn create_market(
    ctx: &mut Context<CreateMarket>,
    id: u64,
    guardian: Address,
    treasury: Address,
    timelock_seconds: u32,
) -> Result<()> {
    validate_timelock(timelock_seconds).into_program_error()?;
    let accounts = &mut ctx.accounts;
    let market = &mut accounts.market;
    let authority = *accounts.authority.address();
    (market.authority, market.creator, market.id) = (authority, authority, id);
    (market.guardian, market.treasury, market.timelock_seconds) = (guardian, treasury, timelock_seconds);
    (market.version, market.bump) = (ACCOUNT_VERSION, ctx.bumps.market);
    emit!(MarketCreated {
        market: *accounts.market.address(),
        authority,
        guardian,
        treasury,
        timelock_seconds: timelock_seconds.into(),
    });
    Ok(())
}
