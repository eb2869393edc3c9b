//! `cargo xtask plot`: what moves with risk in a calm month and in November 2022, as the engine moves it, drawn as SVG.
//!
//! All is counted in whole numbers, so that the same file comes out everywhere.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::integer_division,
    reason = "prices of four decimals, hours of a month and places in a picture: far from any edge"
)]

use std::fmt::Write as _;

use backstop_engine::{
    average::Average,
    price::Value,
    quantity::Bps,
    risk::{CollateralRisk, CollateralTerms, Range, STEP, Stress, TIGHTEN_STEP},
};

use crate::{generate::put, run::Outcome, waterfall};

/// Daily prices in USD with four decimals; the first lines name the source.
const NOVEMBER: &str = include_str!("../../crates/scenario/src/demo/sol-usd-2022-11.csv");
const SOURCE: &str = "public data set coinmetrics/data, csv/sol.csv, column ReferenceRateUSD";

const HOUR: i64 = 3_600;
/// Horizon of the average: a day.
const HORIZON: u32 = 86_400;
/// 10^-18 USD in a ten-thousandth of a dollar.
const TEN_THOUSANDTH: u128 = 100_000_000_000_000;

/// A chart's place: `x` and width, `y` and height.
type Frame = (i64, i64, i64, i64);
/// The columns, and the rows for USD and for percent.
const COLUMNS: [(i64, i64); 2] = [(130, 900), (1_200, 900)];
const ROWS: [(i64, i64); 2] = [(240, 360), (710, 480)];
/// The tops of both scales, in ten-thousandths of a dollar and in basis points.
const MOST_USD: i64 = 400_000;
const MOST_BPS: i64 = 10_000;

/// How a line is drawn: its name, color, width and dashes.
type Style = (&'static str, &'static str, u32, &'static str);
const PRICE: Style = ("price, USD", "#777777", 3, "");
const AVERAGE: Style = ("average price, USD", "#0b5fa5", 4, "12 6");
const THRESHOLD: Style = ("liquidation threshold, %", "#7b3294", 4, "");
const LIMIT: Style = ("loan-to-value limit, %", "#1a7f37", 4, "");
const DEVIATION: Style = ("deviation, % of the average", "#c0392b", 3, "");
/// Where each stands in the legend.
const LEGEND: [(i64, Style); 5] = [(60, PRICE), (360, AVERAGE), (760, THRESHOLD), (1_190, LIMIT), (1_610, DEVIATION)];

/// What is drawn at one hour.
struct Hour {
    /// Ten-thousandths of a dollar.
    price: i64,
    average: i64,
    /// Basis points.
    threshold: i64,
    limit: i64,
    deviation: i64,
}

/// A line of a chart.
type Line = (Style, fn(&Hour) -> i64);

/// Draws it again; with `--check`, fails if that would change the file.
pub(crate) fn run(options: &[String]) -> Outcome {
    let check = match options {
        [] => false,
        [option] if option == "--check" => true,
        _ => return Err("`plot` takes no option but --check".into()),
    };
    put("docs/risk.svg", &draw()?, "plot", check)?;
    put("docs/waterfall.svg", &waterfall::render()?, "plot", check)
}

/// The example's collateral.
fn collateral() -> CollateralTerms {
    CollateralTerms {
        max_ltv: range(7_500, 5_000),
        threshold: range(8_000, 6_500),
        stressed_deviation: Bps::new(2_500),
    }
}

fn range(calm: u32, stressed: u32) -> Range {
    Range { calm: Bps::new(calm), stressed: Bps::new(stressed) }
}

/// The daily prices, in ten-thousandths of a dollar.
fn november() -> Outcome<Vec<i64>> {
    let prices = NOVEMBER.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| {
        let (_, usd) = line.split_once(',')?;
        let (whole, part) = usd.split_once('.')?;
        if part.len() == 4 { format!("{whole}{part}").parse().ok() } else { None }
    });
    prices.collect::<Option<_>>().ok_or_else(|| "a price of the series is not one with four decimals".into())
}

/// Prices every six hours for 30 days, up to 1 % to either side of the first of November's.
fn calm() -> Vec<i64> {
    let mut seed = 1_u64;
    let mut next = || {
        // Knuth's MMIX generator; the upper bits are the random ones.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((seed >> 33) % 2_001).unwrap_or(0) - 1_000
    };
    (0..=120).map(|_| 326_428 + 326_428 * next() / 100_000).collect()
}

