//! Expected losses: what they take from those who leave, and that leaving never beats staying.

use backstop_engine::{
    Error,
    insurance::{Fund, InsuranceLimits},
    pool::Totals,
    provision::Provisions,
    quantity::{Assets, Bps, DebtShares, Shares},
    waterfall::{Books, record},
};
use num_traits::Zero as _;
use proptest::prelude::*;

use crate::{
    given::{
        any_size, books, cases, fresh_pool, fund, fund_with_history, open_handed, pool_with_history, staked, terms,
        valid_limits,
    },
    model::{self, Rational, int, ratio, whole},
};

const NONE: Assets = Assets::ZERO;

fn assets(units: u64) -> Assets {
    Assets::new(units)
}

/// So many provisions that add up to this.
fn provisions(total: u64, count: u32) -> Provisions {
    Provisions { total: assets(total), count }
}

#[test]
fn replacing_keeps_sum_and_count() {
    let none = Provisions::default();
    let one = none.replace(NONE, assets(7)).unwrap();
    assert_eq!(one, provisions(7, 1));
    let two = one.replace(NONE, assets(5)).unwrap();
    assert_eq!(two, provisions(12, 2), "provision-once");
    assert_eq!(two.replace(assets(7), assets(1)), Ok(provisions(6, 2)), "provision-once: updated, not added");
    assert_eq!(two.replace(assets(7), NONE), Ok(provisions(5, 1)), "provision-once: released");
    assert_eq!(two.replace(NONE, NONE), Ok(two));
    // What is no part of the sum cannot be released.
    assert_eq!(none.replace(assets(1), NONE), Err(Error::MathOverflow));
    assert_eq!(one.replace(assets(8), NONE), Err(Error::MathOverflow));
    assert_eq!(one.replace(NONE, assets(u64::MAX)), Err(Error::MathOverflow));
}

#[test]
fn held_back_from_lps_by_hand() {
    // 130 expected, 30 of reserves: 100 remain, of which the fund pays the share, within its caps.
    let pool = Totals { reserves: assets(30), ..fresh_pool(930, 130) };
    let limits = InsuranceLimits { share: Bps::new(5_000), ..open_handed() };
    let event = InsuranceLimits { event_cap: Bps::new(1_000), ..open_handed() };
    let window = InsuranceLimits { window_cap: Bps::new(5_000), ..open_handed() };
    let recent = Fund { window_drawn: assets(20), ..fund(60) };
    // fund, limits: held back
    let table = [
        (fund(0), open_handed(), 100),
        (fund(60), open_handed(), 40),
        (fund(60), limits, 50),
        (fund(60), event, 94),
        (fund(60), window, 70),
        (recent, window, 80), // (60 + 20) / 2 - 20 = 20
        (fund(1_000), open_handed(), 0),
    ];
    for (fund, limits, held) in table {
        assert_eq!(
            provisions(130, 1).to_lps(&pool, &fund, &limits, 0),
            Ok(assets(held)),
            "no-escape: {fund:?} {limits:?}"
        );
        // LPs count one draw, however many losses there are.
        assert_eq!(provisions(130, 9).to_lps(&pool, &fund, &limits, 0), Ok(assets(held)), "no-escape");
    }
    // What is due to the fund is drawn, too. What fades from the window is free again.
    let due = Totals { insurance_due: assets(25), ..pool };
    assert_eq!(provisions(130, 1).to_lps(&due, &fund(60), &open_handed(), 0), Ok(assets(15)), "no-escape");
    assert_eq!(provisions(130, 1).to_lps(&pool, &recent, &window, 1_000), Ok(assets(70)), "no-escape");
    // Reserves that suffice leave nothing to bear.
    assert_eq!(provisions(30, 1).to_lps(&pool, &fund(0), &open_handed(), 0), Ok(NONE));
    assert_eq!(Provisions::default().to_lps(&pool, &fund(0), &open_handed(), 0), Ok(NONE));
}

