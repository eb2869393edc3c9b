//! What is left alone, and what is told of it.

use std::collections::{HashMap, HashSet};

use backstop_client::Obligation;
use backstop_engine::{
    price::Value,
    quantity::{Assets, Units},
};
use backstop_liquidator::plan::{Action, Inventory, Reason, Rules};

use crate::{
    given::{at, book, borrower, collateral, obligation, pool, price},
    planning::{SOL, liquidations, planned, rules, sick, sol_at_27, with_usdc},
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
        "it would bring 113.175224 USD for 107.397622 USD, the transaction included, and profit_floor_usd asks for 5.777603 more \
         than that: lower it if less is enough"
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
    // Whoever repays r receives 6.82 % and pays a fifth of it on top: 5.456 % of r. A floor of 0.503 is reached from 9.22 USDC on.
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
fn what_does_not_fit_a_transaction_is_provisioned_all_the_same() {
    let too_large = Inventory { too_large: HashSet::from([borrower(0)]), ..with_usdc(1_000) };
    // 10 SOL at 10 USD bring 100 / 1.05 = 95.238095 of 220; a hundredth of a SOL is dust, and would be recorded.
    for (units, shortfall) in [(10 * SOL, 220_000_000 - 95_238_095), (SOL / 100, 220_000_000)] {
        let book = book(
            pool(),
            vec![collateral(1, 9, 8_000)],
            vec![price(1, 100_000, 0)],
            &[obligation(220_000_000, &[(1, units)])],
        );
        let plan = planned(&book, &too_large, &rules());
        let (marked, shortfall) = (Assets::ZERO, Assets::new(shortfall));
        assert_eq!(plan.actions, [Action::Provision { obligation: borrower(0), marked, shortfall }]);
        assert_eq!(plan.left_alone, [(borrower(0), Reason::TooLarge)]);
    }
}

#[test]
fn what_has_nothing_left_to_seize_is_told_to_be_too_recent() {
    let mut pool = pool();
    pool.parameters.loss.min_default_age_slots = 50;
    let owed = Obligation { exposed_at_slot: 951, ..obligation(5_000_000, &[]) };
    let plan = planned(&sol_at_27(pool, &[owed]), &with_usdc(1_000), &rules());
    assert_eq!(plan.left_alone, [(borrower(0), Reason::TooRecent { exposed_at_slot: 951 })]);
}
