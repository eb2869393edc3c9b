use backstop_client::{
    AccountData, AveragePrice, Collateral, CollateralAdded, CollateralParameters, Event, RiskRamp, address,
    verb::{self, CollateralKey, PriceAccounts},
};
use backstop_engine::price::Quote;
use backstop_testkit::{CollateralSetup, Extension, Network, Setup, TokenSetup, World};
use solana_account::Account;
use solana_instruction::Instruction;

use crate::{fixtures::*, queue_change::lamports, tampering::*};

/// The pool of USDC takes SOL, is open and has nothing in it; the DAO is about to list ETH at 2,000 USD.
fn about_to_add() -> (World, CollateralKey, Instruction) {
    about_to_add_to(World::new(Setup::default()))
}

/// The same for a world of one's own.
fn about_to_add_to(mut world: World) -> (World, CollateralKey, Instruction) {
    world.add_token(&TokenSetup::new("ETH", 8, 2_000));
    let (key, parameters) = (world.collateral_key("ETH"), collateral_parameters(&world, "ETH"));
    let add = add_of(&mut world, &key, parameters);
    (world, key, add)
}

fn add_of(world: &mut World, key: &CollateralKey, parameters: CollateralParameters) -> Instruction {
    let (dao, payer) = (world.actor("dao"), world.payer());
    verb::add_collateral(world.key(), key, dao, payer, &world.price_accounts("ETH"), parameters)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, _, add) = about_to_add();
    refused(&mut world, add.unsigned("authority"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_other_authority() {
    let (mut world, _, add) = about_to_add();
    let mallory = world.actor("mallory");
    refused(&mut world, add.with("authority", mallory), &["mallory"], "WrongAuthority");
}

#[test]
fn rejects_another_market() {
    // Given Mallory's own market
    let (mut world, _, add) = about_to_add();
    let (other, mallory) = (Neighbour::new(&mut world, &[]), world.actor("mallory"));
    // When she passes it to list collateral in the DAO's pool, then she is refused
    let add = add.with("market", other.pool.market).with("authority", mallory);
    refused(&mut world, add, &["mallory"], "WrongMarket");
}

#[test]
fn rejects_another_pool() {
    let (mut world, _, add) = about_to_add();
    let other = Neighbour::new(&mut world, &[]);
    let key = CollateralKey::new(&other.pool.pool, add.address_of("mint"));
    let add = add.with("pool", other.pool.pool).with("collateral", key.collateral).with("vault", key.vault);
    refused(&mut world, add, &["dao"], "WrongMarket");
}

#[test]
fn rejects_market_of_another_program() {
    let (mut world, _, add) = about_to_add();
    let market = world.key().market;
    let forged = forged(&mut world, market);
    refused(&mut world, add.with("market", forged), &["dao"], "IllegalOwner");
}

#[test]
fn rejects_fund_as_pool() {
    let (mut world, _, add) = about_to_add();
    let other = Neighbour::new(&mut world, &[]);
    for fund in [other.pool.insurance_fund, world.key().insurance_fund] {
        refused(&mut world, add.clone().with("pool", fund), &["dao"], "AccountDataTooSmall");
    }
}

#[test]
fn rejects_accounts_of_another_kind_as_pool() {
    let (mut world, _, add) = about_to_add();
    refuses_other_kinds(&mut world, &add, &["dao"], &["pool"]);
    refuses_forgeries(&mut world, &add, &["dao"], &["pool"]);
}

#[test]
fn rejects_mint_that_is_listed() {
    let (mut world, _, _) = about_to_add();
    let again = world.add_collateral_instruction(&CollateralSetup::new("SOL", 9, 30));
    refused(&mut world, again, &["dao"], "AccountAlreadyInUse");
}

#[test]
fn rejects_addresses_of_another_mint() {
    let (mut world, key, add) = about_to_add();
    let other = CollateralKey::new(&world.key().pool, world.key().mint);
    refused(&mut world, add.clone().with("collateral", other.collateral), &["dao"], "InvalidSeeds");
    refused(&mut world, add.clone().with("vault", other.vault), &["dao"], "InvalidSeeds");
    refused(&mut world, add.with("vault", key.collateral), &["dao"], "ConstraintDuplicateMutableAccount");
}

#[test]
fn rejects_mint_with_an_extension_that_is_not_harmless() {
    let (mut world, _, _) = about_to_add();
    let mint = world.create_mint("DEAR", 6, &[Extension::MetadataPointer, Extension::TransferFee(0)]).unwrap();
    let (key, parameters) = (CollateralKey::new(&world.key().pool, mint), collateral_parameters(&world, "ETH"));
    let add = add_of(&mut world, &key.with_token_program(TOKEN_2022_PROGRAM), parameters);
    refused(&mut world, add, &["dao"], "TransferFeeExtension");
}

#[test]
fn rejects_token_program_of_another_kind() {
    let (mut world, key, add) = about_to_add();
    refused(&mut world, add.clone().with("token_program", TOKEN_2022_PROGRAM), &["dao"], "IncorrectProgramId");
    // Nor SPL Token for a mint of Token-2022
    let account = world.account(&key.mint).unwrap();
    world.set_account(key.mint, Account { owner: TOKEN_2022_PROGRAM, ..account });
    refused(&mut world, add, &["dao"], "IncorrectProgramId");
}

#[test]
fn rejects_parameters_beyond_their_bounds() {
    let (mut world, key, _) = about_to_add();
    let changes: &[fn(&mut CollateralParameters)] = &[
        |p| p.max_ltv_bps = 8_001,
        |p| (p.liquidation_threshold_bps, p.stressed_threshold_bps) = (7_499, 7_499),
        |p| p.liquidation_threshold_bps = 10_001,
        |p| (p.max_ltv_bps, p.liquidation_threshold_bps) = (u32::MAX, u32::MAX),
        // under stress: no limit above its threshold, and no threshold above that in calm
        |p| (p.stressed_max_ltv_bps, p.stressed_threshold_bps) = (7_001, 7_000),
        |p| (p.stressed_max_ltv_bps, p.stressed_threshold_bps) = (u32::MAX, 7_499),
        |p| p.stressed_threshold_bps = 8_001,
        |p| p.stressed_deviation_bps = 0,
        // a bonus above the most, of more than half, and beyond what the threshold leaves
        |p| (p.bonus_min_bps, p.bonus_max_bps) = (101, 100),
        |p| p.bonus_max_bps = 5_001,
        |p| (p.bonus_min_bps, p.bonus_max_bps) = (2_501, 2_501),
        |p| (p.bonus_min_bps, p.bonus_max_bps) = (u32::MAX, u32::MAX),
        |p| p.oracle.feed = [0; 32],
        |p| p.oracle.max_age_seconds = 0,
        |p| p.oracle.max_confidence_bps = 0,
        |p| p.oracle.max_age_seconds = 86_401,
        |p| p.oracle.max_confidence_bps = 2_001,
        |p| p.oracle.second_feed = p.oracle.feed,
        |p| p.oracle.max_divergence_bps = 2_001,
    ];
    for (index, change) in changes.iter().enumerate() {
        println!("change {index}");
        let mut parameters = collateral_parameters(&world, "ETH");
        change(&mut parameters);
        let add = add_of(&mut world, &key, parameters);
        refused(&mut world, add, &["dao"], "InvalidParameter");
    }
}

#[test]
fn accepts_parameters_at_their_bounds() {
    let changes: &[fn(&mut CollateralParameters)] = &[
        |p| p.max_ltv_bps = 8_000,
        |p| (p.liquidation_threshold_bps, p.stressed_threshold_bps) = (7_500, 7_500),
        |p| p.liquidation_threshold_bps = 10_000, // without a bonus
        |p| (p.stressed_max_ltv_bps, p.stressed_threshold_bps) = (7_000, 7_000),
        |p| (p.stressed_max_ltv_bps, p.stressed_threshold_bps) = (0, 0),
        // above the limit in calm it counts as that
        |p| (p.stressed_max_ltv_bps, p.stressed_threshold_bps) = (u32::MAX, 7_500),
        |p| p.stressed_deviation_bps = 1,
        |p| p.stressed_deviation_bps = u32::MAX,
        |p| (p.oracle.max_age_seconds, p.oracle.max_confidence_bps) = (86_400, 2_000),
        |p| (p.oracle.max_age_seconds, p.oracle.max_divergence_bps) = (1, 0),
        // 80 % of 125 % are all
        |p| (p.bonus_min_bps, p.bonus_max_bps) = (2_500, 5_000),
        |p| p.deposit_cap = 0,
    ];
    for (index, change) in changes.iter().enumerate() {
        println!("change {index}");
        let (mut world, key, _) = about_to_add();
        let mut parameters = collateral_parameters(&world, "ETH");
        change(&mut parameters);
        let add = add_of(&mut world, &key, parameters);
        world.execute(add, &["dao"]).unwrap();
        assert_eq!(world.collateral("ETH").parameters, parameters);
    }
}

#[test]
fn rejects_missing_price() {
    let (mut world, _, add) = about_to_add();
    refused(&mut world, add.with_extras(0), &["dao"], "MissingPrice");
}

#[test]
fn rejects_unusable_prices() {
    let (mut world, _, add) = about_to_add();
    refuses_unusable_prices(&mut world, &add, &["dao"], &[(0, "ETH")]);
}

#[test]
fn rejects_price_of_another_token() {
    let (mut world, _, add) = about_to_add();
    for symbol in ["USDC", "SOL"] {
        let price = world.price_account(symbol);
        refused(&mut world, add.clone().with_extra(0, price), &["dao"], "WrongFeed");
    }
}

#[test]
fn rejects_missing_and_swapped_prices_of_two_feeds() {
    // Given ETH has two feeds
    let mut world = World::new(Setup::default());
    let mut eth = CollateralSetup::new("ETH", 8, 2_000);
    eth.token.second_feed = Some(Network::Pyth);
    world.add_token(&eth.token);
    let add = world.add_collateral_instruction(&eth);
    let PriceAccounts { first, second } = world.price_accounts("ETH");
    let second = second.unwrap();
    // Then both prices must follow, in this order
    for count in [0, 1] {
        refused(&mut world, add.clone().with_extras(count), &["dao"], "MissingPrice");
    }
    for (swapped, index) in [(second, 0), (first, 1)] {
        refused(&mut world, add.clone().with_extra(index, swapped), &["dao"], "WrongFeed");
    }
    world.execute(add, &["dao"]).unwrap();
}

#[test]
fn the_average_begins_at_the_price_and_limits_at_rest() {
    // Given ETH at 2,000.5 USD, give or take 40, that carries 75 to 50 %, and 80 to 60 % before liquidation
    let (mut world, key, _) = about_to_add();
    world.set_price("ETH", Quote { price: 20_005, confidence: 400, exponent: -1 }, 0);
    world.wait(1_000);
    let mut parameters = collateral_parameters(&world, "ETH");
    (parameters.stressed_max_ltv_bps, parameters.stressed_threshold_bps) = (5_000, 6_000);
    let add = add_of(&mut world, &key, parameters);
    // When it is listed
    world.execute(add, &["dao"]).unwrap();
    // Then the average is the price itself, 2,000.5 * 10^18 whatever the decimals, and it has not varied
    let (stored, now) = (world.collateral("ETH"), world.now());
    assert_eq!(stored.average, AveragePrice { price: 2_000_500_000_000_000_000_000, variance: 0, at: now });
    // And both limits are as in calm, times 2^32, and go nowhere
    let at_rest = |bps: u32| RiskRamp { value: u64::from(bps) * 4_294_967_296, target_bps: bps, step_bps: 0 };
    assert_eq!((stored.max_ltv, stored.threshold, stored.risk_at), (at_rest(7_500), at_rest(8_000), now));
}

#[test]
fn changes_nothing_else_in_the_pool() {
    let (mut world, _, _) = about_to_add_to(lent(with_interest()));
    let before = world.pool();
    world.wait(YEAR);
    let btc = CollateralSetup::new("BTC", 8, 100_000);
    world.add_token(&btc.token);
    world.add_collateral(&btc).unwrap();
    assert_eq!(world.pool(), before);
}

#[test]
fn opens_at_once_where_the_pool_is_closed() {
    // When the DAO lists ETH before the opening, then Bob deposits some at once, and after the opening
    let (mut world, _, add) = about_to_add_to(World::closed(Setup::default()).unwrap());
    world.execute(add, &["dao"]).unwrap();
    assert_eq!(world.collateral("ETH").opens_at, 0);
    world.deposit_collateral("bob", "ETH", ETH).unwrap();
    world.open_pool(USDC).unwrap();
    world.deposit_collateral("bob", "ETH", ETH).unwrap();
}

#[test]
fn opens_after_the_timelock_where_it_is_open() {
    // Given a pool that is open, with nothing in it
    let (mut world, key, add) = about_to_add_to(World::new(Setup::default()));
    // When the DAO lists ETH, with a timelock of a day: twice that and the 72 hours that exits can be paused are five
    // days
    let receipt = world.execute(add, &["dao"]).unwrap();
    let opens_at = world.now() + 432_000;
    let event = CollateralAdded { pool: world.key().pool, collateral: key.collateral, mint: key.mint, opens_at };
    assert_eq!((only(&receipt), world.collateral("ETH").opens_at), (Event::CollateralAdded(event), opens_at));
    // Then nobody deposits any until then, whoever it is
    let owners = ["alice", "bob", "dao", "guardian"];
    let deposits = owners.map(|owner| {
        world.open_obligation(owner).unwrap();
        world.set_balance(owner, "ETH", 1);
        world.deposit_collateral_instruction(owner, "ETH", 1)
    });
    for seconds in [0, 431_999] {
        world.wait(seconds);
        for (owner, deposit) in owners.iter().zip(&deposits) {
            refused(&mut world, deposit.clone(), &[owner], "CollateralNotOpen");
        }
    }
    // And everyone when it is over
    world.wait(1);
    assert_eq!(world.now(), opens_at);
    for (owner, deposit) in owners.iter().zip(deposits) {
        world.execute(deposit, &[owner]).unwrap();
    }
}

#[test]
fn keeps_what_is_listed_open() {
    let mut world = World::new(Setup::default());
    world.deposit("alice", 1).unwrap();
    let (mut world, _, add) = about_to_add_to(world);
    world.execute(add, &["dao"]).unwrap();
    world.deposit_collateral("bob", "SOL", SOL).unwrap();
}

#[test]
fn is_paid_by_the_authority_too() {
    // When the DAO pays the rent itself, of the collateral and of its vault
    let (mut world, key, add) = about_to_add();
    let (dao, before) = (world.actor("dao"), lamports(&mut world, "dao"));
    world.execute(add.with("payer", dao), &["dao"]).unwrap();
    let rent: u64 = [key.collateral, key.vault].iter().map(|at| world.account(at).unwrap().lamports).sum();
    assert_eq!(lamports(&mut world, "dao"), before - rent);
}

#[test]
fn rejects_threshold_at_which_a_liquidation_leaves_bad_debt() {
    // Given a minimum bonus of 5 %: 95.24 % * 1.05 is beyond all the collateral
    let mut setup = Setup::default();
    (setup.collaterals[0].parameters.bonus_min_bps, setup.collaterals[0].parameters.bonus_max_bps) = (500, 500);
    setup.collaterals[0].parameters.liquidation_threshold_bps = 9_523;
    assert!(World::try_new(setup.clone()).is_ok());
    setup.collaterals[0].parameters.liquidation_threshold_bps = 9_524;
    let refusal = World::try_new(setup).err().map(|failure| failure.refusal.name());
    assert_eq!(refusal.as_deref(), Some("InvalidParameter"));
}

#[test]
fn lists_a_token() {
    // When the DAO lists ETH
    let (mut world, key, add) = about_to_add();
    let receipt = world.execute(add, &["dao"]).unwrap();
    // Then the collateral is the pool's, knows its vault, and nothing is in it
    let stored = Collateral::from_account_data(&world.account(&key.collateral).unwrap().data).unwrap();
    assert_eq!((stored.pool, stored.mint, stored.vault), (world.key().pool, key.mint, key.vault));
    assert_eq!((stored.parameters, stored.deposited), (collateral_parameters(&world, "ETH"), 0));
    assert_eq!((stored.decimals, stored.version), (8, 1));
    let vault = world.account(&key.vault).unwrap();
    assert_eq!(vault.owner, verb::TOKEN_PROGRAM);
    assert_eq!(vault.data[..32], key.mint.to_bytes());
    assert_eq!(vault.data[32..64], key.collateral.to_bytes());
    let opens_at = world.now() + 432_000;
    let event = CollateralAdded { pool: world.key().pool, collateral: key.collateral, mint: key.mint, opens_at };
    assert_eq!(only(&receipt), Event::CollateralAdded(event));
    assert_eq!(key.collateral, address::collateral(&world.key().pool, &key.mint));
}
