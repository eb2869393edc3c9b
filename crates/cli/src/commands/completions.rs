//! `backstop completions`: completion scripts.

use std::process::ExitCode;

use clap_complete::Shell;

/// What `backstop completions` takes.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The shell.
    shell: Shell,
}

/// Prints the script.
pub(crate) fn run(arguments: &Arguments, mut command: clap::Command) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "backstop", &mut script);
    match super::print(&String::from_utf8_lossy(&script)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => super::refuse(&format!("the script cannot be written: {error}")),
    }
}
