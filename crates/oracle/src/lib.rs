//! Prices out of the accounts of oracle networks: bytes in, quotes out.
//!
//! The program, the bot, the command and the page all read prices by [`Terms::quote`], so none of them can think another price
//! usable than the chain does. One file per network parses its account by the published layout; what is judged (age, sign,
//! confidence, agreement) is judged here, once, for both.

#![no_std]

mod pyth;
mod switchboard;

use backstop_engine::{
    price::{PriceTimes, Quote, Reading, Value},
    quantity::Bps,
};
use solana_address::{Address, address_eq};

pub use {pyth::RECEIVER as PYTH_RECEIVER, switchboard::ON_DEMAND as SWITCHBOARD_ON_DEMAND};

/// As a second feed: there is none.
pub const NO_FEED: [u8; 32] = [0; 32];

/// Why there is no price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The account is neither a fully verified Pyth price update nor a Switchboard On-Demand feed.
    InvalidAccount,
    /// The account is of another feed than the one that is bound.
    WrongFeed,
    /// The feed has fewer samples than it asks for.
    TooFewSamples,
    /// The price is older than the limit, or of no known time.
    Stale,
    /// The price is of a time too far ahead of the clock.
    FromFuture,
    /// The number cannot be counted with: see [`Quote::within`] and [`Quote::and`].
    Engine(backstop_engine::Error),
}

impl From<backstop_engine::Error> for Error {
    fn from(error: backstop_engine::Error) -> Self {
        Self::Engine(error)
    }
}

/// An account of an oracle network.
#[derive(Clone, Copy, Debug)]
pub struct PriceAccount<'a> {
    /// Where it is.
    pub address: &'a Address,
    /// The program that owns it, which tells the network.
    pub owner: &'a Address,
    /// What is in it.
    pub data: &'a [u8],
}

/// What a token's price must be like: its feeds, and how much of age, interval and disagreement is bearable.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// The primary feed: a Pyth feed id, or the address of a Switchboard feed.
    pub feed: &'a [u8; 32],
    /// The second feed, or [`NO_FEED`].
    pub second_feed: &'a [u8; 32],
    /// Oldest time of either feed, in seconds before the clock; as far ahead of it is bearable too.
    pub max_age_seconds: u32,
    /// Widest confidence interval to each side, of the price.
    pub max_confidence: Bps,
    /// Most that the second feed may be off the first.
    pub max_divergence: Bps,
}

impl Terms<'_> {
    /// Whether there is a second feed.
    pub fn has_second_feed(&self) -> bool {
        *self.second_feed != NO_FEED
    }

    /// What the primary feed says at `now`, if it is usable.
    ///
    /// # Errors
    /// As [`Error`] says.
    pub fn first(&self, account: &PriceAccount, now: i64) -> Result<Reading, Error> {
        let (quote, time) = read(account, self.feed, self.max_age_seconds, now)?;
        Ok(Reading { quote: quote.within(self.max_confidence)?, times: PriceTimes { first: time, second: time } })
    }

    /// The token's price, where it has a second feed: what both say, if the second is usable and they agree.
    ///
    /// # Errors
    /// As [`Error`] says.
    pub fn both(&self, first: Reading, second: &PriceAccount, now: i64) -> Result<Reading, Error> {
        let (quote, time) = read(second, self.second_feed, self.max_age_seconds, now)?;
        let quote = first.quote.and(quote.within(self.max_confidence)?, self.max_divergence)?;
        Ok(Reading { quote, times: PriceTimes { second: time, ..first.times } })
    }

    /// The token's price at `now`, from the account of its feed and, if it has a second one, of that.
    ///
    /// # Errors
    /// As [`Error`] says; [`Error::InvalidAccount`] also if the second feed's account is missing.
    pub fn read(&self, first: &PriceAccount, second: Option<&PriceAccount>, now: i64) -> Result<Reading, Error> {
        let reading = self.first(first, now)?;
        if !self.has_second_feed() {
            return Ok(reading);
        }
        self.both(reading, second.ok_or(Error::InvalidAccount)?, now)
    }
}

/// What one feed says, and of when. The account's owner tells which oracle program it is of.
fn read(account: &PriceAccount, feed: &[u8; 32], max_age_seconds: u32, now: i64) -> Result<(Quote, i64), Error> {
    if address_eq(account.owner, &pyth::RECEIVER) {
        let update = pyth::read(account.data).ok_or(Error::InvalidAccount)?;
        if update.feed_id != *feed {
            return Err(Error::WrongFeed);
        }
        require_fresh(update.publish_time, max_age_seconds, now)?;
        let price = u64::try_from(update.price).map_err(|_| backstop_engine::Error::InvalidPrice)?;
        let quote = Quote { price, confidence: update.confidence, exponent: update.exponent };
        return Ok((quote, update.publish_time));
    }
    if !switchboard::ON_DEMAND.iter().any(|program| address_eq(account.owner, program)) {
        return Err(Error::InvalidAccount);
    }
    let result = switchboard::read(account.data)?;
    if account.address.as_array() != feed {
        return Err(Error::WrongFeed);
    }
    require_fresh(result.updated_at, max_age_seconds, now)?;
    let value = |value: i128| u128::try_from(value).map(Value::new).map_err(|_| backstop_engine::Error::InvalidPrice);
    Ok((Quote::of_value(value(result.value)?, value(result.std_dev)?)?, result.updated_at))
}

/// Refuses what is older than the limit, or as far ahead of the clock.
fn require_fresh(time: i64, max_age_seconds: u32, now: i64) -> Result<(), Error> {
    let max_age = i64::from(max_age_seconds);
    let age = now.checked_sub(time).ok_or(Error::Stale)?;
    if age > max_age {
        return Err(Error::Stale);
    }
    if age.saturating_add(max_age) < 0 { Err(Error::FromFuture) } else { Ok(()) }
}
