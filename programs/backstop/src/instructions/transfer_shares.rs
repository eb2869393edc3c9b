use {
    crate::{
        errors::BackstopError,
        events::SharesTransferred,
        state::{self, Pool, Position, ShareHistory},
    },
    anchor_lang::{address_eq, prelude::*},
};

/// Transfers LP shares to another position of the pool.
///
/// Arguments:
/// - `shares`: how many; 2^64 - 1 for all that are not requested
///
/// Specification:
/// - the owners of both positions sign, so that nobody fills another's history
/// - [`ALL`](crate::constants::ALL) transfers all shares except requested ones
/// - refused for zero, and for more than that
/// - claims stay with the position that bore the loss
#[derive(Accounts)]
pub struct TransferShares {
    /// Who gives.
    pub owner: Signer,
    /// The pool.
    pub pool: Account<Pool>,
    /// The giver's position.
    #[account(
        mut,
        constraint = address_eq(&position.pool, pool.address()) @ BackstopError::WrongPool,
        constraint = address_eq(&position.owner, owner.address()) @ BackstopError::WrongOwner
    )]
    pub position: Position,
    /// Who receives.
    pub receiver: Signer,
    /// The receiver's position.
    #[account(
        mut,
        constraint = address_eq(&recipient.pool, pool.address()) @ BackstopError::WrongPool,
        constraint = address_eq(&recipient.owner, receiver.address()) @ BackstopError::WrongOwner
    )]
    pub recipient: Position,
}

pub fn transfer_shares(ctx: &mut Context<TransferShares>, shares: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (pool, from, to) = (&accounts.pool, &mut accounts.position, &mut accounts.recipient);
    from.settle(&pool.era())?;
    to.settle(&pool.era())?;
    let shares = from.asked(shares)?;

    state::burn(from, pool, shares)?;
    state::mint(to, pool, shares)?;

    emit!(SharesTransferred { pool: *pool.address(), from: from.owner, to: to.owner, shares: shares.get() });
    Ok(())
}
