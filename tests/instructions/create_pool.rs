use backstop_client::{
    AccountData, AveragePrice, Event, InsuranceFund, LossBook, PauseTimes, Pool, PoolCreated, PoolParameters, RiskRamp,
    address,
    verb::{self, PoolKey, PriceAccounts},
};
use backstop_engine::price::Quote;
use backstop_testkit::{Extension, Network, Setup, World};
use solana_account::Account;
use solana_instruction::Instruction;

use crate::{fixtures::*, queue_change::lamports, tampering::*};

/// The DAO's market has a pool of USDC; it is about to create one of SOL.
fn about_to_create() -> (World, PoolKey, Instruction) {
    let mut world = World::new(Setup::default());
    let key = PoolKey::new(world.key().market, world.collateral_key("SOL").mint);
    let parameters = pool_parameters(&world, "SOL");
    let create = create_of(&mut world, &key, parameters);
    (world, key, create)
}

fn create_of(world: &mut World, key: &PoolKey, parameters: PoolParameters) -> Instruction {
    let (dao, payer) = (world.actor("dao"), world.payer());
    verb::create_pool(key, dao, payer, &world.price_accounts("SOL"), parameters)
}

/// Creates a pool with parameters that were changed.
#[track_caller]
fn rejects_parameters(changes: &[fn(&mut PoolParameters)]) {
    let (mut world, key, _) = about_to_create();
    for (index, change) in changes.iter().enumerate() {
        let mut parameters = pool_parameters(&world, "SOL");
        change(&mut parameters);
        println!("change {index}");
        let create = create_of(&mut world, &key, parameters);
        refused(&mut world, create, &["dao"], "InvalidParameter");
    }
}

