//! Reads the state of a world.

use backstop_engine::{pool::Totals, quantity::Shares};
use backstop_testkit::{STARTING_BALANCE, World};
use serde_json::{Map, Value, json};

use crate::{
    amount::{change, share_price, tokens},
    report::{InsuranceState, LossReport, PoolState, State},
};

/// The state now, with interest counted up to now, of the pool and these actors.
pub(crate) fn read(
    world: &mut World,
    actors: &[String],
    losses: Vec<LossReport>,
) -> Result<State, backstop_engine::Error> {
    let totals = world.pool().totals_at(world.now())?;
    let actors =
        actors.iter().map(|name| Ok((name.clone(), actor(world, name, &totals)?))).collect::<Result<_, _>>()?;
    Ok(State { pool: pool(world, &totals)?, insurance: insurance(world), actors, losses })
}

fn pool(world: &World, totals: &Totals) -> Result<PoolState, backstop_engine::Error> {
    let (pool, decimals) = (world.pool(), world.decimals(world.liquidity()));
    let assets = |units: u64| tokens(units, decimals);
    let nav = assets(totals.nav()?.get());
    Ok(PoolState {
        exit_nav: nav.clone(),
        nav,
        cash: assets(totals.cash.get()),
        performing_debt: assets(totals.performing_debt()?.get()),
        reserves: assets(totals.reserves.get()),
        provisions: assets(0),
        insurance_due: assets(totals.insurance_due.get()),
        shares: assets(totals.shares.get()),
        share_price: share_price(totals.share_price()?),
        generation: pool.generation,
        claims_outstanding: assets(0),
        uncovered: assets(pool.uncovered),
    })
}

fn insurance(world: &World) -> InsuranceState {
    let (fund, decimals) = (world.fund(), world.decimals(world.liquidity()));
    InsuranceState {
        assets: tokens(fund.assets, decimals),
        stake_shares: tokens(0, decimals),
        drawn: tokens(fund.drawn, decimals),
    }
}

fn actor(world: &mut World, name: &str, totals: &Totals) -> Result<Value, backstop_engine::Error> {
    let (liquidity, pool) = (world.liquidity().to_owned(), world.pool());
    let decimals = world.decimals(&liquidity);
    let symbols: Vec<String> = world.symbols().map(Into::into).collect();
    let shares = world.position(name).map_or(Shares::ZERO, |position| position.shares_in(&pool));
    let obligation = world.obligation(name);
    let debt = obligation.as_ref().map_or(Ok(0), |obligation| totals.debt(obligation.debt()).map(|debt| debt.get()))?;

    let (mut told, mut held) = (Map::new(), Map::new());
    for symbol in std::iter::once(&liquidity).chain(symbols.iter().filter(|symbol| **symbol != liquidity)) {
        let places = world.decimals(symbol);
        told.insert(symbol.clone(), change(STARTING_BALANCE, world.balance(name, symbol), places).into());
        if *symbol != liquidity {
            let collateral = world.collateral_key(symbol).collateral;
            let units = obligation.as_ref().map_or(0, |obligation| obligation.units_of(&collateral));
            held.insert(symbol.clone(), tokens(units, places).into());
        }
    }
    told.insert("shares".into(), tokens(shares.get(), decimals).into());
    told.insert("share_value".into(), tokens(totals.value_of(shares)?.get(), decimals).into());
    for later in ["claimable", "stake_value", "stake_claimable"] {
        told.insert(later.into(), json!("0"));
    }
    told.insert("debt".into(), tokens(debt, decimals).into());
    told.insert("collateral".into(), Value::Object(held));
    Ok(Value::Object(told))
}
