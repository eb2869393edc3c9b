//! The bot: what is watched goes into the books, rounds are planned from them, and actions run side by side.

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
use solana_address::Address;
use solana_signer::Signer;
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{MissedTickBehavior, interval, timeout},
};
use tracing::{info, warn};

use crate::{
    act::{self, Outcome},
    book::{Applied, Book, Reading, Received},
    config::{Config, PoolConfig},
    metrics::Metrics,
    plan::{Action, Rules},
    wallet::{Wallet, WalletError},
    watch::{Update, Watch, WatchError},
};

mod round;

/// How long transactions under way are waited for at the end.
const LAST_WAIT: Duration = Duration::from_secs(30);

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
}

/// An action under way.
struct UnderWay {
    pool: Address,
    action: Action,
}

/// Actions that ended, and what they touched as it is now.
struct Done {
    outcomes: Vec<(Address, Outcome)>,
    read: Vec<Received>,
}

/// The bot.
pub struct Bot {
    config: Config,
    sender: Sender,
    dry_run: bool,
    metrics: Metrics,
    wallet: Wallet,
    rules: HashMap<Address, Rules>,
    books: HashMap<Address, Book>,
    clock: Option<Clock>,
    under_way: HashMap<Address, UnderWay>,
    tasks: JoinSet<Done>,
    /// What the last round planned and is not begun yet.
    queue: VecDeque<(Address, Action)>,
    /// Until when not to plan, so that planning leaves time for everything else.
    planned_until: Option<Instant>,
    /// What is left alone, and until when.
    left_alone: HashMap<Address, Instant>,
    again: mpsc::UnboundedSender<Address>,
    watch: Watch,
    /// For the watch, which takes it when it starts.
    listening: Option<mpsc::UnboundedReceiver<Address>>,
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
        let policy = Policy { priority_fee: config.priority_fee.priority_fee(), ..Policy::default() };
        let (owner, timing) = (signer.pubkey(), config.timing);
        let (again, listening) = mpsc::unbounded_channel();
        let watch = Watch {
            cluster: cluster.clone(),
            websocket_url: config.websocket_url.clone(),
            pools: config.pools.iter().map(|pool| pool.address).collect(),
            others: Vec::new(),
            stall: Duration::from_secs(timing.stall_seconds),
            reconcile: Duration::from_secs(timing.reconcile_seconds),
            tick: Duration::from_millis(timing.round_millis),
        };
        let mut rules = HashMap::new();
        for pool in &config.pools {
            let account: Pool = cluster.account(&pool.address).await?;
            rules.insert(pool.address, rules_of(pool, &account, &config)?);
        }
        let mut bot = Self {
            sender: Sender::new(cluster, signer, policy),
            dry_run,
            metrics,
            wallet: Wallet::new(owner),
            rules,
            books: HashMap::new(),
            clock: None,
            under_way: HashMap::new(),
            tasks: JoinSet::new(),
            queue: VecDeque::new(),
            planned_until: None,
            left_alone: HashMap::new(),
            again,
            watch,
            listening: Some(listening),
            config,
        };
        bot.read_everything().await?;
        bot.create_token_accounts().await?;
        Ok(bot)
    }

    /// One reading, one plan, and all of it done.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn once(mut self) -> Result<(), RunError> {
        self.queue = self.plan_round().into();
        self.fill();
        while !self.tasks.is_empty() {
            self.finish_next().await;
            self.fill();
        }
        self.summarise();
        Ok(())
    }

    /// Runs until `stop` is done. Transactions under way are then waited for, but no longer than half a minute: what was sent
    /// either lands by itself or expires, and the next start reads what became of it.
    pub async fn run(mut self, stop: impl Future<Output = ()>) {
        let (updates, mut told) = mpsc::channel(1_024);
        let Some(listening) = self.listening.take() else { return };
        self.watch.others = self.wallet.addresses();
        let watching = tokio::spawn(self.watch.clone().run(updates, listening));
        let mut rounds = interval(self.watch.tick);
        rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        tokio::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => break,
                update = told.recv() => match update {
                    Some(update) => self.take_in(update),
                    None => break,
                },
                Some(done) = self.tasks.join_next(), if !self.tasks.is_empty() => {
                    if let Ok(done) = done {
                        self.finish(done);
                    }
                    self.fill();
                }
                _ = rounds.tick() => self.round(),
            }
        }
        watching.abort();
        info!(under_way = self.under_way.len(), "stopping");
        let _ = timeout(LAST_WAIT, async {
            while !self.tasks.is_empty() {
                self.finish_next().await;
            }
        })
        .await;
        for (target, under_way) in &self.under_way {
            warn!(action = under_way.action.name(), %target, "left under way: it lands or expires by itself");
        }
        self.summarise();
    }

    async fn read_everything(&mut self) -> Result<(), RunError> {
        for pool in self.watch.pools.clone() {
            let reading = self.watch.read(&pool).await?;
            self.take_reading(reading);
        }
        self.clock = Some(self.sender.cluster().clock().await?);
        Ok(())
    }

    async fn create_token_accounts(&mut self) -> Result<(), RunError> {
        self.wallet.learn(self.sender.cluster(), &self.mints()).await?;
        self.read_wallet().await?;
        let missing = self.wallet.missing();
        if missing.is_empty() || self.dry_run {
            return Ok(());
        }
        for some in missing.chunks(4) {
            let failed = |error| RunError::TokenAccounts(Box::new(error));
            let landed = self.sender.send(some, &[]).await.map_err(failed)?;
            info!(signature = %landed.signature, accounts = some.len(), "created token accounts");
        }
        self.read_wallet().await
    }

    /// The mints of the liquidity tokens and the collaterals.
    fn mints(&self) -> Vec<Address> {
        let of_book = |book: &Book| {
            let collaterals = book.collaterals().map(|(_, collateral)| collateral.mint);
            collaterals.chain([book.pool().mint]).collect::<Vec<_>>()
        };
        self.books.values().flat_map(of_book).collect::<BTreeSet<_>>().into_iter().collect()
    }

    async fn read_wallet(&mut self) -> Result<(), RunError> {
        for batch in self.wallet.addresses().chunks(act::READ_AT_ONCE) {
            let read = act::read(self.sender.cluster(), batch).await;
            for received in read.map_err(|error| WatchError::from(Box::new(error)))?.1 {
                self.wallet.apply(&received);
            }
        }
        Ok(())
    }

    fn take_in(&mut self, update: Update) {
        match update {
            Update::Connected => {
                self.metrics.figures().connected = true;
                info!("listening");
            }
            Update::Lost(error) => {
                let mut figures = self.metrics.figures();
                (figures.connected, figures.losses_of_connection) =
                    (false, figures.losses_of_connection.saturating_add(1));
                drop(figures);
                warn!(%error, "connection lost");
            }
            Update::Slot(slot) => self.metrics.figures().slot = Some((slot, Instant::now())),
            Update::Clock(clock) => self.clock = Some(clock),
            Update::Reading(reading) => self.take_reading(*reading),
            Update::Changed(received) => {
                let address = received.address;
                if self.take_account(received) == Applied::Older {
                    let mut figures = self.metrics.figures();
                    figures.older = figures.older.saturating_add(1);
                    let _ = self.again.send(address);
                }
            }
            Update::Read(received) => {
                self.take_account(received);
            }
        }
    }

    fn take_reading(&mut self, reading: Reading) {
        let mut figures = self.metrics.figures();
        figures.readings = figures.readings.saturating_add(1);
        drop(figures);
        match self.books.get_mut(&reading.address) {
            Some(book) => book.merge(reading),
            None => {
                info!(pool = %reading.address, obligations = reading.obligations.len(), slot = reading.slot, "read a pool");
                self.books.insert(reading.address, Book::new(reading));
            }
        }
    }

    fn take_account(&mut self, received: Received) -> Applied {
        if self.wallet.apply(&received) {
            return Applied::Changed;
        }
        let mut outcome = Applied::Foreign;
        for book in self.books.values_mut() {
            match book.apply(received.clone()) {
                Applied::Foreign => {}
                applied => outcome = applied,
            }
        }
        outcome
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
fn rules_of(pool: &PoolConfig, account: &Pool, config: &Config) -> Result<Rules, RunError> {
    let decimals = account.decimals;
    let wrong = |key| RunError::Amount { key, pool: pool.address, decimals };
    Ok(Rules {
        profit_floor: pool.profit_floor_usd,
        transaction_cost: config.transaction_cost(),
        max_repay: Assets::new(pool.max_repay.units(decimals).ok_or_else(|| wrong("max_repay"))?),
        keep: Assets::new(pool.keep.units(decimals).ok_or_else(|| wrong("keep"))?),
        max_collateral: pool.max_collateral_usd,
        provision_change: pool.provision_change_usd,
        refresh_seconds: pool.refresh_seconds,
        threads: config.timing.threads,
    })
}
