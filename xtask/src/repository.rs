//! Where things are.

use std::path::{Path, PathBuf};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// The on-chain programs, a workspace of their own.
pub(crate) fn programs() -> PathBuf {
    root().join("programs")
}

/// Cargo's output for the program on the host: its lints, its tests and the IDL share it.
pub(crate) fn program_target() -> PathBuf {
    root().join("target/program")
}
