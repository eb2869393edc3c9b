//! Each action on a pool's totals: by hand, and against the model over random pools.

use backstop_engine::{
    Error,
    fixed::Q64,
    interest::{RateModel, SECONDS_PER_YEAR},
    pool::{SHARE_PRICE_ONE, Totals},
    quantity::{Assets, Bps, DebtShares, Shares},
    usage::Usage,
};
use proptest::prelude::*;

use crate::{
    model::LossState,
    strategies::{any_size, cases, fresh_pool, pool_with_history, real_amount, usual_rates, valid_rates},
};

const MAX: u64 = u64::MAX;

/// 10 % a year whatever the utilisation; a tenth to reserves and a twentieth to the fund.
fn flat_rates() -> RateModel {
    RateModel { base: Bps::new(1_000), slope1: Bps::ZERO, slope2: Bps::ZERO, ..usual_rates() }
}

#[test]
fn first_deposit_is_one_to_one() {
    for amount in [1, 2, 1_000_000, MAX - 1] {
        let first = Totals::empty(7).deposit(Assets::new(amount)).unwrap();
        assert_eq!((first.shares, first.assets), (Shares::new(amount), Assets::new(amount)));
        // And leaves whole: amount * (amount + 1) / (amount + 1).
        let left = first.totals.withdraw(first.shares).unwrap();
        assert_eq!((left.assets, left.totals), (Assets::new(amount), Totals::empty(7)));
    }
}

#[test]
fn deposit_that_could_not_be_withdrawn_is_refused() {
    // NAV and shares of 2^64 - 1 leave no room for the virtual unit that every later price counts.
    assert_eq!(Totals::empty(0).deposit(Assets::new(MAX)), Err(Error::MathOverflow));
    let almost = fresh_pool(MAX - 2, 0);
    assert!(almost.deposit(Assets::new(1)).is_ok());
    assert_eq!(almost.deposit(Assets::new(2)), Err(Error::MathOverflow));
    // One unit less in cash: it would fit, but the shares would not. Two units pay for two of them, at just below one.
    let cheap = Totals { shares: Shares::new(MAX - 2), ..fresh_pool(MAX - 3, 0) };
    assert!(cheap.deposit(Assets::new(1)).is_ok());
    assert_eq!(cheap.deposit(Assets::new(2)), Err(Error::MathOverflow));
}

#[test]
fn deposit_counts_what_reserves_own() {
    // NAV would be 2^64 - 501, but cash and debt together are 500 beyond 64 bits: no total could be read again.
    let pool = Totals { shares: Shares::ZERO, reserves: Assets::new(1_000), ..fresh_pool(0, 1_000) };
    assert_eq!(pool.deposit(Assets::new(MAX - 500)), Err(Error::MathOverflow));
    // They must also leave room for the virtual unit.
    assert_eq!(pool.deposit(Assets::new(MAX - 1_000)), Err(Error::MathOverflow));
    let most = pool.deposit(Assets::new(MAX - 1_001)).unwrap().totals;
    assert_eq!(most.nav(), Ok(Assets::new(MAX - 1_001)));
}

#[test]
fn long_sleep_is_charged_and_forgotten() {
    // Whatever is charged for ages, it is charged once, and time is caught up with.
    let pool = fresh_pool(1_000, 1_000_000);
    let woken = pool.accrue(&flat_rates(), i64::MAX).unwrap().totals;
    assert_eq!(woken.accrued_at, i64::MAX);
    assert!(woken.borrow_index > pool.borrow_index);
    assert_eq!(woken.accrue(&flat_rates(), i64::MAX).unwrap().totals, woken);
}

