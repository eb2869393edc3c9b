//! Where things are.

use std::path::{Path, PathBuf};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// The on-chain program, a workspace of its own.
pub(crate) fn program() -> PathBuf {
    root().join("programs/backstop")
}

/// Cargo's output for the program on the host: its lints, its tests and the IDL share it.
pub(crate) fn program_target() -> PathBuf {
    root().join("target/program")
}
