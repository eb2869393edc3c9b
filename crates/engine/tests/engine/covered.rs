//! `covered-is-never-lost` and `nothing-for-nothing`: a debt that its collateral covers is never lost, and nobody
//! receives collateral without paying its price less the bonus.
//!
//! Why, derived by hand. An obligation owes `n` shares of index `i`, that is `D`, and its collateral brings `P` units
//! of debt at the least bonuses `m`. A liquidator takes collateral that is worth `w` units at its bonus `b`, and pays
//! for `k` whole shares that are worth at least `w`, rounded up.
//!
//! 1. The debt falls by at least `w`, `P` by `w (1 + b) / (1 + m)`. At the least bonus, `b = m`, what is missing, `D -
//!    P`, does not grow.
//! 2. A greater bonus is at most `(1 + m) P / D - 1`. So `P` falls by at most `w P / D`: what is covered stays covered,
//!    since `P - w P / D >= D - w` for `w <= D`.
//! 3. `w` is counted at the middle of both prices, `D` and `P` at their conservative sides. There the debt paid is
//!    worth more and the collateral taken less, so both steps hold with any intervals.
//! 4. In whole shares: as many are lost as exceed `P / i`, and `k >= w / i`. So no order of liquidations and recordings
//!    loses more shares than would be lost at its beginning: none of a covered debt.
//!
//! Values are rounded down to 10^-18 USD. Where a base unit is worth a whole number of those that changes nothing; else
//! a liquidation can cost the obligation two of them.

use backstop_engine::{
    Error,
    fixed::Q64,
    health::is_negligible,
    liquidation::{Liquidated, LiquidationTerms},
    mark::Mark,
    price::Value,
    quantity::{Assets, Bps, DebtShares, Units},
};
use num_bigint::BigInt;
use num_traits::Zero as _;
use proptest::prelude::*;

use crate::{
    model::{Debtor, bps, down, int, one_and, ratio, up, whole},
    obligation::{Obligation, Token, USDC, at_the_edge, offer, unhealthy},
    strategies::{any_size, cases, dollars, usual_terms},
};

/// One dollar in base units.
const USD: u64 = 1_000_000;
/// A dollar of nine decimals: a thousand base units are worth one of a debt in USDC.
const COIN: Token = Token::at_cents(100, 9);
const COINS: u64 = 1_000_000_000;

/// Recording waits for no collateral.
fn at_once() -> LiquidationTerms {
    LiquidationTerms { dust: Value::new(u128::MAX), ..usual_terms() }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    /// Takes of this collateral for at most so much.
    Liquidate(usize, u64),
    Record,
    /// The owner pays.
    Repay(u64),
    /// Anyone adds so many units.
    TopUp(usize, u64),
}

fn history() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0_usize..5, offer()).prop_map(|(which, offered)| Step::Liquidate(which, offered)),
        2 => Just(Step::Record),
        1 => offer().prop_map(Step::Repay),
        1 => (0_usize..5, 1_u64..1_000_000).prop_map(|(which, units)| Step::TopUp(which, units)),
    ];
    prop::collection::vec(step, 1..30)
}

/// Takes a step if it is possible, and says how many shares it lost.
fn take(obligation: &Obligation, step: Step, counts: impl Fn(Units) -> bool) -> Option<(DebtShares, Obligation)> {
    let held = obligation.held.len();
    match step {
        Step::Liquidate(which, offered) => {
            let (done, after) = obligation.liquidate(which % held, offered, counts).ok()?;
            Some((done.lost, after))
        }
        Step::Record => obligation.record().ok(),
        Step::Repay(offered) => Some((DebtShares::ZERO, obligation.repay(offered)?)),
        Step::TopUp(which, units) => Some((DebtShares::ZERO, obligation.top_up(which % held, units)?)),
    }
}

