use backstop_client::{Event, Marked};
use backstop_engine::price::Quote;
use backstop_testkit::{STARTING_BALANCE, Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// SOL fell to 10 USD: Bob owes 200 against 100. Anyone is about to mark that.
fn about_to_mark() -> (World, Instruction) {
    let mut world = underwater(two_collaterals());
    let mark = world.mark_instruction("bob");
    (world, mark)
}

/// Bob owes 350 against 10 SOL at 10 USD and 0.1 ETH at 1,000 USD: 150 are missing. Priced by USDC, SOL, ETH.
fn two_held() -> (World, Instruction) {
    let mut world = lent(two_collaterals());
    world.deposit_collateral("bob", "ETH", ETH / 10).unwrap();
    world.borrow("bob", 150 * USDC).unwrap();
    world.set_dollars("SOL", 10);
    world.set_dollars("ETH", 1_000);
    let mark = world.mark_instruction("bob");
    (world, mark)
}

/// What an obligation is marked with, after checking that it is at most its debt.
#[track_caller]
fn marked_of(world: &mut World, name: &str) -> u64 {
    let marked = world.obligation(name).unwrap().marked;
    assert!(marked <= debt_of(world, name), "hold-ends");
    marked
}

#[test]
fn rejects_another_pool() {
    let (mut world, mark) = about_to_mark();
    let (other, bob) = (Neighbour::new(&mut world, &["bob"]), world.actor("bob"));
    refused(&mut world, mark.clone().with("pool", other.pool.pool), &[], "WrongPool");
    refused(&mut world, mark.clone().with("obligation", other.obligation(&bob)), &[], "WrongPool");
    refused(&mut world, mark.with("insurance_fund", other.pool.insurance_fund), &[], "WrongInsuranceFund");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, mark) = about_to_mark();
    refuses_other_kinds(&mut world, &mark, &[], &["pool", "obligation", "insurance_fund"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, mark) = about_to_mark();
    refuses_forgeries(&mut world, &mark, &[], &["pool", "obligation", "insurance_fund"]);
}

#[test]
fn rejects_same_account_twice() {
    let (mut world, mark) = about_to_mark();
    let pairs =
        [("obligation", "pool"), ("pool", "obligation"), ("insurance_fund", "pool"), ("insurance_fund", "obligation")];
    refuses_twins(&mut world, &mark, &[], &pairs);
}

#[test]
fn marks_nothing_where_nothing_is_missing() {
    // Given 80 % of 250, exactly the 200 owed; then 240, which can be liquidated and pay; then 200, which just pay
    let (mut world, mark) = about_to_mark();
    for dollars in [25, 24, 20] {
        world.set_dollars("SOL", dollars);
        world.execute(mark.clone(), &[]).unwrap();
        assert_eq!((marked_of(&mut world, "bob"), world.pool().marked), (0, 0));
    }
    // And where there is no debt, or none that was not recorded
    world.mark("carol").unwrap();
    world.deposit_collateral("carol", "SOL", SOL).unwrap();
    world.mark("carol").unwrap();
    assert_eq!(world.pool().marked, 0);
    let mut world = recorded(Setup::default());
    world.mark("bob").unwrap();
    assert_eq!(world.pool().marked, 0);
}

#[test]
fn rejects_marking_in_the_transaction_that_borrowed() {
    // Given two updates of the same feed, one of 30 USD and one of 10: the first opens the debt, the second would mark
    // it
    let mut world = lent(Setup::default());
    world.deposit_collateral("carol", "SOL", 10 * SOL).unwrap();
    let (borrow, mark) = (world.borrow_instruction("carol", 200 * USDC), world.mark_instruction("carol"));
    let low = price_at(&mut world, "SOL", 10);
    let mark = mark.with_extra(2, low);
    refused_together(&mut world, &[borrow.clone(), mark.clone()], &["carol"], "DefaultTooRecent");
    // When the debt stands, then in the next slot it is marked
    world.execute(borrow, &["carol"]).unwrap();
    world.execute(mark, &[]).unwrap();
    assert_eq!(marked_of(&mut world, "carol"), 100 * USDC);
}

#[test]
fn rejects_marking_in_the_transaction_that_took_collateral() {
    let mut world = lent(Setup::default());
    let (take, mark) = (world.withdraw_collateral_instruction("bob", "SOL", SOL), world.mark_instruction("bob"));
    let low = price_at(&mut world, "SOL", 10);
    refused_together(&mut world, &[take, mark.with_extra(2, low)], &["bob"], "DefaultTooRecent");
}

#[test]
fn rejects_leaving_prices_out() {
    let (mut world, mark) = two_held();
    for count in 0..5 {
        refused(&mut world, mark.clone().with_extras(count), &[], "MissingPrice");
    }
}

#[test]
fn rejects_unusable_prices() {
    // `always-open` reads an unusable price as neither solvent nor worthless
    let (mut world, mark) = two_held();
    refuses_unusable_prices(&mut world, &mark, &[], &[(0, "USDC"), (2, "SOL"), (4, "ETH")]);
}

#[test]
fn rejects_prices_of_each_other() {
    let (mut world, mark) = two_held();
    let (usdc, sol, eth) = (world.price_account("USDC"), world.price_account("SOL"), world.price_account("ETH"));
    refused(&mut world, mark.clone().with_extra(0, sol), &[], "WrongFeed");
    refused(&mut world, mark.clone().with_extra(2, eth).with_extra(4, sol), &[], "WrongFeed");
    refused(&mut world, mark.with_extra(4, usdc), &[], "WrongFeed");
}

#[test]
fn rejects_collaterals_in_another_order() {
    let (mut world, mut mark) = two_held();
    mark.accounts.swap(4, 6);
    mark.accounts.swap(5, 7);
    refused(&mut world, mark, &[], "WrongCollateral");
}

#[test]
fn rejects_one_collateral_twice() {
    let (mut world, mark) = two_held();
    let (sol, price) = (world.collateral_key("SOL").collateral, world.price_account("SOL"));
    refused(&mut world, mark.with_extra(3, sol).with_extra(4, price), &[], "WrongCollateral");
}

#[test]
fn rejects_collateral_of_another_pool() {
    let (mut world, mark) = two_held();
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, mark.with_extra(1, other.sol.collateral), &[], "WrongCollateral");
}

