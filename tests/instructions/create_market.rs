use backstop_client::{
    AccountData, Event, Market, MarketCreated, address,
    verb::{self, MarketRoles},
};
use backstop_testkit::{Setup, World};
use solana_address::Address;
use solana_instruction::Instruction;

use crate::{fixtures::*, queue_change::lamports, tampering::*};

/// There is a market of id 0; Gina is about to create the one of id 7, with Gus to guard it and a treasury of Theo's.
fn about_to_create() -> (World, Instruction) {
    let mut world = World::new(Setup::default());
    let create = create_with(&mut world, 172_800);
    (world, create)
}

fn create_with(world: &mut World, timelock_seconds: u32) -> Instruction {
    let (authority, guardian, treasury) = (world.actor("gina"), world.actor("gus"), world.actor("theo"));
    verb::create_market(&MarketRoles { authority, guardian, treasury, timelock_seconds }, world.payer(), 7)
}

/// Where Gina's market of id 7 is.
fn gina_market(world: &mut World) -> Address {
    address::market(&world.actor("gina"), 7)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, create) = about_to_create();
    refused(&mut world, create.unsigned("authority"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_payer_that_does_not_sign() {
    let (mut world, create) = about_to_create();
    let alice = world.actor("alice");
    refused(&mut world, create.with("payer", alice).unsigned("payer"), &["gina"], "MissingRequiredSignature");
}

#[test]
fn rejects_address_of_another_id() {
    let (mut world, create) = about_to_create();
    let other = address::market(&world.actor("gina"), 8);
    refused(&mut world, create.with("market", other), &["gina"], "InvalidSeeds");
}

#[test]
fn rejects_id_in_use() {
    let (mut world, create) = about_to_create();
    world.execute(create.clone(), &["gina"]).unwrap();
    refused(&mut world, create, &["gina"], "AccountAlreadyInUse");
}

#[test]
fn is_in_nobody_elses_place() {
    // Given Mallory creates a market of the same id first
    let (mut world, create) = about_to_create();
    let (mallory, payer) = (world.actor("mallory"), world.payer());
    world.execute(verb::create_market(&hands_of(mallory), payer, 7), &["mallory"]).unwrap();
    // Then she cannot create Gina's, and Gina can
    let market = gina_market(&mut world);
    let hers = verb::create_market(&hands_of(mallory), payer, 7).with("market", market);
    refused(&mut world, hers, &["mallory"], "InvalidSeeds");
    world.execute(create, &["gina"]).unwrap();
}

#[test]
fn rejects_other_system_program() {
    let (mut world, create) = about_to_create();
    refused(&mut world, create.with("system_program", TOKEN_2022_PROGRAM), &["gina"], "IncorrectProgramId");
}

#[test]
fn rejects_timelock_shorter_than_a_day_or_longer_than_thirty() {
    let (mut world, _) = about_to_create();
    for seconds in [0, 86_399, 2_592_001, u32::MAX] {
        let create = create_with(&mut world, seconds);
        refused(&mut world, create, &["gina"], "InvalidParameter");
    }
}

#[test]
fn takes_timelock_of_a_day_and_of_thirty() {
    for seconds in [86_400, 2_592_000] {
        let (mut world, _) = about_to_create();
        let create = create_with(&mut world, seconds);
        world.execute(create, &["gina"]).unwrap();
        let market = gina_market(&mut world);
        let stored = Market::from_account_data(&world.account(&market).unwrap().data).unwrap();
        assert_eq!(stored.timelock_seconds, seconds);
    }
}

#[test]
fn makes_the_signer_its_authority() {
    // When Gina creates the market of id 7
    let (mut world, create) = about_to_create();
    let receipt = world.execute(create, &["gina"]).unwrap();
    // Then it is hers, with the guardian, the treasury and the timelock that she gave, and nobody is proposed
    let (market, gina) = (gina_market(&mut world), world.actor("gina"));
    let account = world.account(&market).unwrap();
    assert_eq!(account.owner, backstop_client::PROGRAM_ID);
    let stored = Market::from_account_data(&account.data).unwrap();
    assert_eq!((stored.authority, stored.creator, stored.id, stored.version), (gina, gina, 7, 1));
    let (gus, theo) = (world.actor("gus"), world.actor("theo"));
    assert_eq!((stored.guardian, stored.treasury, stored.timelock_seconds), (gus, theo, 172_800));
    let proposal = (stored.pending_authority, stored.acceptable_at, stored.acceptance_lapses_at);
    assert_eq!((proposal, stored.spare), ((Address::default(), 0, 0), [0; 42]));
    let event = MarketCreated { market, authority: gina, guardian: gus, treasury: theo, timelock_seconds: 172_800 };
    assert_eq!(only(&receipt), Event::MarketCreated(event));
}

#[test]
fn is_paid_by_its_authority_too() {
    // When Gina pays the rent herself
    let (mut world, create) = about_to_create();
    let (gina, before) = (world.actor("gina"), lamports(&mut world, "gina"));
    world.execute(create.with("payer", gina), &["gina"]).unwrap();
    let account = world.account(&address::market(&gina, 7)).unwrap();
    assert_eq!(lamports(&mut world, "gina"), before - account.lamports);
    assert_eq!(Market::from_account_data(&account.data).unwrap().authority, gina);
}

#[test]
fn takes_every_id() {
    let (mut world, _) = about_to_create();
    let (gina, payer) = (world.actor("gina"), world.payer());
    world.execute(verb::create_market(&hands_of(gina), payer, u64::MAX), &["gina"]).unwrap();
    assert!(world.account(&address::market(&gina, u64::MAX)).is_some());
}

#[test]
fn is_not_stopped_by_lamports_sent_ahead() {
    // Given Mallory sent lamports to the address of the market to come
    let (mut world, create) = about_to_create();
    let donation = solana_account::Account { lamports: 1, ..Default::default() };
    let market = gina_market(&mut world);
    world.set_account(market, donation);
    // When Gina creates it, then it works
    world.execute(create, &["gina"]).unwrap();
}
