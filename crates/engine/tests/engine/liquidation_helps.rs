//! `liquidation-helps`: in the safe region a liquidation improves health and makes no bad debt, whatever the collaterals,
//! whichever of them the liquidator takes and whatever it offers; and nothing makes a healthy obligation unhealthy at fixed price
//! and time.
//!
//! The safe region, derived by hand. An obligation owes `D` and holds `C`, which carries `W = sum of value * threshold`; health
//! is `W / D`, coverage `C / D`. A liquidator pays `R` and takes `(1 + b) R` of a collateral with threshold `t`.
//!
//! 1. What is left is covered, if all was: `C - (1 + b) R >= D - R` if and only if `C - D >= b R`. As `R <= D`, coverage of at
//!    least `1 + b` suffices, and then coverage does not fall, so the same holds for the next liquidation.
//! 2. Health does not fall: `(W - t (1 + b) R) / (D - R) >= W / D` if and only if `t (1 + b) <= W / D`.
//! 3. The bonus is at most what 1 and 2 allow, unless that is below its minimum. So both hold where `b = bonus_min` satisfies
//!    them: coverage at least `1 + bonus_min`, and health at least `t (1 + bonus_min)`.
//! 4. The second for the greatest threshold held implies the first: `W <= t_max C`, so `C / D >= W / D / t_max >= 1 + bonus_min`.
//!    With one collateral they are the same, `D / C <= 1 / (1 + bonus_min)`: that is the safe loan-to-value.
//!
//! So: **health of at least `t_max (1 + bonus_min)` is safe.** That is below 100 %, as `validate_threshold` makes sure, so an
//! obligation that becomes liquidatable is safe. Below it and above coverage of `1 + bonus_min`, no bad debt arises but health
//! may fall, if the liquidator takes a collateral whose threshold is above `health / (1 + bonus_min)`. Below that coverage
//! `bonus_min` is paid at the cost of bad debt.
//!
//! Values are rounded to 10^-18 USD, what is owed up and what is held down: of a price whose base unit is no multiple of that, a
//! liquidation can cost the obligation two of them.

use backstop_engine::{
    Error,
    average::Average,
    health::{Health, Holding},
    liquidation::{Liquidation, LiquidationTerms},
    price::{Price, Quote, Value},
    quantity::{Assets, Bps, DebtShares, Shares, Units},
    waterfall::record,
};
use proptest::prelude::*;

use crate::{
    given::{
        any_size, books, cases, fund, open_handed, pool_with_history, real_amount, terms, tokens, usdc, usual_rates,
        usual_terms, valid_terms,
    },
    model::{self, Rational, bps, int, ratio, up, whole},
};

const USD: u64 = 1_000_000;

/// What someone owes and holds.
#[derive(Clone, Debug)]
struct Obligation {
    debt: u64,
    debt_price: Price,
    holdings: Vec<Holding>,
}

impl Obligation {
    fn health(&self) -> Health {
        let owed = Health::of_debt(self.debt_price.value_up(self.debt).unwrap());
        self.holdings.iter().fold(owed, |health, holding| health.with(holding).unwrap())
    }

    fn liquidate(&self, terms: &LiquidationTerms, which: usize, offered: u64) -> Result<(Liquidation, Self), Error> {
        let (debt, offered) = (Assets::new(self.debt), Assets::new(offered));
        let taken = terms.size(debt, &self.debt_price, &self.holdings[which], &self.health(), offered)?;
        let mut after = self.clone();
        after.debt -= taken.repay.get();
        let units = &mut after.holdings[which].units;
        *units = units.minus(taken.seize).unwrap();
        Ok((taken, after))
    }
}

/// Health of at least the greatest threshold held times one plus the least bonus.
fn is_safe(terms: &LiquidationTerms, obligation: &Obligation) -> bool {
    let held = obligation.holdings.iter().filter(|holding| !holding.units.is_zero());
    let highest = held.map(|holding| holding.liquidation_threshold).max().unwrap_or(Bps::ZERO);
    let health = obligation.health();
    health.debt > Value::ZERO && model::health_factor(&health) >= bps(highest) * one_and(terms.bonus_min)
}

