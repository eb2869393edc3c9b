//! The view of a market.

use backstop_client::Market;
use solana_address::Address;

use crate::view::{Cell, View};

/// A market's roles and timelock.
pub fn market(address: &Address, market: &Market, now: i64) -> View {
    let nobody = Address::default();
    let mut view = View::new(format!("Market {}", market.id));
    view.figure("market", "market", Cell::address(address))
        .figure("id", "id", Cell::count(market.id))
        .figure("creator", "created by", Cell::address(&market.creator))
        .figure("authority", "authority", Cell::address(&market.authority))
        .figure("guardian", "guardian", Cell::address(&market.guardian))
        .figure("treasury", "treasury", Cell::address(&market.treasury))
        .figure("timelock", "timelock", Cell::seconds(market.timelock_seconds));
    if market.pending_authority == nobody {
        view.figure("pending_authority", "proposed authority", Cell::none("none"));
    } else {
        view.figure("pending_authority", "proposed authority", Cell::address(&market.pending_authority))
            .figure("acceptable_at", "  can accept from", Cell::time(market.acceptable_at, now))
            .figure("acceptance_lapses_at", "  until", Cell::time(market.acceptance_lapses_at, now));
    }
    view
}
