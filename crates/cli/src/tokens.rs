//! Names of tokens.
//!
//! On-chain names cannot be trusted, so names come from a file: lines of `SYMBOL = "mint"` in
//! `~/.config/backstop/tokens.toml`. A few mints of mainnet and devnet are built in, each for its own cluster only. On
//! a local cluster, so are the mints of `backstop localnet`. A listed name takes precedence over a built-in one. A mint
//! without a name is shown by its first and last letters.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use backstop_client::{rpc::Network, token::WRAPPED_SOL};
use solana_address::{Address, address};

/// A mint and its name.
type Known = (Address, &'static str);

/// Wrapped SOL, the same on every cluster.
const SOL: Known = (WRAPPED_SOL, "SOL");
/// Built-in mints of mainnet.
const MAINNET: [Known; 5] = [
    (address!("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"), "USDC"),
    (address!("Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB"), "USDT"),
    SOL,
    (address!("J1toso1uCk3RLmjorhTtrVwY9HJ7X8V9yYac6Y7kGCPn"), "JitoSOL"),
    (address!("mSoLzYCxHdYgdzU16g5QSh3i5K3z3KZK7ytfqcJm7So"), "mSOL"),
];
/// Built-in mints of devnet.
const DEVNET: [Known; 2] = [(address!("4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU"), "USDC"), SOL];
/// The mints of `backstop localnet`. Their keys are public, so they must not be known on any other cluster.
const LOCAL: [Known; 2] = [
    (address!("HwrboLdsGzB3cvFCZrnVURM7Hv9x4WcgLovRUgLofEjp"), "USDC"),
    (address!("5EJGYcAwtKmZAz33jDSPm7XhNR395mCNvpqr9fv9A1CV"), "SOL"),
];

/// The built-in mints of a cluster. A cluster that is not Solana's own is usually a copy of mainnet.
const fn known(network: Network) -> &'static [Known] {
    match network {
        Network::Mainnet | Network::Other => &MAINNET,
        Network::Devnet => &DEVNET,
        Network::Testnet => &[SOL],
    }
}

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its symbol.
    pub symbol: String,
    /// Its mint.
    pub mint: Address,
    /// Its decimals.
    pub decimals: u8,
}

/// A token list that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "the token list {path} cannot be read: {reason}\ncorrect or remove it; its lines look like USDC = \"<mint \
     address>\""
)]
pub struct TokensError {
    path: String,
    reason: String,
}

/// Names of mints. If several mints share a name, it means the first that exists on the cluster.
#[derive(Clone, Debug)]
pub struct Tokens(Vec<(Address, String)>);

impl Tokens {
    /// The names for the cluster at a URL.
    ///
    /// # Errors
    /// If the token list exists but is invalid.
    pub fn of_cluster(network: Network, url: &str) -> Result<Self, TokensError> {
        let mut tokens = Self::known(known(network));
        if let Some(path) = own_list() {
            tokens.read(&path)?;
        }
        Ok(tokens.with_local(network, url))
    }

    fn known(all: &[Known]) -> Self {
        Self(all.iter().map(|(mint, symbol)| (*mint, (*symbol).to_owned())).collect())
    }

    /// Puts the tokens of `backstop localnet` first on a local cluster.
    fn with_local(mut self, network: Network, url: &str) -> Self {
        if network == Network::Other && is_local(url) {
            self.0.splice(..0, Self::known(&LOCAL).0);
        }
        self
    }

    /// Returns a mint's name.
    pub fn symbol(&self, mint: &Address) -> String {
        let named = self.0.iter().find(|(other, _)| other == mint);
        named.map_or_else(|| short(mint), |(_, symbol)| symbol.clone())
    }

    /// Returns the mints that a name or an address may mean. The first that exists on the cluster is meant.
    pub fn mints(&self, name: &str) -> Vec<Address> {
        match name.parse() {
            Ok(mint) => vec![mint],
            Err(_) => {
                let named = self.0.iter().filter(|(_, symbol)| symbol.eq_ignore_ascii_case(name));
                named.map(|(mint, _)| *mint).collect()
            }
        }
    }

