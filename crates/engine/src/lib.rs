//! The arithmetic of the Backstop lending pool.
//!
//! Every function is pure: numbers in, outcomes out. The crate has no Solana dependency, no clock, no I/O, no
//! allocation, no floats and no unsafe code. The on-chain program applies the outcomes. Bots, the command line and
//! front ends call the same functions to preview them, so a preview cannot differ from the execution.
//!
//! | module | what it decides |
//! | --- | --- |
//! | [`quantity`] | typed numbers, so that shares are never added to assets |
//! | [`fixed`] | 64.64 fixed point, and multiply-then-divide with named rounding |
//! | [`interest`] | utilisation, the two-slope curve, compounding |
//! | [`pool`] | a pool's totals (NAV, shares, debt) and what each action does to them |
//! | [`usage`] | time-weighted averages of a pool's utilisation and debt |
//! | [`price`] | the conservative value of an amount of a token |
//! | [`health`] | whether an obligation may borrow, and whether it can be liquidated |
//! | [`liquidation`] | how much a liquidation repays and seizes, and at which bonus |
//! | [`waterfall`] | who bears a loss (reserves, insurance fund, LPs) and who receives a recovery |
//! | [`loss_book`] | what each side bore of each loss, and what it can claim of a recovery |
//! | [`history`] | how many shares a holder had at each loss |
//! | [`insurance`] | the insurance fund: stakers' shares, draws and their limits |
//! | [`mark`] | the known, not yet recorded shortfall of an obligation, and what changes it |
//! | [`hold`] | when marks block entering and leaving, and for how long |
//! | [`memory`] | the newest price read for a token, and the fallback once no price is usable |
//! | [`window`] | amounts that fade over time: losses for the breaker, draws for the draw cap |
//! | [`breaker`] | when losses block borrows and immediate withdrawals |
//! | [`exit`] | withdrawal requests |
//! | [`average`] | a price's moving average and variance, and how far from it a price counts for borrowing |
//! | [`risk`] | limits and factors that follow risk step by step, within bounds |
//! | [`bounds`] | the range of each parameter, with the reason |
//! | [`parameter`] | every parameter: unit, bounds, documentation, and whether its change waits for the timelock |
//! | [`governance`] | when queued changes can be executed, and how long a pause can last |
//! | [`launch`] | how a pool opens, and which queued changes that voids |
//!
//! Rounding is in a function's name (`_down`, `_up`) or in its documentation. It always favours the pool against the
//! caller.
#![no_std]
#![forbid(unsafe_code)]

mod accounts;
pub mod average;
pub mod bounds;
pub mod breaker;
pub mod error;
pub mod exit;
pub mod fixed;
pub mod governance;
pub mod health;
pub mod history;
pub mod hold;
pub mod insurance;
pub mod interest;
pub mod launch;
pub mod liquidation;
pub mod loss_book;
pub mod mark;
pub mod memory;
pub mod parameter;
pub mod pool;
pub mod price;
pub mod quantity;
pub mod risk;
mod share_vault;
mod time;
pub mod usage;
pub mod waterfall;
pub mod window;

pub use error::{Error, Result};
