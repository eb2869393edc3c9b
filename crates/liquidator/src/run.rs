//! The bot's loop: updates go into the books, rounds are planned from them, and actions run concurrently.

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

/// How long transactions under way are waited for at the end.
const LAST_WAIT: Duration = Duration::from_secs(30);
/// For how long a bot that runs once waits until it is known what became of a transaction.
const ONCE_PATIENCE: Duration = Duration::from_secs(120);

/// Why the bot cannot start or go on.
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
    /// A limit cannot be told in base units of the token.
    #[error(
        "{key} of the pool {pool} has more places than its token's {decimals} decimals, or is too large: change it"
    )]
    Amount {
        /// The key.
        key: &'static str,
        /// The pool.
        pool: Address,
        /// The decimals of its token.
        decimals: u8,
    },
    /// The part of the bot that watches has ended.
    #[error("the bot no longer watches the cluster, which is a fault of the bot: start it anew and report the log")]
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
    /// What the last round planned and has not begun yet.
    queue: VecDeque<Planned>,
    /// Until when not to plan, so that planning leaves time for everything else.
    planned_until: Option<Instant>,
    /// What is not to be touched now, and until when.
    paused: HashMap<Address, Paused>,
    /// What does not fit into a transaction, and until when that is believed.
    too_large: HashMap<Address, Instant>,
    /// What was told already.
    reported: Told,
    /// Whether the last request for accounts failed.
    unanswered: bool,
    wishes: mpsc::UnboundedSender<Wish>,
    watch: Watch,
    /// For the watch, which takes it when it starts.
    listening: Option<mpsc::UnboundedReceiver<Wish>>,
    /// Token accounts are being opened.
    opening: Option<JoinHandle<Opened>>,
    /// Until when not to try that again.
    opened_until: Option<Instant>,
}

impl Bot {
    /// Reads the pools' parameters and opens the wallet, creating the token accounts that are missing.
    ///
    /// # Errors
    /// If the node does not answer, a pool is not there, or the accounts cannot be created.
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

    /// One reading, one plan, and all of it done.
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

    /// Runs until `stop` is done. Transactions under way are then waited for, but no longer than half a minute: what
    /// was sent either lands by itself or expires, and the next start reads what became of it.
    ///
    /// # Errors
    /// If it ends without having been asked to.
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
            warn!(action = in_flight.action.name(), %target, "left under way: it lands or expires by itself");
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

/// What the bot may do in a pool, in base units of its token.
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
