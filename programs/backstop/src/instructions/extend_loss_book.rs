use {
    crate::{
        errors::BackstopError,
        events::LossBookExtended,
        state::{Book, LossRecords, Pool},
    },
    anchor_lang::prelude::*,
};

/// Makes room for more losses in a pool's loss book.
///
/// Arguments:
/// - `records`: for how many more; at most 82 at once, by which the runtime lets an account grow
///
/// Specification:
/// - anyone may pay
/// - none, more at once, and more in all than the largest account has room for, are refused
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
