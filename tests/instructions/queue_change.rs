use backstop_client::{
    ChangeQueued, Event, Parameter, ParameterChange, address,
    verb::{self, CollateralKey, PoolKey, Target, number},
};
use backstop_testkit::World;
use solana_address::Address;
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// A day, the world's timelock, and how long after it a change can be executed.
pub(crate) const TIMELOCK: u64 = 86_400;
pub(crate) const GRACE: u64 = 1_209_600;
/// The rent of a change: 232 bytes and the 128 that every account counts for, at 6,960 lamports each.
pub(crate) const CHANGE_RENT: u64 = 2_505_600;

/// Makes a change by the way that takes the timelock.
#[track_caller]
pub(crate) fn make(world: &mut World, target: Target, parameter: Parameter, value: [u8; 32]) {
    world.queue_change("dao", target, u64::MAX, parameter, value).unwrap();
    let wait = world.change(u64::MAX).unwrap().executable_at - world.now();
    world.wait(wait.try_into().unwrap());
    world.execute_change("dao", target, u64::MAX).unwrap();
}

/// Checks that none of these can sign in place of who may.
#[track_caller]
pub(crate) fn refuses_signers(
    world: &mut World,
    instruction: &Instruction,
    account: &str,
    names: &[&str],
    others: &[&str],
    error: &str,
) {
    for name in names {
        println!("{name} signs");
        let (stranger, signers) = (world.actor(name), [&[*name], others].concat());
        refused(world, instruction.clone().with(account, stranger), &signers, error);
    }
}

/// Another pool of the DAO's market, whose liquidity token is ETH, with SOL as collateral.
pub(crate) fn second_pool(world: &mut World) -> (PoolKey, CollateralKey) {
    let (dao, payer, mint) = (world.actor("dao"), world.payer(), world.collateral_key("ETH").mint);
    let key = PoolKey::new(world.key().market, mint);
    let sol = CollateralKey::new(&key.pool, world.collateral_key("SOL").mint);
    let (usdc_price, sol_price) = (world.price_accounts("USDC"), world.price_accounts("SOL"));
    let create = verb::create_pool(&key, dao, payer, &usdc_price, world.pool().parameters);
    world.execute(create, &["dao"]).unwrap();
    let add = verb::add_collateral(&key, &sol, dao, payer, &sol_price, world.collateral("SOL").parameters);
    world.execute(add, &["dao"]).unwrap();
    (key, sol)
}

/// The target of a parameter of this pool's collateral.
pub(crate) fn collateral_of(pool: &PoolKey, key: &CollateralKey) -> Target {
    Target::Collateral { pool: pool.pool, collateral: key.collateral }
}

/// All accounts that governance could change, and the obligation of Bob's.
pub(crate) fn ruled(world: &mut World) -> Vec<Option<solana_account::Account>> {
    let (key, bob) = (*world.key(), world.obligation_address("bob"));
    let collaterals = ["SOL", "ETH"].map(|symbol| world.collateral_key(symbol).collateral);
    [[key.market, key.pool], collaterals, [key.insurance_fund, bob]]
        .concat()
        .iter()
        .map(|at| world.account(at))
        .collect()
}

/// Alice lent 1,000 and Bob owes 200; the DAO is about to queue a limit of 76 % for SOL, and Gina to pay the rent.
fn about_to_queue() -> (World, Instruction) {
    let mut world = lent(two_collaterals());
    let target = world.target(Some("SOL"));
    let queue = queue_of(&mut world, target, 7, Parameter::MaxLtvBps, number(7_600));
    (world, queue)
}

fn queue_of(world: &mut World, target: Target, nonce: u64, parameter: Parameter, value: [u8; 32]) -> Instruction {
    let (market, dao, gina) = (world.key().market, world.actor("dao"), world.actor("gina"));
    verb::queue_change(market, dao, gina, target, nonce, parameter, value)
}

const SIGNERS: &[&str] = &["dao", "gina"];

#[test]
fn rejects_missing_signature() {
    let (mut world, queue) = about_to_queue();
    refused(&mut world, queue.clone().unsigned("authority"), &["gina"], "MissingRequiredSignature");
    refused(&mut world, queue.unsigned("payer"), &["dao"], "MissingRequiredSignature");
}

#[test]
fn rejects_all_but_the_authority() {
    let (mut world, queue) = about_to_queue();
    let others = ["mallory", "guardian", "treasury", "alice", "bob"];
    refuses_signers(&mut world, &queue, "authority", &others, &["gina"], "WrongAuthority");
}

