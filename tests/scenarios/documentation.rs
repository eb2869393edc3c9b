//! `docs/scenarios.md` tells the truth: its example plays, and its table of defaults is what a file without them means.

use std::fs;

use backstop_cli::{scenario::Scenario, story};
use serde_json::{Map, Value, json};

fn documentation() -> String {
    fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/scenarios.md")).unwrap()
}

#[test]
fn the_example_goes_as_expected() {
    let text = documentation();
    let (_, rest) = text.split_once("```json\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let report = story::play(&Scenario::parse(example).unwrap()).unwrap();
    assert!(report.as_expected(), "{:?}", report.steps);
}

#[test]
fn the_defaults_are_those_of_an_empty_file() {
    let mut file = json!({ "pool": {}, "collaterals": [{}], "steps": [] });
    let mut told = 0;
    for row in
        documentation().lines().filter(|line| line.starts_with("| `pool.") || line.starts_with("| `collaterals[]."))
    {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let Ok(default) = serde_json::from_str::<Value>(cells[3].trim_matches('`')) else { continue };
        let path = cells[1].trim_matches('`').replace("collaterals[].", "collaterals.0.");
        set(&mut file, &path.split('.').collect::<Vec<_>>(), default);
        told += 1;
    }
    assert!(told > 25, "the table has only {told} defaults");

    let explicit = Scenario::from_value(&file).unwrap();
    let empty = Scenario::parse(r#"{ "steps": [] }"#).unwrap();

    assert_eq!(explicit.problems, []);
    assert_eq!(format!("{:?}", explicit.setup), format!("{:?}", empty.setup));
    assert_eq!(format!("{:?}", empty.setup), format!("{:?}", backstop_testkit::Setup::default()));
}

/// Sets the value at a path, through objects and lists.
fn set(target: &mut Value, path: &[&str], value: Value) {
    let (first, rest) = path.split_first().unwrap();
    let slot = match target {
        Value::Array(items) => &mut items[first.parse::<usize>().unwrap()],
        Value::Object(object) => object.entry(*first).or_insert_with(|| Value::Object(Map::new())),
        other => panic!("{other} has no {first}"),
    };
    if rest.is_empty() { *slot = value } else { set(slot, rest, value) }
}
