//! Switchboard On-Demand pull feeds: the account `PullFeedAccountData` of the On-Demand program, a C struct after the
//! discriminator, little endian, 3208 bytes.
//!
//! Layout after Switchboard's crate `switchboard-on-demand` 0.13.0, `src/on_demand/accounts/pull_feed.rs`; its program
//! ids are in `src/program_id.rs`:
//!
//! | offset | field |
//! | --- | --- |
//! | 0 | discriminator, `sha256("account:PullFeedAccountData")[..8]` |
//! | 8 | submissions, 32 of 64 bytes: oracle (32 bytes), slot signed at (`u64`), slot landed at (`u64`), value (`i128`) |
//! | 2056 | authority, queue and feed hash, 32 bytes each; initialised at, permissions, maximum variance, 8 bytes each |
//! | 2176 | minimum of responses per oracle, `u32`; name, 32 bytes; padding, 1 byte |
//! | 2213 | whether the authority may write values itself, `u8` |
//! | 2214 | index of the next historical result, `u8` |
//! | 2215 | minimum of samples, `u8` |
//! | 2216 | last update's timestamp, `i64`; slot of the lookup table, `u64`; reserved, 32 bytes |
//! | 2264 | the result: value (the median), `i128`, 18 decimals |
//! | 2280 | standard deviation of the samples, `i128`, 18 decimals |
//! | 2296 | mean, range, minimum, maximum, `i128` each |
//! | 2360 | number of samples, `u8` |
//! | 2361 | index of the submission that is the result's value, `u8`; padding, 6 bytes |
//! | 2368 | slot at which the result's value was signed, `u64` |
//! | 2376 | least and greatest slot of the samples, `u64` each |
//! | 2392 | the feed's own maximum staleness in slots, `u32`; padding and history, 556 bytes |
//! | 2952 | timestamps of the submissions, 32 of `i64` |
//!
//! # How old a result is
//!
//! The timestamp of the last update does not tell: an update keeps earlier submissions that are within the feed's
//! maximum staleness among its samples, and their median can be one of them. So the time is that of the submission
//! which the result took its value from. Nor does that tell all of it: a submission is dated when it lands, while the
//! oracle signed the value at an earlier slot, any that the chain still remembers, and whoever lands it chooses when.
//! So the slots between the two are taken off the time, at 400 ms each.
//!
//! Places of submissions are reused, so one is believed only if it was signed at the very slot that the result names.
//! Feeds that were last updated before the On-Demand program dated submissions read as of 1970, so they are stale.
//!
//! # What the caller must check
//!
//! Anyone can create a feed, over any source, and its authority can change the source. What makes a feed trustworthy is
//! its address, so the caller compares that. The value may be zero or negative, or absurd: `i128::MAX` stands for no
//! answer.

use solana_address::{Address, address};

use crate::Error;

/// The On-Demand program on mainnet and on devnet. One build serves both: neither id gives anyone a feed at an address
/// that a market is bound to, and who can bind an address of their own can as well bind a feed over a source of their
/// own.
pub(crate) const ON_DEMAND: [Address; 2] =
    [address!("SBondMDrcV3K4kxZR1HNVT7osZxAHVHgYXL5Ze1oMUv"), address!("Aio4gaXjXzJNVLtzwtNVmSqGKpANtXhybbkhtAC94ji2")];
const DISCRIMINATOR: [u8; 8] = [196, 27, 108, 196, 10, 215, 219, 40];
const SIZE: usize = 3208;

const SUBMISSIONS: usize = 8;
const SUBMISSION: usize = 64;
const SIGNED_AT: usize = 32;
const LANDED_AT: usize = 40;
const AUTHORITY_MAY_WRITE: usize = 2213;
const MIN_SAMPLES: usize = 2215;
const VALUE: usize = 2264;
const STD_DEV: usize = 2280;
const SAMPLES: usize = 2360;
const SUBMISSION_INDEX: usize = 2361;
const SLOT: usize = 2368;
const TIMESTAMPS: usize = 2952;

/// The length that a slot is meant to have.
const SLOT_MILLISECONDS: u64 = 400;

/// What this program needs of a feed.
pub(super) struct Feed {
    /// The median of the samples, in 10^-18 USD.
    pub(super) value: i128,
    /// The standard deviation of the samples, in 10^-18 USD: zero if there is only one.
    pub(super) std_dev: i128,
    /// When the value was signed, in seconds of the chain's clock.
    pub(super) updated_at: i64,
}

/// Reads a feed's result, out of an account that the On-Demand program owns.
///
/// # Errors
/// [`Error::InvalidAccount`] if it is no feed, or one whose authority may write values itself;
/// [`Error::TooFewSamples`]; [`Error::Stale`] if the submission of the result is no longer there, so that its time is
/// unknown. Whether the value is fresh otherwise, and certain enough, is the caller's to judge.
pub(super) fn read(data: &[u8]) -> Result<Feed, Error> {
    let data = data.first_chunk().ok_or(Error::InvalidAccount)?;
    let result = parse(data).ok_or(Error::InvalidAccount)?;
    if result.samples == 0 || result.samples < result.min_samples {
        return Err(Error::TooFewSamples);
    }
    let updated_at = signed_at(data, &result).ok_or(Error::Stale)?;
    Ok(Feed { value: result.value, std_dev: result.std_dev, updated_at })
}

/// The feed's current result.
struct Outcome {
    value: i128,
    std_dev: i128,
    slot: u64,
    submission: u8,
    samples: u8,
    min_samples: u8,
}

fn parse(data: &[u8; SIZE]) -> Option<Outcome> {
    if data.first_chunk() != Some(&DISCRIMINATOR) || data.get(AUTHORITY_MAY_WRITE) != Some(&0) {
        return None;
    }
    Some(Outcome {
        value: i128::from_le_bytes(at(data, VALUE)?),
        std_dev: i128::from_le_bytes(at(data, STD_DEV)?),
        slot: u64::from_le_bytes(at(data, SLOT)?),
        submission: *data.get(SUBMISSION_INDEX)?,
        samples: *data.get(SAMPLES)?,
        min_samples: *data.get(MIN_SAMPLES)?,
    })
}

/// When the value of the result was signed, or nothing if its submission is not there.
fn signed_at(data: &[u8; SIZE], result: &Outcome) -> Option<i64> {
    let index = usize::from(result.submission);
    let submissions: &[u8] = data.get(SUBMISSIONS..)?.first_chunk::<{ 32 * SUBMISSION }>()?;
    let submission = submissions.as_chunks::<SUBMISSION>().0.get(index)?;
    if u64::from_le_bytes(at(submission, SIGNED_AT)?) != result.slot {
        return None;
    }
    let landed_at = u64::from_le_bytes(at(submission, LANDED_AT)?);
    let timestamp = i64::from_le_bytes(*data.get(TIMESTAMPS..)?.as_chunks().0.get(index)?);
    let lag = landed_at.checked_sub(result.slot)?.checked_mul(SLOT_MILLISECONDS)?.div_ceil(1000);
    timestamp.checked_sub(i64::try_from(lag).ok()?)
}

/// The bytes at an offset.
fn at<const N: usize>(data: &[u8], offset: usize) -> Option<[u8; N]> {
    data.get(offset..)?.first_chunk().copied()
}
