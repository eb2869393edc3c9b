//! What is seen of a cluster over RPC.

use std::time::Duration;

use backstop_client::rpc::Cluster;
use backstop_localnet::{Localnet, Token, price_of};
use solana_account::Account;
use solana_address::{Address, address};
use solana_commitment_config::CommitmentConfig;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;

/// How long anything may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// The newest there is.
pub(crate) const COMMITMENT: CommitmentConfig = CommitmentConfig::processed();
const CLOCK: Address = address!("SysvarC1ock11111111111111111111111111111111");

pub(crate) struct Seen {
    pub(crate) rpc: RpcClient,
    pub(crate) cluster: Cluster,
}

impl Seen {
    pub(crate) fn new(localnet: &Localnet) -> Self {
        let url = localnet.rpc_url();
        Self { cluster: Cluster::new(&url, COMMITMENT), rpc: RpcClient::new_with_commitment(url, COMMITMENT) }
    }

    pub(crate) async fn account(&self, address: &Address) -> Account {
        self.rpc.get_account(address).await.unwrap()
    }

    pub(crate) async fn tokens(&self, address: &Address) -> u64 {
        self.rpc.get_token_account_balance(address).await.unwrap().amount.parse().unwrap()
    }

    /// The clock: slot, epoch start and two epochs are eight bytes each, then comes the time.
    pub(crate) async fn now(&self) -> i64 {
        time_of(&self.account(&CLOCK).await)
    }

    pub(crate) async fn published(&self, token: &Token) -> (String, i64) {
        let (price, time) = price_of(&self.account(&token.price_account()).await.data).unwrap();
        (price.to_string(), time)
    }

    pub(crate) async fn price(&self, token: &Token) -> String {
        self.published(token).await.0
    }

    /// Both as of one moment.
    pub(crate) async fn clock_and_price(&self, token: &Token) -> (i64, i64) {
        let accounts = self.rpc.get_multiple_accounts(&[CLOCK, token.price_account()]).await.unwrap();
        let [clock, price] = accounts.try_into().unwrap();
        (time_of(&clock.unwrap()), price_of(&price.unwrap().data).unwrap().1)
    }
}

fn time_of(clock: &Account) -> i64 {
    i64::from_le_bytes(clock.data[32..40].try_into().unwrap())
}
