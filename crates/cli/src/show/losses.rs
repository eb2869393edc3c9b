//! The loss ledger.

use backstop_client::{LossLedger, LossRecord};

use super::Books;
use crate::{
    tokens::short,
    view::{Figure, View},
};

/// As a kind of record: a loss.
const LOSS: u8 = 1;

/// How each remembered loss was split, and what was recovered.
pub fn losses(books: &Books, ledger: &LossLedger) -> View {
    let token = &books.token;
    let bare = |units: u64| Figure::bare(units, token);
    let obligation =
        |record: &LossRecord| Figure { text: short(&record.obligation), json: record.obligation.to_string().into() };
    let loss = |record: &LossRecord| {
        vec![
            Figure::count(record.sequence),
            Figure { text: books.time(record.at).text, json: books.time(record.at).json },
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
    let columns = [
        ("sequence", ">#"),
        ("at", "when"),
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
