//! `liquidation-helps`: in the safe region a liquidation improves health and makes no bad debt, whatever the
//! collaterals, whichever of them the liquidator takes, whatever it offers and however wide the intervals of prices
//! are; and nothing makes a healthy obligation unhealthy at fixed price and time.
//!
//! The safe region, derived by hand. An obligation owes `D`, counted at the upper price, and holds collateral, counted
//! at lower prices, that carries `W = sum of value * threshold` and brings `P = sum of value / (1 + bonus_min)`; health
//! is `W / D`, cover `P / D`. A liquidator pays `R` and takes a collateral with threshold `t`, worth `(1 + b) R` at the
//! middle of both prices: at the conservative sides no more than that, and `R` no less.
//!
//! 1. What is left is covered, if all was. Let `c = (1 + b) / (1 + bonus_min)`: `P - c R >= D - R` for all `R <= D` if
//!    `c` is at most cover, and then cover does not fall, so the same holds for the next liquidation. With `b` at its
//!    minimum, `c` is one.
//! 2. Health does not fall: `(W - t (1 + b) R) / (D - R) >= W / D` if and only if `t (1 + b) <= W / D`.
//! 3. The bonus is at most what 1 and 2 allow, unless that is below its minimum. So both hold where `b = bonus_min`
//!    satisfies them: cover at least one, and health at least `t (1 + bonus_min)`.
//! 4. The second for all held implies the first: let `v` be the greatest `t (1 + bonus_min)`. `W = sum of value * t <=
//!    v P`, so `P / D >= W / D / v >= 1`. With one collateral they are the same, `D / C <= 1 / (1 + bonus_min)`: that
//!    is the safe loan-to-value.
//!
//! So: **health of at least the greatest `t (1 + bonus_min)` is safe.** That is at most 100 %, as `Bonus::validate`
//! makes sure, so an obligation that becomes liquidatable is safe. Below it and above cover of one, no bad debt arises
//! but health may fall, if the liquidator takes a collateral whose `t (1 + bonus_min)` is above health. Below that
//! cover `bonus_min` is paid, and what is missing stays the same.
//!
//! Values are rounded to 10^-18 USD, what is owed up and what is held down: of a price whose base unit is no multiple
//! of that, a liquidation can cost the obligation two of them.

use backstop_engine::{
    Error,
    average::Average,
    fixed::Q64,
    health::{Health, Holding},
    liquidation::{Bonus, LiquidationTerms},
    price::{Quote, Value},
    quantity::{Assets, Bps, DebtShares, Shares, Units},
    waterfall::record,
};
use proptest::prelude::*;

use crate::{
    model::{self, Rational, bps, cover, int, one_and, ratio, up, whole},
    obligation::{Obligation, Token, USDC, at_the_edge, offer, unhealthy},
    strategies::{
        any_size, bonus, cases, fund, open_handed, pool_with_history, real_amount, state, terms, tokens, usual_rates,
        usual_terms,
    },
};

const USD: u64 = 1_000_000;

/// Health of at least the greatest threshold held times one plus the least bonus.
fn is_safe(obligation: &Obligation) -> bool {
    let health = obligation.health();
    health.debt > Value::ZERO && model::health_factor(&health) >= obligation.heaviest()
}

/// So many units of debt in dollars against tokens of nine decimals: whole ones, cents for each, threshold.
fn owing(terms: LiquidationTerms, debt: u64, held: &[(u64, u64, u32)], bonus: (u32, u32)) -> Obligation {
    let held = held
        .iter()
        .map(|(whole, cents, threshold)| Token::at_cents(*cents, 9).held(whole * 1_000_000_000, *threshold, bonus));
    Obligation::new(terms, debt, Q64::ONE, USDC, held.collect())
}

