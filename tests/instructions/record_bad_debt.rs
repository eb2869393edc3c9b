use backstop_client::{Event, LossPart, LossRecorded};
use backstop_engine::{price::Quote, quantity::Assets, waterfall};
use backstop_testkit::{STARTING_BALANCE, Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// Bob owes 100 against nothing; the fund holds 50; Liz is about to record it.
fn about_to_record() -> (World, Instruction) {
    let mut world = defaulted(two_collaterals());
    let record = world.record_bad_debt_instruction("bob");
    (world, record)
}

/// Bob owes 200 against 10 SOL at 5 cents and 0.1 ETH at 4 USD: 90 cents of dust. Priced by USDC, SOL, ETH.
fn two_dusts() -> (World, Instruction) {
    two_dusts_of(two_collaterals())
}

/// The same with rules of one's own.
fn two_dusts_of(setup: Setup) -> (World, Instruction) {
    let mut world = lent(setup);
    world.deposit_collateral("bob", "ETH", ETH / 10).unwrap();
    set_cents(&mut world, "SOL", 5);
    world.set_dollars("ETH", 4);
    let record = world.record_bad_debt_instruction("bob");
    (world, record)
}

/// SOL with a bonus of 5 to 10 %, and 10 USD of dust. Bob owes 6.50 against 1 SOL.
fn with_bonus() -> World {
    let mut setup = Setup::default();
    setup.parameters.loss.dust_value = 10_000_000;
    (setup.collaterals[0].parameters.bonus_min_bps, setup.collaterals[0].parameters.bonus_max_bps) = (500, 1_000);
    let mut world = World::new(setup);
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", SOL).unwrap();
    world.borrow("bob", 6_500_000).unwrap();
    world
}

/// What Bob holds, in base units, in the order of his slots.
fn held(world: &mut World) -> Vec<u64> {
    world.obligation("bob").unwrap().held().map(|slot| slot.units).collect()
}

/// The loss of a transaction that recorded one and did nothing else.
#[track_caller]
fn loss(receipt: &backstop_testkit::Receipt) -> LossRecorded {
    let Event::LossRecorded(loss) = only(receipt) else { panic!("another event") };
    assert_eq!(loss.loss, loss.from_reserves + loss.from_insurance + loss.to_lps + loss.uncovered, "waterfall-exact");
    loss
}

#[test]
fn rejects_another_pool() {
    let (mut world, record) = about_to_record();
    let (other, bob) = (Neighbour::new(&mut world, &["bob"]), world.actor("bob"));
    refused(&mut world, record.clone().with("pool", other.pool.pool), &[], "WrongPool");
    refused(&mut world, record.with("obligation", other.obligation(&bob)), &[], "WrongPool");
}

#[test]
fn rejects_fund_of_another_pool() {
    let (mut world, record) = about_to_record();
    let other = Neighbour::new(&mut world, &[]);
    let fund = other.pool.insurance_fund;
    refused(&mut world, record.clone().with("insurance_fund", fund), &[], "WrongInsuranceFund");
    let record = record.with("insurance_fund", fund).with("loss_book", other.pool.loss_book);
    refused(&mut world, record, &[], "WrongInsuranceFund");
}

#[test]
fn rejects_loss_book_of_another_pool() {
    let (mut world, record) = about_to_record();
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, record.with("loss_book", other.pool.loss_book), &[], "WrongLossBook");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, record) = about_to_record();
    refuses_other_kinds(&mut world, &record, &[], &["pool", "obligation", "insurance_fund", "loss_book"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, record) = about_to_record();
    for account in ["pool", "obligation", "insurance_fund", "loss_book"] {
        let original = record.address_of(account);
        let forged = forged(&mut world, original);
        refused(&mut world, record.clone().with(account, forged), &[], "IllegalOwner");
    }
}

#[test]
fn rejects_same_account_twice() {
    let (mut world, record) = about_to_record();
    for (account, other) in
        [("obligation", "pool"), ("insurance_fund", "pool"), ("loss_book", "pool"), ("loss_book", "insurance_fund")]
    {
        let twice = record.address_of(other);
        let record = record.clone().with(account, twice);
        refused(&mut world, record, &[], "ConstraintDuplicateMutableAccount");
    }
}

#[test]
fn rejects_obligation_without_debt() {
    let (mut world, record) = about_to_record();
    world.repay("bob", "bob", u64::MAX).unwrap();
    refused(&mut world, record, &[], "NoDebt");
    world.open_obligation("carol").unwrap();
    let record = world.record_bad_debt_instruction("carol");
    refused(&mut world, record, &[], "NoDebt");
}

#[test]
fn rejects_obligation_without_debt_that_holds_collateral() {
    // Given Carol, who holds 1 SOL at 5 cents and never borrowed
    let (mut world, _) = two_dusts();
    world.deposit_collateral("carol", "SOL", SOL).unwrap();
    let record = world.record_bad_debt_instruction("carol");
    refused(&mut world, record.clone(), &[], "NoDebt");
    // Then no price is needed to see it
    refused(&mut world, record.with_extras(0), &[], "NoDebt");
}

