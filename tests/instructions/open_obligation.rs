use backstop_client::{Event, ObligationOpened, verb};
use backstop_testkit::{Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, queue_change::lamports, tampering::*};

/// Bob is about to open an obligation.
fn about_to_open() -> (World, Instruction) {
    let mut world = World::new(Setup::default());
    let (bob, payer) = (world.actor("bob"), world.payer());
    let open = verb::open_obligation(world.key(), bob, payer);
    (world, open)
}

#[test]
fn rejects_second_obligation() {
    let (mut world, open) = about_to_open();
    world.execute(open.clone(), &[]).unwrap();
    refused(&mut world, open, &[], "AccountAlreadyInUse");
}

#[test]
fn rejects_address_of_another_owner() {
    let (mut world, open) = about_to_open();
    let carols = world.obligation_address("carol");
    refused(&mut world, open.with("obligation", carols), &[], "InvalidSeeds");
}

#[test]
fn rejects_address_in_another_pool() {
    let (mut world, open) = about_to_open();
    let (other, bob) = (Neighbour::new(&mut world, &[]), world.actor("bob"));
    refused(&mut world, open.with("obligation", other.obligation(&bob)), &[], "InvalidSeeds");
}

#[test]
fn rejects_payer_that_does_not_sign() {
    let (mut world, open) = about_to_open();
    let carol = world.actor("carol");
    refused(&mut world, open.with("payer", carol).unsigned("payer"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_fund_as_pool() {
    let (mut world, open) = about_to_open();
    let fund = world.key().insurance_fund;
    refused(&mut world, open.with("pool", fund), &[], "AccountDataTooSmall");
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
    // When Bob pays, and signs for that only
    let (mut world, open) = about_to_open();
    let (bob, at, before) = (world.actor("bob"), world.obligation_address("bob"), lamports(&mut world, "bob"));
    let open = open.with("payer", bob);
    assert!(!open.accounts[0].is_signer && open.accounts[0].pubkey == bob);
    refused(&mut world, open.clone().unsigned("payer"), &[], "MissingRequiredSignature");
    world.execute(open, &["bob"]).unwrap();
    // Then the rent is his, and so is the obligation
    let rent = world.account(&at).unwrap().lamports;
    assert_eq!(lamports(&mut world, "bob"), before - rent);
    assert_eq!(world.obligation("bob").unwrap().owner, bob);
}

#[test]
fn opens_empty_for_whom_it_is_paid() {
    // When somebody else pays for Bob's obligation, and he does not sign
    let (mut world, open) = about_to_open();
    let receipt = world.execute(open, &[]).unwrap();
    // Then it is his and empty
    let (pool, owner) = (world.key().pool, world.actor("bob"));
    let obligation = world.obligation("bob").unwrap();
    assert_eq!((obligation.pool, obligation.owner, obligation.version), (pool, owner, 1));
    assert_eq!((obligation.debt_shares, obligation.marked, obligation.last_risk_increase_slot), (0, 0, 0));
    assert_eq!((obligation.written_off, obligation.recovered), (0, 0));
    assert_eq!((obligation.held().count(), obligation.spare), (0, [0; 142]));
    assert_eq!(only(&receipt), Event::ObligationOpened(ObligationOpened { pool, owner }));
}
