//! Who must wait: every parameter in both directions, when a queued change can be executed, and how long something can
//! be paused.

use backstop_engine::{
    Error,
    governance::{
        GRACE_SECONDS, MAX_ENTRY_PAUSE_SECONDS, MAX_EXIT_PAUSE_SECONDS, MAX_TIMELOCK_SECONDS, MIN_TIMELOCK_SECONDS,
        Pausable, Pause, Schedule, validate_timelock,
    },
    parameter::{AtOnce, Parameter},
};
use proptest::prelude::*;

use crate::strategies::{any_size, cases};

/// Every parameter: whether it can be lowered at once, and why; none can be raised at once. Written by hand from the
/// rule: at once only what takes nothing from anyone and keeps nobody in.
#[rustfmt::skip]
const TABLE: [(&str, bool, &str); 49] = [
    // Losses.
    ("DustValue", false, "down keeps losses from being recorded; up records them while more collateral is held, and leaves more holdings uncounted"),
    ("MinDefaultAgeSlots", false, "moves the time of a loss, and so who bears it"),
    ("HoldSeconds", false, "up keeps people in for longer; down settles a debt that may yet be covered"),
    ("WindowSeconds", false, "moves losses between stakers and LPs, and decides how long the breaker is tripped"),
    ("InsuranceShareBps", false, "moves losses between stakers and LPs"),
    ("DrawCapBps", false, "moves losses between stakers and LPs, and decides who can unstake"),
    // Liquidation: each moves value between a borrower, a liquidator and the fund.
    ("MinDebt", false, "up liquidates more of a borrower at once; down leaves dust"),
    ("InsuranceCutBps", false, "up takes from liquidators; down from stakers"),
    ("TargetHealthBps", false, "up liquidates more of a borrower"),
    // The breaker slows down those who leave, too. How long leaving takes is a promise.
    ("BreakerMinLosses", false, "down trips sooner, and slows down those who leave; up lets them flee"),
    ("BreakerLimitBps", false, "down trips sooner, and slows down those who leave; up lets them flee"),
    ("BreakerNoticeSeconds", false, "up slows down those who leave; down lets them flee"),
    ("NoticeSeconds", false, "up slows down those who leave; down lets them flee"),
    // Stake: a cooldown is a promise.
    ("CooldownSeconds", false, "up locks stakers in; down lets them flee"),
    // Interest: up takes from borrowers, down from LPs.
    ("BaseBps", false, "between borrowers and LPs"),
    ("Slope1Bps", false, "between borrowers and LPs"),
    ("KinkBps", false, "between borrowers and LPs"),
    ("Slope2Bps", false, "between borrowers and LPs"),
    ("ReserveFactorBps", false, "between LPs and reserves"),
    ("InsuranceFactorBps", false, "between LPs and stakers"),
    // Risk.
    ("AverageSeconds", false, "either way changes what averages and deviations say"),
    ("MaxPremiumBps", true, "down lends less against a price far from its average"),
    ("TargetCoverageBps", false, "between LPs and stakers"),
    ("StressedInsuranceFactorBps", false, "between LPs and stakers"),
    ("StressedInsuranceShareBps", false, "between LPs and stakers"),
    // Oracles: a wrong feed takes everything, a limit that is too narrow stops liquidations.
    ("LiquidityFeed", false, "another price"),
    ("LiquiditySecondFeed", false, "another price"),
    ("LiquidityMaxAgeSeconds", false, "down stops liquidations; up trusts old prices"),
    ("LiquidityMaxConfidenceBps", false, "down stops liquidations; up trusts vague prices"),
    ("LiquidityMaxDivergenceBps", false, "down stops liquidations; up trusts doubtful prices"),
    ("PoolDepositCap", true, "down refuses new deposits only; up lets more in beside those who are there"),
    ("BorrowCap", true, "down refuses new debt only; up lends more of LPs' money"),
    ("ReleasedReserves", true, "down keeps reserves in; up lets the authority take what would bear losses first"),
    // A collateral.
    ("DepositCap", true, "down takes in less of it"),
    ("MaxLtvBps", true, "down lends less against it"),
    ("StressedMaxLtvBps", true, "down lends less against it"),
    ("LiquidationThresholdBps", false, "down liquidates borrowers; up keeps bad ones from being liquidated"),
    ("StressedThresholdBps", false, "down liquidates borrowers; up keeps bad ones from being liquidated"),
    ("BonusMinBps", false, "up takes from borrowers, and is lost where they cannot pay; down keeps liquidators away"),
    ("BonusMaxBps", false, "up takes from borrowers; down keeps liquidators away"),
    ("StressedDeviationBps", false, "down makes thresholds fall; up keeps limits from falling"),
    ("CollateralFeed", false, "another price"),
    ("CollateralSecondFeed", false, "another price"),
    ("CollateralMaxAgeSeconds", false, "down stops liquidations; up trusts old prices"),
    ("CollateralMaxConfidenceBps", false, "down stops liquidations; up trusts vague prices"),
    ("CollateralMaxDivergenceBps", false, "down stops liquidations; up trusts doubtful prices"),
    // The market.
    ("Guardian", false, "whoever it is may pause"),
    ("Treasury", false, "where money goes"),
    ("TimelockSeconds", false, "down takes the time to leave; up keeps mistakes from being mended"),
];

