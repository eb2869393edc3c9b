//! Finds out what happened to a transaction after a node stopped answering.

use std::time::Duration;

use backstop_client::{
    logs::Logged,
    rpc::{Cluster, Landed},
};
use solana_commitment_config::CommitmentConfig;
use solana_signature::Signature;
use tokio::time::sleep;

/// The polling interval.
const PAUSE: Duration = Duration::from_secs(2);

/// The outcome of a transaction.
#[derive(Debug)]
pub(super) enum Settled {
    /// It landed.
    Landed(Landed),
    /// It ran and failed; its fee was paid.
    Failed,
    /// It did not land and never will.
    Expired,
}

/// Polls until the outcome is known.
pub(super) async fn settle(cluster: &Cluster, signature: &Signature, last_valid_block_height: u64) -> Settled {
    loop {
        if let Some(settled) = look(cluster, signature, last_valid_block_height).await {
            return settled;
        }
        sleep(PAUSE).await;
    }
}

/// Asks the node for the outcome. A missing transaction counts as expired only if the node's history reaches past its
/// last valid block height.
async fn look(cluster: &Cluster, signature: &Signature, last_valid_block_height: u64) -> Option<Settled> {
    let (rpc, confirmed) = (cluster.rpc(), CommitmentConfig::confirmed());
    let now = rpc.get_epoch_info_with_commitment(confirmed).await.ok()?;
    let statuses = rpc.get_signature_statuses_with_history(&[*signature]).await.ok()?;
    match statuses.value.first()? {
        Some(status) if !status.satisfies_commitment(confirmed) => None,
        Some(status) if status.err.is_some() => Some(Settled::Failed),
        Some(status) => {
            let logged = Logged { events: Vec::new(), truncated: true };
            Some(Settled::Landed(Landed { signature: *signature, slot: status.slot, units: None, logged }))
        }
        None => {
            let expired = now.block_height > last_valid_block_height && statuses.context.slot >= now.absolute_slot;
            expired.then_some(Settled::Expired)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    };

    use axum::{Router, routing::post};

    use super::*;

    /// A node that answers with `status`, and advances 100 blocks per query.
    async fn node(status: &'static str) -> Cluster {
        let height = Arc::new(AtomicU64::new(0));
        let answer = move |body: String| {
            let result = if body.contains("getEpochInfo") {
                let height = height.fetch_add(100, Ordering::Relaxed);
                format!(
                    r#"{{"epoch":0,"slotIndex":0,"slotsInEpoch":1,"absoluteSlot":{height},"blockHeight":{height},"transactionCount":null}}"#
                )
            } else {
                format!(r#"{{"context":{{"slot":{}}},"value":[{status}]}}"#, height.load(Ordering::Relaxed))
            };
            async move { format!(r#"{{"jsonrpc":"2.0","id":0,"result":{result}}}"#) }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/", post(answer))).await });
        Cluster::new(&url, CommitmentConfig::confirmed())
    }

    #[tokio::test]
    async fn what_is_absent_counts_as_expired_only_once_it_can_no_longer_land() {
        let cluster = node("null").await;
        // Heights 0 and 100 are at most 100; 200 is above.
        for expected in [false, false, true] {
            let settled = look(&cluster, &Signature::default(), 100).await;
            assert_eq!(matches!(settled, Some(Settled::Expired)), expected, "{settled:?}");
        }
    }

    #[tokio::test]
    async fn what_landed_is_told_with_its_slot_and_what_failed_as_failed() {
        let landed =
            r#"{"slot":7,"confirmations":null,"status":{"Ok":null},"err":null,"confirmationStatus":"confirmed"}"#;
        let settled = settle(&node(landed).await, &Signature::default(), 0).await;
        assert!(matches!(settled, Settled::Landed(Landed { slot: 7, .. })), "{settled:?}");
        let error = r#"{"InstructionError":[2,{"Custom":6001}]}"#;
        let failed = format!(
            r#"{{"slot":7,"confirmations":null,"status":{{"Err":{error}}},"err":{error},"confirmationStatus":"confirmed"}}"#
        );
        let settled = settle(&node(failed.leak()).await, &Signature::default(), 0).await;
        assert!(matches!(settled, Settled::Failed), "{settled:?}");
    }
}
