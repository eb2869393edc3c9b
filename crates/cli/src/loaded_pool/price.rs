//! Prices, read from the accounts of the oracle networks.

use backstop_client::{
    BackstopError, OracleParameters,
    oracle::{Error, NO_FEED, Network, PriceAccount, Terms},
    preview::{self, largest_allowed},
    rpc::{Cluster, FoundPrice, ReadError},
    verb::PriceAccounts,
};
use backstop_engine::{
    price::{Quote, Reading},
    quantity::Bps,
};
use solana_account::Account;
use solana_address::Address;

/// Accepts any confidence interval.
const ANY: Bps = Bps::new(u32::MAX);

/// A token's price, and the content of each of its feeds.
#[derive(Clone, Debug)]
pub struct Priced {
    /// The accounts that instructions take.
    pub accounts: PriceAccounts,
    /// The price, or why it cannot be used.
    pub reading: preview::Result<Reading>,
    /// The token's feed, and its second feed if it has one.
    pub feeds: Vec<Feed>,
}

/// The content of one feed, usable or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feed {
    /// The feed's account.
    pub account: Address,
    /// The oracle network, if the account belongs to one.
    pub network: Option<&'static str>,
    /// The price, regardless of age and confidence.
    pub says: Option<Quote>,
    /// The age in seconds by the chain's clock. Negative if the price is from the future, `None` if unknown.
    pub age: Option<i64>,
    /// The maximum usable age.
    pub max_age_seconds: u32,
    /// The widest usable confidence interval, to each side.
    pub max_confidence_bps: u32,
    /// Why the feed cannot be used, if so.
    pub problem: Option<BackstopError>,
}

impl Feed {
    /// Reads a feed from its account, if that exists. `terms` are those of this feed alone.
    fn read(address: Address, account: Option<&Account>, terms: Terms, now: i64) -> Self {
        let network = account.and_then(|account| Network::of(&account.owner)).map(Network::name);
        let priced =
            account.map(|account| PriceAccount { address: &address, owner: &account.owner, data: &account.data });
        let said = |terms: Terms| priced.as_ref().map_or(Err(Error::InvalidAccount), |priced| terms.first(priced, now));
        let lenient = |max_age_seconds| said(Terms { max_age_seconds, max_confidence: ANY, ..terms });
        Self {
            account: address,
            network,
            says: lenient(u32::MAX).ok().map(|reading| reading.quote),
            age: age(lenient),
            max_age_seconds: terms.max_age_seconds,
            max_confidence_bps: terms.max_confidence.get(),
            problem: said(terms).err().map(Into::into),
        }
    }
}

/// The age of a price: the smallest limit under which [`Terms`] does not refuse it as untimely.
fn age(said: impl Fn(u32) -> Result<Reading, Error>) -> Option<i64> {
    let untimely = |limit: u64| {
        let said = u32::try_from(limit).map(&said);
        matches!(said, Ok(Err(Error::Stale | Error::FromFuture)))
    };
    let ahead = match said(0) {
        Ok(_) | Err(Error::Engine(_)) => return Some(0),
        Err(Error::Stale) => false,
        Err(Error::FromFuture) => true,
        Err(_) => return None,
    };
    // Refused under any limit: the time is unknown.
    let distance = u32::try_from(largest_allowed(u32::MAX.into(), untimely)).ok()?.checked_add(1)?;
    if ahead { i64::from(distance).checked_neg() } else { Some(distance.into()) }
}

/// Reads a token's price.
///
/// # Errors
/// If the node does not answer.
pub async fn find(cluster: &Cluster, oracle: &OracleParameters, now: i64) -> Result<Priced, ReadError> {
    let there = cluster.get_existing(&oracle.places()).await?;
    let FoundPrice { accounts, reading } = FoundPrice::among(&there, oracle, now);
    let terms = oracle.terms();
    let alone = Terms { second_feed: &NO_FEED, ..terms };
    let of_second = Terms { feed: terms.second_feed, ..alone };
    let feed = |at: Address, terms: Terms| Feed::read(at, there.get(&at), terms, now);
    let feeds = [Some(feed(accounts.first, alone)), accounts.second.map(|at| feed(at, of_second))];
    Ok(Priced { accounts, reading, feeds: feeds.into_iter().flatten().collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000;
    const FEED: [u8; 32] = [7; 32];

    /// A Pyth account: 100.00 USD, plus or minus 0.50, published at a time.
    fn account(published: i64) -> Account {
        let mut data = vec![34, 241, 35, 99, 157, 126, 244, 205];
        data.extend([0; 32]);
        data.push(1);
        data.extend(FEED);
        data.extend(10_000_i64.to_le_bytes());
        data.extend(50_u64.to_le_bytes());
        data.extend((-2_i32).to_le_bytes());
        data.extend(published.to_le_bytes());
        data.extend([0; 32]);
        Account { data, owner: Network::Pyth.programs()[0], ..Account::default() }
    }

    /// Reads with a maximum age of a minute and a confidence of at most 1 % to each side.
    fn read(account: Option<&Account>) -> Feed {
        let terms = Terms {
            feed: &FEED,
            second_feed: &NO_FEED,
            max_age_seconds: 60,
            max_confidence: Bps::new(100),
            max_divergence: Bps::ZERO,
        };
        Feed::read(Address::new_from_array([9; 32]), account, terms, NOW)
    }

    #[test]
    fn price_and_age_are_told_of_every_feed_and_what_is_wrong_with_it() {
        let says = Some(Quote { price: 10_000, confidence: 50, exponent: -2 });
        for (before, problem) in [
            (0, None),
            (1, None),
            (60, None),
            (61, Some(BackstopError::StalePrice)),
            (86_400, Some(BackstopError::StalePrice)),
            (NOW, Some(BackstopError::StalePrice)),
            (-60, None),
            (-61, Some(BackstopError::PriceFromFuture)),
        ] {
            let feed = read(Some(&account(NOW - before)));
            assert_eq!((feed.says, feed.age, feed.problem), (says, Some(before), problem), "{before}");
            assert_eq!((feed.network, feed.max_age_seconds, feed.max_confidence_bps), (Some("Pyth"), 60, 100));
        }
    }

    #[test]
    fn an_account_that_is_missing_or_something_else_says_nothing() {
        let other = Account { data: vec![0; 133], owner: Network::Pyth.programs()[0], ..Account::default() };
        let foreign = Account { owner: Address::default(), ..account(NOW) };
        for (account, network) in [(None, None), (Some(&other), Some("Pyth")), (Some(&foreign), None)] {
            let feed = read(account);
            assert_eq!((feed.says, feed.age, feed.network), (None, None, network));
            assert_eq!(feed.problem, Some(BackstopError::InvalidPriceAccount));
        }
    }

    #[test]
    fn a_price_of_nothing_still_has_an_age() {
        let mut nothing = account(NOW - 3);
        nothing.data[73..81].fill(0);
        let feed = read(Some(&nothing));
        assert_eq!((feed.says, feed.age, feed.problem), (None, Some(3), Some(BackstopError::InvalidPrice)));
    }
}
