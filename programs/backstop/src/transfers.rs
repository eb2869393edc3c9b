//! The only file that calls a token program.

use {
    crate::state::{Collateral, Pool},
    anchor_lang::{
        AnchorAccount, CpiHandle, ToCpiHandle, ToCpiHandleMut,
        pinocchio::{account::AccountView, instruction::InstructionAccount},
        prelude::*,
        unchecked_invoke_signed_fixed,
    },
    anchor_spl::token_interface::TokenInterface,
};

/// A token: its program, mint and decimals.
pub struct TokenKind<'a> {
    program: &'a AccountView,
    mint: &'a AccountView,
    decimals: u8,
}

/// Takes what a signer pays into a vault.
#[inline(never)]
pub fn take(
    payer: &Signer,
    (program, mint, decimals): (&Interface<'static, TokenInterface>, &UncheckedAccount, u8),
    source: &mut UncheckedAccount,
    vault: &mut UncheckedAccount,
    amount: u64,
) -> Result<()> {
    TokenKind::new(program, mint, decimals).transfer(source, vault, payer, amount, &[])
}

/// Pays out of a pool's vault.
#[inline(never)]
pub fn pay(
    pool: &Account<Pool>,
    (program, mint): (&Interface<'static, TokenInterface>, &UncheckedAccount),
    vault: &mut UncheckedAccount,
    destination: &mut UncheckedAccount,
    amount: u64,
) -> Result<()> {
    TokenKind::new(program, mint, pool.decimals).transfer(vault, destination, pool, amount, &[&pool.seeds()])
}

/// Gives out of a collateral's vault.
#[inline(never)]
pub fn give(
    collateral: &Account<Collateral>,
    (program, mint): (&Interface<'static, TokenInterface>, &UncheckedAccount),
    vault: &mut UncheckedAccount,
    destination: &mut UncheckedAccount,
    units: u64,
) -> Result<()> {
    let kind = TokenKind::new(program, mint, collateral.decimals);
    kind.transfer(vault, destination, collateral, units, &[&collateral.seeds()])
}

impl<'a> TokenKind<'a> {
    /// A token whose mint the caller has checked. The program account is one of the token programs by its type; a mint
    /// of another one makes the transfer fail.
    pub fn new(program: &'a Interface<'static, TokenInterface>, mint: &'a UncheckedAccount, decimals: u8) -> Self {
        Self { program: program.account(), mint: mint.account(), decimals }
    }

    /// Moves `amount` between two token accounts; nothing to move is no call. `signer_seeds` make a program's address
    /// the authority, else the authority has signed the transaction.
    #[inline(always)]
    pub fn transfer(
        &self,
        from: &mut impl ToCpiHandleMut,
        to: &mut impl ToCpiHandleMut,
        authority: &impl ToCpiHandle,
        amount: u64,
        signer_seeds: &[&[&[u8]]],
    ) -> Result<()> {
        if amount == 0 {
            return Ok(());
        }
        let (from, to) = (from.try_to_cpi_handle_mut()?.into(), to.try_to_cpi_handle_mut()?.into());
        self.call(&[from, self.mint.to_cpi_handle(), to, authority.to_cpi_handle()], amount, signer_seeds);
        Ok(())
    }

    #[inline(never)]
    fn call(&self, handles: &[CpiHandle; 4], amount: u64, signer_seeds: &[&[&[u8]]]) {
        /// `TransferChecked` in the instruction set that both token programs share.
        const TRANSFER_CHECKED: u8 = 12;
        let [from, mint, to, authority] = handles;
        let accounts = [
            InstructionAccount::writable(from.address()),
            InstructionAccount::readonly(mint.address()),
            InstructionAccount::writable(to.address()),
            InstructionAccount::readonly_signer(authority.address()),
        ];
        let [a, b, c, d, e, f, g, h] = amount.to_le_bytes();
        let data = [TRANSFER_CHECKED, a, b, c, d, e, f, g, h, self.decimals];
        unchecked_invoke_signed_fixed(self.program.address(), &data, &accounts, handles, signer_seeds);
    }
}