#[test]
fn rejects_second_recording() {
    let (mut world, record) = about_to_record();
    world.execute(record.clone(), &[]).unwrap();
    refused(&mut world, record.clone(), &[], "NoDebt");
    refused_together(&mut world, &[record.clone(), record], &[], "NoDebt");
}

#[test]
fn rejects_two_recordings_in_one_transaction() {
    let (mut world, record) = about_to_record();
    refused_together(&mut world, &[record.clone(), record], &[], "NoDebt");
    assert_eq!(world.pool().losses, 0);
}

#[test]
fn rejects_healthy_obligation() {
    // Given 200 owed against 250, of which 80 % count
    let mut world = lent(Setup::default());
    world.set_dollars("SOL", 25);
    let record = world.record_bad_debt_instruction("bob");
    refused(&mut world, record, &[], "ObligationHealthy");
}

#[test]
fn rejects_healthy_dust() {
    // Given a debt of 70 cents against dust of 1 USD
    let mut world = lent(Setup::default());
    world.deposit_collateral("carol", "SOL", SOL).unwrap();
    world.borrow("carol", 700_000).unwrap();
    world.set_dollars("SOL", 1);
    let record = world.record_bad_debt_instruction("carol");
    refused(&mut world, record, &[], "ObligationHealthy");
}

#[test]
fn rejects_collateral_worth_more_than_dust() {
    // Given 10 SOL at 10.1 cents
    let mut world = about_to_be_wiped_out();
    world.set_price("SOL", Quote { price: 101, confidence: 0, exponent: -3 }, 0);
    let record = world.record_bad_debt_instruction("bob");
    refused(&mut world, record.clone(), &[], "CollateralRemains");
    // When they are worth exactly the dust value, then the rest is recorded
    set_cents(&mut world, "SOL", 10);
    assert_eq!(loss(&world.execute(record, &[]).unwrap()).loss, 199 * USDC);
}

#[test]
fn rejects_debt_that_its_collateral_covers() {
    // Given 6.50 owed against 8.12, of which 80 % count and a liquidator gives 8.12 / 1.05 = 7.73
    let mut world = with_bonus();
    set_cents(&mut world, "SOL", 812);
    let record = world.record_bad_debt_instruction("bob");
    refused(&mut world, record.clone(), &[], "DebtCovered");
    // At 6.825 it is 6.50 exactly, and a hundred-thousandth of a cent less does not cover a base unit of it
    world.set_price("SOL", Quote { price: 6_825_000, confidence: 0, exponent: -6 }, 0);
    refused(&mut world, record.clone(), &[], "DebtCovered");
    world.set_price("SOL", Quote { price: 68_249_999, confidence: 0, exponent: -7 }, 0);
    assert_eq!(loss(&world.execute(record.clone(), &[]).unwrap()).loss, 1);
    // And with more than dust, or within the threshold, that is said first
    world.set_dollars("SOL", 30);
    refused(&mut world, record.clone(), &[], "ObligationHealthy");
    world.borrow("bob", 15 * USDC).unwrap();
    world.set_dollars("SOL", 26);
    world.advance(0, 1);
    refused(&mut world, record, &[], "CollateralRemains");
}

#[test]
fn rejects_dusts_that_together_are_more() {
    // Given 60 cents of SOL and 50 cents of ETH
    let (mut world, record) = two_dusts();
    set_cents(&mut world, "SOL", 6);
    world.set_dollars("ETH", 5);
    refused(&mut world, record, &[], "CollateralRemains");
}

#[test]
fn rejects_debt_younger_than_the_minimum_age() {
    // Given a minimum of 100 slots since the last borrow
    let mut setup = Setup::default();
    setup.parameters.loss.min_default_age_slots = 100;
    let mut world = lent(setup);
    let exposed = world.obligation("bob").unwrap().last_risk_increase_slot;
    set_cents(&mut world, "SOL", 1);
    // When 99 slots have passed
    world.advance(0, 98);
    let record = world.record_bad_debt_instruction("bob");
    refused(&mut world, record.clone(), &[], "DefaultTooRecent");
    // Then the next is the first that counts
    world.execute(record, &[]).unwrap();
    assert_eq!(world.obligation("bob").unwrap().last_risk_increase_slot, exposed);
}

#[test]
fn rejects_recording_in_the_transaction_that_borrowed() {
    // Given no minimum age, and Carol, who is healthy
    let mut world = lent(Setup::default());
    world.deposit_collateral("carol", "SOL", SOL).unwrap();
    let borrow = world.borrow_instruction("carol", USDC);
    let record = world.record_bad_debt_instruction("carol");
    refused_together(&mut world, &[borrow, record], &["carol"], "DefaultTooRecent");
}

#[test]
fn rejects_recording_in_the_transaction_that_took_collateral() {
    let mut world = lent(Setup::default());
    let take = world.withdraw_collateral_instruction("bob", "SOL", SOL);
    let record = world.record_bad_debt_instruction("bob");
    refused_together(&mut world, &[take, record], &["bob"], "DefaultTooRecent");
}

