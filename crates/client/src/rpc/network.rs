//! The Solana cluster that a node belongs to.

use std::fmt;

use solana_hash::Hash;

/// A cluster, by its first block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// Where the money is.
    Mainnet,
    /// For those who build on Solana.
    Devnet,
    /// For those who build Solana.
    Testnet,
    /// Any other: a local cluster, as a rule.
    Other,
}

impl Network {
    /// The cluster that starts with this block.
    pub fn from_genesis(hash: &Hash) -> Self {
        match hash.to_string().as_str() {
            "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d" => Self::Mainnet,
            "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG" => Self::Devnet,
            "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY" => Self::Testnet,
            _ => Self::Other,
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str(match self {
            Self::Mainnet => "mainnet",
            Self::Devnet => "devnet",
            Self::Testnet => "testnet",
            Self::Other => "a local or private cluster",
        })
    }
}
