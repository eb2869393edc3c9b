//! How much a liquidation takes, by hand, and that it helps.

use backstop_engine::{
    Error,
    health::{Health, Holding},
    liquidation::{Liquidation, LiquidationTerms},
    price::{Price, Value},
    quantity::{Assets, Bps, Units},
};
use proptest::prelude::*;

use crate::{
    given::{any_size, cases, dollars, tokens, usdc, usual_terms, valid_terms},
    model,
};

/// One dollar in base units.
const USD: u64 = 1_000_000;

fn health(debt: u64, holdings: &[Holding]) -> Health {
    let owed = Health::of_debt(usdc().value_up(debt).unwrap());
    holdings.iter().fold(owed, |health, holding| health.with(holding).unwrap())
}

/// Liquidates the only holding with no bound on the offer.
fn sized(terms: &LiquidationTerms, debt: u64, holding: &Holding) -> Result<Liquidation, Error> {
    terms.size(Assets::new(debt), &usdc(), holding, &health(debt, &[*holding]), Assets::new(u64::MAX))
}

/// Health after a liquidation of one of the holdings.
fn afterwards(taken: &Liquidation, debt: u64, holding: &Holding, before: &Health) -> Health {
    let owed = usdc().value_up(debt - taken.repay.get()).unwrap();
    before.after(owed, holding, Units::new(holding.units.get() - taken.seize.get())).unwrap()
}

#[test]
fn bonus_grows_as_health_falls() {
    // Ten tokens at 100 USD, carried at 80 %: 800 USD. Health is 800 / debt.
    let holding = tokens(10, 10_000, 7_500, 8_000);
    let at = |debt: u64| {
        let health = health(debt * USD, &[holding]);
        usual_terms().bonus(&health, holding.liquidation_threshold).unwrap().get()
    };
    assert_eq!(at(800), 500); // at the threshold: the least
    assert_eq!(at(816), 697); // 98.03 %: 1.97 more
    assert_eq!(at(842), 999); // 95.01 %: 4.99 more
    assert_eq!(at(850), 1_000); // 94.11 %: 5.89 more, but 10 % is the most
    assert_eq!(at(930), 752); // 1,000 / 930 = 107.52 %: no more than 7.52 % is there to pay
    assert_eq!(at(960), 500); // 104.16 %: less than the least is there, the least is paid
    assert_eq!(at(1_000), 500); // nothing is there
    assert_eq!(at(2_000), 500);
}

#[test]
fn bonus_is_bounded_by_the_weight_seized() {
    // 500 USD carried at 93 % and 1,237.50 USD at 40 %: 465 + 495 = 960 USD. Coverage is plenty.
    let holdings = [tokens(5, 10_000, 0, 9_300), tokens(10, 12_375, 0, 4_000)];
    let terms = LiquidationTerms { bonus_min: Bps::new(300), ..usual_terms() };
    // debt in cents, threshold of what is seized: bonus
    let table = [
        (100_000, 9_300, 322), // 96 %: 3 + 4 = 7, but 9,600 / 0.93 = 10,322.6
        (100_000, 4_000, 700), // 9,600 / 0.4 is far above
        (96_000, 9_300, 300),  // at the threshold: the least
        (98_000, 9_300, 505),  // 97.95 %: 3 + 2.05, below 9,795 / 0.93 = 10,532.3
        (99_000, 9_300, 425),  // 96.96 %: 3 + 3.04 = 6.04, but 9,696 / 0.93 = 10,425.8
        (105_000, 9_300, 300), // 91.42 %: 9,142 / 0.93 = 9,830, so nothing: the least
        (105_000, 0, 1_000),   // 3 + 8.58, but 10 % is the most; what carries nothing sets no bound
        (105_000, 10_000, 300),
        (50_000, 4_000, 300), // healthy: as at the threshold
    ];
    for (cents, threshold, bonus) in table {
        let health = health(cents * USD / 100, &holdings);
        assert_eq!(terms.bonus(&health, Bps::new(threshold)), Ok(Bps::new(bonus)), "{cents} {threshold}");
    }
}