#[test]
fn rejects_missing_prices() {
    // Given dust: without its price it is not known to be dust
    let (mut world, record) = two_dusts();
    for count in 0..5 {
        refused(&mut world, record.clone().with_extras(count), &[], "MissingPrice");
    }
}

#[test]
fn rejects_unusable_prices() {
    // `always-open` reads an unusable price as neither solvent nor worthless
    let (mut world, record) = two_dusts();
    refuses_unusable_prices(&mut world, &record, &[], &[(0, "USDC"), (2, "SOL"), (4, "ETH")]);
}

#[test]
fn rejects_price_of_another_token() {
    let (mut world, record) = two_dusts();
    let (usdc, sol) = (world.price_account("USDC"), world.price_account("SOL"));
    refused(&mut world, record.clone().with_extra(0, sol), &[], "WrongFeed");
    refused(&mut world, record.clone().with_extra(2, usdc), &[], "WrongFeed");
    refused(&mut world, record.with_extra(4, sol), &[], "WrongFeed");
}

#[test]
fn rejects_collaterals_in_another_order() {
    let (mut world, mut record) = two_dusts();
    record.accounts.swap(5, 7);
    record.accounts.swap(6, 8);
    refused(&mut world, record, &[], "WrongCollateral");
}

#[test]
fn rejects_one_collateral_twice() {
    let (mut world, record) = two_dusts();
    let (sol, price) = (world.collateral_key("SOL").collateral, world.price_account("SOL"));
    refused(&mut world, record.with_extra(3, sol).with_extra(4, price), &[], "WrongCollateral");
}

#[test]
fn rejects_leaving_a_collateral_out() {
    // Given Bob's ETH is left out, or his SOL
    let (mut world, record) = two_dusts();
    refused(&mut world, record.clone().with_extras(3), &[], "MissingPrice");
    let mut without_sol = record;
    without_sol.accounts.drain(5..7);
    refused(&mut world, without_sol, &[], "WrongCollateral");
}

#[test]
fn rejects_collateral_that_is_not_held() {
    // Given Carol, who holds SOL only, and owes 2 against 0.1 at 5 USD
    let (mut world, _) = two_dusts();
    world.set_dollars("SOL", 30);
    world.deposit_collateral("carol", "SOL", SOL / 10).unwrap();
    world.borrow("carol", 2 * USDC).unwrap();
    world.set_dollars("SOL", 5);
    world.advance(0, 1);
    let record = world.record_bad_debt_instruction("carol");
    let (eth, price) = (world.collateral_key("ETH").collateral, world.price_account("ETH"));
    let instead = record.clone().with_extra(1, eth).with_extra(2, price);
    refused(&mut world, instead, &[], "WrongCollateral");
    // When it is passed after what she holds, then it does not count
    let beyond = record.and_extra(eth).and_extra(price);
    assert_eq!(loss(&world.execute(beyond, &[]).unwrap()).loss, 1_500_000);
}

#[test]
fn rejects_collateral_of_another_pool() {
    let (mut world, record) = two_dusts();
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, record.with_extra(1, other.sol.collateral), &[], "WrongCollateral");
}

#[test]
fn rejects_its_own_accounts_as_further_ones() {
    // Given the obligation, the pool, its fund or its loss book in the place of a collateral or of a price
    let (mut world, record) = two_dusts();
    for account in ["pool", "obligation", "insurance_fund", "loss_book"] {
        let own = record.address_of(account);
        for index in 0..5 {
            let spoilt = record.clone().with_extra(index, own);
            refused(&mut world, spoilt, &[], "ConstraintDuplicateMutableAccount");
        }
    }
}

#[test]
fn is_open_to_anyone_and_writes_to_no_price() {
    // Given pool, obligation, fund and book, the price of USDC, and each collateral, which remembers its price, with
    // that
    let (mut world, record) = two_dusts();
    let writes: Vec<bool> = record.accounts.iter().map(|meta| meta.is_writable).collect();
    assert_eq!(writes, [true, true, true, true, false, true, false, true, false]);
    assert!(record.accounts.iter().all(|meta| !meta.is_signer));
    world.execute(record, &[]).unwrap();
}

#[test]
fn splits_the_loss_between_insurance_and_lps() {
    // Given 100 owed against nothing, a fund of 50, no reserves
    let (mut world, record) = about_to_record();
    let (pool, fund) = (world.pool(), world.fund());
    // When it is recorded, by nobody in particular and without any price
    assert_eq!(record.accounts.len(), 4);
    let receipt = world.execute(record, &[]).unwrap();
    // Then insurance pays 50 and LPs 50
    let after = world.pool();
    assert_eq!(loss(&receipt), half_insured_loss(&mut world));
    assert_eq!((after.cash, after.debt_shares, after.losses, after.uncovered), (950 * USDC, 0, 1, 0));
    assert_eq!((after.shares, nav(&world)), (1_000 * USDC, 950 * USDC));
    let stored = world.fund();
    assert_eq!((stored.assets, stored.drawn, stored.window_drawn), (0, 50 * USDC, 50 * USDC));
    assert_eq!(stored.window_at, world.now());
    assert_eq!(world.balance_at(&world.key().vault), 950 * USDC);
    let obligation = world.obligation("bob").unwrap();
    assert_eq!((obligation.debt_shares, obligation.written_off), (0, 100 * USDC));
    // And the engine says the same
    let (state, terms) = (pool.loss_state(&fund), pool.loss_terms());
    let preview = waterfall::record(&state, &terms, pool.totals().debt_shares, world.now()).unwrap();
    assert_eq!(after.loss_state(&stored), preview.state, "preview-is-execution");
}

