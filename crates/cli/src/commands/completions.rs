//! `backstop completions`: completion scripts.

use std::{io, process::ExitCode};

use clap_complete::Shell;

/// What `backstop completions` takes.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The shell.
    shell: Shell,
}

/// Prints the script.
pub(crate) fn run(arguments: &Arguments, mut command: clap::Command) -> ExitCode {
    clap_complete::generate(arguments.shell, &mut command, "backstop", &mut io::stdout());
    ExitCode::SUCCESS
}
