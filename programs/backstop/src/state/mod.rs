//! The accounts. Each carries a version byte and spare bytes, so that later features fit without moving anything.

mod collateral;
mod insurance_fund;
mod lp_position;
mod market;
mod obligation;
mod parameters;
mod pool;

pub use {collateral::*, insurance_fund::*, lp_position::*, market::*, obligation::*, parameters::*, pool::*};
