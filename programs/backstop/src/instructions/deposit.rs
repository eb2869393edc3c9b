use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::Deposited,
        state::{self, Pool, Position},
        transfers::take,
    },
    anchor_lang::{address_eq, prelude::*},
    anchor_spl::token_interface::TokenInterface,
    backstop_engine::{governance::Pausable, quantity::Assets},
};

/// Deposits liquidity for LP shares at NAV.
///
/// Arguments:
/// - `max_assets`: the most to pay, in base units
/// - `min_shares`: the fewest shares to receive; otherwise the call is refused
///
/// Specification:
/// - refused before the pool is opened
/// - refused while deposits are paused
/// - the owner of the position signs and pays
/// - mints the shares that `max_assets` buys, rounded down, and takes what they cost, rounded up; the rest stays with
///   the owner
/// - refused if that mints no share
/// - refused if that mints fewer than `min_shares`
/// - refused during a hold; available while the loss breaker is tripped
/// - after a loss, the position's history stores its earlier shares; refused if the history is full
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
        constraint = address_eq(&position.pool, pool.address()) @ BackstopError::WrongPool,
        constraint = address_eq(&position.owner, owner.address()) @ BackstopError::WrongOwner
    )]
    pub position: Position,
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

pub fn deposit(ctx: &mut Context<Deposit>, max_assets: u64, min_shares: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let pool = &mut accounts.pool;
    let now = Clock::get()?.unix_timestamp;
    pool.launch().require_open().into_program_error()?;
    pool.require_open(Pausable::Deposit, now)?;
    let totals = pool.accrued(now)?;
    pool.require_no_hold(&totals)?;
    let minted = totals.deposit(Assets::new(max_assets)).into_program_error()?;
    let cap = Assets::new(pool.parameters.caps.pool_deposit_cap);
    minted.totals.require_deposits_within(cap).into_program_error()?;
    require!(minted.shares.get() >= min_shares, BackstopError::SlippageExceeded);

    pool.apply(&minted.totals)?;
    state::mint(&mut accounts.position, pool, minted.shares)?;

    take(
        &accounts.owner,
        (&accounts.token_program, &accounts.mint, accounts.pool.decimals),
        &mut accounts.source,
        &mut accounts.vault,
        minted.assets.get(),
    )?;
    emit!(Deposited {
        pool: *accounts.pool.address(),
        owner: *accounts.owner.address(),
        assets: minted.assets.get(),
        shares: minted.shares.get(),
        state: accounts.pool.state(),
    });
    Ok(())
}
