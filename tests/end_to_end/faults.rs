//! Things that go wrong around the bot.

use std::time::Duration;

use backstop_client::Event;
use backstop_localnet::{FaultProxy, Pass, PriceFile, SOL, USDC, keypair};
use solana_signer::Signer;

use crate::{
    bot::{Bot, Node},
    fixtures::Stage,
    history::History,
};

/// A price that holds; tests move it themselves.
const CALM: &str = "time,SOL,USDC\n2022-11-09,100,1\n";

/// A pool with 1,000,000 USDC and loans of 60 % of the collateral's value.
async fn lent(borrowers: usize) -> Stage {
    let stage = Stage::set(PriceFile::parse(CALM).unwrap()).await;
    stage.command("alice", &["deposit", "1000000"]);
    stage.command("dave", &["stake", "10000"]);
    for number in 0..borrowers {
        stage.borrow(&format!("borrower {number}"), 100, 6_000).await;
    }
    stage
}

fn crash(stage: &Stage, price: &str) {
    stage.chain.set_price("SOL", price.parse().unwrap()).unwrap();
}

fn address_of(url: &str) -> String {
    url.split_once("//").unwrap().1.to_owned()
}

/// Proxies before RPC and WebSocket, and the node as seen through them.
async fn through_proxies(stage: &Stage) -> (FaultProxy, FaultProxy, Node) {
    let rpc = FaultProxy::start(&address_of(&stage.chain.rpc_url())).await.unwrap();
    let websocket = FaultProxy::start(&address_of(&stage.chain.websocket_url())).await.unwrap();
    let node = Node { rpc: format!("http://{}", rpc.address()), websocket: format!("ws://{}", websocket.address()) };
    (rpc, websocket, node)
}

/// Waits until a bot has read everything and marked or refreshed something, so that it is at work.
async fn until_at_work(stage: &Stage, bot: &Bot) {
    stage.until("the bot is at work", async |_| bot.log().contains("listening")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rpc_gone_for_twenty_seconds_in_a_crash_loses_nothing() {
    let stage = lent(6).await;
    let (rpc, _websocket, node) = through_proxies(&stage).await;
    let bot = Bot::start(stage.folder(), "erin", &node, &stage.key.pool, &[]);
    until_at_work(&stage, &bot).await;
    crash(&stage, "50");
    rpc.pass(Pass::None);
    tokio::time::sleep(Duration::from_secs(20)).await; // the outage itself
    assert_eq!(stage.bad().await.len(), 6, "nothing reached the chain meanwhile");
    rpc.pass(Pass::All);
    stage.until_good(&[&bot]).await;
    let history = History::read(&stage).await;
    history.check(&stage).await;
    assert_eq!(history.losses().values().collect::<Vec<_>>(), vec![&1; 6]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_websocket_that_is_cut_again_and_again_loses_nothing() {
    let stage = lent(4).await;
    let (_rpc, websocket, node) = through_proxies(&stage).await;
    let bot = Bot::start(stage.folder(), "erin", &node, &stage.key.pool, &[]);
    until_at_work(&stage, &bot).await;
    websocket.pass(Pass::None);
    crash(&stage, "50"); // the bot cannot hear of it
    websocket.pass(Pass::All);
    stage.until_good(&[&bot]).await;
    websocket.pass(Pass::None);
    websocket.pass(Pass::All);
    stage.borrow("latecomer", 1_000, 20_000).await;
    crash(&stage, "22");
    stage.until_good(&[&bot]).await;
    History::read(&stage).await.check(&stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blockhashes_that_expire_at_once_lose_nothing_and_repeat_nothing() {
    let stage = lent(6).await;
    let bot = stage.bot("erin");
    until_at_work(&stage, &bot).await;
    crash(&stage, "50");
    for _ in 0..20 {
        stage.chain.expire_blockhashes().unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await; // the pace of the nuisance
    }
    stage.until_good(&[&bot]).await;
    let history = History::read(&stage).await;
    history.check(&stage).await;
    assert_eq!(history.losses().values().collect::<Vec<_>>(), vec![&1; 6]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_bots_at_once_share_the_work_and_neither_pays_for_the_other() {
    let stage = lent(8).await;
    let owners = ["erin", "bob"];
    let mut before = Vec::new();
    for owner in owners {
        before.push(stage.wallet(&keypair(owner).pubkey(), &USDC).await);
    }
    let bots = owners.map(|owner| stage.bot(owner));
    for bot in &bots {
        until_at_work(&stage, bot).await;
    }
    crash(&stage, "50");
    stage.until_good(&[&bots[0], &bots[1]]).await;
    let history = History::read(&stage).await;
    history.check(&stage).await;
    assert_eq!(history.losses().values().collect::<Vec<_>>(), vec![&1; 8]);
    for (owner, before) in owners.into_iter().zip(before) {
        let owner = keypair(owner).pubkey();
        let paid: u64 = history
            .events()
            .map(|event| match event {
                Event::Liquidated(done) if done.liquidator == owner => done.repaid + done.insurance_cut,
                _ => 0,
            })
            .sum();
        assert_eq!(before - stage.wallet(&owner, &USDC).await, paid, "each paid for what it did");
    }
    let collateral: u64 = history
        .events()
        .map(|event| match event {
            Event::Liquidated(done) => done.seized,
            _ => 0,
        })
        .sum();
    let mut received = 0;
    for owner in owners {
        received += stage.wallet(&keypair(owner).pubkey(), &SOL).await;
    }
    let each = SOL.each * 10_u64.pow(SOL.decimals.into());
    assert_eq!(received, 2 * each + collateral, "and received what was seized");
}

/// Debt that is too recent is liquidated, and recorded later: whoever comes next records it, once.
#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_is_killed_between_liquidation_and_record_is_followed_by_one_that_records_once() {
    let stage = lent(1).await;
    stage.set_default_age(150).await;
    let bot = stage.bot("erin");
    until_at_work(&stage, &bot).await;
    let obligation = stage.borrow("latecomer", 1_000, 60_000).await;
    crash(&stage, "40");
    stage
        .until("the collateral is seized", async |stage| stage.obligation(&obligation).await.held().next().is_none())
        .await;
    bot.kill();
    let left = stage.obligation(&obligation).await;
    assert_ne!(left.debt_shares, 0, "it is too recent to be recorded");
    assert_ne!(left.marked, 0, "but marked, so nobody leaves without it");
    assert_ne!(stage.snapshot().await.pool.hold.on, 0, "while the pool is on hold");
    assert_eq!(History::read(&stage).await.losses().get(&obligation), None);

    let bot = stage.bot("erin");
    stage.until_good(&[&bot]).await;
    stage.until("the rest is recorded", async |stage| stage.obligation(&obligation).await.debt_shares == 0).await;
    let history = History::read(&stage).await;
    history.check(&stage).await;
    assert_eq!(history.losses().get(&obligation), Some(&1));
    assert_eq!(stage.obligation(&obligation).await.marked, 0);
    assert_eq!(stage.snapshot().await.pool.hold.on, 0);
}
