use backstop_client::{Borrowed, Event, PausableOperation};
use backstop_engine::quantity::{Assets, DebtShares};
use backstop_testkit::{STARTING_BALANCE, Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// Bob holds 10 SOL and 0.1 ETH, worth 500, and owes 200; he is about to borrow 50. Priced by USDC, SOL, ETH.
fn about_to_borrow() -> (World, Instruction) {
    let mut world = lent(two_collaterals());
    world.deposit_collateral("bob", "ETH", ETH / 10).unwrap();
    let borrow = world.borrow_instruction("bob", 50 * USDC);
    (world, borrow)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, borrow) = about_to_borrow();
    refused(&mut world, borrow.unsigned("owner"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_signature_of_another() {
    let (mut world, borrow) = about_to_borrow();
    let mallory = world.actor("mallory");
    refused(&mut world, borrow.with("owner", mallory), &["mallory"], "WrongOwner");
}

#[test]
fn rejects_obligation_of_another() {
    let (mut world, _) = about_to_borrow();
    let bobs = world.obligation_address("bob");
    world.open_obligation("mallory").unwrap();
    let borrow = world.borrow_instruction("mallory", USDC).with("obligation", bobs);
    refused(&mut world, borrow, &["mallory"], "WrongOwner");
}

#[test]
fn rejects_another_pool() {
    let (mut world, borrow) = about_to_borrow();
    let (other, bob) = (Neighbour::new(&mut world, &["bob"]), world.actor("bob"));
    refused(&mut world, borrow.clone().with("pool", other.pool.pool), &["bob"], "WrongPool");
    refused(&mut world, borrow.with("obligation", other.obligation(&bob)), &["bob"], "WrongPool");
}

#[test]
fn rejects_vault_of_a_collateral() {
    let (mut world, borrow) = about_to_borrow();
    let vault = world.collateral_key("SOL").vault;
    refused(&mut world, borrow.with("vault", vault), &["bob"], "WrongVault");
}

#[test]
fn rejects_vault_of_another_pool() {
    let (mut world, borrow) = about_to_borrow();
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, borrow.with("vault", other.pool.vault), &["bob"], "WrongVault");
}

#[test]
fn rejects_vault_as_destination() {
    let (mut world, borrow) = about_to_borrow();
    let vault = world.key().vault;
    refused(&mut world, borrow.with("destination", vault), &["bob"], "ConstraintDuplicateMutableAccount");
}

#[test]
fn rejects_other_mint() {
    let (mut world, borrow) = about_to_borrow();
    let sol = world.collateral_key("SOL").mint;
    refused(&mut world, borrow.with("mint", sol), &["bob"], "WrongMint");
}

#[test]
fn rejects_destination_of_other_mint() {
    let (mut world, borrow) = about_to_borrow();
    let sol = world.wallet("bob", "SOL");
    refused(&mut world, borrow.with("destination", sol), &["bob"], "TokenMintMismatch");
}

#[test]
fn rejects_token_program_of_another_kind() {
    let (mut world, borrow) = about_to_borrow();
    refused(&mut world, borrow.with("token_program", TOKEN_2022_PROGRAM), &["bob"], "IncorrectProgramId");
}

#[test]
fn rejects_position_as_obligation() {
    let (mut world, borrow) = about_to_borrow();
    let position = position_of(&mut world, "alice");
    refused(&mut world, borrow.with("obligation", position), &["bob"], "AccountDataTooSmall");
}

#[test]
fn rejects_pool_as_obligation() {
    // Another pool's, which is larger than an obligation: the type decides, not the size.
    let (mut world, borrow) = about_to_borrow();
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, borrow.with("obligation", other.pool.pool), &["bob"], "InvalidAccountData");
}

#[test]
fn rejects_fund_as_pool() {
    let (mut world, borrow) = about_to_borrow();
    let fund = world.key().insurance_fund;
    refused(&mut world, borrow.with("pool", fund), &["bob"], "AccountDataTooSmall");
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, borrow) = about_to_borrow();
    for account in ["pool", "obligation"] {
        let original = borrow.address_of(account);
        let forged = forged(&mut world, original);
        refused(&mut world, borrow.clone().with(account, forged), &["bob"], "IllegalOwner");
    }
}

