//! A bot that watches Backstop pools, liquidates, marks, settles and records, and executes requests to leave that have
//! matured.
//!
//! It watches accounts ([`watch`]) and keeps what decides in a [`book`]; rates every obligation ([`rate`]) and plans
//! what to do ([`mod@plan`]), both pure; and does it ([`act`]). [`run`] is the loop around these, with what the
//! [`config`] says, out of the bot's [`wallet`], and it tells of itself in [`metrics`].
//!
//! Every decision is the engine's: a rating is what the program would find, to the bit, and a liquidation is sized by
//! the preview that does on the accounts what the program does. Prices are read by the function that the program reads
//! them by. What the chain then says differently, because prices or debts moved or someone was faster, is a typed
//! refusal of a simulation, which costs nothing.
//!
//! # How fast it rates
//!
//! `cargo bench --package backstop-liquidator` rates a million obligations in one thread and in two, and by the plain
//! loop over their accounts, and prints obligations a second, the ratio, and the bytes that an obligation takes.
//!
//! # What it does not do
//!
//! - It sells nothing: what it seizes stays in its wallet, up to `max_collateral_usd` of a kind.
//! - It posts no prices: an obligation that needs a price which cannot be used waits for the next update.
//! - It makes no address lookup tables: an obligation with so many collaterals that its liquidation or its recording
//!   does not fit a transaction with the tables in `lookup_tables` is told of (`too_large`), marked, and otherwise left
//!   to others.

pub mod act;
pub mod book;
pub mod config;
pub mod metrics;
pub mod plan;
pub mod rate;
pub mod run;
pub mod secrets;
pub mod wallet;
pub mod watch;