/// How many shares so many roundings of two 10^-18 USD can cost.
fn rounding(obligation: &Obligation, steps: usize) -> BigInt {
    if obligation.is_whole() {
        return BigInt::zero();
    }
    let model = obligation.model();
    model.shares_for(&up(&(whole(2 * steps) / &model.upper)))
}

/// Checks a liquidation of a holding: what is seized against what is paid.
fn assert_paid(before: &Debtor, which: usize, done: &Liquidated, is_whole: bool) -> Result<(), TestCaseError> {
    let (held, taken) = (&before.held[which], &done.taken);
    let (paid, seized) = (int(taken.repay.get()), int(taken.seize.get()));
    prop_assert!(taken.bonus >= held.bonus.min && taken.bonus <= held.bonus.max);
    let worth = held.price_of(&seized, &bps(taken.bonus));
    let given = whole(paid.clone()) * &before.middle;
    prop_assert!(worth <= given, "nothing-for-nothing: {} worth {} for {}", seized, worth, paid);
    // Rounded up to a unit, then to a debt share; and what 10^-18 USD rounds up, twice, where values are rounded.
    let rounded = if is_whole { whole(0) } else { whole(2) };
    let most = before.cost(&before.shares_for(&up(&((worth + rounded) / &before.middle)))).min(before.owed());
    prop_assert!(paid <= most, "nothing-for-nothing: {} paid for {}", paid, most);
    Ok(())
}

/// 140 USD that a liquidator takes for 100, and 100 USD that may be taken at up to 10 %, cover 200. Health is (90 + 98)
/// / 200 = 94 %: of the second, 6 % by distance, 240 / 200 - 1 = 20 % by all collateral, 94 / 90 - 1 = 4.44 % by
/// weight. At 4.44 % it would pay 95.75, and with the first 195.75 in all. Nothing is there to pay more than 100 from:
/// the bonus is zero.
#[test]
fn covered_by_collaterals_of_different_bonuses() {
    let held = vec![COIN.held(100 * COINS, 9_000, (0, 1_000)), COIN.held(140 * COINS, 7_000, (4_000, 5_000))];
    let obligation = Obligation::new(at_once(), 200 * USD, Q64::ONE, USDC, held);
    assert_eq!((obligation.shortfall(), obligation.health().factor_bps()), (Assets::ZERO, 9_400));
    let (first, after) = obligation.pay(0, u64::MAX).unwrap();
    assert_eq!((first.taken.repay, first.taken.bonus.get()), (Assets::new(100 * USD), 0), "covered-is-never-lost");
    let (second, after) = after.pay(1, u64::MAX).unwrap();
    assert_eq!((second.taken.repay, second.taken.bonus.get()), (Assets::new(100 * USD), 4_000));
    assert_eq!((first.lost, second.lost, after.shares), Default::default(), "covered-is-never-lost");
}

/// Twenty shares of 1.5 units are owed, thirty units, covered to the unit. A unit pays for no share, so it buys
/// nothing; were it taken and as much seized, thirty of them would take all the collateral and leave all the debt.
#[test]
fn offers_below_a_debt_share_buy_nothing() {
    let index = Q64::from_bits(3 << 63);
    let obligation = Obligation::new(at_once(), 20, index, USDC, vec![COIN.held(30_000, 8_000, (0, 0))]);
    assert_eq!((obligation.owed(), obligation.shortfall()), (Assets::new(30), Assets::ZERO));
    assert_eq!(obligation.pay(0, 1).map(|(done, _)| done), Err(Error::AmountTooSmall), "covered-is-never-lost");
    // Two pay for one share of 1.5, for which a whole unit's worth is seized.
    let (done, after) = obligation.pay(0, 2).unwrap();
    assert_eq!((done.taken.repay, done.taken.seize), (Assets::new(2), Units::new(1_000)), "nothing-for-nothing");
    assert_eq!((after.shares, after.owed(), after.shortfall()), (DebtShares::new(19), Assets::new(29), Assets::ZERO));
    // Twenty, one less than nineteen units need: 13 shares of 19.5, for which 19 are seized.
    let (done, after) = after.pay(0, 20).unwrap();
    assert_eq!((done.taken.repay, done.taken.seize), (Assets::new(20), Units::new(19_000)), "nothing-for-nothing");
    assert_eq!((after.shares, after.owed(), after.shortfall()), (DebtShares::new(6), Assets::new(9), Assets::ZERO));
    // Nine against ten. (1.1 * 9 - 8) / (1.1 - 0.8) = 6.33 restore the target, so seven, so five shares of 7.5.
    let (done, after) = after.pay(0, u64::MAX).unwrap();
    assert_eq!((done.taken.repay, done.taken.seize), (Assets::new(8), Units::new(7_000)), "nothing-for-nothing");
    assert_eq!((after.owed(), done.lost), (Assets::new(2), DebtShares::ZERO), "covered-is-never-lost");
}

