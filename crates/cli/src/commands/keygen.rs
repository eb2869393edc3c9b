//! `backstop keygen`: generates a keypair file.

use std::{
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use crate::{
    context::{Context, Output},
    failure::Failure,
};
use serde_json::json;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// The arguments of `backstop keygen`.
#[derive(clap::Args)]
pub struct Arguments {
    /// File to write [default: --keypair, else the keypair of the Solana configuration file].
    #[arg(short, long, value_name = "PATH")]
    outfile: Option<PathBuf>,
    /// Overwrite an existing file; its keypair is lost.
    #[arg(short, long)]
    force: bool,
}

/// The reason that no keypair was written.
#[derive(Debug, thiserror::Error)]
enum KeygenError {
    #[error(
        "{0} already exists: choose another file with --outfile, or pass --force to overwrite it and lose its keypair \
         for good"
    )]
    Exists(String),
    #[error("the keypair file {0} cannot be written: {1}")]
    Unwritable(String, io::Error),
}

/// Generates a keypair and writes it to a file.
pub fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let path = arguments.outfile.as_deref().unwrap_or_else(|| context.keypair_path());
    let keypair = Keypair::new();
    let path_text = || path.display().to_string();
    write(&keypair, path, arguments.force).map_err(|error| {
        Failure::unable(match error.kind() {
            ErrorKind::AlreadyExists if path.exists() => KeygenError::Exists(path_text()),
            _ => KeygenError::Unwritable(path_text(), error),
        })
    })?;
    let address = keypair.pubkey().to_string();
    match context.output {
        Output::Json => context.print_json(&json!({ "address": address, "keypair": path_text() }))?,
        Output::Table => context.print(&format!(
            "Wrote a new keypair to {}.\n  address  {address}\nAnyone with this file can sign for the address. There \
             is no seed phrase: keep the file secret, and back it up.\n",
            path_text()
        ))?,
    }
    Ok(())
}

/// Writes a keypair in the format of Solana's tools: 64 bytes as JSON, readable only by the file's owner.
fn write(keypair: &Keypair, path: &Path, force: bool) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    if force {
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(json!(keypair.to_bytes().as_slice()).to_string().as_bytes())?;
    file.sync_all()
}
