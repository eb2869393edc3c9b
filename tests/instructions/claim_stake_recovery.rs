use backstop_client::{Event, StakeRecoveryClaimed, verb};
use backstop_testkit::{Setup, World};
use solana_instruction::Instruction;

use crate::{misuse::*, scene::*};

/// A loss of 200 took Sam's 60, Sue's 40 and 100 of Alice's; 150 are recovered, so half of what the stakers lost. Sam is about
/// to claim.
fn about_to_claim() -> (World, Instruction) {
    let mut world = staked(Setup::default());
    default_of(&mut world, "bob");
    world.recover("bob", "bob", 150 * USDC).unwrap();
    let claim = world.claim_stake_recovery_instruction("sam");
    (world, claim)
}

fn claim_of(world: &mut World, who: &str, min_assets: u64) -> Instruction {
    let (owner, destination) = (world.actor(who), world.wallet(who, "USDC"));
    verb::claim_stake_recovery(world.key(), owner, destination, min_assets)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, claim) = about_to_claim();
    refused(&mut world, claim.unsigned("owner"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_signature_of_another() {
    let (mut world, claim) = about_to_claim();
    let sue = world.actor("sue");
    refused(&mut world, claim.clone().with("owner", sue), &["sue"], "WrongOwner");
    let sues = stake_address(&mut world, "sue");
    refused(&mut world, claim.with("stake", sues), &["sam"], "WrongOwner");
}

#[test]
fn rejects_another_pool() {
    let (mut world, claim) = about_to_claim();
    let (other, sam) = (Neighbour::new(&mut world, &["sam"]), world.actor("sam"));
    for (account, address) in
        [("pool", other.pool.pool), ("insurance_fund", other.pool.insurance_fund), ("stake", other.stake(&sam))]
    {
        refused(&mut world, claim.clone().with(account, address), &["sam"], "WrongInsuranceFund");
    }
}

#[test]
fn rejects_every_other_vault() {
    let (mut world, claim) = about_to_claim();
    refuses_other_vaults(&mut world, &claim, &["sam"], &["vault"]);
}

#[test]
fn rejects_other_tokens() {
    let (mut world, claim) = about_to_claim();
    refuses_other_tokens(&mut world, &claim, &["sam"], "destination");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, claim) = about_to_claim();
    refuses_other_kinds(&mut world, &claim, &["sam"], &["pool", "insurance_fund", "stake"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, claim) = about_to_claim();
    refuses_forgeries(&mut world, &claim, &["sam"], &["pool", "insurance_fund", "stake"]);
}

#[test]
fn rejects_same_account_twice() {
    let (mut world, claim) = about_to_claim();
    let pairs = [("insurance_fund", "pool"), ("stake", "insurance_fund"), ("destination", "vault")];
    refuses_twins(&mut world, &claim, &["sam"], &pairs);
}

#[test]
fn rejects_claim_while_lps_are_not_whole() {
    // Given 100 recovered, all of it Alice's
    let mut world = staked(Setup::default());
    default_of(&mut world, "bob");
    world.recover("bob", "bob", 100 * USDC).unwrap();
    let claim = world.claim_stake_recovery_instruction("sam");
    refused(&mut world, claim.clone(), &["sam"], "NothingToClaim");
    // When one more comes, then 60 cents of it are Sam's
    world.recover("bob", "bob", USDC).unwrap();
    world.execute(claim, &["sam"]).unwrap();
    assert_eq!(gained(&mut world, "sam", "USDC"), usdc(-60) + 600_000, "claims-fair");
}

#[test]
fn rejects_claim_of_one_who_lost_nothing() {
    let (mut world, _) = about_to_claim();
    world.stake("tom", 10 * USDC).unwrap();
    let claim = world.claim_stake_recovery_instruction("tom");
    refused(&mut world, claim, &["tom"], "NothingToClaim");
}

#[test]
fn rejects_second_claim() {
    let (mut world, claim) = about_to_claim();
    world.execute(claim.clone(), &["sam"]).unwrap();
    refused(&mut world, claim, &["sam"], "NothingToClaim");
}

#[test]
fn rejects_fewer_assets_than_the_bound() {
    let (mut world, _) = about_to_claim();
    let claim = claim_of(&mut world, "sam", 30 * USDC + 1);
    refused(&mut world, claim, &["sam"], "SlippageExceeded");
    let claim = claim_of(&mut world, "sam", 30 * USDC);
    world.execute(claim, &["sam"]).unwrap();
}

#[test]
fn pays_what_was_recovered() {
    // Given the whole fund was drawn, so that Sam's shares are of a past generation
    let (mut world, claim) = about_to_claim();
    let (pool, fund) = (world.pool(), world.fund());
    let preview = world.stake_of("sam").unwrap().holder.claimable(&fund.claims);
    let receipt = world.execute(claim, &["sam"]).unwrap();
    // Then he has half of his 60 back, and Sue can get half of her 40
    assert_eq!(gained(&mut world, "sam", "USDC"), usdc(-30), "claims-fair");
    assert_eq!(preview.get(), 30 * USDC, "preview-is-execution");
    assert_eq!((world.pool(), world.fund().assets), (pool, 0));
    assert_eq!((fund.claims.ledger.payable, world.fund().claims.ledger.payable), (50 * USDC, 20 * USDC));
    let event = StakeRecoveryClaimed { fund: world.key().insurance_fund, owner: world.actor("sam"), assets: 30 * USDC };
    assert_eq!(only(&receipt), Event::StakeRecoveryClaimed(event));
    vault_holds_what_is_owed(&world);
    world.claim_stake_recovery("sue").unwrap();
    assert_eq!(gained(&mut world, "sue", "USDC"), usdc(-20), "claims-fair");
    vault_holds_what_is_owed(&world);
}

#[test]
fn pays_one_who_has_left_as_one_who_stayed() {
    // Given a draw of 50 that Sam and Sue shared, after which Sam left
    let mut setup = Setup::default();
    setup.parameters.loss.insurance_share_bps = 2_500;
    let mut world = staked(setup);
    default_of(&mut world, "bob");
    world.request_unstake("sam", u64::MAX).unwrap();
    world.wait(864_000);
    world.unstake("sam").unwrap();
    assert_eq!(gained(&mut world, "sam", "USDC"), usdc(-30));
    // When all is recovered, then both are whole
    world.recover("bob", "bob", u64::MAX).unwrap();
    world.claim_stake_recovery("sam").unwrap();
    world.claim_stake_recovery("sue").unwrap();
    assert_eq!(gained(&mut world, "sam", "USDC"), 0, "claims-fair");
    assert_eq!(gained(&mut world, "sue", "USDC"), usdc(-20), "claims-fair"); // and 20 are still staked
    assert_eq!(world.fund().claims.ledger.payable, 0, "claims-solvent");
}

#[test]
fn shares_a_draw_with_founding_gifts() {
    // Given 100 given before Sam and Sue staked 100, and a loss of which the fund pays 100
    let mut setup = Setup::default();
    setup.parameters.loss.insurance_share_bps = 5_000;
    let mut world = World::new(setup);
    world.fund_insurance("ines", 100 * USDC).unwrap();
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.stake("sam", 60 * USDC).unwrap();
    world.stake("sue", 40 * USDC).unwrap();
    assert_eq!(lend_and_lose(&mut world, "bob", 200 * USDC).from_insurance, 100 * USDC);
    // Then the gift bears half of it
    let fund = world.fund();
    assert_eq!((fund.assets, fund.founding_claims, fund.claims.ledger.outstanding), (100 * USDC, 50 * USDC, 50 * USDC));
    // And gets back half of what is recovered, at the price that a share has: half a unit
    world.recover("bob", "bob", u64::MAX).unwrap();
    let fund = world.fund();
    assert_eq!((fund.assets, fund.founding, fund.founding_claims), (150 * USDC, 200 * USDC - 1, 0));
    world.claim_stake_recovery("sam").unwrap();
    assert_eq!(gained(&mut world, "sam", "USDC"), usdc(-30), "claims-fair");
    // And Sam's stake is worth what it was: 30 of the 60
    world.request_unstake("sam", u64::MAX).unwrap();
    let worth = world.stake_of("sam").unwrap().request.worth;
    assert!((30 * USDC..=30 * USDC + 1).contains(&worth), "no-free-money: {worth}");
}

#[test]
fn pays_for_draws_of_several_generations() {
    // Given Sam's 60 and Sue's 40 were drawn, then 30 that Sam staked again
    let mut world = staked(Setup::default());
    default_of(&mut world, "bob");
    world.stake("sam", 30 * USDC).unwrap();
    assert_eq!(lend_and_lose(&mut world, "ben", 30 * USDC).from_insurance, 30 * USDC);
    assert_eq!(world.fund().claims.ledger.generation, 2, "wipe-out");
    // When 100 for LPs and 65 more are recovered: half of all that stakers lost
    world.recover("bob", "bob", 165 * USDC).unwrap();
    world.claim_stake_recovery("sam").unwrap();
    world.claim_stake_recovery("sue").unwrap();
    assert_eq!(gained(&mut world, "sam", "USDC"), usdc(-90 + 45), "claims-fair");
    assert_eq!(gained(&mut world, "sue", "USDC"), usdc(-40 + 20), "claims-fair");
}

#[test]
fn pays_a_friend_and_needs_no_price() {
    let (mut world, claim) = about_to_claim();
    world.set_price("USDC", world.quote("USDC"), 86_400);
    let toms = world.wallet("tom", "USDC");
    world.execute(claim.with("destination", toms), &["sam"]).unwrap();
    assert_eq!(gained(&mut world, "tom", "USDC"), usdc(30));
}
