//! `cargo xtask validator`: November 2022 on the real validator.

use crate::{
    repository,
    run::{self, Outcome, cargo, command},
};

/// Builds the validator if it is not there, then everything that the story needs, and plays it.
pub(crate) fn run() -> Outcome {
    let printed = run::output(&mut command(repository::root().join("toolchain/validator.sh")))?;
    run::run(cargo().args(["build", "--locked", "--workspace", "--bins"]))?;
    let test = ["test", "--locked", "--workspace", "--test", "end_to_end", "--", "--ignored", "--nocapture"];
    run::run(cargo().args(test).env("SOLANA_TEST_VALIDATOR", printed.trim()))
}
