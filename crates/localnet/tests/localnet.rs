//! A local cluster as its users meet it: over RPC and WebSocket.
// Helpers of tests may stop at the first surprise, as tests may.
#![allow(missing_docs, clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used)]

mod seen;

use std::{fs, net::TcpListener, path::PathBuf, time::Duration};

use backstop_client::{
    Market, PROGRAM_ID, address,
    rpc::{Policy, Sender},
    verb::{self, MarketRoles},
};
use backstop_localnet::{
    ACTORS, FaultProxy, Localnet, Options, Pass, PriceFile, Program, SOL, Speed, USDC, keypair, price_of, remote,
};
use futures_util::StreamExt;
use seen::Seen;
use solana_account::Account;
use solana_address::Address;
use solana_pubsub_client::nonblocking::pubsub_client::PubsubClient;
use solana_rpc_client_api::config::RpcAccountInfoConfig;
use solana_signer::Signer;

const HALF_A_DAY: i64 = 43_200;
/// SOL falls from 20 to 10 USD an hour after the start.
const FALL: &str = "time,SOL,USDC\n1000000,20,1\n1003600,10,0.99\n";

/// Quick blocks, and a clock that stands still.
fn still() -> Options {
    Options { slot_time: Duration::from_millis(50), speed: Speed::STILL, ..Options::default() }
}

fn falling() -> Options {
    Options { prices: Some(PriceFile::parse(FALL).unwrap()), ..still() }
}

/// A folder of its own, gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("backstop-localnet-{name}-{}", std::process::id())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn everybody_starts_with_lamports_and_tokens_and_the_program_is_there() {
    let localnet = Localnet::start(still()).unwrap();
    let seen = Seen::new(&localnet);
    for name in ACTORS {
        let owner = keypair(name).pubkey();
        assert_eq!(seen.account(&owner).await.lamports, 1_000_000_000_000);
        // 10,000,000 USDC at six decimals, 100,000 SOL at nine.
        assert_eq!(seen.tokens(&USDC.account_of(&owner)).await, 10_000_000_000_000);
        assert_eq!(seen.tokens(&SOL.account_of(&owner)).await, 100_000_000_000_000);
    }
    // Eight actors with as many.
    let supply = seen.rpc.get_token_supply(&USDC.mint()).await.unwrap();
    assert_eq!((supply.amount.as_str(), supply.decimals), ("80000000000000", 6));
    assert!(seen.account(&PROGRAM_ID).await.executable);
    assert_eq!(seen.price(&USDC).await, "1");
    localnet.stop().unwrap();
}

#[tokio::test]
async fn a_transaction_to_the_program_lands() {
    let localnet = Localnet::start(still()).unwrap();
    let seen = Seen::new(&localnet);
    let authority = keypair("authority");
    let owner = authority.pubkey();
    let market = address::market(&owner, 7);
    let sender = Sender::new(seen.cluster.clone(), std::sync::Arc::new(authority), Policy::default());
    let roles = MarketRoles { authority: owner, guardian: owner, treasury: owner, timelock_seconds: 172_800 };
    let create = verb::create_market(&roles, owner, 7);
    sender.send(&[create], &[]).await.unwrap();
    let account: Market = seen.cluster.account(&market).await.unwrap();
    assert_eq!((account.authority, account.timelock_seconds), (owner, 172_800));
    localnet.stop().unwrap();
}

#[tokio::test]
async fn without_a_program_there_is_none() {
    let localnet = Localnet::start(Options { program: Program::None, ..still() }).unwrap();
    assert!(Seen::new(&localnet).rpc.get_account(&PROGRAM_ID).await.is_err());
    localnet.stop().unwrap();
}

#[tokio::test]
async fn prices_follow_the_file() {
    let localnet = Localnet::start(falling()).unwrap();
    let seen = Seen::new(&localnet);
    assert_eq!((seen.now().await, seen.price(&SOL).await), (1_000_000, "20".into()));
    localnet.advance(3_599).unwrap();
    assert_eq!((seen.now().await, seen.price(&SOL).await), (1_003_599, "20".into()));
    localnet.advance(1).unwrap();
    assert_eq!((seen.price(&SOL).await, seen.price(&USDC).await), ("10".into(), "0.99".into()));
    localnet.stop().unwrap();
}

#[tokio::test]
async fn a_price_that_is_set_holds_until_the_next_row() {
    let localnet = Localnet::start(falling()).unwrap();
    let seen = Seen::new(&localnet);
    localnet.set_price("sol", "15.5".parse().unwrap()).unwrap();
    localnet.advance(60).unwrap();
    localnet.make_block().unwrap();
    assert_eq!(seen.published(&SOL).await, ("15.5".into(), 1_000_060));
    assert_eq!(seen.price(&USDC).await, "1");
    localnet.advance(3_600).unwrap();
    assert_eq!(seen.price(&SOL).await, "10");
    assert!(localnet.set_price("BTC", "1".parse().unwrap()).unwrap_err().to_string().contains("no token \"BTC\""));
    localnet.stop().unwrap();
}