#[test]
fn deposit_by_hand() {
    assert_eq!(Totals::empty(0).deposit(Assets::ZERO), Err(Error::AmountTooSmall));
    // shares, offered: minted and taken
    let table = [
        // NAV 1,500 and 1,000 shares: 300 * 1,001 / 1,501 = 200.06, and 200 cost 299.9; with one more it is 200.7.
        (1_000, 300, Ok((200, 300))),
        (1_000, 301, Ok((200, 300))),
        // 1 * 1,001 / 1,501 = 0.67; 2 * 1,001 / 1,501 = 1.33, and one costs 1.4995.
        (1_000, 1, Err(Error::AmountTooSmall)),
        (1_000, 2, Ok((1, 2))),
        // Ten shares cost 1,501 / 11 = 136.45 each: one 137, two 272.9.
        (10, 136, Err(Error::AmountTooSmall)),
        (10, 137, Ok((1, 137))),
        (10, 272, Ok((1, 137))),
        (10, 273, Ok((2, 273))),
        (10, 300, Ok((2, 273))),
        // A share worth 1,501 / 150,001 = 0.010007: 99.93 for one unit, and 99 cost 0.99.
        (150_000, 1, Ok((99, 1))),
    ];
    for (shares, offered, expected) in table {
        let pool = Totals { shares: Shares::new(shares), ..fresh_pool(1_200, 300) };
        let done = pool.deposit(Assets::new(offered));
        assert_eq!(done.map(|done| (done.shares.get(), done.assets.get())), expected, "{offered} for {shares}");
        if let Ok(done) = done {
            let after = Totals { cash: Assets::new(1_200 + done.assets.get()), shares: done.totals.shares, ..pool };
            assert_eq!((done.totals, done.totals.shares.get()), (after, shares + done.shares.get()));
        }
    }
}

#[test]
fn withdraw_by_hand() {
    // NAV 1,500 and 1,000 shares: 100 * 1,501 / 1,001 = 149.95.
    let pool = Totals { shares: Shares::new(1_000), ..fresh_pool(1_200, 300) };
    assert_eq!(pool.withdraw(Shares::new(100)).unwrap().assets, Assets::new(149));
    assert_eq!(pool.withdraw(Shares::ZERO), Err(Error::AmountTooSmall));
    assert_eq!(pool.withdraw(Shares::new(1_001)), Err(Error::InsufficientShares));
    assert_eq!(pool.withdraw(Shares::new(MAX)), Err(Error::InsufficientShares));
    // 801 * 1,501 / 1,001 = 1,201.1 of 1,200 in cash; 800 are 1,199.6.
    assert_eq!(pool.withdraw(Shares::new(801)), Err(Error::InsufficientCash));
    assert_eq!(pool.withdraw(Shares::new(800)).unwrap().assets, Assets::new(1_199));
    // A share worth a tenth: 9 * 101 / 1,001 = 0.9 is nothing, 10 are one.
    let cheap = Totals { shares: Shares::new(1_000), ..fresh_pool(100, 0) };
    assert_eq!(cheap.withdraw(Shares::new(9)), Err(Error::AmountTooSmall));
    assert_eq!(cheap.withdraw(Shares::new(10)).unwrap().assets, Assets::new(1));
}

#[test]
fn last_withdrawal_leaves_no_orphans() {
    // All 1,000 shares of NAV 1,500: 1,000 * 1,501 / 1,001 = 1,499.5; the one unit left joins the reserves.
    let pool = Totals { shares: Shares::new(1_000), ..fresh_pool(1_500, 0) };
    let left = pool.withdraw(Shares::new(1_000)).unwrap();
    assert_eq!(left.assets, Assets::new(1_499));
    assert_eq!((left.totals.reserves, left.totals.nav()), (Assets::new(1), Ok(Assets::ZERO)));
    assert_eq!(left.totals.deposit(Assets::new(50)).unwrap().shares, Shares::new(50));
}

#[test]
fn shares_worth_is_the_fewest() {
    // NAV 150, 100 shares: 30 * 101 / 151 = 20.07, so 21; their value is 21 * 151 / 101 = 31.4, that of 20 is 29.9.
    let pool = Totals { shares: Shares::new(100), ..fresh_pool(150, 0) };
    assert_eq!(pool.shares_worth(Assets::new(30)), Ok(Shares::new(21)));
    assert_eq!(pool.value_of(Shares::new(20)), Ok(Assets::new(29)));
    assert_eq!(pool.shares_worth(Assets::ZERO), Ok(Shares::ZERO));
}