#[test]
fn rejects_another_market() {
    // Given Mallory's own market
    let (mut world, queue) = about_to_queue();
    let (other, mallory) = (Neighbour::new(&mut world, &[]), world.actor("mallory"));
    // When she queues a change of the DAO's pool in it, under an address of it, then she is refused
    let queue = queue.with("market", other.pool.market).with("authority", mallory);
    let queue = queue.with("change", address::change(&other.pool.market, 7));
    refused(&mut world, queue, &["mallory", "gina"], "WrongMarket");
}

#[test]
fn rejects_pool_of_another_market() {
    let (mut world, queue) = about_to_queue();
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, queue.with("pool", other.pool.pool), SIGNERS, "WrongMarket");
    let target = Target::Pool(other.pool.pool);
    let queue = queue_of(&mut world, target, 7, Parameter::BaseBps, number(1));
    refused(&mut world, queue, SIGNERS, "WrongMarket");
}

#[test]
fn rejects_collateral_of_another_pool() {
    let (mut world, queue) = about_to_queue();
    let (other, (_, sol)) = (Neighbour::new(&mut world, &[]), second_pool(&mut world));
    for collateral in [other.sol.collateral, sol.collateral] {
        refused(&mut world, queue.clone().with("collateral", collateral), SIGNERS, "WrongPool");
    }
}

#[test]
fn rejects_parameter_without_its_accounts() {
    let (mut world, queue) = about_to_queue();
    let none = backstop_client::PROGRAM_ID;
    for account in ["pool", "collateral"] {
        refused(&mut world, queue.clone().with(account, none), SIGNERS, "WrongTarget");
    }
    let queue = queue_of(&mut world, Target::Market, 7, Parameter::BaseBps, number(1));
    refused(&mut world, queue, SIGNERS, "WrongTarget");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, queue) = about_to_queue();
    refuses_other_kinds(&mut world, &queue, SIGNERS, &["market", "pool", "collateral"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, queue) = about_to_queue();
    refuses_forgeries(&mut world, &queue, SIGNERS, &["market", "pool", "collateral"]);
}

#[test]
fn rejects_address_of_another_nonce_or_market() {
    let (mut world, queue) = about_to_queue();
    let another = address::market(&world.actor("dao"), 1);
    for other in [address::change(&world.key().market, 8), address::change(&another, 7)] {
        refused(&mut world, queue.clone().with("change", other), SIGNERS, "InvalidSeeds");
    }
}

#[test]
fn rejects_other_system_program() {
    let (mut world, queue) = about_to_queue();
    refused(&mut world, queue.with("system_program", TOKEN_2022_PROGRAM), SIGNERS, "IncorrectProgramId");
}

#[test]
fn rejects_nonce_of_an_open_change() {
    // Given a change is queued under the nonce
    let (mut world, queue) = about_to_queue();
    world.execute(queue.clone(), SIGNERS).unwrap();
    // Then no other can be, be it ready or lapsed
    let other = queue_of(&mut world, Target::Market, 7, Parameter::TimelockSeconds, number(172_800));
    for seconds in [0, TIMELOCK, GRACE] {
        world.wait(seconds);
        refused(&mut world, queue.clone(), SIGNERS, "AccountAlreadyInUse");
        refused(&mut world, other.clone(), SIGNERS, "AccountAlreadyInUse");
    }
}

#[test]
fn rejects_value_with_bytes_beyond_the_number() {
    // Given a number of 32 bits and one of 64
    let (mut world, _) = about_to_queue();
    let sol = world.target(Some("SOL"));
    for (parameter, valid) in [(Parameter::MaxLtvBps, 7_600), (Parameter::DepositCap, 7_600)] {
        for index in [8, 9, 16, 31] {
            let mut value = number(valid);
            value[index] = 1;
            let queue = queue_of(&mut world, sol, 7, parameter, value);
            refused(&mut world, queue, SIGNERS, "InvalidParameter");
        }
    }
}

#[test]
fn rejects_value_beyond_32_bits() {
    // Given a number that the lower 32 bits of would be within bounds
    let (mut world, _) = about_to_queue();
    let (pool, sol) = (world.target(None), world.target(Some("SOL")));
    let parameters = [
        (sol, Parameter::MaxLtvBps, 7_600),
        (pool, Parameter::MaxPremiumBps, 100),
        (pool, Parameter::CooldownSeconds, 100),
        (Target::Market, Parameter::TimelockSeconds, 172_800),
    ];
    for (target, parameter, low) in parameters {
        for value in [(1 << 32) + low, (1 << 63) + low] {
            let queue = queue_of(&mut world, target, 7, parameter, number(value));
            refused(&mut world, queue, SIGNERS, "InvalidParameter");
        }
    }
    // And the largest of 32 bits, where there is no other bound
    world.queue_change("dao", pool, 7, Parameter::MaxPremiumBps, number(u32::MAX.into())).unwrap();
}

