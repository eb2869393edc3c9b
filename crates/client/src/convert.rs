//! Conversions between accounts and the engine's types.

use backstop_engine::{
    average::Average,
    exit::Request,
    health::Holding,
    parameter,
    pool::Totals,
    price::Quote,
    quantity::{Bps, Shares, Units},
};
use solana_address::Address;

use crate::{
    AveragePrice, BackstopError, Collateral, CollateralParameters, CollateralSlot, ExitParameters, ExitRequest,
    HistoryRow, HoldTimes, InsuranceFund, InsuranceStake, LastPrice, LossClaim, LossParameters, LossRecord, LpPosition,
    Obligation, Parameter, Pool, PoolParameters, RiskRamp, ShareHolder,
};

backstop_engine::error_conversion!(BackstopError);

impl Pool {
    /// The totals as an instruction at `now` finds them.
    ///
    /// # Errors
    /// As [`Totals::accrue`].
    pub fn totals_at(&self, now: i64) -> backstop_engine::Result<Totals> {
        Ok(self.totals().accrue(&self.rates(), now)?.totals)
    }

    /// What the liquidity token counts for when borrowing: see [`Average::floor`].
    ///
    /// # Errors
    /// As [`Average::floor`].
    pub fn quote_for_borrowing(&self, quote: Quote) -> backstop_engine::Result<Quote> {
        Average::from(&self.average).floor(quote, Bps::new(self.parameters.risk.max_premium_bps))
    }
}

impl Parameter {
    /// The rules for changing it: both lists have one order.
    #[allow(clippy::indexing_slicing)] // the compiler sees that both lists are as long
    pub const fn rules(self) -> parameter::Parameter {
        const { assert!(parameter::Parameter::ALL.len() == Self::ALL.len()) };
        parameter::Parameter::ALL[self as usize]
    }
}

impl LpPosition {
    /// Its shares now.
    pub fn shares_in(&self, pool: &Pool) -> Shares {
        self.holder.holder().now(&pool.era())
    }

    /// The request to withdraw as of `now`, in Unix time: it matures by the notice that is due now.
    pub fn request_in(&self, pool: &Pool, now: i64) -> Request {
        let request = self.request.request().rescaled(self.holder.generation, pool.generation);
        pool.due_request(&request, now).in_unix_time(&pool.holds().pool, now)
    }
}

impl InsuranceStake {
    /// Its shares now.
    pub fn shares_in(&self, fund: &InsuranceFund) -> Shares {
        self.holder.holder().now(&fund.era())
    }

    /// The request to leave as of `now`, in Unix time.
    pub fn request_in(&self, pool: &Pool, fund: &InsuranceFund, now: i64) -> Request {
        let request = self.request.request().rescaled(self.holder.generation, fund.generation);
        request.in_unix_time(&pool.holds().fund, now)
    }
}

impl Collateral {
    /// The same when borrowing in `pool`: see [`Average::cap`].
    ///
    /// # Errors
    /// As [`Average::cap`] and [`Quote::lower`].
    pub fn holding_for_borrowing(
        &self,
        pool: &Pool,
        units: Units,
        quote: Quote,
        now: i64,
    ) -> backstop_engine::Result<Holding> {
        let limit = Bps::new(pool.parameters.risk.max_premium_bps);
        self.holding(units, Average::from(&self.average).cap(quote, limit)?, now)
    }
}

impl Obligation {
    /// How much it holds of a collateral.
    pub fn units_of(&self, collateral: &Address) -> u64 {
        self.held().find(|slot| slot.collateral == *collateral).map_or(0, |slot| slot.units)
    }
}

backstop_engine::account_conversions!();
