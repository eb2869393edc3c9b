use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::Withdrawn,
        state::{self, Pool, Position, ShareHistory},
        transfers::pay,
    },
    anchor_lang::{address_eq, prelude::*},
    anchor_spl::token_interface::TokenInterface,
    backstop_engine::governance::Pausable,
};

/// Burns LP shares and pays their value, rounded down, where no notice applies.
///
/// Arguments:
/// - `shares`: how many; 2^64 - 1 for all that are not requested
/// - `min_assets`: the least amount to receive, in base units; otherwise the call is refused
///
/// Specification:
/// - the owner of the position signs
/// - refused if a notice applies: use `request_withdrawal`
/// - [`ALL`](crate::constants::ALL) burns all shares except requested ones
/// - refused for more than that, and for more value than the pool's cash
/// - after a loss, the position's history stores its earlier shares; refused if the history is full
/// - claims stay with the position; a total loss voids its shares
/// - refused if less than `min_assets` is paid
/// - refused while LP withdrawals are paused, and during a hold
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
    pub position: Position,
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
    require!(pool.notice_seconds(now) == 0, BackstopError::NoticeDue);
    position.settle(&pool.era())?;
    let shares = position.asked(shares)?;
    let totals = pool.accrued(now)?;
    pool.require_no_hold(&totals)?;
    let paid = totals.withdraw(shares).into_program_error()?;
    require!(paid.assets.get() >= min_assets, BackstopError::SlippageExceeded);

    pool.apply(&paid.totals)?;
    state::burn(position, pool, shares)?;

    pay(
        &accounts.pool,
        (&accounts.token_program, &accounts.mint),
        &mut accounts.vault,
        &mut accounts.destination,
        paid.assets.get(),
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