fn one_and(bonus: Bps) -> Rational {
    bps(bonus) + whole(1)
}

fn coverage(health: &Health) -> Rational {
    ratio(health.collateral.get(), health.debt.get())
}

/// One to five collaterals of any decimals, prices and thresholds that the terms allow, and a debt around what they carry: from
/// just above to a third more, in a token of any price.
fn unhealthy() -> impl Strategy<Value = (LiquidationTerms, Obligation)> {
    let price = || (1_u64..1_000_000_000, -14_i32..=-2);
    let holding = (1_u64..1_000_000_000_000, price(), 4_u8..=9, 0_u32..=10_000);
    let above = prop_oneof![0_u64..30, 0_u64..3_500];
    (valid_terms(), prop::collection::vec(holding, 1..=5), price(), above, any::<bool>()).prop_filter_map(
        "worth nothing",
        |((terms, highest), holdings, (digits, exponent), above, dollars)| {
            let holdings: Vec<_> = holdings
                .into_iter()
                .map(|(units, (digits, exponent), decimals, part)| Holding {
                    units: Units::new(units),
                    price: Price::new(digits, exponent, decimals).unwrap(),
                    max_ltv: Bps::ZERO,
                    // The first has the highest threshold often.
                    liquidation_threshold: Bps::new(if part < 2_000 {
                        highest.get()
                    } else {
                        highest.get() * part / 10_000
                    }),
                })
                .collect();
            let debt_price = if dollars { usdc() } else { Price::new(digits, exponent, 6).unwrap() };
            let mut obligation = Obligation { debt: 0, debt_price, holdings };
            let carried = obligation.health().liquidation_limit.get() / 10_000;
            obligation.debt = debt_price
                .units_up(Value::new(carried + carried / 10_000 * u128::from(above)))
                .unwrap()
                .checked_add(1)?;
            // Sums that a pool could hold.
            let fits = obligation.debt < 1 << 60 && obligation.debt > 1_000;
            (fits && obligation.health().is_liquidatable().unwrap()).then_some((terms, obligation))
        },
    )
}

fn offer() -> impl Strategy<Value = u64> {
    prop_oneof![2 => Just(u64::MAX), 1 => any_size(), 1 => 1_u64..1_000_000_000]
}

/// Ten tokens at 105 USD, carried at 80 %, at bonuses of 5 % to 10 %: safe while the debt is at most 1,050 / 1.05 = 1,000 USD.
#[test]
fn safe_loan_to_value_at_its_edge() {
    let terms = LiquidationTerms { min_debt: Assets::new(10), ..usual_terms() };
    let owing = |debt| Obligation { debt, debt_price: usdc(), holdings: vec![tokens(10, 10_500, 7_500, 8_000)] };
    let edge = owing(1_000 * USD);
    assert!(is_safe(&terms, &edge) && edge.health().is_liquidatable().unwrap(), "liquidation-helps");
    // Half of it: 525 USD are seized for 500, coverage stays 105 % and health 84 %.
    let (taken, after) = edge.liquidate(&terms, 0, 500 * USD).unwrap();
    assert_eq!(
        (taken.repay, taken.seize, taken.bonus),
        (Assets::new(500 * USD), Units::new(5_000_000_000), Bps::new(500))
    );
    assert_eq!((after.health().factor_bps(), after.health().coverage_bps()), (8_400, Ok(10_500)), "liquidation-helps");
    // All of it: nothing is left of either.
    let (_, after) = edge.liquidate(&terms, 0, u64::MAX).unwrap();
    assert_eq!(after.health(), Health::default(), "liquidation-helps");

    // A base unit more: 840 / 1,000.000001 and 1,050 / 1,000.000001 are below 84 % and 105 %; all collateral pays for 1,000 USD.
    let beyond = owing(1_000 * USD + 1);
    assert!(!is_safe(&terms, &beyond));
    let (taken, after) = beyond.liquidate(&terms, 0, u64::MAX).unwrap();
    assert_eq!(
        (taken.bonus, after.debt, after.holdings[0].units),
        (Bps::new(500), 1, Units::ZERO),
        "one unit of bad debt"
    );
    // A base unit less: 1,050 / 999.999999 covers a bonus of 5 % and nothing more. 999.999999 * 1.05 / 105 USD are 9.99999999.
    let within = owing(1_000 * USD - 1);
    let (taken, after) = within.liquidate(&terms, 0, u64::MAX).unwrap();
    assert_eq!(
        (taken.bonus, after.debt, after.holdings[0].units),
        (Bps::new(500), 0, Units::new(10)),
        "liquidation-helps"
    );
}

