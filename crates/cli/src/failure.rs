//! Why a command did not do what was asked, and the exit code that says so.

use std::{error::Error, process::ExitCode};

use backstop_client::rpc::Secrets;

/// Exit code: refused by the chain, or by whoever was asked to confirm.
pub const REFUSED: u8 = 1;
/// Exit code: wrong usage, or it cannot be done as things stand. Nothing was sent.
pub const UNABLE: u8 = 2;
/// Exit code: interrupted by Ctrl-C, as shells count it.
pub const INTERRUPTED: u8 = 130;

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The chain refused it, or whoever was asked to confirm it.
    #[error("{0}")]
    Refused(Box<dyn Error + Send + Sync>),
    /// It cannot be done as things stand: nothing was sent.
    #[error("{0}")]
    Unable(Box<dyn Error + Send + Sync>),
    /// Whoever typed the command ended it.
    #[error("{0}")]
    Interrupted(Box<dyn Error + Send + Sync>),
}

impl Failure {
    /// The chain, or whoever was asked, refused it.
    pub fn refused(reason: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Refused(reason.into())
    }

    /// It cannot be done.
    pub fn unable(reason: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unable(reason.into())
    }

    /// Whoever typed the command ended it.
    pub fn interrupted(reason: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Interrupted(reason.into())
    }

    /// The same without what must not be shown.
    #[must_use]
    pub fn without(self, secrets: &Secrets) -> Self {
        let hidden = |reason: Box<dyn Error + Send + Sync>| secrets.hidden_in(&reason.to_string()).into();
        match self {
            Self::Refused(reason) => Self::Refused(hidden(reason)),
            Self::Unable(reason) => Self::Unable(hidden(reason)),
            Self::Interrupted(reason) => Self::Interrupted(hidden(reason)),
        }
    }

    /// What the process ends with.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Refused(_) => REFUSED,
            Self::Unable(_) => UNABLE,
            Self::Interrupted(_) => INTERRUPTED,
        })
    }
}