#[test]
fn counts_all_that_was_ever_lost() {
    // Given 100 that nothing covers, of which the fund bears 50
    let (mut world, record) = about_to_record();
    assert_eq!(world.pool().lost, 0);
    world.execute(record, &[]).unwrap();
    assert_eq!(world.pool().lost, 100 * USDC);
    // When 40 more are lost, then they add up; what is recovered is not taken off
    lend_and_lose(&mut world, "eve", 40 * USDC);
    assert_eq!(world.pool().lost, 140 * USDC);
    world.repay("bob", "bob", 100 * USDC).unwrap();
    assert_eq!(world.pool().lost, 140 * USDC);
}

#[test]
fn counts_what_reserves_and_the_fund_bear_as_lost() {
    // Given a year's interest on 100: e^0.1 - 1 = 10.516666.. after three terms, a fifth of which was reserved
    let mut world = defaulted(with_interest());
    world.wait(YEAR);
    let loss = loss(&world.record_bad_debt("bob").unwrap());
    assert!(loss.from_reserves > 0 && loss.from_insurance > 0);
    // Then all that performing debt falls by counts, 110.516666..
    assert_eq!((world.pool().lost, loss.loss), (110_516_666, 110_516_666));
}

#[test]
fn takes_reserves_before_insurance_and_lps() {
    // Given a year in which 5.38.. of 10 % on 256 went to reserves, and half of it to insurance's due
    let mut setup = with_interest();
    setup.parameters.loss.insurance_share_bps = 5_000;
    let mut world = defaulted(setup);
    world.deposit_collateral("carol", "SOL", 100 * SOL).unwrap();
    world.borrow("carol", 156 * USDC).unwrap();
    world.wait(YEAR);
    world.accrue().unwrap();
    let (before, worth) = (world.pool(), nav(&world));
    assert_eq!((before.reserves, before.insurance_due), (5_384_533, 2_692_266));
    // When Bob's 110.516667 are recorded
    let receipt = world.record_bad_debt("bob").unwrap();
    // Then reserves pay all they have, the fund half of the rest within its 52.692266, LPs the remainder
    let loss = loss(&receipt);
    assert_eq!((loss.loss, loss.from_reserves), (110_516_667, 5_384_533));
    assert_eq!((loss.from_insurance, loss.to_lps), (52_566_067, 52_566_067));
    let pool = world.pool();
    assert_eq!((pool.reserves, pool.insurance_due, nav(&world)), (0, 0, worth - loss.to_lps));
    assert_eq!(world.fund().assets, 50 * USDC + 2_692_266 - 52_566_067);
    vault_holds_what_is_owed(&world);
}

#[test]
fn leaves_lps_alone_if_reserves_and_insurance_suffice() {
    let (mut world, record) = about_to_record();
    world.fund_insurance("ines", 60 * USDC).unwrap();
    let loss = loss(&world.execute(record, &[]).unwrap());
    assert_eq!((loss.from_insurance, loss.to_lps), (100 * USDC, 0));
    assert_eq!(loss.share_price_after, loss.share_price_before);
    assert_eq!((nav(&world), world.fund().assets), (1_000 * USDC, 10 * USDC));
}

#[test]
fn leaves_insurance_alone_if_it_is_empty() {
    let mut setup = Setup::default();
    setup.parameters.loss.insurance_share_bps = 0;
    let mut world = defaulted(setup);
    let loss = loss(&world.record_bad_debt("bob").unwrap());
    assert_eq!((loss.from_insurance, loss.to_lps), (0, 100 * USDC));
    assert_eq!((world.fund().assets, world.fund().window_drawn), (50 * USDC, 0));
}

#[test]
fn works_with_an_empty_fund() {
    let mut world = about_to_be_wiped_out();
    world.deposit("carol", 200 * USDC).unwrap();
    let loss = loss(&world.record_bad_debt("bob").unwrap());
    assert_eq!((loss.loss, loss.from_insurance, loss.to_lps), (200 * USDC, 0, 200 * USDC));
    assert_eq!(loss.share_price_after, 500_000_000_000);
}

#[test]
fn draws_within_the_cap() {
    // Given at most 40 % of the fund per week, and three who default
    let mut setup = Setup::default();
    setup.parameters.loss.draw_cap_bps = 4_000;
    let mut world = lent(setup);
    for name in ["ben", "bea"] {
        world.deposit_collateral(name, "SOL", SOL).unwrap();
        world.borrow(name, 20 * USDC).unwrap();
    }
    make_worthless(&mut world, "SOL");
    // When Bob's 200 are recorded, then 20 are drawn
    assert_eq!(loss(&world.record_bad_debt("bob").unwrap()).from_insurance, 20 * USDC);
    // And of Ben's at once nothing
    assert_eq!(loss(&world.record_bad_debt("ben").unwrap()).from_insurance, 0);
    // And of Bea's after half the week what faded: 40 % of 30 + 10, less 10
    world.wait(302_400);
    assert_eq!(loss(&world.record_bad_debt("bea").unwrap()).from_insurance, 6 * USDC);
}

