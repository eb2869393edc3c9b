use backstop_client::PausableOperation;
use backstop_testkit::Setup;

use crate::fixtures::*;

#[test]
fn pays_into_the_vault() {
    // 400 of 1,000 shares at one to one.
    let (mut world, vault) = lent(Setup::default());
    execute(&mut world, vault.withdraw(150 * USDC, 150 * USDC)).unwrap();
    assert_eq!(vault.idle(&world), 750 * USDC);
    assert_eq!(vault.shares(&world), 250 * USDC);
    execute(&mut world, vault.withdraw(ALL, 250 * USDC)).unwrap();
    assert_eq!(vault.idle(&world), 1_000 * USDC);
    assert_eq!(vault.shares(&world), 0);
}

#[test]
fn bears_a_loss_pro_rata() {
    // 100 of 1,000 are lost: a tenth of everyone's shares, 40 of the vault's 400. The virtual share takes less than a
    // unit.
    let (mut world, vault) = lost(Setup::default());
    execute(&mut world, vault.withdraw(ALL, 0)).unwrap();
    assert_eq!(vault.idle(&world), 960 * USDC);
    world.withdraw("alice", ALL).unwrap();
    assert_eq!(world.pool().shares, 0);
}

#[test]
fn rejects_less_than_the_manager_previewed() {
    // Previewed before the loss: 400.
    let (mut world, vault) = lost(Setup::default());
    refused(&mut world, vault.withdraw(ALL, 400 * USDC), "SlippageExceeded");
}

#[test]
fn rejects_the_vault_of_another() {
    let (mut world, vault) = lent(Setup::default());
    let mallory = world.actor("mallory");
    let withdraw = with(vault.withdraw(ALL, 0), lend::MANAGER, mallory);
    backstop_testkit::assert_error(world.execute(withdraw, &["mallory"]), WRONG_MANAGER);
}

#[test]
fn rejects_to_pay_the_manager() {
    let (mut world, vault) = lent(Setup::default());
    let danas = world.wallet("dana", "USDC");
    refused(&mut world, with(vault.withdraw(ALL, 0), lend::TOKENS, danas), WRONG_TOKEN_ACCOUNT);
}

#[test]
fn rejects_the_position_of_another() {
    let (mut world, vault) = lent(Setup::default());
    let alice = world.actor("alice");
    let alices = backstop_client::address::position(&world.key().pool, &alice);
    refused(&mut world, with(vault.withdraw(ALL, 0), lend::POSITION, alices), "WrongOwner");
}

#[test]
fn passes_on_why_backstop_refuses() {
    let (mut world, vault) = lent(Setup::default());
    world.pause("guardian", PausableOperation::Withdraw, 3_600).unwrap();
    refused(&mut world, vault.withdraw(ALL, 0), "Paused");
}

#[test]
fn waits_while_a_known_loss_does() {
    // Given 100 of 1,000 are known to stay unpaid: all are held, the vault like any other.
    let (mut world, vault) = underwater(Setup::default());
    world.mark("bob").unwrap();
    refused(&mut world, vault.withdraw(ALL, 0), "PoolOnHold");
    refused(&mut world, vault.deposit(USDC, 0), "PoolOnHold");
    // When they are lost, then it leaves with 400 less its tenth.
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    execute(&mut world, vault.withdraw(ALL, 0)).unwrap();
    assert_eq!(vault.idle(&world), 960 * USDC);
}

/// A pool that asks for a notice of an hour.
fn with_notice() -> Setup {
    let mut setup = Setup::default();
    setup.parameters.exit.notice_seconds = 3_600;
    setup
}

#[test]
fn leaves_where_that_takes_notice() {
    let (mut world, vault) = lent(with_notice());
    refused(&mut world, vault.withdraw(ALL, 0), "NoticeDue");
    execute(&mut world, vault.request_withdrawal(100 * USDC)).unwrap();
    let execution = backstop_client::verb::execute_withdrawal(&vault.pool, &vault.address);
    backstop_testkit::assert_error(world.execute(execution.clone(), &[]), "ExitNotMature");
    world.wait(3_600);
    world.execute(execution, &[]).unwrap();
    refused(&mut world, vault.withdraw(ALL, 0), "NoticeDue");
    execute(&mut world, vault.collect()).unwrap();
    assert_eq!(vault.idle(&world), 700 * USDC);
}

#[test]
fn rejects_a_request_of_another() {
    let (mut world, vault) = lent(with_notice());
    let mallory = world.actor("mallory");
    let request = with(vault.request_withdrawal(ALL), lend::MANAGER, mallory);
    backstop_testkit::assert_error(world.execute(request, &["mallory"]), WRONG_MANAGER);
}
