use backstop_client::{Event, SharesTransferred, verb};
use backstop_testkit::{Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// Alice holds 1,000 shares and is about to give Carol, who has 500, a hundred.
fn about_to_give() -> (World, Instruction) {
    let mut world = lent(two_collaterals());
    world.deposit("carol", 500 * USDC).unwrap();
    let give = world.transfer_shares_instruction("alice", "carol", 100 * USDC);
    (world, give)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, give) = about_to_give();
    refused(&mut world, give.clone().unsigned("owner"), &["carol"], "MissingRequiredSignature");
    // Nobody fills a stranger's history: who receives signs, too
    refused(&mut world, give.unsigned("receiver"), &["alice"], "MissingRequiredSignature");
}

#[test]
fn rejects_signature_of_another() {
    let (mut world, give) = about_to_give();
    let mallory = world.actor("mallory");
    refused(&mut world, give.clone().with("owner", mallory), &["mallory", "carol"], "WrongOwner");
    refused(&mut world, give.with("receiver", mallory), &["alice", "mallory"], "WrongOwner");
}

#[test]
fn rejects_positions_in_each_others_place() {
    // Given Carol signs for herself but passes Alice's position as the giver's
    let (mut world, give) = about_to_give();
    let (alices, carols) = (position_of(&mut world, "alice"), position_of(&mut world, "carol"));
    refused(&mut world, give.with("position", carols).with("recipient", alices), &["alice", "carol"], "WrongOwner");
}

#[test]
fn rejects_another_pool() {
    let (mut world, give) = about_to_give();
    let other = Neighbour::new(&mut world, &["alice", "carol"]);
    let (alice, carol) = (world.actor("alice"), world.actor("carol"));
    refused(&mut world, give.clone().with("pool", other.pool.pool), &["alice", "carol"], "WrongPool");
    refused(&mut world, give.clone().with("position", other.position(&alice)), &["alice", "carol"], "WrongPool");
    refused(&mut world, give.with("recipient", other.position(&carol)), &["alice", "carol"], "WrongPool");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, give) = about_to_give();
    refuses_other_kinds(&mut world, &give, &["alice", "carol"], &["pool", "position", "recipient"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, give) = about_to_give();
    refuses_forgeries(&mut world, &give, &["alice", "carol"], &["pool", "position", "recipient"]);
}

#[test]
fn rejects_giving_to_oneself() {
    let (mut world, give) = about_to_give();
    refuses_twins(&mut world, &give, &["alice", "carol"], &[("recipient", "position")]);
}

#[test]
fn rejects_recipient_without_a_position() {
    let (mut world, _) = about_to_give();
    let (alice, dave) = (world.actor("alice"), world.actor("dave"));
    let give = verb::transfer_shares(world.key(), alice, dave, 1);
    refused(&mut world, give, &["alice", "dave"], "AccountDataTooSmall");
}

#[test]
fn rejects_nothing() {
    let (mut world, _) = about_to_give();
    let none = world.transfer_shares_instruction("alice", "carol", 0);
    refused(&mut world, none, &["alice", "carol"], "AmountTooSmall");
    world.open_position("dave").unwrap();
    let all_of_none = world.transfer_shares_instruction("dave", "carol", u64::MAX);
    refused(&mut world, all_of_none, &["dave", "carol"], "AmountTooSmall");
}

#[test]
fn rejects_more_shares_than_held() {
    let (mut world, _) = about_to_give();
    for shares in [1_000 * USDC + 1, u64::MAX - 1] {
        let give = world.transfer_shares_instruction("alice", "carol", shares);
        refused(&mut world, give, &["alice", "carol"], "InsufficientShares");
    }
}

#[test]
fn rejects_shares_that_were_wiped_out() {
    let mut world = wiped_out();
    world.deposit("carol", 100 * USDC).unwrap();
    let one = world.transfer_shares_instruction("alice", "carol", 1);
    refused(&mut world, one, &["alice", "carol"], "InsufficientShares");
    let all = world.transfer_shares_instruction("alice", "carol", u64::MAX);
    refused(&mut world, all, &["alice", "carol"], "AmountTooSmall");
}

#[test]
fn gives_shares() {
    let (mut world, give) = about_to_give();
    let pool = world.pool();
    let receipt = world.execute(give, &["alice", "carol"]).unwrap();
    assert_eq!((shares_of(&mut world, "alice"), shares_of(&mut world, "carol")), (900 * USDC, 600 * USDC));
    assert_eq!(world.pool(), pool);
    let (from, to) = (world.actor("alice"), world.actor("carol"));
    let event = SharesTransferred { pool: world.key().pool, from, to, shares: 100 * USDC };
    assert_eq!(only(&receipt), Event::SharesTransferred(event));
}

#[test]
fn gives_all() {
    // Given Dave's empty position
    let (mut world, _) = about_to_give();
    world.transfer_shares("carol", "dave", u64::MAX).unwrap();
    assert_eq!((shares_of(&mut world, "carol"), shares_of(&mut world, "dave")), (0, 500 * USDC));
    // Then he can withdraw what Carol paid
    world.withdraw("dave", u64::MAX).unwrap();
    assert_eq!(gained(&mut world, "dave", "USDC"), usdc(500));
}

#[test]
fn leaves_claims_with_who_bore_the_loss() {
    // Given Alice lost 50 and gave all her shares to Carol; then Carol lost 95 with them
    let mut world = recorded(Setup::default());
    world.transfer_shares("alice", "carol", u64::MAX).unwrap();
    assert_eq!(lend_and_lose(&mut world, "ben", 95 * USDC).to_lps, 95 * USDC);
    // When all is recovered
    world.repay("bob", "bob", u64::MAX).unwrap();
    world.repay("ben", "ben", u64::MAX).unwrap();
    // Then each gets what it lost
    world.claim_recovery("alice", 1).unwrap();
    world.claim_recovery("carol", 2).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000 + 50), "claims-follow");
    assert_eq!(gained(&mut world, "carol", "USDC"), usdc(95), "claims-follow");
    assert_eq!(world.pool().unclaimed, 0, "claims-solvent");
}