#[test]
fn marks_what_the_collateral_does_not_bring() {
    // Given 200 owed against 100
    let (mut world, mark) = about_to_mark();
    let pool = world.pool();
    // When nobody in particular marks it
    let receipt = world.execute(mark, &[]).unwrap();
    // Then 100 are known to stay unpaid: more than a ten-thousandth of 1,000, and of the fund's 50, so both are on hold
    let (after, now) = (world.pool(), world.now());
    assert_eq!((marked_of(&mut world, "bob"), world.obligation("bob").unwrap().marked_at), (100 * USDC, now));
    assert_eq!((after.marked, after.hold.on, after.hold.since), (100 * USDC, 1, now));
    assert_eq!((after.fund_hold.on, after.fund_hold.since), (1, now));
    // And no money has moved
    assert_eq!(after.totals(), pool.totals());
    let event = Marked {
        pool: world.key().pool,
        obligation: world.obligation_address("bob"),
        before: 0,
        after: 100 * USDC,
        marked_at: now,
        marked: 100 * USDC,
        on_hold: 3,
        state: state(&after),
    };
    assert_eq!(only(&receipt), Event::Marked(event));
}

#[test]
fn counts_what_all_collaterals_bring() {
    // Given 350 owed against 100 of SOL and 100 of ETH
    let (mut world, mark) = two_held();
    world.execute(mark, &[]).unwrap();
    assert_eq!(marked_of(&mut world, "bob"), 150 * USDC);
}

#[test]
fn leaves_the_least_bonus_to_the_liquidator() {
    // Given a bonus of at least 25 %: 100 of collateral bring 80
    let mut setup = Setup::default();
    let sol = &mut setup.collaterals[0].parameters;
    (sol.bonus_min_bps, sol.bonus_max_bps) = (2_500, 4_000);
    let mut world = marked(setup);
    assert_eq!(marked_of(&mut world, "bob"), 120 * USDC);
}

#[test]
fn rounds_a_shortfall_up() {
    // Given a bonus of 5 %: 100 bring 95.238095.., of which 95.238095 count
    let mut setup = Setup::default();
    let sol = &mut setup.collaterals[0].parameters;
    (sol.bonus_min_bps, sol.bonus_max_bps) = (500, 500);
    let mut world = marked(setup);
    assert_eq!(marked_of(&mut world, "bob"), 104_761_905);
}

#[test]
fn counts_collateral_at_the_lower_and_debt_at_the_upper_price() {
    // Given SOL at 10 USD less 10 cents, and USDC at 1 USD and 1 cent: 99 USD bring 98.019801.. USDC
    let (mut world, mark) = about_to_mark();
    world.set_price("SOL", Quote { price: 1_000, confidence: 10, exponent: -2 }, 0);
    world.set_price("USDC", Quote { price: 100, confidence: 1, exponent: -2 }, 0);
    world.execute(mark, &[]).unwrap();
    assert_eq!(marked_of(&mut world, "bob"), 200 * USDC - 98_019_801);
}

