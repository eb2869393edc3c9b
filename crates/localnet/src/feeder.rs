//! Makes blocks, moves the clock and publishes prices: all three in one step, under one lock, so that no transaction
//! sees one without the others.

use std::{
    collections::BTreeMap,
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use backstop_client::verb::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM};
use solana_account::Account;
use solana_address::Address;
use surfpool_core::surfnet::{locker::SurfnetSvmLocker, svm::SurfnetSvm};

use crate::{
    LocalnetError, Price, PriceFile, Speed, TOKENS, Token,
    names::outage,
    price::{price_of, price_update, republish},
};

/// A transaction's blockhash is one of the last so many.
const BLOCKHASHES: usize = 150;
/// Slots pass at this pace when the clock is moved ahead, as they do on mainnet.
const SLOT_MILLISECONDS: u64 = 400;

/// Where the clock and the prices come from.
pub(crate) struct Feeder {
    prices: Option<PriceFile>,
    /// The row of the price file that was written last.
    row: Option<usize>,
    /// Where it stands whether oracles are out. Whoever can write accounts decides, this process or another.
    outage: Address,
    speed: Speed,
    slot_time: Duration,
    /// When the clock was moved last, and what was too little to move it.
    moved: Instant,
    left_over: u128,
    /// The slot that was made last.
    slot: u64,
}

impl Feeder {
    pub(crate) fn new(prices: Option<PriceFile>, speed: Speed, slot_time: Duration) -> Self {
        Self { prices, row: None, outage: outage(), speed, slot_time, moved: Instant::now(), left_over: 0, slot: 0 }
    }

    /// Closes the block and opens the next one, `milliseconds` later.
    fn make_block(&mut self, svm: &mut SurfnetSvm, milliseconds: u64) -> Result<(), LocalnetError> {
        let now = svm.updated_at.saturating_add(milliseconds);
        // Closing a block moves the clock by the time of a slot.
        svm.updated_at = now.saturating_sub(svm.slot_time);
        svm.confirm_current_block().map_err(LocalnetError::broken)?;
        self.publish(svm)
    }

    /// Brings the prices up to the clock.
    pub(crate) fn publish(&mut self, svm: &mut SurfnetSvm) -> Result<(), LocalnetError> {
        self.slot = svm.latest_epoch_info.absolute_slot;
        // The time of a block without transactions is told by its distance from the first one.
        let made = self.slot.saturating_sub(svm.genesis_slot).saturating_mul(svm.slot_time);
        svm.genesis_updated_at = svm.updated_at.saturating_sub(made);
        let outage = svm.get_account(&self.outage).map_err(LocalnetError::broken)?;
        if outage.is_some_and(|account| account.data == [1]) {
            return Ok(());
        }
        let now = seconds(svm.updated_at);
        let row = self.prices.as_ref().and_then(|prices| prices.row_at(now));
        if let (Some(prices), Some(row)) = (&self.prices, row.filter(|row| self.row != Some(*row))) {
            for (symbol, price) in prices.prices(row) {
                put_price(svm, Token::named(symbol)?, &price)?;
            }
            self.row = Some(row);
        }
        for token in TOKENS {
            let address = token.price_account();
            match svm.get_account(&address).map_err(LocalnetError::broken)? {
                Some(mut account) => {
                    if republish(&mut account.data, now) {
                        svm.set_account(&address, account).map_err(LocalnetError::broken)?;
                    }
                }
                None => put_price(svm, token, &token.first_price)?,
            }
        }
        Ok(())
    }

    fn passed(&mut self) -> u64 {
        let now = Instant::now();
        let elapsed = now.saturating_duration_since(self.moved);
        self.moved = now;
        self.speed.passed(elapsed, &mut self.left_over)
    }
}

fn seconds(milliseconds: u64) -> i64 {
    milliseconds.checked_div(1_000).and_then(|seconds| seconds.try_into().ok()).unwrap_or(i64::MAX)
}

fn put_price(svm: &mut SurfnetSvm, token: &Token, price: &Price) -> Result<(), LocalnetError> {
    let account = price_update(&token.feed, price, seconds(svm.updated_at));
    svm.set_account(&token.price_account(), account).map_err(LocalnetError::broken)
}

/// Puts accounts where they are said to be. Surfpool's own way copies the list of an owner's accounts for each one,
/// which takes minutes for tens of thousands; so the lists of owners of new accounts are written once, at the end.
fn put_accounts(svm: &mut SurfnetSvm, accounts: Vec<(Address, Account)>) -> Result<(), LocalnetError> {
    let mut owned: BTreeMap<Address, Vec<String>> = BTreeMap::new();
    for (address, account) in accounts {
        let is_new = svm.get_account(&address).map_err(LocalnetError::broken)?.is_none();
        if !is_new || account.owner == TOKEN_PROGRAM || account.owner == TOKEN_2022_PROGRAM {
            // Those of token programs stand in more lists.
            svm.set_account(&address, account).map_err(LocalnetError::broken)?;
            continue;
        }
        svm.inner.set_account(address, account.clone()).map_err(LocalnetError::broken)?;
        svm.account_update_slots.insert(address, svm.latest_epoch_info.absolute_slot);
        svm.notify_account_subscribers(&address, &account);
        svm.notify_program_subscribers(&address, &account);
        owned.entry(account.owner).or_default().push(address.to_string());
    }
    for (owner, addresses) in owned {
        let mut all = svm.accounts_by_owner.get(&owner.to_string()).map_err(LocalnetError::broken)?.unwrap_or_default();
        all.extend(addresses);
        svm.accounts_by_owner.store(owner.to_string(), all).map_err(LocalnetError::broken)?;
    }
    Ok(())
}

