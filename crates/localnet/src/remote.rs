//! Controls a local cluster in another process, over its RPC.

use std::time::{Duration, Instant};

use backstop_client::rpc::{Cluster, ReadError};
use serde_json::{Value, json};
use solana_account::Account;
use solana_address::Address;
use solana_rpc_client_api::{client_error::Error as ClientError, request::RpcRequest};

use crate::{LocalnetError, Price, SOL, Token, accounts, belongings, names::outage, price_of, price_update};

/// How long prices may take to follow the clock.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_millis(20);

/// Why a local cluster did not do as it was told.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// It is no cluster of this kind.
    #[error("{url} did not do it: {source}; is that a cluster that `backstop localnet` started?")]
    Refused {
        /// Where it is.
        url: String,
        /// What it answered.
        source: Box<ClientError>,
    },
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// There is no such token.
    #[error(transparent)]
    Token(#[from] LocalnetError),
    /// The clock was moved and the prices stayed.
    #[error(
        "the clock was moved, but the prices did not follow it; is that a cluster that `backstop localnet` started?"
    )]
    Behind,
}

/// Sets a token's price until the next row of the price file begins.
///
/// # Errors
/// If there is no such token, or the cluster is not a local one.
pub async fn set_price(cluster: &Cluster, symbol: &str, price: &Price) -> Result<(), RemoteError> {
    let token = Token::named(symbol)?;
    let account = price_update(&token.feed, price, cluster.clock().await?.unix_timestamp);
    put(cluster, &token.price_account(), &account).await
}

/// Begins or ends an outage of the oracles: prices stay as they are and grow old while the clock runs.
///
/// # Errors
/// If the cluster is not a local one.
pub async fn set_outage(cluster: &Cluster, on: bool) -> Result<(), RemoteError> {
    put(cluster, &outage(), &accounts::outage(on)).await
}

/// Gives somebody [what everybody starts with](belongings), whatever they had of it.
///
/// # Errors
/// If the cluster is not a local one.
pub async fn fund(cluster: &Cluster, owner: &Address) -> Result<(), RemoteError> {
    for (address, account) in belongings(owner) {
        put(cluster, &address, &account).await?;
    }
    Ok(())
}

/// Moves the clock ahead and waits until the prices have followed, unless oracles are out. Returns what it says then:
/// seconds since 1970.
///
/// # Errors
/// If the cluster is not a local one.
pub async fn advance(cluster: &Cluster, seconds: u64) -> Result<i64, RemoteError> {
    let target = cluster.clock().await?.unix_timestamp.saturating_add_unsigned(seconds);
    let milliseconds = target.saturating_mul(1_000);
    let moved = ask(cluster, "surfnet_timeTravel", json!([{ "absoluteTimestamp": milliseconds }])).await;
    let now = cluster.clock().await?.unix_timestamp;
    if now < target {
        // A quick clock may have got there by itself, and is not moved back.
        moved?;
    }
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        let mut read = cluster.get_raw(&[outage(), SOL.price_account()]).await?;
        let published = read.pop().flatten().and_then(|account| price_of(&account.data));
        let is_out = read.pop().flatten().is_some_and(|account| account.data == accounts::outage(true).data);
        if is_out || published.is_some_and(|(_, at)| at >= now) {
            return Ok(now);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(RemoteError::Behind)
}

async fn put(cluster: &Cluster, address: &Address, account: &Account) -> Result<(), RemoteError> {
    let data: String = account.data.iter().map(|byte| format!("{byte:02x}")).collect();
    let fields = json!({ "lamports": account.lamports, "owner": account.owner.to_string(), "data": data });
    ask(cluster, "surfnet_setAccount", json!([address.to_string(), fields])).await
}

async fn ask(cluster: &Cluster, method: &'static str, parameters: Value) -> Result<(), RemoteError> {
    let answer = cluster.rpc().send::<Value>(RpcRequest::Custom { method }, parameters).await;
    answer
        .map(drop)
        .map_err(|source| RemoteError::Refused { url: cluster.url(), source: Box::new(cluster.without_keys(source)) })
}