#[test]
fn underwater_goes_whole_at_the_least_bonus() {
    // 1,000 USD of collateral for 1,000 USD of debt: all of it, at no bonus, pays all.
    let terms = LiquidationTerms { bonus_min: Bps::ZERO, ..usual_terms() };
    let holding = tokens(10, 10_000, 7_500, 8_000);
    let taken = sized(&terms, 1_000 * USD, &holding).unwrap();
    let whole = Liquidation {
        repay: Assets::new(1_000 * USD),
        insurance_cut: Assets::ZERO,
        seize: holding.units,
        bonus: Bps::ZERO,
    };
    assert_eq!(taken, whole);
    // One base unit of debt more is bad debt.
    assert_eq!(sized(&terms, 1_000 * USD + 1, &holding), Ok(whole));
    // One of two that are underwater: 600 USD at 40 % and 300 USD at 90 %, 1,000 USD of debt. The first is taken whole for
    // 600 / 1.05 = 571.428572 USD, rounded up.
    let holdings = [tokens(6, 10_000, 0, 4_000), tokens(3, 10_000, 0, 9_000)];
    let before = health(1_000 * USD, &holdings);
    let taken =
        usual_terms().size(Assets::new(1_000 * USD), &usdc(), &holdings[0], &before, Assets::new(u64::MAX)).unwrap();
    assert_eq!((taken.repay, taken.seize, taken.bonus), (Assets::new(571_428_572), holdings[0].units, Bps::new(500)));
}

#[test]
fn target_health_by_hand() {
    // No bonus growth: 5 % whatever the health. Ten tokens at 100 USD carry 800 USD; the debt is 810 USD.
    // To 110 %: (1.1 * 810 - 800) / (1.1 - 1.05 * 0.8) = 91 / 0.26 = 350 USD, exactly.
    let terms = LiquidationTerms { bonus_max: Bps::new(500), ..usual_terms() };
    let holding = tokens(10, 10_000, 7_500, 8_000);
    let taken = sized(&terms, 810 * USD, &holding).unwrap();
    // 350 * 1.05 / 100 = 3.675 tokens; a fifth of the bonus of 17.50 USD is 3.50 USD.
    assert_eq!(
        taken,
        Liquidation {
            repay: Assets::new(350 * USD),
            insurance_cut: Assets::new(3_500_000),
            seize: Units::new(3_675_000_000),
            bonus: Bps::new(500),
        }
    );
    // 460 USD against 6.325 tokens: 506 / 460 = 110 %.
    let after = afterwards(&taken, 810 * USD, &holding, &health(810 * USD, &[holding]));
    assert_eq!(after.factor_bps(), 11_000);
}

#[test]
fn target_is_reached_where_the_weight_is_odd() {
    // 83.33 % * 1.0501 = 87.504833 %: rounding that down would repay too little.
    let terms = LiquidationTerms {
        bonus_min: Bps::new(501),
        bonus_max: Bps::new(501),
        target_health: Bps::ONE,
        ..usual_terms()
    };
    let holding = tokens(10, 10_000, 7_500, 8_333);
    let debt = 900 * USD;
    let taken = sized(&terms, debt, &holding).unwrap();
    let after = afterwards(&taken, debt, &holding, &health(debt, &[holding]));
    assert!(!after.is_liquidatable().unwrap(), "{after:?}");
}

#[test]
fn small_debts_go_whole() {
    let terms = LiquidationTerms { bonus_max: Bps::new(500), full_below: dollars(810), ..usual_terms() };
    let holding = tokens(10, 10_000, 7_500, 8_000);
    // Exactly at the bound: all 810, for 8.505 tokens.
    let taken = sized(&terms, 810 * USD, &holding).unwrap();
    assert_eq!((taken.repay, taken.seize), (Assets::new(810 * USD), Units::new(8_505_000_000)));
    // One base unit above it: about 350 USD.
    let taken = sized(&terms, 810 * USD + 1, &holding).unwrap();
    assert!(taken.repay < Assets::new(351 * USD));
}