/// 500 USD at 90 % and 1,237.50 USD at 40 %: 945 USD. At a bonus of 5 % the edge is health of 0.9 * 1.05 = 94.5 %: a debt of
/// 1,000 USD.
#[test]
fn safe_region_of_several_at_its_edge() {
    let terms = LiquidationTerms { bonus_max: Bps::new(500), ..usual_terms() };
    let holdings = vec![tokens(5, 10_000, 0, 9_000), tokens(99, 1_250, 0, 4_000)];
    let owing = |debt| Obligation { debt, debt_price: usdc(), holdings: holdings.clone() };
    let edge = owing(1_000 * USD);
    assert!(is_safe(&terms, &edge), "liquidation-helps");
    // 105 USD of the first for 100: 850.5 of 900 is 94.5 % still.
    let (_, after) = edge.liquidate(&terms, 0, 100 * USD).unwrap();
    assert_eq!(model::health_factor(&after.health()), ratio(945, 1_000), "liquidation-helps");
    // Of the other, 42 USD of weight: 903 of 900.
    let (_, after) = edge.liquidate(&terms, 1, 100 * USD).unwrap();
    assert_eq!(model::health_factor(&after.health()), ratio(903, 900), "liquidation-helps");
    // A base unit more and taking the first lowers health, though coverage is 174 %: 850.5 / 900.000001 < 945 / 1,000.000001.
    let beyond = owing(1_000 * USD + 1);
    assert!(!is_safe(&terms, &beyond));
    let (_, after) = beyond.liquidate(&terms, 0, 100 * USD).unwrap();
    assert!(model::health_factor(&after.health()) < model::health_factor(&beyond.health()), "the edge is exact");
    assert!(coverage(&after.health()) > coverage(&beyond.health()), "and no bad debt arises");
    // Taking the other still helps.
    let (_, after) = beyond.liquidate(&terms, 1, 100 * USD).unwrap();
    assert!(model::health_factor(&after.health()) > model::health_factor(&beyond.health()), "liquidation-helps");
}

/// Every obligation that has just become liquidatable is safe: the highest threshold that the least bonus allows leaves a little.
#[test]
fn what_has_just_become_liquidatable_is_safe() {
    let terms = usual_terms();
    // 95.23 % * 1.05 = 99.9915 %.
    let highest = Bps::new(9_523);
    assert_eq!(terms.validate_threshold(highest, highest), Ok(()));
    assert!(terms.validate_threshold(highest, Bps::new(9_524)).is_err());
    // 1,000 USD carry 952.3 USD.
    let obligation = Obligation { debt: 952_300_001, debt_price: usdc(), holdings: vec![tokens(10, 10_000, 0, 9_523)] };
    assert!(obligation.health().is_liquidatable().unwrap() && is_safe(&terms, &obligation), "liquidation-helps");
    let (taken, after) = obligation.liquidate(&terms, 0, u64::MAX).unwrap();
    assert_eq!((taken.bonus, after.debt), (Bps::new(500), 0), "liquidation-helps");
    assert_eq!(after.holdings[0].units, Units::new(10_000_000_000 - 9_999_150_010)); // 952.300001 * 1.05 / 100 USD
}

