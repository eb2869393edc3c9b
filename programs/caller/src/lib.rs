//! A vault that lends through Backstop: the example of a program that calls it, as a lending aggregator or a treasury
//! would.
//!
//! A manager decides when the vault's money goes in and out; it never leaves the vault's own token account and its own
//! LP position. Whose money it is, and who may take it out of the vault, is another story, told by no line here.
//!
//! Three things are worth copying:
//! - `declare_program!` reads Backstop's IDL, copied to `idls/backstop.json`, and makes typed calls of it. Nothing else
//!   of Backstop is needed for calling, and its errors arrive with their own codes.
//! - the vault is a program address that owns the LP position and signs for it with its seeds;
//! - [`value`] says what the position would bring now, with the function that pays withdrawals.

use anchor_lang::prelude::*;
use anchor_spl::{token, token_interface::TokenAccount};
#[cfg(backstop_distro_toolchain)]
use backstop_builtins as _;

mod value;

declare_id!("CaLLer1111111111111111111111111111111111111");
declare_program!(backstop);

use backstop::program::Backstop;

/// Seeds of a vault: this, its pool, its manager.
pub const VAULT_SEED: &[u8] = b"vault";

#[program]
pub mod caller {
    use super::*;

    /// Opens a vault with an empty LP position. Its token account is opened before, by anyone: it has the vault as its
    /// owner.
    pub fn open(ctx: &mut Context<Open>) -> Result<()> {
        let accounts = &mut ctx.accounts;
        accounts.vault.pool = *accounts.pool.address();
        accounts.vault.manager = *accounts.manager.address();
        accounts.vault.tokens = *accounts.tokens.address();
        accounts.vault.bump = ctx.bumps.vault;

        let open = backstop::cpi::accounts::OpenPosition {
            owner: accounts.vault.cpi_handle(),
            payer: accounts.manager.cpi_handle_mut(),
            pool: accounts.pool.cpi_handle(),
            position: accounts.position.cpi_handle_mut(),
            system_program: accounts.system_program.cpi_handle(),
        };
        backstop::cpi::open_position(CpiContext::new(accounts.backstop.address(), open))
    }

