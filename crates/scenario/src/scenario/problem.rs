//! Problems of a scenario.

use std::fmt;

use serde::Serialize;

/// The kind of mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The file is not a JSON object with steps.
    NotAScenario,
    /// An unknown key.
    UnknownKey,
    /// An unknown verb.
    UnknownVerb,
    /// An actor who has not acted yet.
    UnknownActor,
    /// A symbol that is neither the liquidity token nor a collateral.
    UnknownToken,
    /// A required key is missing.
    MissingKey,
    /// A malformed value, or one out of range.
    InvalidValue,
    /// The program refuses the parameters.
    ParametersRefused,
}

impl Kind {
    /// The name, as in the error of a step.
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

/// A mistake in a scenario, and its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The kind of mistake.
    pub error: Kind,
    /// The place, such as `steps[3].amount`.
    pub place: String,
    /// What is wrong, or how to fix it.
    pub message: String,
}

impl Problem {
    /// A problem at a place.
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
