//! Reads everything that a preview needs.

use std::collections::BTreeMap;

use backstop_engine::price::Reading;
use solana_account::Account;
use solana_address::Address;
use solana_sdk_ids::sysvar;

use super::{Cluster, ReadError};
use crate::{
    BackstopError, Collateral, OracleParameters, Pool,
    oracle::{Network, PriceAccount},
    preview::{self, PricedCollateral, Snapshot},
    verb::PriceAccounts,
};

/// A token's price accounts, and the price in them or why it cannot be used.
#[derive(Clone, Copy, Debug)]
pub struct FoundPrice {
    /// The accounts that instructions take.
    pub accounts: PriceAccounts,
    /// The price.
    pub reading: preview::Result<Reading>,
}

impl FoundPrice {
    /// Pyth's account of the token's feed, or the Switchboard feed at its address, whichever is there of
    /// [all places](OracleParameters::places).
    pub fn among(accounts: &BTreeMap<Address, Account>, oracle: &OracleParameters, now: i64) -> Self {
        let is_switchboard = |at: &Address| {
            accounts.get(at).and_then(|account| Network::of(&account.owner)) == Some(Network::Switchboard)
        };
        let places = oracle.accounts(is_switchboard);
        let read = |at: Address| {
            let (address, account) = accounts.get_key_value(&at)?;
            Some(PriceAccount { address, owner: &account.owner, data: &account.data })
        };
        let second = places.second.and_then(read);
        let reading = match read(places.first) {
            Some(first) => oracle.terms().read(&first, second.as_ref(), now).map_err(Into::into),
            None => Err(BackstopError::InvalidPriceAccount),
        };
        Self { accounts: places, reading }
    }
}

impl Cluster {
    /// Finds a token's price as of a moment: unix seconds, by the chain's clock.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn price(&self, oracle: &OracleParameters, now: i64) -> Result<FoundPrice, ReadError> {
        Ok(FoundPrice::among(&self.get_existing(&oracle.places()).await?, oracle, now))
    }

    /// A pool with its fund, its loss book, all its collaterals and all prices, of one moment unless they are more than
    /// a hundred accounts.
    ///
    /// # Errors
    /// If the pool is not there, or the node does not answer. Public nodes often refuse to list collaterals.
    pub async fn snapshot(&self, pool: &Address) -> Result<Snapshot, ReadError> {
        // Where everything is, which hardly ever changes; then what it is.
        let known: Pool = self.account(pool).await?;
        let listed = self.all::<Collateral>(Some(pool)).await?;
        let mut addresses = vec![sysvar::clock::ID, *pool, known.insurance_fund, known.loss_book];
        addresses.extend(known.parameters.oracle.places());
        for (address, collateral) in &listed {
            addresses.push(*address);
            addresses.extend(collateral.parameters.oracle.places());
        }
        let there = self.get_existing(&addresses).await?;
        let clock = self.clock_of(there.get(&sysvar::clock::ID))?;
        let now = clock.unix_timestamp;
        let pool: Pool = self.decoded_at(pool, &there)?;
        let collaterals = listed.iter().map(|(address, _)| {
            let account: Collateral = self.decoded_at(address, &there)?;
            let price = FoundPrice::among(&there, &account.parameters.oracle, now).reading;
            Ok(PricedCollateral { address: *address, account, price })
        });
        Ok(Snapshot {
            now,
            slot: clock.slot,
            pool,
            fund: self.decoded_at(&pool.insurance_fund, &there)?,
            book: self.decoded_at(&pool.loss_book, &there)?,
            price: FoundPrice::among(&there, &pool.parameters.oracle, now).reading,
            collaterals: collaterals.collect::<Result<_, ReadError>>()?,
        })
    }

    /// The accounts that are there, of these addresses, of any program. A hundred are read at one moment; more are not.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn get_existing(&self, addresses: &[Address]) -> Result<BTreeMap<Address, Account>, ReadError> {
        let accounts = addresses.iter().copied().zip(self.get_raw(addresses).await?);
        Ok(accounts.filter_map(|(address, account)| Some((address, account?))).collect())
    }
}
