//! Output of the commands `backstop run` and `backstop demo`.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::ValueEnum;
use serde::Serialize;

/// Exit code: usage error, or a file that cannot be played.
const UNABLE: u8 = 2;

/// The options that select the output format.
#[derive(clap::Args, Clone, Copy, Debug)]
pub struct Options {
    /// Output format: tables for people or JSON for programs.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    output: Format,
    /// Same as `--output json`.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Table,
    Json,
}

impl Options {
    /// Prints a report as text or as one JSON object. Returns the exit code: 0 as expected, 1 if not, 2 if printing
    /// failed.
    pub fn print(self, report: &impl Serialize, as_expected: bool, text: impl FnOnce() -> String) -> ExitCode {
        let printed = if self.json || self.output == Format::Json {
            serde_json::to_string_pretty(report).map(|json| json + "\n").map_err(Into::into)
        } else {
            Ok(text())
        };
        match printed.and_then(|text| print(&text)) {
            Ok(()) if as_expected => ExitCode::SUCCESS,
            Ok(()) => ExitCode::FAILURE,
            Err(error) => refuse(&format!("the report cannot be printed: {error}")),
        }
    }
}

/// Prints an error. Returns exit code 2, for what cannot be played.
pub fn refuse(message: &str) -> ExitCode {
    eprintln!("error: {message}");
    ExitCode::from(UNABLE)
}

/// Prints the whole text. A closed pipe, as with `head`, is not an error.
fn print(text: &str) -> io::Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}
