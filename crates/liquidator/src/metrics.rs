//! Metrics in Prometheus' text format, and the health check.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::{Router, extract::State, http::StatusCode, routing::get};
use solana_address::Address;
use tokio::net::TcpListener;

/// A pool's figures from the last round.
#[derive(Clone, Debug, Default)]
pub struct PoolFigures {
    /// Obligations in the book.
    pub obligations: usize,
    /// Obligations that were rated.
    pub rated: usize,
    /// Obligations that can be liquidated.
    pub liquidatable: usize,
    /// Obligations not rated for lack of a usable price.
    pub unpriced: usize,
    /// Obligations whose values overflow the program's arithmetic.
    pub uncountable: usize,
    /// Obligations left alone, by reason.
    pub left_alone: BTreeMap<&'static str, usize>,
    /// The duration of planning.
    pub planned_in: Duration,
    /// Unusable prices, and why.
    pub unusable_prices: Vec<String>,
    /// Why planning for the pool failed in the last round.
    pub problem: Option<String>,
    /// Base units of the liquidity token in the wallet.
    pub liquidity: u64,
}

/// All figures.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Whether the WebSocket is connected and everything has been read since.
    pub connected: bool,
    /// The latest slot received, and when.
    pub slot: Option<(u64, Instant)>,
    /// When the chain's clock was last read, which shows that requests are answered.
    pub clock: Option<Instant>,
    /// Rounds of planning.
    pub rounds: u64,
    /// Failed requests.
    pub requests_failed: u64,
    /// Lost connections.
    pub losses_of_connection: u64,
    /// Full readings.
    pub readings: u64,
    /// Updates older than the known state.
    pub older: u64,
    /// Actions in flight.
    pub in_flight: usize,
    /// The figures of each pool.
    pub pools: BTreeMap<Address, PoolFigures>,
    /// Finished actions, by name and outcome.
    pub actions: BTreeMap<(&'static str, &'static str), u64>,
}

/// The figures, shared between the bot and its listener.
#[derive(Clone, Debug, Default)]
pub struct Metrics(Arc<Mutex<Figures>>);

impl Metrics {
    /// Locks the figures for reading or writing. Hold the lock briefly.
    pub fn figures(&self) -> MutexGuard<'_, Figures> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Figures {
    /// Returns why the bot is unhealthy at `now`; nothing if it is healthy. Slots and clock reads are stale after
    /// `fresh`.
    pub fn ailment(&self, now: Instant, fresh: Duration) -> Option<String> {
        if !self.connected {
            return Some("not connected to the node, or the first reading is not complete".into());
        }
        let age = self.slot.map(|(_, at)| now.saturating_duration_since(at));
        match age {
            None => return Some("no slot received yet".into()),
            Some(age) if age > fresh => return Some(format!("the last slot was received {} s ago", age.as_secs())),
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

    /// Renders the figures in Prometheus' text format.
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
        one("slot", "gauge", "The latest slot received.", plain(self.slot.map_or(0, |(slot, _)| slot)));
        one("connections_lost_total", "counter", "Lost connections.", plain(self.losses_of_connection));
        one("readings_total", "counter", "Full readings of all accounts.", plain(self.readings));
        one("older_updates_total", "counter", "Updates older than the known state.", plain(self.older));
        let age = self.clock.map_or("+Inf".to_owned(), |at| at.elapsed().as_secs().to_string());
        one("clock_age_seconds", "gauge", "Seconds since the chain's clock was last read.", vec![(String::new(), age)]);
        one("rounds_total", "counter", "Rounds of planning.", plain(self.rounds));
        one("requests_failed_total", "counter", "Failed requests for accounts.", plain(self.requests_failed));
        one("in_flight", "gauge", "Actions in flight.", plain(u64::try_from(self.in_flight).unwrap_or(u64::MAX)));
        type Figure = fn(&PoolFigures) -> String;
        let figures: [(&str, &str, Figure); 8] = [
            ("obligations", "Obligations in the book.", |pool| pool.obligations.to_string()),
            ("rated", "Obligations that were rated.", |pool| pool.rated.to_string()),
            ("liquidatable", "Obligations that can be liquidated.", |pool| pool.liquidatable.to_string()),
            ("unpriced", "Obligations that need an unusable price.", |pool| pool.unpriced.to_string()),
            ("uncountable", "Obligations whose values overflow.", |pool| pool.uncountable.to_string()),
            ("unusable_prices", "Unusable prices.", |pool| pool.unusable_prices.len().to_string()),
            ("liquidity_units", "Base units of the liquidity token in the wallet.", |pool| pool.liquidity.to_string()),
            ("plan_microseconds", "Duration of the last planning.", |pool| pool.planned_in.as_micros().to_string()),
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
        one("actions_total", "counter", "Finished actions, by outcome.", actions.collect());
        out
    }
}

#[derive(Clone)]
struct Told {
    metrics: Metrics,
    fresh: Duration,
}

/// Serves `/metrics` and `/health` until the process ends. Slots and clock reads are stale after `fresh`.
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
