//! Why a command finds no accounts to be about.

use backstop_client::rpc::ReadError;
use solana_address::Address;

use crate::{failure::Failure, tokens::TokensError};

/// Why a command finds no accounts to be about, and which command makes them.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The cluster cannot be read, or the program is not there.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A file of names cannot be used.
    #[error(transparent)]
    Tokens(#[from] TokensError),
    /// The accounts hold numbers that the program never stores.
    #[error("the accounts cannot be counted with: {0:?}; is this command as new as the program on the cluster?")]
    Count(backstop_engine::Error),
    /// No market.
    #[error(
        "there is no market {id} of {creator} on this cluster ({url}): say whose it is with --creator, give another --market, or create it with `backstop create-market --market {id}`"
    )]
    NoMarket {
        /// Its id.
        id: u64,
        /// Whose it would be.
        creator: Address,
        /// The node that was asked.
        url: String,
    },
    /// Nobody says whose market is meant.
    #[error("whose market? Say who created it with --creator: {0}")]
    NoCreator(crate::context::ContextError),
    /// The market has no pool.
    #[error("market {market} has no pool yet: its authority creates one with `backstop create-pool`")]
    NoPools {
        /// The market's id.
        market: u64,
    },
    /// No such pool.
    #[error("market {market} has no pool \"{name}\": `backstop show pools` lists what there is")]
    NoPool {
        /// What was asked for.
        name: String,
        /// The market's id.
        market: u64,
    },
    /// Several pools.
    #[error("which pool? Give --pool with one of: {}", .0.join(", "))]
    WhichPool(Vec<String>),
    /// The pool takes no collateral.
    #[error("the pool accepts no collateral yet: its authority lists one with `backstop add-collateral`")]
    NoCollaterals,
    /// No such collateral.
    #[error("the pool does not accept \"{0}\" as collateral: `backstop show collateral` lists what it accepts")]
    NoCollateral(String),
    /// Several collaterals.
    #[error("which collateral? Name one of: {}", .0.join(", "))]
    WhichCollateral(Vec<String>),
    /// A token that has no name here.
    #[error(
        "no token is called \"{name}\" on this cluster ({url}): give its mint's address, or add a line {name} = \"<mint>\" to ~/.config/backstop/tokens.toml"
    )]
    UnknownToken {
        /// What was asked for.
        name: String,
        /// The node that was asked.
        url: String,
    },
    /// No mint.
    #[error("there is no mint at {0} on this cluster: check the address and --url")]
    NoMint(Address),
    /// No LP position.
    #[error(
        "{owner} has no LP position in this pool: `backstop deposit <AMOUNT>` opens one; if another keypair has one, give that with --keypair"
    )]
    NoPosition {
        /// Whose.
        owner: Address,
    },
    /// No obligation.
    #[error(
        "{owner} has no obligation in this pool: `backstop deposit-collateral <AMOUNT> <TOKEN>` opens one; `backstop show obligations` lists all that there are"
    )]
    NoObligation {
        /// Whose.
        owner: Address,
    },
    /// No stake.
    #[error(
        "{owner} has no stake in this pool's insurance fund: `backstop stake <AMOUNT>` opens one; if another keypair has one, give that with --keypair"
    )]
    NoStake {
        /// Whose.
        owner: Address,
    },
    /// No queued change.
    #[error("no change is queued under number {0}: `backstop show changes` lists what is")]
    NoChange(u64),
    /// No owner named and no keypair.
    #[error("whose? Name an owner's address, or give a keypair\n{0}")]
    NoOwner(crate::context::ContextError),
}

impl From<backstop_engine::Error> for DeskError {
    fn from(error: backstop_engine::Error) -> Self {
        Self::Count(error)
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        Self::unable(error)
    }
}
