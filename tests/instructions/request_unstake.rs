use backstop_client::{Event, ExitRequest, UnstakeRequested};
use backstop_engine::quantity::Shares;
use backstop_testkit::{Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// Ten days.
const COOLDOWN: i64 = 864_000;

/// Sam has staked 60 of 100; he is about to ask to leave with 30.
fn about_to_ask() -> (World, Instruction) {
    let mut world = staked(Setup::default());
    let ask = world.request_unstake_instruction("sam", 30 * USDC);
    (world, ask)
}

fn request_of(world: &mut World, name: &str) -> ExitRequest {
    world.stake_of(name).unwrap().request
}

#[test]
fn rejects_missing_signature() {
    let (mut world, ask) = about_to_ask();
    refused(&mut world, ask.unsigned("owner"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_signature_of_another() {
    let (mut world, ask) = about_to_ask();
    let sue = world.actor("sue");
    refused(&mut world, ask.with("owner", sue), &["sue"], "WrongOwner");
}

#[test]
fn rejects_another_pool() {
    let (mut world, ask) = about_to_ask();
    let (other, sam) = (Neighbour::new(&mut world, &["sam"]), world.actor("sam"));
    for (account, address) in
        [("pool", other.pool.pool), ("insurance_fund", other.pool.insurance_fund), ("stake", other.stake(&sam))]
    {
        refused(&mut world, ask.clone().with(account, address), &["sam"], "WrongInsuranceFund");
    }
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, ask) = about_to_ask();
    refuses_other_kinds(&mut world, &ask, &["sam"], &["pool", "insurance_fund", "stake"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, ask) = about_to_ask();
    refuses_forgeries(&mut world, &ask, &["sam"], &["pool", "insurance_fund", "stake"]);
}

#[test]
fn rejects_same_account_twice() {
    let (mut world, ask) = about_to_ask();
    refuses_twins(&mut world, &ask, &["sam"], &[("insurance_fund", "pool"), ("stake", "pool")]);
}

#[test]
fn rejects_nothing() {
    let (mut world, _) = about_to_ask();
    let none = world.request_unstake_instruction("sam", 0);
    refused(&mut world, none, &["sam"], "AmountTooSmall");
    world.open_stake("tom").unwrap();
    let all_of_none = world.request_unstake_instruction("tom", u64::MAX);
    refused(&mut world, all_of_none, &["tom"], "AmountTooSmall");
}

#[test]
fn rejects_more_shares_than_held() {
    let (mut world, _) = about_to_ask();
    for shares in [60 * USDC + 1, u64::MAX - 1] {
        let ask = world.request_unstake_instruction("sam", shares);
        refused(&mut world, ask, &["sam"], "InsufficientShares");
    }
}

#[test]
fn rejects_shares_of_a_past_generation() {
    let (mut world, ask) = about_to_ask();
    default_of(&mut world, "bob");
    refused(&mut world, ask, &["sam"], "InsufficientShares");
}

#[test]
fn notes_what_the_shares_are_worth_and_when_they_can_leave() {
    let (mut world, ask) = about_to_ask();
    let (fund, now) = (world.fund(), world.now());
    let preview = fund.fund().worth(Shares::new(30 * USDC)).unwrap();
    let receipt = world.execute(ask, &["sam"]).unwrap();
    // Then nothing has left yet
    let matures_at = now + COOLDOWN;
    let expected = ExitRequest { shares: 30 * USDC, worth: 30 * USDC, asked_at: now, matures_at, payable: 0 };
    assert_eq!((request_of(&mut world, "sam"), world.fund()), (expected, fund));
    assert_eq!(preview.get(), 30 * USDC, "preview-is-execution");
    assert_eq!(world.stake_of("sam").unwrap().holder.shares, 60 * USDC);
    let event = UnstakeRequested {
        fund: world.key().insurance_fund,
        owner: world.actor("sam"),
        shares: 30 * USDC,
        worth: 30 * USDC,
        matures_at,
    };
    assert_eq!(only(&receipt), Event::UnstakeRequested(event));
}

#[test]
fn asks_for_all() {
    let (mut world, _) = about_to_ask();
    world.request_unstake("sam", u64::MAX).unwrap();
    assert_eq!((request_of(&mut world, "sam").shares, request_of(&mut world, "sam").worth), (60 * USDC, 60 * USDC));
}

#[test]
fn settles_revenue_that_is_due_first() {
    // Given a tenth of a year's 21.033333 due: 30 * 102.103334 / 100.000001
    let mut world = staked(with_interest());
    world.wait(YEAR);
    world.request_unstake("sam", 30 * USDC).unwrap();
    assert_eq!(request_of(&mut world, "sam").worth, 30_630_999);
    assert_eq!((world.pool().insurance_due, world.fund().assets), (0, 102_103_333));
    vault_holds_what_is_owed(&world);
}

#[test]
fn does_not_subtract_what_is_marked() {
    // Given a mark of 100, which would take all of the fund: what is noted is the most that is paid, not what is
    let (mut world, ask) = about_to_ask();
    world.set_dollars("SOL", 10);
    world.mark("bob").unwrap();
    world.execute(ask, &["sam"]).unwrap();
    assert_eq!(request_of(&mut world, "sam").worth, 30 * USDC);
}

#[test]
fn rejects_another_request_while_one_stands() {
    let (mut world, ask) = about_to_ask();
    world.execute(ask.clone(), &["sam"]).unwrap();
    refused(&mut world, ask.clone(), &["sam"], "ExitPending");
    // Then he can stake more meanwhile, which is not requested
    world.stake("sam", 10 * USDC).unwrap();
    world.wait(1_000_000);
    refused(&mut world, ask.clone(), &["sam"], "ExitPending");
    world.execute_unstake("sam").unwrap();
    assert_eq!(world.stake_of("sam").unwrap().holder.shares, 40 * USDC);
    world.execute(ask, &["sam"]).unwrap();
}

#[test]
fn needs_no_price() {
    let (mut world, ask) = about_to_ask();
    world.set_price("USDC", world.quote("USDC"), 86_400);
    world.execute(ask, &["sam"]).unwrap();
}

#[test]
fn counts_interest() {
    counts_interest_first(|| staked(with_interest()), |world| drop(world.request_unstake("sam", USDC).unwrap()));
}
