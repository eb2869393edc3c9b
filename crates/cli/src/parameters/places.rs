//! The fields that hold the parameters.

use backstop_client::{Collateral, CollateralParameters, Market, Parameter, Pool, PoolParameters, verb};

use super::Bytes;

/// The field that holds a parameter.
pub(super) enum Field<'a> {
    Long(&'a mut u64),
    Short(&'a mut u32),
    Bytes(&'a mut [u8; 32]),
}

impl Field<'_> {
    fn get(&self) -> Bytes {
        match self {
            Self::Long(number) => verb::number(**number),
            Self::Short(number) => verb::number(u64::from(**number)),
            Self::Bytes(bytes) => **bytes,
        }
    }

    pub(super) fn set(&mut self, value: &Bytes) {
        let number = value.first_chunk().map_or(0, |low| u64::from_le_bytes(*low));
        match self {
            Self::Long(field) => **field = number,
            Self::Short(field) => **field = u32::try_from(number).unwrap_or(u32::MAX),
            Self::Bytes(field) => **field = *value,
        }
    }
}

pub(super) fn of_pool(parameters: &mut PoolParameters, parameter: Parameter) -> Option<Field<'_>> {
    use Field::{Bytes, Long, Short};
    let PoolParameters { loss, liquidation, exit, insurance, rates, risk, oracle, caps } = parameters;
    Some(match parameter {
        Parameter::DustValue => Long(&mut loss.dust_value),
        Parameter::MinDefaultAgeSlots => Short(&mut loss.min_default_age_slots),
        Parameter::HoldSeconds => Short(&mut loss.hold_seconds),
        Parameter::WindowSeconds => Short(&mut exit.window_seconds),
        Parameter::InsuranceShareBps => Short(&mut loss.insurance_share_bps),
        Parameter::DrawCapBps => Short(&mut loss.draw_cap_bps),
        Parameter::MinDebt => Long(&mut liquidation.min_debt),
        Parameter::InsuranceCutBps => Short(&mut liquidation.insurance_cut_bps),
        Parameter::TargetHealthBps => Short(&mut liquidation.target_health_bps),
        Parameter::BreakerMinLosses => Long(&mut exit.breaker_min_losses),
        Parameter::BreakerLimitBps => Short(&mut exit.breaker_limit_bps),
        Parameter::BreakerNoticeSeconds => Short(&mut exit.breaker_notice_seconds),
        Parameter::NoticeSeconds => Short(&mut exit.notice_seconds),
        Parameter::CooldownSeconds => Long(&mut insurance.cooldown_seconds),
        Parameter::BaseBps => Short(&mut rates.base_bps),
        Parameter::Slope1Bps => Short(&mut rates.slope1_bps),
        Parameter::KinkBps => Short(&mut rates.kink_bps),
        Parameter::Slope2Bps => Short(&mut rates.slope2_bps),
        Parameter::ReserveFactorBps => Short(&mut rates.reserve_factor_bps),
        Parameter::InsuranceFactorBps => Short(&mut rates.insurance_factor_bps),
        Parameter::AverageSeconds => Short(&mut risk.average_seconds),
        Parameter::MaxPremiumBps => Short(&mut risk.max_premium_bps),
        Parameter::TargetCoverageBps => Short(&mut risk.target_coverage_bps),
        Parameter::StressedInsuranceFactorBps => Short(&mut risk.stressed_insurance_factor_bps),
        Parameter::StressedInsuranceShareBps => Short(&mut risk.stressed_insurance_share_bps),
        Parameter::LiquidityFeed => Bytes(&mut oracle.feed),
        Parameter::LiquiditySecondFeed => Bytes(&mut oracle.second_feed),
        Parameter::LiquidityMaxAgeSeconds => Short(&mut oracle.max_age_seconds),
        Parameter::LiquidityMaxConfidenceBps => Short(&mut oracle.max_confidence_bps),
        Parameter::LiquidityMaxDivergenceBps => Short(&mut oracle.max_divergence_bps),
        Parameter::PoolDepositCap => Long(&mut caps.pool_deposit_cap),
        Parameter::BorrowCap => Long(&mut caps.borrow_cap),
        Parameter::ReleasedReserves => Long(&mut caps.released_reserves),
        _ => return None,
    })
}

pub(super) fn of_collateral(parameters: &mut CollateralParameters, parameter: Parameter) -> Option<Field<'_>> {
    use Field::{Bytes, Long, Short};
    let oracle = &mut parameters.oracle;
    Some(match parameter {
        Parameter::DepositCap => Long(&mut parameters.deposit_cap),
        Parameter::MaxLtvBps => Short(&mut parameters.max_ltv_bps),
        Parameter::StressedMaxLtvBps => Short(&mut parameters.stressed_max_ltv_bps),
        Parameter::LiquidationThresholdBps => Short(&mut parameters.liquidation_threshold_bps),
        Parameter::StressedThresholdBps => Short(&mut parameters.stressed_threshold_bps),
        Parameter::BonusMinBps => Short(&mut parameters.bonus_min_bps),
        Parameter::BonusMaxBps => Short(&mut parameters.bonus_max_bps),
        Parameter::StressedDeviationBps => Short(&mut parameters.stressed_deviation_bps),
        Parameter::CollateralFeed => Bytes(&mut oracle.feed),
        Parameter::CollateralSecondFeed => Bytes(&mut oracle.second_feed),
        Parameter::CollateralMaxAgeSeconds => Short(&mut oracle.max_age_seconds),
        Parameter::CollateralMaxConfidenceBps => Short(&mut oracle.max_confidence_bps),
        Parameter::CollateralMaxDivergenceBps => Short(&mut oracle.max_divergence_bps),
        _ => return None,
    })
}

/// The current value of a pool's parameter. `None` if the parameter is not a pool's.
pub fn value_in_pool(pool: &Pool, parameter: Parameter) -> Option<Bytes> {
    let mut parameters = pool.parameters;
    of_pool(&mut parameters, parameter).map(|field| field.get())
}

/// The current value of a collateral's parameter. `None` if the parameter is not a collateral's.
pub fn value_in_collateral(collateral: &Collateral, parameter: Parameter) -> Option<Bytes> {
    let mut parameters = collateral.parameters;
    of_collateral(&mut parameters, parameter).map(|field| field.get())
}

/// The current value of a market's parameter. `None` if the parameter is not a market's.
pub fn value_in_market(market: &Market, parameter: Parameter) -> Option<Bytes> {
    match parameter {
        Parameter::Guardian => Some(market.guardian.to_bytes()),
        Parameter::Treasury => Some(market.treasury.to_bytes()),
        Parameter::TimelockSeconds => Some(verb::number(market.timelock_seconds.into())),
        _ => None,
    }
}
