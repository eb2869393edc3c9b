//! Errors of loading accounts.

use backstop_client::rpc::ReadError;
use solana_address::Address;

use crate::{failure::Failure, tokens::TokensError};

/// A missing or unusable account, and the command that creates it.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The cluster cannot be read, or the program is not deployed.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The token list cannot be used.
    #[error(transparent)]
    Tokens(#[from] TokensError),
    /// The accounts hold values that the program never stores.
    #[error(
        "the accounts hold invalid values: {0:?}; check that this command's version matches the program on the cluster"
    )]
    Count(backstop_engine::Error),
    /// No such market.
    #[error(
        "there is no market {id} of {creator} on this cluster ({url}): pass its creator with --creator, pass another \
         --market, or create it with `backstop create-market --market {id}`"
    )]
    NoMarket {
        /// The market's id.
        id: u64,
        /// The assumed creator.
        creator: Address,
        /// The node's URL.
        url: String,
    },
    /// The market's creator is unknown.
    #[error("the market's creator is not known: pass it with --creator\n{0}")]
    NoCreator(crate::context::ContextError),
    /// The market has no pool.
    #[error("market {market} has no pool yet: its authority creates one with `backstop create-pool`")]
    NoPools {
        /// The market's id.
        market: u64,
    },
    /// No such pool.
    #[error("market {market} has no pool \"{name}\": `backstop show pools` lists its pools")]
    NoPool {
        /// The requested name.
        name: String,
        /// The market's id.
        market: u64,
    },
    /// The market has several pools.
    #[error("the market has several pools: choose one with --pool: {}", .0.join(", "))]
    WhichPool(Vec<String>),
    /// The pool accepts no collateral.
    #[error("the pool accepts no collateral yet: its authority lists one with `backstop add-collateral`")]
    NoCollaterals,
    /// No such collateral.
    #[error("the pool does not accept \"{0}\" as collateral: `backstop show collateral` lists its collaterals")]
    NoCollateral(String),
    /// The pool has several collaterals.
    #[error("the pool has several collaterals: name one of {}", .0.join(", "))]
    WhichCollateral(Vec<String>),
    /// An unknown token name.
    #[error(
        "no token is called \"{name}\" on this cluster ({url}): pass its mint address, or add the line {name} \
         = \"<mint>\" to ~/.config/backstop/tokens.toml"
    )]
    UnknownToken {
        /// The requested name.
        name: String,
        /// The node's URL.
        url: String,
    },
    /// No mint.
    #[error("there is no mint at {0} on this cluster: check the address and --url")]
    NoMint(Address),
    /// No LP position.
    #[error(
        "{owner} has no LP position in this pool: open one with `backstop deposit <AMOUNT>`, or pass the keypair of \
         its owner with --keypair"
    )]
    NoPosition {
        /// The owner.
        owner: Address,
    },
    /// No obligation.
    #[error(
        "{owner} has no obligation in this pool: open one with `backstop deposit-collateral <AMOUNT> <TOKEN>`, or list \
         all with `backstop show obligations`"
    )]
    NoObligation {
        /// The owner.
        owner: Address,
    },
    /// No stake.
    #[error(
        "{owner} has no stake in this pool's insurance fund: open one with `backstop stake <AMOUNT>`, or pass the \
         keypair of its owner with --keypair"
    )]
    NoStake {
        /// The owner.
        owner: Address,
    },
    /// No queued change.
    #[error("no change is queued under number {0}: `backstop show changes` lists all")]
    NoChange(u64),
    /// No owner was named, and there is no keypair.
    #[error("no owner: pass an owner's address or a keypair\n{0}")]
    NoOwner(crate::context::ContextError),
}

impl From<backstop_engine::Error> for LoadError {
    fn from(error: backstop_engine::Error) -> Self {
        Self::Count(error)
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        Self::unable(error)
    }
}