#[test]
fn rejects_borrowing_while_the_breaker_is_tripped() {
    let mut world = tripped();
    world.set_dollars("SOL", 30);
    world.deposit_collateral("ben", "SOL", 10 * SOL).unwrap();
    let borrow = world.borrow_instruction("ben", 10 * USDC);
    refused(&mut world, borrow.clone(), &["ben"], "BreakerTripped");
    world.wait(483_840);
    world.execute(borrow, &["ben"]).unwrap();
}

#[test]
fn rejects_borrowing_while_it_is_paused() {
    // Also without prices, and while the breaker is tripped
    let (mut world, borrow) = about_to_borrow();
    let unpriced = borrow.clone().with_extras(0);
    stops_while_paused(&mut world, PausableOperation::Borrow, &borrow, &unpriced, &["bob"]);
    let mut world = tripped();
    world.set_dollars("SOL", 30);
    world.deposit_collateral("ben", "SOL", 10 * SOL).unwrap();
    let borrow = world.borrow_instruction("ben", 10 * USDC);
    world.pause("dao", PausableOperation::Borrow, 3_600).unwrap();
    refused(&mut world, borrow.clone(), &["ben"], "Paused");
    world.wait(3_600);
    refused(&mut world, borrow, &["ben"], "BreakerTripped");
}

#[test]
fn rejects_nothing() {
    let (mut world, _) = about_to_borrow();
    let borrow = world.borrow_instruction("bob", 0);
    refused(&mut world, borrow, &["bob"], "AmountTooSmall");
}

#[test]
fn rejects_more_than_the_cash() {
    // Given 800 in cash, 1,000,000 worth of SOL, and a donation to the vault that is not cash
    let (mut world, _) = about_to_borrow();
    world.deposit_collateral("bob", "SOL", 100_000 * SOL).unwrap();
    let vault = world.key().vault;
    let mut account = world.account(&vault).unwrap();
    account.data[64..72].copy_from_slice(&(2_000 * USDC).to_le_bytes());
    world.set_account(vault, account);
    for assets in [800 * USDC + 1, u64::MAX] {
        let borrow = world.borrow_instruction("bob", assets);
        refused(&mut world, borrow, &["bob"], "InsufficientCash");
    }
    world.borrow("bob", 800 * USDC).unwrap();
}

#[test]
fn rejects_more_than_the_collateral_carries() {
    // Given 500 worth of collateral, of which 75 % count, and 200 owed
    let (mut world, _) = about_to_borrow();
    let borrow = world.borrow_instruction("bob", 175 * USDC + 1);
    refused(&mut world, borrow, &["bob"], "LoanToValueExceeded");
    world.borrow("bob", 175 * USDC).unwrap();
}

#[test]
fn rejects_more_than_is_carried_with_what_was_written_off() {
    // Given 100 of Bob's that were written off, and 10 SOL that carry 225
    let mut world = recorded(Setup::default());
    world.set_dollars("SOL", 30);
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    let borrow = world.borrow_instruction("bob", 125 * USDC + 1);
    refused(&mut world, borrow, &["bob"], "LoanToValueExceeded");
    // When 40 of them are recovered, then 60 count
    world.repay("liz", "bob", 40 * USDC).unwrap();
    let borrow = world.borrow_instruction("bob", 165 * USDC + 1);
    refused(&mut world, borrow, &["bob"], "LoanToValueExceeded");
    world.borrow("bob", 165 * USDC).unwrap();
    assert_eq!(debt_of(&mut world, "bob"), 165 * USDC);
}

