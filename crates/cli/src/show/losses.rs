//! The loss book.

use std::collections::BTreeMap;

use backstop_client::{LossBook, LossClaim, LossRecord};
use backstop_engine::Result;
use solana_address::Address;

use super::Books;
use crate::view::{Figure, View};

/// How each loss was split, and what came back of it. `owners` are those of the obligations.
///
/// # Errors
/// If the book holds numbers that the program never stores.
pub fn losses(books: &Books, book: &LossBook, owners: &BTreeMap<Address, Address>) -> Result<View> {
    let token = &books.token;
    let bare = |units: u64| Figure::bare(units, token);
    let owner = |record: &LossRecord| owners.get(&record.obligation).map_or_else(|| Figure::none("?"), Figure::address);
    let loss = |(number, entry): (u32, &LossRecord)| {
        let record = entry.record();
        let lost = record.unrecovered()?.plus(record.recovered)?;
        Ok(vec![
            Figure::count(number),
            books.time(entry.at),
            owner(entry),
            Figure::short(&entry.obligation),
            bare(lost.get()),
            Figure::text("="),
            bare(entry.reserves),
            bare(entry.gifts),
            bare(entry.stakers),
            bare(entry.lps),
            Figure::share_price(entry.share_price_before),
            Figure::share_price(entry.share_price_after),
            bare(entry.recovered),
        ])
    };
    let mut view = View::new(format!("Loss book of the pool of {}", token.symbol));
    view.figure("count", "losses in it", Figure::count(book.count()))
        .figure("room", "  room for", Figure::count(book.room))
        .figure("losses", "losses so far, small ones too", Figure::count(books.pool.losses))
        .figure("lost", "lost so far", Figure::amount(books.pool.lost, token))
        .figure("uncovered", "  borne by nobody", Figure::amount(books.pool.uncovered, token));
    let columns = [
        ("number", ">#"),
        ("at", "when"),
        ("owner", "borrower"),
        ("obligation", "obligation"),
        ("loss", ">loss"),
        ("", "="),
        ("reserves", ">reserves"),
        ("gifts", ">gifts"),
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

/// What a holder bore of each loss, what came back of that, and what of it was claimed and can be: an LP an amount, a staker shares.
pub(super) fn borne(view: &mut View, books: &Books, losses: &[Borne], [claimed, claimable]: [&str; 2]) {
    let bare = |units: u64| Figure::bare(units, &books.token);
    let row = |loss: &Borne| {
        vec![
            Figure::count(loss.number),
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
        format!("Your part of losses, in {}", books.token.symbol),
        &columns,
        losses.iter().map(row).collect(),
    );
}

/// A holder's part of a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Borne {
    /// The number of the loss.
    pub number: u32,
    /// What the holder bore of it.
    pub lost: u64,
    /// What came back of that.
    pub recovered: u64,
    /// The account of what was claimed of it, if it is open.
    pub claim: Option<LossClaim>,
    /// What can be claimed of it now: by an LP an amount, by a staker shares.
    pub claimable: u64,
    /// What that is worth.
    pub due: u64,
}
