//! A bot for Backstop pools: it liquidates, marks, settles and records losses, refreshes risk, and executes matured
//! requests.
//!
//! - [`watch`] reads accounts, and a [`book`] keeps what matters.
//! - [`rate`] finds the obligations that need an action, and [`mod@plan`] decides what to do. Both are pure.
//! - [`act`] executes the plan.
//! - [`run`] is the loop around these. It uses the [`config`] and the bot's [`wallet`], and publishes [`metrics`].
//!
//! Every decision is the engine's. A rating equals what the program would compute, and the preview that sizes a
//! liquidation does what the program does. Prices are read by the program's own function. If the chain disagrees,
//! because prices or debts moved or another bot was faster, the simulation is refused with a typed error, which costs
//! nothing.
//!
//! # Speed
//!
//! `cargo bench --package backstop-liquidator` rates a million obligations in one thread, in two, and with a plain loop
//! over their accounts. It prints obligations per second, the ratio, and bytes per obligation.
//!
//! # Limits
//!
//! - The bot sells nothing. Seized collateral stays in its wallet, up to `max_collateral_usd` of each kind.
//! - It posts no prices. An obligation without usable prices waits for the next update.
//! - It creates no address lookup tables. If a liquidation or recording does not fit a transaction with the tables in
//!   `lookup_tables`, the bot reports the obligation as `too_large`, marks it, and leaves the rest to others.

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