    /// Lends at most `max_assets` of what the vault has. The manager previews the deposit before sending it, and lets
    /// it mint no fewer than `min_shares`: the price can move in between.
    pub fn deposit(ctx: &mut Context<Lend>, max_assets: u64, min_shares: u64) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let deposit = backstop::cpi::accounts::Deposit {
            owner: accounts.vault.cpi_handle(),
            pool: accounts.pool.cpi_handle_mut(),
            position: accounts.position.cpi_handle_mut(),
            vault: accounts.pool_vault.cpi_handle_mut(),
            source: accounts.tokens.cpi_handle_mut(),
            mint: accounts.mint.cpi_handle(),
            token_program: accounts.token_program.cpi_handle(),
        };
        let seeds: &[&[u8]] = &accounts.vault.seeds();
        backstop::cpi::deposit(
            CpiContext::new_with_signer(accounts.backstop.address(), deposit, &[seeds]),
            max_assets,
            min_shares,
        )
    }

    /// Takes `shares` out, 2^64 - 1 for all, for no less than `min_assets`.
    pub fn withdraw(ctx: &mut Context<Lend>, shares: u64, min_assets: u64) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let withdraw = backstop::cpi::accounts::Withdraw {
            owner: accounts.vault.cpi_handle(),
            pool: accounts.pool.cpi_handle_mut(),
            position: accounts.position.cpi_handle_mut(),
            vault: accounts.pool_vault.cpi_handle_mut(),
            destination: accounts.tokens.cpi_handle_mut(),
            mint: accounts.mint.cpi_handle(),
            token_program: accounts.token_program.cpi_handle(),
        };
        let seeds: &[&[u8]] = &accounts.vault.seeds();
        backstop::cpi::withdraw(
            CpiContext::new_with_signer(accounts.backstop.address(), withdraw, &[seeds]),
            shares,
            min_assets,
        )
    }

    /// Asks to withdraw `shares`. A pool can demand notice at all times, and any pool does so after heavy losses: a
    /// vault without this instruction would be locked in.
    pub fn request_withdrawal(ctx: &mut Context<Lend>, shares: u64) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let request = backstop::cpi::accounts::RequestWithdrawal {
            owner: accounts.vault.cpi_handle(),
            pool: accounts.pool.cpi_handle(),
            position: accounts.position.cpi_handle_mut(),
        };
        let seeds: &[&[u8]] = &accounts.vault.seeds();
        backstop::cpi::request_withdrawal(
            CpiContext::new_with_signer(accounts.backstop.address(), request, &[seeds]),
            shares,
        )
    }

    /// Collects what executing that left, which anyone does when it has matured (`execute_withdrawal`). Without this
    /// the vault would be locked in, too.
    pub fn collect(ctx: &mut Context<Lend>) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let collect = backstop::cpi::accounts::Collect {
            owner: accounts.vault.cpi_handle(),
            pool: accounts.pool.cpi_handle_mut(),
            holder: accounts.position.cpi_handle_mut(),
            vault: accounts.pool_vault.cpi_handle_mut(),
            destination: accounts.tokens.cpi_handle_mut(),
            mint: accounts.mint.cpi_handle(),
            token_program: accounts.token_program.cpi_handle(),
        };
        let seeds: &[&[u8]] = &accounts.vault.seeds();
        backstop::cpi::collect(CpiContext::new_with_signer(accounts.backstop.address(), collect, &[seeds]))
    }

    /// Collects what was recovered of a loss that the vault bore: that of the claim account, which anyone opens for the
    /// position.
    pub fn claim(ctx: &mut Context<Claim>, min_assets: u64) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let claim = backstop::cpi::accounts::ClaimRecovery {
            owner: accounts.vault.cpi_handle(),
            pool: accounts.pool.cpi_handle_mut(),
            loss_book: accounts.loss_book.cpi_handle(),
            position: accounts.position.cpi_handle(),
            claim: accounts.claim.cpi_handle_mut(),
            vault: accounts.pool_vault.cpi_handle_mut(),
            destination: accounts.tokens.cpi_handle_mut(),
            mint: accounts.mint.cpi_handle(),
            token_program: accounts.token_program.cpi_handle(),
        };
        let seeds: &[&[u8]] = &accounts.vault.seeds();
        backstop::cpi::claim_recovery(
            CpiContext::new_with_signer(accounts.backstop.address(), claim, &[seeds]),
            min_assets,
        )
    }

    /// Returns what the position would bring if all of it were withdrawn now. Refused while a known loss waits to be
    /// settled.
    pub fn value(ctx: &mut Context<Value>) -> Result<u64> {
        let accounts = &ctx.accounts;
        let now = Clock::get()?.unix_timestamp;
        let worth = value::value(&accounts.pool, &accounts.position, now);
        Ok(worth.map_err(|_| VaultError::Unpriceable)?.get())
    }
}

/// What the program knows of a vault.
#[account]
pub struct Vault {
    /// The pool that it lends through.
    pub pool: Address,
    /// Who decides.
    pub manager: Address,
    /// Its token account, from which it lends and to which all comes back.
    pub tokens: Address,
    /// Bump seed.
    pub bump: u8,
}

impl Vault {
    /// Seeds with which the vault signs.
    fn seeds(&self) -> [&[u8]; 4] {
        [VAULT_SEED, self.pool.as_ref(), self.manager.as_ref(), core::slice::from_ref(&self.bump)]
    }
}

/// The accounts of [`caller::open`].
#[derive(Accounts)]
pub struct Open {
    /// Will decide, and pays the rent.
    #[account(mut)]
    pub manager: Signer,
    /// The new vault.
    #[account(init, payer = manager, seeds = [VAULT_SEED, pool.address().as_ref(), manager.address().as_ref()], bump)]
    pub vault: Account<Vault>,
    /// The vault's token account.
    #[account(token::authority = vault)]
    pub tokens: InterfaceAccount<TokenAccount>,
    /// The pool. Backstop refuses what is none.
    pub pool: UncheckedAccount,
    /// The vault's new LP position. Backstop refuses another address than its own.
    #[account(mut)]
    pub position: UncheckedAccount,
    /// Backstop: anything else would be signed for, too.
    pub backstop: Program<Backstop>,
    /// The system program.
    pub system_program: Program<System>,
}

