//! Watches the cluster: reads everything once, then follows subscriptions, and rereads after every gap. Prices and the
//! clock are read together at an interval, because whether a price is usable depends on both.
//!
//! A session subscribes first and then reads, so it misses nothing. It ends when the WebSocket closes or goes silent.
//! The next one starts after a growing delay. Without a WebSocket, each attempt reads everything by request. Unanswered
//! requests end no session: subscriptions continue, and failed reads are retried.

use std::{collections::BTreeSet, time::Duration};

use backstop_client::{
    Collateral, InsuranceFund, InsuranceStake, LpPosition, Obligation, Pool,
    rpc::{Clock, Cluster, ReadError},
};
use solana_address::Address;
use solana_pubsub_client::nonblocking::pubsub_client::PubsubClientError;
use solana_rpc_client_api::client_error::Error as ClientError;
use solana_sdk_ids::sysvar;
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};

use crate::{
    act,
    book::{Reading, Received},
};

mod session;
mod subscribe;

/// The pause after a failed session. It doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// An update for the bot.
#[derive(Debug)]
pub enum Update {
    /// Subscriptions are active and everything has been read since.
    Connected,
    /// The session ended, or could not start, and why.
    Lost(WatchError),
    /// Everything was read by request, for lack of a WebSocket.
    Polled,
    /// A request failed and will be retried.
    Failed(WatchError),
    /// All accounts of a pool.
    Reading(Box<Reading>),
    /// An account changed.
    Changed(Received),
    /// An account was reread.
    Read(Received),
    /// The cluster reached a slot.
    Slot(u64),
    /// The chain's clock, with all prices at that time.
    Now {
        /// The clock.
        clock: Clock,
        /// The price accounts.
        prices: Vec<Received>,
    },
}

/// A request from the bot to the watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Reread an account.
    Read(Address),
    /// Watch one more account.
    Watch(Address),
}

/// Why a session ended, or a request failed.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// An account could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The node did not answer a request.
    #[error("the node does not answer: {0}")]
    Rpc(#[from] Box<ClientError>),
    /// The node took too long to answer a request.
    #[error("the node {url} did not answer within {} s; check rpc_url", .within.as_secs())]
    Slow {
        /// Its URL.
        url: String,
        /// How long it had.
        within: Duration,
    },
    /// The WebSocket failed.
    #[error("the WebSocket {url} failed: {source}; check websocket_url")]
    WebSocket {
        /// Its URL.
        url: String,
        /// What happened.
        source: Box<PubsubClientError>,
    },
    /// The WebSocket was silent for too long, or closed.
    #[error("the WebSocket {url} closed or went silent")]
    Silent {
        /// Its URL.
        url: String,
    },
    /// The bot has ended.
    #[error("the bot has ended")]
    Unheard,
}

impl WatchError {
    /// Returns whether the WebSocket is the cause.
    const fn is_of_websocket(&self) -> bool {
        matches!(self, Self::WebSocket { .. } | Self::Silent { .. })
    }
}

/// What to watch.
#[derive(Clone, Debug)]
pub struct Watch {
    /// The cluster to read from.
    pub cluster: Cluster,
    /// The URL for subscriptions.
    pub websocket_url: String,
    /// The pools.
    pub pools: Vec<Address>,
    /// The pools whose positions and stakes are watched, too.
    pub leavers_of: Vec<Address>,
    /// Other accounts: the bot's own.
    pub others: Vec<Address>,
    /// The time of silence after which a session ends.
    pub stall: Duration,
    /// The interval for rereading everything.
    pub reconcile: Duration,
    /// The interval for reading the clock and the prices.
    pub tick: Duration,
}

