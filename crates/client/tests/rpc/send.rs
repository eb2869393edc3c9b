use std::{sync::Arc, time::Duration};

use backstop_client::{
    BackstopError, PROGRAM_ID, address,
    rpc::{Cluster, Policy, PriorityFee, Refusal, SendError, Sender},
    verb::{self, PoolKey, TOKEN_PROGRAM},
};
use serde_json::json;
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;
use solana_instruction::{AccountMeta, Instruction};
use solana_keypair::Keypair;
use solana_message::AddressLookupTableAccount;
use solana_signer::Signer;

use crate::node::{Fate, LIFE, Node};

/// Fast, and patient enough for a busy machine.
fn policy() -> Policy {
    Policy {
        priority_fee: PriorityFee::Fixed(1_000),
        poll_every: Duration::from_millis(1),
        rebroadcast_every: Duration::from_millis(3),
        outage: Duration::from_secs(30),
        ..Policy::default()
    }
}

/// Gives up at the first failure.
fn impatient() -> Policy {
    Policy { outage: Duration::ZERO, ..policy() }
}

fn sender(cluster: &Cluster, policy: Policy) -> Sender {
    Sender::new(cluster.clone(), Arc::new(Keypair::new()), policy)
}

fn instruction() -> Instruction {
    verb::accrue(&PoolKey::new(address::market(&Address::new_from_array([6; 32]), 0), Address::new_from_array([7; 32])))
}

/// How the runtime says that the first of the caller's instructions failed, after the two about compute.
fn failed(code: u32) -> serde_json::Value {
    json!({ "InstructionError": [2, { "Custom": code }] })
}

#[tokio::test]
async fn lands_and_tells_slot_units_and_events() {
    let node = Node::start(|_| Fate::Lands).await;
    let landed = sender(&node.cluster, policy()).send(&[instruction()], &[]).await.unwrap();
    assert_eq!((landed.slot, landed.units, landed.logged.truncated), (7, Some(4_321), false));
    assert_eq!(node.chain().signatures(), [landed.signature]);
}

#[tokio::test]
async fn expired_blockhash_is_replaced_only_after_it_can_no_longer_land() {
    let node = Node::start(|number| if number == 0 { Fate::Lost } else { Fate::Lands }).await;
    let landed = sender(&node.cluster, policy()).send(&[instruction()], &[]).await.unwrap();
    let chain = node.chain();
    let signatures = chain.signatures();
    assert_eq!(signatures.len(), 2);
    assert_eq!(signatures[1], landed.signature);
    // The first blockhash was of height 0. All transactions before the last one are the first one.
    assert!(*chain.sent_at.last().unwrap() > LIFE, "sent at {:?}", chain.sent_at);
    assert!(chain.sent.len() > 2, "the first one is sent again while it can land");
}

#[tokio::test]
async fn expired_transaction_that_had_landed_is_found_and_not_sent_again() {
    let node = Node::start(|_| Fate::LandsUnseen).await;
    let landed = sender(&node.cluster, policy()).send(&[instruction()], &[]).await.unwrap();
    assert_eq!(node.chain().signatures(), [landed.signature]);
}

#[tokio::test]
async fn history_that_lags_behind_does_not_count_as_absence() {
    let node = Node::start(|_| Fate::LandsUnseen).await;
    node.chain().lag = 1;
    let sender = sender(&node.cluster, policy());
    let sending = tokio::spawn(async move { sender.send(&[instruction()], &[]).await });
    // Well beyond the life of the blockhash, the node's history catches up.
    node.until(|chain| chain.height > 3 * LIFE).await;
    node.chain().lag = 0;
    let landed = sending.await.unwrap().unwrap();
    assert_eq!(node.chain().signatures(), [landed.signature]);
}

#[tokio::test]
async fn expired_as_often_as_the_policy_allows_is_known_not_to_have_landed() {
    let node = Node::start(|_| Fate::Lost).await;
    let policy = Policy { signatures: 2, ..policy() };
    let error = sender(&node.cluster, policy).send(&[instruction()], &[]).await.unwrap_err();
    assert!(!error.is_final() && error.undecided().is_none());
    assert!(matches!(error, SendError::Expired { times: 2, .. }), "{error}");
    assert_eq!(node.chain().signatures().len(), 2);
}

