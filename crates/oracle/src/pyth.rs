//! Pyth pull updates: the account `PriceUpdateV2` of the Pyth receiver program, borsh, little endian.
//!
//! Layout after Pyth's `pyth-solana-receiver-sdk`, `price_update.rs`:
//!
//! | offset | field |
//! | --- | --- |
//! | 0 | discriminator, `sha256("account:PriceUpdateV2")[..8]` |
//! | 8 | write authority, 32 bytes |
//! | 40 | verification level: 1 is `Full`; 0 is `Partial`, which has one more byte |
//! | 41 | feed id, 32 bytes |
//! | 73 | price, `i64` |
//! | 81 | confidence, `u64` |
//! | 89 | exponent, `i32` |
//! | 93 | publish time, `i64` |
//! | 101 | previous publish time, EMA price, EMA confidence, posted slot: 32 bytes |

use solana_address::{Address, address};

/// The Pyth receiver program.
pub(crate) const RECEIVER: Address = address!("rec5EKMGg6MxZYaMdyBfgwp4d5rB9T1VQH5pJv5LtFJ");
const DISCRIMINATOR: [u8; 8] = [34, 241, 35, 99, 157, 126, 244, 205];
const FULL: u8 = 1;
const SIZE: usize = 133;

/// What this program needs of an update.
pub(super) struct Update {
    pub(super) feed_id: [u8; 32],
    pub(super) price: i64,
    pub(super) confidence: u64,
    pub(super) exponent: i32,
    pub(super) publish_time: i64,
}

/// Reads a fully verified update, out of an account that the receiver program owns. Anything else is none.
pub(super) fn read(data: &[u8]) -> Option<Update> {
    let (head, message) = data.get(..SIZE)?.split_at_checked(41)?;
    if head.first_chunk() != Some(&DISCRIMINATOR) || head.last() != Some(&FULL) {
        return None;
    }
    let (feed_id, rest) = message.split_first_chunk::<32>()?;
    let (price, rest) = rest.split_first_chunk::<8>()?;
    let (confidence, rest) = rest.split_first_chunk::<8>()?;
    let (exponent, rest) = rest.split_first_chunk::<4>()?;
    let (publish_time, _) = rest.split_first_chunk::<8>()?;
    Some(Update {
        feed_id: *feed_id,
        price: i64::from_le_bytes(*price),
        confidence: u64::from_le_bytes(*confidence),
        exponent: i32::from_le_bytes(*exponent),
        publish_time: i64::from_le_bytes(*publish_time),
    })
}
