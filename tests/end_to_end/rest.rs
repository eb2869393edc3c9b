//! What is left of a debt after its loss.

use std::time::Duration;

use backstop_localnet::{PriceFile, USDC, keypair};
use solana_signer::Signer;

use crate::{
    fixtures::{Stage, WHOLE_SOL, WHOLE_USDC},
    history::History,
};

#[tokio::test(flavor = "multi_thread")]
async fn what_dust_does_not_cover_is_recorded_and_the_rest_left_alone_which_is_told_once() {
    let stage = Stage::set(PriceFile::parse("time,SOL,USDC\n2022-11-09,100,1\n").unwrap()).await;
    stage.command("alice", &["deposit", "1000000"]);
    stage.command("dave", &["stake", "10000"]);
    let borrower = stage.borrow("borrower", 2, 110).await;
    let bot = stage.bot("erin");
    stage.until("the bot is at work", async |_| bot.log().contains("listening")).await;
    let erin = keypair("erin").pubkey();
    let usdc = stage.wallet(&erin, &USDC).await;

    // At 0.10 USD, two SOL are dust, and bring 0.20 / 1.05 = 0.190476190: the rest is lost. Liquidating what is left
    // earns less than a cent.
    stage.chain.set_price("SOL", "0.1".parse().unwrap()).unwrap();
    let said = || bot.log().lines().filter(|line| line.contains("left alone") && line.contains("below_floor")).count();
    stage.until("the loss is recorded and the rest left alone", async |_| said() > 0).await;
    tokio::time::sleep(Duration::from_secs(3)).await; // fifteen rounds

    let (left, snapshot) = (stage.obligation(&borrower).await, stage.snapshot().await);
    let owed = snapshot.totals().unwrap().debt(left.debt()).unwrap().get();
    // A debt share is worth a unit and a little.
    assert!((190_475..=190_476).contains(&owed), "{owed}");
    assert!(left.written_off >= 110 * WHOLE_USDC - 190_476, "{}", left.written_off);
    assert_eq!((left.units_of(&stage.sol.collateral), left.marked), (2 * WHOLE_SOL, 0), "nobody was given any");
    assert_eq!(stage.wallet(&erin, &USDC).await, usdc, "recording costs no tokens");
    let history = History::read(&stage).await;
    history.check(&stage).await;
    assert_eq!((history.losses().get(&borrower), history.liquidations()), (Some(&1), 0));
    assert_eq!(said(), 1, "{}", bot.log());
}
