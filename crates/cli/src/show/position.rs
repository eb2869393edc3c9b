//! An LP position.

use backstop_client::LpPosition;
use backstop_engine::Result;
use solana_address::Address;

use super::{Books, Borne, losses::borne};
use crate::view::{Figure, View};

/// What an LP has: shares, what they are worth, its part of losses, a request to leave.
///
/// # Errors
/// If the accounts hold numbers that the program never stores.
pub fn position(books: &Books, address: &Address, position: &LpPosition, losses: &[Borne]) -> Result<View> {
    let (pool, totals) = (&books.pool, &books.totals);
    let shares = position.shares_in(pool);
    let claimable = losses.iter().map(|loss| loss.due).sum();
    let request = position.request_in(pool, books.now);
    let mut view = View::new(format!("LP position in the pool of {}", books.token.symbol));
    view.figure("position", "position", Figure::address(address))
        .figure("owner", "owner", Figure::address(&position.owner))
        .figure("shares", "shares", books.shares(shares))
        .figure("worth", "worth now", books.amount(totals.value_of(shares)?))
        .figure("claimable", "claimable now", Figure::amount(claimable, &books.token))
        .figure("notice", "notice to withdraw", super::pool::notice(books))
        .figure("request", "withdrawal requested", Figure::text(books.request(&request)))
        .figure("payable", "payable to you now", Figure::amount(position.request.payable, &books.token));
    if !losses.is_empty() {
        borne(&mut view, books, losses, [">claimed", ">claimable"]);
    }
    if position.request.payable != 0 {
        view.note("`backstop collect-withdrawal` pays out what is payable.");
    }
    if claimable != 0 {
        view.note("`backstop claim-recovery` pays out what is claimable.");
    }
    Ok(view)
}
