use backstop_client::{Event, StakeRecoveryClaimed, address, verb};
use backstop_testkit::{Setup, World};
use solana_instruction::Instruction;

use crate::{misuse::*, scene::*};

/// A loss of 200 took Sam's 60, Sue's 40 and 100 of Alice's; 100 are recovered, so half of what each lost. Sam is about to claim.
fn about_to_claim() -> (World, Instruction) {
    let mut world = staked(Setup::default());
    default_of(&mut world, "bob");
    world.repay("bob", "bob", 100 * USDC).unwrap();
    let claim = opened(&mut world, "sam", 1);
    (world, claim)
}

/// The instruction of an actor who may have nothing to claim, with its claim account open.
fn opened(world: &mut World, who: &str, loss: u32) -> Instruction {
    world.open_stake(who).unwrap();
    let stake = world.stake_address(who);
    world.open_claim(stake, loss).unwrap();
    world.claim_stake_recovery_instruction(who, loss)
}

fn claim_of(world: &mut World, who: &str, min_assets: u64) -> Instruction {
    let (owner, destination) = (world.actor(who), world.wallet(who, "USDC"));
    verb::claim_stake_recovery(world.key(), owner, destination, 1, min_assets)
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
    refused(&mut world, claim.with("loss_book", other.pool.loss_book), &["sam"], "WrongLossBook");
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
    refuses_other_kinds(&mut world, &claim, &["sam"], &["pool", "insurance_fund", "loss_book", "stake", "claim"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, claim) = about_to_claim();
    refuses_forgeries(&mut world, &claim, &["sam"], &["pool", "insurance_fund", "loss_book", "stake", "claim"]);
}

#[test]
fn rejects_same_account_twice() {
    let (mut world, claim) = about_to_claim();
    let pairs = [("insurance_fund", "pool"), ("claim", "insurance_fund"), ("destination", "vault")];
    refuses_twins(&mut world, &claim, &["sam"], &pairs);
}

#[test]
fn rejects_claim_account_of_another() {
    let (mut world, claim) = about_to_claim();
    opened(&mut world, "sue", 1);
    let sues = address::claim(&world.stake_address("sue"), 1);
    refused(&mut world, claim.with("claim", sues), &["sam"], "WrongClaim");
}

#[test]
fn rejects_a_loss_that_stakers_did_not_bear() {
    // Given the fund is empty: LPs bear all of the second loss, also while Tom has staked since
    let (mut world, _) = about_to_claim();
    assert_eq!(lend_and_lose(&mut world, "ben", 10 * USDC).from_insurance, 0);
    world.stake("tom", 10 * USDC).unwrap();
    world.repay("ben", "ben", u64::MAX).unwrap();
    for who in ["sam", "tom"] {
        let claim = opened(&mut world, who, 2);
        refused(&mut world, claim, &[who], "NothingToClaim");
    }
}

#[test]
fn rejects_claim_of_one_who_lost_nothing() {
    let (mut world, _) = about_to_claim();
    world.stake("tom", 10 * USDC).unwrap();
    let claim = opened(&mut world, "tom", 1);
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
    // Given the whole fund was drawn, so that Sam's shares are void
    let (mut world, claim) = about_to_claim();
    let (pool, fund) = (world.pool(), world.fund());
    let preview = world.stake_of("sam").unwrap().claimable(&world.loss_book(), 1, 0);
    let receipt = world.execute(claim, &["sam"]).unwrap();
    // Then he has half of his 60 back, and Sue can get half of her 40
    assert_eq!(gained(&mut world, "sam", "USDC"), usdc(-30), "claims-follow");
    assert_eq!(preview.get(), 30 * USDC, "preview-is-execution");
    assert_eq!((world.pool(), world.fund().assets), (pool, 0));
    assert_eq!((fund.unclaimed, world.fund().unclaimed), (50 * USDC, 20 * USDC));
    let event = StakeRecoveryClaimed {
        fund: world.key().insurance_fund,
        owner: world.actor("sam"),
        loss: 1,
        assets: 30 * USDC,
    };
    assert_eq!(only(&receipt), Event::StakeRecoveryClaimed(event));
    vault_holds_what_is_owed(&world);
    world.claim_stake_recovery("sue", 1).unwrap();
    assert_eq!(gained(&mut world, "sue", "USDC"), usdc(-20), "claims-follow");
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
    world.repay("bob", "bob", u64::MAX).unwrap();
    world.claim_stake_recovery("sam", 1).unwrap();
    world.claim_stake_recovery("sue", 1).unwrap();
    assert_eq!(gained(&mut world, "sam", "USDC"), 0, "claims-follow");
    assert_eq!(gained(&mut world, "sue", "USDC"), usdc(-20), "claims-follow"); // and 20 are still staked
    assert_eq!(world.fund().unclaimed, 0, "claims-solvent");
}

#[test]
fn shares_a_draw_with_gifts() {
    // Given 100 given and 100 staked by Sam and Sue, and a loss of 200 of which the fund pays 100
    let mut setup = Setup::default();
    setup.parameters.loss.insurance_share_bps = 5_000;
    let mut world = World::new(setup);
    world.fund_insurance("ines", 100 * USDC).unwrap();
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.stake("sam", 60 * USDC).unwrap();
    world.stake("sue", 40 * USDC).unwrap();
    assert_eq!(lend_and_lose(&mut world, "bob", 200 * USDC).from_insurance, 100 * USDC);
    // Then the gift bears half of that
    let record = world.loss_book().records[0];
    assert_eq!((world.fund().assets, record.gifts, record.stakers), (100 * USDC, 50 * USDC, 50 * USDC));
    // And gets it back, at the price that a share has, half a unit: 50 buy 100 shares, less the virtual ones' part of one
    world.repay("bob", "bob", u64::MAX).unwrap();
    let fund = world.fund();
    assert_eq!((fund.assets, fund.gift_shares, fund.shares), (150 * USDC, 200 * USDC - 1, 100 * USDC));
    world.claim_stake_recovery("sam", 1).unwrap();
    assert_eq!(gained(&mut world, "sam", "USDC"), usdc(-30), "claims-follow");
    // And Sam's stake is worth what it was: 30 of the 60
    world.request_unstake("sam", u64::MAX).unwrap();
    let worth = world.stake_of("sam").unwrap().request.worth;
    assert!((30 * USDC..=30 * USDC + 1).contains(&worth), "no-windfall: {worth}");
}

#[test]
fn pays_each_draw_to_those_who_bore_it() {
    // Given Sam's 60 and Sue's 40 were drawn by loss 1, then 30 that Sam staked again by loss 2
    let mut world = staked(Setup::default());
    default_of(&mut world, "bob");
    world.stake("sam", 30 * USDC).unwrap();
    assert_eq!(lend_and_lose(&mut world, "ben", 30 * USDC).from_insurance, 30 * USDC);
    assert_eq!(world.fund().generation, 14, "wipe-out");
    // When all of the second is recovered, then it is Sam's alone
    world.repay("ben", "ben", u64::MAX).unwrap();
    world.claim_stake_recovery("sam", 2).unwrap();
    let sues = opened(&mut world, "sue", 2);
    refused(&mut world, sues, &["sue"], "NothingToClaim");
    assert_eq!(gained(&mut world, "sam", "USDC"), usdc(-90 + 30), "claims-follow");
    // And when half of the first is, then half of both
    world.repay("bob", "bob", 100 * USDC).unwrap();
    world.claim_stake_recovery("sam", 1).unwrap();
    world.claim_stake_recovery("sue", 1).unwrap();
    assert_eq!(gained(&mut world, "sam", "USDC"), usdc(-90 + 30 + 30), "claims-follow");
    assert_eq!(gained(&mut world, "sue", "USDC"), usdc(-40 + 20), "claims-follow");
}

#[test]
fn pays_a_friend_and_needs_no_price() {
    let (mut world, claim) = about_to_claim();
    world.set_price("USDC", world.quote("USDC"), 86_400);
    let toms = world.wallet("tom", "USDC");
    world.execute(claim.with("destination", toms), &["sam"]).unwrap();
    assert_eq!(gained(&mut world, "tom", "USDC"), usdc(30));
}
