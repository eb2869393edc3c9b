//! Who bears a loss: each layer by hand, and the split against the model.

use backstop_engine::{
    Error,
    fixed::Q64,
    pool::Totals,
    quantity::{Assets, Bps, DebtShares, Shares},
    waterfall::{Fund, InsuranceLimits, Recording, record},
};
use num_traits::Zero as _;
use proptest::prelude::*;

use crate::{
    given::{any_size, cases, fresh_pool, fund, fund_with_history, open_handed, pool_with_history, valid_limits},
    model::{self, Books},
};

const MAX: u64 = u64::MAX;

/// What reserves, insurance, LPs and nobody bore.
fn split(recorded: &Recording) -> [u64; 4] {
    let loss = recorded.loss;
    [loss.from_reserves.get(), loss.from_insurance.get(), loss.to_lps.get(), loss.uncovered.get()]
}

/// 1,000 of NAV, 30 of reserves, of which 100 are lent.
fn pool() -> Totals {
    Totals { reserves: Assets::new(30), shares: Shares::new(1_000), ..fresh_pool(930, 100) }
}

fn recorded(pool: &Totals, fund: &Fund, limits: &InsuranceLimits, lost: u64) -> Recording {
    record(pool, fund, limits, DebtShares::new(lost), 0).unwrap()
}

#[test]
fn layers_by_hand() {
    // loss, fund, limits: who pays
    let half = InsuranceLimits { share: Bps::new(5_000), ..open_handed() };
    let event = InsuranceLimits { event_cap: Bps::new(1_000), ..open_handed() };
    let window = InsuranceLimits { window_cap: Bps::new(2_000), ..open_handed() };
    let table = [
        (1, 100, open_handed(), [1, 0, 0, 0]),
        (30, 100, open_handed(), [30, 0, 0, 0]),
        (31, 100, open_handed(), [30, 1, 0, 0]),
        (100, 100, open_handed(), [30, 70, 0, 0]),
        (100, 69, open_handed(), [30, 69, 1, 0]),
        (100, 0, open_handed(), [30, 0, 70, 0]),
        (100, 100, half, [30, 35, 35, 0]),
        (31, 100, half, [30, 0, 1, 0]), // half of one unit rounds down, in favour of the fund
        (100, 100, event, [30, 10, 60, 0]), // a tenth of 100
        (100, 99, event, [30, 9, 61, 0]), // a tenth of 99, rounded down
        (100, 100, window, [30, 20, 50, 0]),
    ];
    for (lost, held, limits, expected) in table {
        let done = recorded(&pool(), &fund(held), &limits, lost);
        assert_eq!(split(&done), expected, "{lost} of {held} by {limits:?}");
        assert_eq!(done.loss.loss, Assets::new(lost));
        assert_eq!(done.totals.nav(), Ok(Assets::new(1_000 - expected[2])));
        assert_eq!(done.fund.assets, Assets::new(held - expected[1]));
        assert_eq!(done.fund.drawn, Assets::new(expected[1]));
        assert_eq!(done.totals.cash, Assets::new(930 + expected[1]));
        assert_eq!(done.totals.reserves, Assets::new(30 - expected[0]));
        assert!(!done.loss.wiped_out);
    }
}

#[test]
fn share_prices_by_hand() {
    // NAV 1,000 to 930 over 1,000 shares.
    let loss = recorded(&pool(), &fund(0), &open_handed(), 100).loss;
    assert_eq!((loss.share_price_before, loss.share_price_after), (1_000_000_000_000, 930_000_000_000));
    assert_eq!(loss.shares, Shares::new(1_000));
}

#[test]
fn no_debt_is_refused() {
    assert_eq!(record(&pool(), &fund(0), &open_handed(), DebtShares::ZERO, 0), Err(Error::NoDebt));
    assert_eq!(record(&pool(), &fund(0), &open_handed(), DebtShares::new(101), 0), Err(Error::MathOverflow));
}