#[test]
fn keeps_the_recipients_own_claims() {
    // Given Alice with 1,000 and Carol with 500 lost 50, before Carol gets Alice's shares
    let mut world = defaulted_among(Setup::default(), &[("carol", 500 * USDC)]);
    world.record_bad_debt("bob").unwrap();
    world.transfer_shares("alice", "carol", u64::MAX).unwrap();
    // When 60 of the 100 are recovered, of which 30 are LPs'
    world.repay("bob", "bob", 60 * USDC).unwrap();
    world.claim_recovery("alice", 1).unwrap();
    world.claim_recovery("carol", 1).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000 + 20), "claims-follow");
    assert_eq!(gained(&mut world, "carol", "USDC"), usdc(-500 + 10), "claims-follow");
}

#[test]
fn keeps_what_both_held_at_the_losses_before() {
    // Given Alice and Carol each bore a loss, then Alice gives 100
    let mut world = recorded(Setup::default());
    world.deposit("carol", 95 * USDC).unwrap();
    lend_and_lose(&mut world, "ben", 10 * USDC);
    world.transfer_shares("alice", "carol", 100 * USDC).unwrap();
    // Then her history has her 1,000 at both losses, and Carol's has 100 at the second
    let rows = |world: &mut World, who: &str| {
        let history = world.position(who).unwrap().history;
        history.iter().map(|row| (row.from, row.to, row.generation, row.shares)).collect::<Vec<_>>()
    };
    assert_eq!(rows(&mut world, "alice"), [(1, 2, 0, 1_000 * USDC)]);
    let carols = rows(&mut world, "carol");
    assert_eq!(carols.len(), 1);
    assert!((2, 2, 0, 100 * USDC - 1) <= carols[0] && carols[0] <= (2, 2, 0, 100 * USDC), "{carols:?}");
    // And a second donation writes nothing
    world.transfer_shares("alice", "carol", 100 * USDC).unwrap();
    assert_eq!((rows(&mut world, "alice").len(), rows(&mut world, "carol").len()), (1, 1), "constant-cost");
}

#[test]
fn gives_to_a_position_that_was_wiped_out() {
    // Given Alice's shares are void, and Carol came afterwards
    let mut world = wiped_out();
    world.deposit("carol", 100 * USDC).unwrap();
    // When Carol gives Alice 40, then those are all that Alice has, and her claims stay
    world.transfer_shares("carol", "alice", 40 * USDC).unwrap();
    let alices = world.position("alice").unwrap().holder;
    assert_eq!((alices.shares, alices.generation, alices.since), (40 * USDC, 7, 1), "wipe-out");
    world.repay("bob", "bob", u64::MAX).unwrap();
    world.claim_recovery("alice", 1).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), 0, "wipe-out");
}

#[test]
fn rejects_shares_that_are_requested() {
    // Given Alice asked to withdraw 800 of 1,000
    let mut world = lent(with_notice());
    world.request_withdrawal("alice", 800 * USDC).unwrap();
    let asked = world.position("alice").unwrap().request;
    world.open_position("carol").unwrap();
    let beyond = world.transfer_shares_instruction("alice", "carol", 200 * USDC + 1);
    refused(&mut world, beyond.clone(), &["alice", "carol"], "InsufficientShares");
    // Then all are the other 200; also when the request has matured
    world.transfer_shares("alice", "carol", u64::MAX).unwrap();
    assert_eq!((world.position("alice").unwrap().request, shares_of(&mut world, "carol")), (asked, 200 * USDC));
    world.wait(3_600);
    refused(&mut world, beyond, &["alice", "carol"], "InsufficientShares");
    let none = world.transfer_shares_instruction("alice", "carol", u64::MAX);
    refused(&mut world, none, &["alice", "carol"], "AmountTooSmall");
    // And Carol has asked for none: giving shares is no way around the notice
    let execute = world.execute_withdrawal_instruction("carol");
    refused(&mut world, execute, &[], "ExitNotRequested");
    // Nor are shares that come back covered by what Alice asked for
    world.transfer_shares("carol", "alice", u64::MAX).unwrap();
    world.execute_withdrawal("alice").unwrap();
    assert_eq!(shares_of(&mut world, "alice"), 200 * USDC, "no-stale-exit");
}

#[test]
fn forgets_the_recipients_request_that_was_wiped_out() {
    // Given Alice asked to withdraw before her shares were lost
    let mut setup = two_collaterals();
    setup.parameters.exit.notice_seconds = 3_600;
    let mut world = World::new(setup);
    world.deposit("alice", 200 * USDC).unwrap();
    world.request_withdrawal("alice", u64::MAX).unwrap();
    lend_and_lose(&mut world, "bob", 200 * USDC);
    // When Carol gives her new shares
    world.deposit("carol", 100 * USDC).unwrap();
    world.transfer_shares("carol", "alice", u64::MAX).unwrap();
    world.wait(3_600);
    // Then the old request is not for them
    let execute = world.execute_withdrawal_instruction("alice");
    refused(&mut world, execute, &[], "ExitNotRequested");
}

#[test]
fn needs_no_price_and_no_calm() {
    let mut world = tripped();
    world.set_price("USDC", world.quote("USDC"), 86_400);
    world.transfer_shares("alice", "carol", 100 * USDC).unwrap();
}
