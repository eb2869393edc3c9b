//! Errors of a migration.

use std::path::PathBuf;

use backstop_client::{
    BackstopError,
    rpc::{Network, ReadError, SendError},
};
use solana_address::Address;

use crate::{context::ContextError, failure::Failure, parameters::FileError};

/// The reason a migration stopped. Completed steps stay, and the same command resumes after them.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// No such plan.
    #[error("there is no plan \"{name}\": choose one of {}", known.join(", "))]
    NoPlan {
        /// The requested name.
        name: String,
        /// The available plans.
        known: Vec<String>,
    },
    /// A folder or file cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A file is invalid.
    #[error("{file} cannot be used: {reason}")]
    File {
        /// The file.
        file: String,
        /// What is wrong, and where.
        reason: String,
    },
    /// The parameters of a step are invalid.
    #[error("step {step}, including the plan's overrides: {source}")]
    Parameters {
        /// The step.
        step: String,
        /// What is wrong.
        source: FileError,
    },
    /// The plan has unfilled fields.
    #[error("the plan has unfilled fields:\n{}\nfill them in under migrations/plans, or pass your own plan with \
        --migrations", .0.join("\n"))]
    Placeholders(Vec<String>),
    /// The plan is for another cluster.
    #[error("the plan is for {wanted}, but this is {found} ({url}): choose another --plan or another --url")]
    WrongCluster {
        /// The plan's cluster.
        wanted: Network,
        /// The actual cluster.
        found: Network,
        /// The node's URL.
        url: String,
    },
    /// There is no mint at the plan's address.
    #[error(
        "the plan's {symbol} has the mint {mint}, but there is no mint at that address on this cluster: correct the \
         plan"
    )]
    NoMint {
        /// The token.
        symbol: String,
        /// The address in the plan.
        mint: Address,
    },
    /// The price that a step needs cannot be used.
    #[error(
        "step {step} needs a price that cannot be used now: {error}. The feed must be published to {account} while \
         this command runs"
    )]
    Price {
        /// The step.
        step: String,
        /// Why not.
        error: BackstopError,
        /// The price account.
        account: Address,
    },
    /// Another keypair must sign.
    #[error(
        "{authority} must sign, the authority of {what}, but you sign as {signer}: pass its keypair with --keypair"
    )]
    NotAuthority {
        /// What the authority is of.
        what: &'static str,
        /// The required signer.
        authority: Address,
        /// The actual signer.
        signer: Address,
    },
    /// The signer does not have the donation.
    #[error(
        "step {step} donates {donation}, but your account {account} holds {held}: fund the account, or lower the \
         donation in the plan"
    )]
    TooLittle {
        /// The step.
        step: String,
        /// The donation.
        donation: String,
        /// The signer's token account.
        account: Address,
        /// Its balance.
        held: String,
    },
    /// An earlier step differs.
    #[error(
        "step {step} was not executed, because step {different} differs from the plan, and no step after it is \
         executed. Run the same command with --dry-run to see the difference"
    )]
    Different {
        /// The step to do.
        step: String,
        /// The step that differs.
        different: String,
    },
    /// The step was executed, but the result differs from the plan.
    #[error(
        "step {0} was sent, but the result on the cluster differs from the plan. Run the same command with --dry-run \
         to see the difference"
    )]
    NotVerified(String),
    /// The cluster cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A transaction failed.
    #[error("step {step}: {source}")]
    Send {
        /// The step.
        step: String,
        /// Why.
        source: Box<SendError>,
    },
    /// The environment of the command is unusable.
    #[error(transparent)]
    Context(#[from] ContextError),
}

impl From<MigrateError> for Failure {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Send { source, step } => match *source {
                SendError::Refused { .. } | SendError::Expired { .. } | SendError::Undecided { .. } => {
                    Self::refused(MigrateError::Send { source, step })
                }
                _ => Self::unable(MigrateError::Send { source, step }),
            },
            MigrateError::Context(error) => error.into(),
            _ => Self::unable(error),
        }
    }
}
