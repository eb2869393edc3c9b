use backstop_client::{Collected, Event, PausableOperation};
use backstop_testkit::{Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// Alice asked for 100 of 1,000, which was executed; she is about to collect.
fn about_to_collect() -> (World, Instruction) {
    let mut world = lent(with_notice());
    world.request_withdrawal("alice", 100 * USDC).unwrap();
    world.wait(3_600);
    world.execute_withdrawal("alice").unwrap();
    let collect = world.collect_withdrawal_instruction("alice");
    (world, collect)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, collect) = about_to_collect();
    refused(&mut world, collect.unsigned("owner"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_signature_of_another() {
    let (mut world, collect) = about_to_collect();
    let mallory = world.actor("mallory");
    refused(&mut world, collect.clone().with("owner", mallory), &["mallory"], "WrongOwner");
    world.open_position("mallory").unwrap();
    let theirs = position_of(&mut world, "mallory");
    refused(&mut world, collect.with("holder", theirs), &["alice"], "WrongOwner");
}

#[test]
fn rejects_another_pool() {
    let (mut world, collect) = about_to_collect();
    let (other, owner) = (Neighbour::new(&mut world, &["alice"]), world.actor("alice"));
    refused(&mut world, collect.clone().with("pool", other.pool.pool), &["alice"], "WrongPool");
    refused(&mut world, collect.with("holder", other.position(&owner)), &["alice"], "WrongPool");
}

#[test]
fn rejects_every_other_vault() {
    let (mut world, collect) = about_to_collect();
    refuses_other_vaults(&mut world, &collect, &["alice"], &["vault"]);
}

#[test]
fn rejects_other_tokens() {
    let (mut world, collect) = about_to_collect();
    refuses_other_tokens(&mut world, &collect, &["alice"], "destination");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, collect) = about_to_collect();
    refuses_other_kinds(&mut world, &collect, &["alice"], &["pool"]);
}

#[test]
fn rejects_every_holder_but_positions_and_stakes() {
    let (mut world, collect) = about_to_collect();
    let (other, mallory) = (Neighbour::new(&mut world, &["mallory"]), world.actor("mallory"));
    refused(&mut world, collect.clone().with("holder", other.stake(&mallory)), &["alice"], "WrongPool");
    for holder in [other.pool.pool, other.pool.loss_book, other.pool.insurance_fund, other.obligation(&mallory)] {
        let given = world.account(&holder).unwrap().data.len();
        let error = if given < 184 { "AccountDataTooSmall" } else { "InvalidAccountData" };
        refused(&mut world, collect.clone().with("holder", holder), &["alice"], error);
    }
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, collect) = about_to_collect();
    refuses_forgeries(&mut world, &collect, &["alice"], &["pool", "holder"]);
}

#[test]
fn rejects_same_account_twice() {
    let (mut world, collect) = about_to_collect();
    refuses_twins(&mut world, &collect, &["alice"], &[("holder", "pool"), ("destination", "vault")]);
}

#[test]
fn rejects_collecting_nothing() {
    let (mut world, collect) = about_to_collect();
    world.execute(collect.clone(), &["alice"]).unwrap();
    refused(&mut world, collect, &["alice"], "NothingToCollect");
}

#[test]
fn pays_all_that_is_payable() {
    let (mut world, collect) = about_to_collect();
    let (pool, fund) = (world.pool(), world.fund());
    let receipt = world.execute(collect, &["alice"]).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1000 + 100));
    assert_eq!((pool.payable, world.pool().payable), (100 * USDC, 0));
    assert_eq!((world.pool().totals(), world.fund()), (pool.totals(), fund), "conservation");
    let (holder, owner) = (world.position_address("alice"), world.actor("alice"));
    let event = Collected { pool: world.key().pool, holder, owner, assets: 100 * USDC };
    assert_eq!(only(&receipt), Event::Collected(event));
    vault_holds_what_is_owed(&world);
}

#[test]
fn pays_what_several_requests_left() {
    let (mut world, collect) = about_to_collect();
    world.request_withdrawal("alice", 50 * USDC).unwrap();
    world.wait(3_600);
    world.execute_withdrawal("alice").unwrap();
    world.execute(collect, &["alice"]).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1000 + 100 + 50));
    vault_holds_what_is_owed(&world);
}

#[test]
fn pays_a_friend() {
    let (mut world, collect) = about_to_collect();
    let toms = world.wallet("tom", "USDC");
    world.execute(collect.with("destination", toms), &["alice"]).unwrap();
    assert_eq!(gained(&mut world, "tom", "USDC"), usdc(100));
}

#[test]
fn works_on_hold_paused_and_without_a_price() {
    let (mut world, collect) = about_to_collect();
    mark_bob_with(&mut world, 100 * USDC);
    assert_eq!((world.pool().hold.on, world.pool().fund_hold.on), (1, 1));
    world.pause("guardian", PausableOperation::Withdraw, 60).unwrap();
    world.set_price("USDC", world.quote("USDC"), 86_400);
    world.execute(collect, &["alice"]).expect("always-open: collecting");
}

#[test]
fn works_when_all_is_lost() {
    // Given all that LPs had is lost after the request was executed: what is payable is no part of it
    let (mut world, collect) = about_to_collect();
    make_worthless(&mut world, "SOL");
    world.record_bad_debt("bob").unwrap();
    world.execute(collect, &["alice"]).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1000 + 100), "slash-only");
    vault_holds_what_is_owed(&world);
}

/// Sam asked to leave the fund with 30 of his 60, which was executed; he is about to collect.
fn about_to_collect_of_the_fund() -> (World, Instruction) {
    let mut world = staked(Setup::default());
    world.request_unstake("sam", 30 * USDC).unwrap();
    world.wait(864_000);
    world.execute_unstake("sam").unwrap();
    let collect = world.collect_unstake_instruction("sam");
    (world, collect)
}

#[test]
fn pays_stakers_alike() {
    let (mut world, collect) = about_to_collect_of_the_fund();
    let (fund, holder, owner) = (world.fund(), world.stake_address("sam"), world.actor("sam"));
    let receipt = world.execute(collect.clone(), &["sam"]).unwrap();
    assert_eq!(gained(&mut world, "sam", "USDC"), usdc(-60 + 30));
    assert_eq!((world.pool().payable, world.fund()), (0, fund), "conservation");
    let event = Collected { pool: world.key().pool, holder, owner, assets: 30 * USDC };
    assert_eq!(only(&receipt), Event::Collected(event));
    refused(&mut world, collect, &["sam"], "NothingToCollect");
    vault_holds_what_is_owed(&world);
}

#[test]
fn rejects_the_stake_of_another_and_of_another_fund() {
    let (mut world, collect) = about_to_collect_of_the_fund();
    let (other, sam, sues) =
        (Neighbour::new(&mut world, &["sam"]), world.actor("sam"), stake_address(&mut world, "sue"));
    refused(&mut world, collect.clone().with("holder", sues), &["sam"], "WrongOwner");
    refused(&mut world, collect.clone().with("holder", other.stake(&sam)), &["sam"], "WrongPool");
    refused(&mut world, collect.with("pool", other.pool.pool), &["sam"], "WrongPool");
}

#[test]
fn pays_a_staker_when_all_of_the_fund_is_lost() {
    let (mut world, collect) = about_to_collect_of_the_fund();
    default_of(&mut world, "bob");
    assert_eq!(world.fund().assets, 0);
    world.execute(collect, &["sam"]).unwrap();
    assert_eq!(gained(&mut world, "sam", "USDC"), usdc(-60 + 30), "slash-only");
    vault_holds_what_is_owed(&world);
}
