//! The loss ledger.

use std::collections::BTreeMap;

use backstop_client::{LossLedger, LossRecord};
use solana_address::Address;

use super::Books;
use crate::view::{Figure, View};

/// As a kind of record: a loss.
const LOSS: u8 = 1;

/// How each remembered loss was split, and what was recovered. `owners` are those of the obligations.
pub fn losses(books: &Books, ledger: &LossLedger, owners: &BTreeMap<Address, Address>) -> View {
    let token = &books.token;
    let bare = |units: u64| Figure::bare(units, token);
    let owner = |record: &LossRecord| owners.get(&record.obligation).map_or_else(|| Figure::none("?"), Figure::address);
    let obligation = |record: &LossRecord| Figure::short(&record.obligation);
    let loss = |record: &LossRecord| {
        vec![
            Figure::count(record.sequence),
            books.time(record.at),
            owner(record),
            obligation(record),
            bare(record.assets),
            Figure::text("="),
            bare(record.reserves),
            bare(record.insurance),
            bare(record.lps),
            bare(record.uncovered),
            Figure::share_price(record.share_price_before),
            Figure::share_price(record.share_price_after),
        ]
    };
    let recovery = |record: &LossRecord| {
        vec![
            books.time(record.at),
            owner(record),
            obligation(record),
            bare(record.assets),
            Figure::text("="),
            bare(record.lps),
            bare(record.insurance),
            bare(record.reserves),
        ]
    };
    let lost: Vec<_> = ledger.history().filter(|record| record.kind == LOSS).map(loss).collect();
    let recovered: Vec<_> = ledger.history().filter(|record| record.kind != LOSS).map(recovery).collect();
    let mut view = View::new(format!("Loss ledger of the pool of {}", token.symbol));
    view.figure("count", "losses and recoveries so far", Figure::count(ledger.count)).figure(
        "remembered",
        "remembered",
        Figure::count(u64::try_from(lost.len().saturating_add(recovered.len())).unwrap_or(u64::MAX)),
    );
    let remembered = ledger.history().filter(|record| record.kind == LOSS);
    let remembered_sum = remembered.fold(0_u64, |sum, record| sum.saturating_add(record.assets));
    let all = books.pool.lost;
    view.figure("lost", "lost so far", Figure::amount(all, token));
    if let Some(older) = all.checked_sub(remembered_sum).filter(|older| *older != 0) {
        view.figure("older", "  of it in losses too old to be listed", Figure::amount(older, token));
    }
    let columns = [
        ("sequence", ">#"),
        ("at", "when"),
        ("owner", "borrower"),
        ("obligation", "obligation"),
        ("loss", ">loss"),
        ("", "="),
        ("from_reserves", ">reserves"),
        ("from_insurance", ">insurance"),
        ("to_lps", ">LPs"),
        ("uncovered", ">uncovered"),
        ("share_price_before", ">price before"),
        ("share_price_after", ">price after"),
    ];
    view.list("losses", format!("Losses, in {}", token.symbol), &columns, lost);
    let columns = [
        ("at", "when"),
        ("owner", "borrower"),
        ("obligation", "obligation"),
        ("recovered", ">recovered"),
        ("", "="),
        ("to_lps", ">LPs"),
        ("to_insurance", ">stakers and fund"),
        ("to_reserves", ">reserves"),
    ];
    view.list("recoveries", format!("Recoveries, in {}", token.symbol), &columns, recovered);
    view
}
