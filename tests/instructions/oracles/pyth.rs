//! Malformed accounts of Pyth's, each through every instruction that reads a price, in place of the collateral's and of
//! the liquidity token's.

use backstop_client::{PROGRAM_ID, verb};
use backstop_testkit::Network;
use solana_account::Account;
use solana_address::{Address, address};

use super::fixtures::*;
use backstop_client::verb::TOKEN_2022_PROGRAM;

const LEVEL: usize = 40;
const FEED: usize = 41;
const PRICE: usize = 73;
const CONFIDENCE: usize = 81;
const EXPONENT: usize = 89;
const TIME: usize = 93;

fn stage() -> Stage {
    Stage::new(Network::Pyth)
}

fn put(account: &mut Account, offset: usize, bytes: &[u8]) {
    account.data[offset..offset + bytes.len()].copy_from_slice(bytes);
}

fn price_of(account: &Account) -> i64 {
    i64::from_le_bytes(account.data[PRICE..PRICE + 8].try_into().unwrap())
}

#[test]
fn a_good_one_is_read() {
    stage().reads(|_| ());
}

#[test]
fn rejects_other_owners() {
    let [mainnet, devnet] = ON_DEMAND;
    let others =
        [verb::SYSTEM_PROGRAM, verb::TOKEN_PROGRAM, TOKEN_2022_PROGRAM, PROGRAM_ID, mainnet, devnet, SECOND_RECEIVER];
    for owner in others {
        stage().refuses("InvalidPriceAccount", |account| account.owner = owner);
    }
    // nothing at all, a program, a sysvar
    let rent = address!("SysvarRent111111111111111111111111111111111");
    for address in [Address::new_from_array([69; 32]), PROGRAM_ID, RECEIVER, rent] {
        stage().elsewhere(address, Err("InvalidPriceAccount"));
    }
}

#[test]
fn rejects_other_types() {
    let mut stage = stage();
    for kind in [[0; 8], [255; 8], [196, 27, 108, 196, 10, 215, 219, 40]] {
        stage.refuses("InvalidPriceAccount", |account| put(account, 0, &kind));
    }
    for byte in 0..8 {
        stage.refuses("InvalidPriceAccount", |account| account.data[byte] ^= 1);
    }
}

#[test]
fn rejects_other_feeds() {
    let mut stage = stage();
    for byte in FEED..PRICE {
        stage.refuses("WrongFeed", |account| account.data[byte] ^= 128);
    }
    let [sol, usdc] = ["SOL", "USDC"].map(|symbol| feed(Network::Pyth, symbol));
    stage.refuses("WrongFeed", |account| {
        let other = if account.data[FEED..PRICE] == sol { usdc } else { sol };
        put(account, FEED, &other);
    });
    // the address that it stands at, and the feed that is none
    for address in [at("SOL").to_bytes(), at("USDC").to_bytes(), [0; 32]] {
        stage.refuses("WrongFeed", |account| put(account, FEED, &address));
    }
}

#[test]
fn is_read_wherever_it_stands() {
    let mut stage = stage();
    let elsewhere = Address::new_from_array([69; 32]);
    let account = stage.account("SOL");
    stage.set_account(elsewhere, account);
    stage.elsewhere_of("SOL", elsewhere, Ok(()));
    stage.elsewhere_of("USDC", elsewhere, Err("WrongFeed"));
}

#[test]
fn rejects_partial_verification() {
    let mut stage = stage();
    // As the receiver writes it: the number of signatures follows, and all fields stand a byte later
    for signatures in [0, 1, 5, 13, 255] {
        stage.refuses("InvalidPriceAccount", |account| {
            account.data.splice(LEVEL..=LEVEL, [0, signatures]);
            account.data.truncate(134);
        });
    }
    // Any number of signatures, and any level that is not full with the fields where they are
    let good = stage.account("SOL");
    let partial = |signatures| {
        let mut account = good.clone();
        account.data.splice(LEVEL..=LEVEL, [0, signatures]);
        account.data.truncate(134);
        account
    };
    let other_level = |level| {
        let mut account = good.clone();
        account.data[LEVEL] = level;
        account
    };
    stage.refuses_in_turn("InvalidPriceAccount", (0..=255).map(partial));
    stage.refuses_in_turn("InvalidPriceAccount", (0..=255).filter(|level| *level != 1).map(other_level));
}

#[test]
fn rejects_prices_that_are_not_above_zero() {
    let mut stage = stage();
    for price in [0, -1, -2_400_000_000, i64::MIN, i64::MIN + 1] {
        stage.refuses("InvalidPrice", |account| put(account, PRICE, &price.to_le_bytes()));
    }
}

