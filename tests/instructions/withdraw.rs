use backstop_client::{Event, Withdrawn, verb};
use backstop_engine::quantity::Shares;
use backstop_testkit::{STARTING_BALANCE, Setup, World};
use solana_instruction::Instruction;

use crate::{misuse::*, scene::*};

/// Alice has deposited 1,000, of which 200 are lent; she is about to take 100 back.
fn about_to_withdraw() -> (World, Instruction) {
    let mut world = lent(Setup::default());
    let withdraw = world.withdraw_instruction("alice", 100 * USDC);
    (world, withdraw)
}

fn withdraw_of(world: &mut World, who: &str, shares: u64, min_assets: u64) -> Instruction {
    let (owner, destination) = (world.actor(who), world.wallet(who, "USDC"));
    verb::withdraw(world.key(), owner, destination, shares, min_assets)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, withdraw) = about_to_withdraw();
    refused(&mut world, withdraw.unsigned("owner"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_signature_of_another() {
    let (mut world, withdraw) = about_to_withdraw();
    let mallory = world.actor("mallory");
    refused(&mut world, withdraw.with("owner", mallory), &["mallory"], "WrongOwner");
}

#[test]
fn rejects_position_of_another() {
    let (mut world, _) = about_to_withdraw();
    world.open_position("mallory").unwrap();
    let alices = position_of(&mut world, "alice");
    let withdraw = world.withdraw_instruction("mallory", 1).with("position", alices);
    refused(&mut world, withdraw, &["mallory"], "WrongOwner");
}

#[test]
fn rejects_position_in_another_pool() {
    let (mut world, withdraw) = about_to_withdraw();
    let (other, alice) = (Neighbour::new(&mut world, &["alice"]), world.actor("alice"));
    refused(&mut world, withdraw.with("position", other.position(&alice)), &["alice"], "WrongPool");
}

#[test]
fn rejects_another_pool() {
    let (mut world, withdraw) = about_to_withdraw();
    let other = Neighbour::new(&mut world, &["alice"]);
    refused(&mut world, withdraw.with("pool", other.pool.pool), &["alice"], "WrongPool");
}

#[test]
fn rejects_vault_of_the_insurance_fund() {
    let (mut world, withdraw) = about_to_withdraw();
    let vault = world.key().insurance_vault;
    refused(&mut world, withdraw.with("vault", vault), &["alice"], "WrongVault");
}

#[test]
fn rejects_vault_of_another_pool() {
    let (mut world, withdraw) = about_to_withdraw();
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, withdraw.with("vault", other.pool.vault), &["alice"], "WrongVault");
}

#[test]
fn rejects_vault_as_destination() {
    let (mut world, withdraw) = about_to_withdraw();
    let vault = world.key().vault;
    refused(&mut world, withdraw.with("destination", vault), &["alice"], "ConstraintDuplicateMutableAccount");
}

#[test]
fn rejects_destination_of_other_mint() {
    let (mut world, withdraw) = about_to_withdraw();
    let sol = world.wallet("alice", "SOL");
    refused(&mut world, withdraw.with("destination", sol), &["alice"], "TokenMintMismatch");
}

#[test]
fn rejects_other_mint() {
    let (mut world, withdraw) = about_to_withdraw();
    let sol = world.collateral_key("SOL").mint;
    refused(&mut world, withdraw.with("mint", sol), &["alice"], "WrongMint");
}

#[test]
fn rejects_token_program_of_another_kind() {
    let (mut world, withdraw) = about_to_withdraw();
    refused(&mut world, withdraw.with("token_program", TOKEN_2022), &["alice"], "IncorrectProgramId");
}

#[test]
fn rejects_pool_of_another_program() {
    let (mut world, withdraw) = about_to_withdraw();
    let pool = world.key().pool;
    let forged = forged(&mut world, pool);
    refused(&mut world, withdraw.with("pool", forged), &["alice"], "IllegalOwner");
}

#[test]
fn rejects_position_of_another_program() {
    let (mut world, withdraw) = about_to_withdraw();
    let position = position_of(&mut world, "alice");
    let forged = forged(&mut world, position);
    refused(&mut world, withdraw.with("position", forged), &["alice"], "IllegalOwner");
}

#[test]
fn rejects_fund_as_pool() {
    let (mut world, withdraw) = about_to_withdraw();
    let fund = world.key().insurance_fund;
    refused(&mut world, withdraw.with("pool", fund), &["alice"], "AccountDataTooSmall");
}

#[test]
fn rejects_obligation_as_position() {
    let (mut world, withdraw) = about_to_withdraw();
    let obligation = world.obligation_address("bob");
    refused(&mut world, withdraw.with("position", obligation), &["alice"], "InvalidAccountData");
}

#[test]
fn rejects_nothing() {
    let (mut world, _) = about_to_withdraw();
    let withdraw = withdraw_of(&mut world, "alice", 0, 0);
    refused(&mut world, withdraw, &["alice"], "AmountTooSmall");
}

#[test]
fn rejects_more_shares_than_held() {
    // Given Carol holds shares, so that Alice's are not all there are
    let (mut world, _) = about_to_withdraw();
    world.deposit("carol", 1_000 * USDC).unwrap();
    for shares in [1_000 * USDC + 1, u64::MAX - 1] {
        let withdraw = withdraw_of(&mut world, "alice", shares, 0);
        refused(&mut world, withdraw, &["alice"], "InsufficientShares");
    }
}

#[test]
fn rejects_more_than_the_cash() {
    // Given 800 in cash
    let (mut world, _) = about_to_withdraw();
    let withdraw = withdraw_of(&mut world, "alice", 800 * USDC + 1, 0);
    refused(&mut world, withdraw, &["alice"], "InsufficientCash");
}

#[test]
fn rejects_fewer_assets_than_the_bound() {
    let (mut world, _) = about_to_withdraw();
    let withdraw = withdraw_of(&mut world, "alice", 100, 101);
    refused(&mut world, withdraw, &["alice"], "SlippageExceeded");
}

#[test]
fn rejects_shares_of_a_past_generation() {
    let mut world = wiped_out();
    world.deposit("carol", 100 * USDC).unwrap();
    let one = withdraw_of(&mut world, "alice", 1, 0);
    refused(&mut world, one, &["alice"], "InsufficientShares");
    let all = withdraw_of(&mut world, "alice", u64::MAX, 0);
    refused(&mut world, all, &["alice"], "AmountTooSmall");
}

#[test]
fn rejects_shares_worth_nothing() {
    // Given a loss of half of NAV, so that a share is worth half a base unit
    let mut world = about_to_be_wiped_out();
    world.deposit("alice", 200 * USDC).unwrap();
    world.record_bad_debt("liz", "bob").unwrap();
    assert_eq!(nav(&world), 200 * USDC);
    let withdraw = withdraw_of(&mut world, "alice", 1, 0);
    refused(&mut world, withdraw, &["alice"], "AmountTooSmall");
}

#[test]
fn pays_out_the_cash_to_the_last_unit() {
    // Given 800 in cash
    let (mut world, _) = about_to_withdraw();
    // When Alice takes exactly that, with the bound exactly met
    let withdraw = withdraw_of(&mut world, "alice", 800 * USDC, 800 * USDC);
    let receipt = world.execute(withdraw, &["alice"]).unwrap();
    // Then the vault is empty
    let (pool, owner) = (world.pool(), world.actor("alice"));
    assert_eq!((pool.cash, pool.shares), (0, 200 * USDC));
    assert_eq!(world.balance_at(&world.key().vault), 0);
    assert_eq!(world.balance("alice", "USDC"), STARTING_BALANCE - 200 * USDC);
    let (assets, shares) = (800 * USDC, 800 * USDC);
    let event = Withdrawn { pool: world.key().pool, owner, assets, shares, state: state(&pool) };
    assert_eq!(only(&receipt), Event::Withdrawn(event));
}

#[test]
fn pays_nav_after_interest() {
    // Given a year of interest: NAV is 1,014.723334
    let mut world = lent(with_interest());
    world.wait(YEAR);
    let preview = world.pool().totals_at(world.now()).unwrap().withdraw(Shares::new(500 * USDC)).unwrap();
    // When Alice burns half of her shares
    world.withdraw("alice", 500 * USDC).unwrap();
    // Then she gets 500 * 1,014.723335 / 1,000.000001
    assert_eq!(world.balance("alice", "USDC"), STARTING_BALANCE - 1_000 * USDC + 507_361_666);
    assert_eq!(preview.assets.get(), 507_361_666, "preview-is-execution");
    assert_eq!(world.pool().totals(), preview.totals, "preview-is-execution");
}

#[test]
fn pays_a_friend() {
    let (mut world, withdraw) = about_to_withdraw();
    let carols = world.wallet("carol", "USDC");
    world.execute(withdraw.with("destination", carols), &["alice"]).unwrap();
    assert_eq!(world.balance("carol", "USDC"), STARTING_BALANCE + 100 * USDC);
}

#[test]
fn leaves_the_rounding_dust_of_the_last_to_reserves() {
    // Given Alice alone and a year of interest, all repaid
    let mut world = lent(with_interest());
    world.wait(YEAR);
    world.repay("bob", "bob", u64::MAX).unwrap();
    let (reserves, worth) = (world.pool().reserves, nav(&world));
    // When she burns all shares
    world.withdraw("alice", u64::MAX).unwrap();
    // Then what rounding and the virtual share withheld is nobody's but the reserves'
    let (pool, paid) = (world.pool(), world.balance("alice", "USDC") - (STARTING_BALANCE - 1_000 * USDC));
    assert_eq!((pool.shares, nav(&world)), (0, 0));
    assert_eq!(pool.reserves - reserves, worth - paid);
    assert!(worth - paid <= 1);
}

#[test]
fn needs_no_price() {
    // Given every price is a day old
    let (mut world, withdraw) = about_to_withdraw();
    for symbol in ["USDC", "SOL"] {
        world.set_price(symbol, world.quote(symbol), 86_400);
    }
    // Then leaving works: always-open
    world.execute(withdraw, &["alice"]).unwrap();
}

#[test]
fn counts_interest() {
    counts_interest_first(|| lent(with_interest()), |world| drop(world.withdraw("alice", 100 * USDC).unwrap()));
}
