//! The decaying window that draws and LP losses share: by hand, against exact numbers, and what dust cannot do to it.

use backstop_engine::{quantity::Assets, window::Window};
use proptest::prelude::*;

use crate::{
    model::{counted, int, ratio, up, whole, window_end},
    strategies::{any_size, any_window, cases, real_amount},
};

fn plus(window: &Window, amount: u64, seconds: u64, now: i64) -> Window {
    window.plus(Assets::new(amount), seconds, now).unwrap()
}

fn counts(window: &Window, now: i64) -> u64 {
    window.counted_at(now).unwrap().get()
}

#[test]
fn fades_evenly() {
    let window = plus(&Window::default(), 50, 8, 100);
    assert_eq!(window, Window { counted: Assets::new(50), at: 100, ends_at: 108 });
    // Of 50: all, 50 * 7/8 = 43.75 rounded up, half, a last unit, none; and a clock that goes back fades nothing.
    let table = [(100, 50), (101, 44), (104, 25), (107, 7), (108, 0), (i64::MAX, 0), (99, 50), (i64::MIN, 50)];
    for (now, left) in table {
        assert_eq!(counts(&window, now), left, "at {now}");
    }
}

#[test]
fn the_end_is_the_weighted_end() {
    // 60 left of 80 for 750 seconds, 20 for 1,000: together for 750 + 250 * 20 / 80 = 812.5, rounded up.
    let window = plus(&plus(&Window::default(), 80, 1_000, 0), 20, 1_000, 250);
    assert_eq!(window, Window { counted: Assets::new(80), at: 250, ends_at: 1_063 });
    // Once all has faded an amount stands alone.
    assert_eq!(plus(&window, 3, 1_000, 1_063), Window { counted: Assets::new(3), at: 1_063, ends_at: 2_063 });
    // Nothing changes nothing.
    assert_eq!(plus(&window, 0, 5, 300), window);
}

#[test]
fn a_shorter_window_counts_at_once() {
    // 500 seconds are left of 1,000 when the window becomes 100 seconds: 50 of 100 count, until then.
    let window = plus(&plus(&Window::default(), 100, 1_000, 0), 1, 100, 500);
    assert_eq!(window, Window { counted: Assets::new(51), at: 500, ends_at: 600 });
}

#[test]
fn dust_restarts_nothing() {
    // Half a day from its end, 500 are left of a week's draw of 7,000. Then a unit an hour for twelve hours. If each
    // restarted the window, the 500 would go on counting, a 168th less each hour.
    let week = 604_800;
    let end = i64::try_from(week).unwrap();
    let first = plus(&Window::default(), 7_000, week, 0);
    let (mut spammed, mut restarted) = (first, 500_000);
    for hour in 0..12 {
        spammed = plus(&spammed, 1, week, end - 43_200 + hour * 3_600);
        restarted = (restarted + 1_000) * 167 / 168;
    }
    // 476.9 by then (in thousandths below). Each moves the end by its part instead: the first by 561,600 / 501 = 1,121
    // seconds.
    assert_eq!((counts(&first, end), restarted / 1_000), (0, 476));
    assert!(counts(&spammed, end) < 477 / 3, "dust-by-its-part: {} count", counts(&spammed, end));
}

