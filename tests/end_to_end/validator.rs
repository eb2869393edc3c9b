//! The real validator. It starts with the accounts that a local cluster starts with; its clock is the machine's, and
//! its prices are written by a program that stands where Pyth's receiver does.

use std::{
    fs::{self, File},
    path::Path,
    process::{Child, Command},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use backstop_client::{
    oracle::Network,
    rpc::{Cluster, Policy, Sender},
};
use backstop_localnet::{ACTORS, PriceFile, TOKENS, genesis_accounts, keypair, price_update};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::json;
use solana_account::Account;
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;
use solana_instruction::{AccountMeta, Instruction};
use solana_keypair::write_keypair_file;
use solana_signer::Signer;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::{
    bot::Node,
    fixtures::{Chain, Stage, backstop},
};

/// Says where the validator is.
const VALIDATOR: &str = "SOLANA_TEST_VALIDATOR";
/// Where it answers; WebSocket is the next port.
const RPC_PORT: u16 = 28_899;
const FAUCET_PORT: u16 = 29_900;
/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(120);
/// Seconds of the price file in a second: a day in four.
const SPEED: i64 = 21_600;

/// A running validator. It ends when dropped.
pub(crate) struct Validator {
    process: Child,
    node: Node,
    played: Arc<Played>,
    publisher: JoinHandle<()>,
}

impl Validator {
    /// A stage on a validator that these people have tokens on, besides the actors. Prices follow a file.
    ///
    /// The program comes there as it comes anywhere: `backstop deploy` upgrades another one, which is smaller.
    pub(crate) async fn stage(prices: PriceFile, people: &[String]) -> Stage<Self> {
        let dir = TempDir::new().unwrap();
        let names: Vec<&str> = ACTORS.into_iter().chain(people.iter().map(String::as_str)).collect();
        for name in ACTORS {
            write_keypair_file(&keypair(name), dir.path().join(format!("{name}.json"))).unwrap();
        }
        let validator = Self::start(dir.path(), &names, prices).await;
        backstop(&validator.node.rpc, &dir.path().join("authority.json"), &["deploy", &artifact("backstop")]);
        Stage::on(validator, dir)
    }

    async fn start(dir: &Path, names: &[&str], prices: PriceFile) -> Self {
        let (accounts, log) = (dir.join("accounts"), dir.join("validator.log"));
        fs::create_dir(&accounts).unwrap();
        let published = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs().try_into().unwrap();
        let first =
            TOKENS.map(|token| (token.price_account(), price_update(&token.feed, &token.first_price, published)));
        for (address, account) in genesis_accounts(names).into_iter().chain(first) {
            fs::write(accounts.join(format!("{address}.json")), account_file(&address, &account)).unwrap();
        }
        let process = Command::new(std::env::var_os(VALIDATOR).unwrap_or_else(|| panic!("{VALIDATOR} is not set")))
            .args(["--quiet", "--ledger"])
            .arg(dir.join("ledger"))
            // On a fresh ledger at slot zero, versioned transactions do not land for half a minute.
            .args([
                "--warp-slot",
                "100",
                "--rpc-port",
                &RPC_PORT.to_string(),
                "--faucet-port",
                &FAUCET_PORT.to_string(),
            ])
            .arg("--account-dir")
            .arg(&accounts)
            .args(["--bpf-program", &Network::Pyth.programs()[0].to_string(), &artifact("price-writer")])
            .args(["--upgradeable-program", &backstop_client::PROGRAM_ID.to_string(), &artifact("price-writer")])
            .arg(keypair("authority").pubkey().to_string())
            .stdout(File::create(&log).unwrap())
            .stderr(File::create(dir.join("validator.err")).unwrap())
            .spawn()
            .unwrap();
        let node =
            Node { rpc: format!("http://127.0.0.1:{RPC_PORT}"), websocket: format!("ws://127.0.0.1:{}", RPC_PORT + 1) };
        let played = Arc::new(Played { start: prices.start(), ..Played::default() });
        let cluster = Cluster::new(&node.rpc, CommitmentConfig::confirmed());
        let publisher = tokio::spawn(publish(cluster, prices, Arc::clone(&played)));
        let validator = Self { process, node, played, publisher };
        let deadline = Instant::now() + PATIENCE;
        while validator.now() == 0 {
            assert!(Instant::now() < deadline, "{}", fs::read_to_string(&log).unwrap());
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        validator
    }
}

impl Chain for Validator {
    fn node(&self) -> Node {
        self.node.clone()
    }

    /// Everybody has been there since genesis.
    fn enter(&self, _name: &str) {}

    fn play(&self) {
        self.played.since.set(Instant::now()).unwrap();
    }

    fn now(&self) -> i64 {
        self.played.published.load(Ordering::Relaxed)
    }
}

impl Drop for Validator {
    fn drop(&mut self) {
        self.publisher.abort();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// How far the price file has been played.
#[derive(Default)]
struct Played {
    start: i64,
    since: OnceLock<Instant>,
    /// The moment whose prices the chain has.
    published: AtomicI64,
}

impl Played {
    fn now(&self) -> i64 {
        self.start + self.since.get().map_or(0, |since| i64::try_from(since.elapsed().as_secs()).unwrap() * SPEED)
    }
}

/// Writes the prices of the file again and again, as of the validator's clock.
async fn publish(cluster: Cluster, prices: PriceFile, played: Arc<Played>) {
    let sender = Sender::new(cluster.clone(), Arc::new(keypair("faucet")), Policy::default());
    loop {
        let moment = played.now();
        // Nobody answers while it starts.
        if let Ok(clock) = cluster.clock().await {
            let writes = TOKENS.map(|token| {
                let reported = prices.at(moment).find(|(symbol, _)| *symbol == token.symbol);
                let price = reported.map_or(token.first_price, |(_, price)| price);
                let contents = price_update(&token.feed, &price, clock.unix_timestamp).data;
                let account = AccountMeta::new(token.price_account(), false);
                Instruction { program_id: Network::Pyth.programs()[0], accounts: vec![account], data: contents }
            });
            match sender.send(&writes, &[]).await {
                Ok(_) => played.published.store(moment, Ordering::Relaxed),
                Err(error) => eprintln!("no new prices: {error}"),
            }
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// A program of this repository.
fn artifact(name: &str) -> String {
    format!("{}/../artifacts/{name}.so", env!("CARGO_MANIFEST_DIR"))
}

/// An account as the validator reads it from a file.
fn account_file(address: &Address, account: &Account) -> String {
    let data = (BASE64_STANDARD.encode(&account.data), "base64");
    json!({
        "pubkey": address.to_string(),
        "account": {
            "lamports": account.lamports,
            "data": data,
            "owner": account.owner.to_string(),
            "executable": account.executable,
            "rentEpoch": account.rent_epoch,
        },
    })
    .to_string()
}
