//! `backstop keygen`: a new keypair in a file.

use std::{
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use backstop_cli::{
    context::{Context, Output},
    failure::Failure,
};
use serde_json::json;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// What `backstop keygen` takes.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The file to write [default: the one that commands sign with: --keypair, else that of the Solana configuration file].
    #[arg(short, long, value_name = "PATH")]
    outfile: Option<PathBuf>,
    /// Overwrite the file if it is there; the keypair in it is lost.
    #[arg(short, long)]
    force: bool,
}

/// Why no keypair was made.
#[derive(Debug, thiserror::Error)]
enum KeygenError {
    #[error(
        "{0} is there already, and was left alone: name another file with --outfile, or give --force to lose the keypair in it for good"
    )]
    Exists(String),
    #[error("the keypair file {0} cannot be written: {1}")]
    Unwritable(String, io::Error),
}

/// Makes a keypair and writes it.
pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let path = arguments.outfile.as_deref().unwrap_or_else(|| context.keypair_path());
    let keypair = Keypair::new();
    let told = || path.display().to_string();
    write(&keypair, path, arguments.force).map_err(|error| {
        Failure::unable(match error.kind() {
            ErrorKind::AlreadyExists if path.exists() => KeygenError::Exists(told()),
            _ => KeygenError::Unwritable(told(), error),
        })
    })?;
    let address = keypair.pubkey().to_string();
    match context.output {
        Output::Json => context.print_json(&json!({ "address": address, "keypair": told() }))?,
        Output::Table => context.print(&format!(
            "Wrote a new keypair to {}.\n  address  {address}\nWhoever has the file can sign for this address, and there is no seed phrase: keep it secret, and keep a copy.\n",
            told()
        ))?,
    }
    Ok(())
}

/// Writes a keypair as Solana's tools do: its 64 bytes as JSON, in a file that only its owner can read.
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