impl Watch {
    /// Watches until the receiver of updates closes, and serves wishes meanwhile.
    pub async fn run(mut self, updates: mpsc::Sender<Update>, mut wishes: mpsc::UnboundedReceiver<Wish>) {
        let mut pause = FIRST_PAUSE;
        loop {
            let mut connected = false;
            let Err(error) = self.session(&updates, &mut wishes, &mut connected).await;
            if connected {
                pause = FIRST_PAUSE;
            }
            let deaf = !connected && error.is_of_websocket();
            if updates.send(Update::Lost(error)).await.is_err() {
                return;
            }
            if deaf && let Err(error) = self.poll(&updates).await {
                // If the bot has ended, the next session notices.
                let _ = updates.send(Update::Failed(error)).await;
            }
            sleep(pause).await;
            pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
        }
    }

    /// Reads all accounts of a pool except its prices, with a slot that no account is older than.
    ///
    /// # Errors
    /// If the node does not answer, or the pool does not exist.
    pub async fn read(&self, pool: &Address) -> Result<Reading, WatchError> {
        let cluster = &self.cluster;
        let slot = cluster.rpc().get_slot_with_commitment(cluster.commitment()).await;
        let slot = slot.map_err(|error| Box::new(cluster.without_keys(error)))?;
        let address = *pool;
        let pool: Pool = cluster.account(pool).await?;
        let fund: InsuranceFund = cluster.account(&pool.insurance_fund).await?;
        let collaterals: Vec<(Address, Collateral)> = cluster.all(Some(&address)).await?;
        let obligations: Vec<(Address, Obligation)> = cluster.all(Some(&address)).await?;
        let (positions, stakes) = if self.leavers_of.contains(&address) {
            let positions = cluster.all::<LpPosition>(Some(&address)).await?;
            (positions, cluster.all::<InsuranceStake>(Some(&pool.insurance_fund)).await?)
        } else {
            (Vec::new(), Vec::new())
        };
        Ok(Reading { address, slot, pool, fund, collaterals, obligations, positions, stakes })
    }

    /// Reads everything by request.
    async fn poll(&self, updates: &mpsc::Sender<Update>) -> Result<(), WatchError> {
        let prices = self.read_all(updates).await?;
        send(updates, self.now(prices).await?).await?;
        send(updates, Update::Polled).await
    }

    /// Reads all pools and the bot's own accounts. Returns the addresses of the prices.
    async fn read_all(&self, updates: &mpsc::Sender<Update>) -> Result<BTreeSet<Address>, WatchError> {
        let mut places = BTreeSet::new();
        for pool in &self.pools {
            let reading = self.read(pool).await?;
            places.extend(reading.price_places());
            send(updates, Update::Reading(Box::new(reading))).await?;
        }
        for received in self.read_accounts(&self.others).await? {
            send(updates, Update::Read(received)).await?;
        }
        Ok(places)
    }

    async fn read_accounts(&self, addresses: &[Address]) -> Result<Vec<Received>, WatchError> {
        let mut received = Vec::with_capacity(addresses.len());
        for batch in addresses.chunks(act::READ_AT_ONCE) {
            received.extend(act::read(&self.cluster, batch).await.map_err(Box::new)?.1);
        }
        Ok(received)
    }

    /// Reads the clock and these prices. They are from the same slot if they fit one request.
    ///
    /// # Errors
    /// If the node does not answer in time.
    pub async fn now(&self, prices: impl IntoIterator<Item = Address>) -> Result<Update, WatchError> {
        let slow = |_| WatchError::Slow { url: self.cluster.url(), within: self.stall };
        let addresses: Vec<_> = std::iter::once(sysvar::clock::ID).chain(prices).collect();
        let mut read = timeout(self.stall, self.read_accounts(&addresses)).await.map_err(slow)??.into_iter();
        let clock = read.next().and_then(|account| Clock::from_account_data(&account.data));
        let clock = clock.ok_or_else(|| ReadError::Malformed { what: "clock", url: self.cluster.url() })?;
        Ok(Update::Now { clock, prices: read.collect() })
    }
}

async fn send(updates: &mpsc::Sender<Update>, update: Update) -> Result<(), WatchError> {
    updates.send(update).await.map_err(|_| WatchError::Unheard)
}
