//! A market.

use backstop_client::Market;
use solana_address::Address;

use crate::view::{Figure, View};

/// Who runs a market.
pub fn market(address: &Address, market: &Market, now: i64) -> View {
    let nobody = Address::default();
    let mut view = View::new(format!("Market {}", market.id));
    view.figure("market", "market", Figure::address(address))
        .figure("id", "id", Figure::count(market.id))
        .figure("creator", "created by", Figure::address(&market.creator))
        .figure("authority", "authority", Figure::address(&market.authority))
        .figure("guardian", "guardian", Figure::address(&market.guardian))
        .figure("treasury", "treasury", Figure::address(&market.treasury))
        .figure("timelock", "timelock", Figure::seconds(market.timelock_seconds));
    if market.pending_authority == nobody {
        view.figure("pending_authority", "proposed authority", Figure::none("nobody"));
    } else {
        view.figure("pending_authority", "proposed authority", Figure::address(&market.pending_authority))
            .figure("acceptable_at", "  can accept from", Figure::time(market.acceptable_at, now))
            .figure("acceptance_lapses_at", "  until", Figure::time(market.acceptance_lapses_at, now));
    }
    view
}