#[test]
fn revenue_due_is_settled_before_the_draw() {
    // The fund holds 5 and is due 20: it pays 25 of the 70 that reserves leave.
    let done = recorded(&Totals { insurance_due: Assets::new(20), ..pool() }, &fund(5), &open_handed(), 100);
    assert_eq!((done.settled, split(&done)), (Assets::new(20), [30, 25, 45, 0]));
    assert_eq!((done.fund.assets, done.totals.insurance_due), (Assets::ZERO, Assets::ZERO));
    // It is settled even if reserves bear all of the loss.
    let done = recorded(&Totals { insurance_due: Assets::new(20), ..pool() }, &fund(5), &open_handed(), 1);
    assert_eq!((done.settled, done.fund.assets), (Assets::new(20), Assets::new(25)));
}

#[test]
fn window_fades_evenly() {
    let drew = Fund { window_drawn: Assets::new(50), window_at: 100, ..fund(50) };
    // Of 50: all, 50 * 7/8 = 43.75 rounded up, half, a last unit, none; and a clock that goes back fades nothing.
    let table = [(100, 50), (101, 44), (104, 25), (107, 7), (108, 0), (i64::MAX, 0), (99, 50), (i64::MIN, 50)];
    for (now, counted) in table {
        assert_eq!(drew.window_drawn_at(8, now), Ok(Assets::new(counted)), "at {now}");
    }
    // At most half of assets and recent draws together: (50 + 25) / 2 - 25 = 12.5, rounded down.
    let limits = InsuranceLimits { window_cap: Bps::new(5_000), window_seconds: 8, ..open_handed() };
    let done = record(&pool(), &drew, &limits, DebtShares::new(100), 104).unwrap();
    assert_eq!(split(&done), [30, 12, 58, 0]);
    assert_eq!((done.fund.window_drawn, done.fund.window_at), (Assets::new(37), 104));
    // At once again: (38 + 37) / 2 - 37 = 0, and the window does not move.
    let again = record(&fresh_pool(0, 100), &done.fund, &limits, DebtShares::new(1), 104).unwrap();
    assert_eq!((split(&again), again.fund), ([0, 0, 1, 0], done.fund));
}

#[test]
fn wipe_out_by_hand() {
    // All is lent, nothing insures: NAV 1,000 is gone and so are the shares.
    let done = recorded(&fresh_pool(0, 1_000), &fund(0), &open_handed(), 1_000);
    assert_eq!(split(&done), [0, 0, 1_000, 0]);
    assert!(done.loss.wiped_out);
    assert_eq!((done.loss.shares, done.loss.share_price_after), (Shares::new(1_000), 0));
    assert_eq!(done.totals, Totals { ..Totals::empty(0) });
    // The next deposit starts at one to one.
    let next = done.totals.deposit(Assets::new(7)).unwrap();
    assert_eq!((next.shares, next.totals.withdraw(next.shares).unwrap().assets), (Shares::new(7), Assets::new(7)));
    // One unit of insurance saves the last unit of NAV, and with it the generation.
    let saved = recorded(&fresh_pool(0, 1_000), &fund(1), &open_handed(), 1_000);
    assert_eq!((split(&saved), saved.loss.wiped_out), ([0, 1, 999, 0], false));
    assert_eq!((saved.totals.nav(), saved.totals.shares), (Ok(Assets::new(1)), Shares::new(1_000)));
}

#[test]
fn one_unit_is_recorded() {
    let done = recorded(&fresh_pool(0, 1), &fund(0), &open_handed(), 1);
    assert_eq!((split(&done), done.loss.wiped_out), ([0, 0, 1, 0], true));
}

#[test]
fn zero_shares_means_reserves_bear_it() {
    let pool = Totals { shares: Shares::ZERO, reserves: Assets::new(300), ..fresh_pool(200, 100) };
    let done = recorded(&pool, &fund(50), &open_handed(), 100);
    assert_eq!((split(&done), done.loss.wiped_out), ([100, 0, 0, 0], false));
    assert_eq!((done.totals.nav(), done.totals.reserves), (Ok(Assets::ZERO), Assets::new(200)));
}

