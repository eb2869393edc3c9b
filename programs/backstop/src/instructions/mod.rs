//! One file per instruction. Each handler has one shape: accrue, decide in the engine, store, transfer, emit.

mod accrue;
mod add_collateral;
mod borrow;
mod cancel_unstake;
mod claim_recovery;
mod claim_stake_recovery;
#[allow(unused_variables)] // the derive also binds `id` where no seed needs it
mod create_market;
mod create_pool;
mod deposit;
mod deposit_collateral;
mod fund_insurance;
mod liquidate;
mod open_obligation;
mod open_position;
mod open_stake;
mod provision;
mod record_bad_debt;
mod recover;
mod repay;
mod request_unstake;
mod request_withdrawal;
mod stake;
mod transfer_shares;
mod unstake;
mod withdraw;
mod withdraw_collateral;

pub use {
    accrue::*, add_collateral::*, borrow::*, cancel_unstake::*, claim_recovery::*, claim_stake_recovery::*,
    create_market::*, create_pool::*, deposit::*, deposit_collateral::*, fund_insurance::*, liquidate::*,
    open_obligation::*, open_position::*, open_stake::*, provision::*, record_bad_debt::*, recover::*, repay::*,
    request_unstake::*, request_withdrawal::*, stake::*, transfer_shares::*, unstake::*, withdraw::*,
    withdraw_collateral::*,
};
