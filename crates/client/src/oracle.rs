//! Price accounts: where they are, and how to read them with the function that the program uses.

use backstop_engine::quantity::Bps;
pub use backstop_oracle::{Error, NO_FEED, Network, PriceAccount, Terms};
use solana_address::{Address, address};

use crate::{BackstopError, OracleParameters, verb::PriceAccounts};

/// Pyth's push oracle program, which keeps one price account per feed and shard.
pub const PYTH_PUSH_ORACLE: Address = address!("pythWSnswVUd12oZpeFP8e9CVaEqJg25g1Vtc2biRsT");
/// The shard that is kept fresh for everyone.
const SHARD: u16 = 0;

/// Where Pyth's push oracle keeps the price of a feed.
pub fn pyth_price_feed(feed_id: &[u8; 32]) -> Address {
    Address::find_program_address(&[&SHARD.to_le_bytes(), feed_id], &PYTH_PUSH_ORACLE).0
}

/// The two places where a feed's price can be: Pyth's account of that feed id, and a Switchboard feed's own address.
/// Which of them it is, the owners of the accounts tell.
pub fn places(feed: &[u8; 32]) -> [Address; 2] {
    [pyth_price_feed(feed), Address::new_from_array(*feed)]
}

/// Whether a program is one of the oracle programs.
pub fn is_oracle(program: &Address) -> bool {
    Network::of(program).is_some()
}

impl OracleParameters {
    /// The rules for a token's price.
    pub const fn terms(&self) -> Terms<'_> {
        Terms {
            feed: &self.feed,
            second_feed: &self.second_feed,
            max_age_seconds: self.max_age_seconds,
            max_confidence: Bps::new(self.max_confidence_bps),
            max_divergence: Bps::new(self.max_divergence_bps),
        }
    }

    /// Every place where its price can be: two for each feed.
    pub fn places(&self) -> Vec<Address> {
        let second = self.terms().has_second_feed().then_some(&self.second_feed);
        std::iter::once(&self.feed).chain(second).flat_map(places).collect()
    }

    /// The accounts with its price. `is_switchboard` says of an address whether a Switchboard feed is there.
    pub fn accounts(&self, is_switchboard: impl Fn(&Address) -> bool) -> PriceAccounts {
        let place = |feed: &[u8; 32]| {
            let [pyth, switchboard] = places(feed);
            if is_switchboard(&switchboard) { switchboard } else { pyth }
        };
        let second = self.terms().has_second_feed().then(|| place(&self.second_feed));
        PriceAccounts { first: place(&self.feed), second }
    }
}

impl From<Error> for BackstopError {
    fn from(error: Error) -> Self {
        match error {
            Error::InvalidAccount => Self::InvalidPriceAccount,
            Error::WrongFeed => Self::WrongFeed,
            Error::TooFewSamples => Self::TooFewSamples,
            Error::Stale => Self::StalePrice,
            Error::FromFuture => Self::PriceFromFuture,
            Error::Engine(error) => error.into(),
        }
    }
}
