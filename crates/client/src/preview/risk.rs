//! What moves with risk, and reserves.

use backstop_engine::{
    average::Average,
    quantity::Assets,
    risk::{CollateralRisk, Gauge, PoolRisk},
};
use solana_address::Address;

use super::{Result, Snapshot};
use crate::{AveragePrice, Collateral, Pool, RiskGauge};

impl Snapshot {
    /// Observes the prices of the liquidity token and of a collateral, and sets where limits and parts are heading.
    ///
    /// # Errors
    /// `WrongCollateral`, why a price cannot be used.
    pub fn refresh_risk(&mut self, collateral: &Address) -> Result<()> {
        let (debt_reading, reading) = (self.price?, self.collateral(collateral)?.price?);
        self.pool.last_price.remember(&debt_reading);
        self.collateral_mut(collateral)?.last_price.remember(&reading);
        let (debt_quote, quote) = (debt_reading.quote, reading.quote);
        let (totals, now) = (self.totals()?, self.now);
        let (fund, _) = self.fund.fund().settled(&totals)?;
        self.apply(&totals);
        let horizon = self.pool.parameters.risk.average_seconds;
        let debt_average = self.pool.average.average().observe(debt_quote.value()?, horizon, now)?;
        let average = self.collateral(collateral)?.account.average.average();
        let average = average.observe(quote.value()?, horizon, now)?;

        let pool = &mut self.pool;
        let terms = pool.parameters.risk_terms();
        let losses = pool.risk().losses_at(Assets::new(pool.lost), terms.window_seconds, now)?;
        let stress = terms.stress(&totals.usage, fund.all(), losses.count)?;
        let risk = pool.risk().refresh(&terms, &stress, &losses, pool.holds().pool.on || pool.holds().fund.on, now);
        pool.average = stored_average(&debt_average);
        pool.store_risk(&risk);

        let account = self.collateral_mut(collateral)?;
        let limits = account.parameters.terms();
        let volatility = limits.volatility(&average, &debt_average);
        let risk = account.risk().refresh(&limits, &stress, volatility, now);
        account.average = stored_average(&average);
        account.store_risk(&risk);
        Ok(())
    }

    /// Pays reserves, or [`ALL`](crate::verb::ALL) beyond what is marked, to the treasury, and returns how much.
    ///
    /// # Errors
    /// `InsufficientReserves`, `InsufficientCash`, `AmountTooSmall`.
    pub fn collect_reserves(&mut self, assets: u64) -> Result<u64> {
        let marked = Assets::new(self.pool.marked);
        let released = Assets::new(self.pool.parameters.caps.released_reserves);
        let (paid, totals, released) = self.totals()?.collect_reserves(Assets::new(assets), marked, released)?;
        self.pool.parameters.caps.released_reserves = released.get();
        self.apply(&totals);
        Ok(paid.get())
    }
}

impl Pool {
    /// Stores what the engine decided about what moves with risk.
    pub const fn store_risk(&mut self, risk: &PoolRisk) {
        self.insurance_factor = stored_gauge(&risk.insurance_factor);
        self.insurance_share = stored_gauge(&risk.insurance_share);
        (self.risk_losses, self.risk_lost, self.risk_at) = (risk.losses.get(), risk.recorded.get(), risk.at);
    }
}

impl Collateral {
    /// Stores what the engine decided about its limits.
    pub const fn store_risk(&mut self, risk: &CollateralRisk) {
        (self.max_ltv, self.threshold) = (stored_gauge(&risk.max_ltv), stored_gauge(&risk.threshold));
        self.risk_at = risk.at;
    }
}

const fn stored_average(average: &Average) -> AveragePrice {
    AveragePrice { price: average.price.get(), variance: average.variance, at: average.at }
}

const fn stored_gauge(gauge: &Gauge) -> RiskGauge {
    RiskGauge { value: gauge.value, heading_bps: gauge.heading, step_bps: gauge.step }
}
