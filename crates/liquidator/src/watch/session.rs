//! One session, from subscribing until the connection fails.

use std::{collections::BTreeSet, convert::Infallible, mem};

use backstop_client::{AccountData, Collateral, PROGRAM_ID, Pool};
use futures_util::{
    FutureExt, StreamExt,
    future::{BoxFuture, OptionFuture},
};
use solana_address::Address;
use solana_pubsub_client::nonblocking::pubsub_client::{PubsubClient, PubsubClientError};
use tokio::{
    sync::mpsc,
    time::{MissedTickBehavior, interval, timeout},
};

use super::{
    Update, Watch, WatchError, Wish, send,
    subscribe::{Told, subscribe_account},
};
use crate::book::{Received, price_places};

/// A request that runs beside the subscriptions, so that they do not wait for its answer.
type Beside<T> = Option<BoxFuture<'static, Result<T, WatchError>>>;

/// The subscriptions of a connection.
struct Ears<'a> {
    client: &'a PubsubClient,
    reported: Told<'a>,
    /// The addresses of the prices, which are read with the clock.
    prices: BTreeSet<Address>,
}

impl Watch {
    /// Watches on one connection until it fails. Accounts that the bot asks to watch stay in later sessions.
    pub(super) async fn session(
        &mut self,
        updates: &mpsc::Sender<Update>,
        wishes: &mut mpsc::UnboundedReceiver<Wish>,
        connected: &mut bool,
    ) -> Result<Infallible, WatchError> {
        let client = timeout(self.stall, PubsubClient::new(&self.websocket_url)).await.map_err(|_| self.silent())?;
        let client = client.map_err(|source| self.websocket(source))?;
        let reported = timeout(self.stall, self.subscribe(&client)).await.map_err(|_| self.silent())?;
        let reported = reported.map_err(|source| self.websocket(source))?;
        let mut ears = Ears { client: &client, reported, prices: BTreeSet::new() };

        ears.prices = self.read_all(updates).await?;
        send(updates, self.now(ears.prices.clone()).await?).await?;
        send(updates, Update::Connected).await?;
        *connected = true;

        let (mut reconcile, mut tick) = (interval(self.reconcile), interval(self.tick));
        reconcile.set_missed_tick_behavior(MissedTickBehavior::Delay);
        reconcile.reset();
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut silence = interval(self.stall);
        silence.reset();
        let (mut now, mut reading, mut rereading): (Beside<_>, Beside<_>, Beside<_>) = (None, None, None);
        // The accounts to reread, those being reread, and whether rereading just failed and waits for the next tick.
        let (mut wanted, mut asked, mut failed) = (BTreeSet::new(), BTreeSet::new(), false);
        loop {
            if rereading.is_none() && !failed && !wanted.is_empty() {
                asked = mem::take(&mut wanted);
                let (watch, addresses) = (self.clone(), asked.iter().copied().collect::<Vec<_>>());
                rereading = Some(async move { watch.read_accounts(&addresses).await }.boxed());
            }
            tokio::select! {
                update = ears.reported.next() => {
                    silence.reset();
                    self.hear(update.flatten(), &mut ears, updates).await?;
                }
                _ = silence.tick() => {
                    // An update may have arrived while the loop was busy.
                    let update = ears.reported.next().now_or_never().ok_or_else(|| self.silent())?;
                    self.hear(update.flatten(), &mut ears, updates).await?;
                }
                _ = tick.tick() => {
                    failed = false;
                    if now.is_none() {
                        let (watch, prices) = (self.clone(), ears.prices.clone());
                        now = Some(async move { watch.now(prices).await }.boxed());
                    }
                }
                _ = reconcile.tick(), if reading.is_none() => {
                    let (watch, updates) = (self.clone(), updates.clone());
                    reading = Some(async move { watch.read_all(&updates).await }.boxed());
                }
                Some(reported) = OptionFuture::from(now.as_mut()), if now.is_some() => {
                    now = None;
                    send(updates, reported.unwrap_or_else(Update::Failed)).await?;
                }
                Some(read) = OptionFuture::from(reading.as_mut()), if reading.is_some() => {
                    reading = None;
                    match read {
                        Ok(prices) => ears.prices.extend(prices),
                        Err(error) => {
                            reconcile.reset_after(self.stall.min(self.reconcile));
                            send(updates, Update::Failed(error)).await?;
                        }
                    }
                }
                Some(read) = OptionFuture::from(rereading.as_mut()), if rereading.is_some() => {
                    rereading = None;
                    match read {
                        Ok(read) => for received in read {
                            send(updates, Update::Read(received)).await?;
                        },
                        Err(error) => {
                            wanted.append(&mut asked);
                            failed = true;
                            send(updates, Update::Failed(error)).await?;
                        }
                    }
                }
                wish = wishes.recv() => {
                    let address = match wish.ok_or(WatchError::Unheard)? {
                        Wish::Read(address) => address,
                        Wish::Watch(address) => {
                            self.others.push(address);
                            self.hear_of(&mut ears, &address).await?;
                            address
                        }
                    };
                    wanted.insert(address);
                }
            }
        }
    }

    /// Forwards an update. The end of any subscription is an error. Prices that a pool or a collateral newly uses are
    /// read from now on.
    async fn hear(
        &self,
        update: Option<Update>,
        ears: &mut Ears<'_>,
        updates: &mpsc::Sender<Update>,
    ) -> Result<(), WatchError> {
        let update = update.ok_or_else(|| self.silent())?;
        if let Update::Changed(received) = &update {
            ears.prices.extend(places_in(received));
        }
        send(updates, update).await
    }

    async fn hear_of(&self, ears: &mut Ears<'_>, address: &Address) -> Result<(), WatchError> {
        let subscribing = subscribe_account(ears.client, address, self.account_config());
        let reported = timeout(self.stall, subscribing).await.map_err(|_| self.silent())?;
        ears.reported.push(reported.map_err(|source| self.websocket(source))?);
        Ok(())
    }

    fn silent(&self) -> WatchError {
        WatchError::Silent { url: self.websocket_url.clone() }
    }

    fn websocket(&self, source: PubsubClientError) -> WatchError {
        WatchError::WebSocket { url: self.websocket_url.clone(), source: Box::new(source) }
    }
}

/// Returns the addresses of the prices that a pool or a collateral uses. Returns none for other accounts.
fn places_in(received: &Received) -> Vec<Address> {
    if received.owner != PROGRAM_ID {
        return Vec::new();
    }
    let pool = Pool::from_account_data(&received.data).map(|pool| pool.parameters.oracle);
    let collateral = || Collateral::from_account_data(&received.data).map(|it| it.parameters.oracle);
    pool.or_else(collateral).map(|oracle| price_places([&oracle])).unwrap_or_default()
}
