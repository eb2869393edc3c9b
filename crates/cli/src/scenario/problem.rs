//! What is wrong with a scenario, and where.

use std::fmt;

use serde::Serialize;

/// What kind of mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The file is not a JSON object with steps.
    NotAScenario,
    /// A key that the format does not know.
    UnknownKey,
    /// A verb that the format does not know.
    UnknownVerb,
    /// An actor who never did anything before.
    UnknownActor,
    /// A symbol that is neither the liquidity token nor a collateral.
    UnknownToken,
    /// A required key is missing.
    MissingKey,
    /// A value of the wrong form, or out of range.
    InvalidValue,
    /// The program refuses the parameters.
    ParametersRefused,
}

impl Kind {
    /// Its name, as told in the error of a step.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotAScenario => "NotAScenario",
            Self::UnknownKey => "UnknownKey",
            Self::UnknownVerb => "UnknownVerb",
            Self::UnknownActor => "UnknownActor",
            Self::UnknownToken => "UnknownToken",
            Self::MissingKey => "MissingKey",
            Self::InvalidValue => "InvalidValue",
            Self::ParametersRefused => "ParametersRefused",
        }
    }
}

impl Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// A mistake in a scenario and its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What kind of mistake.
    pub error: Kind,
    /// Where it stands, such as `steps[3].amount`.
    pub place: String,
    /// What to do about it.
    pub message: String,
}

impl Problem {
    /// A mistake at a place.
    pub fn new(error: Kind, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { error, place: place.into(), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() { f.write_str(&self.message) } else { write!(f, "{}: {}", self.place, self.message) }
    }
}

impl std::error::Error for Problem {}
