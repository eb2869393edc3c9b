//! One module per command.

pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod deploy;
pub(crate) mod keygen;
#[cfg(feature = "localnet")]
pub(crate) mod localnet;
#[cfg(feature = "localnet")]
mod localnet_card;
pub(crate) mod man;
pub(crate) mod migrate;
pub(crate) mod run;

use std::{
    io::{self, Write},
    process::ExitCode,
};

/// The file cannot be played.
const UNPLAYABLE: u8 = 2;

/// Says why nothing was played.
fn refuse(message: &str) -> ExitCode {
    eprintln!("error: {message}");
    ExitCode::from(UNPLAYABLE)
}

/// Prints all of it. A reader who stops early, such as `head`, is no error.
fn print(text: &str) -> io::Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}
