//! Parameters one by one, as governance changes them.

use {
    super::{Collateral, CollateralParameters, Market, Pool, PoolParameters},
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::ParameterChanged,
    },
    anchor_lang::{address_eq, prelude::*},
    backstop_engine::governance::{self, Scope, validate_timelock},
};

macro_rules! parameters {
    (
        $pool:ident: { $($in_pool:ident => $($pool_path:ident).+,)* }
        $collateral:ident: { $($in_collateral:ident => $($collateral_path:ident).+,)* }
        $market:ident: { $($in_market:ident => $market_field:ident,)* }
    ) => {
        /// A parameter that governance can change: of a pool, of a collateral (`DepositCap` to `CollateralMaxDivergenceBps`), or of
        /// a market (the last three). Its value is 32 bytes: a number in little endian and zeros, or a feed or address.
        #[derive(Clone, Copy, PartialEq, Eq, AnchorSerialize, AnchorDeserialize, IdlType)]
        #[repr(u8)]
        #[allow(missing_docs)] // each is named after its field, whose documentation says what it is
        pub enum Parameter {
            $($in_pool,)*
            $($in_collateral,)*
            $($in_market,)*
        }

        impl Parameter {
            /// The field of a pool's parameters, if it is one's.
            fn of_pool(self, $pool: &mut PoolParameters) -> Option<&mut dyn Field> {
                match self {
                    $(Self::$in_pool => Some(&mut $pool.$($pool_path).+),)*
                    _ => None,
                }
            }

            /// The field of a collateral's parameters, if it is one's.
            fn of_collateral(self, $collateral: &mut CollateralParameters) -> Option<&mut dyn Field> {
                match self {
                    $(Self::$in_collateral => Some(&mut $collateral.$($collateral_path).+),)*
                    _ => None,
                }
            }

            /// The field of a market's parameters, if it is one's.
            fn of_market(self, $market: &mut MarketParameters) -> Option<&mut dyn Field> {
                match self {
                    $(Self::$in_market => Some(&mut $market.$market_field),)*
                    _ => None,
                }
            }

            const ALL: &[Self] = &[$(Self::$in_pool,)* $(Self::$in_collateral,)* $(Self::$in_market,)*];
        }
    };
}

parameters! {
    pool: {
        DustValue => loss.dust_value,
        MinDefaultAgeSlots => loss.min_default_age_slots,
        HoldSeconds => loss.hold_seconds,
        WindowSeconds => exit.window_seconds,
        InsuranceShareBps => loss.insurance_share_bps,
        DrawCapBps => loss.draw_cap_bps,
        MinDebt => liquidation.min_debt,
        InsuranceCutBps => liquidation.insurance_cut_bps,
        TargetHealthBps => liquidation.target_health_bps,
        BreakerMinLosses => exit.breaker_min_losses,
        BreakerLimitBps => exit.breaker_limit_bps,
        BreakerNoticeSeconds => exit.breaker_notice_seconds,
        NoticeSeconds => exit.notice_seconds,
        CooldownSeconds => insurance.cooldown_seconds,
        BaseBps => rates.base_bps,
        Slope1Bps => rates.slope1_bps,
        KinkBps => rates.kink_bps,
        Slope2Bps => rates.slope2_bps,
        ReserveFactorBps => rates.reserve_factor_bps,
        InsuranceFactorBps => rates.insurance_factor_bps,
        AverageSeconds => risk.average_seconds,
        MaxPremiumBps => risk.max_premium_bps,
        TargetCoverageBps => risk.target_coverage_bps,
        StressedInsuranceFactorBps => risk.stressed_insurance_factor_bps,
        StressedInsuranceShareBps => risk.stressed_insurance_share_bps,
        LiquidityFeed => oracle.feed,
        LiquiditySecondFeed => oracle.second_feed,
        LiquidityMaxAgeSeconds => oracle.max_age_seconds,
        LiquidityMaxConfidenceBps => oracle.max_confidence_bps,
        LiquidityMaxDivergenceBps => oracle.max_divergence_bps,
        PoolDepositCap => caps.pool_deposit_cap,
        BorrowCap => caps.borrow_cap,
        ReleasedReserves => caps.released_reserves,
    }
    collateral: {
        DepositCap => deposit_cap,
        MaxLtvBps => max_ltv_bps,
        StressedMaxLtvBps => stressed_max_ltv_bps,
        LiquidationThresholdBps => liquidation_threshold_bps,
        StressedThresholdBps => stressed_threshold_bps,
        BonusMinBps => bonus_min_bps,
        BonusMaxBps => bonus_max_bps,
        StressedDeviationBps => stressed_deviation_bps,
        CollateralFeed => oracle.feed,
        CollateralSecondFeed => oracle.second_feed,
        CollateralMaxAgeSeconds => oracle.max_age_seconds,
        CollateralMaxConfidenceBps => oracle.max_confidence_bps,
        CollateralMaxDivergenceBps => oracle.max_divergence_bps,
    }
    market: {
        Guardian => guardian,
        Treasury => treasury,
        TimelockSeconds => timelock_seconds,
    }
}

