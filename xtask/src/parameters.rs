//! `docs/parameters.md`: the table of parameters, for people.

use std::fmt::Write;

use backstop_engine::parameter::{AtOnce, Parameter, Scope, Unit};
use backstop_text::snake_case;

const HEADER: &str = "\
<!-- Generated from the engine's table by `cargo xtask generate`. Do not edit. -->
# Parameters

Every parameter that governance can change, by the kind of account that holds it. Files and scenarios use these names;
the command line writes `-` for `_`. A change waits for the market's timelock unless the last column says that it
applies at once ([Who may do what](protocol.md#who-may-do-what)). Bounds hold for each parameter alone.
[protocol.md](protocol.md) has the rules that involve several.
";

/// The document.
pub(crate) fn render() -> String {
    let mut out = String::from(HEADER);
    for (scope, title) in [(Scope::Pool, "Pool"), (Scope::Collateral, "Collateral"), (Scope::Market, "Market")] {
        let _ = write!(
            out,
            "\n## {title}\n\n| name | unit | bounds | at once | meaning |\n| --- | --- | --- | --- | --- |\n"
        );
        for parameter in Parameter::ALL.iter().filter(|parameter| parameter.scope() == scope) {
            let name = snake_case(&format!("{parameter:?}"));
            let at_once = match parameter.at_once() {
                AtOnce::Lower => "lower",
                AtOnce::Never => "",
            };
            let (unit, bounds, doc) = (unit(parameter.unit()), bounds(*parameter), parameter.doc().trim());
            let _ = writeln!(out, "| `{name}` | {unit} | {bounds} | {at_once} | {doc} |");
        }
    }
    out
}

const fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Bps => "basis points",
        Unit::Seconds => "seconds",
        Unit::Slots => "slots",
        Unit::MicroUsd => "millionths of a USD",
        Unit::Tokens => "base units",
        Unit::Feed => "feed",
        Unit::Address => "address",
    }
}

fn bounds(parameter: Parameter) -> String {
    let none = if parameter.is_optional() { ", or none" } else { "" };
    match (parameter.unit(), parameter.bounds()) {
        (Unit::Feed | Unit::Address, _) => format!("any{none}"),
        (_, (least, most)) if most >= u32::MAX.into() => format!("from {least}{none}"),
        (_, (least, most)) => format!("{least} to {most}{none}"),
    }
}