#[test]
fn rejects_unknown_parameter() {
    // Given the parameter's number follows the nonce: there are 62
    let (mut world, queue) = about_to_queue();
    for unknown in [62, 255] {
        let mut queue = queue.clone();
        queue.data[16] = unknown;
        refused(&mut world, queue, SIGNERS, "InvalidInstructionData");
    }
}

#[test]
fn rejects_values_beyond_their_bounds() {
    use Parameter::*;
    let mut setup = two_collaterals();
    let rates = &mut setup.parameters.rates;
    (rates.reserve_factor_bps, rates.insurance_factor_bps) = (2_000, 1_000);
    setup.parameters.risk.stressed_insurance_factor_bps = 3_000;
    setup.parameters.loss.insurance_share_bps = 5_000;
    let mut world = lent(setup);
    let of_pool: [(Parameter, &[u64]); 23] = [
        (WindowSeconds, &[3_599, 5_184_001]),
        (InsuranceShareBps, &[4_999, 10_001]), // below what it is under stress
        (DrawCapBps, &[10_001]),
        (InsuranceCutBps, &[10_001]),
        (TargetHealthBps, &[9_999, 20_001]),
        (BreakerLimitBps, &[10_001]),
        (BreakerNoticeSeconds, &[0, 599, 86_401]),
        (NoticeSeconds, &[1, 599, 86_401]),
        (BaseBps, &[100_001]),
        (Slope1Bps, &[100_001]),
        (KinkBps, &[0, 10_000]),
        (Slope2Bps, &[100_001]),
        (ReserveFactorBps, &[7_001, 10_001]), // more than the fund's part under stress leaves
        (InsuranceFactorBps, &[3_001]),       // above what it is under stress
        (AverageSeconds, &[599, 2_592_001]),
        (TargetCoverageBps, &[10_001]),
        (StressedInsuranceFactorBps, &[999, 8_001]),
        (StressedInsuranceShareBps, &[5_001]),
        (LiquidityFeed, &[0]),
        (LiquidityMaxAgeSeconds, &[0]),
        (LiquidityMaxConfidenceBps, &[0, 10_000]),
        (MaxPremiumBps, &[1 << 32]),
        (CooldownSeconds, &[1 << 32]),
    ];
    let of_sol: [(Parameter, &[u64]); 10] = [
        (MaxLtvBps, &[8_001, u32::MAX as u64]), // above the threshold
        (StressedMaxLtvBps, &[]),               // what is above the limit in calm counts as that
        (LiquidationThresholdBps, &[7_999, 10_001]),
        (StressedThresholdBps, &[7_499, 8_001]),
        (BonusMinBps, &[1]), // above the most
        (BonusMaxBps, &[5_001]),
        (StressedDeviationBps, &[0]),
        (CollateralFeed, &[0]),
        (CollateralMaxAgeSeconds, &[0]),
        (CollateralMaxConfidenceBps, &[0, 10_000]),
    ];
    let of_market: [(Parameter, &[u64]); 1] = [(TimelockSeconds, &[86_399, 2_592_001])];
    let targets =
        [(world.target(None), &of_pool[..]), (world.target(Some("SOL")), &of_sol), (Target::Market, &of_market)];
    for (target, rows) in targets {
        for (parameter, values) in rows {
            for value in *values {
                println!("{parameter:?} {value}");
                let queue = queue_of(&mut world, target, 7, *parameter, number(*value));
                refused(&mut world, queue, SIGNERS, "InvalidParameter");
            }
        }
    }
}

#[test]
fn rejects_second_feed_that_is_the_first() {
    let (mut world, _) = about_to_queue();
    let (pool, sol) = (world.target(None), world.target(Some("SOL")));
    let (usdc, feed) = (world.pool().parameters.oracle.feed, world.collateral("SOL").parameters.oracle.feed);
    for (target, parameter, value) in
        [(pool, Parameter::LiquiditySecondFeed, usdc), (sol, Parameter::CollateralSecondFeed, feed)]
    {
        let queue = queue_of(&mut world, target, 7, parameter, value);
        refused(&mut world, queue, SIGNERS, "InvalidParameter");
    }
    // And with a second feed its limits have bounds
    make(&mut world, sol, Parameter::CollateralSecondFeed, [9; 32]);
    let queue = queue_of(&mut world, sol, 7, Parameter::CollateralMaxDivergenceBps, number(10_000));
    refused(&mut world, queue, SIGNERS, "InvalidParameter");
}