#[test]
fn share_price_is_told_without_the_virtual_share() {
    assert_eq!(Totals::empty(0).share_price(), Ok(SHARE_PRICE_ONE));
    assert_eq!(Totals { shares: Shares::new(3), ..fresh_pool(1, 0) }.share_price(), Ok(333_333_333_333));
    assert_eq!(Totals { shares: Shares::new(3), ..Totals::empty(0) }.share_price(), Ok(0));
}

#[test]
fn borrow_by_hand() {
    let index = Q64::from_bits(3 << 63);
    let pool = Totals { shares: Shares::new(100), borrow_index: index, ..fresh_pool(100, 0) };
    let none = DebtShares::ZERO;
    // 50 / 1.5 = 33.3, so 34, which owe 51.
    let borrow = pool.borrow(none, Assets::new(50), Assets::ZERO).unwrap();
    assert_eq!((borrow.debt_shares, borrow.totals.cash), (DebtShares::new(34), Assets::new(50)));
    assert_eq!(borrow.totals.debt(borrow.debt_shares), Ok(Assets::new(51)));
    // One unit more adds one share: 35 * 1.5 = 52.5, rounded up.
    let more = borrow.totals.borrow(borrow.debt_shares, Assets::new(1), Assets::new(53)).unwrap();
    assert_eq!(more.debt_shares, DebtShares::new(35));
    assert_eq!(borrow.totals.borrow(borrow.debt_shares, Assets::new(1), Assets::new(54)), Err(Error::DebtBelowMinimum));
    assert_eq!(pool.borrow(none, Assets::ZERO, Assets::ZERO), Err(Error::AmountTooSmall));
    assert_eq!(pool.borrow(none, Assets::new(101), Assets::ZERO), Err(Error::InsufficientCash));
    assert!(pool.borrow(none, Assets::new(100), Assets::ZERO).is_ok());
}

#[test]
fn repay_by_hand() {
    let index = Q64::from_bits(3 << 63);
    let owed = DebtShares::new(33); // 49.5, so 50
    let pool = Totals { debt_shares: owed, borrow_index: index, ..fresh_pool(1, 0) };
    for offer in [50, 51, MAX] {
        let all = pool.repay(owed, Assets::new(offer)).unwrap();
        assert_eq!((all.paid, all.debt_shares), (Assets::new(50), DebtShares::ZERO));
        assert_eq!(all.totals.debt_shares, DebtShares::ZERO);
    }
    // offered: paid and left
    let table = [
        (49, 48, 1),  // 49 / 1.5 = 32.7, and 32 cost 48
        (48, 48, 1),  // 48 / 1.5 = 32
        (47, 47, 2),  // 47 / 1.5 = 31.3, and 31 cost 46.5
        (20, 20, 20), // 20 / 1.5 = 13.3, and 13 cost 19.5
        (19, 18, 21), // 19 / 1.5 = 12.7, and 12 cost 18
        (2, 2, 32),   // 2 / 1.5 = 1.3, and one costs 1.5
    ];
    for (offered, paid, left) in table {
        let part = pool.repay(owed, Assets::new(offered)).unwrap();
        assert_eq!((part.paid, part.debt_shares), (Assets::new(paid), DebtShares::new(left)), "{offered}");
        assert_eq!((part.totals.cash, part.totals.debt_shares), (Assets::new(1 + paid), DebtShares::new(left)));
    }
    // 1 / 1.5 pays no share.
    assert_eq!(pool.repay(owed, Assets::new(1)), Err(Error::AmountTooSmall));
    assert_eq!(pool.repay(owed, Assets::ZERO), Err(Error::AmountTooSmall));
    assert_eq!(pool.repay(DebtShares::ZERO, Assets::new(9)), Err(Error::NoDebt));
}

