//! Parameters, as given when a pool is created or a collateral listed, and as stored.

use {
    crate::errors::{BackstopError, IntoProgramError},
    anchor_lang::prelude::*,
    backstop_engine::{average, bounds, hold::validate_hold, quantity::Bps},
    backstop_oracle::NO_FEED,
    bytemuck::{Pod, Zeroable},
};

/// The interest curve and who gets the interest. Yearly rates and parts in basis points.
#[derive(Clone, Copy, Pod, Zeroable, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
pub struct RateParameters {
    /// Yearly rate at no utilisation.
    pub base_bps: u32,
    /// What the rate gains up to the kink.
    pub slope1_bps: u32,
    /// Utilisation at which the curve turns steeper; above 0 and below 10,000.
    pub kink_bps: u32,
    /// What the rate gains from the kink to full utilisation.
    pub slope2_bps: u32,
    /// Part of the interest that goes to reserves.
    pub reserve_factor_bps: u32,
    /// Part of the interest that goes to the insurance fund while coverage is on target.
    pub insurance_factor_bps: u32,
}

/// How losses are recognised and shared.
#[derive(Clone, Copy, Pod, Zeroable, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
pub struct LossParameters {
    /// Collateral worth at most this, in micro-dollars, does not keep a debt from being recorded.
    pub dust_value: u64,
    /// Slots that must pass between the last borrow or collateral withdrawal and the recording of a loss. The slot of
    /// that step itself never counts, whatever this says.
    pub min_default_age_slots: u32,
    /// How long, in seconds, a mark stands before it is settled, and nobody is held longer; ten minutes to a day.
    pub hold_seconds: u32,
    /// The loss-sharing ratio while coverage is on target: the part of what reserves leave that the insurance fund
    /// pays.
    pub insurance_share_bps: u32,
    /// The most that draws in a window add up to, of the fund's assets before them.
    pub draw_cap_bps: u32,
}

/// How obligations are liquidated.
#[derive(Clone, Copy, Pod, Zeroable, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
pub struct LiquidationParameters {
    /// The least debt, in base units of liquidity, that borrowing may result in and liquidating may leave.
    pub min_debt: u64,
    /// Part of a liquidator's bonus that goes to the insurance fund.
    pub insurance_cut_bps: u32,
    /// The health that a liquidation restores: weighted collateral over debt.
    pub target_health_bps: u32,
}

/// How LPs leave, and when losses slow that down.
#[derive(Clone, Copy, Pod, Zeroable, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
pub struct ExitParameters {
    /// LP losses that add up to at most this, in base units of liquidity, never trip the breaker.
    pub breaker_min_losses: u64,
    /// LP losses within the window beyond this part of NAV trip the breaker; 10,000 is never.
    pub breaker_limit_bps: u32,
    /// How long, in seconds, an LP loss counts for the breaker, a draw against the insurance fund's cap, and any loss
    /// for the loss rate.
    pub window_seconds: u32,
    /// How long ahead a withdrawal must be requested while the breaker is tripped, in seconds; from `hold_seconds` to a
    /// day.
    pub breaker_notice_seconds: u32,
    /// How long ahead a withdrawal must be requested at any time, in seconds; from `hold_seconds` to a day. Zero is no
    /// notice.
    pub notice_seconds: u32,
}

/// How stakers leave the insurance fund.
#[derive(Clone, Copy, Pod, Zeroable, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
pub struct InsuranceParameters {
    /// From asking to leave to leaving, in seconds; a day to sixty.
    pub cooldown_seconds: u64,
}

/// Which price feeds to read, and when to trust them. A feed is a Pyth feed id, or the address of a Switchboard
/// On-Demand feed.
#[derive(Clone, Copy, Pod, Zeroable, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
pub struct OracleParameters {
    /// The primary feed.
    pub feed: [u8; 32],
    /// The second feed; zeros are none.
    pub second_feed: [u8; 32],
    /// Oldest publish time accepted of either feed, in seconds before the chain's clock.
    pub max_age_seconds: u32,
    /// Widest confidence interval accepted, to each side, of the price.
    pub max_confidence_bps: u32,
    /// Most that the second feed's price may be off the primary's, of the latter.
    pub max_divergence_bps: u32,
}

/// How limits and parts move with risk. See the engine's `risk` and `average`.
#[derive(Clone, Copy, Pod, Zeroable, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
pub struct RiskParameters {
    /// Horizon of the average prices, in seconds.
    pub average_seconds: u32,
    /// A price this far above its average counts only the average as collateral when borrowing; one this far below it,
    /// as debt.
    pub max_premium_bps: u32,
    /// The insurance fund over performing debt that is aimed at.
    pub target_coverage_bps: u32,
    /// Part of the interest that goes to the insurance fund under full stress.
    pub stressed_insurance_factor_bps: u32,
    /// The loss-sharing ratio at no coverage.
    pub stressed_insurance_share_bps: u32,
}

