//! Views of queued parameter changes.

use backstop_client::{Parameter, ParameterChange};

use crate::{
    parameters,
    view::{Cell, View},
};

/// A queued change, with details of its target.
#[derive(Clone, Debug)]
pub struct Queued {
    /// The change.
    pub change: ParameterChange,
    /// The name of its target.
    pub target: String,
    /// The decimals and symbol of the token that its value counts.
    pub token: (u8, String),
    /// Whether the opening of the pool voided it.
    pub void: bool,
}

impl Queued {
    fn row(&self, now: i64) -> Vec<Cell> {
        let change = &self.change;
        let parameter = Parameter::ALL.get(usize::from(change.parameter)).copied();
        let (decimals, symbol) = &self.token;
        let value = parameter.map(|parameter| parameters::format_value(parameter, &change.value, *decimals, symbol));
        let state = if self.void {
            "void: cancel it"
        } else if now < change.executable_at {
            "waiting"
        } else if now < change.lapses_at {
            "executable"
        } else {
            "lapsed"
        };
        vec![
            Cell::count(change.nonce),
            Cell::text(parameter.map_or_else(|| format!("number {}", change.parameter), parameters::name)),
            Cell { text: self.target.clone(), json: change.target.to_string().into() },
            Cell::text(value.unwrap_or_else(|| "?".into())),
            Cell::text(state),
            Cell::time(change.executable_at, now),
            Cell::time(change.lapses_at, now),
        ]
    }
}

const COLUMNS: [(&str, &str); 7] = [
    ("number", ">number"),
    ("parameter", "parameter"),
    ("target", "of"),
    ("value", "new value"),
    ("state", "state"),
    ("executable_at", "executable from"),
    ("lapses_at", "lapses at"),
];

/// A list of changes, the next executable one first.
pub fn changes(queued: &mut [Queued], now: i64) -> View {
    queued.sort_by_key(|queued| (queued.change.executable_at, queued.change.nonce));
    let mut view = View::default();
    let rows = queued.iter().map(|queued| queued.row(now)).collect();
    view.list("changes", "Queued changes", &COLUMNS, rows);
    view
}

/// The view of one change.
pub fn change(queued: &Queued, now: i64) -> View {
    let mut view = View::new("Parameter change");
    for ((key, name), figure) in COLUMNS.into_iter().zip(queued.row(now)) {
        view.figure(key, name.trim_start_matches('>'), figure);
    }
    view
}
