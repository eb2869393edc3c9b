//! What officers do, and a stranger in their place.

use backstop_client::{Parameter, PausableOperation};

use super::{Now, Plan};
use crate::step::{ALL, COLLATERALS, NONCES, Officer, Step, Token};

/// What can be changed at once, of a collateral; of the pool there is the premium.
const TIGHTENED_OF_COLLATERAL: [Parameter; 3] =
    [Parameter::MaxLtvBps, Parameter::StressedMaxLtvBps, Parameter::DepositCap];
/// What takes the timelock, of the pool and of a collateral.
const CHANGED: [Parameter; 5] = [
    Parameter::MaxPremiumBps,
    Parameter::NoticeSeconds,
    Parameter::InsuranceShareBps,
    Parameter::StressedInsuranceShareBps,
    Parameter::InsuranceFactorBps,
];
const CHANGED_OF_COLLATERAL: [Parameter; 6] = [
    Parameter::BonusMinBps,
    Parameter::BonusMaxBps,
    Parameter::LiquidationThresholdBps,
    Parameter::StressedThresholdBps,
    Parameter::MaxLtvBps,
    Parameter::StressedMaxLtvBps,
];

impl Plan {
    /// Mostly by whom it is for.
    fn officer(&mut self, usual: Officer) -> Officer {
        if self.choice.one_in(12) {
            self.choice.of(&[Officer::Dao, Officer::Guardian, Officer::Stranger])
        } else {
            usual
        }
    }

    /// Something that is done to the market.
    pub(super) fn by_officer(&mut self, now: &Now) -> Step {
        let (dao, guardian) = (self.officer(Officer::Dao), self.officer(Officer::Guardian));
        if let Some(step) = self.due_change(now, dao, guardian) {
            return step;
        }
        match self.choice.below(16) {
            0..4 => {
                let seconds = match self.choice.below(16) {
                    0 => self.choice.below(400_000),
                    1 => 259_200,
                    _ => self.choice.below(7_200),
                };
                let seconds = u32::try_from(seconds).unwrap();
                Step::Pause { by: guardian, what: self.choice.of(PausableOperation::ALL), seconds }
            }
            4..6 => {
                let paused = |what: &PausableOperation| now.time < now.state.pool.pauses[*what as usize].until;
                Step::Unpause { by: dao, what: self.choice.among(PausableOperation::ALL, paused) }
            }
            6..9 => self.tightening(now, guardian),
            9..13 => self.queueing(now, dao),
            _ => {
                let free = now.state.pool.reserves.saturating_sub(now.state.pool.marked);
                let assets = if self.choice.one_in(3) { ALL } else { self.choice.part_of(free) };
                Step::CollectReserves { by: dao, assets }
            }
        }
    }

    /// Makes a change that is due, or cancels one that lapsed; at times one that is not due.
    pub(super) fn due_change(&mut self, now: &Now, dao: Officer, guardian: Officer) -> Option<Step> {
        let queued = |nonce: &u64| now.state.changes[usize::try_from(*nonce).unwrap()];
        if self.choice.one_in(12) {
            let nonce = self.choice.of(&NONCES);
            return Some(if self.choice.one_in(2) {
                Step::ExecuteChange { by: dao, nonce }
            } else {
                Step::CancelChange { by: guardian, nonce }
            });
        }
        if let Some(nonce) =
            NONCES.into_iter().find(|nonce| queued(nonce).is_some_and(|queued| now.time >= queued.lapses_at))
        {
            return Some(Step::CancelChange { by: guardian, nonce });
        }
        let due = NONCES.into_iter().find(|nonce| queued(nonce).is_some_and(|queued| now.time >= queued.executable_at));
        due.map(|nonce| Step::ExecuteChange { by: dao, nonce })
    }

    /// What can be done at once.
    fn tightening(&mut self, now: &Now, by: Officer) -> Step {
        let (parameter, of) = if self.choice.one_in(4) {
            (Parameter::MaxPremiumBps, None)
        } else {
            (self.choice.of(&TIGHTENED_OF_COLLATERAL), Some(self.choice.of(&COLLATERALS)))
        };
        let (is, first) = (now.state.parameter(parameter, of), self.course.first_parameter(parameter, of));
        let value = match parameter {
            Parameter::MaxPremiumBps => is.min(500 + self.choice.below(10_000)),
            Parameter::DepositCap => {
                let held = of.map_or(0, |token| now.state.collaterals[token].deposited);
                is.min(held.saturating_add(self.choice.part_of(held / 2)))
            }
            _ => is.saturating_sub(self.choice.below(400)).max(first.saturating_sub(2_000)),
        };
        // At times what would loosen.
        Step::Tighten { by, parameter, of, value: if self.choice.one_in(8) { first.saturating_add(1) } else { value } }
    }

    /// What takes the timelock: mostly what brings back what was at first.
    pub(super) fn queueing(&mut self, now: &Now, by: Officer) -> Step {
        let nonce = self.choice.among(&NONCES, |nonce| now.state.changes[usize::try_from(*nonce).unwrap()].is_none());
        let of_collaterals = TIGHTENED_OF_COLLATERAL.into_iter().chain(CHANGED_OF_COLLATERAL);
        let of_collaterals = of_collaterals.flat_map(|parameter| COLLATERALS.map(|token| (parameter, Some(token))));
        let all: Vec<_> = CHANGED.into_iter().map(|parameter| (parameter, None)).chain(of_collaterals).collect();
        let first = |(parameter, of): &(Parameter, Option<Token>)| self.course.first_parameter(*parameter, *of);
        let moved: Vec<_> =
            all.iter().copied().filter(|changed| now.state.parameter(changed.0, changed.1) != first(changed)).collect();
        if !moved.is_empty() && !self.choice.one_in(3) {
            let (parameter, of) = self.choice.of(&moved);
            return Step::QueueChange { by, nonce, parameter, of, value: self.course.first_parameter(parameter, of) };
        }
        let (parameter, of) = if self.choice.one_in(2) {
            (self.choice.of(&CHANGED), None)
        } else {
            (self.choice.of(&CHANGED_OF_COLLATERAL), Some(self.choice.of(&COLLATERALS)))
        };
        let first = self.course.first_parameter(parameter, of);
        let value = match parameter {
            Parameter::BonusMinBps | Parameter::BonusMaxBps => self.choice.below(first + 200),
            // A pool whose fund pays nothing stays one.
            Parameter::InsuranceShareBps | Parameter::StressedInsuranceShareBps => {
                first / 2 + self.choice.below(first / 2)
            }
            Parameter::InsuranceFactorBps => self.choice.below(first * 2),
            Parameter::MaxPremiumBps => 500 + self.choice.below(10_000),
            // Where nobody needs notice, nobody plans for it.
            // Less than the hold is refused.
            Parameter::NoticeSeconds => first.min(1) * (self.hold_seconds() - 100 + self.choice.below(2_000)),
            _ => first.saturating_sub(self.choice.below(900)) + self.choice.below(300),
        };
        Step::QueueChange { by, nonce, parameter, of, value }
    }
}
