//! `backstop completions`: completion scripts.

use std::process::ExitCode;

use clap_complete::Shell;

/// The arguments of `backstop completions`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Shell to generate the script for.
    shell: Shell,
}

/// Prints the script.
pub fn run(arguments: &Arguments, mut command: clap::Command) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "backstop", &mut script);
    match super::print(&String::from_utf8_lossy(&script)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => super::refuse(&format!("the completion script cannot be written: {error}")),
    }
}
