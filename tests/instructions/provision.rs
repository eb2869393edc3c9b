use backstop_client::{Event, Provisioned};
use backstop_engine::{health::Health, price::Quote, quantity::Units};
use backstop_testkit::{STARTING_BALANCE, Setup, World};
use solana_instruction::Instruction;

use crate::{misuse::*, scene::*};

/// SOL fell to 10 USD: Bob owes 200 against 100. Anyone is about to mark that.
fn about_to_provision() -> (World, Instruction) {
    let mut world = underwater(two_collaterals());
    let provision = world.provision_instruction("bob");
    (world, provision)
}

/// Bob owes 350 against 10 SOL at 10 USD and 0.1 ETH at 1,000 USD: 150 are missing. Priced by USDC, SOL, ETH.
fn two_held() -> (World, Instruction) {
    two_held_of(two_collaterals())
}

/// The same with rules of one's own.
fn two_held_of(setup: Setup) -> (World, Instruction) {
    let mut world = lent(setup);
    world.deposit_collateral("bob", "ETH", ETH / 10).unwrap();
    world.borrow("bob", 150 * USDC).unwrap();
    world.set_dollars("SOL", 10);
    world.set_dollars("ETH", 1_000);
    let provision = world.provision_instruction("bob");
    (world, provision)
}

/// The provision of an obligation, after checking that it is at most its debt.
#[track_caller]
fn provision_of(world: &mut World, name: &str) -> u64 {
    let provision = world.obligation(name).unwrap().provision;
    assert!(provision <= debt_of(world, name), "provision-once");
    provision
}

#[test]
fn rejects_another_pool() {
    let (mut world, provision) = about_to_provision();
    let (other, bob) = (Neighbour::new(&mut world, &["bob"]), world.actor("bob"));
    refused(&mut world, provision.clone().with("pool", other.pool.pool), &[], "WrongPool");
    refused(&mut world, provision.with("obligation", other.obligation(&bob)), &[], "WrongPool");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, provision) = about_to_provision();
    refuses_other_kinds(&mut world, &provision, &[], &["pool", "obligation"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, provision) = about_to_provision();
    refuses_forgeries(&mut world, &provision, &[], &["pool", "obligation"]);
}

#[test]
fn rejects_same_account_twice() {
    let (mut world, provision) = about_to_provision();
    refuses_twins(&mut world, &provision, &[], &[("obligation", "pool"), ("pool", "obligation")]);
}

#[test]
fn rejects_obligation_that_cannot_be_liquidated() {
    // Given 80 % of 250, exactly the 200 owed
    let (mut world, provision) = about_to_provision();
    world.set_dollars("SOL", 25);
    refused(&mut world, provision, &[], "ObligationHealthy");
}

#[test]
fn rejects_obligation_whose_collateral_suffices() {
    // Given 240 for 200 owed: it can be liquidated, and pays
    let (mut world, provision) = about_to_provision();
    world.set_dollars("SOL", 24);
    refused(&mut world, provision.clone(), &[], "ObligationHealthy");
    // When exactly the debt is left, then nothing is missing either
    world.set_dollars("SOL", 20);
    refused(&mut world, provision, &[], "ObligationHealthy");
}

#[test]
fn rejects_obligation_without_debt() {
    let (mut world, _) = about_to_provision();
    world.open_obligation("carol").unwrap();
    let empty = world.provision_instruction("carol");
    refused(&mut world, empty, &[], "ObligationHealthy");
    world.deposit_collateral("carol", "SOL", SOL).unwrap();
    let holding = world.provision_instruction("carol");
    refused(&mut world, holding, &[], "ObligationHealthy");
}

#[test]
fn rejects_obligation_whose_debt_was_recorded() {
    let mut world = recorded(Setup::default());
    let provision = world.provision_instruction("bob");
    refused(&mut world, provision, &[], "ObligationHealthy");
}

#[test]
fn rejects_marking_in_the_transaction_that_borrowed() {
    // Given two updates of the same feed, one of 30 USD and one of 10: the first opens the debt, the second would mark it
    let mut world = lent(Setup::default());
    world.deposit_collateral("carol", "SOL", 10 * SOL).unwrap();
    let (borrow, provision) = (world.borrow_instruction("carol", 200 * USDC), world.provision_instruction("carol"));
    let low = price_at(&mut world, "SOL", 10);
    let provision = provision.with_extra(2, low);
    refused_together(&mut world, &[borrow.clone(), provision.clone()], &["carol"], "DefaultTooRecent");
    // When the debt stands, then in the next slot it is marked
    world.execute(borrow, &["carol"]).unwrap();
    world.execute(provision, &[]).unwrap();
    assert_eq!(provision_of(&mut world, "carol"), 100 * USDC);
}

