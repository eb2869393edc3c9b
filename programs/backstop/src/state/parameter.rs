//! Parameters one by one, as governance changes them.

use {
    super::{Collateral, CollateralParameters, Market, Pool, PoolParameters},
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::ParameterChanged,
    },
    anchor_lang::{address_eq, prelude::*},
    backstop_engine::{
        governance::validate_timelock,
        parameter::{self, Field, Scope},
    },
};

macro_rules! declare {
    (; $($scope:ident: { $(
        $(#[$doc:meta])+
        $name:ident: $($field:ident).+, $unit:ident, $least:literal..=$most:literal, $optional:ident, $at_once:ident;
    )* })*) => {
        /// A parameter that governance can change: of a pool, of a collateral (`DepositCap` to
        /// `CollateralMaxDivergenceBps`), or of a market (the last three). Its value is 32 bytes: a number in little
        /// endian and zeros, or a feed or address.
        #[derive(Clone, Copy, PartialEq, Eq, AnchorSerialize, AnchorDeserialize, IdlType)]
        #[repr(u8)]
        pub enum Parameter {
            $($($(#[$doc])+ $name,)*)*
        }

        impl Parameter {
            const ALL: &[Self] = &[$($(Self::$name,)*)*];
        }
    };
}

backstop_engine::parameter_table!(declare);

/// What of a market can be changed.
pub struct MarketParameters {
    guardian: [u8; 32],
    treasury: [u8; 32],
    timelock_seconds: u32,
}

impl MarketParameters {
    fn field(&mut self, parameter: parameter::Parameter) -> Option<Field<'_>> {
        match parameter {
            parameter::Parameter::Guardian => Some((&mut self.guardian).into()),
            parameter::Parameter::Treasury => Some((&mut self.treasury).into()),
            parameter::Parameter::TimelockSeconds => Some((&mut self.timelock_seconds).into()),
            _ => None,
        }
    }
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

    fn rules(self) -> Result<parameter::Parameter> {
        let rules = parameter::Parameter::ALL.get(usize::from(self.number()));
        rules.copied().ok_or_else(|| BackstopError::InvalidParameter.into())
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
        let rules = self.rules()?;
        let set = |mut field: Field| rules.change(&mut field, value).into_program_error();
        let mut market = targets.market.parameters();
        if let Some(field) = market.field(rules) {
            let set = set(field)?;
            validate_timelock(market.timelock_seconds).into_program_error()?;
            return Ok(proposal(Changed::Market(market), *targets.market.address(), set));
        }
        let pool = targets.pool.ok_or(BackstopError::WrongTarget)?;
        require!(address_eq(&pool.market, targets.market.address()), BackstopError::WrongMarket);
        let mut parameters = pool.parameters;
        if let Some(field) = parameters.field(rules) {
            let set = set(field)?;
            parameters.validate()?;
            return Ok(proposal(Changed::Pool(parameters), *pool.address(), set));
        }
        let collateral = targets.collateral.ok_or(BackstopError::WrongTarget)?;
        require!(address_eq(&collateral.pool, pool.address()), BackstopError::WrongPool);
        let mut parameters = collateral.parameters;
        let set = set(parameters.field(rules).ok_or(BackstopError::InvalidParameter)?)?;
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
        MarketParameters {
            guardian: self.guardian.to_bytes(),
            treasury: self.treasury.to_bytes(),
            timelock_seconds: self.timelock_seconds,
        }
    }

    fn apply_parameters(&mut self, parameters: &MarketParameters) {
        self.guardian = Address::new_from_array(parameters.guardian);
        self.treasury = Address::new_from_array(parameters.treasury);
        self.timelock_seconds = parameters.timelock_seconds;
    }
}
