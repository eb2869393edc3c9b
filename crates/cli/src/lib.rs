//! Stories about a Backstop pool, played against the built program in one process.
//!
//! A [`Scenario`](scenario::Scenario) is read from JSON; a [`Story`](story::Story) plays it step by step in a
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
pub mod demo;
mod effect;
mod govern;
mod preview;
pub mod report;
pub mod scenario;
mod state;
pub mod story;
pub mod table;
