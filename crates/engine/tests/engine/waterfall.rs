//! Who bears a loss: each layer by hand, and the split against the model.

use backstop_engine::{
    Error,
    fixed::Q64,
    history::TOTAL_LOSS,
    insurance::{Fund, InsuranceLimits},
    pool::Totals,
    quantity::{Assets, Bps, DebtShares, Shares},
    waterfall::{Recording, record, recover},
    window::Window,
};
use num_traits::Zero as _;
use proptest::prelude::*;

use crate::{
    model::{self, LossState},
    strategies::{
        any_size, cases, draws, fresh_pool, fund, fund_with_history, open_handed, pool_with_history, staked, state,
        terms, valid_limits,
    },
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
    record(&state(pool, fund), &terms(limits), DebtShares::new(lost), now)
}

#[test]
fn layers_by_hand() {
    // loss, fund, limits: who pays
    let half = InsuranceLimits { share: Bps::new(5_000), ..open_handed() };
    let tenth = InsuranceLimits { cap: Bps::new(1_000), ..open_handed() };
    let fifth = InsuranceLimits { cap: Bps::new(2_000), ..open_handed() };
    let table = [
        (1, 100, open_handed(), [1, 0, 0, 0]),
        (30, 100, open_handed(), [30, 0, 0, 0]),
        (31, 100, open_handed(), [30, 1, 0, 0]),
        (100, 100, open_handed(), [30, 70, 0, 0]),
        (100, 69, open_handed(), [30, 69, 1, 0]),
        (100, 0, open_handed(), [30, 0, 70, 0]),
        (100, 100, half, [30, 35, 35, 0]),
        (31, 100, half, [30, 0, 1, 0]), // half of one unit rounds down, in favour of the fund
        (100, 100, tenth, [30, 10, 60, 0]), // a tenth of 100
        (100, 99, tenth, [30, 9, 61, 0]), // a tenth of 99, rounded down
        (100, 100, fifth, [30, 20, 50, 0]),
    ];
    for (lost, held, limits, expected) in table {
        let done = recorded(&pool(), &fund(held), &limits, lost);
        assert_eq!(split(&done), expected, "{lost} of {held} by {limits:?}");
        assert_eq!(done.loss.loss, Assets::new(lost));
        assert_eq!(done.state.totals.nav(), Ok(Assets::new(1_000 - expected[2])));
        assert_eq!(done.state.fund.assets, Assets::new(held - expected[1]));
        assert_eq!(done.state.fund.drawn, Assets::new(expected[1]));
        assert_eq!(done.state.totals.cash, Assets::new(930 + expected[1]));
        assert_eq!(done.state.totals.reserves, Assets::new(30 - expected[0]));
        assert_eq!(done.loss.rescalings, 0);
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
    assert_eq!((done.state.fund.assets, done.state.totals.insurance_due), (Assets::ZERO, Assets::ZERO));
    // What it is owed is drawn first, and then what it holds: of 30 of which 20 are owed, 10 move.
    let owed = Totals { insurance_owed: Assets::new(20), cash: Assets::new(950), ..pool() };
    let done = recorded(&owed, &fund(40), &InsuranceLimits { share: Bps::new(5_000), ..open_handed() }, 100);
    assert_eq!(split(&done), [30, 35, 35, 0], "revenue-is-owed");
    let after = (done.state.totals.insurance_owed, done.state.fund.assets, done.state.totals.cash);
    assert_eq!(after, (Assets::ZERO, Assets::new(25), Assets::new(965)), "revenue-is-owed");
    // It counts for the cap: half of 40 + 20.
    let half = InsuranceLimits { cap: Bps::new(5_000), ..open_handed() };
    assert_eq!(split(&recorded(&owed, &fund(40), &half, 100)), [30, 30, 40, 0], "revenue-is-owed");
    // It is settled even if reserves bear all of the loss.
    let done = recorded(&Totals { insurance_due: Assets::new(20), ..pool() }, &fund(5), &open_handed(), 1);
    assert_eq!((done.state.totals.insurance_due, done.state.fund.assets), (Assets::ZERO, Assets::new(25)));
}

#[test]
fn what_exceeds_nav_is_taken_from_what_is_owed() {
    // All is lent, 30 of it owed to a fund that holds 50 and may pay a tenth of 80: 8, then LPs their 970, then 22 that
    // are owed.
    let pool = Totals { insurance_owed: Assets::new(30), shares: Shares::new(970), ..fresh_pool(0, 1_000) };
    let tenth = InsuranceLimits { cap: Bps::new(1_000), ..open_handed() };
    let done = recorded(&pool, &staked(50), &tenth, 1_000);
    assert_eq!(
        (split(&done), done.loss.rescalings),
        ([0, 30, 970, 0], TOTAL_LOSS),
        "revenue-is-owed: nothing stays uncovered"
    );
    assert_eq!((done.state.fund.assets, done.state.fund.owed), (Assets::new(50), Assets::ZERO));
    assert_eq!(done.state.totals, Totals { generation: 7, ..Totals::empty(0) });
    // While LPs have something to lose the cap holds.
    let done = recorded(&pool, &staked(50), &tenth, 900);
    assert_eq!(split(&done), [0, 8, 892, 0], "slash-only");
}

#[test]
fn window_fades_evenly() {
    let drew = Fund { draws: Window { counted: Assets::new(50), at: 100, ends_at: 108 }, ..fund(50) };
    // Of 50: all, 50 * 7/8 = 43.75 rounded up, half, a last unit, none; and a clock that goes back fades nothing.
    let table = [(100, 50), (101, 44), (104, 25), (107, 7), (108, 0), (i64::MAX, 0), (99, 50), (i64::MIN, 50)];
    for (now, counted) in table {
        assert_eq!(drew.draws.counted_at(now), Ok(Assets::new(counted)), "at {now}");
    }
    // At most half of assets and recent draws together: (50 + 25) / 2 - 25 = 12.5, rounded down.
    let limits = InsuranceLimits { cap: Bps::new(5_000), window_seconds: 8, ..open_handed() };
    let done = record_at(&pool(), &drew, &limits, 100, 104).unwrap();
    assert_eq!(split(&done), [30, 12, 58, 0]);
    // 25 for four seconds more and 12 for eight: together for 4 + 4 * 12 / 37 = 5.3, rounded up.
    assert_eq!(done.state.fund.draws, Window { counted: Assets::new(37), at: 104, ends_at: 110 });
    // At once again: (38 + 37) / 2 - 37 = 0, and the window does not move.
    let again = record_at(&fresh_pool(0, 100), &done.state.fund, &limits, 1, 104).unwrap();
    assert_eq!((split(&again), again.state.fund), ([0, 0, 1, 0], done.state.fund));
}

#[test]
fn wipe_out_by_hand() {
    // All is lent, nothing insures: NAV 1,000 is gone and so are the shares.
    let done = recorded(&fresh_pool(0, 1_000), &fund(0), &open_handed(), 1_000);
    assert_eq!(split(&done), [0, 0, 1_000, 0]);
    assert_eq!(done.loss.rescalings, TOTAL_LOSS, "wipe-out");
    assert_eq!((done.loss.shares, done.loss.share_price_after), (Shares::new(1_000), 0));
    assert_eq!(done.state.totals, Totals { generation: 7, ..Totals::empty(0) });
    // The next deposit starts at one to one.
    let next = done.state.totals.deposit(Assets::new(7)).unwrap();
    assert_eq!((next.shares, next.totals.withdraw(next.shares).unwrap().assets), (Shares::new(7), Assets::new(7)));
    // One unit of insurance saves the last unit of NAV, and with it the shares; 25 more, and each thousand or so
    // becomes one.
    let saved = recorded(&fresh_pool(0, 1_000), &fund(1), &open_handed(), 1_000);
    assert_eq!((split(&saved), saved.loss.rescalings), ([0, 1, 999, 0], 0));
    assert_eq!((saved.state.totals.nav(), saved.state.totals.shares), (Ok(Assets::new(1)), Shares::new(1_000)));
    for (all, left, generation) in [(1_024, 1_024, 0), (1_025, 1, 1), (1_048_576, 1_024, 1), (1_049_600, 1, 2)] {
        let totals = recorded(&fresh_pool(0, all), &fund(1), &open_handed(), all).state.totals;
        assert_eq!((totals.shares.get(), totals.generation), (left, generation), "{all} shares on a unit");
    }
}

#[test]
fn one_unit_is_recorded() {
    let done = recorded(&fresh_pool(0, 1), &fund(0), &open_handed(), 1);
    assert_eq!((split(&done), done.loss.rescalings), ([0, 0, 1, 0], TOTAL_LOSS));
}

#[test]
fn zero_shares_means_reserves_bear_it() {
    let pool = Totals { shares: Shares::ZERO, reserves: Assets::new(300), ..fresh_pool(200, 100) };
    let done = recorded(&pool, &fund(50), &open_handed(), 100);
    assert_eq!((split(&done), done.loss.rescalings), ([100, 0, 0, 0], 0));
    assert_eq!((done.state.totals.nav(), done.state.totals.reserves), (Ok(Assets::ZERO), Assets::new(200)));
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
    assert_eq!((split(&done), done.loss.rescalings), ([0, 0, most, 0], TOTAL_LOSS));
    let done = recorded(&fresh_pool(0, most), &fund(MAX), &open_handed(), most);
    assert_eq!(split(&done), [0, most, 0, 0]);
    let all = Assets::new(MAX);
    let spent = Fund { drawn: all, draws: draws(MAX, 0), generation: u32::MAX, ..fund(MAX) };
    let done = recorded(&fresh_pool(0, most), &spent, &open_handed(), most);
    assert_eq!(done.loss.loss, Assets::new(most));
    assert_eq!(done.state.fund.drawn, Assets::new(MAX), "the total of draws saturates");
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
    let fund = Fund { shares: Shares::new(30), protocol_shares: Shares::new(30), ..fund(60) };
    let limits = InsuranceLimits { cap: Bps::new(8_334), ..open_handed() };
    let done = recorded(&pool(), &fund, &limits, 100);
    assert_eq!((split(&done), done.loss.from_stakers), ([30, 50, 20, 0], Assets::new(25)));
    let record = done.record.unwrap();
    assert_eq!((record.shares, record.stake_shares), (Shares::new(1_000), Shares::new(30)));
    // paid: LPs floor(2/7), stakers half of the rest, the fund what is left of it, reserves; a share of the fund costs
    // 11/61, so all is taken up to the unit
    let table = [
        (0, [0, 0, 0, 0]),
        (1, [0, 0, 1, 0]),
        (20, [5, 7, 8, 0]),
        (69, [19, 25, 25, 0]),
        (70, [20, 25, 25, 0]),
        (100, [20, 25, 25, 30]),
    ];
    for (paid, expected) in table {
        let back = recover(&done.state, &terms(&limits), Some(&record), Assets::new(paid), 0).unwrap();
        let (totals, fund) = (back.state.totals, back.state.fund);
        let found = [back.to_lps, back.to_stakers, back.to_protocol, back.to_reserves].map(Assets::get);
        assert_eq!(found, expected, "waterfall-exact: {paid}");
        assert_eq!((fund.assets.get(), fund.shares.get()), (10 + expected[1] + expected[2], 30));
        assert_eq!((fund.waiting_shares, back.record.unwrap().back.shares), (back.stake_shares, back.stake_shares));
        // What came back raises nobody's stake: 30 shares of 60 and 10 units stay worth 5.4.
        assert_eq!(fund.worth(Shares::new(30)), Ok(Assets::new(5)), "no-windfall: {paid}");
        assert_eq!((totals.cash.get(), totals.reserves.get()), (980 + expected[3], expected[3]));
        // NAV is as it was: nothing of it was LPs' yet, and deposits before a recovery capture none of it.
        assert_eq!(totals.nav(), done.state.totals.nav(), "no-escape");
    }
}

#[test]
fn a_large_pool_fits_after_any_loss() {
    // 2^64 - 2 shares, and any power of two of NAV is left: 2^54 units, with those left and the virtual one, always
    // fit.
    for bits in 0..54 {
        let left = 1_u64 << bits;
        let done = recorded(&fresh_pool(left, MAX - 1 - left), &fund(0), &open_handed(), MAX - 1 - left).state.totals;
        let deposit = done.deposit(Assets::new((1 << 54) - 1 - left));
        assert!(deposit.is_ok(), "always-open: {left} left of {} shares", done.shares.get());
    }
}

#[test]
fn minor_losses_have_no_record() {
    // A unit of a million and one is less than a millionth.
    for (nav, recorded_too) in [(1_000_000, true), (1_000_001, false)] {
        let done = recorded(&fresh_pool(nav - 1, 1), &fund(0), &open_handed(), 1);
        assert_eq!((done.record.is_some(), done.loss.to_lps), (recorded_too, Assets::new(1)), "{nav}");
    }
}

#[test]
fn limits_at_the_bounds() {
    let over = Bps::new(10_001);
    let all = InsuranceLimits { window_seconds: 3_600, ..open_handed() };
    assert_eq!((all.validate(), InsuranceLimits { window_seconds: 5_184_000, ..all }.validate()), (Ok(()), Ok(())));
    for limits in [
        InsuranceLimits { share: over, ..all },
        InsuranceLimits { cap: over, ..all },
        InsuranceLimits { window_seconds: 3_599, ..all },
        InsuranceLimits { window_seconds: 5_184_001, ..all },
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
        let expected = LossState::from(&pool).record(&fund, &limits, lost, now);

        let found: Vec<_> = split(&done).into_iter().map(model::int).collect();
        prop_assert_eq!(found.iter().sum::<num_bigint::BigInt>(), model::int(loss.loss.get()));
        prop_assert_eq!(model::int(loss.loss.get()), expected.loss.clone());
        prop_assert_eq!(
            found,
            vec![
                expected.from_reserves.clone(),
                expected.from_insurance.clone(),
                expected.to_lps.clone(),
                expected.uncovered.clone(),
            ]
        );
        prop_assert_eq!(LossState::from(&done.state.totals), expected.state.clone());

        // NAV fell by what LPs bore, exactly; nothing was uncovered, since every unit lent came from NAV or reserves.
        prop_assert_eq!(LossState::from(&pool).nav() - expected.state.nav(), expected.to_lps);
        prop_assert!(loss.uncovered.is_zero());
        // The fund moved by its revenue and its draw.
        let owed = pool.insurance_owed.get() - done.state.totals.insurance_owed.get();
        prop_assert_eq!(
            done.state.fund.assets.get() + loss.from_insurance.get(),
            fund.assets.get() + pool.insurance_due.get() + owed
        );
        prop_assert_eq!(done.state.fund.owed, done.state.totals.insurance_owed);
        prop_assert_eq!(done.state.fund.drawn.get(), fund.drawn.get() + loss.from_insurance.get());
        if loss.from_insurance.is_zero() {
            prop_assert_eq!(done.state.fund.draws, fund.draws);
        } else {
            let counted = model::counted(&fund.draws, now) + loss.from_insurance.get();
            let end = model::window_end(&fund.draws, loss.from_insurance.get(), limits.window_seconds, now);
            let draws = done.state.fund.draws;
            prop_assert_eq!(
                (model::int(draws.counted.get()), draws.at, model::int(draws.ends_at)),
                (counted, now, end)
            );
        }
        // What is told: NAV over shares, before and after.
        let reported = |state: &LossState| {
            model::down(&(model::ratio(state.nav(), state.shares.clone()) * model::whole(1_000_000_000_000_u64)))
        };
        prop_assert_eq!(loss.share_price_before, model::word(&reported(&LossState::from(&pool))).unwrap_or(MAX));
        let before_rescaling = LossState { shares: model::int(pool.shares.get()), ..expected.state.clone() };
        prop_assert_eq!(
            (loss.share_price_after, loss.shares),
            (model::word(&reported(&before_rescaling)).unwrap_or(MAX), pool.shares)
        );
        // The record is what was borne: by LPs, by stakers, by protocol-owned shares, by reserves; and a small loss has
        // none.
        prop_assert_eq!(model::int(loss.from_stakers.get()), expected.from_stakers.clone());
        let minor = model::int(loss.loss.get()) * 1_000_000 < LossState::from(&pool).nav();
        prop_assert_eq!(done.record.is_none(), minor);
        if let Some(record) = done.record {
            prop_assert_eq!(model::int(record.protocol.get()), expected.from_insurance - expected.from_stakers);
            prop_assert_eq!(
                (record.stakers, record.lps, record.reserves),
                (loss.from_stakers, loss.to_lps, loss.from_reserves)
            );
            prop_assert_eq!(
                (record.shares, record.generation, record.stake_generation),
                (pool.shares, 3, fund.generation)
            );
            prop_assert_eq!(record.unrecovered(), Ok(loss.loss));
        }
        prop_assert_eq!(loss.rescalings, expected.rescalings, "wipe-out");
        prop_assert_eq!(done.state.totals.generation, 3 + loss.rescalings, "wipe-out");
        // A wipe-out is NAV gone, and only that; a drained fund has no shares.
        let gone = loss.to_lps == pool.nav().unwrap() && !loss.to_lps.is_zero();
        prop_assert_eq!((loss.rescalings == TOTAL_LOSS, done.state.totals.shares.is_zero()), (gone, gone), "wipe-out");
        let drained = done.state.fund.assets.is_zero() && !loss.from_insurance.is_zero();
        prop_assert_eq!(loss.stake_rescalings == TOTAL_LOSS, drained, "wipe-out");
        prop_assert_eq!(done.state.fund.generation, fund.generation + loss.stake_rescalings, "wipe-out");
        // The shares of who bore it are never cheaper than 2^-10 units, however many are left.
        let (totals, fund) = (&done.state.totals, &done.state.fund);
        for (lost, assets, shares) in [
            (loss.to_lps, totals.nav().unwrap(), totals.shares),
            (loss.from_insurance, fund.all(), fund.all_shares().unwrap()),
        ] {
            prop_assert!(lost.is_zero() || u128::from(shares.get()) <= u128::from(assets.get()) << 10, "always-open");
        }
    }

    /// `slash-only`, the part that the engine decides: draws within the window never add up to more than the cap.
    #[test]
    fn draws_respect_the_cap(
        held in 1_u64..1_000_000, cap in 0_u32..=10_000,
        losses in prop::collection::vec((1_u64..500_000, 0_i64..10), 1..30),
    ) {
        // All draws are within one window, so that without any fading they would sum to cap * assets at most.
        let limits = InsuranceLimits { cap: Bps::new(cap), window_seconds: 1_000_000_000, ..open_handed() };
        let (mut kept, mut now) = (fund(held), 0);
        for (lost, passed) in losses {
            now += passed;
            kept = record_at(&fresh_pool(0, lost), &kept, &limits, lost, now).unwrap().state.fund;
        }
        // 300 seconds of 10^9 fade less than one unit in a million, which rounding up takes back.
        let drawn = model::whole(kept.drawn.get());
        prop_assert!(drawn <= model::whole(held) * model::bps(Bps::new(cap)));
    }

    #[test]
    fn any_loss_is_recorded(
        (cash, lent, shares, reserves) in (any_size(), any_size(), any_size(), any_size()), lost in any_size(),
        (assets, drawn, counted) in (any_size(), any_size(), any_size()),
        staked in (any_size(), any_size()), limits in valid_limits(), now in any::<i64>(),
        (at, ends_at) in any::<(i64, i64)>(),
    ) {
        // Any sizes, as long as what is lent and held fits, reserves are part of it, and a total loss is possible.
        let cash = cash.min(MAX - lent);
        let reserves = if shares == 0 { cash + lent } else { reserves.min(cash + lent) };
        let pool = Totals { reserves: Assets::new(reserves), shares: Shares::new(shares), ..fresh_pool(0, 0) };
        let pool = Totals { cash: Assets::new(cash), debt_shares: DebtShares::new(lent), ..pool };
        let fund = Fund {
            drawn: Assets::new(drawn),
            draws: Window { counted: Assets::new(counted), at, ends_at },
            shares: Shares::new(staked.0),
            protocol_shares: Shares::new(staked.1.min(MAX - staked.0)),
            ..fund(assets)
        };
        prop_assume!(lent > 0);
        let lost = lost % lent + 1;
        let done = record_at(&pool, &fund, &limits, lost, now);
        prop_assert!(done.is_ok(), "always-open: {:?}", done);
        prop_assert!(LossState::from(&done.unwrap().state.totals).nav() >= num_bigint::BigInt::zero());
    }
}
