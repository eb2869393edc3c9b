//! A property that does not hold.

use std::fmt;

/// Which property, and how it was seen not to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) property: &'static str,
    pub(crate) what: String,
}

pub(crate) type Holds = Result<(), Violation>;

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.property, self.what)
    }
}

/// Returns a violation of a property, by its name, unless a condition holds.
macro_rules! holds {
    ($property:literal, $condition:expr, $($what:tt)+) => {
        if !$condition {
            return Err($crate::violation::Violation { property: $property, what: format!($($what)+) });
        }
    };
}

/// Returns a violation of a property, by its name, unless two values are equal.
macro_rules! equal {
    ($property:literal, $left:expr, $right:expr, $($what:tt)+) => {
        let (left, right) = (&$left, &$right);
        $crate::violation::holds!($property, left == right, "{}: {left:?} is not {right:?}", format_args!($($what)+));
    };
}

pub(crate) use {equal, holds};
