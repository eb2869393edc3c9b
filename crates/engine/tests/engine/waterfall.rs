//! Who bears a loss: each layer by hand, and the split against the model.

use backstop_engine::{
    Error,
    fixed::Q64,
    insurance::{Fund, InsuranceLimits},
    pool::Totals,
    quantity::{Assets, Bps, DebtShares, Shares},
    waterfall::{Recording, record, recover},
};
use num_traits::Zero as _;
use proptest::prelude::*;

use crate::{
    given::{
        any_size, books, cases, fresh_pool, fund, fund_with_history, open_handed, pool_with_history, terms,
        valid_limits,
    },
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
    record_at(pool, fund, limits, lost, 0).unwrap()
}

fn record_at(pool: &Totals, fund: &Fund, limits: &InsuranceLimits, lost: u64, now: i64) -> Result<Recording, Error> {
    record(&books(pool, fund), &terms(limits), DebtShares::new(lost), now)
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
        assert_eq!(done.books.totals.nav(), Ok(Assets::new(1_000 - expected[2])));
        assert_eq!(done.books.fund.assets, Assets::new(held - expected[1]));
        assert_eq!(done.books.fund.drawn, Assets::new(expected[1]));
        assert_eq!(done.books.totals.cash, Assets::new(930 + expected[1]));
        assert_eq!(done.books.totals.reserves, Assets::new(30 - expected[0]));
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
    assert_eq!(record_at(&pool(), &fund(0), &open_handed(), 0, 0), Err(Error::NoDebt));
    assert_eq!(record_at(&pool(), &fund(0), &open_handed(), 101, 0), Err(Error::MathOverflow));
}

#[test]
fn revenue_due_is_settled_before_the_draw() {
    // The fund holds 5 and is due 20: it pays 25 of the 70 that reserves leave.
    let done = recorded(&Totals { insurance_due: Assets::new(20), ..pool() }, &fund(5), &open_handed(), 100);
    assert_eq!(split(&done), [30, 25, 45, 0]);
    assert_eq!((done.books.fund.assets, done.books.totals.insurance_due), (Assets::ZERO, Assets::ZERO));
    // It is settled even if reserves bear all of the loss.
    let done = recorded(&Totals { insurance_due: Assets::new(20), ..pool() }, &fund(5), &open_handed(), 1);
    assert_eq!((done.books.totals.insurance_due, done.books.fund.assets), (Assets::ZERO, Assets::new(25)));
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
    let done = record_at(&pool(), &drew, &limits, 100, 104).unwrap();
    assert_eq!(split(&done), [30, 12, 58, 0]);
    assert_eq!((done.books.fund.window_drawn, done.books.fund.window_at), (Assets::new(37), 104));
    // At once again: (38 + 37) / 2 - 37 = 0, and the window does not move.
    let again = record_at(&fresh_pool(0, 100), &done.books.fund, &limits, 1, 104).unwrap();
    assert_eq!((split(&again), again.books.fund), ([0, 0, 1, 0], done.books.fund));
}

#[test]
fn wipe_out_by_hand() {
    // All is lent, nothing insures: NAV 1,000 is gone and so are the shares.
    let done = recorded(&fresh_pool(0, 1_000), &fund(0), &open_handed(), 1_000);
    assert_eq!(split(&done), [0, 0, 1_000, 0]);
    assert!(done.loss.wiped_out);
    assert_eq!((done.loss.shares, done.loss.share_price_after), (Shares::new(1_000), 0));
    assert_eq!(done.books.totals, Totals::empty(0));
    // The next deposit starts at one to one.
    let next = done.books.totals.deposit(Assets::new(7)).unwrap();
    assert_eq!(
        (next.shares, next.totals.withdraw(next.shares, Assets::ZERO).unwrap().assets),
        (Shares::new(7), Assets::new(7))
    );
    // One unit of insurance saves the last unit of NAV, and with it the generation.
    let saved = recorded(&fresh_pool(0, 1_000), &fund(1), &open_handed(), 1_000);
    assert_eq!((split(&saved), saved.loss.wiped_out), ([0, 1, 999, 0], false));
    assert_eq!((saved.books.totals.nav(), saved.books.totals.shares), (Ok(Assets::new(1)), Shares::new(1_000)));
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
    assert_eq!((done.books.totals.nav(), done.books.totals.reserves), (Ok(Assets::ZERO), Assets::new(200)));
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
    let all = Assets::new(MAX);
    let spent = Fund { drawn: all, window_drawn: all, founding_claims: all, ..fund(MAX) };
    let done = recorded(&fresh_pool(0, most), &spent, &open_handed(), most);
    assert_eq!(done.loss.loss, Assets::new(most));
    assert_eq!(done.books.fund.drawn, Assets::new(MAX), "the total of draws saturates");
}

