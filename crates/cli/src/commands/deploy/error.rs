//! Errors of a deployment.

use std::{io, path::PathBuf};

use backstop_client::rpc::{ReadError, SendError};
use solana_address::Address;

use backstop_text::amount;

/// The reason a program was not deployed, and what to do next.
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
    /// The file is not a program.
    #[error("{} is not a program: pass the .so file that `cargo xtask build` writes", .path.display())]
    NoProgram {
        /// The file.
        path: PathBuf,
    },
    /// The program was built for another address.
    #[error(
        "the program was not built for {id}: it does not contain that address, and fails every instruction at any \
         address but its own.\nBuild it for your address with `cargo xtask program-id <keypair>`, or deploy it anyway \
         with --allow-other-id"
    )]
    OtherId {
        /// The requested address.
        id: Address,
    },
    /// The first deployment needs the program's signature.
    #[error(
        "nothing is deployed at {id} yet, and the first deployment needs its keypair: pass it with \
         --program-keypair.\nIf you have none, generate one with `backstop keygen --outfile program.json`, and build \
         the program for it with `cargo xtask program-id <keypair>`"
    )]
    NeedsProgramKeypair {
        /// The requested address.
        id: Address,
    },
    /// Nothing is deployed at the address.
    #[error("nothing is deployed at {id} on this cluster ({url}): check --url and the address, or deploy it")]
    NotDeployed {
        /// The address.
        id: Address,
        /// The node's URL.
        url: String,
    },
    /// The account is not an upgradeable program.
    #[error("{id} is not an upgradeable program, and belongs to {owner}: deploy at another address")]
    NotUpgradeable {
        /// The requested address.
        id: Address,
        /// The owner of the account.
        owner: Address,
    },
    /// The program was closed.
    #[error("the program {id} was closed, and its address cannot be reused: deploy at another address")]
    Closed {
        /// The program.
        id: Address,
    },
    /// The signer is not the upgrade authority.
    #[error(
        "{given} may not upgrade {id}: {}",
        .authority.map_or("it is immutable".into(), |authority| format!("only {authority} may; pass that keypair with \
            --upgrade-authority"))
    )]
    OtherAuthority {
        /// The program.
        id: Address,
        /// The upgrade authority, if any.
        authority: Option<Address>,
        /// The address of the given keypair.
        given: Address,
    },
    /// The buffer account cannot be used.
    #[error("the account {buffer} cannot be the buffer: {reason}. Pass another keypair file with --buffer")]
    Buffer {
        /// The account.
        buffer: Address,
        /// Why.
        reason: String,
    },
    /// `--max-len` is less than the program's size.
    #[error("the program has {len} bytes, but --max-len is {max_len}: increase it to at least {len}")]
    TooLong {
        /// The program's size.
        len: usize,
        /// The requested room.
        max_len: usize,
    },
    /// The payer does not have enough SOL.
    #[error("{payer} has {} SOL, but this needs {}: send it {} \
        more", amount::tokens(*.have, 9), amount::tokens(*.need, 9), amount::tokens(.need.saturating_sub(*.have), 9))]
    TooLittle {
        /// The payer.
        payer: Address,
        /// The payer's lamports.
        have: u64,
        /// The required lamports.
        need: u64,
    },
    /// No write landed while the transactions were valid.
    #[error(
        "{missing} chunks of the program did not land in the buffer {buffer}; the others stay there. Run the same \
         command again to resume, on a busy cluster with a higher --with-priority-fee"
    )]
    Stalled {
        /// The buffer.
        buffer: Address,
        /// The number of missing chunks.
        missing: usize,
    },
    /// The deployed program is not the file.
    #[error(
        "the program at {id} differs from the file: its SHA-256 is {found}, and the file's is {expected}.\nIf the file \
         is deployed elsewhere, pass that address with --program-id. To deploy it here, omit --verify-only"
    )]
    Differs {
        /// The program.
        id: Address,
        /// The file's hash.
        expected: String,
        /// The hash of the deployed program, over at least as many bytes as the file has.
        found: String,
    },
    /// The cluster cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A transaction failed.
    #[error("{0}\nThe buffer keeps what was written: run the same command again to resume")]
    Send(#[from] SendError),
}
