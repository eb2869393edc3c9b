//! Views of a pool, and of all pools of a market.

use backstop_client::{Obligation, PausableOperation, preview, preview::Snapshot};
use backstop_engine::{Result, governance::Pausable, hold::Hold, price::Reading};

use super::price::{price, price_accounts};
use crate::{
    loaded_pool::{Feed, PoolSummary},
    view::{Cell, View},
};

/// Shortfalls of obligations at current prices, beyond their marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unmarked {
    /// The total, in base units.
    pub assets: u64,
    /// The number of obligations with an unmarked shortfall.
    pub obligations: usize,
    /// The number of obligations with debt and without a usable price.
    pub unpriced: usize,
}

impl Unmarked {
    /// Sums the unmarked shortfalls of obligations, whose collaterals must be in the snapshot.
    pub fn of<'a>(snapshot: &Snapshot, obligations: impl IntoIterator<Item = &'a Obligation>) -> Self {
        let mut unmarked = Self::default();
        for obligation in obligations.into_iter().filter(|obligation| obligation.debt_shares != 0) {
            match snapshot.shortfall(obligation).map(|shortfall| shortfall.saturating_sub(obligation.marked)) {
                Ok(0) => {}
                Ok(more) => {
                    unmarked.assets = unmarked.assets.saturating_add(more);
                    unmarked.obligations = unmarked.obligations.saturating_add(1);
                }
                Err(_) => unmarked.unpriced = unmarked.unpriced.saturating_add(1),
            }
        }
        unmarked
    }
}

/// A pool's state, with the price of the liquidity token, and the unmarked shortfalls if known.
///
/// # Errors
/// If the accounts hold values that the program never stores.
pub fn pool(
    summary: &PoolSummary,
    reading: preview::Result<Reading>,
    feeds: &[Feed],
    unmarked: Option<Unmarked>,
) -> Result<View> {
    let PoolSummary { pool, totals, .. } = summary;
    let rates = summary.pool.yearly_rates(&summary.totals)?;
    let mut view = View::new(format!("{} pool, with interest accrued up to now", summary.token.symbol));
    view.figure("pool", "pool", Cell::address(&summary.address))
        .figure("market", "market", Cell::address(&pool.market))
        .figure("mint", "mint", Cell::address(&pool.mint))
        .figure("price", "price", price(reading))
        .figure("nav", "NAV, owned by LPs", summary.amount(summary.nav()?))
        .figure("shares", "LP shares", summary.shares(totals.shares))
        .figure("share_price", "share price", Cell::share_price(totals.share_price()?))
        .figure("utilisation", "utilisation", Cell::nano(rates.utilisation))
        .figure("borrow_rate", "borrow rate per year", Cell::nano(rates.borrow))
        .figure("supply_rate", "supply rate per year", Cell::nano(rates.supply?))
        .figure("cash", "cash", summary.amount(totals.cash))
        .figure("performing_debt", "performing debt", summary.amount(totals.performing_debt()?))
        .figure("reserves", "reserves, which bear losses first", summary.amount(totals.reserves))
        .figure("marked", "losses known and not settled", Cell::amount(pool.marked, &summary.token))
        .figure("unmarked", "  known but not marked", self::unmarked(summary, unmarked))
        .figure("on_hold", "  deposits and withdrawals", hold(summary, &pool.holds().pool))
        .figure("insurance_assets", "insurance fund", summary.amount(summary.insured.all()))
        .figure("insurance_share", "  share of losses, after reserves", Cell::bps(pool.insurance().share.get()))
        .figure("insurance_factor", "  share of interest", Cell::bps(pool.rates().insurance_factor.get()))
        .figure("losses", "losses recorded", Cell::count(pool.losses))
        .figure("lost", "  total", Cell::amount(pool.lost, &summary.token))
        .figure("uncovered", "  uncovered", Cell::amount(pool.uncovered, &summary.token))
        .figure("unclaimed", "recovered for LPs, unclaimed", Cell::amount(pool.unclaimed, &summary.token))
        .figure("payable", "payable, not collected yet", Cell::amount(pool.payable, &summary.token))
        .figure("generation", "share rescalings by losses", Cell::count(pool.generation))
        .figure("breaker", "loss breaker", breaker(summary))
        .figure("opened", "opened", opened(summary))
        .figure("notice", "withdrawal notice", notice(summary))
        .figure("paused", "paused", paused(summary));
    price_accounts(&mut view, &[(&summary.token, feeds)]);
    Ok(view)
}