#[test]
fn every_parameter_in_both_directions() {
    assert_eq!(Parameter::ALL.len(), TABLE.len(), "a parameter is missing from the table");
    for (number, (parameter, (name, lower, why))) in Parameter::ALL.iter().zip(TABLE).enumerate() {
        assert_eq!(format!("{parameter:?}"), name, "number {number}");
        for (old, new) in [(1, 0), (7_500, 7_499), (u64::MAX, u64::MAX - 1), (u64::MAX, 0)] {
            assert_eq!(parameter.waits(old, new), !lower, "{name} down from {old} to {new}: {why}");
            assert!(parameter.waits(new, old), "{name} up from {new} to {old}: {why}");
        }
        assert_eq!(parameter.at_once(), if lower { AtOnce::Lower } else { AtOnce::Never }, "{name}: {why}");
    }
}

#[test]
fn numbers_are_places() {
    for (number, parameter) in Parameter::ALL.iter().enumerate() {
        assert_eq!(*parameter as usize, number, "{parameter:?}");
    }
    for (number, what) in Pausable::ALL.iter().enumerate() {
        assert_eq!(*what as usize, number, "{what:?}");
    }
}

#[test]
fn timelocks_at_the_bounds() {
    assert_eq!((MIN_TIMELOCK_SECONDS, MAX_TIMELOCK_SECONDS, GRACE_SECONDS), (86_400, 30 * 86_400, 14 * 86_400));
    for (seconds, valid) in [(0, false), (86_399, false), (86_400, true), (2_592_000, true), (2_592_001, false)] {
        assert_eq!(validate_timelock(seconds).is_ok(), valid, "{seconds}");
    }
    assert_eq!(validate_timelock(u32::MAX), Err(Error::InvalidParameter));
}

#[test]
fn a_change_is_open_for_fourteen_days() {
    // Two days from 1,000: from 173,800 until before 173,800 + 1,209,600.
    let queued = Schedule::after(172_800, 1_000);
    assert_eq!(queued, Schedule { executable_at: 173_800, lapses_at: 1_383_400 });
    let table = [
        (i64::MIN, Err(Error::ChangeNotReady)),
        (1_000, Err(Error::ChangeNotReady)),
        (173_799, Err(Error::ChangeNotReady)),
        (173_800, Ok(())),
        (1_383_399, Ok(())),
        (1_383_400, Err(Error::ChangeLapsed)),
        (i64::MAX, Err(Error::ChangeLapsed)),
    ];
    for (now, open) in table {
        assert_eq!(queued.require_open(now), open, "at {now}");
    }
    // At the end of time nothing opens.
    assert_eq!(Schedule::after(u32::MAX.into(), i64::MAX - 5).require_open(i64::MAX), Err(Error::ChangeLapsed));
}

