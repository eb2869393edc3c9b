use backstop_client::{Event, Staked, verb};
use backstop_engine::{insurance::Fund, quantity::Assets};
use backstop_testkit::{STARTING_BALANCE, Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// Sam's stake is open; he is about to pay 100 into an empty fund.
fn about_to_stake() -> (World, Instruction) {
    let mut world = World::new(Setup::default());
    world.open_stake("sam").unwrap();
    let stake = world.stake_instruction("sam", 100 * USDC);
    (world, stake)
}

fn stake_of(world: &mut World, who: &str, assets: u64, min_shares: u64) -> Instruction {
    let (owner, source) = (world.actor(who), world.wallet(who, "USDC"));
    verb::stake(world.key(), owner, source, assets, min_shares)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, stake) = about_to_stake();
    refused(&mut world, stake.unsigned("owner"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_signature_of_another() {
    let (mut world, stake) = about_to_stake();
    let mallory = world.actor("mallory");
    refused(&mut world, stake.with("owner", mallory), &["mallory"], "WrongOwner");
}

#[test]
fn rejects_paying_from_another_ones_wallet() {
    let (mut world, stake) = about_to_stake();
    let sues = world.wallet("sue", "USDC");
    refused(&mut world, stake.with("source", sues), &["sam"], "TokenOwnerMismatch");
}

#[test]
fn rejects_stake_of_another() {
    let (mut world, stake) = about_to_stake();
    world.open_stake("sue").unwrap();
    let sues = stake_address(&mut world, "sue");
    refused(&mut world, stake.with("stake", sues), &["sam"], "WrongOwner");
}

#[test]
fn rejects_another_pool() {
    let (mut world, stake) = about_to_stake();
    let (other, sam) = (Neighbour::new(&mut world, &["sam"]), world.actor("sam"));
    for (account, address) in
        [("pool", other.pool.pool), ("insurance_fund", other.pool.insurance_fund), ("stake", other.stake(&sam))]
    {
        refused(&mut world, stake.clone().with(account, address), &["sam"], "WrongInsuranceFund");
    }
}

#[test]
fn rejects_every_other_vault() {
    let (mut world, stake) = about_to_stake();
    refuses_other_vaults(&mut world, &stake, &["sam"], &["vault"]);
}

#[test]
fn rejects_other_tokens() {
    let (mut world, stake) = about_to_stake();
    refuses_other_tokens(&mut world, &stake, &["sam"], "source");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, stake) = about_to_stake();
    refuses_other_kinds(&mut world, &stake, &["sam"], &["pool", "insurance_fund", "stake"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, stake) = about_to_stake();
    refuses_forgeries(&mut world, &stake, &["sam"], &["pool", "insurance_fund", "stake"]);
}

#[test]
fn rejects_same_account_twice() {
    let (mut world, stake) = about_to_stake();
    let pairs = [("insurance_fund", "pool"), ("stake", "insurance_fund"), ("source", "vault")];
    refuses_twins(&mut world, &stake, &["sam"], &pairs);
}

#[test]
fn rejects_nothing() {
    let (mut world, _) = about_to_stake();
    let stake = stake_of(&mut world, "sam", 0, 0);
    refused(&mut world, stake, &["sam"], "AmountTooSmall");
}

#[test]
fn rejects_amount_that_mints_no_share() {
    // Given a share worth two and a half
    let mut world = with_revenue();
    let stake = stake_of(&mut world, "sam", 2, 0);
    refused(&mut world, stake, &["sam"], "AmountTooSmall");
}

#[test]
fn rejects_fewer_shares_than_the_bound() {
    let (mut world, _) = about_to_stake();
    let stake = stake_of(&mut world, "sam", 1_000, 1_001);
    refused(&mut world, stake, &["sam"], "SlippageExceeded");
}

#[test]
fn rejects_more_than_the_wallet_holds() {
    let (mut world, _) = about_to_stake();
    let stake = stake_of(&mut world, "sam", STARTING_BALANCE + 1, 0);
    refused(&mut world, stake, &["sam"], "TokenInsufficientFunds");
}

#[test]
fn rejects_staking_while_a_known_loss_waits() {
    // Given a unit more than a ten-thousandth of the fund's 100 is marked, then exactly that
    let mut world = staked(Setup::default());
    let stake = world.stake_instruction("sam", 10 * USDC);
    mark_bob_with(&mut world, 10_001);
    refused(&mut world, stake.clone(), &["sam"], "FundOnHold");
    mark_bob_with(&mut world, 10_000);
    world.execute(stake.clone(), &["sam"]).unwrap();
    // Which leaves room for a tenth more than that
    mark_bob_with(&mut world, 11_000);
    world.execute(stake, &["sam"]).unwrap();
}

#[test]
fn rejects_staking_in_an_empty_fund_while_anything_is_marked() {
    let mut world = World::new(Setup::default());
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    mark_bob_with(&mut world, 1);
    world.open_stake("sam").unwrap();
    let stake = world.stake_instruction("sam", 10 * USDC);
    refused(&mut world, stake.clone(), &["sam"], "FundOnHold");
    // While a donation is taken at any time, and 1 is a ten-thousandth of 10,000
    world.fund_insurance("ines", 9_999).unwrap();
    refused(&mut world, stake.clone(), &["sam"], "FundOnHold");
    world.fund_insurance("ines", 1).unwrap();
    world.execute(stake, &["sam"]).unwrap();
}

#[test]
fn rejects_more_than_a_fund_can_hold() {
    let (mut world, stake) = about_to_stake();
    world.execute(stake, &["sam"]).unwrap();
    let more = stake_of(&mut world, "sam", u64::MAX, 0);
    refused(&mut world, more, &["sam"], "MathOverflow");
}

#[test]
fn mints_one_to_one_at_first() {
    // When Sam stakes with the bound exactly met
    let (mut world, _) = about_to_stake();
    let stake = stake_of(&mut world, "sam", 100 * USDC, 100 * USDC);
    let receipt = world.execute(stake, &["sam"]).unwrap();
    // Then a share costs a base unit; the tokens are in the vault, and not the pool's
    let (fund, owner) = (world.fund(), world.actor("sam"));
    assert_eq!((fund.assets, fund.shares, fund.protocol_shares), (100 * USDC, 100 * USDC, 0));
    assert_eq!(world.stake_of("sam").unwrap().holder.shares, 100 * USDC);
    assert_eq!((world.pool().cash, world.balance_at(&world.key().vault)), (0, 100 * USDC));
    assert_eq!(gained(&mut world, "sam", "USDC"), usdc(-100));
    let event = Staked {
        fund: world.key().insurance_fund,
        owner,
        assets: 100 * USDC,
        shares: 100 * USDC,
        insurance_assets: 100 * USDC,
        stake_shares: 100 * USDC,
    };
    assert_eq!(only(&receipt), Event::Staked(event));
}

/// 100 staked, and 150 of a year's interest of 333.333333 at 100 % on 200 due to the fund: a share is worth two and a
/// half.
fn with_revenue() -> World {
    let mut setup = Setup::default();
    (setup.parameters.rates.base_bps, setup.parameters.rates.insurance_factor_bps) = (10_000, 4_500);
    setup.parameters.risk.stressed_insurance_factor_bps = 4_500;
    let mut world = staked(setup);
    world.wait(YEAR);
    world
}

#[test]
fn mints_at_the_funds_value() {
    let mut world = with_revenue();
    world.accrue().unwrap();
    let (pool, fund) = (world.pool(), world.fund().fund());
    let settled = Fund { assets: Assets::new(fund.assets.get() + pool.insurance_due), ..fund };
    let preview = settled.stake(Assets::new(30 * USDC)).unwrap();
    // When Tom pays 30, then he gets 30 * 100.000001 / 250 shares
    world.stake("tom", 30 * USDC).unwrap();
    assert_eq!(world.stake_of("tom").unwrap().holder.shares, 12 * USDC);
    assert_eq!((preview.fund, preview.shares.get()), (world.fund().fund(), 12 * USDC), "preview-is-execution");
}

#[test]
fn takes_what_the_shares_cost_and_no_more() {
    // When Tom offers 9 base units: three shares, which cost 7.5
    let mut world = with_revenue();
    world.stake("tom", 9).unwrap();
    assert_eq!((world.stake_of("tom").unwrap().holder.shares, gained(&mut world, "tom", "USDC")), (3, -8));
}

#[test]
fn costs_the_same_after_a_donation() {
    // Given 100 staked and 50 given since: the donation has bought shares for the fund
    let (mut world, stake) = about_to_stake();
    world.execute(stake, &["sam"]).unwrap();
    world.fund_insurance("ines", 50 * USDC).unwrap();
    // When Sue pays 30, then she gets as many shares
    world.stake("sue", 30 * USDC).unwrap();
    assert_eq!(world.stake_of("sue").unwrap().holder.shares, 30 * USDC, "no-windfall");
    assert_eq!((world.fund().shares, world.fund().protocol_shares), (130 * USDC, 50 * USDC), "no-windfall");
}

#[test]
fn leaves_donations_that_founded_the_fund_to_nobody() {
    // Given a donation of 50 to the empty fund
    let (mut world, stake) = about_to_stake();
    world.fund_insurance("ines", 50 * USDC).unwrap();
    // When Sam stakes 100, then he owns what he paid, and the donation counts as 50 shares that belong to nobody
    world.execute(stake, &["sam"]).unwrap();
    let fund = world.fund();
    assert_eq!((fund.assets, fund.shares, fund.protocol_shares), (150 * USDC, 100 * USDC, 50 * USDC));
    world.request_unstake("sam", u64::MAX).unwrap();
    assert_eq!(world.stake_of("sam").unwrap().request.worth, 100 * USDC, "no-free-money");
}

#[test]
fn settles_revenue_that_is_due_first() {
    // Given 100 staked and, after a year at 10 % on 200, a tenth of 21.033333 due to the fund
    let mut world = staked(with_interest());
    world.wait(YEAR);
    // When Tom stakes 102.103333, then he gets 100 shares
    world.stake("tom", 102_103_333).unwrap();
    assert_eq!((world.pool().insurance_due, world.fund().assets), (0, 204_206_666));
    vault_holds_what_is_owed(&world);
    assert_eq!(world.stake_of("tom").unwrap().holder.shares, 100 * USDC);
}

#[test]
fn bears_draws_in_proportion() {
    // Given Sam's 60 and Sue's 40, and a loss of 200 of which the fund takes a quarter
    let mut setup = Setup::default();
    setup.parameters.loss.insurance_share_bps = 2_500;
    let mut world = staked(setup);
    let loss = default_of(&mut world, "bob");
    assert_eq!((loss.from_insurance, loss.to_lps, loss.insurance_assets), (50 * USDC, 150 * USDC, 50 * USDC));
    // Then shares stay, and each is worth half
    let fund = world.fund();
    assert_eq!((fund.assets, fund.shares, world.loss_book().records[0].stakers), (50 * USDC, 100 * USDC, 50 * USDC));
    for (who, worth) in [("sam", 30 * USDC), ("sue", 20 * USDC)] {
        world.request_unstake(who, u64::MAX).unwrap();
        assert_eq!(world.stake_of(who).unwrap().request.worth, worth, "slash-only");
    }
    vault_holds_what_is_owed(&world);
}

#[test]
fn bears_no_older_draw() {
    // Given a draw of half the fund before Tom stakes 50
    let mut setup = Setup::default();
    setup.parameters.loss.insurance_share_bps = 2_500;
    let mut world = staked(setup);
    default_of(&mut world, "bob");
    world.stake("tom", 50 * USDC).unwrap();
    assert_eq!(world.stake_of("tom").unwrap().holder.shares, 100 * USDC - 1); // at half a unit each
    world.request_unstake("tom", u64::MAX).unwrap();
    assert_eq!(world.stake_of("tom").unwrap().request.worth, 50 * USDC - 1, "slash-only");
    // And what is recovered is not his
    world.repay("bob", "bob", u64::MAX).unwrap();
    let toms = stake_address(&mut world, "tom");
    world.open_claim(toms, 1).unwrap();
    let claim = world.claim_stake_recovery_instruction("tom", 1);
    refused(&mut world, claim, &["tom"], "NothingToClaim");
}

#[test]
fn starts_anew_in_a_fund_that_was_drained() {
    // Given a loss of 200 that took all 100 of the fund
    let mut world = staked(Setup::default());
    assert_eq!(default_of(&mut world, "bob").from_insurance, 100 * USDC);
    let fund = world.fund();
    assert_eq!((fund.assets, fund.shares, fund.generation), (0, 0, 7), "wipe-out");
    // When Sam stakes 10, then one to one, and his old shares are void
    world.stake("sam", 10 * USDC).unwrap();
    let holder = world.stake_of("sam").unwrap().holder;
    assert_eq!((holder.shares, holder.generation), (10 * USDC, 7), "wipe-out");
    world.request_unstake("sam", u64::MAX).unwrap();
    assert_eq!(world.stake_of("sam").unwrap().request.worth, 10 * USDC, "wipe-out");
    let sues = world.request_unstake_instruction("sue", 1);
    refused(&mut world, sues, &["sue"], "InsufficientShares");
}

#[test]
fn forgets_a_request_of_a_past_generation() {
    // Given Sam asked to leave before his stake was drained, and stakes again after it
    let mut world = staked(Setup::default());
    world.request_unstake("sam", u64::MAX).unwrap();
    default_of(&mut world, "bob");
    world.stake("sam", 60 * USDC).unwrap();
    // When the old request would mature, then it is not for the new stake
    world.wait(864_000);
    let unstake = world.execute_unstake_instruction("sam");
    refused(&mut world, unstake, &[], "ExitNotRequested");
}

#[test]
fn rescales_shares_that_a_draw_left_almost_worthless() {
    // Given 2^50 units staked by Sam and 2^49 by Sue, of which a draw leaves 2^20: a share is worth 2^-30.6 units
    let mut world = World::new(Setup::default());
    let (stake, lent) = (1_u64 << 50, (3 << 49) - (1 << 20));
    world.deposit("alice", lent).unwrap();
    world.stake("sam", stake).unwrap();
    world.stake("sue", stake >> 1).unwrap();
    let loss = lend_and_lose(&mut world, "bob", lent);
    assert_eq!((loss.from_insurance, loss.to_lps, world.fund().assets), (lent, 0, 1 << 20));
    // Then all shares were divided by 2^30, and Tom can stake 2^40
    assert_eq!((world.fund().generation, world.fund().shares), (3, 3 << 19), "wipe-out");
    world.stake("tom", 1 << 40).unwrap();
    let shares = world.fund().shares;
    // And Sam has 2^20 shares, which are worth what they were: two thirds of 2^20, within one share
    world.request_unstake("sam", u64::MAX).unwrap();
    let sams = world.stake_of("sam").unwrap();
    assert_eq!((sams.holder.shares, sams.request.shares), (1 << 20, 1 << 20));
    assert!((699_050..=699_052).contains(&sams.request.worth), "no-free-money: {}", sams.request.worth);
    assert_eq!(shares - world.stake_of("tom").unwrap().holder.shares, 3 << 19);
    // And all of the draw can still come back to them
    world.repay("bob", "bob", u64::MAX).unwrap();
    world.claim_stake_recovery("sam", 1).unwrap();
    world.claim_stake_recovery("sue", 1).unwrap();
    assert!(world.fund().waiting_shares <= 1, "claims-solvent: {}", world.fund().waiting_shares);
    let lost = kept(&mut world, "sam") + kept(&mut world, "sue");
    assert!((-8..=0).contains(&lost), "claims-follow: {lost}");
}

#[test]
fn needs_no_price() {
    let (mut world, stake) = about_to_stake();
    world.set_price("USDC", world.quote("USDC"), 86_400);
    world.execute(stake, &["sam"]).unwrap();
}

#[test]
fn counts_interest() {
    counts_interest_first(|| staked(with_interest()), |world| drop(world.stake("tom", 50 * USDC).unwrap()));
}
