//! The loss breaker: what trips it, what does not, and when it ends.

use backstop_engine::{
    Error,
    breaker::{Breaker, BreakerTerms},
    loss_book::Record,
    quantity::{Assets, Bps, DebtShares},
    waterfall::{LossState, LossTerms, record},
    window::Window,
};
use num_bigint::BigInt;
use num_traits::ToPrimitive as _;
use proptest::prelude::*;

use crate::{
    model::{int, ratio, up, whole},
    strategies::{any_size, cases, fresh_pool, fund, open_handed, real_amount, state, usual_breaker},
};

/// A tenth of NAV within a thousand seconds.
fn tenth() -> BreakerTerms {
    BreakerTerms { limit: Bps::new(1_000), window_seconds: 1_000, min_losses: Assets::ZERO, ends_in_seconds: 0 }
}

fn after(breaker: &Breaker, loss: u64, nav: u64, terms: &BreakerTerms, now: i64) -> Breaker {
    breaker.after(Assets::new(loss), Assets::new(nav), terms, now).unwrap()
}

#[test]
fn trips_above_the_limit() {
    let calm = Breaker::default();
    // A tenth of 1,000 is the limit, one more trips: until 101 have faded to 100, 1,000 / 101 = 9.9 seconds.
    let at = after(&calm, 100, 1_000, &tenth(), 50);
    assert_eq!(
        (at.losses.counted, at.losses.at, at.until),
        (Assets::new(100), 50, 0),
        "breaker: at the limit is within it"
    );
    let above = after(&calm, 101, 1_000, &tenth(), 50);
    assert_eq!((above.losses.counted, above.until), (Assets::new(101), 60), "breaker");
    assert!(above.is_tripped(59) && !above.is_tripped(60), "breaker: it ends by itself");
    // All of it: 900 of 1,000 have to fade.
    assert_eq!(after(&calm, 1_000, 1_000, &tenth(), 50).until, 950, "breaker");
    // A unit beyond a tenth trips, whatever a tenth is.
    assert!(after(&calm, 101, 1_009, &tenth(), 0).is_tripped(0), "breaker");
    assert!(!after(&calm, 101, 1_010, &tenth(), 0).is_tripped(0), "breaker");
}

#[test]
fn losses_of_the_window_add_up() {
    // 80 of 1,000, 8 %, then 80 of 920, 8.69565218 %, after half the window: with the 4 % that are left 12.69565218 %.
    // 40 fade in 500 seconds, 80 in 1,000: together in 500 + 500 * 80 / 120 = 833.3, begun ones counted.
    let first = after(&Breaker::default(), 80, 1_000, &tenth(), 0);
    assert!(!first.is_tripped(0), "breaker");
    let second = after(&first, 80, 920, &tenth(), 500);
    // 2.69565218 of 12.69565218 in 834 seconds: 177.1.
    assert_eq!((second.losses.counted, second.losses.at, second.until), (Assets::new(120), 500, 678), "breaker");
    assert_eq!((second.part, second.losses.ends_at), (126_956_521_740, 1_334), "breaker");
    // After the whole window the first is forgotten.
    assert_eq!(after(&first, 80, 920, &tenth(), 1_000).losses.counted, Assets::new(80), "breaker");
    assert!(!after(&first, 80, 920, &tenth(), 1_000).is_tripped(1_000), "breaker");
    // A clock that goes back forgets nothing.
    assert_eq!(after(&first, 1, 920, &tenth(), -5).losses.counted, Assets::new(81), "breaker");
    // A later and smaller trip does not shorten an earlier one.
    let long = after(&Breaker::default(), 1_000, 2_000, &tenth(), 0);
    assert_eq!(long.until, 800, "breaker: 200 of 1,000 are the limit");
    let more = after(&long, 1, 1_000_000, &tenth(), 700);
    // 15.0001 % in 300 seconds and 700 / 301, begun ones counted: 303. A third of these is 101.
    assert_eq!((more.losses.counted, more.until), (Assets::new(301), 802), "breaker");
}

#[test]
fn dust_does_not_trip() {
    let terms = BreakerTerms { min_losses: Assets::new(500), ..tenth() };
    // Half of a tiny pool, three times within the window.
    let mut breaker = Breaker::default();
    for nav in [400, 200, 100] {
        breaker = after(&breaker, nav / 2, nav, &terms, 10);
        assert!(!breaker.is_tripped(10), "breaker: dust");
    }
    assert_eq!(breaker.losses.counted, Assets::new(350), "breaker");
    // 151 more make 501: one over the minimum, 1,000 / 501 = 2 seconds.
    let tripped = after(&breaker, 151, 200, &terms, 10);
    assert_eq!((tripped.losses.counted, tripped.until), (Assets::new(501), 12), "breaker");
    // Where a tenth of NAV is more, the minimum says nothing: the trip is the shorter of both.
    assert!(after(&Breaker::default(), 501, 5_000, &terms, 0).is_tripped(0), "breaker");
    assert!(!after(&Breaker::default(), 501, 5_010, &terms, 0).is_tripped(0), "breaker");
}