#[test]
fn what_can_be_paused_and_for_how_long() {
    assert_eq!((MAX_EXIT_PAUSE_SECONDS, MAX_ENTRY_PAUSE_SECONDS), (72 * 3_600, 30 * 86_400));
    let table = [
        (Pausable::Deposit, false, 2_592_000),
        (Pausable::Borrow, false, 2_592_000),
        (Pausable::WithdrawCollateral, true, 259_200),
        (Pausable::Withdraw, true, 259_200),
    ];
    assert_eq!(Pausable::ALL, table.map(|(what, ..)| what));
    for (what, exit, most) in table {
        assert_eq!((what.is_exit(), what.max_seconds()), (exit, most), "{what:?}");
        let never = Pause::default();
        assert_eq!(never.begin(what, most, 500).map(|paused| paused.until), Ok(500 + i64::from(most)), "{what:?}");
        assert_eq!(never.begin(what, most + 1, 500), Err(Error::PauseTooLong), "{what:?}");
        assert_eq!(never.begin(what, u32::MAX, 500), Err(Error::PauseTooLong), "{what:?}");
    }
}

#[test]
fn a_pause_by_hand() {
    let what = Pausable::Withdraw;
    let paused = Pause::default().begin(what, 1_000, 5_000).unwrap();
    assert_eq!(paused, Pause { since: 5_000, until: 6_000 });
    assert!(paused.holds(5_000) && paused.holds(5_999) && !paused.holds(6_000));
    // A shorter one changes nothing, a longer one prolongs it, to 72 hours from its beginning.
    assert_eq!(paused.begin(what, 400, 5_500), Ok(paused));
    assert_eq!(paused.begin(what, 600, 5_500), Ok(Pause { since: 5_000, until: 6_100 }));
    assert_eq!(paused.begin(what, 259_200, 5_000), Ok(Pause { since: 5_000, until: 264_200 }));
    assert_eq!(paused.begin(what, 259_199, 5_001), Ok(Pause { since: 5_000, until: 264_200 }));
    assert_eq!(paused.begin(what, 259_200, 5_001), Err(Error::PauseTooLong));
    // Ended after 300 seconds it was paused for 300: open for as long before the next.
    let ended = paused.end(5_300);
    assert_eq!(ended, Pause { since: 5_000, until: 5_300 });
    assert!(!ended.holds(5_300));
    for now in [5_300, 5_301, 5_599] {
        assert_eq!(ended.begin(what, 1, now), Err(Error::PauseTooSoon), "at {now}");
    }
    assert_eq!(ended.begin(what, 1, 5_600), Ok(Pause { since: 5_600, until: 5_601 }));
    // To end what is over changes nothing.
    assert_eq!(ended.end(9_000), ended);
    // One that ends in the second it begins kept nobody.
    let none = paused.end(5_000);
    assert_eq!(none.begin(what, 7, 5_000), Ok(Pause { since: 5_000, until: 5_007 }));
    // What lets people in can be paused anew at once.
    let borrow = Pause::default().begin(Pausable::Borrow, 2_592_000, 0).unwrap();
    let again = Pause { since: 2_592_000, until: 5_184_000 };
    assert_eq!(borrow.begin(Pausable::Borrow, 2_592_000, 2_592_000), Ok(again));
    assert_eq!(borrow.begin(Pausable::Borrow, 2_592_000, 1), Err(Error::PauseTooLong));
}

#[test]
fn an_exit_left_open_by_hand() {
    // From 5,000 to 6,000; a timelock of a day after that is 92,400.
    let paused = Pause::default().begin(Pausable::Withdraw, 1_000, 5_000).unwrap();
    let table = [
        (0, Err(Error::ChangeNotReady)),
        (5_000, Err(Error::ChangeNotReady)),
        (6_000, Err(Error::ChangeNotReady)),
        (91_400, Err(Error::ChangeNotReady)), // a day after it began
        (92_399, Err(Error::ChangeNotReady)),
        (92_400, Ok(())),
        (i64::MAX, Ok(())),
    ];
    for (now, open) in table {
        assert_eq!(paused.require_left_open(86_400, now), open, "at {now}");
    }
    // Ended early, it counts from then; paused anew, from the end of that.
    let ended = paused.end(5_300);
    assert_eq!(ended.require_left_open(86_400, 91_699), Err(Error::ChangeNotReady));
    assert_eq!(ended.require_left_open(86_400, 91_700), Ok(()));
    let again = ended.begin(Pausable::Withdraw, 10, 91_699).unwrap();
    assert_eq!(again.require_left_open(86_400, 91_709 + 86_399), Err(Error::ChangeNotReady));
    assert_eq!(again.require_left_open(86_400, 91_709 + 86_400), Ok(()));
    // What was never paused was open all the time, also in the first seconds of the clock.
    for now in [0, 1, 86_399, i64::MAX] {
        assert_eq!(Pause::default().require_left_open(MAX_TIMELOCK_SECONDS, now), Ok(()), "at {now}");
        assert_eq!(Pause::default().end(now).require_left_open(MAX_TIMELOCK_SECONDS, now), Ok(()), "at {now}");
    }
    // What ends at the end of time is not open before.
    let late = Pause { since: 0, until: i64::MAX };
    assert_eq!(late.require_left_open(86_400, i64::MAX - 1), Err(Error::ChangeNotReady));
}

