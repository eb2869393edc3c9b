//! Address lookup tables, for transactions with many accounts.

use solana_account::Account;
use solana_address::Address;
use solana_message::AddressLookupTableAccount;
use solana_sdk_ids::address_lookup_table;

use super::{Cluster, ReadError};

/// Where the addresses begin.
const ADDRESSES: usize = 56;

impl Cluster {
    /// Reads lookup tables. An address that was added in this very slot can be used from the next slot on.
    ///
    /// # Errors
    /// If one is not there, is something else, or was deactivated.
    pub async fn lookup_tables(&self, addresses: &[Address]) -> Result<Vec<AddressLookupTableAccount>, ReadError> {
        let accounts = self.get_raw(addresses).await?;
        let tables = addresses.iter().zip(accounts).map(|(key, account)| {
            let addresses = account.as_ref().and_then(addresses_in);
            let addresses = addresses.ok_or_else(|| ReadError::NoLookupTable { address: *key, url: self.url() })?;
            Ok(AddressLookupTableAccount { key: *key, addresses })
        });
        tables.collect()
    }
}

/// The addresses in the account of a lookup table that is in use.
fn addresses_in(account: &Account) -> Option<Vec<Address>> {
    // A number that says that it is a table, then the slot of its deactivation: the last there is if it was not.
    let is_table = account.owner == address_lookup_table::ID && account.data.starts_with(&1_u32.to_le_bytes());
    let is_active = account.data.get(4..12)? == u64::MAX.to_le_bytes();
    let (addresses, rest) = account.data.get(ADDRESSES..)?.as_chunks();
    (is_table && is_active && rest.is_empty()).then(|| addresses.iter().copied().map(Address::new_from_array).collect())
}
