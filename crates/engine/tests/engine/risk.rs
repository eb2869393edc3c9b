//! What moves with risk, by hand: ranges, ramps, readings, and every bound of the rules.

use backstop_engine::{
    Error,
    average::Average,
    pool::Totals,
    price::Value,
    quantity::{Assets, Bps},
    risk::{CollateralRisk, CollateralTerms, Losses, PoolRisk, Ramp, RiskTerms, Stress},
};
use num_bigint::BigInt;
use num_traits::Signed as _;
use proptest::prelude::*;

use crate::{
    model::{self, LossState, bps, down, int, ratio, up, whole},
    strategies::{
        always, any_size, cases, dollars, fresh_pool, pool_with_history, range, real_amount, usual_collateral,
        usual_risk, valid_collateral, valid_risk,
    },
};

const DAY: u64 = 86_400;

/// A ramp's value in basis points, exact.
fn value(ramp: &Ramp) -> model::Rational {
    ratio(ramp.value, int(1) << 32)
}

fn moving(from: u32, target: u32, step: u32) -> Ramp {
    Ramp { target, step, ..Ramp::at_rest(Bps::new(from)) }
}

#[test]
fn ranges_by_hand() {
    // calm, stressed, stress: value
    let table = [
        (8_000, 7_000, 0, 8_000),
        (8_000, 7_000, 1, 7_999), // a tenth of a basis point, rounded towards the stressed end
        (8_000, 7_000, 10, 7_999),
        (8_000, 7_000, 11, 7_998),
        (8_000, 7_000, 5_000, 7_500),
        (8_000, 7_000, 9_991, 7_000), // 999.1
        (8_000, 7_000, 9_990, 7_001),
        (8_000, 7_000, 10_000, 7_000),
        (500, 2_000, 0, 500),
        (500, 2_000, 1, 501), // 0.15
        (500, 2_000, 5_000, 1_250),
        (500, 2_000, 10_000, 2_000),
        (700, 700, 5_000, 700),
        (10_000, 0, 3_333, 6_667),
        (0, 10_000, 3_333, 3_333),
    ];
    for (calm, stressed, stress, at) in table {
        assert_eq!(range(calm, stressed).at(Bps::new(stress)), Bps::new(at), "{calm} to {stressed} at {stress}");
    }
}

#[test]
fn gauges_by_hand() {
    // A step of 86,400 is one a second: nothing is rounded.
    let fast = moving(7_500, 7_000, 86_400);
    assert_eq!(
        (fast.after(0).floor(), fast.after(1).floor(), fast.after(499).ceil()),
        (Bps::new(7_500), Bps::new(7_499), Bps::new(7_001))
    );
    for seconds in [500, 501, u64::MAX] {
        assert_eq!(fast.after(seconds).floor(), Bps::new(7_000), "after {seconds}");
        assert_eq!(fast.after(seconds).value, 7_000 << 32, "after {seconds}: never overshoots");
    }
    let up = moving(7_000, 7_003, 86_400);
    assert_eq!([0, 1, 2, 3, 4].map(|seconds| up.after(seconds).floor().get()), [7_000, 7_001, 7_002, 7_003, 7_003]);
    // 100 a day: 100 * 2^32 / 86,400 = 4,971,026.96 a second, cut. A day is 4,971,026 * 86,400 of 2^32: 83,340 short of
    // 100.
    let slow = moving(7_500, 7_000, 100);
    let day = slow.after(DAY);
    assert_eq!(day.value, (7_400_u64 << 32) + (100_u64 << 32) % 86_400);
    assert_eq!((day.floor(), day.ceil()), (Bps::new(7_400), Bps::new(7_401)));
    // One a day is 49,710.27 a second: cut to 49,710.
    assert_eq!(moving(0, 1, 1).after(1).value, 49_710);
}