#[test]
fn the_loss_is_what_performing_debt_falls_by() {
    // 5 shares at 1.5 are 7.5, so 7; without 2 of them 4.5, so 4: the loss is 3. Without 3: 3, so the loss is 4.
    let pool = Totals { borrow_index: Q64::from_bits(3 << 63), ..fresh_pool(100, 5) };
    assert_eq!(recorded(&pool, &fund(0), &open_handed(), 2).loss.loss, Assets::new(3));
    assert_eq!(recorded(&pool, &fund(0), &open_handed(), 3).loss.loss, Assets::new(4));
}

#[test]
fn recording_never_fails_at_maximal_size() {
    let most = MAX - 1;
    // All of NAV at once, half insured, and with every counter of the fund at its end.
    let done = recorded(&fresh_pool(0, most), &fund(0), &open_handed(), most);
    assert_eq!((split(&done), done.loss.wiped_out), ([0, 0, most, 0], true));
    let done = recorded(&fresh_pool(0, most), &fund(MAX), &open_handed(), most);
    assert_eq!(split(&done), [0, most, 0, 0]);
    let spent =
        Fund { drawn: Assets::new(MAX), window_drawn: Assets::new(MAX), window_at: 0, assets: Assets::new(MAX) };
    let done = recorded(&fresh_pool(0, most), &spent, &open_handed(), most);
    assert_eq!(done.loss.loss, Assets::new(most));
    assert_eq!(done.fund.drawn, Assets::new(MAX), "the total of draws saturates");
}

#[test]
fn recording_never_fails_at_a_huge_share_price() {
    // One share worth 2 * 10^7 units is above 2^64 trillionths: the price is told as the most there is.
    let pool = Totals { shares: Shares::new(1), ..fresh_pool(19_000_000, 1_000_000) };
    let done = recorded(&pool, &fund(0), &open_handed(), 1_000_000);
    assert_eq!((split(&done), done.loss.share_price_before), ([0, 0, 1_000_000, 0], MAX));
}

#[test]
fn limits_at_the_bounds() {
    let over = Bps::new(10_001);
    assert_eq!(open_handed().validate(), Ok(()));
    for limits in [
        InsuranceLimits { share: over, ..open_handed() },
        InsuranceLimits { event_cap: over, ..open_handed() },
        InsuranceLimits { window_cap: over, ..open_handed() },
        InsuranceLimits { window_seconds: 0, ..open_handed() },
    ] {
        assert_eq!(limits.validate(), Err(Error::InvalidParameter));
    }
}

