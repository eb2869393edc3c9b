//! Plans: what differs between clusters.

use std::collections::BTreeMap;

use backstop_client::rpc::Network;
use serde::Deserialize;
use solana_address::Address;
use toml::Table;

use super::MigrateError;

/// The prefix of an unfilled field.
const PLACEHOLDER: &str = "FILL IN";
/// Stands for the signer's address.
const SIGNER: &str = "signer";

/// A plan.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    cluster: Cluster,
    pub(super) market: Market,
    pub(super) tokens: BTreeMap<String, Token>,
    /// Overrides of steps' parameters, by step name.
    #[serde(default)]
    pub(super) steps: BTreeMap<String, Table>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Cluster {
    Mainnet,
    Devnet,
    Testnet,
    Local,
}

/// A market's id, its creator if that is no longer its authority, and the addresses of its roles.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(super) struct Market {
    pub(super) id: u64,
    creator: Option<String>,
    authority: String,
    guardian: String,
    treasury: String,
}

/// A token's mint and feeds.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(super) struct Token {
    mint: String,
    pub(super) feed: String,
    #[serde(default = "no_feed")]
    pub(super) second_feed: String,
}

fn no_feed() -> String {
    "none".into()
}

/// The addresses of a plan.
pub(super) struct Addresses {
    pub(super) creator: Address,
    pub(super) authority: Address,
    pub(super) guardian: Address,
    pub(super) treasury: Address,
    /// Mints by symbol.
    pub(super) mints: BTreeMap<String, Address>,
}

impl Plan {
    pub(super) fn parse(name: &str, text: &str) -> Result<Self, MigrateError> {
        toml::from_str(text)
            .map_err(|error| MigrateError::File { file: format!("plan {name}"), reason: error.to_string() })
    }

    /// The plan's cluster.
    pub(super) const fn network(&self) -> Network {
        match self.cluster {
            Cluster::Mainnet => Network::Mainnet,
            Cluster::Devnet => Network::Devnet,
            Cluster::Testnet => Network::Testnet,
            Cluster::Local => Network::Other,
        }
    }

    /// Parses all addresses. Refuses a plan with unfilled fields.
    pub(super) fn addresses(&self, signer: Address) -> Result<Addresses, MigrateError> {
        let market = &self.market;
        let roles = [
            ("market.creator".to_owned(), market.creator.as_ref().unwrap_or(&market.authority)),
            ("market.authority".to_owned(), &market.authority),
            ("market.guardian".to_owned(), &market.guardian),
            ("market.treasury".to_owned(), &market.treasury),
        ];
        let mints = self.tokens.iter().map(|(symbol, token)| (format!("tokens.{symbol}.mint"), &token.mint));
        let feeds = self.tokens.iter().map(|(symbol, token)| (format!("tokens.{symbol}.feed"), &token.feed));
        let second = self.tokens.iter();
        let second = second.map(|(symbol, token)| (format!("tokens.{symbol}.second_feed"), &token.second_feed));
        let all =
            roles.iter().skip(usize::from(market.creator.is_none())).cloned().chain(mints).chain(feeds).chain(second);
        let missing = all.filter(|(_, text)| text.starts_with(PLACEHOLDER));
        let missing: Vec<String> = missing.map(|(field, text)| format!("  {field}: {text}")).collect();
        if !missing.is_empty() {
            return Err(MigrateError::Placeholders(missing));
        }
        let address = |field: &str, text: &str| match text {
            SIGNER => Ok(signer),
            _ => text.parse().map_err(|_| MigrateError::File {
                file: "the plan".into(),
                reason: format!("{field} is \"{text}\", which is neither an address nor \"{SIGNER}\""),
            }),
        };
        let [creator, authority, guardian, treasury] = roles.each_ref().map(|(field, text)| address(field, text));
        let mints = self
            .tokens
            .iter()
            .map(|(symbol, token)| Ok((symbol.clone(), address(&format!("tokens.{symbol}.mint"), &token.mint)?)));
        Ok(Addresses {
            creator: creator?,
            authority: authority?,
            guardian: guardian?,
            treasury: treasury?,
            mints: mints.collect::<Result<_, MigrateError>>()?,
        })
    }
}
