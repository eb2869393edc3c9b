//! What the program's events told, as decimal strings.

use backstop_client::{Event, LossRecorded};
use backstop_testkit::World;
use serde_json::{Map, Value};

use crate::{
    amount::{share_price, tokens},
    report::LossReport,
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
            Event::InsuranceFunded(event) => drop(put("assets", assets(event.assets))),
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

fn symbol<'a>(world: &'a World, collateral: &solana_address::Address) -> &'a str {
    world.symbol_of(collateral).unwrap_or_default()
}

fn units(world: &World, collateral: &solana_address::Address, units: u64) -> String {
    tokens(units, world.decimals(symbol(world, collateral)))
}
