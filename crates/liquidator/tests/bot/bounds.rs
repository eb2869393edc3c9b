//! What holds of every plan.

use std::collections::{HashMap, HashSet};

use backstop_client::Obligation;
use backstop_engine::{
    price::Value,
    quantity::{Assets, Units},
};
use backstop_liquidator::plan::{Action, Inventory, Rules};
use proptest::{prelude::*, test_runner::RngSeed};

use crate::{
    planning::{liquidations, planned, rules},
    strategies::{CLOCK, USDC, at, book_without_usdc, borrower, collateral, obligation, pool, price},
};

fn any_owed() -> impl Strategy<Value = Vec<Obligation>> {
    let units = || prop_oneof![Just(0_u64), 1_u64..=1_000_000, 1_u64..=1_000_000_000_000];
    let one = (1_u64..=100_000_000_000, units(), units(), 0_u64..=1_000).prop_map(|(debt, first, second, marked)| {
        Obligation { marked, marked_at: CLOCK.unix_timestamp, ..obligation(debt, &[(1, first), (2, second)]) }
    });
    prop::collection::vec(one, 1..30)
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: RngSeed::Fixed(20_260_101), failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn plan_stays_within_the_inventory_pays_and_is_what_the_preview_says(
        owed in any_owed(),
        prices in (1_i64..=2_000_000, 1_i64..=100_000),
        confidence in 0_u64..=500,
        bonuses in ((0_u32..=1_000, 0_u32..=1_000), (0_u32..=1_000, 0_u32..=1_000), 0_u32..=10_000),
        min_debt in prop_oneof![Just(0_u64), 0_u64..=1_000_000_000],
        (decimals, average) in (prop_oneof![Just(0_u8), Just(6)], 0_u64..=20_000_000),
        liquidity in prop_oneof![0_u64..=1_000, 0_u64..=1_000_000_000_000],
        (keep, max_repay) in (0_u64..=1_000_000, 1_u64..=1_000_000_000_000),
        (held, max_collateral) in (0_u64..=100_000_000_000, 0_u64..=10_000_000_000),
        floor in 0_u64..=2_000_000,
        busy in prop::collection::hash_set(0_u64..30, 0..5),
    ) {
        let mut pool = pool();
        let terms = &mut pool.parameters.liquidation;
        (terms.insurance_cut_bps, terms.min_debt) = (bonuses.2, min_debt);
        pool.marked = owed.iter().map(|it| it.marked).sum();
        let mut listed = vec![collateral(1, 9, 8_000), collateral(2, decimals, 7_000)];
        for ((_, it), bonus) in listed.iter_mut().zip([bonuses.0, bonuses.1]) {
            (it.parameters.bonus_min_bps, it.parameters.bonus_max_bps) = (bonus.0, bonus.0 + bonus.1);
            it.average.price = Value::from_micro_usd(average).get();
        }
        let reported = vec![
            price(1, prices.0, 0),
            price(2, prices.1, (prices.1 as u64) * confidence / 10_000),
            price(USDC, 10_000, 3),
        ];
        let book = book_without_usdc(pool, listed, reported, &owed);
        let rules = Rules {
            profit_floor: Value::from_micro_usd(floor),
            keep: Assets::new(keep),
            max_repay: Assets::new(max_repay),
            max_collateral: Value::from_micro_usd(max_collateral),
            ..rules()
        };
        let busy: HashSet<_> = busy.into_iter().map(borrower).collect();
        let collateral = HashMap::from([(at(1), Units::new(held))]);
        let inventory = Inventory { liquidity: Assets::new(liquidity), collateral, busy, ..Inventory::default() };
        let plan = planned(&book, &inventory, &rules);

        let targets: HashSet<_> = plan.actions.iter().map(Action::target).collect();
        prop_assert_eq!(targets.len(), plan.actions.len(), "two actions on one obligation");
        prop_assert!(targets.is_disjoint(&inventory.busy));
        let left_alone: HashSet<_> = plan.left_alone.iter().map(|(target, _)| *target).collect();
        let begun: HashSet<_> = liquidations(&plan).iter().map(|it| it.obligation).collect();
        prop_assert_eq!(left_alone.len(), plan.left_alone.len(), "two reasons for one obligation");
        prop_assert!(left_alone.is_disjoint(&begun) && left_alone.is_disjoint(&inventory.busy));

        let snapshot = book.snapshot(CLOCK);
        let debt_price = snapshot.price.unwrap().quote.upper(6).unwrap();
        let lower = |address: &solana_address::Address| {
            let listed = snapshot.collateral(address).unwrap();
            listed.price.unwrap().quote.lower(listed.account.decimals).unwrap()
        };
        let (mut spent, mut taken) = (0_u64, HashMap::from([(at(1), held)]));
        for it in liquidations(&plan) {
            let row = book.row(&it.obligation).unwrap();
            let mut obligation = book.obligation(row);
            let outcome = snapshot.clone().liquidate(&mut obligation, &it.collateral, it.max_repay.get());
            prop_assert_eq!(outcome, Ok(it.expected.clone()), "the preview of what is sent is what is expected");
            prop_assert!(it.max_repay <= rules.max_repay && it.expected.paid <= it.max_paid.get());
            let seized = it.expected.taken.seize;
            prop_assert!(it.min_seized <= seized && seized <= it.max_seized);

            let price = lower(&it.collateral);
            let paid = debt_price.value_up(it.expected.paid).unwrap().plus(rules.transaction_cost).unwrap();
            let gain = price.value_down(seized.get()).unwrap().minus(paid).unwrap();
            prop_assert_eq!(gain, it.profit);
            prop_assert!(gain >= rules.profit_floor);
            let least = price.value_down(it.min_seized.get()).unwrap().minus(paid).unwrap();
            prop_assert!(least >= rules.profit_floor, "what is bound to be received pays, too");

            spent += it.max_paid.get();
            *taken.entry(it.collateral).or_default() += it.max_seized.get();
        }
        prop_assert!(spent == 0 || spent <= liquidity - keep);
        for (address, units) in taken {
            let before = if address == at(1) { held } else { 0 };
            prop_assert!(units == before || lower(&address).value_down(units).unwrap() <= rules.max_collateral);
        }
    }
}
