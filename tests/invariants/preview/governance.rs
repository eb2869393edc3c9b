//! What is done to the market: pauses, changes of parameters, reserves.

use backstop_client::{
    Collateral, CollateralParameters, OracleParameters, Parameter, PausableOperation, PauseTimes, PoolParameters,
};
use backstop_engine::{
    Error, average,
    governance::{self, Pausable, Pause, Schedule},
    hold,
    quantity::Bps,
};

use super::{Done, Name, name, require};
use crate::{
    state::{Queued, State},
    step::{COLLATERALS, Officer, Step, Token},
};

/// What is paused, as the engine calls it.
fn pausable(what: PausableOperation) -> Pausable {
    Pausable::ALL[what as usize]
}

/// Whether it is a collateral's.
const fn is_of_collateral(parameter: Parameter) -> bool {
    matches!(
        parameter,
        Parameter::DepositCap
            | Parameter::MaxLtvBps
            | Parameter::StressedMaxLtvBps
            | Parameter::LiquidationThresholdBps
            | Parameter::StressedThresholdBps
            | Parameter::BonusMinBps
            | Parameter::BonusMaxBps
    )
}

fn of_pool(parameters: &mut PoolParameters, parameter: Parameter) -> &mut u32 {
    match parameter {
        Parameter::InsuranceShareBps => &mut parameters.loss.insurance_share_bps,
        Parameter::StressedInsuranceShareBps => &mut parameters.risk.stressed_insurance_share_bps,
        Parameter::InsuranceFactorBps => &mut parameters.rates.insurance_factor_bps,
        Parameter::NoticeSeconds => &mut parameters.exit.notice_seconds,
        Parameter::MaxPremiumBps => &mut parameters.risk.max_premium_bps,
        other => panic!("{other:?} is not changed in histories"),
    }
}

fn of_collateral(parameters: &mut CollateralParameters, parameter: Parameter) -> &mut u32 {
    match parameter {
        Parameter::MaxLtvBps => &mut parameters.max_ltv_bps,
        Parameter::StressedMaxLtvBps => &mut parameters.stressed_max_ltv_bps,
        Parameter::LiquidationThresholdBps => &mut parameters.liquidation_threshold_bps,
        Parameter::StressedThresholdBps => &mut parameters.stressed_threshold_bps,
        Parameter::BonusMinBps => &mut parameters.bonus_min_bps,
        Parameter::BonusMaxBps => &mut parameters.bonus_max_bps,
        other => panic!("{other:?} is not changed in histories"),
    }
}

impl State {
    pub(super) fn govern(&mut self, step: Step, now: i64) -> Done {
        let by = step.officer().expect("somebody signs");
        let (guardian, dao) =
            (require(by != Officer::Stranger, "WrongGuardian"), require(by == Officer::Dao, "WrongAuthority"));
        match step {
            Step::Pause { what, seconds, .. } => {
                guardian?;
                require(seconds != 0, "AmountTooSmall")?;
                let kind = pausable(what);
                let paused = self.pool.pause(kind).begin(kind, seconds, now).map_err(name)?;
                self.store_pause(what, &paused);
                Ok(())
            }
            Step::Unpause { what, .. } => {
                dao?;
                let open = self.pool.pause(pausable(what)).end(now);
                self.store_pause(what, &open);
                Ok(())
            }
            Step::Tighten { parameter, of, value, .. } => {
                guardian?;
                let proposed = self.proposed(parameter, of, value)?;
                require(!rules(parameter).waits(self.parameter(parameter, of), value), "ChangeMustWait")?;
                self.make(proposed, parameter, of, now)
            }
            Step::QueueChange { nonce, parameter, of, value, .. } => {
                let slot = usize::try_from(nonce).unwrap();
                require(self.changes[slot].is_none(), "AccountAlreadyInUse")?;
                dao?;
                self.proposed(parameter, of, value)?;
                let timelock_seconds = self.market.timelock_seconds;
                let cooldown = self.pool.parameters.insurance.cooldown_seconds;
                let wait = rules(parameter).wait_seconds(timelock_seconds, cooldown);
                let Schedule { executable_at, lapses_at } = Schedule::after(wait, now);
                let stopped = self.pool.holds().stopped(now);
                self.changes[slot] =
                    Some(Queued { parameter, of, value, executable_at, lapses_at, stopped, timelock_seconds });
                Ok(())
            }
            Step::ExecuteChange { nonce, .. } => {
                let queued = self.take_change(nonce)?;
                dao?;
                let times = Schedule { executable_at: queued.executable_at, lapses_at: queued.lapses_at };
                times.require_open(governance::waited(&self.pool.holds(), queued.stopped, now)).map_err(name)?;
                let proposed = self.proposed(queued.parameter, queued.of, queued.value)?;
                let timelock = self.market.timelock_seconds.max(queued.timelock_seconds);
                for exit in Pausable::ALL.into_iter().filter(|what| what.is_exit()) {
                    self.pool.pause(exit).require_left_open(timelock, now).map_err(name)?;
                }
                self.make(proposed, queued.parameter, queued.of, now)
            }
            Step::CancelChange { nonce, .. } => {
                self.take_change(nonce)?;
                guardian
            }
            Step::CollectReserves { assets, .. } => {
                dao?;
                self.collect_reserves(assets, now)
            }
            step => panic!("{step:?} is nothing that is done to a market"),
        }
    }

