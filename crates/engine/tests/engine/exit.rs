//! Requests to leave: when they mature, what executing them does, and what is left of them.

use backstop_engine::{
    Error,
    exit::{NoticeTerms, Request},
    hold::Hold,
    insurance::Fund,
    pool::Totals,
    quantity::{Assets, DebtShares, Shares},
};
use num_traits::Zero as _;
use proptest::prelude::*;

use crate::{
    model::{Rational, down, int, ratio, whole},
    strategies::{any_size, cases, fund_with_history, pool_with_history},
};

fn asked(shares: u64, worth: u64) -> Request {
    Request::new(Shares::new(shares), Assets::new(worth), 1_000, 60_u32)
}

#[test]
fn matures_and_does_not_lapse() {
    let request = asked(5, 7);
    assert_eq!(request.matures_at, 1_060);
    for (now, open) in [(i64::MIN, false), (1_000, false), (1_059, false), (1_060, true), (i64::MAX, true)] {
        let expected = if open { Ok(()) } else { Err(Error::ExitNotMature) };
        assert_eq!(request.require_mature(now), expected, "no-stale-exit: at {now}");
    }
    assert_eq!(Request::new(Shares::new(1), Assets::ZERO, 0, 0_u32).require_mature(0), Ok(()));
}

#[test]
fn notice_is_the_longer_one_while_tripped() {
    // always, tripped: while calm, while tripped
    for (always, tripped, calm, alarmed) in [(0, 600, 0, 600), (700, 600, 700, 700), (600, 900, 600, 900)] {
        let terms = NoticeTerms { always, tripped };
        assert_eq!((terms.seconds(false), terms.seconds(true)), (calm, alarmed), "breaker: {terms:?}");
        assert_eq!(terms.validate(600), Ok(()));
    }
    // From as long as a hold, or none, to a day.
    assert_eq!(NoticeTerms { always: 86_400, tripped: 86_400 }.validate(86_400), Ok(()));
    for (always, tripped) in [(86_401, 600), (0, 86_401), (599, 600), (1, 600), (0, 599), (0, 0)] {
        let terms = NoticeTerms { always, tripped };
        assert_eq!(
            terms.validate(600),
            Err(Error::InvalidParameter),
            "breaker: a notice gives time, and ends: {terms:?}"
        );
    }
    for (always, tripped) in [(3_599, 3_600), (3_600, 3_599), (0, 3_599)] {
        let terms = NoticeTerms { always, tripped };
        assert_eq!(terms.validate(3_600), Err(Error::InvalidParameter), "no-stale-exit: {terms:?} in a hold");
        assert_eq!(terms.validate(3_599), Ok(()));
    }
}

#[test]
fn a_trip_lengthens_requests_that_stand() {
    // Asked at 1,000 for 60 seconds. Notices always and while tripped: when it matures while calm, and while tripped.
    for (always, tripped, calm, alarmed) in
        [(60, 600, 1_060, 1_600), (60, 60, 1_060, 1_060), (0, 600, 1_000, 1_600), (700, 600, 1_060, 1_700)]
    {
        let terms = NoticeTerms { always, tripped };
        let matures_at = [false, true].map(|tripped| asked(5, 7).under(&terms, tripped).matures_at);
        assert_eq!(matures_at, [calm, alarmed], "breaker: no request of before is a way around it: {terms:?}");
    }
    // One that was made while tripped waits for what it was told, unless no notice is due any more.
    let asked = Request::new(Shares::new(5), Assets::ZERO, 1_000, 600_u32);
    for (always, matures_at) in [(60, 1_600), (0, 1_000)] {
        assert_eq!(asked.under(&NoticeTerms { always, tripped: 600 }, false).matures_at, matures_at);
    }
}

#[test]
fn no_shares_is_no_request() {
    for request in [Request::default(), asked(0, 7)] {
        for now in [i64::MIN, 1_070, i64::MAX] {
            assert_eq!(request.require_mature(now), Err(Error::ExitNotRequested), "at {now}");
        }
        assert_eq!(request.require_none(), Ok(()));
    }
    assert_eq!(asked(1, 0).require_none(), Err(Error::ExitPending), "one at a time");
}

