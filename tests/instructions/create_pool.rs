use backstop_client::{
    Event, InsuranceFund, LossLedger, Pool, PoolCreated, PoolParameters, address, verb, verb::PoolKey,
};
use backstop_engine::claims::Ledger;
use backstop_testkit::{Setup, World};
use solana_account::Account;
use solana_instruction::Instruction;

use crate::{misuse::*, scene::*};

/// The DAO's market has a pool of USDC; it is about to create one of SOL.
fn about_to_create() -> (World, PoolKey, Instruction) {
    let mut world = World::new(Setup::default());
    let key = PoolKey::new(world.key().market, world.collateral_key("SOL").mint);
    let (dao, payer) = (world.actor("dao"), world.payer());
    (world, key, verb::create_pool(&key, dao, payer, Setup::default().parameters))
}

/// Creates a pool with parameters that were changed.
#[track_caller]
fn rejects_parameters(changes: &[fn(&mut PoolParameters)]) {
    let (mut world, key, _) = about_to_create();
    let (dao, payer) = (world.actor("dao"), world.payer());
    for (index, change) in changes.iter().enumerate() {
        let mut parameters = Setup::default().parameters;
        change(&mut parameters);
        println!("change {index}");
        refused(&mut world, verb::create_pool(&key, dao, payer, parameters), &["dao"], "InvalidParameter");
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
    let (other, dao, payer) = (Neighbour::new(&mut world, &[]), world.actor("dao"), world.payer());
    let key = PoolKey::new(other.pool.market, create.address_of("mint"));
    let create = verb::create_pool(&key, dao, payer, Setup::default().parameters);
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
fn rejects_second_pool_of_a_mint() {
    let (mut world, _, _) = about_to_create();
    let (key, dao, payer) = (*world.key(), world.actor("dao"), world.payer());
    let again = verb::create_pool(&key, dao, payer, Setup::default().parameters);
    refused(&mut world, again, &["dao"], "AccountAlreadyInUse");
}

#[test]
fn rejects_addresses_of_another_pool() {
    let (mut world, key, create) = about_to_create();
    let other = PoolKey::new(address::market(9), key.mint);
    for (account, address) in [
        ("pool", other.pool),
        ("vault", other.vault),
        ("insurance_fund", other.insurance_fund),
        ("loss_ledger", other.loss_ledger),
        ("loss_ledger", key.insurance_fund),
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
    refused(&mut world, create.with("mint", forged), &["dao"], "IllegalOwner");
}

#[test]
fn rejects_mint_of_token_2022() {
    // Given a mint that belongs to the Token-2022 program
    let (mut world, key, _) = about_to_create();
    let account = world.account(&key.mint).unwrap();
    world.set_account(key.mint, Account { owner: TOKEN_2022, ..account });
    let (dao, payer) = (world.actor("dao"), world.payer());
    // When a pool is created for it, with its own token program, then it is refused
    let own = PoolKey { token_program: TOKEN_2022, ..key };
    let create = verb::create_pool(&own, dao, payer, Setup::default().parameters);
    refused(&mut world, create.clone(), &["dao"], "UnsupportedToken");
    // And with the other one
    let create = create.with("token_program", verb::TOKEN_PROGRAM);
    refused(&mut world, create, &["dao"], "IncorrectProgramId");
}

#[test]
fn rejects_token_program_of_another_kind() {
    let (mut world, _, create) = about_to_create();
    refused(&mut world, create.with("token_program", TOKEN_2022), &["dao"], "IncorrectProgramId");
}

#[test]
fn rejects_rates_beyond_their_bounds() {
    rejects_parameters(&[
        |p| p.rates.base_bps = 100_001,
        |p| p.rates.slope1_bps = 100_001,
        |p| p.rates.slope2_bps = u32::MAX,
        |p| p.rates.kink_bps = 0,
        |p| p.rates.kink_bps = 10_000,
        |p| (p.rates.reserve_factor_bps, p.rates.insurance_factor_bps) = (5_000, 5_001),
        |p| (p.rates.reserve_factor_bps, p.rates.insurance_factor_bps) = (u32::MAX, u32::MAX),
    ]);
}

#[test]
fn rejects_loss_sharing_beyond_its_bounds() {
    rejects_parameters(&[
        |p| p.loss.insurance_share_bps = 10_001,
        |p| p.loss.event_cap_bps = 10_001,
        |p| p.loss.window_cap_bps = 10_001,
        |p| p.loss.window_seconds = 0,
    ]);
}

#[test]
fn rejects_liquidation_terms_beyond_their_bounds() {
    rejects_parameters(&[
        |p| p.liquidation.bonus_min_bps = 1,
        |p| p.liquidation.bonus_max_bps = 5_001,
        |p| p.liquidation.insurance_cut_bps = 10_001,
        |p| p.liquidation.target_health_bps = 9_999,
        |p| p.liquidation.target_health_bps = 20_001,
    ]);
}

#[test]
fn rejects_exit_terms_beyond_their_bounds() {
    rejects_parameters(&[
        |p| p.exit.breaker_limit_bps = 10_001,
        |p| p.exit.breaker_limit_bps = u32::MAX,
        |p| p.exit.breaker_window_seconds = 0,
        |p| p.exit.breaker_notice_seconds = 86_401,
        |p| p.exit.notice_seconds = 86_401,
        |p| p.exit.notice_seconds = u32::MAX,
    ]);
}

#[test]
fn rejects_insurance_that_nobody_could_leave() {
    rejects_parameters(&[|p| p.insurance.claim_window_seconds = 0]);
}

#[test]
fn rejects_oracle_beyond_its_bounds() {
    rejects_parameters(&[
        |p| p.oracle.max_age_seconds = 0,
        |p| p.oracle.max_confidence_bps = 0,
        |p| p.oracle.max_confidence_bps = 10_000,
    ]);
}

#[test]
fn accepts_parameters_at_their_bounds() {
    let (mut world, key, _) = about_to_create();
    let (dao, payer) = (world.actor("dao"), world.payer());
    let mut parameters = Setup::default().parameters;
    let rates = &mut parameters.rates;
    (rates.base_bps, rates.slope1_bps, rates.slope2_bps, rates.kink_bps) = (100_000, 100_000, 100_000, 9_999);
    (rates.reserve_factor_bps, rates.insurance_factor_bps) = (10_000, 0);
    (parameters.liquidation.bonus_min_bps, parameters.liquidation.bonus_max_bps) = (5_000, 5_000);
    (parameters.liquidation.target_health_bps, parameters.liquidation.insurance_cut_bps) = (20_000, 10_000);
    (parameters.oracle.max_confidence_bps, parameters.oracle.max_age_seconds) = (9_999, u32::MAX);
    (parameters.loss.window_seconds, parameters.loss.dust_value) = (u32::MAX, u64::MAX);
    let exit = &mut parameters.exit;
    (exit.breaker_limit_bps, exit.breaker_window_seconds, exit.breaker_min_losses) = (0, 1, u64::MAX);
    (exit.breaker_notice_seconds, exit.notice_seconds) = (86_400, 86_400);
    (parameters.insurance.cooldown_seconds, parameters.insurance.claim_window_seconds) = (u32::MAX, u32::MAX);
    world.execute(verb::create_pool(&key, dao, payer, parameters), &["dao"]).unwrap();
    let stored = Pool::from_account_data(&world.account(&key.pool).unwrap().data).unwrap();
    assert_eq!(stored.parameters, parameters);
}

#[test]
fn starts_empty() {
    // When the DAO creates a pool of SOL
    let (mut world, key, create) = about_to_create();
    let receipt = world.execute(create, &["dao"]).unwrap();
    // Then pool, fund and loss ledger know each other, and hold nothing
    let pool = Pool::from_account_data(&world.account(&key.pool).unwrap().data).unwrap();
    assert_eq!((pool.market, pool.mint, pool.vault), (key.market, key.mint, key.vault));
    assert_eq!((pool.insurance_fund, pool.decimals, pool.version), (key.insurance_fund, 9, 1));
    assert_eq!(pool.totals(), backstop_engine::pool::Totals::empty(world.now()));
    assert_eq!((pool.losses, pool.uncovered, pool.provisions, pool.provisioned), (0, 0, 0, 0));
    assert_eq!((pool.breaker_losses, pool.breaker_at, pool.breaker_until), (0, 0, 0));
    assert_eq!((pool.claims.ledger(), pool.loss_ledger), (Ledger::empty(), key.loss_ledger));
    assert_eq!(pool.parameters, Setup::default().parameters);
    let fund = InsuranceFund::from_account_data(&world.account(&key.insurance_fund).unwrap().data).unwrap();
    assert_eq!((fund.pool, fund.version), (key.pool, 1));
    assert_eq!((fund.fund(), fund.claims.ledger()), (backstop_engine::insurance::Fund::default(), Ledger::empty()));
    let losses = LossLedger::from_account_data(&world.account(&key.loss_ledger).unwrap().data).unwrap();
    assert_eq!((losses.pool, losses.count, losses.version), (key.pool, 0, 1));
    assert_eq!(losses.history().count(), 0);
    // And the vault belongs to the pool
    let account = world.account(&key.vault).unwrap();
    assert_eq!(account.owner, verb::TOKEN_PROGRAM);
    assert_eq!(account.data[..32], key.mint.to_bytes());
    assert_eq!(account.data[32..64], key.pool.to_bytes());
    let event = PoolCreated { market: key.market, pool: key.pool, mint: key.mint };
    assert_eq!(only(&receipt), Event::PoolCreated(event));
}
