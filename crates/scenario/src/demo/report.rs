//! The report of the demo, in the format of `--json`.

use std::collections::BTreeMap;

use backstop_text::Decimal;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    Played,
    plan::{Day, Plan, SOURCE},
};
use crate::{
    report::{LossReport, RecoveryReport, State, StepReport},
    scenario::{Kind, Problem},
};
use backstop_text::amount::{change, tokens};

/// Decimals of the liquidity token and of LP shares.
const DECIMALS: u8 = 6;
/// Decimals of the collateral.
const COLLATERAL_DECIMALS: u8 = 9;

/// The report of the demo.
#[derive(Clone, Debug, Serialize)]
pub struct DemoReport {
    /// The name of the demo.
    pub name: String,
    /// The source of the prices.
    pub source: String,
    /// The prices.
    pub prices: Vec<Day>,
    /// The story as a scenario file: parameters, deposits, loans, prices, liquidations. `backstop run` plays it.
    pub scenario: Value,
    /// The report of every step.
    pub steps: Vec<OnDay<StepReport>>,
    /// Each liquidation.
    pub liquidations: Vec<LiquidationReport>,
    /// Each mark.
    pub marks: Vec<MarkReport>,
    /// The limits at the keeper's daily refresh.
    pub limits: Vec<LimitReport>,
    /// Each loss.
    pub losses: Vec<OnDay<LossReport>>,
    /// Each recovery.
    pub recoveries: Vec<OnDay<RecoveryReport>>,
    /// The borrowers.
    pub borrowers: Vec<BorrowerReport>,
    /// The LPs.
    pub lps: Vec<LpReport>,
    /// The stakers.
    pub stakers: Vec<StakerReport>,
    /// The insurance fund and the share price around the losses.
    pub around: Around,
    /// The compute units of the instructions.
    pub compute_units: BTreeMap<String, CostReport>,
    /// The final state: where all funds are.
    pub state: State,
}

/// A report with its day.
#[derive(Clone, Debug, Serialize)]
pub struct OnDay<T> {
    /// The day.
    pub day: String,
    /// The report.
    #[serde(flatten)]
    pub what: T,
}

/// A liquidation.
#[derive(Clone, Debug, Serialize)]
pub struct LiquidationReport {
    /// The day.
    pub day: String,
    /// The collateral's price that day.
    pub price: String,
    /// The borrower.
    pub borrower: String,
    /// The debt that the liquidator repaid.
    pub repaid: String,
    /// The collateral that the liquidator received.
    pub seized: String,
    /// The bonus, in basis points.
    pub bonus_bps: String,
    /// The additional payment to the insurance fund.
    pub insurance_cut: String,
}

/// A marked shortfall.
#[derive(Clone, Debug, Serialize)]
pub struct MarkReport {
    /// The day.
    pub day: String,
    /// The borrower.
    pub borrower: String,
    /// The known shortfall.
    pub marked: String,
    /// NAV, which a mark does not change.
    pub nav: String,
    /// Whether the pool was on hold from then on.
    pub on_hold: bool,
}

/// A collateral's limits on a day, and their targets.
#[derive(Clone, Debug, Serialize)]
pub struct LimitReport {
    /// The day.
    pub day: String,
    /// The collateral's price that day.
    pub price: String,
    /// The effect of the refresh.
    #[serde(flatten)]
    pub field: Map<String, Value>,
}

/// A borrower.
#[derive(Clone, Debug, Serialize)]
pub struct BorrowerReport {
    /// The actor's name.
    pub who: String,
    /// The day of its first step.
    pub since: String,
    /// Total collateral deposited.
    pub posted: String,
    /// Total borrowed.
    pub borrowed: String,
    /// The number of liquidations.
    pub liquidated: usize,
    /// The loss that it caused.
    pub loss: String,
    /// The debt at the end.
    pub debt: String,
}

/// An LP.
#[derive(Clone, Debug, Serialize)]
pub struct LpReport {
    /// The actor's name.
    pub who: String,
    /// Total deposited.
    pub deposited: String,
    /// The day it entered.
    pub came: String,
    /// The day it left with all its shares, if it did.
    pub left: Option<String>,
    /// Its shares just before the first loss.
    pub shares: String,
    /// The value of its shares just before the first loss was marked.
    pub before: String,
    /// The value of its shares just after the last loss.
    pub after: String,
    /// The sum over all losses of `shares * to_lps / all shares`, each rounded down: shares times the fall of their
    /// price.
    pub loss: String,
    /// `loss` in percent of `before`.
    pub loss_percent: String,
    /// The recovered part of the loss, claimed or not.
    pub recovered: String,
    /// The unclaimed part of `recovered`.
    pub claimable: String,
    /// The interest earned over the whole story.
    pub interest: String,
    /// Its total at the end: in the pool, withdrawn and recovered.
    pub end: String,
}

