//! What a pool accepts as collateral.

use backstop_client::preview::{PricedCollateral, Snapshot};
use backstop_engine::Result;

use super::price::{price, price_accounts};
use crate::{
    desk::Feed,
    tokens::Token,
    view::{Figure, View},
};

/// Billionths in a basis point.
const NANO_PER_BPS: u64 = 100_000;

/// One collateral: its limits now and where they are going, its price and where that is read, its cap.
///
/// # Errors
/// If the accounts hold numbers that the program never stores.
pub fn collateral(snapshot: &Snapshot, listed: &PricedCollateral, token: &Token, feeds: &[Feed]) -> Result<View> {
    let account = &listed.account;
    let (max_ltv, threshold) = account.risk().limits(snapshot.now);
    let deviation = account.average.average().deviation_with(&snapshot.pool.average.average());
    let mut view = View::new(format!("Collateral {}", token.symbol));
    view.figure("collateral", "collateral", Figure::address(&listed.address))
        .figure("mint", "mint", Figure::address(&account.mint))
        .figure("price", "price", price(listed.price))
        .figure("average_price", "average at last refresh", Figure::usd(account.average.price))
        .figure("deviation", "deviation at last refresh", {
            Figure::bps(deviation.checked_div(NANO_PER_BPS).unwrap_or(0))
        })
        .figure("refreshed_at", "last refresh", Figure::time(account.average.at, snapshot.now))
        .figure("max_ltv", "loan-to-value limit now", Figure::bps(max_ltv.get()))
        .figure("max_ltv_heading", "  heading for", Figure::bps(account.max_ltv.heading_bps))
        .figure("liquidation_threshold", "liquidation threshold now", Figure::bps(threshold.get()))
        .figure("threshold_heading", "  heading for", Figure::bps(account.threshold.heading_bps))
        .figure("deposited", "deposited", Figure::amount(account.deposited, token))
        .figure(
            "deposit_cap",
            "deposit cap",
            match account.parameters.deposit_cap {
                u64::MAX => Figure::none("none"),
                cap => Figure::amount(cap, token),
            },
        )
        .figure("bonus_min", "liquidator's bonus from", Figure::bps(account.parameters.bonus_min_bps))
        .figure("bonus_max", "  up to", Figure::bps(account.parameters.bonus_max_bps));
    if account.opens_at > snapshot.now {
        view.figure("opens_at", "opens for deposits", Figure::time(account.opens_at, snapshot.now));
    }
    price_accounts(&mut view, &[(token, feeds)]);
    Ok(view)
}

/// All collaterals, one a line, and where their prices are read.
pub fn collaterals(snapshot: &Snapshot, all: &[(&PricedCollateral, &Token, &[Feed])]) -> View {
    let row = |(listed, token, _): &(&PricedCollateral, &Token, &[Feed])| {
        let account = &listed.account;
        let (max_ltv, threshold) = account.risk().limits(snapshot.now);
        let price = match listed.price.and_then(|read| Ok(read.quote.value()?)) {
            Ok(value) => Figure::usd(value.get()),
            Err(error) => Figure::none(error.name()),
        };
        vec![
            Figure::text(&token.symbol),
            Figure::address(&account.mint),
            price,
            Figure::bps(max_ltv.get()),
            Figure::bps(threshold.get()),
            Figure::bare(account.deposited, token),
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
