//! A keeper's checks before it sends anything: the engine's functions, applied to the accounts.

use backstop_engine::{
    Result,
    health::Health,
    price::Price,
    quantity::{Assets, DebtShares, Units},
};
use backstop_testkit::World;

/// A borrower's debt and health, at the published prices.
struct Valuation {
    debt: Assets,
    debt_price: Price,
    health: Health,
}

fn value(world: &mut World, borrower: &str) -> Result<Valuation> {
    let (pool, obligation) = (world.pool(), world.obligation(borrower));
    let shares = obligation.as_ref().map_or(DebtShares::ZERO, |obligation| obligation.debt());
    let debt = pool.totals_at(world.now())?.debt(shares)?;
    let debt_price = world.conservative_quote(world.liquidity())?.upper(pool.decimals)?;
    let mut health = Health::of_debt(debt_price.value_up(debt.get())?);
    for slot in obligation.iter().flat_map(|obligation| obligation.held()) {
        if let Some(symbol) = world.symbol_of(&slot.collateral) {
            let (collateral, units) = (world.collateral(symbol), Units::new(slot.units));
            if !collateral.is_negligible(units, pool.parameters.loss.dust()) {
                health = health.with(&collateral.holding(units, world.conservative_quote(symbol)?, world.now())?)?;
            }
        }
    }
    Ok(Valuation { debt, debt_price, health })
}

/// Whether a borrower can be liquidated now.
pub(crate) fn is_liquidatable(world: &mut World, borrower: &str) -> Result<bool> {
    let valuation = value(world, borrower)?;
    Ok(!valuation.debt.is_zero() && valuation.health.is_liquidatable()?)
}

/// Whether a borrower's mark differs from its shortfall.
pub(crate) fn needs_mark(world: &mut World, borrower: &str) -> Result<bool> {
    let Valuation { debt, debt_price, health } = value(world, borrower)?;
    let shortfall = health.shortfall(debt, &debt_price)?;
    Ok(world.obligation(borrower).is_some_and(|obligation| obligation.marked != shortfall.get()))
}