/// A list of pools.
///
/// # Errors
/// As [`pool`].
pub fn pools(all: &[PoolSummary]) -> Result<View> {
    let row = |summary: &PoolSummary| {
        let rates = summary.pool.yearly_rates(&summary.totals)?;
        Ok(vec![
            Cell::text(&summary.token.symbol),
            Cell::address(&summary.address),
            Cell::bare(summary.nav()?.get(), &summary.token),
            Cell::share_price(summary.totals.share_price()?),
            Cell::nano(rates.utilisation),
            Cell::nano(rates.supply?),
            Cell::nano(rates.borrow),
            Cell::bare(summary.insured.all().get(), &summary.token),
            Cell::bare(summary.pool.marked, &summary.token),
        ])
    };
    let columns = [
        ("symbol", "token"),
        ("pool", "pool"),
        ("nav", ">NAV"),
        ("share_price", ">share price"),
        ("utilisation", ">utilisation"),
        ("supply_rate", ">supply rate"),
        ("borrow_rate", ">borrow rate"),
        ("insurance_assets", ">insurance"),
        ("marked", ">marked"),
    ];
    let mut view = View::default();
    view.list("pools", "Pools", &columns, all.iter().map(row).collect::<Result<_>>()?);
    Ok(view)
}

/// The unmarked shortfalls, and how to mark them.
fn unmarked(summary: &PoolSummary, unmarked: Option<Unmarked>) -> Cell {
    let Some(Unmarked { assets, obligations, unpriced }) = unmarked else {
        return Cell::none("unknown: this node does not list obligations");
    };
    let figure = Cell::amount(assets, &summary.token);
    let unpriced = match unpriced {
        0 => String::new(),
        some => format!("; {some} without a usable price not counted"),
    };
    match obligations {
        0 if unpriced.is_empty() => figure,
        0 => figure.noted(unpriced.trim_start_matches("; ")),
        some => figure.noted(format!(
            "of {some}: `backstop show obligations --unhealthy`, then `backstop mark <OWNER>` or `backstop liquidate \
             <OWNER>`{unpriced}"
        )),
    }
}

/// Whether a hold is on, and when it ends at the latest.
pub(super) fn hold(summary: &PoolSummary, hold: &Hold) -> Cell {
    match hold.settles_all_at(summary.pool.hold_seconds()) {
        None => Cell::none("open"),
        Some(until) if until <= summary.now => Cell::text("on hold until anyone settles the marks"),
        Some(until) => Cell::text(format!("on hold, at most until {}", summary.time(until).text)),
    }
}

/// When the pool was opened.
fn opened(summary: &PoolSummary) -> Cell {
    match summary.pool.opened_at {
        0 => Cell::none("not yet: deposits, stakes and donations are refused"),
        at => summary.time(at),
    }
}

fn breaker(summary: &PoolSummary) -> Cell {
    if !summary.pool.breaker().is_tripped(summary.now) {
        return Cell::none("not tripped");
    }
    let until = summary.time(summary.pool.breaker_until);
    Cell { text: format!("tripped: borrows are refused until {}", until.text), json: until.json }
}

/// The notice of a withdrawal.
pub(super) fn notice(summary: &PoolSummary) -> Cell {
    Cell::notice(summary.pool.notice_seconds(summary.now))
}

/// The paused operations, and when each pause ends.
fn paused(summary: &PoolSummary) -> Cell {
    let pauses = PausableOperation::ALL.iter().zip(Pausable::ALL);
    let held: Vec<_> = pauses
        .map(|(name, what)| (crate::parameters::operation(*name), summary.pool.pause(what)))
        .filter(|(_, pause)| pause.holds(summary.now))
        .collect();
    let formatted: Vec<String> =
        held.iter().map(|(name, pause)| format!("{name} until {}", summary.time(pause.until).text)).collect();
    let json = held.into_iter().map(|(name, pause)| (name, pause.until.to_string().into())).collect();
    let text = if formatted.is_empty() { "nothing".into() } else { formatted.join("; ") };
    Cell { text, json: serde_json::Value::Object(json) }
}
