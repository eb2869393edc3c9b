//! Prices, out of the accounts of the oracle networks.

use std::collections::BTreeMap;

use backstop_client::{
    BackstopError, OracleParameters,
    oracle::{PriceAccount, SWITCHBOARD_ON_DEMAND, places},
    preview,
    rpc::{Cluster, ReadError},
    verb::PriceAccounts,
};
use backstop_engine::price::Quote;
use solana_address::Address;

/// A token's price accounts, and the price in them or why it cannot be used.
#[derive(Clone, Copy, Debug)]
pub struct FoundPrice {
    /// The accounts that instructions take.
    pub accounts: PriceAccounts,
    /// The price.
    pub quote: preview::Result<Quote>,
}

/// Finds a token's price: Pyth's account of its feed, or the Switchboard feed at its address.
///
/// # Errors
/// If the node does not answer.
pub async fn find(cluster: &Cluster, oracle: &OracleParameters, now: i64) -> Result<FoundPrice, ReadError> {
    let terms = oracle.terms();
    let mut all = places(&oracle.feed).to_vec();
    if terms.has_second_feed() {
        all.extend(places(&oracle.second_feed));
    }
    let found: BTreeMap<Address, _> =
        all.iter().copied().zip(cluster.raw(&all).await?).filter_map(|(at, account)| Some((at, account?))).collect();
    let is_switchboard =
        |at: &Address| found.get(at).is_some_and(|account| SWITCHBOARD_ON_DEMAND.contains(&account.owner));
    let accounts = oracle.accounts(is_switchboard);
    let read = |at: Address| {
        let (address, account) = found.get_key_value(&at)?;
        Some(PriceAccount { address, owner: &account.owner, data: &account.data })
    };
    let second = accounts.second.and_then(read);
    let quote = match read(accounts.first) {
        Some(first) => terms.quote(&first, second.as_ref(), now).map_err(Into::into),
        None => Err(BackstopError::InvalidPriceAccount),
    };
    Ok(FoundPrice { accounts, quote })
}
