use backstop_client::{
    CollateralDeposited, Event,
    verb::{self, PriceAccounts},
};
use backstop_testkit::{CollateralSetup, Network, STARTING_BALANCE, Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// Bob's obligation is open; he is about to add 10 SOL.
fn about_to_deposit() -> (World, Instruction) {
    let mut world = World::new(two_collaterals());
    world.open_obligation("bob").unwrap();
    let deposit = world.deposit_collateral_instruction("bob", "SOL", 10 * SOL);
    (world, deposit)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, deposit) = about_to_deposit();
    refused(&mut world, deposit.unsigned("payer"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_paying_from_another_ones_wallet() {
    let (mut world, deposit) = about_to_deposit();
    let carols = world.wallet("carol", "SOL");
    refused(&mut world, deposit.with("source", carols), &["bob"], "TokenOwnerMismatch");
}

#[test]
fn rejects_obligation_in_another_pool() {
    let (mut world, deposit) = about_to_deposit();
    let (other, bob) = (Neighbour::new(&mut world, &["bob"]), world.actor("bob"));
    refused(&mut world, deposit.with("obligation", other.obligation(&bob)), &["bob"], "WrongPool");
}

#[test]
fn rejects_collateral_of_another_pool() {
    let (mut world, deposit) = about_to_deposit();
    let other = Neighbour::new(&mut world, &["bob"]);
    let deposit = deposit.with("collateral", other.sol.collateral).with("vault", other.sol.vault);
    refused(&mut world, deposit, &["bob"], "WrongPool");
}

#[test]
fn rejects_vault_of_another_collateral() {
    let (mut world, deposit) = about_to_deposit();
    let (eth, other) = (world.collateral_key("ETH"), Neighbour::new(&mut world, &[]));
    refused(&mut world, deposit.clone().with("vault", eth.vault), &["bob"], "WrongVault");
    refused(&mut world, deposit.with("vault", other.sol.vault), &["bob"], "WrongVault");
}

#[test]
fn rejects_vault_as_source() {
    let (mut world, deposit) = about_to_deposit();
    let vault = world.collateral_key("SOL").vault;
    refused(&mut world, deposit.with("source", vault), &["bob"], "ConstraintDuplicateMutableAccount");
}

#[test]
fn rejects_other_mint() {
    let (mut world, deposit) = about_to_deposit();
    let eth = world.collateral_key("ETH").mint;
    refused(&mut world, deposit.with("mint", eth), &["bob"], "WrongMint");
}

#[test]
fn rejects_source_of_other_mint() {
    let (mut world, deposit) = about_to_deposit();
    let eth = world.wallet("bob", "ETH");
    refused(&mut world, deposit.with("source", eth), &["bob"], "TokenMintMismatch");
}

#[test]
fn rejects_token_program_of_another_kind() {
    let (mut world, deposit) = about_to_deposit();
    refused(&mut world, deposit.with("token_program", TOKEN_2022_PROGRAM), &["bob"], "IncorrectProgramId");
}

#[test]
fn rejects_position_as_obligation() {
    let (mut world, deposit) = about_to_deposit();
    world.open_position("bob").unwrap();
    let position = position_of(&mut world, "bob");
    refused(&mut world, deposit.with("obligation", position), &["bob"], "AccountDataTooSmall");
}

#[test]
fn rejects_pool_as_obligation() {
    // Another pool's, which is larger than an obligation: the type decides, not the size.
    let (mut world, deposit) = about_to_deposit();
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, deposit.with("obligation", other.pool.pool), &["bob"], "InvalidAccountData");
}

#[test]
fn rejects_pool_as_collateral() {
    let (mut world, deposit) = about_to_deposit();
    let pool = world.key().pool;
    refused(&mut world, deposit.with("collateral", pool), &["bob"], "InvalidAccountData");
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, deposit) = about_to_deposit();
    for account in ["obligation", "collateral"] {
        let original = deposit.address_of(account);
        let forged = forged(&mut world, original);
        refused(&mut world, deposit.clone().with(account, forged), &["bob"], "IllegalOwner");
    }
}

#[test]
fn rejects_nothing() {
    let (mut world, _) = about_to_deposit();
    let deposit = world.deposit_collateral_instruction("bob", "SOL", 0);
    refused(&mut world, deposit, &["bob"], "AmountTooSmall");
}

#[test]
fn rejects_more_than_the_wallet_holds() {
    let (mut world, _) = about_to_deposit();
    let deposit = world.deposit_collateral_instruction("bob", "SOL", u64::MAX);
    refused(&mut world, deposit, &["bob"], "TokenInsufficientFunds");
}

#[test]
fn rejects_more_than_an_account_can_count() {
    let (mut world, deposit) = about_to_deposit();
    world.execute(deposit, &["bob"]).unwrap();
    let deposit = world.deposit_collateral_instruction("bob", "SOL", u64::MAX);
    refused(&mut world, deposit, &["bob"], "MathOverflow");
}

#[test]
fn rejects_more_than_the_cap_of_all_together() {
    // Given a cap of 15 SOL, of which Bob holds 10
    let mut setup = Setup::default();
    setup.collaterals[0].parameters.deposit_cap = 15 * SOL;
    let mut world = World::new(setup);
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.open_obligation("carol").unwrap();
    // When Carol adds a base unit more than is left
    let deposit = world.deposit_collateral_instruction("carol", "SOL", 5 * SOL + 1);
    refused(&mut world, deposit, &["carol"], "DepositCapExceeded");
    // Then what is left still fits
    world.deposit_collateral("carol", "SOL", 5 * SOL).unwrap();
    assert_eq!(world.collateral("SOL").deposited, 15 * SOL);
}

/// A pool with nine collaterals, of which Bob holds eight.
fn eight_held() -> World {
    let mut world = World::new(many_collaterals(9));
    for index in 0..8 {
        world.deposit_collateral("bob", &format!("C{index}"), 1).unwrap();
    }
    world
}

#[test]
fn rejects_ninth_kind() {
    let mut world = eight_held();
    let deposit = world.deposit_collateral_instruction("bob", "C8", 1);
    refused(&mut world, deposit, &["bob"], "TooManyCollaterals");
}

#[test]
fn reuses_a_slot_that_became_free() {
    // Given eight kinds, of which one is withdrawn whole
    let mut world = eight_held();
    world.deposit_collateral("bob", "C3", 4).unwrap();
    world.withdraw_collateral("bob", "C3", u64::MAX).unwrap();
    // When a ninth is added, then it takes the free slot
    world.deposit_collateral("bob", "C8", 7).unwrap();
    let slot = world.obligation("bob").unwrap().collaterals[3];
    assert_eq!((slot.collateral, slot.units), (world.collateral_key("C8").collateral, 7));
}

#[test]
fn adds_up() {
    // When Bob adds 10 SOL, 0.1 ETH and 5 SOL
    let (mut world, deposit) = about_to_deposit();
    world.execute(deposit, &["bob"]).unwrap();
    world.deposit_collateral("bob", "ETH", ETH / 10).unwrap();
    let receipt = world.deposit_collateral("bob", "SOL", 5 * SOL).unwrap();
    // Then each kind has one slot, and the tokens are in the vaults
    let (sol, eth) = (world.collateral_key("SOL"), world.collateral_key("ETH"));
    let held: Vec<_> = world.obligation("bob").unwrap().held().map(|slot| (slot.collateral, slot.units)).collect();
    assert_eq!(held, [(sol.collateral, 15 * SOL), (eth.collateral, ETH / 10)]);
    assert_eq!((world.collateral("SOL").deposited, world.collateral("ETH").deposited), (15 * SOL, ETH / 10));
    assert_eq!((world.balance_at(&sol.vault), world.balance_at(&eth.vault)), (15 * SOL, ETH / 10));
    assert_eq!(world.balance("bob", "SOL"), STARTING_BALANCE - 15 * SOL);
    let (obligation, collateral) = (world.obligation_address("bob"), sol.collateral);
    let event = CollateralDeposited { obligation, collateral, units: 5 * SOL, held: 15 * SOL };
    assert_eq!(only(&receipt), Event::CollateralDeposited(event));
}

#[test]
fn rejects_a_new_kind_from_a_stranger() {
    // Given Bob holds no SOL, when Carol wants to fill one of his slots
    let (mut world, _) = about_to_deposit();
    let (carol, source) = (world.actor("carol"), world.wallet("carol", "SOL"));
    let bobs = world.obligation_address("bob");
    let deposit = verb::deposit_collateral(&world.collateral_key("SOL"), bobs, carol, source, 1);
    refused(&mut world, deposit, &["carol"], "WrongOwner");
}

#[test]
fn may_be_topped_up_by_anyone() {
    // Given Bob holds SOL, when Carol pays for Bob
    let (mut world, _) = about_to_deposit();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    let (carol, source) = (world.actor("carol"), world.wallet("carol", "SOL"));
    let bobs = world.obligation_address("bob");
    let deposit = verb::deposit_collateral(&world.collateral_key("SOL"), bobs, carol, source, SOL);
    world.execute(deposit, &["carol"]).unwrap();
    // Then it is Bob's
    assert_eq!(world.obligation("bob").unwrap().units_of(&world.collateral_key("SOL").collateral), 11 * SOL);
    assert_eq!(world.balance("carol", "SOL"), STARTING_BALANCE - SOL);
}

/// Bob owes 200 against 10 SOL and is about to add another. Priced by SOL.
fn about_to_top_up() -> (World, Instruction) {
    let mut world = lent(two_collaterals());
    let deposit = world.deposit_collateral_instruction("bob", "SOL", SOL);
    (world, deposit)
}

#[test]
fn rejects_unusable_prices_in_debt() {
    let (mut world, deposit) = about_to_top_up();
    refuses_unusable_prices(&mut world, &deposit, &["bob"], &[(0, "SOL")]);
}

#[test]
fn rejects_leaving_the_price_out_in_debt() {
    let (mut world, deposit) = about_to_top_up();
    refused(&mut world, deposit.with_extras(0), &["bob"], "MissingPrice");
    // Also from a stranger, and for a kind that is not held yet
    let (carol, source) = (world.actor("carol"), world.wallet("carol", "SOL"));
    let (bob, bobs) = (world.actor("bob"), world.obligation_address("bob"));
    let donation = verb::deposit_collateral(&world.collateral_key("SOL"), bobs, carol, source, SOL);
    refused(&mut world, donation, &["carol"], "MissingPrice");
    let source = world.wallet("bob", "ETH");
    let new = verb::deposit_collateral(&world.collateral_key("ETH"), bobs, bob, source, ETH);
    refused(&mut world, new, &["bob"], "MissingPrice");
}

#[test]
fn rejects_price_of_another_token_in_debt() {
    let (mut world, deposit) = about_to_top_up();
    for symbol in ["USDC", "ETH"] {
        let price = world.price_account(symbol);
        refused(&mut world, deposit.clone().with_extra(0, price), &["bob"], "WrongFeed");
    }
}

#[test]
fn rejects_missing_and_swapped_prices_of_two_feeds_in_debt() {
    let mut setup = Setup::default();
    setup.collaterals[0].token.second_feed = Some(Network::Pyth);
    let mut world = lent(setup);
    let deposit = world.deposit_collateral_instruction("bob", "SOL", SOL);
    let PriceAccounts { first, second } = world.price_accounts("SOL");
    let second = second.unwrap();
    for count in [0, 1] {
        refused(&mut world, deposit.clone().with_extras(count), &["bob"], "MissingPrice");
    }
    for (index, swapped) in [(0, second), (1, first)] {
        refused(&mut world, deposit.clone().with_extra(index, swapped), &["bob"], "WrongFeed");
    }
    world.execute(deposit, &["bob"]).unwrap();
}

#[test]
fn reads_the_price_of_what_is_added_only() {
    // Given debt, and prices of USDC and of ETH, which Bob holds, that are a day old
    let (mut world, _) = about_to_top_up();
    world.deposit_collateral("bob", "ETH", ETH).unwrap();
    for symbol in ["USDC", "ETH"] {
        world.set_price(symbol, world.quote(symbol), 86_400);
    }
    let deposit = world.deposit_collateral_instruction("bob", "SOL", SOL);
    assert_eq!(deposit.accounts.len(), 7 + 1);
    world.execute(deposit, &["bob"]).unwrap();
    assert_eq!(world.obligation("bob").unwrap().units_of(&world.collateral_key("SOL").collateral), 11 * SOL);
}

#[test]
fn needs_no_price_without_debt() {
    // Given prices a day old, and Carol, who owes nothing; and Bob, whose debt was written off
    let mut world = recorded(Setup::default());
    for symbol in ["USDC", "SOL"] {
        world.set_price(symbol, world.quote(symbol), 86_400);
    }
    for who in ["carol", "bob"] {
        world.deposit_collateral(who, "SOL", SOL).unwrap();
        assert_eq!(world.obligation(who).unwrap().units_of(&world.collateral_key("SOL").collateral), SOL);
    }
}

#[test]
fn rejects_deposit_before_the_collateral_opens() {
    // Given ETH was listed when somebody had something to lose
    let mut world = lent(Setup::default());
    let eth = CollateralSetup::new("ETH", 8, 2_000);
    world.add_token(&eth.token);
    world.add_collateral(&eth).unwrap();
    let opens_at = world.collateral("ETH").opens_at;
    world.open_obligation("carol").unwrap();
    let deposit = world.deposit_collateral_instruction("carol", "ETH", ETH);
    world.wait(u64::try_from(opens_at - world.now()).unwrap() - 1);
    refused(&mut world, deposit.clone(), &["carol"], "CollateralNotOpen");
    world.wait(1);
    world.execute(deposit, &["carol"]).unwrap();
}

#[test]
fn does_not_make_a_debt_younger() {
    let mut world = lent(Setup::default());
    let exposed = world.obligation("bob").unwrap().last_risk_increase_slot;
    world.deposit_collateral("bob", "SOL", SOL).unwrap();
    assert_eq!(world.obligation("bob").unwrap().last_risk_increase_slot, exposed);
}