#[test]
fn writes_off_the_shortfall_and_keeps_the_rest_of_the_debt_and_all_collateral() {
    // Given 200 owed against 50 cents of SOL and 40 cents of ETH
    let (mut world, record) = two_dusts();
    let before = held(&mut world);
    let deposited = |world: &World| ["SOL", "ETH"].map(|symbol| world.collateral(symbol).deposited);
    let collaterals = deposited(&world);
    // When the loss is recorded
    let loss = loss(&world.execute(record, &[]).unwrap());
    // Then 199.10 are written off, and 90 cents are owed as before
    let obligation = world.obligation("bob").unwrap();
    assert_eq!((loss.loss, obligation.written_off, obligation.debt_shares), (199_100_000, 199_100_000, 900_000));
    assert_eq!((debt_of(&mut world, "bob"), world.pool().debt_shares), (900_000, 900_000));
    // And nobody has got any collateral
    assert_eq!((held(&mut world), deposited(&world)), (before, collaterals));
    for (symbol, units) in [("SOL", 10 * SOL), ("ETH", ETH / 10)] {
        assert_eq!(world.balance_at(&world.collateral_key(symbol).vault), units);
    }
    vault_holds_what_is_owed(&world);
}

#[test]
fn counts_the_least_bonus_of_each_collateral() {
    // Given a bonus of at least 5 % for SOL and 25 % for ETH: 0.50 / 1.05 and 0.40 / 1.25 are 0.476190.. and 0.32
    let mut setup = two_collaterals();
    for (collateral, least) in setup.collaterals.iter_mut().zip([500, 2_500]) {
        (collateral.parameters.bonus_min_bps, collateral.parameters.bonus_max_bps) = (least, 5_000);
    }
    let (mut world, record) = two_dusts_of(setup);
    // Then 0.796190 of 200 are covered
    let loss = loss(&world.execute(record, &[]).unwrap());
    assert_eq!((loss.loss, debt_of(&mut world, "bob")), (200 * USDC - 796_190, 796_190));
}

#[test]
fn adds_up_what_collaterals_cover_before_it_rounds() {
    // Given a bonus of 5 % for both, and 49 cents of each: 0.466666.. twice are 0.933333.., a unit more than 0.466666
    // twice
    let mut setup = two_collaterals();
    for collateral in &mut setup.collaterals {
        (collateral.parameters.bonus_min_bps, collateral.parameters.bonus_max_bps) = (500, 500);
    }
    let (mut world, record) = two_dusts_of(setup);
    world.set_price("SOL", Quote { price: 49, confidence: 0, exponent: -3 }, 0);
    world.set_price("ETH", Quote { price: 49, confidence: 0, exponent: -1 }, 0);
    assert_eq!(loss(&world.execute(record, &[]).unwrap()).loss, 200 * USDC - 933_333);
}

#[test]
fn counts_collateral_at_the_lower_and_debt_at_the_upper_price() {
    // Given 10 SOL at 5 cents less a tenth of one, 0.1 ETH at 4 USD less 8 cents, and USDC at 1 USD and a cent: 0.49
    // and 0.392 cover 0.882 / 1.01 = 0.873267..
    let (mut world, record) = two_dusts();
    world.set_price("SOL", Quote { price: 50, confidence: 1, exponent: -3 }, 0);
    world.set_price("ETH", Quote { price: 400, confidence: 8, exponent: -2 }, 0);
    world.set_price("USDC", Quote { price: 100, confidence: 1, exponent: -2 }, 0);
    assert_eq!(loss(&world.execute(record, &[]).unwrap()).loss, 200 * USDC - 873_267);
}

#[test]
fn rounds_to_a_debt_share_against_the_borrower() {
    // Given a year's interest: a debt share is worth 1.10516666.. after three terms, and 221.033334 are owed against
    // 0.90
    let (mut world, record) = two_dusts_of(with_interest());
    world.wait(YEAR);
    // Then 0.90 pay for 814,356.80.. shares: so many stay, worth 899,999.1..; what performing debt falls by is lost:
    // 221,033,333.33.. less 899,999.1.., each rounded down
    let loss = loss(&world.execute(record, &[]).unwrap());
    let obligation = world.obligation("bob").unwrap();
    assert_eq!((obligation.debt_shares, debt_of(&mut world, "bob")), (814_356, 900_000));
    assert_eq!((loss.loss, obligation.written_off), (221_033_333 - 899_999, 220_133_334));
}