/// What a guardian or authority does.
#[derive(Clone, Copy, Debug)]
enum Step {
    Begin(u32),
    End,
}

fn step() -> impl Strategy<Value = Step> {
    let seconds = prop_oneof![
        1_u32..10,
        1_u32..300_000,
        Just(MAX_EXIT_PAUSE_SECONDS),
        Just(MAX_EXIT_PAUSE_SECONDS + 1),
        1_u32..3_000_000,
    ];
    prop_oneof![3 => seconds.prop_map(Step::Begin), 2 => Just(Step::End)]
}

fn what() -> impl Strategy<Value = Pausable> {
    prop::sample::select(Pausable::ALL.to_vec())
}

/// Every pause that there was, from when until when. Only the last can be on.
#[derive(Clone, Debug, Default)]
struct History(Vec<(i64, i64)>);

impl History {
    fn is_on(&self, now: i64) -> bool {
        self.0.last().is_some_and(|(_, until)| now < *until)
    }

    /// What must come of a step: an error, or the history afterwards.
    fn after(&self, what: Pausable, step: Step, now: i64) -> Result<Self, Error> {
        let mut pauses = self.0.clone();
        match (step, pauses.last_mut()) {
            (Step::End, Some((_, until))) => *until = now.min(*until),
            (Step::End, None) => {}
            (Step::Begin(seconds), Some((_, until))) if now < *until => *until = (*until).max(now + i64::from(seconds)),
            (Step::Begin(seconds), last) => {
                // Open since the last one ended, for as long as that had lasted.
                if let Some((since, until)) = last.filter(|_| what.is_exit())
                    && now - *until < *until - *since
                {
                    return Err(Error::PauseTooSoon);
                }
                pauses.push((now, now + i64::from(seconds)));
            }
        }
        let longest = if what.is_exit() { 259_200 } else { 2_592_000 };
        if pauses.iter().any(|(since, until)| until - since > longest) {
            return Err(Error::PauseTooLong);
        }
        Ok(Self(pauses))
    }

