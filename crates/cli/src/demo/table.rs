//! The demo as a person reads it.

use backstop_testkit::Decimal;
use serde_json::Value;

use super::DemoReport;
use crate::table::{Table, readable};

/// All of it as text.
pub fn render(report: &DemoReport) -> String {
    [
        format!("{}\n\nPrices: {}.\n", report.name, report.source),
        section("Borrowers", &borrowers(report)),
        section("Liquidations, one round a day", &liquidations(report)),
        section(&losses_title(report), &losses(report)),
        section("Around the losses", &around(report)),
        section("LPs: every share loses the same", &lps(report)),
        section("Compute units", &costs(report)),
        "\nNext: backstop run scenarios/one-default-insurance-pays-half.json, a story short enough to check by hand.\n"
            .into(),
    ]
    .concat()
}

fn section(title: &str, table: &Table) -> String {
    format!("\n{title}\n{}", table.render())
}

fn losses_title(report: &DemoReport) -> String {
    let percent = |key: &str| {
        let bps = report.scenario.pointer(&format!("/pool/loss/{key}")).and_then(Value::as_u64).unwrap_or(0);
        Decimal::of_units(bps, 2)
    };
    format!(
        "Losses: reserves pay first, then insurance {} % of the rest but at most {} % of the fund at once, then LPs",
        percent("insurance_share_bps"),
        percent("event_cap_bps")
    )
}

fn borrowers(report: &DemoReport) -> Table {
    let mut table =
        Table::new(&["who", "since", ">SOL posted", ">borrowed", ">liquidated", ">unpaid", ">debt at the end"]);
    for borrower in &report.borrowers {
        let times = match borrower.liquidated {
            0 => "never".into(),
            1 => "once".into(),
            times => format!("{times} times"),
        };
        table.row([
            borrower.who.clone(),
            borrower.since.clone(),
            readable(&borrower.posted),
            readable(&borrower.borrowed),
            times,
            readable(&borrower.loss),
            readable(&borrower.debt),
        ]);
    }
    table
}

fn liquidations(report: &DemoReport) -> Table {
    let titles = ["day", ">SOL/USD", "whose", ">repaid", ">SOL seized", ">bonus", ">to insurance", ">unpaid rest"];
    let mut table = Table::new(&titles);
    for taken in &report.liquidations {
        let loss = report.losses.iter().find(|loss| loss.day == taken.day && loss.what.obligation == taken.borrower);
        table.row([
            taken.day.clone(),
            taken.price.clone(),
            taken.borrower.clone(),
            readable(&taken.repaid),
            readable(&taken.seized),
            format!("{} bps", taken.bonus_bps),
            readable(&taken.insurance_cut),
            loss.map(|loss| readable(&loss.what.loss)).unwrap_or_default(),
        ]);
    }
    table
}

fn losses(report: &DemoReport) -> Table {
    let titles = [
        "day",
        "whose",
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
    for loss in &report.losses {
        table.row([
            loss.day.clone(),
            loss.what.obligation.clone(),
            readable(&loss.what.loss),
            "=".into(),
            readable(&loss.what.from_reserves),
            readable(&loss.what.from_insurance),
            readable(&loss.what.to_lps),
            readable(&loss.what.uncovered),
            loss.what.share_price_before.clone(),
            loss.what.share_price_after.clone(),
        ]);
    }
    table
}

fn around(report: &DemoReport) -> Table {
    let mut table = Table::new(&["", ">before the first", ">after the last", ">end of the month"]);
    let around = &report.around;
    let fund = [&around.insurance_before, &around.insurance_after, &around.insurance_end];
    table.row(std::iter::once("insurance fund, with what is due to it".into()).chain(fund.map(|fund| readable(fund))));
    let prices = [&around.share_price_before, &around.share_price_after, &around.share_price_end];
    table.row(std::iter::once("share price".into()).chain(prices.map(Clone::clone)));
    table
}

fn lps(report: &DemoReport) -> Table {
    let titles =
        ["who", ">deposited", ">before the losses", ">loss", ">percent", ">after", ">interest earned", ">at the end"];
    let mut table = Table::new(&titles);
    for lp in &report.lps {
        table.row([
            lp.who.clone(),
            readable(&lp.deposited),
            readable(&lp.before),
            readable(&lp.loss),
            format!("{} %", lp.loss_percent),
            readable(&lp.after),
            readable(&lp.interest),
            readable(&lp.end),
        ]);
    }
    table
}

fn costs(report: &DemoReport) -> Table {
    let mut table = Table::new(&["instruction", ">least", ">most", ">calls"]);
    for (name, cost) in &report.compute_units {
        let number = |number: u64| readable(&number.to_string());
        table.row([name.clone(), number(cost.min), number(cost.max), cost.count.to_string()]);
    }
    table
}