/// The running chain with its feeder.
pub(crate) struct Chain {
    feeder: Feeder,
    locker: SurfnetSvmLocker,
}

impl Chain {
    fn write(
        &mut self,
        change: impl FnOnce(&mut Feeder, &mut SurfnetSvm) -> Result<(), LocalnetError> + Send + Sync,
    ) -> Result<(), LocalnetError> {
        let feeder = &mut self.feeder;
        self.locker.with_svm_writer(|svm| change(feeder, svm))
    }

    pub(crate) fn now(&self) -> i64 {
        self.locker.with_svm_reader(|svm| seconds(svm.updated_at))
    }

    pub(crate) fn price(&self, token: &Token) -> Result<Price, LocalnetError> {
        let account = self.locker.with_svm_reader(|svm| svm.get_account(&token.price_account()));
        let price = account.map_err(LocalnetError::broken)?.and_then(|account| price_of(&account.data));
        price.map(|(price, _)| price).ok_or_else(|| LocalnetError::broken("its price account is not one"))
    }

    pub(crate) fn set_price(&mut self, token: &'static Token, price: Price) -> Result<(), LocalnetError> {
        self.write(move |_, svm| put_price(svm, token, &price))
    }

    pub(crate) fn set_speed(&mut self, speed: Speed) {
        self.feeder.speed = speed;
        self.feeder.left_over = 0;
    }

    pub(crate) fn make_block(&mut self) -> Result<(), LocalnetError> {
        let passed = self.feeder.passed();
        self.write(|feeder, svm| feeder.make_block(svm, passed))
    }

    pub(crate) fn advance(&mut self, seconds: u64) -> Result<(), LocalnetError> {
        let milliseconds = seconds.saturating_mul(1_000);
        let slots = milliseconds.checked_div(SLOT_MILLISECONDS).unwrap_or(0);
        self.write(|feeder, svm| {
            feeder.make_block(svm, 0)?;
            svm.latest_epoch_info.absolute_slot = svm.latest_epoch_info.absolute_slot.saturating_add(slots);
            feeder.make_block(svm, milliseconds)
        })
    }

    pub(crate) fn expire_blockhashes(&mut self) -> Result<(), LocalnetError> {
        self.write(|feeder, svm| (0..=BLOCKHASHES).try_for_each(|_| feeder.make_block(svm, 0)))
    }

    pub(crate) fn put_accounts(&mut self, accounts: Vec<(Address, Account)>) -> Result<(), LocalnetError> {
        self.write(|_, svm| put_accounts(svm, accounts))
    }

    /// Works until it is told to end.
    fn run(&mut self, messages: &Receiver<Message>) -> Result<(), LocalnetError> {
        let mut next = Instant::now();
        loop {
            let now = Instant::now();
            if now >= next {
                self.make_block()?;
                next = next.checked_add(self.feeder.slot_time).unwrap_or(now).max(now);
            }
            match messages.recv_timeout(next.saturating_duration_since(Instant::now())) {
                Ok(Message::Do(task)) => task(self),
                // Somebody else moved the clock: the prices follow at once, not with the next block.
                Ok(Message::Clock { slot }) if slot > self.feeder.slot => {
                    self.write(|feeder, svm| feeder.publish(svm))?;
                }
                Ok(Message::Clock { .. }) | Err(RecvTimeoutError::Timeout) => {}
                Ok(Message::End) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    }
}

/// What the feeder's thread is told.
pub(crate) enum Message {
    /// Do this between two blocks.
    Do(Box<dyn FnOnce(&mut Chain) + Send>),
    /// The clock stands at this slot.
    Clock {
        /// The slot.
        slot: u64,
    },
    End,
}

/// Where the feeder is told things, and where it hears them.
pub(crate) type Mailbox = (Sender<Message>, Receiver<Message>);

/// The feeder's thread.
#[derive(Debug)]
pub(crate) struct Handle {
    messages: Sender<Message>,
    thread: Option<JoinHandle<Result<(), LocalnetError>>>,
}

impl Handle {
    pub(crate) fn spawn(
        feeder: Feeder,
        locker: SurfnetSvmLocker,
        (messages, inbox): Mailbox,
    ) -> Result<Self, LocalnetError> {
        let mut chain = Chain { feeder, locker };
        let run = move || chain.run(&inbox);
        let thread = thread::Builder::new().name("localnet feeder".into()).spawn(run).map_err(LocalnetError::broken)?;
        Ok(Self { messages, thread: Some(thread) })
    }

    pub(crate) fn is_running(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }

    /// Has something done between two blocks, and waits for it.
    pub(crate) fn call<T: Send + 'static>(
        &self,
        task: impl FnOnce(&mut Chain) -> Result<T, LocalnetError> + Send + 'static,
    ) -> Result<T, LocalnetError> {
        let (reply, answer) = mpsc::channel();
        let task = move |chain: &mut Chain| {
            // Nobody waits for the answer if the caller is gone.
            let _ = reply.send(task(chain));
        };
        self.messages.send(Message::Do(Box::new(task))).map_err(|_| LocalnetError::Ended)?;
        answer.recv().map_err(|_| LocalnetError::Ended)?
    }

    /// Ends the thread.
    pub(crate) fn stop(&mut self) -> Result<(), LocalnetError> {
        // It may have ended by itself.
        let _ = self.messages.send(Message::End);
        let Some(thread) = self.thread.take() else { return Ok(()) };
        thread.join().unwrap_or_else(|_| Err(LocalnetError::broken("the feeder panicked")))
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // Whoever wants to know calls `stop`.
        let _ = self.stop();
    }
}
