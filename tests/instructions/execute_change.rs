use backstop_client::{
    AccountData, Event, Parameter, ParameterChanged, PausableOperation, address,
    verb::{self, Target, number},
};
use backstop_engine::price::Quote;
use backstop_testkit::{STARTING_BALANCE, World};
use solana_instruction::Instruction;

use crate::{
    fixtures::*,
    queue_change::{CHANGE_RENT, GRACE, TIMELOCK, collateral_of, lamports, make, refuses_signers, ruled, second_pool},
    tampering::*,
};

/// A change whose rent Gina paid is queued under nonce 7.
fn queued(world: &mut World, target: Target, parameter: Parameter, value: [u8; 32]) -> Instruction {
    let (market, dao, gina) = (world.key().market, world.actor("dao"), world.actor("gina"));
    let queue = verb::queue_change(market, dao, gina, target, 7, parameter, value);
    world.execute(queue, &["dao", "gina"]).unwrap();
    verb::execute_change(market, dao, gina, target, 7)
}

/// Alice lent 1,000 and Bob owes 200; a loan-to-value limit of 76 % for SOL was queued a day ago.
fn about_to_execute() -> (World, Instruction) {
    let mut world = lent(two_collaterals());
    always_so(&mut world);
    let target = world.target(Some("SOL"));
    let execute = queued(&mut world, target, Parameter::MaxLtvBps, number(7_600));
    world.wait(TIMELOCK);
    (world, execute)
}

/// Makes a change and another one that it makes room for, each as soon as it can be: the second this very second.
fn make_both(world: &mut World, target: Target, first: Parameter, second: Parameter, value: u64) {
    make(world, target, first, number(value));
    make(world, target, second, number(value));
}