#[test]
fn collect_reserves_by_hand() {
    let pool = |cash, reserves| Totals { reserves: Assets::new(reserves), ..fresh_pool(cash, 1_000) };
    let all = u64::MAX;
    // cash, reserves, marked, wanted: paid
    let table = [
        (500, 300, 0, all, Ok(300)),
        (500, 300, 0, 300, Ok(300)),
        (500, 300, 0, 1, Ok(1)),
        (500, 300, 0, 301, Err(Error::InsufficientReserves)),
        (500, 300, 100, all, Ok(200)),
        (500, 300, 100, 201, Err(Error::InsufficientReserves)),
        (500, 300, 300, all, Err(Error::AmountTooSmall)),
        (500, 300, all, all, Err(Error::AmountTooSmall)),
        (500, 300, all, 1, Err(Error::InsufficientReserves)),
        (150, 300, 0, all, Ok(150)), // the rest is lent
        (150, 300, 100, all, Ok(150)),
        (150, 300, 0, 151, Err(Error::InsufficientReserves)),
        (0, 300, 0, all, Err(Error::AmountTooSmall)),
        (500, 0, 0, all, Err(Error::AmountTooSmall)),
        (500, 300, 0, 0, Err(Error::AmountTooSmall)),
    ];
    for (cash, reserves, marked, wanted, paid) in table {
        let before = pool(cash, reserves);
        let done = before.collect_reserves(Assets::new(wanted), Assets::new(marked), Assets::new(MAX));
        assert_eq!(done.map(|(paid, ..)| paid.get()), paid, "{wanted} of {reserves} and {cash}");
        let Ok((paid, after, _)) = done else { continue };
        assert_eq!((after.cash.get(), after.reserves.get()), (cash - paid.get(), reserves - paid.get()));
        assert_eq!((after.nav(), after.debt_shares, after.shares), (before.nav(), before.debt_shares, before.shares));
    }
}

#[test]
fn caps_by_hand() {
    // LPs have 1,000, of which 400 are lent.
    let pool = fresh_pool(600, 400);
    let of = |cap: u64| (pool.require_deposits_within(Assets::new(cap)), pool.require_loans_within(Assets::new(cap)));
    assert_eq!(of(1_000), (Ok(()), Ok(())));
    assert_eq!(of(999), (Err(Error::DepositCapExceeded), Ok(())));
    assert_eq!(of(399), (Err(Error::DepositCapExceeded), Err(Error::BorrowCapExceeded)));
    assert_eq!(of(MAX), (Ok(()), Ok(())), "2^64 - 1 is no cap");
    // What is owed to the fund is not the LPs'.
    let owing = Totals { insurance_owed: Assets::new(1), ..pool };
    assert_eq!(owing.require_deposits_within(Assets::new(999)), Ok(()));
}

#[test]
fn accrue_by_hand() {
    // 10 % of a million for a year: 0.1 + 0.005 + 0.000166.. = 105,166; a tenth 10,516, a twentieth 5,258.
    let pool = fresh_pool(1_000_000, 1_000_000);
    let year = pool.accrue(&flat_rates(), SECONDS_PER_YEAR as i64).unwrap();
    assert_eq!(
        (year.interest, year.to_reserves, year.to_insurance),
        (Assets::new(105_166), Assets::new(10_516), Assets::new(5_258))
    );
    assert_eq!((year.totals.cash, year.totals.insurance_due), (Assets::new(994_742), Assets::new(5_258)));
    assert_eq!(year.totals.nav(), Ok(Assets::new(2_089_392)));
    assert_eq!(year.totals.accrued_at, 31_536_000);
}

