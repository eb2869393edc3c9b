//! The state before the first block.

use backstop_testkit::accounts::mint;
use solana_account::Account;
use solana_address::Address;
use solana_signer::Signer;

use crate::{TOKENS, Token, accounts, files::FAUCET, keypair};

/// Lamports that everybody starts with: 1,000 SOL.
const LAMPORTS: u64 = 1_000_000_000_000;

/// Everybody of these names with [their belongings](belongings), the faucet, and the mints.
pub fn genesis_accounts(names: &[&str]) -> Vec<(Address, Account)> {
    let faucet = keypair(FAUCET).pubkey();
    let mut all = vec![(faucet, accounts::lamports(LAMPORTS))];
    for token in TOKENS {
        let supply = names.iter().fold(0, |sum: u64, _| sum.saturating_add(each(token)));
        all.push((token.mint(), mint(Some(&faucet), token.decimals, supply)));
    }
    all.extend(names.iter().flat_map(|name| belongings(&keypair(name).pubkey())));
    all
}

/// What everybody starts with: lamports, and [so much](Token::each) of each token.
pub fn belongings(owner: &Address) -> Vec<(Address, Account)> {
    let mut all = vec![(*owner, accounts::lamports(LAMPORTS))];
    all.extend(TOKENS.into_iter().map(|token| {
        let account = backstop_testkit::accounts::token(&token.mint(), owner, each(token));
        (token.account_of(owner), account)
    }));
    all
}

/// In base units.
fn each(token: &Token) -> u64 {
    token.each.saturating_mul(10_u64.saturating_pow(token.decimals.into()))
}
