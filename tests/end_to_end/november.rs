//! November 2022, day by day, with the bot and nobody helping.

use backstop_localnet::{PriceFile, SOL, USDC, keypair};
use solana_signer::Signer;

use crate::{
    fixtures::{Chain, Stage, WHOLE_SOL},
    history::History,
    validator::Validator,
};

/// The last of them: 2022-11-30, in unix seconds.
const LAST_DAY: i64 = 1_669_766_400;

/// What borrowers owe, in USDC, each against 1,000 SOL that are worth 32,642.
const DEBTS: [u64; 10] = [1_000, 6_000, 11_000, 13_000, 14_000, 15_000, 16_000, 17_000, 18_000, 19_000];

fn borrower(number: usize) -> String {
    format!("borrower {number}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_alone_brings_a_pool_through_november_2022() {
    november(Stage::set(PriceFile::november_2022().unwrap()).await).await;
}

/// The validator's clock is the machine's: a day of prices is four seconds of it, with four seconds' interest.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the real validator: `cargo xtask validator` builds it and runs this"]
async fn so_it_does_on_the_real_validator() {
    let people: Vec<String> = (0..DEBTS.len()).map(borrower).collect();
    november(Validator::stage(PriceFile::november_2022().unwrap(), &people).await).await;
}

async fn november<C: Chain>(stage: Stage<C>) {
    stage.command("alice", &["deposit", "1000000"]);
    stage.command("bob", &["deposit", "500000"]);
    stage.command("dave", &["stake", "20000"]);
    // Loans from 3 % to 60 % of the collateral's value, so that some are never touched, some are liquidated in time,
    // and some are under water on the tenth, when SOL opens at 13.91 after 24.02.
    for (number, usdc) in DEBTS.into_iter().enumerate() {
        stage.borrow(&borrower(number), 1_000, usdc).await;
    }
    let erin = keypair("erin").pubkey();
    let (usdc, sol) = (stage.wallet(&erin, &USDC).await, stage.wallet(&erin, &SOL).await);
    let before = stage.snapshot().await;
    let price = before.pool.totals_at(before.now).unwrap().share_price().unwrap();

    let mut bot = stage.bot("erin");
    stage.chain.play();
    stage.until("November is over", async |stage| stage.chain.now() > LAST_DAY).await;
    stage.until_good(&[&bot]).await;
    assert!(bot.is_running());
    bot.kill();

    let history = History::read(&stage).await;
    history.check(&stage).await;
    assert!(history.liquidations() >= 5, "{} liquidations", history.liquidations());
    assert!(!history.losses().is_empty(), "no loss was recorded");
    let after = stage.snapshot().await;
    assert!(after.pool.totals_at(after.now).unwrap().share_price().unwrap() < price, "LPs bore a part");
    assert_eq!(after.pool.marked, 0, "every known loss is settled");
    assert_eq!((after.pool.hold.on, after.pool.fund_hold.on), (0, 0), "everything is open again");
    // The bot paid USDC for SOL, and both only moved between it and the pool.
    assert!(stage.wallet(&erin, &USDC).await < usdc);
    assert!(stage.wallet(&erin, &SOL).await > sol + WHOLE_SOL);
}
