//! Accounts of other programs, byte for byte.

use backstop_engine::price::Quote;
use solana_account::Account;
use solana_address::{Address, address};

/// The SPL Token program.
const TOKEN: Address = backstop_client::verb::TOKEN_PROGRAM;
/// The Pyth receiver program.
const RECEIVER: Address = address!("rec5EKMGg6MxZYaMdyBfgwp4d5rB9T1VQH5pJv5LtFJ");
const RENT: u64 = 10_000_000;

fn account(owner: Address, data: Vec<u8>) -> Account {
    Account { lamports: RENT, data, owner, executable: false, rent_epoch: u64::MAX }
}

/// An SPL Token mint (82 bytes): optional mint authority, initialised, no freeze authority.
pub fn mint(authority: Option<&Address>, decimals: u8, supply: u64) -> Account {
    let mut data = u32::from(authority.is_some()).to_le_bytes().to_vec();
    data.extend(authority.map_or([0; 32], Address::to_bytes));
    data.extend(supply.to_le_bytes());
    data.extend([decimals, 1]);
    data.resize(82, 0);
    account(TOKEN, data)
}

/// An SPL Token account (165 bytes): initialised, no delegate.
pub fn token(mint: &Address, owner: &Address, amount: u64) -> Account {
    let mut data = [mint.to_bytes(), owner.to_bytes()].concat();
    data.extend(amount.to_le_bytes());
    data.resize(108, 0);
    data.push(1);
    data.resize(165, 0);
    account(TOKEN, data)
}

/// Writes the balance into a token account's data.
pub(crate) fn put_token_balance(data: &mut [u8], units: u64) {
    if let Some(balance) = data.get_mut(64..72) {
        balance.copy_from_slice(&units.to_le_bytes());
    }
}

/// A fully verified Pyth price update (`PriceUpdateV2`, 134 bytes) as the receiver program writes it: discriminator,
/// write authority, verification level, feed id, price, confidence, exponent, publish time, previous publish time,
/// average price and confidence, slot.
pub fn price_update(feed_id: &[u8; 32], quote: &Quote, publish_time: i64) -> Account {
    const DISCRIMINATOR: [u8; 8] = [34, 241, 35, 99, 157, 126, 244, 205];
    const FULL: u8 = 1;
    let mut data = DISCRIMINATOR.to_vec();
    data.extend([7; 32]);
    data.push(FULL);
    data.extend(feed_id);
    data.extend(quote.price.to_le_bytes());
    data.extend(quote.confidence.to_le_bytes());
    data.extend(quote.exponent.to_le_bytes());
    data.extend(publish_time.to_le_bytes());
    data.extend(publish_time.saturating_sub(1).to_le_bytes());
    data.extend(quote.price.to_le_bytes());
    data.extend(quote.confidence.to_le_bytes());
    data.extend(1_u64.to_le_bytes());
    data.push(0);
    account(RECEIVER, data)
}
