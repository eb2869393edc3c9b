//! `cargo xtask bench`: compute units and program size.

use std::process::Command;

use crate::run::{self, Outcome, cargo};

/// Passes the options on to the bench.
pub(crate) fn run(options: &[String]) -> Outcome {
    run::run(&mut command(options))
}

/// The bench with these options. It is selected from the whole workspace, so that its dependencies are those of the
/// tests.
pub(crate) fn command(options: &[String]) -> Command {
    let mut command = cargo();
    command.args(["run", "--quiet", "--locked", "--bin", "backstop-bench", "--"]).args(options);
    command
}