#[test]
fn rejects_marking_in_the_transaction_that_took_collateral() {
    let mut world = lent(Setup::default());
    let (take, provision) =
        (world.withdraw_collateral_instruction("bob", "SOL", SOL), world.provision_instruction("bob"));
    let low = price_at(&mut world, "SOL", 10);
    refused_together(&mut world, &[take, provision.with_extra(2, low)], &["bob"], "DefaultTooRecent");
}

#[test]
fn rejects_leaving_prices_out() {
    let (mut world, provision) = two_held();
    for count in 0..5 {
        refused(&mut world, provision.clone().with_extras(count), &[], "MissingPrice");
    }
}

#[test]
fn rejects_unusable_prices() {
    // `always-open` reads an unusable price as neither solvent nor worthless
    let (mut world, provision) = two_held();
    refuses_unusable_prices(&mut world, &provision, &[], &[(0, "USDC"), (2, "SOL"), (4, "ETH")]);
}

#[test]
fn rejects_prices_of_each_other() {
    let (mut world, provision) = two_held();
    let (usdc, sol, eth) = (world.price_account("USDC"), world.price_account("SOL"), world.price_account("ETH"));
    refused(&mut world, provision.clone().with_extra(0, sol), &[], "WrongFeed");
    refused(&mut world, provision.clone().with_extra(2, eth).with_extra(4, sol), &[], "WrongFeed");
    refused(&mut world, provision.with_extra(4, usdc), &[], "WrongFeed");
}

#[test]
fn rejects_collaterals_in_another_order() {
    let (mut world, mut provision) = two_held();
    provision.accounts.swap(3, 5);
    provision.accounts.swap(4, 6);
    refused(&mut world, provision, &[], "WrongCollateral");
}

#[test]
fn rejects_one_collateral_twice() {
    let (mut world, provision) = two_held();
    let (sol, price) = (world.collateral_key("SOL").collateral, world.price_account("SOL"));
    refused(&mut world, provision.with_extra(3, sol).with_extra(4, price), &[], "WrongCollateral");
}

#[test]
fn rejects_collateral_of_another_pool() {
    let (mut world, provision) = two_held();
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, provision.with_extra(1, other.sol.collateral), &[], "WrongCollateral");
}

#[test]
fn marks_what_the_collateral_does_not_bring() {
    // Given 200 owed against 100
    let (mut world, provision) = about_to_provision();
    let (pool, sol) = (world.pool(), world.collateral("SOL"));
    let debt = pool.totals().debt(world.obligation("bob").unwrap().debt()).unwrap();
    let price = world.quote("USDC").upper(6).unwrap();
    let holding = sol.holding(Units::new(10 * SOL), world.quote("SOL"), world.now()).unwrap();
    let health = Health::of_debt(price.value_up(debt.get()).unwrap()).with(&holding).unwrap();
    let preview = health.shortfall(debt, &price).unwrap().get();
    // When nobody in particular marks it
    let receipt = world.execute(provision, &[]).unwrap();
    // Then 100 are expected to stay unpaid, and nothing else has changed
    let after = world.pool();
    assert_eq!((provision_of(&mut world, "bob"), after.provisions, after.provisioned), (100 * USDC, 100 * USDC, 1));
    assert_eq!(preview, 100 * USDC, "preview-is-execution");
    assert_eq!(after, backstop_client::Pool { provisions: 100 * USDC, provisioned: 1, ..pool });
    let event = Provisioned {
        pool: world.key().pool,
        obligation: world.obligation_address("bob"),
        before: 0,
        after: 100 * USDC,
        provisions: 100 * USDC,
        state: state(&after),
    };
    assert_eq!(only(&receipt), Event::Provisioned(event));
}

#[test]
fn counts_what_all_collaterals_bring() {
    // Given 350 owed against 100 of SOL and 100 of ETH
    let (mut world, provision) = two_held();
    world.execute(provision, &[]).unwrap();
    assert_eq!(provision_of(&mut world, "bob"), 150 * USDC);
}

