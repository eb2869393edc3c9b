//! Averages of utilisation and debt: by hand, against exact numbers, and what stands for a moment.

use backstop_engine::{
    interest::RateModel,
    pool::Totals,
    quantity::{Assets, Bps, DebtShares},
    usage::{UTILISATION_FRACTION, Usage},
};
use num_traits::Signed as _;
use proptest::prelude::*;

use crate::{
    model::{int, ratio, whole},
    strategies::{
        any_size, cases, fresh_pool, horizon, pool_with_history, real_amount, usual_rates, usual_risk, valid_rates,
    },
};

const BILLION: u64 = 1_000_000_000;

fn after(usage: &Usage, utilisation: u64, debt: u64, horizon: u32, seconds: u64) -> Usage {
    usage.after(utilisation, Assets::new(debt), horizon, seconds).unwrap()
}

#[test]
fn blends_by_time() {
    // A day's horizon: after a day half, after half a day a third of the rest, rounded towards the state; after none
    // nothing.
    let day = 86_400;
    let first = after(&Usage::default(), BILLION, 1_000, 86_400, day);
    assert_eq!((first.reading(), first.debt), (BILLION / 2, Assets::new(500)));
    let second = after(&first, BILLION, 1_000, 86_400, day / 2);
    assert_eq!((second.reading(), second.debt), (666_666_666, Assets::new(667)));
    assert_eq!(after(&second, 0, 0, 86_400, 0), second);
    // And down again: 667 - 334.
    assert_eq!(after(&second, 0, 0, 86_400, day).debt, Assets::new(333));
    // A longest time: 2^22 - 1 seconds of a horizon of ten minutes.
    let long = after(&second, 0, 0, 600, u64::MAX);
    assert_eq!((long.reading(), long.debt), (95_353, Assets::ZERO));
}

#[test]
fn a_pool_counts_what_stood() {
    // Half is lent for a day, a quarter for a second day; then all of it for no time. Without interest, so that numbers
    // stay round.
    let free = RateModel { base: Bps::ZERO, slope1: Bps::ZERO, slope2: Bps::ZERO, ..usual_rates() };
    let day = fresh_pool(500, 500).accrue(&free, 86_400).unwrap().totals;
    assert_eq!((day.usage.reading(), day.usage.debt), (BILLION / 4, Assets::new(250)));
    let quarter = day.repay(DebtShares::new(500), Assets::new(250)).unwrap().totals;
    let two = quarter.accrue(&free, 172_800).unwrap().totals;
    assert_eq!((two.usage.reading(), two.usage.debt), (BILLION / 4, Assets::new(250)));
    let all = two.borrow(DebtShares::ZERO, two.cash, Assets::ZERO).unwrap().totals;
    assert_eq!(all.accrue(&free, 172_800).unwrap().totals.usage, two.usage, "no-flash");
    // A pool in which nobody owes anything forgets: half of a half.
    let idle = Totals { debt_shares: DebtShares::ZERO, ..two }.accrue(&free, 259_200).unwrap().totals;
    assert_eq!((idle.usage.reading(), idle.usage.debt), (BILLION / 8, Assets::new(125)));
}

