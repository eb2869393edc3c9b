//! Reads prices from the accounts of oracle networks: bytes in, quotes out.
//!
//! The program, the bot, the command and the clients all use [`Terms::read`], so they agree on which prices are usable.
//! One file per network parses its account by the published layout. Age, sign, confidence and agreement are judged
//! here, once for all networks.

#![no_std]

mod pyth;
mod switchboard;

use backstop_engine::{
    price::{PriceTimes, Quote, Reading, Value},
    quantity::Bps,
};
use solana_address::{Address, address_eq};

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

/// An oracle network. To add one: a variant here, its programs and name, and a file that parses its account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// Pyth, by price updates. Any account with an update of the feed will do.
    Pyth,
    /// Switchboard On-Demand. The feed is the account.
    Switchboard,
}

/// What an account of a network says, before it is judged.
struct Observation {
    feed: [u8; 32],
    time: i64,
    quote: Result<Quote, backstop_engine::Error>,
}

impl Network {
    /// All networks.
    pub const ALL: [Self; 2] = [Self::Pyth, Self::Switchboard];

    /// The network of the program that owns an account.
    pub fn of(owner: &Address) -> Option<Self> {
        Self::ALL.into_iter().find(|network| network.programs().iter().any(|program| address_eq(owner, program)))
    }

    /// The programs that own its price accounts: on mainnet, and elsewhere if that differs.
    pub const fn programs(self) -> &'static [Address] {
        match self {
            Self::Pyth => &[pyth::RECEIVER],
            Self::Switchboard => &switchboard::ON_DEMAND,
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pyth => "Pyth",
            Self::Switchboard => "Switchboard",
        }
    }

    fn observe(self, account: &PriceAccount) -> Result<Observation, Error> {
        match self {
            Self::Pyth => {
                let update = pyth::read(account.data).ok_or(Error::InvalidAccount)?;
                let price = u64::try_from(update.price).map_err(|_| backstop_engine::Error::InvalidPrice);
                let (confidence, exponent) = (update.confidence, update.exponent);
                let quote = price.map(|price| Quote { price, confidence, exponent });
                Ok(Observation { feed: update.feed_id, time: update.publish_time, quote })
            }
            Self::Switchboard => {
                let result = switchboard::read(account.data)?;
                let value = |value: i128| {
                    u128::try_from(value).map(Value::new).map_err(|_| backstop_engine::Error::InvalidPrice)
                };
                let quote = value(result.value).and_then(|price| Quote::of_value(price, value(result.std_dev)?));
                Ok(Observation { feed: account.address.to_bytes(), time: result.updated_at, quote })
            }
        }
    }
}

/// What one feed says, and when it said so.
fn read(account: &PriceAccount, feed: &[u8; 32], max_age_seconds: u32, now: i64) -> Result<(Quote, i64), Error> {
    let network = Network::of(account.owner).ok_or(Error::InvalidAccount)?;
    let seen = network.observe(account)?;
    if seen.feed != *feed {
        return Err(Error::WrongFeed);
    }
    require_fresh(seen.time, max_age_seconds, now)?;
    Ok((seen.quote?, seen.time))
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
