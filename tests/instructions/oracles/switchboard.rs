//! Malformed accounts of Switchboard's, each through every instruction that reads a price, in place of the collateral's
//! and of the liquidity token's.

use backstop_client::{PROGRAM_ID, verb};
use backstop_testkit::Network;
use solana_account::Account;
use solana_address::Address;

use super::fixtures::*;
use backstop_client::verb::TOKEN_2022_PROGRAM;

/// Of the first submission: the slots at which it was signed and landed. Others follow every 64 bytes.
const SIGNED_AT: usize = 8 + 32;
const LANDED_AT: usize = 8 + 40;
const SUBMISSION: usize = 64;
const AUTHORITY_MAY_WRITE: usize = 2213;
const MIN_SAMPLES: usize = 2215;
const LAST_UPDATE: usize = 2216;
const VALUE: usize = 2264;
const DEVIATION: usize = 2280;
const SAMPLES: usize = 2360;
const INDEX: usize = 2361;
const SLOT: usize = 2368;
/// Of the first submission. Others follow every 8 bytes.
const TIMESTAMP: usize = 2952;

fn stage() -> Stage {
    Stage::new(Network::Switchboard)
}

fn put(account: &mut Account, offset: usize, bytes: &[u8]) {
    account.data[offset..offset + bytes.len()].copy_from_slice(bytes);
}

fn value_of(account: &Account) -> i128 {
    i128::from_le_bytes(account.data[VALUE..VALUE + 16].try_into().unwrap())
}

fn slot_of(account: &Account) -> u64 {
    u64::from_le_bytes(account.data[SLOT..SLOT + 8].try_into().unwrap())
}

#[test]
fn a_good_one_is_read() {
    stage().reads(|_| ());
}

#[test]
fn is_read_of_either_cluster() {
    for owner in ON_DEMAND {
        stage().reads(|account| account.owner = owner);
    }
}

#[test]
fn rejects_other_owners() {
    let others = [verb::SYSTEM_PROGRAM, verb::TOKEN_PROGRAM, TOKEN_2022_PROGRAM, PROGRAM_ID, RECEIVER, SECOND_RECEIVER];
    for owner in others {
        stage().refuses("InvalidPriceAccount", |account| account.owner = owner);
    }
    stage().elsewhere(Address::new_from_array([69; 32]), Err("InvalidPriceAccount"));
}

#[test]
fn rejects_other_types() {
    let mut stage = stage();
    for kind in [[0; 8], [255; 8], [34, 241, 35, 99, 157, 126, 244, 205]] {
        stage.refuses("InvalidPriceAccount", |account| put(account, 0, &kind));
    }
    for byte in 0..8 {
        stage.refuses("InvalidPriceAccount", |account| account.data[byte] ^= 1);
    }
}

#[test]
fn rejects_other_feeds() {
    // Given the same bytes at another address, and each other's
    let mut stage = stage();
    let elsewhere = Address::new_from_array([69; 32]);
    for symbol in ["SOL", "USDC"] {
        let account = stage.account(symbol);
        stage.set_account(elsewhere, account);
        stage.elsewhere(elsewhere, Err("WrongFeed"));
    }
    stage.elsewhere_of("SOL", at("USDC"), Err("WrongFeed"));
    stage.elsewhere_of("USDC", at("SOL"), Err("WrongFeed"));
}

#[test]
fn rejects_what_its_authority_may_write() {
    let mut stage = stage();
    for flag in [1, 2, 128, 255] {
        stage.refuses("InvalidPriceAccount", |account| account.data[AUTHORITY_MAY_WRITE] = flag);
    }
}

#[test]
fn rejects_too_few_samples() {
    let mut stage = stage();
    for (samples, least) in [(0, 0), (0, 1), (1, 2), (2, 3), (31, 32), (254, 255)] {
        stage.refuses("TooFewSamples", |account| (account.data[SAMPLES], account.data[MIN_SAMPLES]) = (samples, least));
    }
    for (samples, least) in [(1, 0), (1, 1), (3, 3), (32, 32), (255, 255)] {
        stage.reads(|account| (account.data[SAMPLES], account.data[MIN_SAMPLES]) = (samples, least));
    }
}