#[test]
fn held_back_from_stakers_by_hand() {
    // As above: 100 remain after reserves.
    let pool = Totals { reserves: assets(30), ..fresh_pool(930, 130) };
    let half = InsuranceLimits { share: Bps::new(5_000), ..open_handed() };
    let event = InsuranceLimits { event_cap: Bps::new(1_000), ..open_handed() };
    // count, fund, limits: held back
    let table = [
        (1, staked(0), open_handed(), 0),
        (1, staked(60), open_handed(), 60),
        (1, staked(60), half, 50),
        (1, staked(60), event, 6),
        (3, staked(60), event, 6), // while a cap binds nobody leaves
        (20, staked(1_000), event, 100),
        (20, staked(1_000), half, 50),
    ];
    for (count, fund, limits, held) in table {
        let held_back = provisions(130, count).to_stakers(&pool, &fund, &limits, 0);
        assert_eq!(held_back, Ok(assets(held)), "no-escape: {count} {fund:?} {limits:?}");
    }
    // What is due to the fund is drawn, too.
    let due = Totals { insurance_due: assets(25), ..pool };
    assert_eq!(provisions(130, 1).to_stakers(&due, &staked(60), &open_handed(), 0), Ok(assets(85)), "no-escape");
    // Reserves that suffice leave nothing to bear.
    assert_eq!(
        provisions(30, 1).to_stakers(&pool, &staked(60), &open_handed(), 0),
        Ok(NONE),
        "no-escape: reserves come first"
    );
    assert_eq!(Provisions::default().to_stakers(&pool, &staked(60), &open_handed(), 0), Ok(NONE));
}

#[test]
fn stakers_cannot_escape_a_window_that_clears() {
    // Half of the fund within the window, two losses of 100 expected: half now, and half of the rest once the window is clear.
    let limits = InsuranceLimits { window_cap: Bps::new(5_000), ..open_handed() };
    let mut left = Exits::new(fresh_pool(1_000, 200), staked(100), limits, &[100, 100]);
    assert_eq!(left.unstake(50), None, "no-escape: while a cap binds nobody leaves");
    left.record(0);
    assert_eq!(left.unstake(25), None, "no-escape: the window is full");
    left.now += 1_000;
    assert_eq!(left.unstake(25), None, "no-escape: more than half of what is left is expected");
    left.record(1);
    // Of 100, half was drawn, and half of the rest: 25 * 26 / 101.
    assert_eq!(left.unstake(25), Some(6), "slash-only");
}

#[test]
fn stakers_who_leave_move_no_loss_to_lps() {
    // A tenth of 1,000 covers all of the 100 that are expected, so an LP leaves whole. Were stakers to leave now, a tenth of the rest
    // would not, and who stays would bear what the LP escaped: they wait until it is recorded.
    let limits = InsuranceLimits { event_cap: Bps::new(1_000), ..open_handed() };
    let mut world = Exits::new(fresh_pool(900, 100), staked(1_000), limits, &[100]);
    assert_eq!(world.withdraw(500), Some(500), "no-escape");
    assert_eq!(world.unstake(990), None, "no-escape");
    world.record(0);
    assert_eq!(world.unstake(990), Some(891), "no-escape: 990 * 901 / 1,001");
    assert!(world.price() * whole(500) >= whole(499), "no-escape: who stays has {} a share", world.price());
}

#[test]
fn entering_is_never_cheaper_than_leaving() {
    // NAV 1,000 of which 100 are held back: a share costs 1 and pays 901 / 1,001.
    let pool = fresh_pool(900, 100);
    let held_back = provisions(100, 1).to_lps(&pool, &fund(0), &open_handed(), 0).unwrap();
    assert_eq!(pool.deposit(assets(500)).unwrap().shares, Shares::new(500), "no-escape");
    assert_eq!(pool.withdraw(Shares::new(500), held_back).unwrap().assets, assets(450), "no-escape");
    // Leave, let it be recorded, come back: 450 buy 450 * 501 / 451 = 499.9 shares, less than left.
    let gone = pool.withdraw(Shares::new(500), held_back).unwrap().totals;
    let recorded = record(&books(&gone, &fund(0)), &terms(&open_handed()), DebtShares::new(100), 0).unwrap();
    let back = recorded.books.totals.deposit(assets(450)).unwrap();
    assert_eq!(back.shares, Shares::new(499), "no-escape: leave, record, come back");
    // And who stayed has not lost by it: 500 of 499 + 500 shares.
    assert!(back.totals.value_of(Shares::new(500), NONE).unwrap() >= assets(450), "no-escape");
}

/// A pool with obligations that are provisioned, out of which LPs and stakers leave while they are recorded.
#[derive(Clone, Debug)]
struct Exits {
    books: Books,
    provisions: Provisions,
    limits: InsuranceLimits,
    /// What each obligation is expected to leave, all of which is recorded in the end.
    losses: Vec<u64>,
    now: i64,
}

