//! Renders the report of the demo as text.

use backstop_text::Decimal;
use serde_json::Value;

use super::DemoReport;
use backstop_text::table::{Table, readable};

/// Renders the whole report.
pub fn render(report: &DemoReport) -> String {
    [
        format!("{}\n\nPrices: {}.\n", report.name, report.source),
        section("Borrowers", &borrowers(report)),
        section("Liquidations, one round a day", &liquidations(report)),
        section("Marks: the pool is on hold while a known loss is not settled", &marks(report)),
        section("Limits, on days with new targets: they move in steps, not at once", &limits(report)),
        section(&losses_title(report), &losses(report)),
        section("Around the losses", &around(report)),
        format!("{}\n", breaker(report)),
        section("Recoveries: paid to those who bore the loss", &recoveries(report)),
        section(
            "LPs: every share loses the same; recoveries go to those who bore the loss, even after they left",
            &lps(report),
        ),
        section("Stakers of the insurance fund", &stakers(report)),
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
        "Losses: reserves pay first, then insurance {} % of the rest and at most {} % of the fund at once, then LPs",
        percent("insurance_share_bps"),
        percent("draw_cap_bps")
    )
}

fn borrowers(report: &DemoReport) -> Table {
    let mut table =
        Table::new(&["who", "since", ">SOL deposited", ">borrowed", ">liquidated", ">loss", ">debt at the end"]);
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
    let titles = ["day", ">SOL/USD", "borrower", ">repaid", ">SOL seized", ">bonus", ">to insurance", ">loss"];
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
    table.row(std::iter::once("insurance fund, with revenue due".into()).chain(fund.map(|fund| readable(fund))));
    let prices = [&around.share_price_before, &around.share_price_after, &around.share_price_end];
    table.row(std::iter::once("share price".into()).chain(prices.map(Clone::clone)));
    table
}

/// Describes how long the losses tripped the breaker.
fn breaker(report: &DemoReport) -> String {
    let tenths = report.around.breaker_seconds.checked_div(360).and_then(|tenths| u64::try_from(tenths).ok());
    let hours = Decimal::of_units(tenths.unwrap_or(0), 1);
    format!("\nLoss breaker: tripped for {hours} hours. Borrows are refused, and withdrawals take a day's notice.")
}

fn marks(report: &DemoReport) -> Table {
    let titles = ["day", "borrower", ">marked", ">recorded", ">NAV", "deposits and withdrawals"];
    let mut table = Table::new(&titles);
    for marked in &report.marks {
        let loss = report.losses.iter().find(|loss| loss.day == marked.day && loss.what.obligation == marked.borrower);
        table.row([
            marked.day.clone(),
            marked.borrower.clone(),
            readable(&marked.marked),
            loss.map(|loss| readable(&loss.what.loss)).unwrap_or_default(),
            readable(&marked.nav),
            if marked.on_hold { "on hold" } else { "open" }.into(),
        ]);
    }
    table
}

/// The days on which a target changed.
fn limits(report: &DemoReport) -> Table {
    let mut table = Table::new(&[
        "day",
        ">SOL/USD",
        ">average",
        ">deviation",
        ">limit",
        ">target",
        ">threshold",
        ">target",
        ">interest to insurance",
        ">target",
    ]);
    let headings = ["max_ltv_target_bps", "threshold_target_bps", "insurance_factor_target_bps"];
    let mut before = None;
    for limit in &report.limits {
        let field = |key: &str| limit.field.get(key).and_then(Value::as_str).unwrap_or_default();
        let now = headings.map(field);
        if before.replace(now) != Some(now) {
            let average = field("average_price");
            let cents = average.find('.').map_or(average.len(), |point| point.saturating_add(3).min(average.len()));
            let percent = |key: &str| format!("{} %", Decimal::of_units(field(key).parse::<u64>().unwrap_or(0), 2));
            table.row([
                limit.day.clone(),
                limit.price.clone(),
                average.get(..cents).unwrap_or(average).to_owned(),
                percent("deviation_bps"),
                percent("max_ltv_bps"),
                percent("max_ltv_target_bps"),
                percent("liquidation_threshold_bps"),
                percent("threshold_target_bps"),
                percent("insurance_factor_bps"),
                percent("insurance_factor_target_bps"),
            ]);
        }
    }
    table
}

fn recoveries(report: &DemoReport) -> Table {
    let mut table =
        Table::new(&["day", "borrower", ">recovered", "=", ">LPs", ">stakers", ">insurance fund", ">reserves"]);
    for recovery in &report.recoveries {
        table.row([
            recovery.day.clone(),
            recovery.what.obligation.clone(),
            readable(&recovery.what.assets),
            "=".into(),
            readable(&recovery.what.to_lps),
            readable(&recovery.what.to_stakers),
            readable(&recovery.what.to_protocol),
            readable(&recovery.what.to_reserves),
        ]);
    }
    table
}

fn stakers(report: &DemoReport) -> Table {
    let mut table =
        Table::new(&["who", "entered", "left", ">staked", ">loss", ">recovered", ">other earnings", ">at the end"]);
    for staker in &report.stakers {
        table.row([
            staker.who.clone(),
            staker.came.clone(),
            staker.left.clone().unwrap_or_default(),
            readable(&staker.staked),
            readable(&staker.loss),
            readable(&staker.recovered),
            readable(&staker.earned),
            readable(&staker.end),
        ]);
    }
    table
}

fn lps(report: &DemoReport) -> Table {
    let titles = [
        "who",
        "entered",
        "left",
        ">deposited",
        ">before the losses",
        ">loss",
        ">percent",
        ">after",
        ">recovered",
        ">interest earned",
        ">at the end",
    ];
    let mut table = Table::new(&titles);
    for lp in &report.lps {
        table.row([
            lp.who.clone(),
            lp.came.clone(),
            lp.left.clone().unwrap_or_default(),
            readable(&lp.deposited),
            readable(&lp.before),
            readable(&lp.loss),
            format!("{} %", lp.loss_percent),
            readable(&lp.after),
            readable(&lp.recovered),
            readable(&lp.interest),
            readable(&lp.end),
        ]);
    }
    table
}

fn costs(report: &DemoReport) -> Table {
    let mut table = Table::new(&["instruction", ">min", ">max", ">calls"]);
    for (name, cost) in &report.compute_units {
        let number = |number: u64| readable(&number.to_string());
        table.row([name.clone(), number(cost.min), number(cost.max), cost.count.to_string()]);
    }
    table
}