#[test]
fn rejects_missing_signature() {
    let (mut world, _, create) = about_to_create();
    refused(&mut world, create.unsigned("authority"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_other_authority() {
    let (mut world, _, create) = about_to_create();
    let mallory = world.actor("mallory");
    refused(&mut world, create.with("authority", mallory), &["mallory"], "WrongAuthority");
}

#[test]
fn rejects_market_of_another() {
    let (mut world, _, create) = about_to_create();
    let other = Neighbour::new(&mut world, &[]);
    let key = PoolKey::new(other.pool.market, create.address_of("mint"));
    let parameters = pool_parameters(&world, "SOL");
    let create = create_of(&mut world, &key, parameters);
    refused(&mut world, create, &["dao"], "WrongAuthority");
}

#[test]
fn rejects_pool_as_market() {
    let (mut world, _, create) = about_to_create();
    let pool = world.key().pool;
    refused(&mut world, create.with("market", pool), &["dao"], "InvalidAccountData");
}

#[test]
fn rejects_market_of_another_program() {
    let (mut world, _, create) = about_to_create();
    let market = world.key().market;
    let forged = forged(&mut world, market);
    refused(&mut world, create.with("market", forged), &["dao"], "IllegalOwner");
}

#[test]
fn is_paid_by_the_authority_too() {
    // When the DAO pays the rent itself, of the pool, its vault, its fund and its loss book
    let (mut world, key, create) = about_to_create();
    let (dao, before) = (world.actor("dao"), lamports(&mut world, "dao"));
    world.execute(create.with("payer", dao), &["dao"]).unwrap();
    let opened = [key.pool, key.vault, key.insurance_fund, key.loss_book];
    let rent: u64 = opened.iter().map(|at| world.account(at).unwrap().lamports).sum();
    assert_eq!(lamports(&mut world, "dao"), before - rent);
}

#[test]
fn rejects_second_pool_of_a_mint() {
    let (mut world, _, _) = about_to_create();
    let again = world.create_pool_instruction(Setup::default().parameters);
    refused(&mut world, again, &["dao"], "AccountAlreadyInUse");
}

#[test]
fn rejects_addresses_of_another_pool() {
    let (mut world, key, create) = about_to_create();
    let other = PoolKey::new(address::market(&world.actor("dao"), 9), key.mint);
    for (account, address) in [
        ("pool", other.pool),
        ("vault", other.vault),
        ("insurance_fund", other.insurance_fund),
        ("loss_book", other.loss_book),
        ("loss_book", key.insurance_fund),
    ] {
        let error = if address == key.insurance_fund { "ConstraintDuplicateMutableAccount" } else { "InvalidSeeds" };
        refused(&mut world, create.clone().with(account, address), &["dao"], error);
    }
}

#[test]
fn rejects_token_account_as_mint() {
    let (mut world, _, create) = about_to_create();
    let wallet = world.wallet("alice", "SOL");
    refused(&mut world, create.with("mint", wallet), &["dao"], "InvalidAccountData");
}

#[test]
fn rejects_mint_of_another_program() {
    let (mut world, key, create) = about_to_create();
    let forged = forged(&mut world, key.mint);
    refused(&mut world, create.with("mint", forged), &["dao"], "UnsupportedToken");
}

#[test]
fn rejects_mint_with_an_extension_that_is_not_harmless() {
    let (mut world, key, _) = about_to_create();
    let mint = world.create_mint("DEAR", 6, &[Extension::MetadataPointer, Extension::TransferFee(0)]).unwrap();
    let (key, parameters) = (PoolKey::new(key.market, mint), pool_parameters(&world, "SOL"));
    let create = create_of(&mut world, &key.with_token_program(TOKEN_2022_PROGRAM), parameters);
    refused(&mut world, create, &["dao"], "TransferFeeExtension");
}

#[test]
fn rejects_token_program_of_another_kind() {
    let (mut world, key, create) = about_to_create();
    refused(&mut world, create.clone().with("token_program", TOKEN_2022_PROGRAM), &["dao"], "IncorrectProgramId");
    // Nor SPL Token for a mint of Token-2022
    let account = world.account(&key.mint).unwrap();
    world.set_account(key.mint, Account { owner: TOKEN_2022_PROGRAM, ..account });
    refused(&mut world, create, &["dao"], "IncorrectProgramId");
}

#[test]
fn rejects_rates_beyond_their_bounds() {
    rejects_parameters(&[
        |p| p.rates.base_bps = 100_001,
        |p| p.rates.slope1_bps = 100_001,
        |p| p.rates.slope2_bps = u32::MAX,
        |p| p.rates.kink_bps = 0,
        |p| p.rates.kink_bps = 10_000,
        |p| (p.rates.reserve_factor_bps, p.risk.stressed_insurance_factor_bps) = (5_000, 5_001),
        |p| (p.rates.reserve_factor_bps, p.risk.stressed_insurance_factor_bps) = (u32::MAX, u32::MAX),
        |p| (p.rates.reserve_factor_bps, p.risk.stressed_insurance_factor_bps) = (1, u32::MAX),
    ]);
}

#[test]
fn rejects_loss_sharing_beyond_its_bounds() {
    rejects_parameters(&[|p| p.loss.insurance_share_bps = 10_001, |p| p.loss.draw_cap_bps = 10_001]);
}

#[test]
fn rejects_holds_of_less_than_ten_minutes_or_more_than_a_day() {
    rejects_parameters(&[
        |p| p.loss.hold_seconds = 0,
        |p| p.loss.hold_seconds = 599,
        |p| p.loss.hold_seconds = 86_401,
        |p| p.loss.hold_seconds = u32::MAX,
    ]);
    takes(|p| p.loss.hold_seconds = 600);
    takes(|p| p.loss.hold_seconds = 86_400);
}

#[test]
fn rejects_liquidation_terms_beyond_their_bounds() {
    rejects_parameters(&[
        |p| p.liquidation.insurance_cut_bps = 10_001,
        |p| p.loss.dust_value = 100_000_001,
        |p| p.liquidation.target_health_bps = 9_999,
        |p| p.liquidation.target_health_bps = 20_001,
    ]);
}

#[test]
fn rejects_exit_terms_beyond_their_bounds() {
    rejects_parameters(&[
        |p| p.exit.breaker_limit_bps = 10_001,
        |p| p.exit.breaker_limit_bps = u32::MAX,
        |p| p.exit.window_seconds = 3_599,
        |p| p.exit.window_seconds = 5_184_001,
        |p| p.exit.breaker_notice_seconds = 0,
        |p| p.exit.breaker_notice_seconds = 599,
        |p| p.exit.breaker_notice_seconds = 86_401,
        |p| p.exit.notice_seconds = 599,
        |p| p.exit.notice_seconds = 86_401,
        |p| p.exit.notice_seconds = u32::MAX,
    ]);
}

#[test]
fn rejects_insurance_that_nobody_could_leave() {
    rejects_parameters(&[
        |p| p.insurance.cooldown_seconds = 86_399,
        |p| p.insurance.cooldown_seconds = 5_184_001,
        |p| p.insurance.cooldown_seconds = u64::MAX,
    ]);
}

#[test]
fn rejects_a_notice_that_a_hold_outlasts() {
    // Given holds of an hour
    rejects_parameters(&[
        |p| p.exit.notice_seconds = 3_599,
        |p| p.exit.breaker_notice_seconds = 3_599,
        |p| p.exit.breaker_notice_seconds = 0,
        |p| (p.exit.notice_seconds, p.loss.hold_seconds) = (3_600, 3_601),
    ]);
}

#[test]
fn rejects_oracle_beyond_its_bounds() {
    rejects_parameters(&[
        |p| p.oracle.feed = [0; 32],
        |p| p.oracle.max_age_seconds = 0,
        |p| p.oracle.max_confidence_bps = 0,
        |p| p.oracle.max_age_seconds = 86_401,
        |p| p.oracle.max_confidence_bps = 2_001,
        |p| p.oracle.max_confidence_bps = u32::MAX,
    ]);
}

#[test]
fn rejects_second_feed_beyond_its_bounds() {
    rejects_parameters(&[
        |p| p.oracle.second_feed = p.oracle.feed,
        |p| p.oracle.max_divergence_bps = 2_001,
        |p| p.oracle.max_divergence_bps = u32::MAX,
    ]);
}

#[test]
fn rejects_risk_terms_beyond_their_bounds() {
    rejects_parameters(&[
        // ten minutes to thirty days
        |p| p.risk.average_seconds = 599,
        |p| p.risk.average_seconds = 2_592_001,
        |p| p.risk.target_coverage_bps = 10_001,
    ]);
}

#[test]
fn rejects_stress_that_lowers_the_insurance_factor_or_raises_the_ratio() {
    rejects_parameters(&[
        |p| (p.rates.insurance_factor_bps, p.risk.stressed_insurance_factor_bps) = (1_000, 999),
        |p| p.risk.stressed_insurance_factor_bps = 10_001,
        |p| (p.loss.insurance_share_bps, p.risk.stressed_insurance_share_bps) = (5_000, 5_001),
        |p| (p.loss.insurance_share_bps, p.risk.stressed_insurance_share_bps) = (10_001, 5_000),
    ]);
}

/// Creates the pool of SOL with parameters that were changed.
#[track_caller]
fn takes(change: fn(&mut PoolParameters)) -> Pool {
    let (mut world, key, _) = about_to_create();
    let mut parameters = pool_parameters(&world, "SOL");
    change(&mut parameters);
    let create = create_of(&mut world, &key, parameters);
    world.execute(create, &["dao"]).unwrap();
    let stored = Pool::from_account_data(&world.account(&key.pool).unwrap().data).unwrap();
    assert_eq!(stored.parameters, parameters);
    stored
}

#[test]
fn accepts_risk_terms_at_their_lower_bounds() {
    takes(|p| {
        (p.rates.insurance_factor_bps, p.risk.stressed_insurance_factor_bps) = (1_000, 1_000);
        (p.loss.insurance_share_bps, p.risk.stressed_insurance_share_bps) = (0, 0);
        let risk = &mut p.risk;
        (risk.average_seconds, risk.max_premium_bps, risk.target_coverage_bps) = (600, 0, 0);
    });
}

#[test]
fn accepts_risk_terms_at_their_upper_bounds() {
    takes(|p| {
        (p.rates.reserve_factor_bps, p.rates.insurance_factor_bps) = (4_000, 0);
        p.risk.stressed_insurance_factor_bps = 6_000;
        (p.loss.insurance_share_bps, p.risk.stressed_insurance_share_bps) = (10_000, 10_000);
        let risk = &mut p.risk;
        (risk.average_seconds, risk.max_premium_bps, risk.target_coverage_bps) = (2_592_000, u32::MAX, 10_000);
    });
}

#[test]
fn rejects_missing_price() {
    let (mut world, _, create) = about_to_create();
    refused(&mut world, create.with_extras(0), &["dao"], "MissingPrice");
}

#[test]
fn rejects_unusable_prices() {
    let (mut world, _, create) = about_to_create();
    refuses_unusable_prices(&mut world, &create, &["dao"], &[(0, "SOL")]);
}

#[test]
fn rejects_price_of_another_token() {
    let (mut world, _, create) = about_to_create();
    let price = world.price_account("USDC");
    refused(&mut world, create.with_extra(0, price), &["dao"], "WrongFeed");
}

#[test]
fn rejects_missing_and_swapped_prices_of_two_feeds() {
    // Given a pool of a token with two feeds that is about to be created
    let mut setup = Setup::default();
    setup.liquidity.second_feed = Some(Network::Pyth);
    let mut world = World::empty(&setup);
    let (roles, payer) = (world.roles(), world.payer());
    world.execute(verb::create_market(&roles, payer, 0), &["dao"]).unwrap();
    let create = world.create_pool_instruction(setup.parameters);
    let PriceAccounts { first, second } = world.price_accounts("USDC");
    let second = second.unwrap();
    // Then both prices must follow, in this order
    for count in [0, 1] {
        refused(&mut world, create.clone().with_extras(count), &["dao"], "MissingPrice");
    }
    for (swapped, index) in [(second, 0), (first, 1)] {
        refused(&mut world, create.clone().with_extra(index, swapped), &["dao"], "WrongFeed");
    }
    world.execute(create, &["dao"]).unwrap();
}

#[test]
fn the_average_begins_at_the_price() {
    // Given SOL at 30.05 USD, give or take 60 cents
    let (mut world, key, _) = about_to_create();
    world.set_price("SOL", Quote { price: 3_005, confidence: 60, exponent: -2 }, 0);
    world.wait(1_000);
    let parameters = pool_parameters(&world, "SOL");
    let create = create_of(&mut world, &key, parameters);
    // When its pool is created
    world.execute(create, &["dao"]).unwrap();
    // Then the average is the price itself, 30.05 * 10^18 whatever the decimals, and it has not varied
    let pool = Pool::from_account_data(&world.account(&key.pool).unwrap().data).unwrap();
    let average = AveragePrice { price: 30_050_000_000_000_000_000, variance: 0, at: world.now() };
    assert_eq!(pool.average, average);
}

#[test]
fn what_moves_with_risk_begins_at_rest_in_calm() {
    // When a pool is created with 10 to 30 % of interest for the fund, and 70 down to 20 % of losses
    let pool = takes(|p| {
        (p.rates.insurance_factor_bps, p.risk.stressed_insurance_factor_bps) = (1_000, 3_000);
        (p.loss.insurance_share_bps, p.risk.stressed_insurance_share_bps) = (7_000, 2_000);
    });
    // Then both are as in calm, times 2^32, and go nowhere
    assert_eq!(pool.insurance_factor, RiskRamp { value: 1_000 * 4_294_967_296, target_bps: 1_000, step_bps: 0 });
    assert_eq!(pool.insurance_share, RiskRamp { value: 7_000 * 4_294_967_296, target_bps: 7_000, step_bps: 0 });
    assert_eq!((pool.risk_losses, pool.risk_lost, pool.risk_at), (0, 0, pool.accrued_at));
    // And nothing is paused
    assert_eq!(pool.pauses, [PauseTimes { since: 0, until: 0 }; 4]);
}

#[test]
fn accepts_parameters_at_their_bounds() {
    let (mut world, key, _) = about_to_create();
    let mut parameters = pool_parameters(&world, "SOL");
    let rates = &mut parameters.rates;
    (rates.base_bps, rates.slope1_bps, rates.slope2_bps, rates.kink_bps) = (100_000, 100_000, 100_000, 9_999);
    (rates.reserve_factor_bps, rates.insurance_factor_bps) = (10_000, 0);
    (parameters.liquidation.target_health_bps, parameters.liquidation.insurance_cut_bps) = (20_000, 10_000);
    (parameters.oracle.max_confidence_bps, parameters.oracle.max_age_seconds) = (2_000, 86_400);
    (parameters.loss.min_default_age_slots, parameters.loss.dust_value) = (216_000, 100_000_000);
    let exit = &mut parameters.exit;
    (exit.breaker_limit_bps, exit.window_seconds, exit.breaker_min_losses) = (0, 5_184_000, u64::MAX);
    (exit.breaker_notice_seconds, exit.notice_seconds) = (86_400, 86_400);
    parameters.insurance.cooldown_seconds = 5_184_000;
    let create = create_of(&mut world, &key, parameters);
    world.execute(create, &["dao"]).unwrap();
    let stored = Pool::from_account_data(&world.account(&key.pool).unwrap().data).unwrap();
    assert_eq!(stored.parameters, parameters);
}

#[test]
fn starts_empty() {
    // When the DAO creates a pool of SOL
    let (mut world, key, create) = about_to_create();
    let receipt = world.execute(create, &["dao"]).unwrap();
    // Then pool, fund and loss book know each other, and hold nothing
    let pool = Pool::from_account_data(&world.account(&key.pool).unwrap().data).unwrap();
    assert_eq!((pool.market, pool.mint, pool.vault), (key.market, key.mint, key.vault));
    assert_eq!((pool.insurance_fund, pool.decimals, pool.version), (key.insurance_fund, 9, 1));
    assert_eq!(pool.totals(), backstop_engine::pool::Totals::empty(world.now()));
    assert_eq!((pool.losses, pool.lost, pool.uncovered), (0, 0, 0));
    assert_eq!(pool.holds(), backstop_engine::hold::Holds::default());
    assert_eq!((pool.breaker_losses, pool.breaker_at, pool.breaker_until), (0, 0, 0));
    assert_eq!((pool.unclaimed, pool.last_loss, pool.loss_book), (0, 0, key.loss_book));
    assert_eq!(pool.parameters, pool_parameters(&world, "SOL"));
    let fund = InsuranceFund::from_account_data(&world.account(&key.insurance_fund).unwrap().data).unwrap();
    assert_eq!((fund.pool, fund.version), (key.pool, 1));
    assert_eq!((fund.fund(), fund.last_loss), (backstop_engine::insurance::Fund::default(), 0));
    let book = LossBook::from_account_data(&world.account(&key.loss_book).unwrap().data).unwrap();
    assert_eq!((book.pool, book.room, book.version, book.records.len()), (key.pool, 64, 1, 0));
    // And the vault belongs to the pool
    let account = world.account(&key.vault).unwrap();
    assert_eq!(account.owner, verb::TOKEN_PROGRAM);
    assert_eq!(account.data[..32], key.mint.to_bytes());
    assert_eq!(account.data[32..64], key.pool.to_bytes());
    let event = PoolCreated { market: key.market, pool: key.pool, mint: key.mint };
    assert_eq!(only(&receipt), Event::PoolCreated(event));
}