/// A staker of the insurance fund.
#[derive(Clone, Debug, Serialize)]
pub struct StakerReport {
    /// The actor's name.
    pub who: String,
    /// Total staked.
    pub staked: String,
    /// The day it entered.
    pub came: String,
    /// The day it left, if it did.
    pub left: Option<String>,
    /// The sum over all losses of `shares * drawn from stakers / all stakers' shares`, each rounded down.
    pub loss: String,
    /// The recovered part of the loss, claimed or not.
    pub recovered: String,
    /// Other earnings. Negative if it left for its stake's value at the request.
    pub earned: String,
    /// Its total at the end: in the fund, paid out and recovered.
    pub end: String,
}

/// The fund and the share price around the losses.
#[derive(Clone, Debug, Serialize)]
pub struct Around {
    /// The fund's assets, including revenue due, before the first loss.
    pub insurance_before: String,
    /// The fund's assets, including revenue due, after the last loss.
    pub insurance_after: String,
    /// The fund's assets, including revenue due, at the end.
    pub insurance_end: String,
    /// The share price before the first loss.
    pub share_price_before: String,
    /// The share price after the last loss.
    pub share_price_after: String,
    /// The share price at the end.
    pub share_price_end: String,
    /// Seconds for which the last loss tripped the loss breaker.
    pub breaker_seconds: i64,
}

/// The compute units of an instruction, over all its calls.
#[derive(Clone, Debug, Serialize)]
pub struct CostReport {
    /// The minimum.
    pub min: u64,
    /// The maximum.
    pub max: u64,
    /// The number of calls.
    pub count: usize,
}

/// Assembles the report from the played steps.
pub(super) fn assemble(plan: &Plan, played: &[Played], end: State) -> Result<DemoReport, Problem> {
    let broken = || Problem::new(Kind::NotAScenario, "the demo", "recorded no loss");
    let lost: Vec<&(State, State)> =
        played.iter().filter(|step| step.lost).filter_map(|step| step.around.as_ref()).collect();
    let first = lost.first().map(|(before, _)| before).ok_or_else(broken)?;
    let last = lost.last().map(|(_, after)| after).ok_or_else(broken)?;
    let day = played.iter().find(|step| step.lost).map(|step| step.day.as_str());
    let marked = played.iter().filter(|step| Some(step.day.as_str()) == day).find_map(|step| step.around.as_ref());
    let calm = marked.map_or(first, |(before, _)| before);
    let recorded_at = played.iter().rev().find(|step| step.lost).map_or(0, |step| step.at);
    let steps: Vec<Value> = played.iter().map(|step| step.step.clone()).collect();
    let day_of = |step: usize| played.get(step).map(|step| step.day.clone()).unwrap_or_default();
    let lps = plan.lps.iter().map(|who| lp(who, played, calm, last, &end)).collect::<Result<_, _>>();
    let stakers = plan.stakers.iter().map(|who| staker(who, played, &lost, &end)).collect::<Result<_, _>>();
    let borrowers = plan.borrowers.iter().map(|who| borrower(who, played, &end)).collect::<Result<_, _>>();
    Ok(DemoReport {
        name: plan.name.clone(),
        source: SOURCE.into(),
        prices: plan.series.clone(),
        scenario: plan.scenario(&steps),
        steps: played.iter().map(|step| OnDay { day: step.day.clone(), what: step.report.clone() }).collect(),
        liquidations: played.iter().filter_map(liquidation).collect(),
        marks: played.iter().filter_map(mark).collect(),
        limits: played.iter().filter_map(limits).collect(),
        losses: end.losses.iter().map(|loss| OnDay { day: day_of(loss.step), what: loss.clone() }).collect(),
        recoveries: end.recoveries.iter().map(|paid| OnDay { day: day_of(paid.step), what: paid.clone() }).collect(),
        borrowers: borrowers.map_err(unreadable)?,
        lps: lps.map_err(unreadable)?,
        stakers: stakers.map_err(unreadable)?,
        around: Around {
            insurance_before: fund(first).map_err(unreadable)?,
            insurance_after: fund(last).map_err(unreadable)?,
            insurance_end: fund(&end).map_err(unreadable)?,
            share_price_before: first.pool.share_price.clone(),
            share_price_after: last.pool.share_price.clone(),
            share_price_end: end.pool.share_price.clone(),
            breaker_seconds: last.pool.breaker_until.unwrap_or(recorded_at).saturating_sub(recorded_at),
        },
        compute_units: costs(played),
        state: end,
    })
}