#[test]
fn leaves_the_least_bonus_to_the_liquidator() {
    // Given a bonus of at least 25 %: 100 of collateral bring 80
    let mut setup = Setup::default();
    (setup.collaterals[0].parameters.bonus_min_bps, setup.collaterals[0].parameters.bonus_max_bps) = (2_500, 4_000);
    let mut world = provisioned(setup);
    assert_eq!(provision_of(&mut world, "bob"), 120 * USDC);
    // And each collateral has its own: 100 of SOL bring 80, and 100 of ETH at 10 % 90.909090.. of 350
    let mut setup = two_collaterals();
    for (collateral, least) in setup.collaterals.iter_mut().zip([2_500, 1_000]) {
        (collateral.parameters.bonus_min_bps, collateral.parameters.bonus_max_bps) = (least, 4_000);
    }
    let (mut world, provision) = two_held_of(setup);
    world.execute(provision, &[]).unwrap();
    assert_eq!(provision_of(&mut world, "bob"), 350 * USDC - 170_909_090);
}

#[test]
fn rounds_against_those_who_leave() {
    // Given a bonus of 5 %: 100 bring 95.238095.., of which 95.238095 count
    let mut setup = Setup::default();
    (setup.collaterals[0].parameters.bonus_min_bps, setup.collaterals[0].parameters.bonus_max_bps) = (500, 500);
    let mut world = provisioned(setup);
    assert_eq!(provision_of(&mut world, "bob"), 104_761_905);
}

#[test]
fn counts_collateral_at_the_lower_and_debt_at_the_upper_price() {
    // Given SOL at 10 USD less 10 cents, and USDC at 1 USD and 1 cent: 99 USD bring 98.019801.. USDC
    let (mut world, provision) = about_to_provision();
    world.set_price("SOL", Quote { price: 1_000, confidence: 10, exponent: -2 }, 0);
    world.set_price("USDC", Quote { price: 100, confidence: 1, exponent: -2 }, 0);
    world.execute(provision, &[]).unwrap();
    assert_eq!(provision_of(&mut world, "bob"), 200 * USDC - 98_019_801);
}

#[test]
fn counts_dust_as_what_it_brings() {
    // Given 10 SOL at 10.1 cents, which is more than the dust value; at 10 cents, exactly that; and at 1 cent
    let (mut world, provision) = about_to_provision();
    for (price, shortfall) in [(101, 198_990_000), (100, 199 * USDC), (10, 199_900_000)] {
        world.set_price("SOL", Quote { price, confidence: 0, exponent: -3 }, 0);
        world.execute(provision.clone(), &[]).unwrap();
        assert_eq!(provision_of(&mut world, "bob"), shortfall);
    }
    // When it is recorded, then that is what is lost
    world.record_bad_debt("bob").unwrap();
    assert_eq!((world.pool().lost, world.pool().provisions), (199_900_000, 0), "provision-once");
}

#[test]
fn rejects_a_debt_that_dust_covers() {
    // Given Carol owes 70 cents against a SOL at 80 cents, of which 80 % count: she can be liquidated, and it pays
    let mut world = lent(Setup::default());
    world.deposit_collateral("carol", "SOL", SOL).unwrap();
    world.borrow("carol", 700_000).unwrap();
    set_cents(&mut world, "SOL", 80);
    let provision = world.provision_instruction("carol");
    refused(&mut world, provision, &[], "ObligationHealthy");
}

#[test]
fn marks_all_of_a_debt_against_nothing() {
    // Given Bob owes 100 against nothing: the liquidation marked it already
    let mut world = defaulted(Setup::default());
    assert_eq!(provision_of(&mut world, "bob"), 100 * USDC);
    // Then the price of the liquidity token is all that is needed, and nothing changes
    let provision = world.provision_instruction("bob");
    assert_eq!(provision.accounts.len(), 2 + 1);
    world.execute(provision.clone(), &[]).unwrap();
    assert_eq!(provision_of(&mut world, "bob"), 100 * USDC);
    refused(&mut world, provision.with_extras(0), &[], "MissingPrice");
}

#[test]
fn follows_the_price() {
    let (mut world, provision) = about_to_provision();
    // SOL at 10, 5, 15, 20 USD
    let steps = [(10, 0, 100), (5, 100, 150), (15, 150, 50), (20, 50, 0)];
    for (dollars, before, after) in steps {
        world.set_dollars("SOL", dollars);
        let receipt = world.execute(provision.clone(), &[]).unwrap();
        let Event::Provisioned(event) = only(&receipt) else { panic!("another event") };
        assert_eq!((event.before, event.after), (before * USDC, after * USDC));
        assert_eq!(provision_of(&mut world, "bob"), after * USDC);
        assert_eq!((world.pool().provisions, world.pool().provisioned), (after * USDC, u32::from(after != 0)));
    }
}

