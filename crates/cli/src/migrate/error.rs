//! Why a migration does not go on.

use std::path::PathBuf;

use backstop_client::{
    BackstopError,
    rpc::{Network, ReadError, SendError},
};
use solana_address::Address;

use crate::{context::ContextError, failure::Failure, parameters::FileError};

/// Why a migration does not go on. What was done before stays; the same command goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// No such plan.
    #[error("there is no plan \"{name}\": there is {}", known.join(", "))]
    NoPlan {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// A folder or file cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable {
        /// What.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A file is not what it should be.
    #[error("{file} cannot be used: {reason}")]
    File {
        /// The file.
        file: String,
        /// What is wrong, and where.
        reason: String,
    },
    /// The parameters of a step are wrong.
    #[error("step {step}, with what the plan says about it: {source}")]
    Parameters {
        /// The step.
        step: String,
        /// What is wrong.
        source: FileError,
    },
    /// The plan is not filled in.
    #[error("the plan is not filled in yet:\n{}\nwrite your own with --migrations, or correct migrations/plans", .0.join("\n"))]
    Placeholders(Vec<String>),
    /// The plan is for another cluster.
    #[error("the plan is for {wanted}, and this is {found} ({url}): choose another --plan or another --url")]
    WrongCluster {
        /// Where it is for.
        wanted: Network,
        /// Where it would have been used.
        found: Network,
        /// The node that was asked.
        url: String,
    },
    /// There is no mint where the plan says.
    #[error("the plan's {symbol} has the mint {mint}, and there is no mint at that address on this cluster")]
    NoMint {
        /// The token.
        symbol: String,
        /// Its address.
        mint: Address,
    },
    /// The price that a step binds cannot be used.
    #[error(
        "step {step} binds a price that cannot be used now: {error}. It is read from {account}; the feed must be published there while this runs"
    )]
    Price {
        /// The step.
        step: String,
        /// Why not.
        error: BackstopError,
        /// Where it was looked for.
        account: Address,
    },
    /// Another keypair must sign.
    #[error(
        "{authority} must sign, the authority of {what}, and you sign as {signer}: give its keypair with --keypair"
    )]
    NotAuthority {
        /// Of what.
        what: &'static str,
        /// Who must sign.
        authority: Address,
        /// Who does.
        signer: Address,
    },
    /// The signer cannot pay the gift.
    #[error(
        "step {step} gives {gift}, and your account {account} holds {held}: send it some, or lower the gift in the plan"
    )]
    TooLittle {
        /// The step.
        step: String,
        /// The gift.
        gift: String,
        /// The signer's token account.
        account: Address,
        /// What is in it.
        held: String,
    },
    /// A step before it differs.
    #[error(
        "step {step} was not made, since step {different} is not what the plan declares: run the same with --dry-run and look. Nothing is made after a step that differs"
    )]
    Different {
        /// The step that is to do.
        step: String,
        /// The step that differs.
        different: String,
    },
    /// The step was made, but not as it should be.
    #[error(
        "step {0} was sent, but what stands on the cluster now is not what it declares: run the same with --dry-run and look"
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
    /// Something around the command.
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