#[tokio::test]
async fn refusal_in_the_simulation_is_final_and_nothing_is_sent() {
    let node = Node::start(|_| Fate::Lands).await;
    let logs = [
        format!("Program {PROGRAM_ID} invoke [1]"),
        format!("Program {PROGRAM_ID} failed: custom program error: 0x1773"),
    ];
    node.chain().simulation =
        json!({ "err": failed(BackstopError::InsufficientCash as u32), "logs": logs, "unitsConsumed": 9 });
    let error = sender(&node.cluster, policy()).send(&[instruction()], &[]).await.unwrap_err();
    assert!(error.is_final());
    assert_eq!(error.backstop(), Some(BackstopError::InsufficientCash));
    assert!(matches!(error, SendError::Refused { signature: None, .. }));
    assert!(error.to_string().contains(BackstopError::InsufficientCash.message()), "{error}");
    assert_eq!(node.chain().sent.len(), 0);
}

#[tokio::test]
async fn failure_on_the_chain_names_the_program_that_failed_and_the_transaction_that_paid() {
    let node = Node::start(|_| Fate::Fails(failed(1))).await;
    // The token program fails first, then the one that called it.
    node.chain().logs = Some(vec![
        format!("Program {PROGRAM_ID} invoke [1]"),
        format!("Program {TOKEN_PROGRAM} invoke [2]"),
        format!("Program {TOKEN_PROGRAM} failed: custom program error: 0x1"),
        format!("Program {PROGRAM_ID} failed: custom program error: 0x1"),
    ]);
    let error = sender(&node.cluster, policy()).send(&[instruction()], &[]).await.unwrap_err();
    assert!(error.is_final());
    let Some(Refusal::Program { instruction: 0, program, .. }) = error.refusal() else { panic!("{error}") };
    assert_eq!(*program, TOKEN_PROGRAM);
    let SendError::Refused { signature, .. } = error else { panic!("{error}") };
    assert_eq!(node.chain().signatures(), [signature.unwrap()]);
}

#[tokio::test]
async fn payer_without_sol_is_refused_and_nothing_is_sent() {
    for error in ["AccountNotFound", "InsufficientFundsForFee"] {
        let node = Node::start(|_| Fate::Lands).await;
        node.chain().simulation = json!({ "err": error, "logs": [], "unitsConsumed": 0 });
        let error = sender(&node.cluster, policy()).send(&[instruction()], &[]).await.unwrap_err();
        assert!(error.is_final() && matches!(error.refusal(), Some(Refusal::Fee)), "{error}");
        assert_eq!(node.chain().sent.len(), 0);
    }
}

#[tokio::test]
async fn node_that_is_gone_for_a_while_changes_nothing() {
    let node = Node::start(|_| Fate::Lands).await;
    node.chain().silent = 5;
    let sender = sender(&node.cluster, policy());
    let landed = sender.send(&[instruction()], &[]).await.unwrap();
    assert_eq!(node.chain().silent, 0);
    assert_eq!(node.chain().signatures(), [landed.signature]);
}

#[tokio::test]
async fn node_that_is_gone_after_it_got_the_transaction_changes_nothing() {
    let node = Node::start(|_| Fate::LandsUnseen).await;
    let sender = sender(&node.cluster, policy());
    let sending = tokio::spawn(async move { sender.send(&[instruction()], &[]).await });
    node.until(|chain| !chain.sent.is_empty()).await;
    node.chain().silent = 10;
    let landed = sending.await.unwrap().unwrap();
    assert_eq!(node.chain().silent, 0);
    assert_eq!(node.chain().signatures(), [landed.signature]);
}

#[tokio::test]
async fn node_that_is_gone_before_anything_was_sent_leaves_nothing_behind() {
    let node = Node::start(|_| Fate::Lands).await;
    node.chain().silent = usize::MAX;
    let error = sender(&node.cluster, impatient()).send(&[instruction()], &[]).await.unwrap_err();
    assert!(!error.is_final() && error.undecided().is_none());
    assert!(matches!(error, SendError::Unreachable { .. }), "{error}");
}