#[test]
fn gauges_at_rest_stay() {
    let rest = Ramp::at_rest(Bps::new(7_500));
    assert_eq!((rest.floor(), rest.ceil(), rest.target, rest.step), (Bps::new(7_500), Bps::new(7_500), 7_500, 0));
    for ramp in
        [rest, moving(7_500, 7_500, 10_000), moving(0, 0, 1), moving(u32::MAX, u32::MAX, u32::MAX), Ramp::default()]
    {
        for seconds in [0, 1, DAY, u64::MAX] {
            assert_eq!(ramp.after(seconds), ramp);
        }
    }
    // Without a step it stays where it is, wherever it heads.
    assert_eq!(moving(7_500, 7_000, 0).after(u64::MAX), moving(7_500, 7_000, 0));
}

#[test]
fn roundings_of_a_gauge() {
    let at = |value: u64| Ramp { value, target: 0, step: 0 };
    assert_eq!((at(1).floor(), at(1).ceil()), (Bps::ZERO, Bps::new(1)));
    assert_eq!((at((5 << 32) - 1).floor(), at((5 << 32) - 1).ceil()), (Bps::new(4), Bps::new(5)));
    assert_eq!((at(5 << 32).floor(), at(5 << 32).ceil()), (Bps::new(5), Bps::new(5)));
    assert_eq!((at(u64::MAX).floor(), at(u64::MAX).ceil()), (Bps::new(u32::MAX), Bps::new(u32::MAX)));
}

#[test]
fn limits_by_hand() {
    let risk = |ltv, threshold| CollateralRisk { max_ltv: ltv, threshold, at: 1_000 };
    // Both fall by one a second.
    let falling = risk(moving(7_500, 7_000, 86_400), moving(8_000, 7_900, 86_400));
    let table =
        [(1_000, 7_500, 8_000), (1_010, 7_490, 7_990), (1_100, 7_400, 7_900), (9_999, 7_000, 7_900), (0, 7_500, 8_000)];
    for (now, ltv, threshold) in table {
        assert_eq!(falling.limits(now), (Bps::new(ltv), Bps::new(threshold)), "at {now}");
    }
    // A second at 100 a day: a little below 7,500 is 7,499, a little below 8,000 is 8,000.
    let slow = risk(moving(7_500, 7_000, 100), moving(8_000, 7_900, 100));
    assert_eq!(slow.limits(1_001), (Bps::new(7_499), Bps::new(8_000)));
    // The limit is never above the threshold, even where governance moved only that.
    let crossing = risk(Ramp::at_rest(Bps::new(7_500)), moving(7_600, 7_000, 86_400));
    assert_eq!(crossing.limits(1_100), (Bps::new(7_500), Bps::new(7_500)));
    assert_eq!(crossing.limits(1_300), (Bps::new(7_300), Bps::new(7_300)));
    let terms = usual_collateral();
    assert_eq!(CollateralRisk::at_rest(&terms, 5).limits(i64::MAX), (terms.max_ltv.calm, terms.threshold.calm));
}

#[test]
fn headings_by_hand() {
    // From 75 % to 50 % over full stress, hysteresis of 50.
    let terms = usual_collateral();
    let mut risk = CollateralRisk::at_rest(&terms, 0);
    // stress of volatility: target of the limit, target of the threshold (from 80 % to 70 %)
    let table = [
        (100, 7_500, 8_000),    // 7,475 and 7,990: 25 and 10 away
        (196, 7_500, 8_000),    // 7,451
        (197, 7_450, 8_000),    // 7,450.75, rounded down: 50 away
        (390, 7_450, 8_000),    // 7,402 and 7,961: 48 and 39 away
        (400, 7_400, 8_000),    // 7,400 and 7,960
        (500, 7_400, 7_950),    // 7,375 and 7,950
        (0, 7_500, 8_000),      // a bound
        (10_000, 5_000, 7_000), // the other
        (9_999, 5_000, 7_000),  // 5,001 rounds to 5,000, 7,001 to 7,000
        (9_900, 5_000, 7_000),  // 5,025 and 7,010
        (9_800, 5_050, 7_000),
        (0, 7_500, 8_000),
    ];
    for (stress, ltv, threshold) in table {
        risk = risk.refresh(&terms, &Stress::default(), Bps::new(stress), 0);
        assert_eq!((risk.max_ltv.target, risk.threshold.target), (ltv, threshold), "at {stress}");
        assert_eq!(risk.limits(0), (Bps::new(7_500), Bps::new(8_000)), "bounded-risk");
    }
    // Steps: the limit falls by 500 and rises by 100 a day, the threshold by 100 each.
    let down = risk.refresh(&terms, &Stress::default(), Bps::ONE, 0);
    assert_eq!((down.max_ltv.step, down.threshold.step), (500, 100));
    assert_eq!(down.limits(86_400), (Bps::new(7_000), Bps::new(7_901)));
    let back = down.refresh(&terms, &Stress::default(), Bps::ZERO, 86_400);
    assert_eq!((back.max_ltv.step, back.threshold.step, back.at), (100, 100, 86_400));
    // A day up is a little less than 100, as the day down was a little less than 500.
    assert_eq!(back.limits(172_800), (Bps::new(7_099), Bps::new(8_000)));
}

