//! `backstop demo`: plays November 2022.

use std::{
    io::{self, IsTerminal},
    process::ExitCode,
};

use backstop_cli::{context::Output, demo};

/// What `backstop demo` takes.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Print one JSON object with every input and outcome instead of tables, as --output json does.
    #[arg(long)]
    json: bool,
}

/// Plays the demo and prints what happened.
pub(crate) fn run(arguments: &Arguments, output: Output) -> ExitCode {
    let terminal = io::stderr().is_terminal();
    if !terminal {
        eprintln!("playing November 2022 against the program ...");
    }
    let played = demo::play(|day, price| {
        if terminal {
            eprint!("\rplaying {day}  SOL/USD {price:>8} ");
        }
    });
    if terminal {
        eprint!("\r{:40}\r", "");
    }
    let report = match played {
        Ok(report) => report,
        Err(problem) => return super::refuse(&problem.to_string()),
    };
    let printed = if arguments.json || output == Output::Json {
        serde_json::to_string_pretty(&report).map(|json| json + "\n").map_err(Into::into)
    } else {
        Ok(demo::render(&report))
    };
    match printed.and_then(|text| super::print(&text)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => super::refuse(&format!("the report cannot be printed: {error}")),
    }
}
