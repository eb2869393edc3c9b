//! What tokens are called.
//!
//! Nothing on chain says that can be trusted, so names come from a file: lines of `SYMBOL = "mint"` in
//! `~/.config/backstop/tokens.toml`. A few mints of mainnet are known without, and on a cluster on this machine those of
//! `backstop localnet`; a listed name comes before a known one. A mint without a name is shown by its first and last letters.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use solana_address::{Address, address};

/// Mints that everybody knows.
const KNOWN: [(Address, &str); 6] = [
    (address!("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"), "USDC"),
    (address!("Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB"), "USDT"),
    (address!("So11111111111111111111111111111111111111112"), "SOL"),
    (address!("J1toso1uCk3RLmjorhTtrVwY9HJ7X8V9yYac6Y7kGCPn"), "JitoSOL"),
    (address!("mSoLzYCxHdYgdzU16g5QSh3i5K3z3KZK7ytfqcJm7So"), "mSOL"),
    (address!("4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU"), "USDC"),
];

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is called.
    pub symbol: String,
    /// Its mint.
    pub mint: Address,
    /// Its decimals.
    pub decimals: u8,
}

/// A file of names that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "the token list {path} cannot be read: {reason}\nit has lines such as USDC = \"<mint address>\"; correct it or remove it"
)]
pub struct TokensError {
    path: String,
    reason: String,
}

/// Names of mints.
#[derive(Clone, Debug)]
pub struct Tokens(BTreeMap<Address, String>);

impl Tokens {
    /// The names that are known for the cluster at a URL.
    ///
    /// # Errors
    /// If a file is there but is no list of names.
    #[cfg_attr(not(feature = "localnet"), allow(unused_variables))]
    pub fn of_cluster(url: &str) -> Result<Self, TokensError> {
        let mut tokens = Self(KNOWN.map(|(mint, symbol)| (mint, symbol.to_owned())).into());
        if let Some(path) = own_list() {
            tokens.read(&path)?;
        }
        #[cfg(feature = "localnet")]
        if is_local(url) {
            // Everybody can sign for these mints, so anywhere else they are nobody's.
            backstop_localnet::TOKENS.iter().for_each(|token| tokens.call(token.mint(), token.symbol));
        }
        Ok(tokens)
    }

    /// What a mint is called.
    pub fn symbol(&self, mint: &Address) -> String {
        self.0.get(mint).cloned().unwrap_or_else(|| short(mint))
    }

    /// The mints that a name or an address may mean.
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

    /// Gives a mint a name, and to no other mint any more: what is listed comes before what is known.
    fn call(&mut self, mint: Address, symbol: &str) {
        self.0.retain(|_, other| !other.eq_ignore_ascii_case(symbol));
        self.0.insert(mint, symbol.to_owned());
    }
}

/// The first and last letters of an address.
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

#[cfg(any(feature = "localnet", test))]
fn is_local(url: &str) -> bool {
    let host = url.split("//").nth(1).unwrap_or_default().split(['/', ':']).next();
    host.is_some_and(|host| host == "localhost" || host == "127.0.0.1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mint_without_a_name_is_shown_short_and_meant_by_its_address() {
        let tokens = Tokens(BTreeMap::new());
        let mint = address!("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v");
        assert_eq!(tokens.symbol(&mint), "EPjF..Dt1v");
        assert_eq!(tokens.mints(&mint.to_string()), [mint]);
        assert!(tokens.mints("USDC").is_empty());
    }

    #[test]
    fn a_name_means_every_mint_that_has_it_in_any_case() {
        let tokens = Tokens(KNOWN.map(|(mint, symbol)| (mint, symbol.to_owned())).into());
        assert_eq!(tokens.mints("usdc").len(), 2);
        assert_eq!(tokens.symbol(&tokens.mints("usdt")[0]), "USDT");
    }

    #[test]
    fn a_listed_name_is_taken_from_every_other_mint() {
        let mut tokens = Tokens(KNOWN.map(|(mint, symbol)| (mint, symbol.to_owned())).into());
        let mint = Address::new_unique();
        tokens.call(mint, "usdc");
        assert_eq!(tokens.mints("USDC"), [mint]);
        assert_eq!(tokens.symbol(&KNOWN[0].0), "EPjF..Dt1v");
    }

    #[test]
    fn only_a_cluster_on_this_machine_is_local() {
        assert!(is_local("http://127.0.0.1:8899") && is_local("http://localhost:8899"));
        assert!(!is_local("https://api.devnet.solana.com") && !is_local("https://localhost.example.com.evil"));
    }
}
