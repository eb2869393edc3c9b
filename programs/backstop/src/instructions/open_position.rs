use {
    crate::{
        constants::LP_SEED,
        events::PositionOpened,
        state::{HoldsShares, LpPosition, Pool, Position},
    },
    anchor_lang::prelude::*,
};

/// Opens an empty LP position.
///
/// Specification:
/// - one per pool and owner
/// - anyone can pay for it; only the owner can use it
#[derive(Accounts)]
pub struct OpenPosition {
    /// Will own the position. Need not sign.
    pub owner: UncheckedAccount,
    /// Pays the rent.
    #[account(mut, unsafe(dup))] // may also be another signer
    pub payer: Signer,
    /// The pool.
    pub pool: Account<Pool>,
    /// The new position.
    #[account(
        init,
        payer = payer,
        space = LpPosition::SPACE,
        seeds = [LP_SEED, pool.address().as_ref(), owner.address().as_ref()],
        bump
    )]
    pub position: Position,
    /// The system program.
    pub system_program: Program<System>,
}

pub fn open_position(ctx: &mut Context<OpenPosition>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (pool, owner) = (*accounts.pool.address(), *accounts.owner.address());
    accounts.position.open(pool, owner, ctx.bumps.position);
    emit!(PositionOpened { pool, owner });
    Ok(())
}