proptest! {
    #![proptest_config(cases(3_000))]

    /// `waterfall-exact`
    #[test]
    fn waterfall_exact(
        pool in pool_with_history(), fund in fund_with_history(), limits in valid_limits(), lost in any::<u64>(),
        now in 0_i64..4_000_000,
    ) {
        let lost = lost % pool.debt_shares.get() + 1;
        let done = record(&pool, &fund, &limits, DebtShares::new(lost), now).unwrap();
        let loss = done.loss;
        let expected = Books::from(&pool).record(&fund, &limits, lost, now);

        let found: Vec<_> = split(&done).into_iter().map(model::int).collect();
        prop_assert_eq!(found.iter().sum::<num_bigint::BigInt>(), model::int(loss.loss.get()));
        prop_assert_eq!(model::int(loss.loss.get()), expected.loss.clone());
        prop_assert_eq!(found, vec![
            expected.from_reserves.clone(), expected.from_insurance.clone(), expected.to_lps.clone(), expected.uncovered.clone(),
        ]);
        prop_assert_eq!(model::int(done.settled.get()), expected.settled.clone());
        prop_assert_eq!(Books::from(&done.totals), expected.books.clone());

        // NAV fell by what LPs bore, exactly; nothing was uncovered, since every unit lent came from NAV or reserves.
        prop_assert_eq!(Books::from(&pool).nav() - expected.books.nav(), expected.to_lps);
        prop_assert!(loss.uncovered.is_zero());
        // The fund moved by its revenue and its draw.
        prop_assert_eq!(done.fund.assets.get(), fund.assets.get() + done.settled.get() - loss.from_insurance.get());
        prop_assert_eq!(done.fund.drawn.get(), fund.drawn.get() + loss.from_insurance.get());
        let counted = model::window_drawn(&fund, limits.window_seconds, now);
        if loss.from_insurance.is_zero() {
            prop_assert_eq!((done.fund.window_drawn, done.fund.window_at), (fund.window_drawn, fund.window_at));
        } else {
            prop_assert_eq!(model::int(done.fund.window_drawn.get()), counted + loss.from_insurance.get());
            prop_assert_eq!(done.fund.window_at, now);
        }
        // What is told: NAV over shares, before and after.
        let told = |books: &Books| model::down(&(model::ratio(books.nav(), books.shares.clone()) * model::whole(1_000_000_000_000_u64)));
        prop_assert_eq!(loss.share_price_before, model::word(&told(&Books::from(&pool))).unwrap_or(MAX));
        let after = if loss.wiped_out { 0 } else { model::word(&told(&expected.books)).unwrap_or(MAX) };
        prop_assert_eq!((loss.share_price_after, loss.shares), (after, pool.shares));
        // A wipe-out is NAV gone, and only that.
        prop_assert_eq!(loss.wiped_out, loss.to_lps == pool.nav().unwrap() && !loss.to_lps.is_zero());
        prop_assert_eq!(loss.wiped_out, done.totals.shares.is_zero());
    }

    /// `slash-only`, the part that the engine decides: draws within the window never add up to more than its cap.
    #[test]
    fn draws_respect_the_window_cap(
        held in 1_u64..1_000_000, cap in 0_u32..=10_000, losses in prop::collection::vec((1_u64..500_000, 0_i64..10), 1..30),
    ) {
        // All draws are within one window, so that without any fading they would sum to cap * assets at most.
        let limits = InsuranceLimits { window_cap: Bps::new(cap), window_seconds: 1_000_000_000, ..open_handed() };
        let (mut kept, mut now) = (fund(held), 0);
        for (lost, passed) in losses {
            now += passed;
            kept = record(&fresh_pool(0, lost), &kept, &limits, DebtShares::new(lost), now).unwrap().fund;
        }
        // 300 seconds of 10^9 fade less than one unit in a million, which rounding up takes back.
        let drawn = model::whole(kept.drawn.get());
        prop_assert!(drawn <= model::whole(held) * model::bps(Bps::new(cap)));
    }

    #[test]
    fn any_loss_is_recorded(
        (cash, lent, shares, reserves) in (any_size(), any_size(), any_size(), any_size()), lost in any_size(),
        (assets, drawn, window_drawn) in (any_size(), any_size(), any_size()), limits in valid_limits(), now in any::<i64>(),
        at in any::<i64>(),
    ) {
        // Any sizes, as long as what is lent and held fits, reserves are part of it, and a total loss is possible.
        let cash = cash.min(MAX - lent);
        let reserves = if shares == 0 { cash + lent } else { reserves.min(cash + lent) };
        let pool = Totals { reserves: Assets::new(reserves), shares: Shares::new(shares), ..fresh_pool(0, 0) };
        let pool = Totals { cash: Assets::new(cash), debt_shares: DebtShares::new(lent), ..pool };
        let fund = Fund {
            assets: Assets::new(assets), drawn: Assets::new(drawn), window_drawn: Assets::new(window_drawn), window_at: at,
        };
        prop_assume!(lent > 0);
        let lost = lost % lent + 1;
        let done = record(&pool, &fund, &limits, DebtShares::new(lost), now);
        prop_assert!(done.is_ok(), "{:?}", done);
        prop_assert!(Books::from(&done.unwrap().totals).nav() >= num_bigint::BigInt::zero());
    }
}