    fn read(&mut self, path: &Path) -> Result<(), TokensError> {
        let error = |reason: String| TokensError { path: path.display().to_string(), reason };
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(other) => return Err(error(other.to_string())),
        };
        let names: BTreeMap<String, String> = toml::from_str(&text).map_err(|problem| error(problem.to_string()))?;
        for (symbol, mint) in names {
            let mint: Address = mint.parse().map_err(|_| error(format!("{symbol} is not the address of a mint")))?;
            self.call(mint, &symbol);
        }
        Ok(())
    }

    /// Names a mint, and removes the name from all other mints: listed names take precedence.
    fn call(&mut self, mint: Address, symbol: &str) {
        self.0.retain(|(other, called)| *other != mint && !called.eq_ignore_ascii_case(symbol));
        self.0.push((mint, symbol.to_owned()));
    }
}

/// Shortens an address to its first and last letters.
pub fn short(address: &Address) -> String {
    let text = address.to_string();
    let (head, tail) = (text.get(..4), text.len().checked_sub(4).and_then(|from| text.get(from..)));
    format!("{}..{}", head.unwrap_or_default(), tail.unwrap_or_default())
}

fn own_list() -> Option<PathBuf> {
    let config = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    let config = config.or_else(|| Some(Path::new(&env::var_os("HOME")?).join(".config")))?;
    Some(config.join("backstop/tokens.toml"))
}

/// Whether a URL points to this machine.
pub(crate) fn is_local(url: &str) -> bool {
    let host = url.split("//").nth(1).unwrap_or_default().split(['/', ':']).next();
    host.is_some_and(|host| host == "localhost" || host == "127.0.0.1")
}

#[cfg(test)]
mod tests {
    use super::*;

    const USDC: Address = address!("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v");

    #[test]
    fn a_mint_without_a_name_is_shown_short_and_meant_by_its_address() {
        let tokens = Tokens(Vec::new());
        assert_eq!(tokens.symbol(&USDC), "EPjF..Dt1v");
        assert_eq!(tokens.mints(&USDC.to_string()), [USDC]);
        assert!(tokens.mints("USDC").is_empty());
    }

    #[test]
    fn a_name_means_the_mint_of_the_cluster_that_one_is_on() {
        let mints = |network, name| Tokens::known(known(network)).mints(name);
        assert_eq!(mints(Network::Mainnet, "usdc"), [USDC]);
        assert_eq!(mints(Network::Devnet, "USDC"), [address!("4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU")]);
        assert_eq!(mints(Network::Devnet, "USDT"), []);
        assert_eq!(mints(Network::Testnet, "USDC"), []);
        for network in [Network::Mainnet, Network::Devnet, Network::Testnet, Network::Other] {
            assert_eq!(mints(network, "sol"), [SOL.0], "{network}");
            let mut names: Vec<&str> = known(network).iter().map(|(_, name)| *name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), known(network).len(), "{network}: no name is of two mints");
        }
    }

    #[test]
    fn the_tokens_of_a_local_cluster_come_first_on_this_machine_and_are_unknown_elsewhere() {
        let mints = |network, url| Tokens::known(known(network)).with_local(network, url).mints("SOL");
        assert_eq!(mints(Network::Other, "http://127.0.0.1:8899"), [LOCAL[1].0, SOL.0]);
        assert_eq!(mints(Network::Other, "https://rpc.example.com"), [SOL.0]);
        assert_eq!(mints(Network::Devnet, "http://localhost:8899"), [SOL.0], "a node of devnet on this machine");
    }

    #[test]
    fn the_tokens_of_a_local_cluster_are_known_by_their_names() {
        assert_eq!(backstop_localnet::TOKENS.map(|token| (token.mint(), token.symbol)), LOCAL);
    }

    #[test]
    fn a_listed_name_is_taken_from_every_other_mint() {
        let mut tokens = Tokens::known(&MAINNET);
        let mint = Address::new_unique();
        tokens.call(mint, "usdc");
        assert_eq!(tokens.mints("USDC"), [mint]);
        assert_eq!(tokens.symbol(&USDC), "EPjF..Dt1v");
    }

    #[test]
    fn only_a_cluster_on_this_machine_is_local() {
        assert!(is_local("http://127.0.0.1:8899") && is_local("http://localhost:8899"));
        assert!(!is_local("https://api.devnet.solana.com") && !is_local("https://localhost.example.com.evil"));
    }
}