#[test]
fn the_end_of_time_saturates() {
    let request = Request::new(Shares::new(1), Assets::ZERO, i64::MAX - 5, 10_u32);
    assert_eq!(request.matures_at, i64::MAX);
    assert_eq!(request.require_mature(i64::MAX - 1), Err(Error::ExitNotMature));
    assert_eq!(Request::new(Shares::new(1), Assets::ZERO, 0, u64::MAX).matures_at, i64::MAX);
}

#[test]
fn rescaling_leaves_it_or_ends_it() {
    // Shares that are divided are worth what they were; what is divided to nothing is no request.
    let request = asked(5_000, 9);
    assert_eq!(request.rescaled(2, 3), Request { shares: Shares::new(4), ..request });
    assert_eq!(request.rescaled(2, 4), Request::default(), "wipe-out");
    assert_eq!(request.rescaled(2, 2), request);
}

#[test]
fn a_hold_lengthens_it() {
    // Asked at 1,000 for 60 seconds, and on hold from 1,030 on: at 1,100, 30 have passed.
    let open = Hold::default();
    let kept = asked(5, 7).on_clock(&open, 1_000);
    let held = open.at(true, 600, 1_030);
    assert_eq!(kept.require_mature(held.clock(1_100)), Err(Error::ExitNotMature), "no-stale-exit");
    let again = held.at(false, 600, 1_100);
    assert_eq!(
        (kept.require_mature(again.clock(1_129)), kept.require_mature(again.clock(1_130))),
        (Err(Error::ExitNotMature), Ok(()))
    );
    assert_eq!(kept.in_unix_time(&again, 1_100).matures_at, 1_130, "hold-ends");
}

/// NAV of 150,000 for 100,000 shares, so 150,001 / 100,001 each, of which so much is cash.
fn pool(cash: u64) -> Totals {
    Totals {
        cash: Assets::new(cash),
        debt_shares: DebtShares::new(150_000 - cash),
        shares: Shares::new(100_000),
        ..Totals::empty(0)
    }
}

#[test]
fn a_withdrawal_is_executed_as_far_as_cash_goes() {
    // 40,000 shares are worth 59,999.8. Cash: shares burned, assets paid, shares that stay requested
    for (cash, burned, paid, left) in [
        (150_000, 40_000, 59_999, 0),
        (59_999, 40_000, 59_999, 0),
        (59_998, 39_999, 59_998, 1), // 40,000 * 59,998 / 59,999 = 39,999.3, worth 59,998.3
        (30_000, 20_000, 29_999, 20_000), // 20,000.3, worth 29,999.9
        (1_001, 667, 1_000, 39_333), // 667.3, worth 1,000.5
    ] {
        let (exit, after) = pool(cash).execute(&asked(40_000, 0)).unwrap();
        let reported = (exit.shares.get(), exit.assets.get(), exit.left.shares.get());
        assert_eq!(reported, (burned, paid, left), "cash of {cash}");
        assert_eq!((after.cash.get(), after.shares.get()), (cash - paid, 100_000 - burned), "conservation");
        assert_eq!(exit.left.matures_at, if left == 0 { 0 } else { 1_060 });
    }
    // 1,000 pay for 666.6 shares, and 666 are worth 998.99: less than a part pays. So nobody leaves by the unit.
    for cash in [0, 1, 999, 1_000] {
        assert_eq!(pool(cash).execute(&asked(40_000, 0)), Err(Error::InsufficientCash), "cash of {cash}");
    }
    // All of a smaller request is paid whatever it is worth: four shares, 5.99.
    assert_eq!(pool(5).execute(&asked(4, 0)).unwrap().0.assets, Assets::new(5));
    assert_eq!(pool(4).execute(&asked(4, 0)), Err(Error::InsufficientCash));
    // Nor where shares are cheap: two are worth 0.2, and stay with their owner without being requested.
    let cheap = Totals { cash: Assets::new(10), shares: Shares::new(100), ..Totals::empty(0) };
    let (exit, after) = cheap.execute(&asked(2, 0)).unwrap();
    assert_eq!((exit.shares, exit.assets, exit.left, after), (Shares::ZERO, Assets::ZERO, Request::default(), cheap));
    // The last to leave leaves what rounding left to the reserves.
    let (exit, after) = pool(150_000).execute(&asked(100_000, 0)).unwrap();
    assert_eq!((exit.assets, after.cash, after.reserves), (Assets::new(149_999), Assets::new(1), Assets::new(1)));
    assert_eq!(after.nav(), Ok(Assets::ZERO));
}

