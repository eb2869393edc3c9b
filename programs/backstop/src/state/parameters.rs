//! Parameters, as given when a pool is created or a collateral listed, and as stored.

use {
    crate::errors::{BackstopError, IntoProgramError},
    anchor_lang::prelude::*,
    backstop_engine::{average, bounds, hold::validate_hold, quantity::Bps},
    backstop_oracle::NO_FEED,
    bytemuck::{Pod, Zeroable},
};

/// The interest curve, and how interest is shared. Yearly rates and shares in basis points.
#[derive(Clone, Copy, Pod, Zeroable, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
pub struct RateParameters {
    /// The yearly rate at zero utilisation.
    pub base_bps: u32,
    /// What the rate gains up to the kink.
    pub slope1_bps: u32,
    /// The utilisation at which the curve turns steeper; above 0 and below 10,000.
    pub kink_bps: u32,
    /// What the rate gains from the kink to full utilisation.
    pub slope2_bps: u32,
    /// The share of interest that goes to reserves.
    pub reserve_factor_bps: u32,
    /// The share of interest that goes to the insurance fund while coverage is on target.
    pub insurance_factor_bps: u32,
}

/// How losses are recognised and shared.
#[derive(Clone, Copy, Pod, Zeroable, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
pub struct LossParameters {
    /// Dust: collateral worth up to this, in micro-dollars, does not prevent the recording of a loss.
    pub dust_value: u64,
    /// Slots that must pass between the last borrow or collateral withdrawal and the recording of a loss. The slot of
    /// that step itself never counts, whatever this says.
    pub min_default_age_slots: u32,
    /// How long a mark stands before it is settled, and the longest hold, in seconds; ten minutes to a day.
    pub hold_seconds: u32,
    /// The loss-sharing ratio while coverage is on target: the part of what reserves leave that the insurance fund
    /// pays.
    pub insurance_share_bps: u32,
    /// The most that the draws of a window add up to, relative to the fund's assets before them.
    pub draw_cap_bps: u32,
}

/// How obligations are liquidated.
#[derive(Clone, Copy, Pod, Zeroable, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
pub struct LiquidationParameters {
    /// The minimum debt after borrowing and liquidating, in base units of liquidity.
    pub min_debt: u64,
    /// The share of a liquidator's bonus that goes to the insurance fund.
    pub insurance_cut_bps: u32,
    /// The health that a liquidation restores: weighted collateral over debt.
    pub target_health_bps: u32,
}

/// Withdrawals of LPs, and the loss breaker.
#[derive(Clone, Copy, Pod, Zeroable, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
pub struct ExitParameters {
    /// LP losses up to this sum, in base units of liquidity, never trip the breaker.
    pub breaker_min_losses: u64,
    /// LP losses within the window above this part of NAV trip the breaker; 10,000 for never.
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

/// Leaving the insurance fund.
#[derive(Clone, Copy, Pod, Zeroable, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
pub struct InsuranceParameters {
    /// The time from a request to its maturity, in seconds; one to sixty days.
    pub cooldown_seconds: u64,
}

/// Which price feeds to read, and when to trust them. A feed is a Pyth feed id, or the address of a Switchboard
/// On-Demand feed.
#[derive(Clone, Copy, Pod, Zeroable, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
pub struct OracleParameters {
    /// The primary feed.
    pub feed: [u8; 32],
    /// The second feed; zeros for none.
    pub second_feed: [u8; 32],
    /// The maximum age of either feed's price, in seconds.
    pub max_age_seconds: u32,
    /// The widest confidence interval, to each side, relative to the price.
    pub max_confidence_bps: u32,
    /// The largest divergence of the second feed's price, relative to the primary's.
    pub max_divergence_bps: u32,
}

/// How limits and the insurance parameters move with risk. See the engine's `risk` and `average`.
#[derive(Clone, Copy, Pod, Zeroable, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
pub struct RiskParameters {
    /// The horizon of the averages, in seconds.
    pub average_seconds: u32,
    /// A price this far above its average counts only the average as collateral when borrowing; one this far below it,
    /// as debt.
    pub max_premium_bps: u32,
    /// The target coverage: the insurance fund over performing debt.
    pub target_coverage_bps: u32,
    /// The share of interest that goes to the insurance fund under full stress.
    pub stressed_insurance_factor_bps: u32,
    /// The loss-sharing ratio at zero coverage.
    pub stressed_insurance_share_bps: u32,
}

/// The pool's caps, in base units of liquidity; 2^64 - 1 for no limit.
#[derive(Clone, Copy, Pod, Zeroable, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
pub struct CapParameters {
    /// The most that all LPs together can have after a deposit.
    pub pool_deposit_cap: u64,
    /// The most that can be lent after a loan.
    pub borrow_cap: u64,
    /// The amount of reserves that the authority can collect. Collecting lowers it.
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
    /// Withdrawals of LPs, and the loss breaker.
    pub exit: ExitParameters,
    /// Leaving the insurance fund.
    pub insurance: InsuranceParameters,
    /// The interest curve.
    pub rates: RateParameters,
    /// The liquidity token's price.
    pub oracle: OracleParameters,
    /// How limits and the insurance parameters move with risk.
    pub risk: RiskParameters,
    /// The caps.
    pub caps: CapParameters,
}

/// All parameters of a collateral.
#[derive(Clone, Copy, Pod, Zeroable, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
pub struct CollateralParameters {
    /// The most base units that all obligations together can hold.
    pub deposit_cap: u64,
    /// The collateral's price.
    pub oracle: OracleParameters,
    /// The loan-to-value limit in calm.
    pub max_ltv_bps: u32,
    /// The loan-to-value limit under full stress; never above the limit in calm.
    pub stressed_max_ltv_bps: u32,
    /// The liquidation threshold in calm.
    pub liquidation_threshold_bps: u32,
    /// The liquidation threshold under full stress.
    pub stressed_threshold_bps: u32,
    /// The liquidator's bonus at the liquidation threshold.
    pub bonus_min_bps: u32,
    /// The largest bonus.
    pub bonus_max_bps: u32,
    /// The price deviation of full stress. Up to a fifth of it is no stress.
    pub stressed_deviation_bps: u32,
}

impl ExitParameters {
    fn validate(&self, hold_seconds: u32) -> Result<()> {
        self.breaker(hold_seconds).validate().into_program_error()?;
        self.notices().validate(hold_seconds).into_program_error()
    }
}

impl OracleParameters {
    /// Whether the feeds differ from those of `other`.
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
