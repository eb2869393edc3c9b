//! The parameters that governance can change: one table, from which every other list of them is derived.
//!
//! The program declares its `Parameter` from it, for the IDL. Program and client find a parameter's field by it. The
//! command reads names, units, bounds and documentation from it, and so do scenario files, plans and
//! `docs/parameters.md`.

use crate::error::{Error, Result};

/// The kind of account that a parameter belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A pool.
    Pool,
    /// A collateral of a pool.
    Collateral,
    /// A market.
    Market,
}

/// The direction in which a parameter can change at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtOnce {
    /// Down.
    Lower,
    /// In neither direction.
    Never,
}

/// The unit of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Basis points.
    Bps,
    /// Seconds.
    Seconds,
    /// Slots.
    Slots,
    /// Millionths of a USD.
    MicroUsd,
    /// Base units of the liquidity token or the collateral.
    Tokens,
    /// A Pyth feed id, or the address of a Switchboard feed.
    Feed,
    /// An address.
    Address,
}

/// The field that holds a parameter.
#[derive(Debug, PartialEq, Eq)]
pub enum Field<'a> {
    /// A wide number.
    Long(&'a mut u64),
    /// A number.
    Short(&'a mut u32),
    /// A feed or an address.
    Bytes(&'a mut [u8; 32]),
}

/// Passes the table to a macro: `parameter_table!(callback, with arguments)` expands `callback! { with arguments; rows
/// }`.
///
/// A row is `Name: field, unit, bounds, required or optional, direction in which it can change at once`. An optional
/// parameter can be none: the largest number, or a feed of zeros. Bounds are in the parameter's unit, and hold whatever
/// the other parameters are.
#[macro_export]
macro_rules! parameter_table {
    ($callback:path $(, $($argument:tt)*)?) => {
        $callback! {
            $($($argument)*)?;
            pool: {
                /// Collateral worth up to this does not prevent recording a debt as lost.
                DustValue: loss.dust_value, MicroUsd, 0..=100_000_000, required, Never;
                /// Slots between the last borrow or collateral withdrawal and the recording of a loss.
                MinDefaultAgeSlots: loss.min_default_age_slots, Slots, 0..=216_000, required, Never;
                /// How long a mark stands before it is settled. Also the longest hold.
                HoldSeconds: loss.hold_seconds, Seconds, 600..=86_400, required, Never;
                /// How long an LP loss counts for the breaker, a draw for the draw cap, and any loss for the loss rate.
                WindowSeconds: exit.window_seconds, Seconds, 3_600..=5_184_000, required, Never;
                /// The loss-sharing ratio while coverage is on target.
                InsuranceShareBps: loss.insurance_share_bps, Bps, 0..=10_000, required, Never;
                /// The most that the draws of a window add up to, relative to the fund's assets.
                DrawCapBps: loss.draw_cap_bps, Bps, 0..=10_000, required, Never;
                /// The minimum debt.
                MinDebt: liquidation.min_debt, Tokens, 0..=18_446_744_073_709_551_615, required, Never;
                /// The part of the bonus that goes to the insurance fund.
                InsuranceCutBps: liquidation.insurance_cut_bps, Bps, 0..=10_000, required, Never;
                /// The health that a liquidation restores.
                TargetHealthBps: liquidation.target_health_bps, Bps, 10_000..=20_000, required, Never;
                /// LP losses up to this never trip the breaker.
                BreakerMinLosses: exit.breaker_min_losses, Tokens, 0..=18_446_744_073_709_551_615, required, Never;
                /// LP losses above this part of NAV trip the breaker.
                BreakerLimitBps: exit.breaker_limit_bps, Bps, 0..=10_000, required, Never;
                /// The withdrawal notice while the breaker is tripped.
                BreakerNoticeSeconds: exit.breaker_notice_seconds, Seconds, 600..=86_400, required, Never;
                /// The withdrawal notice at any time.
                NoticeSeconds: exit.notice_seconds, Seconds, 0..=86_400, required, Never;
                /// The time from a request to leave the insurance fund to its maturity.
                CooldownSeconds: insurance.cooldown_seconds, Seconds, 86_400..=5_184_000, required, Never;
                /// Yearly rate at zero utilisation.
                BaseBps: rates.base_bps, Bps, 0..=100_000, required, Never;
                /// What the yearly rate gains up to the kink.
                Slope1Bps: rates.slope1_bps, Bps, 0..=100_000, required, Never;
                /// Utilisation at which the curve turns steeper.
                KinkBps: rates.kink_bps, Bps, 1..=9_999, required, Never;
                /// What the yearly rate gains above the kink.
                Slope2Bps: rates.slope2_bps, Bps, 0..=100_000, required, Never;
                /// The share of interest that goes to reserves.
                ReserveFactorBps: rates.reserve_factor_bps, Bps, 0..=10_000, required, Never;
                /// The share of interest that goes to the insurance fund while coverage is on target.
                InsuranceFactorBps: rates.insurance_factor_bps, Bps, 0..=10_000, required, Never;
                /// The horizon of the average prices.
                AverageSeconds: risk.average_seconds, Seconds, 600..=2_592_000, required, Never;
                /// How far a price may be from its average and still count for borrowing.
                MaxPremiumBps: risk.max_premium_bps, Bps, 0..=4_294_967_295, optional, Lower;
                /// The target coverage: the insurance fund over performing debt.
                TargetCoverageBps: risk.target_coverage_bps, Bps, 0..=10_000, required, Never;
                /// The share of interest that goes to the insurance fund under full stress.
                StressedInsuranceFactorBps: risk.stressed_insurance_factor_bps, Bps, 0..=10_000, required, Never;
                /// The loss-sharing ratio at zero coverage.
                StressedInsuranceShareBps: risk.stressed_insurance_share_bps, Bps, 0..=10_000, required, Never;
                /// The liquidity token's price feed.
                LiquidityFeed: oracle.feed, Feed, 0..=18_446_744_073_709_551_615, required, Never;
                /// The liquidity token's second price feed. All zeros means none.
                LiquiditySecondFeed: oracle.second_feed, Feed, 0..=18_446_744_073_709_551_615, optional, Never;
                /// The maximum age of the liquidity token's price.
                LiquidityMaxAgeSeconds: oracle.max_age_seconds, Seconds, 1..=86_400, required, Never;
                /// The widest confidence interval of the liquidity token's price.
                LiquidityMaxConfidenceBps: oracle.max_confidence_bps, Bps, 1..=2_000, required, Never;
                /// The largest divergence between the liquidity token's two feeds.
                LiquidityMaxDivergenceBps: oracle.max_divergence_bps, Bps, 0..=2_000, required, Never;
                /// The most that all LPs together may have in the pool.
                PoolDepositCap: caps.pool_deposit_cap, Tokens, 0..=18_446_744_073_709_551_615, optional, Lower;
                /// The most that may be lent.
                BorrowCap: caps.borrow_cap, Tokens, 0..=18_446_744_073_709_551_615, optional, Lower;
                /// How much of the reserves may be collected. Collecting lowers it.
                ReleasedReserves: caps.released_reserves, Tokens, 0..=18_446_744_073_709_551_615, required, Lower;
            }
            collateral: {
                /// The most of a collateral that all obligations together may hold.
                DepositCap: deposit_cap, Tokens, 0..=18_446_744_073_709_551_615, optional, Lower;
                /// The loan-to-value limit in calm.
                MaxLtvBps: max_ltv_bps, Bps, 0..=10_000, required, Lower;
                /// The loan-to-value limit under full stress.
                StressedMaxLtvBps: stressed_max_ltv_bps, Bps, 0..=4_294_967_295, required, Lower;
                /// The liquidation threshold in calm.
                LiquidationThresholdBps: liquidation_threshold_bps, Bps, 0..=10_000, required, Never;
                /// The liquidation threshold under full stress.
                StressedThresholdBps: stressed_threshold_bps, Bps, 0..=10_000, required, Never;
                /// The liquidator's bonus at the liquidation threshold.
                BonusMinBps: bonus_min_bps, Bps, 0..=5_000, required, Never;
                /// The largest bonus.
                BonusMaxBps: bonus_max_bps, Bps, 0..=5_000, required, Never;
                /// The price deviation of full stress. Up to a fifth of it is no stress.
                StressedDeviationBps: stressed_deviation_bps, Bps, 1..=4_294_967_295, required, Never;
                /// The collateral's price feed.
                CollateralFeed: oracle.feed, Feed, 0..=18_446_744_073_709_551_615, required, Never;
                /// The collateral's second price feed. All zeros means none.
                CollateralSecondFeed: oracle.second_feed, Feed, 0..=18_446_744_073_709_551_615, optional, Never;
                /// The maximum age of the collateral's price.
                CollateralMaxAgeSeconds: oracle.max_age_seconds, Seconds, 1..=86_400, required, Never;
                /// The widest confidence interval of the collateral's price.
                CollateralMaxConfidenceBps: oracle.max_confidence_bps, Bps, 1..=2_000, required, Never;
                /// The largest divergence between the collateral's two feeds.
                CollateralMaxDivergenceBps: oracle.max_divergence_bps, Bps, 0..=2_000, required, Never;
            }
            market: {
                /// The market's guardian.
                Guardian: guardian, Address, 0..=18_446_744_073_709_551_615, required, Never;
                /// The account that receives reserves.
                Treasury: treasury, Address, 0..=18_446_744_073_709_551_615, required, Never;
                /// The market's timelock.
                TimelockSeconds: timelock_seconds, Seconds, 86_400..=2_592_000, required, Never;
            }
        }
    };
}

macro_rules! scope {
    (pool) => {
        Scope::Pool
    };
    (collateral) => {
        Scope::Collateral
    };
    (market) => {
        Scope::Market
    };
}

macro_rules! optional {
    (optional) => {
        true
    };
    (required) => {
        false
    };
}

macro_rules! declare {
    (; $($scope:ident: { $(
        $(#[doc = $doc:literal])+
        $name:ident: $($field:ident).+, $unit:ident, $least:literal..=$most:literal, $optional:ident, $at_once:ident;
    )* })*) => {
        /// Every parameter that governance can change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Parameter {
            $($($(#[doc = $doc])+ $name,)*)*
        }

        impl Parameter {
            /// All parameters, in the order of their numbers.
            pub const ALL: &[Self] = &[$($(Self::$name,)*)*];

            /// The kind of account that it belongs to.
            pub const fn scope(self) -> Scope {
                match self {
                    $($(Self::$name)|* => scope!($scope),)*
                }
            }

            /// The direction in which it can change at once.
            pub const fn at_once(self) -> AtOnce {
                match self {
                    $($(Self::$name => AtOnce::$at_once,)*)*
                }
            }

            /// Its unit.
            pub const fn unit(self) -> Unit {
                match self {
                    $($(Self::$name => Unit::$unit,)*)*
                }
            }

            /// The smallest and the largest value, in its unit. Rules that involve other parameters can be stricter.
            pub const fn bounds(self) -> (u64, u64) {
                match self {
                    $($(Self::$name => ($least, $most),)*)*
                }
            }

            /// Whether it can be none: the largest number, or a feed of zeros.
            pub const fn is_optional(self) -> bool {
                match self {
                    $($(Self::$name => optional!($optional),)*)*
                }
            }

            /// What it is, in one sentence or two.
            pub const fn doc(self) -> &'static str {
                match self {
                    $($(Self::$name => concat!($($doc),+),)*)*
                }
            }
        }
    };
}

parameter_table!(declare);

/// Implements `field` for `PoolParameters` and `CollateralParameters` in scope. Part of
/// [`account_conversions!`](crate::account_conversions).
#[doc(hidden)]
#[macro_export]
macro_rules! parameter_fields {
    (;
        pool: { $(
            $(#[$pool_doc:meta])+
            $of_pool:ident: $($pool_field:ident).+, $pool_unit:ident, $pool_least:literal..=$pool_most:literal,
                $pool_optional:ident, $pool_at_once:ident;
        )* }
        collateral: { $(
            $(#[$doc:meta])+
            $of_collateral:ident: $($field:ident).+, $unit:ident, $least:literal..=$most:literal,
                $optional:ident, $at_once:ident;
        )* }
        market: { $($market:tt)* }
    ) => {
        #[allow(dead_code)]
        impl PoolParameters {
            /// The field that holds a parameter, if it is a pool's.
            pub fn field(&mut self, parameter: $crate::parameter::Parameter) -> Option<$crate::parameter::Field<'_>> {
                Some(match parameter {
                    $($crate::parameter::Parameter::$of_pool => (&mut self.$($pool_field).+).into(),)*
                    _ => return None,
                })
            }
        }

        #[allow(dead_code)]
        impl CollateralParameters {
            /// The field that holds a parameter, if it is a collateral's.
            pub fn field(&mut self, parameter: $crate::parameter::Parameter) -> Option<$crate::parameter::Field<'_>> {
                Some(match parameter {
                    $($crate::parameter::Parameter::$of_collateral => (&mut self.$($field).+).into(),)*
                    _ => return None,
                })
            }
        }
    };
}

impl<'a> From<&'a mut u64> for Field<'a> {
    fn from(field: &'a mut u64) -> Self {
        Self::Long(field)
    }
}

impl<'a> From<&'a mut u32> for Field<'a> {
    fn from(field: &'a mut u32) -> Self {
        Self::Short(field)
    }
}

impl<'a> From<&'a mut [u8; 32]> for Field<'a> {
    fn from(field: &'a mut [u8; 32]) -> Self {
        Self::Bytes(field)
    }
}

impl Field<'_> {
    /// The value as governance has it: 32 bytes, a number in little endian and zeros.
    pub fn get(&self) -> [u8; 32] {
        match self {
            Self::Long(number) => of_number(**number),
            Self::Short(number) => of_number(u64::from(**number)),
            Self::Bytes(bytes) => **bytes,
        }
    }

    /// Stores a value.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a number that does not fit the field.
    ///
    /// ```
    /// # use backstop_engine::{Error, parameter::{Field, of_number}};
    /// let mut seconds = 600_u32;
    /// assert_eq!(Field::Short(&mut seconds).set(&of_number(1_200)), Ok(()));
    /// assert_eq!(Field::Short(&mut seconds).set(&of_number(1 << 32)), Err(Error::InvalidParameter));
    /// assert_eq!(seconds, 1_200);
    /// ```
    pub fn set(&mut self, value: &[u8; 32]) -> Result<()> {
        match self {
            Self::Long(field) => **field = number(value)?,
            Self::Short(field) => **field = u32::try_from(number(value)?).map_err(|_| Error::InvalidParameter)?,
            Self::Bytes(field) => **field = *value,
        }
        Ok(())
    }
}

