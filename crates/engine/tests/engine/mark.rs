//! Marks: what raises and lowers them, and that they end. A world of obligations, one feed and anyone who acts plays
//! histories; what must hold is said in whole numbers beside it.

use backstop_engine::{
    hold::{Hold, Holds},
    mark::{Evidence, Mark},
    memory::PriceMemory,
    price::{PriceTimes, Quote, Reading},
    quantity::Assets,
};
use proptest::prelude::*;

use crate::strategies::{any_size, cases};

const HOLD: u32 = 600;
const MAX_AGE: i64 = 60;
const DEBTORS: usize = 3;

const fn assets(units: u64) -> Assets {
    Assets::new(units)
}

const fn evidence(newest: bool, oldest: i64) -> Evidence {
    Evidence { newest, recent: true, oldest }
}

/// Whether neither is on hold and nothing is marked, so that neither can change.
const fn rest(holds: &Holds) -> bool {
    holds.marked.is_zero() && !holds.pool.on && !holds.fund.on
}

/// `(shown, paid, left, newest) -> what a mark of 100, made at 5, becomes`.
#[test]
fn a_mark_becomes_what_is_shown_but_no_less_than_was_paid_for() {
    let mark = Mark { shortfall: assets(100), since: 5 };
    for (shown, paid, left, newest, expected) in [
        (130, 0, 1_000, false, 130), // worse: any price
        (40, 0, 1_000, true, 40),    // better: the newest only
        (40, 0, 1_000, false, 100),
        (0, 70, 1_000, false, 30),  // paid for
        (60, 70, 1_000, false, 60), // but this much is left
        (0, 200, 1_000, false, 0),
        (130, 0, 90, true, 90), // never more than the debt
        (0, 0, 0, false, 0),
        (200, 0, 1_000, true, 200),
        (201, 0, 1_000, true, 201), // more than twice as much is another loss: it begins anew
    ] {
        let after = mark.after(assets(shown), assets(paid), assets(left), evidence(newest, 0), 9);
        let since = if expected == 0 {
            0
        } else if expected > 200 {
            9
        } else {
            5
        };
        assert_eq!(after, Mark { shortfall: assets(expected), since }, "{shown} {paid} {left} {newest}");
    }
    let begun = Mark::NONE.after(assets(7), assets(9), assets(100), Evidence::FAVOUR, 9);
    assert_eq!(begun, Mark { shortfall: assets(7), since: 9 });
}

#[test]
fn evidence_is_as_good_as_the_worst_price() {
    let times = |first, second| PriceTimes { first, second };
    let of = |read, before| Evidence::of(read, &PriceMemory { times: before, ..PriceMemory::default() });
    let two = Evidence::BEGUN.and(of(times(9, 8), times(9, 8))).and(of(times(12, 12), times(0, 0)));
    assert_eq!(two, evidence(true, 8));
    assert_eq!(two.and(of(times(7, 30), times(8, 30))), evidence(false, 7));
    assert_eq!(two.and(Evidence::FAVOUR), evidence(false, 8), "a price in the borrower's favour lowers no mark");
    // Ten seconds older than what was read before is recent, of both feeds.
    for (before, recent) in [(times(17, 40), true), (times(18, 40), false), (times(17, 41), false)] {
        assert_eq!(two.and(of(times(7, 30), before)).recent, recent, "{before:?}");
    }
}

/// From `hold_seconds` after it was made, or while the pool or the fund was on hold as long; never without a mark.
#[test]
fn settlement_is_due_for_an_old_mark_or_after_long_holds() {
    let (open, mark) = (Holds::default(), Mark { shortfall: assets(1), since: 1_000 });
    assert!(!mark.is_due(&open, HOLD, 1_599) && mark.is_due(&open, HOLD, 1_600));
    let long = Hold::default().at(true, HOLD, 600);
    let (pool, fund) = (Holds { pool: long, ..open }, Holds { fund: long, ..open });
    assert!(!mark.is_due(&pool, HOLD, 1_199) && mark.is_due(&pool, HOLD, 1_200));
    assert!(!mark.is_due(&fund, HOLD, 1_199) && mark.is_due(&fund, HOLD, 1_200));
    assert!(!Mark::NONE.is_due(&Holds { fund: long, ..pool }, HOLD, 9_999));
    assert!(mark.is_settled_by(evidence(false, 1_000)) && !mark.is_settled_by(evidence(true, 999)));
    assert!(
        mark.is_settled_by(Evidence::BEGUN.and(Evidence::FAVOUR)),
        "no price is read where all are in the borrower's favour"
    );
}

