//! November 2022, played: a pool of USDC lent against SOL while SOL falls by 42 % in a day.
//!
//! The demo is a scenario that is written while it is played: what people do is planned in `plan.json`, prices are the
//! daily series, and a keeper and a liquidator who come by once a day decide by the engine's preview. The steps it wrote are printed
//! with the report, so `backstop run` can play them again.

mod plan;
mod report;
mod table;

use plan::{Day, Plan};
pub use report::{BorrowerReport, DemoReport, LimitReport, LiquidationReport, LpReport, MarkReport, StakerReport};
use serde_json::{Value, json};
pub use table::render;

use crate::{
    preview,
    report::{State, StepReport},
    scenario::{Kind, Problem, Scenario},
    story::Story,
};

/// Seconds between two prices of the series.
const DAY: u64 = 86_400;

/// A step that was played, and what it did.
pub(crate) struct Played {
    /// The day, such as `2022-11-10`.
    day: String,
    /// SOL in USD that day.
    price: String,
    /// The chain's time.
    at: i64,
    /// The step as it would stand in a file.
    step: Value,
    /// What it did.
    report: StepReport,
    /// Whether it recorded a loss.
    lost: bool,
    /// The state before and after, if the step marked or recorded a loss.
    around: Option<(State, State)>,
}

/// Plays the demo. `progress` is told each day and its price.
///
/// # Errors
/// If the plan or the series in the program text is broken, or a step fails.
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
    /// Plays one step; all of the demo must go as expected.
    fn step(&mut self, day: &Day, step: Value) -> Result<(), Problem> {
        let losses = self.story.losses().len();
        let verb = step.get("do").and_then(Value::as_str).unwrap_or_default();
        let (marks, may_lose) = (verb == "mark", verb == "liquidate");
        let before = if marks || may_lose { Some(self.story.state()?) } else { None };
        let report = self.story.play(&step);
        if !report.expected {
            let message = report.message.unwrap_or_else(|| "succeeded against what was expected".into());
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

    /// The keeper's daily round: marks what is expected to be lost, before anyone can leave.
    fn mark(&mut self, plan: &Plan, day: &Day) -> Result<(), Problem> {
        for borrower in &plan.borrowers {
            if preview::needs_mark(self.story.world(), borrower).map_err(|error| unpreviewed(day, error))? {
                self.step(day, json!({ "do": "mark", "who": plan.keeper, "borrower": borrower }))?;
            }
        }
        Ok(())
    }

    /// The liquidator's daily round.
    fn liquidate(&mut self, plan: &Plan, day: &Day) -> Result<(), Problem> {
        for borrower in &plan.borrowers {
            if preview::is_liquidatable(self.story.world(), borrower).map_err(|error| unpreviewed(day, error))? {
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