impl Exits {
    fn new(pool: Totals, fund: Fund, limits: InsuranceLimits, losses: &[u64]) -> Self {
        let provisions =
            losses.iter().fold(Provisions::default(), |all, loss| all.replace(NONE, assets(*loss)).unwrap());
        Self { books: books(&pool, &fund), provisions, limits, losses: losses.to_vec(), now: fund.window_at }
    }

    fn to_lps(&self) -> Assets {
        self.provisions.to_lps(&self.books.totals, &self.books.fund, &self.limits, self.now).unwrap()
    }

    fn to_stakers(&self) -> Assets {
        self.provisions.to_stakers(&self.books.totals, &self.books.fund, &self.limits, self.now).unwrap()
    }

    /// What a share is worth now, to the last bit.
    fn price(&self) -> Rational {
        let totals = &self.books.totals;
        if totals.shares.is_zero() { Rational::zero() } else { model::Books::from(totals).price() }
    }

    fn stake_price(&self) -> Rational {
        let fund = &self.books.fund;
        if fund.shares.is_zero() {
            return Rational::zero();
        }
        let value = int(fund.assets.get()) + self.books.totals.insurance_due.get() + 1;
        ratio(value, int(fund.shares.get()) + fund.founding.get() + 1)
    }

    fn withdraw(&mut self, shares: u64) -> Option<u64> {
        let done = self.books.totals.withdraw(Shares::new(shares), self.to_lps()).ok()?;
        self.books.totals = done.totals;
        Some(done.assets.get())
    }

    fn unstake(&mut self, shares: u64) -> Option<u64> {
        (self.books.fund, self.books.totals) = self.books.fund.settled(&self.books.totals).unwrap();
        let done = self.books.fund.unstake(Shares::new(shares), assets(u64::MAX), self.to_stakers()).ok()?;
        self.provisions.require_covered(&self.books.totals, &done.fund, &self.limits, self.now).ok()?;
        self.books.fund = done.fund;
        Some(done.assets.get())
    }

    /// Takes a step, if it is possible; says what it paid out.
    fn take(&mut self, step: Exit) -> Option<u64> {
        match step {
            Exit::Withdraw(shares) => return self.withdraw(shares),
            Exit::Unstake(shares) => return self.unstake(shares),
            Exit::Record(which) => self.record(which % self.losses.len()),
            Exit::Wait(seconds) => self.now += seconds,
        }
        None
    }

    /// Records all that is left.
    fn end(&mut self) {
        (0..self.losses.len()).for_each(|which| self.record(which));
    }

    /// Records one of the losses and releases its provision.
    fn record(&mut self, which: usize) {
        let loss = std::mem::take(&mut self.losses[which]);
        if loss > 0 {
            let done = record(&self.books, &terms(&self.limits), DebtShares::new(loss), self.now).unwrap();
            self.books = done.books;
            self.provisions = self.provisions.replace(assets(loss), NONE).unwrap();
        }
    }
}

/// So many shares leave, or are recorded, or time passes.
#[derive(Clone, Copy, Debug)]
enum Exit {
    Withdraw(u64),
    Unstake(u64),
    Record(usize),
    Wait(i64),
}

fn exits() -> impl Strategy<Value = Vec<Exit>> {
    let shares = || prop_oneof![1_u64..1_000, 1_u64..1_000_000, 1_u64..1_000_000_000];
    prop::collection::vec(
        prop_oneof![
            3 => shares().prop_map(Exit::Withdraw),
            3 => shares().prop_map(Exit::Unstake),
            2 => (0_usize..6).prop_map(Exit::Record),
            1 => (1_i64..3_000).prop_map(Exit::Wait),
        ],
        1..16,
    )
}

