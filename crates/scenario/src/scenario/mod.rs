//! Scenario files: the setup of a pool, and the steps of a story.

mod fields;
mod governance;
mod parameters;
mod problem;
mod step;

use backstop_testkit::Setup;
use fields::Fields;
pub use governance::{Act, Change, NewValue};
pub(crate) use governance::{default_actor, is_address, name_of};
pub use problem::{Kind, Problem};
use serde_json::Value;
pub use step::{Step, Tokens, Verb};

/// A scenario that can be played.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// The pool and its collaterals.
    pub setup: Setup,
    /// The steps, as in the file. Each is parsed when it is played, since its meaning depends on earlier steps.
    pub steps: Vec<Value>,
    /// Mistakes outside the steps that do not prevent playing the story.
    pub problems: Vec<Problem>,
}

impl Scenario {
    /// Parses the text of a scenario file.
    ///
    /// # Errors
    /// If the story cannot be played at all: not JSON, no steps, or a malformed parameter.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let value: Value = serde_json::from_str(text)
            .map_err(|error| Problem::new(Kind::NotAScenario, "", format!("is not JSON: {error}")))?;
        Self::from_value(&value)
    }

    /// Reads a scenario from a JSON value.
    ///
    /// # Errors
    /// As [`Scenario::parse`].
    pub fn from_value(value: &Value) -> Result<Self, Problem> {
        let mut fields = Fields::of("", value)
            .map_err(|_| Problem::new(Kind::NotAScenario, "", "is not a JSON object with \"steps\""))?;
        let name = fields.text("name")?.unwrap_or("a story without a name").into();
        let mut problems = Vec::new();
        let setup = parameters::setup(&mut fields, &mut problems)?;
        let steps = match fields.value("steps") {
            Some(Value::Array(steps)) => steps.clone(),
            Some(_) => return Err(Problem::new(Kind::NotAScenario, "steps", "must be an array of steps")),
            None => return Err(fields.missing("steps")),
        };
        problems.extend(fields.unknown());
        Ok(Self { name, setup, steps, problems })
    }
}

/// Whether a text can be a name. Addresses are derived from names, which limits their length.
pub(crate) const fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 32
}
