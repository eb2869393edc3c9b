//! Associated token accounts: one for each owner and mint.

use solana_address::{Address, address};
use solana_instruction::{AccountMeta, Instruction};

use crate::verb::{SYSTEM_PROGRAM, TOKEN_PROGRAM};

/// The associated token account program.
pub const ASSOCIATED_TOKEN_PROGRAM: Address = address!("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
/// In the data of its instructions: create the account unless it is there.
const CREATE_IDEMPOTENT: u8 = 1;
/// In the data of a token program's instructions: count the lamports of an account of wrapped SOL as its amount.
const SYNC_NATIVE: u8 = 17;
/// In the data of the system program's instructions: transfer.
const TRANSFER: u32 = 2;
/// The mint of wrapped SOL, of the SPL Token program.
pub const WRAPPED_SOL: Address = address!("So11111111111111111111111111111111111111112");
/// Where the amount stands in a token account of either token program.
const AMOUNT: usize = 64;

/// An owner's token account of a mint.
///
/// ```
/// use backstop_client::{token::associated, verb::TOKEN_PROGRAM};
/// use solana_address::address;
///
/// let usdc = address!("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v");
/// let owner = address!("5Q544fKrFoe6tsEbD7S8EmxGTJYAKtTVhAW5Q5pge4j1");
/// assert!(!associated(&owner, &usdc, &TOKEN_PROGRAM).is_on_curve());
/// ```
pub fn associated(owner: &Address, mint: &Address, token_program: &Address) -> Address {
    let seeds = [owner.as_ref(), token_program.as_ref(), mint.as_ref()];
    Address::find_program_address(&seeds, &ASSOCIATED_TOKEN_PROGRAM).0
}

/// Creates an owner's token account of a mint; does nothing where it is there.
pub fn create_associated(payer: Address, owner: Address, mint: Address, token_program: Address) -> Instruction {
    Instruction {
        program_id: ASSOCIATED_TOKEN_PROGRAM,
        accounts: vec![
            AccountMeta::new(payer, true),
            AccountMeta::new(associated(&owner, &mint, &token_program), false),
            AccountMeta::new_readonly(owner, false),
            AccountMeta::new_readonly(mint, false),
            AccountMeta::new_readonly(SYSTEM_PROGRAM, false),
            AccountMeta::new_readonly(token_program, false),
        ],
        data: vec![CREATE_IDEMPOTENT],
    }
}

/// Wraps lamports of an owner in its [`associated`] account of wrapped SOL, which is created where it is not
/// there.
pub fn wrap(owner: Address, lamports: u64) -> [Instruction; 3] {
    let account = associated(&owner, &WRAPPED_SOL, &TOKEN_PROGRAM);
    let transfer = Instruction {
        program_id: SYSTEM_PROGRAM,
        accounts: vec![AccountMeta::new(owner, true), AccountMeta::new(account, false)],
        data: [&TRANSFER.to_le_bytes()[..], &lamports.to_le_bytes()].concat(),
    };
    let count = Instruction {
        program_id: TOKEN_PROGRAM,
        accounts: vec![AccountMeta::new(account, false)],
        data: vec![SYNC_NATIVE],
    };
    [create_associated(owner, owner, WRAPPED_SOL, TOKEN_PROGRAM), transfer, count]
}

/// The amount in a token account's bytes, in base units.
pub fn amount(data: &[u8]) -> Option<u64> {
    data.get(AMOUNT..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verb::TOKEN_2022_PROGRAM;

    #[test]
    fn a_token_account_differs_by_owner_mint_and_program() {
        let (one, other) = (Address::new_from_array([1; 32]), Address::new_from_array([2; 32]));
        let base = associated(&one, &other, &TOKEN_PROGRAM);
        assert_ne!(base, associated(&other, &one, &TOKEN_PROGRAM));
        assert_ne!(base, associated(&one, &other, &TOKEN_2022_PROGRAM));
        assert_eq!(create_associated(other, one, other, TOKEN_PROGRAM).accounts[1].pubkey, base);
    }

    #[test]
    fn an_amount_is_read_and_missing_in_bytes_that_are_too_few() {
        let mut data = vec![0; 165];
        data[64..72].copy_from_slice(&7_u64.to_le_bytes());
        assert_eq!(amount(&data), Some(7));
        assert_eq!(amount(&data[..70]), None);
    }
}