#[tokio::test]
async fn another_process_sets_prices_and_moves_the_clock_by_rpc() {
    let localnet = Localnet::start(falling()).unwrap();
    let seen = Seen::new(&localnet);
    remote::set_price(&seen.cluster, "SOL", &"17".parse().unwrap()).await.unwrap();
    localnet.advance(1).unwrap();
    assert_eq!(seen.published(&SOL).await, ("17".into(), 1_000_001));
    assert_eq!(remote::advance(&seen.cluster, 3_600).await.unwrap(), 1_003_601);
    assert_eq!((seen.now().await, seen.published(&SOL).await), (1_003_601, ("10".into(), 1_003_601)));
    assert!(remote::set_price(&seen.cluster, "BTC", &"17".parse().unwrap()).await.is_err());
    localnet.stop().unwrap();
    let refused = remote::advance(&seen.cluster, 1).await.unwrap_err().to_string();
    assert!(refused.contains("did not answer"), "{refused}");
}

#[tokio::test]
async fn subscribers_are_told_of_prices() {
    let localnet = Localnet::start(falling()).unwrap();
    let client = PubsubClient::new(localnet.websocket_url()).await.unwrap();
    let config = RpcAccountInfoConfig {
        encoding: Some(solana_account_decoder_client_types::UiAccountEncoding::Base64),
        ..RpcAccountInfoConfig::default()
    };
    let (mut reported, _unsubscribe) = client.account_subscribe(&SOL.price_account(), Some(config)).await.unwrap();
    localnet.set_price("SOL", "19.75".parse().unwrap()).unwrap();
    // The cluster may answer a moment before the subscription stands, so time goes on until it tells.
    let wait = async {
        for second in 1_000_001.. {
            localnet.advance(1).unwrap();
            if let Ok(reported) = tokio::time::timeout(Duration::from_millis(200), reported.next()).await {
                let (price, time) = price_of(&reported.unwrap().value.data.decode().unwrap()).unwrap();
                assert!((1_000_000..=second).contains(&time), "{time} after {second}");
                if price.to_string() == "19.75" {
                    return;
                }
            }
        }
    };
    tokio::time::timeout(seen::PATIENCE, wait).await.unwrap();
    localnet.stop().unwrap();
}

#[tokio::test]
async fn clock_and_prices_are_of_one_second_and_never_go_back() {
    let options = Options { speed: "1d/1s".parse().unwrap(), ..falling() };
    let localnet = Localnet::start(options).unwrap();
    let seen = Seen::new(&localnet);
    let (mut last, mut changes) = (0, 0);
    while changes < 20 {
        let (now, published) = seen.clock_and_price(&SOL).await;
        assert_eq!(now, published);
        assert!(now >= last, "{now} after {last}");
        changes += usize::from(now > last);
        last = now;
    }
    // Twenty blocks of at least 50 ms each, at a day a second.
    assert!(last > 1_000_000 + HALF_A_DAY);
    localnet.stop().unwrap();
}

#[tokio::test]
async fn without_publishers_prices_grow_old() {
    let localnet = Localnet::start(falling()).unwrap();
    let seen = Seen::new(&localnet);
    localnet.set_outage(true).unwrap();
    localnet.advance(7_200).unwrap();
    assert_eq!(seen.published(&SOL).await, ("20".into(), 1_000_000));
    remote::set_outage(&seen.cluster, false).await.unwrap();
    localnet.make_block().unwrap();
    assert_eq!(seen.published(&SOL).await, ("10".into(), 1_007_200));
    localnet.stop().unwrap();
}

#[tokio::test]
async fn blockhashes_expire_when_told_to() {
    let localnet = Localnet::start(still()).unwrap();
    let seen = Seen::new(&localnet);
    let valid = async |hash| seen.rpc.is_blockhash_valid(hash, seen::COMMITMENT).await.unwrap();
    let old = seen.rpc.get_latest_blockhash().await.unwrap();
    assert!(valid(&old).await);
    localnet.expire_blockhashes().unwrap();
    assert!(!valid(&old).await);
    let new = seen.rpc.get_latest_blockhash().await.unwrap();
    assert!(new != old && valid(&new).await);
    localnet.stop().unwrap();
}