#[tokio::test]
async fn nobody_at_the_url_is_unreachable() {
    let cluster = Cluster::new("http://127.0.0.1:1", CommitmentConfig::confirmed());
    let error = sender(&cluster, impatient()).send(&[instruction()], &[]).await.unwrap_err();
    assert!(matches!(error, SendError::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains("nothing is on its way"), "{error}");
}

#[tokio::test]
async fn chain_that_stands_still_leaves_the_transaction_undecided() {
    let node = Node::start(|_| Fate::Lost).await;
    node.chain().growth = 0;
    let error = sender(&node.cluster, impatient()).send(&[instruction()], &[]).await.unwrap_err();
    assert!(!error.is_final());
    assert_eq!(node.chain().signatures(), [error.undecided().unwrap()]);
    assert!(matches!(error, SendError::Undecided { last_valid_block_height: LIFE, .. }), "{error}");
}

#[tokio::test]
async fn history_that_stays_behind_leaves_the_transaction_undecided() {
    let node = Node::start(|_| Fate::LandsUnseen).await;
    node.chain().lag = 1;
    let policy = Policy { outage: Duration::from_millis(20), ..policy() };
    let error = sender(&node.cluster, policy).send(&[instruction()], &[]).await.unwrap_err();
    assert!(node.chain().height > LIFE);
    assert_eq!(node.chain().signatures(), [error.undecided().unwrap()]);
}

#[tokio::test]
async fn answer_that_it_was_processed_already_is_no_failure() {
    let node = Node::start(|_| Fate::LandsUnseen).await;
    let error = json!({
        "code": -32002, "message": "Transaction simulation failed: This transaction has already been processed",
        "data": { "err": "AlreadyProcessed", "logs": [] },
    });
    node.chain().error = Some(("sendTransaction", error));
    let landed = sender(&node.cluster, policy()).send(&[instruction()], &[]).await.unwrap();
    assert_eq!(node.chain().signatures(), [landed.signature]);
}

#[tokio::test]
async fn request_that_the_node_does_not_understand_is_final() {
    let node = Node::start(|_| Fate::Lands).await;
    node.chain().error = Some(("simulateTransaction", json!({ "code": -32602, "message": "invalid params" })));
    let error = sender(&node.cluster, policy()).send(&[instruction()], &[]).await.unwrap_err();
    assert!(error.is_final() && matches!(error, SendError::Rejected { .. }), "{error}");
    assert_eq!(node.chain().sent.len(), 0);
}

#[tokio::test]
async fn logs_that_the_node_cannot_tell_count_as_cut() {
    let node = Node::start(|_| Fate::Lands).await;
    node.chain().logs = None;
    let landed = sender(&node.cluster, policy()).send(&[instruction()], &[]).await.unwrap();
    assert!(landed.logged.truncated && landed.logged.events.is_empty() && landed.units.is_none());

    let node = Node::start(|_| Fate::Lands).await;
    node.chain().logs = Some(vec!["Log truncated".into()]);
    let landed = sender(&node.cluster, policy()).send(&[instruction()], &[]).await.unwrap();
    assert!(landed.logged.truncated && landed.units == Some(4_321));
}

#[tokio::test]
async fn compute_is_what_was_measured_with_a_margin_and_the_price_is_the_percentile_within_its_cap() {
    // Of 10 to 40 three quarters pay at most 30.
    for (cap, price) in [(100, 30_u64), (25, 25)] {
        let node = Node::start(|_| Fate::Lands).await;
        node.chain().fees = vec![40, 20, 30, 10];
        let policy = Policy {
            priority_fee: PriorityFee::Percentile { percentile: 75, cap },
            unit_margin_percent: 20,
            ..policy()
        };
        sender(&node.cluster, policy).send(&[instruction()], &[]).await.unwrap();
        let chain = node.chain();
        let sent = chain.sent.last().unwrap();
        let contains = |wanted: &[u8]| sent.windows(wanted.len()).any(|bytes| bytes == wanted);
        // 5,000 units, a fifth, and 2,000 for interest in its one instruction. The instructions' numbers are 2 and 3.
        assert!(contains(&[&[2][..], &8_000_u32.to_le_bytes()].concat()));
        assert!(contains(&[&[3][..], &price.to_le_bytes()].concat()));
        // Asked for the accounts that are written.
        let (_, asked) = chain.asked.iter().find(|(method, _)| method == "getRecentPrioritizationFees").unwrap();
        let pool =
            PoolKey::new(address::market(&Address::new_from_array([6; 32]), 0), Address::new_from_array([7; 32])).pool;
        assert!(asked[0].as_array().unwrap().contains(&json!(pool.to_string())));
    }
}

#[tokio::test]
async fn missing_signer_is_named_and_nothing_is_sent() {
    let node = Node::start(|_| Fate::Lands).await;
    let (key, owner) = (
        PoolKey::new(address::market(&Address::new_from_array([6; 32]), 0), Address::new_from_array([7; 32])),
        Keypair::new(),
    );
    let deposit = verb::deposit(&key, owner.pubkey(), Address::new_from_array([8; 32]), 1, 1);
    let sender = sender(&node.cluster, policy());
    let error = sender.send(std::slice::from_ref(&deposit), &[]).await.unwrap_err();
    assert!(matches!(error, SendError::MissingSigner { address } if address == owner.pubkey()), "{error}");
    assert!(error.is_final());
    assert_eq!(node.chain().sent.len(), 0);

    sender.send(&[deposit], &[&owner]).await.unwrap();
}

#[tokio::test]
async fn too_many_instructions_are_refused_with_their_size() {
    let node = Node::start(|_| Fate::Lands).await;
    let many: Vec<Instruction> = (0..40)
        .map(|number| {
            verb::accrue(&PoolKey::new(
                address::market(&Address::new_from_array([6; 32]), number),
                Address::new_from_array([7; 32]),
            ))
        })
        .collect();
    let error = sender(&node.cluster, policy()).send(&many, &[]).await.unwrap_err();
    assert!(error.is_final() && matches!(error, SendError::TooLarge { most: 1_232, .. }), "{error}");
    assert_eq!(node.chain().asked.len(), 0);
}

/// An instruction of the program that takes so many accounts.
fn wide(accounts: u8) -> (Instruction, AddressLookupTableAccount) {
    let addresses: Vec<Address> = (0..accounts).map(|number| Address::new_from_array([number + 100; 32])).collect();
    let mut instruction = instruction();
    instruction.accounts = addresses.iter().map(|address| AccountMeta::new(*address, false)).collect();
    (instruction, AddressLookupTableAccount { key: Address::new_from_array([99; 32]), addresses })
}

/// Whether a transaction is of the second format, which the first bit after the signatures tells.
fn looks_up(sent: &[u8]) -> bool {
    sent[1 + 64] == 0x80
}

#[tokio::test]
async fn lookup_table_is_used_where_it_does_not_fit_without_and_nowhere_else() {
    let node = Node::start(|_| Fate::Lands).await;
    let (many, table) = wide(40);
    let error = sender(&node.cluster, policy()).send(std::slice::from_ref(&many), &[]).await.unwrap_err();
    assert!(matches!(error, SendError::TooLarge { .. }), "{error}");

    let sender = sender(&node.cluster, Policy { lookup_tables: vec![table], ..policy() });
    sender.send(&[wide(3).0], &[]).await.unwrap();
    sender.send(&[many], &[]).await.unwrap();
    let sent: Vec<bool> = node.chain().sent.iter().map(|sent| looks_up(sent)).collect();
    assert_eq!(sent, [false, true]);
}

#[tokio::test]
async fn more_accounts_than_a_transaction_can_have_are_refused_with_their_number() {
    let node = Node::start(|_| Fate::Lands).await;
    // With the payer, this program and that of compute 64, and one more.
    for (accounts, fits) in [(61, true), (62, false)] {
        let (instruction, table) = wide(accounts);
        let sender = sender(&node.cluster, Policy { lookup_tables: vec![table], ..policy() });
        match sender.send(&[instruction], &[]).await {
            Ok(_) => assert!(fits),
            Err(error) => {
                assert!(!fits && matches!(error, SendError::TooManyAccounts { accounts: 65, most: 64 }), "{error}");
                assert!(error.is_final());
            }
        }
    }
}

#[tokio::test]
async fn keys_in_the_url_are_in_no_error() {
    let cluster = Cluster::new("http://127.0.0.1:1/?api-key=querykey-4567", CommitmentConfig::confirmed());
    let error = sender(&cluster, impatient()).send(&[instruction()], &[]).await.unwrap_err();
    assert!(matches!(error, SendError::Unreachable { .. }), "{error}");
    assert!(!format!("{error} {error:?}").contains("querykey"), "{error}");
}

#[tokio::test]
async fn sending_can_be_done_by_a_task_of_its_own() {
    let node = Node::start(|_| Fate::Lands).await;
    let sender = sender(&node.cluster, policy());
    let landed = tokio::spawn(async move { sender.send(&[instruction()], &[&Keypair::new()]).await }).await.unwrap();
    assert!(landed.is_ok());
}