#[test]
fn a_threshold_rises_as_it_falls() {
    let terms = usual_collateral();
    let middle = CollateralRisk { threshold: Ramp::at_rest(Bps::new(7_500)), ..CollateralRisk::at_rest(&terms, 0) };
    let step = |volatility| middle.refresh(&terms, &Stress::default(), volatility, 0);
    let (falling, rising) = (step(Bps::ONE), step(Bps::ZERO));
    assert_eq!((falling.threshold.step, rising.threshold.step), (100, 100), "bounded-risk");
    // A day is a little less than the step: the threshold is rounded up.
    assert_eq!(falling.limits(86_400).1, Bps::new(7_401), "bounded-risk");
    assert_eq!(rising.limits(86_400).1, Bps::new(7_600), "bounded-risk");
    // The same where governance moves the bounds above it, and back below.
    for threshold in [range(9_000, 8_500), range(7_000, 6_000)] {
        assert_eq!(middle.bounded(&CollateralTerms { threshold, ..terms }, 0).threshold.step, 100, "bounded-risk");
    }
}

#[test]
fn a_clock_that_goes_back_moves_no_limit_and_keeps_the_time() {
    let terms = usual_collateral();
    let down = CollateralRisk::at_rest(&terms, 1_000).refresh(&terms, &Stress::default(), Bps::ONE, 1_000);
    for now in [999, 0, -1, i64::MIN] {
        let after = down.refresh(&terms, &Stress::default(), Bps::ONE, now);
        assert_eq!((after, after.limits(now)), (down, down.limits(1_000)), "bounded-risk: at {now}");
        assert_eq!(down.bounded(&terms, now), down, "bounded-risk: at {now}");
    }
}

#[test]
fn who_moves_what() {
    let (pool, terms) = (usual_risk(), usual_collateral());
    let rest = CollateralRisk::at_rest(&terms, 0);
    let of = |utilisation, losses, coverage| Stress {
        utilisation: Bps::new(utilisation),
        losses: Bps::new(losses),
        coverage: Bps::new(coverage),
    };
    // stress, volatility: targets of limit and threshold, of the insurance factor and the loss-sharing ratio
    let table = [
        (of(0, 0, 0), 0, 7_500, 8_000, 500, 7_000),
        (of(5_000, 0, 0), 0, 6_250, 8_000, 500, 7_000), // utilisation: the limit only
        (of(0, 5_000, 0), 0, 6_250, 8_000, 1_250, 7_000), // losses: the limit and the factor
        (of(0, 0, 5_000), 0, 7_500, 8_000, 1_250, 5_500), // coverage: the factor and the ratio
        (of(0, 0, 0), 5_000, 6_250, 7_500, 500, 7_000), // volatility: the limit and the threshold
        (of(1_000, 4_000, 2_000), 3_000, 6_500, 7_700, 1_100, 6_400), // the greatest counts
    ];
    for (stress, volatility, ltv, threshold, factor, share) in table {
        let limits = rest.refresh(&terms, &stress, Bps::new(volatility), 0);
        assert_eq!((limits.max_ltv.target, limits.threshold.target), (ltv, threshold), "{stress:?}");
        let parts = PoolRisk::at_rest(&pool, 0).refresh(&pool, &stress, &Losses::default(), false, 0);
        assert_eq!((parts.insurance_factor.target, parts.insurance_share.target), (factor, share), "{stress:?}");
    }
}