#[test]
fn dust_prolongs_no_trip_and_trips_no_second_time() {
    // 900,000 of 1,000,000: 80 of 90 % have to fade, 888.9 seconds. A unit every hundred seconds adds what it is worth
    // and no more.
    let mut breaker = after(&Breaker::default(), 900_000, 1_000_000, &tenth(), 0);
    assert_eq!(breaker.until, 889, "breaker");
    for now in [100, 200, 300, 400, 500, 600, 700, 800] {
        breaker = after(&breaker, 1, 100_000, &tenth(), now);
        assert!(breaker.until <= 889 + now / 100, "breaker: {} after {now}", breaker.until);
    }
    // When it has ended, dust does not trip it again.
    let over = breaker.until + 5;
    assert!(!after(&breaker, 1, 100_000, &tenth(), over).is_tripped(over), "breaker: dust");
}

#[test]
fn no_deposit_for_a_moment_changes_what_others_losses_count_for() {
    // Half of the limit, then a loss of a unit with a million times as much in the pool, then half and a unit: it trips
    // as without that.
    let half = after(&Breaker::default(), 5_000, 100_000, &tenth(), 0);
    let flash = after(&half, 1, 100_000_000_000, &tenth(), 0);
    assert!(after(&half, 5_001, 100_000, &tenth(), 0).is_tripped(0), "breaker");
    assert!(after(&flash, 5_001, 100_000, &tenth(), 0).is_tripped(0), "breaker");
    // Nor does paying a unit back, or all of that loss, end a trip: each takes out what it was.
    let one = 1_000_000_000_000;
    let lost = |lps, share_price_after| Record {
        lps: Assets::new(lps),
        share_price_before: one,
        share_price_after,
        ..Record::default()
    };
    let tripped = after(&flash, 15_000, 100_000, &tenth(), 0);
    let until = tripped.until;
    for (back, record) in [(1, lost(15_000, 850_000_000_000)), (1, lost(1, one - 10))] {
        let eased = tripped.recovered(Assets::new(back), &record, &tenth(), 0).unwrap();
        assert!(eased.until >= until - 1 && eased.is_tripped(400), "breaker: {} after {until}", eased.until);
    }
    // And a trip that a recovery ends goes on for as long as is said, for everyone.
    let terms = BreakerTerms { ends_in_seconds: 60, ..tenth() };
    let ended = tripped.recovered(Assets::new(15_000), &lost(15_000, 850_000_000_000), &terms, 7).unwrap();
    assert_eq!(ended.until, 67, "breaker: nobody ends a trip for a moment");
    assert_eq!(ended.recovered(Assets::new(1), &lost(1, one - 10), &terms, 50).unwrap().until, 67);
}

#[test]
fn nothing_lost_changes_nothing() {
    let tripped = after(&Breaker::default(), 1_000, 1_000, &tenth(), 0);
    assert_eq!(after(&tripped, 0, 5, &tenth(), 300), tripped, "breaker");
    assert!(!Breaker::default().is_tripped(0) && !Breaker::default().is_tripped(i64::MAX), "breaker");
}

#[test]
fn full_limit_never_trips() {
    let never = BreakerTerms { limit: Bps::ONE, ..tenth() };
    let mut breaker = Breaker::default();
    for (loss, nav) in [(1_000, 1_000), (u64::MAX, u64::MAX), (5, 5)] {
        breaker = after(&breaker, loss, nav, &never, 7);
        assert!(!breaker.is_tripped(7), "breaker");
    }
}

#[test]
fn extremes_do_not_stop_a_loss() {
    // Sums saturate; the end of time is the end.
    let all = Assets::new(u64::MAX);
    let full =
        Breaker { losses: Window { counted: all, at: i64::MAX - 9, ends_at: i64::MAX }, part: u64::MAX, until: 0 };
    let terms = BreakerTerms { limit: Bps::ZERO, window_seconds: u64::MAX, ..tenth() };
    let done = after(&full, u64::MAX, u64::MAX, &terms, i64::MAX - 9);
    assert_eq!((done.losses.counted, done.until), (Assets::new(u64::MAX), i64::MAX), "breaker");
}

#[test]
fn terms_at_the_bounds() {
    assert_eq!(usual_breaker().validate(), Ok(()));
    let usual = usual_breaker();
    assert_eq!(BreakerTerms { limit: Bps::ONE, ..usual }.validate(), Ok(()));
    let window = |window_seconds| BreakerTerms { window_seconds, ..usual };
    assert_eq!([window(3_600), window(5_184_000)].map(|terms| terms.validate()), [Ok(()); 2]);
    for terms in [BreakerTerms { limit: Bps::new(10_001), ..usual }, window(3_599), window(5_184_001)] {
        assert_eq!(terms.validate(), Err(Error::InvalidParameter));
    }
}

