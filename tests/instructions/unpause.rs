use backstop_client::{Event, PausableOperation, PauseChanged, verb};
use backstop_engine::governance::{Pausable, Pause};
use backstop_testkit::{Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, queue_change::refuses_signers, tampering::*};

/// The guardian has paused deposits for an hour; the DAO is about to end that.
fn about_to_unpause() -> (World, Instruction) {
    let mut world = lent(Setup::default());
    world.pause("guardian", PausableOperation::Deposit, 3_600).unwrap();
    let dao = world.actor("dao");
    let unpause = verb::unpause(world.key(), dao, PausableOperation::Deposit);
    (world, unpause)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, unpause) = about_to_unpause();
    refused(&mut world, unpause.unsigned("authority"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_all_but_the_authority() {
    let (mut world, unpause) = about_to_unpause();
    let others = ["mallory", "guardian", "treasury", "alice"];
    refuses_signers(&mut world, &unpause, "authority", &others, &[], "WrongAuthority");
}

#[test]
fn rejects_another_market() {
    let (mut world, unpause) = about_to_unpause();
    let (other, mallory) = (Neighbour::new(&mut world, &[]), world.actor("mallory"));
    let hers = unpause.clone().with("market", other.pool.market).with("authority", mallory);
    refused(&mut world, hers, &["mallory"], "WrongMarket");
    refused(&mut world, unpause.with("pool", other.pool.pool), &["dao"], "WrongMarket");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, unpause) = about_to_unpause();
    refuses_other_kinds(&mut world, &unpause, &["dao"], &["market", "pool"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, unpause) = about_to_unpause();
    refuses_forgeries(&mut world, &unpause, &["dao"], &["market", "pool"]);
}

#[test]
fn rejects_unknown_operation() {
    let (mut world, mut unpause) = about_to_unpause();
    unpause.data[8] = 4;
    refused(&mut world, unpause, &["dao"], "InvalidInstructionData");
}

#[test]
fn ends_a_pause_now() {
    // Given ten minutes of the hour have passed
    let (mut world, unpause) = about_to_unpause();
    let (since, deposit) = (world.now(), world.deposit_instruction("alice", USDC));
    world.wait(600);
    refused(&mut world, deposit.clone(), &["alice"], "Paused");
    // When the DAO ends it, then it was ten minutes long, and deposits go on in the same second
    let (mut expected, receipt) = (world.pool(), world.execute(unpause, &["dao"]).unwrap());
    (expected.pauses[0].since, expected.pauses[0].until) = (since, since + 600);
    assert_eq!(world.pool(), expected);
    world.execute(deposit, &["alice"]).unwrap();
    let (pool, by) = (world.key().pool, world.actor("dao"));
    let event = PauseChanged { pool, by, what: 0, since, until: since + 600 };
    assert_eq!(only(&receipt), Event::PauseChanged(event));
}

#[test]
fn ends_each_kind_and_no_other() {
    for (what, kind) in PausableOperation::ALL.iter().zip(Pausable::ALL) {
        let mut world = lent(Setup::default());
        let now = world.now();
        for paused in PausableOperation::ALL {
            world.pause("guardian", *paused, 3_600).unwrap();
        }
        world.unpause("dao", *what).unwrap();
        for other in Pausable::ALL {
            let until = if other == kind { now } else { now + 3_600 };
            assert_eq!(world.pool().pause(other), Pause { since: now, until }, "{what:?} {other:?}");
        }
    }
}

#[test]
fn leaves_what_is_not_paused_as_it_is() {
    // Given a pause that is over, and another kind that was never paused
    let (mut world, unpause) = about_to_unpause();
    world.wait(3_600);
    let before = snapshot(&world, &[]);
    world.execute(unpause, &["dao"]).unwrap();
    world.unpause("dao", PausableOperation::Withdraw).unwrap();
    assert_eq!(snapshot(&world, &[]), before);
}

#[test]
fn leaves_an_exit_open_for_as_long_as_it_was_paused() {
    // Given ten hours of which one has passed when the DAO ends it
    for what in [PausableOperation::Withdraw, PausableOperation::WithdrawCollateral] {
        let mut world = lent(Setup::default());
        world.pause("guardian", what, 36_000).unwrap();
        world.wait(3_600);
        world.unpause("dao", what).unwrap();
        // Then it cannot be paused again for one hour
        let guardian = world.actor("guardian");
        let pause = verb::pause(world.key(), guardian, what, 259_200);
        refused(&mut world, pause.clone(), &["guardian"], "PauseTooSoon");
        world.wait(3_599);
        refused(&mut world, pause.clone(), &["guardian"], "PauseTooSoon");
        world.wait(1);
        world.execute(pause, &["guardian"]).unwrap();
    }
}

#[test]
fn leaves_an_entry_to_be_paused_at_any_time() {
    let (mut world, unpause) = about_to_unpause();
    world.wait(600);
    world.execute(unpause, &["dao"]).unwrap();
    world.pause("guardian", PausableOperation::Deposit, 2_592_000).unwrap();
}

#[test]
fn ending_twice_makes_the_pause_no_shorter() {
    // Given a withdrawal pause that was ended after an hour
    let mut world = lent(Setup::default());
    let since = world.now();
    world.pause("guardian", PausableOperation::Withdraw, 36_000).unwrap();
    world.wait(3_600);
    world.unpause("dao", PausableOperation::Withdraw).unwrap();
    world.wait(60);
    world.unpause("dao", PausableOperation::Withdraw).unwrap();
    assert_eq!(world.pool().pause(Pausable::Withdraw), Pause { since, until: since + 3_600 });
}

#[test]
fn needs_no_price() {
    let (mut world, unpause) = about_to_unpause();
    for symbol in ["USDC", "SOL"] {
        world.set_price(symbol, world.quote(symbol), 86_400);
    }
    world.execute(unpause, &["dao"]).unwrap();
}