proptest! {
    #![proptest_config(cases(2_000))]

    /// `no-flash`: whatever one does to cash and debt within a second, what risk reads is what it was.
    #[test]
    fn no_flash(
        pool in pool_with_history(), rates in valid_rates(),
        steps in prop::collection::vec((0_u8..4, real_amount()), 1..8),
        (fund, losses) in (real_amount(), real_amount()), passed in 0_i64..1_000_000,
    ) {
        let now = pool.accrued_at + passed;
        let before = pool.accrue(&rates, now).unwrap().totals;
        let mut totals = before;
        for (step, amount) in steps {
            let assets = Assets::new(amount);
            let next = match step {
                0 => totals.deposit(assets).map(|done| done.totals),
                1 => totals.withdraw(backstop_engine::quantity::Shares::new(amount)).map(|done| done.totals),
                2 => totals.borrow(DebtShares::ZERO, assets, Assets::ZERO).map(|done| done.totals),
                _ => totals.repay(totals.debt_shares, assets).map(|done| done.totals),
            };
            totals = next.unwrap_or(totals).accrue(&rates, now).unwrap().totals;
        }
        prop_assert_eq!(totals.usage, before.usage, "no-flash");
        let read = |totals: &Totals| usual_risk().stress(&totals.usage, Assets::new(fund), Assets::new(losses));
        prop_assert_eq!(read(&totals), read(&before), "no-flash");
    }

    /// `usage-exact`: between the average and the state, where exact numbers put it, rounded towards the state by less
    /// than a part of a billionth and a unit, and never beyond it.
    #[test]
    fn usage_exact(
        (was, debt) in (0_u64..=BILLION << UTILISATION_FRACTION, any_size()), (now, owed) in (0..=BILLION, any_size()),
        horizon in horizon(),
        seconds in prop_oneof![0_u64..100, 0_u64..10_000_000, any_size()],
    ) {
        let usage = Usage { utilisation: was, debt: Assets::new(debt) };
        let next = after(&usage, now, owed, horizon, seconds);
        let seconds = seconds.min((1 << 22) - 1);
        for (was, is, found) in [(was, now << UTILISATION_FRACTION, next.utilisation), (debt, owed, next.debt.get())] {
            let way = ratio((int(is) - was) * seconds, int(seconds) + horizon);
            let moved = whole(int(found) - was);
            prop_assert!(
                (&way - &moved).abs() < whole(1) && moved.abs() >= way.abs(),
                "usage-exact: {} of {}",
                moved,
                way
            );
            prop_assert!(moved.abs() <= whole(int(is) - was).abs(), "usage-exact: not beyond");
        }
    }

    /// `no-flash`: however often it is counted, what stands for `t` seconds moves the averages by at most `t / horizon`
    /// of the way, but for a unit each time.
    #[test]
    fn counting_often_gains_nothing(
        horizon in horizon(), times in prop::collection::vec(1_u64..2_000, 1..40), lent in 1_u64..BILLION,
    ) {
        let mut usage = Usage::default();
        for seconds in &times {
            usage = after(&usage, lent, lent, horizon, *seconds);
        }
        let most = ratio(times.iter().sum::<u64>(), horizon) * whole(lent) + whole(times.len());
        prop_assert!(whole(usage.debt.get()) <= most && whole(usage.reading()) <= most, "no-flash");
        let once = after(&Usage::default(), lent, lent, horizon, times.iter().sum());
        prop_assert!(usage.debt >= once.debt.saturating_sub(Assets::new(1)), "no-flash: nor loses anything");
    }

    /// What stands is read in the end, however often it is counted: within a thousandth after ten horizons, exactly
    /// after as many more as rounding takes.
    #[test]
    fn what_stands_is_read(horizon in horizon(), used in 0..=BILLION, begin in 0..=BILLION, every in 1_u64..200) {
        let mut usage = Usage { utilisation: begin << UTILISATION_FRACTION, debt: Assets::ZERO };
        let step = u64::from(horizon) / every + 1;
        for _ in 0..10 * every + 10 {
            usage = after(&usage, used, 0, horizon, step);
        }
        prop_assert!(used.abs_diff(usage.reading()) <= BILLION / 900, "{} of {}", usage.reading(), used);
        for _ in 0..60 {
            usage = after(&usage, used, 0, horizon, u64::from(horizon));
        }
        prop_assert_eq!(usage.reading(), used);
    }

    #[test]
    fn never_fails(
        (utilisation, debt, owed) in (any_size(), any_size(), any_size()), now in 0..=BILLION, horizon in any::<u32>(),
        seconds in any_size(),
    ) {
        let usage = Usage { utilisation: utilisation % (BILLION << UTILISATION_FRACTION), debt: Assets::new(debt) };
        prop_assert!(usage.after(now, Assets::new(owed), horizon, seconds).is_ok(), "always-open");
    }
}
