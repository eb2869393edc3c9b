//! The whole of it, with nobody helping: a local cluster with RPC and WebSocket, the market made by its migrations,
//! people who lend and borrow, prices that fall, and the liquidator's own process, which alone acts.
//!
//! Every test reads what happened from the chain's history, not from the bot: [`History`](history::History) has every
//! event, and [`History::check`](history::History::check) says what must hold of any history whatever went wrong
//! meanwhile: nothing lost, nothing twice.

#![allow(missing_docs)]
// Tests compute with plain operators and stop at the first surprise.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::integer_division, clippy::unwrap_used)]

mod bot;
mod crowd;
mod faults;
mod fixtures;
mod history;
mod lookup_tables;
mod november;
mod rest;
mod validator;