#[test]
fn rejects_debt_below_the_minimum_also_where_debt_was_written_off() {
    // Given a minimum of 50, and 100 that were written off
    let mut setup = Setup::default();
    setup.parameters.liquidation.min_debt = 50 * USDC;
    let mut world = recorded(setup);
    world.set_dollars("SOL", 30);
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    let borrow = world.borrow_instruction("bob", 50 * USDC - 1);
    refused(&mut world, borrow, &["bob"], "DebtBelowMinimum");
    world.borrow("bob", 50 * USDC).unwrap();
}

#[test]
fn counts_a_price_far_from_its_average_at_the_average() {
    // Given prices that may be a tenth from their averages, and SOL at 60 where its average is 30: 10 carry 225
    let mut setup = Setup::default();
    setup.parameters.risk.max_premium_bps = 1_000;
    let mut world = lent(setup);
    world.set_dollars("SOL", 60);
    let borrow = world.borrow_instruction("bob", 25 * USDC + 1);
    refused(&mut world, borrow, &["bob"], "LoanToValueExceeded");
    world.borrow("bob", 25 * USDC).unwrap();
}

#[test]
fn rejects_debt_below_the_minimum() {
    let mut setup = Setup::default();
    setup.parameters.liquidation.min_debt = 10 * USDC;
    let mut world = lent(setup);
    world.deposit_collateral("carol", "SOL", SOL).unwrap();
    let borrow = world.borrow_instruction("carol", 10 * USDC - 1);
    refused(&mut world, borrow, &["carol"], "DebtBelowMinimum");
    world.borrow("carol", 10 * USDC).unwrap();
    // a small addition to a debt that reaches the minimum is fine
    world.borrow("carol", 1).unwrap();
}

#[test]
fn rejects_borrowing_without_collateral() {
    let (mut world, _) = about_to_borrow();
    world.open_obligation("carol").unwrap();
    let borrow = world.borrow_instruction("carol", 1);
    refused(&mut world, borrow, &["carol"], "LoanToValueExceeded");
}

#[test]
fn rejects_leaving_prices_out() {
    let (mut world, borrow) = about_to_borrow();
    for count in 0..5 {
        refused(&mut world, borrow.clone().with_extras(count), &["bob"], "MissingPrice");
    }
}

#[test]
fn rejects_unusable_prices() {
    let (mut world, borrow) = about_to_borrow();
    refuses_unusable_prices(&mut world, &borrow, &["bob"], &[(0, "USDC"), (2, "SOL"), (4, "ETH")]);
}

#[test]
fn rejects_price_of_another_token() {
    let (mut world, borrow) = about_to_borrow();
    let eth = world.price_account("ETH");
    refused(&mut world, borrow.clone().with_extra(0, eth), &["bob"], "WrongFeed");
    refused(&mut world, borrow.with_extra(2, eth), &["bob"], "WrongFeed");
}

#[test]
fn rejects_collaterals_in_another_order() {
    let (mut world, borrow) = about_to_borrow();
    let (sol, eth) = (world.collateral_key("SOL").collateral, world.collateral_key("ETH").collateral);
    refused(&mut world, borrow.clone().with_extra(1, eth).with_extra(3, sol), &["bob"], "WrongCollateral");
    refused(&mut world, borrow.with_extra(3, sol), &["bob"], "WrongCollateral");
}

#[test]
fn rejects_collateral_that_is_not_held() {
    // Given Carol, who holds SOL only
    let (mut world, _) = about_to_borrow();
    world.deposit_collateral("carol", "SOL", SOL).unwrap();
    // When she passes ETH, in place of SOL or after it
    let eth = (world.collateral_key("ETH").collateral, world.price_account("ETH"));
    let borrow = world.borrow_instruction("carol", 20 * USDC);
    let instead = borrow.with_extra(1, eth.0).with_extra(2, eth.1);
    refused(&mut world, instead, &["carol"], "WrongCollateral");
    let beyond = world.borrow_instruction("carol", 23 * USDC).and_extra(eth.0).and_extra(eth.1);
    // Then it does not count
    refused(&mut world, beyond, &["carol"], "LoanToValueExceeded");
}

