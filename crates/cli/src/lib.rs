//! The `backstop` command, which acts on a cluster.
//!
//! - [`context::Context`] holds the cluster and the signer.
//! - [`loaded_pool::LoadedPool`] holds the accounts of a pool, read from the cluster.
//! - [`commands`] are what the user types. Each instruction is a [`commands::instructions::Verb`]: it plans, and
//!   previews with the engine. Confirming, sending and reporting happen in one place.
//! - [`commands::show`] turns accounts into [`view::View`]s, which print as tables or JSON.
//!
//! Scenarios and the local cluster are separate programs: `backstop-run`, `backstop-demo` and `backstop-localnet`. This
//! command holds keys, so it links neither a runtime nor a cluster.

mod blank;
pub mod commands;
pub mod context;
pub mod failure;
pub mod help;
pub mod loaded_pool;
pub mod parameters;
pub mod receipt;
pub mod tokens;
pub mod view;
