use backstop_client::{Event, PausableOperation, PauseChanged, verb};
use backstop_engine::governance::{Pausable, Pause};
use backstop_testkit::{Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, queue_change::refuses_signers, tampering::*};

/// 72 hours, the longest pause of what lets people out.
const EXIT: u32 = 259_200;
/// Thirty days, the longest pause of what lets people in.
const ENTRY: u32 = 2_592_000;
const EXITS: [PausableOperation; 2] = [PausableOperation::WithdrawCollateral, PausableOperation::Withdraw];
const ENTRIES: [PausableOperation; 2] = [PausableOperation::Deposit, PausableOperation::Borrow];

/// The guardian is about to pause deposits for an hour.
fn about_to_pause() -> (World, Instruction) {
    let mut world = lent(Setup::default());
    let pause = pause_of(&mut world, PausableOperation::Deposit, 3_600);
    (world, pause)
}

fn pause_of(world: &mut World, what: PausableOperation, seconds: u32) -> Instruction {
    let guardian = world.actor("guardian");
    verb::pause(world.key(), guardian, what, seconds)
}

/// What is paused, each kind in its order, with who signs it.
fn paused_instructions(world: &mut World) -> [(Instruction, &'static str); 4] {
    [
        (world.deposit_instruction("alice", USDC), "alice"),
        (world.borrow_instruction("bob", USDC), "bob"),
        (world.withdraw_collateral_instruction("bob", "SOL", SOL / 1_000), "bob"),
        (world.withdraw_instruction("alice", USDC), "alice"),
    ]
}

#[test]
fn rejects_missing_signature() {
    let (mut world, pause) = about_to_pause();
    refused(&mut world, pause.unsigned("signer"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_all_but_guardian_and_authority() {
    let (mut world, pause) = about_to_pause();
    let others = ["mallory", "treasury", "alice", "bob"];
    refuses_signers(&mut world, &pause, "signer", &others, &[], "WrongGuardian");
}

#[test]
fn rejects_another_market() {
    let (mut world, pause) = about_to_pause();
    let (other, mallory) = (Neighbour::new(&mut world, &[]), world.actor("mallory"));
    let hers = pause.clone().with("market", other.pool.market).with("signer", mallory);
    refused(&mut world, hers, &["mallory"], "WrongMarket");
    refused(&mut world, pause.with("pool", other.pool.pool), &["guardian"], "WrongMarket");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, pause) = about_to_pause();
    refuses_other_kinds(&mut world, &pause, &["guardian"], &["market", "pool"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, pause) = about_to_pause();
    refuses_forgeries(&mut world, &pause, &["guardian"], &["market", "pool"]);
}

#[test]
fn rejects_unknown_operation() {
    let (mut world, mut pause) = about_to_pause();
    pause.data[8] = 4;
    refused(&mut world, pause, &["guardian"], "InvalidInstructionData");
}

#[test]
fn rejects_pause_of_no_time() {
    let (mut world, _) = about_to_pause();
    for what in PausableOperation::ALL {
        let pause = pause_of(&mut world, *what, 0);
        refused(&mut world, pause, &["guardian"], "AmountTooSmall");
    }
}

#[test]
fn rejects_pause_of_an_exit_beyond_72_hours() {
    let (mut world, _) = about_to_pause();
    for what in EXITS {
        for seconds in [EXIT + 1, ENTRY, u32::MAX] {
            let pause = pause_of(&mut world, what, seconds);
            refused(&mut world, pause, &["guardian"], "PauseTooLong");
        }
        world.pause("guardian", what, EXIT).unwrap();
    }
}

#[test]
fn rejects_pause_of_an_entry_beyond_thirty_days() {
    let (mut world, _) = about_to_pause();
    for what in ENTRIES {
        for seconds in [ENTRY + 1, u32::MAX] {
            let pause = pause_of(&mut world, what, seconds);
            refused(&mut world, pause, &["guardian"], "PauseTooLong");
        }
        world.pause("guardian", what, ENTRY).unwrap();
    }
}

#[test]
fn rejects_prolonging_beyond_the_longest_pause() {
    // Given a pause that is on since half an hour
    for (what, longest) in [EXITS.map(|what| (what, EXIT)), ENTRIES.map(|what| (what, ENTRY))].concat() {
        let (mut world, _) = about_to_pause();
        let since = world.now();
        world.pause("guardian", what, 3_600).unwrap();
        world.wait(1_800);
        let too_long = pause_of(&mut world, what, longest - 1_799);
        refused(&mut world, too_long, &["guardian"], "PauseTooLong");
        // Then it can be prolonged to the longest, from its beginning, and not by a second more
        world.pause("dao", what, longest - 1_800).unwrap();
        let until = since + i64::from(longest);
        assert!(world.pool().pauses.contains(&backstop_client::PauseTimes { since, until }));
        let longer = pause_of(&mut world, what, longest - 1_799);
        refused(&mut world, longer, &["guardian"], "PauseTooLong");
        // And in its last second not at all
        world.wait(u64::from(longest) - 1_800 - 1);
        let longer = pause_of(&mut world, what, 2);
        refused(&mut world, longer, &["guardian"], "PauseTooLong");
        world.pause("guardian", what, 1).unwrap();
    }
}

#[test]
fn rejects_pause_of_an_exit_before_it_was_open_for_as_long() {
    for what in EXITS {
        for length in [1, 3_600, EXIT] {
            let (mut world, _) = about_to_pause();
            world.pause("guardian", what, length).unwrap();
            world.wait(length.into());
            let again = pause_of(&mut world, what, 1);
            refused(&mut world, again.clone(), &["guardian"], "PauseTooSoon");
            world.wait(u64::from(length) - 1);
            // Also for the authority
            let dao = world.actor("dao");
            refused(&mut world, again.clone().with("signer", dao), &["dao"], "PauseTooSoon");
            world.wait(1);
            world.execute(again, &["guardian"]).unwrap();
        }
    }
}

#[test]
fn counts_a_prolonged_pause_whole() {
    // Given an hour that became two
    let (mut world, _) = about_to_pause();
    let what = PausableOperation::Withdraw;
    world.pause("guardian", what, 3_600).unwrap();
    world.wait(3_000);
    world.pause("guardian", what, 4_200).unwrap();
    world.wait(4_200 + 7_199);
    let again = pause_of(&mut world, what, 1);
    refused(&mut world, again.clone(), &["guardian"], "PauseTooSoon");
    world.wait(1);
    world.execute(again, &["guardian"]).unwrap();
}

#[test]
fn pauses_and_changes_nothing_else() {
    for (name, what) in [("guardian", PausableOperation::Deposit), ("dao", PausableOperation::Withdraw)] {
        let (mut world, _) = about_to_pause();
        let other = Neighbour::new(&mut world, &[]).pool.pool;
        let (mut expected, neighbour) = (world.pool(), world.account(&other));
        let (since, until) = (world.now(), world.now() + 3_600);
        let receipt = world.pause(name, what, 3_600).unwrap();
        let index = usize::from(what as u8);
        (expected.pauses[index].since, expected.pauses[index].until) = (since, until);
        assert_eq!((world.pool(), world.account(&other)), (expected, neighbour));
        let (pool, by) = (world.key().pool, world.actor(name));
        let event = PauseChanged { pool, by, what: what as u64, since, until };
        assert_eq!(only(&receipt), Event::PauseChanged(event));
    }
}

#[test]
fn stops_what_it_names_and_nothing_else_until_it_ends_by_itself() {
    for (kind, what) in PausableOperation::ALL.iter().enumerate() {
        let mut world = lent(Setup::default());
        let instructions = paused_instructions(&mut world);
        world.pause("guardian", *what, 3_600).unwrap();
        // Then each of the others works, in the first second and in the last
        for seconds in [0, 3_599] {
            world.wait(seconds);
            for (other, (instruction, name)) in instructions.iter().enumerate() {
                if other == kind {
                    refused(&mut world, instruction.clone(), &[name], "Paused");
                } else {
                    world.execute(instruction.clone(), &[name]).expect("always-open");
                }
            }
        }
        // And this one again when the hour is over, without anybody's doing
        world.wait(1);
        let (instruction, name) = instructions[kind].clone();
        world.execute(instruction, &[name]).expect("always-open");
    }
}

#[test]
fn stops_collateral_withdrawals_without_debt_too() {
    let (mut world, _) = about_to_pause();
    world.repay("bob", "bob", u64::MAX).unwrap();
    let withdraw = world.withdraw_collateral_instruction("bob", "SOL", u64::MAX);
    world.pause("guardian", PausableOperation::WithdrawCollateral, 60).unwrap();
    refused(&mut world, withdraw.clone(), &["bob"], "Paused");
    world.wait(60);
    world.execute(withdraw, &["bob"]).unwrap();
}

#[test]
fn stops_withdrawals_with_a_matured_request_too() {
    let mut world = lent(with_notice());
    world.request_withdrawal("alice", 100 * USDC).unwrap();
    world.wait(3_600);
    world.pause("guardian", PausableOperation::Withdraw, 60).unwrap();
    let execute = world.execute_withdrawal_instruction("alice");
    refused(&mut world, execute.clone(), &[], "Paused");
    world.wait(60);
    world.execute(execute, &[]).unwrap();
}

#[test]
fn never_shortens_a_pause() {
    let (mut world, pause) = about_to_pause();
    let (since, until) = (world.now(), world.now() + 3_600);
    world.execute(pause, &["guardian"]).unwrap();
    world.wait(60);
    for (name, seconds) in [("guardian", 1), ("dao", 3_540)] {
        world.pause(name, PausableOperation::Deposit, seconds).unwrap();
        assert_eq!(world.pool().pause(Pausable::Deposit), Pause { since, until });
    }
    world.pause("guardian", PausableOperation::Deposit, 3_541).unwrap();
    assert_eq!(world.pool().pause(Pausable::Deposit), Pause { since, until: until + 1 });
}

#[test]
fn renews_an_entry_pause_at_its_end() {
    for (what, kind) in ENTRIES.iter().zip([Pausable::Deposit, Pausable::Borrow]) {
        let (mut world, _) = about_to_pause();
        for _ in 0..3 {
            let (since, until) = (world.now(), world.now() + i64::from(ENTRY));
            world.pause("guardian", *what, ENTRY).unwrap();
            assert_eq!(world.pool().pause(kind), Pause { since, until });
            world.wait(ENTRY.into());
        }
    }
}

#[test]
fn stops_nothing_that_keeps_the_pool_solvent() {
    // Given Ben and Bea, who owe 100 each, Bob's recorded loss, Sam with a matured request, and all four kinds paused
    let mut setup = two_collaterals();
    (setup.parameters.insurance.cooldown_seconds, setup.parameters.loss.insurance_share_bps) = (86_400, 5_000);
    setup.parameters.exit.notice_seconds = 3_600;
    let mut world = lent(setup);
    world.deposit("carol", 100 * USDC).unwrap();
    world.stake("sam", 1_000 * USDC).unwrap();
    world.request_unstake("sam", 10 * USDC).unwrap();
    world.wait(86_400);
    for name in ["ben", "bea"] {
        world.deposit_collateral(name, "SOL", 5 * SOL).unwrap();
        world.borrow(name, 100 * USDC).unwrap();
    }
    assert_eq!(default_of(&mut world, "bob").to_lps, 100 * USDC);
    for what in EXITS {
        world.pause("guardian", what, EXIT).unwrap();
    }
    for what in ENTRIES {
        world.pause("guardian", what, ENTRY).unwrap();
    }
    // Then each of these works
    world.repay("ben", "ben", 10 * USDC).expect("always-open: repaying");
    world.deposit_collateral("ben", "SOL", SOL).expect("always-open: topping up");
    world.deposit_collateral("ben", "ETH", ETH / 100).expect("always-open: topping up");
    world.set_dollars("SOL", 5);
    world.mark("ben").expect("always-open: marking");
    world.refresh_risk("SOL").expect("always-open: refreshing risk");
    world.liquidate("liz", "ben", "SOL", 10 * USDC).expect("always-open: liquidating");
    world.liquidate("liz", "ben", "ETH", u64::MAX).expect("always-open: liquidating");
    set_cents(&mut world, "SOL", 1);
    world.record_bad_debt("ben").expect("always-open: recording");
    world.liquidate("liz", "bea", "SOL", u64::MAX).expect("always-open: liquidating, and recording with it");
    world.repay("bob", "bob", 150 * USDC).expect("always-open: recovering");
    world.claim_recovery("alice", 1).expect("always-open: claiming");
    world.stake("sue", 10 * USDC).expect("always-open: staking");
    world.execute_unstake("sam").expect("always-open: leaving the fund");
    world.collect_unstake("sam").expect("always-open: collecting");
    world.request_unstake("sam", u64::MAX).expect("always-open: asking to leave the fund");
    for name in ["bob", "bea", "ben"] {
        world.repay(name, name, u64::MAX).expect("always-open: recovering");
    }
    world.claim_stake_recovery("sam", 1).expect("always-open: claiming what the fund paid");
    world.fund_insurance("ines", USDC).expect("always-open: giving");
    world.accrue().expect("always-open: counting interest");
    world.transfer_shares("alice", "dave", USDC).expect("always-open: giving shares");
    world.request_withdrawal("alice", u64::MAX).expect("always-open: asking to withdraw");
    world.open_obligation("zoe").expect("always-open: opening an obligation");
    vault_holds_what_is_owed(&world);
    // And the four do not
    world.set_dollars("SOL", 30);
    world.deposit_collateral("bob", "SOL", SOL).expect("always-open: adding collateral");
    for (instruction, name) in paused_instructions(&mut world) {
        refused(&mut world, instruction, &[name], "Paused");
    }
}

#[test]
fn needs_no_price() {
    let (mut world, pause) = about_to_pause();
    for symbol in ["USDC", "SOL"] {
        world.set_price(symbol, world.quote(symbol), 86_400);
    }
    world.execute(pause, &["guardian"]).unwrap();
}
