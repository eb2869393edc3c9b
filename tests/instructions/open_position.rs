use backstop_client::{Event, PositionOpened, address, verb};
use backstop_testkit::{Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, queue_change::lamports, tampering::*};

/// Alice is about to open a position.
fn about_to_open() -> (World, Instruction) {
    let mut world = World::new(Setup::default());
    let (alice, payer) = (world.actor("alice"), world.payer());
    let open = verb::open_position(world.key(), alice, payer);
    (world, open)
}

#[test]
fn rejects_second_position() {
    let (mut world, open) = about_to_open();
    world.execute(open.clone(), &[]).unwrap();
    refused(&mut world, open, &[], "AccountAlreadyInUse");
}

#[test]
fn rejects_address_of_another_owner() {
    let (mut world, open) = about_to_open();
    let bobs = position_of(&mut world, "bob");
    refused(&mut world, open.with("position", bobs), &[], "InvalidSeeds");
}

#[test]
fn rejects_address_in_another_pool() {
    let (mut world, open) = about_to_open();
    let (other, alice) = (Neighbour::new(&mut world, &[]), world.actor("alice"));
    refused(&mut world, open.with("position", address::position(&other.pool.pool, &alice)), &[], "InvalidSeeds");
}

#[test]
fn rejects_payer_that_does_not_sign() {
    let (mut world, open) = about_to_open();
    let bob = world.actor("bob");
    refused(&mut world, open.with("payer", bob).unsigned("payer"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_market_as_pool() {
    let (mut world, open) = about_to_open();
    let market = world.key().market;
    refused(&mut world, open.with("pool", market), &[], "AccountDataTooSmall");
}

#[test]
fn rejects_pool_of_another_program() {
    let (mut world, open) = about_to_open();
    let pool = world.key().pool;
    let forged = forged(&mut world, pool);
    refused(&mut world, open.with("pool", forged), &[], "IllegalOwner");
}

#[test]
fn is_paid_by_its_owner_too() {
    // When Alice pays, and signs for that only
    let (mut world, open) = about_to_open();
    let (alice, at, before) = (world.actor("alice"), position_of(&mut world, "alice"), lamports(&mut world, "alice"));
    let open = open.with("payer", alice);
    assert!(!open.accounts[0].is_signer && open.accounts[0].pubkey == alice);
    refused(&mut world, open.clone().unsigned("payer"), &[], "MissingRequiredSignature");
    world.execute(open, &["alice"]).unwrap();
    // Then the rent is hers, and so is the position
    let rent = world.account(&at).unwrap().lamports;
    assert_eq!(lamports(&mut world, "alice"), before - rent);
    assert_eq!(world.position("alice").unwrap().owner, alice);
}

#[test]
fn opens_empty_for_whom_it_is_paid() {
    // When somebody else pays for Alice's position, and she does not sign
    let (mut world, open) = about_to_open();
    let receipt = world.execute(open, &[]).unwrap();
    // Then it is hers and empty
    let (pool, owner) = (world.key().pool, world.actor("alice"));
    let position = world.position("alice").unwrap();
    assert_eq!((position.pool, position.owner, position.holder.shares), (pool, owner, 0));
    assert_eq!((position.holder.generation, position.version, position.spare), (0, 1, [0; 50]));
    assert_eq!((position.holder.since, position.request.shares, position.room, position.history.len()), (0, 0, 8, 0));
    assert_eq!(only(&receipt), Event::PositionOpened(PositionOpened { pool, owner }));
}

#[test]
fn starts_without_claims_on_older_losses() {
    // Given a wipe-out before Carol opens her position
    let mut world = wiped_out();
    world.open_position("carol").unwrap();
    // When she deposits and all of the loss is recovered
    world.deposit("carol", 100 * USDC).unwrap();
    world.repay("bob", "bob", u64::MAX).unwrap();
    // Then she holds shares of the present generation, and nothing of the recovery is hers
    let position = world.position("carol").unwrap();
    assert_eq!((position.holder.shares, position.holder.generation, position.holder.since), (100 * USDC, 7, 1));
    let carols = position_of(&mut world, "carol");
    world.open_claim(carols, 1).unwrap();
    let claim = world.claim_recovery_instruction("carol", 1);
    refused(&mut world, claim, &["carol"], "NothingToClaim");
}
