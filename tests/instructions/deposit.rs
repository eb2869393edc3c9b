use backstop_client::{Deposited, Event, PausableOperation, verb};
use backstop_engine::quantity::Assets;
use backstop_testkit::{STARTING_BALANCE, Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// Alice's position is open; she is about to pay 1,000 in.
fn about_to_deposit() -> (World, Instruction) {
    let mut world = World::new(Setup::default());
    world.open_position("alice").unwrap();
    let deposit = world.deposit_instruction("alice", 1_000 * USDC);
    (world, deposit)
}

fn deposit_of(world: &mut World, who: &str, assets: u64, min_shares: u64) -> Instruction {
    let (owner, source) = (world.actor(who), world.wallet(who, "USDC"));
    verb::deposit(world.key(), owner, source, assets, min_shares)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, deposit) = about_to_deposit();
    refused(&mut world, deposit.unsigned("owner"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_signature_of_another() {
    let (mut world, deposit) = about_to_deposit();
    let mallory = world.actor("mallory");
    refused(&mut world, deposit.with("owner", mallory), &["mallory"], "WrongOwner");
}

#[test]
fn rejects_paying_from_another_ones_wallet() {
    let (mut world, deposit) = about_to_deposit();
    let bobs = world.wallet("bob", "USDC");
    refused(&mut world, deposit.with("source", bobs), &["alice"], "TokenOwnerMismatch");
}

#[test]
fn rejects_position_of_another() {
    let (mut world, deposit) = about_to_deposit();
    world.open_position("bob").unwrap();
    let bobs = position_of(&mut world, "bob");
    refused(&mut world, deposit.with("position", bobs), &["alice"], "WrongOwner");
}

#[test]
fn rejects_position_in_another_pool() {
    let (mut world, deposit) = about_to_deposit();
    let (other, alice) = (Neighbour::new(&mut world, &["alice"]), world.actor("alice"));
    refused(&mut world, deposit.with("position", other.position(&alice)), &["alice"], "WrongPool");
}

#[test]
fn rejects_another_pool() {
    let (mut world, deposit) = about_to_deposit();
    let other = Neighbour::new(&mut world, &["alice"]);
    refused(&mut world, deposit.with("pool", other.pool.pool), &["alice"], "WrongPool");
}

#[test]
fn rejects_vault_of_another_pool() {
    let (mut world, deposit) = about_to_deposit();
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, deposit.with("vault", other.pool.vault), &["alice"], "WrongVault");
}

#[test]
fn rejects_vault_of_a_collateral() {
    let (mut world, deposit) = about_to_deposit();
    let vault = world.collateral_key("SOL").vault;
    refused(&mut world, deposit.with("vault", vault), &["alice"], "WrongVault");
}

#[test]
fn rejects_own_wallet_as_vault() {
    let (mut world, deposit) = about_to_deposit();
    let wallet = world.wallet("bob", "USDC");
    refused(&mut world, deposit.with("vault", wallet), &["alice"], "WrongVault");
}

#[test]
fn rejects_vault_as_source() {
    let (mut world, deposit) = about_to_deposit();
    let vault = world.key().vault;
    refused(&mut world, deposit.with("source", vault), &["alice"], "ConstraintDuplicateMutableAccount");
}

#[test]
fn rejects_other_mint() {
    let (mut world, deposit) = about_to_deposit();
    let sol = world.collateral_key("SOL").mint;
    refused(&mut world, deposit.with("mint", sol), &["alice"], "WrongMint");
}

#[test]
fn rejects_source_of_other_mint() {
    let (mut world, deposit) = about_to_deposit();
    let sol = world.wallet("alice", "SOL");
    refused(&mut world, deposit.with("source", sol), &["alice"], "TokenMintMismatch");
}

#[test]
fn rejects_token_program_of_another_kind() {
    let (mut world, deposit) = about_to_deposit();
    refused(&mut world, deposit.with("token_program", TOKEN_2022_PROGRAM), &["alice"], "IncorrectProgramId");
}

#[test]
fn rejects_token_program_of_ones_own() {
    let (mut world, deposit) = about_to_deposit();
    let own = backstop_client::PROGRAM_ID;
    refused(&mut world, deposit.with("token_program", own), &["alice"], "IncorrectProgramId");
}

#[test]
fn rejects_pool_of_another_program() {
    let (mut world, deposit) = about_to_deposit();
    let pool = world.key().pool;
    let forged = forged(&mut world, pool);
    refused(&mut world, deposit.with("pool", forged), &["alice"], "IllegalOwner");
}

#[test]
fn rejects_position_of_another_program() {
    let (mut world, deposit) = about_to_deposit();
    let position = position_of(&mut world, "alice");
    let forged = forged(&mut world, position);
    refused(&mut world, deposit.with("position", forged), &["alice"], "IllegalOwner");
}

#[test]
fn rejects_fund_as_pool() {
    let (mut world, deposit) = about_to_deposit();
    let fund = world.key().insurance_fund;
    refused(&mut world, deposit.with("pool", fund), &["alice"], "AccountDataTooSmall");
}

#[test]
fn rejects_obligation_as_position() {
    let (mut world, deposit) = about_to_deposit();
    world.open_obligation("alice").unwrap();
    let obligation = world.obligation_address("alice");
    refused(&mut world, deposit.with("position", obligation), &["alice"], "InvalidAccountData");
}

#[test]
fn rejects_pool_as_position() {
    let (mut world, deposit) = about_to_deposit();
    let pool = world.key().pool;
    refused(&mut world, deposit.with("position", pool), &["alice"], "ConstraintDuplicateMutableAccount");
}

#[test]
fn rejects_read_only_pool() {
    let (mut world, deposit) = about_to_deposit();
    refused(&mut world, deposit.readonly("pool"), &["alice"], "ConstraintMut");
}

#[test]
fn rejects_missing_account() {
    let (mut world, mut deposit) = about_to_deposit();
    deposit.accounts.pop();
    refused(&mut world, deposit, &["alice"], "NotEnoughAccountKeys");
}

#[test]
fn rejects_cut_arguments() {
    let (mut world, mut deposit) = about_to_deposit();
    deposit.data.truncate(16);
    refused(&mut world, deposit, &["alice"], "InvalidInstructionData");
}

#[test]
fn rejects_nothing() {
    let (mut world, _) = about_to_deposit();
    let deposit = deposit_of(&mut world, "alice", 0, 0);
    refused(&mut world, deposit, &["alice"], "AmountTooSmall");
}

#[test]
fn rejects_amount_that_mints_no_share() {
    // A share is worth 1.05 after a year, so a single base unit buys none.
    let mut world = lent(with_interest());
    world.wait(YEAR);
    let deposit = deposit_of(&mut world, "alice", 1, 0);
    refused(&mut world, deposit, &["alice"], "AmountTooSmall");
}

#[test]
fn rejects_more_than_the_wallet_holds() {
    let (mut world, _) = about_to_deposit();
    let deposit = deposit_of(&mut world, "alice", STARTING_BALANCE + 1, 0);
    refused(&mut world, deposit, &["alice"], "TokenInsufficientFunds");
}

#[test]
fn rejects_entering_while_a_known_loss_waits() {
    // Given a unit more than a ten-thousandth of 1,000 is marked, then exactly that
    let mut world = lent(Setup::default());
    let deposit = world.deposit_instruction("alice", 100 * USDC);
    mark_bob_with(&mut world, 100_001);
    refused(&mut world, deposit.clone(), &["alice"], "PoolOnHold");
    mark_bob_with(&mut world, 100_000);
    world.execute(deposit.clone(), &["alice"]).unwrap();
    // Which leaves room for a tenth more than that
    mark_bob_with(&mut world, 110_000);
    world.execute(deposit, &["alice"]).unwrap();
}

#[test]
fn rejects_more_than_a_pool_can_hold() {
    let mut world = lent(Setup::default());
    let deposit = deposit_of(&mut world, "alice", u64::MAX, 0);
    refused(&mut world, deposit, &["alice"], "MathOverflow");
}

#[test]
fn rejects_fewer_shares_than_the_bound() {
    let (mut world, _) = about_to_deposit();
    let deposit = deposit_of(&mut world, "alice", 1_000, 1_001);
    refused(&mut world, deposit, &["alice"], "SlippageExceeded");
}

#[test]
fn goes_on_while_the_breaker_is_tripped() {
    // Given a share is worth 0.95: 95 buy 100 of them, less the virtual ones' part of one
    let mut world = tripped();
    world.deposit("carol", 95 * USDC).unwrap();
    assert_eq!(shares_of(&mut world, "carol"), 99_999_999, "breaker");
    vault_holds_what_is_owed(&world);
}

#[test]
fn rejects_deposit_while_deposits_are_paused() {
    let (mut world, deposit) = about_to_deposit();
    let nothing = deposit_of(&mut world, "alice", 0, 0);
    stops_while_paused(&mut world, PausableOperation::Deposit, &deposit, &nothing, &["alice"]);
}

#[test]
fn mints_one_to_one_at_first() {
    // Given an empty pool
    let (mut world, _) = about_to_deposit();
    // When Alice deposits with the bound exactly met
    let deposit = deposit_of(&mut world, "alice", 1_000 * USDC, 1_000 * USDC);
    let receipt = world.execute(deposit, &["alice"]).unwrap();
    // Then a share costs a base unit, and the tokens are in the vault
    let (pool, owner) = (world.pool(), world.actor("alice"));
    assert_eq!((pool.cash, pool.shares, shares_of(&mut world, "alice")), (1_000 * USDC, 1_000 * USDC, 1_000 * USDC));
    assert_eq!(world.balance("alice", "USDC"), STARTING_BALANCE - 1_000 * USDC);
    assert_eq!(world.balance_at(&world.key().vault), 1_000 * USDC);
    let (assets, shares) = (1_000 * USDC, 1_000 * USDC);
    let event = Deposited { pool: world.key().pool, owner, assets, shares, state: state(&pool) };
    assert_eq!(only(&receipt), Event::Deposited(event));
}

#[test]
fn mints_at_nav_after_interest() {
    // Given a year of interest: 21.033333 on 200, of which 4.206666 is reserved and 2.103333 is insurance's
    let mut world = lent(with_interest());
    world.wait(YEAR);
    // When Carol deposits 100 into a NAV of 1,014.723334
    let preview = world.pool().totals_at(world.now()).unwrap().deposit(Assets::new(100 * USDC)).unwrap();
    world.deposit("carol", 100 * USDC).unwrap();
    // Then she gets 100 * 1,000.000001 / 1,014.723335
    assert_eq!(shares_of(&mut world, "carol"), 98_549_029);
    assert_eq!(preview.shares.get(), 98_549_029, "preview-is-execution");
    assert_eq!(world.pool().totals(), preview.totals, "preview-is-execution");
    assert_eq!(nav(&world), 1_114_723_334);
}

#[test]
fn takes_what_the_shares_cost_and_no_more() {
    // Given a share worth 2.666..
    let mut world = costly_shares();
    // When Carol offers 10 base units: three shares, which cost 8
    world.open_position("carol").unwrap();
    let deposit = deposit_of(&mut world, "carol", 10, 3);
    world.execute(deposit, &["carol"]).unwrap();
    // Then the other two stay with her
    assert_eq!((shares_of(&mut world, "carol"), world.balance("carol", "USDC")), (3, STARTING_BALANCE - 8));
    assert_eq!((world.pool().cash, world.balance_at(&world.key().vault)), (8, 8));
}

#[test]
fn ignores_donations() {
    // Given a donation to the vault as large as the pool
    let mut world = lent(Setup::default());
    let vault = world.key().vault;
    let mut account = world.account(&vault).unwrap();
    account.data[64..72].copy_from_slice(&(2_000 * USDC).to_le_bytes());
    world.set_account(vault, account);
    // When Carol deposits, then a share costs what it did
    world.deposit("carol", 100 * USDC).unwrap();
    assert_eq!(shares_of(&mut world, "carol"), 100 * USDC);
}

#[test]
fn forgets_shares_of_a_past_generation() {
    // Given all of NAV was lost
    let mut world = wiped_out();
    assert_eq!(shares_of(&mut world, "alice"), 200 * USDC);
    // When Alice deposits again, then only what she pays now counts
    world.deposit("alice", 50 * USDC).unwrap();
    let position = world.position("alice").unwrap();
    assert_eq!((position.holder.shares, position.holder.generation), (50 * USDC, 7));
}

#[test]
fn counts_interest() {
    counts_interest_first(|| lent(with_interest()), |world| drop(world.deposit("carol", 100 * USDC).unwrap()));
}

#[test]
fn takes_all_that_fits() {
    // Given a wallet with as much as a token account can hold, less one unit for the virtual share
    let mut world = World::new(Setup::default());
    world.set_balance("alice", "USDC", u64::MAX - 1);
    // When it is deposited whole, then it can be withdrawn whole
    world.deposit("alice", u64::MAX - 1).unwrap();
    world.withdraw("alice", u64::MAX).unwrap();
    assert_eq!(world.balance("alice", "USDC"), u64::MAX - 1);
}

#[test]
fn forgets_a_request_of_a_past_generation() {
    // Given Alice asked to withdraw before her shares were lost, and deposits again after it
    let mut world = World::new(with_notice());
    world.deposit("alice", 200 * USDC).unwrap();
    world.request_withdrawal("alice", u64::MAX).unwrap();
    lend_and_lose(&mut world, "bob", 200 * USDC);
    world.deposit("alice", 200 * USDC).unwrap();
    // When the old request would mature, then it is not for the new shares
    world.wait(3_600);
    let execute = world.execute_withdrawal_instruction("alice");
    refused(&mut world, execute, &[], "ExitNotRequested");
}

#[test]
fn has_no_part_in_claims_on_older_losses() {
    // Given Alice lost 50, and Carol deposits
    let mut world = recorded(Setup::default());
    world.deposit("carol", 950 * USDC).unwrap();
    let position = world.position("carol").unwrap();
    assert_eq!((position.holder.since, position.losses(&world.loss_book()).len()), (1, 0), "claims-follow");
}

#[test]
fn keeps_what_one_held_at_a_loss_who_adds_to_its_shares() {
    // Given Alice lost 50 of 1,000 and pays in 950 more
    let mut world = recorded(Setup::default());
    world.deposit("alice", 950 * USDC).unwrap();
    // When half is recovered, then the new shares have no part in it
    world.repay("bob", "bob", 50 * USDC).unwrap();
    world.claim_recovery("alice", 1).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_950 + 25), "claims-follow");
}

