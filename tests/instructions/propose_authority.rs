use backstop_client::{AuthorityProposed, Event, Market, Parameter, verb};
use backstop_testkit::World;
use solana_instruction::Instruction;

use crate::{
    fixtures::*,
    queue_change::{TIMELOCK, make, refuses_signers},
    tampering::*,
};

/// The DAO is about to propose an heir.
fn about_to_propose() -> (World, Instruction) {
    let mut world = lent(two_collaterals());
    let (dao, heir) = (world.actor("dao"), world.actor("heir"));
    let propose = verb::propose_authority(world.key().market, dao, heir);
    (world, propose)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, propose) = about_to_propose();
    refused(&mut world, propose.unsigned("authority"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_all_but_the_authority() {
    let (mut world, propose) = about_to_propose();
    let others = ["mallory", "guardian", "treasury", "alice", "heir"];
    refuses_signers(&mut world, &propose, "authority", &others, &[], "WrongAuthority");
}

#[test]
fn rejects_another_market() {
    let (mut world, propose) = about_to_propose();
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, propose.with("market", other.pool.market), &["dao"], "WrongAuthority");
}

#[test]
fn rejects_market_of_another_kind() {
    let (mut world, propose) = about_to_propose();
    refuses_other_kinds(&mut world, &propose, &["dao"], &["market"]);
    refuses_forgeries(&mut world, &propose, &["dao"], &["market"]);
}

#[test]
fn proposes_and_changes_nothing_else() {
    let (mut world, propose) = about_to_propose();
    let (before, heir) = (world.market(), world.actor("heir"));
    let receipt = world.execute(propose, &["dao"]).unwrap();
    // Then the heir can accept from a day on, for fourteen days
    let (acceptable_at, lapses_at) = (world.now() + 86_400, world.now() + 86_400 + 1_209_600);
    let expected = Market { pending_authority: heir, acceptable_at, acceptance_lapses_at: lapses_at, ..before };
    assert_eq!(world.market(), expected);
    let (market, authority) = (world.key().market, world.actor("dao"));
    let event = AuthorityProposed { market, authority, proposed: heir, acceptable_at, lapses_at };
    assert_eq!(only(&receipt), Event::AuthorityProposed(event));
}

#[test]
fn replaces_an_earlier_proposal() {
    // Given the heir could accept in a second
    let (mut world, propose) = about_to_propose();
    world.execute(propose, &["dao"]).unwrap();
    world.wait(TIMELOCK - 1);
    // When another is proposed, then the first cannot at all, and the other after a day
    world.propose_authority("dao", "other").unwrap();
    world.wait(1);
    let (market, heir, other) = (world.key().market, world.actor("heir"), world.actor("other"));
    refused(&mut world, verb::accept_authority(market, heir), &["heir"], "WrongPendingAuthority");
    refused(&mut world, verb::accept_authority(market, other), &["other"], "ChangeNotReady");
    world.wait(TIMELOCK - 1);
    world.accept_authority("other").unwrap();
}

#[test]
fn begins_anew_for_the_same_one() {
    let (mut world, propose) = about_to_propose();
    world.execute(propose.clone(), &["dao"]).unwrap();
    world.wait(TIMELOCK);
    world.execute(propose, &["dao"]).unwrap();
    let heir = world.actor("heir");
    let accept = verb::accept_authority(world.key().market, heir);
    refused(&mut world, accept, &["heir"], "ChangeNotReady");
}

#[test]
fn waits_for_the_timelock_of_that_moment() {
    let (mut world, propose) = about_to_propose();
    make(&mut world, verb::Target::Market, Parameter::TimelockSeconds, verb::number(172_800));
    world.execute(propose, &["dao"]).unwrap();
    let market = world.market();
    assert_eq!(market.acceptable_at, world.now() + 172_800);
    assert_eq!(market.acceptance_lapses_at, world.now() + 172_800 + 1_209_600);
}