#[test]
fn nothing_below_the_minimum_debt_is_left() {
    let holding = tokens(10, 10_000, 7_500, 8_000);
    let terms =
        |min_debt| LiquidationTerms { bonus_max: Bps::new(500), min_debt: Assets::new(min_debt), ..usual_terms() };
    // Target health leaves 460 USD, which may stay if that is the minimum, and may not if it is one unit more.
    assert_eq!(sized(&terms(460 * USD), 810 * USD, &holding).unwrap().repay, Assets::new(350 * USD));
    assert_eq!(sized(&terms(460 * USD + 1), 810 * USD, &holding).unwrap().repay, Assets::new(810 * USD));
    // An offer in between is refused; one that leaves the minimum is taken.
    let before = health(810 * USD, &[holding]);
    let offer = |offered| {
        let terms = terms(500 * USD);
        terms.size(Assets::new(810 * USD), &usdc(), &holding, &before, Assets::new(offered)).map(|taken| taken.repay)
    };
    assert_eq!(offer(310 * USD), Ok(Assets::new(310 * USD)));
    assert_eq!(offer(310 * USD + 1), Err(Error::DebtBelowMinimum));
    assert_eq!(offer(810 * USD - 1), Err(Error::DebtBelowMinimum));
    assert_eq!(offer(810 * USD), Ok(Assets::new(810 * USD)));
}

#[test]
fn holding_that_pays_for_less_is_taken_whole() {
    // 1,000 USD of debt against 525 USD of collateral: at 5 % it pays 500, and leaves 500 of bad debt.
    let holding = tokens(5, 10_500, 7_500, 8_000);
    let taken = sized(&usual_terms(), 1_000 * USD, &holding).unwrap();
    assert_eq!((taken.repay, taken.seize, taken.bonus), (Assets::new(500 * USD), holding.units, Bps::new(500)));
    assert_eq!(taken.insurance_cut, Assets::new(5 * USD)); // a fifth of 25
    // 526 USD pay 500.952381, rounded up: the liquidator pays the fraction.
    let holding = tokens(5, 10_520, 7_500, 8_000);
    assert_eq!(sized(&usual_terms(), 1_000 * USD, &holding).unwrap().repay, Assets::new(500_952_381));
    // A minimum debt does not stop it, though only 1 USD would be left: 999 * 1.05 = 1,048.95.
    let terms = LiquidationTerms { min_debt: Assets::new(2 * USD), ..usual_terms() };
    let holding = tokens(1, 104_895, 7_500, 8_000);
    assert_eq!(sized(&terms, 1_000 * USD, &holding).unwrap().repay, Assets::new(999 * USD));
}

#[test]
fn bonus_shrinks_rather_than_leave_bad_debt() {
    // 1,000 USD carry 800; the debt is 930 USD. The full 10 % would need 1,023 USD; 7.52 % needs 999.94. Target health is
    // (1.1 * 930 - 800) / (1.1 - 1.0752 * 0.8) = 929.8 USD away, which would leave less than the minimum of 10 USD.
    let terms = LiquidationTerms { min_debt: Assets::new(10 * USD), ..usual_terms() };
    let holding = tokens(10, 10_000, 7_500, 8_000);
    let taken = sized(&terms, 930 * USD, &holding).unwrap();
    assert_eq!((taken.repay, taken.bonus), (Assets::new(930 * USD), Bps::new(752)));
    assert_eq!(taken.seize, Units::new(9_999_360_000)); // 930 * 1.0752 / 100
}

#[test]
fn refusals() {
    let holding = tokens(10, 10_000, 7_500, 8_000);
    assert_eq!(sized(&usual_terms(), 800 * USD, &holding), Err(Error::ObligationHealthy));
    let empty = Holding { units: Units::ZERO, ..holding };
    assert_eq!(sized(&usual_terms(), 800 * USD, &empty), Err(Error::InsufficientCollateral));
    let before = health(900 * USD, &[holding]);
    let offer = |offered| usual_terms().size(Assets::new(900 * USD), &usdc(), &holding, &before, Assets::new(offered));
    assert_eq!(offer(0), Err(Error::AmountTooSmall));
    assert!(offer(1).is_ok());
    // One unit pays for nothing of a token whose base unit is worth a dollar; the whole scrap needs a dollar.
    let coarse = Holding { units: Units::new(1), price: Price::new(1, 0, 0).unwrap(), ..holding };
    let before = health(900 * USD, &[coarse]);
    let offer = |offered| usual_terms().size(Assets::new(900 * USD), &usdc(), &coarse, &before, Assets::new(offered));
    assert_eq!(offer(1), Err(Error::AmountTooSmall));
    assert_eq!(offer(USD).unwrap().seize, Units::new(1)); // 1 / 1.05 = 0.952381 USD
    assert_eq!(offer(USD).unwrap().repay, Assets::new(952_381));
}

