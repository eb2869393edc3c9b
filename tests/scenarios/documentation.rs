//! `docs/scenarios.md` tells the truth: its example plays, and its table of defaults is what a file without them means.

use std::{collections::BTreeSet, fs};

use backstop_scenario::{
    scenario::Scenario,
    story::{self, Story},
};
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
    let mut reported = 0;
    for row in
        documentation().lines().filter(|line| line.starts_with("| `pool.") || line.starts_with("| `collaterals[]."))
    {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let Ok(default) = serde_json::from_str::<Value>(cells[3].trim_matches('`')) else { continue };
        let path = cells[1].trim_matches('`').replace("collaterals[].", "collaterals.0.");
        set(&mut file, &path.split('.').collect::<Vec<_>>(), default);
        reported += 1;
    }
    assert!(reported > 25, "the table has only {reported} defaults");

    let explicit = Scenario::from_value(&file).unwrap();
    let empty = Scenario::parse(r#"{ "steps": [] }"#).unwrap();

    assert_eq!(explicit.problems, []);
    assert_eq!(format!("{:?}", explicit.setup), format!("{:?}", empty.setup));
    assert_eq!(format!("{:?}", empty.setup), format!("{:?}", backstop_testkit::Setup::default()));
}

/// The cells of each row of the table whose title row begins so.
fn table(title: &str) -> Vec<Vec<String>> {
    let text = documentation();
    let lines = text.lines().skip_while(|line| !line.starts_with(&format!("| {title} |"))).skip(2);
    let rows = lines.take_while(|line| line.starts_with('|'));
    let rows: Vec<Vec<String>> = rows.map(|row| row.split('|').map(|cell| cell.trim().to_owned()).collect()).collect();
    assert!(rows.len() > 4, "the table of {title} has only {} rows", rows.len());
    rows
}

/// What stands between backticks.
fn quoted(cell: &str) -> impl Iterator<Item = String> {
    cell.split('`').skip(1).step_by(2).map(|word| word.trim_matches('"').to_owned())
}

/// The list at the end of a message such as `is not a verb; known are deposit, withdraw`.
fn known(message: &str) -> BTreeSet<String> {
    message.split_once("known are ").unwrap().1.split(", ").map(ToOwned::to_owned).collect()
}