/// 943 USD for 1,000 at 5 %: 990.15 is seized, not all. Of 1,000 of debt, 1,000 / 1.05 = 952.38 is covered; 47.62 is
/// missing, before and after.
#[test]
fn who_pays_less_receives_less() {
    let terms = LiquidationTerms { min_debt: Assets::new(USD), ..at_once() };
    let obligation =
        Obligation::new(terms, 1_000 * USD, Q64::ONE, USDC, vec![COIN.held(1_000 * COINS, 8_000, (500, 1_000))]);
    assert_eq!(obligation.shortfall(), Assets::new(47_619_048));
    let (done, after) = obligation.pay(0, 943 * USD).unwrap();
    assert_eq!(done.taken.seize, Units::new(990_150_000_000), "nothing-for-nothing");
    // What is left is lost but for 9.85 / 1.05 = 9.380952, which stays, secured by 9.85.
    assert_eq!((done.left, done.lost), (Assets::new(57 * USD), DebtShares::new(57 * USD - 9_380_952)));
    assert_eq!((after.owed(), after.shortfall()), (Assets::new(9_380_952), Assets::ZERO), "covered-is-never-lost");
    // It can be liquidated, and nothing more is lost.
    assert_eq!(after.record().map(|(lost, _)| lost), Err(Error::DebtCovered), "covered-is-never-lost");
    let (done, after) = after.pay(0, u64::MAX).unwrap();
    assert_eq!(
        (done.taken.repay, done.lost, after.shares),
        (Assets::new(9_380_952), DebtShares::ZERO, DebtShares::ZERO)
    );
}

/// Dust covers a debt, too: 8.66 USD at 5 % are 8.247 for 6.50, and 1.204 cover the 1.00 that an offer leaves of two.
#[test]
fn dust_covers_a_debt() {
    let terms = LiquidationTerms { dust: dollars(10), min_debt: Assets::new(600_000), ..usual_terms() };
    let owing = |debt, coins| Obligation::new(terms, debt, Q64::ONE, USDC, vec![COIN.held(coins, 8_000, (500, 500))]);
    let covered = Obligation { held: vec![COIN.held(8_660_000_000, 7_000, (500, 500))], ..owing(6_500_000, 1) };
    assert_eq!(covered.record().map(|(lost, _)| lost), Err(Error::DebtCovered), "covered-is-never-lost");
    // 2.254 carry 1.8032. One pays for 1.05.
    let (done, after) = owing(2 * USD, 2_254_000_000).pay(0, USD).unwrap();
    assert_eq!((done.taken.seize, done.lost, done.mark), (Units::new(1_050_000_000), DebtShares::ZERO, Mark::NONE));
    assert_eq!((after.owed(), after.held[0].1.units), (Assets::new(USD), Units::new(1_204_000_000)));
    assert_eq!(after.record().map(|(lost, _)| lost), Err(Error::DebtCovered), "covered-is-never-lost");
    // All of it, since less than the minimum would be left.
    let (done, after) = after.pay(0, u64::MAX).unwrap();
    assert_eq!((done.lost, done.taken.repay, after.shares), (DebtShares::ZERO, Assets::new(USD), DebtShares::ZERO));
}

