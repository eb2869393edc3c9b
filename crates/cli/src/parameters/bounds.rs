//! The rules for parameters, in words. The engine checks them, in the same order as the program.

use backstop_client::{Collateral, CollateralParameters, OracleParameters, Parameter, Pool, PoolParameters};
use backstop_engine::{
    Result, average::validate_horizon, bounds, governance::validate_timelock, hold::validate_hold, quantity::Bps,
};

use super::Bytes;

/// A broken rule, with the parameters' names as in files.
pub type Broken = &'static str;

const RATES: Broken = "base_bps, slope1_bps and slope2_bps can be at most 1000%, kink_bps must be above 0 and below \
    100%, and \
    reserve_factor_bps plus stressed_insurance_factor_bps can be at most 100%";
const INSURANCE: Broken =
    "insurance_share_bps and draw_cap_bps can be at most 100%, and window_seconds must be from 1h to 60d";
const RISK: Broken = "insurance_factor_bps can be at most stressed_insurance_factor_bps, stressed_insurance_share_bps \
    at most \
    insurance_share_bps, and all of these and target_coverage_bps at most 100%";
const HOLD: Broken = "hold_seconds must be from 10m to 1d";
const AVERAGE: Broken = "average_seconds must be from 10m to 30d";
const BREAKER: Broken = "breaker_limit_bps can be at most 100%";
const NOTICE: Broken =
    "notice_seconds must be 0 or from hold_seconds to 1d, and breaker_notice_seconds from hold_seconds to 1d";
const COOLDOWN: Broken = "cooldown_seconds must be from 1d to 60d";
const DEFAULT_AGE: Broken = "min_default_age_slots can be at most 216000";
const LIQUIDATION: Broken =
    "insurance_cut_bps can be at most 100%, target_health_bps must be from 100% to 200%, and dust_value at most 100";
const LIQUIDITY_FEED: Broken = "liquidity_feed must be a feed, liquidity_max_age_seconds must be from 1 to 1d, and \
    liquidity_max_confidence_bps above 0 and at most 20%";
const LIQUIDITY_SECOND_FEED: Broken = "liquidity_second_feed must differ from liquidity_feed, \
    and liquidity_max_divergence_bps can be at most 20%";
const COLLATERAL_FEED: Broken = "collateral_feed must be a feed, collateral_max_age_seconds must be from 1 to 1d, and \
    collateral_max_confidence_bps above 0 and at most 20%";
const COLLATERAL_SECOND_FEED: Broken = "collateral_second_feed must differ from collateral_feed, \
    and collateral_max_divergence_bps can be at most 20%";
const LIMITS: Broken = "max_ltv_bps can be at most liquidation_threshold_bps, the lower of stressed_max_ltv_bps and \
    max_ltv_bps at \
    most stressed_threshold_bps, stressed_threshold_bps at most liquidation_threshold_bps, liquidation_threshold_bps \
    at most 100%, \
    and stressed_deviation_bps must be above 0";
const BONUS: Broken = "bonus_min_bps can be at most bonus_max_bps, bonus_max_bps at most 50%, and \
    liquidation_threshold_bps * (1 + bonus_min_bps) at most 100%";
const TOO_LARGE: Broken = "the value is too large";
const TIMELOCK: Broken = "timelock_seconds must be from 1d to 30d";

/// Returns the first rule that a pool's parameters break.
pub fn broken_in_pool(parameters: &PoolParameters) -> Option<Broken> {
    let stressed_factor = Bps::new(parameters.risk.stressed_insurance_factor_bps);
    let (loss, exit, terms) = (&parameters.loss, &parameters.exit, parameters.liquidation_terms());
    let rules = [
        (parameters.rate_model(stressed_factor).validate(), RATES),
        (parameters.insurance_limits(Bps::new(loss.insurance_share_bps)).validate(), INSURANCE),
        (parameters.risk_terms().validate(), RISK),
        (validate_hold(loss.hold_seconds), HOLD),
        (validate_horizon(parameters.risk.average_seconds), AVERAGE),
        (exit.breaker(loss.hold_seconds).validate(), BREAKER),
        (exit.notices().validate(loss.hold_seconds), NOTICE),
        (bounds::DEFAULT_AGE_SLOTS.check(loss.min_default_age_slots), DEFAULT_AGE),
        (bounds::COOLDOWN_SECONDS.check(parameters.insurance.cooldown_seconds), COOLDOWN),
        (terms.validate(), LIQUIDATION),
    ];
    first(&rules).or_else(|| broken_in_oracle(&parameters.oracle, LIQUIDITY_FEED, LIQUIDITY_SECOND_FEED))
}

