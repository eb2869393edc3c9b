//! The plan of the demo: the pool, the actors' steps by day, and the prices.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::scenario::{Kind, Problem};

const PLAN: &str = include_str!("plan.json");
const SERIES: &str = include_str!("sol-usd-2022-11.csv");
/// The source of the prices.
pub(super) const SOURCE: &str =
    "public data set coinmetrics/data, csv/sol.csv, column ReferenceRateUSD, rounded to four decimals";

/// A day's price.
#[derive(Clone, Debug, Serialize)]
pub struct Day {
    /// The date.
    pub date: String,
    /// The price of SOL in USD.
    pub usd: String,
}

/// The plan, with the price series.
#[derive(Deserialize)]
pub(super) struct Plan {
    pub(super) name: String,
    pool: Value,
    collaterals: Value,
    pub(super) lps: Vec<String>,
    pub(super) stakers: Vec<String>,
    pub(super) borrowers: Vec<String>,
    pub(super) liquidator: String,
    pub(super) keeper: String,
    days: Map<String, Value>,
    #[serde(skip)]
    pub(super) series: Vec<Day>,
    /// The collateral's symbol.
    #[serde(skip)]
    pub(super) collateral: String,
}

impl Plan {
    /// Reads the built-in plan and series.
    pub(super) fn read() -> Result<Self, Problem> {
        let broken = |error: String| Problem::new(Kind::NotAScenario, "the demo's plan", error);
        let mut plan: Self = serde_json::from_str(PLAN).map_err(|error| broken(error.to_string()))?;
        let symbol = plan.collaterals.pointer("/0/symbol").and_then(Value::as_str);
        plan.collateral = symbol.ok_or_else(|| broken("has no collateral".into()))?.into();
        let lines = SERIES.lines().filter(|line| !line.starts_with('#')).skip(1);
        let days = lines.filter_map(|line| line.split_once(','));
        plan.series = days.map(|(date, usd)| Day { date: date.into(), usd: usd.into() }).collect();
        Ok(plan)
    }

    /// The actors' steps of a day.
    pub(super) fn steps_of(&self, date: &str) -> Vec<Value> {
        self.days.get(date).and_then(Value::as_array).cloned().unwrap_or_default()
    }

    /// A scenario file with these steps.
    pub(super) fn scenario(&self, steps: &[Value]) -> Value {
        json!({ "name": self.name, "pool": self.pool, "collaterals": self.collaterals, "steps": steps })
    }
}