/// Health is judged at 0.98 for the collateral and 1.01 for the debt, the exchange counted at one for one: 500 USD pay
/// for 525, not for 500 * 1.01 * 1.05 / 0.98 = 541.07.
#[test]
fn exchange_is_at_the_middle() {
    let mut coin = COIN;
    coin.quote.confidence = 2;
    let mut usd = USDC;
    usd.quote.confidence = 1;
    let terms = LiquidationTerms { target_health: Bps::new(20_000), ..at_once() };
    let obligation =
        Obligation::new(terms, 1_000 * USD, Q64::ONE, usd, vec![coin.held(2_000 * COINS, 5_000, (500, 500))]);
    // 1,010 USD are owed; 2,000 * 0.98 carries 980: 97.02 %.
    assert_eq!(obligation.health().factor_bps(), 9_702);
    let (done, after) = obligation.pay(0, 500 * USD).unwrap();
    assert_eq!(done.taken.seize, Units::new(525 * COINS), "nothing-for-nothing");
    // 1,475 * 0.98 * 50 % = 722.75 for 505.
    assert_eq!(after.health().factor_bps(), 14_311);
    // What is missing is told at the conservative sides: of 1,000 * 0.98 / 1.05 / 1.01 = 924.092409 is covered.
    let short = Obligation { held: vec![coin.held(1_000 * COINS, 5_000, (500, 500))], ..obligation };
    assert_eq!(short.shortfall(), Assets::new(1_000 * USD - 924_092_409));
}

/// Units of 0.001 USD: what would not pay for a whole one is not paid, though it leaves a debt below the minimum.
#[test]
fn coarse_units_leave_what_they_do_not_pay() {
    // 8 decimals at 100,000 USD.
    let coin = Token::at_cents(10_000_000, 8);
    let terms = LiquidationTerms { min_debt: Assets::new(50 * USD), ..at_once() };
    // 110 USD carry 99. The target is (1.1 * 100.01 - 99) / (1.1 - 1.05 * 0.9) = 71.04 USD away, so all is wanted.
    let obligation = Obligation::new(terms, 100_010_000, Q64::ONE, USDC, vec![coin.held(110_000, 9_000, (500, 500))]);
    let (done, after) = obligation.pay(0, u64::MAX).unwrap();
    // 100.01 * 1.05 = 105.0105 USD are 105,010 whole units, worth 105.01 / 1.05 = 100.009524 USD, rounded up.
    assert_eq!((done.taken.seize, done.taken.repay), (Units::new(105_010), Assets::new(100_009_524)));
    // The debt below the minimum is less than a unit is worth, and covered.
    assert_eq!((after.owed(), after.shortfall(), done.lost), (Assets::new(476), Assets::ZERO, DebtShares::ZERO));
}

/// A rest that is too small to count is as good as gone: what it would pay is lost, and no more.
#[test]
fn what_does_not_count_is_lost() {
    let terms = LiquidationTerms { dust: dollars(10), ..usual_terms() };
    let obligation = Obligation::new(terms, 100 * USD, Q64::ONE, USDC, vec![COIN.held(105 * COINS, 8_000, (500, 500))]);
    assert_eq!(obligation.shortfall(), Assets::ZERO);
    let counts = |units: Units| !is_negligible(units, 9, dollars(1), dollars(10));
    // 99.5 pay for 104.475: 0.525 are left, more than half a dollar.
    let (done, after) = obligation.liquidate(0, 99_500_000, counts).unwrap();
    assert_eq!((done.lost, after.owed()), (DebtShares::ZERO, Assets::new(500_000)), "covered-is-never-lost");
    // 99.6 pay for 104.58: 0.42 are left, worth 0.84 at twice their average, less than a tenth of ten. 0.4 of debt are
    // lost.
    let (done, after) = obligation.liquidate(0, 99_600_000, counts).unwrap();
    assert_eq!((done.lost, after.shares), (DebtShares::new(400_000), DebtShares::ZERO));
}