/// Ten tokens at 105 USD, carried at 80 %, at bonuses of 5 % to 10 %: safe while the debt is at most 1,050 / 1.05 =
/// 1,000 USD.
#[test]
fn safe_loan_to_value_at_its_edge() {
    let terms = LiquidationTerms { min_debt: Assets::new(10), ..usual_terms() };
    let owing = |debt| owing(terms, debt, &[(10, 10_500, 8_000)], (500, 1_000));
    let edge = owing(1_000 * USD);
    assert!(is_safe(&edge) && edge.health().is_liquidatable().unwrap(), "liquidation-helps");
    // Half of it: 525 USD are seized for 500, cover stays one and health 84 %.
    let (done, after) = edge.seize(0, 500 * USD).unwrap();
    assert_eq!(
        (done.taken.repay, done.taken.seize, done.taken.bonus),
        (Assets::new(500 * USD), Units::new(5_000_000_000), Bps::new(500))
    );
    assert_eq!((after.health().factor_bps(), cover(&after.health())), (8_400, whole(1)), "liquidation-helps");
    // All of it: nothing is left of either.
    let (_, after) = edge.seize(0, u64::MAX).unwrap();
    assert_eq!(after.health(), Health::default(), "liquidation-helps");

    // A base unit more: 840 / 1,000.000001 is below 84 %; all collateral pays for 1,000 USD.
    let beyond = owing(1_000 * USD + 1);
    assert!(!is_safe(&beyond));
    let (done, after) = beyond.seize(0, u64::MAX).unwrap();
    assert_eq!((done.taken.bonus, done.left, after.held[0].1.units), (Bps::new(500), Assets::new(1), Units::ZERO));
    assert_eq!(done.lost, DebtShares::new(1), "one unit of bad debt");
    // A base unit less: 1,050 / 999.999999 covers a bonus of 5 % and nothing more. 999.999999 * 1.05 / 105 USD are
    // 9.99999999.
    let within = owing(1_000 * USD - 1);
    let (done, after) = within.seize(0, u64::MAX).unwrap();
    assert_eq!(
        (done.taken.bonus, done.left, after.held[0].1.units),
        (Bps::new(500), Assets::ZERO, Units::new(10)),
        "liquidation-helps"
    );
}

/// 500 USD at 90 % and 1,237.50 USD at 40 %: 945 USD. At a bonus of 5 % the edge is health of 0.9 * 1.05 = 94.5 %: a
/// debt of 1,000 USD.
#[test]
fn safe_region_of_several_at_its_edge() {
    let owing = |debt| owing(usual_terms(), debt, &[(5, 10_000, 9_000), (99, 1_250, 4_000)], (500, 500));
    let edge = owing(1_000 * USD);
    assert!(is_safe(&edge), "liquidation-helps");
    // 105 USD of the first for 100: 850.5 of 900 is 94.5 % still.
    let (_, after) = edge.seize(0, 100 * USD).unwrap();
    assert_eq!(model::health_factor(&after.health()), ratio(945, 1_000), "liquidation-helps");
    // Of the other, 42 USD of weight: 903 of 900.
    let (_, after) = edge.seize(1, 100 * USD).unwrap();
    assert_eq!(model::health_factor(&after.health()), ratio(903, 900), "liquidation-helps");
    // A base unit more and taking the first lowers health, though cover is 165 %: 850.5 / 900.000001 < 945 /
    // 1,000.000001.
    let beyond = owing(1_000 * USD + 1);
    assert!(!is_safe(&beyond));
    let (_, after) = beyond.seize(0, 100 * USD).unwrap();
    assert!(model::health_factor(&after.health()) < model::health_factor(&beyond.health()), "the edge is exact");
    assert!(cover(&after.health()) > cover(&beyond.health()), "and no bad debt arises");
    // Taking the other still helps.
    let (_, after) = beyond.seize(1, 100 * USD).unwrap();
    assert!(model::health_factor(&after.health()) > model::health_factor(&beyond.health()), "liquidation-helps");
}

/// With an interval health is judged at its sides and the exchange counted at the middle, so more room is left: 1,000
/// tokens at 0.90 to 1.10 USD, carried at 80 %, against 720 USDC at 0.99 to 1.01.
#[test]
fn intervals_leave_more_room() {
    let wide =
        |cents, confidence, decimals| Token { quote: Quote { price: cents, confidence, exponent: -2 }, decimals };
    let held = vec![wide(100, 10, 9).held(1_000_000_000_000, 8_000, (500, 500))];
    let obligation = Obligation::new(usual_terms(), 720 * USD, Q64::ONE, wide(100, 1, 6), held);
    // 720 of 727.20: 99.009 %.
    assert_eq!(obligation.health().factor_bps(), 9_900);
    let (done, after) = obligation.seize(0, 200 * USD).unwrap();
    assert_eq!(done.taken.seize, Units::new(210_000_000_000));
    // 790 * 0.9 * 80 % = 568.80 of 520 * 1.01 = 525.20: 108.30 %. At the conservative sides it would be
    // 200 * 1.01 * 1.05 / 0.9 = 235.67 tokens, and 104.7 %.
    assert_eq!(after.health().factor_bps(), 10_830, "liquidation-helps");
}

