use backstop_client::{AccountData, Event, InsuranceFund, PausableOperation, StakeRecoveryClaimed, address};
use backstop_engine::history::GenerationShares;
use backstop_testkit::{Setup, World};
use solana_account::Account;
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// A loss of 200 took Sam's 60, Sue's 40 and 100 of Alice's; 100 are recovered, so half of what each lost: 50 shares of
/// the fund wait, one to one. Sam is about to claim.
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

/// A fund that was drained by a loss of 200 of Bob's, in which Tom has the only share since, and it holds so much.
fn with_a_share_worth(assets: u64) -> World {
    let mut world = staked(Setup::default());
    default_of(&mut world, "bob");
    world.stake("tom", 1).unwrap();
    let (at, vault) = (world.key().insurance_fund, world.key().vault);
    let fund = InsuranceFund { assets, ..world.fund() };
    let account = world.account(&at).unwrap();
    world.set_account(at, Account { data: fund.to_account_data(), ..account });
    let mut account = world.account(&vault).unwrap();
    let balance = world.balance_at(&vault) + assets - 1;
    account.data[64..72].copy_from_slice(&balance.to_le_bytes());
    world.set_account(vault, account);
    world
}

/// The shares of an actor's stake, and all that wait to be claimed.
fn own_and_waiting(world: &mut World, who: &str) -> (u64, u64) {
    let fund = world.fund();
    (world.stake_of(who).unwrap().shares_in(&fund).get(), fund.waiting_shares)
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
    let (fund, book) = (other.pool.insurance_fund, other.pool.loss_book);
    refused(&mut world, claim.clone().with("insurance_fund", fund), &["sam"], "WrongLossBook");
    refused(&mut world, claim.clone().with("loss_book", book), &["sam"], "WrongLossBook");
    refused(&mut world, claim.clone().with("stake", other.stake(&sam)), &["sam"], "WrongInsuranceFund");
    let claim = claim.with("insurance_fund", fund).with("loss_book", book);
    refused(&mut world, claim, &["sam"], "WrongInsuranceFund");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, claim) = about_to_claim();
    refuses_other_kinds(&mut world, &claim, &["sam"], &["insurance_fund", "loss_book", "stake", "claim"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, claim) = about_to_claim();
    refuses_forgeries(&mut world, &claim, &["sam"], &["insurance_fund", "loss_book", "stake", "claim"]);
}