#[test]
fn a_pool_moves_when_refreshed_and_by_a_day_at_most() {
    let terms = usual_risk();
    let stress = Stress { coverage: Bps::ONE, ..Stress::default() };
    let refresh = |risk: &PoolRisk, on_hold, now| risk.refresh(&terms, &stress, &Losses::default(), on_hold, now);
    let parts = |risk: &PoolRisk| (risk.insurance_factor.floor().get(), risk.insurance_share.ceil().get());
    let first = refresh(&PoolRisk::at_rest(&terms, 0), false, 0);
    assert_eq!(parts(&first), (500, 7_000), "bounded-risk");
    // A day is 500 and 100, less what is cut; ten days at once are one.
    for now in [86_400, 864_000, i64::MAX] {
        let after = refresh(&first, false, now);
        assert_eq!((parts(&after), after.at), ((999, 6_901), now), "bounded-risk");
    }
    // Not while anything is on hold; but it may head elsewhere.
    let stands = refresh(&first, true, 86_400);
    assert_eq!((parts(&stands), stands.insurance_share.target), ((999, 7_000), 4_000));
    // The time that it stood does not come back.
    assert_eq!(parts(&refresh(&stands, false, 86_400)), (999, 7_000));
    // A clock that goes back moves nothing and keeps the time.
    let back = refresh(&first, false, -5);
    assert_eq!((parts(&back), back.at), ((500, 7_000), 0));
}

#[test]
fn governance_moves_bounds_by_hand() {
    let (pool, terms) = (usual_risk(), usual_collateral());
    let rest = CollateralRisk::at_rest(&terms, 0);
    // Both ranges lowered: the limit is within at once, the threshold goes there.
    let lower = CollateralTerms { max_ltv: range(6_000, 4_000), threshold: range(6_500, 6_000), ..terms };
    let moved = rest.bounded(&lower, 50);
    assert_eq!((moved.limits(50), moved.at), ((Bps::new(6_000), Bps::new(8_000)), 50), "bounded-risk");
    assert_eq!((moved.max_ltv.target, moved.threshold.target, moved.threshold.step), (6_000, 6_500, 100));
    assert_eq!(moved.limits(50 + 86_400), (Bps::new(6_000), Bps::new(7_901)));
    // Both raised: the same the other way.
    let higher = CollateralTerms { max_ltv: range(8_500, 8_000), threshold: range(9_000, 8_800), ..terms };
    let moved = rest.bounded(&higher, 50);
    assert_eq!((moved.max_ltv.target, moved.threshold.target), (8_000, 8_800));
    assert_eq!(moved.limits(50), (Bps::new(8_000), Bps::new(8_000)), "bounded-risk: at most the threshold");
    // What is within stays.
    let wider = CollateralTerms { max_ltv: range(8_000, 1_000), threshold: range(9_000, 1_000), ..terms };
    assert_eq!(rest.bounded(&wider, 0).limits(86_400), rest.limits(0));
    // A pool's parts are within at once.
    let parts = RiskTerms { insurance_factor: range(600, 800), insurance_share: range(5_000, 1_000), ..pool };
    let moved = PoolRisk::at_rest(&pool, 7).bounded(&parts);
    assert_eq!(
        (moved.insurance_factor.floor(), moved.insurance_share.floor(), moved.at),
        (Bps::new(600), Bps::new(5_000), 7)
    );
    let parts = RiskTerms { insurance_factor: range(0, 100), insurance_share: range(9_000, 8_000), ..pool };
    let moved = PoolRisk::at_rest(&pool, 7).bounded(&parts);
    assert_eq!((moved.insurance_factor.floor(), moved.insurance_share.floor()), (Bps::new(100), Bps::new(8_000)));
}

fn stress(totals: &Totals, fund: u64, losses: u64) -> (u32, u32, u32) {
    let stress = usual_risk().stress(&always(totals), Assets::new(fund), Assets::new(losses)).unwrap();
    (stress.utilisation.get(), stress.losses.get(), stress.coverage.get())
}