/// Returns the first rule that a collateral's parameters break.
pub fn broken_in_collateral(parameters: &CollateralParameters) -> Option<Broken> {
    let threshold = Bps::new(parameters.liquidation_threshold_bps);
    broken_in_oracle(&parameters.oracle, COLLATERAL_FEED, COLLATERAL_SECOND_FEED)
        .or_else(|| first(&[(parameters.terms().validate(), LIMITS), (parameters.bonus().validate(threshold), BONUS)]))
}

/// Returns the first rule that a pool would break with this value of a parameter.
pub fn broken_in_pool_by(pool: &Pool, parameter: Parameter, value: &Bytes) -> Option<Broken> {
    let mut parameters = pool.parameters;
    if parameters.field(parameter.rules())?.set(value).is_err() {
        return Some(TOO_LARGE);
    }
    broken_in_pool(&parameters)
}

/// Returns the first rule that a collateral would break with this value of a parameter.
pub fn broken_in_collateral_by(collateral: &Collateral, parameter: Parameter, value: &Bytes) -> Option<Broken> {
    let mut parameters = collateral.parameters;
    if parameters.field(parameter.rules())?.set(value).is_err() {
        return Some(TOO_LARGE);
    }
    // A lowered threshold may still be ramping down.
    let moving = parameters.bonus().validate(collateral.risk().threshold.ceil());
    broken_in_collateral(&parameters).or_else(|| first(&[(moving, BONUS)]))
}

/// Returns the rule that a timelock breaks.
pub fn broken_in_timelock(seconds: u32) -> Option<Broken> {
    first(&[(validate_timelock(seconds), TIMELOCK)])
}

fn broken_in_oracle(oracle: &OracleParameters, of_feed: Broken, of_second_feed: Broken) -> Option<Broken> {
    first(&[
        (bounds::PRICE_AGE_SECONDS.check(oracle.max_age_seconds), of_feed),
        (bounds::CONFIDENCE_BPS.check(oracle.max_confidence_bps), of_feed),
        (holds(oracle.feed != backstop_client::oracle::NO_FEED), of_feed),
        (bounds::DIVERGENCE_BPS.check(oracle.max_divergence_bps), of_second_feed),
        (holds(oracle.second_feed != oracle.feed), of_second_feed),
    ])
}

const fn holds(rule: bool) -> Result<()> {
    if rule { Ok(()) } else { Err(backstop_engine::Error::InvalidParameter) }
}

fn first(rules: &[(Result<()>, Broken)]) -> Option<Broken> {
    rules.iter().find(|(kept, _)| kept.is_err()).map(|(_, rule)| *rule)
}

#[cfg(test)]
mod tests {
    use backstop_client::verb;
    use backstop_engine::parameter::{Scope, number};

    use super::*;
    use crate::{
        blank::blank,
        parameters::{collateral_from_file, name, parse, pool_from_file, token},
    };

    fn pool() -> Pool {
        let text = include_str!("../../tests/cluster/pool.toml");
        let mut pool = Pool { parameters: pool_from_file(text, &token(6)).unwrap(), ..blank() };
        // At its maximum, so that the hold can be at its maximum too.
        pool.parameters.exit.breaker_notice_seconds = 86_400;
        pool
    }

    fn collateral() -> Collateral {
        let text = include_str!("../../tests/cluster/sol.toml");
        Collateral { parameters: collateral_from_file(text, &token(9)).unwrap(), ..blank() }
    }

