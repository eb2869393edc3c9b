//! A cluster with a market, people and their loans.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use backstop_client::{
    AccountData, Obligation, Pool, address,
    oracle::pyth_price_feed,
    preview::Snapshot,
    rpc::{Cluster, Policy, Sender},
    token::associated,
    verb::{self, CollateralKey, PoolKey, PricedHolding, Prices, TOKEN_PROGRAM},
};
use backstop_localnet::{Localnet, Options, PriceFile, SOL, Speed, Token, USDC, belongings, keypair};
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;
use solana_keypair::{Keypair, write_keypair_file};
use solana_signer::Signer;
use tempfile::TempDir;

use crate::bot::{Bot, Node, program};

/// Base units of a whole token.
pub(crate) const WHOLE_USDC: u64 = 1_000_000;
pub(crate) const WHOLE_SOL: u64 = 1_000_000_000;
/// How long anything may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(150);

/// The chain under a stage: its clock stands, or its prices do, until they are told to go on.
pub(crate) trait Chain {
    /// Where it is.
    fn node(&self) -> Node;
    /// Sees to it that somebody of this name has [what they start with](belongings).
    fn enter(&self, name: &str);
    /// Lets the price file run, a day in four seconds.
    fn play(&self);
    /// The moment of the price file whose prices are there: seconds since 1970.
    fn now(&self) -> i64;
}

impl Chain for Localnet {
    fn node(&self) -> Node {
        Node { rpc: self.rpc_url(), websocket: self.websocket_url() }
    }

    fn enter(&self, name: &str) {
        self.put_accounts(belongings(&keypair(name).pubkey())).unwrap();
    }

    fn play(&self) {
        self.set_speed("1d/4s".parse().unwrap()).unwrap();
    }

    fn now(&self) -> i64 {
        self.now().unwrap()
    }
}

/// A chain with the market of the local plan.
pub(crate) struct Stage<C = Localnet> {
    pub(crate) chain: C,
    pub(crate) cluster: Cluster,
    pub(crate) key: PoolKey,
    pub(crate) sol: CollateralKey,
    pub(crate) dir: TempDir,
}

impl Stage {
    /// A local cluster whose clock stands still. Prices follow a file.
    pub(crate) async fn set(prices: PriceFile) -> Self {
        let dir = TempDir::new().unwrap();
        let options = Options {
            dir: Some(dir.path().into()),
            prices: Some(prices),
            speed: Speed::STILL,
            slot_time: Duration::from_millis(100),
            ..Options::default()
        };
        let localnet = tokio::task::spawn_blocking(|| Localnet::start(options).unwrap()).await.unwrap();
        Self::on(localnet, dir)
    }

    /// Makes debts count as too recent to be recorded for so many slots: fifteen seconds are 150.
    pub(crate) async fn set_default_age(&self, slots: u32) {
        let read = self.cluster.get_raw(&[self.key.pool]).await.unwrap();
        let mut account = read[0].clone().unwrap();
        let mut pool = Pool::from_account_data(&account.data).unwrap();
        pool.parameters.loss.min_default_age_slots = slots;
        account.data = pool.to_account_data();
        self.chain.put_accounts(vec![(self.key.pool, account)]).unwrap();
    }
}

impl<C: Chain> Stage<C> {
    /// Makes the market on a chain whose actors' keypairs are in a folder.
    pub(crate) fn on(chain: C, dir: TempDir) -> Self {
        let cluster = Cluster::new(&chain.node().rpc, CommitmentConfig::confirmed());
        let key = PoolKey::new(address::market(&keypair("authority").pubkey(), 0), USDC.mint());
        let sol = CollateralKey::new(&key.pool, SOL.mint());
        let stage = Self { chain, cluster, key, sol, dir };
        stage.command("authority", &["migrate", "--plan", "localnet"]);
        stage
    }

    pub(crate) fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// Runs `backstop` as one of the actors.
    pub(crate) fn command(&self, who: &str, words: &[&str]) -> String {
        backstop(&self.chain.node().rpc, &self.keypair_file(who), words)
    }

    fn keypair_file(&self, name: &str) -> PathBuf {
        self.folder().join(format!("{name}.json"))
    }