/// What of a market can be changed.
pub struct MarketParameters {
    guardian: Address,
    treasury: Address,
    timelock_seconds: u32,
}

/// All parameters of one account as they would be after a change.
enum Changed {
    Pool(PoolParameters),
    Collateral(CollateralParameters),
    Market(MarketParameters),
}

/// A change of one parameter, checked but not made.
pub struct Proposal {
    changed: Changed,
    parameter: Parameter,
    value: [u8; 32],
    /// The account that it changes.
    pub target: Address,
    /// The value before.
    pub before: [u8; 32],
    /// Whether it must wait for the timelock.
    pub waits: bool,
}

/// The accounts of a change. A pool's parameter needs the pool, a collateral's also the collateral.
pub struct Targets<'a> {
    /// The market.
    pub market: &'a Account<Market>,
    /// One of its pools.
    pub pool: Option<&'a Account<Pool>>,
    /// One of the pool's collaterals.
    pub collateral: Option<&'a Account<Collateral>>,
}

/// A parameter's place.
trait Field {
    fn get(&self) -> [u8; 32];
    /// Puts a value there and returns whether that must wait, or [`BackstopError::InvalidParameter`] if it does not fit.
    fn put(&mut self, parameter: governance::Parameter, value: &[u8; 32]) -> Result<bool>;
}

impl Parameter {
    /// The parameter of a number.
    pub fn of_number(number: u8) -> Result<Self> {
        Self::ALL.get(usize::from(number)).copied().ok_or_else(|| BackstopError::InvalidParameter.into())
    }

    /// Its number.
    #[allow(clippy::as_conversions)] // the representation of the enumeration
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Of what it is a feed, if it is one.
    pub const fn feed_of(self) -> Option<Scope> {
        match self {
            Self::LiquidityFeed | Self::LiquiditySecondFeed => Some(Scope::Pool),
            Self::CollateralFeed | Self::CollateralSecondFeed => Some(Scope::Collateral),
            _ => None,
        }
    }

    /// How long a queued change of it waits.
    pub fn wait_seconds(self, targets: &Targets) -> Result<u64> {
        let cooldown = targets.pool.map_or(0, |pool| pool.parameters.insurance.cooldown_seconds);
        Ok(self.rules()?.wait_seconds(targets.market.timelock_seconds, cooldown))
    }

    fn rules(self) -> Result<governance::Parameter> {
        let rules = governance::Parameter::ALL.get(usize::from(self.number()));
        rules.copied().ok_or_else(|| BackstopError::InvalidParameter.into())
    }

    /// Sets a field, and says what it was and whether that must wait.
    fn set(self, field: &mut dyn Field, value: &[u8; 32]) -> Result<([u8; 32], bool)> {
        Ok((field.get(), field.put(self.rules()?, value)?))
    }