#[test]
fn insurance_waits_for_cash() {
    // The fund earns 5,258 but the pool has 3,000: it is owed the other 2,258.
    let pool = fresh_pool(3_000, 1_000_000);
    let year = pool.accrue(&flat_rates(), SECONDS_PER_YEAR as i64).unwrap();
    assert_eq!((year.to_insurance, year.to_reserves), (Assets::new(5_258), Assets::new(10_516)));
    let parts = |totals: &Totals| [totals.cash, totals.insurance_due, totals.insurance_owed].map(Assets::get);
    assert_eq!(parts(&year.totals), [0, 3_000, 2_258], "revenue-is-owed");
    // NAV 1,003,000 + 105,166 - 10,516 - 5,258
    assert_eq!(year.totals.nav(), Ok(Assets::new(1_092_392)));
    // A thousand comes in and is paid over before anything leaves, in the same second, too.
    let now = year.totals.accrued_at;
    let repaid = year.totals.repay(DebtShares::new(1_000_000), Assets::new(1_000)).unwrap();
    let paid = repaid.paid.get();
    let next = repaid.totals.accrue(&flat_rates(), now).unwrap().totals;
    assert_eq!(parts(&next), [0, 3_000 + paid, 2_258 - paid], "revenue-is-owed");
    assert_eq!(next.nav(), repaid.totals.nav(), "revenue-is-owed: paying it over costs nobody");
    // So what LPs can take is what is left of the next deposit.
    let lent = next.deposit(Assets::new(5_000)).unwrap().totals.accrue(&flat_rates(), now).unwrap().totals;
    assert_eq!(lent.insurance_owed, Assets::ZERO);
    assert_eq!(lent.withdraw(Shares::new(5_000)), Err(Error::InsufficientCash), "revenue-is-owed");
}

#[test]
fn all_lent_costs_the_fund_nothing() {
    // A year in four quarters without any cash, or with plenty: the fund's part of the interest is the same, to the
    // unit that each quarter's rounding takes at most.
    let mut pools = [fresh_pool(0, 1_000_000), fresh_pool(1_000_000, 1_000_000)];
    for quarter in 1..=4 {
        pools = pools.map(|pool| pool.accrue(&flat_rates(), quarter * SECONDS_PER_YEAR as i64 / 4).unwrap().totals);
    }
    let [all_lent, plenty] = pools.map(|pool| (pool.insurance_due.get(), pool.insurance_owed.get()));
    assert_eq!((all_lent.0, plenty.1), (0, 0));
    // 10 % compounded by the second, e^0.1 - 1 = 10.517 % of a million, of which a twentieth.
    assert_eq!(all_lent.1, plenty.0, "revenue-is-owed");
    assert!((5_254..=5_258).contains(&all_lent.1), "revenue-is-owed: {}", all_lent.1);
}

#[test]
fn interest_without_shares_joins_the_reserves() {
    let pool = Totals { shares: Shares::ZERO, reserves: Assets::new(2_000_000), ..fresh_pool(1_000_000, 1_000_000) };
    let year = pool.accrue(&flat_rates(), SECONDS_PER_YEAR as i64).unwrap();
    // 2,000,000 + 105,166 - 5,258, which is set aside
    assert_eq!((year.totals.reserves, year.totals.nav()), (Assets::new(2_099_908), Ok(Assets::ZERO)));
}

#[test]
fn clock_that_stands_or_goes_back_changes_nothing() {
    let pool = Totals { accrued_at: 500, ..fresh_pool(10, 1_000_000) };
    for now in [500, 499, 0, -1, i64::MIN] {
        let still = pool.accrue(&flat_rates(), now).unwrap();
        assert_eq!((still.interest, still.totals), (Assets::ZERO, pool), "{now}");
    }
    // From the far past to the far future is more seconds than a clock can count: nothing, and no panic.
    let ancient = Totals { accrued_at: i64::MIN, ..pool };
    assert_eq!(ancient.accrue(&flat_rates(), i64::MAX).unwrap().totals, ancient);
}

#[test]
fn idle_pool_keeps_time() {
    let pool = fresh_pool(10, 0);
    let later = pool.accrue(&flat_rates(), 99).unwrap();
    assert_eq!((later.interest, later.totals), (Assets::ZERO, Totals { accrued_at: 99, ..pool }));
}

#[test]
fn debt_beyond_64_bits_stops_growing() {
    // 3/4 of 2^64 at 10 % over 8 years, of which 4.25 are charged, would be 1.14 * 2^64: interest stands still, time
    // goes on, and everything else still works.
    let pool = fresh_pool(1_000, 3 << 62);
    let later = pool.accrue(&flat_rates(), 8 * SECONDS_PER_YEAR as i64).unwrap();
    assert_eq!((later.interest, later.totals.accrued_at), (Assets::ZERO, 8 * SECONDS_PER_YEAR as i64));
    assert_eq!(later.totals.performing_debt(), pool.performing_debt());
    assert!(later.totals.repay(DebtShares::new(3 << 62), Assets::new(MAX)).is_ok());
    assert!(later.totals.withdraw(Shares::new(1_000)).is_ok());
    // So does an index near its own end, with one unit of debt.
    let steep = Totals { borrow_index: Q64::from_bits(u128::MAX - 1), ..fresh_pool(0, 1) };
    assert_eq!(steep.accrue(&flat_rates(), 100).unwrap().interest, Assets::ZERO);
}

