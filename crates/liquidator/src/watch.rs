//! Watching the cluster: everything is read once, then told of by subscription, and read again after every gap.
//!
//! A session subscribes first and reads then, so that nothing falls between. It ends when the WebSocket closes or falls
//! silent, or when a pool has come to use a price account that is not subscribed to; the next one begins after a pause that
//! grows while none succeeds. What is told carries its slot; the book leaves out what is older than what it knows. Some nodes
//! tell the slot of the subscription instead of the account's: what they tell then looks old, and the account is read.

use std::{collections::BTreeSet, time::Duration};

use backstop_client::{
    AccountData, Collateral, InsuranceFund, Obligation, PROGRAM_ID, Pool, address,
    rpc::{Clock, Cluster, ReadError},
};
use futures_util::{
    StreamExt,
    future::{BoxFuture, OptionFuture},
    stream::{BoxStream, SelectAll},
};
use solana_account_decoder_client_types::{UiAccount, UiAccountEncoding};
use solana_address::Address;
use solana_pubsub_client::nonblocking::pubsub_client::{PubsubClient, PubsubClientError};
use solana_rpc_client_api::{
    client_error::Error as ClientError,
    config::{RpcAccountInfoConfig, RpcProgramAccountsConfig},
    filter::{Memcmp, RpcFilterType},
};
use tokio::{
    sync::mpsc,
    time::{MissedTickBehavior, interval, sleep, timeout},
};

use crate::{
    act,
    book::{Reading, Received},
};

/// The pause after a session that did not succeed; doubled up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// What is told to the bot.
#[derive(Debug)]
pub enum Update {
    /// Subscriptions stand and everything was read since.
    Connected,
    /// The session ended, and why.
    Lost(WatchError),
    /// All accounts of a pool.
    Reading(Box<Reading>),
    /// An account changed.
    Changed(Received),
    /// An account was read again.
    Read(Received),
    /// The cluster has come to a slot.
    Slot(u64),
    /// The chain's clock.
    Clock(Clock),
}

/// Why a session ended.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// An account could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The node did not answer a request.
    #[error("the node does not answer: {0}")]
    Rpc(#[from] Box<ClientError>),
    /// The WebSocket failed.
    #[error("the WebSocket {url} fails: {source}; check websocket_url")]
    WebSocket {
        /// Its URL.
        url: String,
        /// What happened.
        source: Box<PubsubClientError>,
    },
    /// The WebSocket was silent for too long, or closed.
    #[error("the WebSocket {url} has closed or fallen silent")]
    Silent {
        /// Its URL.
        url: String,
    },
    /// There are price accounts that are not subscribed to.
    #[error("a pool uses a price account that was not watched yet")]
    NewPrices,
    /// The bot has ended.
    #[error("nobody listens any more")]
    Unheard,
}

/// What to watch.
#[derive(Clone, Debug)]
pub struct Watch {
    /// Where to read.
    pub cluster: Cluster,
    /// Where to subscribe.
    pub websocket_url: String,
    /// The pools.
    pub pools: Vec<Address>,
    /// Other accounts: the bot's own.
    pub others: Vec<Address>,
    /// Silence for so long ends a session.
    pub stall: Duration,
    /// How often everything is read again.
    pub reconcile: Duration,
    /// How often the clock is read.
    pub tick: Duration,
}

impl Watch {
    /// Watches for as long as somebody listens. Accounts whose addresses come in through `again` are read again.
    pub async fn run(self, updates: mpsc::Sender<Update>, mut again: mpsc::UnboundedReceiver<Address>) {
        let mut pause = FIRST_PAUSE;
        loop {
            let mut connected = false;
            let Err(error) = self.session(&updates, &mut again, &mut connected).await else { return };
            if connected {
                pause = FIRST_PAUSE;
            }
            if updates.send(Update::Lost(error)).await.is_err() {
                return;
            }
            sleep(pause).await;
            pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
        }
    }

    /// Reads all accounts of a pool, with a slot that none of them is older than.
    ///
    /// # Errors
    /// If the node does not answer, or there is no such pool.
    pub async fn read(&self, pool: &Address) -> Result<Reading, WatchError> {
        let cluster = &self.cluster;
        let slot = cluster.rpc().get_slot_with_commitment(cluster.commitment()).await.map_err(Box::new)?;
        let address = *pool;
        let pool: Pool = cluster.account(pool).await?;
        let fund: InsuranceFund = cluster.account(&pool.insurance_fund).await?;
        let collaterals: Vec<(Address, Collateral)> = cluster.all(Some(&address)).await?;
        let obligations: Vec<(Address, Obligation)> = cluster.all(Some(&address)).await?;
        let mut reading = Reading { address, slot, pool, fund, collaterals, obligations, prices: Vec::new() };
        reading.prices = self.read_accounts(&reading.price_places()).await?;
        Ok(reading)
    }

    async fn read_accounts(&self, addresses: &[Address]) -> Result<Vec<Received>, WatchError> {
        let mut received = Vec::with_capacity(addresses.len());
        for batch in addresses.chunks(act::READ_AT_ONCE) {
            received.extend(act::read(&self.cluster, batch).await.map_err(Box::new)?.1);
        }
        Ok(received)
    }