#[test]
fn leaves_the_rest_of_the_debt_to_be_liquidated() {
    // Given 90 cents are left against 90 cents
    let (mut world, record) = two_dusts();
    world.execute(record, &[]).unwrap();
    // When Liz liquidates, then she pays 50 cents for the SOL and 40 for the ETH, and no more is lost
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    assert_eq!((gained(&mut world, "liz", "SOL"), debt_of(&mut world, "bob")), (i128::from(10 * SOL), 400_000));
    world.liquidate("liz", "bob", "ETH", u64::MAX).unwrap();
    assert_eq!((gained(&mut world, "liz", "USDC"), debt_of(&mut world, "bob")), (-900_000, 0));
    assert_eq!((world.pool().losses, world.pool().lost), (1, 199_100_000));
    vault_holds_what_is_owed(&world);
}

#[test]
fn leaves_collateral_that_its_owner_cannot_take() {
    // Given 90 cents owed, and 199.10 written off
    let (mut world, record) = two_dusts();
    world.execute(record, &[]).unwrap();
    let all = world.withdraw_collateral_instruction("bob", "SOL", u64::MAX);
    refused(&mut world, all.clone(), &["bob"], "LoanToValueExceeded");
    // When SOL is worth 300 again and ETH 200, then that alone carries 150
    world.set_dollars("SOL", 30);
    world.set_dollars("ETH", 2_000);
    refused(&mut world, all.clone(), &["bob"], "LoanToValueExceeded");
    // When he has paid what he owes, then what was written off still counts; and when he has paid that, too, all is his
    world.repay("bob", "bob", 900_000).unwrap();
    refused(&mut world, all, &["bob"], "LoanToValueExceeded");
    world.repay("bob", "bob", u64::MAX).unwrap();
    world.withdraw_collateral("bob", "SOL", u64::MAX).unwrap();
    world.withdraw_collateral("bob", "ETH", u64::MAX).unwrap();
    assert_eq!((gained(&mut world, "bob", "SOL"), gained(&mut world, "bob", "ETH")), (0, 0));
    assert_eq!(gained(&mut world, "bob", "USDC"), 0);
}

#[test]
fn records_a_further_shortfall_later() {
    // Given 199.10 were recorded, and 90 cents are covered
    let (mut world, record) = two_dusts();
    world.execute(record.clone(), &[]).unwrap();
    refused(&mut world, record.clone(), &[], "DebtCovered");
    // When SOL falls to 3 cents, then 20 cents more are lost, and 70 stay
    set_cents(&mut world, "SOL", 3);
    let second = loss(&world.execute(record.clone(), &[]).unwrap());
    assert_eq!((second.sequence, second.loss, debt_of(&mut world, "bob")), (2, 200_000, 700_000));
    assert_eq!(world.obligation("bob").unwrap().written_off, 199_300_000);
    // And when both are worth nothing, then the rest
    make_worthless(&mut world, "SOL");
    make_worthless(&mut world, "ETH");
    assert_eq!(loss(&world.execute(record.clone(), &[]).unwrap()).loss, 700_000);
    assert_eq!((world.pool().lost, world.pool().debt_shares, held(&mut world).len()), (200 * USDC, 0, 2));
    refused(&mut world, record, &[], "NoDebt");
}

#[test]
fn records_what_interest_adds_to_the_rest() {
    // Given the rest of 0.90 grows at 10 % for a year: to 900,000 * 1.10516666.., which is a little less than 994,650
    let (mut world, record) = two_dusts_of(with_interest());
    world.execute(record.clone(), &[]).unwrap();
    world.wait(YEAR);
    // Then 0.90 of it pay for 814,356 shares, worth 899,999.1..; 994,649.9.. less that are lost, each rounded down
    let loss = loss(&world.execute(record, &[]).unwrap());
    assert_eq!((loss.loss, world.obligation("bob").unwrap().debt_shares), (994_649 - 899_999, 814_356));
}

#[test]
fn rejects_two_records_of_one_shortfall_in_one_transaction() {
    let (mut world, record) = two_dusts();
    refused_together(&mut world, &[record.clone(), record], &[], "DebtCovered");
}

#[test]
fn does_not_read_the_price_of_what_counts_for_nothing() {
    // Given 0.00002 ETH besides 10 SOL at 5 cents, worth 8 cents at twice their average, and a price of ETH that is a
    // day old
    let mut world = lent(two_collaterals());
    world.deposit_collateral("bob", "ETH", 2_000).unwrap();
    set_cents(&mut world, "SOL", 5);
    world.set_price("ETH", world.quote("ETH"), 86_400);
    assert_eq!(loss(&world.record_bad_debt("bob").unwrap()).loss, 199_500_000);
}

#[test]
fn needs_no_price_where_nothing_that_counts_is_held() {
    // Given Bob owes 100 against a base unit of SOL, and neither it nor USDC has had a price for a day
    let (mut world, _) = about_to_record();
    world.deposit_collateral("bob", "SOL", 1).unwrap();
    for symbol in ["USDC", "SOL"] {
        world.set_price(symbol, world.quote(symbol), 86_400);
    }
    assert_eq!(loss(&world.record_bad_debt("bob").unwrap()).loss, 100 * USDC, "no-hidden-debt");
    assert_eq!(held(&mut world), [1]);
}

