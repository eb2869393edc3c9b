//! The accounts. Each carries a version byte and spare bytes, so that later features fit without moving anything.

mod claims;
mod collateral;
mod insurance_fund;
mod insurance_stake;
mod loss_ledger;
mod lp_position;
mod market;
mod obligation;
mod parameter;
mod parameter_change;
mod parameters;
mod pool;
mod risk;

pub use {
    claims::*, collateral::*, insurance_fund::*, insurance_stake::*, loss_ledger::*, lp_position::*, market::*,
    obligation::*, parameter::*, parameter_change::*, parameters::*, pool::*, risk::*,
};
