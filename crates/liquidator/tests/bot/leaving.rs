//! Requests to leave: which are executed, and when.

use std::collections::HashSet;

use backstop_client::{AccountData, HistoryRow, InsuranceFund, InsuranceStake, LpPosition, Pool};
use backstop_engine::quantity::Assets;
use backstop_liquidator::{
    book::{Applied, Book, Received},
    plan::{Action, Inventory},
};
use solana_address::Address;

use crate::{
    planning::{planned, rules},
    strategies::*,
};

const USDC_ONE: u64 = 1_000_000;
const FUND: Address = Address::new_from_array([201; 32]);

/// A pool with so much cash for as many shares, and nothing lent. Leaving it takes an hour's notice.
fn cash(units: u64) -> Pool {
    let mut pool = Pool { cash: units, debt_shares: 0, shares: 1_000 * USDC_ONE, ..pool() };
    pool.parameters.exit.notice_seconds = 3_600;
    pool
}

/// An LP who asked for 100 of its 300 shares, matured at this time.
fn lp(matures_at: i64) -> LpPosition {
    let mut position: LpPosition = blank();
    (position.pool, position.owner, position.room) = (POOL, at(7), 8);
    position.holder.shares = 300 * USDC_ONE;
    (position.request.shares, position.request.matures_at) = (100 * USDC_ONE, matures_at);
    position
}

/// A staker who asked for all of its 40, of as many.
fn staker(matures_at: i64) -> InsuranceStake {
    let mut stake: InsuranceStake = blank();
    (stake.fund, stake.owner, stake.room) = (FUND, at(8), 8);
    stake.holder.shares = 40 * USDC_ONE;
    (stake.request.shares, stake.request.worth, stake.request.matures_at) = (40 * USDC_ONE, 40 * USDC_ONE, matures_at);
    stake
}

fn fund(assets: u64) -> InsuranceFund {
    InsuranceFund { pool: POOL, assets, shares: 40 * USDC_ONE, ..blank() }
}

fn reported<T: AccountData>(address: Address, account: &T, slot: u64) -> Received {
    Received { address, owner: backstop_client::PROGRAM_ID, data: account.to_account_data(), slot }
}

/// A book of the pool that was told of these.
fn book_with(pool: Pool, fund: &InsuranceFund, lps: &[LpPosition], stakers: &[InsuranceStake]) -> Book {
    let mut book = book(pool, vec![], vec![], &[]);
    assert_eq!(book.apply(reported(FUND, fund, 2)), Applied::Changed);
    for (number, lp) in (20..).zip(lps) {
        assert_eq!(book.apply(reported(at(number), lp, 2)), Applied::Changed);
    }
    for (number, staker) in (40..).zip(stakers) {
        assert_eq!(book.apply(reported(at(number), staker, 2)), Applied::Changed);
    }
    book
}

fn actions(book: &Book) -> Vec<Action> {
    planned(book, &Inventory::default(), &rules()).actions
}

fn execution(holder: u8, owner: u8, of_stake: bool, assets: u64) -> Action {
    Action::Execute { holder: at(holder), owner: at(owner), of_stake, assets: Assets::new(assets) }
}

#[test]
fn what_has_matured_is_executed_and_nothing_before() {
    let now = CLOCK.unix_timestamp;
    let with =
        |lps: &[_], stakers: &[_]| actions(&book_with(cash(1_000 * USDC_ONE), &fund(40 * USDC_ONE), lps, stakers));
    assert_eq!(with(&[lp(now)], &[]), [execution(20, 7, false, 100 * USDC_ONE)]);
    assert_eq!(with(&[], &[staker(now)]), [execution(40, 8, true, 40 * USDC_ONE)]);
    assert_eq!(with(&[lp(now), lp(now + 1)], &[staker(now), staker(now + 1)]).len(), 2);
    assert_eq!(with(&[lp(now + 1)], &[staker(now + 1)]), []);
}

#[test]
fn nothing_is_executed_on_hold_or_while_withdrawals_are_paused() {
    let now = CLOCK.unix_timestamp;
    let mut held = cash(1_000 * USDC_ONE);
    held.marked = USDC_ONE;
    assert_eq!(actions(&book_with(held, &fund(40 * USDC_ONE), &[lp(now)], &[staker(now)])), []);
    let mut paused = cash(1_000 * USDC_ONE);
    (paused.pauses[3].since, paused.pauses[3].until) = (now - 1, now + 1);
    let only_stake = actions(&book_with(paused, &fund(40 * USDC_ONE), &[lp(now)], &[staker(now)]));
    assert_eq!(only_stake, [execution(40, 8, true, 40 * USDC_ONE)]);
}