#[test]
fn dust_can_be_seized_for_one_unit() {
    // A thousandth of a cent is ten base units of debt, a base unit of nine decimals at 1 USD a thousandth of one.
    let dust = Holding { units: Units::new(1), ..tokens(0, 100, 7_500, 8_000) };
    let taken = sized(&usual_terms(), 900 * USD, &dust).unwrap();
    assert_eq!((taken.repay, taken.seize), (Assets::new(1), Units::new(1)));
}

#[test]
fn debt_of_one_unit_is_liquidated() {
    let holding = tokens(1, 100, 7_500, 8_000);
    let holding = Holding { units: Units::new(1_100), ..holding }; // 1.1 base units of USD
    let taken = sized(&usual_terms(), 1, &holding).unwrap();
    assert_eq!((taken.repay, taken.insurance_cut), (Assets::new(1), Assets::new(1)));
    assert_eq!(taken.seize, Units::new(1_100)); // 1 USD unit * 1.1 (health 88 %) / 0.001
}

#[test]
fn terms_at_the_bounds() {
    let usual = usual_terms();
    assert_eq!(usual.validate(), Ok(()));
    for terms in [
        LiquidationTerms { bonus_min: Bps::new(1_001), ..usual },
        LiquidationTerms { bonus_max: Bps::new(5_001), ..usual },
        LiquidationTerms { target_health: Bps::new(9_999), ..usual },
        LiquidationTerms { target_health: Bps::new(20_001), ..usual },
        LiquidationTerms { insurance_cut: Bps::new(10_001), ..usual },
    ] {
        assert_eq!(terms.validate(), Err(Error::InvalidParameter), "{terms:?}");
    }
    // 95.23 % * 1.05 = 99.9915 %; 95.24 % * 1.05 = 100.002 %.
    assert_eq!(usual.validate_threshold(Bps::new(9_523), Bps::new(9_523)), Ok(()));
    assert_eq!(usual.validate_threshold(Bps::new(9_000), Bps::new(9_524)), Err(Error::InvalidParameter));
    assert_eq!(usual.validate_threshold(Bps::new(8_001), Bps::new(8_000)), Err(Error::InvalidParameter));
    assert_eq!(usual.validate_threshold(Bps::new(0), Bps::new(u32::MAX)), Err(Error::InvalidParameter));
}

#[test]
fn largest_debt_is_liquidated() {
    // 2^64 - 1 base units of USDC, 18 trillion USD, against as many base units of a token of nine decimals at 1,100 USD.
    let holding = Holding { units: Units::new(u64::MAX), ..tokens(0, 110_000, 7_500, 8_000) };
    let taken = sized(&usual_terms(), u64::MAX, &holding).unwrap();
    // 2^64 / 10^6 USD of debt, 1.1 times that of collateral: health 88 %, bonus 10 %, and all of both is gone.
    assert_eq!((taken.repay.get(), taken.bonus), (u64::MAX, Bps::new(1_000)));
}

#[test]
fn seizing_the_heaviest_of_several_does_not_lower_health() {
    // 500 USD carried at 93 % and 1,237.50 USD at 40 %: 465 + 495 = 960 USD, against 1,000 USD of debt. Health is 96 % and
    // coverage 173 %. A bonus of 3 + 4 = 7 % would take 93 % * 1.07 = 99.5 cents of weight for each dollar: health would
    // fall. 9,600 / 0.93 = 10,322.6 leaves 3.22 %. All of the 500 USD go, for 500 / 1.0322 = 484.402248 USD.
    let terms = LiquidationTerms { bonus_min: Bps::new(300), ..usual_terms() };
    let holdings = [tokens(5, 10_000, 0, 9_300), tokens(10, 12_375, 0, 4_000)];
    let debt = 1_000 * USD;
    let before = health(debt, &holdings);
    assert_eq!(before.factor_bps(), 9_600);
    let taken = terms.size(Assets::new(debt), &usdc(), &holdings[0], &before, Assets::new(debt)).unwrap();
    assert_eq!((taken.repay, taken.seize, taken.bonus), (Assets::new(484_402_248), holdings[0].units, Bps::new(322)));
    // 495 / 515.597752 = 96.005 %
    assert_eq!(afterwards(&taken, debt, &holdings[0], &before).factor_bps(), 9_600);
    // Seizing the other at 7 %: (1.1 * 1,000 - 960) / (1.1 - 1.07 * 0.4) = 208.333334 USD, rounded up.
    let taken = terms.size(Assets::new(debt), &usdc(), &holdings[1], &before, Assets::new(debt)).unwrap();
    assert_eq!((taken.repay, taken.bonus), (Assets::new(208_333_334), Bps::new(700)));
    assert!(afterwards(&taken, debt, &holdings[1], &before).factor_bps() >= 11_000);
}

