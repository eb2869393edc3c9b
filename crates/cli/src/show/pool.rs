//! A pool, and all pools of a market.

use backstop_client::{Obligation, PausableOperation, preview, preview::Snapshot};
use backstop_engine::{Result, governance::Pausable, hold::Hold, price::Reading};

use super::{
    Books,
    price::{price, price_accounts},
};
use crate::{
    desk::Feed,
    view::{Figure, View},
};

/// What obligations would leave unpaid at the prices there are, beyond what is marked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unmarked {
    /// Together, in base units.
    pub assets: u64,
    /// Of how many obligations.
    pub obligations: usize,
    /// How many owe something and have no usable price.
    pub unpriced: usize,
}

impl Unmarked {
    /// What nobody has marked of these obligations. Their collaterals are in the snapshot.
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

/// What people look for in a pool, with the price of what it lends, and what nobody has marked, if that is known.
///
/// # Errors
/// If the accounts hold numbers that the program never stores.
pub fn pool(
    books: &Books,
    reading: preview::Result<Reading>,
    feeds: &[Feed],
    unmarked: Option<Unmarked>,
) -> Result<View> {
    let Books { pool, totals, .. } = books;
    let rates = books.pool.yearly_rates(&books.totals)?;
    let mut view = View::new(format!("Pool of {}, with interest counted up to now", books.token.symbol));
    view.figure("pool", "pool", Figure::address(&books.address))
        .figure("market", "market", Figure::address(&pool.market))
        .figure("mint", "mint", Figure::address(&pool.mint))
        .figure("price", "price", price(reading))
        .figure("nav", "NAV, what LPs own", books.amount(books.nav()?))
        .figure("shares", "LP shares", books.shares(totals.shares))
        .figure("share_price", "share price", Figure::share_price(totals.share_price()?))
        .figure("utilisation", "utilisation", Figure::nano(rates.utilisation))
        .figure("borrow_rate", "borrow rate, a year", Figure::nano(rates.borrow))
        .figure("supply_rate", "supply rate, a year", Figure::nano(rates.supply?))
        .figure("cash", "cash", books.amount(totals.cash))
        .figure("performing_debt", "performing debt", books.amount(totals.performing_debt()?))
        .figure("reserves", "reserves, first to bear losses", books.amount(totals.reserves))
        .figure("marked", "losses known and not settled", Figure::amount(pool.marked, &books.token))
        .figure("unmarked", "  known and not even marked", self::unmarked(books, unmarked))
        .figure("on_hold", "  deposits and withdrawals", hold(books, &pool.holds().pool))
        .figure("insurance_assets", "insurance fund", books.amount(books.insured.all()))
        .figure("insurance_share", "  pays of a loss, after reserves", Figure::bps(pool.insurance().share.get()))
        .figure("insurance_factor", "  gets of interest", Figure::bps(pool.rates().insurance_factor.get()))
        .figure("losses", "losses recorded", Figure::count(pool.losses))
        .figure("lost", "  together", Figure::amount(pool.lost, &books.token))
        .figure("uncovered", "  borne by nobody", Figure::amount(pool.uncovered, &books.token))
        .figure("unclaimed", "recovered for LPs, to be claimed", Figure::amount(pool.unclaimed, &books.token))
        .figure("payable", "executed, to be collected", Figure::amount(pool.payable, &books.token))
        .figure("generation", "how often losses rescaled shares", Figure::count(pool.generation))
        .figure("breaker", "loss breaker", breaker(books))
        .figure("opened", "opened", opened(books))
        .figure("notice", "notice to withdraw", notice(books))
        .figure("paused", "paused", paused(books));
    price_accounts(&mut view, &[(&books.token, feeds)]);
    Ok(view)
}

/// Pools, one a line.
///
/// # Errors
/// As [`pool`].
pub fn pools(all: &[Books]) -> Result<View> {
    let row = |books: &Books| {
        let rates = books.pool.yearly_rates(&books.totals)?;
        Ok(vec![
            Figure::text(&books.token.symbol),
            Figure::address(&books.address),
            Figure::bare(books.nav()?.get(), &books.token),
            Figure::share_price(books.totals.share_price()?),
            Figure::nano(rates.utilisation),
            Figure::nano(rates.supply?),
            Figure::nano(rates.borrow),
            Figure::bare(books.insured.all().get(), &books.token),
            Figure::bare(books.pool.marked, &books.token),
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
        ("marked", ">marked as lost"),
    ];
    let mut view = View::default();
    view.list("pools", "Pools", &columns, all.iter().map(row).collect::<Result<_>>()?);
    Ok(view)
}

/// What nobody has marked yet, and who does.
fn unmarked(books: &Books, unmarked: Option<Unmarked>) -> Figure {
    let Some(Unmarked { assets, obligations, unpriced }) = unmarked else {
        return Figure::none("not known: this node does not list obligations");
    };
    let figure = Figure::amount(assets, &books.token);
    let unpriced = match unpriced {
        0 => String::new(),
        some => format!("; {some} without a usable price are not counted"),
    };
    match obligations {
        0 if unpriced.is_empty() => figure,
        0 => figure.noted(unpriced.trim_start_matches("; ")),
        some => figure.noted(format!(
            "of {some}: `backstop show obligations --unhealthy`, and `backstop mark <OWNER>` or `backstop liquidate <OWNER>`{unpriced}"
        )),
    }
}

/// Whether something is on hold, and until when at the latest.
pub(super) fn hold(books: &Books, hold: &Hold) -> Figure {
    match hold.settles_all_at(books.pool.hold_seconds()) {
        None => Figure::none("open"),
        Some(until) if until <= books.now => Figure::text("on hold until somebody settles what is marked"),
        Some(until) => Figure::text(format!("on hold, at most until {}", books.time(until).text)),
    }
}

/// When it was opened.
fn opened(books: &Books) -> Figure {
    match books.pool.opened_at {
        0 => Figure::none("not yet: nobody can deposit, stake or give"),
        at => books.time(at),
    }
}

fn breaker(books: &Books) -> Figure {
    if !books.pool.breaker().is_tripped(books.now) {
        return Figure::none("not tripped");
    }
    let until = books.time(books.pool.breaker_until);
    Figure { text: format!("tripped: borrows are refused until {}", until.text), json: until.json }
}

/// How long ahead a withdrawal must be requested.
pub(super) fn notice(books: &Books) -> Figure {
    Figure::notice(books.pool.notice_seconds(books.now))
}

/// What is paused, and until when.
fn paused(books: &Books) -> Figure {
    let pauses = PausableOperation::ALL.iter().zip(Pausable::ALL);
    let held: Vec<_> = pauses
        .map(|(name, what)| (crate::parameters::operation(*name), books.pool.pause(what)))
        .filter(|(_, pause)| pause.holds(books.now))
        .collect();
    let told: Vec<String> =
        held.iter().map(|(name, pause)| format!("{name} until {}", books.time(pause.until).text)).collect();
    let json = held.into_iter().map(|(name, pause)| (name, pause.until.to_string().into())).collect();
    let text = if told.is_empty() { "nothing".into() } else { told.join("; ") };
    Figure { text, json: serde_json::Value::Object(json) }
}
