//! How much a liquidation takes, by hand, and that it helps.

use backstop_engine::{
    Error,
    fixed::Q64,
    health::{Health, Holding},
    liquidation::{Bonus, Debt, Liquidated, Liquidation, LiquidationTerms},
    mark::{Evidence, Mark},
    pool::Totals,
    price::{Price, Value},
    quantity::{Assets, Bps, DebtShares, Shares, Units},
};
use proptest::prelude::*;

use crate::{
    model::{self, bps, int, ratio, whole},
    strategies::{any_size, bonus, cases, dollars, tokens, usdc, usual_terms, valid_bonus, valid_terms},
};

/// One dollar in base units.
const USD: u64 = 1_000_000;

fn health(debt: u64, holdings: &[Holding]) -> Health {
    let owed = Health::of_debt(usdc().value_up(debt).unwrap());
    holdings.iter().fold(owed, |health, holding| health.with(holding).unwrap())
}

/// A debt of so many units, the only one of its pool.
fn owed(debt: u64) -> (Totals, Debt) {
    let shares = DebtShares::new(debt);
    let totals = Totals { debt_shares: shares, shares: Shares::new(1), ..Totals::empty(9) };
    let debt = Debt {
        shares,
        amount: Assets::new(debt),
        price: usdc(),
        middle: usdc(),
        mark: Mark::NONE,
        evidence: Evidence::BEGUN,
        may_be_marked: true,
        may_default: true,
        defaulted: false,
    };
    (totals, debt)
}

/// Sizes a liquidation of one of the holdings.
fn sized_of(
    terms: &LiquidationTerms,
    debt: u64,
    holdings: &[Holding],
    which: usize,
    offered: u64,
) -> Result<Liquidation, Error> {
    let (totals, owed) = owed(debt);
    terms.size(&totals, &owed, &holdings[which], &health(debt, holdings), Assets::new(offered))
}

/// Liquidates the only holding with no bound on the offer.
fn sized(terms: &LiquidationTerms, debt: u64, holding: &Holding) -> Result<Liquidation, Error> {
    sized_of(terms, debt, &[*holding], 0, u64::MAX)
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
        holding.bonus.at(&health, holding.liquidation_threshold).unwrap().get()
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
    let holdings = holdings.map(|holding| Holding { bonus: bonus(300, 1_000), ..holding });
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
        assert_eq!(holdings[0].bonus.at(&health, Bps::new(threshold)), Ok(Bps::new(bonus)), "{cents} {threshold}");
    }
}

#[test]
fn bonus_is_bounded_by_what_the_others_bring() {
    // 100 USD at up to 10 % and 140 USD at 40 %, which bring 100 + 100.
    let holdings = [
        Holding { bonus: bonus(0, 1_000), ..tokens(1, 10_000, 0, 8_500) },
        Holding { bonus: bonus(4_000, 5_000), ..tokens(1, 14_000, 0, 7_000) },
    ];
    // debt in cents, whose bonus, threshold of what is seized: bonus. They carry 85 + 98 = 183 USD.
    let table = [
        (18_400, 0, 8_500, 55),    // 99.45 %: 0.55 %; 200 / 184 would leave 8.69 %
        (19_500, 0, 8_500, 256),   // 93.84 %: 6.16 %, but 200 / 195 leaves 2.56 %
        (19_500, 1, 5_000, 4_358), // 46.16 %, but 1.4 * 200 / 195 = 1.4358
        (19_500, 1, 7_000, 4_000), // 9,384 / 0.7 = 13,405: the least
        (20_000, 0, 8_500, 0),     // nothing is there to pay it from, though there is collateral of 240 USD
        (20_000, 1, 5_000, 4_000),
        (23_000, 0, 8_500, 0), // short by 30, which the least bonuses do not enlarge
        (23_000, 1, 5_000, 4_000),
    ];
    for (cents, which, threshold, bonus) in table {
        let health = health(cents * USD / 100, &holdings);
        let found = holdings[which].bonus.at(&health, Bps::new(threshold));
        assert_eq!(found, Ok(Bps::new(bonus)), "{cents} {which} {threshold}");
    }
}

