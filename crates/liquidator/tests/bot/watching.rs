//! What is read from a node whose clock and prices move on with every request.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{Router, routing::post};
use backstop_client::rpc::{Clock, Cluster};
use backstop_liquidator::watch::{Update, Watch};
use base64::{Engine, prelude::BASE64_STANDARD};
use solana_commitment_config::CommitmentConfig;
use tokio::net::TcpListener;

use crate::strategies::at;

/// A node that answers its n-th request, the first is 0, with accounts of 40 bytes as of slot n: n at either end.
async fn node() -> String {
    let requests = Arc::new(AtomicU64::new(0));
    let answer = move |body: String| {
        let slot = requests.fetch_add(1, Ordering::Relaxed);
        let mut data = [0; 40];
        data[..8].copy_from_slice(&slot.to_le_bytes());
        data[32..].copy_from_slice(&slot.to_le_bytes());
        let request: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(request["method"], "getMultipleAccounts");
        let account = serde_json::json!({
            "lamports": 1, "owner": at(9).to_string(), "executable": false, "rentEpoch": 0, "space": 40,
            "data": [BASE64_STANDARD.encode(data), "base64"],
        });
        let value = vec![account; request["params"][0].as_array().unwrap().len()];
        let result = serde_json::json!({ "context": { "slot": slot }, "value": value });
        async move { serde_json::json!({ "jsonrpc": "2.0", "id": request["id"], "result": result }).to_string() }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", post(answer))).await });
    url
}

/// On a chain that moves by half an hour a slot, a clock and a price of different slots never fit together.
#[tokio::test]
async fn the_clock_and_the_prices_are_of_one_slot() {
    let watch = Watch {
        cluster: Cluster::new(&node().await, CommitmentConfig::confirmed()),
        websocket_url: String::new(),
        pools: Vec::new(),
        leavers_of: Vec::new(),
        others: Vec::new(),
        stall: Duration::from_secs(60),
        reconcile: Duration::from_secs(60),
        tick: Duration::from_secs(60),
    };
    for slot in 0..3 {
        let Update::Now { clock, prices } = watch.now([at(1), at(2)]).await.unwrap() else { panic!("no clock") };
        assert_eq!(clock, Clock { slot, unix_timestamp: slot.try_into().unwrap() });
        assert_eq!(prices.iter().map(|price| price.address).collect::<Vec<_>>(), [at(1), at(2)]);
        for price in prices {
            assert_eq!((price.slot, &price.data[..8]), (slot, slot.to_le_bytes().as_slice()));
        }
    }
}
