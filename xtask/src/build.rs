//! `cargo xtask build`: the programs, as they go on chain.

use crate::repository::root;
use crate::run::{self, Outcome, command};
use crate::{artifact, program};

/// Builds the programs and puts them, with their manifest, under `artifacts/`.
pub(crate) fn run() -> Outcome {
    install()?;
    programs()?;
    artifact::record()
}

/// Installs the toolchain where it is missing; where it is complete this takes no time.
pub(crate) fn install() -> Outcome {
    run::run(&mut command(root().join("toolchain/install.sh")))
        .map_err(|error| format!("{error}: toolchain/README.md says what it needs"))
}

/// Builds the programs.
pub(crate) fn programs() -> Outcome {
    for program in &program::ALL {
        run::output(command(root().join("toolchain/build.sh")).arg(program.folder()))?;
    }
    Ok(())
}
