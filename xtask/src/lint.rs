//! `cargo xtask lint`: formatting and clippy, for all workspaces: the host's and the programs'.

use std::path::PathBuf;
use std::process::Command;

use crate::{
    run::{self, Outcome, cargo, command, programs_cargo},
    width,
};

/// Checks widths and formatting, then everything clippy knows; a warning is an error.
pub(crate) fn run() -> Outcome {
    formatting()?;
    run::run(clippy(&mut cargo()))?;
    programs()
}

/// The same, but for the host's crates, which [`linting`] lints while they are built.
pub(crate) fn all_but_host() -> Outcome {
    formatting()?;
    programs()
}

fn programs() -> Outcome {
    run::run(clippy(&mut programs_cargo()))
}

/// Lets cargo compile the workspace's own crates by clippy, which is the compiler with more lints. So the crates that
/// they depend on are compiled once, for lints and tests alike.
pub(crate) fn linting(cargo: &mut Command) -> Outcome<&mut Command> {
    let sysroot = run::output(command("rustc").args(["--print", "sysroot"]))?;
    Ok(cargo.env("RUSTC_WORKSPACE_WRAPPER", PathBuf::from(sysroot.trim()).join("bin/clippy-driver")))
}

fn formatting() -> Outcome {
    components()?;
    width::check()?;
    for mut cargo in [cargo(), programs_cargo()] {
        run::run(cargo.args(["fmt", "--all", "--check"]))
            .map_err(|error| format!("{error}: run `cargo fmt --all` there"))?;
    }
    Ok(())
}

fn clippy(cargo: &mut Command) -> &mut Command {
    cargo.args(["clippy", "--quiet", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"])
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
