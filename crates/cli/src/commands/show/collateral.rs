//! Views of collaterals.

use backstop_client::preview::{PricedCollateral, Snapshot};
use backstop_engine::Result;
use backstop_engine::average::Average;

use super::price::{price, price_accounts};
use crate::{
    loaded_pool::Feed,
    tokens::Token,
    view::{Cell, View},
};

/// Billionths in a basis point.
const NANO_PER_BPS: u64 = 100_000;

/// A collateral: its limits and their targets, its price and price accounts, its cap.
///
/// # Errors
/// If the accounts hold values that the program never stores.
pub fn collateral(snapshot: &Snapshot, listed: &PricedCollateral, token: &Token, feeds: &[Feed]) -> Result<View> {
    let account = &listed.account;
    let (max_ltv, threshold) = account.risk().limits(snapshot.now);
    let deviation = Average::from(&account.average).deviation_with(&Average::from(&snapshot.pool.average));
    let mut view = View::new(format!("Collateral {}", token.symbol));
    view.figure("collateral", "collateral", Cell::address(&listed.address))
        .figure("mint", "mint", Cell::address(&account.mint))
        .figure("price", "price", price(listed.price))
        .figure("average_price", "average at last refresh", Cell::usd(account.average.price))
        .figure("deviation", "deviation at last refresh", {
            Cell::bps(deviation.checked_div(NANO_PER_BPS).unwrap_or(0))
        })
        .figure("refreshed_at", "last refresh", Cell::time(account.average.at, snapshot.now))
        .figure("max_ltv", "loan-to-value limit now", Cell::bps(max_ltv.get()))
        .figure("max_ltv_target", "  target", Cell::bps(account.max_ltv.target_bps))
        .figure("liquidation_threshold", "liquidation threshold now", Cell::bps(threshold.get()))
        .figure("threshold_target", "  target", Cell::bps(account.threshold.target_bps))
        .figure("deposited", "deposited", Cell::amount(account.deposited, token))
        .figure(
            "deposit_cap",
            "deposit cap",
            match account.parameters.deposit_cap {
                u64::MAX => Cell::none("none"),
                cap => Cell::amount(cap, token),
            },
        )
        .figure("bonus_min", "liquidation bonus from", Cell::bps(account.parameters.bonus_min_bps))
        .figure("bonus_max", "  up to", Cell::bps(account.parameters.bonus_max_bps));
    if account.opens_at > snapshot.now {
        view.figure("opens_at", "opens for deposits", Cell::time(account.opens_at, snapshot.now));
    }
    price_accounts(&mut view, &[(token, feeds)]);
    Ok(view)
}

/// A list of collaterals, and their price accounts.
pub fn collaterals(snapshot: &Snapshot, all: &[(&PricedCollateral, &Token, &[Feed])]) -> View {
    let row = |(listed, token, _): &(&PricedCollateral, &Token, &[Feed])| {
        let account = &listed.account;
        let (max_ltv, threshold) = account.risk().limits(snapshot.now);
        let price = match listed.price.and_then(|read| Ok(read.quote.value()?)) {
            Ok(value) => Cell::usd(value.get()),
            Err(error) => Cell::none(error.name()),
        };
        vec![
            Cell::text(&token.symbol),
            Cell::address(&account.mint),
            price,
            Cell::bps(max_ltv.get()),
            Cell::bps(threshold.get()),
            Cell::bare(account.deposited, token),
        ]
    };
    let columns = [
        ("token", "token"),
        ("mint", "mint"),
        ("price", ">price"),
        ("max_ltv", ">limit now"),
        ("liquidation_threshold", ">threshold now"),
        ("deposited", ">deposited"),
    ];
    let mut view = View::default();
    view.list("collaterals", "Collaterals", &columns, all.iter().map(row).collect());
    price_accounts(&mut view, &all.iter().map(|(_, token, feeds)| (*token, *feeds)).collect::<Vec<_>>());
    view
}