/// Whether the engine's outcome is the model's; an overflow is right only where a total would not fit.
fn agree<T, M>(
    engine: Result<(T, Totals), Error>,
    model: Result<(M, LossState), Error>,
    same: impl Fn(&T, &M) -> bool,
) -> Result<(), TestCaseError> {
    match (engine, model) {
        (Ok((engine, totals)), Ok((model, state))) => {
            prop_assert!(same(&engine, &model));
            prop_assert_eq!(LossState::from(&totals), state);
        }
        (Err(Error::MathOverflow), Ok((_, state))) => {
            prop_assert!(!state.fit(), "overflow where all fits: {:?}", state)
        }
        (Err(engine), Err(model)) => prop_assert_eq!(engine, model),
        (Ok((_, totals)), Err(model)) => prop_assert!(false, "expected {:?}, got {:?}", model, totals),
        (Err(engine), Ok((_, state))) => prop_assert!(false, "expected {:?}, got {:?}", state, engine),
    }
    Ok(())
}

/// A part of what there is, so that most of the cases are not refused.
fn part_of(whole: u64, part: u64) -> u64 {
    u64::try_from(u128::from(whole) * u128::from(part % 10_001) / 10_000).unwrap()
}

proptest! {
    #![proptest_config(cases(1_500))]

    #[test]
    fn actions_agree_with_the_model(
        pool in pool_with_history(), amount in prop_oneof![real_amount(), any_size()], part in any::<u64>(),
        min_debt in 0_u64..1_000,
    ) {
        let state = LossState::from(&pool);
        let is = |engine: u64, model: &num_bigint::BigInt| crate::model::int(engine) == *model;
        agree(
            pool.deposit(Assets::new(amount)).map(|done| ((done.assets, done.shares), done.totals)),
            state.deposit(amount).map(|(taken, minted, state)| ((taken, minted), state)),
            |(assets, shares), (taken, minted)| is(assets.get(), taken) && is(shares.get(), minted),
        )?;
        for shares in [amount, part_of(pool.shares.get(), part), pool.shares.get()] {
            agree(
                pool.withdraw(Shares::new(shares)).map(|done| (done.assets, done.totals)),
                state.withdraw(shares),
                |assets, model| is(assets.get(), model),
            )?;
        }
        let held = part_of(pool.debt_shares.get(), part);
        for assets in [amount, part_of(pool.cash.get(), amount)] {
            agree(
                pool.borrow(DebtShares::new(held), Assets::new(assets), Assets::new(min_debt))
                    .map(|done| (done.debt_shares, done.totals)),
                state.borrow(held, assets, min_debt),
                |after, model| is(after.get() - held, model),
            )?;
        }
        for offered in [amount, part_of(pool.debt(DebtShares::new(held)).unwrap().get(), amount)] {
            agree(
                pool.repay(DebtShares::new(held), Assets::new(offered))
                    .map(|done| ((done.paid, done.debt_shares), done.totals)),
                state.repay(held, offered).map(|(paid, burned, state)| ((paid, burned), state)),
                |(paid, left), (expected, burned)| is(paid.get(), expected) && is(held - left.get(), burned),
            )?;
        }
    }

    /// Collecting reserves never changes NAV, nor what a loss would find.
    #[test]
    fn collecting_agrees_with_the_model(
        pool in pool_with_history(), amount in prop_oneof![real_amount(), any_size(), Just(u64::MAX)],
        part in any::<u64>(),
        (marked, released) in (
            prop_oneof![Just(0), real_amount(), any_size()],
            prop_oneof![Just(MAX), Just(0), real_amount()],
        ),
    ) {
        let state = LossState::from(&pool);
        for wanted in [amount, part_of(pool.reserves.get(), part), pool.reserves.get()] {
            let found = pool.collect_reserves(Assets::new(wanted), Assets::new(marked), Assets::new(released));
            let found = found.map(|(paid, totals, left)| {
                assert_eq!(left.get(), released - paid.get(), "reserves-are-released: what is collected is used up");
                (paid, totals)
            });
            agree(found, state.collect(wanted, marked, released), |paid, model| {
                crate::model::int(paid.get()) == *model
            })?;
            let Ok((paid, after)) = found else { continue };
            prop_assert_eq!(after.nav(), pool.nav(), "conservation");
            prop_assert_eq!(after.insurance_due, pool.insurance_due, "conservation");
            prop_assert!(after.reserves.get() >= marked.min(pool.reserves.get()), "what is marked reserves bear first");
            prop_assert!(paid <= pool.cash);
        }
    }

    #[test]
    fn accrual_agrees_with_the_model(
        pool in pool_with_history(), rates in valid_rates(),
        seconds in prop_oneof![0_i64..100, 0_i64..1 << 27, 0_i64..1 << 40],
    ) {
        let done = pool.accrue(&rates, pool.accrued_at + seconds).unwrap();
        let (interest, to_reserves, to_insurance, state) =
            LossState::from(&pool).accrue(&rates, seconds.cast_unsigned());
        let state = LossState { accrued_at: pool.accrued_at + seconds, ..state };
        prop_assert_eq!(crate::model::int(done.interest.get()), interest);
        prop_assert_eq!(crate::model::int(done.to_reserves.get()), to_reserves);
        prop_assert_eq!(crate::model::int(done.to_insurance.get()), to_insurance);
        prop_assert_eq!(LossState::from(&done.totals), state);
        prop_assert_eq!(done.totals.accrued_at, pool.accrued_at + seconds);
    }

    #[test]
    fn nothing_panics(
        (cash, debt_shares, shares) in (any_size(), any_size(), any_size()),
        (reserves, insurance_due) in (any_size(), any_size()),
        (high, low) in (any_size(), any_size()), accrued_at in any::<i64>(), now in any::<i64>(),
        amount in any_size(), rates in valid_rates(),
    ) {
        // Totals that no history leads to: every function answers, with a number or an error.
        let pool = Totals {
            cash: Assets::new(cash),
            debt_shares: DebtShares::new(debt_shares),
            shares: Shares::new(shares),
            generation: 0,
            borrow_index: Q64::from_bits((u128::from(high) << 64) | u128::from(low)),
            reserves: Assets::new(reserves),
            insurance_due: Assets::new(insurance_due),
            insurance_owed: Assets::new(amount % 7),
            accrued_at,
            usage: Usage { utilisation: high, debt: Assets::new(low) },
        };
        let _ = (pool.nav(), pool.share_price(), pool.accrue(&rates, now), pool.deposit(Assets::new(amount)));
        let _ = (
            pool.withdraw(Shares::new(amount)),
            pool.value_of(Shares::new(amount)),
            pool.shares_worth(Assets::new(amount)),
        );
        let _ = pool.borrow(DebtShares::new(debt_shares), Assets::new(amount), Assets::ZERO);
        let _ = pool.repay(DebtShares::new(debt_shares), Assets::new(amount));
        let _ = pool.repay(DebtShares::new(amount), Assets::new(amount));
        let _ = pool.collect_reserves(Assets::new(amount), Assets::new(cash), Assets::new(high));
    }

    #[test]
    fn shares_worth_buys_at_least_the_assets(pool in pool_with_history(), assets in real_amount()) {
        if let Ok(shares) = pool.shares_worth(Assets::new(assets))
            && shares <= pool.shares
        {
            prop_assert!(pool.value_of(shares).unwrap().get() >= assets);
            let fewer = Shares::new(shares.get() - 1);
            prop_assert!(pool.value_of(fewer).unwrap().get() < assets);
        }
    }
}