#[test]
fn is_released_when_the_obligation_recovers() {
    // Given a provision of 100, and SOL back at 30 USD
    let mut world = provisioned(Setup::default());
    world.set_dollars("SOL", 30);
    // When anyone says so
    world.provision("bob").unwrap();
    // Then Alice can leave at NAV again
    assert_eq!((provision_of(&mut world, "bob"), world.pool().provisions, world.pool().provisioned), (0, 0, 0));
    world.withdraw("alice", 100 * USDC).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-900));
    // And once more is refused
    let again = world.provision_instruction("bob");
    refused(&mut world, again, &[], "ObligationHealthy");
}

#[test]
fn is_released_when_collateral_is_added() {
    let mut world = provisioned(Setup::default());
    world.deposit_collateral("bob", "SOL", 15 * SOL).unwrap();
    world.provision("bob").unwrap();
    assert_eq!((provision_of(&mut world, "bob"), world.pool().provisioned), (0, 0));
}

#[test]
fn adds_up_over_obligations() {
    // Given Ben, who owes 150 against 7 SOL, besides Bob
    let mut world = lent(Setup::default());
    world.deposit_collateral("ben", "SOL", 7 * SOL).unwrap();
    world.borrow("ben", 150 * USDC).unwrap();
    world.set_dollars("SOL", 10);
    world.provision("bob").unwrap();
    let bobs = world.obligation("bob");
    world.provision("ben").unwrap();
    // Then 100 and 80 are expected, and Bob's is untouched
    assert_eq!(provision_of(&mut world, "ben"), 80 * USDC);
    assert_eq!((world.pool().provisions, world.pool().provisioned), (180 * USDC, 2));
    assert_eq!(world.obligation("bob"), bobs, "isolation");
    // And when Bob pays his, Ben's stays
    world.repay("bob", "bob", u64::MAX).unwrap();
    assert_eq!((world.pool().provisions, world.pool().provisioned), (80 * USDC, 1));
}

#[test]
fn is_open_to_anyone() {
    let (mut world, provision) = about_to_provision();
    assert!(provision.accounts.iter().all(|meta| !meta.is_signer));
    world.execute(provision, &[]).unwrap();
}

#[test]
fn needs_no_minimum_age() {
    // Given a minimum age of 100 slots to record, and a debt of two slots
    let mut setup = Setup::default();
    setup.parameters.loss.min_default_age_slots = 100;
    let mut world = underwater(setup);
    world.provision("bob").unwrap();
    assert_eq!(provision_of(&mut world, "bob"), 100 * USDC);
}

#[test]
fn works_at_a_single_unit() {
    // Given a debt of one base unit against collateral at almost nothing
    let mut setup = Setup::default();
    setup.parameters.loss.dust_value = 0; // nothing is negligible
    let mut world = World::new(setup);
    world.deposit("alice", USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 1_001).unwrap();
    world.borrow("bob", 1).unwrap();
    world.set_price("SOL", Quote { price: 1, confidence: 0, exponent: -9 }, 0);
    world.provision("bob").unwrap();
    assert_eq!(provision_of(&mut world, "bob"), 1);
    // And Alice leaves that unit behind: 999,999 of 1,000,000
    world.withdraw("alice", 500_000).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), -1_000_000 + 499_999);
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
    world.provision("bob").unwrap();
    // Then all is missing but 2^64 - 1 of SOL at 1 USD: 18,446,744,073.709551
    assert_eq!(provision_of(&mut world, "bob"), STARTING_BALANCE - 18_446_744_073_709_551);
}

#[test]
fn counts_interest() {
    let start = || {
        let mut world = lent(with_interest());
        world.set_dollars("SOL", 10);
        world
    };
    counts_interest_first(start, |world| drop(world.provision("bob").unwrap()));
}

#[test]
fn grows_with_the_debt() {
    // Given a provision of 100, and a year at 10 % on 200: 221.033334 are owed
    let mut world = provisioned(with_interest());
    world.wait(YEAR);
    world.provision("bob").unwrap();
    assert_eq!(provision_of(&mut world, "bob"), 121_033_334);
}