/// A price for each hour, on straight lines between prices that are so many hours apart.
fn hourly(prices: &[i64], apart: i64) -> Vec<i64> {
    let pairs = prices.iter().zip(prices.iter().skip(1));
    let between = pairs.flat_map(|(from, to)| (0..apart).map(move |hour| from + (to - from) * hour / apart));
    between.chain(prices.last().copied()).collect()
}

/// Refreshes every hour, from calm.
fn refreshed(prices: &[i64]) -> Outcome<Vec<Hour>> {
    let terms = collateral();
    let failed = |error| format!("the engine refuses the example: {error:?}");
    terms.validate().map_err(failed)?;
    let value = |price: i64| Value::new(u128::from(price.unsigned_abs()) * TEN_THOUSANDTH);
    let dollar = Average::begun(value(10_000), 0);
    let (mut average, mut limits) = (Average::default(), CollateralRisk::at_rest(&terms, 0));
    let mut now = 0;
    let hours = prices.iter().map(|price| {
        average = average.observe(value(*price), HORIZON, now)?;
        let volatility = terms.volatility(&average, &dollar);
        limits = limits.refresh(&terms, &Stress::default(), volatility, now);
        let (limit, threshold) = limits.limits(now);
        now += HOUR;
        Ok(Hour {
            price: *price,
            average: i64::try_from(average.price.get() / TEN_THOUSANDTH).unwrap_or(0),
            threshold: threshold.get().into(),
            limit: limit.get().into(),
            deviation: i64::try_from(average.deviation() / 100_000).unwrap_or(0),
        })
    });
    hours.collect::<Result<_, _>>().map_err(failed)
}

fn draw() -> Outcome<String> {
    let calm = refreshed(&hourly(&calm(), 6))?;
    let crash = refreshed(&hourly(&november()?, 24))?;
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 2160 1420\" font-family=\"sans-serif\" font-size=\"26\" \
         fill=\"#222222\">\n<title>What moves with risk, in a calm month and in November 2022</title>\n\
         <rect width=\"2160\" height=\"1420\" fill=\"#ffffff\"/>\n",
    );
    text(&mut svg, (60, 60), "start", 40, "What moves with risk: a calm month, and November 2022");
    for (x, style) in LEGEND {
        line(&mut svg, style, &format!("M{x} 108h60"));
        text(&mut svg, (x + 74, 117), "start", 26, style.0);
    }
    let days: Vec<String> = (0..=6).map(|five| format!("day {}", five * 5)).collect();
    let dates: Vec<String> = [1, 6, 11, 16, 21, 26].iter().map(|day| format!("Nov {day}")).collect();
    panel(&mut svg, 0, "Calm: SOL/USD within 1 % of 32.64 USD for 30 days", &days, &calm);
    panel(&mut svg, 1, "Crash: SOL/USD from 1 to 30 November 2022", &dates, &crash);
    let terms = collateral();
    let percent = |bps: Bps| format!("{} %", bps.get() / 100);
    let both = |range: Range| format!("{} to {}", percent(range.calm), percent(range.stressed));
    let rules = format!(
        "Refreshed every hour. Average over {} h. Stress from a deviation of {} to {}. Limit {}, threshold {}.",
        HORIZON / 3_600,
        percent(terms.calm_deviation()),
        percent(terms.stressed_deviation),
        both(terms.max_ltv),
        both(terms.threshold),
    );
    let seen = |value: fn(&Hour) -> i64| crash.iter().map(value);
    let (deviation, limit, threshold) =
        (seen(|hour| hour.deviation).max(), seen(|hour| hour.limit).min(), seen(|hour| hour.threshold).min());
    let hundredths = |bps: Option<i64>| bps.map_or(String::new(), |bps| format!("{}.{:02} %", bps / 100, bps % 100));
    let steps = format!(
        "A day's step: limit down {}, threshold down {step}, both up {step}. In November 2022: deviation up to {}, \
         limit down to {}, threshold to {}.",
        percent(TIGHTEN_STEP),
        hundredths(deviation),
        hundredths(limit),
        hundredths(threshold),
        step = percent(STEP),
    );
    let source = format!("Prices of November 2022: {SOURCE}, rounded to four decimals; straight lines between days.");
    for (y, words) in (1_290..).step_by(44).zip([rules, steps, source]) {
        text(&mut svg, (60, y), "start", 26, &words);
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

/// One path of the price: USD above, percent below. A mark stands every five days.
fn panel(svg: &mut String, column: usize, title: &str, marks: &[String], hours: &[Hour]) {
    let [Some((x, width)), Some((top, _))] = [COLUMNS.get(column), ROWS.first()].map(|found| found.copied()) else {
        return;
    };
    text(svg, (x, top - 60), "start", 30, title);
    let usd: [Line; 2] = [(AVERAGE, |hour| hour.average), (PRICE, |hour| hour.price)];
    let percent: [Line; 3] =
        [(DEVIATION, |hour| hour.deviation), (LIMIT, |hour| hour.limit), (THRESHOLD, |hour| hour.threshold)];
    let charts: [(&str, i64, i64, i64, &[Line]); 2] =
        [("USD", MOST_USD, 100_000, 10_000, &usd), ("%", MOST_BPS, 2_000, 100, &percent)];
    for ((y, height), (name, most, step, one, lines)) in ROWS.into_iter().zip(charts) {
        let frame = (x, width, y, height);
        text(svg, (x - 14, y - 22), "end", 26, name);
        let mut value = 0;
        while value <= most {
            let at = y + height - height * value / most;
            let _ = writeln!(svg, "<path d=\"M{x} {at}h{width}\" stroke=\"#dddddd\" stroke-width=\"2\"/>");
            text(svg, (x - 14, at + 9), "end", 26, &(value / one).to_string());
            value += step;
        }
        for (place, mark) in (0..).zip(marks) {
            let at = x + width * place * 120 / 720;
            let _ = writeln!(svg, "<path d=\"M{at} {y}v{}\" stroke=\"#dddddd\" stroke-width=\"2\"/>", height + 10);
            text(svg, (at, y + height + 40), "middle", 24, mark);
        }
        for (style, value) in lines {
            line(svg, *style, &path(frame, most, hours.iter().map(value)));
        }
    }
}

fn text(svg: &mut String, (x, y): (i64, i64), anchor: &str, size: u32, words: &str) {
    let _ = writeln!(svg, "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\">{words}</text>");
}

fn line(svg: &mut String, (_, color, width, dashes): Style, path: &str) {
    let dashes = if dashes.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dashes}\"") };
    let _ = writeln!(svg, "<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\"{dashes}/>");
}

