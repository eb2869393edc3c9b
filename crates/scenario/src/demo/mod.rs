//! Replays November 2022: a USDC pool lends against SOL while SOL falls by 42 % in a day.
//!
//! The demo generates its scenario while playing it. `plan.json` holds the actors' steps, and a daily series holds the
//! prices. A keeper and a liquidator act once a day, based on the engine's preview. The report includes the generated
//! steps, so `backstop run` can play them again.

mod keeper;
mod plan;
mod report;
mod table;

use plan::{Day, Plan};
pub use report::{BorrowerReport, DemoReport, LimitReport, LiquidationReport, LpReport, MarkReport, StakerReport};
use serde_json::{Value, json};
pub use table::render;

use crate::{
    report::{State, StepReport},
    scenario::{Kind, Problem, Scenario},
    story::Story,
};

/// Seconds between two prices of the series.
const DAY: u64 = 86_400;

/// A played step and its outcome.
pub(crate) struct Played {
    /// The day, such as `2022-11-10`.
    day: String,
    /// The price of SOL in USD that day.
    price: String,
    /// The chain's Unix time.
    at: i64,
    /// The step, as in a scenario file.
    step: Value,
    /// The report of the step.
    report: StepReport,
    /// Whether it recorded a loss.
    lost: bool,
    /// The states before and after, if the step marked or recorded a loss.
    around: Option<(State, State)>,
}

/// Plays the demo. Calls `progress` with each day and its price.
///
/// # Errors
/// If the built-in plan or series is invalid, or a step fails.
pub fn play(mut progress: impl FnMut(&str, &str)) -> Result<DemoReport, Problem> {
    let plan = Plan::read()?;
    let scenario = Scenario::from_value(&plan.scenario(&[]))?;
    let mut demo = Demo { story: Story::new(&scenario)?, played: Vec::new() };
    for (index, day) in plan.series.iter().enumerate() {
        progress(&day.date, &day.usd);
        if index > 0 {
            demo.step(day, json!({ "do": "wait", "seconds": DAY }))?;
            demo.step(day, json!({ "do": "set_price", "of": plan.collateral, "price": day.usd }))?;
            demo.step(day, json!({ "do": "refresh_risk", "who": plan.keeper, "of": plan.collateral }))?;
        }
        for step in plan.steps_of(&day.date) {
            demo.step(day, step)?;
        }
        demo.mark(&plan, day)?;
        demo.liquidate(&plan, day)?;
    }
    let end = demo.story.state()?;
    report::assemble(&plan, &demo.played, end)
}

struct Demo {
    story: Story,
    played: Vec<Played>,
}

impl Demo {
    /// Plays one step, which must end as expected.
    fn step(&mut self, day: &Day, step: Value) -> Result<(), Problem> {
        let losses = self.story.losses().len();
        let verb = step.get("do").and_then(Value::as_str).unwrap_or_default();
        let (marks, may_lose) = (verb == "mark", verb == "liquidate");
        let before = if marks || may_lose { Some(self.story.state()?) } else { None };
        let report = self.story.play(&step);
        if !report.expected {
            let message = report.message.unwrap_or_else(|| "succeeded unexpectedly".into());
            return Err(Problem::new(Kind::InvalidValue, format!("{} {step}", day.date), message));
        }
        let lost = self.story.losses().len() > losses;
        let around = match before {
            Some(before) if marks || lost => Some((before, self.story.state()?)),
            _ => None,
        };
        let (day, price, at) = (day.date.clone(), day.usd.clone(), self.story.world().now());
        self.played.push(Played { day, price, at, step, report, lost, around });
        Ok(())
    }

    /// The keeper's daily round: updates marks, before anyone can leave.
    fn mark(&mut self, plan: &Plan, day: &Day) -> Result<(), Problem> {
        for borrower in &plan.borrowers {
            if keeper::needs_mark(self.story.world(), borrower).map_err(|error| unpreviewed(day, error))? {
                self.step(day, json!({ "do": "mark", "who": plan.keeper, "borrower": borrower }))?;
            }
        }
        Ok(())
    }

    /// The liquidator's daily round: liquidates where possible.
    fn liquidate(&mut self, plan: &Plan, day: &Day) -> Result<(), Problem> {
        for borrower in &plan.borrowers {
            if keeper::is_liquidatable(self.story.world(), borrower).map_err(|error| unpreviewed(day, error))? {
                let (who, of) = (&plan.liquidator, &plan.collateral);
                self.step(day, json!({ "do": "liquidate", "who": who, "borrower": borrower, "of": of }))?;
            }
        }
        Ok(())
    }
}

fn unpreviewed(day: &Day, error: backstop_engine::Error) -> Problem {
    Problem::new(Kind::InvalidValue, day.date.clone(), format!("preview: {error:?}"))
}
