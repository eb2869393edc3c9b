use backstop_client::{AuthorityProposed, Event, Market, verb};
use backstop_testkit::World;
use solana_address::Address;
use solana_instruction::Instruction;

use crate::{
    fixtures::*,
    queue_change::{GRACE, TIMELOCK, refuses_signers},
    tampering::*,
};

/// The DAO has proposed an heir; the guardian is about to cancel that.
fn about_to_cancel() -> (World, Instruction) {
    let mut world = lent(two_collaterals());
    world.propose_authority("dao", "heir").unwrap();
    let guardian = world.actor("guardian");
    let cancel = verb::cancel_authority(world.key().market, guardian);
    (world, cancel)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, cancel) = about_to_cancel();
    refused(&mut world, cancel.unsigned("signer"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_all_but_guardian_and_authority() {
    let (mut world, cancel) = about_to_cancel();
    let others = ["mallory", "treasury", "alice", "heir"];
    refuses_signers(&mut world, &cancel, "signer", &others, &[], "WrongGuardian");
}

#[test]
fn rejects_another_market() {
    let (mut world, cancel) = about_to_cancel();
    let (other, mallory) = (Neighbour::new(&mut world, &[]), world.actor("mallory"));
    refused(&mut world, cancel.clone().with("signer", mallory), &["mallory"], "WrongGuardian");
    refused(&mut world, cancel.with("market", other.pool.market), &["guardian"], "WrongGuardian");
}

#[test]
fn rejects_market_of_another_kind() {
    let (mut world, cancel) = about_to_cancel();
    refuses_other_kinds(&mut world, &cancel, &["guardian"], &["market"]);
    refuses_forgeries(&mut world, &cancel, &["guardian"], &["market"]);
}

#[test]
fn cancels_and_changes_nothing_else() {
    for name in ["guardian", "dao"] {
        let (mut world, cancel) = about_to_cancel();
        let (before, signer) = (world.market(), world.actor(name));
        let receipt = world.execute(cancel.with("signer", signer), &[name]).unwrap();
        let nobody = Address::default();
        let expected = Market { pending_authority: nobody, acceptable_at: 0, acceptance_lapses_at: 0, ..before };
        assert_eq!(world.market(), expected);
        let (market, authority) = (world.key().market, world.actor("dao"));
        let event = AuthorityProposed { market, authority, proposed: nobody, acceptable_at: 0, lapses_at: 0 };
        assert_eq!(only(&receipt), Event::AuthorityProposed(event));
        // And the heir cannot accept
        world.wait(TIMELOCK);
        let heir = world.actor("heir");
        refused(&mut world, verb::accept_authority(market, heir), &["heir"], "WrongPendingAuthority");
    }
}

#[test]
fn cancels_at_any_time() {
    for seconds in [TIMELOCK, TIMELOCK + GRACE] {
        let (mut world, cancel) = about_to_cancel();
        world.wait(seconds);
        world.execute(cancel, &["guardian"]).unwrap();
        assert_eq!(world.market().pending_authority, Address::default());
    }
}

#[test]
fn changes_nothing_where_nobody_was_proposed() {
    let (mut world, cancel) = about_to_cancel();
    world.execute(cancel.clone(), &["guardian"]).unwrap();
    let before = snapshot(&world, &[]);
    world.execute(cancel, &["guardian"]).unwrap();
    assert_eq!(snapshot(&world, &[]), before);
}

#[test]
fn leaves_it_to_the_authority_to_propose_again() {
    let (mut world, cancel) = about_to_cancel();
    world.execute(cancel, &["guardian"]).unwrap();
    world.propose_authority("dao", "heir").unwrap();
    world.wait(TIMELOCK);
    world.accept_authority("heir").unwrap();
}
