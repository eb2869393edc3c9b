use backstop_client::{PROGRAM_ID, verb::PoolKey};
use backstop_testkit::Setup;

use crate::fixtures::*;

#[test]
fn opens_an_empty_position_that_the_vault_owns() {
    let (world, vault) = vault(Setup::default());
    let position = world.position_of(&vault.address).unwrap();
    assert_eq!((position.owner, position.pool), (vault.address, world.key().pool));
    assert_eq!(position.holder.shares, 0);
    assert_eq!(world.account(&vault.position).unwrap().owner, PROGRAM_ID);
}

#[test]
fn rejects_a_token_account_of_another() {
    let mut world = world(Setup::default());
    let (vault, danas) = (Vault::of(&mut world, "dana", 0), world.wallet("dana", "USDC"));
    refused(&mut world, with(vault.open(), open::TOKENS, danas), "InvalidAccountData");
}

#[test]
fn rejects_what_is_no_pool() {
    let mut world = world(Setup::default());
    // The addresses of the vault and of its position follow from the pool, so those of a false one are given.
    let false_one = PoolKey { pool: world.key().loss_book, ..*world.key() };
    let vault = Vault::in_pool(&mut world, false_one, "dana", 0);
    refused(&mut world, vault.open(), "InvalidAccountData");
}

#[test]
fn rejects_a_position_at_another_address() {
    let mut world = world(Setup::default());
    let (vault, alices) = (Vault::of(&mut world, "dana", 0), world.actor("alice"));
    refused(&mut world, with(vault.open(), open::POSITION, alices), "InvalidSeeds");
}

#[test]
fn rejects_a_program_that_is_not_backstop() {
    let mut world = world(Setup::default());
    let vault = Vault::of(&mut world, "dana", 0);
    let impostor = impostor(&mut world);
    refused(&mut world, with(vault.open(), open::BACKSTOP, impostor), "IncorrectProgramId");
}

#[test]
fn rejects_a_vault_that_is_open() {
    let (mut world, vault) = vault(Setup::default());
    refused(&mut world, vault.open(), "AccountAlreadyInUse");
}
