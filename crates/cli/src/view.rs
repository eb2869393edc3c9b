//! Views: figures and lists that print as tables for people, or as one JSON object for programs.

use std::fmt::Display;

use backstop_text::Decimal;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use solana_address::Address;

use backstop_text::{
    amount,
    table::{Table, readable},
};

use crate::tokens::{Token, short};

/// Decimals of a percentage in basis points.
const BPS_DECIMALS: u8 = 2;
/// Decimals of a percentage in billionths.
const NANO_DECIMALS: u8 = 7;
/// Decimals of a value in USD.
const USD_DECIMALS: u8 = 18;

/// One figure, for people and for programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The figure as text, for people.
    pub text: String,
    /// The figure as JSON, for programs.
    pub json: Value,
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { json: text.clone().into(), text }
    }

    /// A missing value: `text` for people, null in JSON.
    pub fn none(text: &str) -> Self {
        Self { text: text.into(), json: Value::Null }
    }

    /// An amount in base units of a token, with all decimal places and never rounded.
    pub fn amount(units: u64, token: &Token) -> Self {
        let whole = amount::tokens(units, token.decimals);
        Self {
            text: format!("{} {}", readable(&whole), token.symbol),
            json: json!({
                "units": units.to_string(), "decimals": token.decimals, "amount": whole, "mint": token.mint.to_string(),
            }),
        }
    }

    /// An amount in base units, without the symbol, for a column that names the token.
    pub fn bare(units: u64, token: &Token) -> Self {
        let whole = readable(&amount::tokens(units, token.decimals));
        Self { text: whole, ..Self::amount(units, token) }
    }

    /// An amount of shares, with the decimals of a token.
    pub fn shares(units: u64, token: &Token) -> Self {
        let whole = amount::tokens(units, token.decimals);
        Self {
            text: format!("{} shares", readable(&whole)),
            json: json!({ "units": units.to_string(), "decimals": token.decimals, "amount": whole }),
        }
    }

    /// A share price in trillionths.
    pub fn share_price(trillionths: u64) -> Self {
        let whole = amount::share_price(trillionths);
        Self { text: whole.clone(), json: json!({ "trillionths": trillionths.to_string(), "amount": whole }) }
    }

    /// A value in 10^-18 USD.
    pub fn usd(value: u128) -> Self {
        let whole = Decimal::of_units(value, USD_DECIMALS).to_string();
        Self { text: format!("{} USD", readable(&whole)), json: json!({ "value": value.to_string(), "amount": whole }) }
    }

    /// Basis points, shown in percent.
    pub fn bps(bps: impl Into<u64>) -> Self {
        let bps = bps.into();
        Self { text: percent(bps, BPS_DECIMALS), json: json!({ "bps": bps.to_string() }) }
    }

    /// Billionths, shown in percent.
    pub fn nano(billionths: u64) -> Self {
        Self { text: percent(billionths, NANO_DECIMALS), json: json!({ "billionths": billionths.to_string() }) }
    }

    /// A ratio in basis points, shown as a factor: `1.25`. [`u64::MAX`] means no debt.
    pub fn factor(bps: u64) -> Self {
        if bps == u64::MAX {
            return Self::none("no debt");
        }
        Self { text: Decimal::of_units(bps, 4).to_string(), json: json!({ "bps": bps.to_string() }) }
    }

    /// A count.
    pub fn count(count: impl Into<u64>) -> Self {
        let count = count.into();
        Self { text: readable(&count.to_string()), json: count.to_string().into() }
    }

    /// A duration in seconds.
    pub fn seconds(seconds: impl Into<i64>) -> Self {
        let seconds = seconds.into();
        Self { text: duration(seconds), json: json!({ "seconds": seconds.to_string() }) }
    }

    /// A notice period in seconds. Zero shows as "none".
    pub fn notice(seconds: impl Into<i64>) -> Self {
        match seconds.into() {
            0 => Self { text: "none".into(), ..Self::seconds(0) },
            seconds => Self::seconds(seconds),
        }
    }

    /// A Unix time, with its distance from now.
    pub fn time(at: i64, now: i64) -> Self {
        let distance = duration(at.saturating_sub(now).saturating_abs());
        let distance = if at > now { format!("in {distance}") } else { format!("{distance} ago") };
        Self { text: format!("{} ({distance})", date(at)), json: json!({ "unix": at.to_string(), "utc": date(at) }) }
    }

    /// An address.
    pub fn address(address: &Address) -> Self {
        Self::text(address.to_string())
    }

    /// An address, shortened in text and complete in JSON.
    pub fn short(address: &Address) -> Self {
        Self { text: short(address), json: address.to_string().into() }
    }

    /// Yes or no.
    pub fn yes(yes: bool) -> Self {
        Self { text: if yes { "yes" } else { "no" }.into(), json: yes.into() }
    }

    /// Appends a note in parentheses to the text. The JSON stays the same.
    #[must_use]
    pub fn noted(self, note: impl Display) -> Self {
        Self { text: format!("{} ({note})", self.text), ..self }
    }
}

