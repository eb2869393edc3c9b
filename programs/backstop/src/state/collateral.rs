use {
    super::{CollateralParameters, OracleParameters},
    crate::{
        constants::COLLATERAL_SEED,
        errors::{BackstopError, OrRefuse},
    },
    anchor_lang::prelude::*,
    backstop_engine::{
        Error as EngineError,
        health::Holding,
        price::Quote,
        quantity::{Bps, Units},
    },
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
    /// Decimals of the mint.
    pub decimals: u8,
    /// [`ACCOUNT_VERSION`](crate::constants::ACCOUNT_VERSION).
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 253],
}

impl Collateral {
    /// Its oracle.
    pub fn oracle(&self) -> &OracleParameters {
        &self.parameters.oracle
    }

    /// Whether `units` of it are too few to count for anything.
    pub fn is_scrap(&self, units: u64) -> bool {
        units <= self.parameters.scrap_units
    }

    /// What `units` of it count for at this quote.
    pub fn holding(&self, units: u64, quote: Quote) -> Result<Holding> {
        Ok(Holding {
            units: Units::new(units),
            price: quote.lower(self.decimals).or_refuse()?,
            max_ltv: Bps::new(self.parameters.max_ltv_bps),
            liquidation_threshold: Bps::new(self.parameters.liquidation_threshold_bps),
        })
    }

    /// Seeds with which the collateral signs for its vault.
    pub fn seeds(&self) -> [&[u8]; 4] {
        [COLLATERAL_SEED, self.pool.as_ref(), self.mint.as_ref(), core::slice::from_ref(&self.bump)]
    }

    /// Counts a deposit, within the cap.
    pub fn add(&mut self, units: Units) -> Result<()> {
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