#[test]
fn rejects_same_account_twice() {
    let (mut world, claim) = about_to_claim();
    let pairs = [
        ("claim", "insurance_fund"),
        ("stake", "claim"),
        ("stake", "insurance_fund"),
        ("loss_book", "insurance_fund"),
        ("loss_book", "claim"),
    ];
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
fn rejects_claim_before_any_recovery() {
    let mut world = staked(Setup::default());
    default_of(&mut world, "bob");
    let claim = opened(&mut world, "sam", 1);
    refused(&mut world, claim, &["sam"], "NothingToClaim");
}

#[test]
fn rejects_a_loss_that_is_not_in_the_book() {
    let (mut world, _) = about_to_claim();
    for loss in [0, 2, u32::MAX] {
        let claim = opened(&mut world, "sam", loss);
        refused(&mut world, claim, &["sam"], "NothingToClaim");
    }
}

#[test]
fn rejects_a_loss_that_stakers_did_not_bear() {
    // Given the fund is empty: LPs bear all of the second loss, also while Tom has staked since
    let mut world = staked(Setup::default());
    default_of(&mut world, "bob");
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
    refused(&mut world, claim.clone(), &["sam"], "NothingToClaim");
    world.repay("bob", "bob", 10 * USDC).unwrap();
    refused_together(&mut world, &[claim.clone(), claim], &["sam"], "NothingToClaim");
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
fn gives_the_shares_that_came_back() {
    // Given the whole fund was drawn, so that Sam's shares are void
    let (mut world, claim) = about_to_claim();
    let (pool, fund, book) = (world.pool(), world.fund(), world.loss_book());
    assert_eq!((fund.assets, fund.shares, fund.waiting_shares), (50 * USDC, 0, 50 * USDC));
    let preview = world.stake_of("sam").unwrap().claimable(&book, &fund, 1, &GenerationShares::default());
    assert_eq!(world.stake_claimable("sam"), [(1, 30 * USDC)], "preview-is-execution");
    let receipt = world.execute(claim, &["sam"]).unwrap();
    // Then he has half of his 60 back as stake, one to one, and no tokens; and Sue can get half of her 40
    assert_eq!((gained(&mut world, "sam", "USDC"), kept(&mut world, "sam")), (usdc(-60), usdc(-30)), "claims-follow");
    assert_eq!(preview.get(), 30 * USDC, "preview-is-execution");
    let after = InsuranceFund { shares: 30 * USDC, waiting_shares: 20 * USDC, ..fund };
    assert_eq!((world.pool(), world.fund(), world.loss_book()), (pool, after, book), "conservation");
    let stake = world.stake_address("sam");
    let noted = world.claim_of(&stake, 1).unwrap();
    assert_eq!((noted.claimed, noted.generation), (30 * USDC, 7));
    let event = StakeRecoveryClaimed {
        fund: world.key().insurance_fund,
        owner: world.actor("sam"),
        loss: 1,
        shares: 30 * USDC,
        stake_shares: 30 * USDC,
    };
    assert_eq!(only(&receipt), Event::StakeRecoveryClaimed(event));
    vault_holds_what_is_owed(&world);
    world.claim_stake_recovery("sue", 1).unwrap();
    assert_eq!(kept(&mut world, "sue"), usdc(-20), "claims-follow");
    assert_eq!(world.fund().waiting_shares, 0, "claims-solvent");
}

#[test]
fn gives_what_comes_back_later_too() {
    // Given Sam has the half that came back, and Sue has not
    let (mut world, claim) = about_to_claim();
    world.execute(claim.clone(), &["sam"]).unwrap();
    // When the other half comes back, which is 50 shares again, then he gets six tenths of those, and she four tenths
    // of all
    world.repay("bob", "bob", u64::MAX).unwrap();
    assert_eq!((world.fund().assets, world.fund().waiting_shares), (100 * USDC, 70 * USDC));
    assert_eq!(world.stake_claimable("sam"), [(1, 30 * USDC)], "preview-is-execution");
    assert_eq!(world.stake_claimable("sue"), [(1, 40 * USDC)], "preview-is-execution");
    world.execute(claim, &["sam"]).unwrap();
    world.claim_stake_recovery("sue", 1).unwrap();
    assert_eq!((kept(&mut world, "sam"), kept(&mut world, "sue")), (0, 0), "claims-follow");
    assert_eq!(world.fund().waiting_shares, 0, "claims-solvent");
}

#[test]
fn what_pays_for_no_whole_share_is_the_reserves() {
    // Given a share is worth 7, so that the next cost (7000000 + 1) / (1 + 1), half a unit over 3.5
    let mut world = with_a_share_worth(7 * USDC);
    // When 100 come back, of which 50 are for stakers, then those pay for fourteen, which cost 49.000007
    let receipt = world.repay("bob", "bob", 100 * USDC).unwrap();
    let Event::Recovered(event) = only(&receipt) else { panic!("another event") };
    let reported = (event.to_lps, event.to_stakers, event.stake_shares, event.to_reserves);
    assert_eq!(reported, (50 * USDC, 49_000_007, 14, 999_993), "no-free-money");
    assert_eq!((world.fund().assets, world.pool().reserves), (56_000_007, 999_993), "no-free-money");
    vault_holds_what_is_owed(&world);
    // And of fourteen Sam's part is 8.4 and Sue's 5.6: one waits for nobody
    for (who, shares, waiting) in [("sam", 8, 6), ("sue", 5, 1)] {
        world.claim_stake_recovery(who, 1).unwrap();
        assert_eq!(own_and_waiting(&mut world, who), (shares, waiting), "claims-solvent");
    }
    // Given it is worth 70: of 60 that come back 30 are for stakers, and the next share costs 35
    let mut world = with_a_share_worth(70 * USDC);
    world.repay("bob", "bob", 60 * USDC).unwrap();
    assert_eq!((world.fund().assets, world.pool().reserves), (70 * USDC, 30 * USDC), "no-free-money");
    let claim = opened(&mut world, "sam", 1);
    refused(&mut world, claim, &["sam"], "NothingToClaim");
}

#[test]
fn works_while_a_known_loss_waits_and_everything_is_paused() {
    // Given 100 of Ben's 200 are known to be lost, so that nobody enters or leaves the fund, and all that can be is
    // paused
    let (mut world, claim) = about_to_claim();
    world.set_dollars("SOL", 30);
    world.deposit_collateral("ben", "SOL", 10 * SOL).unwrap();
    world.borrow("ben", 200 * USDC).unwrap();
    world.set_dollars("SOL", 10);
    world.mark("ben").unwrap();
    for what in PausableOperation::ALL {
        world.pause("guardian", *what, 60).unwrap();
    }
    let stake = world.stake_instruction("sam", USDC);
    refused(&mut world, stake, &["sam"], "FundOnHold");
    // Then Sam has his part all the same
    let pool = world.pool();
    assert_eq!((pool.marked, pool.fund_hold.on), (100 * USDC, 1));
    world.execute(claim, &["sam"]).unwrap();
    assert_eq!(world.pool(), pool, "hold-ends");
    assert_eq!(own_and_waiting(&mut world, "sam"), (30 * USDC, 20 * USDC), "always-open");
    // And he bears the loss as he would have without: all 50 of the fund are drawn
    world.wait(3_600);
    world.record_bad_debt("ben").unwrap();
    assert_eq!((world.fund().assets, kept(&mut world, "sam")), (0, usdc(-60)), "no-escape");
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
    // Then it insures again, before she claims, and after; and none of it is in her purse
    assert_eq!(world.fund().assets, 100 * USDC, "one-hand");
    world.claim_stake_recovery("mallory", 1).unwrap();
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
    // When all is recovered: 50 * 40.000001 / 20.000001 are 99.9999975 shares, rounded down
    world.repay("bob", "bob", u64::MAX).unwrap();
    assert_eq!((world.fund().assets, world.fund().waiting_shares), (70 * USDC, 99_999_997));
    // Then both are whole, with 59.9999982 and 39.9999988 of them, rounded down, at 70.000001 / 139.999998: Sam but for
    // a unit
    world.claim_stake_recovery("sam", 1).unwrap();
    world.claim_stake_recovery("sue", 1).unwrap();
    assert_eq!(own_and_waiting(&mut world, "sam"), (59_999_998, 1), "claims-solvent");
    assert_eq!(own_and_waiting(&mut world, "sue"), (79_999_998, 1), "claims-solvent");
    assert_eq!(gained(&mut world, "sam", "USDC"), usdc(-30), "claims-follow"); // and 30 are staked again
    assert_eq!((kept(&mut world, "sam"), kept(&mut world, "sue")), (-1, 0), "claims-follow");
}

#[test]
fn shares_a_draw_with_donations() {
    // Given 100 given and 100 staked by Sam and Sue, and a loss of 200 of which the fund pays 100
    let mut setup = Setup::default();
    setup.parameters.loss.insurance_share_bps = 5_000;
    let mut world = World::new(setup);
    world.fund_insurance("ines", 100 * USDC).unwrap();
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.stake("sam", 60 * USDC).unwrap();
    world.stake("sue", 40 * USDC).unwrap();
    assert_eq!(lend_and_lose(&mut world, "bob", 200 * USDC).from_insurance, 100 * USDC);
    // Then the donation bears half of that
    let record = world.loss_book().records[0];
    assert_eq!((world.fund().assets, record.protocol, record.stakers), (100 * USDC, 50 * USDC, 50 * USDC));
    // And both get it back, at the price that a share has, half a unit: 50 buy 100 shares, less the virtual ones' part
    // of one; each rounded down
    world.repay("bob", "bob", u64::MAX).unwrap();
    let fund = world.fund();
    assert_eq!((fund.assets, fund.shares), (200 * USDC, 100 * USDC));
    assert_eq!((fund.waiting_shares, fund.protocol_shares), (100 * USDC - 1, 200 * USDC - 1));
    // And Sam's stake is worth what it was, 30 of the 60, and then 60
    let lost = kept(&mut world, "sam");
    assert!((usdc(-30)..=usdc(-30) + 1).contains(&lost), "no-windfall: {lost}");
    world.claim_stake_recovery("sam", 1).unwrap();
    let lost = kept(&mut world, "sam");
    assert!((-1..=0).contains(&lost), "claims-follow: {lost}");
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
fn gives_what_a_second_loss_leaves_of_what_waited() {
    // Given 30 of Sam's and 20 of Sue's wait, and 50 that Tom staked
    let (mut world, claim) = about_to_claim();
    world.stake("tom", 50 * USDC).unwrap();
    // When 40 more are lost, then Tom bears half, and what waits the other half, which counts with protocol-owned
    // shares
    let loss = lend_and_lose(&mut world, "ben", 40 * USDC);
    assert_eq!((loss.from_insurance, loss.from_stakers, loss.to_lps), (40 * USDC, 20 * USDC, 0), "no-escape");
    let record = world.loss_book().records[1];
    assert_eq!((record.stakers, record.protocol, record.stake_shares), (20 * USDC, 20 * USDC, 50 * USDC));
    // Then Sam and Sue have 18 of their 30 and 12 of their 20 when they claim, whenever that is
    world.execute(claim, &["sam"]).unwrap();
    assert_eq!(kept(&mut world, "sam"), usdc(-60 + 18), "no-escape");
    world.claim_stake_recovery("sue", 1).unwrap();
    assert_eq!((kept(&mut world, "sue"), kept(&mut world, "tom")), (usdc(-40 + 12), usdc(-50 + 30)), "no-escape");
    // And of what comes back of the second loss half is Tom's, and half nobody's: 20 * 100.000001 / 60.000001 shares
    // each, rounded down
    world.repay("ben", "ben", u64::MAX).unwrap();
    let fund = world.fund();
    assert_eq!((fund.assets, fund.waiting_shares, fund.protocol_shares), (100 * USDC, 33_333_333, 33_333_333));
    for who in ["sam", "sue"] {
        let second = opened(&mut world, who, 2);
        refused(&mut world, second, &[who], "NothingToClaim");
    }
    world.claim_stake_recovery("tom", 2).unwrap();
    assert_eq!(own_and_waiting(&mut world, "tom"), (83_333_333, 0), "claims-follow");
    vault_holds_what_is_owed(&world);
}

#[test]
fn divides_what_waits_and_what_was_claimed_as_losses_divide_shares() {
    // Given Sam has claimed his 30 of 50 shares, and Sue has not claimed her 20
    let (mut world, claim) = about_to_claim();
    world.execute(claim.clone(), &["sam"]).unwrap();
    // When a loss leaves 0.01 of the 50, then all shares are divided by 1,024, each kind rounded down: 29,296.9 and
    // 19,531.3
    let loss = lend_and_lose(&mut world, "ben", 49_990_000);
    assert_eq!((loss.from_insurance, loss.from_stakers), (49_990_000, 29_994_000));
    let fund = world.fund();
    assert_eq!((fund.generation, fund.shares, fund.waiting_shares), (8, 29_296, 19_531), "wipe-out");
    // Then 48,828.1 came back, rounded down: Sam's part is 29,296.8, and he has claimed 29,296.9, rounded up; Sue's is
    // 19,531.2
    refused(&mut world, claim.clone(), &["sam"], "NothingToClaim");
    world.claim_stake_recovery("sue", 1).unwrap();
    assert_eq!(own_and_waiting(&mut world, "sue"), (19_531, 0), "claims-solvent");
    // When the other half of loss 1 comes back, then 50 pay for 50000000 * 48,828 / 10,001 = 244,115,588.4 shares more,
    // of 244,164,416
    world.repay("bob", "bob", u64::MAX).unwrap();
    let record = world.loss_book().records[0];
    assert_eq!((record.back_shares, record.back_generation), (244_164_416, 8));
    // Of which Sam's part is 146,498,649.6 less the 29,297, and Sue's 97,665,766.4 less the 19,531: one waits for
    // nobody
    world.execute(claim, &["sam"]).unwrap();
    assert_eq!(own_and_waiting(&mut world, "sam"), (29_296 + 146_469_352, 97_646_236), "claims-follow");
    world.claim_stake_recovery("sue", 1).unwrap();
    assert_eq!(own_and_waiting(&mut world, "sue"), (19_531 + 97_646_235, 1), "claims-follow");
    // And both are short of what the second loss took of what had come back to them, 49.99 of 50, and of no more than a
    // unit beside
    for (who, short) in [("sam", 29_994_000), ("sue", 19_996_000)] {
        let lost = -kept(&mut world, who);
        assert!((short..=short + 1).contains(&lost), "claims-follow: {who} is short of {lost}");
    }
    vault_holds_what_is_owed(&world);
}

#[test]
fn gives_nothing_of_what_was_lost_with_all_of_the_fund() {
    // Given Sam has claimed his 30 of 50, and Sue has not claimed her 20, when a loss takes all 50
    let (mut world, claim) = about_to_claim();
    world.execute(claim.clone(), &["sam"]).unwrap();
    let loss = lend_and_lose(&mut world, "ben", 50 * USDC);
    assert_eq!((loss.from_stakers, loss.from_insurance), (30 * USDC, 50 * USDC));
    assert_eq!((world.fund().generation, world.fund().waiting_shares), (14, 0), "wipe-out");
    // Then neither has anything to claim
    let sues = opened(&mut world, "sue", 1);
    refused(&mut world, claim.clone(), &["sam"], "NothingToClaim");
    refused(&mut world, sues, &["sue"], "NothingToClaim");
    // And when the other half of loss 1 comes back, they have their parts of that, Sam but for the share that what he
    // claimed is rounded up to
    world.repay("bob", "bob", u64::MAX).unwrap();
    world.execute(claim, &["sam"]).unwrap();
    world.claim_stake_recovery("sue", 1).unwrap();
    assert_eq!(own_and_waiting(&mut world, "sam"), (30 * USDC - 1, 1), "wipe-out");
    assert_eq!(own_and_waiting(&mut world, "sue"), (20 * USDC, 1), "wipe-out");
    assert_eq!((kept(&mut world, "sam"), kept(&mut world, "sue")), (usdc(-30) - 1, usdc(-20)), "claims-follow");
    vault_holds_what_is_owed(&world);
}

#[test]
fn needs_no_price() {
    let (mut world, claim) = about_to_claim();
    world.set_price("USDC", world.quote("USDC"), 86_400);
    world.execute(claim, &["sam"]).unwrap();
}

#[test]
fn settles_nothing() {
    // Given a year's revenue is due to a fund to which 100 came back
    let mut world = staked(with_interest());
    assert_eq!(lend_and_lose(&mut world, "ben", 100 * USDC).from_stakers, 100 * USDC);
    world.set_dollars("SOL", 30);
    world.repay("ben", "ben", u64::MAX).unwrap();
    world.wait(YEAR);
    world.accrue().unwrap();
    let (pool, fund) = (world.pool(), world.fund());
    assert!(pool.insurance_due > 0);
    // When Sam claims, then it is due still, and all that has changed is whose 60 of the 100 shares are
    world.wait(YEAR);
    world.claim_stake_recovery("sam", 1).unwrap();
    let after = InsuranceFund { shares: 60 * USDC, waiting_shares: 40 * USDC, ..fund };
    assert_eq!((world.pool(), world.fund()), (pool, after), "no-free-money");
}