#[test]
fn marks_all_of_a_debt_against_nothing() {
    // Given Bob owes 100 against nothing: the liquidation marked it already
    let mut world = defaulted(Setup::default());
    assert_eq!(marked_of(&mut world, "bob"), 100 * USDC);
    // Then the price of the liquidity token is all that is needed, and nothing changes
    let mark = world.mark_instruction("bob");
    assert_eq!(mark.accounts.len(), 3 + 1);
    world.execute(mark.clone(), &[]).unwrap();
    assert_eq!(marked_of(&mut world, "bob"), 100 * USDC);
    refused(&mut world, mark.with_extras(0), &[], "MissingPrice");
}

#[test]
fn follows_the_price() {
    let (mut world, mark) = about_to_mark();
    // SOL at 10, 5, 15, 20 USD
    let steps = [(10, 0, 100), (5, 100, 150), (15, 150, 50), (20, 50, 0)];
    for (dollars, before, after) in steps {
        world.set_dollars("SOL", dollars);
        let receipt = world.execute(mark.clone(), &[]).unwrap();
        let Event::Marked(event) = only(&receipt) else { panic!("another event") };
        assert_eq!((event.before, event.after), (before * USDC, after * USDC));
        assert_eq!(marked_of(&mut world, "bob"), after * USDC);
        assert_eq!((world.pool().marked, world.pool().hold.on), (after * USDC, u32::from(after != 0)));
    }
}

#[test]
fn ends_at_a_price_at_which_nothing_is_missing() {
    // Given a mark of 100, and SOL back at 30 USD
    let mut world = marked(Setup::default());
    let leave = world.withdraw_instruction("alice", 100 * USDC);
    refused(&mut world, leave.clone(), &["alice"], "PoolOnHold");
    world.set_dollars("SOL", 30);
    // When anyone says so
    world.mark("bob").unwrap();
    // Then Alice can leave at NAV again
    assert_eq!((marked_of(&mut world, "bob"), world.pool().marked, world.pool().hold.on), (0, 0, 0));
    world.execute(leave, &["alice"]).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-900));
}

#[test]
fn ends_by_no_older_price_than_was_read() {
    // Given two updates of one feed: 30 USD of five seconds ago, and 10 USD of now, by which Bob was marked
    let mut world = underwater(Setup::default());
    let (old, mark) = (price_at(&mut world, "SOL", 30), world.mark_instruction("bob"));
    world.wait(5);
    world.mark("bob").unwrap();
    // When somebody shows the older one, then the mark stays
    world.execute(mark.clone().with_extra(2, old), &[]).unwrap();
    assert_eq!((marked_of(&mut world, "bob"), world.pool().hold.on), (100 * USDC, 1), "no-escape");
    // When somebody shows an older one that is worse, then it rises
    let worse = price_at(&mut world, "SOL", 5);
    world.wait(5);
    world.mark("bob").unwrap();
    world.execute(mark.with_extra(2, worse), &[]).unwrap();
    assert_eq!(marked_of(&mut world, "bob"), 150 * USDC);
}

#[test]
fn falls_only_where_no_price_is_older() {
    // Given a mark of 100, and SOL back at 30 USD; one price of USDC is five seconds older than that of the mark
    let mut world = underwater(Setup::default());
    let (old, mark) = (price_at(&mut world, "USDC", 1), world.mark_instruction("bob"));
    world.wait(5);
    world.mark("bob").unwrap();
    world.set_dollars("SOL", 30);
    world.execute(mark.clone().with_extra(0, old), &[]).unwrap();
    assert_eq!(marked_of(&mut world, "bob"), 100 * USDC, "no-escape");
    world.execute(mark, &[]).unwrap();
    assert_eq!(marked_of(&mut world, "bob"), 0);
}

#[test]
fn falls_by_no_older_price_than_any_instruction_read() {
    // Given a mark of 100, an update of 30 USD, and one of 10 five seconds later, by which somebody only observes
    let mut world = marked(Setup::default());
    let (old, mark) = (price_at(&mut world, "SOL", 30), world.mark_instruction("bob"));
    world.wait(5);
    world.refresh_risk("SOL").unwrap();
    world.execute(mark.with_extra(2, old), &[]).unwrap();
    assert_eq!(marked_of(&mut world, "bob"), 100 * USDC, "no-escape");
}

#[test]
fn stays_where_a_liquidation_shows_an_older_price() {
    // Given a mark of 100, by a price of SOL of 10 USD; and 19 USD, which is older in the first case and newest in the
    // second
    for (newest, left) in [(false, 100), (true, 10)] {
        let mut world = underwater(Setup::default());
        let old = price_at(&mut world, "SOL", 19);
        world.wait(5);
        world.mark("bob").unwrap();
        // When Liz pays 50 for 50 / 19 SOL, then 150 are left, of which the other 140 USD of SOL would leave 10 unpaid
        if newest {
            world.set_dollars("SOL", 19);
        }
        let liquidate = world.liquidate_instruction("liz", "bob", "SOL", 50 * USDC);
        let price = if newest { world.price_account("SOL") } else { old };
        world.execute(liquidate.with_extra(1, price), &["liz"]).unwrap();
        assert_eq!((debt_of(&mut world, "bob"), marked_of(&mut world, "bob")), (150 * USDC, left * USDC), "no-escape");
    }
}

