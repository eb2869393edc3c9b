//! The view of an LP position.

use backstop_client::LpPosition;
use backstop_engine::Result;
use solana_address::Address;

use super::losses::borne;
use crate::loaded_pool::{Borne, PoolSummary};
use crate::view::{Cell, View};

/// An LP's shares and their worth, its share of losses, and its withdrawal request.
///
/// # Errors
/// If the accounts hold values that the program never stores.
pub fn position(summary: &PoolSummary, address: &Address, position: &LpPosition, losses: &[Borne]) -> Result<View> {
    let (pool, totals) = (&summary.pool, &summary.totals);
    let shares = position.shares_in(pool);
    let claimable = losses.iter().map(|loss| loss.due).sum();
    let request = position.request_in(pool, summary.now);
    let mut view = View::new(format!("LP position in the {} pool", summary.token.symbol));
    view.figure("position", "position", Cell::address(address))
        .figure("owner", "owner", Cell::address(&position.owner))
        .figure("shares", "shares", summary.shares(shares))
        .figure("worth", "worth now", summary.amount(totals.value_of(shares)?))
        .figure("claimable", "claimable now", Cell::amount(claimable, &summary.token))
        .figure("notice", "withdrawal notice", super::pool::notice(summary))
        .figure("request", "withdrawal request", Cell::text(summary.request(&request)))
        .figure("payable", "payable now", Cell::amount(position.request.payable, &summary.token));
    if !losses.is_empty() {
        borne(&mut view, summary, losses, [">claimed", ">claimable"]);
    }
    if position.request.payable != 0 {
        view.note("Collect the payable amount with `backstop collect-withdrawal`.");
    }
    if claimable != 0 {
        view.note("Claim the claimable amount with `backstop claim-recovery`.");
    }
    Ok(view)
}
