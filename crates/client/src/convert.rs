//! Accounts into the engine's types.

use backstop_engine::{
    fixed::Q64,
    health::Holding,
    interest::RateModel,
    liquidation::LiquidationTerms,
    pool::Totals,
    price::{Quote, Value},
    quantity::{Assets, Bps, DebtShares, Shares, Units},
    waterfall::{Fund, InsuranceLimits},
};
use solana_address::Address;

use crate::{
    Collateral, CollateralSlot, InsuranceFund, LiquidationParameters, LossParameters, LpPosition, Obligation, Pool,
    RateParameters,
};

impl Pool {
    /// The totals, with interest counted up to `accrued_at`.
    pub const fn totals(&self) -> Totals {
        Totals {
            cash: Assets::new(self.cash),
            debt_shares: DebtShares::new(self.debt_shares),
            borrow_index: Q64::from_bits(self.borrow_index),
            shares: Shares::new(self.shares),
            reserves: Assets::new(self.reserves),
            insurance_due: Assets::new(self.insurance_due),
            accrued_at: self.accrued_at,
        }
    }

    /// The totals as an instruction at `now` finds them.
    ///
    /// # Errors
    /// As [`Totals::accrue`].
    pub fn totals_at(&self, now: i64) -> backstop_engine::Result<Totals> {
        Ok(self.totals().accrue(&self.parameters.rates.model(), now)?.totals)
    }
}

impl RateParameters {
    /// The interest curve.
    pub const fn model(&self) -> RateModel {
        RateModel {
            base: Bps::new(self.base_bps),
            slope1: Bps::new(self.slope1_bps),
            kink: Bps::new(self.kink_bps),
            slope2: Bps::new(self.slope2_bps),
            reserve_factor: Bps::new(self.reserve_factor_bps),
            insurance_factor: Bps::new(self.insurance_factor_bps),
        }
    }
}

impl LossParameters {
    /// How much of a loss insurance takes.
    pub fn insurance(&self) -> InsuranceLimits {
        InsuranceLimits {
            share: Bps::new(self.insurance_share_bps),
            event_cap: Bps::new(self.event_cap_bps),
            window_cap: Bps::new(self.window_cap_bps),
            window_seconds: u64::from(self.window_seconds),
        }
    }

    /// The value up to which collateral is dust.
    pub const fn dust(&self) -> Value {
        Value::from_micro_usd(self.dust_value)
    }
}

impl LiquidationParameters {
    /// The terms of a liquidation.
    pub const fn terms(&self) -> LiquidationTerms {
        LiquidationTerms {
            bonus_min: Bps::new(self.bonus_min_bps),
            bonus_max: Bps::new(self.bonus_max_bps),
            insurance_cut: Bps::new(self.insurance_cut_bps),
            target_health: Bps::new(self.target_health_bps),
            full_below: Value::from_micro_usd(self.full_below_value),
            min_debt: Assets::new(self.min_debt),
        }
    }
}

impl Collateral {
    /// What `units` of it count for at this quote.
    ///
    /// # Errors
    /// As [`Quote::lower`].
    pub fn holding(&self, units: u64, quote: Quote) -> backstop_engine::Result<Holding> {
        Ok(Holding {
            units: Units::new(units),
            price: quote.lower(self.decimals)?,
            max_ltv: Bps::new(self.parameters.max_ltv_bps),
            liquidation_threshold: Bps::new(self.parameters.liquidation_threshold_bps),
        })
    }
}

impl InsuranceFund {
    /// The fund.
    pub const fn fund(&self) -> Fund {
        Fund {
            assets: Assets::new(self.assets),
            drawn: Assets::new(self.drawn),
            window_drawn: Assets::new(self.window_drawn),
            window_at: self.window_at,
        }
    }
}

impl LpPosition {
    /// The shares that count: none if they are of a past generation.
    pub const fn shares_in(&self, pool: &Pool) -> Shares {
        if self.generation == pool.generation { Shares::new(self.shares) } else { Shares::ZERO }
    }
}

impl Obligation {
    /// Its debt shares.
    pub const fn debt(&self) -> DebtShares {
        DebtShares::new(self.debt_shares)
    }

    /// The collaterals it holds, in the order in which instructions want them.
    pub fn held(&self) -> impl Iterator<Item = &CollateralSlot> {
        self.collaterals.iter().filter(|slot| slot.units != 0)
    }

    /// How much it holds of a collateral.
    pub fn units_of(&self, collateral: &Address) -> u64 {
        self.held().find(|slot| slot.collateral == *collateral).map_or(0, |slot| slot.units)
    }
}