/// Every obligation that has just become liquidatable is safe: the highest threshold that the least bonus allows leaves
/// a little.
#[test]
fn what_has_just_become_liquidatable_is_safe() {
    // 95.23 % * 1.05 = 99.9915 %.
    assert_eq!(bonus(500, 1_000).validate(Bps::new(9_523)), Ok(()));
    assert!(bonus(500, 1_000).validate(Bps::new(9_524)).is_err());
    // 1,000 USD carry 952.3 USD.
    let obligation = owing(usual_terms(), 952_300_001, &[(10, 10_000, 9_523)], (500, 1_000));
    assert!(obligation.health().is_liquidatable().unwrap() && is_safe(&obligation), "liquidation-helps");
    let (done, after) = obligation.seize(0, u64::MAX).unwrap();
    assert_eq!((done.taken.bonus, done.left), (Bps::new(500), Assets::ZERO), "liquidation-helps");
    assert_eq!(after.held[0].1.units, Units::new(10_000_000_000 - 9_999_150_010)); // 952.300001 * 1.05 / 100 USD
}

proptest! {
    #![proptest_config(cases(4_000))]

    /// Safe: any choice and any offer leaves health and cover at least what they were, and what is left is safe again.
    /// Covered only: no bad debt, and health does not fall by taking a collateral whose weight with the bonus is no
    /// more than health. Not covered: what is missing stays the same.
    #[test]
    fn liquidating_helps_in_the_safe_region(
        obligation in prop_oneof![unhealthy(), at_the_edge(false)], offered in offer(),
    ) {
        let before = obligation.health();
        let covered = before.proceeds >= before.debt;
        // Proceeds are rounded down for each collateral.
        let nearly = before.proceeds.get() + 5 >= before.debt.get();
        prop_assert!(nearly || !is_safe(&obligation), "the safe region is covered");
        let missing = int(before.debt.get()) - before.proceeds.get();
        for (which, (_, holding)) in obligation.held.iter().enumerate() {
            let Ok((done, left)) = obligation.seize(which, offered) else { continue };
            let after = left.health();
            // Rounding costs less than two units of 10^-18 USD.
            if covered {
                prop_assert!(after.debt.get() < after.proceeds.get() + 2, "liquidation-helps: bad debt: {:?}", after);
                let kept = whole(after.proceeds.get() + 2) / whole(after.debt.get().max(1));
                prop_assert!(
                    after.debt == Value::ZERO || kept >= cover(&before),
                    "liquidation-helps: cover falls to {:?}",
                    after
                );
            } else {
                prop_assert_eq!(done.taken.bonus, holding.bonus.min, "liquidation-helps: bad debt is never enlarged");
                prop_assert!(
                    int(after.debt.get()) - after.proceeds.get() < &missing + 2,
                    "liquidation-helps: bad debt is never enlarged"
                );
            }
            let helps =
                bps(holding.liquidation_threshold) * one_and(holding.bonus.min) <= model::health_factor(&before);
            prop_assert!(helps || !is_safe(&obligation));
            if helps {
                // W' / D' >= W / D, but for the two units.
                let weight = int(after.liquidation_limit.get()) + holding.liquidation_threshold.get();
                let owed = int(after.debt.get()) - 1;
                prop_assert!(
                    weight * before.debt.get() >= owed * before.liquidation_limit.get(),
                    "liquidation-helps: from {:?} to {:?}",
                    before,
                    after
                );
            }
        }
    }

    /// Covered, liquidations in any order end: each restores the target, pays the debt or takes all of a collateral,
    /// but for less than a unit of it; and no bad debt is left.
    #[test]
    fn any_order_of_liquidations_ends_without_bad_debt(
        obligation in at_the_edge(true), order in prop::collection::vec((0_usize..5, offer()), 40),
    ) {
        let (mut left, mut rounding) = (obligation.clone(), 1);
        for (which, offered) in order {
            let Ok((_, after)) = left.seize(which % left.held.len(), offered) else { continue };
            left = after;
            rounding += 2;
            let health = left.health();
            prop_assert!(
                health.debt.get() < health.proceeds.get() + rounding,
                "liquidation-helps: bad debt: {:?}",
                health
            );
        }
        // Once more round, with no bound on the offer, as long as something can be taken.
        let mut taken = 0;
        while let Some((_, after)) = (0..left.held.len()).find_map(|which| left.seize(which, u64::MAX).ok()) {
            left = after;
            taken += 1;
            prop_assert!(
                taken <= 2 * left.held.len() + 2,
                "liquidation-helps: {} liquidations of {:?}",
                taken,
                obligation
            );
        }
        // What cannot be taken in whole units stays: it is refused as too small.
        prop_assert!(
            left.shares.is_zero() || left.health().collateral > Value::ZERO,
            "liquidation-helps: debt is left: {:?}",
            left
        );
    }

    /// The bonus grows by as much as health falls, then shrinks to what there is to pay, and never below its least:
    /// along a growing debt it rises, then falls, and is at most what cover and health allow, as long as that is more
    /// than the least.
    #[test]
    fn bonus_grows_with_distance_and_shrinks_before_bad_debt(
        obligation in unhealthy(), which in 0_usize..5, steps in prop::collection::vec(1_u64..2_000, 1..20),
    ) {
        let (_, holding) = obligation.held[which % obligation.held.len()];
        let (Bonus { min, max }, threshold) = (holding.bonus, holding.liquidation_threshold);
        let (mut shares, mut bonuses) = (obligation.shares.get(), Vec::new());
        for step in steps {
            let Some(more) = (shares / 10_000).checked_mul(step) else { break };
            shares += more;
            let Obligation { terms, pool, liquidity, ref held, .. } = obligation;
            let health = Obligation::new(terms, shares, pool.borrow_index, liquidity, held.clone()).health();
            let bonus = holding.bonus.at(&health, threshold).unwrap();
            prop_assert!(bonus >= min && bonus <= max);
            prop_assert!(
                bonus == min || one_and(bonus) <= cover(&health) * one_and(min),
                "liquidation-helps: a bonus of bad debt"
            );
            let carries = bps(threshold) * one_and(bonus);
            prop_assert!(
                bonus == min || carries <= model::health_factor(&health),
                "liquidation-helps: a bonus that lowers health"
            );
            // A basis point for each begun one that health is away from 100 %.
            let distance = up(&((whole(1) - model::health_factor(&health)).max(whole(0)) * whole(10_000)));
            prop_assert!(int(bonus.get()) <= distance + min.get());
            bonuses.push(bonus);
        }
        let most = bonuses.iter().max().copied().unwrap_or_default();
        let top = bonuses.iter().position(|bonus| *bonus == most).unwrap_or(0);
        prop_assert!(bonuses[..top].is_sorted() && bonuses[top..].iter().rev().is_sorted(), "{:?}", bonuses);
    }

    /// Without a bound, target health is reached but for what one more unit of the collateral would pay; and no more is
    /// repaid than the least that reaches it, `(target * D - W) / (target - t * (1 + b))`, but for a debt share, a
    /// unit, and the weight's rounding to a basis point.
    #[test]
    fn target_health_is_reached_within_a_unit(obligation in unhealthy(), which in 0_usize..5) {
        let which = which % obligation.held.len();
        let (_, holding) = obligation.held[which];
        let Ok((done, left)) = obligation.seize(which, u64::MAX) else { return Ok(()) };
        if left.shares.is_zero() || left.held[which].1.units.is_zero() {
            return Ok(());
        }
        let (before, after, model) = (obligation.health(), left.health(), obligation.model());
        let target = bps(obligation.terms.target_health);
        // What one more unit would pay, if that is more than a unit of debt and a share.
        let unit = model.held[which].price_of(&int(1), &bps(done.taken.bonus)) / &model.middle;
        let unpaid = if unit > whole(1) { (&unit + &model.index + whole(1)) * &model.upper } else { whole(0) };
        // Two units of 10^-18 USD are rounding, as above.
        let weight = ratio(int(after.liquidation_limit.get()) + holding.liquidation_threshold.get(), 10_000);
        let owed = whole(int(after.debt.get()) - 1) - unpaid;
        prop_assert!(weight >= &target * owed, "liquidation-helps: short of the target: {:?}", after);

        let missing = &target * whole(before.debt.get()) - ratio(before.liquidation_limit.get(), 10_000);
        let carried = bps(holding.liquidation_threshold) * one_and(done.taken.bonus);
        let restored = target - ratio(up(&(carried * whole(10_000))), 10_000);
        // Where paying restores nothing all is wanted.
        if restored <= whole(0) {
            return Ok(());
        }
        let most: Rational = (missing / restored + whole(1)) / &model.upper + whole(2) + &model.index;
        prop_assert!(whole(done.taken.repay.get()) <= most, "{} is above {}", done.taken.repay.get(), most);
    }

    /// What is left of the debt is nothing or at least the minimum, or all of the collateral chosen is taken, or less
    /// is left than one more unit of it would pay. An offer that would leave less than the minimum is refused.
    #[test]
    fn no_debt_below_the_minimum_is_left(
        obligation in unhealthy(), which in 0_usize..5, offered in offer(), part in 0_u64..=12_000,
    ) {
        let which = which % obligation.held.len();
        let owed = obligation.owed().get();
        let min_debt = u64::try_from(u128::from(owed) * u128::from(part) / 10_000).unwrap();
        let terms = LiquidationTerms { min_debt: Assets::new(min_debt), ..obligation.terms };
        let obligation = Obligation { terms, ..obligation };
        match obligation.seize(which, offered) {
            Ok((done, left)) => {
                let model = obligation.model();
                let unit = model.held[which].price_of(&int(1), &bps(done.taken.bonus)) / &model.middle;
                let stuck = whole(done.left.get()) < unit + model.index + whole(1);
                let whole_holding = left.held[which].1.units.is_zero();
                let enough = done.left.is_zero() || done.left.get() >= min_debt;
                prop_assert!(enough || whole_holding || stuck, "{:?} is left", done.left);
                prop_assert!(done.taken.repay.get() <= owed.min(offered));
            }
            Err(Error::DebtBelowMinimum) => {
                // Only for the offer, and only where whole shares of it would leave too little.
                let left =
                    obligation
                        .model()
                        .cost(&int(obligation.shares.get()
                            - obligation.pool.borrow_index.divide_down(offered.min(owed)).unwrap()));
                prop_assert!(left > int(0) && left < int(min_debt));
                prop_assert!(!matches!(obligation.seize(which, u64::MAX), Err(Error::DebtBelowMinimum)));
            }
            Err(error) => prop_assert_eq!(error, Error::AmountTooSmall),
        }
    }

    /// What the liquidator pays to the fund is within the bonus, to a unit.
    #[test]
    fn insurance_cut_is_within_the_bonus(obligation in unhealthy(), which in 0_usize..5, offered in offer()) {
        let Ok((done, _)) = obligation.seize(which % obligation.held.len(), offered) else { return Ok(()) };
        let (taken, part) = (done.taken, obligation.terms.insurance_cut);
        let bonus = whole(taken.repay.get()) * bps(taken.bonus);
        let cut = int(taken.insurance_cut.get());
        prop_assert_eq!(cut.clone(), up(&(&bonus * bps(part))));
        prop_assert!(cut <= up(&bonus), "more than the bonus");
        prop_assert!(taken.insurance_cut.is_zero() == (taken.bonus == Bps::ZERO || part == Bps::ZERO));
    }

    /// Nothing that its owner, a payer or a liquidator of another can do makes a healthy obligation unhealthy at fixed
    /// price and time: what may be borrowed or taken out leaves it healthy, also with the prices that count when
    /// borrowing; repaying and topping up only help; and only what is unhealthy is liquidated.
    #[test]
    fn no_step_makes_a_healthy_obligation_unhealthy(
        parts in prop::collection::vec(
            (1_u64..1_000_000_000_000, 1_u64..1_000_000_000, 0_u32..=10_000, 0_u32..=10_000, 0_u64..1_000),
            1..=4,
        ),
        debt in prop_oneof![any_size(), 1_u64..1_000_000_000], place in 0_u64..12_000,
        (units, paid) in (any_size(), any_size()),
        (collateral_mean, debt_mean) in (1_u64..40_000, 1_u64..40_000), limit in 0_u32..12_000,
    ) {
        let limit = Bps::new(limit);
        let cents = |price, confidence| Quote { price, confidence, exponent: -4 };
        let mean = |price: u64, part: u64| {
            Average::begun(Value::new(u128::from(price) * u128::from(part) * 10_000_000_000), 0)
        };
        // What counts: when liquidating the price as it is, when borrowing one that looks at the average.
        let debt_quote = cents(10_000, 3);
        let debt_prices = [debt_quote, mean(10_000, debt_mean).floor(debt_quote, limit).unwrap()]
            .map(|quote| quote.upper(6).unwrap());
        let holdings = |guarded: bool, less: u64| {
            parts
                .iter()
                .filter_map(move |(units, price, low, high, confidence)| {
                    let quote = cents(*price, price * confidence / 10_000);
                    let quote = if guarded { mean(*price, collateral_mean).cap(quote, limit).ok()? } else { quote };
                    let token = Token { quote, decimals: 9 };
                    quote.lower(9).ok()?;
                    let (_, holding) = token.held(units.saturating_sub(less), *low.max(high), (0, 0));
                    Some((token, Holding { max_ltv: Bps::new(*low.min(high)), ..holding }))
                })
                .collect::<Vec<_>>()
        };
        let of = |debt: u64, guarded: bool, less: u64| {
            let owed = Health::of_debt(debt_prices[usize::from(guarded)].value_up(debt).unwrap());
            holdings(guarded, less).iter().fold(owed, |health, (_, holding)| health.with(holding).unwrap())
        };
        // A debt of any size, and one near what may be borrowed.
        let allowed = of(0, true, 0).borrow_limit.get() / 10_000 * u128::from(place) / 10_000;
        for debt in [debt >> 4, debt_prices[1].units_down(Value::new(allowed)).unwrap().min(1 << 60)] {
            for less in [0, 1, units % 1_000_000] {
                // Borrowing up to it, or taking so much out.
                if of(debt, true, less).require_borrowable().is_ok() {
                    prop_assert!(
                        !of(debt, false, less).is_liquidatable().unwrap(),
                        "liquidation-helps: borrowing makes unhealthy"
                    );
                }
            }
            let health = of(debt, false, 0);
            let refused = health.is_liquidatable().unwrap();
            // Repaying and topping up.
            let less = of(debt - paid.min(debt), false, 0);
            let more = health.with(&tokens(units % 1_000, 1, 0, 1)).unwrap();
            for after in [less, more] {
                prop_assert!(
                    refused || !after.is_liquidatable().unwrap(),
                    "liquidation-helps: helping makes unhealthy"
                );
            }
            let liquidity = Token { quote: debt_quote, decimals: 6 };
            let target = Obligation::new(usual_terms(), debt, Q64::ONE, liquidity, holdings(false, 0));
            if let Err(error) = target.seize(0, u64::MAX) {
                prop_assert!(refused || error == Error::ObligationHealthy);
            } else {
                prop_assert!(refused, "liquidation-helps: a healthy one is liquidated");
            }
        }
    }

    /// At fixed time what one owes is its shares times the index, and nothing that others do moves the index: not
    /// lending, borrowing, repaying, or a loss.
    #[test]
    fn nobody_moves_what_another_owes(
        pool in pool_with_history(), owed in any_size(), amount in real_amount(), lost in any::<u64>(),
    ) {
        let owed = DebtShares::new(owed % (pool.debt_shares.get() + 1));
        let others = DebtShares::new(pool.debt_shares.get() - owed.get());
        let lost = DebtShares::new(lost % others.get().max(1) + u64::from(!others.is_zero()));
        let before = pool.debt(owed).unwrap();
        let steps = [
            pool.deposit(Assets::new(amount)).map(|done| done.totals),
            pool.withdraw(Shares::new(amount)).map(|done| done.totals),
            pool.borrow(others, Assets::new(amount), Assets::ZERO).map(|done| done.totals),
            pool.repay(others, Assets::new(amount)).map(|done| done.totals),
            pool.collect_reserves(Assets::new(u64::MAX), Assets::ZERO, Assets::new(u64::MAX))
                .map(|(_, totals, _)| totals),
            pool.accrue(&usual_rates(), pool.accrued_at).map(|done| done.totals),
            record(&state(&pool, &fund(amount)), &terms(&open_handed()), lost, 0).map(|done| done.state.totals),
        ];
        for totals in steps.into_iter().flatten() {
            prop_assert_eq!(totals.debt(owed).unwrap(), before, "liquidation-helps: another's debt moves");
        }
    }
}
