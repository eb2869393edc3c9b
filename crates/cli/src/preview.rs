//! What a keeper computes before it sends anything: the engine's functions over the accounts.

use backstop_engine::{Result, health::Health};
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
    for slot in obligation.held() {
        if let Some(symbol) = world.symbol_of(&slot.collateral) {
            health = health.with(&world.collateral(symbol).holding(slot.units, world.quote(symbol))?)?;
        }
    }
    health.is_liquidatable()
}
