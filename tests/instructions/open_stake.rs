use backstop_client::{Event, StakeOpened, address, verb};
use backstop_testkit::{Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, queue_change::lamports, tampering::*};

/// Sam is about to open a stake.
fn about_to_open() -> (World, Instruction) {
    let mut world = World::new(Setup::default());
    let (sam, payer) = (world.actor("sam"), world.payer());
    let open = verb::open_stake(world.key(), sam, payer);
    (world, open)
}

#[test]
fn rejects_second_stake() {
    let (mut world, open) = about_to_open();
    world.execute(open.clone(), &[]).unwrap();
    refused(&mut world, open, &[], "AccountAlreadyInUse");
}

#[test]
fn rejects_address_of_another_owner() {
    let (mut world, open) = about_to_open();
    let sues = stake_address(&mut world, "sue");
    refused(&mut world, open.with("stake", sues), &[], "InvalidSeeds");
}

#[test]
fn rejects_address_in_another_fund() {
    let (mut world, open) = about_to_open();
    let (other, sam) = (Neighbour::new(&mut world, &[]), world.actor("sam"));
    refused(&mut world, open.clone().with("stake", other.stake(&sam)), &[], "InvalidSeeds");
    refused(&mut world, open.with("insurance_fund", other.pool.insurance_fund), &[], "InvalidSeeds");
}

#[test]
fn rejects_address_of_a_position() {
    let (mut world, open) = about_to_open();
    let (pool, sam) = (world.key().pool, world.actor("sam"));
    refused(&mut world, open.with("stake", address::position(&pool, &sam)), &[], "InvalidSeeds");
}

#[test]
fn rejects_payer_that_does_not_sign() {
    let (mut world, open) = about_to_open();
    let bob = world.actor("bob");
    refused(&mut world, open.with("payer", bob).unsigned("payer"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, open) = about_to_open();
    refuses_other_kinds(&mut world, &open, &[], &["insurance_fund"]);
}

#[test]
fn rejects_fund_of_another_program() {
    let (mut world, open) = about_to_open();
    refuses_forgeries(&mut world, &open, &[], &["insurance_fund"]);
}

#[test]
fn is_paid_by_its_owner_too() {
    // When Sam pays, and signs for that only
    let (mut world, open) = about_to_open();
    let (sam, at, before) = (world.actor("sam"), stake_address(&mut world, "sam"), lamports(&mut world, "sam"));
    let open = open.with("payer", sam);
    assert!(!open.accounts[0].is_signer && open.accounts[0].pubkey == sam);
    refused(&mut world, open.clone().unsigned("payer"), &[], "MissingRequiredSignature");
    world.execute(open, &["sam"]).unwrap();
    // Then the rent is his, and so is the stake
    let rent = world.account(&at).unwrap().lamports;
    assert_eq!(lamports(&mut world, "sam"), before - rent);
    assert_eq!(world.stake_of("sam").unwrap().owner, sam);
}

#[test]
fn opens_empty_for_whom_it_is_paid() {
    // When somebody else pays for Sam's stake, and he does not sign
    let (mut world, open) = about_to_open();
    let receipt = world.execute(open, &[]).unwrap();
    // Then it is his and empty
    let (fund, owner) = (world.key().insurance_fund, world.actor("sam"));
    let stake = world.stake_of("sam").unwrap();
    assert_eq!((stake.fund, stake.owner, stake.version, stake.spare), (fund, owner, 1, [0; 50]));
    assert_eq!(stake.holder.holder(), backstop_engine::history::Holder::default());
    assert_eq!((stake.room, stake.history.len()), (8, 0));
    assert_eq!(stake.request.request(), backstop_engine::exit::Request::default());
    assert_eq!(only(&receipt), Event::StakeOpened(StakeOpened { fund, owner }));
}

#[test]
fn starts_without_claims_on_older_draws() {
    // Given Sam and Sue bore a draw of 100 before Tom opens his stake and stakes 10
    let mut world = staked(Setup::default());
    default_of(&mut world, "bob");
    world.stake("tom", 10 * USDC).unwrap();
    // When all of it is recovered
    world.repay("bob", "bob", u64::MAX).unwrap();
    // Then nothing is his
    let toms = stake_address(&mut world, "tom");
    world.open_claim(toms, 1).unwrap();
    let claim = world.claim_stake_recovery_instruction("tom", 1);
    refused(&mut world, claim, &["tom"], "NothingToClaim");
}