#[test]
fn rejects_bonus_that_the_threshold_leaves_no_room_for() {
    // Given a threshold of 80 %: with a bonus of 25 % all the collateral is gone
    let mut setup = two_collaterals();
    setup.collaterals[0].parameters.bonus_max_bps = 5_000;
    let mut world = lent(setup);
    let sol = world.target(Some("SOL"));
    let bonus = |world: &mut World, bps| queue_of(world, sol, 7, Parameter::BonusMinBps, number(bps));
    let too_much = bonus(&mut world, 2_501);
    refused(&mut world, too_much, SIGNERS, "InvalidParameter");
    make(&mut world, sol, Parameter::BonusMinBps, number(2_500));
    // When it is that much, then the threshold leaves no room for more, either
    let threshold = queue_of(&mut world, sol, 7, Parameter::LiquidationThresholdBps, number(8_001));
    refused(&mut world, threshold, SIGNERS, "InvalidParameter");
    // And the other collateral's bonus is its own
    assert_eq!(world.collateral("ETH").parameters.bonus_min_bps, 0);
}

#[test]
fn rejects_bonus_that_a_threshold_on_its_way_down_leaves_no_room_for() {
    // Given SOL's threshold of 80 %, which is to be 75 %: with a bonus of 30 %, 97.5 % would be spent, but 104 % still
    // are
    let mut setup = two_collaterals();
    setup.collaterals[0].parameters.bonus_max_bps = 5_000;
    let mut world = lent(setup);
    let sol = world.target(Some("SOL"));
    for parameter in [Parameter::StressedThresholdBps, Parameter::LiquidationThresholdBps] {
        make(&mut world, sol, parameter, number(7_500));
    }
    let bonus = queue_of(&mut world, sol, 7, Parameter::BonusMinBps, number(3_000));
    refused(&mut world, bonus.clone(), SIGNERS, "InvalidParameter");
    // When it has come down by a percent a day, and somebody has looked, then there is room
    world.wait(5 * 86_400);
    refused(&mut world, bonus.clone(), SIGNERS, "InvalidParameter");
    world.refresh_risk("SOL").unwrap();
    world.execute(bonus, SIGNERS).unwrap();
}

#[test]
fn queues_and_changes_nothing_else() {
    // When the DAO queues the change
    let (mut world, queue) = about_to_queue();
    let (before, lamports) = (ruled(&mut world), lamports(&mut world, "gina"));
    let receipt = world.execute(queue, SIGNERS).unwrap();
    // Then it can be made from a day on, for fourteen days, and Gina paid the rent
    let (market, collateral) = (world.key().market, world.collateral_key("SOL").collateral);
    let (at, gina, account) = (address::change(&market, 7), world.actor("gina"), world.change(7).unwrap());
    let (executable_at, lapses_at) = (world.now() + 86_400, world.now() + 86_400 + 1_209_600);
    let bump = Address::find_program_address(
        &[b"change", market.as_ref(), &7_u64.to_le_bytes()],
        &backstop_client::PROGRAM_ID,
    );
    let expected = ParameterChange {
        market,
        target: collateral,
        payer: gina,
        value: number(7_600),
        nonce: 7,
        executable_at,
        lapses_at,
        pool_stopped: 0,
        fund_stopped: 0,
        queued_at: world.now(),
        timelock_seconds: 86_400,
        parameter: 34,
        version: 1,
        bump: bump.1,
        spare: [0; 41],
    };
    assert_eq!((account, bump.0), (expected, at));
    assert_eq!(world.account(&at).unwrap().owner, backstop_client::PROGRAM_ID);
    assert_eq!(self::lamports(&mut world, "gina"), lamports - CHANGE_RENT);
    let event = ChangeQueued {
        market,
        change: at,
        target: collateral,
        parameter: 34,
        before: number(7_500),
        value: number(7_600),
        executable_at,
        lapses_at,
    };
    assert_eq!(only(&receipt), Event::ChangeQueued(event));
    // And nothing else has changed
    assert_eq!(ruled(&mut world), before);
}

/// What an actor has in lamports.
pub(crate) fn lamports(world: &mut World, name: &str) -> u64 {
    let wallet = world.actor(name);
    world.account(&wallet).unwrap().lamports
}