#[test]
fn the_sum_is_replaced_part_by_part() {
    let marks = [30, 12].map(|shortfall| Mark { shortfall: assets(shortfall), since: 1 });
    let [first, second] = marks;
    let sum = Mark::NONE.replaced(&first, assets(0)).and_then(|sum| Mark::NONE.replaced(&second, sum));
    assert_eq!(sum, Ok(assets(42)));
    assert_eq!(first.replaced(&Mark::NONE, assets(42)), Ok(assets(12)));
    assert!(first.replaced(&Mark::NONE, assets(29)).is_err());
}

/// What somebody does. `age` is how many readings before the newest the price is from, as far as it is fresh.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Seconds pass, each at this price.
    Wait(u32, u64),
    /// Marks.
    Mark(usize, usize),
    /// Pays this part of the debt, in thousandths.
    Repay(usize, u64),
    /// Pays this part of what the collateral is worth, and takes it with a bonus of 5 %.
    Liquidate(usize, u64, usize),
    /// Settles, if that is due.
    Settle(usize, usize),
    /// Adds this much collateral.
    TopUp(usize, u64),
    /// Reads the price elsewhere.
    Read(usize),
    /// An LP takes this part of NAV out, in thousandths.
    Leave(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (who, age) = (|| 0..DEBTORS, || prop_oneof![2 => Just(0_usize), 1 => 0_usize..60]);
    // Around 105, where a debt of 1,000 is covered by ten units of collateral.
    let price = || prop_oneof![90_u64..120, 100_u64..108, Just(105)];
    let step = prop_oneof![
        4 => (1_u32..20, price()).prop_map(|(seconds, price)| Step::Wait(seconds, price)),
        2 => (20_u32..700, price()).prop_map(|(seconds, price)| Step::Wait(seconds, price)),
        6 => (who(), age()).prop_map(|(who, age)| Step::Mark(who, age)),
        1 => (who(), 1_u64..=200).prop_map(|(who, part)| Step::Repay(who, part)),
        1 => (who(), 1_u64..=1_000, age()).prop_map(|(who, part, age)| Step::Liquidate(who, part, age)),
        3 => (who(), age()).prop_map(|(who, age)| Step::Settle(who, age)),
        1 => (who(), 1_u64..20).prop_map(|(who, units)| Step::TopUp(who, units)),
        1 => age().prop_map(Step::Read),
        2 => (1_u64..500).prop_map(Step::Leave),
    ];
    prop::collection::vec(step, 1..50)
}

#[derive(Clone, Copy, Debug)]
struct Debtor {
    debt: u64,
    units: u64,
    mark: Mark,
}

impl Debtor {
    /// What the debt exceeds the proceeds by: `debt - collateral / 1.05`, rounded up.
    fn shortfall(&self, price: u64) -> u64 {
        self.debt.saturating_sub(self.units * price * 100 / 105)
    }
}

#[derive(Clone, Debug)]
struct World {
    now: i64,
    /// What the feed said, by time.
    feed: Vec<(i64, u64)>,
    /// Which of it was read last by time: an index.
    shown: Option<usize>,
    memory: PriceMemory,
    debtors: [Debtor; DEBTORS],
    nav: u64,
    fund: u64,
    holds: Holds,
    /// Whether each was on hold, second by second.
    seconds: [Vec<bool>; 2],
    /// Whether keepers settle what is due after every step and in every second.
    keepers: bool,
    lost: u64,
}

impl World {
    fn new(nav: u64, fund: u64, keepers: bool) -> Self {
        let debtor = |debt| Debtor { debt, units: debt / 100, mark: Mark::NONE };
        Self {
            now: 1_000_000,
            feed: vec![(1_000_000, 120)],
            shown: None,
            memory: PriceMemory::default(),
            debtors: [debtor(1_000), debtor(50_000), debtor(3_000_000)],
            nav,
            fund,
            holds: Holds::default(),
            seconds: [Vec::new(), Vec::new()],
            keepers,
            lost: 0,
        }
    }

    /// A fresh price, so many readings old.
    fn read(&mut self, age: usize) -> (u64, Evidence) {
        let fresh = self.feed.iter().filter(|(at, _)| self.now - at <= MAX_AGE).count();
        let index = self.feed.len() - 1 - age.min(fresh - 1);
        let (at, price) = self.feed[index];
        let times = PriceTimes { first: at, second: at };
        let evidence = Evidence::of(times, &self.memory);
        assert_eq!(evidence.newest, self.shown.is_none_or(|shown| self.feed[shown].0 <= at), "no-escape");
        self.memory = self.memory.after(&Reading { quote: Quote { price, confidence: 0, exponent: 0 }, times });
        self.shown = self.shown.max(Some(index));
        (price, evidence)
    }

    /// Replaces a mark, and holds what that holds.
    fn mark(&mut self, who: usize, after: Mark) {
        self.holds.marked = self.debtors[who].mark.replaced(&after, self.holds.marked).unwrap();
        self.debtors[who].mark = after;
        self.hold();
    }