    /// Checks a change against all bounds.
    #[inline(never)]
    pub fn propose(self, value: &[u8; 32], targets: &Targets) -> Result<Proposal> {
        let proposal = |changed, target, (before, waits)| Proposal {
            changed,
            parameter: self,
            value: *value,
            target,
            before,
            waits,
        };
        let mut market = targets.market.parameters();
        if let Some(field) = self.of_market(&mut market) {
            let set = self.set(field, value)?;
            validate_timelock(market.timelock_seconds).into_program_error()?;
            return Ok(proposal(Changed::Market(market), *targets.market.address(), set));
        }
        let pool = targets.pool.ok_or(BackstopError::WrongTarget)?;
        require!(address_eq(&pool.market, targets.market.address()), BackstopError::WrongMarket);
        let mut parameters = pool.parameters;
        if let Some(field) = self.of_pool(&mut parameters) {
            let set = self.set(field, value)?;
            parameters.validate()?;
            return Ok(proposal(Changed::Pool(parameters), *pool.address(), set));
        }
        let collateral = targets.collateral.ok_or(BackstopError::WrongTarget)?;
        require!(address_eq(&collateral.pool, pool.address()), BackstopError::WrongPool);
        let mut parameters = collateral.parameters;
        let field = self.of_collateral(&mut parameters).ok_or(BackstopError::InvalidParameter)?;
        let set = self.set(field, value)?;
        parameters.validate()?;
        // A threshold that was lowered may still be on its way down.
        parameters.bonus().validate(collateral.risk().threshold.ceil()).into_program_error()?;
        Ok(proposal(Changed::Collateral(parameters), *collateral.address(), set))
    }
}

impl Proposal {
    /// Whether it changes the market.
    pub fn is_of_market(&self) -> bool {
        matches!(self.changed, Changed::Market(_))
    }

    /// Makes the change and tells of it. A pool counts its interest first, by the parameters before.
    pub fn make(
        self,
        market: &mut Account<Market>,
        mut pool: Option<&mut Account<Pool>>,
        collateral: Option<&mut Account<Collateral>>,
        now: i64,
    ) -> Result<()> {
        if let Some(pool) = &mut pool {
            pool.count_interest(now)?;
        }
        match (self.changed, pool, collateral) {
            (Changed::Market(parameters), _, _) => market.apply_parameters(&parameters),
            (Changed::Pool(parameters), Some(pool), _) => pool.apply_parameters(&parameters, now),
            (Changed::Collateral(parameters), Some(pool), Some(collateral)) => {
                collateral.apply_parameters(&parameters, pool, now);
            }
            _ => return Err(BackstopError::WrongTarget.into()),
        }
        emit!(ParameterChanged {
            market: *market.address(),
            target: self.target,
            parameter: self.parameter.number().into(),
            before: self.before,
            after: self.value,
        });
        Ok(())
    }
}

impl Market {
    fn parameters(&self) -> MarketParameters {
        MarketParameters { guardian: self.guardian, treasury: self.treasury, timelock_seconds: self.timelock_seconds }
    }

    fn apply_parameters(&mut self, parameters: &MarketParameters) {
        (self.guardian, self.treasury) = (parameters.guardian, parameters.treasury);
        self.timelock_seconds = parameters.timelock_seconds;
    }
}

impl Field for u64 {
    fn get(&self) -> [u8; 32] {
        let mut value = [0; 32];
        if let Some(low) = value.first_chunk_mut() {
            *low = self.to_le_bytes();
        }
        value
    }

    fn put(&mut self, parameter: governance::Parameter, value: &[u8; 32]) -> Result<bool> {
        let (low, rest) = value.split_first_chunk().ok_or(BackstopError::InvalidParameter)?;
        require!(rest.iter().all(|byte| *byte == 0), BackstopError::InvalidParameter);
        let old = core::mem::replace(self, Self::from_le_bytes(*low));
        Ok(parameter.waits(old, *self))
    }
}

impl Field for u32 {
    fn get(&self) -> [u8; 32] {
        u64::from(*self).get()
    }

    fn put(&mut self, parameter: governance::Parameter, value: &[u8; 32]) -> Result<bool> {
        let mut wide = u64::from(*self);
        let waits = wide.put(parameter, value)?;
        *self = Self::try_from(wide).map_err(|_| BackstopError::InvalidParameter)?;
        Ok(waits)
    }
}

impl Field for [u8; 32] {
    fn get(&self) -> [u8; 32] {
        *self
    }

    fn put(&mut self, _: governance::Parameter, value: &[u8; 32]) -> Result<bool> {
        let old = core::mem::replace(self, *value);
        Ok(old != *value)
    }
}

impl Field for Address {
    fn get(&self) -> [u8; 32] {
        self.to_bytes()
    }

    fn put(&mut self, parameter: governance::Parameter, value: &[u8; 32]) -> Result<bool> {
        let mut bytes = self.to_bytes();
        let waits = bytes.put(parameter, value)?;
        *self = Self::new_from_array(bytes);
        Ok(waits)
    }
}
