//! A node that answers JSON-RPC over HTTP. It has a chain of blocks that grows by every look at it, and a script for
//! what becomes of transactions.

use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use axum::{Router, http::StatusCode, routing::post};
use backstop_client::rpc::Cluster;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;
use solana_signature::Signature;
use tokio::net::TcpListener;

/// What becomes of a transaction, told when it is sent.
pub(crate) enum Fate {
    /// It lands, and everybody sees it.
    Lands,
    /// It lands, but only a search of the history finds it.
    LandsUnseen,
    /// It is lost on the way.
    Lost,
    /// It lands and fails with this error.
    Fails(Value),
}

/// What the node knows and was told.
#[derive(Default)]
pub(crate) struct Chain {
    /// Block height and slot.
    pub(crate) height: u64,
    /// By how much it grows with every look at it.
    pub(crate) growth: u64,
    /// Every transaction that was sent, in order, as often as it was.
    pub(crate) sent: Vec<Vec<u8>>,
    /// The block height at each of these.
    pub(crate) sent_at: Vec<u64>,
    /// Every request that was answered, by its method.
    pub(crate) asked: Vec<(String, Value)>,
    /// How many of the next requests fail.
    pub(crate) silent: usize,
    /// The error that a method answers.
    pub(crate) error: Option<(&'static str, Value)>,
    /// What `simulateTransaction` answers.
    pub(crate) simulation: Value,
    /// How many blocks the history lags behind.
    pub(crate) lag: u64,
    /// The logs of every transaction; without, the node cannot tell.
    pub(crate) logs: Option<Vec<String>>,
    /// What was paid to write to accounts lately.
    pub(crate) fees: Vec<u64>,
    /// Accounts by address.
    pub(crate) accounts: Vec<(Address, Value)>,
    landed: Vec<(Signature, bool, Value)>,
}

impl Chain {
    /// The different transactions that were sent.
    pub(crate) fn signatures(&self) -> Vec<Signature> {
        let mut signatures: Vec<Signature> = self.sent.iter().map(|sent| signature(sent)).collect();
        signatures.dedup();
        signatures
    }
}

/// After how many blocks a blockhash expires.
pub(crate) const LIFE: u64 = 150;

type Script = Box<dyn FnMut(usize) -> Fate + Send>;

pub(crate) struct Node {
    chain: Arc<Mutex<Chain>>,
    pub(crate) cluster: Cluster,
}

impl Node {
    /// A node whose script is told how many different transactions were sent before.
    pub(crate) async fn start(script: impl FnMut(usize) -> Fate + Send + 'static) -> Self {
        let chain = Chain {
            growth: 60,
            simulation: json!({ "err": null, "logs": [], "unitsConsumed": 5_000 }),
            logs: Some(Vec::new()),
            ..Chain::default()
        };
        let chain = Arc::new(Mutex::new(chain));
        let script: Arc<Mutex<Script>> = Arc::new(Mutex::new(Box::new(script)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::clone(&chain);
        let answer = move |body: String| {
            let answer = respond(&mut shared.lock().unwrap(), &mut script.lock().unwrap(), &body);
            async move { answer }
        };
        let router = Router::new().route("/", post(answer));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { chain, cluster: Cluster::new(&url, CommitmentConfig::confirmed()) }
    }

    /// Waits until the chain is so.
    pub(crate) async fn until(&self, so: impl Fn(&Chain) -> bool) {
        let waiting = async {
            while !so(&self.chain()) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), waiting).await.expect("the chain does not become so");
    }

    pub(crate) fn chain(&self) -> MutexGuard<'_, Chain> {
        self.chain.lock().unwrap()
    }
}

fn respond(chain: &mut Chain, script: &mut Script, body: &str) -> Result<String, StatusCode> {
    if chain.silent > 0 {
        chain.silent -= 1;
        return Err(StatusCode::SERVICE_UNAVAILABLE);
    }
    let request: Value = serde_json::from_str(body).unwrap();
    let (method, params) = (request["method"].as_str().unwrap(), &request["params"]);
    chain.asked.push((method.to_owned(), params.clone()));
    let result = match method {
        "sendTransaction" => {
            send(chain, script, params);
            json!(signature(chain.sent.last().unwrap()).to_string())
        }
        "getSignatureStatuses" => statuses(chain, params),
        "getEpochInfo" => {
            chain.height += chain.growth;
            json!({
                "epoch": 0,
                "slotIndex": 0,
                "slotsInEpoch": 432_000,
                "absoluteSlot": chain.height,
                "blockHeight": chain.height,
                "transactionCount": null,
            })
        }
        "getLatestBlockhash" => {
            // Every height has its own.
            let hash = Address::new_from_array([u8::try_from(chain.height % 251).unwrap() + 1; 32]).to_string();
            in_context(chain, json!({ "blockhash": hash, "lastValidBlockHeight": chain.height + LIFE }))
        }
        "simulateTransaction" => in_context(chain, chain.simulation.clone()),
        "getTransaction" => details(chain, params),
        "getRecentPrioritizationFees" => {
            chain.fees.iter().map(|fee| json!({ "slot": 1, "prioritizationFee": fee })).collect()
        }
        "getMultipleAccounts" => {
            let wanted = params[0].as_array().unwrap().iter().map(|wanted| account(chain, wanted));
            in_context(chain, wanted.collect())
        }
        "getProgramAccounts" => {
            let all = chain.accounts.iter();
            all.map(|(address, account)| json!({ "pubkey": address.to_string(), "account": account })).collect()
        }
        "getGenesisHash" => json!("EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG"),
        other => panic!("the node does not know {other}"),
    };
    let answer = match &chain.error {
        Some((failing, error)) if *failing == method => {
            json!({ "jsonrpc": "2.0", "id": request["id"], "error": error })
        }
        _ => json!({ "jsonrpc": "2.0", "id": request["id"], "result": result }),
    };
    Ok(answer.to_string())
}

fn send(chain: &mut Chain, script: &mut Script, params: &Value) {
    let bytes = BASE64_STANDARD.decode(params[0].as_str().unwrap()).unwrap();
    let (sent, before) = (signature(&bytes), chain.signatures());
    chain.sent.push(bytes);
    chain.sent_at.push(chain.height);
    let known = chain.landed.iter().any(|(landed, ..)| *landed == sent);
    let number = before.iter().position(|earlier| *earlier == sent).unwrap_or(before.len());
    if known {
        return;
    }
    match script(number) {
        Fate::Lands => chain.landed.push((sent, true, Value::Null)),
        Fate::LandsUnseen => chain.landed.push((sent, false, Value::Null)),
        Fate::Fails(error) => chain.landed.push((sent, true, error)),
        Fate::Lost => {}
    }
}

fn statuses(chain: &Chain, params: &Value) -> Value {
    let history = params[1]["searchTransactionHistory"] == true;
    let wanted = params[0][0].as_str().unwrap();
    let slot = chain.height.saturating_sub(chain.lag);
    let found = chain.landed.iter().find(|(landed, seen, _)| landed.to_string() == wanted && (*seen || history));
    let status = found.filter(|_| chain.lag == 0).map(|(_, _, error)| {
        let status = if error.is_null() { json!({ "Ok": null }) } else { json!({ "Err": error }) };
        json!({ "slot": 7, "confirmations": null, "status": status, "err": error, "confirmationStatus": "confirmed" })
    });
    json!({ "context": { "slot": slot }, "value": [status] })
}

fn details(chain: &Chain, params: &Value) -> Value {
    let Some(logs) = &chain.logs else { return Value::Null };
    let error = chain.landed.iter().find(|(landed, ..)| params[0] == landed.to_string()).map(|(.., error)| error);
    let status = if error == Some(&Value::Null) { json!({ "Ok": null }) } else { json!({ "Err": error }) };
    let meta = json!({
        "err": error, "status": status, "fee": 5000, "preBalances": [], "postBalances": [],
        "logMessages": logs, "computeUnitsConsumed": 4_321,
    });
    json!({ "slot": 7, "blockTime": null, "transaction": ["", "base64"], "meta": meta })
}

fn account(chain: &Chain, wanted: &Value) -> Value {
    let found = chain.accounts.iter().find(|(address, _)| *wanted == address.to_string());
    found.map_or(Value::Null, |(_, account)| account.clone())
}

fn in_context(chain: &Chain, value: Value) -> Value {
    json!({ "context": { "slot": chain.height }, "value": value })
}

/// The first signature of a transaction's bytes: after their number, which is one byte.
fn signature(transaction: &[u8]) -> Signature {
    Signature::from(<[u8; 64]>::try_from(&transaction[1..65]).unwrap())
}