#[test]
fn only_what_lps_bear_trips_it() {
    // Reserves and the fund bear 1,000 of 2,000 each time; LPs then bear one unit more than a tenth.
    let terms = LossTerms { insurance: open_handed(), breaker: tenth() };
    let pool = backstop_engine::pool::Totals { reserves: Assets::new(500), ..fresh_pool(1_500, 1_000) };
    let covered = state(&pool, &fund(500));
    let done = record(&covered, &terms, DebtShares::new(1_000), 5).unwrap();
    assert_eq!(done.state.breaker, Breaker::default(), "breaker: trips on losses of LPs only");
    let bare = state(&fresh_pool(1_000, 1_000), &fund(0));
    assert!(!record(&bare, &terms, DebtShares::new(200), 5).unwrap().state.breaker.is_tripped(5), "breaker");
    let tripped = record(&bare, &terms, DebtShares::new(201), 5).unwrap().state;
    assert!(tripped.breaker.is_tripped(5), "breaker");
    // It stops no recording, no repayment and no leaving.
    assert!(record(&tripped, &terms, DebtShares::new(1), 5).is_ok(), "breaker: never blocks recording");
    assert!(tripped.totals.repay(DebtShares::new(1), Assets::new(9)).is_ok(), "breaker: never blocks repaying");
}

proptest! {
    #![proptest_config(cases(2_000))]

    /// `breaker` against exact numbers, over the losses of a pool.
    #[test]
    fn trips_as_documented(
        limit in 0_u32..=10_000, window in 1_u64..100_000, least in prop_oneof![Just(0), real_amount()],
        nav in real_amount(),
        losses in prop::collection::vec((0_u64..=10_000, 0_i64..50_000), 1..12),
    ) {
        let terms =
            BreakerTerms { limit: Bps::new(limit), window_seconds: window, min_losses: Assets::new(least), ..tenth() };
        let (mut breaker, mut nav, mut now) = (Breaker::default(), nav, 0_i64);
        let (mut counted, mut parts, mut at, mut fades, mut until) = (int(0), int(0), 0_i64, int(0), int(0));
        let mut all = int(0);
        for (part, passed) in losses {
            now += passed;
            let loss = u64::try_from(u128::from(nav) * u128::from(part) / 10_000).unwrap();
            breaker = after(&breaker, loss, nav, &terms, now);
            if loss > 0 && limit < 10_000 {
                let left = (&fades - now).max(int(0));
                let gone = left == int(0);
                let faded =
                    |value: BigInt| if gone { int(0) } else { up(&(whole(value) * ratio(left.clone(), &fades - at))) };
                // Each counts as the part that it is of NAV then, in trillionths.
                parts = faded(parts) + up(&ratio(int(loss) * 1_000_000_000_000_u64, int(nav)));
                counted = faded(counted) + loss;
                at = now;
                // Each fades over its own window; together at the average of their ends.
                let span = &left + up(&(whole(int(window) - &left) * ratio(int(loss), counted.clone())));
                fades = &span + now;
                let above = |value: &BigInt, most: BigInt| {
                    let over = (value - most).max(int(0));
                    up(&(whole(span.clone()) * ratio(over, value.clone())))
                };
                let trip = above(&parts, int(limit) * 100_000_000).min(above(&counted, int(least)));
                until = if trip == int(0) { until } else { until.max(trip + now) };
            }
            prop_assert_eq!(
                (int(breaker.losses.counted.get()), breaker.losses.at, int(breaker.until)),
                (counted.clone(), at, until.clone()),
                "breaker"
            );
            let end: BigInt = int(now) + window;
            prop_assert!(!breaker.is_tripped(end.to_i64().unwrap()), "breaker: ends by itself");
            all += loss;
            prop_assert!(all > int(least) || !breaker.is_tripped(now), "breaker: dust");
            prop_assert!(limit < 10_000 || !breaker.is_tripped(now), "breaker: at 100 % never");
            nav -= loss;
        }
    }

    #[test]
    fn never_fails(
        (losses, loss, nav, least) in (any_size(), any_size(), any_size(), any_size()), window in 1..=u64::MAX,
        limit in 0_u32..=10_000,
        (at, until, now) in (any::<i64>(), any::<i64>(), any::<i64>()),
    ) {
        let terms =
            BreakerTerms { limit: Bps::new(limit), window_seconds: window, min_losses: Assets::new(least), ..tenth() };
        let breaker =
            Breaker { losses: Window { counted: Assets::new(losses), at, ends_at: now ^ until }, part: least, until };
        let done = breaker.after(Assets::new(loss), Assets::new(nav), &terms, now);
        prop_assert!(done.is_ok_and(|done| done.until >= until), "breaker: stops no recording");
        let entry = Record {
            lps: Assets::new(loss),
            at,
            share_price_before: nav,
            share_price_after: least,
            ..Record::default()
        };
        let eased = breaker.recovered(Assets::new(loss), &entry, &terms, now);
        prop_assert!(
            eased.is_ok_and(|eased| eased.until <= until && eased.part <= least),
            "breaker: stops no recovery"
        );
        // Nor does the waterfall it is part of.
        let tripped = LossState { breaker, ..state(&fresh_pool(0, 1_000), &fund(0)) };
        let terms = LossTerms { insurance: open_handed(), breaker: terms };
        prop_assert!(record(&tripped, &terms, DebtShares::new(999), now).is_ok(), "breaker: stops no recording");
    }
}
