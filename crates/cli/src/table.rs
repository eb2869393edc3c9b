//! Tables with aligned columns, and a report as such.

use serde_json::{Map, Value};

use crate::{
    report::{Report, State, StepReport},
    scenario::Scenario,
};

/// Rows of cells under a heading.
pub struct Table {
    rows: Vec<Vec<String>>,
    right: Vec<bool>,
}

impl Table {
    /// A table with these column titles; a title that starts with `>` belongs to a column that is aligned to the right.
    pub fn new(titles: &[&str]) -> Self {
        let right = titles.iter().map(|title| title.starts_with('>')).collect();
        Self { rows: vec![titles.iter().map(|title| title.trim_start_matches('>').to_owned()).collect()], right }
    }

    /// Adds a row.
    pub fn row<T: ToString>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push(cells.into_iter().map(|cell| cell.to_string()).collect());
    }

    /// Whether it has no rows but the titles.
    pub const fn is_empty(&self) -> bool {
        self.rows.len() < 2
    }

    /// The table as text, each line indented by two spaces, with a rule under the titles. Numbers stand with their points
    /// one below the other.
    pub fn render(&self) -> String {
        let columns: Vec<Vec<String>> =
            self.right.iter().enumerate().map(|(at, right)| self.column(at, *right)).collect();
        let line = |row: usize| {
            let cells: Vec<&str> = columns.iter().filter_map(|cells| cells.get(row)).map(String::as_str).collect();
            format!("  {}\n", cells.join("  ").trim_end())
        };
        let rule: Vec<String> =
            columns.iter().map(|cells| "-".repeat(cells.first().map_or(0, |cell| width(cell)))).collect();
        let rows: String = (1..self.rows.len()).map(line).collect();
        format!("{}  {}\n{rows}", line(0), rule.join("  ").trim_end())
    }

    /// The cells of a column, all of the same width.
    fn column(&self, at: usize, right: bool) -> Vec<String> {
        let cells = self.rows.iter().map(|row| row.get(at).map_or("", String::as_str));
        let places = cells.clone().skip(1).filter_map(places).max().unwrap_or(0);
        let cells: Vec<String> = cells
            .map(|cell| match places_missing(cell, places) {
                Some(missing) if right => format!("{cell}{:missing$}", ""),
                _ => cell.to_owned(),
            })
            .collect();
        let widest = cells.iter().map(|cell| width(cell)).max().unwrap_or(0);
        let fill = |cell: &String| if right { format!("{cell:>widest$}") } else { format!("{cell:<widest$}") };
        cells.iter().map(fill).collect()
    }
}

fn width(cell: &str) -> usize {
    cell.chars().count()
}

/// How wide the point and what follows it is in a number; nothing for other cells.
fn places(cell: &str) -> Option<usize> {
    let number = cell.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && cell.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '-'));
    number.then(|| cell.find('.').map_or(0, |point| cell.len().saturating_sub(point)))
}

fn places_missing(cell: &str, widest: usize) -> Option<usize> {
    places(cell).map(|places| widest.saturating_sub(places))
}

