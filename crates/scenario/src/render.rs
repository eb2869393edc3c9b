//! Renders a scenario's report as tables.

use backstop_text::table::{Table, readable};
use serde_json::{Map, Value};

use crate::{
    report::{Report, State, StepReport},
    scenario::Scenario,
};

/// Renders a report as text: the steps, the balances, the losses, the recoveries.
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

/// Describes the request of a step.
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

/// Describes the outcome of a step in short. Unexpected errors are explained below the table.
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

/// Explains the unexpected failures.
fn reasons(report: &Report) -> String {
    let failed = report.steps.iter().filter(|step| !step.expected);
    let reasons: String = failed
        .filter_map(|step| step.message.as_ref().map(|message| format!("  ! step {}: {message}\n", step.index)))
        .collect();
    if reasons.is_empty() { reasons } else { format!("\nUnexpected results\n{reasons}") }
}

/// Describes what the events add to the request of a step.
fn effect(step: &StepReport) -> String {
    let field = |key: &str| step.effect.get(key).and_then(Value::as_str);
    let part = |key: &str, words: &str| field(key).map(|amount| format!("{} {words}", readable(amount)));
    let way = |words: &str, now: &str, heading: &str| {
        let (now, heading) = (field(now)?, field(heading)?);
        Some(if now == heading { format!("{words} {now} bps") } else { format!("{words} {now} -> {heading} bps") })
    };
    let words: Vec<Option<String>> = match step.verb.as_str() {
        "deposit" | "stake" => vec![part("shares", "shares minted")],
        "withdraw" => vec![part("shares", "shares burned"), part("assets", "received")],
        "execute_withdrawal" | "execute_unstake" => vec![part("shares", "shares burned"), part("assets", "payable")],
        "collect_withdrawal" | "collect_unstake" => vec![part("assets", "received")],
        "request_withdrawal" => vec![part("shares", "shares")],
        "request_unstake" => {
            vec![part("shares", "shares"), field("worth").map(|worth| format!("worth {}", readable(worth)))]
        }
        "transfer_shares" => vec![part("shares", "shares")],
        "claim_recovery" => vec![part("assets", "received")],
        "claim_stake_recovery" => vec![part("shares", "shares added")],
        "mark" => vec![field("marked").map(|after| format!("marked {}", readable(after)))],
        "repay" | "collect_reserves" => vec![part("assets", "paid")],
        "refresh_risk" => vec![
            way("limit", "max_ltv_bps", "max_ltv_target_bps"),
            way("threshold", "liquidation_threshold_bps", "threshold_target_bps"),
        ],
        "pause" => vec![field("until").map(|until| format!("until {until}"))],
        "queue_change" => vec![
            field("nonce").map(|nonce| format!("number {nonce}")),
            field("executable_at").map(|at| format!("executable at {at}")),
        ],
        "propose_authority" => vec![field("acceptable_at").map(|at| format!("acceptable at {at}"))],
        _ => Vec::new(),
    };
    let mut words: Vec<String> = words.into_iter().flatten().collect();
    let parts = [("to_lps", "to LPs"), ("to_stakers", "to stakers"), ("to_protocol", "to the fund")];
    if field("unrecovered").is_some() {
        let parts = parts.into_iter().chain([("to_reserves", "to reserves")]);
        words.extend(parts.filter(|(key, _)| field(key) != Some("0")).filter_map(|(key, words)| part(key, words)));
    }
    words.extend(field("repaid").map(|repaid| format!("repaid {}", readable(repaid))));
    if let (Some(seized), Some(symbol)) = (field("seized"), field("collateral")) {
        words.push(format!("seized {} {symbol}", readable(seized)));
    }
    words.extend(field("bonus_bps").filter(|bps| *bps != "0").map(|bps| format!("bonus {bps} bps")));
    words.extend(field("interest").map(|interest| format!("interest {}", readable(interest))));
    words.extend(field("loss").map(|loss| format!("LOSS {}", readable(loss))));
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
        ("  recovered, unclaimed", &pool.unclaimed),
        ("payable, not collected yet", &pool.payable),
        ("insurance fund", &insurance.assets),
        ("  due from the pool", &pool.insurance_due),
        ("  owed by the pool until it has cash", &pool.insurance_owed),
        ("  stakers' shares", &insurance.stake_shares),
        ("  protocol-owned shares", &insurance.protocol_shares),
        ("  drawn so far", &insurance.drawn),
        ("stakers' losses, unrecovered", &insurance.unrecovered),
        ("  recovered, unclaimed", &insurance.unclaimed),
        ("uncovered losses", &pool.uncovered),
    ] {
        totals.row([name.to_owned(), readable(value)]);
    }
    let tripped = pool.breaker_until.map(|until| format!("; the loss breaker is tripped until {until}"));
    let paused: String = pool.paused.iter().map(|(what, until)| format!("; {what} is paused until {until}")).collect();
    format!(
        "\nPool: share price {}, generation {}{}{paused}; interest is accrued up to now\n{}\nActors\n{}",
        pool.share_price,
        pool.generation,
        tripped.unwrap_or_default(),
        totals.render(),
        actors(liquidity, state).render()
    )
}

