//! The properties, each checked under its name.

mod book;
mod breaker;
mod conservation;
mod liveness;
mod loss;
mod obligations;
mod risk;
mod worth;

use backstop_client::{Event, LossRecorded, Parameter, PoolState, Recovered, StakeRecoveryClaimed};
use backstop_engine::pool::Totals;

pub(crate) use liveness::refusal;
pub(crate) use worth::worth;

use crate::{
    model::ModelPool,
    state::State,
    step::{Step, Token},
    violation::{Holds, holds},
};

/// A step that was done.
pub(crate) struct Moment<'a> {
    pub(crate) step: Step,
    pub(crate) before: &'a State,
    pub(crate) after: &'a State,
    pub(crate) events: &'a [Event],
    /// When it was done.
    pub(crate) then: i64,
    /// The time afterwards.
    pub(crate) now: i64,
    /// The slot afterwards.
    pub(crate) slot: u64,
    /// The pool's totals before, as the step found them; where it is no instruction, as they stood.
    pub(crate) was: Totals,
    /// The pool's totals afterwards, as the next step finds them.
    pub(crate) is: Totals,
}

impl Moment<'_> {
    /// The loss that it recorded.
    pub(crate) fn loss(&self) -> Option<&LossRecorded> {
        self.events.iter().find_map(|event| if let Event::LossRecorded(loss) = event { Some(loss) } else { None })
    }

    /// What it recovered of losses, one after another.
    pub(crate) fn recoveries(&self) -> impl Iterator<Item = &Recovered> {
        self.events
            .iter()
            .filter_map(|event| if let Event::Recovered(reported) = event { Some(reported) } else { None })
    }

    /// What it staked of what came back to a staker.
    pub(crate) fn stake_claims(&self) -> impl Iterator<Item = &StakeRecoveryClaimed> {
        self.events
            .iter()
            .filter_map(|event| if let Event::StakeRecoveryClaimed(reported) = event { Some(reported) } else { None })
    }

    /// The pool just before a loss was recorded: as the step found it, or as a liquidation left it.
    pub(crate) fn just(&self) -> ModelPool {
        let reported = |event: &Event| if let Event::Liquidated(done) = event { Some(done.state) } else { None };
        let state: Option<PoolState> = self.events.iter().find_map(reported);
        state.map_or_else(|| ModelPool::of(&self.was), |state| ModelPool::reported(&state))
    }

    /// The parameter that it changed, and its new value.
    pub(crate) fn change(&self) -> Option<(Parameter, Option<Token>, u64)> {
        match self.step {
            Step::Tighten { parameter, of, value, .. } => Some((parameter, of, value)),
            Step::ExecuteChange { nonce, .. } => {
                let queued = self.before.changes[usize::try_from(nonce).unwrap()];
                queued.map(|queued| (queued.parameter, queued.of, queued.value))
            }
            _ => None,
        }
    }

    /// Whether no time passed and no price moved.
    fn is_still(&self) -> bool {
        self.step.is_instruction()
    }
}

/// Checks all properties that one step shows.
pub(crate) fn check(moment: &Moment) -> Holds {
    conservation::check(moment)?;
    conservation::isolation(moment)?;
    fresh_totals(moment)?;
    obligations::check(moment)?;
    book::check(moment)?;
    breaker::check(moment)?;
    liveness::check(moment)?;
    risk::check(moment)?;
    if let Some(reported) = moment.loss() {
        loss::check(moment, reported)?;
    }
    worth::check(moment)
}

/// Whether a step counts interest first.
pub(crate) fn counts_interest(step: Step, before: &State) -> bool {
    match step {
        Step::DepositCollateral { .. }
        | Step::RequestWithdrawal { .. }
        | Step::TransferShares { .. }
        | Step::ClaimRecovery { .. }
        | Step::ClaimStakeRecovery { .. }
        | Step::CollectWithdrawal { .. }
        | Step::CollectUnstake { .. }
        | Step::ReportPrice { .. }
        | Step::Pause { .. }
        | Step::Unpause { .. }
        | Step::QueueChange { .. }
        | Step::CancelChange { .. } => false,
        Step::WithdrawCollateral { who, .. } => before.obligations[who].owes(),
        other => other.is_instruction(),
    }
}

/// A step that changed totals counted interest first.
fn fresh_totals(moment: &Moment) -> Holds {
    let (reads, until) = (counts_interest(moment.step, moment.before), moment.after.pool.accrued_at);
    holds!("fresh-totals", !reads || until == moment.now, "interest is counted up to {until}, now is {}", moment.now);
    Ok(())
}
