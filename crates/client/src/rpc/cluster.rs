//! Reads accounts.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use solana_account::Account;
use solana_account_decoder_client_types::{UiAccount, UiAccountEncoding};
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::{
    client_error::{Error as ClientError, ErrorKind},
    config::{RpcAccountInfoConfig, RpcProgramAccountsConfig},
    filter::{Memcmp, RpcFilterType},
};
use solana_sdk_ids::sysvar;

use super::{Network, ReadError, Secrets};
use crate::{AccountData, PROGRAM_ID, account_name};

/// How many accounts a node gives for one request.
const BATCH: usize = 100;
/// How long a node has for an answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A cluster, as one of its nodes shows it. Clones share the connection.
#[derive(Clone)]
pub struct Cluster {
    rpc: Arc<RpcClient>,
    secrets: Secrets,
}

/// The chain's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The slot.
    pub slot: u64,
    /// Its Unix time in seconds.
    pub unix_timestamp: i64,
}

impl Clock {
    /// What the bytes of the clock's sysvar say; nothing if they are too few.
    pub fn from_account_data(data: &[u8]) -> Option<Self> {
        // Slot, start of the epoch, epoch, leader schedule's epoch, time: eight bytes each.
        let slot = data.first_chunk()?;
        let unix_timestamp = data.get(32..)?.first_chunk()?;
        Some(Self { slot: u64::from_le_bytes(*slot), unix_timestamp: i64::from_le_bytes(*unix_timestamp) })
    }
}

impl fmt::Debug for Cluster {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.debug_struct("Cluster").field("url", &self.url()).field("commitment", &self.commitment()).finish()
    }
}

impl Cluster {
    /// The cluster behind a node's URL, at a commitment. Nothing is asked yet.
    pub fn new(url: &str, commitment: CommitmentConfig) -> Self {
        Self {
            rpc: Arc::new(RpcClient::new_with_timeout_and_commitment(url.to_owned(), TIMEOUT, commitment)),
            secrets: Secrets::of_urls([&url.to_owned()]),
        }
    }

    /// The connection, for what is not offered here.
    pub fn rpc(&self) -> &RpcClient {
        &self.rpc
    }

    /// The node's URL as it may be shown: without keys.
    pub fn url(&self) -> String {
        self.secrets.hidden_in(&self.rpc.url())
    }

    /// What a request through [`Self::rpc`] failed with, as it may be shown. The connection's own errors tell the whole
    /// URL.
    pub fn without_keys(&self, error: ClientError) -> ClientError {
        let kind = match *error.kind {
            ErrorKind::Reqwest(source) => ErrorKind::Reqwest(source.without_url()),
            ErrorKind::Middleware(source) => ErrorKind::Custom(self.secrets.hidden_in(&format!("{source:#}"))),
            kind => kind,
        };
        ClientError { request: error.request, kind: Box::new(kind) }
    }

    /// How settled the state is that is read.
    pub fn commitment(&self) -> CommitmentConfig {
        self.rpc.commitment()
    }

    /// An account that must be there.
    ///
    /// # Errors
    /// If it is not, or is another; if the program itself is not on this cluster, that is said instead.
    pub async fn account<T: AccountData>(&self, address: &Address) -> Result<T, ReadError> {
        match self.get_optional(address).await? {
            Some(account) => Ok(account),
            None => {
                self.check_program().await?;
                Err(self.not_found::<T>(address))
            }
        }
    }

    /// An account, or nothing if there is none at the address.
    ///
    /// # Errors
    /// If another account is there.
    pub async fn get_optional<T: AccountData>(&self, address: &Address) -> Result<Option<T>, ReadError> {
        Ok(self.accounts(&[*address]).await?.pop().flatten())
    }

    /// Accounts, each or nothing, in the order of the addresses. A hundred are read at one moment; more are not.
    ///
    /// # Errors
    /// If another account is at one of the addresses.
    pub async fn accounts<T: AccountData>(&self, addresses: &[Address]) -> Result<Vec<Option<T>>, ReadError> {
        let accounts = self.get_raw(addresses).await?;
        accounts
            .iter()
            .zip(addresses)
            .map(|(account, address)| account.as_ref().map(|account| decode(address, account)).transpose())
            .collect()
    }

