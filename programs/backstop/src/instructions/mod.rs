//! One file per instruction. Each handler has one shape: accrue, decide in the engine, store, transfer, emit.

mod accrue;
mod add_collateral;
mod borrow;
#[allow(unused_variables)] // the derive also binds `id` where no seed needs it
mod create_market;
mod create_pool;
mod deposit;
mod deposit_collateral;
mod fund_insurance;
mod liquidate;
mod open_obligation;
mod open_position;
mod record_bad_debt;
mod repay;
mod withdraw;
mod withdraw_collateral;

pub use {
    accrue::*, add_collateral::*, borrow::*, create_market::*, create_pool::*, deposit::*, deposit_collateral::*,
    fund_insurance::*, liquidate::*, open_obligation::*, open_position::*, record_bad_debt::*, repay::*, withdraw::*,
    withdraw_collateral::*,
};
