//! What the command `backstop` is made of.
//!
//! **On a cluster.** A [`context::Context`] is the cluster and who signs; a [`desk::Desk`] the accounts of a pool, read from
//! it. [`show`] turns accounts into [`view::View`]s, which print as tables or JSON. An instruction is a [`verbs::Verb`]: it plans,
//! previews with the engine, and all of them are confirmed, sent and told in one way.
//!
//! **In one process.** A [`Scenario`](scenario::Scenario) is read from JSON; a [`Story`](story::Story) plays it step by step in a
//! [`World`](backstop_testkit::World) and tells the state. `backstop run` plays a file, `backstop demo` a story that it
//! writes itself from a price history; both are the same machine.
//!
//! ```
//! let scenario = backstop_cli::scenario::Scenario::parse(r#"{ "steps": [
//!     { "do": "deposit", "who": "alice", "amount": "1000" }
//! ] }"#)?;
//! let report = backstop_cli::story::play(&scenario)?;
//! assert!(report.as_expected());
//! assert_eq!(report.state.pool.nav, "1000");
//! # Ok::<(), backstop_cli::scenario::Problem>(())
//! ```

pub mod amount;
mod blank;
pub mod context;
pub mod demo;
pub mod deploy;
pub mod desk;
mod effect;
pub mod failure;
mod govern;
pub mod help;
pub mod look;
pub mod migrate;
pub mod parameters;
mod preview;
pub mod receipt;
pub mod report;
pub mod scenario;
pub mod show;
mod state;
pub mod story;
pub mod table;
pub mod tokens;
pub mod verbs;
pub mod view;
