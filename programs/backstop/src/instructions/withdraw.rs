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

/// Burns shares and pays out their value, rounded down, where no notice is due.
///
/// Arguments:
/// - `shares`: how many are burnt; 2^64 - 1 is all that are not requested
/// - `min_assets`: the least that must be paid, in base units; else the call is refused
///
/// Specification:
/// - the owner of the position signs
/// - refused where a notice is due: `request_withdrawal` asks
/// - `shares` of [`ALL`](crate::constants::ALL) are all the position holds beside those that are requested
/// - more shares than these, or more value than the pool's cash, are refused
/// - after a loss the position's history keeps what its shares were; refused if it has no room for that
/// - claims stay with the position; shares of a pool that was wiped out are gone
/// - fewer assets than `min_assets` are refused
/// - refused while LP withdrawals are paused, and while a loss that is worth a wait is marked
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