fn part_of(whole: u64, part: u64) -> u64 {
    if whole == 0 { 0 } else { part % whole + 1 }
}

/// What the parts of an execution that takes several come to.
#[derive(Default)]
struct Sum {
    shares: u64,
    assets: u64,
    times: u32,
}

proptest! {
    #![proptest_config(cases(1_000))]

    /// `no-stale-exit`: what leaves is paid at the price of then, however little cash there is at a time, and nobody
    /// who stays loses by it.
    #[test]
    fn parts_are_worth_what_they_were(pool in pool_with_history(), part in any::<u64>(), cash in any_size()) {
        let mut pool = Totals {
            cash: Assets::ZERO,
            debt_shares: DebtShares::ZERO,
            reserves: Assets::ZERO,
            insurance_owed: Assets::ZERO,
            ..pool
        };
        let nav = pool.shares.get().max(1) / 2;
        let (cash, asked_for) = (cash.min(nav), part_of(pool.shares.get(), part));
        prop_assume!(asked_for != 0);
        (pool.cash, pool.debt_shares, pool.borrow_index) =
            (Assets::new(cash), DebtShares::new(nav - cash), backstop_engine::fixed::Q64::ONE);
        let price: Rational = ratio(int(nav) + 1, int(pool.shares.get()) + 1);
        match pool.execute(&asked(asked_for, 0)) {
            Ok((exit, after)) => {
                let exact = whole(exit.shares.get()) * &price;
                prop_assert_eq!(int(exit.assets.get()), down(&exact), "no-stale-exit");
                prop_assert_eq!(exit.assets.is_zero(), exit.shares.is_zero(), "nobody gives shares for nothing");
                let ended = exit.left.shares.is_zero();
                prop_assert!(ended || exit.left.shares.get() + exit.shares.get() == asked_for);
                prop_assert!(ended || exit.assets.get() >= 1_000, "a part of {}", exit.assets.get());
                prop_assert!(!ended || exit.shares.get() == asked_for || down(&(whole(asked_for) * &price)).is_zero());
                prop_assert_eq!(after.cash.get() + exit.assets.get(), cash, "conservation");
                let stays = ratio(int(after.nav().unwrap().get()) + 1, int(after.shares.get()) + 1);
                prop_assert!(after.shares.is_zero() || stays >= price, "price-falls-only-by-loss");
            }
            Err(error) => {
                prop_assert_eq!(error, Error::InsufficientCash);
                prop_assert!(down(&(whole(asked_for) * &price)) > int(cash), "cash is enough");
                // What cash pays for is less than a share and a unit short of it, and a part pays at least a thousand
                // units.
                prop_assert!(whole(cash) < price.clone() + whole(1_001));
            }
        }
    }

    /// `slash-only`: however a staker's request is executed in parts, they come to no more than it all was worth then,
    /// nor than it is worth now, and to less than two units for each part less.
    #[test]
    fn parts_of_stake_come_to_the_whole(
        fund in fund_with_history(), part in any::<u64>(), then in any_size(), at_a_time in 2_u64..1_000_000,
    ) {
        let fund = Fund { shares: Shares::new(fund.shares.get().max(1)), ..fund };
        let shares = part_of(fund.shares.get(), part);
        let worth = fund.worth(Shares::new(shares)).unwrap().get().min(then);
        let (mut left, mut sum) = (asked(shares, then), Sum::default());
        let mut held = Fund { assets: Assets::ZERO, owed: fund.assets, ..fund };
        while !left.shares.is_zero() && sum.times < 50 {
            let comes = held.owed.get().min(at_a_time.max(worth / 8));
            held = Fund {
                assets: held.assets.plus(Assets::new(comes)).unwrap(),
                owed: held.owed.minus(Assets::new(comes)).unwrap(),
                ..held
            };
            if let Ok((exit, after)) = held.execute(&left) {
                sum.shares += exit.shares.get();
                sum.assets += exit.assets.get();
                (left, held) = (exit.left, after);
            } else if comes == 0 {
                break;
            }
            sum.times += 1;
        }
        prop_assert!(sum.assets <= then, "slash-only: {} for {then} then", sum.assets);
        prop_assert!(sum.shares <= shares);
        prop_assert!(
            !left.shares.is_zero() || sum.assets + 2 * u64::from(sum.times) + 1 >= worth,
            "{} of {worth}",
            sum.assets
        );
    }
}
