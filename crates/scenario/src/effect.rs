//! The program's events, as decimal strings.

use std::collections::BTreeMap;

use backstop_client::{AccountData, ChangeQueued, Event, LossRecorded, ParameterChange, Recovered, RiskRefreshed};
use backstop_testkit::World;
use backstop_text::Decimal;
use serde_json::{Map, Value};

use crate::{
    govern::{format_value, parameter, who},
    report::{LossReport, RecoveryReport},
    scenario::name_of,
};
use backstop_text::amount::{share_price, tokens};

/// Decimals of an average price.
const VALUE_DECIMALS: u8 = 18;
/// Billionths in a basis point.
const NANO_PER_BPS: u64 = 100_000;

/// The effect of one step, from its events.
pub(crate) fn of(world: &mut World, events: &[Event]) -> Map<String, Value> {
    let liquidity = world.decimals(world.liquidity());
    let assets = |units: u64| tokens(units, liquidity);
    let mut effect = Map::new();
    let mut put = |key: &str, value: String| effect.insert(key.into(), value.into());
    // Amounts of several losses in one step are summed.
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    let mut add = |key: &'static str, units: u64| {
        let sum = sums.entry(key).or_default();
        *sum = sum.saturating_add(units);
    };
    for event in events {
        match event {
            Event::Deposited(event) => {
                put("assets", assets(event.assets));
                put("shares", assets(event.shares));
            }
            Event::Withdrawn(event) => {
                put("assets", assets(event.assets));
                put("shares", assets(event.shares));
            }
            Event::Borrowed(event) => drop(put("assets", assets(event.assets))),
            Event::Repaid(event) => add("assets", event.assets),
            Event::CollateralDeposited(event) => drop(put("units", units(world, &event.collateral, event.units))),
            Event::CollateralWithdrawn(event) => drop(put("units", units(world, &event.collateral, event.units))),
            Event::Liquidated(event) => {
                put("repaid", assets(event.repaid));
                put("insurance_cut", assets(event.insurance_cut));
                put("collateral", symbol(world, &event.collateral).into());
                put("seized", units(world, &event.collateral, event.seized));
                put("bonus_bps", event.bonus_bps.to_string());
            }
            Event::LossRecorded(event) => drop(put("loss", assets(event.loss))),
            Event::Marked(event) => {
                put("marked_before", assets(event.before));
                put("marked", assets(event.after));
            }
            Event::Recovered(event) => {
                add("assets", event.assets);
                add("to_lps", event.to_lps);
                add("to_stakers", event.to_stakers);
                add("to_protocol", event.to_protocol);
                add("to_reserves", event.to_reserves);
                put("unrecovered", assets(event.unrecovered));
            }
            Event::RecoveryClaimed(event) => add("assets", event.assets),
            Event::SharesTransferred(event) => drop(put("shares", assets(event.shares))),
            Event::WithdrawalRequested(event) => {
                put("shares", assets(event.shares));
                put("matures_at", event.matures_at.to_string());
            }
            Event::WithdrawalExecuted(event) => {
                put("assets", assets(event.assets));
                put("shares", assets(event.shares));
                put("left", assets(event.left));
            }
            Event::UnstakeExecuted(event) => {
                put("assets", assets(event.assets));
                put("shares", assets(event.shares));
                put("left", assets(event.left));
            }
            Event::Collected(event) => drop(put("assets", assets(event.assets))),
            Event::InsuranceFunded(event) => drop(put("assets", assets(event.assets))),
            Event::Staked(event) => {
                put("assets", assets(event.assets));
                put("shares", assets(event.shares));
            }
            Event::UnstakeRequested(event) => {
                put("shares", assets(event.shares));
                put("worth", assets(event.worth));
                put("matures_at", event.matures_at.to_string());
            }
            Event::StakeRecoveryClaimed(event) => add("shares", event.shares),
            Event::Accrued(event) => {
                put("interest", assets(event.interest));
                put("to_reserves", assets(event.to_reserves));
                put("to_insurance", assets(event.to_insurance));
            }
            Event::RiskRefreshed(event) => risk(event).into_iter().for_each(|(key, value)| drop(put(key, value))),
            Event::PauseChanged(event) => {
                put("since", event.since.to_string());
                put("until", event.until.to_string());
            }
            Event::ParameterChanged(event) => {
                change(world, event.parameter, &event.before, &event.after)
                    .into_iter()
                    .for_each(|(key, value)| drop(put(key, value)));
            }
            Event::ChangeQueued(event) => {
                put("nonce", nonce(world, event).map(|nonce| nonce.to_string()).unwrap_or_default());
                change(world, event.parameter, &event.before, &event.value)
                    .into_iter()
                    .for_each(|(key, value)| drop(put(key, value)));
                put("executable_at", event.executable_at.to_string());
                put("lapses_at", event.lapses_at.to_string());
            }
            Event::AuthorityProposed(event) => {
                if let Some(proposed) = who(world, &event.proposed) {
                    put("proposed", proposed);
                    put("acceptable_at", event.acceptable_at.to_string());
                    put("lapses_at", event.lapses_at.to_string());
                }
            }
            Event::AuthorityChanged(event) => {
                put("before", who(world, &event.before).unwrap_or_default());
                put("authority", who(world, &event.authority).unwrap_or_default());
            }
            Event::ReservesCollected(event) => drop(put("assets", assets(event.assets))),
            _ => {}
        }
    }
    for (key, sum) in sums {
        effect.insert(key.into(), assets(sum).into());
    }
    effect
}