/// A number as governance has it.
pub fn of_number(number: u64) -> [u8; 32] {
    let mut value = [0; 32];
    if let Some(low) = value.first_chunk_mut() {
        *low = number.to_le_bytes();
    }
    value
}

/// The number in a value.
///
/// # Errors
/// [`Error::InvalidParameter`] if it does not fit 64 bits.
pub fn number(value: &[u8; 32]) -> Result<u64> {
    let (low, rest) = value.split_first_chunk().ok_or(Error::InvalidParameter)?;
    if rest.iter().any(|byte| *byte != 0) { Err(Error::InvalidParameter) } else { Ok(u64::from_le_bytes(*low)) }
}

impl Parameter {
    /// Stores a value in the parameter's field. Returns what was there, and whether the change waits for the timelock.
    ///
    /// # Errors
    /// As [`Field::set`].
    pub fn change(self, field: &mut Field, value: &[u8; 32]) -> Result<([u8; 32], bool)> {
        let before = field.get();
        field.set(value)?;
        let waits = match field {
            Field::Bytes(_) => before != *value,
            _ => self.waits(number(&before)?, number(value)?),
        };
        Ok((before, waits))
    }

    /// Whether this change waits for the timelock. A change to the same value does not.
    ///
    /// ```
    /// # use backstop_engine::parameter::Parameter;
    /// assert!(!Parameter::MaxLtvBps.waits(7_500, 7_000) && Parameter::MaxLtvBps.waits(7_500, 7_501));
    /// assert!(Parameter::BaseBps.waits(100, 99) && Parameter::BaseBps.waits(100, 101));
    /// ```
    pub const fn waits(self, old: u64, new: u64) -> bool {
        match self.at_once() {
            AtOnce::Lower => new > old,
            AtOnce::Never => new != old,
        }
    }

    /// Whether it decides what stakers bear, earn or wait for.
    pub const fn is_of_stakers(self) -> bool {
        matches!(
            self,
            Self::WindowSeconds
                | Self::InsuranceShareBps
                | Self::DrawCapBps
                | Self::InsuranceCutBps
                | Self::CooldownSeconds
                | Self::InsuranceFactorBps
                | Self::TargetCoverageBps
                | Self::StressedInsuranceFactorBps
                | Self::StressedInsuranceShareBps
        )
    }

    /// How long a queued change of it waits: the timelock. If it affects stakers, the longer of the timelock and their
    /// cooldown, since they cannot leave sooner.
    ///
    /// ```
    /// # use backstop_engine::parameter::Parameter;
    /// assert_eq!(Parameter::BaseBps.wait_seconds(86_400, 864_000), 86_400);
    /// assert_eq!(Parameter::DrawCapBps.wait_seconds(86_400, 864_000), 864_000);
    /// ```
    pub fn wait_seconds(self, timelock_seconds: u32, cooldown_seconds: u64) -> u64 {
        let timelock = u64::from(timelock_seconds);
        if self.is_of_stakers() { timelock.max(cooldown_seconds) } else { timelock }
    }
}
