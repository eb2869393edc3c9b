//! The committed ledger: what each entry cost when it was recorded, and the most that it may cost.

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde_json::{Value, json};

/// Entries by name.
pub(crate) type Measured = BTreeMap<String, u64>;

/// One row: what was recorded, and the budget.
#[derive(Clone, Copy, Default)]
struct Row {
    recorded: u64,
    budget: Option<u64>,
}

/// The ledger, as in the file.
pub(crate) struct Ledger(BTreeMap<String, Row>);

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("ledger.json")
}

impl Ledger {
    /// Reads the committed file.
    pub(crate) fn read() -> Result<Self, String> {
        let text = fs::read_to_string(path()).map_err(|error| format!("bench/ledger.json: {error}"))?;
        let rows: BTreeMap<String, Value> =
            serde_json::from_str(&text).map_err(|error| format!("bench/ledger.json: {error}"))?;
        let number = |row: &Value, key: &str| row.get(key).and_then(Value::as_u64);
        let row = |row: &Value| Row { recorded: number(row, "measured").unwrap_or(0), budget: number(row, "budget") };
        Ok(Self(rows.iter().map(|(name, value)| (name.clone(), row(value))).collect()))
    }

    /// Writes what was measured; budgets stay.
    pub(crate) fn record(&mut self, measured: &Measured) -> Result<(), String> {
        let budget = |name: &str| self.0.get(name).and_then(|row| row.budget);
        let rows: BTreeMap<&String, Value> = measured
            .iter()
            .map(|(name, measured)| (name, json!({ "measured": measured, "budget": budget(name) })))
            .collect();
        let text = serde_json::to_string_pretty(&rows).map_err(|error| error.to_string())?;
        fs::write(path(), format!("{text}\n")).map_err(|error| format!("bench/ledger.json: {error}"))
    }

    /// Fails above a budget, without one, and for entries that are measured no more.
    pub(crate) fn check(&self, measured: &Measured) -> Result<(), String> {
        let mut wrong = Vec::new();
        for (name, measured) in measured {
            match self.0.get(name).and_then(|row| row.budget) {
                None => wrong.push(format!("{name} has no budget: add one to bench/ledger.json")),
                Some(budget) if *measured > budget => {
                    wrong.push(format!("{name} takes {measured}, over its budget of {budget}"));
                }
                Some(_) => {}
            }
        }
        let gone = self.0.keys().filter(|name| !measured.contains_key(*name));
        wrong.extend(gone.map(|name| format!("{name} is in the ledger but was not measured")));
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
    }

    /// A table: entry, measured, recorded, budget.
    pub(crate) fn print(&self, measured: &Measured) {
        println!("{:<48} {:>9} {:>9} {:>9}", "compute units (program: bytes)", "measured", "recorded", "budget");
        for (name, measured) in measured {
            let row = self.0.get(name).copied().unwrap_or_default();
            let budget = row.budget.map_or_else(|| "-".into(), |budget| budget.to_string());
            println!("{name:<48} {measured:>9} {:>9} {budget:>9}", row.recorded);
        }
    }
}
