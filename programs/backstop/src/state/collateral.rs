use {
    super::{AveragePrice, CollateralParameters, LastPrice, OracleParameters, Pool, RiskGauge},
    crate::{
        constants::COLLATERAL_SEED,
        errors::{BackstopError, OrRefuse},
        valuation::AccountWalk,
    },
    anchor_lang::prelude::*,
    backstop_engine::{
        Error as EngineError,
        health::{Holding, is_negligible},
        mark::Evidence,
        price::{Quote, Value},
        quantity::Units,
        risk::CollateralRisk,
    },
    bytemuck::Zeroable as _,
};

/// A token that a pool accepts as collateral. Seeds: `collateral`, pool, mint. Its vault: `vault`, collateral.
#[account]
pub struct Collateral {
    /// The pool that accepts it.
    pub pool: Address,
    /// The token's mint.
    pub mint: Address,
    /// The token account that holds all of it.
    pub vault: Address,
    /// Oracle, limits and cap.
    pub parameters: CollateralParameters,
    /// What all obligations together hold.
    pub deposited: u64,
    /// Its price's average and variance.
    pub average: AveragePrice,
    /// The loan-to-value limit as of `risk_at`.
    pub max_ltv: RiskGauge,
    /// The liquidation threshold as of `risk_at`.
    pub threshold: RiskGauge,
    /// Its newest price that was read.
    pub last_price: LastPrice,
    /// Unix time of the last change of both headings.
    pub risk_at: i64,
    /// Unix time from which it can be deposited; zero if it was listed while the pool was closed.
    pub opens_at: i64,
    /// Decimals of the mint.
    pub decimals: u8,
    /// [`ACCOUNT_VERSION`](crate::constants::ACCOUNT_VERSION).
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 133],
}

impl Collateral {
    /// Its oracle.
    pub fn oracle(&self) -> &OracleParameters {
        &self.parameters.oracle
    }

    /// Whether so little of it counts for nothing: see [`is_negligible`].
    pub fn is_negligible(&self, units: Units, dust: Value) -> bool {
        is_negligible(units, self.decimals, Value::new(self.average.price.get()), dust)
    }

    /// Reads its price, remembers it, and says how good it is as evidence.
    pub fn read_price(&mut self, accounts: &mut AccountWalk, now: i64) -> Result<(Quote, Evidence)> {
        let reading = self.parameters.oracle.read(accounts, now)?;
        let evidence = self.last_price.remember(&reading);
        Ok((reading.quote, evidence))
    }

    /// What `units` of it count for at this quote and time.
    pub fn holding(&self, units: Units, quote: Quote, now: i64) -> Result<Holding> {
        let (max_ltv, liquidation_threshold) = self.risk().limits(now);
        let price = quote.lower(self.decimals).or_refuse()?;
        let middle = quote.middle(&price).or_refuse()?;
        Ok(Holding { units, price, middle, max_ltv, liquidation_threshold, bonus: self.parameters.bonus() })
    }

    /// Its limits and where they are going.
    pub fn risk(&self) -> CollateralRisk {
        CollateralRisk { max_ltv: self.max_ltv.into(), threshold: self.threshold.into(), at: self.risk_at }
    }

    /// Stores what the engine decided about them.
    pub fn apply_risk(&mut self, risk: &CollateralRisk) {
        (self.max_ltv, self.threshold, self.risk_at) = (risk.max_ltv.into(), risk.threshold.into(), risk.at);
    }

    /// Stores changed parameters. Its limits begin anew while its pool is closed, as they did when it was listed.
    pub fn apply_parameters(&mut self, parameters: &CollateralParameters, pool: &Pool, now: i64) {
        if parameters.oracle.is_other_feed(&self.parameters.oracle) {
            self.last_price = LastPrice::zeroed();
        }
        self.parameters = *parameters;
        let terms = parameters.terms();
        let risk = if pool.launch().is_open() {
            self.risk().bounded(&terms, now)
        } else {
            CollateralRisk::at_rest(&terms, now)
        };
        self.apply_risk(&risk);
    }

    /// Seeds with which the collateral signs for its vault.
    pub fn seeds(&self) -> [&[u8]; 4] {
        [COLLATERAL_SEED, self.pool.as_ref(), self.mint.as_ref(), core::slice::from_ref(&self.bump)]
    }

    /// Counts a deposit, within the cap.
    pub fn add(&mut self, units: Units) -> Result<()> {
        if self.opens_at != 0 {
            require!(Clock::get()?.unix_timestamp >= self.opens_at, BackstopError::CollateralNotOpen);
        }
        let deposited = Units::new(self.deposited).plus(units).or_refuse()?.get();
        require!(deposited <= self.parameters.deposit_cap, BackstopError::DepositCapExceeded);
        self.deposited = deposited;
        Ok(())
    }

    /// Counts what leaves.
    pub fn remove(&mut self, units: Units) -> Result<()> {
        let left = Units::new(self.deposited).minus(units);
        self.deposited = left.map_err(|_| BackstopError::from(EngineError::InsufficientCollateral))?.get();
        Ok(())
    }
}
