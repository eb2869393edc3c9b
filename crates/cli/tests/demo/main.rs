//! What `backstop demo --json` prints can be computed anew from its inputs: by a second model of the pool, written from the
//! documentation with plain integers, that shares no code with the engine.
// Helpers of tests may stop at the first surprise, as tests may; an overflow here is a failed test.
#![allow(missing_docs, clippy::arithmetic_side_effects, clippy::integer_division)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod model;

use std::{path::PathBuf, process::Command};

use model::{Model, units};
use serde_json::Value;

fn backstop(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_backstop")).args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

fn demo() -> Value {
    let (code, printed) = backstop(&["demo", "--json"]);
    assert_eq!(code, Some(0));
    serde_json::from_str(&printed).unwrap()
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{pointer} is missing in {value}"))
}

#[test]
fn every_effect_follows_from_the_printed_inputs() {
    let demo = demo();
    let mut model = Model::new(&demo["scenario"]);
    let steps = demo["scenario"]["steps"].as_array().unwrap();
    let reports = demo["steps"].as_array().unwrap();
    assert_eq!(steps.len(), reports.len());
    for (step, report) in steps.iter().zip(reports) {
        for (key, amount) in model.play(step) {
            let places = if matches!(key, "seized" | "units") { 9 } else { 6 };
            assert_eq!(units(text(report, &format!("/effect/{key}")), places), amount, "{key} of {report}");
        }
    }

    let pool = &demo["state"]["pool"];
    let told = |key: &str| units(text(pool, &format!("/{key}")), 6);
    assert_eq!(told("nav"), model.nav());
    assert_eq!(told("cash"), model.cash);
    assert_eq!(told("performing_debt"), model.performing_debt());
    assert_eq!(told("reserves"), model.reserves);
    assert_eq!(told("insurance_due"), model.insurance_due);
    assert_eq!(told("shares"), model.shares);
    assert_eq!(units(text(&demo, "/state/insurance/assets"), 6), model.fund);
    assert_eq!(units(text(&demo, "/state/insurance/drawn"), 6), model.drawn);
}

#[test]
fn every_split_follows_from_the_printed_inputs() {
    let demo = demo();
    let mut model = Model::new(&demo["scenario"]);
    for step in demo["scenario"]["steps"].as_array().unwrap() {
        model.play(step);
    }
    let losses = demo["losses"].as_array().unwrap();
    assert!(losses.len() >= 2);
    assert_eq!(losses.len(), model.losses.len());
    for (printed, computed) in losses.iter().zip(&model.losses) {
        let told = |key: &str| units(text(printed, &format!("/{key}")), 6);
        assert_eq!(told("loss"), computed.loss);
        assert_eq!(told("from_reserves"), computed.from_reserves);
        assert_eq!(told("from_insurance"), computed.from_insurance);
        assert_eq!(told("to_lps"), computed.to_lps);
        assert_eq!(told("uncovered"), 0);
        assert_eq!(computed.loss, computed.from_reserves + computed.from_insurance + computed.to_lps);
        assert!(computed.from_insurance > 0 && computed.to_lps > 0, "both bear a part");
        assert_eq!(units(text(printed, "/share_price_before"), 12), computed.price_before);
        assert_eq!(units(text(printed, "/share_price_after"), 12), computed.price_after);
    }
}

#[test]
fn every_lp_loses_the_same_percentage_and_just_the_writedown() {
    let demo = demo();
    let mut model = Model::new(&demo["scenario"]);
    for step in demo["scenario"]["steps"].as_array().unwrap() {
        model.play(step);
    }
    let lps = demo["lps"].as_array().unwrap();
    for lp in lps {
        let told = |key: &str| units(text(lp, &format!("/{key}")), 6);
        let shares = told("shares");
        assert_eq!(shares, model.minted[text(lp, "/who")]);
        let loss: u128 = model.losses.iter().map(|loss| shares * loss.to_lps / loss.shares).sum();
        assert_eq!(told("loss"), loss);
        assert_eq!(text(lp, "/loss_percent"), text(&lps[0], "/loss_percent"));
        // Shares times the fall of the price: prices are told in trillionths, rounded down, once for each loss.
        let fall: u128 = model.losses.iter().map(|loss| loss.price_before - loss.price_after).sum();
        let attributed = shares * fall / 1_000_000_000_000;
        assert!(attributed.abs_diff(loss) <= 2 * (1 + shares / 1_000_000_000_000), "{attributed} is not {loss}");
        assert!(told("before").abs_diff(told("after") + loss) <= 4, "before = after + loss, but for rounding");
        assert_eq!(told("deposited") + told("interest") - loss, told("end"));
    }
}

#[test]
fn the_printed_scenario_is_played_again_by_run_with_the_same_end() {
    let demo = demo();
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("november.json");
    std::fs::write(&path, demo["scenario"].to_string()).unwrap();
    let (code, printed) = backstop(&["run", path.to_str().unwrap(), "--json"]);
    assert_eq!(code, Some(0));
    let report: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(report["state"], demo["state"]);
}

#[test]
fn the_story_has_survivors_clean_liquidations_and_bad_debt() {
    let demo = demo();
    let borrowers = demo["borrowers"].as_array().unwrap();
    let some = |condition: &dyn Fn(&Value) -> bool| borrowers.iter().any(condition);
    assert!(some(&|who| who["liquidated"] == 0 && who["loss"] == "0"));
    assert!(some(&|who| who["liquidated"] == 1 && who["loss"] == "0" && who["debt"] == "0"));
    assert!(some(&|who| who["liquidated"] != 0 && who["loss"] == "0" && who["debt"] != "0"));
    assert!(some(&|who| who["loss"] != "0"));
    assert!(demo["losses"].as_array().unwrap().iter().all(|loss| loss["day"] == "2022-11-10"));
}

#[test]
fn people_are_told_the_same_story() {
    let (code, printed) = backstop(&["demo"]);
    assert_eq!(code, Some(0));
    for word in
        ["Borrowers", "Liquidations", "Losses", "LPs", "Compute units", "coinmetrics/data", "backstop run scenarios/"]
    {
        assert!(printed.contains(word), "{word} is not told");
    }
}