    /// Accounts of any program, each or nothing, in the order of the addresses. A hundred are read at one moment; more
    /// are not.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn get_raw(&self, addresses: &[Address]) -> Result<Vec<Option<Account>>, ReadError> {
        let mut accounts = Vec::with_capacity(addresses.len());
        for batch in addresses.chunks(BATCH) {
            let answer = self.rpc.get_multiple_ui_accounts_with_config(batch, self.account_config()).await;
            let answer = answer.map_err(|source| self.unreachable(source))?.value;
            if answer.len() != batch.len() {
                return Err(self.malformed("list of accounts"));
            }
            for account in answer {
                accounts.push(account.map(|account| self.decoded(&account)).transpose()?);
            }
        }
        Ok(accounts)
    }

    /// All accounts of a kind; with a parent, those that belong to it: the pools of a market, the obligations of a
    /// pool, the stakes of a fund.
    ///
    /// # Errors
    /// If the node does not answer. Public nodes often refuse this request.
    pub async fn all<T: AccountData>(&self, parent: Option<&Address>) -> Result<Vec<(Address, T)>, ReadError> {
        let mut filters = vec![RpcFilterType::Memcmp(Memcmp::new_raw_bytes(0, T::DISCRIMINATOR.to_vec()))];
        match (parent, T::PARENT_OFFSET) {
            (None, _) => {}
            (Some(parent), Some(offset)) => {
                filters.push(RpcFilterType::Memcmp(Memcmp::new_raw_bytes(offset, parent.to_bytes().to_vec())));
            }
            (Some(_), None) => return Ok(Vec::new()),
        }
        let config = RpcProgramAccountsConfig {
            filters: Some(filters),
            account_config: self.account_config(),
            ..RpcProgramAccountsConfig::default()
        };
        let answer = self.rpc.get_program_ui_accounts_with_config(&PROGRAM_ID, config).await;
        let accounts = answer.map_err(|source| self.unreachable(source))?;
        accounts
            .into_iter()
            .map(|(address, account)| Ok((address, decode(&address, &self.decoded(&account)?)?)))
            .collect()
    }

    /// The chain's clock.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn clock(&self) -> Result<Clock, ReadError> {
        let account = self.get_raw(&[sysvar::clock::ID]).await?.pop().flatten();
        self.clock_of(account.as_ref())
    }

    /// The clock in the account of the clock.
    pub(super) fn clock_of(&self, account: Option<&Account>) -> Result<Clock, ReadError> {
        let clock = account.and_then(|account| Clock::from_account_data(&account.data));
        clock.ok_or_else(|| self.malformed("clock"))
    }

    /// Which cluster this is.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn network(&self) -> Result<Network, ReadError> {
        let hash = self.rpc.get_genesis_hash().await.map_err(|source| self.unreachable(source))?;
        Ok(Network::from_genesis(&hash))
    }

    /// Checks that the program is here.
    ///
    /// # Errors
    /// If it is not, with the name of the cluster.
    pub async fn check_program(&self) -> Result<(), ReadError> {
        match self.get_raw(&[PROGRAM_ID]).await?.pop().flatten() {
            Some(account) if account.executable => Ok(()),
            _ => Err(ReadError::NoProgram { network: self.network().await?, url: self.url() }),
        }
    }

    /// An account that must be among those that were read.
    pub(super) fn decoded_at<T: AccountData>(
        &self,
        address: &Address,
        read: &BTreeMap<Address, Account>,
    ) -> Result<T, ReadError> {
        let account = read.get(address).ok_or_else(|| self.not_found::<T>(address))?;
        decode(address, account)
    }

    fn not_found<T: AccountData>(&self, address: &Address) -> ReadError {
        ReadError::NotFound { kind: T::NAME, address: *address, url: self.url() }
    }

    fn account_config(&self) -> RpcAccountInfoConfig {
        RpcAccountInfoConfig {
            encoding: Some(UiAccountEncoding::Base64Zstd),
            commitment: Some(self.commitment()),
            ..RpcAccountInfoConfig::default()
        }
    }

    fn decoded(&self, account: &UiAccount) -> Result<Account, ReadError> {
        account.to_account().ok_or_else(|| self.malformed("account"))
    }

    fn malformed(&self, what: &'static str) -> ReadError {
        ReadError::Malformed { what, url: self.url() }
    }

    fn unreachable(&self, source: ClientError) -> ReadError {
        ReadError::Unreachable { url: self.url(), source: Box::new(self.without_keys(source)) }
    }
}

/// The account in what is at an address.
fn decode<T: AccountData>(address: &Address, account: &Account) -> Result<T, ReadError> {
    if account.owner != PROGRAM_ID {
        return Err(ReadError::WrongOwner { kind: T::NAME, address: *address, owner: account.owner });
    }
    let found = account_name(&account.data);
    T::from_account_data(&account.data).ok_or(ReadError::OtherKind { kind: T::NAME, address: *address, found })
}