    fn store_pause(&mut self, what: PausableOperation, pause: &Pause) {
        self.pool.pauses[what as usize] = PauseTimes { since: pause.since, until: pause.until };
    }

    /// Accounts are there or not before it matters who signs.
    fn take_change(&mut self, nonce: u64) -> Result<Queued, Name> {
        self.changes[usize::try_from(nonce).unwrap()].take().ok_or_else(|| "AccountDataTooSmall".into())
    }

    /// The value of a parameter.
    pub(crate) fn parameter(&self, parameter: Parameter, of: Option<Token>) -> u64 {
        match (parameter, of) {
            (Parameter::DepositCap, Some(token)) => self.collaterals[token].parameters.deposit_cap,
            (parameter, Some(token)) => {
                (*of_collateral(&mut self.collaterals[token].parameters.clone(), parameter)).into()
            }
            (parameter, None) => (*of_pool(&mut self.pool.parameters.clone(), parameter)).into(),
        }
    }

    /// This state with a parameter changed and nothing else.
    pub(crate) fn with_parameter(&self, parameter: Parameter, of: Option<Token>, value: u64) -> Result<Self, Name> {
        let mut changed = self.clone();
        let narrow = || u32::try_from(value).map_err(|_| "InvalidParameter".to_owned());
        match (parameter, of) {
            (Parameter::DepositCap, Some(token)) => changed.collaterals[token].parameters.deposit_cap = value,
            (parameter, Some(token)) => {
                *of_collateral(&mut changed.collaterals[token].parameters, parameter) = narrow()?;
            }
            (parameter, None) => *of_pool(&mut changed.pool.parameters, parameter) = narrow()?,
        }
        Ok(changed)
    }

    /// The same, if all parameters are then within their bounds.
    fn proposed(&self, parameter: Parameter, of: Option<Token>, value: u64) -> Result<Self, Name> {
        let changed = self.with_parameter(parameter, of, value)?;
        let valid = match of {
            Some(token) => validate_collateral(&changed.collaterals[token]),
            None => validate_pool(&changed.pool.parameters),
        };
        valid.map_err(name)?;
        Ok(changed)
    }

    fn make(&mut self, proposed: Self, parameter: Parameter, of: Option<Token>, now: i64) -> Done {
        let totals = self.accrued(now)?;
        let changes = self.changes;
        *self = Self { changes, ..proposed };
        self.apply(&totals);
        debug_assert_eq!(of.is_some(), is_of_collateral(parameter));
        match of {
            Some(token) => self.bound_collateral(token, now),
            None => self.bound_pool(),
        }
        Ok(())
    }

    /// After parameters of the pool changed.
    fn bound_pool(&mut self) {
        let risk = self.pool.risk().bounded(&self.pool.parameters.risk_terms());
        self.pool.store_risk(&risk);
    }

    /// After parameters of a collateral changed.
    fn bound_collateral(&mut self, token: Token, now: i64) {
        let collateral = &mut self.collaterals[token];
        let terms = collateral.parameters.terms();
        let risk = collateral.risk().bounded(&terms, now);
        collateral.store_risk(&risk);
    }

    /// The limits of all collaterals at a time, as the engine computes them.
    pub(crate) fn limits(&self, now: i64) -> [(u32, u32); 2] {
        COLLATERALS.map(|token| {
            let (max_ltv, threshold) = self.collaterals[token].risk().limits(now);
            (max_ltv.get(), threshold.get())
        })
    }
}

fn rules(parameter: Parameter) -> backstop_engine::parameter::Parameter {
    backstop_engine::parameter::Parameter::ALL[parameter as usize]
}

type Valid = backstop_engine::Result<()>;

fn valid(fulfilled: bool) -> Valid {
    if fulfilled { Ok(()) } else { Err(Error::InvalidParameter) }
}

fn validate_pool(parameters: &PoolParameters) -> Valid {
    let (risk, loss) = (&parameters.risk, &parameters.loss);
    parameters.rate_model(Bps::new(risk.stressed_insurance_factor_bps)).validate()?;
    parameters.insurance_limits(Bps::new(loss.insurance_share_bps)).validate()?;
    hold::validate_hold(loss.hold_seconds)?;
    parameters.risk_terms().validate()?;
    average::validate_horizon(risk.average_seconds)?;
    parameters.exit.breaker(loss.hold_seconds).validate()?;
    parameters.exit.notices().validate(loss.hold_seconds)?;
    let day = 86_400;
    valid((day..=60 * day).contains(&parameters.insurance.cooldown_seconds))?;
    valid(loss.min_default_age_slots <= 216_000)?;
    parameters.liquidation_terms().validate()?;
    validate_oracle(&parameters.oracle)
}

fn validate_oracle(oracle: &OracleParameters) -> Valid {
    valid((1..=86_400).contains(&oracle.max_age_seconds))?;
    valid((1..=2_000).contains(&oracle.max_confidence_bps) && oracle.max_divergence_bps <= 2_000)?;
    valid(oracle.feed != [0; 32] && oracle.second_feed != oracle.feed)
}

/// A threshold that was lowered may still be on its way down.
fn validate_collateral(collateral: &Collateral) -> Valid {
    let (parameters, bonus) = (&collateral.parameters, collateral.parameters.bonus());
    validate_oracle(&parameters.oracle)?;
    parameters.terms().validate()?;
    bonus.validate(Bps::new(parameters.liquidation_threshold_bps))?;
    bonus.validate(collateral.risk().threshold.ceil())
}
