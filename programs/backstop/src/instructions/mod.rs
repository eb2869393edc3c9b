//! One file per instruction. Each handler has one shape: accrue, decide in the engine, store, transfer, emit.

mod accept_authority;
mod accrue;
mod add_collateral;
mod borrow;
mod cancel_authority;
mod cancel_change;
mod cancel_unstake;
mod claim_recovery;
mod claim_stake_recovery;
mod collect_reserves;
#[allow(unused_variables)] // the derive also binds arguments where no seed needs them
mod create_market;
mod create_pool;
mod deposit;
mod deposit_collateral;
mod execute_change;
mod fund_insurance;
mod liquidate;
mod open_obligation;
mod open_position;
mod open_stake;
mod pause;
mod propose_authority;
mod provision;
#[allow(unused_variables)] // the derive also binds arguments where no seed needs them
mod queue_change;
mod record_bad_debt;
mod recover;
mod refresh_risk;
mod repay;
mod request_unstake;
mod request_withdrawal;
mod stake;
mod tighten;
mod transfer_shares;
mod unpause;
mod unstake;
mod withdraw;
mod withdraw_collateral;

pub use {
    accept_authority::*, accrue::*, add_collateral::*, borrow::*, cancel_authority::*, cancel_change::*,
    cancel_unstake::*, claim_recovery::*, claim_stake_recovery::*, collect_reserves::*, create_market::*,
    create_pool::*, deposit::*, deposit_collateral::*, execute_change::*, fund_insurance::*, liquidate::*,
    open_obligation::*, open_position::*, open_stake::*, pause::*, propose_authority::*, provision::*, queue_change::*,
    record_bad_debt::*, recover::*, refresh_risk::*, repay::*, request_unstake::*, request_withdrawal::*, stake::*,
    tighten::*, transfer_shares::*, unpause::*, unstake::*, withdraw::*, withdraw_collateral::*,
};
