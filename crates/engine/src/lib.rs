//! The arithmetic of the Backstop lending pool.
//!
//! Numbers in, outcomes out: every function here is pure. There is no Solana, no clock, no I/O, no allocation, no float
//! and no unsafe code in this crate. The on-chain program applies the outcomes; a bot, a command line or a page calls the
//! same functions to preview them, so a preview and the execution cannot differ.
//!
//! | module | what it decides |
//! | --- | --- |
//! | [`quantity`] | kinds of numbers, so that shares are never added to assets |
//! | [`fixed`] | 64.64 fixed point and multiply-then-divide with named rounding |
//! | [`interest`] | utilisation, the two-slope curve, compounding |
//! | [`pool`] | the totals of a pool: NAV, shares, debt, and what each action does to them |
//! | [`usage`] | averages of a pool's utilisation and debt |
//! | [`price`] | what an amount of a token is worth, on the conservative side |
//! | [`health`] | whether an obligation may borrow, and whether it may be liquidated |
//! | [`liquidation`] | how much is repaid and seized, and at which bonus |
//! | [`waterfall`] | who bears a loss: reserves, insurance, LPs; and who gets what is recovered |
//! | [`loss_book`] | what each loss took from whom, and who gets what comes back of it |
//! | [`history`] | which shares a holder had at which loss |
//! | [`insurance`] | the insurance fund: stakers' shares, draws and their limits |
//! | [`mark`] | what an obligation is known to leave unpaid, and what changes that |
//! | [`hold`] | when known losses keep everyone from entering and leaving, and for how long |
//! | [`memory`] | the newest price of a token that was read, and what it counts for once there is none |
//! | [`window`] | amounts that count for a time and fade: losses for the breaker, draws for their cap |
//! | [`breaker`] | when losses stop borrows and leaving at once |
//! | [`exit`] | requests to leave |
//! | [`average`] | a price's moving average and variance, and how far above it a price counts for borrowing |
//! | [`risk`] | limits and parts that move with risk, between bounds, by steps |
//! | [`bounds`] | what parameters can be, each bound with its reason |
//! | [`governance`] | which change of a parameter waits for the timelock; how long something can be paused |
//! | [`launch`] | how a pool opens, and what that voids |
//!
//! Rounding is part of a function's name (`_down`, `_up`) or said in its documentation, and always favours the pool
//! against the caller.
#![no_std]
#![forbid(unsafe_code)]

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
pub mod pool;
pub mod price;
pub mod quantity;
pub mod risk;
mod stock;
mod time;
pub mod usage;
pub mod waterfall;
pub mod window;

pub use error::{Error, Result};
