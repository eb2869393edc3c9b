//! `cargo xtask demo`: the guided tour.

use crate::run::{self, Outcome, cargo};

/// Passes the options on to `backstop demo`.
pub(crate) fn run(options: &[String]) -> Outcome {
    run::run(
        cargo()
            .args(["run", "--quiet", "--package", "backstop-scenario", "--bin", "backstop-demo", "--"])
            .args(options),
    )
}
