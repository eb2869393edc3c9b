//! The accounts. Each carries a version byte and spare bytes, so that later features fit without moving anything.

mod collateral;
mod history;
mod hold;
mod insurance_fund;
mod insurance_stake;
mod loss_book;
mod lp_position;
mod market;
mod obligation;
mod parameter;
mod parameter_change;
mod parameters;
mod pool;
mod risk;

pub use {
    collateral::*, history::*, hold::*, insurance_fund::*, insurance_stake::*, loss_book::*, lp_position::*, market::*,
    obligation::*, parameter::*, parameter_change::*, parameters::*, pool::*, risk::*,
};

backstop_engine::account_conversions!();
