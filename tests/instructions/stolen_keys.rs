//! A stolen key of authority or guardian takes nothing within the timelock: everybody can leave first.

use std::collections::BTreeMap;

use backstop_client::{
    Parameter, PausableOperation, address,
    verb::{self, ALL, Target, number},
};
use backstop_engine::price::Quote;
use backstop_testkit::{Setup, TokenSetup, World};
use solana_instruction::Instruction;

use crate::{
    fixtures::*,
    queue_change::{TIMELOCK, make},
    tampering::*,
};

/// Five days.
const FIVE_DAYS: u64 = 432_000;
/// 72 hours, the longest pause of what lets people out.
const EXIT_PAUSE: u64 = 259_200;
/// Who has something to lose.
const HONEST: [&str; 4] = ["alice", "carol", "bob", "ben"];

/// Alice lent 1,000 and Carol 500, Bob owes 200 and Ben 100 at 10 %, and a year has passed. The timelock is five days.
/// Mallory holds JUNK, which is worth nothing.
fn governed() -> World {
    let mut setup = with_interest();
    setup.parameters.caps.released_reserves = 0;
    let mut world = lent(setup);
    world.deposit("carol", 500 * USDC).unwrap();
    world.deposit_collateral("ben", "SOL", 5 * SOL).unwrap();
    world.borrow("ben", 100 * USDC).unwrap();
    world.wait(YEAR);
    make(&mut world, Target::Market, Parameter::TimelockSeconds, number(FIVE_DAYS));
    world.add_token(&TokenSetup::new("JUNK", 6, 1));
    world.set_balance("mallory", "JUNK", 1 << 50);
    world.open_obligation("mallory").unwrap();
    world
}

/// What the thief has in its wallets.
fn loot(world: &mut World) -> Vec<u64> {
    let mut loot = Vec::new();
    for name in ["mallory", "dao", "guardian"] {
        loot.extend(["USDC", "SOL", "ETH", "JUNK"].map(|symbol| world.balance(name, symbol)));
    }
    loot
}

/// Changes that would be worth something to Mallory.
fn coveted(world: &mut World) -> Vec<(Target, Parameter, [u8; 32])> {
    let (pool, sol) = (world.target(None), world.target(Some("SOL")));
    let (mallory, eth) = (world.actor("mallory").to_bytes(), world.collateral("ETH").parameters.oracle.feed);
    vec![
        (sol, Parameter::CollateralFeed, eth),
        (pool, Parameter::LiquidityFeed, eth),
        (sol, Parameter::MaxLtvBps, number(8_000)),
        (sol, Parameter::LiquidationThresholdBps, number(9_000)),
        (sol, Parameter::CollateralMaxAgeSeconds, number(86_400)),
        (pool, Parameter::DustValue, number(100_000_000)),
        (sol, Parameter::BonusMaxBps, number(5_000)),
        (pool, Parameter::BaseBps, number(100_000)),
        (pool, Parameter::ReserveFactorBps, number(9_000)),
        (pool, Parameter::AverageSeconds, number(600)),
        (pool, Parameter::NoticeSeconds, number(86_400)),
        (pool, Parameter::BreakerNoticeSeconds, number(3_600)),
        (pool, Parameter::BreakerMinLosses, number(1)),
        (pool, Parameter::BreakerLimitBps, number(1)),
        (pool, Parameter::ReleasedReserves, number(u64::MAX)),
        (Target::Market, Parameter::Treasury, mallory),
        (Target::Market, Parameter::Guardian, mallory),
        (Target::Market, Parameter::TimelockSeconds, number(86_400)),
    ]
}

/// Changes that need not wait, at their worst.
fn worst(world: &World) -> Vec<(Option<&'static str>, Parameter, u64)> {
    let mut worst = vec![(None, Parameter::MaxPremiumBps, 0)];
    for symbol in ["SOL", "ETH"] {
        assert!(world.collateral(symbol).parameters.max_ltv_bps <= 7_500);
        let limits = [Parameter::DepositCap, Parameter::StressedMaxLtvBps, Parameter::MaxLtvBps];
        worst.extend(limits.map(|parameter| (Some(symbol), parameter, 0)));
    }
    worst
}

/// Mallory lists JUNK as if it were ETH.
fn list_junk(world: &mut World, signer: &str) -> Instruction {
    let (key, junk, prices) = (*world.key(), world.collateral_key("JUNK"), world.price_accounts("ETH"));
    let (signer, payer, parameters) = (world.actor(signer), world.payer(), world.collateral("ETH").parameters);
    verb::add_collateral(&key, &junk, signer, payer, &prices, parameters)
}

