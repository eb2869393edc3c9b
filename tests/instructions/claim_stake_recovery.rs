use backstop_client::{AccountData, Event, InsuranceFund, StakeRecoveryClaimed, address, verb};
use backstop_engine::price::Quote;
use backstop_testkit::{Setup, World};
use solana_account::Account;
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

fn claim_of(world: &mut World, who: &str, min_shares: u64) -> Instruction {
    let owner = world.actor(who);
    verb::claim_stake_recovery(world.key(), owner, 1, min_shares)
}

/// Tom has the only share of the fund, and it holds so much: revenue came in.
fn make_a_share_worth(world: &mut World, assets: u64) {
    world.stake("tom", 1).unwrap();
    let (at, vault) = (world.key().insurance_fund, world.key().vault);
    let fund = InsuranceFund { assets, ..world.fund() };
    let account = world.account(&at).unwrap();
    world.set_account(at, Account { data: fund.to_account_data(), ..account });
    let mut account = world.account(&vault).unwrap();
    let balance = world.balance_at(&vault) + assets - 1;
    account.data[64..72].copy_from_slice(&balance.to_le_bytes());
    world.set_account(vault, account);
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
    let pairs = [("insurance_fund", "pool"), ("claim", "insurance_fund"), ("stake", "claim"), ("stake", "pool")];
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
fn rejects_fewer_shares_than_the_bound() {
    let (mut world, _) = about_to_claim();
    let claim = claim_of(&mut world, "sam", 30 * USDC + 1);
    refused(&mut world, claim, &["sam"], "SlippageExceeded");
    let claim = claim_of(&mut world, "sam", 30 * USDC);
    world.execute(claim, &["sam"]).unwrap();
}

#[test]
fn rejects_claims_while_a_known_loss_waits() {
    // Given 30 of Tom's in the fund that was drained, and a unit more than a ten-thousandth of that marked
    let (mut world, claim) = about_to_claim();
    world.stake("tom", 30 * USDC).unwrap();
    world.set_dollars("SOL", 30);
    world.deposit_collateral("ben", "SOL", 10 * SOL).unwrap();
    world.borrow("ben", 200 * USDC).unwrap();
    for (units, held) in [(3_001, true), (3_000, false)] {
        world.set_price("SOL", Quote { price: 200 * USDC - units, confidence: 0, exponent: -7 }, 0);
        world.advance(0, 1);
        world.mark("ben").unwrap();
        assert_eq!(world.pool().marked, units);
        if held {
            refused(&mut world, claim.clone(), &["sam"], "FundOnHold");
        } else {
            world.execute(claim.clone(), &["sam"]).unwrap();
        }
    }
}

#[test]
fn rejects_a_part_that_pays_for_no_share() {
    // Given Tom's only share is worth 70, and the virtual one as much: the next costs 35, and Sam's part is 30
    let (mut world, claim) = about_to_claim();
    make_a_share_worth(&mut world, 70 * USDC);
    refused(&mut world, claim, &["sam"], "AmountTooSmall");
}

#[test]
fn rejects_a_claim_that_the_history_has_no_room_for() {
    // Given Sam staked after each of eight losses, and another came
    let mut setup = Setup::default();
    setup.parameters.loss.insurance_share_bps = 5_000;
    let mut world = World::new(setup);
    world.deposit("alice", 10_000 * USDC).unwrap();
    world.stake("sam", 1_000 * USDC).unwrap();
    for _ in 0..8 {
        lend_and_lose(&mut world, "bob", 10 * USDC);
        world.stake("sam", USDC).unwrap();
    }
    lend_and_lose(&mut world, "bob", 10 * USDC);
    world.repay("bob", "bob", u64::MAX).unwrap();
    let claim = opened(&mut world, "sam", 1);
    refused(&mut world, claim.clone(), &["sam"], "HistoryFull");
    world.extend_stake_history("sam", 1).unwrap();
    world.execute(claim, &["sam"]).unwrap();
}

#[test]
fn stakes_what_was_recovered() {
    // Given the whole fund was drawn, so that Sam's shares are void
    let (mut world, claim) = about_to_claim();
    let (pool, fund) = (world.pool(), world.fund());
    let preview = world.stake_of("sam").unwrap().claimable(&world.loss_book(), 1, 0);
    let receipt = world.execute(claim, &["sam"]).unwrap();
    // Then he has half of his 60 back as stake, one to one, and no tokens; and Sue can get half of her 40
    assert_eq!((gained(&mut world, "sam", "USDC"), kept(&mut world, "sam")), (usdc(-60), usdc(-30)), "claims-follow");
    assert_eq!(preview.get(), 30 * USDC, "preview-is-execution");
    assert_eq!((world.pool(), world.fund().assets, world.fund().shares), (pool, 30 * USDC, 30 * USDC));
    assert_eq!((fund.unclaimed, world.fund().unclaimed), (50 * USDC, 20 * USDC));
    let event = StakeRecoveryClaimed {
        fund: world.key().insurance_fund,
        owner: world.actor("sam"),
        loss: 1,
        assets: 30 * USDC,
        shares: 30 * USDC,
        insurance_assets: 30 * USDC,
        stake_shares: 30 * USDC,
    };
    assert_eq!(only(&receipt), Event::StakeRecoveryClaimed(event));
    vault_holds_what_is_owed(&world);
    world.claim_stake_recovery("sue", 1).unwrap();
    assert_eq!(kept(&mut world, "sue"), usdc(-20), "claims-follow");
    vault_holds_what_is_owed(&world);
}

#[test]
fn leaves_to_be_claimed_what_pays_for_no_whole_share() {
    // Given Tom's only share is worth 7, so that the next cost (7000000 + 1) / (1 + 1), half a unit over 3.5
    let (mut world, claim) = about_to_claim();
    make_a_share_worth(&mut world, 7 * USDC);
    world.execute(claim, &["sam"]).unwrap();
    // Then Sam's 30 pay for eight, which cost 28.000004
    assert_eq!(world.stake_of("sam").unwrap().holder.shares, 8, "no-free-money");
    assert_eq!((world.fund().assets, world.fund().unclaimed), (35_000_004, 50 * USDC - 28_000_004), "no-free-money");
    let rest = world.stake_of("sam").unwrap().claimable(&world.loss_book(), 1, 28_000_004);
    assert_eq!(rest.get(), 1_999_996, "claims-follow");
    vault_holds_what_is_owed(&world);
}

#[test]
fn a_staker_who_lends_to_itself_takes_nothing_out_before_a_cooldown() {
    // Given Mallory, who staked all 100 of the fund, and borrows 200 against 10 SOL at 30 USD through Mel
    let mut world = World::new(Setup::default());
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.stake("mallory", 100 * USDC).unwrap();
    world.deposit_collateral("mel", "SOL", 10 * SOL).unwrap();
    world.borrow("mel", 200 * USDC).unwrap();
    // When the price dips, which wipes the fund out, and she pays all of the loss back a moment later
    assert_eq!(default_of(&mut world, "mel").from_insurance, 100 * USDC);
    world.set_dollars("SOL", 30);
    world.repay("mel", "mel", u64::MAX).unwrap();
    world.claim_stake_recovery("mallory", 1).unwrap();
    // Then she has her stake back, and none of it in her purse: it insures again
    assert_eq!(gained(&mut world, "mallory", "USDC"), usdc(-100), "no-free-money");
    assert_eq!((kept(&mut world, "mallory"), world.fund().assets), (0, 100 * USDC), "claims-follow");
    let unstake = world.execute_unstake_instruction("mallory");
    refused(&mut world, unstake.clone(), &[], "ExitNotRequested");
    world.request_unstake("mallory", u64::MAX).unwrap();
    world.wait(863_999);
    refused(&mut world, unstake.clone(), &[], "ExitNotMature");
    world.wait(1);
    world.execute(unstake, &[]).unwrap();
    world.collect_unstake("mallory").unwrap();
    assert_eq!(gained(&mut world, "mallory", "USDC"), 0, "one-hand");
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
    leave_fund(&mut world, "sam");
    assert_eq!(gained(&mut world, "sam", "USDC"), usdc(-30));
    // When all is recovered, then both are whole
    world.repay("bob", "bob", u64::MAX).unwrap();
    world.claim_stake_recovery("sam", 1).unwrap();
    world.claim_stake_recovery("sue", 1).unwrap();
    assert_eq!(gained(&mut world, "sam", "USDC"), usdc(-30), "claims-follow"); // and 30 are staked again
    assert_eq!((kept(&mut world, "sam"), kept(&mut world, "sue")), (0, 0), "claims-follow");
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
    // And Sam's stake is worth what it was, 30 of the 60, and then 60
    let lost = kept(&mut world, "sam");
    assert!((usdc(-30)..=usdc(-30) + 1).contains(&lost), "no-windfall: {lost}");
    world.claim_stake_recovery("sam", 1).unwrap();
    let lost = kept(&mut world, "sam");
    assert!((-1..=1).contains(&lost), "claims-follow: {lost}");
}

#[test]
fn pays_each_draw_to_those_who_bore_it() {
    // Given Sam's 60 and Sue's 40 were drawn by loss 1, then 30 that Sam staked again by loss 2
    let mut world = staked(Setup::default());
    default_of(&mut world, "bob");
    world.stake("sam", 30 * USDC).unwrap();
    assert_eq!(lend_and_lose(&mut world, "ben", 30 * USDC).from_insurance, 30 * USDC);
    assert_eq!(world.fund().generation, 14, "wipe-out");
    // When all of the second is recovered, then it is Sam's alone: he lost 60 by the first
    world.repay("ben", "ben", u64::MAX).unwrap();
    world.claim_stake_recovery("sam", 2).unwrap();
    let sues = opened(&mut world, "sue", 2);
    refused(&mut world, sues, &["sue"], "NothingToClaim");
    assert_eq!(kept(&mut world, "sam"), usdc(-60), "claims-follow");
    // And when half of the first is, then half of both
    world.repay("bob", "bob", 100 * USDC).unwrap();
    world.claim_stake_recovery("sam", 1).unwrap();
    world.claim_stake_recovery("sue", 1).unwrap();
    assert_eq!(kept(&mut world, "sam"), usdc(-60 + 30), "claims-follow");
    assert_eq!(kept(&mut world, "sue"), usdc(-40 + 20), "claims-follow");
}

#[test]
fn needs_no_price() {
    let (mut world, claim) = about_to_claim();
    world.set_price("USDC", world.quote("USDC"), 86_400);
    world.execute(claim, &["sam"]).unwrap();
}

#[test]
fn counts_interest() {
    let start = || {
        let mut world = staked(with_interest());
        assert_eq!(lend_and_lose(&mut world, "ben", 100 * USDC).from_stakers, 100 * USDC);
        world.set_dollars("SOL", 30);
        world.repay("ben", "ben", u64::MAX).unwrap();
        world
    };
    counts_interest_first(start, |world| drop(world.claim_stake_recovery("sam", 1).unwrap()));
}