#[test]
fn underwater_goes_whole_at_the_least_bonus() {
    // 1,000 USD of collateral for 1,000 USD of debt: all of it, at no bonus, pays all.
    let holding = Holding { bonus: bonus(0, 1_000), ..tokens(10, 10_000, 7_500, 8_000) };
    let taken = sized(&usual_terms(), 1_000 * USD, &holding).unwrap();
    let whole = Liquidation {
        repay: Assets::new(1_000 * USD),
        insurance_cut: Assets::ZERO,
        seize: holding.units,
        bonus: Bps::ZERO,
    };
    assert_eq!(taken, whole);
    // One base unit of debt more is bad debt.
    assert_eq!(sized(&usual_terms(), 1_000 * USD + 1, &holding), Ok(whole));
    // One of two that are underwater: 600 USD at 40 % and 300 USD at 90 %, 1,000 USD of debt. The first is taken whole
    // for 600 / 1.05 = 571.428572 USD, rounded up.
    let holdings = [tokens(6, 10_000, 0, 4_000), tokens(3, 10_000, 0, 9_000)];
    let taken = sized_of(&usual_terms(), 1_000 * USD, &holdings, 0, u64::MAX).unwrap();
    assert_eq!((taken.repay, taken.seize, taken.bonus), (Assets::new(571_428_572), holdings[0].units, Bps::new(500)));
}

#[test]
fn target_health_by_hand() {
    // No bonus growth: 5 % whatever the health. Ten tokens at 100 USD carry 800 USD; the debt is 810 USD.
    // To 110 %: (1.1 * 810 - 800) / (1.1 - 1.05 * 0.8) = 91 / 0.26 = 350 USD, exactly.
    let holding = Holding { bonus: bonus(500, 500), ..tokens(10, 10_000, 7_500, 8_000) };
    let taken = sized(&usual_terms(), 810 * USD, &holding).unwrap();
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
    let terms = LiquidationTerms { target_health: Bps::ONE, ..usual_terms() };
    let holding = Holding { bonus: bonus(501, 501), ..tokens(10, 10_000, 7_500, 8_333) };
    let debt = 900 * USD;
    let taken = sized(&terms, debt, &holding).unwrap();
    let after = afterwards(&taken, debt, &holding, &health(debt, &[holding]));
    assert!(!after.is_liquidatable().unwrap(), "{after:?}");
}

#[test]
fn nothing_below_the_minimum_debt_is_left() {
    let holding = Holding { bonus: bonus(500, 500), ..tokens(10, 10_000, 7_500, 8_000) };
    let terms = |min_debt| LiquidationTerms { min_debt: Assets::new(min_debt), ..usual_terms() };
    // Target health leaves 460 USD, which may stay if that is the minimum, and may not if it is one unit more.
    assert_eq!(sized(&terms(460 * USD), 810 * USD, &holding).unwrap().repay, Assets::new(350 * USD));
    assert_eq!(sized(&terms(460 * USD + 1), 810 * USD, &holding).unwrap().repay, Assets::new(810 * USD));
    // An offer in between is refused; one that leaves the minimum is taken.
    let offer = |offered| sized_of(&terms(500 * USD), 810 * USD, &[holding], 0, offered).map(|taken| taken.repay);
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
    // 1,000 USD carry 800; the debt is 930 USD. The full 10 % would need 1,023 USD; 7.52 % needs 999.94. Target health
    // is (1.1 * 930 - 800) / (1.1 - 1.0752 * 0.8) = 929.8 USD away, which would leave less than the minimum of 10 USD.
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
    let offer = |offered| sized_of(&usual_terms(), 900 * USD, &[holding], 0, offered);
    assert_eq!(offer(0), Err(Error::AmountTooSmall));
    assert!(offer(1).is_ok());
    // One unit pays for nothing of a token whose base unit is worth a dollar; the whole scrap needs a dollar.
    let dollar = Price::new(1, 0, 0).unwrap();
    let coarse = Holding { units: Units::new(1), price: dollar, middle: dollar, ..holding };
    let offer = |offered| sized_of(&usual_terms(), 900 * USD, &[coarse], 0, offered);
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
    // Health is 88 %, so 10 %, but 1.1 / 1.05 is rounded down and times 1.05 a hair less than 1.1: 1.0999 / 0.001
    // units.
    assert_eq!((taken.bonus, taken.seize), (Bps::new(999), Units::new(1_099)));
}

