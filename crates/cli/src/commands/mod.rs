//! The commands, one module each.

pub mod completions;
pub mod deploy;
pub mod instructions;
pub mod keygen;
pub mod man;
pub mod migrate;
pub mod show;
pub mod tools;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use crate::failure::UNABLE;

/// Prints an error and returns the exit code [`UNABLE`].
fn refuse(message: &str) -> ExitCode {
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
