use backstop_client::{
    AuthorityChanged, Event, Market, Parameter,
    verb::{self, number},
};
use backstop_testkit::World;
use solana_address::Address;
use solana_instruction::Instruction;

use crate::{
    fixtures::*,
    queue_change::{GRACE, TIMELOCK, refuses_signers},
    tampering::*,
};

/// The heir was proposed a day ago and is about to accept.
fn about_to_accept() -> (World, Instruction) {
    let mut world = lent(two_collaterals());
    world.propose_authority("dao", "heir").unwrap();
    world.wait(TIMELOCK);
    let heir = world.actor("heir");
    let accept = verb::accept_authority(world.key().market, heir);
    (world, accept)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, accept) = about_to_accept();
    refused(&mut world, accept.unsigned("authority"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_all_but_who_was_proposed() {
    let (mut world, accept) = about_to_accept();
    let others = ["mallory", "dao", "guardian", "treasury", "alice"];
    refuses_signers(&mut world, &accept, "authority", &others, &[], "WrongPendingAuthority");
}

#[test]
fn rejects_everybody_if_nobody_was_proposed() {
    // Given no proposal, whose address of zeros nobody can sign for
    let mut world = lent(two_collaterals());
    let (market, heir) = (world.key().market, world.actor("heir"));
    let accept = verb::accept_authority(market, heir);
    let others = ["heir", "mallory", "dao", "guardian"];
    refuses_signers(&mut world, &accept, "authority", &others, &[], "WrongPendingAuthority");
    let nobody = verb::accept_authority(market, Address::default()).unsigned("authority");
    refused(&mut world, nobody, &[], "MissingRequiredSignature");
}

#[test]
fn rejects_another_market() {
    // Given the heir was proposed in the DAO's market only
    let (mut world, accept) = about_to_accept();
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, accept.with("market", other.pool.market), &["heir"], "WrongPendingAuthority");
}

#[test]
fn rejects_market_of_another_kind() {
    let (mut world, accept) = about_to_accept();
    refuses_other_kinds(&mut world, &accept, &["heir"], &["market"]);
    refuses_forgeries(&mut world, &accept, &["heir"], &["market"]);
}

#[test]
fn rejects_acceptance_before_its_time() {
    let mut world = lent(two_collaterals());
    world.propose_authority("dao", "heir").unwrap();
    let heir = world.actor("heir");
    let accept = verb::accept_authority(world.key().market, heir);
    refused(&mut world, accept.clone(), &["heir"], "ChangeNotReady");
    world.wait(TIMELOCK - 1);
    refused(&mut world, accept.clone(), &["heir"], "ChangeNotReady");
    world.wait(1);
    world.execute(accept, &["heir"]).unwrap();
}

#[test]
fn rejects_acceptance_after_it_has_lapsed() {
    let (mut world, accept) = about_to_accept();
    world.wait(GRACE);
    refused(&mut world, accept, &["heir"], "ChangeLapsed");
    // A second before it was open
    let (mut world, accept) = about_to_accept();
    world.wait(GRACE - 1);
    world.execute(accept, &["heir"]).unwrap();
}

#[test]
fn rejects_acceptance_of_what_was_accepted() {
    let (mut world, accept) = about_to_accept();
    world.execute(accept.clone(), &["heir"]).unwrap();
    refused(&mut world, accept, &["heir"], "WrongPendingAuthority");
}

#[test]
fn takes_over_and_changes_nothing_else() {
    let (mut world, accept) = about_to_accept();
    let (before, dao, heir) = (world.market(), world.actor("dao"), world.actor("heir"));
    let receipt = world.execute(accept, &["heir"]).unwrap();
    let expected = Market {
        authority: heir,
        pending_authority: Address::default(),
        acceptable_at: 0,
        acceptance_lapses_at: 0,
        ..before
    };
    assert_eq!(world.market(), expected);
    let event = AuthorityChanged { market: world.key().market, before: dao, authority: heir };
    assert_eq!(only(&receipt), Event::AuthorityChanged(event));
}

#[test]
fn leaves_the_one_before_without_any_power() {
    let (mut world, accept) = about_to_accept();
    world.execute(accept, &["heir"]).unwrap();
    let (key, market, dao, payer) = (*world.key(), world.key().market, world.actor("dao"), world.payer());
    let (deposit, target) = (backstop_client::PausableOperation::Deposit, world.target(None));
    let authority = [
        verb::queue_change(market, dao, payer, target, 7, Parameter::BaseBps, number(1)),
        verb::unpause(&key, dao, deposit),
        verb::propose_authority(market, dao, dao),
    ];
    for instruction in authority {
        refused(&mut world, instruction, &["dao"], "WrongAuthority");
    }
    let guard = [
        verb::pause(&key, dao, deposit, 60),
        verb::tighten(&key, dao, None, Parameter::NoticeSeconds, number(60)),
        verb::cancel_authority(market, dao),
    ];
    for instruction in guard {
        refused(&mut world, instruction, &["dao"], "WrongGuardian");
    }
    // And all of it is the heir's
    world.queue_change("heir", target, 7, Parameter::BaseBps, number(1)).unwrap();
    world.pause("heir", deposit, 60).unwrap();
    world.unpause("heir", deposit).unwrap();
    world.cancel_change("heir", 7).unwrap();
    world.propose_authority("heir", "dao").unwrap();
}