fn percent(units: u64, decimals: u8) -> String {
    format!("{} %", readable(&Decimal::of_units(units, decimals).to_string()))
}

/// Formats a duration, as `2d 3h`.
fn duration(seconds: i64) -> String {
    const DAY: i64 = 86_400;
    let days = seconds.checked_div(DAY).unwrap_or(0);
    let rest = SignedDuration::from_secs(seconds.checked_rem(DAY).unwrap_or(0));
    match (days, rest.is_zero()) {
        (0, _) => format!("{rest:#}"),
        (_, true) => format!("{days}d"),
        _ => format!("{days}d {rest:#}"),
    }
}

/// Formats a Unix time in UTC.
fn date(at: i64) -> String {
    Timestamp::from_second(at).map_or_else(|_| at.to_string(), |time| time.to_string())
}

/// A part of a view.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// Named figures, one per line.
    Figures(Vec<(&'static str, String, Cell)>),
    /// A table with a title.
    List { key: &'static str, title: String, columns: Vec<(&'static str, String)>, rows: Vec<Vec<Cell>> },
    /// A nested view.
    View(&'static str, View),
}

/// The output of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    title: String,
    parts: Vec<Part>,
    notes: Vec<String>,
}

impl View {
    /// An empty view with a title.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// Adds a figure: its key for programs and its name for people.
    pub fn figure(&mut self, key: &'static str, name: impl Into<String>, figure: Cell) -> &mut Self {
        let row = (key, name.into(), figure);
        match self.parts.last_mut() {
            Some(Part::Figures(rows)) => rows.push(row),
            _ => self.parts.push(Part::Figures(vec![row])),
        }
        self
    }