#[test]
fn rejects_collateral_of_another_pool() {
    let (mut world, borrow) = about_to_borrow();
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, borrow.with_extra(1, other.sol.collateral), &["bob"], "WrongCollateral");
}

#[test]
fn rejects_collateral_counted_twice() {
    let (mut world, borrow) = about_to_borrow();
    let (sol, price) = (world.collateral_key("SOL").collateral, world.price_account("SOL"));
    refused(&mut world, borrow.with_extra(3, sol).with_extra(4, price), &["bob"], "WrongCollateral");
}

#[test]
fn pays_out_exactly_what_is_asked_for() {
    // When Bob borrows 50 more
    let (mut world, borrow) = about_to_borrow();
    let receipt = world.execute(borrow, &["bob"]).unwrap();
    // Then he has them and owes 250
    let pool = world.pool();
    assert_eq!(world.balance("bob", "USDC"), STARTING_BALANCE + 250 * USDC);
    assert_eq!((pool.cash, pool.debt_shares, debt_of(&mut world, "bob")), (750 * USDC, 250 * USDC, 250 * USDC));
    assert_eq!(world.balance_at(&world.key().vault), 800 * USDC);
    assert_eq!(nav(&world), 1_000 * USDC);
    let (obligation, assets, debt_shares) = (world.obligation_address("bob"), 50 * USDC, 250 * USDC);
    let event = Borrowed { pool: world.key().pool, obligation, assets, debt_shares, state: state(&pool) };
    assert_eq!(only(&receipt), Event::Borrowed(event));
}

#[test]
fn rounds_the_debt_up() {
    // Given a year of interest: a debt share is worth 1.10516666..
    let mut world = lent(with_interest());
    world.deposit_collateral("bob", "ETH", ETH / 10).unwrap();
    world.wait(YEAR);
    let totals = world.pool().totals_at(world.now()).unwrap();
    let preview = totals.borrow(DebtShares::new(200 * USDC), Assets::new(50 * USDC), Assets::ZERO).unwrap();
    // When Bob borrows 50: 45.242044940.. shares
    world.borrow("bob", 50 * USDC).unwrap();
    // Then he owes 45.242045 shares more
    assert_eq!(world.obligation("bob").unwrap().debt_shares, 245_242_045);
    assert_eq!(preview.debt_shares.get(), 245_242_045, "preview-is-execution");
    assert_eq!(world.pool().totals(), preview.totals, "preview-is-execution");
}

#[test]
fn pays_a_friend() {
    let (mut world, borrow) = about_to_borrow();
    let carols = world.wallet("carol", "USDC");
    world.execute(borrow.with("destination", carols), &["bob"]).unwrap();
    assert_eq!(world.balance("carol", "USDC"), STARTING_BALANCE + 50 * USDC);
}

#[test]
fn makes_the_debt_young() {
    let (mut world, borrow) = about_to_borrow();
    let before = world.obligation("bob").unwrap().last_risk_increase_slot;
    world.advance(0, 50);
    world.execute(borrow, &["bob"]).unwrap();
    assert_eq!(world.obligation("bob").unwrap().last_risk_increase_slot, before + 52);
}

#[test]
fn counts_interest() {
    counts_interest_first(|| lent(with_interest()), |world| drop(world.borrow("bob", USDC).unwrap()));
}

#[test]
fn works_with_eight_collaterals() {
    let mut world = World::new(many_collaterals(8));
    world.deposit("alice", 1_000 * USDC).unwrap();
    for index in 0..8 {
        world.deposit_collateral("bob", &format!("C{index}"), 10 * USDC).unwrap();
    }
    let over = world.borrow_instruction("bob", 60 * USDC + 1);
    refused(&mut world, over, &["bob"], "LoanToValueExceeded");
    world.borrow("bob", 60 * USDC).unwrap();
}
