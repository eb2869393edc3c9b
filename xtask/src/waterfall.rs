//! `docs/waterfall.svg`: one loss on its way through the waterfall, with the numbers of a scenario that are derived by
//! hand.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::integer_division,
    reason = "amounts of a few tokens and places in a picture: far from any edge"
)]

use std::fmt::Write as _;

use backstop_text::Decimal;
use serde_json::Value;

use crate::{repository::root, run};

/// The scenario's numbers, derived by hand.
const SCENARIO: &str = "scenarios/recovery-pays-those-who-bore-the-loss.expected.json";
/// Decimals of the amounts, and of the share price.
const USDC: u8 = 6;
const PRICE: u8 = 12;
/// Where the bars stand: the top of the loss, its height, the first bar, the distance to the next, a bar's width.
const TOP: u64 = 110;
const HEIGHT: u64 = 240;
const FIRST: u64 = 60;
const STEP: u64 = 200;
const WIDTH: u64 = 120;

/// A bar: its title, its color, what it takes, and a line about it.
struct Bar {
    title: &'static str,
    color: &'static str,
    units: u64,
    note: String,
}

/// The picture.
pub(crate) fn render() -> Result<String, String> {
    let file = String::from_utf8(run::read(&root().join(SCENARIO))?).map_err(|error| error.to_string())?;
    let expected: Value = serde_json::from_str(&file).map_err(|error| format!("{SCENARIO}: {error}"))?;
    let loss = expected.pointer("/state/losses/0").ok_or_else(|| format!("{SCENARIO} has no loss"))?;
    let read = |key: &str, decimals: u8| -> Result<u64, String> {
        let text = loss.get(key).and_then(Value::as_str).ok_or_else(|| format!("{SCENARIO} does not tell {key}"))?;
        Decimal::parse(text)?.base_units(decimals)
    };
    let all = read("loss", USDC)?;
    let (before, after) = (read("share_price_before", PRICE)?, read("share_price_after", PRICE)?);
    let shown = |units: u64| -> String { rounded(units, USDC, 2) };
    let price = |units: u64| -> String { rounded(units, PRICE, 4) };
    let bars = [
        Bar { title: "Bad debt", color: "#b3261e", units: all, note: "written off".into() },
        Bar { title: "Reserves", color: "#8a6d00", units: read("from_reserves", USDC)?, note: "all there is".into() },
        Bar {
            title: "Insurance fund",
            color: "#0b5fa5",
            units: read("from_insurance", USDC)?,
            note: "its share of the rest".into(),
        },
        Bar {
            title: "LPs",
            color: "#1a7f37",
            units: read("to_lps", USDC)?,
            note: format!("share price {} to {}", price(before), price(after)),
        },
    ];
    let mut out = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 860 450\" font-family=\"system-ui, sans-serif\" \
         font-size=\"16\" fill=\"#1f2328\" role=\"img\" aria-label=\"One loss runs through reserves, the insurance \
         fund and the share price\">\n<!-- Drawn by `cargo xtask plot`. Do not edit. -->\n\
         <rect x=\"1\" y=\"1\" width=\"858\" height=\"448\" rx=\"12\" fill=\"#ffffff\" stroke=\"#d0d7de\"/>\n\
         <text x=\"60\" y=\"44\" font-size=\"20\" font-weight=\"600\">One loss, one transaction, \
         no LP visited</text>\n",
    );
    let mut y = TOP;
    for (place, bar) in (0..).zip(&bars) {
        let x = FIRST + place * STEP;
        let height = if place == 0 { HEIGHT } else { HEIGHT * bar.units / all };
        if place == 0 {
            y = TOP;
        } else {
            // From the end of what is left to this bar.
            let from = x - STEP + WIDTH;
            let _ = writeln!(out, "<path d=\"M{from} {y}H{x}\" stroke=\"#8c959f\" stroke-dasharray=\"4 4\"/>");
        }
        let (middle, color) = (x + WIDTH / 2, bar.color);
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{height}\" rx=\"4\" fill=\"{color}\"/>\n\
             <text x=\"{middle}\" y=\"{title}\" text-anchor=\"middle\" font-weight=\"600\">{}</text>\n\
             <text x=\"{middle}\" y=\"{amount}\" text-anchor=\"middle\" font-size=\"18\" font-weight=\"600\" \
             fill=\"#ffffff\">{}</text>\n\
             <text x=\"{middle}\" y=\"{note}\" text-anchor=\"middle\" font-size=\"13\" fill=\"#57606a\">{}</text>",
            bar.title,
            shown(bar.units),
            bar.note,
            title = TOP - 26,
            amount = y + height / 2 + 6,
            note = TOP + HEIGHT + 30,
        );
        if place != 0 {
            y += height;
        }
    }
    let _ = writeln!(
        out,
        "<text x=\"60\" y=\"425\" font-size=\"13\" fill=\"#57606a\">Amounts in USDC, from the scenario \
         recovery-pays-those-who-bore-the-loss.</text>\n</svg>"
    );
    Ok(out)
}

/// A number with this many decimals, cut to fewer places.
fn rounded(units: u64, decimals: u8, places: u32) -> String {
    let cut = 10_u64.pow(u32::from(decimals) - places);
    let units = (units + cut / 2) / cut;
    let whole = 10_u64.pow(places);
    format!("{}.{:0width$}", units / whole, units % whole, width = places as usize)
}
