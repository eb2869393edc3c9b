//! Errors of reading.

use solana_address::Address;
use solana_rpc_client_api::client_error::Error as ClientError;

use super::Network;
use crate::PROGRAM_ID;

/// Why something could not be read from a cluster, and what to do next.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// There is nothing at the address.
    #[error("there is no {kind} at {address}: check the address, and whether it was created on this cluster ({url})")]
    NotFound {
        /// What was looked for.
        kind: &'static str,
        /// Where.
        address: Address,
        /// The node that was asked.
        url: String,
    },
    /// The account belongs to another program.
    #[error(
        "{address} is no {kind}: it belongs to the program {owner}, not to Backstop ({PROGRAM_ID}); check the address"
    )]
    WrongOwner {
        /// What was looked for.
        kind: &'static str,
        /// Where.
        address: Address,
        /// The program whose account it is.
        owner: Address,
    },
    /// The account is the program's, but of another kind.
    #[error(
        "{address} is no {kind} but {}; check the address",
        .found.unwrap_or("an account of a kind that this version does not know")
    )]
    OtherKind {
        /// What was looked for.
        kind: &'static str,
        /// Where.
        address: Address,
        /// What is there, if it is known.
        found: Option<&'static str>,
    },
    /// There is no lookup table at the address that can be used.
    #[error(
        "{address} is no address lookup table that can be used on this cluster ({url}): check the address, and that it was not deactivated"
    )]
    NoLookupTable {
        /// Where.
        address: Address,
        /// The node that was asked.
        url: String,
    },
    /// The program is not on this cluster.
    #[error(
        "the program {PROGRAM_ID} is not on this cluster ({network}, {url}): choose the cluster where it is with --url, or deploy it with `backstop deploy`"
    )]
    NoProgram {
        /// Which cluster this is.
        network: Network,
        /// The node that was asked.
        url: String,
    },
    /// The node did not answer, or not with what was asked for.
    #[error("the node {url} did not answer: {source}; check the URL and the connection, then try again")]
    Unreachable {
        /// The node that was asked.
        url: String,
        /// What happened.
        source: Box<ClientError>,
    },
    /// The node answered with bytes that are not what was asked for.
    #[error("the node {url} answered with a malformed {what}: ask another node")]
    Malformed {
        /// What was asked for.
        what: &'static str,
        /// The node that was asked.
        url: String,
    },
}