#[test]
fn stress_by_hand() {
    // Nothing lent, nothing there: no stress.
    assert_eq!(stress(&fresh_pool(0, 0), 0, 0), (0, 0, 0));
    assert_eq!(stress(&fresh_pool(1_000, 0), 0, 0), (0, 0, 0));
    // Utilisation from 80 % to 100 %: at 80 % none, 80.01 % is 0.05 %, 90 % half, 100 % all.
    let fund = u64::MAX;
    for (lent, utilisation) in [(8_000, 0), (8_001, 5), (9_000, 5_000), (9_999, 9_995), (10_000, 10_000)] {
        assert_eq!(stress(&fresh_pool(10_000 - lent, lent), fund, 0), (utilisation, 0, 0), "{lent} of 10,000");
    }
    // Losses over themselves plus debt, from 0.1 % to 5 %: 10 of 10,000 are none, 11 are a 490th of the way, 59 a
    // tenth, 255 half, 500 all.
    for (lost, losses) in [(10, 0), (11, 20), (59, 1_000), (255, 5_000), (500, 10_000), (9_999, 10_000)] {
        assert_eq!(stress(&fresh_pool(1 << 40, 10_000 - lost), fund, lost), (0, losses, 0), "{lost} of 10,000");
    }
    // Without debt any loss is all there is.
    assert_eq!(stress(&fresh_pool(500, 0), fund, 1), (0, 10_000, 0));
    assert_eq!(stress(&fresh_pool(1, 1), u64::MAX, u64::MAX), (0, 10_000, 0));
    // Coverage: a tenth of 10,000 is aimed at.
    for (fund, coverage) in [(0, 10_000), (1, 9_990), (500, 5_000), (999, 10), (1_000, 0), (u64::MAX, 0)] {
        assert_eq!(stress(&fresh_pool(1 << 40, 10_000), fund, 0), (0, 0, coverage), "a fund of {fund}");
    }
    // So little debt that a tenth of it is nothing: nothing is missing.
    assert_eq!(stress(&fresh_pool(1 << 40, 9), 0, 0), (0, 0, 0));
}

#[test]
fn volatility_by_hand() {
    let terms = usual_collateral();
    let of = |deviation: u64| Average { price: dollars(1), variance: deviation.pow(2), at: 0 };
    let still = of(0);
    // From 5 % to 25 %, in billionths; below a basis point is cut.
    let table = [
        (0, 0),
        (50_000_000, 0),
        (50_099_999, 0),
        (50_100_000, 5),
        (150_000_000, 5_000),
        (249_999_999, 9_995),
        (250_000_000, 10_000),
        (4_294_967_295, 10_000),
    ];
    for (deviation, stress) in table {
        assert_eq!(terms.volatility(&of(deviation), &still), Bps::new(stress), "{deviation}");
        assert_eq!(terms.volatility(&still, &of(deviation)), Bps::new(stress), "{deviation}");
    }
    // 9 % and 12 % are 15 %.
    assert_eq!(terms.volatility(&of(90_000_000), &of(120_000_000)), Bps::new(5_000));
}

#[test]
fn losses_by_hand() {
    let risk = |losses, recorded, at| PoolRisk {
        losses: Assets::new(losses),
        recorded: Assets::new(recorded),
        at,
        ..PoolRisk::default()
    };
    let counted = |risk: PoolRisk, recorded, now| {
        risk.losses_at(Assets::new(recorded), 100, now).map(|losses| losses.count.get())
    };
    let before = risk(1_000, 5_000, 50);
    // 1,000 * 100 / (100 + t), rounded up; new losses whole.
    assert_eq!(counted(before, 5_000, 50), Ok(1_000));
    assert_eq!(counted(before, 5_000, 150), Ok(500));
    assert_eq!(counted(before, 5_000, 151), Ok(498)); // 497.51
    assert_eq!(counted(before, 5_070, 150), Ok(570));
    assert_eq!(counted(before, 5_000, 0), Ok(1_000)); // a clock that goes back
    assert_eq!(counted(before, 4_000, 50), Ok(1_000)); // and a sum that falls, which it never does
    assert_eq!(counted(before, 5_000, i64::MAX), Ok(1));
    assert_eq!(counted(risk(u64::MAX, 0, 0), u64::MAX, 0), Ok(u64::MAX));
    let kept = before.losses_at(Assets::new(5_070), 100, 150).unwrap();
    assert_eq!(kept.recorded, Assets::new(5_070));
}

