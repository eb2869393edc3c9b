//! Steps that govern a market: pauses, parameter changes, the authority, reserves. Also the parameters' names in files.

use backstop_client::{Parameter, PausableOperation};
use backstop_engine::parameter::Scope;
use serde_json::Value;

use backstop_text::snake_case;

use super::{
    Kind, Problem,
    fields::Fields,
    is_name,
    step::{Reader, Tokens},
};

/// The default duration of a pause: 72 hours, the maximum for exits.
const PAUSE_SECONDS: u32 = 259_200;

/// An act of governance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Pauses an operation for this many seconds.
    Pause(PausableOperation, u32),
    /// Ends a pause.
    Unpause(PausableOperation),
    /// Changes a parameter at once.
    Tighten(Change),
    /// Queues a change under a nonce, or under the next one.
    QueueChange(Change, Option<u64>),
    /// Executes a queued change.
    ExecuteChange(u64),
    /// Cancels a queued change.
    CancelChange(u64),
    /// Proposes an authority.
    ProposeAuthority(String),
    /// Accepts the authority.
    AcceptAuthority,
    /// Cancels the proposal of an authority.
    CancelAuthority,
    /// Pays reserves to the treasury.
    CollectReserves(u64),
}

/// A change of one parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The parameter.
    pub parameter: Parameter,
    /// The collateral, if it is a collateral's parameter.
    pub of: Option<String>,
    /// The new value.
    pub value: NewValue,
}

/// A new value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewValue {
    /// A number, in the parameter's own unit.
    Number(u64),
    /// An actor's address.
    Actor(String),
}

/// The default actor of a verb.
pub(crate) fn default_actor(verb: &str) -> Option<&'static str> {
    match verb {
        "pause" | "tighten" | "cancel_change" | "cancel_authority" => Some("guardian"),
        "unpause" | "queue_change" | "execute_change" | "propose_authority" | "collect_reserves" => Some("dao"),
        _ => None,
    }
}

/// A parameter's name: `max_ltv_bps`.
pub(crate) fn name_of(parameter: Parameter) -> String {
    snake_case(&format!("{parameter:?}"))
}

/// Whether a parameter's value is an address or a feed.
pub(crate) const fn is_address(parameter: Parameter) -> bool {
    matches!(
        parameter,
        Parameter::Guardian
            | Parameter::Treasury
            | Parameter::LiquidityFeed
            | Parameter::LiquiditySecondFeed
            | Parameter::CollateralFeed
            | Parameter::CollateralSecondFeed
    )
}

impl<W: Tokens> Reader<'_, W> {
    /// Reads an act of governance.
    pub(super) fn act(&mut self, verb: &str) -> Result<Act, Problem> {
        Ok(match verb {
            "pause" => {
                let what = self.operation()?;
                Act::Pause(what, self.fields.integer("seconds")?.unwrap_or(PAUSE_SECONDS))
            }
            "unpause" => Act::Unpause(self.operation()?),
            "tighten" => Act::Tighten(self.change()?),
            "queue_change" => {
                let nonce = self.fields.integer("nonce")?;
                Act::QueueChange(self.change()?, nonce)
            }
            "execute_change" => Act::ExecuteChange(self.nonce()?),
            "cancel_change" => Act::CancelChange(self.nonce()?),
            "propose_authority" => Act::ProposeAuthority(self.receiver()?),
            "accept_authority" => Act::AcceptAuthority,
            "cancel_authority" => Act::CancelAuthority,
            _ => {
                let liquidity = self.world.liquidity_symbol().to_owned();
                Act::CollectReserves(self.bound(&liquidity)?)
            }
        })
    }

    fn operation(&mut self) -> Result<PausableOperation, Problem> {
        let name = self.fields.required_text("what")?;
        one_of(&self.fields, "what", name, PausableOperation::ALL, |what| snake_case(&format!("{what:?}")))
    }

    fn nonce(&mut self) -> Result<u64, Problem> {
        self.fields.integer("nonce")?.ok_or_else(|| self.fields.missing("nonce"))
    }

    fn change(&mut self) -> Result<Change, Problem> {
        let name = self.fields.required_text("parameter")?;
        let parameter = one_of(&self.fields, "parameter", name, Parameter::ALL, |parameter| name_of(*parameter))?;
        let of = if parameter.rules().scope() == Scope::Collateral { Some(self.collateral_or_only()?) } else { None };
        let value = if is_address(parameter) { self.actor_of_value()? } else { self.number_of_value()? };
        Ok(Change { parameter, of, value })
    }

    fn number_of_value(&mut self) -> Result<NewValue, Problem> {
        self.fields.integer("value")?.map(NewValue::Number).ok_or_else(|| self.fields.missing("value"))
    }

    /// Reads an address, given as `{"actor": "name"}`.
    fn actor_of_value(&mut self) -> Result<NewValue, Problem> {
        let value: Option<&Value> = self.fields.value("value");
        let name = value.ok_or_else(|| self.fields.missing("value"))?.get("actor").and_then(Value::as_str);
        let named = name.filter(|name| is_name(name)).map(|name| NewValue::Actor(name.into()));
        let message = "is an address: give the name of an actor, {\"actor\": \"name\"}";
        named.ok_or_else(|| Problem::new(Kind::InvalidValue, self.fields.place("value"), message))
    }
}

/// Finds the item with a name.
fn one_of<T: Copy>(
    fields: &Fields,
    key: &str,
    name: &str,
    all: &[T],
    called: impl Fn(&T) -> String,
) -> Result<T, Problem> {
    all.iter().find(|one| called(one) == name).copied().ok_or_else(|| {
        let known: Vec<String> = all.iter().map(called).collect();
        let message = format!("there is no \"{name}\"; known are {}", known.join(", "));
        Problem::new(Kind::InvalidValue, fields.place(key), message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_called_like_its_field() {
        assert_eq!(name_of(Parameter::MaxLtvBps), "max_ltv_bps");
        assert_eq!(name_of(Parameter::Slope1Bps), "slope1_bps");
        assert_eq!(name_of(Parameter::Treasury), "treasury");
    }
}