proptest! {
    #![proptest_config(cases(4_000))]

    /// Safe: any choice and any offer leaves health and coverage at least what they were, and what is left is safe again. Covered
    /// by the least bonus only: no bad debt, and health does not fall by taking a collateral whose weight with the bonus is no
    /// more than health.
    #[test]
    fn liquidating_helps_in_the_safe_region((terms, obligation) in unhealthy(), offered in offer()) {
        prop_assert_eq!(terms.validate(), Ok(()));
        let before = obligation.health();
        let covered = coverage(&before) >= one_and(terms.bonus_min);
        prop_assert!(covered || !is_safe(&terms, &obligation), "the safe region is covered");
        for (which, holding) in obligation.holdings.iter().enumerate() {
            let Ok((taken, left)) = obligation.liquidate(&terms, which, offered) else { continue };
            let after = left.health();
            if covered {
                // Rounding costs less than two units of 10^-18 USD.
                prop_assert!(after.debt.get() < after.collateral.get() + 2, "liquidation-helps: bad debt: {:?}", after);
                let kept = whole(after.collateral.get() + 2) / whole(after.debt.get().max(1));
                prop_assert!(after.debt == Value::ZERO || kept >= coverage(&before), "liquidation-helps: coverage falls to {:?}", after);
            } else {
                prop_assert_eq!(taken.bonus, terms.bonus_min, "bad debt is never enlarged by more than the least bonus");
            }
            let helps = bps(holding.liquidation_threshold) * one_and(terms.bonus_min) <= model::health_factor(&before);
            prop_assert!(helps || !is_safe(&terms, &obligation));
            if helps {
                // W' / D' >= W / D, but for the two units.
                let weight = int(after.liquidation_limit.get()) + holding.liquidation_threshold.get();
                let owed = int(after.debt.get()) - 1;
                prop_assert!(weight * before.debt.get() >= owed * before.liquidation_limit.get(), "liquidation-helps: from {:?} to {:?}", before, after);
            }
        }
    }

    /// Above water and covered, liquidations in any order end: each restores the target, pays the debt or takes all of a
    /// collateral, so there are at most as many as collaterals and one, and no bad debt is left.
    #[test]
    fn any_order_of_liquidations_ends_without_bad_debt(
        (terms, obligation) in unhealthy(), order in prop::collection::vec((0_usize..5, offer()), 40),
    ) {
        prop_assume!(coverage(&obligation.health()) >= one_and(terms.bonus_min));
        let mut left = obligation.clone();
        let (mut whole_offers, mut rounding) = (0, 1);
        for (which, offered) in order.into_iter().chain((0..10).map(|which| (which, u64::MAX))) {
            let Ok((_, after)) = left.liquidate(&terms, which % left.holdings.len(), offered) else { continue };
            left = after;
            whole_offers += usize::from(offered == u64::MAX);
            rounding += 2;
            let health = left.health();
            prop_assert!(health.debt.get() < health.collateral.get() + rounding, "liquidation-helps: bad debt: {:?}", health);
        }
        prop_assert!(whole_offers <= obligation.holdings.len() + 1, "liquidation-helps: {whole_offers} liquidations");
        let health = left.health();
        // What cannot be taken in whole units stays: it is refused as too small.
        let stuck = (0..left.holdings.len()).all(|which| left.liquidate(&terms, which, u64::MAX).is_err());
        prop_assert!(stuck && (left.debt == 0 || health.collateral > Value::ZERO), "liquidation-helps: debt is left: {:?}", health);
    }

    /// The bonus grows by as much as health falls, then shrinks to what there is to pay, and never below its least: along a
    /// growing debt it rises, then falls, and is at most what collateral exceeds debt by, as long as that is more than the least.
    #[test]
    fn bonus_grows_with_distance_and_shrinks_before_bad_debt(
        (terms, obligation) in unhealthy(), which in 0_usize..5, steps in prop::collection::vec(1_u64..2_000, 1..20),
    ) {
        let holding = obligation.holdings[which % obligation.holdings.len()];
        let (mut debt, mut bonuses) = (obligation.debt, Vec::new());
        for step in steps {
            let Some(more) = (debt / 10_000).checked_mul(step) else { break };
            debt += more;
            let health = Obligation { debt, ..obligation.clone() }.health();
            let bonus = terms.bonus(&health, holding.liquidation_threshold).unwrap();
            prop_assert!(bonus >= terms.bonus_min && bonus <= terms.bonus_max);
            let excess = coverage(&health) - whole(1);
            prop_assert!(bonus == terms.bonus_min || bps(bonus) <= excess, "liquidation-helps: a bonus of bad debt");
            let carries = bps(holding.liquidation_threshold) * one_and(bonus);
            prop_assert!(bonus == terms.bonus_min || carries <= model::health_factor(&health), "liquidation-helps: a bonus that lowers health");
            // A basis point for each begun one that health is away from 100 %.
            let distance = up(&((whole(1) - model::health_factor(&health)).max(whole(0)) * whole(10_000)));
            prop_assert!(int(bonus.get()) <= distance + terms.bonus_min.get());
            bonuses.push(bonus);
        }
        let most = bonuses.iter().max().copied().unwrap_or_default();
        let top = bonuses.iter().position(|bonus| *bonus == most).unwrap_or(0);
        prop_assert!(bonuses[..top].is_sorted() && bonuses[top..].iter().rev().is_sorted(), "{:?}", bonuses);
    }

    /// Without a bound, target health is reached and passed by no more than a unit and what the weight's rounding to a basis
    /// point explains: the least repayment that reaches the target is `(target * D - W) / (target - t * (1 + b))`.
    #[test]
    fn target_health_is_reached_within_a_unit((terms, obligation) in unhealthy(), which in 0_usize..5) {
        let which = which % obligation.holdings.len();
        let holding = obligation.holdings[which];
        let Ok((taken, left)) = obligation.liquidate(&terms, which, u64::MAX) else { return Ok(()) };
        if left.debt == 0 || left.holdings[which].units.is_zero() {
            return Ok(());
        }
        let (before, after) = (obligation.health(), left.health());
        let target = bps(terms.target_health);
        // Two units of 10^-18 USD are rounding, as above.
        let weight = ratio(int(after.liquidation_limit.get()) + holding.liquidation_threshold.get(), 10_000);
        prop_assert!(weight >= &target * whole(int(after.debt.get()) - 1), "liquidation-helps: short of the target: {:?}", after);

        let missing = &target * whole(before.debt.get()) - ratio(before.liquidation_limit.get(), 10_000);
        let carried = bps(holding.liquidation_threshold) * one_and(taken.bonus);
        let rounded = ratio(up(&(&carried * whole(10_000))), 10_000);
        let units = |value: Rational| up(&(value / whole(obligation.debt_price.value_up(1_000_000_000_000).unwrap().get()) * whole(1_000_000_000_000_u64)));
        let least = units(&missing / (&target - &carried));
        let most = units(&missing / (target - rounded));
        let repay = int(taken.repay.get());
        // A price is exact for 10^12 units, or off by less than 10^-12 of them.
        prop_assert!(repay >= &least - 1, "{} is below {}", repay, least);
        prop_assert!(repay <= &most + 1 + &most / 1_000_000_000_000_u64, "{} is above {}", repay, most);
    }

    /// What is left of the debt is nothing or at least the minimum, or all of the collateral chosen is taken. An offer that would
    /// leave less is refused.
    #[test]
    fn no_debt_below_the_minimum_is_left(
        (terms, obligation) in unhealthy(), which in 0_usize..5, offered in offer(), part in 0_u64..=12_000, full in 0_u64..=12_000,
    ) {
        let which = which % obligation.holdings.len();
        let of = |part: u64| u64::try_from(u128::from(obligation.debt) * u128::from(part) / 10_000).unwrap();
        let full_below = obligation.debt_price.value_up(of(full)).unwrap();
        let terms = LiquidationTerms { min_debt: Assets::new(of(part)), full_below, ..terms };
        match obligation.liquidate(&terms, which, offered) {
            Ok((taken, left)) => {
                let none_left = left.holdings[which].units.is_zero();
                prop_assert!(left.debt == 0 || left.debt >= terms.min_debt.get() || none_left, "{} is left", left.debt);
                // A small debt goes whole, if the offer and the collateral allow.
                let small = obligation.health().debt <= full_below;
                prop_assert!(!small || left.debt == 0 || none_left || taken.repay.get() == offered, "a small debt is left");
                prop_assert!(taken.repay.get() <= obligation.debt.min(offered));
            }
            Err(Error::DebtBelowMinimum) => {
                // Only for the offer, and only where it would leave too little.
                let left = obligation.debt - offered.min(obligation.debt);
                prop_assert!(left > 0 && left < terms.min_debt.get());
                prop_assert!(!matches!(obligation.liquidate(&terms, which, u64::MAX), Err(Error::DebtBelowMinimum)));
            }
            Err(error) => prop_assert_eq!(error, Error::AmountTooSmall),
        }
    }

    /// What the liquidator pays to the fund is within the bonus, to a unit, and what it receives is within what it pays towards
    /// the debt and the bonus.
    #[test]
    fn insurance_cut_is_within_the_bonus((terms, obligation) in unhealthy(), which in 0_usize..5, offered in offer()) {
        let which = which % obligation.holdings.len();
        let Ok((taken, left)) = obligation.liquidate(&terms, which, offered) else { return Ok(()) };
        let bonus = whole(taken.repay.get()) * bps(taken.bonus);
        let cut = int(taken.insurance_cut.get());
        prop_assert_eq!(cut.clone(), up(&(&bonus * bps(terms.insurance_cut))));
        prop_assert!(cut <= up(&bonus), "more than the bonus");
        prop_assert!(taken.insurance_cut.is_zero() == (taken.bonus == Bps::ZERO || terms.insurance_cut == Bps::ZERO));
        // Received at most what was paid and the bonus.
        let paid = whole(obligation.debt_price.value_up(taken.repay.get()).unwrap().get());
        let received = whole(obligation.holdings[which].price.value_down(taken.seize.get()).unwrap().get());
        prop_assert!(received <= paid * one_and(taken.bonus), "more than the bonus");
        prop_assert!(taken.seize <= obligation.holdings[which].units && left.debt < obligation.debt);
    }

    /// Nothing that its owner, a payer or a liquidator of another can do makes a healthy obligation unhealthy at fixed price and
    /// time: what may be borrowed or taken out leaves it healthy, also with the prices that count when borrowing; repaying and
    /// topping up only help; and only what is unhealthy is liquidated.
    #[test]
    fn no_step_makes_a_healthy_obligation_unhealthy(
        parts in prop::collection::vec((1_u64..1_000_000_000_000, 1_u64..1_000_000_000, 0_u32..=10_000, 0_u32..=10_000, 0_u64..1_000), 1..=4),
        debt in prop_oneof![any_size(), 1_u64..1_000_000_000], place in 0_u64..12_000, (units, paid) in (any_size(), any_size()),
        (collateral_mean, debt_mean) in (1_u64..40_000, 1_u64..40_000), limit in 0_u32..12_000,
    ) {
        let limit = Bps::new(limit);
        let cents = |price, confidence| Quote { price, confidence, exponent: -4 };
        let mean = |price: u64, part: u64| Average::begun(Value::new(u128::from(price) * u128::from(part) * 10_000_000_000), 0);
        // What counts: when liquidating the price as it is, when borrowing one that looks at the average.
        let debt_quote = cents(10_000, 3);
        let debt_prices = [debt_quote, mean(10_000, debt_mean).floor(debt_quote, limit).unwrap()].map(|quote| quote.upper(6).unwrap());
        let holdings = |guarded: bool, less: u64| {
            parts.iter().filter_map(move |(units, price, low, high, confidence)| {
                let quote = cents(*price, price * confidence / 10_000);
                let quote = if guarded { mean(*price, collateral_mean).cap(quote, limit).ok()? } else { quote };
                Some(Holding {
                    units: Units::new(units.saturating_sub(less)),
                    price: quote.lower(9).ok()?,
                    max_ltv: Bps::new(*low.min(high)),
                    liquidation_threshold: Bps::new(*low.max(high)),
                })
            }).collect::<Vec<_>>()
        };
        let of = |debt: u64, guarded: bool, less: u64| Obligation {
            debt, debt_price: debt_prices[usize::from(guarded)], holdings: holdings(guarded, less),
        }.health();
        // A debt of any size, and one near what may be borrowed.
        let allowed = of(0, true, 0).borrow_limit.get() / 10_000 * u128::from(place) / 10_000;
        for debt in [debt >> 4, debt_prices[1].units_down(Value::new(allowed)).unwrap().min(1 << 60)] {
            for less in [0, 1, units % 1_000_000] {
                // Borrowing up to it, or taking so much out.
                if of(debt, true, less).require_borrowable().is_ok() {
                    prop_assert!(!of(debt, false, less).is_liquidatable().unwrap(), "liquidation-helps: borrowing makes unhealthy");
                }
            }
            let health = of(debt, false, 0);
            let refused = health.is_liquidatable().unwrap();
            // Repaying and topping up.
            let less = of(debt - paid.min(debt), false, 0);
            let more = health.with(&tokens(units % 1_000, 1, 0, 1)).unwrap();
            for after in [less, more] {
                prop_assert!(refused || !after.is_liquidatable().unwrap(), "liquidation-helps: helping makes unhealthy");
            }
            let target = Obligation { debt, debt_price: debt_prices[0], holdings: holdings(false, 0) };
            if let Err(error) = target.liquidate(&usual_terms(), 0, u64::MAX) {
                prop_assert!(refused || error == Error::ObligationHealthy);
            } else {
                prop_assert!(refused, "liquidation-helps: a healthy one is liquidated");
            }
        }
    }

    /// At fixed time what one owes is its shares times the index, and nothing that others do moves the index: not lending,
    /// borrowing, repaying, or a loss.
    #[test]
    fn nobody_moves_what_another_owes(pool in pool_with_history(), owed in any_size(), amount in real_amount(), lost in any::<u64>()) {
        let owed = DebtShares::new(owed % (pool.debt_shares.get() + 1));
        let others = DebtShares::new(pool.debt_shares.get() - owed.get());
        let lost = DebtShares::new(lost % others.get().max(1) + u64::from(!others.is_zero()));
        let before = pool.debt(owed).unwrap();
        let steps = [
            pool.deposit(Assets::new(amount)).map(|done| done.totals),
            pool.withdraw(Shares::new(amount), Assets::ZERO).map(|done| done.totals),
            pool.borrow(others, Assets::new(amount), Assets::ZERO).map(|done| done.totals),
            pool.repay(others, Assets::new(amount)).map(|done| done.totals),
            pool.collect_reserves(Assets::new(u64::MAX), Assets::ZERO).map(|(_, totals)| totals),
            pool.accrue(&usual_rates(), pool.accrued_at).map(|done| done.totals),
            record(&books(&pool, &fund(amount)), &terms(&open_handed()), lost, 0).map(|done| done.books.totals),
        ];
        for totals in steps.into_iter().flatten() {
            prop_assert_eq!(totals.debt(owed).unwrap(), before, "liquidation-helps: another's debt moves");
        }
    }
}
