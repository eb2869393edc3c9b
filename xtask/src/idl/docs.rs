//! What the sources document and Anchor does not print: the specification of an instruction, its arguments, the
//! variants of an enumeration, the constants. Every item of the IDL is documented, or this task fails.

#![allow(clippy::indexing_slicing)] // a missing key of a JSON value reads as null

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{items, name_of};
use crate::repository;
use crate::run::{self, Outcome};

/// Completes the documentation of every item.
pub(super) fn complete(idl: &mut Value) -> Outcome {
    let types = idl["types"].clone();
    for instruction in items(idl, "instructions") {
        let name = name_of(instruction);
        let source = source(&format!("instructions/{name}.rs"))?;
        let (docs, arguments) = split(above(&source, &format!("pub struct {} {{", pascal(&name))));
        instruction["docs"] = json!(docs);
        for argument in items(instruction, "args") {
            let described = arguments.iter().find(|(argument_name, _)| *argument_name == name_of(argument));
            argument["docs"] = described.map_or(Value::Null, |(_, text)| json!([sentence(text)]));
        }
    }
    let constants = source("constants.rs")?;
    for constant in items(idl, "constants") {
        constant["docs"] = json!(above(&constants, &format!("pub const {}:", name_of(constant))));
    }
    let pauses = source("state/risk.rs")?;
    for definition in items(idl, "types") {
        let name = name_of(definition);
        for variant in definition["type"]["variants"].as_array_mut().into_iter().flatten() {
            variant["docs"] = match name.as_str() {
                "Parameter" => field_of(&types, &name_of(variant)),
                _ => json!(above(after(&pauses, &format!("pub enum {name} {{")), &format!("{},", name_of(variant)))),
            };
        }
    }
    unlink(idl);
    require(idl)
}

/// A file of the program.
fn source(path: &str) -> Outcome<String> {
    let file: PathBuf = repository::programs().join("backstop/src").join(path);
    Ok(String::from_utf8_lossy(&run::read(&file)?).into_owned())
}

/// The documentation that stands above the first line with this beginning.
fn above(source: &str, beginning: &str) -> Vec<String> {
    let mut docs = Vec::new();
    for line in source.lines().map(str::trim) {
        if line.starts_with(beginning) {
            return docs;
        }
        match line.strip_prefix("///") {
            Some(text) => docs.push(plain(text.strip_prefix(' ').unwrap_or(text))),
            None if line.starts_with("#[") => {}
            None => docs.clear(),
        }
    }
    Vec::new()
}

/// What follows the first place of a text.
fn after<'a>(source: &'a str, place: &str) -> &'a str {
    source.split_once(place).map_or("", |(_, rest)| rest)
}

/// A line without links: they lead nowhere outside of the program's documentation.
fn plain(line: &str) -> String {
    let mut text = line.to_owned();
    while let Some((linked, rest)) = text.split_once("](") {
        let (Some((before, name)), Some((_, after))) = (linked.rsplit_once('['), rest.split_once(')')) else { break };
        text = format!("{before}{name}{after}");
    }
    text.replace("[`", "`").replace("`]", "`")
}

/// The same for all documentation that Anchor printed.
fn unlink(item: &mut Value) {
    match item {
        Value::Array(items) => items.iter_mut().for_each(unlink),
        Value::Object(fields) => fields.iter_mut().for_each(|(key, value)| match value {
            Value::Array(lines) if key == "docs" => {
                lines.iter_mut().for_each(|line| *line = plain(line.as_str().unwrap_or_default()).into());
            }
            _ => unlink(value),
        }),
        _ => {}
    }
}

/// A clause of a list as a sentence of its own.
fn sentence(clause: &str) -> String {
    let (first, rest) = clause.split_at_checked(1).unwrap_or((clause, ""));
    format!("{}{rest}.", first.to_uppercase())
}

/// The documentation of an instruction without its list of arguments, and that list.
fn split(docs: Vec<String>) -> (Vec<String>, Vec<(String, String)>) {
    let Some(start) = docs.iter().position(|line| line == "Arguments:") else { return (docs, Vec::new()) };
    let length = docs.iter().skip(start).position(String::is_empty).unwrap_or(0);
    let mut arguments: Vec<(String, String)> = Vec::new();
    for line in docs.iter().skip(start).take(length) {
        if let Some((name, text)) = line.strip_prefix("- `").and_then(|line| line.split_once("`: ")) {
            arguments.push((name.into(), text.into()));
        } else if let (Some(text), Some((_, last))) = (line.strip_prefix("  "), arguments.last_mut()) {
            last.push_str(&format!(" {text}"));
        }
    }
    let mut rest = docs;
    rest.drain(start..=start.saturating_add(length));
    (rest, arguments)
}

