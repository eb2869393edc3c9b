use {
    crate::{
        constants::OBLIGATION_SEED,
        events::ObligationOpened,
        state::{Obligation, Pool},
    },
    anchor_lang::prelude::*,
};

/// Opens an empty obligation.
///
/// Specification:
/// - one per pool and owner
/// - anyone can pay for it; only the owner can borrow with it or withdraw its collateral
#[derive(Accounts)]
pub struct OpenObligation {
    /// Will own the obligation. Need not sign.
    pub owner: UncheckedAccount,
    /// Pays the rent.
    #[account(mut, unsafe(dup))] // may also be another signer
    pub payer: Signer,
    /// The pool.
    pub pool: Account<Pool>,
    /// The new obligation.
    #[account(init, payer = payer, seeds = [OBLIGATION_SEED, pool.address().as_ref(), owner.address().as_ref()], bump)]
    pub obligation: Account<Obligation>,
    /// The system program.
    pub system_program: Program<System>,
}

pub fn open_obligation(ctx: &mut Context<OpenObligation>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (pool, owner) = (*accounts.pool.address(), *accounts.owner.address());
    accounts.obligation.open(pool, owner, ctx.bumps.obligation);
    emit!(ObligationOpened { pool, owner });
    Ok(())
}
