use backstop_client::{
    Event, Parameter, ParameterChanged, PoolOpened, RiskRamp, address,
    verb::{self, CollateralKey, MarketRoles, PoolKey, Target, number},
};
use backstop_engine::bounds::MIN_INITIAL_DONATION;
use backstop_testkit::{CollateralSetup, STARTING_BALANCE, Setup, TokenSetup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// A pool that takes SOL and ETH and is not open yet.
fn closed() -> World {
    World::closed(two_collaterals()).unwrap()
}

/// The DAO is about to open it with a donation of 20.
fn about_to_open() -> (World, Instruction) {
    let mut world = closed();
    let open = world.open_pool_instruction(20 * USDC);
    (world, open)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, open) = about_to_open();
    refused(&mut world, open.unsigned("authority"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_all_but_the_authority() {
    let (mut world, open) = about_to_open();
    for name in ["guardian", "treasury", "mallory"] {
        let (signer, source) = (world.actor(name), world.wallet(name, "USDC"));
        let hers = open.clone().with("authority", signer).with("source", source);
        refused(&mut world, hers, &[name], "WrongAuthority");
    }
}

#[test]
fn rejects_giving_what_is_anothers() {
    let (mut world, open) = about_to_open();
    let alice = world.wallet("alice", "USDC");
    refused(&mut world, open.with("source", alice), &["dao"], "TokenOwnerMismatch");
}

#[test]
fn rejects_another_market_pool_and_fund() {
    let (mut world, open) = about_to_open();
    let (other, mallory) = (Neighbour::new(&mut world, &[]), world.actor("mallory"));
    let source = world.wallet("mallory", "USDC");
    let hers = open.clone().with("market", other.pool.market).with("authority", mallory).with("source", source);
    refused(&mut world, hers, &["mallory"], "WrongMarket");
    refused(&mut world, open.clone().with("pool", other.pool.pool), &["dao"], "WrongMarket");
    refused(&mut world, open.with("insurance_fund", other.pool.insurance_fund), &["dao"], "WrongInsuranceFund");
}

#[test]
fn rejects_every_other_vault() {
    let (mut world, open) = about_to_open();
    refuses_other_vaults(&mut world, &open, &["dao"], &["vault"]);
    let vault = world.key().vault;
    refused(&mut world, open.with("source", vault), &["dao"], "ConstraintDuplicateMutableAccount");
}

#[test]
fn rejects_other_mint_and_token_program() {
    let (mut world, open) = about_to_open();
    let sol = world.collateral_key("SOL").mint;
    refused(&mut world, open.clone().with("mint", sol), &["dao"], "WrongMint");
    refused(&mut world, open.with("token_program", TOKEN_2022_PROGRAM), &["dao"], "IncorrectProgramId");
}

#[test]
fn rejects_accounts_of_another_kind_and_of_another_program() {
    let (mut world, open) = about_to_open();
    let accounts = ["market", "pool", "insurance_fund"];
    refuses_other_kinds(&mut world, &open, &["dao"], &accounts);
    refuses_forgeries(&mut world, &open, &["dao"], &accounts);
}

#[test]
fn rejects_a_second_opening() {
    let (mut world, open) = about_to_open();
    world.execute(open.clone(), &["dao"]).unwrap();
    refused(&mut world, open.clone(), &["dao"], "PoolAlreadyOpen");
    world.wait(1);
    refused(&mut world, open, &["dao"], "PoolAlreadyOpen");
}

#[test]
fn rejects_less_than_a_million_base_units() {
    let mut world = closed();
    for donation in [0, 1, 999_999] {
        let open = world.open_pool_instruction(donation);
        refused(&mut world, open, &["dao"], "InitialDonationTooSmall");
    }
    assert_eq!(MIN_INITIAL_DONATION, 1_000_000);
    world.open_pool(1_000_000).unwrap();
}

#[test]
fn rejects_more_than_the_wallet_holds() {
    let mut world = closed();
    let open = world.open_pool_instruction(STARTING_BALANCE + 1);
    refused(&mut world, open, &["dao"], "TokenInsufficientFunds");
}

#[test]
fn founds_the_fund_with_shares_of_its_own() {
    // When the DAO opens the pool with 20
    let (mut world, open) = about_to_open();
    let receipt = world.execute(open, &["dao"]).unwrap();
    // Then the fund holds them, one to one, and they are nobody's; the pool has nothing of them
    let (fund, pool, authority) = (world.fund(), world.pool(), world.actor("dao"));
    assert_eq!((fund.assets, fund.shares, fund.protocol_shares), (20 * USDC, 0, 20 * USDC));
    assert_eq!((pool.opened_at, pool.cash, pool.shares), (world.now(), 0, 0));
    assert_eq!(world.balance_at(&world.key().vault), 20 * USDC);
    assert_eq!(world.balance("dao", "USDC"), STARTING_BALANCE - 20 * USDC);
    let event = PoolOpened { pool: world.key().pool, authority, assets: 20 * USDC };
    assert_eq!(only(&receipt), Event::PoolOpened(event));
    // And a stake afterwards gets none of them
    world.stake("sam", 20 * USDC).unwrap();
    assert_eq!((world.fund().assets, world.fund().shares), (40 * USDC, 20 * USDC));
}

#[test]
fn nobody_puts_money_in_before() {
    // Given Mallory, who would be first
    let mut world = closed();
    world.open_position("mallory").unwrap();
    world.open_stake("mallory").unwrap();
    let ways = [
        world.deposit_instruction("mallory", 1_000 * USDC),
        world.stake_instruction("mallory", 1_000 * USDC),
        world.fund_insurance_instruction("mallory", 1_000 * USDC),
    ];
    for way in &ways {
        refused(&mut world, way.clone(), &["mallory"], "PoolNotOpen");
    }
    // When she sends tokens to the vault, then they count for nothing
    let vault = world.key().vault;
    let mut account = world.account(&vault).unwrap();
    account.data[64..72].copy_from_slice(&(5 * USDC).to_le_bytes());
    world.set_account(vault, account);
    world.open_pool(20 * USDC).unwrap();
    assert_eq!((world.fund().assets, world.pool().cash), (20 * USDC, 0));
    // And once it is open all three are hers
    for way in ways {
        world.execute(way, &["mallory"]).unwrap();
    }
}

#[test]
fn no_pause_or_breaker_is_asked_before() {
    let mut world = closed();
    world.open_position("mallory").unwrap();
    world.pause("guardian", backstop_client::PausableOperation::Deposit, 60).unwrap();
    let deposit = world.deposit_instruction("mallory", USDC);
    refused(&mut world, deposit.clone(), &["mallory"], "PoolNotOpen");
    // A pause from before goes on
    world.open_pool(USDC).unwrap();
    refused(&mut world, deposit.clone(), &["mallory"], "Paused");
    world.wait(60);
    world.execute(deposit, &["mallory"]).unwrap();
}

#[test]
fn collateral_comes_and_goes_before_and_borrows_nothing() {
    // Given Bob puts up 10 SOL before the opening
    let mut world = closed();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    // Then he cannot borrow, since there is no cash, and takes them back at any time, whatever the authority changes
    // meanwhile
    let borrow = world.borrow_instruction("bob", USDC);
    refused(&mut world, borrow, &["bob"], "InsufficientCash");
    world.tighten("dao", Some("SOL"), Parameter::MaxLtvBps, number(1)).unwrap();
    world.withdraw_collateral("bob", "SOL", 4 * SOL).unwrap();
    world.open_pool(USDC).unwrap();
    world.withdraw_collateral("bob", "SOL", verb::ALL).unwrap();
    assert_eq!(gained(&mut world, "bob", "SOL"), 0);
}

#[test]
fn the_authority_changes_everything_at_once_before() {
    // Given limits of 75 and 80 % of SOL, and a rate of nothing
    let mut world = closed();
    world.wait(1_000);
    // When the DAO loosens and tightens
    let tighten = |world: &mut World, of, parameter, value| {
        world.tighten("dao", of, parameter, number(value)).unwrap();
    };
    tighten(&mut world, Some("SOL"), Parameter::LiquidationThresholdBps, 9_000);
    tighten(&mut world, Some("SOL"), Parameter::StressedThresholdBps, 8_500);
    tighten(&mut world, Some("SOL"), Parameter::MaxLtvBps, 8_200);
    tighten(&mut world, None, Parameter::StressedInsuranceFactorBps, 900);
    let receipt = world.tighten("dao", None, Parameter::InsuranceFactorBps, number(700)).unwrap();
    // Then that holds at once, without a step on the way: times 2^32, as when a pool is created
    let (pool, sol, now) = (world.pool(), world.collateral("SOL"), world.now());
    let at_rest = |bps: u32| RiskRamp { value: u64::from(bps) * 4_294_967_296, target_bps: bps, step_bps: 0 };
    assert_eq!((sol.threshold, sol.max_ltv, sol.risk_at), (at_rest(9_000), at_rest(8_200), now));
    assert_eq!((pool.insurance_factor, pool.risk_at), (at_rest(700), now));
    let event = ParameterChanged {
        market: world.key().market,
        target: world.key().pool,
        parameter: 19,
        before: number(0),
        after: number(700),
    };
    assert_eq!(only(&receipt), Event::ParameterChanged(event));
    // And not by the guardian, nor beyond bounds, nor a parameter of the market, whose other pools may be open
    let (dao, guardian, key) = (world.actor("dao"), world.actor("guardian"), *world.key());
    let change = |signer, parameter, value| verb::tighten(&key, signer, None, parameter, number(value));
    refused(&mut world, change(guardian, Parameter::BaseBps, 1), &["guardian"], "ChangeMustWait");
    refused(&mut world, change(dao, Parameter::KinkBps, 10_001), &["dao"], "InvalidParameter");
    refused(&mut world, change(dao, Parameter::TimelockSeconds, 100_000), &["dao"], "ChangeMustWait");
    // And not once it is open
    world.open_pool(USDC).unwrap();
    refused(&mut world, change(dao, Parameter::BaseBps, 1), &["dao"], "ChangeMustWait");
    world.tighten("guardian", Some("SOL"), Parameter::MaxLtvBps, number(8_000)).unwrap();
}

#[test]
fn a_closed_pool_frees_no_other_pool() {
    // Given an open pool, and one of the same market that is closed
    let mut world = World::new(two_collaterals());
    let (second, _) = crate::queue_change::second_pool(&mut world);
    let (dao, sol) = (world.actor("dao"), world.collateral_key("SOL").collateral);
    // When the DAO passes the closed one, then a collateral of the open one is not changed by it
    let change = verb::tighten(&second, dao, Some(sol), Parameter::BonusMaxBps, number(1));
    refused(&mut world, change, &["dao"], "WrongPool");
}

#[test]
fn what_was_listed_before_is_open_and_what_is_listed_after_is_not() {
    let mut world = closed();
    for symbol in ["BTC", "GOLD"] {
        world.add_token(&TokenSetup::new(symbol, 8, 1_000));
    }
    world.add_collateral(&CollateralSetup::new("BTC", 8, 1_000)).unwrap();
    world.open_pool(USDC).unwrap();
    world.add_collateral(&CollateralSetup::new("GOLD", 8, 1_000)).unwrap();
    // Twice the timelock of a day, and the 72 hours that exits can be paused
    assert_eq!((world.collateral("BTC").opens_at, world.collateral("GOLD").opens_at), (0, world.now() + 432_000));
    world.deposit_collateral("bob", "BTC", 1).unwrap();
    world.open_obligation("bob").unwrap();
    let deposit = world.deposit_collateral_instruction("bob", "GOLD", 1);
    refused(&mut world, deposit, &["bob"], "CollateralNotOpen");
}

#[test]
fn voids_what_was_queued_before() {
    // Given the DAO queues a rate, a bonus and a treasury before the opening, and a rate in its very second
    let mut world = closed();
    let (pool, sol) = (world.target(None), world.target(Some("SOL")));
    let treasury = world.actor("mallory").to_bytes();
    world.queue_change("dao", pool, 1, Parameter::BaseBps, number(100)).unwrap();
    world.wait(10);
    world.queue_change("dao", sol, 2, Parameter::BonusMaxBps, number(100)).unwrap();
    world.queue_change("dao", Target::Market, 3, Parameter::Treasury, treasury).unwrap();
    world.wait(1);
    world.open_pool(USDC).unwrap();
    world.queue_change("dao", pool, 4, Parameter::BaseBps, number(102)).unwrap();
    // When their timelock has passed, then nobody makes what was queued before
    world.wait(86_400);
    let (key, dao, payer) = (*world.key(), world.actor("dao"), world.payer());
    for (target, nonce) in [(pool, 1), (sol, 2)] {
        let make = verb::execute_change(key.market, dao, payer, target, nonce);
        refused(&mut world, make, &["dao"], "ChangeVoid");
        world.cancel_change("guardian", nonce).unwrap();
    }
    // And what is of the market, or was queued since, which waited for a timelock after it, is made
    world.execute_change("dao", Target::Market, 3).unwrap();
    world.execute_change("dao", pool, 4).unwrap();
    assert_eq!(world.pool().parameters.rates.base_bps, 102);
}

#[test]
fn what_was_queued_is_made_before_the_opening() {
    let mut world = closed();
    let pool = world.target(None);
    world.queue_change("dao", pool, 1, Parameter::BaseBps, number(100)).unwrap();
    world.wait(86_400);
    world.execute_change("dao", pool, 1).unwrap();
    assert_eq!(world.pool().parameters.rates.base_bps, 100);
}

#[test]
fn nobody_takes_the_place_of_anothers_market() {
    // Given Mallory creates a market of the id that the DAO is about to use, and with it a pool of the same mint
    let mut world = World::empty(&Setup::default());
    let (roles, payer, mallory) = (world.roles(), world.payer(), world.actor("mallory"));
    let hers = MarketRoles { authority: mallory, ..roles };
    let (key, mint) = (*world.key(), world.key().mint);
    world.execute(verb::create_market(&hers, payer, 0), &["mallory"]).unwrap();
    // Then that is at another address, and the DAO's is not hers to create
    assert_ne!(address::market(&mallory, 0), key.market);
    let stolen = verb::create_market(&hers, payer, 0).with("market", key.market);
    refused(&mut world, stolen, &["mallory"], "InvalidSeeds");
    world.execute(verb::create_market(&roles, payer, 0), &["dao"]).unwrap();
    assert_eq!(world.market().authority, roles.authority);
    // Nor its pool, nor a collateral of that, nor its opening
    let parameters = pool_parameters(&world, "USDC");
    let create = verb::create_pool(&key, mallory, payer, &world.price_accounts("USDC"), parameters);
    refused(&mut world, create, &["mallory"], "WrongAuthority");
    let create = world.create_pool_instruction(Setup::default().parameters);
    world.execute(create, &["dao"]).unwrap();
    let sol = CollateralKey::new(&key.pool, world.collateral_key("SOL").mint);
    let parameters = collateral_parameters(&world, "SOL");
    let add = verb::add_collateral(&key, &sol, mallory, payer, &world.price_accounts("SOL"), parameters);
    refused(&mut world, add, &["mallory"], "WrongAuthority");
    let source = world.wallet("mallory", "USDC");
    let open = verb::open_pool(&PoolKey::new(key.market, mint), mallory, source, USDC);
    refused(&mut world, open, &["mallory"], "WrongAuthority");
}
