use {
    crate::{
        constants::{ACCOUNT_VERSION, CLAIM_SEED},
        events::ClaimOpened,
        state::LossClaim,
    },
    anchor_lang::prelude::*,
};

/// Opens the account that stores what a position or a stake has claimed of a loss. It is never closed, so nothing is
/// paid twice.
///
/// Arguments:
/// - `loss`: the number of the loss in the loss book
///
/// Specification:
/// - one per position or stake, and loss
/// - anyone can pay for it, at any time; only the owner of the position or stake can claim with it
#[derive(Accounts)]
#[instruction(loss: u32)]
pub struct OpenClaim {
    /// The position or stake that will claim.
    pub holder: UncheckedAccount,
    /// Pays the rent.
    #[account(mut)]
    pub payer: Signer,
    /// The new account.
    #[account(
        init,
        payer = payer,
        seeds = [CLAIM_SEED, holder.address().as_ref(), &loss.to_le_bytes()],
        bump
    )]
    pub claim: Account<LossClaim>,
    /// The system program.
    pub system_program: Program<System>,
}

pub fn open_claim(ctx: &mut Context<OpenClaim>, loss: u32) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (holder, claim) = (*accounts.holder.address(), &mut accounts.claim);
    (claim.holder, claim.loss) = (holder, loss);
    (claim.version, claim.bump) = (ACCOUNT_VERSION, ctx.bumps.claim);
    emit!(ClaimOpened { holder, loss: loss.into() });
    Ok(())
}