#[test]
fn every_bound_of_a_pool_one_by_one() {
    let usual = usual_risk();
    let (zero, one, more) = (Bps::ZERO, Bps::ONE, Bps::new(10_001));
    let valid = [
        usual,
        RiskTerms { insurance_factor: range(0, 10_000), insurance_share: range(10_000, 0), ..usual },
        RiskTerms { insurance_factor: range(700, 700), insurance_share: range(700, 700), ..usual },
        RiskTerms { kink: zero, target_coverage: zero, window_seconds: 0, ..usual },
        RiskTerms { kink: Bps::new(9_999), target_coverage: one, window_seconds: u32::MAX, ..usual },
    ];
    for terms in valid {
        assert_eq!(terms.validate(), Ok(()), "{terms:?}");
    }
    let invalid = [
        RiskTerms { insurance_factor: range(500, 10_001), ..usual },
        RiskTerms { insurance_factor: range(10_001, 10_001), ..usual },
        RiskTerms { insurance_factor: range(501, 500), ..usual },
        RiskTerms { insurance_share: range(10_001, 500), ..usual },
        RiskTerms { insurance_share: range(500, 501), ..usual },
        RiskTerms { target_coverage: more, ..usual },
    ];
    for terms in invalid {
        assert_eq!(terms.validate(), Err(Error::InvalidParameter), "{terms:?}");
    }
}

#[test]
fn every_bound_of_a_collateral_one_by_one() {
    let usual = usual_collateral();
    let valid = [
        usual,
        CollateralTerms { max_ltv: range(0, 0), threshold: range(0, 0), ..usual },
        CollateralTerms { max_ltv: range(10_000, 10_000), threshold: range(10_000, 10_000), ..usual },
        CollateralTerms { max_ltv: range(8_000, 7_000), ..usual },
        CollateralTerms { stressed_deviation: Bps::new(1), ..usual },
        CollateralTerms { stressed_deviation: Bps::new(u32::MAX), ..usual },
    ];
    for terms in valid {
        assert_eq!(terms.validate(), Ok(()), "{terms:?}");
    }
    let invalid = [
        CollateralTerms { max_ltv: range(8_001, 5_000), ..usual },
        CollateralTerms { max_ltv: range(7_500, 7_001), ..usual },
        CollateralTerms { max_ltv: range(5_000, 5_001), ..usual },
        CollateralTerms { threshold: range(8_000, 8_001), ..usual },
        CollateralTerms { threshold: range(10_001, 7_000), ..usual },
        CollateralTerms { stressed_deviation: Bps::ZERO, ..usual },
    ];
    for terms in invalid {
        assert_eq!(terms.validate(), Err(Error::InvalidParameter), "{terms:?}");
    }
}