/// The stresses that a refresh found, and the values and targets of the ramps.
fn risk(event: &RiskRefreshed) -> [(&'static str, String); 14] {
    let deviation = event.deviation.checked_div(NANO_PER_BPS).unwrap_or(0);
    [
        ("average_price", Decimal::of_units(event.average_price, VALUE_DECIMALS).to_string()),
        ("deviation_bps", deviation.to_string()),
        ("volatility_stress_bps", event.volatility_stress_bps.to_string()),
        ("utilisation_stress_bps", event.utilisation_stress_bps.to_string()),
        ("loss_stress_bps", event.loss_stress_bps.to_string()),
        ("coverage_stress_bps", event.coverage_stress_bps.to_string()),
        ("max_ltv_bps", event.max_ltv_bps.to_string()),
        ("max_ltv_target_bps", event.max_ltv_target_bps.to_string()),
        ("liquidation_threshold_bps", event.threshold_bps.to_string()),
        ("threshold_target_bps", event.threshold_target_bps.to_string()),
        ("insurance_factor_bps", event.insurance_factor_bps.to_string()),
        ("insurance_factor_target_bps", event.insurance_factor_target_bps.to_string()),
        ("insurance_share_bps", event.insurance_share_bps.to_string()),
        ("insurance_share_target_bps", event.insurance_share_target_bps.to_string()),
    ]
}

/// A changed parameter, with its old and new values.
fn change(world: &mut World, number: u64, before: &[u8; 32], value: &[u8; 32]) -> Vec<(&'static str, String)> {
    let Some(parameter) = parameter(number) else { return Vec::new() };
    vec![
        ("parameter", name_of(parameter)),
        ("before", format_value(world, parameter, before)),
        ("value", format_value(world, parameter, value)),
    ]
}

/// The nonce that a change was queued under.
pub(crate) fn nonce(world: &World, event: &ChangeQueued) -> Option<u64> {
    let account = world.account(&event.change)?;
    ParameterChange::from_account_data(&account.data).map(|change| change.nonce)
}

/// The report of a loss. `obligation` is the borrower's name.
pub(crate) fn loss(world: &World, event: &LossRecorded, obligation: String, step: usize) -> LossReport {
    let liquidity = world.decimals(world.liquidity());
    let assets = |units: u64| tokens(units, liquidity);
    LossReport {
        sequence: event.sequence,
        number: event.number,
        step,
        obligation,
        loss: assets(event.loss),
        from_reserves: assets(event.from_reserves),
        from_insurance: assets(event.from_insurance),
        from_stakers: assets(event.from_stakers),
        to_lps: assets(event.to_lps),
        uncovered: assets(event.uncovered),
        shares: assets(event.shares),
        share_price_before: share_price(event.share_price_before),
        share_price_after: share_price(event.share_price_after),
        generation: event.generation,
    }
}

/// The report of a recovery. `obligation` is the borrower's name.
pub(crate) fn recovery(world: &World, event: &Recovered, obligation: String, step: usize) -> RecoveryReport {
    let liquidity = world.decimals(world.liquidity());
    let assets = |units: u64| tokens(units, liquidity);
    RecoveryReport {
        step,
        loss: event.loss,
        obligation,
        assets: assets(event.assets),
        to_lps: assets(event.to_lps),
        to_stakers: assets(event.to_stakers),
        to_protocol: assets(event.to_protocol),
        to_reserves: assets(event.to_reserves),
    }
}

fn symbol<'a>(world: &'a World, collateral: &solana_address::Address) -> &'a str {
    world.symbol_of(collateral).unwrap_or_default()
}

fn units(world: &World, collateral: &solana_address::Address, units: u64) -> String {
    tokens(units, world.decimals(symbol(world, collateral)))
}
