//! Errors of a local cluster.

use std::{io, path::PathBuf};

use crate::PriceFileError;

/// Why a local cluster did not start, or did not do as it was told.
#[derive(Debug, thiserror::Error)]
pub enum LocalnetError {
    /// A port is taken.
    #[error("port {port} is taken: {source}. Perhaps a local cluster runs already; end it, or choose another port")]
    Port {
        /// The port.
        port: u16,
        /// Why it cannot be had.
        source: io::Error,
    },
    /// A file could not be read or written.
    #[error("{} cannot be {verb}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Read or written.
        verb: &'static str,
        /// Why not.
        source: io::Error,
    },
    /// The bytes are no program.
    #[error("{what} is not a program that the cluster can load: {why}")]
    Program {
        /// Where the bytes come from.
        what: String,
        /// What the loader says.
        why: String,
    },
    /// There is no such token.
    #[error("there is no token \"{0}\" on the local cluster; it has USDC and SOL")]
    UnknownToken(String),
    /// The price file cannot be used.
    #[error(transparent)]
    Prices(#[from] PriceFileError),
    /// Something in the cluster broke.
    #[error("the local cluster broke: {0}")]
    Broken(String),
    /// The cluster is no longer there.
    #[error("the local cluster has ended")]
    Ended,
}

impl LocalnetError {
    pub(crate) fn broken(error: impl ToString) -> Self {
        Self::Broken(error.to_string())
    }
}
