//! An LP position.

use backstop_client::LpPosition;
use backstop_engine::Result;
use solana_address::Address;

use super::Books;
use crate::view::{Figure, View};

/// What an LP has: shares, what they are worth, claims, a request to leave.
///
/// # Errors
/// If the accounts hold numbers that the program never stores.
pub fn position(books: &Books, address: &Address, position: &LpPosition) -> Result<View> {
    let (pool, totals) = (&books.pool, &books.totals);
    let shares = position.shares_in(pool);
    let holder = position.holder.settled(&pool.claims);
    let ledger = pool.claims.ledger();
    let request = position.request_in(pool).at_most(shares);
    let none = backstop_engine::quantity::Assets::ZERO;
    let mut view = View::new(format!("LP position in the pool of {}", books.token.symbol));
    view.figure("position", "position", Figure::address(address))
        .figure("owner", "owner", Figure::address(&position.owner))
        .figure("shares", "shares", books.shares(shares))
        .figure("worth", "worth now", books.amount(totals.value_of(shares, none)?))
        .figure("exit_worth", "worth to who leaves now", books.amount(totals.value_of(shares, books.from_lps)?))
        .figure("claimable", "claimable now", books.amount(holder.payable(&ledger)))
        .figure("unrecovered", "lost and not recovered", books.amount(holder.unrecovered(&ledger)))
        .figure("notice", "notice to withdraw", super::pool::notice(books))
        .figure("request", "withdrawal requested", Figure::text(books.request(&request)));
    if shares.is_zero() && !holder.payable(&ledger).is_zero() {
        view.note("`backstop claim-recovery` pays out what is claimable.");
    }
    Ok(view)
}
