//! What moves with risk, as stored.

use {
    anchor_lang::prelude::*,
    backstop_engine::governance::Pausable,
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

/// A value in basis points on its way to a target.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct RiskRamp {
    /// Basis points, 32 fractional bits.
    pub value: u64,
    /// Basis points.
    pub target_bps: u32,
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
