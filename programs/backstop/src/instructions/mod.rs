//! One file per instruction. Each handler has one shape: accrue, decide in the engine, store, transfer, emit.

mod accept_authority;
mod accrue;
mod add_collateral;
mod borrow;
mod cancel_authority;
mod cancel_change;
mod claim_recovery;
mod claim_stake_recovery;
mod collect;
mod collect_reserves;
#[allow(unused_variables)] // the derive also binds arguments where no seed needs them
mod create_market;
mod create_pool;
mod deposit;
mod deposit_collateral;
mod execute_change;
mod execute_unstake;
mod execute_withdrawal;
mod extend_history;
mod extend_loss_book;
mod fund_insurance;
mod liquidate;
mod mark;
#[allow(unused_variables)] // the derive also binds arguments where no seed needs them
mod open_claim;
mod open_obligation;
mod open_pool;
mod open_position;
mod open_stake;
mod pause;
mod propose_authority;
#[allow(unused_variables)] // the derive also binds arguments where no seed needs them
mod queue_change;
mod record_bad_debt;
mod refresh_risk;
mod repay;
mod report_price;
mod request_unstake;
mod request_withdrawal;
mod stake;
mod tighten;
mod transfer_shares;
mod trim_history;
mod unpause;
mod withdraw;
mod withdraw_collateral;

pub use {
    accept_authority::*, accrue::*, add_collateral::*, borrow::*, cancel_authority::*, cancel_change::*,
    claim_recovery::*, claim_stake_recovery::*, collect::*, collect_reserves::*, create_market::*, create_pool::*,
    deposit::*, deposit_collateral::*, execute_change::*, execute_unstake::*, execute_withdrawal::*, extend_history::*,
    extend_loss_book::*, fund_insurance::*, liquidate::*, mark::*, open_claim::*, open_obligation::*, open_pool::*,
    open_position::*, open_stake::*, pause::*, propose_authority::*, queue_change::*, record_bad_debt::*,
    refresh_risk::*, repay::*, report_price::*, request_unstake::*, request_withdrawal::*, stake::*, tighten::*,
    transfer_shares::*, trim_history::*, unpause::*, withdraw::*, withdraw_collateral::*,
};