/// An obligation below its threshold: the holdings, and the debt that is this much (in ten-thousandths) above the limit.
fn unhealthy(holdings: &[Holding], above: u64) -> Option<(u64, Health)> {
    let limit = health(0, holdings).liquidation_limit.get() / 10_000;
    let debt = usdc().units_up(Value::new(limit + limit / 10_000 * u128::from(above))).unwrap() + 1;
    let before = health(debt, holdings);
    before.is_liquidatable().unwrap().then_some((debt, before))
}

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn bonus_agrees_with_the_model(
        (terms, threshold) in valid_terms(), (first, second) in (1_u64..1_000_000, 0_u64..1_000_000), cents in 1_u64..1_000_000,
        lower in 0_u32..=10_000, debt in 1_u64..1 << 50, above in 0_u64..3_000,
    ) {
        let lower = Bps::new(threshold.get() * lower / 10_000);
        let holdings = [tokens(first, cents, 0, threshold.get()), tokens(second, cents, 0, lower.get())];
        // Any debt, and one that is a little too much.
        let debts = [Some(health(debt, &holdings)), unhealthy(&holdings, above).map(|(_, before)| before)];
        for before in debts.into_iter().flatten() {
            for seized in [threshold, lower, Bps::ZERO, Bps::ONE] {
                let found = model::int(terms.bonus(&before, seized).unwrap().get());
                prop_assert_eq!(found, model::bonus(&terms, &before, seized));
            }
        }
    }

    /// `liquidation-helps`, one collateral: while the collateral covers the debt and the least bonus, health rises or stays,
    /// reaches the target where the offer allows it, and what is left is covered.
    #[test]
    fn liquidation_helps(
        (terms, threshold) in valid_terms(), whole in 1_u64..1_000_000, cents in 1_u64..1_000_000,
        above in 0_u64..3_000, offered in prop_oneof![Just(u64::MAX), any_size()],
    ) {
        prop_assert_eq!(terms.validate().and(terms.validate_threshold(threshold, threshold)), Ok(()));
        let holding = tokens(whole, cents, threshold.get(), threshold.get());
        let Some((debt, before)) = unhealthy(&[holding], above) else { return Ok(()) };
        let taken = match terms.size(Assets::new(debt), &usdc(), &holding, &before, Assets::new(offered)) {
            Err(error) => {
                prop_assert_eq!(error, Error::AmountTooSmall);
                return Ok(());
            }
            Ok(taken) => taken,
        };
        prop_assert!(taken.repay.get() <= debt.min(offered) && taken.seize <= holding.units);
        prop_assert!(taken.bonus >= terms.bonus_min && taken.bonus <= terms.bonus_max);

        // The liquidator receives at most what it paid and the bonus; the fund its part of the bonus, rounded up.
        let paid = model::whole(usdc().value_up(taken.repay.get()).unwrap().get());
        let received = model::whole(holding.price.value_up(taken.seize.get()).unwrap().get());
        let bonus = model::bps(taken.bonus);
        prop_assert!(received <= &paid * (&bonus + model::whole(1)));
        let cut = model::whole(taken.repay.get()) * &bonus * model::bps(terms.insurance_cut);
        prop_assert_eq!(model::int(taken.insurance_cut.get()), model::up(&cut));

        let after = afterwards(&taken, debt, &holding, &before);
        let owed = model::int(before.debt.get());
        let covered = model::whole(before.collateral.get()) >= model::whole(owed) * (model::whole(1) + model::bps(terms.bonus_min));
        if covered {
            prop_assert!(after.collateral >= after.debt, "bad debt: {:?}", after);
            if after.debt > Value::ZERO {
                prop_assert!(model::health_factor(&after) >= model::health_factor(&before), "worse: {:?}", after);
            }
        }
        if offered == u64::MAX && after.debt > Value::ZERO && after.collateral > Value::ZERO {
            // Neither the debt nor the holding ran out: the target is reached, and passed by less than rounding explains.
            prop_assert!(model::health_factor(&after) >= model::bps(terms.target_health), "short of the target: {:?}", after);
        }
    }

    /// `liquidation-helps`, several collaterals: no bad debt arises while all collateral covers debt and the least bonus.
    #[test]
    fn liquidation_of_one_of_several_makes_no_bad_debt(
        (terms, threshold) in valid_terms(), (first, second) in (1_u64..10_000, 1_u64..10_000), cents in 1_u64..1_000_000,
        lower in 0_u32..10_000, above in 0_u64..3_000, offered in prop_oneof![Just(u64::MAX), any_size()],
    ) {
        let lower = threshold.get() * lower / 10_000;
        let holdings = [tokens(first, cents, 0, threshold.get()), tokens(second, cents, 0, lower)];
        let Some((debt, before)) = unhealthy(&holdings, above) else { return Ok(()) };
        for holding in &holdings {
            let Ok(taken) = terms.size(Assets::new(debt), &usdc(), holding, &before, Assets::new(offered)) else { continue };
            let after = afterwards(&taken, debt, holding, &before);
            let needed = model::whole(before.debt.get()) * (model::whole(1) + model::bps(terms.bonus_min));
            if model::whole(before.collateral.get()) >= needed {
                prop_assert!(after.collateral >= after.debt, "bad debt: {:?}", after);
            }
        }
    }

    /// `liquidation-helps`, several collaterals: health rises or stays, unless even the least bonus costs more weight than
    /// the debt it pays takes away.
    #[test]
    fn liquidation_of_one_of_several_helps(
        (terms, threshold) in valid_terms(), (first, second) in (1_u64..10_000, 1_u64..10_000), cents in 1_u64..1_000_000,
        lower in 0_u32..10_000, above in 0_u64..3_000, offered in prop_oneof![Just(u64::MAX), any_size()],
    ) {
        let lower = threshold.get() * lower / 10_000;
        let holdings = [tokens(first, cents, 0, threshold.get()), tokens(second, cents, 0, lower)];
        let Some((debt, before)) = unhealthy(&holdings, above) else { return Ok(()) };
        for holding in &holdings {
            let Ok(taken) = terms.size(Assets::new(debt), &usdc(), holding, &before, Assets::new(offered)) else { continue };
            let after = afterwards(&taken, debt, holding, &before);
            let least = model::bps(holding.liquidation_threshold) * (model::whole(1) + model::bps(terms.bonus_min));
            if after.debt > Value::ZERO && least <= model::health_factor(&before) {
                prop_assert!(model::health_factor(&after) >= model::health_factor(&before), "worse: {:?}", after);
            }
        }
    }

    #[test]
    fn sizing_never_panics(
        debt in any_size(), units in any_size(), (digits, debt_digits) in (any_size(), any_size()),
        (exponent, debt_exponent) in (-50_i32..30, -50_i32..30), threshold in any::<u32>(), offered in any_size(),
        (bonus_min, bonus_max, cut, target) in (any::<u32>(), any::<u32>(), any::<u32>(), any::<u32>()),
        full_below in any::<u128>(), min_debt in any_size(),
    ) {
        let terms = LiquidationTerms {
            bonus_min: Bps::new(bonus_min), bonus_max: Bps::new(bonus_max), insurance_cut: Bps::new(cut),
            target_health: Bps::new(target), full_below: Value::new(full_below), min_debt: Assets::new(min_debt),
        };
        let _ = (terms.validate(), terms.validate_threshold(Bps::new(cut), Bps::new(threshold)));
        let (Ok(price), Ok(debt_price)) = (Price::new(digits, exponent, 9), Price::new(debt_digits, debt_exponent, 6)) else {
            return Ok(());
        };
        let holding = Holding {
            units: Units::new(units), price, max_ltv: Bps::new(threshold), liquidation_threshold: Bps::new(threshold),
        };
        if let Ok(health) = debt_price.value_up(debt).and_then(|owed| Health::of_debt(owed).with(&holding)) {
            let _ = terms.size(Assets::new(debt), &debt_price, &holding, &health, Assets::new(offered));
        }
    }
}