/// All that Mallory can sign with a key and that must fail at any time before the timelock ends.
fn grab(world: &mut World, key: &'static str) {
    let (market, pool, payer) = (world.key().market, *world.key(), world.payer());
    let (thief, mallory, wallet) = (world.actor(key), world.actor("mallory"), world.wallet("mallory", "USDC"));
    let or_not_authority = |error| if key == "dao" { error } else { "WrongAuthority" };
    // Reserves to itself, and the treasury's to come
    for assets in [1, ALL] {
        let collect = verb::collect_reserves(&pool, thief, wallet, assets);
        refused(world, collect, &[key], or_not_authority("WrongTreasury"));
    }
    // Every change early
    for (nonce, (target, parameter, value)) in (0..).zip(coveted(world)) {
        let collateral = match target {
            Target::Collateral { collateral, .. } => Some(collateral),
            _ => None,
        };
        let tighten = verb::tighten(&pool, thief, collateral, parameter, value);
        refused(world, tighten, &[key], "ChangeMustWait");
        if world.change(nonce).is_some() {
            let execute = verb::execute_change(market, thief, payer, target, nonce);
            refused(world, execute, &[key], or_not_authority("ChangeNotReady"));
        } else {
            let queue = verb::queue_change(market, thief, payer, target, nonce, parameter, value);
            refused(world, queue, &[key], "WrongAuthority");
        }
    }
    // The market itself
    let pending = world.market().pending_authority == mallory;
    let error = if pending { "ChangeNotReady" } else { "WrongPendingAuthority" };
    refused(world, verb::accept_authority(market, mallory), &["mallory"], error);
    // Worthless collateral
    if world.account(&world.collateral_key("JUNK").collateral).is_some() {
        let deposit = world.deposit_collateral_instruction("mallory", "JUNK", 1 << 50);
        refused(world, deposit, &["mallory"], "CollateralNotOpen");
    } else {
        let list = list_junk(world, key);
        refused(world, list, &[key], "WrongAuthority");
    }
    // Healthy borrowers
    for borrower in ["bob", "ben"] {
        let liquidate = world.liquidate_instruction("mallory", borrower, "SOL", ALL);
        refused(world, liquidate, &["mallory"], "ObligationHealthy");
        let record = world.record_bad_debt_instruction(borrower);
        refused(world, record, &[], "ObligationHealthy");
        world.mark(borrower).unwrap();
        assert_eq!(world.pool().marked, 0);
    }
}

/// All that Mallory can do with a key when she has it.
fn strike(world: &mut World, key: &'static str) {
    if key == "dao" {
        for (nonce, (target, parameter, value)) in (0..).zip(coveted(world)) {
            world.queue_change(key, target, nonce, parameter, value).unwrap();
        }
        world.propose_authority(key, "mallory").unwrap();
        let list = list_junk(world, key);
        world.execute(list, &[key]).unwrap();
    }
    grab(world, key);
    for (of, parameter, value) in worst(world) {
        world.tighten(key, of, parameter, number(value)).unwrap();
    }
    for (what, longest) in PausableOperation::ALL.iter().zip([2_592_000, 2_592_000, 259_200, 259_200]) {
        let (pool, thief) = (*world.key(), world.actor(key));
        refused(world, verb::pause(&pool, thief, *what, longest + 1), &[key], "PauseTooLong");
        world.pause(key, *what, longest).unwrap();
    }
    grab(world, key);
}

