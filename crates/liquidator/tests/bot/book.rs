//! What the book takes in and what it leaves out.

use backstop_client::{AccountData, InsuranceFund, PROGRAM_ID};
use backstop_engine::{price::Value, quantity::DebtShares};
use backstop_liquidator::book::{Applied, Reading, Received};
use solana_address::Address;

use crate::strategies::{CLOCK, POOL, USDC, at, blank, book, borrower, collateral, obligation, pool, price};

fn reported<T: AccountData>(address: Address, account: &T, slot: u64) -> Received {
    Received { address, owner: PROGRAM_ID, data: account.to_account_data(), slot }
}

#[test]
fn an_older_slot_never_overwrites_a_newer_one() {
    let mut book = book(pool(), vec![collateral(1, 9, 8_000)], vec![price(1, 270_000, 0)], &[]);
    let debt = |book: &backstop_liquidator::book::Book| book.row(&borrower(0)).map(|row| row.debt);
    assert_eq!(book.apply(reported(borrower(0), &obligation(7, &[]), 10)), Applied::Changed);
    assert_eq!(book.apply(reported(borrower(0), &obligation(6, &[]), 9)), Applied::Older);
    assert_eq!(debt(&book), Some(DebtShares::new(7)));
    assert_eq!(book.apply(reported(borrower(0), &obligation(8, &[]), 10)), Applied::Changed);
    assert_eq!(debt(&book), Some(DebtShares::new(8)));

    let mut changed = pool();
    changed.cash = 5;
    assert_eq!(book.apply(reported(POOL, &changed, 3)), Applied::Changed);
    assert_eq!(book.apply(reported(POOL, &pool(), 2)), Applied::Older);
    assert_eq!(book.pool().cash, 5);

    assert_eq!(book.apply(Received { slot: 4, ..price(1, 280_000, 0) }), Applied::Changed);
    assert_eq!(book.apply(Received { slot: 3, ..price(1, 1, 0) }), Applied::Older);
    assert_eq!(book.snapshot(CLOCK).collaterals[0].price.unwrap().quote.price, 280_000);
}

#[test]
fn a_node_may_lag_behind_but_not_by_minutes() {
    let mut book = book(pool(), vec![], vec![], &[]);
    assert_eq!(book.apply(reported(POOL, &pool(), 1_000)), Applied::Changed);
    let of_slot = |slot| Reading {
        address: POOL,
        slot,
        pool: pool(),
        fund: blank::<InsuranceFund>(),
        collaterals: vec![],
        positions: Vec::new(),
        stakes: Vec::new(),
        obligations: vec![],
    };
    assert!(!book.is_of_another_chain(&of_slot(1_001)));
    assert!(!book.is_of_another_chain(&of_slot(488)));
    assert!(book.is_of_another_chain(&of_slot(487)));
}

#[test]
fn what_belongs_to_another_pool_or_is_no_price_of_it_is_left_out() {
    let mut book = book(pool(), vec![collateral(1, 9, 8_000)], vec![], &[]);
    let mut other = obligation(1, &[]);
    other.pool = at(9);
    assert_eq!(book.apply(reported(borrower(0), &other, 5)), Applied::Foreign);
    let (address, mut other) = collateral(2, 9, 8_000);
    other.pool = at(9);
    assert_eq!(book.apply(reported(address, &other, 5)), Applied::Foreign);
    assert_eq!(book.apply(reported(at(9), &pool(), 5)), Applied::Foreign);
    assert_eq!(book.apply(price(2, 1, 0)), Applied::Foreign); // nobody lists feed 2
    assert_eq!(book.apply(Received { owner: at(3), ..price(1, 1, 0) }), Applied::Foreign); // not an oracle's
    assert_eq!(book.apply(Received { data: vec![1, 2, 3], ..reported(borrower(0), &pool(), 5) }), Applied::Foreign);
    assert!(book.rows().is_empty());
}

#[test]
fn a_row_gives_back_the_obligation_in_its_order() {
    let mut one = obligation(11, &[(3, 30), (1, 10), (2, 20)]);
    (one.marked, one.marked_at, one.last_risk_increase_slot) = (5, 66, 77);
    let book = book(pool(), vec![collateral(1, 9, 8_000)], vec![], &[one]);
    let back = book.obligation(book.row(&borrower(0)).unwrap());
    assert_eq!(back.collaterals, one.collaterals);
    assert_eq!((back.debt_shares, back.marked, back.marked_at, back.last_risk_increase_slot), (11, 5, 66, 77));
}

#[test]
fn a_collateral_that_was_not_read_yet_is_taken_in_when_it_is() {
    let owed = [obligation(1_000_000_000, &[(2, 5_000_000)])];
    let mut book = book(pool(), vec![], vec![], &owed);
    let rate = |book: &backstop_liquidator::book::Book| book.scale(&book.snapshot(CLOCK)).unwrap().rate(book.rows(), 1);
    assert_eq!(rate(&book).unpriced, 1);
    let (address, listed) = collateral(2, 6, 8_000);
    assert_eq!(book.apply(reported(address, &listed, 5)), Applied::Changed);
    assert_eq!(book.apply(price(2, 10_000, 0)), Applied::Changed); // its feed is known from now on
    assert_eq!((rate(&book).unpriced, rate(&book).due.len()), (0, 1));
}

#[test]
fn a_whole_token_is_counted_at_its_upper_price_while_that_can_be_used() {
    let mint = crate::strategies::mint;
    let book = book(pool(), vec![collateral(1, 9, 8_000), collateral(2, 9, 8_000)], vec![price(1, 270_000, 500)], &[]);
    let value = |number, now| book.value_of(&mint(number), now);
    // 27 USD and 5 cents more.
    assert_eq!(value(1, CLOCK.unix_timestamp), Some(Value::from_micro_usd(27_050_000)));
    assert_eq!(value(1, CLOCK.unix_timestamp + 61), None); // older than a minute
    assert_eq!(value(2, CLOCK.unix_timestamp), None); // no price
    assert_eq!(value(3, CLOCK.unix_timestamp), None); // not listed
    assert_eq!(value(USDC, CLOCK.unix_timestamp), Some(Value::from_micro_usd(1_000_000)));
}
