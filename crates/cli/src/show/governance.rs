//! Changes of parameters that wait.

use backstop_client::{Parameter, ParameterChange};

use crate::{
    parameters,
    view::{Figure, View},
};

/// A queued change, with what is known of its target.
#[derive(Clone, Debug)]
pub struct Queued {
    /// The change.
    pub change: ParameterChange,
    /// What its target is called.
    pub target: String,
    /// The decimals and symbol of the token that its value counts.
    pub token: (u8, String),
    /// Whether the opening of its pool voided it.
    pub void: bool,
}

impl Queued {
    fn row(&self, now: i64) -> Vec<Figure> {
        let change = &self.change;
        let parameter = Parameter::ALL.get(usize::from(change.parameter)).copied();
        let (decimals, symbol) = &self.token;
        let value = parameter.map(|parameter| parameters::told(parameter, &change.value, *decimals, symbol));
        let state = if self.void {
            "void: cancel it"
        } else if now < change.executable_at {
            "waits"
        } else if now < change.lapses_at {
            "executable"
        } else {
            "lapsed"
        };
        vec![
            Figure::count(change.nonce),
            Figure::text(parameter.map_or_else(|| format!("number {}", change.parameter), parameters::name)),
            Figure { text: self.target.clone(), json: change.target.to_string().into() },
            Figure::text(value.unwrap_or_else(|| "?".into())),
            Figure::text(state),
            Figure::time(change.executable_at, now),
            Figure::time(change.lapses_at, now),
        ]
    }
}

const COLUMNS: [(&str, &str); 7] = [
    ("number", ">number"),
    ("parameter", "parameter"),
    ("target", "of"),
    ("value", "new value"),
    ("state", "state"),
    ("executable_at", "executable"),
    ("lapses_at", "lapses"),
];

/// All changes, the next to be executable first.
pub fn changes(queued: &mut [Queued], now: i64) -> View {
    queued.sort_by_key(|queued| (queued.change.executable_at, queued.change.nonce));
    let mut view = View::default();
    let rows = queued.iter().map(|queued| queued.row(now)).collect();
    view.list("changes", "Changes that wait", &COLUMNS, rows);
    view
}

/// One change.
pub fn change(queued: &Queued, now: i64) -> View {
    let mut view = View::new("Change of a parameter");
    for ((key, name), figure) in COLUMNS.into_iter().zip(queued.row(now)) {
        view.figure(key, name.trim_start_matches('>'), figure);
    }
    view
}