/// Everybody leaves five days after these keys were stolen, less a second. What each has then.
fn leaving_after(keys: &[&'static str]) -> BTreeMap<(&'static str, &'static str), u64> {
    let mut world = governed();
    let before = loot(&mut world);
    world.accrue().unwrap();
    for key in keys {
        strike(&mut world, key);
    }
    // When the pauses of the exits are over, then they cannot be renewed before as long
    world.wait(EXIT_PAUSE);
    world.accrue().unwrap();
    for key in keys {
        for what in [PausableOperation::WithdrawCollateral, PausableOperation::Withdraw] {
            let (pool, thief) = (*world.key(), world.actor(key));
            refused(&mut world, verb::pause(&pool, thief, what, 1), &[key], "PauseTooSoon");
        }
        grab(&mut world, key);
    }
    // And LPs are asked for no notice
    assert_eq!(world.pool().parameters.exit.notice_seconds, 0, "stolen-keys");
    world.wait(FIVE_DAYS - 1 - EXIT_PAUSE);
    for key in keys {
        for what in [PausableOperation::WithdrawCollateral, PausableOperation::Withdraw] {
            let (pool, thief) = (*world.key(), world.actor(key));
            refused(&mut world, verb::pause(&pool, thief, what, 1), &[key], "PauseTooSoon");
        }
        grab(&mut world, key);
    }
    // Then the thief has what it had, every borrower repays and withdraws, and every LP leaves
    assert_eq!(loot(&mut world), before, "stolen-keys");
    for name in ["bob", "ben"] {
        world.repay(name, name, ALL).expect("stolen-keys: repaying");
        world.withdraw_collateral(name, "SOL", ALL).expect("stolen-keys: taking collateral out");
    }
    for name in ["alice", "carol"] {
        world.withdraw(name, ALL).expect("stolen-keys: leaving");
        assert_eq!(shares_of(&mut world, name), 0, "stolen-keys");
    }
    vault_holds_what_is_owed(&world);
    HONEST
        .iter()
        .flat_map(|name| ["USDC", "SOL"].map(|symbol| (*name, symbol)))
        .map(|(name, symbol)| ((name, symbol), world.balance(name, symbol)))
        .collect()
}

#[test]
fn of_the_authority_takes_nothing_within_the_timelock() {
    assert_eq!(leaving_after(&["dao"]), leaving_after(&[]), "stolen-keys");
}

#[test]
fn of_the_guardian_takes_nothing_at_all() {
    assert_eq!(leaving_after(&["guardian"]), leaving_after(&[]), "stolen-keys");
}

#[test]
fn of_both_takes_nothing_within_the_timelock() {
    assert_eq!(leaving_after(&["dao", "guardian"]), leaving_after(&[]), "stolen-keys");
}

#[test]
fn of_the_authority_is_undone_by_the_guardian() {
    // Given all that the thief can do with the authority's key
    let mut world = governed();
    let before = loot(&mut world);
    strike(&mut world, "dao");
    // When the guardian cancels it, and closes what was listed
    let (market, pool, payer) = (world.key().market, *world.key(), world.payer());
    let (dao, guardian, mallory) = (world.actor("dao"), world.actor("guardian"), world.actor("mallory"));
    let changes = coveted(&mut world);
    for (nonce, (_, parameter, _)) in (0..).zip(&changes) {
        if *parameter != Parameter::Guardian {
            world.cancel_change("guardian", nonce).unwrap();
        }
    }
    world.cancel_authority("guardian").unwrap();
    let junk = world.collateral_key("JUNK").collateral;
    let close = verb::tighten(&pool, guardian, Some(junk), Parameter::DepositCap, number(0));
    world.execute(close, &["guardian"]).unwrap();
    // Then nothing of it comes true, when the timelock has passed and later
    for seconds in [FIVE_DAYS - 1, 1, FIVE_DAYS] {
        world.wait(seconds);
        for (nonce, (target, parameter, _)) in (0..).zip(&changes) {
            if *parameter != Parameter::Guardian {
                assert_eq!(world.change(nonce), None);
                let execute = verb::execute_change(market, dao, payer, *target, nonce);
                refused(&mut world, execute, &["dao"], "AccountDataTooSmall");
            }
        }
        let accept = verb::accept_authority(market, mallory);
        refused(&mut world, accept, &["mallory"], "WrongPendingAuthority");
        let deposit = world.deposit_collateral_instruction("mallory", "JUNK", 1);
        let error =
            if world.now() < world.collateral("JUNK").opens_at { "CollateralNotOpen" } else { "DepositCapExceeded" };
        refused(&mut world, deposit, &["mallory"], error);
    }
    assert_eq!(loot(&mut world), before, "stolen-keys");
}

#[test]
fn of_the_authority_replaces_the_guardian_after_the_timelock_and_has_to_wait_again() {
    // Given the one change that the guardian cannot cancel
    let mut world = governed();
    let mallory = world.actor("mallory");
    world.queue_change("dao", Target::Market, 0, Parameter::Guardian, mallory.to_bytes()).unwrap();
    let (market, guardian, payer) = (world.key().market, world.actor("guardian"), world.payer());
    let cancel = verb::cancel_change(market, guardian, payer, 0);
    refused(&mut world, cancel, &["guardian"], "WrongAuthority");
    // When it is made, then up to that moment the guardian could cancel all else, so that nothing else is near its time
    world.queue_change("dao", Target::Market, 1, Parameter::Treasury, mallory.to_bytes()).unwrap();
    world.wait(FIVE_DAYS - 1);
    world.cancel_change("guardian", 1).unwrap();
    world.wait(1);
    world.execute_change("dao", Target::Market, 0).unwrap();
    world.queue_change("dao", Target::Market, 1, Parameter::Treasury, mallory.to_bytes()).unwrap();
    assert_eq!(world.change(1).unwrap().executable_at, world.now() + 432_000);
}

#[test]
fn of_the_authority_takes_nothing_from_stakers_without_lps() {
    // Given Sam has staked 1,000 in a fund whose pool has no LPs
    let mut world = World::new(two_collaterals());
    world.stake("sam", 1_000 * USDC).unwrap();
    // When Mallory lists JUNK by a feed of her own, at 1 USD, lends to herself and lets it fall to nothing
    world.add_token(&TokenSetup::new("JUNK", 6, 1));
    for name in ["mallory", "liz"] {
        world.set_balance(name, "JUNK", 1 << 50);
    }
    let (key, junk, prices) = (*world.key(), world.collateral_key("JUNK"), world.price_accounts("JUNK"));
    let (dao, payer, mut parameters) = (world.actor("dao"), world.payer(), world.collateral("ETH").parameters);
    let price = world.account(&world.price_account("JUNK")).unwrap();
    parameters.oracle.feed = price.data[41..73].try_into().unwrap();
    let list = verb::add_collateral(&key, &junk, dao, payer, &prices, parameters);
    world.execute(list, &["dao"]).unwrap();
    world.deposit("mallory", 1_000 * USDC).unwrap();
    world.open_obligation("mallory").unwrap();
    // Then that can be deposited after the timelock only: stakers have something to lose, too
    let deposit = world.deposit_collateral_instruction("mallory", "JUNK", 2_000 * USDC);
    if world.execute(deposit, &["mallory"]).is_ok() {
        world.borrow("mallory", 1_000 * USDC).unwrap();
        world.set_price("JUNK", Quote { price: 1, confidence: 0, exponent: -9 }, 0);
        world.record_bad_debt("mallory").unwrap();
        world.withdraw("mallory", ALL).unwrap();
    }
    assert_eq!((gained(&mut world, "mallory", "USDC").max(0), world.fund().assets), (0, 1_000 * USDC), "stolen-keys");
}

#[test]
fn of_the_authority_leaves_time_to_leave_at_the_shortest_timelock() {
    // Given a timelock of a day, and a thief who binds SOL to the feed of ETH and pauses withdrawals meanwhile
    let mut world = lent(two_collaterals());
    let (sol, eth) = (world.target(Some("SOL")), world.collateral("ETH").parameters.oracle.feed);
    world.queue_change("dao", sol, 0, Parameter::CollateralFeed, eth).unwrap();
    for what in [PausableOperation::WithdrawCollateral, PausableOperation::Withdraw] {
        world.pause("dao", what, 259_200).unwrap();
    }
    // Then in one of the hours before that can be made, Alice can take out what is not lent: for all of a day
    let mut open = 0;
    while world.execute_change("dao", sol, 0).is_err() {
        open += u32::from(world.withdraw("alice", 30 * USDC).is_ok());
        world.wait(TIMELOCK / 24);
    }
    assert_eq!(open, 24, "stolen-keys: the exits were paused for as long as the change had to wait");
    assert_eq!(world.collateral("SOL").parameters.oracle.feed, eth);
}

#[test]
fn of_the_authority_leaves_time_to_leave_before_what_it_lists_opens() {
    // Given a timelock of a day, and a thief who lists JUNK as if it were ETH and pauses the exits meanwhile
    let mut world = lent(two_collaterals());
    world.add_token(&TokenSetup::new("JUNK", 8, 1));
    world.open_obligation("mallory").unwrap();
    world.set_balance("mallory", "JUNK", 1 << 50);
    let list = list_junk(&mut world, "dao");
    world.execute(list, &["dao"]).unwrap();
    for what in [PausableOperation::WithdrawCollateral, PausableOperation::Withdraw] {
        world.pause("dao", what, 259_200).unwrap();
    }
    // Then of the 120 hours before it opens, Alice can leave in the last 48
    let mut open = 0;
    while world.deposit_collateral("mallory", "JUNK", 1).is_err() {
        open += u32::from(world.withdraw("alice", 10 * USDC).is_ok());
        world.wait(3_600);
    }
    assert_eq!(open, 48, "stolen-keys");
}

#[test]
fn of_the_authority_leaves_time_to_give_notice_at_the_shortest_timelock() {
    // Given a timelock of a day, and a thief who queues a change and at once asks LPs for the longest notice
    let mut world = World::new(Setup::default());
    world.deposit("alice", 1_000 * USDC).unwrap();
    let pool = world.target(None);
    world.queue_change("dao", pool, 0, Parameter::ReserveFactorBps, number(10_000)).unwrap();
    let (key, dao) = (*world.key(), world.actor("dao"));
    let tighten = verb::tighten(&key, dao, None, Parameter::NoticeSeconds, number(86_400));
    refused(&mut world, tighten, &["dao"], "ChangeMustWait");
    // Then Alice, who sees that a minute later, can leave before the change is made: no notice is due
    world.wait(60);
    let executable_at = world.change(0).unwrap().executable_at;
    world.wait(TIMELOCK - 61);
    assert!(world.now() < executable_at);
    world.withdraw("alice", ALL).expect("stolen-keys: leaving");
    assert!(world.account(&address::change(&world.key().market, 0)).is_some());
}