/// The accounts of everything that moves money. What is unchecked here is checked by Backstop, against the pool.
#[derive(Accounts)]
pub struct Lend {
    /// Who decides.
    pub manager: Signer,
    /// The vault, which signs for its position and tokens.
    #[account(constraint = vault.manager == *manager.address() @ VaultError::WrongManager)]
    pub vault: Account<Vault>,
    /// The vault's token account.
    #[account(mut, address = vault.tokens @ VaultError::WrongTokenAccount)]
    pub tokens: UncheckedAccount,
    /// The vault's pool.
    #[account(mut, address = vault.pool @ VaultError::WrongPool)]
    pub pool: UncheckedAccount,
    /// The vault's LP position.
    #[account(mut)]
    pub position: UncheckedAccount,
    /// The pool's vault.
    #[account(mut)]
    pub pool_vault: UncheckedAccount,
    /// The liquidity token's mint.
    pub mint: UncheckedAccount,
    /// The mint's token program.
    pub token_program: UncheckedAccount,
    /// Backstop: anything else would be signed for, too.
    pub backstop: Program<Backstop>,
}

/// The accounts of [`caller::claim`]. What is unchecked here is checked by Backstop, against the pool.
#[derive(Accounts)]
pub struct Claim {
    /// Who decides.
    pub manager: Signer,
    /// The vault, which signs for its position.
    #[account(constraint = vault.manager == *manager.address() @ VaultError::WrongManager)]
    pub vault: Account<Vault>,
    /// The vault's token account.
    #[account(mut, address = vault.tokens @ VaultError::WrongTokenAccount)]
    pub tokens: UncheckedAccount,
    /// The vault's pool.
    #[account(mut, address = vault.pool @ VaultError::WrongPool)]
    pub pool: UncheckedAccount,
    /// The pool's loss book.
    pub loss_book: UncheckedAccount,
    /// The vault's LP position.
    pub position: UncheckedAccount,
    /// What the position claimed of the loss.
    #[account(mut)]
    pub claim: UncheckedAccount,
    /// The pool's vault.
    #[account(mut)]
    pub pool_vault: UncheckedAccount,
    /// The liquidity token's mint.
    pub mint: UncheckedAccount,
    /// The mint's token program.
    pub token_program: UncheckedAccount,
    /// Backstop: anything else would be signed for, too.
    pub backstop: Program<Backstop>,
}

/// The accounts of [`caller::value`]. Loading them checks that they are Backstop's and of the right kind; the
/// constraints, that they belong together.
#[derive(Accounts)]
pub struct Value {
    /// The vault.
    pub vault: Account<Vault>,
    /// The vault's pool.
    #[account(constraint = *pool.address() == vault.pool @ VaultError::WrongPool)]
    pub pool: Box<BorshAccount<backstop::Pool>>,
    /// The vault's LP position.
    #[account(
        constraint = position.pool == vault.pool @ VaultError::WrongPool,
        constraint = position.owner == *vault.address() @ VaultError::WrongPosition
    )]
    pub position: Box<BorshAccount<backstop::LpPosition>>,
}

/// Why the vault refuses. The codes are apart from Backstop's, so that a client can tell whose an error is.
#[error_code(offset = 12000)]
pub enum VaultError {
    /// Not the vault's manager.
    #[msg("The signer is not the manager of this vault: sign with the manager's key")]
    WrongManager,
    /// Not the vault's token account.
    #[msg("This is not the token account of the vault: pass the one that the vault records")]
    WrongTokenAccount,
    /// Not the vault's pool.
    #[msg("This is not the pool of the vault: pass the one that the vault records")]
    WrongPool,
    /// Not the vault's position.
    #[msg("This LP position is not the vault's: pass the one whose owner is the vault")]
    WrongPosition,
    /// The value does not fit, or a known loss waits to be settled.
    #[msg(
        "The position cannot be valued: a known loss of the pool waits to be settled, or its numbers are beyond 64 bits"
    )]
    Unpriceable,
}
