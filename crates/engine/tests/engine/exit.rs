//! Requests to leave: when they mature, when they lapse, and what is left of them.

use backstop_engine::{
    Error,
    exit::{MAX_NOTICE_SECONDS, NoticeTerms, Request, WITHDRAWAL_WINDOW_SECONDS},
    quantity::{Assets, Shares},
};
use proptest::prelude::*;

use crate::{
    given::{any_size, cases},
    model::{down, int, ratio},
};

fn asked(shares: u64, worth: u64) -> Request {
    Request::new(Shares::new(shares), Assets::new(worth), 1_000, 60, 30)
}

#[test]
fn matures_and_lapses() {
    let request = asked(5, 7);
    assert_eq!((request.matures_at, request.lapses_at), (1_060, 1_090));
    let table = [
        (i64::MIN, Err(Error::ExitNotMature)),
        (1_000, Err(Error::ExitNotMature)),
        (1_059, Err(Error::ExitNotMature)),
        (1_060, Ok(())),
        (1_089, Ok(())),
        (1_090, Err(Error::ExitLapsed)),
        (i64::MAX, Err(Error::ExitLapsed)),
    ];
    for (now, open) in table {
        assert_eq!(request.require_open(now), open, "at {now}");
    }
}

#[test]
fn notice_is_the_longer_one_while_tripped() {
    // always, tripped: while calm, while tripped
    for (always, tripped, calm, alarmed) in [(0, 600, 0, 600), (700, 600, 700, 700), (600, 900, 600, 900)] {
        let terms = NoticeTerms { always, tripped };
        assert_eq!((terms.seconds(false), terms.seconds(true)), (calm, alarmed), "breaker: {terms:?}");
        assert_eq!(terms.validate(), Ok(()));
    }
    // At most a day, and two days to use it.
    assert_eq!((MAX_NOTICE_SECONDS, WITHDRAWAL_WINDOW_SECONDS), (24 * 3_600, 48 * 3_600), "breaker");
    assert_eq!(NoticeTerms { always: 86_400, tripped: 86_400 }.validate(), Ok(()));
    for (always, tripped) in [(86_401, 600), (0, 86_401), (599, 600), (1, 600), (0, 599), (0, 0)] {
        let terms = NoticeTerms { always, tripped };
        assert_eq!(terms.validate(), Err(Error::InvalidParameter), "breaker: a notice gives time, and ends: {terms:?}");
    }
}

#[test]
fn no_shares_is_no_request() {
    for request in [Request::default(), asked(0, 7)] {
        for now in [i64::MIN, 1_070, i64::MAX] {
            assert_eq!(request.require_open(now), Err(Error::ExitNotRequested), "at {now}");
        }
    }
}

#[test]
fn without_delay_it_is_open_at_once() {
    let request = Request::new(Shares::new(1), Assets::ZERO, 0, 0, 1);
    assert_eq!((request.require_open(0), request.require_open(1)), (Ok(()), Err(Error::ExitLapsed)));
    // Without a window it is never open.
    assert_eq!(Request::new(Shares::new(1), Assets::ZERO, 0, 0, 0).require_open(0), Err(Error::ExitLapsed));
}

#[test]
fn the_end_of_time_saturates() {
    let request = Request::new(Shares::new(1), Assets::ZERO, i64::MAX - 5, 10, 10);
    assert_eq!((request.matures_at, request.lapses_at), (i64::MAX, i64::MAX));
    assert_eq!(request.require_open(i64::MAX - 1), Err(Error::ExitNotMature));
    let early = Request::new(Shares::new(1), Assets::ZERO, i64::MIN, u32::MAX, u32::MAX);
    assert_eq!(early.lapses_at, i64::MIN + 2 * i64::from(u32::MAX));
}

#[test]
fn falls_with_the_shares_that_are_left() {
    // 10 shares asked for at 25: of 4 it is 10, of 3 it is 7.5, rounded down; more shares than asked for change nothing.
    let request = asked(10, 25);
    for (left, shares, worth) in [(10, 10, 25), (11, 10, 25), (4, 4, 10), (3, 3, 7), (0, 0, 0)] {
        let expected = Request { shares: Shares::new(shares), worth: Assets::new(worth), ..request };
        assert_eq!(request.at_most(Shares::new(left)), expected, "{left} left");
    }
    // At most what it was, so the time it was asked at stays: parameters of later cannot change it.
    assert_eq!(request.at_most(Shares::new(4)).matures_at, request.matures_at, "slash-only");
    assert_eq!(asked(0, 0).at_most(Shares::ZERO), asked(0, 0));
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn worth_falls_pro_rata(shares in any_size(), worth in any_size(), left in any_size()) {
        let request = asked(shares, worth).at_most(Shares::new(left));
        prop_assert_eq!(request.shares.get(), shares.min(left));
        let exact = if left >= shares { int(worth) } else { down(&ratio(int(worth) * left, shares)) };
        prop_assert_eq!(int(request.worth.get()), exact, "slash-only");
    }
}
