use backstop_client::{
    AccountData, InsuranceStake, Market, Obligation, PROGRAM_ID, Pool,
    rpc::{Cluster, Network, ReadError},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;

use crate::node::{Fate, Node};

const HERE: Address = Address::new_from_array([1; 32]);
const THERE: Address = Address::new_from_array([2; 32]);

async fn node(accounts: Vec<(Address, Value)>) -> Node {
    let node = Node::start(|_| Fate::Lost).await;
    node.chain().accounts = accounts;
    node
}

fn account(owner: Address, data: &[u8], executable: bool) -> Value {
    json!({
        "lamports": 1, "owner": owner.to_string(), "executable": executable, "rentEpoch": 0, "space": data.len(),
        "data": [BASE64_STANDARD.encode(data), "base64"],
    })
}

fn program() -> (Address, Value) {
    (PROGRAM_ID, account(Address::new_from_array([9; 32]), &[], true))
}

/// A market with this id, the rest zeros.
fn market(id: u64) -> Value {
    let mut data = vec![0; Market::SIZE];
    data[..8].copy_from_slice(&Market::DISCRIMINATOR);
    data[8 + 5 * 32..][..8].copy_from_slice(&id.to_le_bytes());
    account(PROGRAM_ID, &data, false)
}

#[tokio::test]
async fn account_is_decoded() {
    let node = node(vec![(HERE, market(258))]).await;
    assert_eq!(node.cluster.account::<Market>(&HERE).await.unwrap().id, 258);
    let both = node.cluster.accounts::<Market>(&[THERE, HERE]).await.unwrap();
    assert!(both[0].is_none());
    assert_eq!(both[1].unwrap().id, 258);
}

#[tokio::test]
async fn missing_account_is_said_with_the_cluster() {
    let node = node(vec![program()]).await;
    let error = node.cluster.account::<Market>(&HERE).await.unwrap_err();
    assert!(matches!(error, ReadError::NotFound { kind: "Market", address: HERE, .. }), "{error}");
    assert!(error.to_string().contains(&node.cluster.url()), "{error}");
    assert!(node.cluster.get_optional::<Market>(&HERE).await.unwrap().is_none());
}

#[tokio::test]
async fn cluster_without_the_program_is_named() {
    let node = node(vec![]).await;
    let error = node.cluster.account::<Market>(&HERE).await.unwrap_err();
    assert!(matches!(error, ReadError::NoProgram { network: Network::Devnet, .. }), "{error}");
    assert!(error.to_string().contains("devnet"), "{error}");
}

#[tokio::test]
async fn account_of_another_program_is_refused() {
    let node = node(vec![(HERE, account(THERE, &[0; 300], false))]).await;
    let error = node.cluster.get_optional::<Market>(&HERE).await.unwrap_err();
    assert!(matches!(error, ReadError::WrongOwner { owner: THERE, .. }), "{error}");
}

#[tokio::test]
async fn account_of_another_kind_or_cut_short_is_refused() {
    let node = node(vec![(HERE, market(0)), (THERE, account(PROGRAM_ID, &Pool::DISCRIMINATOR, false))]).await;
    let error = node.cluster.get_optional::<Pool>(&HERE).await.unwrap_err();
    assert!(matches!(error, ReadError::OtherKind { kind: "Pool", found: Some("Market"), .. }), "{error}");
    let error = node.cluster.get_optional::<Pool>(&THERE).await.unwrap_err();
    assert!(matches!(error, ReadError::OtherKind { kind: "Pool", found: Some("Pool"), .. }), "{error}");
}

#[tokio::test]
async fn many_accounts_are_asked_for_by_the_hundred() {
    let node = node(vec![(HERE, market(1))]).await;
    let found = node.cluster.accounts::<Market>(&[HERE; 201]).await.unwrap();
    assert_eq!(found.iter().flatten().count(), 201);
    let asked: Vec<usize> = node.chain().asked.iter().map(|(_, params)| params[0].as_array().unwrap().len()).collect();
    assert_eq!(asked, [100, 100, 1]);
}

#[tokio::test]
async fn all_accounts_of_a_pool_are_asked_for_by_kind_and_pool() {
    let node = node(vec![]).await;
    assert!(node.cluster.all::<Obligation>(Some(&HERE)).await.unwrap().is_empty());
    let chain = node.chain();
    let (method, params) = chain.asked.last().unwrap();
    assert_eq!((method.as_str(), &params[0]), ("getProgramAccounts", &json!(PROGRAM_ID.to_string())));
    // Not by size: positions, stakes and loss books grow.
    let filters = json!([
        { "memcmp": { "offset": 0, "bytes": Obligation::DISCRIMINATOR, "encoding": "bytes" } },
        { "memcmp": { "offset": 8, "bytes": HERE.to_bytes(), "encoding": "bytes" } },
    ]);
    assert_eq!(params[1]["filters"], filters);
}

#[tokio::test]
async fn nothing_belongs_to_what_a_market_belongs_to() {
    let node = node(vec![(THERE, market(3))]).await;
    assert!(node.cluster.all::<Market>(Some(&HERE)).await.unwrap().is_empty());
    let all = node.cluster.all::<Market>(None).await.unwrap();
    assert_eq!(all.iter().map(|(address, market)| (*address, market.id)).collect::<Vec<_>>(), [(THERE, 3)]);
    assert_eq!(InsuranceStake::PARENT_OFFSET, Some(8));
}

#[tokio::test]
async fn clock_tells_slot_and_time() {
    let mut data = [0; 40];
    data[..8].copy_from_slice(&77_u64.to_le_bytes());
    data[32..].copy_from_slice(&(-5_i64).to_le_bytes());
    let clock: Address = "SysvarC1ock11111111111111111111111111111111".parse().unwrap();
    let node = node(vec![(clock, account(THERE, &data, false))]).await;
    let now = node.cluster.clock().await.unwrap();
    assert_eq!((now.slot, now.unix_timestamp), (77, -5));
}

#[tokio::test]
async fn nobody_at_the_url_is_unreachable() {
    let cluster = Cluster::new("http://127.0.0.1:1", CommitmentConfig::confirmed());
    let error = cluster.get_optional::<Market>(&HERE).await.unwrap_err();
    assert!(matches!(error, ReadError::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains("http://127.0.0.1:1"), "{error}");
}

/// A URL with a key at which nobody is.
const KEYED: &str = "http://me:passw0rd@127.0.0.1:1/v2/pathkey-0123?api-key=querykey-4567";

#[tokio::test]
async fn keys_in_the_url_are_in_no_error() {
    let cluster = Cluster::new(KEYED, CommitmentConfig::confirmed());
    let read = cluster.get_optional::<Market>(&HERE).await.unwrap_err();
    let direct = cluster.without_keys(cluster.rpc().get_slot().await.unwrap_err());
    let shown = [format!("{read} {read:?}"), format!("{direct} {direct:?}"), format!("{cluster:?} {}", cluster.url())];
    for shown in shown {
        for key in ["passw0rd", "pathkey-0123", "querykey-4567"] {
            assert!(!shown.contains(key), "{shown}");
        }
    }
    assert!(read.to_string().contains("127.0.0.1:1/v2/***?api-key=***"), "{read}");
}

/// A lookup table of these addresses: a number that says what it is, the slot of its deactivation, and more, in 56
/// bytes.
fn table(deactivated: u64, addresses: &[Address]) -> Vec<u8> {
    let mut data = [&1_u32.to_le_bytes()[..], &deactivated.to_le_bytes(), &[0; 44]].concat();
    data.extend(addresses.iter().flat_map(|address| address.to_bytes()));
    data
}

const TABLES: Address = Address::from_str_const("AddressLookupTab1e1111111111111111111111111");

#[tokio::test]
async fn lookup_table_is_read_in_its_order() {
    let data = table(u64::MAX, &[THERE, HERE, THERE]);
    let node = node(vec![(HERE, account(TABLES, &data, false))]).await;
    let tables = node.cluster.lookup_tables(&[HERE]).await.unwrap();
    assert_eq!((tables[0].key, tables[0].addresses.as_slice()), (HERE, &[THERE, HERE, THERE][..]));
}

#[tokio::test]
async fn lookup_table_that_is_missing_another_s_cut_or_deactivated_is_refused() {
    let whole = table(u64::MAX, &[THERE]);
    let mut new = whole.clone();
    new[0] = 0;
    for (owner, data) in [
        (THERE, whole.clone()),
        (TABLES, new),
        (TABLES, whole[..87].to_vec()),
        (TABLES, whole[..8].to_vec()),
        (TABLES, table(5, &[THERE])),
    ] {
        let node = node(vec![(HERE, account(owner, &data, false))]).await;
        let error = node.cluster.lookup_tables(&[HERE]).await.unwrap_err();
        assert!(matches!(error, ReadError::NoLookupTable { address: HERE, .. }), "{error}");
    }
    let error = node(vec![]).await.cluster.lookup_tables(&[HERE]).await.unwrap_err();
    assert!(matches!(error, ReadError::NoLookupTable { .. }), "{error}");
}