/// A line through hourly values, of 720 hours across the frame; level stretches are one stroke.
fn path((x, width, y, height): Frame, most: i64, values: impl Iterator<Item = i64>) -> String {
    let mut at = None;
    let mut level = 0;
    let mut path = String::new();
    for (hour, value) in (0..).zip(values) {
        let (to_x, to_y) = (x + width * hour / 720, y + height - height * value.clamp(0, most) / most);
        let _ = match at {
            None => write!(path, "M{to_x} {to_y}"),
            Some((from_x, from_y)) if from_y == to_y => {
                level += to_x - from_x;
                Ok(())
            }
            Some((from_x, from_y)) => {
                if level > 0 {
                    let _ = write!(path, "h{level}");
                }
                level = 0;
                write!(path, "l{} {}", to_x - from_x, to_y - from_y)
            }
        };
        at = Some((to_x, to_y));
    }
    if level > 0 {
        let _ = write!(path, "h{level}");
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_lie_on_straight_lines() {
        assert_eq!(hourly(&[100, 400, 100], 3), [100, 200, 300, 400, 300, 200, 100]);
        assert_eq!(hourly(&november().unwrap(), 24).len(), 29 * 24 + 1);
        assert_eq!(november().unwrap()[9], 139_096);
        assert!(calm().iter().all(|price| (323_164..=329_692).contains(price)));
    }

    #[test]
    fn lines_go_where_the_values_are() {
        // 720 wide: an hour is one; 100 high for 10: a unit is ten, upwards.
        assert_eq!(path((5, 720, 50, 100), 10, [0, 0, 0, 3, 10, 10].into_iter()), "M5 150h2l1 -30l1 -70h1");
    }

    #[test]
    fn the_picture_is_light() {
        assert!(draw().unwrap().len() < 60_000);
    }
}
