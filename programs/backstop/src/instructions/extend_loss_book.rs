use {
    crate::{
        errors::BackstopError,
        events::LossBookExtended,
        state::{Book, LossRecords, Pool},
    },
    anchor_lang::prelude::*,
};

/// Adds room for losses to a pool's loss book.
///
/// Arguments:
/// - `records`: how many, at most 75: the runtime limits how much an account grows at once
///
/// Specification:
/// - anyone can pay
/// - refused for zero, for more than 75, and beyond the largest size of an account
#[derive(Accounts)]
pub struct ExtendLossBook {
    /// Pays the rent.
    #[account(mut)]
    pub payer: Signer,
    /// The pool.
    pub pool: Account<Pool>,
    /// The pool's loss book.
    #[account(mut, address = pool.loss_book @ BackstopError::WrongLossBook)]
    pub loss_book: Book,
    /// The system program.
    pub system_program: Program<System>,
}

pub fn extend_loss_book(ctx: &mut Context<ExtendLossBook>, records: u32) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let room = accounts.loss_book.extend(records, accounts.payer.account())?;
    emit!(LossBookExtended { pool: *accounts.pool.address(), room: room.into() });
    Ok(())
}
