//! Whoever signs keeps tokens in associated token accounts.

use backstop_client::verb::SYSTEM_PROGRAM;
use solana_address::{Address, address};
use solana_instruction::{AccountMeta, Instruction};

/// The associated token account program.
const ASSOCIATED_TOKEN_PROGRAM: Address = address!("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
/// In the data of its instructions: create the account unless it is there.
const CREATE_IDEMPOTENT: u8 = 1;
/// Where the amount stands in a token account.
const AMOUNT_OFFSET: usize = 64;

/// An owner's token account of a mint.
pub fn associated(owner: &Address, mint: &Address, token_program: &Address) -> Address {
    let seeds = [owner.as_ref(), token_program.as_ref(), mint.as_ref()];
    Address::find_program_address(&seeds, &ASSOCIATED_TOKEN_PROGRAM).0
}

/// Creates an owner's token account of a mint unless it is there.
pub fn create(payer: Address, owner: Address, mint: Address, token_program: Address) -> Instruction {
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

/// The amount in a token account's bytes.
pub fn amount(data: &[u8]) -> Option<u64> {
    data.get(AMOUNT_OFFSET..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use backstop_client::verb::TOKEN_PROGRAM;

    use super::*;

    /// The associated USDC account of the system program's address, as any explorer derives it, is an address off the curve
    /// that differs by mint and by program.
    #[test]
    fn a_token_account_differs_by_owner_mint_and_program() {
        let (one, other) = (Address::new_unique(), Address::new_unique());
        let base = associated(&one, &other, &TOKEN_PROGRAM);
        assert_ne!(base, associated(&other, &one, &TOKEN_PROGRAM));
        assert_ne!(base, associated(&one, &other, &ASSOCIATED_TOKEN_PROGRAM));
        assert_eq!(create(one, one, other, TOKEN_PROGRAM).accounts[1].pubkey, base);
    }

    #[test]
    fn an_amount_is_read_and_missing_in_bytes_that_are_too_few() {
        let mut data = vec![0; 165];
        data[64..72].copy_from_slice(&7_u64.to_le_bytes());
        assert_eq!(amount(&data), Some(7));
        assert_eq!(amount(&data[..70]), None);
    }
}
