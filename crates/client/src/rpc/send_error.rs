//! Why a transaction was not sent, or did not land.

use solana_address::Address;
use solana_message::CompileError;
use solana_rpc_client_api::client_error::Error as ClientError;
use solana_signature::Signature;
use solana_signer::SignerError;

use super::Refusal;
use crate::BackstopError;

/// Why a transaction was not sent or did not land, and what is known about it.
///
/// [`SendError::is_final`] says whether it makes sense to try again.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The chain refuses it. Without a signature the simulation did, so nothing was sent and nothing paid.
    #[error(
        "refused: {refusal}{}",
        .signature.map(|signature| format!(" (it ran and its fee was paid: {signature})")).unwrap_or_default()
    )]
    Refused {
        /// Why.
        refusal: Box<Refusal>,
        /// What the programs logged, as far as it is known.
        logs: Vec<String>,
        /// The transaction that ran and failed.
        signature: Option<Signature>,
    },
    /// A signer is missing. Nothing was sent.
    #[error("the signature of {address} is needed: give its keypair")]
    MissingSigner {
        /// Who must sign.
        address: Address,
    },
    /// A signer did not sign. Nothing was sent.
    #[error("the transaction cannot be signed: {0}")]
    Signing(#[from] SignerError),
    /// The instructions do not fit into one transaction. Nothing was sent.
    #[error(
        "the instructions need {bytes} bytes and a transaction has {most}: send fewer at once, or name a lookup table \
         of the accounts (`--lookup-table`, or `lookup_tables` in the bot's configuration)"
    )]
    TooLarge {
        /// What they need.
        bytes: usize,
        /// What there is.
        most: usize,
    },
    /// The instructions take more accounts than a transaction can have, with or without a lookup table. Nothing was
    /// sent.
    #[error("the instructions take {accounts} accounts and a transaction has at most {most}: send fewer at once")]
    TooManyAccounts {
        /// What they take.
        accounts: usize,
        /// What there is room for.
        most: usize,
    },
    /// The instructions make no transaction. Nothing was sent.
    #[error("the instructions make no transaction: {0}")]
    Compile(#[from] CompileError),
    /// The node does not understand or allow a request. Nothing was sent.
    #[error("the node {url} refuses the request: {source}; use another node")]
    Rejected {
        /// The node.
        url: String,
        /// What it answered.
        source: Box<ClientError>,
    },
    /// The node did not answer, and nothing is on its way: it is safe to try again.
    #[error("the node {url} does not answer: {source}; nothing is on its way, so try again")]
    Unreachable {
        /// The node.
        url: String,
        /// What happened last.
        source: Box<ClientError>,
    },
    /// It was sent, and the node fell silent or its chain stood still before it was seen to land or expire.
    #[error(
        "it is not known whether the transaction {signature} landed, since the node {url} did not answer or its chain stood still; look it up once the cluster is back. It can land as long as the block height is at most {last_valid_block_height}: do not send it again before"
    )]
    Undecided {
        /// The transaction.
        signature: Signature,
        /// After this block height it cannot land any more.
        last_valid_block_height: u64,
        /// The node.
        url: String,
    },
    /// It was signed as often as the policy allows, and every time it expired without having landed.
    #[error(
        "the transaction expired {times} times without landing, so it did nothing; the cluster may be busy: try again, with a higher priority fee"
    )]
    Expired {
        /// How often it was signed.
        times: u32,
        /// The last of these transactions.
        signature: Signature,
    },
}

impl SendError {
    /// Whether the same instructions would fail again as things stand. Otherwise they can be sent again, after
    /// [`Self::Undecided`] only once it is known what became of them.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Refused { refusal, .. } => refusal.is_final(),
            Self::MissingSigner { .. } | Self::Signing(_) => true,
            Self::TooLarge { .. } | Self::TooManyAccounts { .. } => true,
            Self::Compile(_) | Self::Rejected { .. } => true,
            Self::Unreachable { .. } | Self::Undecided { .. } | Self::Expired { .. } => false,
        }
    }

    /// The transaction whose outcome is not known.
    pub fn undecided(&self) -> Option<Signature> {
        match self {
            Self::Undecided { signature, .. } => Some(*signature),
            _ => None,
        }
    }

    /// Why the chain refuses it, if it does.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused { refusal, .. } => Some(refusal),
            _ => None,
        }
    }

    /// This program's own error, if that is why.
    pub fn backstop(&self) -> Option<BackstopError> {
        match self.refusal()? {
            Refusal::Backstop { error, .. } => Some(*error),
            _ => None,
        }
    }
}
