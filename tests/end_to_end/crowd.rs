//! Twenty thousand obligations, and one bot.

use backstop_client::{AccountData, Obligation, Pool, address};
use backstop_localnet::{PriceFile, SOL, keypair};
use backstop_testkit::accounts;
use solana_account::Account;
use solana_address::Address;
use solana_signer::Signer;

use crate::{
    fixtures::{Stage, WHOLE_SOL, WHOLE_USDC},
    history::History,
};

const CROWD: u64 = 20_000;

/// Puts obligations of 10 SOL each in place, with debts of 1 to 600 USDC, evenly, and what of them stands in the pool,
/// the collateral and its vault.
async fn assemble(stage: &Stage) {
    let (snapshot, sol) = (stage.snapshot().await, stage.sol);
    let mut pool: Pool = snapshot.pool;
    let mut collateral = snapshot.collaterals[0].account;
    let model = stage.obligation(&stage.borrow("model", 10, 100).await).await;
    let pattern = model.to_account_data();
    let mut all = Vec::new();
    for number in 0..CROWD {
        let mut seed = [9; 32];
        seed[..8].copy_from_slice(&number.to_le_bytes());
        let owner = Address::new_from_array(seed);
        let mut obligation = Obligation::from_account_data(&pattern).unwrap();
        obligation.owner = owner;
        obligation.debt_shares = (1 + number * 599 / CROWD) * WHOLE_USDC;
        (_, obligation.bump) = Address::find_program_address(
            &[b"obligation", stage.key.pool.as_ref(), owner.as_ref()],
            &backstop_client::PROGRAM_ID,
        );
        pool.debt_shares += obligation.debt_shares;
        collateral.deposited += 10 * WHOLE_SOL;
        let account = Account {
            lamports: WHOLE_SOL,
            data: obligation.to_account_data(),
            owner: backstop_client::PROGRAM_ID,
            ..Account::default()
        };
        all.push((address::obligation(&stage.key.pool, &owner), account));
    }
    let own =
        |data: Vec<u8>| Account { lamports: WHOLE_SOL, data, owner: backstop_client::PROGRAM_ID, ..Account::default() };
    // The model borrowed after the snapshot was taken.
    let now = stage.snapshot().await;
    (pool.debt_shares, pool.cash) = (pool.debt_shares + now.pool.debt_shares, now.pool.cash);
    collateral.deposited += now.collaterals[0].account.deposited;
    all.push((stage.key.pool, own(pool.to_account_data())));
    all.push((sol.collateral, own(collateral.to_account_data())));
    all.push((sol.vault, accounts::token(&SOL.mint(), &sol.collateral, collateral.deposited)));
    stage.chain.put_accounts(all).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_finds_and_clears_the_bad_ones_of_twenty_thousand() {
    let stage = Stage::set(PriceFile::parse("time,SOL,USDC\n2022-11-09,100,1\n").unwrap()).await;
    stage.command("alice", &["deposit", "1000000"]);
    stage.command("dave", &["stake", "10000"]);
    assemble(&stage).await;
    let (erin, bot) = (keypair("erin").pubkey(), stage.bot("erin"));
    stage.until("the bot is at work", async |_| bot.log().contains("listening")).await;
    assert!(stage.bad().await.is_empty());
    let sol = stage.wallet(&erin, &SOL).await;

    // At 79 USD, 10 SOL carry 592.50 USDC at a threshold of 75 %: 250 debts of up to 600 are beyond that.
    stage.chain.set_price("SOL", "79".parse().unwrap()).unwrap();
    stage.until("some are bad", async |stage| !stage.bad().await.is_empty() || bot.log().contains("liquidate")).await;
    stage.until_good(&[&bot]).await;
    let history = History::read(&stage).await;
    assert!(history.liquidations() > 200, "{} liquidations", history.liquidations());
    assert!(stage.wallet(&erin, &SOL).await > sol);
    assert!(history.losses().is_empty(), "all were covered");
}
