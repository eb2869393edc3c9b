//! Plays steps on the built program, and checks everything after each.

use std::panic::{AssertUnwindSafe, catch_unwind};

use backstop_client::Event;

use crate::{
    count::Count,
    escape,
    ledger::Ledger,
    model::is_usable,
    pool_profile::PoolProfile,
    preview::preview,
    properties::{self, Moment},
    state::{Scene, State},
    step::{ACTORS, ALL, Actor, Step, TOKENS},
    violation::{Holds, Violation, holds},
};

/// A property beside those of the protocol.
pub(crate) type Extra = fn(&Moment) -> Holds;

/// Refusals of those who wait for what is marked.
const POOL_HELD: &str = "refusals while the pool was on hold";
const FUND_HELD: &str = "refusals while the fund was on hold";

/// A history that is being played.
pub(crate) struct Play {
    scene: Scene,
    state: State,
    ledger: Ledger,
    pub(crate) count: Count,
    extra: Option<Extra>,
    /// One in so many steps it is asked what leaving would bring.
    ask_every: u32,
    steps: u32,
}

/// What became of a step.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    Yes,
    Refused,
}

impl Play {
    pub(crate) fn new(course: &PoolProfile, extra: Option<Extra>) -> Self {
        let scene = Scene::new(&course.setup);
        let state = scene.first_state();
        Self { scene, state, ledger: Ledger::default(), count: Count::default(), extra, ask_every: 10, steps: 0 }
    }

    /// The same, asking so often what leaving would bring.
    pub(crate) fn asking(self, ask_every: u32) -> Self {
        Self { ask_every, ..self }
    }

    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// All that the accounts hold, after steps that were not checked.
    pub(crate) fn read(&self) -> State {
        self.scene.first_state()
    }

    pub(crate) fn now(&self) -> i64 {
        self.scene.world.now()
    }

