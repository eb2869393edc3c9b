//! The command `backstop`.

mod commands;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A lending pool whose bad debt lands fairly: plays stories against the built program, in one process.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Plays a scenario file and tells what every step did and where all the money is.
    ///
    /// The exit code is 0 if every step ended as expected, 1 if one did not, 2 if the file cannot be played.
    Run(commands::run::Arguments),
    /// Plays November 2022: a pool of USDC lent against SOL, before, on and after the day that SOL fell by 42 %.
    Demo(commands::demo::Arguments),
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Run(arguments) => commands::run::run(&arguments),
        Command::Demo(arguments) => commands::demo::run(&arguments),
    }
}
