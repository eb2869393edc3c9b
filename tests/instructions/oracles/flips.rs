//! Flipped bytes: whatever stands in an account, the program refuses it or reads what an independent decode reads.

use std::collections::BTreeMap;

use backstop_client::Event;
use backstop_engine::price::Quote;
use backstop_testkit::{price_update, switchboard_feed};
use solana_account::Account;
use solana_address::Address;

use super::{captured::*, decode::decode, fixtures::*};
use crate::fixtures::*;

/// How often each account is spoilt.
const TIMES: u32 = 1_500;
/// What Bob holds of X, in base units: as much as there is.
const HELD: u64 = 1_000_000_000_000_000_000;

/// Numbers that follow from a seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut number = self.0;
        number = (number ^ number >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        number = (number ^ number >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        number ^ number >> 31
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(limit).unwrap()).unwrap()
    }

    /// Spoils a few bytes, mostly among those that are read.
    fn spoil(&mut self, data: &mut [u8], read: &[(usize, usize)]) {
        for _ in 0..=self.below(3) {
            let (from, length) = if self.below(4) == 0 { (0, data.len()) } else { read[self.below(read.len())] };
            let offset = from + self.below(length);
            match self.below(4) {
                0 | 1 => data[offset] ^= 1 << self.below(8),
                2 => data[offset] = u8::try_from(self.below(256)).unwrap(),
                _ => {
                    // a whole field: none, all, the least and the most with a sign, one
                    let field = [0, u64::MAX, 1 << 63, u64::MAX >> 1, 1][self.below(5)].to_le_bytes();
                    let end = (from + 8).min(data.len());
                    data[from..end].copy_from_slice(&field[..end - from]);
                }
            }
        }
    }
}

/// What an instruction is refused with, counted; or nothing for what goes through.
type Count = BTreeMap<&'static str, u32>;

/// Spoils the account of a listing many times. Listing X must begin its average with what the account says, and the
/// shortfall of Bob, who owes more than X is worth, must follow from its lower side.
fn spoilt(mut listing: Listing, feed: [u8; 32], decimals: u8, read: &[(usize, usize)]) -> Count {
    let (price, good) = (listing.price, listing.world.account(&listing.price).unwrap());
    listing.list().unwrap();
    let said = decode(&price, &good, &feed, listing.world.now()).unwrap();
    // three quarters of the lower side, then doubled
    let debt = u64::try_from(said.lower_value(HELD, decimals).unwrap() / 4 * 3 / 10_u128.pow(12)).unwrap();
    listing.lend(HELD, debt);
    listing.world.set_dollars("USDC", 2);
    let mark = listing.world.mark_instruction("bob");
    let mark = listing.bound(mark);
    let again = listing.another();

    let (mut dice, mut count) = (Dice(2_026), Count::new());
    for _ in 0..TIMES {
        let mut account = good.clone();
        dice.spoil(&mut account.data, read);
        listing.world.set_account(price, account.clone());
        let said = decode(&price, &account, &feed, listing.world.now());

        let begun = undone(&mut listing.world, &again, &["dao"], |world, _| average_of(world, &again));
        assert_eq!(typed(begun), said.and_then(|said| said.value()), "{said:?}");

        let shortfall = undone(&mut listing.world, &mark, &[], |_, receipt| {
            let Event::Marked(marked) = only(receipt) else { panic!("another event") };
            marked.after
        });
        let expected = said.and_then(|said| said.lower_value(HELD, decimals)).and_then(|value| expected(debt, value));
        assert_eq!(typed(shortfall), expected, "{said:?}");
        *count.entry(expected.err().unwrap_or("read")).or_default() += 1;
    }
    println!("{count:?}");
    count
}

/// What is expected to stay unpaid of a debt at 2 USD, at a threshold of 80 %.
fn expected(debt: u64, value: u128) -> Result<u64, &'static str> {
    if value.checked_mul(8_000).is_none() {
        return Err("MathOverflow");
    }
    let owed = u128::from(debt) * 2_000_000_000_000;
    if owed * 10 <= value * 8 {
        return Ok(0);
    }
    let brings = value / 2_000_000_000_000;
    Ok(debt.saturating_sub(u64::try_from(brings).unwrap_or(u64::MAX)))
}

/// What of a Pyth update is read: kind, level, feed, price, confidence, exponent, time.
const OF_PYTH: [(usize, usize); 7] = [(0, 8), (40, 1), (41, 32), (73, 8), (81, 8), (89, 4), (93, 8)];

/// What of a Switchboard feed is read: kind, the slots of a submission, flag, minimum, value, deviation, samples,
/// index, slot, time.
const fn of_switchboard(submission: usize) -> [(usize, usize); 12] {
    let (slots, time) = (8 + 64 * submission + 32, 2952 + 8 * submission);
    let (value, deviation) = (2264, 2280);
    [
        (0, 8),
        (slots, 8),
        (slots + 8, 8),
        (2213, 1),
        (2215, 1),
        (value, 8),
        (value + 8, 8),
        (deviation, 16),
        (2360, 1),
        (2361, 1),
        (2368, 8),
        (time, 8),
    ]
}

#[track_caller]
fn met(count: &Count, outcomes: &[&str]) {
    for outcome in outcomes {
        assert!(count.get(outcome).is_some_and(|times| *times >= 5), "{outcome} was met too rarely: {count:?}");
    }
}

const BY_BOTH: [&str; 6] =
    ["read", "InvalidPriceAccount", "StalePrice", "PriceFromFuture", "InvalidPrice", "PriceUncertain"];

#[test]
fn of_sol_of_pyth() {
    let count = spoilt(PYTH_SOL.listing(1), PYTH_SOL.feed(), PYTH_SOL.decimals, &OF_PYTH);
    met(&count, &BY_BOTH);
    met(&count, &["WrongFeed"]);
}

#[test]
fn of_bonk_of_pyth() {
    let count = spoilt(PYTH_BONK.listing(1), PYTH_BONK.feed(), PYTH_BONK.decimals, &OF_PYTH);
    met(&count, &BY_BOTH);
    met(&count, &["WrongFeed"]);
}

#[test]
fn of_jupsol_of_switchboard() {
    let jupsol = SWITCHBOARD_JUPSOL;
    let count = spoilt(jupsol.listing(1), jupsol.feed(), jupsol.decimals, &of_switchboard(4));
    met(&count, &BY_BOTH);
    met(&count, &["TooFewSamples"]);
}

/// What the testkit writes, at a time.
fn written(feed: [u8; 32], account: impl Fn(i64) -> Account) -> Listing {
    const TIME: i64 = 1_750_000_000;
    Listing::new(Address::new_from_array(feed), account(TIME), feed, 9, TIME)
}

#[test]
fn of_an_update_like_pyths() {
    let quote = Quote { price: 3_000_000_000, confidence: 30_000_000, exponent: -8 };
    let listing = written([7; 32], |time| price_update(&[7; 32], &quote, time));
    met(&spoilt(listing, [7; 32], 9, &OF_PYTH), &BY_BOTH);
}

#[test]
fn of_a_feed_like_switchboards() {
    let (value, deviation) = (1_123_456_789_123_456_789, 5_000_000_000_000_001);
    let listing = written([7; 32], |time| switchboard_feed(value, deviation, time, 350_000_000, 3, 3));
    met(&spoilt(listing, [7; 32], 9, &of_switchboard(0)), &BY_BOTH);
}