#[test]
fn refreshing_every_second_loses_nothing() {
    let (pool, terms) = (usual_risk(), usual_collateral());
    let stress = Stress { utilisation: Bps::new(100), losses: Bps::new(3_000), coverage: Bps::new(7_000) };
    let volatility = Bps::new(9_000);
    let losses = Losses::default();
    let limits = CollateralRisk::at_rest(&terms, 0).refresh(&terms, &stress, volatility, 0);
    let parts = PoolRisk::at_rest(&pool, 0).refresh(&pool, &stress, &losses, false, 0);
    let (mut every, mut each) = (limits, parts);
    for now in 1..=86_400 {
        every = every.refresh(&terms, &stress, volatility, now);
        each = each.refresh(&pool, &stress, &losses, false, now);
    }
    assert_eq!(every, limits.refresh(&terms, &stress, volatility, 86_400), "bounded-risk");
    assert_eq!(each, parts.refresh(&pool, &stress, &losses, false, 86_400), "bounded-risk");
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn ranges_agree_with_the_model((calm, stressed) in (0_u32..=10_000, 0_u32..=10_000), stress in 0_u32..10_000) {
        let range = range(calm, stressed);
        let at = |stress| i64::from(range.at(Bps::new(stress)).get());
        // Rounded towards the stressed end.
        let exact = whole(calm) + whole(i64::from(stressed) - i64::from(calm)) * bps(Bps::new(stress));
        let expected = if stressed < calm { down(&exact) } else { up(&exact) };
        prop_assert_eq!(int(at(stress)), expected);
        prop_assert_eq!((at(0), at(10_000)), (i64::from(calm), i64::from(stressed)));
        // More stress never goes back.
        prop_assert!((at(stress + 1) - at(stress)) * (i64::from(stressed) - i64::from(calm)) >= 0);
    }

    #[test]
    fn gauges_agree_with_the_model(
        from in 0_u64..10_000 << 32, target in 0_u32..=10_000, step in prop_oneof![0_u32..=10_000, 0_u32..10],
        (first, second) in (0_u64..200_000, prop_oneof![0_u64..200_000, any_size()]),
    ) {
        let ramp = Ramp { value: from, target, step };
        let after = ramp.after(first);
        prop_assert_eq!((after.target, after.step), (target, step));
        // A step a day, the part of a second cut to 2^-32.
        let a_second = down(&(ratio(step, DAY) * whole(int(1) << 32)));
        let way: BigInt = int(target) * (int(1) << 32) - from;
        let room = a_second * first;
        let expected = if way < int(0) { -(-way).min(room) } else { way.min(room) };
        prop_assert_eq!(int(after.value), int(from) + expected);
        // Short of the exact pace by less than 2^-32 a second: below 0.00003 basis points a day.
        let exact = (whole(target) - value(&ramp)).abs().min(ratio(step, DAY) * whole(first));
        let moved = (value(&after) - value(&ramp)).abs();
        prop_assert!(moved <= exact && exact - moved <= ratio(first, int(1) << 32));
        // In two steps as in one.
        prop_assert_eq!(after.after(second), ramp.after(first.saturating_add(second)));
        // Floor and ceiling.
        prop_assert_eq!(int(after.floor().get()), down(&value(&after)));
        prop_assert_eq!(int(after.ceil().get()), up(&value(&after)));
    }

    #[test]
    fn stress_agrees_with_the_model(
        totals in pool_with_history(), terms in valid_risk(),
        (fund, losses) in (any_size(), prop_oneof![Just(0), any_size(), real_amount()]),
    ) {
        let stress = terms.stress(&always(&totals), Assets::new(fund), Assets::new(losses)).unwrap();
        let debt = LossState::from(&totals).performing_debt();
        let part = |part: model::Rational| down(&(part * whole(10_000)));
        let of = |top, bottom: BigInt| if bottom == int(0) { int(0) } else { part(ratio(top, bottom)) };
        let between = |reading: BigInt, calm: Bps, stressed: Bps| {
            let way = ratio(reading - calm.get(), stressed.get() - calm.get());
            part(way.max(whole(0)).min(whole(1)))
        };
        let utilisation = of(debt.clone(), &debt + totals.cash.get());
        let all = (&debt + losses).min(int(u64::MAX));
        let lost = of(int(losses), all);
        let target = down(&(whole(debt) * bps(terms.target_coverage)));
        let missing = of((&target - fund).max(int(0)), target);
        prop_assert_eq!(
            int(stress.utilisation.get()),
            between(utilisation, Bps::new((terms.kink.get() + 10_000) / 2), Bps::ONE)
        );
        prop_assert_eq!(int(stress.losses.get()), between(lost, Bps::new(10), Bps::new(500)));
        prop_assert_eq!(int(stress.coverage.get()), missing);
        for stress in [stress.utilisation, stress.losses, stress.coverage] {
            prop_assert!(stress <= Bps::ONE);
        }
    }

    /// No progress is lost by refreshing often: any times in between give what one refresh gives, to the bit.
    #[test]
    fn refreshing_often_loses_nothing(
        pool in valid_risk(), terms in valid_collateral(),
        (first, then) in ((0_u32..=10_000, 0_u32..=10_000), (0_u32..=10_000, 0_u32..=10_000)),
        times in prop::collection::vec(0_i64..20_000, 1..30), start in 0_i64..200_000,
    ) {
        let of =
            |(one, two): (u32, u32)| Stress { losses: Bps::new(one), coverage: Bps::new(two), ..Stress::default() };
        let losses = Losses::default();
        // Some history, then still.
        let limits = CollateralRisk::at_rest(&terms, 0).refresh(&terms, &of(first), Bps::new(first.1), 0).refresh(
            &terms,
            &of(then),
            Bps::new(then.1),
            start,
        );
        let parts = PoolRisk::at_rest(&pool, 0).refresh(&pool, &of(first), &losses, false, 0).refresh(
            &pool,
            &of(then),
            &losses,
            false,
            start,
        );
        let (mut every, mut each, mut now) = (limits, parts, start);
        for passed in times {
            now += passed;
            every = every.refresh(&terms, &of(then), Bps::new(then.1), now);
            prop_assert_eq!(every, limits.refresh(&terms, &of(then), Bps::new(then.1), now), "bounded-risk");
            prop_assert_eq!(every.limits(now), limits.limits(now), "bounded-risk");
            if now - start <= 86_400 {
                each = each.refresh(&pool, &of(then), &losses, false, now);
                prop_assert_eq!(each, parts.refresh(&pool, &of(then), &losses, false, now), "bounded-risk");
            }
        }
    }

    /// Losses fade by `t / (window + t)` in one step, and no faster than `t / window` in many; each step rounds up by
    /// less than one.
    #[test]
    fn losses_fade_within_bounds(
        losses in real_amount(), window in 1_u32..10_000_000, times in prop::collection::vec(0_i64..100_000, 1..40),
    ) {
        let mut risk = PoolRisk { losses: Assets::new(losses), ..PoolRisk::default() };
        let (mut now, mut calls) = (0, 0);
        for passed in times {
            now += passed;
            calls += 1;
            let counted = risk.losses_at(Assets::ZERO, window, now).unwrap();
            prop_assert!(counted.count <= risk.losses);
            risk = PoolRisk { losses: counted.count, at: now, ..risk };
            let found = whole(risk.losses.get());
            let once = whole(losses) * ratio(window, i64::from(window) + now);
            prop_assert!(found < once + whole(calls), "fades too slowly");
            let most = whole(losses) * (whole(1) - ratio(now, window));
            prop_assert!(found >= most, "fades too fast");
        }
    }

    #[test]
    fn nothing_panics(
        values in prop::collection::vec(any::<u64>(), 8), small in prop::collection::vec(any::<u32>(), 16),
        (at, now) in (any::<i64>(), any::<i64>()),
        totals in pool_with_history(), on_hold in any::<bool>(),
    ) {
        let bps = |at: usize| Bps::new(small[at]);
        let pool = RiskTerms {
            insurance_factor: range(small[0], small[1]),
            insurance_share: range(small[2], small[3]),
            kink: bps(8),
            target_coverage: bps(10),
            window_seconds: small[13],
        };
        let terms = CollateralTerms {
            max_ltv: range(small[0], small[2]),
            threshold: range(small[4], small[6]),
            stressed_deviation: bps(15),
        };
        let ramp = |value: usize, small_at: usize| Ramp {
            value: values[value],
            target: small[small_at],
            step: small[small_at + 1],
        };
        let _ = (
            pool.validate(),
            terms.validate(),
            pool.stress(&always(&totals), Assets::new(values[0]), Assets::new(values[1])),
        );
        let average = Average { price: Value::new(values[2].into()), variance: values[3], at };
        let volatility = terms.volatility(&average, &average);
        prop_assert!(volatility <= Bps::ONE);
        let risk = PoolRisk {
            insurance_factor: ramp(4, 0),
            insurance_share: ramp(5, 2),
            losses: Assets::new(values[6]),
            recorded: Assets::new(values[7]),
            at,
        };
        let stress = Stress { utilisation: bps(0), losses: bps(1), coverage: bps(2) };
        if let Ok(losses) = risk.losses_at(Assets::new(values[1]), small[13].max(1), now) {
            let _ = risk.refresh(&pool, &stress, &losses, on_hold, now).bounded(&pool);
        }
        let limits = CollateralRisk { max_ltv: ramp(4, 4), threshold: ramp(5, 6), at };
        let _ = limits.refresh(&terms, &stress, bps(3), now).bounded(&terms, at).limits(now);
    }
}