/// A number with commas between thousands, for people; machines read JSON.
pub fn readable(decimal: &str) -> String {
    let (sign, digits) = decimal.strip_prefix('-').map_or(("", decimal), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let grouped: Vec<String> = whole.chars().rev().collect::<Vec<_>>().chunks(3).map(|c| c.iter().collect()).collect();
    let grouped: String = grouped.join(",").chars().rev().collect();
    if fraction.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{fraction}") }
}

/// A report as a person reads it: the steps, the balances, the losses, the recoveries.
pub fn of_report(scenario: &Scenario, report: &Report) -> String {
    let mut text = format!("{}\n", report.name);
    for problem in &report.problems {
        text += &format!("\n  ! {problem}\n");
    }
    text += &format!("\nSteps\n{}", steps(scenario, report).render());
    text += &reasons(report);
    text += &balances(&scenario.setup.liquidity.symbol, &report.state);
    text += &limits(&report.state);
    let losses = losses(&report.state);
    text += &if losses.is_empty() { "\nLosses: none\n".into() } else { format!("\nLosses\n{}", losses.render()) };
    let recoveries = recoveries(&report.state);
    if !recoveries.is_empty() {
        text += &format!("\nRecoveries\n{}", recoveries.render());
    }
    let wrong = report.steps.iter().filter(|step| !step.expected).count().saturating_add(report.problems.len());
    text + &match wrong {
        0 => "\nEverything went as expected.\n".into(),
        1 => "\n1 thing did not go as expected (marked !).\n".into(),
        _ => format!("\n{wrong} things did not go as expected (marked !).\n"),
    }
}

fn steps(scenario: &Scenario, report: &Report) -> Table {
    let mut table = Table::new(&[">#", "verb", "who", "what", "result", ">compute units"]);
    let liquidity = &scenario.setup.liquidity.symbol;
    for (value, step) in scenario.steps.iter().zip(&report.steps) {
        let units = if step.compute_units == 0 { String::new() } else { readable(&step.compute_units.to_string()) };
        let who = step.who.clone().unwrap_or_default();
        table.row([step.index.to_string(), step.verb.clone(), who, what(value, liquidity), result(value, step), units]);
    }
    table
}

/// What a step asks for.
fn what(step: &Value, liquidity: &str) -> String {
    let text = |key: &str| step.get(key).and_then(Value::as_str);
    let symbol = text("of").filter(|_| text("do") != Some("liquidate")).unwrap_or(liquidity);
    let mut words = Vec::new();
    if text("do") == Some("set_price") {
        words.push(format!("{symbol} at {} USD", readable(text("price").unwrap_or("?"))));
        words.extend(text("confidence").map(|confidence| format!("+- {confidence}")));
        words.extend(step.get("age_seconds").map(|age| format!("{age} s old")));
        words.extend(text("feed").map(|feed| format!("{feed} feed")));
        return words.join(", ");
    }
    words.extend(text("what").map(ToOwned::to_owned));
    words.extend(text("parameter").map(ToOwned::to_owned));
    words.extend(text("of").filter(|_| step.get("amount").is_none() && step.get("borrower").is_none()).map(Into::into));
    let value = step.get("value").map(|value| value.pointer("/actor").unwrap_or(value));
    words.extend(value.map(|value| format!("to {}", value.as_str().map_or_else(|| value.to_string(), Into::into))));
    words.extend(step.get("nonce").map(|nonce| format!("number {nonce}")));
    let amount = |text: &str| if text == "all" { text.into() } else { readable(text) };
    words.extend(text("amount").map(|units| format!("{} {symbol}", amount(units))));
    words.extend(
        text("shares").map(|units| if units == "1" { "1 share".into() } else { format!("{} shares", amount(units)) }),
    );
    words.extend(step.get("seconds").map(|seconds| format!("{} s", readable(&seconds.to_string()))));
    words.extend(text("to").map(|name| format!("to {name}")));
    words.extend(text("borrower").map(|name| format!("of {name}")));
    words.extend(text("of").filter(|_| text("do") == Some("liquidate")).map(|of| format!("for {of}")));
    words.join(" ")
}

/// What became of it, in short; the reasons of what was not expected follow below the table.
fn result(value: &Value, step: &StepReport) -> String {
    let expect = value.get("expect").and_then(Value::as_str);
    match (&step.error, expect) {
        (Some(error), _) if step.expected => format!("refused as expected: {error}"),
        (Some(error), Some(other)) if error != other => format!("! {error}, expected {other}"),
        (Some(error), _) => format!("! {error}"),
        (None, Some(other)) => format!("! succeeded, expected {other}"),
        (None, None) => format!("ok{}", effect(step)),
    }
}

/// Why steps failed that were not expected to.
fn reasons(report: &Report) -> String {
    let failed = report.steps.iter().filter(|step| !step.expected);
    let reasons: String = failed
        .filter_map(|step| step.message.as_ref().map(|message| format!("  ! step {}: {message}\n", step.index)))
        .collect();
    if reasons.is_empty() { reasons } else { format!("\nNot as expected\n{reasons}") }
}

/// What the events told that the step itself does not say.
fn effect(step: &StepReport) -> String {
    let told = |key: &str| step.effect.get(key).and_then(Value::as_str);
    let part = |key: &str, words: &str| told(key).map(|amount| format!("{} {words}", readable(amount)));
    let way = |words: &str, now: &str, heading: &str| {
        let (now, heading) = (told(now)?, told(heading)?);
        Some(if now == heading { format!("{words} {now} bps") } else { format!("{words} {now} -> {heading} bps") })
    };
    let words: Vec<Option<String>> = match step.verb.as_str() {
        "deposit" | "stake" => vec![part("shares", "shares minted")],
        "withdraw" => vec![part("shares", "shares burned"), part("assets", "received")],
        "execute_withdrawal" | "execute_unstake" => vec![part("shares", "shares burned"), part("assets", "payable")],
        "collect_withdrawal" | "collect_unstake" => vec![part("assets", "received")],
        "request_withdrawal" => vec![part("shares", "shares")],
        "request_unstake" => {
            vec![part("shares", "shares"), told("worth").map(|worth| format!("worth {}", readable(worth)))]
        }
        "transfer_shares" => vec![part("shares", "shares")],
        "claim_recovery" => vec![part("assets", "received")],
        "claim_stake_recovery" => vec![part("shares", "shares back")],
        "mark" => vec![told("marked").map(|after| format!("marked {}", readable(after)))],
        "repay" | "collect_reserves" => vec![part("assets", "paid")],
        "refresh_risk" => vec![
            way("limit", "max_ltv_bps", "max_ltv_heading_bps"),
            way("threshold", "liquidation_threshold_bps", "threshold_heading_bps"),
        ],
        "pause" => vec![told("until").map(|until| format!("until {until}"))],
        "queue_change" => vec![
            told("nonce").map(|nonce| format!("number {nonce}")),
            told("executable_at").map(|at| format!("executable at {at}")),
        ],
        "propose_authority" => vec![told("acceptable_at").map(|at| format!("acceptable at {at}"))],
        _ => Vec::new(),
    };
    let mut words: Vec<String> = words.into_iter().flatten().collect();
    let parts = [("to_lps", "to LPs"), ("to_stakers", "to stakers"), ("to_gifts", "to the fund")];
    if told("unrecovered").is_some() {
        let parts = parts.into_iter().chain([("to_reserves", "to reserves")]);
        words.extend(parts.filter(|(key, _)| told(key) != Some("0")).filter_map(|(key, words)| part(key, words)));
    }
    words.extend(told("repaid").map(|repaid| format!("repaid {}", readable(repaid))));
    if let (Some(seized), Some(symbol)) = (told("seized"), told("collateral")) {
        words.push(format!("seized {} {symbol}", readable(seized)));
    }
    words.extend(told("bonus_bps").filter(|bps| *bps != "0").map(|bps| format!("bonus {bps} bps")));
    words.extend(told("interest").map(|interest| format!("interest {}", readable(interest))));
    words.extend(told("loss").map(|loss| format!("LOSS {}", readable(loss))));
    if words.is_empty() { String::new() } else { format!(": {}", words.join(", ")) }
}

fn balances(liquidity: &str, state: &State) -> String {
    let (pool, insurance) = (&state.pool, &state.insurance);
    let mut totals = Table::new(&["", &format!(">{liquidity}")]);
    for (name, value) in [
        ("NAV", &pool.nav),
        ("  cash", &pool.cash),
        ("  + performing debt", &pool.performing_debt),
        ("  - reserves", &pool.reserves),
        ("  - owed to insurance", &pool.insurance_owed),
        ("known losses, not settled", &pool.marked),
        ("shares", &pool.shares),
        ("LPs' losses, unrecovered", &pool.unrecovered),
        ("  recovered, to be claimed", &pool.unclaimed),
        ("left, to be collected", &pool.payable),
        ("insurance fund", &insurance.assets),
        ("  due from the pool", &pool.insurance_due),
        ("  owed for want of cash", &pool.insurance_owed),
        ("  stakers' shares", &insurance.stake_shares),
        ("  its own shares, of gifts", &insurance.gift_shares),
        ("  drawn so far", &insurance.drawn),
        ("stakers' losses, unrecovered", &insurance.unrecovered),
        ("  recovered, to be claimed", &insurance.unclaimed),
        ("uncovered losses", &pool.uncovered),
    ] {
        totals.row([name.to_owned(), readable(value)]);
    }
    let tripped = pool.breaker_until.map(|until| format!("; the loss breaker is tripped until {until}"));
    let paused: String = pool.paused.iter().map(|(what, until)| format!("; {what} is paused until {until}")).collect();
    format!(
        "\nPool: share price {}, generation {}{}{paused}; interest is counted up to the present\n{}\nActors\n{}",
        pool.share_price,
        pool.generation,
        tripped.unwrap_or_default(),
        totals.render(),
        actors(liquidity, state).render()
    )
}

/// The collaterals' limits and the pool's parts, and what waits for the timelock.
fn limits(state: &State) -> String {
    let mut table = Table::new(&["collateral", ">limit", ">heading", ">threshold", ">heading", ">average", ">posted"]);
    for (symbol, collateral) in &state.collaterals {
        table.row([
            symbol.clone(),
            collateral.max_ltv_bps.to_string(),
            collateral.max_ltv_heading_bps.to_string(),
            collateral.liquidation_threshold_bps.to_string(),
            collateral.threshold_heading_bps.to_string(),
            readable(&collateral.average_price),
            readable(&collateral.deposited),
        ]);
    }
    let mut queued = Table::new(&[">number", "queued", "of", ">value", ">executable at", ">lapses at"]);
    for change in &state.market.queued {
        queued.row([
            change.nonce.to_string(),
            change.parameter.clone(),
            change.of.clone().unwrap_or_default(),
            change.value.clone(),
            change.executable_at.to_string(),
            change.lapses_at.to_string(),
        ]);
    }
    let queued = if queued.is_empty() { String::new() } else { format!("\nChanges that wait\n{}", queued.render()) };
    format!(
        "\nLimits in bps; of interest {} bps go to insurance, which pays {} bps of a loss\n{}{queued}",
        state.pool.insurance_factor_bps,
        state.pool.insurance_share_bps,
        table.render()
    )
}

/// What is told of an actor beside wallets and collateral: title, key, and whether the column is there if it has only zeros.
const HOLDINGS: [(&str, &str, bool); 7] = [
    (">shares", "shares", true),
    (">worth", "share_value", true),
    (">claimable", "claimable", true),
    (">stake", "stake_value", true),
    (">stake claimable", "stake_claimable", false),
    (">debt", "debt", true),
    (">marked", "marked", false),
];

/// Net changes of every wallet, then shares, their value, claims, stake, debt and collateral.
fn actors(liquidity: &str, state: &State) -> Table {
    let symbols: Vec<&String> = state.actors.values().take(1).flat_map(collateral_symbols).collect();
    let wallets = std::iter::once(liquidity).chain(symbols.iter().map(|symbol| symbol.as_str()));
    let told = |actor: &Value, key: &str| readable(actor.get(key).and_then(Value::as_str).unwrap_or("0"));
    let shown = |key: &str| state.actors.values().any(|actor| told(actor, key) != "0");
    let holdings: Vec<_> = HOLDINGS.iter().filter(|(_, key, always)| *always || shown(key)).collect();
    let mut titles = vec!["who".to_owned()];
    titles.extend(wallets.clone().map(|symbol| format!(">{symbol} wallet")));
    titles.extend(holdings.iter().map(|(title, _, _)| (*title).to_owned()));
    titles.extend(symbols.iter().map(|symbol| format!(">{symbol} posted")));
    let mut table = Table::new(&titles.iter().map(String::as_str).collect::<Vec<_>>());
    for (name, actor) in &state.actors {
        let mut row = vec![name.clone()];
        row.extend(wallets.clone().map(|symbol| told(actor, symbol)));
        row.extend(holdings.iter().map(|(_, key, _)| told(actor, key)));
        let held = actor.get("collateral");
        let posted = |symbol: &&String| held.and_then(|held| held.get(symbol.as_str())).and_then(Value::as_str);
        row.extend(symbols.iter().map(|symbol| readable(posted(symbol).unwrap_or("0"))));
        table.row(row);
    }
    table
}

fn collateral_symbols(actor: &Value) -> impl Iterator<Item = &String> {
    actor.get("collateral").and_then(Value::as_object).into_iter().flat_map(Map::keys)
}

fn losses(state: &State) -> Table {
    let titles =
        [">#", "whose", ">loss", "=", ">reserves", ">insurance", ">LPs", ">uncovered", ">price before", ">price after"];
    let mut table = Table::new(&titles);
    for loss in &state.losses {
        table.row([
            loss.sequence.to_string(),
            loss.obligation.clone(),
            readable(&loss.loss),
            "=".into(),
            readable(&loss.from_reserves),
            readable(&loss.from_insurance),
            readable(&loss.to_lps),
            readable(&loss.uncovered),
            loss.share_price_before.clone(),
            loss.share_price_after.clone(),
        ]);
    }
    table
}

fn recoveries(state: &State) -> Table {
    let mut table =
        Table::new(&[">step", "whose", ">recovered", "=", ">LPs", ">stakers", ">insurance fund", ">reserves"]);
    for recovery in &state.recoveries {
        table.row([
            recovery.step.to_string(),
            recovery.obligation.clone(),
            readable(&recovery.assets),
            "=".into(),
            readable(&recovery.to_lps),
            readable(&recovery.to_stakers),
            readable(&recovery.to_gifts),
            readable(&recovery.to_reserves),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_stand_one_below_the_other() {
        let mut table = Table::new(&["who", ">worth"]);
        table.row(["ana", "1,000"]);
        table.row(["benjamin", "2.25"]);
        table.row(["eve", "-"]);
        let lines = ["  who          worth", "  --------  --------", "  ana       1,000", "  benjamin      2.25"];
        assert_eq!(table.render().lines().take(4).collect::<Vec<_>>(), lines);
    }

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!(readable("-1234567.891"), "-1,234,567.891");
        assert_eq!(readable("999"), "999");
    }
}
