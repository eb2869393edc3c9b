//! `cargo xtask lint`: formatting and clippy, for both workspaces.

use crate::run::{self, Outcome, cargo, command, program_cargo};

/// Checks the formatting, then everything clippy knows; a warning is an error.
pub(crate) fn run() -> Outcome {
    components()?;
    for mut cargo in [cargo(), program_cargo()] {
        run::run(cargo.args(["fmt", "--all", "--check"]))
            .map_err(|error| format!("{error}: run `cargo fmt --all` there"))?;
    }
    for mut cargo in [cargo(), program_cargo()] {
        run::run(cargo.args([
            "clippy",
            "--quiet",
            "--locked",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]))?;
    }
    Ok(())
}

/// Adds rustfmt and clippy to the toolchain if they are missing.
fn components() -> Outcome {
    for (word, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if run::output(cargo().args([word, "--version"])).is_err() {
            eprintln!("{component} is missing, adding it");
            run::run(command("rustup").args(["component", "add", component]))
                .map_err(|error| format!("{error}: install {component} for this version of Rust, then try again"))?;
        }
    }
    Ok(())
}