#[test]
fn stands_since_it_was_made_first() {
    let mut world = marked(Setup::default());
    let first = world.now();
    for dollars in [5, 15, 11] {
        world.wait(100);
        world.set_dollars("SOL", dollars);
        world.mark("bob").unwrap();
        assert_eq!(world.obligation("bob").unwrap().marked_at, first, "hold-ends");
    }
    // When it has ended, then the next begins anew
    world.set_dollars("SOL", 30);
    world.mark("bob").unwrap();
    assert_eq!(world.obligation("bob").unwrap().marked_at, 0);
    world.set_dollars("SOL", 10);
    world.wait(100);
    world.mark("bob").unwrap();
    assert_eq!(world.obligation("bob").unwrap().marked_at, first + 400);
}

#[test]
fn is_released_when_collateral_is_added() {
    let mut world = marked(Setup::default());
    world.deposit_collateral("bob", "SOL", 15 * SOL).unwrap();
    world.mark("bob").unwrap();
    assert_eq!((marked_of(&mut world, "bob"), world.pool().marked), (0, 0));
}

#[test]
fn adds_up_over_obligations() {
    // Given Ben, who owes 150 against 7 SOL, besides Bob
    let mut world = lent(Setup::default());
    world.deposit_collateral("ben", "SOL", 7 * SOL).unwrap();
    world.borrow("ben", 150 * USDC).unwrap();
    world.set_dollars("SOL", 10);
    world.mark("bob").unwrap();
    let bobs = world.obligation("bob");
    world.mark("ben").unwrap();
    // Then 100 and 80 are known, and Bob's is untouched
    assert_eq!(marked_of(&mut world, "ben"), 80 * USDC);
    assert_eq!(world.pool().marked, 180 * USDC);
    assert_eq!(world.obligation("bob"), bobs, "isolation");
    // And when Bob pays his, Ben's stays
    world.repay("bob", "bob", u64::MAX).unwrap();
    assert_eq!(world.pool().marked, 80 * USDC);
}

#[test]
fn needs_no_minimum_age() {
    // Given a minimum age of 100 slots to record, and a debt of two slots
    let mut setup = Setup::default();
    setup.parameters.loss.min_default_age_slots = 100;
    let mut world = underwater(setup);
    world.mark("bob").unwrap();
    assert_eq!(marked_of(&mut world, "bob"), 100 * USDC);
}

#[test]
fn works_at_a_single_unit() {
    // Given a debt of one base unit against collateral at almost nothing
    let mut world = World::new(Setup::default());
    world.deposit("alice", USDC).unwrap();
    world.deposit_collateral("bob", "SOL", SOL / 100).unwrap();
    world.borrow("bob", 1).unwrap();
    world.set_price("SOL", Quote { price: 1, confidence: 0, exponent: -9 }, 0);
    world.mark("bob").unwrap();
    assert_eq!(marked_of(&mut world, "bob"), 1);
    // And that is no ten-thousandth of a whole token: Alice can leave
    world.withdraw("alice", 500_000).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), -500_000);
}

#[test]
fn works_at_the_largest_amounts() {
    // Given all that wallets hold: 2^60 base units, a trillion dollars
    let mut world = World::new(Setup::default());
    world.deposit("alice", STARTING_BALANCE).unwrap();
    world.set_balance("bob", "SOL", u64::MAX);
    world.set_dollars("SOL", 100);
    world.deposit_collateral("bob", "SOL", u64::MAX).unwrap();
    world.borrow("bob", STARTING_BALANCE).unwrap();
    world.set_dollars("SOL", 1);
    world.mark("bob").unwrap();
    // Then all is missing but 2^64 - 1 of SOL at 1 USD: 18,446,744,073.709551
    assert_eq!(marked_of(&mut world, "bob"), STARTING_BALANCE - 18_446_744_073_709_551);
}

#[test]
fn counts_interest() {
    let start = || {
        let mut world = lent(with_interest());
        world.set_dollars("SOL", 10);
        world
    };
    counts_interest_first(start, |world| drop(world.mark("bob").unwrap()));
}

#[test]
fn grows_with_the_debt() {
    // Given a mark of 100, and a year at 10 % on 200: 221.033334 are owed
    let mut world = marked(with_interest());
    world.wait(YEAR);
    world.mark("bob").unwrap();
    assert_eq!(marked_of(&mut world, "bob"), 121_033_334);
}
