//! What is left alone, and what is told of it.

use std::collections::{HashMap, HashSet};

use backstop_client::{BackstopError, Obligation};
use backstop_engine::{
    price::Value,
    quantity::{Assets, Units},
};
use backstop_liquidator::plan::{Action, Inventory, Reason, Rules};

use crate::{
    planning::{SOL, liquidations, planned, rules, sick, sol_at_27, with_usdc},
    strategies::{CLOCK, at, book, borrower, collateral, obligation, pool, price},
};

#[test]
fn what_brings_less_than_the_floor_is_left_alone() {
    let book = sol_at_27(pool(), &[sick()]);
    let with_floor = |micro_usd| Rules { profit_floor: Value::from_micro_usd(micro_usd), ..rules() };
    assert_eq!(liquidations(&planned(&book, &with_usdc(1_000), &with_floor(5_777_602))).len(), 1);
    let plan = planned(&book, &with_usdc(1_000), &with_floor(5_777_603));
    // As computed above: 107.394622 and 0.003 for 113.175224919.
    let why = Reason::BelowFloor {
        pays: Value::from_micro_usd(107_397_622),
        brings: Value::new(113_175_224_919_000_000_000),
    };
    assert_eq!((plan.actions, plan.left_alone), (vec![], vec![(borrower(0), why)]));
    assert_eq!(
        why.words(&with_floor(5_777_603), 6),
        "it would bring 113.175224 USD for 107.397622 USD, transaction included, but profit_floor_usd requires \
         5.777603 USD more: lower it if less is enough"
    );
}

#[test]
fn what_a_limit_forbids_is_left_alone_for_that_limit() {
    let book = sol_at_27(pool(), &[sick()]);
    let why = |inventory: &Inventory, rules: &Rules| {
        let plan = planned(&book, inventory, rules);
        assert_eq!(liquidations(&plan).len() + plan.left_alone.len(), 1);
        plan.left_alone.first().map(|(_, reason)| *reason)
    };
    // Whoever repays r receives 6.82 % and pays a fifth of it on top: 5.456 % of r. A floor of 0.503 is reached from
    // 9.22 USDC on.
    assert_eq!(why(&with_usdc(10), &rules()), None);
    assert_eq!(why(&with_usdc(9), &rules()), Some(Reason::NoLiquidity { at_hand: Assets::new(9_000_000) }));
    assert_eq!(why(&with_usdc(0), &rules()), Some(Reason::NoLiquidity { at_hand: Assets::ZERO }));
    let keeping = Rules { keep: Assets::new(995_000_000), ..rules() };
    assert_eq!(why(&with_usdc(1_000), &keeping), Some(Reason::NoLiquidity { at_hand: Assets::new(5_000_000) }));
    let modest = Rules { max_repay: Assets::new(9_000_000), ..rules() };
    assert_eq!(why(&with_usdc(1_000), &modest), Some(Reason::MaxRepay));
    // 10 SOL are 270 USD.
    let full = Inventory { collateral: HashMap::from([(at(1), Units::new(10 * SOL))]), ..with_usdc(1_000) };
    let narrow = Rules { max_collateral: Value::from_micro_usd(275_000_000), ..rules() };
    assert_eq!(
        why(&full, &narrow),
        Some(Reason::CollateralFull { collateral: at(1), held: Value::from_micro_usd(270_000_000) })
    );
    // With a floor that nothing reaches, no limit is to blame.
    let greedy = Rules { profit_floor: Value::from_micro_usd(100_000_000), ..rules() };
    assert!(matches!(why(&with_usdc(9), &greedy), Some(Reason::BelowFloor { .. })));
}

#[test]
fn what_does_not_fit_a_transaction_is_marked_all_the_same() {
    let too_large = Inventory { too_large: HashSet::from([borrower(0)]), ..with_usdc(1_000) };
    // 10 SOL at 10 USD bring 100 / 1.05 = 95.238095 of 220. A hundredth of a SOL brings a thousandth of that, and would
    // be recorded.
    for (units, shortfall) in [(10 * SOL, 220_000_000 - 95_238_095), (SOL / 100, 220_000_000 - 95_238)] {
        let book = book(
            pool(),
            vec![collateral(1, 9, 8_000)],
            vec![price(1, 100_000, 0)],
            &[obligation(220_000_000, &[(1, units)])],
        );
        let plan = planned(&book, &too_large, &rules());
        let (marked, shortfall) = (Assets::ZERO, Assets::new(shortfall));
        assert_eq!(plan.actions, [Action::Mark { obligation: borrower(0), marked, shortfall }]);
        assert_eq!(plan.left_alone, [(borrower(0), Reason::TooLarge)]);
    }
}