proptest! {
    #![proptest_config(cases(2_000))]

    /// `no-escape`: from the moment provisions stand until all are recorded, who leaves gets no more than it would have had in the
    /// end if it had stayed, for LPs and for stakers, in any interleaving, within one unit a call.
    #[test]
    fn leaving_never_beats_staying(
        (cash, reserves, due) in (1_u64..1_000_000, 0_u64..100_000, 0_u64..10_000), losses in prop::collection::vec(1_u64..200_000, 1..6),
        fund in fund_with_history(), limits in valid_limits(), scale in 0_u32..24, steps in exits(),
    ) {
        let lent = losses.iter().sum::<u64>();
        let pool = fresh_pool(cash + lent, lent);
        let pool = Totals { reserves: assets(reserves.min(lent / 2)), insurance_due: assets(due), ..pool };
        let cut = |units: Assets| assets(units.get() >> scale);
        let fund = Fund { assets: cut(fund.assets), window_drawn: cut(fund.window_drawn), ..fund };
        let limits = InsuranceLimits { window_seconds: limits.window_seconds % 5_000 + 1, ..limits };
        let begin = Exits::new(pool, fund, limits, &losses);

        let mut world = begin.clone();
        let mut left = Vec::new();
        for (index, step) in steps.iter().enumerate() {
            let standing = world.provisions.count > 0;
            let before = (world.price(), world.stake_price());
            if let Some(paid) = world.take(*step) && standing {
                left.push((index, paid));
            }
            let last = (world.books.totals.shares.is_zero(), world.books.fund.shares.is_zero());
            let recorded = matches!(step, Exit::Record(_));
            prop_assert!(recorded || last.0 || world.price() >= before.0, "price-falls-only-by-loss");
            prop_assert!(recorded || last.1 || world.stake_price() >= before.1, "slash-only");
        }
        world.end();
        prop_assert_eq!(world.provisions, Provisions::default(), "provision-once");
        let calls = whole(steps.len() + losses.len());
        for (index, paid) in left {
            // The same history, but this one stays.
            let mut other = begin.clone();
            for (at, step) in steps.iter().enumerate() {
                if at != index {
                    other.take(*step);
                }
            }
            other.end();
            let stays = match steps[index] {
                Exit::Withdraw(shares) => other.price() * whole(shares),
                Exit::Unstake(shares) => other.stake_price() * whole(shares),
                Exit::Record(_) | Exit::Wait(_) => continue,
            };
            prop_assert!(whole(paid) <= &stays + &calls, "no-escape: {:?} for {}, and would have {}", steps[index], paid, stays);
        }
    }

    /// `provision-once`: what a provision takes from those who leave is what recording takes from those who stay, and then it is gone.
    #[test]
    fn a_provision_and_its_loss_count_once(
        pool in pool_with_history(), fund in fund_with_history(), limits in valid_limits(), lost in any::<u64>(), now in 0_i64..4_000_000,
    ) {
        let lost = DebtShares::new(lost % pool.debt_shares.get() + 1);
        let rest = Totals { debt_shares: pool.debt_shares.minus(lost).unwrap(), ..pool };
        let loss = pool.performing_debt().unwrap().minus(rest.performing_debt().unwrap()).unwrap();
        prop_assume!(!loss.is_zero());
        let standing = Provisions::default().replace(NONE, loss).unwrap();
        let held_back = standing.to_lps(&pool, &fund, &limits, now).unwrap();
        let exit = pool.nav().unwrap().saturating_sub(held_back);
        let recorded = record(&books(&pool, &fund), &terms(&limits), lost, now).unwrap();
        prop_assert_eq!(recorded.books.totals.nav().unwrap(), exit, "provision-once: exit NAV before is NAV after");
        let released = standing.replace(loss, NONE).unwrap();
        prop_assert_eq!(released, Provisions::default(), "provision-once");
        prop_assert_eq!(released.to_lps(&recorded.books.totals, &recorded.books.fund, &limits, now), Ok(NONE), "provision-once");
        // What stakers leave behind is at least what is drawn, and no more than the fund has.
        let behind = standing.to_stakers(&pool, &fund, &limits, now).unwrap();
        prop_assert!(behind >= recorded.loss.from_insurance, "no-escape");
        prop_assert!(behind.get() <= fund.assets.get() + pool.insurance_due.get(), "no-escape");
    }

    #[test]
    fn nothing_panics(
        (total, count) in (any_size(), any::<u32>()), (cash, reserves, due) in (any_size(), any_size(), any_size()),
        (held, drawn) in (any_size(), any_size()), limits in valid_limits(), now in any::<i64>(),
    ) {
        let pool = Totals { cash: assets(cash), reserves: assets(reserves), insurance_due: assets(due), ..Totals::empty(0) };
        let fund = Fund { window_drawn: assets(drawn), ..fund(held) };
        let all = provisions(total, count);
        let (lps, stakers) = (all.to_lps(&pool, &fund, &limits, now), all.to_stakers(&pool, &fund, &limits, now));
        // What there is always fits.
        if let Some(there) = held.checked_add(due) {
            prop_assert!(lps.is_ok_and(|lps| lps.get() <= total), "provision-once");
            prop_assert!(stakers.is_ok_and(|stakers| stakers.get() <= there.min(total)), "provision-once");
        }
        let _ = all.replace(assets(held), assets(due));
    }
}
