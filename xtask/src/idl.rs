//! The IDL, without the Anchor command: the program's library tests print it in pieces, this puts them together.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::run::{self, Outcome, programs_cargo};

mod docs;
mod encoding;
mod seeds;

/// The pieces in the order of the IDL's specification; one with nothing in it is left out.
const LISTS: [&str; 6] = ["instructions", "accounts", "events", "errors", "types", "constants"];

/// Runs the tests that print the IDL and returns it.
pub(crate) fn build() -> Outcome<Value> {
    let printed = run::output(programs_cargo().args([
        "test",
        "--quiet",
        "--locked",
        "--package",
        "backstop",
        "--lib",
        "--features",
        "idl-build",
        "__anchor_private_print_idl",
        "--",
        "--show-output",
        "--test-threads=1",
    ]))?;
    let mut idl = assemble(&printed)?;
    seeds::complete(&mut idl);
    docs::complete(&mut idl)?;
    encoding::complete(&mut idl);
    Ok(idl)
}

/// Puts the printed pieces together.
fn assemble(printed: &str) -> Outcome<Value> {
    let mut address = None;
    let mut program = Map::new();
    let (mut constants, mut events, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    let mut types = BTreeMap::new();

    for (name, text) in pieces(printed) {
        if name == "address" {
            address = Some(text.trim().to_owned());
            continue;
        }
        let piece: Value = serde_json::from_str(&text).map_err(|error| format!("the IDL's {name}: {error}"))?;
        match (name, piece) {
            ("const", constant) => constants.push(constant),
            ("event", Value::Object(mut event)) => {
                events.extend(event.remove("event"));
                add_types(&mut types, event.remove("types"));
            }
            ("errors", Value::Array(codes)) => errors.extend(codes),
            ("program", Value::Object(whole)) => program = whole,
            (name, _) => return Err(format!("the IDL has a piece this task does not know: {name}")),
        }
    }

    add_types(&mut types, program.remove("types"));
    let mut lists = BTreeMap::from([
        ("instructions", array(program.remove("instructions"))),
        ("accounts", array(program.remove("accounts"))),
        ("events", events),
        ("errors", errors),
        ("types", types.into_values().collect()),
        ("constants", constants),
    ]);

    let mut idl = Map::new();
    idl.insert("address".into(), address.ok_or("the IDL has no address: does the program's library compile?")?.into());
    idl.insert("metadata".into(), program.remove("metadata").ok_or("the IDL has no program")?);
    for name in LISTS {
        let mut list = lists.remove(name).unwrap_or_default();
        list.sort_by_key(|item| (item.get("code").and_then(Value::as_u64), name_of(item)));
        if !list.is_empty() || name == "instructions" {
            idl.insert(name.into(), list.into());
        }
    }
    let mut idl = short_names(Value::Object(idl));
    drop_unused_types(&mut idl);
    check_discriminators(&idl)?;
    Ok(idl)
}

/// The texts between the printed markers, each with its name.
fn pieces(printed: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    let mut open: Option<(&str, String)> = None;
    for line in printed.lines() {
        let marker = line.strip_prefix("--- IDL ").and_then(|rest| rest.strip_suffix(" ---"));
        match (marker.and_then(|marker| marker.split_once(' ')), &mut open) {
            (Some(("begin", name)), _) => open = Some((name, String::new())),
            (Some(("end", _)), _) => found.extend(open.take()),
            (_, Some((_, text))) => {
                text.push_str(line);
                text.push('\n');
            }
            _ => {}
        }
    }
    found
}

fn array(value: Option<Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

/// The entries of a list; none if there is no such list.
fn items<'a>(value: &'a mut Value, list: &str) -> &'a mut [Value] {
    value.get_mut(list).and_then(Value::as_array_mut).map_or(&mut [], Vec::as_mut_slice)
}

fn name_of(item: &Value) -> String {
    item.get("name").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn add_types(types: &mut BTreeMap<String, Value>, list: Option<Value>) {
    types.extend(array(list).into_iter().map(|item| (name_of(&item), item)));
}

/// A type can be printed with its module path; the IDL says only its name.
fn short_names(value: Value) -> Value {
    match value {
        Value::String(text) if is_path(&text) => text.rsplit("::").next().unwrap_or(&text).into(),
        Value::Array(items) => items.into_iter().map(short_names).collect(),
        Value::Object(fields) => fields.into_iter().map(|(key, item)| (key, short_names(item))).collect(),
        other => other,
    }
}

fn is_path(text: &str) -> bool {
    text.contains("::")
        && text.split("::").all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_'))
}

/// Leaves out types that no other item names: Anchor also prints the integers that its types are made of.
fn drop_unused_types(idl: &mut Value) {
    let text = idl.to_string();
    let named = |name: &str| text.contains(&format!("{{\"name\":\"{name}\"}}"));
    let stored: Vec<String> = ["accounts", "events"]
        .iter()
        .flat_map(|list| array(idl.get(*list).cloned()))
        .map(|item| name_of(&item))
        .collect();
    if let Some(Value::Array(types)) = idl.get_mut("types") {
        types.retain(|item| stored.contains(&name_of(item)) || named(&name_of(item)));
    }
}

/// No account, event or instruction may be taken for another, or for empty data.
fn check_discriminators(idl: &Value) -> Outcome {
    for list in ["instructions", "accounts", "events"] {
        let items = array(idl.get(list).cloned());
        let bytes = |item: &Value| array(item.get("discriminator").cloned());
        for item in &items {
            let own = bytes(item);
            if own.iter().all(|byte| byte == 0) {
                return Err(format!("{list}: `{}` has an empty discriminator", name_of(item)));
            }
            let other = items.iter().find(|other| name_of(other) != name_of(item) && bytes(other).starts_with(&own));
            if let Some(other) = other {
                return Err(format!("{list}: `{}` and `{}` have one discriminator", name_of(item), name_of(other)));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = r#"
---- one stdout ----
--- IDL begin address ---
Backstop11111111111111111111111111111111111
--- IDL end address ---
--- IDL begin event ---
{"event":{"name":"Paid","discriminator":[2]},"types":[{"name":"Paid","type":{"kind":"struct"}}]}
--- IDL end event ---
--- IDL begin errors ---
[{"code":6001,"name":"Aged"},{"code":6000,"name":"Late"}]
--- IDL end errors ---
--- IDL begin program ---
{"address":"","metadata":{"name":"backstop"},"instructions":[{"name":"pay","discriminator":[1],"args":[{"type":{"defined":{"name":"a::b::Sum"}}}]}],"accounts":[],"types":[{"name":"a::b::Sum"}]}
--- IDL end program ---
"#;

    #[test]
    fn puts_the_pieces_in_the_order_of_the_specification() {
        let idl = assemble(PRINTED).unwrap();
        let keys: Vec<_> = idl.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["address", "metadata", "instructions", "events", "errors", "types"]);
        assert_eq!(idl["errors"][0]["name"], "Late");
        assert_eq!(idl["types"][1]["name"], "Sum");
        assert_eq!(idl["instructions"][0]["args"][0]["type"]["defined"]["name"], "Sum");
    }

    #[test]
    fn refuses_one_discriminator_for_two() {
        let printed = PRINTED.replace(r#"[{"name":"pay""#, r#"[{"name":"take","discriminator":[1,5]},{"name":"pay""#);
        assert!(assemble(&printed).unwrap_err().contains("`pay` and `take`"));
    }
}
