//! One module per instruction: what it refuses, then what it does; and one for each thing that concerns many of them:
//! the loss breaker, generations and histories of shares, holds, the loss book, negligible holdings. Amounts in
//! comments are whole tokens.
#![allow(missing_docs)]
// Tests compute with plain operators and stop at the first surprise.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::integer_division,
    clippy::unwrap_used
)]

mod fixtures;
mod tampering;

mod accept_authority;
mod accrue;
mod add_collateral;
mod attacks;
mod borrow;
mod breaker;
mod cancel_authority;
mod cancel_change;
mod claim_recovery;
mod claim_stake_recovery;
mod collect;
mod collect_reserves;
mod create_market;
mod create_pool;
mod deposit;
mod deposit_collateral;
mod every_account;
mod execute_change;
mod execute_unstake;
mod execute_withdrawal;
mod fund_insurance;
mod generations;
mod history;
mod hold;
mod liquidate;
mod liquidate_recovery;
mod loss_book;
mod mark;
mod negligible;
mod open_obligation;
mod open_pool;
mod open_position;
mod open_stake;
mod oracles;
mod pause;
mod propose_authority;
mod queue_change;
mod record_bad_debt;
mod refresh_risk;
mod repay;
mod report_price;
mod request_unstake;
mod request_withdrawal;
mod stake;
mod stolen_keys;
mod tighten;
mod tokens;
mod transfer_shares;
mod unpause;
mod withdraw;
mod withdraw_collateral;
