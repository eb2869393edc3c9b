//! What a keeper computes before it sends anything: the engine's functions over the accounts.

use backstop_engine::{
    Result,
    health::{Health, Holding},
    quantity::{Bps, Units},
};
use backstop_testkit::World;

/// Whether a borrower could be liquidated now, at the prices published.
pub(crate) fn is_liquidatable(world: &mut World, borrower: &str) -> Result<bool> {
    let Some(obligation) = world.obligation(borrower).filter(|obligation| obligation.debt_shares != 0) else {
        return Ok(false);
    };
    let pool = world.pool();
    let debt = pool.totals_at(world.now())?.debt(obligation.debt())?;
    let price = world.quote(world.liquidity()).upper(pool.decimals)?;
    let mut health = Health::of_debt(price.value_up(debt.get())?);
    for symbol in world.symbols().filter(|symbol| *symbol != world.liquidity()) {
        let units = obligation.units_of(&world.collateral_key(symbol).collateral);
        if units != 0 {
            let parameters = world.collateral(symbol).parameters;
            health = health.with(&Holding {
                units: Units::new(units),
                price: world.quote(symbol).lower(world.decimals(symbol))?,
                max_ltv: Bps::new(parameters.max_ltv_bps),
                liquidation_threshold: Bps::new(parameters.liquidation_threshold_bps),
            })?;
        }
    }
    health.is_liquidatable()
}
