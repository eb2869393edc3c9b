//! Previews of risk refreshes and of collecting reserves.

use backstop_engine::{average::Average, quantity::Assets};
use solana_address::Address;

use super::{Result, Snapshot};

impl Snapshot {
    /// Observes the prices of the liquidity token and of a collateral, and sets where limits and parts are target.
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
        let debt_average = Average::from(&self.pool.average).observe(debt_quote.value()?, horizon, now)?;
        let average = Average::from(&self.collateral(collateral)?.account.average);
        let average = average.observe(quote.value()?, horizon, now)?;

        let pool = &mut self.pool;
        let terms = pool.parameters.risk_terms();
        let losses = pool.risk().losses_at(Assets::new(pool.lost), terms.window_seconds, now)?;
        let stress = terms.stress(&totals.usage, fund.all(), losses.count)?;
        let risk = pool.risk().refresh(&terms, &stress, &losses, pool.holds().pool.on || pool.holds().fund.on, now);
        pool.average = debt_average.into();
        pool.store_risk(&risk);

        let account = self.collateral_mut(collateral)?;
        let limits = account.parameters.terms();
        let volatility = limits.volatility(&average, &debt_average);
        let risk = account.risk().refresh(&limits, &stress, volatility, now);
        account.average = average.into();
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
