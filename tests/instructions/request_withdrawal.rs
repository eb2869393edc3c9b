use backstop_client::{Event, ExitRequest, WithdrawalRequested};
use backstop_testkit::{Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// Alice has 1,000 shares where leaving takes an hour's notice; she is about to ask for 100.
fn about_to_ask() -> (World, Instruction) {
    let mut world = lent(with_notice());
    let ask = world.request_withdrawal_instruction("alice", 100 * USDC);
    (world, ask)
}

fn request_of(world: &mut World, name: &str) -> ExitRequest {
    world.position(name).unwrap().request
}

#[test]
fn rejects_missing_signature() {
    let (mut world, ask) = about_to_ask();
    refused(&mut world, ask.unsigned("owner"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_signature_of_another() {
    let (mut world, ask) = about_to_ask();
    let mallory = world.actor("mallory");
    refused(&mut world, ask.with("owner", mallory), &["mallory"], "WrongOwner");
}

#[test]
fn rejects_another_pool() {
    let (mut world, ask) = about_to_ask();
    let (other, alice) = (Neighbour::new(&mut world, &["alice"]), world.actor("alice"));
    refused(&mut world, ask.clone().with("pool", other.pool.pool), &["alice"], "WrongPool");
    refused(&mut world, ask.with("position", other.position(&alice)), &["alice"], "WrongPool");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, ask) = about_to_ask();
    refuses_other_kinds(&mut world, &ask, &["alice"], &["pool", "position"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, ask) = about_to_ask();
    refuses_forgeries(&mut world, &ask, &["alice"], &["pool", "position"]);
}

#[test]
fn rejects_same_account_twice() {
    let (mut world, ask) = about_to_ask();
    refuses_twins(&mut world, &ask, &["alice"], &[("pool", "position"), ("position", "pool")]);
}

#[test]
fn rejects_request_where_no_notice_is_due() {
    let mut world = lent(Setup::default());
    let ask = world.request_withdrawal_instruction("alice", 100 * USDC);
    refused(&mut world, ask, &["alice"], "NoNoticeDue");
}

#[test]
fn rejects_request_when_the_breaker_has_ended() {
    let mut world = tripped();
    world.wait(483_840);
    let ask = world.request_withdrawal_instruction("alice", 100 * USDC);
    refused(&mut world, ask, &["alice"], "NoNoticeDue");
}

#[test]
fn rejects_nothing() {
    let (mut world, _) = about_to_ask();
    let none = world.request_withdrawal_instruction("alice", 0);
    refused(&mut world, none, &["alice"], "AmountTooSmall");
    world.open_position("carol").unwrap();
    let all_of_none = world.request_withdrawal_instruction("carol", u64::MAX);
    refused(&mut world, all_of_none, &["carol"], "AmountTooSmall");
}

#[test]
fn rejects_more_shares_than_held() {
    let (mut world, _) = about_to_ask();
    for shares in [1_000 * USDC + 1, u64::MAX - 1] {
        let ask = world.request_withdrawal_instruction("alice", shares);
        refused(&mut world, ask, &["alice"], "InsufficientShares");
    }
}

#[test]
fn rejects_shares_of_a_past_generation() {
    let mut setup = Setup::default();
    setup.parameters.exit.notice_seconds = 3_600;
    let mut world = World::new(setup);
    world.deposit("alice", 200 * USDC).unwrap();
    lend_and_lose(&mut world, "bob", 200 * USDC);
    let ask = world.request_withdrawal_instruction("alice", 1);
    refused(&mut world, ask, &["alice"], "InsufficientShares");
}

#[test]
fn asks_for_the_end_of_the_notice() {
    let (mut world, ask) = about_to_ask();
    let (pool, shares) = (world.pool(), shares_of(&mut world, "alice"));
    let receipt = world.execute(ask, &["alice"]).unwrap();
    let now = world.now();
    let matures_at = now + 3_600;
    let expected = ExitRequest { shares: 100 * USDC, worth: 0, asked_at: now, matures_at, payable: 0 };
    assert_eq!(request_of(&mut world, "alice"), expected);
    assert_eq!((world.pool(), shares_of(&mut world, "alice")), (pool, shares));
    let owner = world.actor("alice");
    let event = WithdrawalRequested { pool: world.key().pool, owner, shares: 100 * USDC, matures_at };
    assert_eq!(only(&receipt), Event::WithdrawalRequested(event));
}

#[test]
fn asks_for_all() {
    let (mut world, _) = about_to_ask();
    world.request_withdrawal("alice", u64::MAX).unwrap();
    assert_eq!(request_of(&mut world, "alice").shares, 1_000 * USDC);
}

#[test]
fn rejects_another_request_while_one_stands() {
    // Given a request for 100
    let (mut world, ask) = about_to_ask();
    world.execute(ask.clone(), &["alice"]).unwrap();
    refused(&mut world, ask.clone(), &["alice"], "ExitPending");
    // Then money can come in meanwhile, and is not requested
    world.deposit("alice", 50 * USDC).unwrap();
    assert_eq!((request_of(&mut world, "alice").shares, shares_of(&mut world, "alice")), (100 * USDC, 1_050 * USDC));
    // When it has matured, it still stands, however long
    world.wait(1_000_000);
    refused(&mut world, ask.clone(), &["alice"], "ExitPending");
    // When anyone has executed it, then another can be made, also before the first is collected
    world.execute_withdrawal("alice").unwrap();
    world.execute(ask, &["alice"]).unwrap();
    assert_eq!(
        (request_of(&mut world, "alice").shares, request_of(&mut world, "alice").payable),
        (100 * USDC, 100 * USDC)
    );
}

#[test]
fn takes_a_day_while_the_breaker_is_tripped() {
    // Given no notice of the pool's own
    let mut world = tripped();
    world.request_withdrawal("alice", 100 * USDC).unwrap();
    let request = request_of(&mut world, "alice");
    assert_eq!((request.asked_at, request.matures_at), (world.now(), world.now() + 86_400));
}

#[test]
fn takes_the_longer_notice_while_the_breaker_is_tripped() {
    for (always, tripped, due) in [(3_600, 7_200, 7_200), (7_200, 3_600, 7_200)] {
        let mut setup = with_breaker();
        (setup.parameters.exit.notice_seconds, setup.parameters.exit.breaker_notice_seconds) = (always, tripped);
        let mut world = recorded(setup);
        assert!(world.pool().breaker_until > world.now());
        world.request_withdrawal("alice", 100 * USDC).unwrap();
        assert_eq!(request_of(&mut world, "alice").matures_at, world.now() + due);
    }
}
