//! Makes a history in which a property does not hold shorter, as long as the same property does not hold in it.

use std::{
    cell::Cell,
    collections::BTreeSet,
    panic,
    sync::Once,
    time::{Duration, Instant},
};

use crate::{
    play::{Done, Extra, Play},
    pool_profile::PoolProfile,
    step::{ACTORS, Step},
    violation::Violation,
};

/// How long it may take.
const LIMIT: Duration = Duration::from_secs(60);

/// A history that ends in a violation.
#[derive(Clone, Debug)]
pub(crate) struct Failed {
    pub(crate) steps: Vec<Step>,
    pub(crate) violation: Violation,
}

/// Plays a history anew. Its steps up to the violation, if there is one, and which of them were done.
fn replay(course: &PoolProfile, extra: Option<Extra>, steps: &[Step], property: &str) -> Option<(Failed, Vec<bool>)> {
    // What leaving would bring takes long to say.
    let mut play =
        Play::new(course, extra).asking(if ["no-escape", "hold-ends"].contains(&property) { 1 } else { u32::MAX });
    let mut done = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        match play.take(*step) {
            Ok(outcome) => done.push(outcome == Done::Yes),
            Err(violation) => {
                done.push(true);
                return Some((Failed { steps: steps[..=index].to_vec(), violation }, done));
            }
        }
    }
    None
}

struct Shrinker<'a> {
    course: &'a PoolProfile,
    extra: Option<Extra>,
    best: Failed,
    deadline: Instant,
}

/// The shortest that is found in time.
pub(crate) fn shrink(course: &PoolProfile, extra: Option<Extra>, failed: Failed) -> Failed {
    let deadline = Instant::now() + LIMIT;
    let mut shrinker = Shrinker { course, extra, best: failed, deadline };
    quietly(|| {
        shrinker.drop_refused();
        shrinker.drop_kinds();
        shrinker.drop_chunks();
        shrinker.round_numbers();
    });
    shrinker.best
}

impl Shrinker<'_> {
    fn in_time(&self) -> bool {
        Instant::now() < self.deadline
    }

    /// Takes these steps instead if the same property does not hold in them.
    fn try_steps(&mut self, steps: &[Step]) -> bool {
        let property = self.best.violation.property;
        match replay(self.course, self.extra, steps, property) {
            Some((failed, _)) if failed.violation.property == property => {
                self.best = failed;
                true
            }
            _ => false,
        }
    }

    fn drop_refused(&mut self) {
        if let Some((failed, done)) = replay(self.course, self.extra, &self.best.steps, self.best.violation.property) {
            let kept: Vec<Step> =
                failed.steps.iter().zip(done).filter(|(_, done)| *done).map(|(step, _)| *step).collect();
            self.try_steps(&kept);
        }
    }

    /// Leaves out all donations, which a file cannot tell; then all steps of one kind, then all of one kind by one
    /// actor.
    fn drop_kinds(&mut self) {
        self.drop_those(|step| matches!(step, Step::Donate { .. }));
        let kinds: BTreeSet<&'static str> = self.best.steps.iter().map(Step::verb).collect();
        for kind in &kinds {
            self.drop_those(|step| step.verb() == *kind);
        }
        for (kind, who) in kinds.iter().flat_map(|kind| ACTORS.map(|who| (*kind, who))) {
            self.drop_those(|step| step.verb() == kind && step.who() == Some(who));
        }
    }

    fn drop_those(&mut self, out: impl Fn(&Step) -> bool) {
        let kept: Vec<Step> = self.best.steps.iter().copied().filter(|step| !out(step)).collect();
        if kept.len() < self.best.steps.len() && self.in_time() {
            self.try_steps(&kept);
        }
    }

    /// Leaves out ever shorter stretches, until not even one step can be left out.
    fn drop_chunks(&mut self) {
        let mut size = self.best.steps.len().div_ceil(2);
        while self.in_time() {
            let (before, mut end) = (self.best.steps.len(), self.best.steps.len());
            while end > 0 && self.in_time() {
                let start = end.saturating_sub(size);
                let steps = [&self.best.steps[..start], &self.best.steps[end..]].concat();
                self.try_steps(&steps);
                end = start.min(self.best.steps.len());
            }
            if size == 1 && self.best.steps.len() == before {
                break;
            }
            size = size.div_ceil(2);
        }
    }

    /// Replaces amounts by rounder ones.
    fn round_numbers(&mut self) {
        for index in 0..self.best.steps.len() {
            for digits in 1..3 {
                let Some(step) = self.best.steps.get(index).copied() else { return };
                let rounder = rounded(step, digits);
                if rounder == step || !self.in_time() {
                    continue;
                }
                let mut steps = self.best.steps.clone();
                steps[index] = rounder;
                if self.try_steps(&steps) {
                    break;
                }
            }
        }
    }
}

/// The step with its amount cut to so many digits.
fn rounded(step: Step, digits: u32) -> Step {
    let round = |amount: u64| {
        let power = 10_u64.pow((amount.max(1).ilog10() + 1).saturating_sub(digits));
        if amount == u64::MAX { amount } else { amount / power * power }
    };
    let mut step = step;
    match &mut step {
        Step::Deposit { assets, .. }
        | Step::Borrow { assets, .. }
        | Step::Repay { assets, .. }
        | Step::Fund { assets, .. }
        | Step::Stake { assets, .. }
        | Step::CollectReserves { assets, .. } => *assets = round(*assets),
        Step::Withdraw { shares, .. }
        | Step::RequestWithdrawal { shares, .. }
        | Step::TransferShares { shares, .. }
        | Step::RequestUnstake { shares, .. } => *shares = round(*shares),
        Step::DepositCollateral { units, .. } | Step::WithdrawCollateral { units, .. } | Step::Donate { units, .. } => {
            *units = round(*units);
        }
        Step::Liquidate { max_repay, .. } => *max_repay = round(*max_repay),
        Step::Wait { seconds } => *seconds = round(*seconds),
        Step::Pause { seconds, .. } => *seconds = u32::try_from(round((*seconds).into())).unwrap(),
        Step::Tighten { value, .. } | Step::QueueChange { value, .. } => *value = round(*value),
        Step::Price { quote, age, .. } => (quote.price, quote.confidence, *age) = (round(quote.price), 0, 0),
        Step::SecondPrice { quote, .. } => (quote.price, quote.confidence) = (round(quote.price), 0),
        _ => {}
    }
    step
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Does something without printing the panics that it catches.
pub(crate) fn quietly<T>(act: impl FnOnce() -> T) -> T {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                usual(info);
            }
        }));
    });
    QUIET.set(true);
    let done = act();
    QUIET.set(false);
    done
}
