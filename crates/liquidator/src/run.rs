//! The bot's loop: applies updates to the books, plans rounds from them, and runs actions concurrently.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

use backstop_client::{
    Pool,
    rpc::{Clock, Cluster, Policy, ReadError, SendError, Sender},
};
use backstop_engine::quantity::Assets;
use futures_util::future::OptionFuture;
use solana_address::Address;
use solana_signer::Signer;
use tokio::{
    sync::mpsc,
    task::{JoinHandle, JoinSet},
    time::timeout,
};
use tracing::{info, warn};

use crate::{
    act::Executor,
    book::Book,
    config::{Config, PoolConfig},
    metrics::Metrics,
    plan::Rules,
    wallet::{Wallet, WalletError},
    watch::{Watch, WatchError, Wish},
};

mod in_flight;
mod intake;
mod open;
mod reported;
mod round;

use in_flight::{Done, InFlight, Paused, Planned};
use open::Opened;
use reported::Told;

/// How long to wait for actions in flight when the bot stops.
const LAST_WAIT: Duration = Duration::from_secs(30);
/// How long `--once` waits for the outcome of a transaction.
const ONCE_PATIENCE: Duration = Duration::from_secs(120);

/// Why the bot cannot start or continue.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The cluster could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The cluster could not be watched.
    #[error(transparent)]
    Watch(#[from] WatchError),
    /// The wallet could not be opened.
    #[error(transparent)]
    Wallet(#[from] WalletError),
    /// Token accounts could not be created.
    #[error("the bot's token accounts could not be created: {0}")]
    TokenAccounts(#[source] Box<SendError>),
    /// A limit cannot be expressed in base units of the token.
    #[error("{key} of the pool {pool} has more decimal places than its token ({decimals}), or is too large: change it")]
    Amount {
        /// The key.
        key: &'static str,
        /// The pool.
        pool: Address,
        /// The decimals of its token.
        decimals: u8,
    },
    /// The watch has ended.
    #[error("the bot stopped watching the cluster, which is a bug: restart it and report the log")]
    Blind,
}

/// The bot.
pub struct Bot {
    config: Config,
    hands: Executor,
    metrics: Metrics,
    wallet: Wallet,
    rules: HashMap<Address, Rules>,
    books: HashMap<Address, Book>,
    /// The chain's clock.
    clock: Option<Clock>,
    in_flight: HashMap<Address, InFlight>,
    tasks: JoinSet<Done>,
    /// Actions that the last round planned and that have not started.
    queue: VecDeque<Planned>,
    /// No planning before this instant, so that planning leaves time for everything else.
    planned_until: Option<Instant>,
    /// Targets to leave alone, and until when.
    paused: HashMap<Address, Paused>,
    /// Obligations too large for a transaction, and until when to assume so.
    too_large: HashMap<Address, Instant>,
    /// Reports already logged.
    reported: Told,
    /// Whether the last request for accounts failed.
    unanswered: bool,
    wishes: mpsc::UnboundedSender<Wish>,
    watch: Watch,
    /// The receiver that the watch takes when it starts.
    listening: Option<mpsc::UnboundedReceiver<Wish>>,
    /// The task that opens token accounts.
    opening: Option<JoinHandle<Opened>>,
    /// No further attempt before this instant.
    opened_until: Option<Instant>,
}

impl Bot {
    /// Reads the pools and opens the wallet, creating missing token accounts.
    ///
    /// # Errors
    /// If the node does not answer, a pool does not exist, a limit does not fit its token, or the accounts cannot be
    /// created.
    pub async fn start(
        config: Config,
        cluster: Cluster,
        signer: Arc<dyn Signer + Send + Sync>,
        dry_run: bool,
        metrics: Metrics,
    ) -> Result<Self, RunError> {
        let policy = Policy {
            priority_fee: config.priority_fee.priority_fee(),
            lookup_tables: cluster.lookup_tables(&config.lookup_tables).await?,
            ..Policy::default()
        };
        let (owner, timing) = (signer.pubkey(), config.timing);
        let (wishes, listening) = mpsc::unbounded_channel();
        let watch = Watch {
            cluster: cluster.clone(),
            websocket_url: config.websocket_url.clone(),
            pools: config.pools.iter().map(|pool| pool.address).collect(),
            leavers_of: config.pools.iter().filter(|pool| pool.execute_requests).map(|pool| pool.address).collect(),
            others: Vec::new(),
            stall: Duration::from_secs(timing.stall_seconds),
            reconcile: Duration::from_secs(timing.reconcile_seconds),
            tick: Duration::from_millis(timing.round_millis),
        };
        let mut rules = HashMap::new();
        for pool in &config.pools {
            let account: Pool = cluster.account(&pool.address).await?;
            rules.insert(pool.address, rules_of(pool, &account, &config, owner)?);
        }
        let mut bot = Self {
            hands: Executor { sender: Sender::new(cluster, signer, policy), dry_run, patience: Duration::MAX },
            metrics,
            wallet: Wallet::new(owner),
            rules,
            books: HashMap::new(),
            clock: None,
            in_flight: HashMap::new(),
            tasks: JoinSet::new(),
            queue: VecDeque::new(),
            planned_until: None,
            paused: HashMap::new(),
            too_large: HashMap::new(),
            reported: Told::default(),
            unanswered: false,
            wishes,
            watch,
            listening: Some(listening),
            opening: None,
            opened_until: None,
            config,
        };
        bot.read_everything().await?;
        let opened = open::open(bot.hands.clone(), bot.wallet.clone(), bot.mints()).await;
        bot.wallet.merge(opened.wallet);
        opened.result?;
        Ok(bot)
    }

    /// Plans one round and executes all of it.
    pub async fn once(mut self) {
        self.hands.patience = ONCE_PATIENCE;
        self.queue = self.plan_round().into();
        self.fill();
        while !self.tasks.is_empty() {
            self.finish_next().await;
            self.fill();
        }
        self.summarise();
    }

    /// Runs until `stop` completes. Then waits at most half a minute for transactions in flight. A sent transaction
    /// lands or expires without the bot, and the next start reads the result.
    ///
    /// # Errors
    /// If it ends before `stop` completes.
    pub async fn run(mut self, stop: impl Future<Output = ()>) -> Result<(), RunError> {
        let (updates, mut reported) = mpsc::channel(1_024);
        let listening = self.listening.take().ok_or(RunError::Blind)?;
        self.watch.others = self.wallet.addresses();
        let watching = tokio::spawn(self.watch.clone().run(updates, listening));
        tokio::pin!(stop);
        let ended = loop {
            tokio::select! {
                () = &mut stop => break Ok(()),
                update = reported.recv() => match update {
                    Some(update) => self.take_in(update),
                    None => break Err(RunError::Blind),
                },
                Some(done) = self.tasks.join_next_with_id(), if !self.tasks.is_empty() => {
                    self.finish(done);
                    self.fill();
                }
                Some(opened) = OptionFuture::from(self.opening.as_mut()), if self.opening.is_some() => {
                    self.opening = None;
                    self.take_opened(opened);
                }
            }
        };
        watching.abort();
        info!(in_flight = self.in_flight.len(), "stopping");
        let _ = timeout(LAST_WAIT, async {
            while !self.tasks.is_empty() {
                self.finish_next().await;
            }
        })
        .await;
        for (target, in_flight) in &self.in_flight {
            warn!(action = in_flight.action.name(), %target, "still in flight: it lands or expires");
        }
        self.summarise();
        ended
    }

    async fn read_everything(&mut self) -> Result<(), RunError> {
        let mut prices = BTreeSet::new();
        for pool in self.watch.pools.clone() {
            let reading = self.watch.read(&pool).await?;
            prices.extend(reading.price_places());
            self.take_reading(reading);
        }
        let now = self.watch.now(prices).await?;
        self.take_in(now);
        Ok(())
    }

    fn summarise(&self) {
        let figures = self.metrics.figures();
        for ((action, outcome), total) in &figures.actions {
            info!(action, outcome, total, "in all");
        }
        info!(readings = figures.readings, connections_lost = figures.losses_of_connection, "ended");
    }
}

/// Returns the rules of a pool, in base units of its token.
fn rules_of(pool: &PoolConfig, account: &Pool, config: &Config, owner: Address) -> Result<Rules, RunError> {
    let decimals = account.decimals;
    let wrong = |key| RunError::Amount { key, pool: pool.address, decimals };
    Ok(Rules {
        profit_floor: pool.profit_floor_usd,
        transaction_cost: config.transaction_cost(config.sol_usd),
        max_repay: Assets::new(pool.max_repay.units(decimals).ok_or_else(|| wrong("max_repay"))?),
        keep: Assets::new(pool.keep.units(decimals).ok_or_else(|| wrong("keep"))?),
        max_collateral: pool.max_collateral_usd,
        mark_change: pool.mark_change_usd,
        refresh_seconds: pool.refresh_seconds,
        threads: config.timing.threads,
        owner,
    })
}