#[test]
fn leaves_the_collateral_of_others_alone() {
    // Given Carol's SOL in the same vault
    let (mut world, record) = two_dusts();
    world.deposit_collateral("carol", "SOL", 7 * SOL).unwrap();
    let carols = world.obligation("carol");
    world.execute(record, &[]).unwrap();
    // Then it is still hers: isolation
    assert_eq!(world.obligation("carol"), carols, "isolation");
    assert_eq!(world.collateral("SOL").deposited, 17 * SOL);
    world.withdraw_collateral("carol", "SOL", u64::MAX).unwrap();
}

#[test]
fn works_with_eight_dusts() {
    // Given 60 owed against eight times 10, each of which falls to a cent: 80 cents
    let mut world = World::new(many_collaterals(8));
    world.deposit("alice", 1_000 * USDC).unwrap();
    for index in 0..8 {
        world.deposit_collateral("bob", &format!("C{index}"), 10 * USDC).unwrap();
    }
    world.borrow("bob", 60 * USDC).unwrap();
    for index in 0..8 {
        set_cents(&mut world, &format!("C{index}"), 1);
    }
    let receipt = world.record_bad_debt("bob").unwrap();
    assert_eq!((loss(&receipt).loss, debt_of(&mut world, "bob")), (59_200_000, 800_000));
    assert!(receipt.compute_units < 200_000, "{} compute units", receipt.compute_units);
    assert_eq!(held(&mut world), [10 * USDC; 8]);
}

#[test]
fn lets_the_same_borrower_default_again() {
    // Given Bob's 100 were recorded
    let (mut world, record) = about_to_record();
    world.execute(record, &[]).unwrap();
    // When he borrows again, against 14 SOL that carry 315, and defaults again
    world.set_dollars("SOL", 30);
    world.deposit_collateral("bob", "SOL", 14 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    make_worthless(&mut world, "SOL");
    world.advance(0, 100);
    let loss = loss(&world.record_bad_debt("bob").unwrap());
    // Then the second is number two, and both add up
    assert_eq!((loss.sequence, world.pool().losses), (2, 2));
    assert_eq!(world.obligation("bob").unwrap().written_off, 300 * USDC);
}

#[test]
fn wipes_the_shares_out_if_nothing_is_left() {
    // Given NAV of 200, all of it lent to Bob
    let mut world = about_to_be_wiped_out();
    let receipt = world.record_bad_debt("bob").unwrap();
    // Then the price is zero and the generation over
    let loss = loss(&receipt);
    assert_eq!((loss.to_lps, loss.uncovered, loss.shares), (200 * USDC, 0, 200 * USDC));
    assert_eq!((loss.share_price_after, loss.generation), (0, 0));
    let pool = world.pool();
    assert_eq!((pool.generation, pool.shares, nav(&world)), (7, 0, 0));
    // And the next deposit starts at one to one, undiluted by the old shares: wipe-out
    world.deposit("carol", 100 * USDC).unwrap();
    assert_eq!(shares_of(&mut world, "carol"), 100 * USDC);
    world.withdraw("carol", u64::MAX).unwrap();
    assert_eq!(world.balance("carol", "USDC"), STARTING_BALANCE);
    let old = world.withdraw_instruction("alice", 200 * USDC);
    refused(&mut world, old, &["alice"], "InsufficientShares");
}

#[test]
fn keeps_the_pool_usable_through_many_wipe_outs() {
    let mut world = World::new(Setup::default());
    for wiped_out in 0..16_u32 {
        world.set_dollars("SOL", 30);
        world.deposit(&format!("lp {wiped_out}"), 200 * USDC).unwrap();
        world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
        world.borrow("bob", 200 * USDC).unwrap();
        make_worthless(&mut world, "SOL");
        let loss = loss(&world.record_bad_debt("bob").unwrap());
        assert_eq!((loss.generation, world.pool().generation), (u64::from(7 * wiped_out), 7 * (wiped_out + 1)));
    }
}

#[test]
fn keeps_a_share_alive_if_a_unit_is_left() {
    // Given NAV of 200 and one base unit, of which Bob owes all but the unit
    let mut world = about_to_be_wiped_out();
    world.deposit("alice", 1).unwrap();
    let loss = loss(&world.record_bad_debt("bob").unwrap());
    assert_eq!((loss.to_lps, nav(&world)), (200 * USDC, 1));
    assert_eq!(loss.share_price_after, 4_999); // 1 / 200.000001, in trillionths
    // Which divides all shares by 2^20, to 190 for the unit
    assert_eq!((world.pool().generation, world.pool().shares), (2, 190), "wipe-out");
    // And the pool still takes deposits and pays them back, but for a base unit
    world.deposit("carol", 100 * USDC).unwrap();
    world.withdraw("carol", u64::MAX).unwrap();
    assert!(world.balance("carol", "USDC") >= STARTING_BALANCE - 1);
}

#[test]
fn falls_on_all_lps_alike() {
    // Given Alice with 1,000 and Carol with 500
    let mut world = defaulted_among(Setup::default(), &[("carol", 500 * USDC)]);
    // When 50 fall on them
    world.record_bad_debt("bob").unwrap();
    // Then each is left with 1,450 / 1,500 of what she had: pro-rata
    world.withdraw("carol", u64::MAX).unwrap();
    world.withdraw("alice", u64::MAX).unwrap();
    let (alice, carol) = (world.balance("alice", "USDC"), world.balance("carol", "USDC"));
    assert_eq!(STARTING_BALANCE - alice, 33_333_333, "pro-rata");
    assert_eq!(STARTING_BALANCE - carol, 16_666_667, "pro-rata");
}

#[test]
fn counts_interest() {
    let start = || defaulted(with_interest());
    counts_interest_first(start, |world| drop(world.record_bad_debt("bob").unwrap()));
}

#[test]
fn ends_the_mark() {
    // Given the liquidation left 100 marked
    let (mut world, record) = about_to_record();
    assert_eq!(world.pool().marked, 100 * USDC);
    let leave = world.withdraw_instruction("alice", 100 * USDC);
    refused(&mut world, leave.clone(), &["alice"], "PoolOnHold");
    // When it is recorded
    world.execute(record, &[]).unwrap();
    // Then the mark is gone, and Alice leaves with her part of what is left
    assert_eq!(world.pool().marked, 0, "hold-ends");
    assert_eq!(world.obligation("bob").unwrap().marked, 0, "hold-ends");
    world.execute(leave, &["alice"]).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000 + 95), "no-escape");
}

