//! What moves with risk, as stored.

use {
    anchor_lang::prelude::*,
    backstop_engine::{
        average::Average,
        governance::{Pausable, Pause},
        price::Value,
        risk::Gauge,
    },
    bytemuck::{Pod, Zeroable},
};

/// A price's moving average and variance.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct AveragePrice {
    /// The average value of a whole token, in 10^-18 USD.
    pub price: PodU128,
    /// The variance around it, in billionths of it, squared.
    pub variance: u64,
    /// Unix time of the last observation.
    pub at: i64,
}

/// A value in basis points on its way to a heading.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct RiskGauge {
    /// Basis points, 32 fractional bits.
    pub value: u64,
    /// Basis points.
    pub heading_bps: u32,
    /// How far it moves in a day.
    pub step_bps: u32,
}

/// What can be paused.
#[derive(Clone, Copy, PartialEq, Eq, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(u8)]
pub enum PausableOperation {
    /// LPs' deposits.
    Deposit,
    /// Borrowing.
    Borrow,
    /// Taking collateral out.
    WithdrawCollateral,
    /// LPs' withdrawals.
    Withdraw,
}

impl PausableOperation {
    /// Its number.
    #[allow(clippy::as_conversions)] // the representation of the enumeration
    pub const fn number(self) -> u64 {
        self as u64
    }
}

impl From<PausableOperation> for Pausable {
    fn from(what: PausableOperation) -> Self {
        match what {
            PausableOperation::Deposit => Self::Deposit,
            PausableOperation::Borrow => Self::Borrow,
            PausableOperation::WithdrawCollateral => Self::WithdrawCollateral,
            PausableOperation::Withdraw => Self::Withdraw,
        }
    }
}

/// A pause, also one that is over.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct PauseTimes {
    /// Unix time at which it began.
    pub since: i64,
    /// Unix time at which it ends.
    pub until: i64,
}

impl From<AveragePrice> for Average {
    fn from(stored: AveragePrice) -> Self {
        Self { price: Value::new(stored.price.get()), variance: stored.variance, at: stored.at }
    }
}

impl From<Average> for AveragePrice {
    fn from(average: Average) -> Self {
        Self { price: average.price.get().into(), variance: average.variance, at: average.at }
    }
}

impl From<RiskGauge> for Gauge {
    #[inline(always)]
    fn from(stored: RiskGauge) -> Self {
        Self { value: stored.value, heading: stored.heading_bps, step: stored.step_bps }
    }
}

impl From<Gauge> for RiskGauge {
    fn from(gauge: Gauge) -> Self {
        Self { value: gauge.value, heading_bps: gauge.heading, step_bps: gauge.step }
    }
}

impl From<PauseTimes> for Pause {
    fn from(stored: PauseTimes) -> Self {
        Self { since: stored.since, until: stored.until }
    }
}

impl From<Pause> for PauseTimes {
    fn from(pause: Pause) -> Self {
        Self { since: pause.since, until: pause.until }
    }
}
