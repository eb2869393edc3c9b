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
    /// The token account that holds the collateral.
    pub vault: Address,
    /// Oracle, limits and cap.
    pub parameters: CollateralParameters,
    /// The amount that all obligations together hold, in base units.
    pub deposited: u64,
    /// The average price and its variance.
    pub average: AveragePrice,
    /// The loan-to-value limit as of `risk_at`.
    pub max_ltv: RiskRamp,
    /// The liquidation threshold as of `risk_at`.
    pub threshold: RiskRamp,
    /// The newest price read.
    pub last_price: LastPrice,
    /// Unix time of the last change of both targets.
    pub risk_at: i64,
    /// Unix time from which it can be deposited; zero if it was listed before the pool opened.
    pub opens_at: i64,
    /// Decimals of the mint.
    pub decimals: u8,
    /// [`ACCOUNT_VERSION`](crate::constants::ACCOUNT_VERSION).
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, reserved.
    pub spare: [u8; 133],
}

impl Collateral {
    /// The oracle parameters.
    pub fn oracle(&self) -> &OracleParameters {
        &self.parameters.oracle
    }

    /// Reads and remembers the price. Returns it with its quality as evidence.
    pub fn read_price(&mut self, accounts: &mut RemainingAccounts, now: i64) -> Result<(Quote, Evidence)> {
        let reading = self.parameters.oracle.read(accounts, now)?;
        let evidence = self.last_price.remember(&reading);
        Ok((reading.quote, evidence))
    }

    /// Stores changed parameters. While the pool is closed, the limits restart from them.
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

    /// The seeds that sign for the vault.
    pub fn seeds(&self) -> [&[u8]; 4] {
        [COLLATERAL_SEED, self.pool.as_ref(), self.mint.as_ref(), core::slice::from_ref(&self.bump)]
    }

    /// Adds a deposit, within the cap.
    pub fn add(&mut self, units: Units) -> Result<()> {
        if self.opens_at != 0 {
            require!(Clock::get()?.unix_timestamp >= self.opens_at, BackstopError::CollateralNotOpen);
        }
        let deposited = Units::new(self.deposited).plus(units).into_program_error()?.get();
        require!(deposited <= self.parameters.deposit_cap, BackstopError::DepositCapExceeded);
        self.deposited = deposited;
        Ok(())
    }

    /// Subtracts a withdrawal.
    pub fn remove(&mut self, units: Units) -> Result<()> {
        let left = Units::new(self.deposited).minus(units);
        self.deposited = left.map_err(|_| BackstopError::from(EngineError::InsufficientCollateral))?.get();
        Ok(())
    }
}