#[test]
fn rejects_missing_signature() {
    let (mut world, execute) = about_to_execute();
    refused(&mut world, execute.unsigned("authority"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_all_but_the_authority() {
    let (mut world, execute) = about_to_execute();
    let others = ["mallory", "guardian", "treasury", "alice", "bob"];
    refuses_signers(&mut world, &execute, "authority", &others, &[], "WrongAuthority");
}

#[test]
fn rejects_another_market() {
    // Given Mallory's market: neither can she make the DAO's change in it, nor the DAO hers
    let (mut world, execute) = about_to_execute();
    let (other, mallory, payer) = (Neighbour::new(&mut world, &[]), world.actor("mallory"), world.payer());
    let hers = execute.clone().with("market", other.pool.market).with("authority", mallory);
    refused(&mut world, hers, &["mallory"], "WrongMarket");
    let (market, target) = (other.pool.market, Target::Pool(other.pool.pool));
    let queue = verb::queue_change(market, mallory, payer, target, 7, Parameter::BaseBps, number(1));
    world.execute(queue, &["mallory"]).unwrap();
    world.wait(TIMELOCK);
    let spoilt = execute.with("change", address::change(&market, 7)).with("payer", payer);
    refused(&mut world, spoilt, &["dao"], "WrongMarket");
}

#[test]
fn rejects_pool_of_another_market() {
    let (mut world, execute) = about_to_execute();
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, execute.with("pool", other.pool.pool), &["dao"], "WrongMarket");
}

#[test]
fn rejects_another_payer_of_the_rent() {
    let (mut world, execute) = about_to_execute();
    for name in ["mallory", "guardian"] {
        let other = world.actor(name);
        refused(&mut world, execute.clone().with("payer", other), &["dao"], "WrongOwner");
    }
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, execute) = about_to_execute();
    refuses_other_kinds(&mut world, &execute, &["dao"], &["market", "pool", "collateral", "change"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, execute) = about_to_execute();
    refuses_forgeries(&mut world, &execute, &["dao"], &["market", "pool", "collateral", "change"]);
}

#[test]
fn rejects_same_account_twice() {
    let (mut world, execute) = about_to_execute();
    refuses_twins(&mut world, &execute, &["dao"], &[("pool", "market"), ("collateral", "pool"), ("change", "pool")]);
}

#[test]
fn rejects_change_before_its_time() {
    let mut world = lent(two_collaterals());
    always_so(&mut world);
    let target = world.target(Some("SOL"));
    let execute = queued(&mut world, target, Parameter::MaxLtvBps, number(7_600));
    refused(&mut world, execute.clone(), &["dao"], "ChangeNotReady");
    world.wait(TIMELOCK - 1);
    refused(&mut world, execute.clone(), &["dao"], "ChangeNotReady");
    world.wait(1);
    world.execute(execute, &["dao"]).unwrap();
}

#[test]
fn rejects_change_that_has_lapsed() {
    for early in [1, 0] {
        let (mut world, execute) = about_to_execute();
        world.wait(GRACE - early);
        if early == 1 {
            world.execute(execute, &["dao"]).unwrap();
        } else {
            refused(&mut world, execute.clone(), &["dao"], "ChangeLapsed");
            world.wait(YEAR);
            refused(&mut world, execute, &["dao"], "ChangeLapsed");
        }
    }
}

/// What lets people out.
const EXITS: [PausableOperation; 2] = [PausableOperation::WithdrawCollateral, PausableOperation::Withdraw];

/// Alice lent 1,000 and Bob owes 200; this very second a change of the pool was queued under nonce 1, one of SOL under
/// 2, and under 3 to 5 one each of the market's parameters.
fn all_queued() -> World {
    let mut world = lent(two_collaterals());
    let (pool, sol, grace) = (world.target(None), world.target(Some("SOL")), world.actor("grace").to_bytes());
    for (nonce, target, parameter, value) in [
        (1, pool, Parameter::BaseBps, number(100)),
        (2, sol, Parameter::MaxLtvBps, number(7_600)),
        (3, Target::Market, Parameter::TimelockSeconds, number(172_800)),
        (4, Target::Market, Parameter::Guardian, grace),
        (5, Target::Market, Parameter::Treasury, grace),
    ] {
        world.queue_change("dao", target, nonce, parameter, value).unwrap();
    }
    world
}

/// Checks that the changes of the pool and of SOL are refused for so many seconds more, and can be made then.
#[track_caller]
fn is_held_up_for(world: &mut World, seconds: u64) {
    let (market, dao, payer) = (world.key().market, world.actor("dao"), world.payer());
    let (pool, sol) = (world.target(None), world.target(Some("SOL")));
    let changes = [(pool, 1), (sol, 2)].map(|(target, nonce)| verb::execute_change(market, dao, payer, target, nonce));
    for wait in [0, seconds - 1] {
        world.wait(wait);
        for execute in &changes {
            refused(world, execute.clone(), &["dao"], "ChangeNotReady");
        }
    }
    world.wait(1);
    for execute in changes {
        world.execute(execute, &["dao"]).unwrap();
    }
    assert_eq!(world.pool().parameters.rates.base_bps, 100);
    assert_eq!(world.collateral("SOL").parameters.max_ltv_bps, 7_600);
}

#[test]
fn is_held_up_until_the_exits_were_open_for_a_timelock() {
    for exit in EXITS {
        // Given an hour's pause that began as late as could be: a second before the changes were ready
        let mut world = all_queued();
        world.wait(TIMELOCK - 1);
        world.pause("guardian", exit, 3_600).unwrap();
        world.wait(1);
        // Then it lasts for 3,599 more, and a day has to pass after it
        is_held_up_for(&mut world, 3_599 + 86_400);
    }
}

#[test]
fn is_held_up_by_the_pause_that_ends_later() {
    for [first, second] in [EXITS, [EXITS[1], EXITS[0]]] {
        // Given one of an hour and one of two, of which the first was prolonged to three
        let mut world = all_queued();
        world.pause("guardian", first, 3_600).unwrap();
        world.pause("dao", second, 7_200).unwrap();
        world.pause("dao", first, 10_800).unwrap();
        world.wait(TIMELOCK);
        is_held_up_for(&mut world, 10_800);
    }
}

#[test]
fn is_held_up_by_a_pause_from_before_it_was_queued() {
    for exit in EXITS {
        // Given the longest pause, which a change was queued a minute before the end of
        let mut world = lent(two_collaterals());
        world.pause("guardian", exit, 259_200).unwrap();
        world.wait(259_140);
        for (nonce, of, parameter, value) in
            [(1, None, Parameter::BaseBps, 100), (2, Some("SOL"), Parameter::MaxLtvBps, 7_600)]
        {
            let target = world.target(of);
            world.queue_change("dao", target, nonce, parameter, number(value)).unwrap();
        }
        world.wait(TIMELOCK);
        is_held_up_for(&mut world, 60);
    }
}

#[test]
fn is_held_up_by_a_pause_that_was_ended_early() {
    for exit in EXITS {
        // Given 72 hours, which the DAO ended after ten minutes
        let mut world = all_queued();
        world.pause("guardian", exit, 259_200).unwrap();
        world.wait(600);
        world.unpause("dao", exit).unwrap();
        world.wait(TIMELOCK - 600);
        // Then a day has to pass after those ten minutes, and ending it again, when it is over, is nothing
        world.unpause("dao", exit).unwrap();
        is_held_up_for(&mut world, 600);
    }
}

#[test]
fn is_held_up_for_the_longer_timelock_of_then_and_now() {
    for exit in EXITS {
        // Given a minute's pause, and a timelock that became two days since
        let mut world = all_queued();
        world.pause("guardian", exit, 60).unwrap();
        world.wait(TIMELOCK);
        world.execute_change("dao", Target::Market, 3).unwrap();
        is_held_up_for(&mut world, 60 + 86_400);
        // And both changes queued anew under two days, an hour's pause, and a timelock that became one day again since
        let (pool, sol) = (world.target(None), world.target(Some("SOL")));
        world.queue_change("dao", pool, 1, Parameter::BaseBps, number(100)).unwrap();
        world.queue_change("dao", sol, 2, Parameter::MaxLtvBps, number(7_600)).unwrap();
        world.queue_change("dao", Target::Market, 6, Parameter::TimelockSeconds, number(86_400)).unwrap();
        world.pause("guardian", exit, 3_600).unwrap();
        world.wait(172_800);
        world.execute_change("dao", Target::Market, 6).unwrap();
        // Then two days have to pass after the pause
        is_held_up_for(&mut world, 3_600);
    }
}

#[test]
fn is_not_held_up_by_a_pause_that_was_over_a_timelock_ago() {
    for exit in EXITS {
        // Given a pause that was over in the second in which the change was queued
        let mut world = lent(two_collaterals());
        world.pause("guardian", exit, 60).unwrap();
        world.wait(60);
        let pool = world.target(None);
        make(&mut world, pool, Parameter::BaseBps, number(100));
    }
}

#[test]
fn is_not_held_up_where_the_market_changes() {
    // Given both exits are paused when the market's changes are ready, to their last second
    let mut world = all_queued();
    world.wait(60);
    for exit in EXITS {
        world.pause("guardian", exit, 259_200).unwrap();
    }
    world.wait(TIMELOCK - 60);
    for nonce in [4, 5, 3] {
        world.execute_change("dao", Target::Market, nonce).unwrap();
    }
    let (market, grace) = (world.market(), world.actor("grace"));
    assert_eq!((market.guardian, market.treasury, market.timelock_seconds), (grace, grace, 172_800));
}

#[test]
fn is_not_held_up_by_other_pauses() {
    // Given deposits and borrowing are paused for thirty days, and the exits of another pool for three
    let mut world = all_queued();
    for what in [PausableOperation::Deposit, PausableOperation::Borrow] {
        world.pause("guardian", what, 2_592_000).unwrap();
    }
    let ((other, sol), guardian) = (second_pool(&mut world), world.actor("guardian"));
    for exit in EXITS {
        world.execute(verb::pause(&other, guardian, exit, 259_200), &["guardian"]).unwrap();
    }
    let theirs = collateral_of(&other, &sol);
    world.queue_change("dao", theirs, 6, Parameter::MaxLtvBps, number(7_600)).unwrap();
    // Then the changes of this pool are made in their first second, and those of the other are not
    world.wait(TIMELOCK);
    for (of, nonce) in [(None, 1), (Some("SOL"), 2)] {
        let target = world.target(of);
        world.execute_change("dao", target, nonce).unwrap();
    }
    let (market, dao, payer) = (world.key().market, world.actor("dao"), world.payer());
    refused(&mut world, verb::execute_change(market, dao, payer, theirs, 6), &["dao"], "ChangeNotReady");
}

#[test]
fn rejects_change_that_has_lapsed_while_it_was_held_up() {
    // Given the exits were paused an hour before it lapsed
    let (mut world, execute) = about_to_execute();
    world.wait(GRACE - 3_600);
    world.pause("guardian", PausableOperation::Withdraw, 60).unwrap();
    refused(&mut world, execute.clone(), &["dao"], "ChangeNotReady");
    world.wait(3_599);
    refused(&mut world, execute.clone(), &["dao"], "ChangeNotReady");
    world.wait(1);
    refused(&mut world, execute, &["dao"], "ChangeLapsed");
}

/// SOL falls to 10 USD, so that 100 are marked; so many seconds later it is back at 30.
fn hold_for(world: &mut World, seconds: u64) {
    world.set_dollars("SOL", 10);
    world.mark("bob").unwrap();
    world.wait(seconds);
    world.set_dollars("SOL", 30);
    world.mark("bob").unwrap();
}

#[test]
fn waits_and_lapses_later_by_what_pool_and_fund_were_on_hold() {
    for late in [false, true] {
        // Given a hold of a quarter of an hour before the changes were queued, which does not count, and one of ten
        // minutes after
        let mut world = lent(two_collaterals());
        hold_for(&mut world, 900);
        let (of_pool, of_sol) = (world.target(None), world.target(Some("SOL")));
        world.queue_change("dao", of_pool, 1, Parameter::BaseBps, number(1)).unwrap();
        world.queue_change("dao", of_sol, 2, Parameter::MaxLtvBps, number(7_600)).unwrap();
        world.queue_change("dao", Target::Market, 3, Parameter::TimelockSeconds, number(100_000)).unwrap();
        hold_for(&mut world, 600);
        world.wait(TIMELOCK - 601);
        // Then a change of the market is made after the timelock, and those of the pool ten minutes later
        world.wait(1);
        let market = world.key().market;
        let (dao, payer) = (world.actor("dao"), world.payer());
        let [first, second] =
            [(of_pool, 1), (of_sol, 2)].map(|(of, nonce)| verb::execute_change(market, dao, payer, of, nonce));
        refused(&mut world, first.clone(), &["dao"], "ChangeNotReady");
        world.wait(599);
        refused(&mut world, first.clone(), &["dao"], "ChangeNotReady");
        refused(&mut world, second.clone(), &["dao"], "ChangeNotReady");
        world.wait(1);
        if late {
            // And they lapse as much later
            world.wait(GRACE - 1);
            world.execute(first, &["dao"]).unwrap();
            world.wait(1);
            refused(&mut world, second, &["dao"], "ChangeLapsed");
            let of_market = verb::execute_change(market, dao, payer, Target::Market, 3);
            refused(&mut world, of_market, &["dao"], "ChangeLapsed");
        } else {
            world.execute(first, &["dao"]).unwrap();
            world.execute(second, &["dao"]).unwrap();
        }
    }
}

#[test]
fn waits_by_the_longer_of_both_holds() {
    // Given a mark of 0.05 for ten minutes, which holds the fund of 50 and not the pool of 1,000
    let mut world = lent(two_collaterals());
    let target = world.target(None);
    let execute = queued(&mut world, target, Parameter::BaseBps, number(1));
    set_cents(&mut world, "SOL", 2_000);
    world.set_price("SOL", Quote { price: 19_995, confidence: 0, exponent: -3 }, 0);
    world.mark("bob").unwrap();
    assert_eq!((world.pool().hold.on, world.pool().fund_hold.on), (0, 1));
    world.wait(600);
    world.set_dollars("SOL", 30);
    world.mark("bob").unwrap();
    world.wait(TIMELOCK - 1);
    refused(&mut world, execute.clone(), &["dao"], "ChangeNotReady");
    world.wait(1);
    world.execute(execute, &["dao"]).unwrap();
}

#[test]
fn replaces_a_feed_whose_price_is_unusable_without_waiting_for_holds() {
    // Given a change of ETH's feed that was queued a day ago, and 100 of Bob's that are marked since
    for reported in [false, true] {
        let mut world = lent(two_collaterals());
        let (eth, feed) = (world.target(Some("ETH")), world.collateral("SOL").parameters.oracle.feed);
        let execute = queued(&mut world, eth, Parameter::CollateralFeed, feed);
        world.set_dollars("SOL", 10);
        world.mark("bob").unwrap();
        world.wait(TIMELOCK - 3_600);
        if reported {
            world.report_price("ETH").unwrap();
        }
        world.wait(3_599);
        refused(&mut world, execute.clone(), &["dao"], "ChangeNotReady");
        world.wait(1);
        // When ETH's price was reported for an hour, then it is made; else it waits while the hold lasts
        if reported {
            world.execute(execute, &["dao"]).unwrap();
            assert_eq!(world.collateral("ETH").parameters.oracle.feed, feed, "hold-ends");
            // And the report ended, with what was remembered
            let last = world.collateral("ETH").last_price;
            assert_eq!((last.reported_at, last.price, last.first_at), (0, 0, 0));
        } else {
            refused(&mut world, execute, &["dao"], "ChangeNotReady");
        }
    }
}

#[test]
fn rejects_change_that_was_made() {
    let (mut world, execute) = about_to_execute();
    world.execute(execute.clone(), &["dao"]).unwrap();
    refused(&mut world, execute, &["dao"], "AccountDataTooSmall");
}

#[test]
fn rejects_change_that_was_cancelled() {
    let (mut world, execute) = about_to_execute();
    let (market, guardian, gina) = (world.key().market, world.actor("guardian"), world.actor("gina"));
    world.execute(verb::cancel_change(market, guardian, gina, 7), &["guardian"]).unwrap();
    refused(&mut world, execute, &["dao"], "AccountDataTooSmall");
}

#[test]
fn rejects_other_accounts_than_it_was_queued_with() {
    // Given another collateral of the pool, another pool of the market, and that one's collateral of the same mint
    let (mut world, execute) = about_to_execute();
    let ((pool, sol), eth) = (second_pool(&mut world), world.collateral_key("ETH").collateral);
    refused(&mut world, execute.clone().with("collateral", eth), &["dao"], "WrongTarget");
    refused(&mut world, execute.clone().with("pool", pool.pool), &["dao"], "WrongPool");
    refused(&mut world, execute.clone().with("collateral", sol.collateral), &["dao"], "WrongPool");
    let both = execute.with("pool", pool.pool).with("collateral", sol.collateral);
    refused(&mut world, both, &["dao"], "WrongTarget");
}

#[test]
fn rejects_another_pool_than_it_was_queued_with() {
    let mut world = lent(two_collaterals());
    let (target, (other, sol)) = (world.target(None), second_pool(&mut world));
    let execute = queued(&mut world, target, Parameter::BaseBps, number(100));
    world.wait(TIMELOCK);
    refused(&mut world, execute.clone().with("pool", other.pool), &["dao"], "WrongTarget");
    let (market, dao, gina) = (world.key().market, world.actor("dao"), world.actor("gina"));
    let both = verb::execute_change(market, dao, gina, collateral_of(&other, &sol), 7);
    refused(&mut world, both, &["dao"], "WrongTarget");
    world.execute(execute, &["dao"]).unwrap();
}

#[test]
fn rejects_change_without_its_accounts() {
    let (mut world, execute) = about_to_execute();
    let none = backstop_client::PROGRAM_ID;
    for account in ["pool", "collateral"] {
        refused(&mut world, execute.clone().with(account, none), &["dao"], "WrongTarget");
    }
    refused(&mut world, execute.with("pool", none).with("collateral", none), &["dao"], "WrongTarget");
    let mut world = lent(two_collaterals());
    let target = world.target(None);
    let execute = queued(&mut world, target, Parameter::BaseBps, number(100));
    world.wait(TIMELOCK);
    refused(&mut world, execute.with("pool", none), &["dao"], "WrongTarget");
}

#[test]
fn rejects_value_that_is_out_of_bounds_by_now() {
    // Given a limit of 79 % was queued with a threshold of 80 %, which then became 78 %
    let mut world = lent(two_collaterals());
    let sol = world.target(Some("SOL"));
    let execute = queued(&mut world, sol, Parameter::MaxLtvBps, number(7_900));
    make_both(&mut world, sol, Parameter::StressedThresholdBps, Parameter::LiquidationThresholdBps, 7_800);
    refused(&mut world, execute, &["dao"], "InvalidParameter");
}

#[test]
fn rejects_bonus_that_the_threshold_leaves_no_room_for_by_now() {
    // Given a bonus of 20 % was queued with a threshold of 80 %, which then became 84 %: all but 100.8 %
    let mut setup = two_collaterals();
    setup.collaterals[0].parameters.bonus_max_bps = 5_000;
    let mut world = lent(setup);
    let sol = world.target(Some("SOL"));
    let execute = queued(&mut world, sol, Parameter::BonusMinBps, number(2_000));
    make(&mut world, sol, Parameter::LiquidationThresholdBps, number(8_400));
    refused(&mut world, execute, &["dao"], "InvalidParameter");
}

#[test]
fn changes_the_bonus_of_the_next_liquidation() {
    // Given Bob's 200 against 10 SOL at 10 USD, and a bonus of a quarter from now on: 100 bring 80
    let mut world = underwater(two_collaterals());
    let sol = world.target(Some("SOL"));
    make(&mut world, sol, Parameter::BonusMaxBps, number(2_500));
    make(&mut world, sol, Parameter::BonusMinBps, number(2_500));
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    assert_eq!((gained(&mut world, "liz", "USDC"), world.pool().lost), (usdc(-80), 120 * USDC));
}

#[test]
fn makes_the_change() {
    // When the DAO makes the change
    let (mut world, execute) = about_to_execute();
    let (pool, lamports) = (world.pool(), lamports(&mut world, "gina"));
    let (mut parameters, eth) = (world.collateral("SOL").parameters, world.collateral("ETH"));
    let receipt = world.execute(execute, &["dao"]).unwrap();
    // Then the limit is 76 % and nothing else has changed
    parameters.max_ltv_bps = 7_600;
    assert_eq!((world.collateral("SOL").parameters, world.collateral("ETH")), (parameters, eth));
    assert_eq!(world.pool(), backstop_client::Pool { accrued_at: world.now(), ..pool });
    // And Gina has her rent back, and the change is gone
    assert_eq!(self::lamports(&mut world, "gina"), lamports + CHANGE_RENT);
    assert_eq!(world.change(7), None);
    let event = ParameterChanged {
        market: world.key().market,
        target: world.collateral_key("SOL").collateral,
        parameter: 34,
        before: number(7_500),
        after: number(7_600),
    };
    assert_eq!(only(&receipt), Event::ParameterChanged(event));
}

#[test]
fn pays_the_rent_back_to_the_authority_itself() {
    // Given Gina paid the rent, and became the authority since
    let (mut world, execute) = about_to_execute();
    world.propose_authority("dao", "gina").unwrap();
    world.wait(TIMELOCK);
    world.accept_authority("gina").unwrap();
    let (gina, before) = (world.actor("gina"), lamports(&mut world, "gina"));
    world.execute(execute.with("authority", gina), &["gina"]).unwrap();
    assert_eq!(lamports(&mut world, "gina"), before + CHANGE_RENT);
}

#[test]
fn pays_the_rent_back_to_the_authority_that_paid_it() {
    // Given the DAO queued the change and paid the rent itself
    let mut world = lent(two_collaterals());
    let (market, dao, before) = (world.key().market, world.actor("dao"), lamports(&mut world, "dao"));
    let sol = world.target(Some("SOL"));
    let queue = verb::queue_change(market, dao, dao, sol, 7, Parameter::MaxLtvBps, number(7_600));
    world.execute(queue, &["dao"]).unwrap();
    assert_eq!(lamports(&mut world, "dao"), before - CHANGE_RENT);
    world.wait(TIMELOCK);
    world.execute(verb::execute_change(market, dao, dao, sol, 7), &["dao"]).unwrap();
    assert_eq!((world.change(7), lamports(&mut world, "dao")), (None, before));
}

#[test]
fn pays_the_rent_back_with_what_was_sent_to_the_change() {
    // Given Mallory sent a lamport to the change
    let (mut world, execute) = about_to_execute();
    let at = execute.address_of("change");
    let mut account = world.account(&at).unwrap();
    account.lamports += 1;
    world.set_account(at, account);
    let before = lamports(&mut world, "gina");
    world.execute(execute, &["dao"]).unwrap();
    assert_eq!(lamports(&mut world, "gina"), before + CHANGE_RENT + 1);
}

#[test]
fn is_made_by_the_next_authority_too() {
    let (mut world, execute) = about_to_execute();
    world.propose_authority("dao", "heir").unwrap();
    world.wait(TIMELOCK);
    world.accept_authority("heir").unwrap();
    refused(&mut world, execute.clone(), &["dao"], "WrongAuthority");
    let heir = world.actor("heir");
    world.execute(execute.with("authority", heir), &["heir"]).unwrap();
}

#[test]
fn counts_interest_before_a_rate_changes() {
    // Given Bob's 200 at 10 % for a year, at the end of which the rate becomes 20 %
    let mut world = lent(with_interest());
    world.wait(YEAR - TIMELOCK);
    let pool = world.target(None);
    make(&mut world, pool, Parameter::BaseBps, number(2_000));
    // Then he owes 200 * (1 + 0.1 + 0.005 + 0.000166..), and a year later 1 + 0.2 + 0.02 + 0.001333.. times that
    assert_eq!(world.pool().accrued_at, world.now(), "fresh-totals");
    assert_eq!(world.pool().totals().debt(world.obligation("bob").unwrap().debt()).unwrap().get(), 221_033_334);
    world.wait(YEAR);
    assert_eq!(debt_of(&mut world, "bob"), 269_955_378, "fresh-totals");
}

#[test]
fn counts_interest_before_a_collateral_changes() {
    let start = || {
        let mut world = lent(with_interest());
        let sol = world.target(Some("SOL"));
        world.queue_change("dao", sol, 7, Parameter::MaxLtvBps, number(7_600)).unwrap();
        let (mut late, at) = (world.change(7).unwrap(), address::change(&world.key().market, 7));
        late.lapses_at = i64::MAX;
        let account = world.account(&at).unwrap();
        world.set_account(at, solana_account::Account { data: late.to_account_data(), ..account });
        world
    };
    counts_interest_first(start, |world| {
        let sol = world.target(Some("SOL"));
        world.execute_change("dao", sol, 7).unwrap();
    });
}

#[test]
fn raises_a_limit_of_which_stress_does_not_keep_it_by_steps() {
    // Given the limit of SOL became 76 %, of which 75 % are the value that it goes on from
    let (mut world, execute) = about_to_execute();
    world.execute(execute, &["dao"]).unwrap();
    world.deposit_collateral("ben", "SOL", 10 * SOL).unwrap();
    let borrow = world.borrow_instruction("ben", 228 * USDC);
    refused(&mut world, borrow.clone(), &["ben"], "LoanToValueExceeded");
    // When risk is refreshed, then it rises by a percent a day: 228 of 300
    world.refresh_risk("SOL").unwrap();
    refused(&mut world, borrow.clone(), &["ben"], "LoanToValueExceeded");
    world.wait(TIMELOCK + 1);
    world.execute(borrow, &["ben"]).unwrap();
}

/// SOL's threshold became 76 % this very second. At 26 USD Bob owes 200 of 260: 76.92 %.
fn lower_threshold() -> World {
    let mut world = lent(two_collaterals());
    let sol = world.target(Some("SOL"));
    make_both(&mut world, sol, Parameter::StressedThresholdBps, Parameter::LiquidationThresholdBps, 7_600);
    world.set_dollars("SOL", 26);
    world
}

#[test]
fn lowers_a_threshold_by_steps_only() {
    // Given a step of a percent a day, in 2^-32 of a basis point a second, rounded down
    let mut world = lower_threshold();
    let liquidate = world.liquidate_instruction("liz", "bob", "SOL", USDC);
    let limits = |world: &World| {
        let (max_ltv, threshold) = world.collateral("SOL").risk().limits(world.now());
        (max_ltv.get(), threshold.get())
    };
    assert_eq!(limits(&world), (7_500, 8_000));
    // Then Bob can be liquidated from 76.92 % on: 308 basis points down are 3.08 days, and a second for the rounding
    refused(&mut world, liquidate.clone(), &["liz"], "ObligationHealthy");
    world.wait(266_112);
    refused(&mut world, liquidate.clone(), &["liz"], "ObligationHealthy");
    world.wait(1);
    assert_eq!(limits(&world), (7_500, 7_692));
    world.execute(liquidate, &["liz"]).unwrap();
    // And it ends at 76 %
    world.wait(YEAR);
    assert_eq!(limits(&world), (7_500, 7_600));
}

#[test]
fn lowers_a_threshold_no_quicker_by_refreshing() {
    // Given refreshes in the same second, after a day and after two
    let mut world = lower_threshold();
    world.set_dollars("SOL", 30);
    for _ in 0..3 {
        world.refresh_risk("SOL").unwrap();
        world.wait(TIMELOCK);
    }
    // Then it is three steps lower, rounded up
    assert_eq!(world.collateral("SOL").risk().limits(world.now()).1.get(), 7_701);
}

#[test]
fn raises_a_threshold_by_steps_too() {
    // Given 85 %: it was announced, and it heads there from the next refresh on, by a percent a day
    let mut world = lent(two_collaterals());
    let sol = world.target(Some("SOL"));
    make(&mut world, sol, Parameter::LiquidationThresholdBps, number(8_500));
    let threshold = |world: &World| world.collateral("SOL").risk().limits(world.now()).1.get();
    assert_eq!(threshold(&world), 8_000);
    world.refresh_risk("SOL").unwrap();
    world.wait(TIMELOCK);
    assert_eq!(threshold(&world), 8_100);
}

#[test]
fn reads_another_feed_of_a_collateral() {
    // When SOL is bound to the feed of ETH, at 2,000 USD
    let mut world = lent(two_collaterals());
    let (sol, feed) = (world.target(Some("SOL")), world.collateral("ETH").parameters.oracle.feed);
    let borrow = world.borrow_instruction("bob", 800 * USDC);
    make(&mut world, sol, Parameter::CollateralFeed, feed);
    // Then its old price is refused, and Bob's 10 count for 20,000
    refused(&mut world, borrow.clone(), &["bob"], "WrongFeed");
    let eth = world.price_account("ETH");
    world.execute(borrow.with_extra(2, eth), &["bob"]).unwrap();
}

#[test]
fn reads_another_feed_of_the_liquidity_token() {
    // When USDC is bound to the feed of ETH, at 2,000 USD
    let mut world = lent(two_collaterals());
    let (pool, feed) = (world.target(None), world.collateral("ETH").parameters.oracle.feed);
    let liquidate = world.liquidate_instruction("liz", "bob", "SOL", USDC);
    make(&mut world, pool, Parameter::LiquidityFeed, feed);
    refused(&mut world, liquidate.clone(), &["liz"], "WrongFeed");
    let eth = world.price_account("ETH");
    world.execute(liquidate.with_extra(0, eth), &["liz"]).unwrap();
}

#[test]
fn reads_a_second_feed() {
    let mut world = lent(two_collaterals());
    let (sol, second) = (world.target(Some("SOL")), world.collateral("ETH").parameters.oracle.feed);
    let borrow = world.borrow_instruction("bob", USDC);
    make(&mut world, sol, Parameter::CollateralSecondFeed, second);
    refused(&mut world, borrow.clone(), &["bob"], "MissingPrice");
    // And 2,000 USD where the first says 30 are no agreement
    let eth = world.price_account("ETH");
    refused(&mut world, borrow.and_extra(eth), &["bob"], "PricesDisagree");
    make(&mut world, sol, Parameter::CollateralSecondFeed, [0; 32]);
    world.borrow("bob", USDC).unwrap();
}

#[test]
fn raises_a_cap() {
    let mut setup = two_collaterals();
    setup.collaterals[0].parameters.deposit_cap = 10 * SOL;
    let mut world = lent(setup);
    let (sol, deposit) = (world.target(Some("SOL")), world.deposit_collateral_instruction("bob", "SOL", SOL));
    refused(&mut world, deposit.clone(), &["bob"], "DepositCapExceeded");
    make(&mut world, sol, Parameter::DepositCap, number(11 * SOL));
    world.execute(deposit, &["bob"]).unwrap();
}

#[test]
fn changes_the_insurance_share_of_the_next_loss() {
    // Given a fund of 50 that pays a fifth of a loss from now on: 20 of 100
    let mut world = lent(two_collaterals());
    let pool = world.target(None);
    make_both(&mut world, pool, Parameter::StressedInsuranceShareBps, Parameter::InsuranceShareBps, 2_000);
    world.set_dollars("SOL", 10);
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    assert_eq!((world.fund().assets, nav(&world)), (30 * USDC, 920 * USDC));
}

#[test]
fn changes_the_insurance_factor_of_the_interest_from_then_on() {
    // Given a fund that got a tenth for a year and gets nothing from then on
    let mut world = lent(with_interest());
    world.wait(YEAR - 2 * 864_000);
    let pool = world.target(None);
    make(&mut world, pool, Parameter::InsuranceFactorBps, number(0));
    assert_eq!(world.pool().insurance_factor.value >> 32, 1_000); // within its bounds: it falls from a refresh on
    make(&mut world, pool, Parameter::StressedInsuranceFactorBps, number(0));
    // A tenth of the 20.428678 of 355 days, and of the 0.604743 of ten days more
    assert_eq!(world.pool().insurance_due, 2_042_867 + 60_474);
    world.wait(YEAR);
    world.accrue().unwrap();
    assert_eq!(world.pool().insurance_due, 2_103_341);
}

#[test]
fn replaces_the_guardian() {
    let mut world = lent(two_collaterals());
    let grace = world.actor("grace").to_bytes();
    make(&mut world, Target::Market, Parameter::Guardian, grace);
    let (what, old) = (backstop_client::PausableOperation::Deposit, world.actor("guardian"));
    let pause = verb::pause(world.key(), old, what, 60);
    refused(&mut world, pause, &["guardian"], "WrongGuardian");
    world.pause("grace", what, 60).unwrap();
}

#[test]
fn replaces_the_treasury() {
    let mut world = lent(with_interest());
    world.wait(YEAR - TIMELOCK);
    let (vera, before) = (world.actor("vera").to_bytes(), world.market());
    make(&mut world, Target::Market, Parameter::Treasury, vera);
    assert_eq!(world.market(), backstop_client::Market { treasury: vera.into(), ..before });
    let collect = world.collect_reserves_instruction("dao", u64::MAX);
    refused(&mut world, collect.clone(), &["dao"], "WrongTreasury");
    let veras = world.wallet("vera", "USDC");
    world.execute(collect.with("destination", veras), &["dao"]).unwrap();
    assert_eq!(world.balance("vera", "USDC"), STARTING_BALANCE + 4_206_666); // a fifth of 21.033333
}

#[test]
fn shortens_the_timelock_only_after_it() {
    // Given two days
    let mut world = lent(two_collaterals());
    make(&mut world, Target::Market, Parameter::TimelockSeconds, number(172_800));
    // When a day is queued, then that takes two
    world.queue_change("dao", Target::Market, 7, Parameter::TimelockSeconds, number(86_400)).unwrap();
    let (market, dao, payer) = (world.key().market, world.actor("dao"), world.payer());
    let execute = verb::execute_change(market, dao, payer, Target::Market, 7);
    world.wait(172_799);
    refused(&mut world, execute.clone(), &["dao"], "ChangeNotReady");
    world.wait(1);
    world.execute(execute, &["dao"]).unwrap();
    assert_eq!(world.market().timelock_seconds, 86_400);
}

#[test]
fn changes_one_pool_only() {
    let mut world = lent(two_collaterals());
    let (other, sol) = second_pool(&mut world);
    let before = ruled(&mut world);
    make(&mut world, collateral_of(&other, &sol), Parameter::MaxLtvBps, number(7_600));
    make(&mut world, Target::Pool(other.pool), Parameter::BaseBps, number(100));
    assert_eq!(ruled(&mut world), before);
}