    fn hold(&mut self) {
        self.holds = self.holds.of_pool(assets(self.nav), HOLD, self.now).of_fund(assets(self.fund), HOLD, self.now);
    }

    fn is_due(&self, who: usize) -> bool {
        self.debtors[who].mark.is_due(&self.holds, HOLD, self.now)
    }

    /// Records what the price shows and ends the mark. False if it is not due, or the price is of before the mark.
    fn settle(&mut self, who: usize, age: usize) -> bool {
        if !self.is_due(who) {
            return false;
        }
        let (price, evidence) = self.read(age);
        let debtor = &mut self.debtors[who];
        if !debtor.mark.is_settled_by(evidence) {
            return false;
        }
        let loss = debtor.shortfall(price);
        debtor.debt -= loss;
        self.lost += loss;
        self.nav = self.nav.saturating_sub(loss);
        self.mark(who, Mark::NONE);
        true
    }

    fn settle_due(&mut self) {
        for who in 0..DEBTORS {
            self.settle(who, 0);
        }
    }

    fn take(&mut self, step: Step) {
        self.play(step);
        if self.keepers {
            self.settle_due();
        }
    }

    fn play(&mut self, step: Step) {
        match step {
            Step::Wait(seconds, price) => {
                for _ in 0..seconds {
                    let [pool, fund] = &mut self.seconds;
                    pool.push(self.holds.pool.on);
                    fund.push(self.holds.fund.on);
                    self.now += 1;
                    self.feed.push((self.now, price));
                    if self.keepers {
                        self.settle_due();
                    }
                }
            }
            Step::Mark(who, age) => {
                let (price, evidence) = self.read(age);
                let debtor = self.debtors[who];
                let (shown, left) = (assets(debtor.shortfall(price)), assets(debtor.debt));
                self.mark(who, debtor.mark.after(shown, assets(0), left, evidence, self.now));
            }
            Step::Repay(who, part) => {
                let debtor = &mut self.debtors[who];
                let paid = debtor.debt * part / 1_000;
                debtor.debt -= paid;
                let (mark, left) = (debtor.mark, assets(debtor.debt));
                self.mark(who, mark.after(assets(0), assets(paid), left, Evidence::FAVOUR, self.now));
            }
            Step::Liquidate(who, part, age) => {
                let (price, evidence) = self.read(age);
                let debtor = &mut self.debtors[who];
                let paid = (debtor.units * price * 100 / 105 * part / 1_000).min(debtor.debt);
                debtor.debt -= paid;
                debtor.units -= (paid * 105 / 100 / price).min(debtor.units);
                let debtor = *debtor;
                let (shown, left) = (assets(debtor.shortfall(price)), assets(debtor.debt));
                self.mark(who, debtor.mark.after(shown, assets(paid), left, evidence, self.now));
            }
            Step::Settle(who, age) => _ = self.settle(who, age),
            Step::TopUp(who, units) => self.debtors[who].units += units,
            Step::Read(age) => _ = self.read(age),
            Step::Leave(part) => {
                if self.holds.require_pool_open(assets(self.nav)).is_ok() {
                    self.nav -= self.nav * part / 1_000;
                    self.hold();
                }
            }
        }
    }
}

/// The longest series of holds: their seconds together, with less than [`HOLD`] open between.
fn longest_series(seconds: &[bool]) -> u32 {
    let (mut longest, mut held, mut open) = (0, 0, HOLD);
    for on in seconds {
        if *on {
            (held, open) = (if open >= HOLD { 1 } else { held + 1 }, 0);
            longest = longest.max(held);
        } else {
            open += 1;
        }
    }
    longest
}