fn unreadable(message: String) -> Problem {
    Problem::new(Kind::InvalidValue, "the demo", message)
}

fn units(decimal: &str, decimals: u8) -> Result<u64, String> {
    Decimal::parse(decimal)?.base_units(decimals)
}

/// The fund's assets, including revenue due.
fn fund(state: &State) -> Result<String, String> {
    let assets = units(&state.insurance.assets, DECIMALS)?;
    Ok(tokens(assets.saturating_add(units(&state.pool.insurance_due, DECIMALS)?), DECIMALS))
}

fn field<'a>(state: &'a State, who: &str, key: &str) -> &'a str {
    state.actors.get(who).and_then(|actor| actor.get(key)).and_then(Value::as_str).unwrap_or("0")
}

/// The sum of an amount over all steps of one verb by one actor.
fn total(played: &[Played], who: &str, verb: &str, key: &str, decimals: u8) -> Result<u64, String> {
    let steps = played.iter().filter(|step| step.report.verb == verb && step.report.who.as_deref() == Some(who));
    let amounts = steps.filter_map(|step| step.report.effect.get(key)).filter_map(Value::as_str);
    amounts.map(|amount| units(amount, decimals)).try_fold(0_u64, |sum, next| Ok(sum.saturating_add(next?)))
}

fn lp(who: &str, played: &[Played], calm: &State, last: &State, end: &State) -> Result<LpReport, String> {
    let deposited = total(played, who, "deposit", "assets", DECIMALS)?;
    let left = ["withdraw", "execute_withdrawal"];
    let withdrawn = left.iter().try_fold(0_u64, |sum, verb| {
        total(played, who, verb, "assets", DECIMALS).map(|amount| sum.saturating_add(amount))
    })?;
    let shares = units(field(calm, who, "shares"), DECIMALS)?;
    let before = units(field(calm, who, "share_value"), DECIMALS)?;
    let mut loss = 0_u64;
    for event in &end.losses {
        let (to_lps, all) = (units(&event.to_lps, DECIMALS)?, units(&event.shares, DECIMALS)?);
        loss = loss.saturating_add(part(shares, to_lps, all));
    }
    let worth = units(field(end, who, "share_value"), DECIMALS)?.saturating_add(withdrawn);
    let claimable = units(field(end, who, "claimable"), DECIMALS)?;
    let recovered = total(played, who, "claim_recovery", "assets", DECIMALS)?.saturating_add(claimable);
    let millionths = u128::from(loss).saturating_mul(1_000_000).checked_div(u128::from(before)).unwrap_or(0);
    Ok(LpReport {
        who: who.into(),
        deposited: tokens(deposited, DECIMALS),
        came: day_of(played, who, "deposit").unwrap_or_default(),
        left: left.iter().find_map(|verb| day_of(played, who, verb)),
        shares: tokens(shares, DECIMALS),
        before: tokens(before, DECIMALS),
        after: field(last, who, "share_value").into(),
        loss: tokens(loss, DECIMALS),
        loss_percent: Decimal { digits: millionths, places: 4 }.to_string(),
        recovered: tokens(recovered, DECIMALS),
        claimable: tokens(claimable, DECIMALS),
        interest: change(deposited, worth.saturating_add(loss), DECIMALS),
        end: tokens(worth.saturating_add(recovered), DECIMALS),
    })
}

fn staker(who: &str, played: &[Played], lost: &[&(State, State)], end: &State) -> Result<StakerReport, String> {
    let staked = total(played, who, "stake", "assets", DECIMALS)?;
    let (mut loss, mut recovered) = (0_u64, 0_u64);
    for ((before, after), event) in lost.iter().zip(&end.losses) {
        let owed = |state: &State| units(&state.insurance.unrecovered, DECIMALS);
        let drawn = owed(after)?.saturating_sub(owed(before)?);
        let all = units(&before.insurance.stake_shares, DECIMALS)?;
        let own = units(field(before, who, "stake_shares"), DECIMALS)?;
        loss = loss.saturating_add(part(own, drawn, all));
        let mut back = 0_u64;
        for recovery in end.recoveries.iter().filter(|recovery| recovery.loss == event.number) {
            back = back.saturating_add(units(&recovery.to_stakers, DECIMALS)?);
        }
        recovered = recovered.saturating_add(part(own, back, all));
    }
    let paid_out = total(played, who, "execute_unstake", "assets", DECIMALS)?;
    let worth = units(field(end, who, "stake_value"), DECIMALS)?.saturating_add(paid_out);
    let claimable = units(field(end, who, "stake_claimable"), DECIMALS)?;
    // Recoveries are in the stake, claimed or waiting.
    let worth = worth.saturating_add(claimable).saturating_sub(recovered);
    Ok(StakerReport {
        who: who.into(),
        staked: tokens(staked, DECIMALS),
        came: day_of(played, who, "stake").unwrap_or_default(),
        left: day_of(played, who, "execute_unstake"),
        loss: tokens(loss, DECIMALS),
        recovered: tokens(recovered, DECIMALS),
        earned: change(staked, worth.saturating_add(loss), DECIMALS),
        end: tokens(worth.saturating_add(recovered), DECIMALS),
    })
}

