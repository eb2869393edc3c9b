//! What the program's events told, as decimal strings.

use backstop_client::{Event, LossRecorded, Recovered};
use backstop_testkit::World;
use serde_json::{Map, Value};

use crate::{
    amount::{share_price, tokens},
    report::{LossReport, RecoveryReport},
};

/// What the events of one step say about amounts.
pub(crate) fn of(world: &World, events: &[Event]) -> Map<String, Value> {
    let liquidity = world.decimals(world.liquidity());
    let assets = |units: u64| tokens(units, liquidity);
    let mut effect = Map::new();
    let mut put = |key: &str, value: String| effect.insert(key.into(), value.into());
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
            Event::Repaid(event) => drop(put("assets", assets(event.assets))),
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
            Event::Provisioned(event) => {
                put("provision_before", assets(event.before));
                put("provision", assets(event.after));
            }
            Event::Recovered(event) => {
                put("assets", assets(event.assets));
                put("to_lps", assets(event.to_lps));
                put("to_stakers", assets(event.to_stakers));
                put("to_fund", assets(event.to_fund));
                put("to_reserves", assets(event.to_reserves));
                put("unrecovered", assets(event.unrecovered));
            }
            Event::RecoveryClaimed(event) => drop(put("assets", assets(event.assets))),
            Event::SharesTransferred(event) => drop(put("shares", assets(event.shares))),
            Event::WithdrawalRequested(event) => {
                put("shares", assets(event.shares));
                put("matures_at", event.matures_at.to_string());
                put("lapses_at", event.lapses_at.to_string());
            }
            Event::InsuranceFunded(event) => drop(put("assets", assets(event.assets))),
            Event::Staked(event) => {
                put("assets", assets(event.assets));
                put("shares", assets(event.shares));
            }
            Event::UnstakeRequested(event) => {
                put("shares", assets(event.shares));
                put("worth", assets(event.worth));
                put("matures_at", event.matures_at.to_string());
                put("lapses_at", event.lapses_at.to_string());
            }
            Event::UnstakeCancelled(event) => drop(put("shares", assets(event.shares))),
            Event::Unstaked(event) => {
                put("assets", assets(event.assets));
                put("shares", assets(event.shares));
            }
            Event::StakeRecoveryClaimed(event) => drop(put("assets", assets(event.assets))),
            Event::Accrued(event) => {
                put("interest", assets(event.interest));
                put("to_reserves", assets(event.to_reserves));
                put("to_insurance", assets(event.to_insurance));
            }
            _ => {}
        }
    }
    effect
}

/// A loss, with the name of whose debt it was.
pub(crate) fn loss(world: &World, event: &LossRecorded, obligation: String, step: usize) -> LossReport {
    let liquidity = world.decimals(world.liquidity());
    let assets = |units: u64| tokens(units, liquidity);
    LossReport {
        sequence: event.sequence,
        step,
        obligation,
        loss: assets(event.loss),
        from_reserves: assets(event.from_reserves),
        from_insurance: assets(event.from_insurance),
        to_lps: assets(event.to_lps),
        uncovered: assets(event.uncovered),
        shares: assets(event.shares),
        share_price_before: share_price(event.share_price_before),
        share_price_after: share_price(event.share_price_after),
        generation: event.generation,
    }
}

/// A recovery, with the name of whose debt it was.
pub(crate) fn recovery(world: &World, event: &Recovered, obligation: String, step: usize) -> RecoveryReport {
    let liquidity = world.decimals(world.liquidity());
    let assets = |units: u64| tokens(units, liquidity);
    RecoveryReport {
        step,
        obligation,
        assets: assets(event.assets),
        to_lps: assets(event.to_lps),
        to_stakers: assets(event.to_stakers),
        to_fund: assets(event.to_fund),
        to_reserves: assets(event.to_reserves),
    }
}

fn symbol<'a>(world: &'a World, collateral: &solana_address::Address) -> &'a str {
    world.symbol_of(collateral).unwrap_or_default()
}

fn units(world: &World, collateral: &solana_address::Address, units: u64) -> String {
    tokens(units, world.decimals(symbol(world, collateral)))
}
