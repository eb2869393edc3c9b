//! The main job on Agave's own bank: deposit, stake, borrow, crash, mark, liquidate, record, recover, claim.
//!
//! Every transaction runs twice: in the testkit's LiteSVM, and in the bank of `solana-program-test`, with the same
//! accounts, clock and prices. Both must use the same compute units, log the same events and leave the same accounts.
//! So what all other tests measure in LiteSVM holds for the validator's bank.
// Helpers of tests may stop at the first surprise, as tests may.
#![allow(missing_docs, clippy::arithmetic_side_effects, clippy::unwrap_used)]

use std::collections::BTreeSet;

use backstop_client::{PROGRAM_ID, logs, verb};
use backstop_testkit::{Setup, World};
use solana_account::{Account, AccountSharedData};
use solana_address::Address;
use solana_clock::Clock;
use solana_instruction::Instruction;
use solana_program_test::{ProgramTest, ProgramTestContext};

const USDC: u64 = 1_000_000;
const SOL: u64 = 1_000_000_000;

/// Two runtimes in step.
struct Both {
    world: World,
    bank: ProgramTestContext,
    /// The accounts that the bank has. It gets each from the world when a transaction first names it.
    known: BTreeSet<Address>,
}

impl Both {
    async fn new() -> Self {
        let mut test = ProgramTest::default();
        // SAFETY: no other thread of this test reads the environment yet.
        #[allow(unsafe_code)]
        unsafe {
            std::env::set_var("SBF_OUT_DIR", concat!(env!("CARGO_MANIFEST_DIR"), "/../artifacts"));
        }
        test.add_upgradeable_program_to_genesis("backstop", &PROGRAM_ID);
        let mut world = World::new(Setup::default());
        for who in ["alice", "bob", "carl", "sam", "liz"] {
            world.actor(who);
        }
        Self { world, bank: test.start_with_context().await, known: BTreeSet::new() }
    }

    /// Prices and the clock are what the world says. All else the bank keeps by itself.
    fn bring(&mut self, instruction: &Instruction) {
        let prices = ["USDC", "SOL"].map(|symbol| self.world.price_account(symbol));
        for address in instruction.accounts.iter().map(|meta| meta.pubkey).chain([self.world.payer()]) {
            let first = self.known.insert(address);
            let account = self.world.account(&address).filter(|account| !account.executable);
            if let Some(account) = account.filter(|_| first || prices.contains(&address)) {
                self.bank.set_account(&address, &AccountSharedData::from(account));
            }
        }
    }

    /// Executes in both, and compares.
    async fn run(&mut self, name: &str, instruction: Instruction, signers: &[&str]) {
        self.bring(&instruction);
        let done = self.world.execute(instruction.clone(), signers).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let clock = Clock { slot: self.world.slot(), unix_timestamp: self.world.now(), ..Clock::default() };
        self.bank.set_sysvar(&clock);
        let blockhash = self.bank.get_new_latest_blockhash().await.unwrap();
        self.bank.set_sysvar(&clock);
        let transaction = self.world.signed(instruction.clone(), signers, blockhash);
        let landed = self.bank.banks_client.process_transaction_with_metadata(transaction).await.unwrap();
        let metadata = landed.metadata.unwrap();
        assert_eq!(landed.result, Ok(()), "{name}: {:#?}", metadata.log_messages);
        println!(
            "{name}: {} compute units in LiteSVM, {} in the bank",
            done.compute_units, metadata.compute_units_consumed
        );
        assert_eq!(metadata.compute_units_consumed, done.compute_units, "{name}");
        assert_eq!(logs::read(&metadata.log_messages).events, done.events, "{name}");
        let payer = self.world.payer();
        for meta in instruction.accounts.iter().filter(|meta| meta.is_writable && meta.pubkey != payer) {
            let (there, here) = (self.in_bank(&meta.pubkey).await, self.world.account(&meta.pubkey));
            let stored =
                |account: Option<Account>| account.map(|account| (account.owner, account.lamports, account.data));
            assert_eq!(stored(there), stored(here), "{name}: {}", meta.pubkey);
        }
    }

    async fn in_bank(&mut self, address: &Address) -> Option<Account> {
        self.bank.banks_client.get_account(*address).await.unwrap()
    }
}

#[tokio::test]
async fn agaves_bank_does_what_litesvm_does() {
    let mut both = Both::new().await;
    let (key, payer) = (*both.world.key(), both.world.payer());
    let [alice, bob, carl, sam] = ["alice", "bob", "carl", "sam"].map(|who| both.world.actor(who));

    both.run("open_position", verb::open_position(&key, alice, payer), &[]).await;
    let deposit = both.world.deposit_instruction("alice", 1_000 * USDC);
    both.run("deposit", deposit, &["alice"]).await;
    both.run("open_stake", verb::open_stake(&key, sam, payer), &[]).await;
    let stake = both.world.stake_instruction("sam", 50 * USDC);
    both.run("stake", stake, &["sam"]).await;
    for (who, owner) in [("bob", bob), ("carl", carl)] {
        both.run("open_obligation", verb::open_obligation(&key, owner, payer), &[]).await;
        let collateral = both.world.deposit_collateral_instruction(who, "SOL", 10 * SOL);
        both.run("deposit_collateral", collateral, &[who]).await;
        let borrow = both.world.borrow_instruction(who, 150 * USDC);
        both.run("borrow", borrow, &[who]).await;
    }

    // SOL falls from 30 to 10 USD: 100 USD stand behind each debt of 150.
    both.world.advance(86_400, 216_000);
    both.world.set_dollars("USDC", 1);
    both.world.set_dollars("SOL", 10);
    let mark = both.world.mark_instruction("bob");
    both.run("mark", mark, &[]).await;
    let liquidate = both.world.liquidate_instruction("liz", "bob", "SOL", u64::MAX);
    both.run("liquidate", liquidate, &["liz"]).await;
    assert!(both.world.obligation("bob").unwrap().written_off > 40 * USDC, "the liquidation records what is left");

    // Then to nothing: carl's SOL is dust.
    both.world.set_price("SOL", backstop_engine::price::Quote { price: 1, confidence: 0, exponent: -3 }, 0);
    let record = both.world.record_bad_debt_instruction("carl");
    both.run("record_bad_debt", record, &[]).await;
    assert_eq!(both.world.loss_book().records.len(), 2);

    // Carl pays 60 of it back: LPs and stakers have their parts.
    let repay = both.world.repay_instruction("carl", "carl", 60 * USDC);
    both.run("repay", repay, &["carl"]).await;
    let position = both.world.position_address("alice");
    both.run("open_claim", verb::open_claim(position, payer, 2), &[]).await;
    let claim = both.world.claim_recovery_instruction("alice", 2);
    both.run("claim_recovery", claim, &["alice"]).await;
}