proptest! {
    #![proptest_config(cases(2_000))]

    /// `window-exact`: what counts and when it ends, against exact numbers, over any series of amounts.
    #[test]
    fn window_exact(
        window in any_window(),
        steps in prop::collection::vec((real_amount(), 1_u64..2_592_000, 0_i64..1_000_000), 1..10),
    ) {
        let (mut window, mut now) = (window, window.at);
        for (amount, seconds, passed) in steps {
            now += passed;
            let next = plus(&window, amount, seconds, now);
            prop_assert_eq!(int(next.counted.get()), counted(&window, now) + amount, "window-exact");
            prop_assert_eq!(int(next.ends_at), window_end(&window, amount, seconds, now), "window-exact");
            prop_assert_eq!(next.at, now, "window-exact");
            prop_assert!(next.ends_at <= now + i64::try_from(seconds).unwrap(), "window-exact: at most a window");
            window = next;
        }
    }

    /// `window-exact`: above a limit exactly as long as is said.
    #[test]
    fn above_as_long_as_said(counted in 1_u64..1_000_000, span in 1_i64..100_000, limit in 0_u64..1_000_000) {
        let window = Window { counted: Assets::new(counted), at: 0, ends_at: span };
        let above = window.seconds_above(counted, limit).unwrap();
        let over = counted.saturating_sub(limit);
        prop_assert_eq!(int(above), up(&(whole(span) * ratio(over, counted))), "window-exact");
        let end = i64::try_from(above).unwrap();
        prop_assert!(counts(&window, end) <= limit.max(1) || end == 0, "window-exact: over by then");
        prop_assert!(end == 0 || counts(&window, end - 1) > limit, "window-exact: not before");
    }

    /// `dust-by-its-part`: an amount moves the end by no more than its part of the rest of a window, begun seconds
    /// counted, and what counts by no more than itself at once.
    #[test]
    fn dust_by_its_part(
        window in any_window(), dust in 1_u64..1_000, more in 0_u64..2_592_000, passed in 0_i64..=1_000,
    ) {
        let span = window.ends_at - window.at;
        let now = window.at + span * passed / 1_000;
        let left = counted(&window, now);
        prop_assume!(left > int(dust));
        let seconds = u64::try_from(window.ends_at - now).unwrap() + more;
        let next = plus(&window, dust, seconds, now);
        let part = ratio(dust, left.clone() + dust);
        let room = int(now) + seconds - window.ends_at;
        prop_assert!(whole(next.ends_at - window.ends_at) < part * whole(room) + whole(1), "dust-by-its-part");
        prop_assert!(next.ends_at >= window.ends_at, "dust-by-its-part: nothing fades sooner");
        prop_assert_eq!(int(counts(&next, now)), left + dust, "dust-by-its-part");
    }

    /// What is taken out at once leaves what was there: as much, for as long but for the second that its end was
    /// rounded up by, weighed by how much less is left.
    #[test]
    fn less_undoes_plus(
        window in any_window(), amount in 1_u64..2_000_000_000, more in 0_u64..2_592_000, passed in 0_i64..=1_000,
    ) {
        let span = window.ends_at - window.at;
        let now = window.at + span * passed / 1_000;
        let left = counts(&window, now);
        let seconds = u64::try_from(window.ends_at - now).unwrap() + more;
        prop_assume!(seconds != 0);
        let next = plus(&window, amount, seconds, now);
        let undone = next.less(Assets::new(amount), now, seconds, now).unwrap();
        prop_assert_eq!(counts(&undone, now), left, "window-exact");
        if left != 0 {
            let off = int(undone.ends_at) - window.ends_at;
            let most = ratio(int(left) + amount, left) + whole(1);
            prop_assert!(off >= int(0) && whole(off.clone()) < most, "window-exact: the end is off by {}", off);
        }
        // Of what has faded as far, as much is taken out later: never more than counts.
        let later = now + i64::try_from(seconds / 3).unwrap();
        let part = next.less(Assets::new(amount), now, seconds, later).unwrap();
        prop_assert!(counts(&part, later) <= counts(&next, later), "breaker");
        prop_assert_eq!(next.less(Assets::new(amount), now, seconds, i64::MAX).unwrap().counted, Assets::ZERO);
    }

    #[test]
    fn never_fails(
        (held, amount) in (any_size(), any_size()), (at, ends_at, now) in any::<(i64, i64, i64)>(),
        seconds in any::<u64>(), limit in any_size(),
    ) {
        let window = Window { counted: Assets::new(held), at, ends_at };
        prop_assert!(window.counted_at(now).is_ok_and(|left| left.get() <= held), "always-open");
        prop_assert!(window.plus(Assets::new(amount), seconds, now).is_ok(), "always-open");
        prop_assert!(
            window.less(Assets::new(amount), at, seconds, now).is_ok_and(|less| less.counted.get() <= held),
            "always-open"
        );
        prop_assert!(window.seconds_above(held, limit).is_ok(), "always-open");
    }
}
