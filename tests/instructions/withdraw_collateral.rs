use backstop_client::{
    CollateralWithdrawn, Event, PausableOperation,
    verb::{self, Prices},
};
use backstop_testkit::{STARTING_BALANCE, Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// Bob holds 10 SOL and 0.1 ETH and owes 200; he is about to take 2 SOL back. The instruction is priced by USDC, SOL,
/// ETH.
fn about_to_withdraw() -> (World, Instruction) {
    let mut world = lent(two_collaterals());
    world.deposit_collateral("bob", "ETH", ETH / 10).unwrap();
    let withdraw = world.withdraw_collateral_instruction("bob", "SOL", 2 * SOL);
    (world, withdraw)
}

/// The same without debt and without prices.
fn about_to_withdraw_without_debt() -> (World, Instruction) {
    let (mut world, _) = about_to_withdraw();
    world.repay("bob", "bob", u64::MAX).unwrap();
    let withdraw = world.withdraw_collateral_instruction("bob", "SOL", 2 * SOL);
    (world, withdraw)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, withdraw) = about_to_withdraw_without_debt();
    refused(&mut world, withdraw.unsigned("owner"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_signature_of_another() {
    let (mut world, withdraw) = about_to_withdraw_without_debt();
    let mallory = world.actor("mallory");
    refused(&mut world, withdraw.with("owner", mallory), &["mallory"], "WrongOwner");
}

#[test]
fn rejects_withdrawal_while_collateral_withdrawals_are_paused() {
    let what = PausableOperation::WithdrawCollateral;
    let (mut world, withdraw) = about_to_withdraw();
    let unpriced = withdraw.clone().with_extras(0);
    stops_while_paused(&mut world, what, &withdraw, &unpriced, &["bob"]);
    // Also of one who owes nothing
    let (mut world, withdraw) = about_to_withdraw_without_debt();
    let too_much = world.withdraw_collateral_instruction("bob", "SOL", 11 * SOL);
    stops_while_paused(&mut world, what, &withdraw, &too_much, &["bob"]);
}

#[test]
fn rejects_obligation_of_another() {
    let (mut world, _) = about_to_withdraw_without_debt();
    let bobs = world.obligation_address("bob");
    world.open_obligation("mallory").unwrap();
    let withdraw = world.withdraw_collateral_instruction("mallory", "SOL", SOL).with("obligation", bobs);
    refused(&mut world, withdraw, &["mallory"], "WrongOwner");
}

#[test]
fn rejects_another_pool() {
    let (mut world, withdraw) = about_to_withdraw_without_debt();
    let (other, bob) = (Neighbour::new(&mut world, &["bob"]), world.actor("bob"));
    refused(&mut world, withdraw.clone().with("pool", other.pool.pool), &["bob"], "WrongPool");
    refused(&mut world, withdraw.clone().with("obligation", other.obligation(&bob)), &["bob"], "WrongPool");
    refused(&mut world, withdraw.with("collateral", other.sol.collateral), &["bob"], "WrongPool");
}

#[test]
fn rejects_obligation_of_another_pool_together_with_it() {
    // Given a pool of Mallory's own, in which Bob owes nothing
    let (mut world, withdraw) = about_to_withdraw();
    let (other, bob) = (Neighbour::new(&mut world, &["bob"]), world.actor("bob"));
    // When he asks that pool for this pool's collateral, then it is not its own
    let withdraw = withdraw.with("pool", other.pool.pool).with("obligation", other.obligation(&bob));
    refused(&mut world, withdraw, &["bob"], "WrongPool");
}

#[test]
fn rejects_vault_of_another_collateral() {
    let (mut world, withdraw) = about_to_withdraw_without_debt();
    let (eth, other) = (world.collateral_key("ETH"), Neighbour::new(&mut world, &[]));
    refused(&mut world, withdraw.clone().with("vault", eth.vault), &["bob"], "WrongVault");
    refused(&mut world, withdraw.with("vault", other.sol.vault), &["bob"], "WrongVault");
}

#[test]
fn rejects_vault_as_destination() {
    let (mut world, withdraw) = about_to_withdraw_without_debt();
    let vault = world.collateral_key("SOL").vault;
    refused(&mut world, withdraw.with("destination", vault), &["bob"], "ConstraintDuplicateMutableAccount");
}

#[test]
fn rejects_other_mint() {
    let (mut world, withdraw) = about_to_withdraw_without_debt();
    let eth = world.collateral_key("ETH").mint;
    refused(&mut world, withdraw.with("mint", eth), &["bob"], "WrongMint");
}

#[test]
fn rejects_token_program_of_another_kind() {
    let (mut world, withdraw) = about_to_withdraw_without_debt();
    refused(&mut world, withdraw.with("token_program", TOKEN_2022_PROGRAM), &["bob"], "IncorrectProgramId");
}

#[test]
fn rejects_position_as_obligation() {
    let (mut world, withdraw) = about_to_withdraw_without_debt();
    let position = position_of(&mut world, "alice");
    refused(&mut world, withdraw.with("obligation", position), &["bob"], "AccountDataTooSmall");
}

#[test]
fn rejects_pool_as_obligation() {
    // Another pool's, which is larger than an obligation: the type decides, not the size.
    let (mut world, withdraw) = about_to_withdraw_without_debt();
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, withdraw.with("obligation", other.pool.pool), &["bob"], "InvalidAccountData");
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, withdraw) = about_to_withdraw_without_debt();
    for account in ["pool", "obligation", "collateral"] {
        let original = withdraw.address_of(account);
        let forged = forged(&mut world, original);
        refused(&mut world, withdraw.clone().with(account, forged), &["bob"], "IllegalOwner");
    }
}

#[test]
fn rejects_nothing() {
    let (mut world, _) = about_to_withdraw_without_debt();
    let withdraw = world.withdraw_collateral_instruction("bob", "SOL", 0);
    refused(&mut world, withdraw, &["bob"], "AmountTooSmall");
}

#[test]
fn rejects_all_of_nothing() {
    let (mut world, _) = about_to_withdraw_without_debt();
    world.withdraw_collateral("bob", "SOL", u64::MAX).unwrap();
    let withdraw = world.withdraw_collateral_instruction("bob", "SOL", u64::MAX);
    refused(&mut world, withdraw, &["bob"], "AmountTooSmall");
}

#[test]
fn rejects_more_than_held() {
    // Given Carol's SOL in the same vault
    let (mut world, _) = about_to_withdraw_without_debt();
    world.deposit_collateral("carol", "SOL", 100 * SOL).unwrap();
    for units in [10 * SOL + 1, u64::MAX - 1] {
        let withdraw = world.withdraw_collateral_instruction("bob", "SOL", units);
        refused(&mut world, withdraw, &["bob"], "InsufficientCollateral");
    }
}

#[test]
fn rejects_collateral_that_is_not_held() {
    let (mut world, _) = about_to_withdraw_without_debt();
    world.withdraw_collateral("bob", "ETH", u64::MAX).unwrap();
    world.deposit_collateral("carol", "ETH", ETH).unwrap();
    let withdraw = world.withdraw_collateral_instruction("bob", "ETH", 1);
    refused(&mut world, withdraw, &["bob"], "InsufficientCollateral");
}

#[test]
fn rejects_leaving_less_than_the_debt_needs() {
    // Given 200 owed against 300 of SOL and 200 of ETH, of which 75 % count: 233.33 of SOL may go
    let (mut world, _) = about_to_withdraw();
    let most = 7_777_777_777;
    let withdraw = world.withdraw_collateral_instruction("bob", "SOL", most + 1);
    refused(&mut world, withdraw, &["bob"], "LoanToValueExceeded");
    world.withdraw_collateral("bob", "SOL", most).unwrap();
}

#[test]
fn rejects_taking_all_while_in_debt() {
    let mut world = lent(Setup::default());
    let withdraw = world.withdraw_collateral_instruction("bob", "SOL", u64::MAX);
    refused(&mut world, withdraw, &["bob"], "LoanToValueExceeded");
}

/// Bob's 100 were written off of 200 that he owed, and he holds 4 SOL at 30 USD, which carry 90. Priced by USDC, SOL.
fn written_off() -> (World, Instruction) {
    let mut world = recorded(two_collaterals());
    world.set_dollars("SOL", 30);
    world.deposit_collateral("bob", "SOL", 4 * SOL).unwrap();
    let withdraw = world.withdraw_collateral_instruction("bob", "SOL", 1);
    (world, withdraw)
}

#[test]
fn rejects_leaving_less_than_what_was_written_off_needs() {
    // Given 100 that are not recovered, and nothing else owed
    let (mut world, withdraw) = written_off();
    assert_eq!(world.obligation("bob").unwrap().debt_shares, 0);
    refused(&mut world, withdraw, &["bob"], "LoanToValueExceeded");
    // When he has paid 55 of it, then 45 need 2 SOL
    world.repay("bob", "bob", 55 * USDC).unwrap();
    let withdraw = world.withdraw_collateral_instruction("bob", "SOL", 2 * SOL + 1);
    refused(&mut world, withdraw, &["bob"], "LoanToValueExceeded");
    world.withdraw_collateral("bob", "SOL", 2 * SOL).unwrap();
    // And when he has paid all, then nothing is needed, and no price
    world.repay("bob", "bob", u64::MAX).unwrap();
    let withdraw = world.withdraw_collateral_instruction("bob", "SOL", u64::MAX);
    assert_eq!(withdraw.accounts.len(), 8);
    world.execute(withdraw, &["bob"]).unwrap();
}

#[test]
fn rejects_unusable_prices_where_debt_was_written_off() {
    let (mut world, withdraw) = written_off();
    for count in 0..2 {
        refused(&mut world, withdraw.clone().with_extras(count), &["bob"], "MissingPrice");
    }
    refuses_unusable_prices(&mut world, &withdraw, &["bob"], &[(0, "USDC"), (1, "SOL")]);
}

#[test]
fn counts_debt_and_what_was_written_off_together() {
    // Given 100 written off, and 80 borrowed against 8 SOL: 180 carried by 240 * 75 %
    let (mut world, _) = written_off();
    world.deposit_collateral("bob", "SOL", 5 * SOL).unwrap();
    world.borrow("bob", 80 * USDC).unwrap();
    let withdraw = world.withdraw_collateral_instruction("bob", "SOL", SOL + 1);
    refused(&mut world, withdraw, &["bob"], "LoanToValueExceeded");
    world.withdraw_collateral("bob", "SOL", SOL).unwrap();
}

#[test]
fn counts_a_debt_below_the_minimum_as_the_minimum() {
    // Given a minimum of 150, of which Bob left 1 when he repaid: 150 need 200, which are 6.666666667 SOL at 30 USD
    let mut setup = Setup::default();
    setup.parameters.liquidation.min_debt = 150 * USDC;
    let mut world = lent(setup);
    world.repay("bob", "bob", 199 * USDC).unwrap();
    let withdraw = world.withdraw_collateral_instruction("bob", "SOL", 3_333_333_334);
    refused(&mut world, withdraw, &["bob"], "LoanToValueExceeded");
    world.withdraw_collateral("bob", "SOL", 3_333_333_333).unwrap();
    // When he repays that, too, then all is his
    world.repay("bob", "bob", u64::MAX).unwrap();
    world.withdraw_collateral("bob", "SOL", u64::MAX).unwrap();
}

#[test]
fn counts_a_price_far_from_its_average_at_the_average() {
    // Given prices that may be a tenth from their averages, 200 owed, and SOL at 60 where its average is 30:
    // 8.888888889 are needed
    let mut setup = Setup::default();
    setup.parameters.risk.max_premium_bps = 1_000;
    let mut world = lent(setup);
    world.set_dollars("SOL", 60);
    let withdraw = world.withdraw_collateral_instruction("bob", "SOL", 1_111_111_112);
    refused(&mut world, withdraw, &["bob"], "LoanToValueExceeded");
    world.withdraw_collateral("bob", "SOL", 1_111_111_111).unwrap();
}

#[test]
fn rejects_leaving_prices_out() {
    let (mut world, withdraw) = about_to_withdraw();
    for count in 0..withdraw.accounts.len() - 8 {
        refused(&mut world, withdraw.clone().with_extras(count), &["bob"], "MissingPrice");
    }
}

#[test]
fn rejects_leaving_the_price_of_the_rest_out() {
    // When all SOL is to go, then ETH must still be priced
    let (mut world, _) = about_to_withdraw();
    let all = world.withdraw_collateral_instruction("bob", "SOL", u64::MAX);
    refused(&mut world, all.with_extras(1), &["bob"], "MissingPrice");
}

#[test]
fn rejects_unusable_prices() {
    let (mut world, withdraw) = about_to_withdraw();
    refuses_unusable_prices(&mut world, &withdraw, &["bob"], &[(0, "USDC"), (1, "SOL"), (3, "ETH")]);
}

#[test]
fn rejects_prices_of_each_other() {
    let (mut world, withdraw) = about_to_withdraw();
    let (usdc, sol) = (world.price_account("USDC"), world.price_account("SOL"));
    refused(&mut world, withdraw.clone().with_extra(0, sol).with_extra(1, usdc), &["bob"], "WrongFeed");
    refused(&mut world, withdraw.with_extra(3, sol), &["bob"], "WrongFeed");
}

#[test]
fn rejects_other_collateral_than_the_next_held() {
    let (mut world, withdraw) = about_to_withdraw();
    let (sol, other) = (world.collateral_key("SOL").collateral, Neighbour::new(&mut world, &[]));
    refused(&mut world, withdraw.clone().with_extra(2, other.sol.collateral), &["bob"], "WrongCollateral");
    // the collateral that the instruction declares is writable, so it cannot be passed twice
    refused(&mut world, withdraw.with_extra(2, sol), &["bob"], "ConstraintDuplicateMutableAccount");
}

#[test]
fn returns_what_is_asked_for() {
    // Given a year of interest: Bob owes 221.033334
    let mut world = lent(with_interest());
    world.deposit_collateral("bob", "ETH", ETH / 10).unwrap();
    world.wait(YEAR);
    // When he takes 2 SOL
    let receipt = world.withdraw_collateral("bob", "SOL", 2 * SOL).unwrap();
    // Then he has them, and interest was counted
    let collateral = world.collateral_key("SOL").collateral;
    let obligation = world.obligation("bob").unwrap();
    assert_eq!(world.balance("bob", "SOL"), STARTING_BALANCE - 8 * SOL);
    assert_eq!((obligation.units_of(&collateral), world.collateral("SOL").deposited), (8 * SOL, 8 * SOL));
    assert_eq!(world.balance_at(&world.collateral_key("SOL").vault), 8 * SOL);
    assert_eq!(world.pool().accrued_at, world.now(), "fresh-totals");
    let event =
        CollateralWithdrawn { obligation: world.obligation_address("bob"), collateral, units: 2 * SOL, held: 8 * SOL };
    assert_eq!(only(&receipt), Event::CollateralWithdrawn(event));
}

#[test]
fn returns_all_that_is_held() {
    let (mut world, _) = about_to_withdraw_without_debt();
    world.withdraw_collateral("bob", "SOL", u64::MAX).unwrap();
    assert_eq!(world.balance("bob", "SOL"), STARTING_BALANCE);
    assert_eq!(world.obligation("bob").unwrap().held().count(), 1);
    assert_eq!(world.collateral("SOL").deposited, 0);
}

#[test]
fn returns_all_of_one_while_the_other_carries_the_debt() {
    // Given 0.2 ETH, which alone carry up to 300
    let (mut world, _) = about_to_withdraw();
    world.deposit_collateral("bob", "ETH", ETH / 10).unwrap();
    // When all SOL goes, then no price of SOL is passed
    let all = world.withdraw_collateral_instruction("bob", "SOL", u64::MAX);
    assert_eq!(all.accounts.len(), 8 + 3);
    world.execute(all, &["bob"]).unwrap();
    assert_eq!(world.balance("bob", "SOL"), STARTING_BALANCE);
}

#[test]
fn needs_no_price_without_debt() {
    let (mut world, withdraw) = about_to_withdraw_without_debt();
    assert_eq!(withdraw.accounts.len(), 8);
    world.execute(withdraw, &["bob"]).unwrap();
    assert_eq!(world.balance("bob", "SOL"), STARTING_BALANCE - 8 * SOL);
}

#[test]
fn makes_the_debt_young_again() {
    let (mut world, withdraw) = about_to_withdraw();
    let before = world.obligation("bob").unwrap().last_risk_increase_slot;
    world.advance(0, 50);
    world.execute(withdraw, &["bob"]).unwrap();
    assert_eq!(world.obligation("bob").unwrap().last_risk_increase_slot, before + 52);
}

#[test]
fn counts_collateral_at_the_lower_and_debt_at_the_upper_price() {
    // Given 200 owed at 1.01 USD each, and SOL at 30 less 0.3: 272 worth of SOL carry 202
    let mut world = lent(Setup::default());
    let quote = |price, confidence| backstop_engine::price::Quote { price, confidence, exponent: -2 };
    world.set_price("USDC", quote(100, 1), 0);
    world.set_price("SOL", quote(3_000, 30), 0);
    // 202 / 0.75 / 29.7 = 9.068462402
    let least = 9_068_462_402;
    let withdraw = world.withdraw_collateral_instruction("bob", "SOL", 10 * SOL - least + 1);
    refused(&mut world, withdraw, &["bob"], "LoanToValueExceeded");
    world.withdraw_collateral("bob", "SOL", 10 * SOL - least).unwrap();
}

#[test]
fn accepts_prices_exactly_at_their_limits() {
    // Given prices a minute old, then a minute ahead, and as uncertain as they may be
    let (mut world, _) = about_to_withdraw();
    for age in [60, -60] {
        world.set_price("SOL", backstop_engine::price::Quote { price: 50, confidence: 1, exponent: 0 }, age);
        world.withdraw_collateral("bob", "SOL", SOL).unwrap();
    }
}

#[test]
fn ignores_accounts_beyond_those_it_needs() {
    let (mut world, withdraw) = about_to_withdraw();
    let spare = world.price_account("SOL");
    world.execute(withdraw.and_extra(spare), &["bob"]).unwrap();
}

#[test]
fn needs_the_liquidity_price_even_if_all_collateral_goes() {
    // Given debt and no prices at all
    let mut world = lent(Setup::default());
    let (bob, destination) = (world.actor("bob"), world.wallet("bob", "SOL"));
    let (pool, sol) = (*world.key(), world.collateral_key("SOL"));
    let none: Option<&Prices> = None;
    let all = verb::withdraw_collateral(&pool, &sol, bob, destination, none, u64::MAX);
    refused(&mut world, all, &["bob"], "MissingPrice");
}
