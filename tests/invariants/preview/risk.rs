//! What moves with risk.

use backstop_client::{AveragePrice, Collateral, Pool, RiskGauge};
use backstop_engine::{
    average::Average,
    quantity::Assets,
    risk::{CollateralRisk, Gauge, PoolRisk},
};

use super::{Done, name};
use crate::{
    state::State,
    step::{COLLATERALS, Token},
};

impl State {
    pub(super) fn refresh_risk(&mut self, token: Token, now: i64) -> Done {
        let (debt_quote, quote) = (self.quote(Token::Usdc).map_err(name)?, self.quote(token).map_err(name)?);
        let totals = self.accrued(now)?;
        self.apply(&totals);
        let (pool, collateral) = (&mut self.pool, &mut self.collaterals[token]);
        let horizon = pool.parameters.risk.average_seconds;
        let observe = |average: AveragePrice, value| average.average().observe(value, horizon, now).map_err(name);
        let debt_average = observe(pool.average, debt_quote.value().map_err(name)?)?;
        let average = observe(collateral.average, quote.value().map_err(name)?)?;
        (pool.average, collateral.average) = (stored_average(&debt_average), stored_average(&average));

        let (pool_terms, terms) = (pool.parameters.risk_terms(), collateral.parameters.terms());
        let losses = pool.risk().losses_at(Assets::new(pool.lost), pool_terms.loss_seconds, now).map_err(name)?;
        let fund = Assets::new(self.fund.assets).plus(totals.insurance_due).map_err(name)?;
        let stress = pool_terms.stress(&totals, fund, losses.count).map_err(name)?;
        let volatility = terms.volatility(&average, &debt_average);
        let risk = pool.risk().refresh(&pool_terms, &stress, &losses, pool.provisions != 0, now);
        let limits = collateral.risk().refresh(&pool_terms, &terms, &stress, volatility, now);
        store_pool_risk(pool, &risk);
        store_collateral_risk(collateral, &limits);
        Ok(())
    }

    /// After parameters of the pool changed.
    pub(super) fn bound_pool(&mut self) {
        let risk = self.pool.risk().bounded(&self.pool.parameters.risk_terms());
        store_pool_risk(&mut self.pool, &risk);
    }

    /// After parameters of a collateral changed.
    pub(super) fn bound_collateral(&mut self, token: Token, now: i64) {
        let (pool, collateral) = (&mut self.pool, &mut self.collaterals[token]);
        let terms = collateral.parameters.terms();
        let risk = collateral.risk().bounded(&pool.parameters.risk_terms(), &terms, now);
        pool.highest_threshold_bps = pool.highest_threshold_bps.max(terms.threshold.calm.get());
        store_collateral_risk(collateral, &risk);
    }

    /// The limits of all collaterals at a time, as the engine computes them.
    pub(crate) fn limits(&self, now: i64) -> [(u32, u32); 2] {
        COLLATERALS.map(|token| {
            let (max_ltv, threshold) = self.collaterals[token].risk().limits(now);
            (max_ltv.get(), threshold.get())
        })
    }
}

fn stored_average(average: &Average) -> AveragePrice {
    AveragePrice { price: average.price.get(), variance: average.variance, at: average.at }
}

const fn stored_gauge(gauge: &Gauge) -> RiskGauge {
    RiskGauge { value: gauge.value, heading_bps: gauge.heading, step_bps: gauge.step }
}

fn store_pool_risk(pool: &mut Pool, risk: &PoolRisk) {
    pool.insurance_factor = stored_gauge(&risk.insurance_factor);
    pool.insurance_share = stored_gauge(&risk.insurance_share);
    (pool.risk_losses, pool.risk_lost, pool.risk_at) = (risk.losses.get(), risk.recorded.get(), risk.at);
}

fn store_collateral_risk(collateral: &mut Collateral, risk: &CollateralRisk) {
    (collateral.max_ltv, collateral.threshold) = (stored_gauge(&risk.max_ltv), stored_gauge(&risk.threshold));
    collateral.risk_at = risk.at;
}