proptest! {
    #![proptest_config(cases(4_000))]

    /// `covered-is-never-lost`: no history at fixed prices loses a share of a debt that is covered, though every
    /// shortfall is recorded the moment it shows.
    #[test]
    fn no_history_loses_a_covered_debt(obligation in at_the_edge(true), steps in history()) {
        let mut now = Obligation { terms: LiquidationTerms { dust: at_once().dust, ..obligation.terms }, ..obligation };
        prop_assert_eq!(now.shortfall(), Assets::ZERO);
        let mut lost = BigInt::zero();
        for (count, step) in steps.into_iter().enumerate() {
            let Some((shares, after)) = take(&now, step, |_| true) else { continue };
            lost += shares.get();
            prop_assert!(
                lost <= rounding(&now, count + 1),
                "covered-is-never-lost: {} shares by {:?} of {:?}",
                lost,
                step,
                now
            );
            prop_assert!(
                !now.is_whole() || after.shortfall().is_zero(),
                "covered-is-never-lost: {:?} of {:?}",
                step,
                now
            );
            now = after;
        }
    }

    /// The same of any debt: what is lost in a history is at most what is missing at its beginning, to the debt share.
    #[test]
    fn no_history_loses_more_than_the_first_shortfall(
        obligation in prop_oneof![at_the_edge(false), unhealthy()], steps in history(), dust in any_size(),
        min_debt in any_size(),
    ) {
        let dust = if dust % 2 == 0 { at_once().dust } else { Value::new(u128::from(dust) << 32) };
        let terms =
            LiquidationTerms { dust, min_debt: Assets::new(min_debt % obligation.owed().get()), ..obligation.terms };
        let mut now = Obligation { terms, ..obligation };
        let missing = now.model().shares_short();
        let mut lost = BigInt::zero();
        for (count, step) in steps.into_iter().enumerate() {
            let Some((shares, after)) = take(&now, step, |_| true) else { continue };
            lost += shares.get();
            let most = &missing + rounding(&now, count + 1);
            prop_assert!(lost <= most, "covered-is-never-lost: {} of {} by {:?} of {:?}", lost, most, step, now);
            now = after;
        }
    }

    /// Where small rests do not count, what is lost of a covered debt is at most what they would pay.
    #[test]
    fn uncounted_rests_are_all_that_is_lost(
        obligation in at_the_edge(true), steps in history(), dust in any_size(), premium in 5_000_u64..20_000,
    ) {
        prop_assume!(obligation.is_whole());
        let dust = Value::new(u128::from(dust) << 20);
        let mut now = Obligation { terms: LiquidationTerms { dust, ..obligation.terms }, ..obligation };
        let (mut lost, mut forgotten) = (BigInt::zero(), BigInt::zero());
        for step in steps {
            let model = now.model();
            // The average is somewhere around the price.
            let average = |which: usize| {
                let (token, _) = now.held[which];
                let whole_token = token.middle().value_down(10_u64.pow(u32::from(token.decimals))).unwrap().get();
                Value::new(whole_token / 10_000 * u128::from(premium))
            };
            let which = match step {
                Step::Liquidate(which, _) => which % now.held.len(),
                _ => 0,
            };
            let (token, holding) = now.held[which];
            let counts = |units| !is_negligible(units, token.decimals, average(which), dust);
            let Some((shares, after)) = take(&now, step, counts) else { continue };
            if let (Step::Liquidate(_, offered), true) = (step, after.held[which].1.units.is_zero()) {
                let (done, _) = now.liquidate(which, offered, counts).unwrap();
                let rest = holding.units.get() - done.taken.seize.get();
                // At twice its average it is worth at most a tenth of dust.
                let twice = ratio(int(average(which).get()) * 2 * rest, int(10).pow(u32::from(token.decimals)));
                prop_assert!(rest == 0 || twice <= ratio(dust.get(), 10));
                forgotten += up(&(whole(rest) * &model.held[which].lower / one_and(holding.bonus.min) / &model.upper));
            }
            lost += shares.get();
            prop_assert!(lost <= model.shares_for(&forgotten), "covered-is-never-lost: {} for {}", lost, forgotten);
            now = after;
        }
    }

    /// `nothing-for-nothing`, for any debt, offer and minimum.
    #[test]
    fn what_is_seized_is_paid_for(
        obligation in prop_oneof![at_the_edge(false), unhealthy()], offered in offer(), min_debt in any_size(),
    ) {
        let min_debt = Assets::new(min_debt % obligation.owed().get());
        let obligation = Obligation { terms: LiquidationTerms { min_debt, ..obligation.terms }, ..obligation };
        let model = obligation.model();
        for (which, (_, holding)) in obligation.held.iter().enumerate() {
            let Ok((done, after)) = obligation.pay(which, offered) else { continue };
            assert_paid(&model, which, &done, obligation.is_whole())?;
            let taken = done.taken;
            prop_assert!(taken.repay.get() <= offered && taken.seize <= holding.units && !taken.seize.is_zero());
            // What is paid pays debt: as many shares as it pays for, and the pool keeps less than a unit for it.
            let burned = obligation.shares.get() - done.debt_shares.get();
            prop_assert_eq!(int(taken.repay.get()), model.cost(&int(burned)), "nothing-for-nothing");
            prop_assert_eq!(done.totals.cash.get() - obligation.pool.cash.get(), taken.repay.get(), "conservation");
            prop_assert_eq!(done.totals.insurance_due, taken.insurance_cut, "conservation");
            let (before, nav) = (obligation.pool.nav().unwrap().get(), done.totals.nav().unwrap().get());
            prop_assert!(nav == before || nav == before + 1, "conservation");
            // Nothing on top, also where the rest is recorded.
            prop_assert_eq!(
                after.held[which].1.units.get(),
                holding.units.get() - taken.seize.get(),
                "nothing-for-nothing"
            );
        }
    }

    /// The same over a history: nobody has got more than what was paid is worth at the greatest bonus.
    #[test]
    fn all_that_is_seized_is_paid_for(obligation in prop_oneof![at_the_edge(false), unhealthy()], steps in history()) {
        let (mut now, begin) = (obligation.clone(), obligation.model());
        let (mut paid, mut worth) = (BigInt::zero(), whole(0));
        for step in steps {
            let cash = now.pool.cash;
            let Some((_, after)) = take(&now, step, |_| true) else { continue };
            if let Step::Liquidate(which, _) = step {
                let which = which % now.held.len();
                let (had, has) = (now.held[which].1.units.get(), after.held[which].1.units.get());
                paid += after.pool.cash.get() - cash.get();
                worth += begin.held[which].price_of(&int(had - has), &bps(begin.held[which].bonus.max));
            }
            now = after;
        }
        prop_assert!(worth <= whole(paid.clone()) * &begin.middle, "nothing-for-nothing: {} for {}", worth, paid);
    }

    /// After a loss has been recorded nothing is missing of the rest, and not a share too many was written off.
    #[test]
    fn after_a_loss_the_rest_is_covered(
        obligation in prop_oneof![at_the_edge(false), unhealthy()], offered in offer(),
    ) {
        let obligation =
            Obligation { terms: LiquidationTerms { dust: at_once().dust, ..obligation.terms }, ..obligation };
        let (missing, short) = (obligation.shortfall(), obligation.model().shares_short());
        prop_assert_eq!(int(missing.get()), obligation.model().shortfall());
        match obligation.record() {
            Ok((lost, after)) => {
                prop_assert_eq!(int(lost.get()), short);
                prop_assert!(!lost.is_zero() && after.shortfall().is_zero(), "covered-is-never-lost: {:?}", after);
                let less = obligation.without(lost.minus(DebtShares::new(1)).unwrap());
                prop_assert!(!less.shortfall().is_zero(), "covered-is-never-lost: a share too many");
                // Worth what is missing, and less than a share and a unit more.
                let worth = after.model().index * whole(lost.get());
                prop_assert!(
                    worth > whole(missing.get()) - whole(1)
                        && worth < whole(missing.get()) + whole(1) + after.model().index
                );
                prop_assert!(
                    matches!(after.record(), Err(Error::DebtCovered | Error::ObligationHealthy)),
                    "covered-is-never-lost: twice"
                );
            }
            Err(error) => {
                prop_assert!(error == Error::DebtCovered && missing.is_zero(), "{:?} with {:?}", error, missing)
            }
        }
        // The same in the step of a liquidation.
        for which in 0..obligation.held.len() {
            let Ok((done, after)) = obligation.pay(which, offered) else { continue };
            prop_assert!(after.shortfall().is_zero(), "covered-is-never-lost: {:?}", after);
            let before = Obligation { shares: done.debt_shares, pool: done.totals, ..after.clone() };
            prop_assert_eq!(int(done.lost.get()), before.model().shares_short());
            prop_assert_eq!(done.left, before.owed());
        }
    }

    /// What liquidating does is what the documentation says, exact, where values are not rounded.
    #[test]
    fn liquidation_agrees_with_the_model(
        obligation in prop_oneof![at_the_edge(false), unhealthy()], offered in offer(), min_debt in any_size(),
    ) {
        prop_assume!(obligation.is_whole());
        let min_debt = Assets::new(min_debt % obligation.owed().get());
        let obligation = Obligation { terms: LiquidationTerms { min_debt, ..obligation.terms }, ..obligation };
        let (model, health) = (obligation.model(), obligation.health());
        prop_assert_eq!(int(health.proceeds.get()), model.proceeds());
        prop_assert_eq!(int(health.collateral.get()), model.collateral());
        for which in 0..obligation.held.len() {
            let expected = model.liquidate(&obligation.terms, which, offered);
            let found = obligation.pay(which, offered);
            match (&expected, &found) {
                (Ok(expected), Ok((done, _))) => {
                    let taken = &done.taken;
                    prop_assert_eq!(
                        (int(taken.repay.get()), int(taken.seize.get())),
                        (expected.paid.clone(), expected.seized.clone())
                    );
                    prop_assert_eq!(int(taken.bonus.get()), expected.bonus.clone());
                    prop_assert_eq!(int(obligation.shares.get() - done.debt_shares.get()), expected.burned.clone());
                    let cut = whole(expected.paid.clone()) * bps(taken.bonus) * bps(obligation.terms.insurance_cut);
                    prop_assert_eq!(int(taken.insurance_cut.get()), up(&cut));
                }
                (Err(expected), Err(found)) => prop_assert_eq!(expected, found),
                _ => prop_assert!(false, "expected {:?}, got {:?}", expected, found.map(|(done, _)| done)),
            }
        }
    }

    /// The shortfall is what the documentation says, of any prices.
    #[test]
    fn shortfall_agrees_with_the_model(obligation in prop_oneof![at_the_edge(false), unhealthy()], more in 0_u64..4) {
        for obligation in [Some(obligation.clone()), obligation.top_up(0, more)].into_iter().flatten() {
            let (model, health) = (obligation.model(), obligation.health());
            prop_assert_eq!(int(obligation.shortfall().get()), model.shortfall());
            prop_assert_eq!(health.is_liquidatable().unwrap(), model.is_liquidatable());
            prop_assert_eq!(int(health.proceeds.get()), model.proceeds());
            prop_assert!(obligation.shortfall() <= obligation.owed());
            // Covered to the last unit.
            prop_assert!(down(&(whole(health.proceeds.get()) / &model.upper)) == model.covered());
        }
    }
}
