//! The accounts. Each carries a version byte and spare bytes, so that later features fit without moving anything.

mod claims;
mod collateral;
mod insurance_fund;
mod insurance_stake;
mod loss_ledger;
mod lp_position;
mod market;
mod obligation;
mod parameters;
mod pool;

pub use {
    claims::*, collateral::*, insurance_fund::*, insurance_stake::*, loss_ledger::*, lp_position::*, market::*,
    obligation::*, parameters::*, pool::*,
};
