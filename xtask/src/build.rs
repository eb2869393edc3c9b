//! `cargo xtask build`: the program, as it goes on chain.

use std::path::PathBuf;

use crate::artifact;
use crate::repository::root;
use crate::run::{self, Outcome, command};

/// Builds the program and puts it, with its manifest, under `artifacts/`.
pub(crate) fn run() -> Outcome {
    install()?;
    let built = program()?;
    artifact::record(&built)
}

/// Installs the toolchain where it is missing; where it is complete this takes no time.
pub(crate) fn install() -> Outcome {
    run::run(&mut command(root().join("toolchain/install.sh")))
        .map_err(|error| format!("{error}: toolchain/README.md says what it needs"))
}

/// Builds the program and returns where it is.
pub(crate) fn program() -> Outcome<PathBuf> {
    let printed = run::output(&mut command(root().join("toolchain/build.sh")))?;
    Ok(PathBuf::from(printed.trim()))
}
