//! One module per instruction: what it refuses, then what it does. Amounts in comments are whole tokens.
#![allow(missing_docs)]
// Tests compute with plain operators and stop at the first surprise.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::integer_division,
    clippy::unwrap_used
)]

mod misuse;
mod scene;

mod accrue;
mod add_collateral;
mod borrow;
mod create_market;
mod create_pool;
mod deposit;
mod deposit_collateral;
mod every_account;
mod fund_insurance;
mod liquidate;
mod open_obligation;
mod open_position;
mod record_bad_debt;
mod repay;
mod withdraw;
mod withdraw_collateral;
