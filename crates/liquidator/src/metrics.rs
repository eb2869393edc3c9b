//! Metrics in Prometheus' text format, and health.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::{Router, extract::State, http::StatusCode, routing::get};
use solana_address::Address;
use tokio::net::TcpListener;

/// Figures of a pool, as of the last round.
#[derive(Clone, Debug, Default)]
pub struct PoolFigures {
    /// Obligations in the book.
    pub obligations: usize,
    /// How many could be rated.
    pub rated: usize,
    /// How many can be liquidated.
    pub liquidatable: usize,
    /// How many could not be rated for want of a usable price.
    pub unpriced: usize,
    /// How many hold values beyond what the program can count.
    pub uncountable: usize,
    /// How many are left alone, by reason.
    pub left_alone: BTreeMap<&'static str, usize>,
    /// How long planning took.
    pub planned_in: Duration,
    /// Prices that cannot be used, and why.
    pub unusable_prices: Vec<String>,
    /// Why the pool could not be planned for in the last round.
    pub problem: Option<String>,
    /// Base units of the liquidity token at hand.
    pub liquidity: u64,
}

/// Everything that is told.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Whether the WebSocket is connected and everything was read since.
    pub connected: bool,
    /// The latest slot that was heard of, and when.
    pub slot: Option<(u64, Instant)>,
    /// When the chain's clock was read last: requests are answered.
    pub clock: Option<Instant>,
    /// How often was planned.
    pub rounds: u64,
    /// Requests that failed.
    pub requests_failed: u64,
    /// How often the connection was lost.
    pub losses_of_connection: u64,
    /// How often everything was read.
    pub readings: u64,
    /// Updates that were older than what was known.
    pub older: u64,
    /// Transactions under way.
    pub in_flight: usize,
    /// By pool.
    pub pools: BTreeMap<Address, PoolFigures>,
    /// How many actions ended how, by their name and outcome.
    pub actions: BTreeMap<(&'static str, &'static str), u64>,
}

/// The figures, shared between the bot and its listener.
#[derive(Clone, Debug, Default)]
pub struct Metrics(Arc<Mutex<Figures>>);

impl Metrics {
    /// The figures, to read or change. Hold them briefly.
    pub fn figures(&self) -> MutexGuard<'_, Figures> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Figures {
    /// Why the bot is not well at this instant; nothing if it is. A slot is fresh for so long.
    pub fn ailment(&self, now: Instant, fresh: Duration) -> Option<String> {
        if !self.connected {
            return Some("not connected to the node, or not everything is read yet".into());
        }
        let age = self.slot.map(|(_, at)| now.saturating_duration_since(at));
        match age {
            None => return Some("no slot was heard of yet".into()),
            Some(age) if age > fresh => return Some(format!("the last slot was heard of {} s ago", age.as_secs())),
            Some(_) => {}
        }
        match self.clock.map(|at| now.saturating_duration_since(at)) {
            None => return Some("the chain's clock was not read yet".into()),
            Some(age) if age > fresh => {
                return Some(format!("the node has not answered requests for {} s: check rpc_url", age.as_secs()));
            }
            Some(_) => {}
        }
        let reported =
            |pool: &PoolFigures| pool.problem.iter().chain(&pool.unusable_prices).cloned().collect::<Vec<_>>();
        let unusable: Vec<_> = self.pools.values().flat_map(reported).collect();
        (!unusable.is_empty()).then(|| unusable.join("; "))
    }