#[test]
fn terms_at_the_bounds() {
    let usual = usual_terms();
    assert_eq!(usual.validate(), Ok(()));
    let at = |cut, target| LiquidationTerms { insurance_cut: Bps::new(cut), target_health: Bps::new(target), ..usual };
    let dust = |dust| LiquidationTerms { dust, ..usual };
    for terms in [at(0, 10_000), at(10_000, 20_000), dust(dollars(100))] {
        assert_eq!(terms.validate(), Ok(()), "{terms:?}");
    }
    let more = dust(dollars(100).plus(Value::new(1)).unwrap());
    for terms in [at(10_001, 11_000), at(0, 9_999), at(0, 20_001), more] {
        assert_eq!(terms.validate(), Err(Error::InvalidParameter), "{terms:?}");
    }
}

#[test]
fn bonuses_at_the_bounds() {
    // min, max, threshold: valid
    let table = [
        (0, 0, 10_000, true),
        (0, 0, 10_001, false),
        (0, 5_000, 10_000, true),
        (0, 5_001, 0, false),
        (500, 499, 0, false),
        (5_000, 5_000, 6_666, true),  // 99.99 %
        (5_000, 5_000, 6_667, false), // 100.005 %
        (500, 1_000, 9_523, true),    // 99.9915 %
        (500, 1_000, 9_524, false),   // 100.002 %
        (2_500, 2_500, 8_000, true),  // 100 %
        (0, 0, u32::MAX, false),
        (u32::MAX, u32::MAX, 0, false),
    ];
    for (min, max, threshold, valid) in table {
        let expected = if valid { Ok(()) } else { Err(Error::InvalidParameter) };
        assert_eq!(bonus(min, max).validate(Bps::new(threshold)), expected, "{min} {max} {threshold}");
    }
}

/// A thousand dollars of debt against ten tokens worth 525 at 5 %, of which 500 are covered. It is marked with 400.
fn short_by_half(terms: LiquidationTerms, change: impl Fn(&mut Debt), offered: u64) -> Liquidated {
    let holding = Holding { bonus: bonus(500, 500), ..tokens(10, 5_250, 0, 8_000) };
    let (totals, mut debt) = owed(1_000 * USD);
    debt.mark = marked(400);
    change(&mut debt);
    let before = health(1_000 * USD, &[holding]);
    terms.liquidate(&totals, &debt, &holding, &before, Assets::new(offered), |_| true).unwrap()
}

