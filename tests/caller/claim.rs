use backstop_testkit::Setup;

use crate::fixtures::*;

#[test]
fn pays_into_the_vault_what_was_recovered() {
    // 50 of the 100 lost come back; the vault has two fifths of the claims. Rounding down takes less than a unit.
    let (mut world, vault) = lost(Setup::default());
    world.repay("bob", "bob", 50 * USDC).unwrap();
    let before = vault.idle(&world);
    let claim = vault.claim(&mut world, 1, 19 * USDC);
    execute(&mut world, claim).unwrap();
    let claimed = vault.idle(&world) - before;
    assert!((20 * USDC - 1..=20 * USDC).contains(&claimed), "{claimed}");
}

#[test]
fn rejects_less_than_the_manager_expects() {
    let (mut world, vault) = lost(Setup::default());
    world.repay("bob", "bob", 50 * USDC).unwrap();
    let claim = vault.claim(&mut world, 1, 21 * USDC);
    refused(&mut world, claim, "SlippageExceeded");
}

#[test]
fn rejects_to_pay_the_manager() {
    let (mut world, vault) = lost(Setup::default());
    world.repay("bob", "bob", 50 * USDC).unwrap();
    let danas = world.wallet("dana", "USDC");
    let claim = vault.claim(&mut world, 1, 0);
    refused(&mut world, with(claim, lend::TOKENS, danas), WRONG_TOKEN_ACCOUNT);
}

#[test]
fn rejects_where_nothing_was_recovered() {
    let (mut world, vault) = lost(Setup::default());
    let claim = vault.claim(&mut world, 1, 0);
    refused(&mut world, claim, "NothingToClaim");
}
