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

/// Pays liquidity into a pool for shares at NAV, rounded down.
///
/// Arguments:
/// - `max_assets`: what is offered, in base units: the most that is taken
/// - `min_shares`: the fewest shares that must be minted; else the call is refused
///
/// Specification:
/// - refused before the pool is opened
/// - refused while deposits are paused
/// - the owner of the position signs and pays
/// - takes what the shares cost, at most `max_assets`: what would not pay for a whole share stays with the owner
/// - an amount that mints no share is refused
/// - fewer shares than `min_shares` are refused
/// - refused while a loss that is worth a wait is marked, but not while the loss breaker is tripped
/// - after a loss the position's history keeps what its shares were; refused if it has no room for that
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