#[test]
fn leaves_other_marks_alone() {
    // Given Ben's 80 marked besides Bob's 100
    let (mut world, record) = about_to_record();
    world.set_dollars("SOL", 30);
    world.deposit_collateral("ben", "SOL", 7 * SOL).unwrap();
    world.borrow("ben", 150 * USDC).unwrap();
    world.set_dollars("SOL", 10);
    world.mark("ben").unwrap();
    assert_eq!(world.pool().marked, 180 * USDC);
    let bens = world.obligation("ben");
    // When Bob's is recorded, then Ben's stands
    let loss = loss(&world.execute(record, &[]).unwrap());
    assert_eq!((loss.to_lps, loss.marked, world.pool().marked), (50 * USDC, 80 * USDC, 80 * USDC), "hold-ends");
    assert_eq!(world.obligation("ben"), bens, "isolation");
    let leave = world.withdraw_instruction("alice", 100 * USDC);
    refused(&mut world, leave, &["alice"], "PoolOnHold");
}

#[test]
fn enters_in_the_book_what_each_bears() {
    let mut world = defaulted_among(Setup::default(), &[("carol", 1_000 * USDC)]);
    world.record_bad_debt("bob").unwrap();
    let book = world.loss_book();
    let [record] = book.records.as_slice() else { panic!("not one loss") };
    assert_eq!((record.lps, record.protocol, record.stakers, record.reserves), (50 * USDC, 50 * USDC, 0, 0));
    assert_eq!((record.recovered, record.back_shares, record.back_generation), (0, 0, 0));
    assert_eq!((world.pool().unclaimed, world.fund().waiting_shares), (0, 0));
    for who in ["alice", "carol"] {
        let losses = world.position(who).unwrap().losses(&book);
        let bore = LossPart { loss: 1, lost: Assets::new(25 * USDC), recovered: Assets::ZERO };
        assert_eq!(losses, [bore], "claims-follow");
        assert_eq!(world.claimable(who), [], "claims-solvent");
    }
}

#[test]
fn counts_nothing_for_a_breaker_that_never_trips() {
    let (mut world, record) = about_to_record();
    world.execute(record, &[]).unwrap();
    assert_eq!((world.pool().breaker_losses, world.pool().breaker_until), (0, 0), "breaker");
}

#[test]
fn settles_revenue_that_is_due_before_the_draw() {
    // Given 2.103333 of a year's interest due to a fund of Sam's and Sue's 100
    let mut world = staked(with_interest());
    world.wait(YEAR);
    world.accrue().unwrap();
    assert_eq!(world.pool().insurance_due, 2_103_333);
    // When 221.033333 are lost, then reserves pay 4.206666, the fund 102.103333 and LPs the rest
    let loss = default_of(&mut world, "bob");
    assert_eq!((loss.from_reserves, loss.from_insurance, loss.to_lps), (4_206_666, 102_103_333, 114_723_334));
    assert_eq!((world.pool().insurance_due, world.fund().assets), (0, 0));
    assert_eq!(world.loss_book().records[0].stakers, 102_103_333, "slash-only");
    vault_holds_what_is_owed(&world);
}

#[test]
fn rejects_a_unit_of_value_more_than_dust() {
    // Given a unit of value more than dust in two collaterals together, then exactly dust
    let (mut world, record) = two_dusts();
    world.set_price("SOL", Quote { price: 60_001, confidence: 0, exponent: -6 }, 0);
    refused(&mut world, record.clone(), &[], "CollateralRemains");
    set_cents(&mut world, "SOL", 6);
    assert_eq!(loss(&world.execute(record, &[]).unwrap()).loss, 199 * USDC);
}