    /// In Prometheus' text format.
    pub fn render(&self) -> String {
        let mut out = String::new();
        let mut one = |name: &str, kind: &str, help: &str, values: Vec<(String, String)>| {
            let _ = writeln!(out, "# HELP backstop_liquidator_{name} {help}\n# TYPE backstop_liquidator_{name} {kind}");
            for (labels, value) in values {
                let _ = writeln!(out, "backstop_liquidator_{name}{labels} {value}");
            }
        };
        let plain = |value: u64| vec![(String::new(), value.to_string())];
        one("connected", "gauge", "Whether the node's WebSocket is connected.", plain(self.connected.into()));
        one("slot", "gauge", "The latest slot heard of.", plain(self.slot.map_or(0, |(slot, _)| slot)));
        one("connections_lost_total", "counter", "Lost connections.", plain(self.losses_of_connection));
        one("readings_total", "counter", "Full readings of all accounts.", plain(self.readings));
        one("older_updates_total", "counter", "Updates older than what was known.", plain(self.older));
        let age = self.clock.map_or("+Inf".to_owned(), |at| at.elapsed().as_secs().to_string());
        one("clock_age_seconds", "gauge", "How long ago the chain's clock was read.", vec![(String::new(), age)]);
        one("rounds_total", "counter", "Rounds of planning.", plain(self.rounds));
        one("requests_failed_total", "counter", "Requests for accounts that failed.", plain(self.requests_failed));
        one("in_flight", "gauge", "Transactions under way.", plain(u64::try_from(self.in_flight).unwrap_or(u64::MAX)));
        type Figure = fn(&PoolFigures) -> String;
        let figures: [(&str, &str, Figure); 8] = [
            ("obligations", "Obligations in the book.", |pool| pool.obligations.to_string()),
            ("rated", "Obligations that could be rated.", |pool| pool.rated.to_string()),
            ("liquidatable", "Obligations that can be liquidated.", |pool| pool.liquidatable.to_string()),
            ("unpriced", "Obligations that need a price which cannot be used.", |pool| pool.unpriced.to_string()),
            ("uncountable", "Obligations with values beyond what can be counted.", |pool| pool.uncountable.to_string()),
            ("unusable_prices", "Prices that cannot be used.", |pool| pool.unusable_prices.len().to_string()),
            ("liquidity_units", "Base units of the liquidity token at hand.", |pool| pool.liquidity.to_string()),
            ("plan_microseconds", "How long the last planning took.", |pool| pool.planned_in.as_micros().to_string()),
        ];
        for (name, help, figure) in figures {
            let values = self.pools.iter().map(|(address, pool)| (format!("{{pool=\"{address}\"}}"), figure(pool)));
            one(name, "gauge", help, values.collect());
        }
        let left_alone = self.pools.iter().flat_map(|(address, pool)| {
            let labels = move |reason: &&str| format!("{{pool=\"{address}\",reason=\"{reason}\"}}");
            pool.left_alone.iter().map(move |(reason, number)| (labels(reason), number.to_string()))
        });
        one("left_alone", "gauge", "Obligations that the bot leaves alone.", left_alone.collect());
        let actions = self.actions.iter().map(|((action, outcome), total)| {
            (format!("{{action=\"{action}\",outcome=\"{outcome}\"}}"), total.to_string())
        });
        one("actions_total", "counter", "Actions by how they ended.", actions.collect());
        out
    }
}

#[derive(Clone)]
struct Told {
    metrics: Metrics,
    fresh: Duration,
}

/// Serves `/metrics` and `/health` until the process ends. A slot is fresh for so long.
///
/// # Errors
/// If the listener fails.
pub async fn serve(listener: TcpListener, metrics: Metrics, fresh: Duration) -> std::io::Result<()> {
    let router = Router::new()
        .route("/metrics", get(|State(reported): State<Told>| async move { reported.metrics.figures().render() }))
        .route("/health", get(health))
        .with_state(Told { metrics, fresh });
    axum::serve(listener, router).await
}

async fn health(State(reported): State<Told>) -> (StatusCode, String) {
    match reported.metrics.figures().ailment(Instant::now(), reported.fresh) {
        None => (StatusCode::OK, "well\n".into()),
        Some(ailment) => (StatusCode::SERVICE_UNAVAILABLE, format!("{ailment}\n")),
    }
}
