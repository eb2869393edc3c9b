use backstop_client::{Event, UnstakeCancelled};
use backstop_engine::exit::Request;
use backstop_testkit::{Setup, World};
use solana_instruction::Instruction;

use crate::{misuse::*, scene::*};

/// Sam asked to leave with 30 of his 60; he is about to think better of it.
fn about_to_cancel() -> (World, Instruction) {
    let mut world = staked(Setup::default());
    world.request_unstake("sam", 30 * USDC).unwrap();
    let cancel = world.cancel_unstake_instruction("sam");
    (world, cancel)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, cancel) = about_to_cancel();
    refused(&mut world, cancel.unsigned("owner"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_signature_of_another() {
    let (mut world, cancel) = about_to_cancel();
    let sue = world.actor("sue");
    refused(&mut world, cancel.clone().with("owner", sue), &["sue"], "WrongOwner");
    let sues = stake_address(&mut world, "sue");
    refused(&mut world, cancel.with("stake", sues), &["sam"], "WrongOwner");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, cancel) = about_to_cancel();
    refuses_other_kinds(&mut world, &cancel, &["sam"], &["stake"]);
}

#[test]
fn rejects_stake_of_another_program() {
    let (mut world, cancel) = about_to_cancel();
    refuses_forgeries(&mut world, &cancel, &["sam"], &["stake"]);
}

#[test]
fn rejects_stake_without_a_request() {
    let (mut world, cancel) = about_to_cancel();
    world.execute(cancel.clone(), &["sam"]).unwrap();
    refused(&mut world, cancel, &["sam"], "ExitNotRequested");
    let sues = world.cancel_unstake_instruction("sue");
    refused(&mut world, sues, &["sue"], "ExitNotRequested");
}

#[test]
fn takes_the_request_back() {
    let (mut world, cancel) = about_to_cancel();
    let fund = world.fund();
    let receipt = world.execute(cancel, &["sam"]).unwrap();
    let stake = world.stake_of("sam").unwrap();
    assert_eq!((stake.request.request(), stake.holder.shares), (Request::default(), 60 * USDC));
    assert_eq!(world.fund(), fund);
    let event = UnstakeCancelled { fund: world.key().insurance_fund, owner: world.actor("sam"), shares: 30 * USDC };
    assert_eq!(only(&receipt), Event::UnstakeCancelled(event));
    // And after the cooldown there is nothing to leave with
    world.wait(864_000);
    let unstake = world.unstake_instruction("sam");
    refused(&mut world, unstake, &["sam"], "ExitNotRequested");
}

#[test]
fn takes_a_lapsed_request_back() {
    let (mut world, cancel) = about_to_cancel();
    world.wait(864_000 + 172_800);
    world.execute(cancel, &["sam"]).unwrap();
    assert_eq!(world.stake_of("sam").unwrap().request.shares, 0);
}