#[test]
fn what_is_left_is_recorded_or_marked() {
    let usd = |dollars: u64| (DebtShares::new(dollars * USD), Assets::new(dollars * USD));
    let dust =
        |cents| LiquidationTerms { dust: Price::new(1, -2, 0).unwrap().value_down(cents).unwrap(), ..usual_terms() };
    // 250 for 262.50 leave 750 and 262.50, which bring 250: 500 are missing. A fifth of 12.50 is for the fund.
    let done = short_by_half(dust(26_249), |_| (), 250 * USD);
    assert_eq!((done.taken.repay, done.taken.seize), (usd(250).1, Units::new(5_000_000_000)));
    assert_eq!(
        (done.debt_shares, done.left, done.lost, done.mark),
        (usd(750).0, usd(750).1, DebtShares::ZERO, marked(500))
    );
    let totals = done.totals;
    assert_eq!(
        (totals.cash, totals.debt_shares, totals.insurance_due),
        (usd(250).1, usd(750).0, Assets::new(2_500_000))
    );
    // As dust it keeps nothing from being recorded, which ends the mark afterwards.
    let done = short_by_half(dust(26_250), |_| (), 250 * USD);
    assert_eq!((done.debt_shares, done.left, done.lost, done.mark), (usd(750).0, usd(750).1, usd(500).0, marked(500)));
    assert_eq!(done.totals, totals);
    // Too young for a loss it is marked.
    let done = short_by_half(dust(26_250), |debt| debt.may_default = false, 250 * USD);
    assert_eq!((done.lost, done.mark), (DebtShares::ZERO, marked(500)));
    // In the slot of the last borrow the mark only falls, to nothing at the least and to the debt at the most.
    let new = |stood| {
        move |debt: &mut Debt| (debt.may_default, debt.may_be_marked, debt.mark) = (false, false, marked(stood))
    };
    for (stood, stands) in [(0, 0), (249, 0), (250, 0), (251, 1), (1_000, 750), (1_001, 750)] {
        let done = short_by_half(dust(26_250), new(stood), 250 * USD);
        assert_eq!((done.lost, done.mark.shortfall), (DebtShares::ZERO, usd(stands).1), "{stood}");
    }
    // By prices that are not the newest it does not fall, whatever is paid, but to the debt; and it rises to what is
    // missing.
    let older = |stood| move |debt: &mut Debt| (debt.evidence, debt.mark) = (Evidence::FAVOUR, marked(stood));
    for (stood, stands) in [(0, 500), (500, 500), (700, 700), (751, 750), (1_000, 750)] {
        let done = short_by_half(dust(0), older(stood), 250 * USD);
        assert_eq!(done.mark.shortfall, usd(stands).1, "no-escape: {stood}");
    }
    // All collateral gone, nothing need be dust.
    let done = short_by_half(dust(0), |_| (), u64::MAX);
    assert_eq!((done.left, done.lost, done.mark), (usd(500).1, usd(500).0, marked(500)));
    let done = short_by_half(dust(0), |debt| debt.may_default = false, u64::MAX);
    assert_eq!((done.left, done.lost, done.mark), (usd(500).1, DebtShares::ZERO, marked(500)));
}

/// A mark of so many dollars, made at 5.
fn marked(dollars: u64) -> Mark {
    if dollars == 0 { Mark::NONE } else { Mark { shortfall: Assets::new(dollars * USD), since: 5 } }
}

#[test]
fn rest_that_does_not_count_covers_nothing() {
    let holding = Holding { bonus: bonus(500, 500), ..tokens(10, 5_250, 0, 8_000) };
    let (totals, debt) = owed(1_000 * USD);
    let before = health(1_000 * USD, &[holding]);
    let liquidated = |least: u64| {
        let counts = |units: Units| units.get() >= least;
        usual_terms().liquidate(&totals, &debt, &holding, &before, Assets::new(250 * USD), counts).unwrap()
    };
    // Five tokens are left.
    let (some, none) = (liquidated(5_000_000_000), liquidated(5_000_000_001));
    assert_eq!((some.lost, some.mark.shortfall), (DebtShares::ZERO, Assets::new(500 * USD)));
    assert_eq!((none.lost, none.left), (DebtShares::new(750 * USD), Assets::new(750 * USD)));
}

#[test]
fn whole_debt_leaves_nothing_to_record() {
    let holding = Holding { bonus: bonus(500, 500), ..tokens(10, 10_500, 0, 8_000) };
    let (totals, debt) = owed(1_000 * USD);
    let before = health(1_000 * USD, &[holding]);
    let done = usual_terms().liquidate(&totals, &debt, &holding, &before, Assets::new(u64::MAX), |_| true).unwrap();
    assert_eq!((done.left, done.debt_shares, done.lost), Default::default());
    assert_eq!((done.mark, done.taken.repay), (Mark::NONE, Assets::new(1_000 * USD)));
}

