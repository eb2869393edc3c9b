//! Holds: clocks that stop, and times that are summed, against a second-by-second model.

use backstop_engine::{
    Error,
    hold::{Hold, MAX_HOLD_SECONDS, MIN_HOLD_SECONDS, is_material, validate_hold},
    quantity::Assets,
};
use num_bigint::BigInt;
use proptest::prelude::*;

use crate::strategies::{any_size, cases};

const HOLD: u32 = MIN_HOLD_SECONDS;

#[test]
fn bounds_are_ten_minutes_and_a_day() {
    for (seconds, fine) in [(0, false), (599, false), (600, true), (86_400, true), (86_401, false)] {
        assert_eq!(validate_hold(seconds), if fine { Ok(()) } else { Err(Error::InvalidParameter) }, "{seconds}");
    }
    assert_eq!((MIN_HOLD_SECONDS, MAX_HOLD_SECONDS), (600, 86_400));
}

/// A notice of 100 seconds, asked for at 1,000, is over at 1,500 where 400 seconds between were on hold.
#[test]
fn a_notice_waits_as_long_as_the_hold_lasts() {
    let open = Hold::default();
    let matures = open.clock(1_000) + 100;
    let held = open.at(true, HOLD, 1_050);
    assert_eq!(held.clock(1_449), 1_050, "it stands still at the time of the mark");
    let open = held.at(false, HOLD, 1_450);
    assert_eq!((open.clock(1_499), open.clock(1_500)), (matures - 1, matures));
}

/// Two holds of 300 seconds with 599 open between count together, and a third begins due; with 600 between it begins
/// anew.
#[test]
fn holds_are_summed_until_open_for_as_long() {
    let first = Hold::default().at(true, HOLD, 0).at(false, HOLD, 300);
    let second = first.at(true, HOLD, 899);
    assert_eq!(second.settles_all_at(HOLD), Some(1_199));
    assert!(!second.settles_all(HOLD, 1_198) && second.settles_all(HOLD, 1_199));
    let third = second.at(false, HOLD, 1_200);
    assert!(!third.settles_all(HOLD, 1_700), "hold-ends: nothing is settled out of turn while it is open");
    assert!(third.at(true, HOLD, 1_799).settles_all(HOLD, 1_799));
    let anew = third.at(true, HOLD, 1_800);
    assert_eq!(anew.settles_all_at(HOLD), Some(2_400));
    // What was waited stays waited.
    assert_eq!((anew.stopped(1_800), anew.clock(1_800)), (601, 1_199));
}

#[test]
fn a_clock_that_goes_back_stops_nothing() {
    let held = Hold::default().at(true, HOLD, 1_000);
    assert_eq!((held.stopped(900), held.settles_all(HOLD, 900)), (0, false));
    let open = held.at(false, HOLD, 900);
    assert_eq!((open.stopped, open.since), (0, 1_000));
}

/// What happened, second by second: whether it was on hold in each.
#[derive(Default)]
struct Seconds(Vec<bool>);

impl Seconds {
    fn stopped(&self) -> u64 {
        self.0.iter().map(|on| u64::from(*on)).sum()
    }

    /// The seconds on hold of the series that the last second belongs to: those since it was open for [`HOLD`] on end.
    fn series(&self) -> u64 {
        let (mut held, mut open) = (0, HOLD);
        for on in &self.0 {
            if *on {
                (held, open) = (if open >= HOLD { 0 } else { held } + 1, 0);
            } else {
                open += 1;
            }
        }
        held
    }
}

proptest! {
    #![proptest_config(cases(500))]

    /// `hold-ends`: the clock, the sum and the series are those of a model that looks at every second.
    #[test]
    fn every_second_counts_once(
        steps in prop::collection::vec((any::<bool>(), 0_u32..900), 1..12), start in 600_i64..100_000,
    ) {
        let (mut hold, mut now, mut seconds) = (Hold::default(), start, Seconds::default());
        let mut clock = start;
        for (material, lasts) in steps {
            hold = hold.at(material, HOLD, now);
            for _ in 0..lasts {
                prop_assert_eq!(
                    hold.settles_all(HOLD, now),
                    material && {
                        // A hold that begins now belongs to the series if that is not over.
                        let mut next = Seconds(seconds.0.clone());
                        next.0.push(true);
                        next.series() > u64::from(HOLD)
                    },
                    "hold-ends at {}",
                    now
                );
                seconds.0.push(material);
                now += 1;
                clock += i64::from(!material);
                prop_assert_eq!(hold.clock(now), clock, "no-escape: notices stop");
            }
            prop_assert_eq!(hold.stopped(now), seconds.stopped());
        }
    }

    /// A ten-thousandth, exactly.
    #[test]
    fn material_is_more_than_a_ten_thousandth(marked in any_size(), of in any_size()) {
        let expected = BigInt::from(marked) * 10_000_u32 > BigInt::from(of);
        prop_assert_eq!(is_material(Assets::new(marked), Assets::new(of)), expected);
    }

    #[test]
    fn nothing_panics_and_the_clock_never_goes_back(
        (on, since, stopped, spent) in (any::<bool>(), any::<i64>(), any::<u64>(), any::<u32>()),
        material in any::<bool>(), hold in any::<u32>(), (now, later) in (any::<i64>(), any::<u32>()),
    ) {
        let before = Hold { on, since, stopped, spent };
        let after = before.at(material, hold, now);
        let (_, _, _) = (after.stopped(now), after.settles_all(hold, now), after.settles_all_at(hold));
        prop_assert!(after.clock(now) <= before.clock(now).max(now));
        prop_assert!(after.clock(now.saturating_add(later.into())) >= after.clock(now));
    }
}
