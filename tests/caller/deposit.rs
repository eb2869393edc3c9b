use backstop_client::{BackstopError, PausableOperation};
use backstop_testkit::{Refusal, Setup};
use solana_address::Address;

use crate::fixtures::*;

#[test]
fn lends_what_the_vault_has() {
    // The first deposit of a pool is one to one.
    let (mut world, vault) = vault(Setup::default());
    execute(&mut world, vault.deposit(400 * USDC, 400 * USDC)).unwrap();
    assert_eq!(vault.shares(&world), 400 * USDC);
    assert_eq!(vault.idle(&world), 600 * USDC);
    assert_eq!(world.pool().cash, 400 * USDC);
}

#[test]
fn rejects_fewer_shares_than_the_manager_previewed() {
    let (mut world, vault) = vault(Setup::default());
    refused(&mut world, vault.deposit(400 * USDC, 400 * USDC + 1), "SlippageExceeded");
}

#[test]
fn rejects_more_than_the_vault_has() {
    let (mut world, vault) = vault(Setup::default());
    refused(&mut world, vault.deposit(1_001 * USDC, 0), "TokenInsufficientFunds");
}

#[test]
fn passes_on_why_backstop_refuses() {
    let (mut world, vault) = vault(Setup::default());
    world.pause("guardian", PausableOperation::Deposit, 3_600).unwrap();
    let failure = execute(&mut world, vault.deposit(USDC, 0)).unwrap_err();
    assert_eq!(failure.refusal, Refusal::Backstop(BackstopError::Paused));
}

#[test]
fn rejects_missing_signature() {
    let (mut world, vault) = vault(Setup::default());
    let mut deposit = vault.deposit(USDC, 0);
    deposit.accounts[lend::MANAGER].is_signer = false;
    backstop_testkit::assert_error(world.execute(deposit, &[]), "MissingRequiredSignature");
}

#[test]
fn rejects_the_vault_of_another() {
    let (mut world, vault) = vault(Setup::default());
    let mallory = world.actor("mallory");
    let deposit = with(vault.deposit(USDC, 0), lend::MANAGER, mallory);
    backstop_testkit::assert_error(world.execute(deposit, &["mallory"]), WRONG_MANAGER);
}

#[test]
fn rejects_an_account_that_only_looks_like_a_vault() {
    // Mallory cannot make an account of the vault's program, so hers belongs to another.
    let (mut world, vault) = vault(Setup::default());
    let (mut account, forged) = (world.account(&vault.address).unwrap(), Address::new_unique());
    account.owner = Address::default();
    world.set_account(forged, account);
    refused(&mut world, with(vault.deposit(USDC, 0), lend::VAULT, forged), "IllegalOwner");
}

#[test]
fn rejects_other_tokens_than_the_vaults() {
    let (mut world, vault) = vault(Setup::default());
    let alices = world.wallet("alice", "USDC");
    refused(&mut world, with(vault.deposit(USDC, 0), lend::TOKENS, alices), WRONG_TOKEN_ACCOUNT);
}

#[test]
fn rejects_another_pool() {
    let (mut world, vault) = vault(Setup::default());
    let other = another_pool(&mut world);
    refused(&mut world, with(vault.deposit(USDC, 0), lend::POOL, other.pool), WRONG_POOL);
}

#[test]
fn rejects_the_position_of_another() {
    let (mut world, vault) = vault(Setup::default());
    world.deposit("alice", USDC).unwrap();
    let alice = world.actor("alice");
    let alices = backstop_client::address::position(&world.key().pool, &alice);
    refused(&mut world, with(vault.deposit(USDC, 0), lend::POSITION, alices), "WrongOwner");
}

#[test]
fn rejects_the_vault_of_another_pool() {
    let (mut world, vault) = vault(Setup::default());
    let other = another_pool(&mut world);
    refused(&mut world, with(vault.deposit(USDC, 0), lend::POOL_VAULT, other.vault), "WrongVault");
}

#[test]
fn rejects_another_mint() {
    let (mut world, vault) = vault(Setup::default());
    let sol = world.collateral_key("SOL").mint;
    refused(&mut world, with(vault.deposit(USDC, 0), lend::MINT, sol), "WrongMint");
}

#[test]
fn rejects_what_is_no_token_program() {
    let (mut world, vault) = vault(Setup::default());
    let impostor = impostor(&mut world);
    refused(&mut world, with(vault.deposit(USDC, 0), lend::TOKEN_PROGRAM, impostor), "IncorrectProgramId");
}

#[test]
fn rejects_a_program_that_is_not_backstop() {
    // It would be handed the vault's signature.
    let (mut world, vault) = vault(Setup::default());
    let impostor = impostor(&mut world);
    refused(&mut world, with(vault.deposit(USDC, 0), lend::BACKSTOP, impostor), "IncorrectProgramId");
}

/// Of what the vault adds, the runtime's price for the call and for checking the vault's seeds is 2,500; the rest is
/// Anchor's.
#[test]
fn costs_at_most_ten_thousand_units_on_top_of_the_deposit_itself() {
    let (mut world, vault) = lent(Setup::default());
    let direct = world.deposit("alice", USDC).unwrap().compute_units;
    let through = execute(&mut world, vault.deposit(USDC, 0)).unwrap().compute_units;
    println!("a deposit costs {direct} compute units, through the vault {through}");
    assert!(through - direct <= 10_000, "{direct} directly, {through} through the vault");
}