/// The day of an actor's first successful step of a verb.
fn day_of(played: &[Played], who: &str, verb: &str) -> Option<String> {
    let step = |step: &&Played| step.report.ok && step.report.verb == verb && step.report.who.as_deref() == Some(who);
    played.iter().find(step).map(|step| step.day.clone())
}

/// `amount * shares / all`, rounded down.
fn part(shares: u64, amount: u64, all: u64) -> u64 {
    let part = u128::from(shares).saturating_mul(u128::from(amount)).checked_div(u128::from(all)).unwrap_or(0);
    u64::try_from(part).unwrap_or(u64::MAX)
}

fn mark(step: &Played) -> Option<MarkReport> {
    let (_, after) = step.around.as_ref().filter(|_| step.report.verb == "mark")?;
    Some(MarkReport {
        day: step.day.clone(),
        borrower: step.step.get("borrower")?.as_str()?.into(),
        marked: step.report.effect.get("marked")?.as_str()?.into(),
        nav: after.pool.nav.clone(),
        on_hold: after.pool.on_hold,
    })
}

fn limits(step: &Played) -> Option<LimitReport> {
    let field = step.report.effect.clone();
    let refreshed = step.report.verb == "refresh_risk";
    refreshed.then(|| LimitReport { day: step.day.clone(), price: step.price.clone(), field })
}

fn borrower(who: &str, played: &[Played], end: &State) -> Result<BorrowerReport, String> {
    let first = played.iter().find(|step| step.report.who.as_deref() == Some(who));
    let losses = end.losses.iter().filter(|loss| loss.obligation == who);
    let loss = losses
        .map(|loss| units(&loss.loss, DECIMALS))
        .try_fold(0_u64, |sum, next| Ok::<_, String>(sum.saturating_add(next?)))?;
    Ok(BorrowerReport {
        who: who.into(),
        since: first.map(|step| step.day.clone()).unwrap_or_default(),
        posted: tokens(total(played, who, "deposit_collateral", "units", COLLATERAL_DECIMALS)?, COLLATERAL_DECIMALS),
        borrowed: tokens(total(played, who, "borrow", "assets", DECIMALS)?, DECIMALS),
        liquidated: played.iter().filter_map(liquidation).filter(|taken| taken.borrower == who).count(),
        loss: tokens(loss, DECIMALS),
        debt: field(end, who, "debt").into(),
    })
}

fn liquidation(step: &Played) -> Option<LiquidationReport> {
    let field = |key: &str| step.report.effect.get(key).and_then(Value::as_str).map(ToOwned::to_owned);
    Some(LiquidationReport {
        day: step.day.clone(),
        price: step.price.clone(),
        borrower: step.step.get("borrower")?.as_str()?.into(),
        repaid: field("repaid")?,
        seized: field("seized")?,
        bonus_bps: field("bonus_bps")?,
        insurance_cut: field("insurance_cut")?,
    })
}

fn costs(played: &[Played]) -> BTreeMap<String, CostReport> {
    let mut costs = BTreeMap::new();
    for report in played.iter().map(|step| &step.report).filter(|report| report.ok && report.compute_units != 0) {
        let field = |key: &str| report.effect.contains_key(key);
        let name = match report.verb.as_str() {
            "liquidate" if field("loss") => "liquidate + loss",
            "repay" if field("unrecovered") => "repay + recovery",
            verb => verb,
        };
        let name = name.to_owned();
        let units = report.compute_units;
        let cost = costs.entry(name).or_insert(CostReport { min: units, max: units, count: 0 });
        (cost.min, cost.max, cost.count) = (cost.min.min(units), cost.max.max(units), cost.count.saturating_add(1));
    }
    costs
}