    /// Adds a list. A column whose title starts with `>` is aligned right.
    pub fn list(
        &mut self,
        key: &'static str,
        title: impl Into<String>,
        columns: &[(&'static str, &str)],
        rows: Vec<Vec<Cell>>,
    ) -> &mut Self {
        let columns = columns.iter().map(|(key, title)| (*key, (*title).to_owned())).collect();
        self.parts.push(Part::List { key, title: title.into(), columns, rows });
        self
    }

    /// Adds a nested view.
    pub fn view(&mut self, key: &'static str, view: Self) -> &mut Self {
        self.parts.push(Part::View(key, view));
        self
    }

    /// Adds a note.
    pub fn note(&mut self, note: impl Into<String>) -> &mut Self {
        self.notes.push(note.into());
        self
    }

    /// Renders the view as text, for people.
    pub fn render(&self) -> String {
        let mut text = if self.title.is_empty() { String::new() } else { format!("{}\n", self.title) };
        for part in &self.parts {
            text += &match part {
                Part::Figures(rows) => figures(rows),
                Part::List { title, columns, rows, .. } => listed(title, columns, rows),
                Part::View(_, view) => format!("\n{}", view.render()),
            };
        }
        for note in &self.notes {
            text += &format!("  {note}\n");
        }
        text
    }

    /// Returns the view as JSON, for programs.
    pub fn json(&self) -> Value {
        let mut object = Map::new();
        for part in &self.parts {
            match part {
                Part::Figures(rows) => {
                    object.extend(rows.iter().map(|(key, _, figure)| ((*key).to_owned(), figure.json.clone())));
                }
                Part::List { key, columns, rows, .. } => {
                    object.insert((*key).into(), rows.iter().map(|row| object_of(columns, row)).collect());
                }
                Part::View(key, view) => again(&mut object, key, view.json()),
            }
        }
        if !self.notes.is_empty() {
            object.insert("notes".into(), json!(self.notes));
        }
        Value::Object(object)
    }
}

/// Inserts a value. A repeated key collects its values in an array.
fn again(object: &mut Map<String, Value>, key: &str, value: Value) {
    match object.get_mut(key) {
        None => drop(object.insert(key.into(), value)),
        Some(Value::Array(all)) => all.push(value),
        Some(first) => *first = json!([first.take(), value]),
    }
}

fn object_of(columns: &[(&'static str, String)], row: &[Cell]) -> Value {
    // A column without a key is not part of the JSON.
    let cells = columns
        .iter()
        .zip(row)
        .filter(|((key, _), _)| !key.is_empty())
        .map(|((key, _), figure)| ((*key).to_owned(), figure.json.clone()));
    Value::Object(cells.collect())
}

fn figures(rows: &[(&'static str, String, Cell)]) -> String {
    let widest = rows.iter().map(|(_, name, _)| name.chars().count()).max().unwrap_or(0);
    rows.iter().map(|(_, name, figure)| format!("  {name:<widest$}  {}\n", figure.text)).collect()
}

fn listed(title: &str, columns: &[(&'static str, String)], rows: &[Vec<Cell>]) -> String {
    let title = if title.is_empty() { String::new() } else { format!("\n{title}") };
    if rows.is_empty() {
        return if title.is_empty() { "  none\n".into() } else { format!("{title}: none\n") };
    }
    let titles: Vec<&str> = columns.iter().map(|(_, title)| title.as_str()).collect();
    let mut table = Table::new(&titles);
    for row in rows {
        table.row(row.iter().map(|figure| &figure.text));
    }
    if title.is_empty() { table.render() } else { format!("{title}\n{}", table.render()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usdc() -> Token {
        Token { symbol: "USDC".into(), mint: Address::default(), decimals: 6 }
    }

    #[test]
    fn an_amount_is_told_to_its_last_unit() {
        let figure = Cell::amount(1_234_567_000_001, &usdc());
        assert_eq!(figure.text, "1,234,567.000001 USDC");
        assert_eq!(figure.json["units"], "1234567000001");
        assert_eq!(figure.json["amount"], "1234567.000001");
        assert_eq!(figure.json["decimals"], 6);
    }

    #[test]
    fn figures_and_lists_are_the_same_for_people_and_programs() {
        let mut view = View::new("Pool");
        view.figure("nav", "NAV", Cell::amount(1_500_000, &usdc())).figure("fee", "fee", Cell::bps(25_u64));
        view.list("losses", "Losses", &[("loss", ">loss")], vec![vec![Cell::bare(7, &usdc())]]);
        view.list("changes", "Changes", &[], Vec::new());
        assert_eq!(
            view.render(),
            "Pool\n  NAV  1.5 USDC\n  fee  0.25 %\n\nLosses\n      loss\n  --------\n  0.000007\n\nChanges: none\n"
        );
        let json = view.json();
        assert_eq!(json["nav"]["units"], "1500000");
        assert_eq!(json["fee"]["bps"], "25");
        assert_eq!(json["losses"][0]["loss"]["units"], "7");
        assert_eq!(json["changes"], json!([]));
    }

    #[test]
    fn what_happens_several_times_is_a_list_to_programs() {
        let paid = |units: u64| {
            let mut formatted = View::default();
            formatted.figure("units", "units", Cell::count(units));
            formatted
        };
        let mut view = View::default();
        view.view("paid", paid(1));
        assert_eq!(view.json(), json!({ "paid": { "units": "1" } }));
        view.view("paid", paid(2)).view("paid", paid(3));
        assert_eq!(view.json(), json!({ "paid": [{ "units": "1" }, { "units": "2" }, { "units": "3" }] }));
    }

    #[test]
    fn times_are_told_in_utc_and_from_now() {
        assert_eq!(Cell::time(1_667_952_000, 1_667_948_400).text, "2022-11-09T00:00:00Z (in 1h)");
        assert_eq!(Cell::time(1_667_952_000, 1_668_124_801).text, "2022-11-09T00:00:00Z (2d 1s ago)");
    }

    #[test]
    fn no_notice_is_none_to_people_and_zero_to_programs() {
        assert_eq!(Cell::notice(0), Cell { text: "none".into(), ..Cell::seconds(0) });
        assert_eq!(Cell::notice(3_600), Cell::seconds(3_600));
    }

    #[test]
    fn a_debt_of_nothing_has_no_health() {
        assert_eq!(Cell::factor(10_667).text, "1.0667");
        assert_eq!(Cell::factor(u64::MAX).text, "no debt");
    }
}
