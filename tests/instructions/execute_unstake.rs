use backstop_client::{Event, UnstakeExecuted};
use backstop_testkit::{Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// From asking to leave to leaving.
const COOLDOWN: u64 = 864_000;

/// Sam has staked 60 of 100 and asked to leave with 30 ten days ago; anyone is about to execute that.
fn about_to_leave() -> (World, Instruction) {
    let mut world = staked(Setup::default());
    world.request_unstake("sam", 30 * USDC).unwrap();
    world.wait(COOLDOWN);
    let unstake = world.execute_unstake_instruction("sam");
    (world, unstake)
}

/// The fund takes half of a loss at most half of what it holds, and Sam's request for all of his 60 has matured.
fn half_insured() -> World {
    let mut setup = Setup::default();
    setup.parameters.loss.draw_cap_bps = 5_000;
    let mut world = staked(setup);
    world.request_unstake("sam", u64::MAX).unwrap();
    world.request_unstake("sue", u64::MAX).unwrap();
    world.wait(COOLDOWN);
    world
}

#[test]
fn rejects_another_pool() {
    let (mut world, unstake) = about_to_leave();
    let (other, sam) = (Neighbour::new(&mut world, &["sam"]), world.actor("sam"));
    for (account, address) in
        [("pool", other.pool.pool), ("insurance_fund", other.pool.insurance_fund), ("stake", other.stake(&sam))]
    {
        refused(&mut world, unstake.clone().with(account, address), &[], "WrongInsuranceFund");
    }
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, unstake) = about_to_leave();
    refuses_other_kinds(&mut world, &unstake, &[], &["pool", "insurance_fund", "stake"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, unstake) = about_to_leave();
    refuses_forgeries(&mut world, &unstake, &[], &["pool", "insurance_fund", "stake"]);
}

#[test]
fn rejects_same_account_twice() {
    let (mut world, unstake) = about_to_leave();
    let pairs = [("insurance_fund", "pool"), ("stake", "insurance_fund"), ("stake", "pool")];
    refuses_twins(&mut world, &unstake, &[], &pairs);
}

#[test]
fn rejects_leaving_without_a_request() {
    let (mut world, unstake) = about_to_leave();
    let sues = world.execute_unstake_instruction("sue");
    refused(&mut world, sues, &[], "ExitNotRequested");
    world.execute(unstake.clone(), &[]).unwrap();
    refused(&mut world, unstake, &[], "ExitNotRequested");
}

#[test]
fn rejects_leaving_within_the_cooldown() {
    let mut world = staked(Setup::default());
    world.request_unstake("sam", 30 * USDC).unwrap();
    let unstake = world.execute_unstake_instruction("sam");
    refused(&mut world, unstake.clone(), &[], "ExitNotMature");
    world.wait(COOLDOWN - 1);
    refused(&mut world, unstake.clone(), &[], "ExitNotMature");
    world.wait(1);
    world.execute(unstake, &[]).unwrap();
}

#[test]
fn rejects_leaving_while_a_known_loss_waits() {
    // Given a unit more than a ten-thousandth of the fund's 100 is marked, then exactly that
    let (mut world, unstake) = about_to_leave();
    world.request_unstake("sue", u64::MAX).unwrap();
    mark_bob_with(&mut world, 10_001);
    refused(&mut world, unstake.clone(), &[], "FundOnHold");
    mark_bob_with(&mut world, 10_000);
    world.execute(unstake, &[]).unwrap();
    // Then it is more than a ten-thousandth of the 70 that are left: Sue waits, and her cooldown does
    assert_eq!(world.pool().fund_hold.on, 1);
    world.wait(COOLDOWN);
    let sues = world.execute_unstake_instruction("sue");
    refused(&mut world, sues, &[], "ExitNotMature");
}

#[test]
fn rejects_shares_of_a_past_generation() {
    // Given all of the fund was drawn while the request waited
    let (mut world, unstake) = about_to_leave();
    default_of(&mut world, "bob");
    refused(&mut world, unstake, &[], "ExitNotRequested");
}

#[test]
fn anyone_can() {
    let (mut world, unstake) = about_to_leave();
    let request = world.stake_of("sam").unwrap().request.request();
    let (exit, preview) = world.fund().fund().execute(&request).unwrap();
    let receipt = world.execute(unstake, &[]).unwrap();
    // Then 30 are payable to Sam, who has 30 shares and no request; no token moved
    let (fund, stake, pool) = (world.fund(), world.stake_of("sam").unwrap(), world.pool());
    assert_eq!((fund.assets, fund.shares, pool.payable), (70 * USDC, 70 * USDC, 30 * USDC));
    assert_eq!((stake.holder.shares, stake.request.request()), (30 * USDC, backstop_engine::exit::Request::default()));
    assert_eq!((stake.request.payable, exit.assets.get()), (30 * USDC, 30 * USDC));
    assert_eq!(gained(&mut world, "sam", "USDC"), usdc(-60));
    assert_eq!(fund.fund(), preview, "preview-is-execution");
    let event = UnstakeExecuted {
        fund: world.key().insurance_fund,
        owner: world.actor("sam"),
        assets: 30 * USDC,
        shares: 30 * USDC,
        left: 0,
        insurance_assets: 70 * USDC,
        stake_shares: 70 * USDC,
    };
    assert_eq!(only(&receipt), Event::UnstakeExecuted(event));
    vault_holds_what_is_owed(&world);
    world.collect_unstake("sam").unwrap();
    assert_eq!((gained(&mut world, "sam", "USDC"), world.pool().payable), (usdc(-30), 0));
    vault_holds_what_is_owed(&world);
}

#[test]
fn does_not_lapse() {
    let (mut world, unstake) = about_to_leave();
    world.wait(100 * COOLDOWN);
    world.execute(unstake, &[]).unwrap();
}

#[test]
fn pays_what_the_fund_holds_and_leaves_what_it_is_owed() {
    // Given Sam alone in the fund with 100, and a pool without cash that owes it a year's revenue: 10 % of the 105.17
    // that 1,000 grow by
    let mut world = World::new(with_interest());
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.stake("sam", 100 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 100 * SOL).unwrap();
    world.borrow("bob", 1_000 * USDC).unwrap();
    world.wait(YEAR);
    world.request_unstake("sam", u64::MAX).unwrap();
    let worth = world.stake_of("sam").unwrap().request.worth;
    assert!((110 * USDC..111 * USDC).contains(&worth), "revenue-is-owed: {worth}");
    world.wait(COOLDOWN);
    // When it is executed, then what the fund holds is payable, less than a unit of rounding, and the rest waits, worth
    // its part
    world.execute_unstake("sam").unwrap();
    let request = world.stake_of("sam").unwrap().request;
    assert!((100 * USDC - 2..=100 * USDC).contains(&request.payable), "revenue-is-owed: {}", request.payable);
    let rest = worth - request.payable;
    assert!(request.shares > 0 && request.worth.abs_diff(rest) <= 2, "slash-only: {} of {rest}", request.worth);
    let again = world.execute_unstake_instruction("sam");
    refused(&mut world, again.clone(), &[], "InsufficientCash");
    vault_holds_what_is_owed(&world);
    // When Bob pays a part, then the pool pays what it owes first, and the rest leaves
    world.repay("bob", "bob", 500 * USDC).unwrap();
    world.execute(again, &[]).unwrap();
    let request = world.stake_of("sam").unwrap().request;
    assert!(request.shares == 0 && worth - request.payable <= 3, "revenue-is-owed: {} of {worth}", request.payable);
    vault_holds_what_is_owed(&world);
}

#[test]
fn pays_no_more_than_when_asked() {
    // Given ten days' revenue during the cooldown, and a donation
    let mut world = staked(with_interest());
    world.request_unstake("sam", u64::MAX).unwrap();
    world.fund_insurance("ines", 50 * USDC).unwrap();
    world.wait(COOLDOWN);
    leave_fund(&mut world, "sam");
    // Then Sam gets his 60. By hand: 200 grow by 0.548696 in ten days, a tenth of which is the fund's; so 60 pay for 60
    // * 150.000001 / 150.05487 = 59.978061 of his shares, rounded up, and the other 0.021939 become the fund's own
    assert_eq!(gained(&mut world, "sam", "USDC"), 0);
    let fund = world.fund();
    assert_eq!((fund.assets, fund.shares, fund.protocol_shares), (90_054_869, 40 * USDC, 50_021_939), "no-free-money");
    // So what he left is nobody's: Sue's 40 are worth what they would be if he had stayed, 40 * 150.05487 / 150.000001
    world.request_unstake("sue", u64::MAX).unwrap();
    assert_eq!(world.stake_of("sue").unwrap().request.worth, 40_014_631, "no-windfall");
}

#[test]
fn leaves_nothing_to_who_comes_just_before_one_who_has_earned() {
    // Given Sam asked to leave with 100 beside a donation of 1, and the fund has earned 50 since: 15 % of the
    // 333.333333 that 200 grow by in a year
    let mut setup = Setup::default();
    (setup.parameters.rates.base_bps, setup.parameters.rates.insurance_factor_bps) = (10_000, 1_500);
    let mut world = World::new(setup);
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.fund_insurance("ines", USDC).unwrap();
    world.stake("sam", 100 * USDC).unwrap();
    world.request_unstake("sam", u64::MAX).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    world.wait(YEAR);
    // When Mallory stakes ten times as much just before that is executed
    world.stake("mallory", 1_000 * USDC).unwrap();
    leave_fund(&mut world, "sam");
    assert_eq!(gained(&mut world, "sam", "USDC"), 0, "slash-only");
    // Then she has what she paid, less rounding: 100 at 151 / 101 pay for 66.887418 shares, and the other 33.112582
    // become the fund's own
    assert_eq!(world.fund().protocol_shares, USDC + 33_112_582, "no-windfall");
    let gain = kept(&mut world, "mallory");
    assert!((-2..=0).contains(&gain), "no-windfall: {gain}");
    vault_holds_what_is_owed(&world);
}

#[test]
fn pays_less_after_a_draw() {
    // Given a draw of half the fund during the cooldown: no cooldown protects from it
    let mut world = half_insured();
    let loss = default_of(&mut world, "bob");
    assert_eq!((loss.from_insurance, loss.to_lps), (50 * USDC, 150 * USDC));
    leave_fund(&mut world, "sam");
    assert_eq!(gained(&mut world, "sam", "USDC"), usdc(-30), "slash-only");
    leave_fund(&mut world, "sue");
    assert_eq!(gained(&mut world, "sue", "USDC"), usdc(-20), "slash-only");
    // And the claims on the draw stay with both
    world.repay("bob", "bob", u64::MAX).unwrap();
    world.claim_stake_recovery("sam", 1).unwrap();
    world.claim_stake_recovery("sue", 1).unwrap();
    assert_eq!((kept(&mut world, "sam"), kept(&mut world, "sue")), (0, 0), "claims-follow");
    vault_holds_what_is_owed(&world);
}

#[test]
fn pays_out_of_revenue_that_was_due() {
    // Given Sam's 100 alone, and 2.103333 of a year's interest due; he asks for all of it
    let mut world = World::new(with_interest());
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.stake("sam", 100 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    world.wait(YEAR);
    world.request_unstake("sam", u64::MAX).unwrap();
    world.repay("bob", "bob", u64::MAX).unwrap();
    world.wait(COOLDOWN);
    // When he leaves, then with 100 * 102.103334 / 100.000001, and a unit is left
    let receipt = world.execute_unstake("sam").unwrap();
    world.collect_unstake("sam").unwrap();
    let Event::UnstakeExecuted(event) = only(&receipt) else { panic!("another event") };
    assert_eq!((event.assets, event.insurance_assets), (102_103_332, 1));
    assert_eq!((world.pool().insurance_due, world.fund().shares), (0, 0));
    assert_eq!(gained(&mut world, "sam", "USDC"), 2_103_332);
    vault_holds_what_is_owed(&world);
}

#[test]
fn settles_revenue_that_is_due_first() {
    // Given revenue of a year when Sam asks, and of ten days more when he leaves
    let mut world = staked(with_interest());
    world.wait(YEAR);
    world.request_unstake("sam", 30 * USDC).unwrap();
    world.wait(COOLDOWN);
    let due = world.pool().totals_at(world.now()).unwrap().insurance_due.get();
    assert!(due > 0);
    leave_fund(&mut world, "sam");
    // Then he gets what his shares were worth when he asked
    assert_eq!(gained(&mut world, "sam", "USDC"), usdc(-60) + 30_630_999);
    assert_eq!((world.pool().insurance_due, world.fund().assets), (0, 102_103_333 + due - 30_630_999));
    vault_holds_what_is_owed(&world);
}

#[test]
fn leaves_donations_in_the_fund() {
    // Given a donation of 50 before Sam staked 100
    let mut world = World::new(Setup::default());
    world.fund_insurance("ines", 50 * USDC).unwrap();
    world.stake("sam", 100 * USDC).unwrap();
    world.request_unstake("sam", u64::MAX).unwrap();
    world.wait(COOLDOWN);
    leave_fund(&mut world, "sam");
    assert_eq!(gained(&mut world, "sam", "USDC"), 0, "no-free-money");
    let fund = world.fund();
    assert_eq!((fund.assets, fund.shares, fund.protocol_shares), (50 * USDC, 0, 50 * USDC));
}

#[test]
fn needs_no_price() {
    let (mut world, unstake) = about_to_leave();
    world.set_price("USDC", world.quote("USDC"), 86_400);
    world.execute(unstake, &[]).unwrap();
}

#[test]
fn counts_interest() {
    let start = || {
        let mut world = staked(with_interest());
        world.request_unstake("sam", 30 * USDC).unwrap();
        world
    };
    counts_interest_of(COOLDOWN, start, |world| drop(world.execute_unstake("sam").unwrap()));
}

#[test]
fn ends_a_request_for_shares_that_are_worth_nothing() {
    // Given Sam asked for one share, and a draw of half the fund: it is worth half a unit
    let mut setup = Setup::default();
    setup.parameters.loss.draw_cap_bps = 5_000;
    let mut world = staked(setup);
    world.request_unstake("sam", 1).unwrap();
    default_of(&mut world, "bob");
    world.wait(COOLDOWN);
    let receipt = world.execute_unstake("sam").unwrap();
    let Event::UnstakeExecuted(event) = only(&receipt) else { panic!("another event") };
    assert_eq!((event.assets, event.shares, event.left), (0, 0, 0));
    // Then he has the share still, and can ask for all
    let stake = world.stake_of("sam").unwrap();
    assert_eq!((stake.holder.shares, stake.request.shares, stake.request.payable), (60 * USDC, 0, 0));
    world.request_unstake("sam", u64::MAX).unwrap();
}

#[test]
fn rejects_a_history_without_room_until_anyone_extends_it() {
    let mut setup = Setup::default();
    setup.parameters.loss.insurance_share_bps = 5_000;
    let mut world = World::new(setup);
    world.deposit("alice", 10_000 * USDC).unwrap();
    world.stake("sam", 1_000 * USDC).unwrap();
    for _ in 0..8 {
        lend_and_lose(&mut world, "bob", 10 * USDC);
        world.stake("sam", USDC).unwrap();
    }
    world.request_unstake("sam", u64::MAX).unwrap();
    lend_and_lose(&mut world, "bob", 10 * USDC);
    world.wait(COOLDOWN);
    let unstake = world.execute_unstake_instruction("sam");
    refused(&mut world, unstake.clone(), &[], "HistoryFull");
    world.extend_stake_history("sam", 1).unwrap();
    world.execute(unstake, &[]).unwrap();
}

#[test]
fn pays_what_was_asked_for_through_rescalings() {
    // Given 2^50 units of Sam's and 2^49 of Sue's, and Sam's request for all of his
    let mut world = World::new(Setup::default());
    let lent = (3 << 49) - (1 << 20);
    world.deposit("alice", lent).unwrap();
    world.stake("sam", 1 << 50).unwrap();
    world.stake("sue", 1 << 49).unwrap();
    world.request_unstake("sam", u64::MAX).unwrap();
    assert_eq!(world.stake_of("sam").unwrap().request.worth, 1 << 50);
    // When a draw leaves 2^20, which divides all shares by 2^30, and Tom stakes while it waits
    lend_and_lose(&mut world, "bob", lent);
    assert_eq!(world.fund().generation, 3);
    world.stake("tom", 1 << 40).unwrap();
    world.wait(COOLDOWN);
    // Then the request is for the same part of the fund, two thirds of 2^20, within one share
    let before = gained(&mut world, "sam", "USDC");
    world.execute_unstake("sam").expect("a stranger's stake made Sam's request worthless");
    world.collect_unstake("sam").unwrap();
    let paid = gained(&mut world, "sam", "USDC") - before;
    assert!((699_050..=699_051).contains(&paid), "no-free-money: {paid}");
}
