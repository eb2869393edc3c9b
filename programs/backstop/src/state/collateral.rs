use {
    super::{AveragePrice, CollateralParameters, LastPrice, OracleParameters, Pool, RiskRamp},
    crate::{
        constants::COLLATERAL_SEED,
        errors::{BackstopError, IntoProgramError},
        valuation::RemainingAccounts,
    },
    anchor_lang::prelude::*,
    backstop_engine::{Error as EngineError, mark::Evidence, price::Quote, quantity::Units, risk::CollateralRisk},
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
    pub max_ltv: RiskRamp,
    /// The liquidation threshold as of `risk_at`.
    pub threshold: RiskRamp,
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

    /// Reads its price, remembers it, and says how good it is as evidence.
    pub fn read_price(&mut self, accounts: &mut RemainingAccounts, now: i64) -> Result<(Quote, Evidence)> {
        let reading = self.parameters.oracle.read(accounts, now)?;
        let evidence = self.last_price.remember(&reading);
        Ok((reading.quote, evidence))
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
        self.store_risk(&risk);
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
        let deposited = Units::new(self.deposited).plus(units).into_program_error()?.get();
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