    /// How long it was paused and open, from the first pause to `now`.
    fn paused_and_open(&self, now: i64) -> (i64, i64) {
        let first = self.0.first().map_or(now, |(since, _)| *since);
        let paused = self.0.iter().map(|(since, until)| (*until).min(now) - since).sum();
        (paused, now - first - paused)
    }
}

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn same_value_never_waits(number in 0..Parameter::ALL.len(), value in any_size(), other in any_size()) {
        let parameter = Parameter::ALL[number];
        prop_assert!(!parameter.waits(value, value));
        // Up waits, always.
        prop_assert!(value == other || parameter.waits(value.min(other), value.max(other)));
    }

    /// Over any history: a pause is what the model says, ends by itself within its bound, and an exit is open at least
    /// as long as it was paused.
    #[test]
    fn exits_are_open_as_long_as_they_were_paused(
        what in what(), start in 0_i64..2_000_000_000,
        steps in prop::collection::vec((prop_oneof![0_i64..3, 0_i64..1_000, 0_i64..600_000], step()), 1..60),
    ) {
        let (mut pause, mut history, mut now) = (Pause::default(), History::default(), start);
        for (passed, step) in steps {
            now += passed;
            prop_assert_eq!(pause.holds(now), history.is_on(now));
            let expected = history.after(what, step, now);
            let done = match step {
                Step::Begin(seconds) => pause.begin(what, seconds, now),
                Step::End => Ok(pause.end(now)),
            };
            prop_assert_eq!(done.err(), expected.as_ref().err().copied(), "{:?} at {}", step, now);
            let (Ok(done), Ok(expected)) = (done, expected) else { continue };
            (pause, history) = (done, expected);

            let (since, until) = history.0.last().copied().unwrap_or_default();
            prop_assert_eq!((pause.since, pause.until), (since, until));
            prop_assert!(until - since <= i64::from(what.max_seconds()), "too long");
            // It ends by itself, and at most its longest after now.
            prop_assert!(!pause.holds(now + i64::from(what.max_seconds())) && !pause.holds(until), "does not end");
            if what.is_exit() {
                // The pause that is on has what was open before it; every earlier one was followed by as much.
                let (paused, open) = history.paused_and_open(since);
                prop_assert!(open >= paused, "before {since}: open for {open}, paused for {paused}");
                let (paused, open) = history.paused_and_open(until + (until - since));
                prop_assert!(open >= paused, "open for {open}, paused for {paused}");
            }
        }
    }

    /// Over any history of both exits: a change that needs them open is allowed if and only if both were open, without
    /// a break, for the whole timelock before; so everyone had that long to leave by either.
    #[test]
    fn a_change_comes_only_after_a_whole_open_timelock(
        timelock in prop_oneof![
            Just(MIN_TIMELOCK_SECONDS),
            Just(MAX_TIMELOCK_SECONDS),
            MIN_TIMELOCK_SECONDS..=MAX_TIMELOCK_SECONDS,
        ],
        start in 1_i64..2_000_000_000,
        steps in prop::collection::vec(
            (prop_oneof![0_i64..3, 0_i64..1_000, 0_i64..600_000], 0_usize..2, step()),
            0..40,
        ),
        early in prop_oneof![Just(0_i64), Just(1), -3_i64..3, -3_000_000_i64..3_000_000],
    ) {
        let exits = [Pausable::WithdrawCollateral, Pausable::Withdraw];
        let (mut pauses, mut histories, mut now) =
            ([Pause::default(); 2], [History::default(), History::default()], start);
        let queued = Schedule::after(timelock.into(), start);
        let check = |pauses: &[Pause; 2], histories: &[History; 2], now: i64| -> Result<(), TestCaseError> {
            let allowed = pauses.iter().all(|pause| pause.require_left_open(timelock, now).is_ok());
            let whole = |history: &History| history.0.iter().all(|(_, until)| until + i64::from(timelock) <= now);
            prop_assert_eq!(allowed, histories.iter().all(whole), "at {}: {:?}", now, histories);
            if allowed {
                // No second of the timelock before was shut, nor is this one.
                let from = now - i64::from(timelock);
                let shut = |(since, until): &(i64, i64)| (*until.min(&now) - *since.max(&from)).max(0);
                let all = histories.iter().flat_map(|history| &history.0);
                prop_assert_eq!(all.map(shut).sum::<i64>(), 0, "at {}: {:?}", now, histories);
                prop_assert!(histories.iter().all(|history| !history.is_on(now)), "at {}", now);
                // With the schedule that timelock began after the change was queued.
                prop_assert!(queued.require_open(now).is_err() || from >= start, "at {}", now);
            } else {
                // Nobody is made to wait for longer than a timelock after the last pause.
                let last =
                    histories.iter().flat_map(|history| &history.0).map(|(_, until)| *until).max().unwrap_or(start);
                prop_assert!(
                    pauses.iter().all(|pause| pause.require_left_open(timelock, last + i64::from(timelock)).is_ok())
                );
            }
            Ok(())
        };
        for (passed, exit, step) in steps {
            now += passed;
            check(&pauses, &histories, now)?;
            let done = match step {
                Step::Begin(seconds) => pauses[exit].begin(exits[exit], seconds, now),
                Step::End => Ok(pauses[exit].end(now)),
            };
            if let (Ok(done), Ok(history)) = (done, histories[exit].after(exits[exit], step, now)) {
                (pauses[exit], histories[exit]) = (done, history);
            }
            check(&pauses, &histories, now)?;
        }
        // Around the moment from which it is allowed, if nothing else is paused.
        let last = histories.iter().flat_map(|history| &history.0).map(|(_, until)| *until).max().unwrap_or(start);
        check(&pauses, &histories, (last + i64::from(timelock) - early).max(now))?;
    }

    /// Whoever wants to keep an exit shut for as long as possible keeps it shut for half of the time and 72 hours,
    /// whatever the lengths.
    #[test]
    fn an_exit_shut_on_purpose_is_open_half_the_time(
        lengths in prop::collection::vec(1_u32..=259_200, 1..40), early in any::<bool>(),
    ) {
        let (mut pause, mut now, mut paused) = (Pause::default(), 1_000_000_i64, 0_i64);
        let first = now;
        for length in lengths {
            // As soon as it is allowed, which a search by halves finds.
            let (mut shut, mut allowed) = (now - 1, now + 2 * i64::from(MAX_EXIT_PAUSE_SECONDS));
            while allowed - shut > 1 {
                let middle = shut + (allowed - shut) / 2;
                if pause.begin(Pausable::Withdraw, length, middle).is_ok() { allowed = middle } else { shut = middle }
            }
            now = allowed;
            prop_assert!(now - first >= 2 * paused, "paused for {paused} of {}", now - first);
            pause = pause.begin(Pausable::Withdraw, length, now).unwrap();
            let until = if early { now + i64::from(length) / 2 } else { pause.until };
            pause = pause.end(until);
            paused += until - now;
            now = until;
        }
    }

    #[test]
    fn nothing_panics(
        (since, until, now) in (any::<i64>(), any::<i64>(), any::<i64>()), what in what(), seconds in any::<u32>(),
    ) {
        let pause = Pause { since, until };
        if let Ok(next) = pause.begin(what, seconds, now) {
            prop_assert!(next.until >= until);
        }
        let _ = (pause.holds(now), pause.end(now), pause.require_left_open(seconds, now));
        let _ = Schedule::after(seconds.into(), now).require_open(since);
    }
}