    /// Does one step and checks everything. A check that panics counts as one that fails.
    pub(crate) fn take(&mut self, step: Step) -> Result<Done, Violation> {
        let done = catch_unwind(AssertUnwindSafe(|| self.take_unguarded(step)));
        done.unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let what = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("for no reason").to_owned();
            Err(Violation { property: "panic", what })
        })
    }

    fn take_unguarded(&mut self, step: Step) -> Result<Done, Violation> {
        let then = self.now();
        let expected = preview(&self.state, step, then, self.scene.slot + 1);
        let outcome = self.scene.act(step);
        let reported = expected.as_ref().unwrap_or(&self.state);
        let after = self.scene.state(reported.donated, reported.orphaned);
        let before = std::mem::replace(&mut self.state, after.clone());
        self.steps += 1;
        if step.is_instruction() {
            self.count.note("instructions");
        }
        let events = match (outcome, expected) {
            (Ok(receipt), Ok(expected)) => {
                as_previewed(&expected, &after)?;
                receipt.map(|receipt| receipt.events).unwrap_or_default()
            }
            (Err(failure), Err(error)) => {
                let name = failure.refusal.name();
                holds!("preview-is-execution", name == error, "{step:?} was refused with {name}, not {error}");
                holds!("preview-is-execution", after == before, "{step:?} was refused and changed something");
                properties::refusal(&step, &name, &before, then)?;
                self.count.note("refusals");
                match name.as_str() {
                    "DebtCovered" => self.count.note("refusals to record what is covered"),
                    "PoolOnHold" => self.count.note(POOL_HELD),
                    "FundOnHold" => self.count.note(FUND_HELD),
                    "PriceBeforeMark" => self.count.note("refusals of a price before the mark"),
                    _ => {}
                }
                return Ok(Done::Refused);
            }
            (Ok(_), Err(error)) => {
                holds!("preview-is-execution", false, "{step:?} was done, {error} was expected");
                return Ok(Done::Yes);
            }
            (Err(failure), Ok(_)) => {
                properties::refusal(&step, &failure.refusal.name(), &before, then)?;
                holds!("preview-is-execution", false, "{step:?} was refused: {failure}\n{}", failure.logs.join("\n"));
                return Ok(Done::Refused);
            }
        };
        self.check(step, &before, &events, then)?;
        Ok(Done::Yes)
    }

    fn check(&mut self, step: Step, before: &State, events: &[Event], then: i64) -> Holds {
        let (now, slot, after) = (self.now(), self.scene.slot, self.state.clone());
        // Interest that nobody counted is not anybody's yet: what passing time does is compared with what stands.
        let was = if step.is_instruction() { before.totals(then) } else { before.pool.totals() };
        let is = after.totals(now);
        let moment = Moment { step, before, after: &after, events, then, now, slot, was, is };
        self.count.note_step(&moment);
        properties::check(&moment)?;
        self.ledger.book(&moment)?;
        if let Some(extra) = self.extra {
            extra(&moment)?;
        }
        if self.steps.is_multiple_of(self.ask_every) {
            self.ask()?;
        }
        Ok(())
    }

    /// `hold-ends`: whatever is known to be lost, and whatever price died, the wait is over when marks have stood for
    /// long enough.
    pub(crate) fn end_holds(&mut self, steps: &mut Vec<Step>) -> Holds {
        let mut take = |play: &mut Self, step: Step| {
            steps.push(step);
            play.take(step).map(drop)
        };
        let state = self.state.clone();
        for token in TOKENS.into_iter().filter(|token| !is_usable(&state, *token)) {
            take(self, Step::ReportPrice { token })?;
        }
        for borrower in ACTORS {
            take(self, Step::Mark { borrower })?;
        }
        take(self, Step::Wait { seconds: self.state.pool.parameters.loss.hold_seconds.into() })?;
        let state = self.state.clone();
        for borrower in ACTORS.into_iter().filter(|who| state.obligations[*who].marked != 0) {
            take(self, Step::Record { borrower })?;
            self.count.note("settlements at the end");
        }
        let held = |play: &Self| [POOL_HELD, FUND_HELD].map(|what| play.count.of(what));
        let before = held(self);
        for who in [Actor::Alice, Actor::Ann] {
            take(self, Step::Deposit { who, assets: 1 + self.state.pool.cash / 3 })?;
            take(self, Step::Withdraw { who, shares: ALL })?;
            take(self, Step::Stake { who, assets: 1 + self.state.fund.assets / 3 })?;
            take(self, Step::ExecuteUnstake { who })?;
            take(self, Step::ExecuteWithdrawal { who })?;
        }
        let marked = self.state.pool.marked;
        holds!("hold-ends", marked == 0 && held(self) == before, "{marked} are marked, though marks are settled");
        Ok(())
    }

    /// The error that a step is refused with, if it is; nothing is checked.
    pub(crate) fn refusal(&mut self, step: Step) -> Option<String> {
        self.scene.act(step).err().map(|failure| failure.refusal.name())
    }

    /// What leaving, or coming, would bring just now.
    fn ask(&mut self) -> Holds {
        let who = ACTORS[usize::try_from(self.steps / self.ask_every).unwrap() % ACTORS.len()];
        let moment = escape::Moment::new(self.now(), self.scene.slot);
        if moment.check(&self.state, who, 1 + self.state.pool.cash / 3)? {
            self.count.note("moments with something to escape from");
        }
        Ok(())
    }
}

/// What a step did is what its preview said, account by account.
fn as_previewed(expected: &State, after: &State) -> Holds {
    if expected == after {
        return Ok(());
    }
    let (reported, is) = (format!("{expected:#?}"), format!("{after:#?}"));
    let differences = is.lines().zip(reported.lines()).filter(|(is, reported)| is != reported);
    let differences: Vec<String> =
        differences.map(|(is, reported)| format!("{} not {}", is.trim(), reported.trim())).collect();
    holds!("preview-is-execution", false, "{}", differences.join("; "));
    Ok(())
}