/// Renders the collaterals' limits, the pool's insurance parameters, and queued changes.
fn limits(state: &State) -> String {
    let mut table = Table::new(&["collateral", ">limit", ">target", ">threshold", ">target", ">average", ">deposited"]);
    for (symbol, collateral) in &state.collaterals {
        table.row([
            symbol.clone(),
            collateral.max_ltv_bps.to_string(),
            collateral.max_ltv_target_bps.to_string(),
            collateral.liquidation_threshold_bps.to_string(),
            collateral.threshold_target_bps.to_string(),
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
    let queued = if queued.is_empty() { String::new() } else { format!("\nQueued changes\n{}", queued.render()) };
    format!(
        "\nLimits, in bps; insurance gets {} bps of interest and pays {} bps of a loss, after reserves\n{}{queued}",
        state.pool.insurance_factor_bps,
        state.pool.insurance_share_bps,
        table.render()
    )
}

/// An actor's columns besides wallets and collateral: title, key, and whether to show the column if it has only zeros.
const HOLDINGS: [(&str, &str, bool); 7] = [
    (">shares", "shares", true),
    (">worth", "share_value", true),
    (">claimable", "claimable", true),
    (">stake", "stake_value", true),
    (">stake claimable", "stake_claimable", false),
    (">debt", "debt", true),
    (">marked", "marked", false),
];

/// Renders the actors: net changes of every wallet, shares, their value, claims, stake, debt and collateral.
fn actors(liquidity: &str, state: &State) -> Table {
    let symbols: Vec<&String> = state.actors.values().take(1).flat_map(collateral_symbols).collect();
    let wallets = std::iter::once(liquidity).chain(symbols.iter().map(|symbol| symbol.as_str()));
    let field = |actor: &Value, key: &str| readable(actor.get(key).and_then(Value::as_str).unwrap_or("0"));
    let shown = |key: &str| state.actors.values().any(|actor| field(actor, key) != "0");
    let holdings: Vec<_> = HOLDINGS.iter().filter(|(_, key, always)| *always || shown(key)).collect();
    let mut titles = vec!["who".to_owned()];
    titles.extend(wallets.clone().map(|symbol| format!(">{symbol} wallet")));
    titles.extend(holdings.iter().map(|(title, _, _)| (*title).to_owned()));
    titles.extend(symbols.iter().map(|symbol| format!(">{symbol} deposited")));
    let mut table = Table::new(&titles.iter().map(String::as_str).collect::<Vec<_>>());
    for (name, actor) in &state.actors {
        let mut row = vec![name.clone()];
        row.extend(wallets.clone().map(|symbol| field(actor, symbol)));
        row.extend(holdings.iter().map(|(_, key, _)| field(actor, key)));
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
    let titles = [
        ">#",
        "borrower",
        ">loss",
        "=",
        ">reserves",
        ">insurance",
        ">LPs",
        ">uncovered",
        ">price before",
        ">price after",
    ];
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
        Table::new(&[">step", "borrower", ">recovered", "=", ">LPs", ">stakers", ">insurance fund", ">reserves"]);
    for recovery in &state.recoveries {
        table.row([
            recovery.step.to_string(),
            recovery.obligation.clone(),
            readable(&recovery.assets),
            "=".into(),
            readable(&recovery.to_lps),
            readable(&recovery.to_stakers),
            readable(&recovery.to_protocol),
            readable(&recovery.to_reserves),
        ]);
    }
    table
}