#[test]
fn a_part_is_executed_where_it_is_worth_a_transaction() {
    // A share is worth one. Of 100, cash pays for what there is, if that is worth a transaction that earns nothing.
    // In millionths of a dollar: base units of USDC.
    let least = u64::try_from(rules().mark_change.get() / 10_u128.pow(12)).unwrap();
    let with = |units: u64| {
        let pool = Pool { cash: units, debt_shares: 1_000 * USDC_ONE - units, ..cash(0) };
        actions(&book_with(pool, &fund(0), &[lp(CLOCK.unix_timestamp)], &[]))
    };
    assert_eq!(with(0), []);
    assert_eq!(with(least - 1), []);
    assert_eq!(with(least), [execution(20, 7, false, least)]);
    assert_eq!(with(100 * USDC_ONE), [execution(20, 7, false, 100 * USDC_ONE)]);
}

#[test]
fn each_has_what_those_before_it_leave() {
    // Cash of 150 for two who are owed 100 each.
    let pool = Pool { cash: 150 * USDC_ONE, debt_shares: 850 * USDC_ONE, ..cash(0) };
    let now = CLOCK.unix_timestamp;
    let planned = actions(&book_with(pool, &fund(0), &[lp(now), lp(now), lp(now)], &[]));
    let paid: Vec<u64> = planned
        .iter()
        .map(|action| match action {
            Action::Execute { assets, .. } => assets.get(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(paid, [100 * USDC_ONE, 50 * USDC_ONE]);
}

#[test]
fn what_costs_more_than_it_pays_is_left_alone() {
    let now = CLOCK.unix_timestamp;
    let cost = u64::try_from(rules().transaction_cost.get() / 10_u128.pow(12)).unwrap(); // in millionths of a dollar
    let with = |shares: u64| {
        let mut few = lp(now);
        few.request.shares = shares;
        actions(&book_with(cash(1_000 * USDC_ONE), &fund(0), &[few], &[]))
    };
    assert_eq!(with(cost), [execution(20, 7, false, cost)]);
    assert_eq!(with(cost - 1), []);
    // Nor is room made for it.
    let mut few = full_history();
    few.request.shares = cost - 1;
    assert_eq!(actions(&book_with(after_a_loss(), &fund(0), &[few], &[])), []);
    let mut waits = full_history();
    waits.request.matures_at = now + 1;
    assert_eq!(actions(&book_with(after_a_loss(), &fund(0), &[waits], &[])), []);
}

/// A pool in which LPs bore a loss, and one of them whose history has no room for it.
fn after_a_loss() -> Pool {
    Pool { last_loss: 9, ..cash(1_000 * USDC_ONE) }
}

fn full_history() -> LpPosition {
    let mut full = lp(CLOCK.unix_timestamp);
    full.room = 1;
    full.history = vec![HistoryRow { from: 1, to: 1, generation: 0, shares: 1 }];
    full.holder.since = 1;
    full
}

#[test]
fn without_a_notice_nobody_waits() {
    // Asked while the breaker was tripped, which has ended: the pool asks for no notice now.
    let mut pool = cash(1_000 * USDC_ONE);
    let asked = lp(CLOCK.unix_timestamp + 1);
    assert_eq!(actions(&book_with(pool, &fund(0), std::slice::from_ref(&asked), &[])), []);
    pool.parameters.exit.notice_seconds = 0;
    assert_eq!(actions(&book_with(pool, &fund(0), &[asked], &[])), [execution(20, 7, false, 100 * USDC_ONE)]);
}

#[test]
fn a_full_history_is_extended_first() {
    let made = actions(&book_with(after_a_loss(), &fund(0), &[full_history()], &[]));
    assert_eq!(made, [Action::ExtendHistory { holder: at(20) }]);
}

#[test]
fn who_has_left_is_forgotten_and_what_is_busy_left_alone() {
    let now = CLOCK.unix_timestamp;
    let mut book = book_with(cash(1_000 * USDC_ONE), &fund(0), &[lp(now)], &[]);
    let busy = Inventory { busy: HashSet::from([at(20)]), ..Inventory::default() };
    assert_eq!(planned(&book, &busy, &rules()).actions, []);
    let gone = LpPosition { request: blank::<LpPosition>().request, ..lp(now) };
    assert_eq!(book.apply(reported(at(20), &gone, 3)), Applied::Changed);
    assert_eq!(book.leavers().count(), 0);
    // What is told late brings it back no more.
    assert_eq!(book.apply(reported(at(20), &lp(now), 2)), Applied::Older);
    assert_eq!(actions(&book), []);
    // Nor is one of another pool, or of another fund, this book's.
    let (mut other, mut stranger) = (lp(now), staker(now));
    (other.pool, stranger.fund) = (at(9), at(9));
    assert_eq!(book.apply(reported(at(21), &other, 5)), Applied::Foreign);
    assert_eq!(book.apply(reported(at(41), &stranger, 5)), Applied::Foreign);
}
