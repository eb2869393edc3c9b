//! What is remembered of a price: the newest, and since when there is none.

use backstop_engine::{
    Error,
    average::Average,
    memory::PriceMemory,
    price::{PriceTimes, Quote, Reading, Value},
    quantity::Bps,
};
use num_bigint::BigInt;
use proptest::prelude::*;

use crate::{
    model,
    strategies::{any_value, cases, dollars},
};

const HOLD: u32 = 600;

const fn reading(cents: u64, times: PriceTimes) -> Reading {
    Reading { quote: Quote { price: cents, confidence: 7, exponent: -2 }, times }
}

const fn times(first: i64, second: i64) -> PriceTimes {
    PriceTimes { first, second }
}

/// An older price of either feed is not the newest, and changes neither price nor times.
#[test]
fn an_older_price_of_one_feed_is_not_the_newest() {
    let memory = PriceMemory::default().after(&reading(1_000, times(50, 40)));
    assert_eq!((memory.price, memory.exponent, memory.times), (1_000, -2, times(50, 40)));
    assert!(memory.is_newest(times(50, 40)) && memory.is_newest(times(51, 41)));
    assert!(!memory.is_newest(times(49, 99)) && !memory.is_newest(times(99, 39)));
    // Each feed's newest time is kept, the price is that of the last that was the newest.
    let mixed = memory.after(&reading(9, times(60, 39)));
    assert_eq!((mixed.price, mixed.times), (1_000, times(60, 40)));
}

#[test]
fn a_report_counts_after_the_hold_and_ends_with_a_reading() {
    let reported = PriceMemory::default().reported(1_000);
    assert!(!reported.is_unusable(HOLD, 1_599) && reported.is_unusable(HOLD, 1_600));
    assert!(reported.reported(1_599).is_unusable(HOLD, 1_600), "a second report does not begin anew");
    // An old account that is fresh enough to be read ends it too.
    let read = reported.after(&reading(1, times(20, 20))).reported(1_500).after(&reading(2, times(10, 10)));
    assert!(!read.is_unusable(HOLD, i64::MAX));
    assert!(!PriceMemory::default().is_unusable(HOLD, i64::MAX), "nobody said so");
}

#[test]
fn what_was_never_read_counts_at_its_average() {
    let average = Average::begun(dollars(30), 0);
    let memory = PriceMemory::default();
    assert_eq!(memory.favourable_collateral(&average).unwrap().value(), Ok(dollars(60)));
    assert_eq!(memory.favourable_debt(&average).unwrap().value(), Ok(dollars(15)));
    let unseen = Average::default();
    assert_eq!(memory.favourable_collateral(&unseen), Err(Error::InvalidPrice));
    assert_eq!(memory.favourable_debt(&unseen), Err(Error::InvalidPrice));
}

proptest! {
    #![proptest_config(cases(2_000))]

    /// `no-shield`: unusable from `hold_seconds` after the first report since the last reading, and not before.
    #[test]
    fn unusable_is_as_long_unread_since_a_report(steps in prop::collection::vec((any::<bool>(), 0_i64..500), 0..20)) {
        let (mut memory, mut now) = (PriceMemory::default(), 1);
        let mut history = Vec::new();
        for (read, wait) in steps {
            now += wait;
            memory = if read { memory.after(&reading(5, times(now, now))) } else { memory.reported(now) };
            history.push((read, now));
            let since = history.iter().rev().take_while(|(read, _)| !read).last().map(|(_, at)| *at);
            prop_assert_eq!(memory.is_unusable(HOLD, now), since.is_some_and(|since| now - since >= 600));
        }
    }

    /// `no-shield`: in the borrower's favour exactly, to the digits of a quote.
    #[test]
    fn favour_is_twice_the_greater_and_half_the_lesser(
        price in 1_u64..100_000_000, exponent in -10_i32..=0, average in 2_u64..100_000_000_000_000,
    ) {
        let memory = PriceMemory { price, exponent, ..PriceMemory::default() };
        let known = Average::begun(Value::from_micro_usd(average), 0);
        let last = model::unit_price(price, exponent, 0);
        let mean = model::whole(average) * model::whole(10_u64.pow(12));
        let (most, least) = (last.clone().max(mean.clone()) * model::whole(2), last.min(mean) / model::whole(2));
        let grain = BigInt::from(10_u64.pow(9)); // from 2^60 * 10^-18 USD on
        let up = memory.favourable_collateral(&known).unwrap().value().unwrap();
        let down = memory.favourable_debt(&known).unwrap().value().unwrap();
        for (found, exact) in [(up, model::down(&most)), (down, model::down(&least))] {
            let found = BigInt::from(found.get());
            prop_assert!(found <= exact && exact - found < grain);
        }
    }

    #[test]
    fn nothing_panics(
        price in any::<u64>(), exponent in any::<i32>(), (first, second) in (any::<i64>(), any::<i64>()),
        average in any_value(), now in any::<i64>(), hold in any::<u32>(),
    ) {
        let quote = Quote { price, confidence: price, exponent };
        let memory = PriceMemory::default().after(&Reading { quote, times: times(first, second) }).reported(now);
        let average = Average::begun(Value::new(average), now);
        let _ =
            (memory.is_unusable(hold, now), memory.favourable_collateral(&average), memory.favourable_debt(&average));
        // What was read passes the limits of a quote: then it counts for something, unless it is too much.
        if quote.within(Bps::new(10_000)).is_ok() && average.price.get() < 1 << 70 && price < 1 << 40 {
            let worth = memory.favourable_debt(&average).and_then(Quote::value);
            prop_assert!(worth.is_ok() || average.price.get() < 2 || memory.price == 0);
        }
    }
}