#[test]
fn what_takes_from_stakers_waits_for_their_cooldown() {
    // Each parameter of theirs, with the reason in the table above; all others wait for the timelock.
    let of_stakers = [
        "WindowSeconds",
        "InsuranceShareBps",
        "DrawCapBps",
        "InsuranceCutBps",
        "CooldownSeconds",
        "InsuranceFactorBps",
        "TargetCoverageBps",
        "StressedInsuranceFactorBps",
        "StressedInsuranceShareBps",
    ];
    let found: Vec<String> = Parameter::ALL
        .iter()
        .filter(|parameter| parameter.is_of_stakers())
        .map(|parameter| format!("{parameter:?}"))
        .collect();
    assert_eq!(found.len(), of_stakers.len());
    assert!(found.iter().all(|name| of_stakers.contains(&name.as_str())), "{found:?}");
    for parameter in Parameter::ALL {
        let wait = if parameter.is_of_stakers() { 864_000 } else { 172_800 };
        assert_eq!(parameter.wait_seconds(172_800, 864_000), wait, "{parameter:?}");
        assert_eq!(parameter.wait_seconds(172_800, 86_400), 172_800, "{parameter:?}: never less than the timelock");
    }
}

#[test]
fn bounds_are_where_they_are_said() {
    use backstop_engine::bounds::*;
    let table: [(Bound, u64, u64); 7] = [
        (DEFAULT_AGE_SLOTS, 0, 216_000),
        (WINDOW_SECONDS, 3_600, 5_184_000),
        (COOLDOWN_SECONDS, 86_400, 5_184_000),
        (NOTICE_SECONDS, 600, 86_400),
        (PRICE_AGE_SECONDS, 1, 86_400),
        (CONFIDENCE_BPS, 1, 2_000),
        (DIVERGENCE_BPS, 0, 2_000),
    ];
    for (bound, least, most) in table {
        assert_eq!([bound.check(least), bound.check(most)], [Ok(()); 2], "{bound:?}");
        assert_eq!(bound.check(most + 1), Err(Error::InvalidParameter), "{bound:?}");
        assert!(least == 0 || bound.check(least - 1) == Err(Error::InvalidParameter), "{bound:?}");
        assert_eq!(bound.check_or_none(0_u64), Ok(()));
    }
}
