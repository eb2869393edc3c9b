//! The actors and tokens of a local cluster. Keypairs are derived from names, so addresses are the same every time.
//! Anyone can derive them: never use them elsewhere.

use backstop_client::{oracle::pyth_price_feed, token::associated, verb::TOKEN_PROGRAM};
use sha2::{Digest, Sha256};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{LocalnetError, Price};

/// Everybody with a name, lamports and tokens: the market's officers, two liquidity providers, a borrower, a staker and
/// a liquidator.
pub const ACTORS: [&str; 8] = ["authority", "guardian", "treasury", "alice", "bob", "carol", "dave", "erin"];

/// What is lent.
pub const USDC: Token = Token {
    symbol: "USDC",
    decimals: 6,
    feed: [
        0xea, 0xa0, 0x20, 0xc6, 0x1c, 0xc4, 0x79, 0x71, 0x28, 0x13, 0x46, 0x1c, 0xe1, 0x53, 0x89, 0x4a, 0x96, 0xa6,
        0xc0, 0x0b, 0x21, 0xed, 0x0c, 0xfc, 0x27, 0x98, 0xd1, 0xf9, 0xa9, 0xe9, 0xc9, 0x4a,
    ],
    first_price: Price::whole(1),
    each: 10_000_000,
};

/// What is put up: an ordinary token of that name, not wrapped lamports.
pub const SOL: Token = Token {
    symbol: "SOL",
    decimals: 9,
    feed: [
        0xef, 0x0d, 0x8b, 0x6f, 0xda, 0x2c, 0xeb, 0xa4, 0x1d, 0xa1, 0x5d, 0x40, 0x95, 0xd1, 0xda, 0x39, 0x2a, 0x0d,
        0x2f, 0x8e, 0xd0, 0xc6, 0xc7, 0xbc, 0x0f, 0x4c, 0xfa, 0xc8, 0xc2, 0x80, 0xb5, 0x6d,
    ],
    first_price: Price::whole(100),
    each: 100_000,
};

/// All tokens.
pub const TOKENS: [&Token; 2] = [&USDC, &SOL];

/// A token of a local cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its symbol.
    pub symbol: &'static str,
    /// Its decimals.
    pub decimals: u8,
    /// Its Pyth feed id.
    pub feed: [u8; 32],
    /// What a whole token costs in USD until someone says otherwise.
    pub first_price: Price,
    /// How many whole tokens each actor starts with.
    pub each: u64,
}

impl Token {
    /// The token of a symbol, whatever its case.
    ///
    /// # Errors
    /// If there is none.
    pub fn named(symbol: &str) -> Result<&'static Self, LocalnetError> {
        let token = TOKENS.into_iter().find(|token| token.symbol.eq_ignore_ascii_case(symbol));
        token.ok_or_else(|| LocalnetError::UnknownToken(symbol.into()))
    }

    /// Its mint. The keypair `keypair("faucet")` may mint more of it.
    pub fn mint(&self) -> Address {
        keypair(&format!("mint {}", self.symbol)).pubkey()
    }

    /// Where an owner keeps it.
    pub fn account_of(&self, owner: &Address) -> Address {
        associated(owner, &self.mint(), &TOKEN_PROGRAM)
    }

    /// The account with its price.
    pub fn price_account(&self) -> Address {
        pyth_price_feed(&self.feed)
    }
}

/// Where it stands whether oracles are out: an account whose only byte is 1 if they are.
pub(crate) fn outage() -> Address {
    keypair("oracle outage").pubkey()
}

/// The keypair of a name.
pub fn keypair(name: &str) -> Keypair {
    Keypair::new_from_array(Sha256::digest(format!("backstop localnet {name}")).into())
}

#[cfg(test)]
mod tests {
    use solana_address::address;

    use super::*;

    /// Both are what Pyth publishes at these addresses on mainnet.
    #[test]
    fn feeds_are_where_pyth_keeps_them() {
        assert_eq!(SOL.price_account(), address!("7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE"));
        assert_eq!(USDC.price_account(), address!("Dpw1EAVrSB1ibxiDQyTAW6Zip3J4Btk2x4SgApQCeFbX"));
    }

    #[test]
    fn symbols_are_found_whatever_their_case_and_others_refused() {
        assert_eq!(Token::named("sol").unwrap().symbol, "SOL");
        assert!(Token::named("BTC").unwrap_err().to_string().contains("USDC and SOL"));
    }
}
