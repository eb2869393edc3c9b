//! Why a program is not deployed.

use std::{io, path::PathBuf};

use backstop_client::rpc::{ReadError, SendError};
use solana_address::Address;

use crate::amount;

/// Why a program is not deployed, and what to do next.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// The program file cannot be read.
    #[error("the program file {} cannot be read: {source}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The program file is something else.
    #[error("{} is no program: give the .so file that `cargo xtask build` makes", .path.display())]
    NoProgram {
        /// The file.
        path: PathBuf,
    },
    /// The program was built for another address.
    #[error(
        "the program was not built for {id}: it does not contain that address, and at another than its own every instruction fails.\nBuild it for yours: `cargo xtask program-id <keypair>`. With --allow-other-id it is deployed all the same"
    )]
    OtherId {
        /// Where it was to be deployed.
        id: Address,
    },
    /// The first deployment needs the program's own signature.
    #[error(
        "nothing is deployed at {id} yet, and only who holds its keypair can deploy there: give it with --program-keypair.\nIf you have none, make one with `backstop keygen --outfile program.json`, and build the program for it: `cargo xtask program-id <keypair>`"
    )]
    NeedsProgramKeypair {
        /// Where it was to be deployed.
        id: Address,
    },
    /// Nothing is there to verify.
    #[error("nothing is deployed at {id} on this cluster ({url}): check --url and the address, or deploy it")]
    NotDeployed {
        /// Where it was looked for.
        id: Address,
        /// The node that was asked.
        url: String,
    },
    /// Something else is there.
    #[error("{id} is no upgradeable program but belongs to {owner}: deploy at another address")]
    NotUpgradeable {
        /// Where it was to be deployed.
        id: Address,
        /// Who owns the account.
        owner: Address,
    },
    /// The program was closed.
    #[error("the program {id} was closed, and an address is never used again: deploy at another")]
    Closed {
        /// Where it was.
        id: Address,
    },
    /// Somebody else may upgrade it, or nobody.
    #[error(
        "{given} may not upgrade {id}: {}",
        .authority.map_or("nobody can, ever".into(), |authority| format!("only {authority} may; give that keypair with --upgrade-authority"))
    )]
    OtherAuthority {
        /// The program.
        id: Address,
        /// Who may.
        authority: Option<Address>,
        /// Whose keypair was given.
        given: Address,
    },
    /// The buffer account cannot be used.
    #[error("the account {buffer} cannot be the buffer: {reason}. Name another keypair file with --buffer")]
    Buffer {
        /// The account.
        buffer: Address,
        /// Why.
        reason: String,
    },
    /// The room that was asked for is less than the program.
    #[error("the program has {len} bytes and --max-len is {max_len}: give at least as many")]
    TooLong {
        /// What the program has.
        len: usize,
        /// What there would be.
        max_len: usize,
    },
    /// The payer cannot pay for it.
    #[error("{payer} has {} SOL and this takes {}: send it {} more", amount::tokens(*.have, 9), amount::tokens(*.need, 9), amount::tokens(.need.saturating_sub(*.have), 9))]
    TooLittle {
        /// Who pays.
        payer: Address,
        /// Lamports it has.
        have: u64,
        /// Lamports it needs.
        need: u64,
    },
    /// Nothing arrived while transactions could land.
    #[error(
        "{missing} pieces of the program do not arrive in the buffer {buffer}; what has arrived stays there. Run the same command again to go on, on a busy cluster with a higher --with-priority-fee"
    )]
    Stalled {
        /// The buffer.
        buffer: Address,
        /// How many are missing.
        missing: usize,
    },
    /// What is on the cluster is not the file.
    #[error(
        "the program at {id} is another one: its SHA-256 is {found}, and the file's is {expected}.\nIf the file is deployed elsewhere, name that address with --program-id; if it is to be deployed here, leave out --verify-only"
    )]
    Differs {
        /// Where it is.
        id: Address,
        /// The file's hash.
        expected: String,
        /// The hash of what is deployed, of as many bytes as the file has or more.
        found: String,
    },
    /// The cluster cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A transaction failed.
    #[error("{0}\nWhat has arrived in the buffer stays there: run the same command again to go on")]
    Send(#[from] SendError),
}
