//! What the wallet must have for an instruction.

use axum::{Router, routing::post};
use backstop_client::{
    oracle::pyth_price_feed,
    rpc::Cluster,
    verb::{SYSTEM_PROGRAM, TOKEN_PROGRAM},
};
use backstop_engine::quantity::Assets;
use backstop_liquidator::{
    act::instruction,
    book::Received,
    plan::{Action, Inventory},
    wallet::Wallet,
};
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;

use crate::{
    planning::{liquidations, planned, rules, sick, with_usdc},
    strategies::{USDC, at, book, borrower, collateral, mint, obligation, pool, price},
};

/// A wallet that knows of USDC and collateral 1, as a node told it, and has accounts of neither.
async fn wallet() -> Wallet {
    let there =
        format!(r#"{{"lamports":1,"owner":"{TOKEN_PROGRAM}","data":["","base64"],"executable":false,"rentEpoch":0}}"#);
    let answer = format!(r#"{{"jsonrpc":"2.0","id":0,"result":{{"context":{{"slot":1}},"value":[{there},{there}]}}}}"#);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let node = Router::new().route("/", post(move || async move { answer }));
    tokio::spawn(async move { axum::serve(listener, node).await });
    let mut wallet = Wallet::new(at(77));
    wallet.learn(&Cluster::new(&url, CommitmentConfig::confirmed()), &[mint(USDC), mint(1)]).await.unwrap();
    wallet
}

#[tokio::test]
async fn a_loss_can_be_recorded_by_a_wallet_without_token_accounts_and_nothing_else_of_a_debt_be_liquidated() {
    let owed = [sick(), obligation(5_000_000, &[(1, 37_000_000)])];
    let book = book(pool(), vec![collateral(1, 9, 8_000)], vec![price(1, 270_000, 0)], &owed);
    let mut wallet = wallet().await;
    assert!(!wallet.is_complete(&[mint(USDC)]) && !wallet.is_complete(&[mint(1)]));

    let record = Action::Record { obligation: borrower(1), loss: Assets::new(4_048_572) };
    let plan = planned(&book, &Inventory::default(), &rules());
    assert_eq!(plan.actions.first(), Some(&record));
    let record = instruction(&record, &book, &wallet).unwrap();
    let named: Vec<Address> = record.accounts.iter().map(|account| account.pubkey).collect();
    let [of_usdc, of_sol] = [USDC, 1].map(|feed| pyth_price_feed(&[feed; 32]));
    for needed in [book.address(), borrower(1), pool().insurance_fund, of_usdc, at(1), of_sol] {
        assert!(named.contains(&needed), "{needed} is not in {named:?}");
    }
    assert!(record.accounts.iter().all(|account| !account.is_signer));

    let plan = planned(&book, &with_usdc(1_000), &rules());
    let liquidate = Action::Liquidate(Box::new(liquidations(&plan)[0].clone()));
    assert_eq!(instruction(&liquidate, &book, &wallet), None);
    // An account of both is what it lacks.
    for token in [USDC, 1] {
        let address = wallet.account(&mint(token)).unwrap().address;
        assert!(wallet.apply(&Received { address, owner: TOKEN_PROGRAM, data: vec![0; 165], slot: 2 }));
    }
    assert!(instruction(&liquidate, &book, &wallet).is_some());
    let address = wallet.account(&mint(1)).unwrap().address;
    wallet.apply(&Received { address, owner: SYSTEM_PROGRAM, data: vec![], slot: 3 });
    assert_eq!(instruction(&liquidate, &book, &wallet), None);
}