/// The documentation of the field that a parameter is named after.
fn field_of(types: &Value, variant: &str) -> Value {
    let token = ["Liquidity", "Collateral"].into_iter().find(|token| variant.starts_with(*token));
    let field = |name: String, oracle: bool| {
        let holders = types.as_array().into_iter().flatten().filter(move |holder| {
            let holder = name_of(holder);
            (holder.ends_with("Parameters") || holder == "Market") && (holder == "OracleParameters") == oracle
        });
        let mut fields = holders.flat_map(|holder| holder["type"]["fields"].as_array().into_iter().flatten());
        fields.find(|field| name_of(field) == name).map(|field| field["docs"].clone())
    };
    if let Some(docs) = field(snake(variant), false) {
        return docs;
    }
    let (Some(token), Some(Value::Array(mut docs))) =
        (token, token.and_then(|token| field(snake(variant.strip_prefix(token)?), true)))
    else {
        return Value::Null;
    };
    docs.insert(0, format!("Of the {} token's price:", token.to_lowercase()).into());
    docs.into()
}

/// Fails where something is not documented.
fn require(idl: &mut Value) -> Outcome {
    let (mut bare, mut paths) = (Vec::new(), Vec::new());
    let mut look = |path: &str, item: &Value| {
        if item["docs"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|line| line.as_str().is_some_and(|line| line.contains("::")))
        {
            paths.push(format!("{path}{}", name_of(item)));
        }
        let documented = |key: &str| match &item[key] {
            Value::Array(lines) => lines.iter().any(|line| line.as_str().is_some_and(|line| !line.is_empty())),
            text => text.as_str().is_some_and(|text| !text.is_empty()),
        };
        if !documented("docs") && !documented("msg") {
            bare.push(format!("{path}{}", name_of(item)));
        }
    };
    for instruction in items(idl, "instructions") {
        look("", instruction);
        let path = format!("{}.", name_of(instruction));
        for list in ["args", "accounts"] {
            items(instruction, list).iter().for_each(|item| look(&path, item));
        }
    }
    for definition in items(idl, "types") {
        look("", definition);
        let path = format!("{}.", name_of(definition));
        for list in ["fields", "variants"] {
            items(&mut definition["type"], list).iter().for_each(|item| look(&path, item));
        }
    }
    for list in ["errors", "constants"] {
        items(idl, list).iter().for_each(|item| look("", item));
    }
    match (bare.as_slice(), paths.as_slice()) {
        ([], []) => Ok(()),
        ([], _) => Err(format!(
            "the documentation of {} names a path of Rust (`::`), which renderers of clients do not read: say it in words",
            paths.join(", ")
        )),
        _ => Err(format!("no documentation in the program's sources for {}", bare.join(", "))),
    }
}

fn pascal(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        first.to_uppercase() + rest
    });
    words.collect()
}

fn snake(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "/// Another.\npub struct Other;\n\n\
        /// Pays [`Sum`] to [whom](crate::x) and [`Self`](super::y).\n///\n\
        /// Arguments:\n/// - `sum`: how\n///   much\n/// - `to`: whom\n///\n\
        /// Specification:\n/// - signed\n#[derive(Accounts)]\npub struct Pay {\n";

    #[test]
    fn finds_what_stands_above_and_takes_the_arguments_out() {
        let (docs, arguments) = split(above(SOURCE, "pub struct Pay {"));
        assert_eq!(docs, ["Pays `Sum` to whom and `Self`.", "", "Specification:", "- signed"]);
        assert_eq!(sentence("how much"), "How much.");
        assert_eq!(arguments, [("sum".into(), "how much".into()), ("to".into(), "whom".into())]);
        assert!(above(SOURCE, "pub struct None {").is_empty());
    }

    #[test]
    fn a_parameter_has_the_documentation_of_its_field() {
        let types = json!([
            {"name": "LossParameters", "type": {"fields": [{"name": "dust_value", "docs": ["Dust."]}]}},
            {"name": "OracleParameters", "type": {"fields": [{"name": "feed", "docs": ["The feed."]}]}},
        ]);
        assert_eq!(field_of(&types, "DustValue"), json!(["Dust."]));
        assert_eq!(field_of(&types, "LiquidityFeed"), json!(["Of the liquidity token's price:", "The feed."]));
        assert_eq!(field_of(&types, "Feed"), Value::Null);
    }

    #[test]
    fn an_argument_without_documentation_fails() {
        let mut idl = json!({"instructions": [{"name": "pay", "docs": ["Pays."], "args": [{"name": "sum"}]}]});
        assert!(require(&mut idl).unwrap_err().ends_with("for pay.sum"));
    }
}
