use backstop_client::{Event, Repaid};
use backstop_engine::quantity::{Assets, DebtShares};
use backstop_testkit::{STARTING_BALANCE, Setup, World};
use solana_instruction::Instruction;

use crate::{misuse::*, scene::*};

/// Bob owes 200; he is about to repay 50.
fn about_to_repay() -> (World, Instruction) {
    let mut world = lent(Setup::default());
    let repay = world.repay_instruction("bob", "bob", 50 * USDC);
    (world, repay)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, repay) = about_to_repay();
    refused(&mut world, repay.unsigned("payer"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_paying_from_another_ones_wallet() {
    let (mut world, repay) = about_to_repay();
    let carols = world.wallet("carol", "USDC");
    refused(&mut world, repay.with("source", carols), &["bob"], "TokenOwnerMismatch");
}

#[test]
fn rejects_another_pool() {
    let (mut world, repay) = about_to_repay();
    let (other, bob) = (Neighbour::new(&mut world, &["bob"]), world.actor("bob"));
    refused(&mut world, repay.clone().with("pool", other.pool.pool), &["bob"], "WrongPool");
    refused(&mut world, repay.with("obligation", other.obligation(&bob)), &["bob"], "WrongPool");
}

#[test]
fn rejects_vault_of_another() {
    let (mut world, repay) = about_to_repay();
    let other = Neighbour::new(&mut world, &[]);
    let (sol, carols) = (world.collateral_key("SOL").vault, world.wallet("carol", "USDC"));
    for vault in [other.pool.vault, sol, carols] {
        refused(&mut world, repay.clone().with("vault", vault), &["bob"], "WrongVault");
    }
}

#[test]
fn rejects_vault_as_source() {
    let (mut world, repay) = about_to_repay();
    let vault = world.key().vault;
    refused(&mut world, repay.with("source", vault), &["bob"], "ConstraintDuplicateMutableAccount");
}

#[test]
fn rejects_other_mint() {
    let (mut world, repay) = about_to_repay();
    let sol = world.collateral_key("SOL").mint;
    refused(&mut world, repay.with("mint", sol), &["bob"], "WrongMint");
}

#[test]
fn rejects_source_of_other_mint() {
    let (mut world, repay) = about_to_repay();
    let sol = world.wallet("bob", "SOL");
    refused(&mut world, repay.with("source", sol), &["bob"], "TokenMintMismatch");
}

#[test]
fn rejects_token_program_of_another_kind() {
    let (mut world, repay) = about_to_repay();
    refused(&mut world, repay.with("token_program", TOKEN_2022_PROGRAM), &["bob"], "IncorrectProgramId");
}

#[test]
fn rejects_position_as_obligation() {
    let (mut world, repay) = about_to_repay();
    let position = position_of(&mut world, "alice");
    refused(&mut world, repay.with("obligation", position), &["bob"], "AccountDataTooSmall");
}

#[test]
fn rejects_pool_as_obligation() {
    // Another pool's, which is larger than an obligation: the type decides, not the size.
    let (mut world, repay) = about_to_repay();
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, repay.with("obligation", other.pool.pool), &["bob"], "InvalidAccountData");
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, repay) = about_to_repay();
    for account in ["pool", "obligation"] {
        let original = repay.address_of(account);
        let forged = forged(&mut world, original);
        refused(&mut world, repay.clone().with(account, forged), &["bob"], "IllegalOwner");
    }
}

#[test]
fn rejects_nothing() {
    let (mut world, _) = about_to_repay();
    let repay = world.repay_instruction("bob", "bob", 0);
    refused(&mut world, repay, &["bob"], "AmountTooSmall");
}

#[test]
fn rejects_amount_that_pays_no_debt_share() {
    // Given a debt share worth 1.105
    let mut world = lent(with_interest());
    world.wait(YEAR);
    let repay = world.repay_instruction("bob", "bob", 1);
    refused(&mut world, repay, &["bob"], "AmountTooSmall");
}