#[test]
fn rejects_a_result_whose_submission_is_not_there() {
    let mut stage = stage();
    // three were submitted, and there is room for 32
    for index in [3, 31, 32, 33, 64, 255] {
        stage.refuses("StalePrice", |account| account.data[INDEX] = index);
    }
    let slots: [fn(u64) -> u64; 4] = [|slot| slot - 1, |slot| slot + 1, |_| 0, |_| u64::MAX];
    for slot in slots {
        // its place was used again since
        stage.refuses("StalePrice", |account| {
            let slot = slot(slot_of(account));
            put(account, SIGNED_AT, &slot.to_le_bytes());
        });
        stage.refuses("StalePrice", |account| {
            let slot = slot(slot_of(account));
            put(account, SLOT, &slot.to_le_bytes());
        });
    }
}

#[test]
fn reads_the_submission_that_the_result_names() {
    // Given the last place of all, dated ten seconds ago, where the other submissions say nothing
    let mut stage = stage();
    let now = stage.now();
    let last = |account: &mut Account, age: i64| {
        let slot = slot_of(account);
        account.data[8..2056].fill(0);
        account.data[TIMESTAMP..3208].fill(0);
        account.data[INDEX] = 31;
        put(account, SIGNED_AT + 31 * SUBMISSION, &slot.to_le_bytes());
        put(account, LANDED_AT + 31 * SUBMISSION, &slot.to_le_bytes());
        put(account, TIMESTAMP + 31 * 8, &(now - age).to_le_bytes());
    };
    stage.reads(|account| last(account, 60));
    stage.refuses("StalePrice", |account| last(account, 61));
}

#[test]
fn the_time_of_the_last_update_does_not_count() {
    let mut stage = stage();
    let now = stage.now();
    for time in [i64::MIN, 0, now - 61, now + 61, i64::MAX] {
        stage.reads(|account| put(account, LAST_UPDATE, &time.to_le_bytes()));
    }
    stage.refuses("StalePrice", |account| {
        put(account, LAST_UPDATE, &now.to_le_bytes());
        put(account, TIMESTAMP, &(now - 61).to_le_bytes());
    });
}

#[test]
fn is_believed_for_a_minute_to_each_side() {
    stage().is_believed_for_a_minute_to_each_side(|account, time| put(account, TIMESTAMP, &time.to_le_bytes()));
}

#[test]
fn slots_from_signing_to_landing_make_it_older() {
    let mut stage = stage();
    let now = stage.now();
    let landed = |account: &mut Account, lag: u64, time: i64| {
        let slot = slot_of(account);
        put(account, LANDED_AT, &(slot + lag).to_le_bytes());
        put(account, TIMESTAMP, &time.to_le_bytes());
    };
    // 150 slots are 60 seconds, 151 are 60.4, rounded up; 1 is 0.4, so a second; 5 are 2
    for (lag, time) in [(150, now), (1, now - 59), (2, now - 59), (3, now - 58), (5, now - 58), (300, now + 60)] {
        stage.reads(|account| landed(account, lag, time));
    }
    for (lag, time) in [(151, now), (1, now - 60), (3, now - 59), (6, now - 58), (301, now + 60)] {
        stage.refuses("StalePrice", |account| landed(account, lag, time));
    }
    // what was signed long before it landed may be dated further ahead
    stage.reads(|account| landed(account, 5, now + 62));
    stage.refuses("PriceFromFuture", |account| landed(account, 5, now + 63));
}

#[test]
fn rejects_what_landed_before_it_was_signed() {
    let mut stage = stage();
    let slots: [fn(u64) -> u64; 3] = [|slot| slot - 1, |slot| slot - 150, |_| 0];
    for slot in slots {
        stage.refuses("StalePrice", |account| {
            let slot = slot(slot_of(account));
            put(account, LANDED_AT, &slot.to_le_bytes());
        });
    }
}

#[test]
fn rejects_any_lag_that_is_too_long() {
    let mut stage = stage();
    let times = [stage.now(), i64::MIN, 0];
    for lag in [1_000, 1 << 32, u64::MAX / 400 - 1, u64::MAX / 400 + 1, u64::MAX - 340_000_000] {
        for time in times {
            stage.refuses("StalePrice", |account| {
                let slot = slot_of(account);
                put(account, LANDED_AT, &(slot + lag).to_le_bytes());
                put(account, TIMESTAMP, &time.to_le_bytes());
            });
        }
    }
    // signed at the beginning of all slots, landed at their end
    stage.refuses("StalePrice", |account| {
        put(account, SLOT, &0_u64.to_le_bytes());
        put(account, SIGNED_AT, &0_u64.to_le_bytes());
        put(account, LANDED_AT, &u64::MAX.to_le_bytes());
    });
}

