//! The configuration file. `liquidator.example.toml` explains every key.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    str::FromStr,
};

use backstop_client::rpc::{PriorityFee, Secrets};
use backstop_engine::price::Value;
use serde::{Deserialize, Deserializer, de::Error as _};
use solana_address::Address;

mod decimal;

pub use decimal::{Decimal, usd, whole};

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration {path} cannot be read: {source}; start from liquidator.example.toml")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What happened.
        source: std::io::Error,
    },
    /// The file is not a valid configuration.
    #[error("the configuration {path} is wrong:\n{reason}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where and why. Keys in URLs are removed.
        reason: String,
    },
    /// The file names no pool.
    #[error("the configuration names no pool: add a [[pools]] section with its address")]
    NoPools,
    /// The file names a pool twice.
    #[error("the configuration names the pool {0} twice: remove one of its [[pools]] sections")]
    PoolTwice(Address),
    /// A number is too small.
    #[error("{key} must be at least {least}: change it in the configuration")]
    TooSmall {
        /// The key.
        key: &'static str,
        /// The smallest valid value.
        least: u64,
    },
}

/// The configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The node's URL.
    pub rpc_url: String,
    /// The node's WebSocket URL.
    pub websocket_url: String,
    /// The file with the keypair that signs and pays.
    pub keypair: PathBuf,
    /// The address that serves metrics and health; none by default.
    pub listen: Option<SocketAddr>,
    /// The price of one SOL for counting costs, while no pool has a usable price for it.
    #[serde(deserialize_with = "in_usd")]
    pub sol_usd: Value,
    /// The assumed cost of a transaction, in lamports.
    pub transaction_lamports: u64,
    /// Address lookup tables, for transactions that do not fit otherwise.
    #[serde(default, deserialize_with = "addresses")]
    pub lookup_tables: Vec<Address>,
    /// The priority fee.
    #[serde(default)]
    pub priority_fee: PriorityFeeConfig,
    /// Intervals and limits.
    #[serde(default)]
    pub timing: Timing,
    /// The pools.
    #[serde(default)]
    pub pools: Vec<PoolConfig>,
}

/// The priority fee.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PriorityFeeConfig {
    /// The percentile of recent fees for the same accounts to match.
    pub percentile: u8,
    /// The largest fee, in micro-lamports per compute unit.
    pub cap: u64,
}

/// Intervals and limits.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Timing {
    /// The interval for reading the clock and prices and planning, in milliseconds.
    pub round_millis: u64,
    /// The WebSocket counts as dead after this many seconds of silence.
    pub stall_seconds: u64,
    /// The interval for reading everything again, in seconds.
    pub reconcile_seconds: u64,
    /// The most transactions in flight.
    pub in_flight: usize,
    /// The most actions of one kind in a transaction.
    pub batch: usize,
    /// The number of threads that rate obligations.
    pub threads: usize,
}

/// The settings for one pool.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolConfig {
    /// The pool.
    #[serde(deserialize_with = "address")]
    pub address: Address,
    /// Whole liquidity tokens that the bot never spends.
    #[serde(default, deserialize_with = "decimal")]
    pub keep: Decimal,
    /// The most whole liquidity tokens that one liquidation repays.
    #[serde(deserialize_with = "decimal")]
    pub max_repay: Decimal,
    /// The most collateral of one kind to hold.
    #[serde(deserialize_with = "in_usd")]
    pub max_collateral_usd: Value,
    /// The minimum profit of a liquidation after costs.
    #[serde(deserialize_with = "in_usd")]
    pub profit_floor_usd: Value,
    /// Updates marks that are off by at least this, and records losses of at least this. A loss of a whole debt is
    /// always recorded.
    #[serde(deserialize_with = "in_usd")]
    pub mark_change_usd: Value,
    /// Refreshes averages of this age, in seconds; zero for never.
    pub refresh_seconds: u32,
    /// Whether to execute matured requests to leave.
    #[serde(default = "yes")]
    pub execute_requests: bool,
}