#[test]
fn what_is_lost_by_hand() {
    // 300 USD against ten tokens, which carry 80 % of their worth.
    let lost = |debt: u64, cents, dust| {
        let holding = Holding { bonus: bonus(500, 500), ..tokens(10, cents, 0, 8_000) };
        let (totals, owed) = owed(debt * USD);
        let terms = LiquidationTerms { dust: dollars(dust), ..usual_terms() };
        terms.lost(&totals, &owed, &health(debt * USD, &[holding]), false).map(DebtShares::get)
    };
    // debt, cents a token, dust: what is lost
    let table = [
        (240, 3_000, 1_000, Err(Error::ObligationHealthy)), // healthy comes first
        (241, 3_000, 299, Err(Error::CollateralRemains)),
        (300, 3_150, 314, Err(Error::CollateralRemains)), // before covered
        (241, 3_000, 300, Err(Error::DebtCovered)),       // 285.71
        (300, 3_150, 315, Err(Error::DebtCovered)),       // 315 / 1.05 = 300
        (301, 3_150, 315, Ok(1_000_000)),
        (300, 1_050, 105, Ok(200_000_000)),
        (300, 1_050, 104, Err(Error::CollateralRemains)),
    ];
    for (debt, cents, dust, expected) in table {
        assert_eq!(lost(debt, cents, dust), expected, "{debt} {cents} {dust}");
    }
    // Nothing owed is healthy; nothing held is all lost.
    let (totals, debt) = owed(7);
    assert_eq!(usual_terms().lost(&totals, &debt, &Health::default(), false), Err(Error::ObligationHealthy));
    assert_eq!(usual_terms().lost(&totals, &debt, &health(7, &[]), false), Ok(DebtShares::new(7)));
    // Ten shares of 1.5: 15 units against 7 that are covered, which four shares owe six of.
    let (totals, debt) = (
        Totals { borrow_index: Q64::from_bits(3 << 63), ..owed(10).0 },
        Debt { amount: Assets::new(15), ..owed(10).1 },
    );
    let holding = Holding { units: Units::new(7_350), bonus: bonus(500, 500), ..tokens(0, 100, 0, 8_000) };
    let terms = LiquidationTerms { dust: dollars(1), ..usual_terms() };
    assert_eq!(terms.lost(&totals, &debt, &health(15, &[holding]), false), Ok(DebtShares::new(6)));
}

/// `covered-is-never-lost`: settlement records the shortfall whatever collateral remains, and nothing of a covered
/// debt; by no price of before the mark.
#[test]
fn what_settlement_loses_by_hand() {
    let lost = |debt: u64, cents, oldest| {
        let holding = Holding { bonus: bonus(500, 500), ..tokens(10, cents, 0, 8_000) };
        let (totals, owed) = owed(debt * USD);
        let owed = Debt {
            mark: marked(1),
            evidence: Evidence { newest: false, recent: true, oldest },
            may_default: false,
            ..owed
        };
        usual_terms().lost(&totals, &owed, &health(debt * USD, &[holding]), true).map(DebtShares::get)
    };
    for (debt, cents, oldest, expected) in [
        (300, 1_050, 5, Ok(200_000_000)), // 105 / 1.05 = 100
        (300, 1_050, 4, Err(Error::PriceBeforeMark)),
        (301, 3_150, 5, Ok(1_000_000)),
        (300, 3_150, 5, Ok(0)), // covered
        (240, 3_000, 5, Ok(0)), // healthy
    ] {
        assert_eq!(lost(debt, cents, oldest), expected, "{debt} {cents} {oldest}");
    }
}

/// An obligation that has an unrecovered loss gets no second wait for a shortfall above a ten-thousandth of NAV; what
/// is covered stays covered.
#[test]
fn what_a_defaulter_loses_at_once_by_hand() {
    let lost = |debt: u64, cents, cash: u64| {
        let holding = Holding { bonus: bonus(500, 500), ..tokens(10, cents, 0, 8_000) };
        let (totals, owed) = owed(debt * USD);
        let (totals, owed) = (Totals { cash: Assets::new(cash), ..totals }, Debt { defaulted: true, ..owed });
        usual_terms().lost(&totals, &owed, &health(debt * USD, &[holding]), false).map(DebtShares::get)
    };
    for (debt, cents, nav, expected) in [
        // 105 / 1.05 = 100 of 300, and 200 are just more than a ten-thousandth.
        (300, 1_050, 2_000_000 * USD - 1, Ok(200_000_000)),
        (300, 1_050, 2_000_000 * USD, Err(Error::CollateralRemains)),
        (301, 3_150, 10_000 * USD - 1, Ok(1_000_000)),
        (301, 3_150, 10_000 * USD, Err(Error::CollateralRemains)),
        (300, 3_150, 300 * USD, Err(Error::CollateralRemains)), // covered
        (240, 3_000, 300 * USD, Err(Error::ObligationHealthy)),
    ] {
        assert_eq!(lost(debt, cents, nav - debt * USD), expected, "{debt} {cents} {nav}");
    }
}

