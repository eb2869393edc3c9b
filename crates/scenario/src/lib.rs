//! Scenarios: stories about one pool, played step by step in one process against the built program.
//!
//! A [`Scenario`](scenario::Scenario) is read from JSON. A [`Story`](story::Story) plays it in a
//! [`World`](backstop_testkit::World), and reports what each step did and where all funds are. `backstop run` plays a
//! file. `backstop demo` plays a story that it generates from a price history.
//!
//! ```
//! let scenario = backstop_scenario::scenario::Scenario::parse(r#"{ "steps": [
//!     { "do": "deposit", "who": "alice", "amount": "1000" }
//! ] }"#)?;
//! let report = backstop_scenario::story::play(&scenario)?;
//! assert!(report.as_expected());
//! assert_eq!(report.state.pool.nav, "1000");
//! # Ok::<(), backstop_scenario::scenario::Problem>(())
//! ```

pub mod demo;
mod effect;
mod govern;
pub mod output;
pub mod render;
pub mod report;
pub mod scenario;
mod state;
pub mod story;