#[test]
fn rejects_obligation_without_debt() {
    let (mut world, _) = about_to_repay();
    world.repay("bob", "bob", u64::MAX).unwrap();
    let repay = world.repay_instruction("bob", "bob", u64::MAX);
    refused(&mut world, repay, &["bob"], "NoDebt");
}

#[test]
fn rejects_debt_that_was_written_off() {
    let mut world = recorded(Setup::default());
    let repay = world.repay_instruction("bob", "bob", 50 * USDC);
    refused(&mut world, repay.clone(), &["bob"], "DebtWrittenOff");
    // When it is recovered, then there is simply none
    world.recover("bob", "bob", u64::MAX).unwrap();
    refused(&mut world, repay, &["bob"], "NoDebt");
}

#[test]
fn rejects_more_than_the_wallet_holds() {
    let (mut world, repay) = about_to_repay();
    world.set_balance("bob", "USDC", 50 * USDC - 1);
    refused(&mut world, repay, &["bob"], "TokenInsufficientFunds");
}

#[test]
fn takes_what_is_offered() {
    // When Bob offers 50 of 200
    let (mut world, repay) = about_to_repay();
    let receipt = world.execute(repay, &["bob"]).unwrap();
    // Then he owes 150
    let pool = world.pool();
    assert_eq!((pool.cash, pool.debt_shares, debt_of(&mut world, "bob")), (850 * USDC, 150 * USDC, 150 * USDC));
    assert_eq!(world.balance("bob", "USDC"), STARTING_BALANCE + 150 * USDC);
    assert_eq!(world.balance_at(&world.key().vault), 900 * USDC);
    assert_eq!(nav(&world), 1_000 * USDC);
    let (obligation, assets, debt_shares) = (world.obligation_address("bob"), 50 * USDC, 150 * USDC);
    let event = Repaid { pool: world.key().pool, obligation, assets, debt_shares, provision: 0, state: state(&pool) };
    assert_eq!(only(&receipt), Event::Repaid(event));
}

#[test]
fn takes_the_whole_debt_and_no_more() {
    // Given a year of interest: 221.0333333.. are owed
    let mut world = lent(with_interest());
    world.wait(YEAR);
    let totals = world.pool().totals_at(world.now()).unwrap();
    let preview = totals.repay(DebtShares::new(200 * USDC), Assets::new(u64::MAX)).unwrap();
    // When Bob offers all he has
    world.repay("bob", "bob", u64::MAX).unwrap();
    // Then 221.033334 are taken
    assert_eq!(world.balance("bob", "USDC"), STARTING_BALANCE + 200 * USDC - 221_033_334);
    assert_eq!((world.obligation("bob").unwrap().debt_shares, world.pool().debt_shares), (0, 0));
    assert_eq!(preview.paid.get(), 221_033_334, "preview-is-execution");
    assert_eq!(world.pool().totals(), preview.totals, "preview-is-execution");
}

#[test]
fn rounds_the_debt_shares_paid_down() {
    // Given a debt share worth 1.10516666..
    let mut world = lent(with_interest());
    world.wait(YEAR);
    // When Bob pays 50: 45.242044940.. shares
    world.repay("bob", "bob", 50 * USDC).unwrap();
    // Then he is rid of 45.242044
    assert_eq!(world.obligation("bob").unwrap().debt_shares, 200 * USDC - 45_242_044);
}

#[test]
fn takes_what_the_debt_shares_cost_and_no_more() {
    // Given a debt share worth 2.666..
    let mut world = costly_shares();
    let before = world.balance("bob", "USDC");
    // When Bob offers 10 base units: three debt shares, which cost 8
    world.repay("bob", "bob", 10).unwrap();
    // Then the other two stay with him
    assert_eq!(world.obligation("bob").unwrap().debt_shares, 200 * USDC - 3);
    assert_eq!(before - world.balance("bob", "USDC"), 8);
    assert_eq!((world.pool().cash, world.balance_at(&world.key().vault)), (8, 8));
}