#[test]
fn follows_a_loss_that_left_shares_almost_worthless() {
    // Given 2^50 shares of Alice's and 2^49 of Zed's, of whose NAV a loss left 2^20: a share would be worth 2^-30.6
    // units
    let mut world = World::new(Setup::default());
    let lent = (3 << 49) - (1 << 20);
    world.deposit("alice", 1 << 50).unwrap();
    world.deposit("zed", 1 << 49).unwrap();
    assert_eq!(lend_and_lose(&mut world, "bob", lent).to_lps, lent);
    // Then it has divided all shares by 2^30
    let pool = world.pool();
    assert_eq!((nav(&world), pool.generation, pool.shares), (1 << 20, 3, 3 << 19), "wipe-out");
    // When Carol deposits 2^40
    let preview = pool.totals().deposit(Assets::new(1 << 40)).unwrap();
    world.deposit("carol", 1 << 40).unwrap();
    assert_eq!(world.pool().totals(), preview.totals, "preview-is-execution");
    // Then Alice and Zed keep what they had, within one share: two thirds and a third of 2^20
    let pool = world.pool();
    for (who, worth) in [("alice", 699_051), ("zed", 349_525)] {
        let held = world.position(who).unwrap().shares_in(&pool);
        let now = pool.totals().value_of(held).unwrap().get();
        assert!(now.abs_diff(worth) <= 1, "no-free-money: {who} had {worth} and has {now}");
    }
    world.withdraw("carol", u64::MAX).unwrap();
    assert!((-1..=0).contains(&gained(&mut world, "carol", "USDC")), "no-free-money");
    world.withdraw("alice", u64::MAX).unwrap();
    world.withdraw("zed", u64::MAX).unwrap();
    // And what they lost can still come back to them, to the unit
    world.repay("bob", "bob", u64::MAX).unwrap();
    world.claim_recovery("alice", 1).unwrap();
    world.claim_recovery("zed", 1).unwrap();
    assert!(world.pool().unclaimed <= 1, "claims-follow");
    vault_holds_what_is_owed(&world);
}

#[test]
fn keeps_the_shares_of_one_who_is_away_through_many_rescalings() {
    // Given the shares of one who is away were rescaled by two losses
    let mut world = World::new(Setup::default());
    world.deposit("alice", 1 << 50).unwrap();
    lend_and_lose(&mut world, "bob", (1 << 50) - (1 << 20));
    let first = world.pool().generation;
    world.deposit("carol", 1 << 40).unwrap();
    let cash = world.pool().cash;
    lend_and_lose(&mut world, "bob", cash - (1 << 10));
    let second = world.pool().generation;
    assert!(first > 0 && second > first, "{first}, {second}");
    // Then she has what both left of them
    let held = world.position("alice").unwrap().shares_in(&world.pool()).get();
    assert_eq!(held, (1_u64 << 50) >> (10 * second), "wipe-out");
}