fn message(step: &Value) -> String {
    let mut story = Story::new(&Scenario::parse(r#"{ "steps": [] }"#).unwrap()).unwrap();
    story.play(&json!({ "do": "accrue", "who": "alice" }));
    story.play(step).message.unwrap()
}

#[test]
fn every_verb_is_told() {
    let reported: BTreeSet<String> =
        table("`do`").iter().flat_map(|cells| quoted(&cells[1]).collect::<Vec<_>>()).collect();
    assert_eq!(reported, known(&message(&json!({ "do": "no such verb" }))));
}

#[test]
fn every_key_of_a_verb_is_told() {
    for cells in table("`do`") {
        let verb = quoted(&cells[1]).next().unwrap();
        let mut reported: BTreeSet<String> = quoted(&cells[2]).filter(|word| word != "all").collect();
        let odd = if verb.ends_with("pause") { "price" } else { "what" };
        let mut step = json!({ "do": verb, odd: "this verb does not have this key" });
        // One of them is given, never both.
        for key in reported.iter().filter(|key| *key != "ahead_seconds") {
            let value = match key.as_str() {
                "of" => json!("SOL"),
                "who" | "borrower" | "to" => json!("alice"),
                "seconds" | "age_seconds" | "value" | "nonce" => json!(1),
                "what" => json!("borrow"),
                "feed" => json!("first"),
                "parameter" => json!("max_ltv_bps"),
                _ => json!("1"),
            };
            step[key] = value;
        }
        reported.extend(["do", "expect"].map(ToOwned::to_owned));
        if verb == "withdraw" {
            reported.insert("amount".into()); // instead of shares
        }
        let message = message(&step);
        assert!(message.contains(&format!(".{odd}: is not a key here")), "{verb}: {message}");
        assert_eq!(reported, known(&message), "{verb}");
    }
}

#[test]
fn every_parameter_is_told() {
    let reported: BTreeSet<String> =
        table("key").iter().flat_map(|cells| quoted(&cells[1]).collect::<Vec<_>>()).collect();
    let odd = json!({ "?": 1 });
    let parts = ["liquidity", "rates", "loss", "liquidation", "insurance", "breaker", "risk", "oracle"];
    let mut pool: Map<String, Value> = parts.iter().map(|part| ((*part).into(), odd.clone())).collect();
    pool.insert("?".into(), json!(1));
    let file = json!({ "?": 1, "pool": pool, "collaterals": [{ "?": 1, "oracle": odd }], "steps": [] });
    let scenario = Scenario::from_value(&file).unwrap();
    let mut places = BTreeSet::new();
    for problem in &scenario.problems {
        let place = problem.place.trim_end_matches('?').replace("[0]", "[]");
        places.extend(known(&problem.message).into_iter().map(|key| format!("{place}{key}")));
    }
    // What has keys of its own is told by them.
    let groups: BTreeSet<String> = places
        .iter()
        .filter(|place| places.iter().any(|other| other.starts_with(&format!("{place}."))))
        .cloned()
        .collect();
    places.retain(|place| !groups.contains(place) && place != "steps");
    assert_eq!(reported, places);
}

#[test]
fn every_parameter_that_can_be_changed_is_told() {
    let keys: Vec<String> = table("key").iter().flat_map(|cells| quoted(&cells[1]).collect::<Vec<_>>()).collect();
    let text = documentation();
    let (_, steps) = text.split_once("A `parameter` is called").unwrap();
    let (exceptions, _) = steps.split_once("\n\n").unwrap();
    let exceptions: BTreeSet<String> = quoted(exceptions).collect();
    let step = json!({ "do": "tighten", "parameter": "no such parameter", "value": 1 });
    for name in known(&message(&step)) {
        let feed = name.strip_prefix("liquidity_").or_else(|| name.strip_prefix("collateral_"));
        let of_oracle = feed.is_some_and(|key| keys.contains(&format!("pool.oracle.{key}")));
        let of_key = keys.iter().any(|key| key.rsplit('.').next() == Some(name.as_str()));
        assert!(of_oracle || of_key || exceptions.contains(&name), "{name} is not told");
    }
}

#[test]
fn everything_that_can_be_paused_is_told() {
    let text = documentation();
    let line = text.lines().find(|line| line.starts_with("What can be paused: ")).unwrap();
    assert_eq!(quoted(line).collect::<BTreeSet<_>>(), known(&message(&json!({ "do": "pause", "what": "no such" }))));
}

#[test]
fn every_key_of_the_report_is_told() {
    let play = |text: &str| serde_json::to_value(story::play(&Scenario::parse(text).unwrap()).unwrap()).unwrap();
    let report = play(r#"{ "steps": [{ "do": "accrue", "who": "alice" }] }"#);
    for (title, pointer) in [
        ("`state.pool`", "/state/pool"),
        ("`state.insurance`", "/state/insurance"),
        ("`state.collaterals.SYMBOL`", "/state/collaterals/SOL"),
        ("`state.market`", "/state/market"),
        ("`state.actors.NAME`", "/state/actors/alice"),
    ] {
        let mut reported: BTreeSet<String> = table(title).iter().filter_map(|cells| quoted(&cells[1]).next()).collect();
        if title.contains("NAME") {
            reported.insert("USDC".into()); // stands for all symbols with SOL
        }
        let there: BTreeSet<String> = report.pointer(pointer).unwrap().as_object().unwrap().keys().cloned().collect();
        assert_eq!(reported, there, "{title}");
    }
    let text = documentation();
    let (_, section) = text.split_once("## The report").unwrap();
    let with_a_recovery =
        fs::read_to_string(format!("{}/a-donation-founds-the-fund.json", super::folder().display())).unwrap();
    let report = play(&with_a_recovery);
    for pointer in ["", "/steps/0", "/state", "/state/losses/0", "/state/recoveries/0"] {
        for key in report.pointer(pointer).unwrap().as_object().unwrap().keys() {
            let reported = [format!("`{key}`"), format!("`state.{key}"), format!("`{key}[]`")];
            assert!(reported.iter().any(|reported| section.contains(reported)), "{pointer}/{key} is not told");
        }
    }
}

#[test]
fn every_effect_is_told() {
    let mut reported: std::collections::BTreeMap<String, BTreeSet<String>> = std::collections::BTreeMap::new();
    let mut same = BTreeSet::new();
    for cells in table("effect of") {
        let mut keys: BTreeSet<String> = quoted(&cells[2]).collect();
        if cells[2].starts_with("the same") {
            keys.extend(same);
        }
        same = keys.clone();
        quoted(&cells[1]).for_each(|verb| drop(reported.insert(verb, keys.clone())));
    }
    for name in super::FILES {
        let report = story::play(&super::scenario(name)).unwrap();
        for step in report.steps {
            let there: BTreeSet<String> = step.effect.keys().cloned().collect();
            let reported = reported.get(&step.verb).cloned().unwrap_or_default();
            assert!(there.is_subset(&reported), "{}: {there:?}, told are {reported:?}", step.verb);
            let optional = matches!(step.verb.as_str(), "liquidate" | "repay" | "record_bad_debt");
            assert!(!step.ok || optional || there == reported, "{}: {there:?}, told are {reported:?}", step.verb);
        }
    }
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