#[test]
fn what_has_nothing_left_to_seize_is_told_to_be_too_recent() {
    let mut pool = pool();
    pool.parameters.loss.min_default_age_slots = 50;
    let owed = Obligation { last_risk_increase_slot: 951, ..obligation(5_000_000, &[]) };
    let plan = planned(&sol_at_27(pool, &[owed]), &with_usdc(1_000), &rules());
    assert_eq!(plan.left_alone, [(borrower(0), Reason::TooRecent { last_risk_increase_slot: 951 })]);
}

#[test]
fn what_is_left_of_a_recorded_debt_is_left_alone_until_it_loses_enough_again() {
    // 0.037 SOL at 27 USD are dust, and bring 0.999 / 1.05 = 0.951428571.
    let covered = 951_428;
    let planned =
        |debt| planned(&sol_at_27(pool(), &[obligation(debt, &[(1, 37_000_000)])]), &with_usdc(1_000), &rules());
    // All of it covered; a unit of interest more; and just not the dollar that matters.
    for lost in [0, 1, 999_999] {
        let plan = planned(covered + lost);
        assert_eq!(plan.actions, [], "{lost}");
        assert!(
            matches!(plan.left_alone[..], [(target, Reason::BelowFloor { .. })] if target == borrower(0)),
            "{plan:?}"
        );
    }
    let record = Action::Record { obligation: borrower(0), loss: Assets::new(1_000_000) };
    assert_eq!(planned(covered + 1_000_000).actions, [record]);
}

/// A token that cannot be divided, at 930 USD: the bonus is 5 % + 0.8 % for 7,500 against ten, of which 7,440 count.
fn gems(min_debt: u64) -> backstop_liquidator::book::Book {
    let mut pool = pool();
    pool.parameters.liquidation.min_debt = min_debt;
    let owed = [obligation(7_500_000_000, &[(1, 10)])];
    book(pool, vec![collateral(1, 0, 8_000)], vec![price(1, 9_300_000, 0)], &owed)
}

#[test]
fn what_cannot_be_divided_is_taken_in_whole_units_or_left_alone_for_what_is_lacking() {
    // One costs 930 / 1.058 = 879.017013..., rounded up. With 900 - of which 900 / 1.02 can be offered - one can be
    // paid for, with 890 none.
    let plan = planned(&gems(0), &with_usdc(900), &rules());
    let [it] = liquidations(&plan)[..] else { panic!("{plan:?}") };
    assert_eq!((it.expected.taken.seize, it.expected.taken.repay), (Units::new(1), Assets::new(879_017_014)));
    let plan = planned(&gems(0), &with_usdc(890), &rules());
    assert_eq!(plan.left_alone, [(borrower(0), Reason::NoLiquidity { at_hand: Assets::new(890_000_000) })]);

    // A debt that is worth less than one waits. At 110 % of 800 less 744 over 110 % - 110 % * 80 %, 618 would be taken
    // of it.
    let owed = [obligation(800_000_000, &[(1, 1)])];
    let book = book(pool(), vec![collateral(1, 0, 8_000)], vec![price(1, 9_300_000, 0)], &owed);
    let plan = planned(&book, &with_usdc(10_000), &rules());
    assert_eq!(plan.left_alone, [(borrower(0), Reason::Refused(BackstopError::AmountTooSmall))]);
}

#[test]
fn where_units_leave_less_than_the_minimum_all_of_the_debt_is_offered() {
    // (1.1 * 7500 - 7440) / (1.1 - 1.058 * 0.8) = 3194 would leave less than 5,000, so all is wanted, which pays for
    // 8.5 of them. Eight cost 7440 / 1.058 = 7032.136105..., rounded up.
    let book = gems(5_000_000_000);
    let plan = planned(&book, &with_usdc(10_000), &rules());
    let [it] = liquidations(&plan)[..] else { panic!("{plan:?}") };
    assert_eq!((it.expected.taken.seize, it.expected.taken.repay), (Units::new(8), Assets::new(7_032_136_106)));
    // A hundredth more than the debt. A hundredth more than what is paid would be refused.
    assert_eq!(it.max_repay, Assets::new(7_575_000_000));
    let offer = |offered| book.snapshot(CLOCK).liquidate(&mut book.obligation(&book.rows()[0]), &at(1), offered);
    assert_eq!(offer(7_575_000_000), Ok(it.expected.clone()));
    assert_eq!(offer(7_102_457_467), Err(BackstopError::DebtBelowMinimum));
}
