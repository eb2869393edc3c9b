use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::RecoveryClaimed,
        state::{Book, LossClaim, LossRecords, Pool, Position, ShareHistory},
        transfers::pay,
    },
    anchor_lang::{address_eq, prelude::*},
    anchor_spl::token_interface::TokenInterface,
};

/// Pays an LP its part of what was recovered of a loss. The claim account names the loss; `open_claim` opens it.
///
/// Arguments:
/// - `min_assets`: the least amount to receive, in base units; otherwise the call is refused
///
/// Specification:
/// - the owner of the position signs
/// - pays the part of the LPs' recovery that belongs to the shares held at the loss, rounded down, less what was paid
///   before
/// - LPs who have left since are paid like those who stayed, also after a total loss; LPs who came later have no part
/// - refused if nothing is due, or less than `min_assets`
#[derive(Accounts)]
pub struct ClaimRecovery {
    /// The LP.
    pub owner: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The pool's loss book.
    #[account(address = pool.loss_book @ BackstopError::WrongLossBook)]
    pub loss_book: Book,
    /// The LP's position.
    #[account(
        constraint = address_eq(&position.pool, pool.address()) @ BackstopError::WrongPool,
        constraint = address_eq(&position.owner, owner.address()) @ BackstopError::WrongOwner
    )]
    pub position: Position,
    /// What the position claimed of the loss.
    #[account(mut, constraint = address_eq(&claim.holder, position.address()) @ BackstopError::WrongClaim)]
    pub claim: Account<LossClaim>,
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

pub fn claim_recovery(ctx: &mut Context<ClaimRecovery>, min_assets: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (pool, claim) = (&mut accounts.pool, &mut accounts.claim);
    let record = accounts.loss_book.loss(claim.loss).ok_or(BackstopError::NothingToClaim)?.record();
    let held = accounts.position.held_at(claim.loss, record.generation);
    let paid = record.lp_claim(held, claim.claimed()).into_program_error()?;
    require!(paid.get() >= min_assets, BackstopError::SlippageExceeded);

    claim.pay(&mut pool.unclaimed, paid)?;

    pay(
        &accounts.pool,
        (&accounts.token_program, &accounts.mint),
        &mut accounts.vault,
        &mut accounts.destination,
        paid.get(),
    )?;
    emit!(RecoveryClaimed {
        pool: *accounts.pool.address(),
        owner: *accounts.owner.address(),
        loss: accounts.claim.loss.into(),
        assets: paid.get(),
    });
    Ok(())
}
