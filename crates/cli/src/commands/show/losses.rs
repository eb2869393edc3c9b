//! Views of the loss book, and of a holder's share of losses.

use std::collections::BTreeMap;

use backstop_client::{LossBook, LossRecord};
use backstop_engine::Result;
use solana_address::Address;

use crate::loaded_pool::{Borne, PoolSummary};
use crate::view::{Cell, View};

/// The split and the recoveries of each loss. `owners` maps obligations to their owners.
///
/// # Errors
/// If the book holds values that the program never stores.
pub fn losses(summary: &PoolSummary, book: &LossBook, owners: &BTreeMap<Address, Address>) -> Result<View> {
    let token = &summary.token;
    let bare = |units: u64| Cell::bare(units, token);
    let owner = |record: &LossRecord| owners.get(&record.obligation).map_or_else(|| Cell::none("?"), Cell::address);
    let loss = |(number, entry): (u32, &LossRecord)| {
        let record = entry.record();
        let lost = record.unrecovered()?.plus(record.recovered)?;
        Ok(vec![
            Cell::count(number),
            summary.time(entry.at),
            owner(entry),
            Cell::short(&entry.obligation),
            bare(lost.get()),
            Cell::text("="),
            bare(entry.reserves),
            bare(entry.protocol),
            bare(entry.stakers),
            bare(entry.lps),
            Cell::share_price(entry.share_price_before),
            Cell::share_price(entry.share_price_after),
            bare(entry.recovered),
        ])
    };
    let mut view = View::new(format!("Loss book of the {} pool", token.symbol));
    view.figure("count", "losses in the book", Cell::count(book.count()))
        .figure("room", "  room for", Cell::count(book.room))
        .figure("losses", "losses so far, including small ones", Cell::count(summary.pool.losses))
        .figure("lost", "lost so far", Cell::amount(summary.pool.lost, token))
        .figure("uncovered", "  uncovered", Cell::amount(summary.pool.uncovered, token));
    let columns = [
        ("number", ">#"),
        ("at", "when"),
        ("owner", "borrower"),
        ("obligation", "obligation"),
        ("loss", ">loss"),
        ("", "="),
        ("reserves", ">reserves"),
        ("protocol", ">protocol"),
        ("stakers", ">stakers"),
        ("lps", ">LPs"),
        ("share_price_before", ">price before"),
        ("share_price_after", ">price after"),
        ("recovered", ">recovered"),
    ];
    let lost = book.losses().map(loss).collect::<Result<_>>()?;
    view.list("records", format!("Losses, in {}", token.symbol), &columns, lost);
    Ok(view)
}

/// Adds a holder's share of each loss: lost, recovered, claimed and claimable. Claims are amounts for an LP, shares for
/// a staker.
pub(super) fn borne(view: &mut View, summary: &PoolSummary, losses: &[Borne], [claimed, claimable]: [&str; 2]) {
    let bare = |units: u64| Cell::bare(units, &summary.token);
    let row = |loss: &Borne| {
        vec![
            Cell::count(loss.number),
            bare(loss.lost),
            bare(loss.recovered),
            bare(loss.claim.as_ref().map_or(0, |claim| claim.claimed)),
            bare(loss.claimable),
        ]
    };
    let columns = [
        ("number", ">#"),
        ("lost", ">lost"),
        ("recovered", ">recovered"),
        ("claimed", claimed),
        ("claimable", claimable),
    ];
    view.list(
        "losses",
        format!("Your share of losses, in {}", summary.token.symbol),
        &columns,
        losses.iter().map(row).collect(),
    );
}
