use backstop_client::{Event, Market, MarketCreated, address, verb};
use backstop_testkit::{Setup, World};
use solana_instruction::Instruction;

use crate::{misuse::*, scene::*};

/// There is a market of id 0; Gina is about to create the one of id 7.
fn about_to_create() -> (World, Instruction) {
    let mut world = World::new(Setup::default());
    let (gina, payer) = (world.actor("gina"), world.payer());
    (world, verb::create_market(gina, payer, 7))
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
    refused(&mut world, create.with("market", address::market(8)), &["gina"], "InvalidSeeds");
}

#[test]
fn rejects_id_in_use() {
    let (mut world, create) = about_to_create();
    world.execute(create.clone(), &["gina"]).unwrap();
    let (mallory, payer) = (world.actor("mallory"), world.payer());
    refused(&mut world, verb::create_market(mallory, payer, 7), &["mallory"], "AccountAlreadyInUse");
    refused(&mut world, create, &["gina"], "AccountAlreadyInUse");
}

#[test]
fn rejects_other_system_program() {
    let (mut world, create) = about_to_create();
    refused(&mut world, create.with("system_program", TOKEN_2022), &["gina"], "IncorrectProgramId");
}

#[test]
fn makes_the_signer_its_authority() {
    // When Gina creates the market of id 7
    let (mut world, create) = about_to_create();
    let receipt = world.execute(create, &["gina"]).unwrap();
    // Then it is hers
    let (market, gina) = (address::market(7), world.actor("gina"));
    let account = world.account(&market).unwrap();
    assert_eq!(account.owner, backstop_client::PROGRAM_ID);
    let stored = Market::from_account_data(&account.data).unwrap();
    assert_eq!((stored.authority, stored.id, stored.version), (gina, 7, 1));
    assert_eq!(stored.spare, [0; 190]);
    assert_eq!(only(&receipt), Event::MarketCreated(MarketCreated { market, authority: gina }));
}

#[test]
fn takes_every_id() {
    let (mut world, _) = about_to_create();
    let (gina, payer) = (world.actor("gina"), world.payer());
    world.execute(verb::create_market(gina, payer, u64::MAX), &["gina"]).unwrap();
    assert!(world.account(&address::market(u64::MAX)).is_some());
}

#[test]
fn is_not_stopped_by_lamports_sent_ahead() {
    // Given Mallory sent lamports to the address of the market to come
    let (mut world, create) = about_to_create();
    let gift = solana_account::Account { lamports: 1, ..Default::default() };
    world.set_account(address::market(7), gift);
    // When Gina creates it, then it works
    world.execute(create, &["gina"]).unwrap();
}
