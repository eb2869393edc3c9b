//! A local cluster with a market, people and their loans.

use std::{
    path::Path,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use backstop_client::{
    AccountData, Collateral, InsuranceFund, Obligation, Pool, address,
    oracle::{PriceAccount, pyth_price_feed},
    preview::{PricedCollateral, Snapshot},
    rpc::{Cluster, Policy, Sender},
    token::associated,
    verb::{self, CollateralKey, PoolKey, PricedHolding, Prices, TOKEN_PROGRAM},
};
use backstop_localnet::{Localnet, Options, PriceFile, SOL, Speed, Token, USDC, keypair};
use backstop_testkit::accounts;
use solana_account::Account;
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

pub(crate) struct Stage {
    pub(crate) localnet: Localnet,
    pub(crate) cluster: Cluster,
    pub(crate) key: PoolKey,
    pub(crate) sol: CollateralKey,
    pub(crate) dir: TempDir,
}

impl Stage {
    /// A cluster whose clock stands still, with the market of the local plan. Prices follow these lines.
    pub(crate) async fn set(prices: &str) -> Self {
        let dir = TempDir::new().unwrap();
        let options = Options {
            dir: Some(dir.path().into()),
            prices: Some(PriceFile::parse(prices).unwrap()),
            speed: Speed::STILL,
            slot_time: Duration::from_millis(100),
            ..Options::default()
        };
        let localnet = tokio::task::spawn_blocking(|| Localnet::start(options).unwrap()).await.unwrap();
        let cluster = Cluster::new(&localnet.rpc_url(), CommitmentConfig::confirmed());
        let key = PoolKey::new(address::market(0), USDC.mint());
        let sol = CollateralKey::new(&key.pool, SOL.mint());
        let stage = Self { localnet, cluster, key, sol, dir };
        stage.command("authority", &["migrate", "--plan", "localnet"]);
        stage
    }

    pub(crate) fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// Makes debts count as too recent to be recorded for so many slots: fifteen seconds are 150.
    pub(crate) async fn set_default_age(&self, slots: u64) {
        let read = self.cluster.raw(&[self.key.pool]).await.unwrap();
        let mut account = read[0].clone().unwrap();
        let mut pool = Pool::from_account_data(&account.data).unwrap();
        pool.parameters.loss.min_default_age_slots = slots;
        account.data = pool.to_account_data();
        self.localnet.put_accounts(vec![(self.key.pool, account)]).unwrap();
    }

    /// Runs `backstop` as one of the actors.
    pub(crate) fn command(&self, who: &str, words: &[&str]) -> String {
        let output = Command::new(program("backstop"))
            .args(["--url", &self.localnet.rpc_url(), "--yes", "--keypair"])
            .arg(self.folder().join(format!("{who}.json")))
            .args(words)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{words:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }

    /// Somebody with lamports, 1,000,000 USDC and 100,000 SOL.
    pub(crate) fn enter(&self, name: &str) -> Keypair {
        let keypair = keypair(name);
        let owner = keypair.pubkey();
        let token = |token: &Token, amount| {
            (associated(&owner, &token.mint(), &TOKEN_PROGRAM), accounts::token(&token.mint(), &owner, amount))
        };
        let lamports = Account { lamports: 100 * WHOLE_SOL, ..Account::default() };
        let all = vec![(owner, lamports), token(&USDC, 1_000_000 * WHOLE_USDC), token(&SOL, 100_000 * WHOLE_SOL)];
        self.localnet.put_accounts(all).unwrap();
        write_keypair_file(&keypair, self.folder().join(format!("{name}.json"))).unwrap();
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

    pub(crate) fn node(&self) -> Node {
        Node { rpc: self.localnet.rpc_url(), websocket: self.localnet.websocket_url() }
    }

    /// A bot of this owner at the cluster itself.
    pub(crate) fn bot(&self, owner: &str) -> Bot {
        Bot::start(self.folder(), owner, &self.node(), &self.key.pool)
    }

    /// Everything that previews read, now.
    pub(crate) async fn snapshot(&self) -> Snapshot {
        let clock = self.cluster.clock().await.unwrap();
        let pool: Pool = self.cluster.account(&self.key.pool).await.unwrap();
        let fund: InsuranceFund = self.cluster.account(&self.key.insurance_fund).await.unwrap();
        let collateral: Collateral = self.cluster.account(&self.sol.collateral).await.unwrap();
        let places = [pyth_price_feed(&USDC.feed), pyth_price_feed(&SOL.feed)];
        let read = self.cluster.raw(&places).await.unwrap();
        let quote = |index: usize, oracle: &backstop_client::OracleParameters| {
            let account: &Account = read[index].as_ref().unwrap();
            let price = PriceAccount { address: &places[index], owner: &account.owner, data: &account.data };
            oracle.terms().quote(&price, None, clock.unix_timestamp).map_err(Into::into)
        };
        let (price, sol) = (quote(0, &pool.parameters.oracle), quote(1, &collateral.parameters.oracle));
        let collaterals = vec![PricedCollateral { address: self.sol.collateral, account: collateral, price: sol }];
        Snapshot { now: clock.unix_timestamp, slot: clock.slot, pool, fund, price, collaterals }
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
        let read = self.cluster.raw(&[*account]).await.unwrap();
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