/// Written-off debt is paid with its collateral, as far as the performing debt keeps the target health.
#[test]
fn collateral_for_written_off_debt_by_hand() {
    let terms = usual_terms();
    let mut holdings =
        [Holding { bonus: bonus(500, 1_000), ..tokens(10, 10_500, 0, 8_000) }, tokens(1, 20_000, 0, 5_000)];
    let all = u64::MAX;
    // debt, unrecovered, offered: tokens in millionths, dollars in base units
    let table = [
        // Without performing debt all of it: 1,050 / 1.05.
        (0, 5_000 * USD, all, Ok((10_000_000, 1_000 * USD))),
        (0, 300 * USD, all, Ok((3_000_000, 300 * USD))),
        (0, 300 * USD, 100 * USD, Ok((1_000_000, 100 * USD))),
        // 500 keep 550 of weight. The other token carries 100, and 450 / 80 % is 562.50, of the ten 5.357142858;
        // 4.642857142 bring 464.2857142.
        (500 * USD, 5_000 * USD, all, Ok((4_642_857, 464_285_715))),
        // 854.545454 keep 940: the other's 100 and all ten.
        (854_545_454, 5_000 * USD, all, Ok((0, 1))),
        (854_545_455, 5_000 * USD, all, Err(Error::ObligationHealthy)),
        (500 * USD, 0, all, Err(Error::ObligationHealthy)),
        (0, 300 * USD, 0, Err(Error::AmountTooSmall)),
    ];
    for (debt, unrecovered, offered, expected) in table {
        let before = health(debt, &holdings);
        let [unrecovered, offered] = [unrecovered, offered].map(Assets::new);
        let taken = terms.size_recovery(&usdc(), unrecovered, &holdings[0], &before, offered, |_| true);
        let reported = taken.map(|taken| (taken.seize.get() / 1_000, taken.repay.get()));
        assert_eq!(reported, expected, "{debt} {unrecovered:?} {offered:?}");
        if let Ok(taken) = taken {
            assert_eq!((taken.bonus, taken.insurance_cut), (Bps::new(500), Assets::ZERO), "all of it is a recovery");
        }
    }
    holdings[0].units = Units::ZERO;
    let empty =
        terms.size_recovery(&usdc(), Assets::new(1), &holdings[0], &health(0, &holdings), Assets::new(1), |_| true);
    assert_eq!(empty, Err(Error::InsufficientCollateral));
    // A rest that counts for nothing carries nothing: it is left where it is needed, and goes where it is not.
    let few = [Holding { units: Units::new(10_000_000_000), ..tokens(10, 10_500, 0, 8_000) }];
    let sized = |debt| {
        let all = Assets::new(u64::MAX);
        terms
            .size_recovery(&usdc(), all, &few[0], &health(debt, &few), all, |left| left.get() > 1_000)
            .map(|taken| taken.seize)
    };
    // 77 / 80 % / 0.105 are 917 units.
    assert_eq!((sized(0), sized(70)), (Ok(few[0].units), Err(Error::ObligationHealthy)));
    assert_eq!(sized(80), Ok(Units::new(9_999_998_952))); // 88 / 80 % / 0.105: 1,048 stay
    // What carries nothing is needed wherever anything is missing.
    let [idle, other] = [tokens(10, 10_500, 0, 0), tokens(1, 20_000, 0, 5_000)];
    let sized = |debt| {
        let before = health(debt, &[idle, other]);
        terms
            .size_recovery(&usdc(), Assets::new(USD), &idle, &before, Assets::new(USD), |_| true)
            .map(|taken| taken.repay)
    };
    assert_eq!(sized(90 * USD), Ok(Assets::new(USD)));
    assert_eq!(sized(91 * USD), Err(Error::ObligationHealthy));
}