#[test]
fn rejects_values_that_are_not_above_zero_or_absurd() {
    // 2^60 * 10^-9 USD is the most; the On-Demand program writes i128::MAX where there is no answer
    let most = 1_i128 << 60;
    let absurd =
        [0, -1, -24 * 10_i128.pow(18), i128::MIN, i128::MAX, i128::MAX - 1, (most + 1) * 10_i128.pow(9), 1 << 126];
    let mut stage = stage();
    for value in absurd {
        stage.refuses("InvalidPrice", |account| put(account, VALUE, &value.to_le_bytes()));
    }
}

#[test]
fn reads_eighteen_places_or_nine() {
    // Up to 2^60 = 1,152,921,504,606,846,976 digits of 10^-18 USD as they are, beyond to 10^-9 USD, rounded down
    let mut stage = stage();
    let mut account = stage.account("SOL");
    let mut begins_with = |value: i128| {
        put(&mut account, VALUE, &value.to_le_bytes());
        stage.put("SOL", account.clone());
        stage.begins_with()
    };
    assert_eq!(begins_with(1), Ok(1));
    assert_eq!(begins_with(1_152_921_504_606_846_976), Ok(1_152_921_504_606_846_976));
    assert_eq!(begins_with(1_152_921_504_606_846_977), Ok(1_152_921_504_000_000_000));
    assert_eq!(begins_with(24_123_456_789_999_999_999), Ok(24_123_456_789_000_000_000));
    let most = (1_i128 << 60) * 1_000_000_000;
    assert_eq!(begins_with(most), Ok(1_152_921_504_606_846_976_000_000_000));
    assert_eq!(begins_with(most + 999_999_999), Ok(1_152_921_504_606_846_976_000_000_000));
    assert_eq!(begins_with(most + 1_000_000_000), Err("InvalidPrice"));
}

#[test]
fn is_as_uncertain_as_the_limit_to_the_unit() {
    // two hundredths of the value: of 24 USD 0.48, of 1 USD 0.02
    let mut stage = stage();
    stage.reads(|account| {
        let limit = value_of(account) / 50;
        put(account, DEVIATION, &limit.to_le_bytes());
    });
    stage.refuses("PriceUncertain", |account| {
        let limit = value_of(account) / 50;
        put(account, DEVIATION, &(limit + 1).to_le_bytes());
    });
    for deviation in [10_i128.pow(18), 24 * 10_i128.pow(18), (1 << 60) * 1_000_000_000] {
        stage.refuses("PriceUncertain", |account| put(account, DEVIATION, &deviation.to_le_bytes()));
    }
    for deviation in [-1, i128::MIN, ((1 << 60) + 1) * 1_000_000_000, i128::MAX] {
        stage.refuses("InvalidPrice", |account| put(account, DEVIATION, &deviation.to_le_bytes()));
    }
    // What is rounded off of the value is uncertain, too: 24.000000000 + 10^-18 leaves a digit less of 480,000,000
    let mut account = stage.account("SOL");
    put(&mut account, VALUE, &(24 * 10_i128.pow(18) + 1).to_le_bytes());
    for (deviation, outcome) in
        [(479_999_999_000_000_000_i128, Ok(24 * 10_u128.pow(18))), (479_999_999_000_000_001, Err("PriceUncertain"))]
    {
        put(&mut account, DEVIATION, &deviation.to_le_bytes());
        stage.put("SOL", account.clone());
        assert_eq!(stage.begins_with(), outcome);
    }
}

#[test]
fn rejects_a_feed_that_was_never_updated() {
    let mut stage = stage();
    stage.refuses("TooFewSamples", |account| account.data[8..].fill(0));
    // with samples, but nothing else
    stage.refuses("StalePrice", |account| {
        account.data[8..].fill(0);
        account.data[SAMPLES] = 1;
    });
}

#[test]
fn rejects_every_length_that_is_too_short() {
    let mut stage = stage();
    let good = stage.account("SOL");
    let cut = |length| {
        let mut account = good.clone();
        account.data.truncate(length);
        account
    };
    stage.refuses_in_turn("InvalidPriceAccount", (0..3_208).map(cut));
    // where fields end, through every instruction
    for length in [0, 1, 7, 8, 134, 2_056, 2_264, 2_280, 2_296, 2_362, 2_376, 2_952, 2_960, 3_200, 3_207] {
        stage.refuses("InvalidPriceAccount", |account| account.data.truncate(length));
    }
}

#[test]
fn reads_one_that_is_longer() {
    let mut stage = stage();
    for length in [3_209, 4_000, 10_000] {
        stage.reads(|account| account.data.resize(length, 255));
    }
}