    /// Somebody with [what everybody starts with](belongings).
    fn enter(&self, name: &str) -> Keypair {
        self.chain.enter(name);
        let keypair = keypair(name);
        write_keypair_file(&keypair, self.keypair_file(name)).unwrap();
        keypair
    }

    fn prices(&self) -> Prices {
        let price = |token: &Token| pyth_price_feed(&token.feed).into();
        Prices { liquidity: price(&USDC), holdings: vec![PricedHolding { key: self.sol, price: price(&SOL) }] }
    }

    /// Somebody enters, puts up whole SOL and borrows whole USDC.
    pub(crate) async fn borrow(&self, name: &str, sol: u64, usdc: u64) -> Address {
        let keypair = self.enter(name);
        let owner = keypair.pubkey();
        let wallet = |token: &Token| associated(&owner, &token.mint(), &TOKEN_PROGRAM);
        let obligation = address::obligation(&self.key.pool, &owner);
        let prices = self.prices();
        let instructions = [
            verb::open_obligation(&self.key, owner, owner),
            verb::deposit_collateral(&self.sol, obligation, owner, wallet(&SOL), sol * WHOLE_SOL),
            verb::borrow(&self.key, owner, wallet(&USDC), &prices, usdc * WHOLE_USDC),
        ];
        let sender = Sender::new(self.cluster.clone(), Arc::new(keypair), Policy::default());
        sender.send(&instructions, &[]).await.unwrap();
        obligation
    }

    /// A bot of this owner at the cluster itself.
    pub(crate) fn bot(&self, owner: &str) -> Bot {
        Bot::start(self.folder(), owner, &self.chain.node(), &self.key.pool, &[])
    }

    /// Everything that previews read, now.
    pub(crate) async fn snapshot(&self) -> Snapshot {
        self.cluster.snapshot(&self.key.pool).await.unwrap()
    }

    pub(crate) async fn obligations(&self) -> Vec<(Address, Obligation)> {
        self.cluster.all(Some(&self.key.pool)).await.unwrap()
    }

    /// The obligations that the engine, on the chain's own accounts, says could be liquidated or recorded now.
    pub(crate) async fn bad(&self) -> Vec<Address> {
        let (snapshot, obligations) = (self.snapshot().await, self.obligations().await);
        let is_bad = |obligation: &Obligation| {
            obligation.debt_shares != 0 && snapshot.valuation(obligation).unwrap().health.is_liquidatable().unwrap()
        };
        obligations.into_iter().filter(|(_, obligation)| is_bad(obligation)).map(|(address, _)| address).collect()
    }

    pub(crate) async fn obligation(&self, address: &Address) -> Obligation {
        self.cluster.account(address).await.unwrap()
    }

    /// What a wallet holds.
    pub(crate) async fn wallet(&self, owner: &Address, token: &Token) -> u64 {
        self.balance(&associated(owner, &token.mint(), &TOKEN_PROGRAM)).await
    }

    pub(crate) async fn balance(&self, account: &Address) -> u64 {
        let read = self.cluster.get_raw(&[*account]).await.unwrap();
        backstop_client::token::amount(&read[0].as_ref().unwrap().data).unwrap()
    }

    /// Waits until something holds.
    pub(crate) async fn until(&self, what: &str, mut holds: impl AsyncFnMut(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds(self).await {
            assert!(Instant::now() < deadline, "waited in vain until {what}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Waits until no obligation is bad.
    pub(crate) async fn until_good(&self, bots: &[&Bot]) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let bad = self.bad().await;
            if bad.is_empty() {
                return;
            }
            let logs = || bots.iter().map(|bot| bot.log()).collect::<Vec<_>>().join("\n");
            assert!(Instant::now() < deadline, "still bad: {bad:?}\n{}", logs());
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

/// Runs `backstop`, and returns what it said.
pub(crate) fn backstop(url: &str, keypair: &Path, words: &[&str]) -> String {
    let output = Command::new(program("backstop"))
        .args(["--url", url, "--yes", "--keypair"])
        .arg(keypair)
        .args(words)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{words:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
    said
}