#[test]
fn takes_the_rent_of_the_authority_itself() {
    let (mut world, queue) = about_to_queue();
    let (dao, before) = (world.actor("dao"), lamports(&mut world, "dao"));
    world.execute(queue.with("payer", dao), &["dao"]).unwrap();
    assert_eq!(lamports(&mut world, "dao"), before - CHANGE_RENT);
    assert_eq!(world.change(7).unwrap().payer, dao);
}

#[test]
fn records_what_the_parameter_belongs_to() {
    // Given all accounts are passed for each
    let (mut world, queue) = about_to_queue();
    let (market, pool, sol) = (world.key().market, world.key().pool, world.collateral_key("SOL").collateral);
    let values = [
        (Parameter::BaseBps, number(1), pool),
        (Parameter::BonusMaxBps, number(1), sol),
        (Parameter::Treasury, [1; 32], market),
    ];
    for (nonce, (parameter, value, target)) in (0..).zip(values) {
        let all = world.target(Some("SOL"));
        let queue = queue_of(&mut world, all, nonce, parameter, value);
        world.execute(queue, SIGNERS).unwrap();
        assert_eq!(world.change(nonce).unwrap().target, target);
    }
    world.execute(queue, SIGNERS).unwrap();
}

#[test]
fn takes_what_could_be_made_at_once() {
    let (mut world, _) = about_to_queue();
    let sol = world.target(Some("SOL"));
    make(&mut world, sol, Parameter::DepositCap, number(0));
    assert_eq!(world.collateral("SOL").parameters.deposit_cap, 0);
}

#[test]
fn takes_a_nonce_again_once_it_is_free() {
    let (mut world, queue) = about_to_queue();
    let sol = world.target(Some("SOL"));
    world.execute(queue.clone(), SIGNERS).unwrap();
    // When the change is cancelled, then its nonce can be used, and when the next one is made, too
    let (market, dao, gina) = (world.key().market, world.actor("dao"), world.actor("gina"));
    world.execute(verb::cancel_change(market, dao, gina, 7), &["dao"]).unwrap();
    world.wait(1);
    world.execute(queue.clone(), SIGNERS).unwrap();
    assert_eq!(world.change(7).unwrap().executable_at, world.now() + 86_400);
    world.wait(TIMELOCK);
    world.execute(verb::execute_change(market, dao, gina, sol, 7), &["dao"]).unwrap();
    world.execute(queue, SIGNERS).unwrap();
}

#[test]
fn takes_many_changes_at_a_time() {
    // Given a limit of 76 % under one nonce and one of 78 % under each of the ends
    let (mut world, queue) = about_to_queue();
    let sol = world.target(Some("SOL"));
    world.execute(queue, SIGNERS).unwrap();
    for nonce in [0, u64::MAX] {
        let queue = queue_of(&mut world, sol, nonce, Parameter::MaxLtvBps, number(7_800));
        world.execute(queue, SIGNERS).unwrap();
    }
    // Then each stands for itself, in any order
    world.wait(TIMELOCK);
    let (market, dao, gina) = (world.key().market, world.actor("dao"), world.actor("gina"));
    for (nonce, limit) in [(u64::MAX, 7_800), (7, 7_600), (0, 7_800)] {
        world.execute(verb::execute_change(market, dao, gina, sol, nonce), &["dao"]).unwrap();
        assert_eq!(world.collateral("SOL").parameters.max_ltv_bps, limit);
    }
}

#[test]
fn waits_for_the_timelock_of_that_moment() {
    // Given a change queued before the timelock becomes two days, and one after
    let (mut world, _) = about_to_queue();
    let pool = world.target(None);
    world.queue_change("dao", Target::Market, 0, Parameter::TimelockSeconds, number(172_800)).unwrap();
    world.queue_change("dao", pool, 1, Parameter::BaseBps, number(1)).unwrap();
    let early = world.now();
    world.wait(TIMELOCK);
    world.execute_change("dao", Target::Market, 0).unwrap();
    world.queue_change("dao", pool, 2, Parameter::BaseBps, number(2)).unwrap();
    // Then each keeps its own time
    let times = |world: &World, nonce| world.change(nonce).map(|change| (change.executable_at, change.lapses_at));
    assert_eq!(times(&world, 1), Some((early + 86_400, early + 86_400 + 1_209_600)));
    assert_eq!(times(&world, 2), Some((world.now() + 172_800, world.now() + 172_800 + 1_209_600)));
    world.execute_change("dao", pool, 1).unwrap();
}