/// What may come in, be lent and be taken out, each in base units of liquidity; 2^64 - 1 is no limit.
#[derive(Clone, Copy, Pod, Zeroable, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
pub struct CapParameters {
    /// The most that LPs together may have after a deposit.
    pub pool_deposit_cap: u64,
    /// The most that may be lent after a loan.
    pub borrow_cap: u64,
    /// How much of the reserves the authority may collect. It falls by what is collected.
    pub released_reserves: u64,
}

/// All parameters of a pool.
#[derive(Clone, Copy, Pod, Zeroable, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
pub struct PoolParameters {
    /// How losses are recognised and shared.
    pub loss: LossParameters,
    /// How obligations are liquidated.
    pub liquidation: LiquidationParameters,
    /// How LPs leave, and when losses slow that down.
    pub exit: ExitParameters,
    /// How stakers leave the insurance fund.
    pub insurance: InsuranceParameters,
    /// The interest curve.
    pub rates: RateParameters,
    /// The liquidity token's price.
    pub oracle: OracleParameters,
    /// How limits and parts move with risk.
    pub risk: RiskParameters,
    /// What may come in, be lent and be taken out.
    pub caps: CapParameters,
}

/// All parameters of a collateral.
#[derive(Clone, Copy, Pod, Zeroable, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
pub struct CollateralParameters {
    /// The most base units that all obligations together may hold.
    pub deposit_cap: u64,
    /// The collateral's price.
    pub oracle: OracleParameters,
    /// How much debt its value carries when borrowing, in calm.
    pub max_ltv_bps: u32,
    /// The same under full stress; above that it counts as that.
    pub stressed_max_ltv_bps: u32,
    /// How much debt its value carries before liquidation, in calm.
    pub liquidation_threshold_bps: u32,
    /// The same under full stress.
    pub stressed_threshold_bps: u32,
    /// What a liquidator gets on top at the liquidation threshold.
    pub bonus_min_bps: u32,
    /// The most that this grows to.
    pub bonus_max_bps: u32,
    /// Deviation of its price and the liquidity token's at which stress is full; a fifth of it is none.
    pub stressed_deviation_bps: u32,
}

impl ExitParameters {
    fn validate(&self, hold_seconds: u32) -> Result<()> {
        self.breaker(hold_seconds).validate().into_program_error()?;
        self.notices().validate(hold_seconds).into_program_error()
    }
}

impl OracleParameters {
    /// Whether its prices are of other feeds than those of `other`.
    pub fn is_other_feed(&self, other: &Self) -> bool {
        self.feed != other.feed || self.second_feed != other.second_feed
    }

    fn validate(&self) -> Result<()> {
        bounds::PRICE_AGE_SECONDS.check(self.max_age_seconds).into_program_error()?;
        bounds::CONFIDENCE_BPS.check(self.max_confidence_bps).into_program_error()?;
        bounds::DIVERGENCE_BPS.check(self.max_divergence_bps).into_program_error()?;
        require!(self.feed != NO_FEED && self.second_feed != self.feed, BackstopError::InvalidParameter);
        Ok(())
    }
}

impl PoolParameters {
    /// Checks every bound. Interest is shared out within its whole also under full stress.
    pub fn validate(&self) -> Result<()> {
        self.rate_model(Bps::new(self.risk.stressed_insurance_factor_bps)).validate().into_program_error()?;
        self.insurance_limits(Bps::new(self.loss.insurance_share_bps)).validate().into_program_error()?;
        self.risk_terms().validate().into_program_error()?;
        validate_hold(self.loss.hold_seconds).into_program_error()?;
        average::validate_horizon(self.risk.average_seconds).into_program_error()?;
        bounds::DEFAULT_AGE_SLOTS.check(self.loss.min_default_age_slots).into_program_error()?;
        self.exit.validate(self.loss.hold_seconds)?;
        bounds::COOLDOWN_SECONDS.check(self.insurance.cooldown_seconds).into_program_error()?;
        self.liquidation_terms().validate().into_program_error()?;
        self.oracle.validate()
    }
}

impl CollateralParameters {
    /// Checks every bound: the loan-to-value limit at most the threshold, and the threshold such that a liquidation
    /// right at it, at the minimum bonus, leaves no bad debt.
    pub fn validate(&self) -> Result<()> {
        self.oracle.validate()?;
        self.terms().validate().into_program_error()?;
        self.bonus().validate(Bps::new(self.liquidation_threshold_bps)).into_program_error()
    }
}