#[tokio::test]
async fn twenty_thousand_accounts_can_be_put_there() {
    let localnet = Localnet::start(still()).unwrap();
    let seen = Seen::new(&localnet);
    let account =
        Account { lamports: 1_000_000, data: vec![7; 16], owner: PROGRAM_ID, executable: false, rent_epoch: 0 };
    let accounts = (0..20_000).map(|_| (Address::new_unique(), account.clone())).collect();
    localnet.put_accounts(accounts).unwrap();
    assert_eq!(seen.rpc.get_program_accounts(&PROGRAM_ID).await.unwrap().len(), 20_000);
    localnet.stop().unwrap();
}

#[tokio::test]
async fn it_ends_cleanly_and_starts_again_at_the_same_ports() {
    let localnet = Localnet::start(still()).unwrap();
    let port = |url: String| url.rsplit_once(':').unwrap().1.parse::<u16>().unwrap();
    let (rpc_port, websocket_port) = (port(localnet.rpc_url()), port(localnet.websocket_url()));
    let taken = Localnet::start(Options { rpc_port, ..still() }).unwrap_err().to_string();
    assert!(taken.contains(&format!("port {rpc_port} is taken")), "{taken}");
    localnet.stop().unwrap();
    for port in [rpc_port, websocket_port] {
        TcpListener::bind(("127.0.0.1", port)).unwrap();
    }
    let again = Localnet::start(Options { rpc_port, websocket_port, ..still() }).unwrap();
    assert_eq!(Seen::new(&again).price(&SOL).await, "100");
    drop(again);
    TcpListener::bind(("127.0.0.1", rpc_port)).unwrap();
}

#[tokio::test]
async fn its_folder_has_keypairs_and_a_config_file() {
    let folder = Folder::new("files");
    let localnet = Localnet::start(Options { dir: Some(folder.0.clone()), ..still() }).unwrap();
    let config = solana_cli_config::Config::load(&folder.0.join("config.yml").to_string_lossy()).unwrap();
    assert_eq!((config.json_rpc_url, config.websocket_url), (localnet.rpc_url(), localnet.websocket_url()));
    let alice = solana_keypair::read_keypair_file(&config.keypair_path).unwrap();
    assert_eq!(alice.pubkey(), keypair("alice").pubkey());
    let names: std::collections::BTreeSet<String> =
        fs::read_dir(&folder.0).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    let expected = ACTORS.iter().chain([&"faucet"]).map(|name| format!("{name}.json")).chain(["config.yml".into()]);
    assert_eq!(names, expected.collect());
    #[cfg(unix)]
    {
        let mode = fs::metadata(folder.0.join("bob.json")).unwrap();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode.permissions()) & 0o777, 0o600);
    }
    localnet.stop().unwrap();
}

#[test]
fn what_cannot_start_says_why() {
    let reported = |options: Options| Localnet::start(options).unwrap_err().to_string();
    let prices = Some(PriceFile::parse("time,DOGE\n100,1\n").unwrap());
    assert!(reported(Options { prices, ..still() }).contains("no token \"DOGE\""));
    let missing = Program::File("/nowhere/program.so".into());
    assert!(reported(Options { program: missing, ..still() }).contains("/nowhere/program.so cannot be read"));
    let folder = Folder::new("program");
    fs::create_dir_all(&folder.0).unwrap();
    let file = folder.0.join("notes.so");
    fs::write(&file, "no program").unwrap();
    assert!(reported(Options { program: Program::File(file), ..still() }).contains("notes.so is not a program"));
    assert!(PriceFile::read(&folder.0).unwrap_err().to_string().contains("cannot be read"));
}

#[tokio::test]
async fn a_proxy_refuses_and_cuts_connections() {
    let localnet = Localnet::start(still()).unwrap();
    let target = localnet.rpc_url().replace("http://", "");
    let proxy = FaultProxy::start(&target).await.unwrap();
    let rpc = solana_rpc_client::nonblocking::rpc_client::RpcClient::new(format!("http://{}", proxy.address()));
    assert!(rpc.get_slot().await.is_ok());
    proxy.pass(Pass::None);
    assert!(rpc.get_slot().await.is_err());
    proxy.pass(Pass::All);
    assert!(rpc.get_slot().await.is_ok());

    let target = localnet.websocket_url().replace("ws://", "");
    let proxy = FaultProxy::start(&target).await.unwrap();
    let client = PubsubClient::new(format!("ws://{}", proxy.address())).await.unwrap();
    let (mut slots, _unsubscribe) = client.slot_subscribe().await.unwrap();
    slots.next().await.unwrap();
    proxy.cut();
    let ended = async { while slots.next().await.is_some() {} };
    tokio::time::timeout(seen::PATIENCE, ended).await.unwrap();
    assert!(PubsubClient::new(format!("ws://{}", proxy.address())).await.is_ok());
    localnet.stop().unwrap();
}