#[test]
fn may_be_paid_by_anyone() {
    let (mut world, _) = about_to_repay();
    world.repay("carol", "bob", 30 * USDC).unwrap();
    assert_eq!(debt_of(&mut world, "bob"), 170 * USDC);
    assert_eq!(world.balance("carol", "USDC"), STARTING_BALANCE - 30 * USDC);
}

#[test]
fn needs_no_price() {
    // Given prices a day old and collateral worth nothing: repaying is always open
    let (mut world, repay) = about_to_repay();
    set_cents(&mut world, "SOL", 0);
    world.set_price("USDC", world.quote("USDC"), 86_400);
    assert_eq!(repay.accounts.len(), 7);
    world.execute(repay, &["bob"]).unwrap();
    assert_eq!(debt_of(&mut world, "bob"), 150 * USDC);
}

#[test]
fn leaves_a_debt_below_the_minimum_if_asked_to() {
    let mut setup = Setup::default();
    setup.parameters.liquidation.min_debt = 10 * USDC;
    let mut world = lent(setup);
    world.repay("bob", "bob", 199 * USDC).unwrap();
    assert_eq!(debt_of(&mut world, "bob"), USDC);
}

#[test]
fn does_not_make_the_debt_younger() {
    let (mut world, repay) = about_to_repay();
    let before = world.obligation("bob").unwrap().exposed_at_slot;
    world.execute(repay, &["bob"]).unwrap();
    assert_eq!(world.obligation("bob").unwrap().exposed_at_slot, before);
}

#[test]
fn counts_interest() {
    counts_interest_first(|| lent(with_interest()), |world| drop(world.repay("bob", "bob", 50 * USDC).unwrap()));
}

#[test]
fn lowers_the_provision_by_what_is_paid() {
    // Given 200 owed, of which 100 are expected to stay unpaid
    let mut world = provisioned(Setup::default());
    // When Bob pays 30, then 70 are
    let receipt = world.repay("bob", "bob", 30 * USDC).unwrap();
    let Event::Repaid(event) = only(&receipt) else { panic!("another event") };
    assert_eq!((event.provision, world.obligation("bob").unwrap().provision), (70 * USDC, 70 * USDC));
    assert_eq!((world.pool().provisions, world.pool().provisioned), (70 * USDC, 1), "provision-once");
    // And marking it anew finds the same
    world.provision("bob").unwrap();
    assert_eq!(world.pool().provisions, 70 * USDC, "provision-once");
    // When he pays 80 more, then none is, and Alice can leave at NAV
    world.repay("bob", "bob", 80 * USDC).unwrap();
    assert_eq!((world.pool().provisions, world.pool().provisioned), (0, 0), "provision-once");
    world.withdraw("alice", 100 * USDC).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-900));
}

#[test]
fn releases_the_provision_with_the_whole_debt() {
    let mut world = provisioned(with_interest());
    world.wait(YEAR);
    world.repay("bob", "bob", u64::MAX).unwrap();
    assert_eq!((world.pool().provisions, world.pool().provisioned), (0, 0), "provision-once");
    assert_eq!(world.obligation("bob").unwrap().provision, 0, "provision-once");
}

#[test]
fn pays_a_new_debt_of_one_whose_old_one_was_written_off() {
    // Given 20 of new debt besides the 100 that were written off, which 6 SOL carry together
    let mut world = recorded(Setup::default());
    world.set_dollars("SOL", 30);
    world.deposit_collateral("bob", "SOL", 6 * SOL).unwrap();
    world.borrow("bob", 20 * USDC).unwrap();
    world.repay("bob", "bob", u64::MAX).unwrap();
    let obligation = world.obligation("bob").unwrap();
    assert_eq!((obligation.debt_shares, obligation.unrecovered().get()), (0, 100 * USDC));
}