#[test]
fn recording_never_fails_at_a_huge_share_price() {
    // One share worth 2 * 10^7 units is above 2^64 trillionths: the price is told as the most there is.
    let pool = Totals { shares: Shares::new(1), ..fresh_pool(19_000_000, 1_000_000) };
    let done = recorded(&pool, &fund(0), &open_handed(), 1_000_000);
    assert_eq!((split(&done), done.loss.share_price_before), ([0, 0, 1_000_000, 0], MAX));
}

#[test]
fn recovery_goes_back_the_way_the_loss_came() {
    // 100 lost: 30 by reserves, 50 by the fund, half of which was given, 20 by LPs.
    let fund = Fund { shares: Shares::new(30), founding: Shares::new(30), ..fund(60) };
    let limits = InsuranceLimits { event_cap: Bps::new(8_334), ..open_handed() };
    let done = recorded(&pool(), &fund, &limits, 100);
    assert_eq!((split(&done), done.loss.from_stakers), ([30, 50, 20, 0], Assets::new(25)));
    // paid: LPs, stakers, the fund itself, reserves
    let table = [
        (0, [0, 0, 0, 0]),
        (1, [1, 0, 0, 0]),
        (20, [20, 0, 0, 0]),
        (21, [20, 1, 0, 0]), // half of one for gifts, rounded down
        (22, [20, 1, 1, 0]),
        (70, [20, 25, 25, 0]),
        (100, [20, 25, 25, 30]),
        (1_000, [20, 25, 25, 930]),
    ];
    for (paid, expected) in table {
        let back = recover(&done.books, Assets::new(paid)).unwrap();
        let found = [back.to_lps, back.to_stakers, back.to_fund, back.to_reserves].map(Assets::get);
        assert_eq!(found, expected, "waterfall-exact: {paid}");
        let books = back.books;
        assert_eq!((books.claims.payable.get(), books.fund_claims.payable.get()), (expected[0], expected[1]));
        assert_eq!(books.fund.assets.get(), 10 + expected[2]);
        assert_eq!((books.totals.cash.get(), books.totals.reserves.get()), (980 + expected[3], expected[3]));
        // NAV is as it was: nothing of it was LPs' yet, and deposits before a recovery capture none of it.
        assert_eq!(books.totals.nav(), done.books.totals.nav(), "no-escape");
        assert_eq!(books.breaker, done.books.breaker);
    }
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
        let done = record_at(&pool, &fund, &limits, lost, now).unwrap();
        let loss = done.loss;
        let expected = Books::from(&pool).record(&fund, &limits, lost, now);

        let found: Vec<_> = split(&done).into_iter().map(model::int).collect();
        prop_assert_eq!(found.iter().sum::<num_bigint::BigInt>(), model::int(loss.loss.get()));
        prop_assert_eq!(model::int(loss.loss.get()), expected.loss.clone());
        prop_assert_eq!(found, vec![
            expected.from_reserves.clone(), expected.from_insurance.clone(), expected.to_lps.clone(), expected.uncovered.clone(),
        ]);
        prop_assert_eq!(Books::from(&done.books.totals), expected.books.clone());

        // NAV fell by what LPs bore, exactly; nothing was uncovered, since every unit lent came from NAV or reserves.
        prop_assert_eq!(Books::from(&pool).nav() - expected.books.nav(), expected.to_lps);
        prop_assert!(loss.uncovered.is_zero());
        // The fund moved by its revenue and its draw.
        prop_assert_eq!(done.books.fund.assets.get(), fund.assets.get() + pool.insurance_due.get() - loss.from_insurance.get());
        prop_assert_eq!(done.books.fund.drawn.get(), fund.drawn.get() + loss.from_insurance.get());
        let counted = model::window_drawn(&fund, limits.window_seconds, now);
        if loss.from_insurance.is_zero() {
            prop_assert_eq!((done.books.fund.window_drawn, done.books.fund.window_at), (fund.window_drawn, fund.window_at));
        } else {
            prop_assert_eq!(model::int(done.books.fund.window_drawn.get()), counted + loss.from_insurance.get());
            prop_assert_eq!(done.books.fund.window_at, now);
        }
        // What is told: NAV over shares, before and after.
        let told = |books: &Books| model::down(&(model::ratio(books.nav(), books.shares.clone()) * model::whole(1_000_000_000_000_u64)));
        prop_assert_eq!(loss.share_price_before, model::word(&told(&Books::from(&pool))).unwrap_or(MAX));
        let after = if loss.wiped_out { 0 } else { model::word(&told(&expected.books)).unwrap_or(MAX) };
        prop_assert_eq!((loss.share_price_after, loss.shares), (after, pool.shares));
        // Claims are what was borne: by LPs, by stakers, by gifts; what a single share cannot count has none.
        prop_assert_eq!(model::int(loss.from_stakers.get()), expected.from_stakers.clone());
        let gifts = expected.from_insurance - expected.from_stakers;
        prop_assert_eq!(model::int(done.books.fund.founding_claims.get()) - fund.founding_claims.get(), gifts);
        for (ledger, borne, shares) in [
            (done.books.claims, loss.to_lps.get(), pool.shares.get()), (done.books.fund_claims, loss.from_stakers.get(), fund.shares.get()),
        ] {
            if u128::from(borne) < u128::from(shares) << 31 {
                prop_assert_eq!(ledger.outstanding.get(), borne);
            }
        }
        prop_assert_eq!(done.books.claims.generation, u32::from(loss.wiped_out), "wipe-out");
        prop_assert_eq!(done.books.fund_claims.generation, u32::from(loss.drained), "wipe-out");
        let empty = done.books.fund.assets.is_zero() && !loss.from_insurance.is_zero();
        prop_assert_eq!(loss.drained, empty && !fund.shares.is_zero(), "wipe-out");
        prop_assert!(!loss.drained || done.books.fund.shares.is_zero(), "wipe-out");
        // A wipe-out is NAV gone, and only that.
        prop_assert_eq!(loss.wiped_out, loss.to_lps == pool.nav().unwrap() && !loss.to_lps.is_zero());
        prop_assert_eq!(loss.wiped_out, done.books.totals.shares.is_zero());
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
            kept = record_at(&fresh_pool(0, lost), &kept, &limits, lost, now).unwrap().books.fund;
        }
        // 300 seconds of 10^9 fade less than one unit in a million, which rounding up takes back.
        let drawn = model::whole(kept.drawn.get());
        prop_assert!(drawn <= model::whole(held) * model::bps(Bps::new(cap)));
    }

    #[test]
    fn any_loss_is_recorded(
        (cash, lent, shares, reserves) in (any_size(), any_size(), any_size(), any_size()), lost in any_size(),
        (assets, drawn, window_drawn, claimed) in (any_size(), any_size(), any_size(), any_size()),
        staked in (any_size(), any_size()), limits in valid_limits(), now in any::<i64>(), at in any::<i64>(),
    ) {
        // Any sizes, as long as what is lent and held fits, reserves are part of it, and a total loss is possible.
        let cash = cash.min(MAX - lent);
        let reserves = if shares == 0 { cash + lent } else { reserves.min(cash + lent) };
        let pool = Totals { reserves: Assets::new(reserves), shares: Shares::new(shares), ..fresh_pool(0, 0) };
        let pool = Totals { cash: Assets::new(cash), debt_shares: DebtShares::new(lent), ..pool };
        let fund = Fund {
            drawn: Assets::new(drawn), window_drawn: Assets::new(window_drawn), window_at: at,
            founding_claims: Assets::new(claimed), shares: Shares::new(staked.0), founding: Shares::new(staked.1.min(MAX - staked.0)),
            ..fund(assets)
        };
        prop_assume!(lent > 0);
        let lost = lost % lent + 1;
        let done = record_at(&pool, &fund, &limits, lost, now);
        prop_assert!(done.is_ok(), "always-open: {:?}", done);
        prop_assert!(Books::from(&done.unwrap().books.totals).nav() >= num_bigint::BigInt::zero());
    }
}
