//! Failures of a command, and their exit codes.

use std::{error::Error, process::ExitCode};

use backstop_client::rpc::Secrets;

/// Exit code: refused by the chain, or not confirmed.
pub const REFUSED: u8 = 1;
/// Exit code: usage error, or not possible in the current state. Nothing was sent.
pub const UNABLE: u8 = 2;
/// Exit code: interrupted by Ctrl-C, by shell convention.
pub const INTERRUPTED: u8 = 130;

/// The reason a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The chain refused, or the user did not confirm.
    #[error("{0}")]
    Refused(Box<dyn Error + Send + Sync>),
    /// Not possible in the current state. Nothing was sent.
    #[error("{0}")]
    Unable(Box<dyn Error + Send + Sync>),
    /// The user interrupted the command.
    #[error("{0}")]
    Interrupted(Box<dyn Error + Send + Sync>),
}

impl Failure {
    /// A refusal by the chain, or a missing confirmation.
    pub fn refused(reason: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Refused(reason.into())
    }

    /// Something that is not possible in the current state.
    pub fn unable(reason: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unable(reason.into())
    }

    /// An interruption by the user.
    pub fn interrupted(reason: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Interrupted(reason.into())
    }

    /// The same failure with secrets hidden.
    #[must_use]
    pub fn without(self, secrets: &Secrets) -> Self {
        let hidden = |reason: Box<dyn Error + Send + Sync>| secrets.hidden_in(&reason.to_string()).into();
        match self {
            Self::Refused(reason) => Self::Refused(hidden(reason)),
            Self::Unable(reason) => Self::Unable(hidden(reason)),
            Self::Interrupted(reason) => Self::Interrupted(hidden(reason)),
        }
    }

    /// The exit code of the process.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Refused(_) => REFUSED,
            Self::Unable(_) => UNABLE,
            Self::Interrupted(_) => INTERRUPTED,
        })
    }
}
