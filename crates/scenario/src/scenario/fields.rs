//! A reader for JSON objects that tracks the keys it was asked for, so that it can report unknown ones.

use backstop_text::Decimal;
use serde_json::{Map, Value};

use super::{Kind, Problem};

/// A JSON object, with its place in the file.
pub(crate) struct Fields<'a> {
    place: String,
    object: Option<&'a Map<String, Value>>,
    known: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// Reads a value as an object.
    pub(crate) fn of(place: impl Into<String>, value: &'a Value) -> Result<Self, Problem> {
        let place = place.into();
        match value.as_object() {
            Some(object) => Ok(Self { place, object: Some(object), known: Vec::new() }),
            None => Err(Problem::new(Kind::InvalidValue, place, "must be an object, {\"key\": value}")),
        }
    }

    /// The place of a key in the file.
    pub(crate) fn place(&self, key: &str) -> String {
        if self.place.is_empty() { key.into() } else { format!("{}.{key}", self.place) }
    }

    /// The value of a key, if present.
    pub(crate) fn value(&mut self, key: &'static str) -> Option<&'a Value> {
        self.known.push(key);
        self.object.and_then(|object| object.get(key))
    }

    /// A nested object, empty if absent.
    pub(crate) fn object(&mut self, key: &'static str) -> Result<Fields<'a>, Problem> {
        let place = self.place(key);
        match self.value(key) {
            Some(value) => Fields::of(place, value),
            None => Ok(Fields { place, object: None, known: Vec::new() }),
        }
    }

    /// A string.
    pub(crate) fn text(&mut self, key: &'static str) -> Result<Option<&'a str>, Problem> {
        let place = self.place(key);
        match self.value(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Problem::new(Kind::InvalidValue, place, "must be a string, \"like this\"")),
        }
    }

    /// A required string.
    pub(crate) fn required_text(&mut self, key: &'static str) -> Result<&'a str, Problem> {
        let missing = self.missing(key);
        self.text(key)?.ok_or(missing)
    }

    /// A decimal number in a string, if present.
    pub(crate) fn decimal(&mut self, key: &'static str) -> Result<Option<Decimal>, Problem> {
        let place = self.place(key);
        let text = match self.value(key) {
            None => return Ok(None),
            Some(Value::String(text)) => text,
            Some(_) => {
                let message = "must be a decimal number in a string, such as \"12.5\"";
                return Err(Problem::new(Kind::InvalidValue, place, message));
            }
        };
        Decimal::parse(text).map(Some).map_err(|message| Problem::new(Kind::InvalidValue, place, message))
    }

    /// A decimal number in a string, converted to base units of a token, if present.
    pub(crate) fn units(&mut self, key: &'static str, decimals: u8) -> Result<Option<u64>, Problem> {
        let place = self.place(key);
        let units = self.decimal(key)?.map(|decimal| decimal.base_units(decimals)).transpose();
        units.map_err(|message| Problem::new(Kind::InvalidValue, place, message))
    }

    /// A whole number that fits the type, if present.
    pub(crate) fn integer<T: TryFrom<u64>>(&mut self, key: &'static str) -> Result<Option<T>, Problem> {
        let place = self.place(key);
        let Some(value) = self.value(key) else { return Ok(None) };
        let number = value.as_u64().and_then(|number| T::try_from(number).ok());
        let message = "must be a whole number that is not negative and not too large";
        number.map(Some).ok_or_else(|| Problem::new(Kind::InvalidValue, place, message))
    }

    /// Overwrites a default with a whole number, if present.
    pub(crate) fn set<T: TryFrom<u64>>(&mut self, key: &'static str, target: &mut T) -> Result<(), Problem> {
        if let Some(value) = self.integer(key)? {
            *target = value;
        }
        Ok(())
    }

    /// The problem of a missing key.
    pub(crate) fn missing(&self, key: &str) -> Problem {
        Problem::new(Kind::MissingKey, self.place(key), "is missing")
    }

    /// A problem for every key that was not asked for.
    pub(crate) fn unknown(&self) -> Vec<Problem> {
        self.beside(&self.known)
    }

    /// A problem for the first key that is not one of these.
    pub(crate) fn unknown_beside(&self, known: &[&str]) -> Option<Problem> {
        self.beside(known).into_iter().next()
    }

    fn beside(&self, known: &[&str]) -> Vec<Problem> {
        let keys = self.object.into_iter().flat_map(Map::keys);
        let unknown = keys.filter(|key| !known.contains(&key.as_str()));
        let message = format!("is not a key here; known are {}", known.join(", "));
        unknown.map(|key| Problem::new(Kind::UnknownKey, self.place(key), message.clone())).collect()
    }
}