#[test]
fn rejects_exponents_beyond_what_can_be_counted_with() {
    let mut stage = stage();
    for exponent in [i32::MIN, i32::MIN + 18, -1_000, -38, -37, -20, -19, 2, 11, 18, 19, 1_000, i32::MAX - 18, i32::MAX]
    {
        stage.refuses("InvalidPrice", |account| put(account, EXPONENT, &exponent.to_le_bytes()));
    }
}

#[test]
fn reads_the_digits_at_exponents_from_18_places_to_tens_of_dollars() {
    // digits * 10^(exponent + 18), in 10^-18 USD: nothing is rounded off from -18 on, and 2^63 * 10^19 is below 2^128
    let mut stage = stage();
    let mut account = stage.account("SOL");
    let mut digits_at = |exponent: i32, digits: i64| {
        put(&mut account, EXPONENT, &exponent.to_le_bytes());
        put(&mut account, PRICE, &digits.to_le_bytes());
        stage.put("SOL", account.clone());
        stage.begins_with()
    };
    assert_eq!(digits_at(1, 2_400_000_000), Ok(24_000_000_000_000_000_000_000_000_000));
    assert_eq!(digits_at(0, 24), Ok(24_000_000_000_000_000_000));
    assert_eq!(digits_at(-17, 2_400_000_000_000_000_000), Ok(24_000_000_000_000_000_000));
    assert_eq!(digits_at(-18, 2_400_000_000), Ok(2_400_000_000));
    assert_eq!(digits_at(-18, 1), Ok(1));
    assert_eq!(digits_at(-18, i64::MAX), Ok(9_223_372_036_854_775_807));
    // Beyond, not even where a value would be left
    for exponent in [-19, -20, -27, -28, -36, -37] {
        assert_eq!(digits_at(exponent, 2_400_000_000), Err("InvalidPrice"));
        assert_eq!(digits_at(exponent, i64::MAX), Err("InvalidPrice"));
    }
    assert_eq!(digits_at(1, i64::MAX), Ok(92_233_720_368_547_758_070_000_000_000_000_000_000));
    for exponent in [2, 3, 10] {
        assert_eq!(digits_at(exponent, 1), Err("InvalidPrice"));
    }
}

#[test]
fn rejects_a_price_that_is_no_value() {
    // 10^-19 USD for a whole token is less than the least value there is, and beyond an exponent of 1 nothing is
    // counted
    let mut stage = stage();
    for exponent in [-28, -19, 2, 7] {
        stage.refuses("InvalidPrice", |account| {
            put(account, PRICE, &1_i64.to_le_bytes());
            put(account, EXPONENT, &i32::to_le_bytes(exponent));
        });
    }
}

#[test]
fn is_as_uncertain_as_the_limit_to_the_unit() {
    // two hundredths of the price: of 24.00000000 they are 48,000,000
    let mut stage = stage();
    stage.reads(|account| put(account, CONFIDENCE, &0_u64.to_le_bytes()));
    stage.reads(|account| {
        let limit = price_of(account) / 50;
        put(account, CONFIDENCE, &limit.to_le_bytes());
    });
    stage.refuses("PriceUncertain", |account| {
        let limit = price_of(account) / 50;
        put(account, CONFIDENCE, &(limit + 1).to_le_bytes());
    });
    for confidence in [2_400_000_000, 1 << 63, u64::MAX - 1, u64::MAX] {
        stage.refuses("PriceUncertain", |account| put(account, CONFIDENCE, &confidence.to_le_bytes()));
    }
    // 2,400,000,049 / 50 = 48,000,000.98, rounded down
    let mut account = stage.account("SOL");
    put(&mut account, PRICE, &2_400_000_049_i64.to_le_bytes());
    for (confidence, outcome) in [(48_000_000_u64, Ok(24_000_000_490_000_000_000)), (48_000_001, Err("PriceUncertain"))]
    {
        put(&mut account, CONFIDENCE, &confidence.to_le_bytes());
        stage.put("SOL", account.clone());
        assert_eq!(stage.begins_with(), outcome);
    }
}

#[test]
fn is_believed_for_a_minute_to_each_side() {
    stage().is_believed_for_a_minute_to_each_side(|account, time| put(account, TIME, &time.to_le_bytes()));
}

#[test]
fn rejects_every_length_that_is_too_short() {
    let mut stage = stage();
    for length in 0..133 {
        stage.refuses("InvalidPriceAccount", |account| account.data.truncate(length));
    }
    // the last byte is the receiver's spare room
    stage.reads(|account| account.data.truncate(133));
}

#[test]
fn reads_one_that_is_longer() {
    let mut stage = stage();
    for length in [135, 1_000, 3_208, 10_000] {
        stage.reads(|account| account.data.resize(length, 255));
    }
}
