//! The command as its users meet it: exit codes, messages, and the shape of `--json`.
// Helpers of tests may stop at the first surprise, as tests may.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use std::{
    path::PathBuf,
    process::{Command, Output},
};

use serde_json::{Value, json};

fn run_file(path: &str, options: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_backstop")).arg("run").arg(path).args(options).output().unwrap()
}

/// Writes a file of this name and runs it.
fn run_text(name: &str, text: &str, options: &[&str]) -> Output {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.json"));
    std::fs::write(&path, text).unwrap();
    run_file(path.to_str().unwrap(), options)
}

/// Runs a story for its report, and tells the exit code.
fn report(name: &str, story: &Value) -> (Option<i32>, Value) {
    let output = run_text(name, &story.to_string(), &["--json"]);
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

fn refused(name: &str, text: &str, because: &str) {
    let output = run_text(name, text, &["--json"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(output.stdout.is_empty(), "nothing was played, so nothing is printed");
    assert!(told.contains(because), "{told}");
}

fn committed(name: &str) -> String {
    format!("{}/../../scenarios/{name}.json", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_story_that_goes_as_expected_exits_with_0() {
    let output = run_file(&committed("one-default-insurance-pays-half"), &[]);
    assert_eq!(output.status.code(), Some(0));
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("refused as expected: InsufficientShares"), "{told}");
    assert!(told.contains("Everything went as expected."), "{told}");
}

#[test]
fn a_failure_that_is_not_expected_exits_with_1_and_the_story_goes_on() {
    let story = json!({ "steps": [
        { "do": "withdraw", "who": "alice", "shares": "1" },
        { "do": "deposit", "who": "alice", "amount": "5" }
    ] });
    let (code, report) = report("failure", &story);
    assert_eq!(code, Some(1));
    assert_eq!(report["steps"][0]["error"], "InsufficientShares");
    assert_eq!(report["steps"][0]["expected"], false);
    assert_eq!(report["state"]["actors"]["alice"]["USDC"], "-5");
}

#[test]
fn a_success_against_an_expected_failure_exits_with_1() {
    let story = json!({ "steps": [{ "do": "deposit", "who": "alice", "amount": "5", "expect": "AmountTooSmall" }] });
    let (code, report) = report("success", &story);
    assert_eq!(code, Some(1));
    assert_eq!((&report["steps"][0]["ok"], &report["steps"][0]["expected"]), (&json!(true), &json!(false)));
}

#[test]
fn another_failure_than_the_expected_one_exits_with_1() {
    let story = json!({ "steps": [{ "do": "deposit", "who": "alice", "amount": "0", "expect": "InsufficientCash" }] });
    let (code, report) = report("another", &story);
    assert_eq!(code, Some(1));
    assert_eq!(report["steps"][0]["error"], "AmountTooSmall");
}

#[test]
fn a_file_that_cannot_be_played_exits_with_2() {
    refused("no-json", "{ \"steps\": [", "is not JSON");
    refused("a-list", "[]", "is not a JSON object");
    refused("no-steps", "{ \"name\": \"x\" }", "steps: is missing");
    refused("steps", "{ \"steps\": {} }", "steps: must be an array");
    refused("number", r#"{ "steps": [], "pool": { "rates": { "base_bps": "1" } } }"#, "pool.rates.base_bps");
    refused("price", r#"{ "steps": [], "collaterals": [{ "price": "-3" }] }"#, "collaterals[0].price");
    refused("float", r#"{ "steps": [], "collaterals": [{ "price": 3.5 }] }"#, "in a string");
    refused("twice", r#"{ "steps": [], "collaterals": [{}, {}] }"#, "collaterals[1].symbol");
    let absent = run_file("/no/such/file.json", &[]);
    assert_eq!((absent.status.code(), absent.stdout.len()), (Some(2), 0));
}

#[test]
fn parameters_that_the_program_refuses_exit_with_2() {
    let ltv = r#"{ "steps": [], "collaterals": [{ "max_ltv_bps": 9000, "liquidation_threshold_bps": 8000 }] }"#;
    refused("ltv", ltv, "InvalidParameter");
    refused("kink", r#"{ "steps": [], "pool": { "rates": { "kink_bps": 10000 } } }"#, "InvalidParameter");
}

#[test]
fn a_mistake_in_a_step_names_its_place_and_the_rest_runs_on() {
    let story = json!({ "steps": [
        { "do": "deposit", "who": "alice", "amonut": "5" },
        { "do": "deposit", "who": "alice", "amount": "5", "borrower": "alice" },
        { "do": "depositt", "who": "alice", "amount": "5" },
        { "do": "stake", "who": "ines", "amount": "5" },
        { "do": "pause", "what": "borrow" },
        { "do": "liquidate", "who": "liz", "borrower": "nobody" },
        { "do": "set_price", "of": "DOGE", "price": "1" },
        { "do": "deposit", "who": "alice" },
        { "do": "deposit", "who": "alice", "amount": "all" },
        { "do": "deposit", "who": "alice", "amount": 5 },
        { "do": "deposit", "who": "alice", "amount": "0.0000001" },
        { "do": "deposit", "amount": "5" },
        "deposit",
        { "do": "deposit", "who": "a name that is too long for an address seed", "amount": "5" },
        { "do": "deposit", "who": "alice", "amount": "5", "expect": 5 },
        { "do": "deposit", "who": "alice", "amount": "7" }
    ] });
    let (code, report) = report("mistakes", &story);
    assert_eq!(code, Some(1));
    let expected = [
        ("UnknownKey", "steps[0].amonut"),
        ("UnknownKey", "steps[1].borrower"),
        ("UnknownVerb", "steps[2].do"),
        ("UnsupportedVerb", "steps[3].do"),
        ("UnsupportedVerb", "steps[4].do"),
        ("UnknownActor", "steps[5].borrower"),
        ("UnknownToken", "steps[6].of"),
        ("MissingKey", "steps[7].amount"),
        ("InvalidValue", "steps[8].amount"),
        ("InvalidValue", "steps[9].amount"),
        ("InvalidValue", "steps[10].amount"),
        ("MissingKey", "steps[11].who"),
        ("InvalidValue", "steps[12]"),
        ("InvalidValue", "steps[13].who"),
        ("InvalidValue", "steps[14].expect"),
    ];
    for (index, (error, place)) in expected.into_iter().enumerate() {
        let step = &report["steps"][index];
        assert_eq!((&step["ok"], &step["expected"]), (&json!(false), &json!(false)), "{step}");
        assert_eq!(step["error"], error, "{step}");
        assert!(step["message"].as_str().unwrap().starts_with(&format!("{place}: ")), "{step}");
        assert_eq!(step["compute_units"], 0);
    }
    assert_eq!(report["steps"][15]["ok"], true);
    assert_eq!(report["state"]["pool"]["nav"], "7");
}

#[test]
fn a_mistake_in_the_file_cannot_be_expected_away() {
    let story = json!({ "steps": [{ "do": "stake", "who": "ines", "amount": "5", "expect": "UnsupportedVerb" }] });
    assert_eq!(report("expected-away", &story).0, Some(1));
}

#[test]
fn an_unknown_key_outside_the_steps_names_its_place_and_the_rest_runs_on() {
    let story = json!({
        "nmae": "x",
        "pool": { "rates": { "bse_bps": 1 }, "exit_notice_seconds": 60, "insurance": { "cooldown": 1 } },
        "collaterals": [{ "symbol": "SOL", "ltv": 1 }],
        "steps": [{ "do": "deposit", "who": "alice", "amount": "5" }]
    });
    let (code, report) = report("keys", &story);
    assert_eq!(code, Some(1));
    let places: Vec<&str> =
        report["problems"].as_array().unwrap().iter().map(|p| p["place"].as_str().unwrap()).collect();
    let expected =
        ["pool.rates.bse_bps", "pool.insurance.cooldown", "pool.exit_notice_seconds", "collaterals[0].ltv", "nmae"];
    assert_eq!(places, expected);
    assert_eq!(report["steps"][0]["expected"], true);
}

#[test]
fn the_report_has_every_key_of_the_format() {
    let story = json!({ "name": "shape", "steps": [
        { "do": "deposit", "who": "alice", "amount": "5" },
        { "do": "wait", "seconds": 10 },
        { "do": "accrue", "who": "kim" }
    ] });
    let (code, report) = report("shape", &story);
    assert_eq!(code, Some(0));
    assert_eq!(report["name"], "shape");
    let has = |value: &Value, keys: &[&str]| {
        keys.iter().for_each(|key| assert!(value.get(key).is_some(), "{key} in {value}"))
    };
    for step in report["steps"].as_array().unwrap() {
        has(step, &["index", "do", "who", "ok", "error", "expected", "compute_units"]);
    }
    assert_eq!(report["steps"][1]["compute_units"], 0);
    assert!(report["steps"][0]["compute_units"].as_u64().unwrap() > 0);
    let state = &report["state"];
    let pool = ["nav", "exit_nav", "cash", "performing_debt", "reserves", "provisions", "shares", "share_price"];
    has(&state["pool"], &pool);
    has(&state["pool"], &["generation", "claims_outstanding", "uncovered", "insurance_due"]);
    has(&state["insurance"], &["assets", "stake_shares", "drawn"]);
    has(&state["actors"]["alice"], &["USDC", "SOL", "shares", "share_value", "claimable", "stake_value"]);
    has(&state["actors"]["alice"], &["stake_claimable", "debt", "collateral"]);
    has(&state["actors"], &["kim"]);
    assert_eq!(state["pool"]["share_price"], "1.000000000000");
    assert_eq!(state["losses"], json!([]));
}
