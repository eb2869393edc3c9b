//! Switchboard feeds, byte for byte.

use solana_account::Account;
use solana_address::{Address, address};

/// The Switchboard On-Demand program on mainnet.
const ON_DEMAND: Address = address!("SBondMDrcV3K4kxZR1HNVT7osZxAHVHgYXL5Ze1oMUv");
/// The lamports of a feed on mainnet.
const RENT: u64 = 23_218_560;
/// The number of submissions that a feed has room for.
const ROOM: usize = 32;

/// A Switchboard On-Demand pull feed (`PullFeedAccountData`, 3208 bytes) after an update, as the On-Demand program
/// writes it: discriminator, submissions, settings, result, history, timestamps of the submissions. Every sample is
/// from a different oracle, was signed at `slot`, landed in the same slot at `updated_at`, and has the value `value`.
pub fn switchboard_feed(
    value: i128,
    std_dev: i128,
    updated_at: i64,
    slot: u64,
    samples: u8,
    min_samples: u8,
) -> Account {
    const DISCRIMINATOR: [u8; 8] = [196, 27, 108, 196, 10, 215, 219, 40];
    let submitted = usize::from(samples).min(ROOM);
    let mut data = DISCRIMINATOR.to_vec();
    for oracle in (1..=u8::MAX).take(submitted) {
        data.extend([oracle; 32]);
        data.extend(slot.to_le_bytes());
        data.extend(slot.to_le_bytes());
        data.extend(value.to_le_bytes());
    }
    data.resize(2056, 0);
    data.extend([7; 32]); // authority
    data.extend([8; 32]); // queue
    data.extend([9; 32]); // feed hash
    data.extend(1_i64.to_le_bytes()); // initialised at
    data.extend(0_u64.to_le_bytes()); // permissions
    data.extend(10_000_000_000_u64.to_le_bytes()); // maximum variance
    data.extend(1_u32.to_le_bytes()); // minimum number of responses
    data.extend(*b"Backstop test feed\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    data.extend([0, 0, 0, min_samples]); // padding, authority may write, history index, minimum number of samples
    data.extend(updated_at.to_le_bytes());
    data.extend(1_u64.to_le_bytes()); // slot of the lookup table
    data.extend([0; 32]); // reserved
    data.extend(value.to_le_bytes());
    data.extend(std_dev.to_le_bytes());
    data.extend(value.to_le_bytes()); // mean
    data.extend(0_i128.to_le_bytes()); // range
    data.extend(value.to_le_bytes()); // minimum
    data.extend(value.to_le_bytes()); // maximum
    data.extend([samples, 0, 0, 0, 0, 0, 0, 0]); // number of samples, submission index, padding
    data.extend(slot.to_le_bytes());
    data.extend(slot.to_le_bytes()); // minimum slot of the samples
    data.extend(slot.to_le_bytes()); // maximum slot
    data.extend(250_u32.to_le_bytes()); // maximum staleness
    data.resize(2952, 0); // padding, history
    for _ in 0..submitted {
        data.extend(updated_at.to_le_bytes());
    }
    data.resize(3208, 0);
    Account { lamports: RENT, data, owner: ON_DEMAND, executable: false, rent_epoch: u64::MAX }
}