    #[test]
    fn a_value_at_its_bound_is_fine_and_one_beyond_breaks_the_rule_that_names_it() {
        use Parameter as P;
        let (pool, collateral) = (pool(), collateral());
        // Each at its bound, and one step beyond.
        let of_pool = [
            (P::BaseBps, "1000%", "1000.01%"),
            (P::KinkBps, "99.99%", "100%"),
            (P::KinkBps, "1", "0"),
            (P::ReserveFactorBps, "100%", "100.01%"),
            (P::DrawCapBps, "100%", "100.01%"),
            (P::WindowSeconds, "1h", "3599"),
            (P::StressedInsuranceShareBps, "50%", "50.01%"),
            (P::TargetCoverageBps, "100%", "100.01%"),
            (P::HoldSeconds, "10m", "599"),
            (P::HoldSeconds, "1d", "86401"),
            (P::AverageSeconds, "10m", "599"),
            (P::AverageSeconds, "30d", "2592001"),
            (P::BreakerLimitBps, "100%", "100.01%"),
            (P::NoticeSeconds, "1d", "86401"),
            (P::NoticeSeconds, "1h", "3599"), // as short as the hold
            (P::BreakerNoticeSeconds, "1d", "86401"),
            (P::BreakerNoticeSeconds, "1h", "3599"),
            (P::CooldownSeconds, "1d", "86399"),
            (P::CooldownSeconds, "60d", "5184001"),
            (P::InsuranceCutBps, "100%", "100.01%"),
            (P::DustValue, "100", "100.000001"),
            (P::TargetHealthBps, "200%", "200.01%"),
            (P::LiquidityMaxConfidenceBps, "20%", "20.01%"),
            (P::LiquidityMaxAgeSeconds, "1", "0"),
        ];
        for (parameter, fine, broken) in of_pool {
            let rule = |text| broken_in_pool_by(&pool, parameter, &parse(parameter, text, 6).unwrap());
            assert_eq!(rule(fine), None, "{parameter:?} {fine}");
            assert!(rule(broken).unwrap().contains(&name(parameter)), "{parameter:?} {broken}: {:?}", rule(broken));
        }
        let of_collateral = [
            (P::MaxLtvBps, "80%", "80.01%"),
            (P::StressedThresholdBps, "75%", "74.99%"), // as low as the stressed limit
            (P::StressedDeviationBps, "1", "0"),
            (P::CollateralMaxConfidenceBps, "1", "0"),
            (P::BonusMaxBps, "50%", "50.01%"),
            (P::BonusMaxBps, "5%", "4.99%"), // as little as the least
            (P::BonusMinBps, "5%", "5.01%"),
            // 95.23 % * 1.05 = 99.99 %; 95.24 % * 1.05 = 100.002 %.
            (P::LiquidationThresholdBps, "95.23%", "95.24%"),
        ];
        for (parameter, fine, broken) in of_collateral {
            let value = |text| parse(parameter, text, 9).unwrap();
            let rule = |text| broken_in_collateral_by(&collateral, parameter, &value(text));
            assert_eq!(rule(fine), None, "{parameter:?} {fine}");
            assert!(rule(broken).unwrap().contains(&name(parameter)), "{parameter:?} {broken}: {:?}", rule(broken));
        }
        assert_eq!([86_400, 2_592_000].map(broken_in_timelock), [None; 2]);
        assert_eq!([86_399, 2_592_001].map(broken_in_timelock), [Some(TIMELOCK); 2]);
    }

    #[test]
    fn rules_of_several_parameters_name_all_of_them() {
        let (pool, collateral) = (pool(), collateral());
        // 80 % * 1.25 is 100 %, the maximum.
        let mut greedy = collateral.parameters;
        (greedy.bonus_min_bps, greedy.bonus_max_bps) = (2_500, 2_500);
        assert_eq!(broken_in_collateral(&greedy), None);
        (greedy.bonus_min_bps, greedy.bonus_max_bps) = (2_501, 2_501);
        assert_eq!(broken_in_collateral(&greedy), Some(BONUS));
        let mut twice = pool.parameters;
        twice.oracle.second_feed = twice.oracle.feed;
        assert_eq!(broken_in_pool(&twice), Some(LIQUIDITY_SECOND_FEED));
        let mut shared = pool.parameters;
        (shared.rates.reserve_factor_bps, shared.risk.stressed_insurance_factor_bps) = (6_000, 4_001);
        assert_eq!(broken_in_pool(&shared), Some(RATES));
    }

    /// Beyond the bounds of the table a value breaks a rule, whatever the other parameters are.
    #[test]
    fn the_bounds_of_the_table_are_the_rules() {
        let mut tried = 0;
        for parameter in Parameter::ALL.iter().copied() {
            let (least, most) = parameter.rules().bounds();
            let beyond = [least.checked_sub(1), most.checked_add(1).filter(|_| !parameter.rules().is_optional())];
            for value in beyond.into_iter().flatten().map(verb::number) {
                let broken = match parameter.rules().scope() {
                    Scope::Pool => broken_in_pool_by(&pool(), parameter, &value),
                    Scope::Collateral => broken_in_collateral_by(&collateral(), parameter, &value),
                    Scope::Market => broken_in_timelock(u32::try_from(number(&value).unwrap()).unwrap()),
                };
                assert!(broken.is_some(), "{parameter:?} can be {value:?}");
                tried += 1;
            }
        }
        // 36 numbers have a largest value, and 13 a least one above zero.
        assert_eq!(tried, 36 + 13);
    }
}