    /// One connection, from subscribing to its end.
    async fn session(
        &self,
        updates: &mpsc::Sender<Update>,
        again: &mut mpsc::UnboundedReceiver<Address>,
        connected: &mut bool,
    ) -> Result<(), WatchError> {
        let failed = |source| WatchError::WebSocket { url: self.websocket_url.clone(), source: Box::new(source) };
        let silent = || WatchError::Silent { url: self.websocket_url.clone() };
        let client = timeout(self.stall, PubsubClient::new(&self.websocket_url)).await.map_err(|_| silent())?;
        let client = client.map_err(failed)?;
        let mut told = timeout(self.stall, self.subscribe(&client)).await.map_err(|_| silent())?.map_err(failed)?;

        let places = self.read_all(updates).await?;
        for place in &places {
            let subscribing = timeout(self.stall, self.subscribe_account(&client, place));
            told.push(subscribing.await.map_err(|_| silent())?.map_err(failed)?);
        }
        // Once more what may have changed before its subscription stood.
        let unwatched: Vec<_> = places.iter().copied().collect();
        for received in self.read_accounts(&unwatched).await? {
            send(updates, Update::Read(received)).await?;
        }
        send(updates, Update::Connected).await?;
        *connected = true;

        let mut reconcile = interval(self.reconcile);
        reconcile.set_missed_tick_behavior(MissedTickBehavior::Delay);
        reconcile.reset();
        let mut tick = interval(self.tick);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut reading: Option<BoxFuture<'static, Result<BTreeSet<Address>, WatchError>>> = None;
        let mut silence = interval(self.stall);
        silence.reset();
        loop {
            tokio::select! {
                update = told.next() => {
                    silence.reset();
                    send(updates, update.ok_or_else(silent)?).await?;
                }
                _ = silence.tick() => return Err(silent()),
                _ = tick.tick() => {
                    let clock = timeout(self.stall, self.cluster.clock()).await.map_err(|_| silent())??;
                    send(updates, Update::Clock(clock)).await?;
                }
                _ = reconcile.tick(), if reading.is_none() => {
                    let (watch, updates) = (self.clone(), updates.clone());
                    reading = Some(Box::pin(async move { watch.read_all(&updates).await }));
                }
                // Beside everything else: many obligations take long to read.
                Some(read) = OptionFuture::from(reading.as_mut()), if reading.is_some() => {
                    reading = None;
                    if !read?.is_subset(&places) {
                        return Err(WatchError::NewPrices);
                    }
                }
                address = again.recv() => {
                    let mut addresses = BTreeSet::from([address.ok_or(WatchError::Unheard)?]);
                    while let Ok(more) = again.try_recv() {
                        addresses.insert(more);
                    }
                    let addresses: Vec<_> = addresses.into_iter().collect();
                    for received in self.read_accounts(&addresses).await? {
                        send(updates, Update::Read(received)).await?;
                    }
                }
            }
        }
    }

    /// Reads all pools, and the bot's own accounts. Returns where the prices are.
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

    /// Subscribes to slots, to the pools with their funds, collaterals and obligations, and to the bot's own accounts.
    async fn subscribe<'a>(
        &self,
        client: &'a PubsubClient,
    ) -> Result<SelectAll<BoxStream<'a, Update>>, PubsubClientError> {
        let mut told = SelectAll::new();
        let (slots, _) = client.slot_subscribe().await?;
        told.push(slots.map(|slot| Update::Slot(slot.slot)).boxed());
        for pool in &self.pools {
            for discriminator in [Obligation::DISCRIMINATOR, Collateral::DISCRIMINATOR] {
                told.push(self.subscribe_children(client, &discriminator, pool).await?);
            }
            told.push(self.subscribe_account(client, pool).await?);
            told.push(self.subscribe_account(client, &address::insurance_fund(pool)).await?);
        }
        for other in &self.others {
            told.push(self.subscribe_account(client, other).await?);
        }
        Ok(told)
    }

    fn account_config(&self) -> RpcAccountInfoConfig {
        RpcAccountInfoConfig {
            encoding: Some(UiAccountEncoding::Base64Zstd),
            commitment: Some(self.cluster.commitment()),
            ..RpcAccountInfoConfig::default()
        }
    }

    async fn subscribe_account<'a>(
        &self,
        client: &'a PubsubClient,
        address: &Address,
    ) -> Result<BoxStream<'a, Update>, PubsubClientError> {
        let (told, _) = client.account_subscribe(address, Some(self.account_config())).await?;
        let address = *address;
        let told = told.filter_map(move |told| async move { received(address, &told.value, told.context.slot) });
        Ok(told.map(Update::Changed).boxed())
    }

    /// Accounts of one kind of a pool: both kinds begin with the pool's address.
    async fn subscribe_children<'a>(
        &self,
        client: &'a PubsubClient,
        discriminator: &[u8; 8],
        pool: &Address,
    ) -> Result<BoxStream<'a, Update>, PubsubClientError> {
        let begin = [discriminator.as_slice(), pool.as_ref()].concat();
        let config = RpcProgramAccountsConfig {
            filters: Some(vec![RpcFilterType::Memcmp(Memcmp::new_base58_encoded(0, &begin))]),
            account_config: self.account_config(),
            ..RpcProgramAccountsConfig::default()
        };
        let (told, _) = client.program_subscribe(&PROGRAM_ID, Some(config)).await?;
        let told = told.filter_map(|told| async move {
            received(told.value.pubkey.parse().ok()?, &told.value.account, told.context.slot)
        });
        Ok(told.map(Update::Changed).boxed())
    }
}

async fn send(updates: &mpsc::Sender<Update>, update: Update) -> Result<(), WatchError> {
    updates.send(update).await.map_err(|_| WatchError::Unheard)
}

fn received(address: Address, account: &UiAccount, slot: u64) -> Option<Received> {
    Some(Received { address, owner: account.owner.parse().ok()?, data: account.data.decode()?, slot })
}