proptest! {
    #![proptest_config(cases(400))]

    /// `no-escape`: a mark falls by no more than was paid or recorded, unless the newest price that anyone has shown
    /// says so, or it is settled. `hold-ends`: it never exceeds the debt. Dust marks hold nobody, and material ones
    /// everyone.
    #[test]
    fn marks_fall_only_by_payment_the_newest_price_or_settlement(
        steps in steps(), nav in 1_000_000_u64..100_000_000, fund in 0_u64..10_000_000, keepers in any::<bool>(),
    ) {
        let mut world = World::new(nav, fund, keepers);
        for step in steps {
            let before = world.clone();
            world.take(step);
            for (who, (was, is)) in before.debtors.iter().zip(&world.debtors).enumerate() {
                let (fell, paid) = (was.mark.shortfall.saturating_sub(is.mark.shortfall).get(), was.debt - is.debt);
                let (newest_at, newest) = world.shown.map_or((0, 0), |shown| world.feed[shown]);
                let settled =
                    is.mark == Mark::NONE && (matches!(step, Step::Settle(..) if before.is_due(who)) || keepers);
                prop_assert!(
                    fell <= paid || settled || is.shortfall(newest) == is.mark.shortfall.get(),
                    "no-escape: {:?} at {} took {} for {}",
                    step,
                    newest_at,
                    fell,
                    paid
                );
                prop_assert!(is.mark.shortfall.get() <= is.debt, "hold-ends: {:?}", step);
                prop_assert_eq!(is.mark.shortfall.get() == 0, is.mark.since == 0);
                if was.mark.since != 0 && is.mark.since != 0 && !keepers {
                    let anew = is.mark.shortfall.get() > 2 * was.mark.shortfall.get();
                    let since = if anew { world.now } else { was.mark.since };
                    prop_assert_eq!(
                        since,
                        is.mark.since,
                        "hold-ends: a mark begins anew only where it more than doubles"
                    );
                }
            }
            let marked = world.debtors.iter().map(|debtor| debtor.mark.shortfall.get()).sum::<u64>();
            prop_assert_eq!(world.holds.marked, assets(marked), "the sum is that of the obligations");
            let Holds { pool, fund, .. } = world.holds;
            for (hold, of) in [(pool, world.nav), (fund, world.fund)] {
                prop_assert_eq!(hold.on, marked * 10_000 > of, "hold-ends: dust holds nobody");
            }
            prop_assert_eq!(world.holds.require_fund_open(assets(world.fund)).is_ok(), !fund.on);
        }
    }

    /// `hold-ends`: where what is due is settled, no series of marks holds longer than `hold_seconds`, whatever anyone
    /// does.
    #[test]
    fn no_series_of_marks_holds_longer(steps in steps(), nav in 1_000_000_u64..100_000_000, fund in 0_u64..10_000_000) {
        let mut world = World::new(nav, fund, true);
        for step in steps {
            world.take(step);
        }
        for seconds in &world.seconds {
            prop_assert!(longest_series(seconds) <= HOLD, "hold-ends: {}", longest_series(seconds));
        }
    }

    /// `hold-ends`: from any state, with no liquidity, settling all after `hold_seconds` opens both; with liquidity,
    /// paying what is marked does at once.
    #[test]
    fn anyone_ends_a_hold(steps in steps(), nav in 1_000_000_u64..100_000_000, fund in 0_u64..10_000_000) {
        let mut world = World::new(nav, fund, false);
        for step in steps {
            world.take(step);
        }
        let mut paid = world.clone();
        for who in 0..DEBTORS {
            let (mark, debt) = (paid.debtors[who].mark, paid.debtors[who].debt);
            paid.debtors[who].debt -= mark.shortfall.get();
            let left = assets(debt - mark.shortfall.get());
            paid.mark(who, mark.after(assets(0), mark.shortfall, left, Evidence::FAVOUR, paid.now));
        }
        prop_assert!(rest(&paid.holds), "hold-ends: with liquidity");

        let last = world.feed.last().unwrap().1;
        world.take(Step::Wait(HOLD, last));
        world.settle_due();
        prop_assert!(rest(&world.holds), "hold-ends: without");
    }

    /// `covered-is-never-lost`: what is settled is lost only as far as the price shows, and nothing of it twice.
    #[test]
    fn settlement_loses_what_is_not_covered(steps in steps(), nav in 1_000_000_u64..100_000_000, price in 90_u64..140) {
        let mut world = World::new(nav, 0, false);
        for step in steps {
            world.take(step);
        }
        world.take(Step::Wait(HOLD, price));
        for who in 0..DEBTORS {
            let (debtor, lost) = (world.debtors[who], world.lost);
            let due = debtor.mark != Mark::NONE;
            prop_assert_eq!(world.settle(who, 0), due, "hold-ends");
            let expected = if due { debtor.shortfall(price) } else { 0 };
            prop_assert_eq!(world.lost - lost, expected, "covered-is-never-lost");
            prop_assert_eq!(world.debtors[who].shortfall(price) > 0, debtor.shortfall(price) > expected);
            prop_assert!(!world.settle(who, 0), "hold-ends: settled twice");
        }
    }

    #[test]
    fn nothing_panics(
        (shortfall, shown, paid, left) in (any_size(), any_size(), any_size(), any_size()),
        (since, oldest, now) in (any::<i64>(), any::<i64>(), any::<i64>()), newest in any::<bool>(),
        hold in any::<u32>(),
    ) {
        let mark = Mark { shortfall: assets(shortfall), since };
        let after = mark.after(assets(shown), assets(paid), assets(left), evidence(newest, oldest), now);
        prop_assert!(after.shortfall <= assets(left));
        prop_assert_eq!(Mark::NONE.replaced(&after, assets(0)), Ok(after.shortfall));
        let holds = Holds { marked: after.shortfall, ..Holds::default() }.of_pool(assets(0), hold, now);
        prop_assert!(!after.shortfall.is_zero() || !after.is_due(&holds, hold, now));
    }
}