const fn yes() -> bool {
    true
}

impl Default for PriorityFeeConfig {
    fn default() -> Self {
        Self { percentile: 75, cap: 100_000 }
    }
}

impl Default for Timing {
    fn default() -> Self {
        Self { round_millis: 1_000, stall_seconds: 10, reconcile_seconds: 300, in_flight: 32, batch: 5, threads: 2 }
    }
}

impl PriorityFeeConfig {
    /// Converts to the sender's type.
    pub const fn priority_fee(self) -> PriorityFee {
        PriorityFee::Percentile { percentile: self.percentile, cap: self.cap }
    }
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// If it cannot be read, has an unknown key, lacks a key, or has an invalid value.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        let malformed = |error| ConfigError::Malformed { path: path.to_owned(), reason: without_keys(&text, &error) };
        toml::from_str::<Self>(&text).map_err(malformed)?.checked()
    }

    fn checked(mut self) -> Result<Self, ConfigError> {
        if self.pools.is_empty() {
            return Err(ConfigError::NoPools);
        }
        let mut addresses: Vec<_> = self.pools.iter().map(|pool| pool.address).collect();
        addresses.sort_unstable();
        if let Some([twice, _]) = addresses.array_windows().find(|[one, next]| one == next) {
            return Err(ConfigError::PoolTwice(*twice));
        }
        let timing = &self.timing;
        for (key, value, least) in [
            ("timing.round_millis", timing.round_millis, 50),
            ("timing.stall_seconds", timing.stall_seconds, 2),
            ("timing.reconcile_seconds", timing.reconcile_seconds, 5),
            ("timing.in_flight", u64::try_from(timing.in_flight).unwrap_or(u64::MAX), 1),
            ("timing.batch", u64::try_from(timing.batch).unwrap_or(u64::MAX), 1),
            ("timing.threads", u64::try_from(timing.threads).unwrap_or(u64::MAX), 1),
        ] {
            if value < least {
                return Err(ConfigError::TooSmall { key, least });
            }
        }
        if let (Ok(rest), Some(home)) = (self.keypair.strip_prefix("~"), std::env::home_dir()) {
            self.keypair = home.join(rest);
        }
        Ok(self)
    }

    /// Returns the cost of a transaction at a price of SOL.
    pub fn transaction_cost(&self, sol: Value) -> Value {
        const LAMPORTS_PER_SOL: u128 = 1_000_000_000;
        let cost = sol.get().saturating_mul(self.transaction_lamports.into()).div_ceil(LAMPORTS_PER_SOL);
        Value::new(cost)
    }
}

/// Formats a parse error without keys: it quotes a line, which may contain a URL.
fn without_keys(file: &str, error: &toml::de::Error) -> String {
    let words = file.split(|letter: char| letter.is_whitespace() || letter == '"' || letter == '\'');
    let urls: Vec<String> = words.filter(|word| word.contains("://")).map(str::to_owned).collect();
    Secrets::of_urls(&urls).hidden_in(&error.to_string())
}

fn decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

fn in_usd<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    let micro_usd = decimal(deserializer)?.units(6);
    let too_fine = || D::Error::custom("write USD with at most six decimal places, at most 18 trillion");
    micro_usd.map(Value::from_micro_usd).ok_or_else(too_fine)
}

fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Address, D::Error> {
    parsed(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

fn addresses<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Address>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    texts.iter().map(|text| parsed(text)).collect::<Result<_, _>>().map_err(D::Error::custom)
}

fn parsed(text: &str) -> Result<Address, String> {
    Address::from_str(text).map_err(|_| format!("{text} is not an address: write it in base 58"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../liquidator.example.toml");

    fn parse(text: &str) -> Result<Config, String> {
        let config = toml::from_str::<Config>(text).map_err(|error| error.to_string())?;
        config.checked().map_err(|error| error.to_string())
    }

    #[test]
    fn example_names_every_key_and_is_valid() {
        let config = parse(EXAMPLE).unwrap();
        assert_eq!(config.pools.len(), 1);
        // 15,000 lamports at 200 USD: 0.003 USD.
        assert_eq!(config.transaction_cost(config.sol_usd), Value::from_micro_usd(3_000));
        for key in [
            "percentile",
            "cap",
            "round_millis",
            "stall_seconds",
            "reconcile_seconds",
            "in_flight",
            "batch",
            "threads",
            "keep",
            "execute_requests",
            "listen",
            "lookup_tables",
        ] {
            assert!(EXAMPLE.contains(&format!("\n{key} = ")), "{key} is not in the example");
        }
    }

    #[test]
    fn defaults_are_those_of_the_example() {
        let documented = parse(EXAMPLE).unwrap();
        let cut = EXAMPLE.split("[priority_fee]").next().unwrap().to_owned()
            + "[[pools]]"
            + EXAMPLE.split("[[pools]]").nth(1).unwrap();
        let defaults = parse(&cut).unwrap();
        assert_eq!(format!("{:?}", documented.timing), format!("{:?}", defaults.timing));
        assert_eq!(format!("{:?}", documented.priority_fee), format!("{:?}", defaults.priority_fee));
    }

    #[test]
    fn unknown_key_is_named() {
        let error = parse(&EXAMPLE.replace("profit_floor_usd", "profit_flor_usd")).unwrap_err();
        assert!(error.contains("unknown field `profit_flor_usd`"), "{error}");
    }

    #[test]
    fn missing_key_is_named() {
        let error = parse(&EXAMPLE.replace("max_repay = ", "# ")).unwrap_err();
        assert!(error.contains("missing field `max_repay`"), "{error}");
    }

    #[test]
    fn number_without_quotes_says_how_to_write_it() {
        let error = parse(&EXAMPLE.replace("sol_usd = \"200\"", "sol_usd = 200.5")).unwrap_err();
        assert!(error.contains("sol_usd") && error.contains("expected a string"), "{error}");
        let error = parse(&EXAMPLE.replace("sol_usd = \"200\"", "sol_usd = \"200 USD\"")).unwrap_err();
        assert!(error.contains("write an amount like"), "{error}");
    }

    #[test]
    fn key_in_a_url_is_not_told_with_the_line_that_is_wrong() {
        let dir = std::env::temp_dir().join(format!("backstop-liquidator-{}.toml", std::process::id()));
        let url = "https://node.example/?api-key=0123-4567-89ab";
        for line in [format!("rpc_url = {url}"), format!("rpc_url = \"{url}"), format!("rpc-url = \"{url}\"")] {
            std::fs::write(&dir, EXAMPLE.replace("rpc_url = \"http://127.0.0.1:8899\"", &line)).unwrap();
            let error = Config::read(&dir).unwrap_err().to_string();
            assert!(error.contains("node.example") && !error.contains("0123-4567"), "{error}");
        }
        std::fs::remove_file(&dir).unwrap();
    }

    #[test]
    fn wrong_address_is_told() {
        let line = EXAMPLE.lines().find(|line| line.starts_with("address = ")).unwrap();
        let error = parse(&EXAMPLE.replace(line, "address = \"pool\"")).unwrap_err();
        assert!(error.contains("pool is not an address"), "{error}");
        let error = parse(&EXAMPLE.replace("lookup_tables = []", "lookup_tables = [\"table\"]")).unwrap_err();
        assert!(error.contains("table is not an address"), "{error}");
    }

    #[test]
    fn no_pool_pool_twice_and_zero_threads_are_refused() {
        let (head, pool) = EXAMPLE.split_once("[[pools]]").unwrap();
        assert!(parse(head).unwrap_err().contains("names no pool"));
        assert!(parse(&format!("{EXAMPLE}\n[[pools]]{pool}")).unwrap_err().contains("twice"));
        assert!(parse(&EXAMPLE.replace("threads = 2", "threads = 0")).unwrap_err().contains("timing.threads"));
    }
}