#[test]
fn largest_debt_is_liquidated() {
    // 2^64 - 1 base units of USDC, 18 trillion USD, against as many base units of a token of nine decimals at 1,100
    // USD.
    let holding = Holding { units: Units::new(u64::MAX), ..tokens(0, 110_000, 7_500, 8_000) };
    let taken = sized(&usual_terms(), u64::MAX, &holding).unwrap();
    // 2^64 / 10^6 USD of debt, 1.1 times that of collateral: health 88 %, so 10 %, but for the basis point that what
    // the collateral brings is rounded down by. All of the debt is gone.
    assert_eq!((taken.repay.get(), taken.bonus), (u64::MAX, Bps::new(999)));
}

#[test]
fn seizing_the_heaviest_of_several_does_not_lower_health() {
    // 500 USD carried at 93 % and 1,237.50 USD at 40 %: 465 + 495 = 960 USD, against 1,000 USD of debt. Health is 96 %
    // and coverage 173 %. A bonus of 3 + 4 = 7 % would take 93 % * 1.07 = 99.5 cents of weight for each dollar: health
    // would fall. 9,600 / 0.93 = 10,322.6 leaves 3.22 %. All of the 500 USD go, for 500 / 1.0322 = 484.402248 USD.
    let holdings = [tokens(5, 10_000, 0, 9_300), tokens(10, 12_375, 0, 4_000)]
        .map(|holding| Holding { bonus: bonus(300, 1_000), ..holding });
    let debt = 1_000 * USD;
    let before = health(debt, &holdings);
    assert_eq!(before.factor_bps(), 9_600);
    let taken = sized_of(&usual_terms(), debt, &holdings, 0, debt).unwrap();
    assert_eq!((taken.repay, taken.seize, taken.bonus), (Assets::new(484_402_248), holdings[0].units, Bps::new(322)));
    // 495 / 515.597752 = 96.005 %
    assert_eq!(afterwards(&taken, debt, &holdings[0], &before).factor_bps(), 9_600);
    // Seizing the other at 7 %: (1.1 * 1,000 - 960) / (1.1 - 1.07 * 0.4) = 208.333334 USD, rounded up.
    let taken = sized_of(&usual_terms(), debt, &holdings, 1, debt).unwrap();
    assert_eq!((taken.repay, taken.bonus), (Assets::new(208_333_334), Bps::new(700)));
    assert!(afterwards(&taken, debt, &holdings[1], &before).factor_bps() >= 11_000);
}

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn bonus_agrees_with_the_model(
        (one, threshold) in valid_bonus(), (other, lower) in valid_bonus(), cents in 1_u64..1_000_000,
        (first, second) in (1_u64..1_000_000, 0_u64..1_000_000), debt in 1_u64..1 << 50, above in 0_u64..3_000,
    ) {
        let holdings = [
            Holding { bonus: one, ..tokens(first, cents, 0, threshold.get()) },
            Holding { bonus: other, ..tokens(second, cents, 0, lower.get()) },
        ];
        // Any debt, and one that is a little more than they carry.
        let limit = health(0, &holdings).liquidation_limit.get() / 10_000;
        let more = usdc().units_up(Value::new(limit + limit / 10_000 * u128::from(above))).unwrap() + 1;
        for before in [health(debt, &holdings), health(more, &holdings)] {
            for (bonus, seized) in [(one, threshold), (other, lower), (one, Bps::ZERO), (other, Bps::ONE)] {
                let found = model::int(bonus.at(&before, seized).unwrap().get());
                let expected = model::bonus(&bonus, &model::health_factor(&before), &model::cover(&before), seized);
                prop_assert_eq!(found, expected);
            }
        }
    }

    /// `nothing-for-nothing` for written-off debt: who takes collateral pays its price less the least bonus, no more
    /// than was offered and than is unrecovered; performing debt keeps the target health.
    #[test]
    fn recovering_agrees_with_the_model(
        terms in valid_terms(),
        (units, cents, threshold) in (1..=10_000_000_000_000_u64, 1..=1_000_000_u64, 1..=9_000_u32),
        (other, debt) in (0..=1_000_u64, prop_oneof![Just(0), 1..=10_000_000_000_000_u64]),
        (least, unrecovered, offered) in (0..=1_000_u32, any_size(), any_size()),
    ) {
        let held = Holding { units: Units::new(units), bonus: bonus(least, 1_000), ..tokens(0, cents, 0, threshold) };
        let other = tokens(other, 10_000, 0, 5_000);
        let before = health(debt, &[held, other]);
        let [most, unrecovered] = [offered, unrecovered].map(Assets::new);
        let taken = terms.size_recovery(&usdc(), unrecovered, &held, &before, most, |_| true);
        // In exact numbers: base units of USDC for a unit of what is held, and what has to stay.
        let price = ratio(int(cents), 100_000);
        let weight = |units: u64| whole(units) * &price * bps(Bps::new(threshold));
        let others = whole(other.units.get() / 1_000 * 50);
        match taken {
            Ok(taken) => {
                let worth = whole(taken.seize.get()) * &price / (bps(Bps::new(least)) + whole(1));
                prop_assert!(whole(taken.repay.get()) >= worth, "nothing-for-nothing");
                prop_assert!(whole(taken.repay.get()) < worth + whole(2), "nobody pays for more than it gets");
                prop_assert!(taken.repay <= most.min(unrecovered));
                let kept = weight(held.units.get() - taken.seize.get()) + others;
                prop_assert!(
                    kept >= whole(debt) * bps(terms.target_health),
                    "the performing debt keeps the target health"
                );
            }
            Err(Error::ObligationHealthy) => prop_assert!(
                unrecovered.is_zero() || weight(units - 1) + others < whole(debt) * bps(terms.target_health) + whole(2)
            ),
            Err(error) => prop_assert_eq!(error, Error::AmountTooSmall),
        }
    }

    #[test]
    fn liquidating_never_panics(
        (shares, amount, index) in (any_size(), any_size(), any::<u128>()), units in any_size(), offered in any_size(),
        digits in prop::array::uniform4(any_size()), (exponent, debt_exponent) in (-50_i32..30, -50_i32..30),
        (min, max, cut, target, threshold) in (any::<u32>(), any::<u32>(), any::<u32>(), any::<u32>(), any::<u32>()),
        (dust, min_debt, marked) in (any::<u128>(), any_size(), any_size()),
        (marks, defaults, counts) in any::<(bool, bool, bool)>(),
    ) {
        let terms = LiquidationTerms {
            insurance_cut: Bps::new(cut),
            target_health: Bps::new(target),
            min_debt: Assets::new(min_debt),
            dust: Value::new(dust),
        };
        let _ = (terms.validate(), bonus(min, max).validate(Bps::new(threshold)));
        let [price, middle] = [digits[0], digits[1]].map(|digits| Price::new(digits, exponent, 9));
        let [upper, debt_middle] = [digits[2], digits[3]].map(|digits| Price::new(digits, debt_exponent, 6));
        let (Ok(price), Ok(middle), Ok(upper), Ok(debt_middle)) = (price, middle, upper, debt_middle) else {
            return Ok(());
        };
        let holding = Holding {
            units: Units::new(units),
            price,
            middle,
            max_ltv: Bps::new(threshold),
            liquidation_threshold: Bps::new(threshold),
            bonus: Bonus { min: Bps::new(min), max: Bps::new(max) },
        };
        let shares = DebtShares::new(shares);
        let debt = Debt {
            shares,
            amount: Assets::new(amount),
            price: upper,
            middle: debt_middle,
            mark: Mark { shortfall: Assets::new(marked), since: 1 },
            evidence: if counts { Evidence::BEGUN } else { Evidence::FAVOUR },
            may_be_marked: marks,
            may_default: defaults,
            defaulted: marks != counts,
        };
        let totals = Totals { debt_shares: shares, borrow_index: Q64::from_bits(index), ..Totals::empty(0) };
        if let Ok(health) = upper.value_up(amount).and_then(|owed| Health::of_debt(owed).with(&holding)) {
            let _ = terms.liquidate(&totals, &debt, &holding, &health, Assets::new(offered), |_| counts);
            let _ =
                terms.size_recovery(&debt_middle, Assets::new(marked), &holding, &health, Assets::new(offered), |_| {
                    counts
                });
            let _ = (terms.lost(&totals, &debt, &health, defaults), health.shortfall(debt.amount, &upper));
        }
    }
}
