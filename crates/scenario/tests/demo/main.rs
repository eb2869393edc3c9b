//! What `backstop demo --json` prints can be computed anew from its inputs: by a second model of the pool, written from
//! the documentation with plain integers, that shares no code with the engine.
// Helpers of tests may stop at the first surprise, as tests may; an overflow here is a failed test.
#![allow(missing_docs, clippy::arithmetic_side_effects, clippy::integer_division)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod claims;
mod model;
mod risk;

use std::{path::PathBuf, process::Command};

use model::{Model, units};
use serde_json::Value;

const DEMO: &str = env!("CARGO_BIN_EXE_backstop-demo");
const RUN: &str = env!("CARGO_BIN_EXE_backstop-run");

fn printed(program: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(program).args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

fn demo() -> Value {
    let (code, printed) = printed(DEMO, &["--json"]);
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
            let places = match key {
                "average_price" => 18,
                "seized" | "units" => 9,
                key if key.ends_with("_bps") => 0,
                _ => 6,
            };
            assert_eq!(units(text(report, &format!("/effect/{key}")), places), amount, "{key} of {report}");
        }
    }

    let pool = &demo["state"]["pool"];
    let reported = |key: &str| units(text(pool, &format!("/{key}")), 6);
    assert_eq!(reported("marked"), model.marked());
    assert_eq!(pool["on_hold"], model.on_hold());
    assert_eq!(reported("unrecovered"), model.claims.unrecovered());
    assert_eq!(reported("unclaimed"), model.claims.unclaimed());
    assert_eq!(reported("nav"), model.nav());
    assert_eq!(reported("cash"), model.cash);
    assert_eq!(reported("performing_debt"), model.performing_debt());
    assert_eq!(reported("reserves"), model.reserves);
    assert_eq!(reported("insurance_due"), model.insurance_due);
    assert_eq!(reported("shares"), model.shares);
    assert_eq!(units(text(&demo, "/state/insurance/assets"), 6), model.fund);
    assert_eq!(units(text(&demo, "/state/insurance/drawn"), 6), model.drawn);
    let insurance = |key: &str| units(text(&demo, &format!("/state/insurance/{key}")), 6);
    assert_eq!(insurance("stake_shares"), model.stakes.values().sum());
    assert_eq!(insurance("protocol_shares"), model.protocol_shares);
    assert_eq!(insurance("unrecovered"), model.stake_claims.unrecovered());
    assert_eq!(insurance("unclaimed"), model.waiting_value());
    for who in demo["state"]["actors"].as_object().unwrap().keys() {
        let reported = |key: &str| units(text(&demo, &format!("/state/actors/{who}/{key}")), 6);
        assert_eq!(reported("share_value"), model.share_value(who), "{who}");
        assert_eq!(reported("claimable"), model.claims.claimable(who), "{who}");
        assert_eq!(reported("stake_value"), model.stake_value(who), "{who}");
        assert_eq!(reported("stake_claimable"), model.stake_claimable(who), "{who}");
    }
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
        let reported = |key: &str| units(text(printed, &format!("/{key}")), 6);
        assert_eq!(reported("loss"), computed.loss);
        assert_eq!(reported("from_reserves"), computed.from_reserves);
        assert_eq!(reported("from_insurance"), computed.from_insurance);
        assert_eq!(reported("to_lps"), computed.to_lps);
        assert_eq!(reported("uncovered"), 0);
        assert_eq!(computed.loss, computed.from_reserves + computed.from_insurance + computed.to_lps);
        assert!(computed.from_insurance > 0 && computed.to_lps > 0, "both bear a part");
        assert_eq!(units(text(printed, "/share_price_before"), 12), computed.price_before);
        assert_eq!(units(text(printed, "/share_price_after"), 12), computed.price_after);
    }
}

#[test]
fn every_mark_holds_the_pool_and_moves_no_money() {
    let demo = demo();
    let mut model = Model::new(&demo["scenario"]);
    let mut marks = demo["marks"].as_array().unwrap().iter();
    for step in demo["scenario"]["steps"].as_array().unwrap() {
        if step["do"] != "mark" {
            model.play(step);
            continue;
        }
        model.accrue();
        let (nav, cash) = (model.nav(), model.cash);
        let effects = model.play(step);
        assert_eq!((model.nav(), model.cash), (nav, cash));
        let printed = marks.next().unwrap();
        let reported = |key: &str| units(text(printed, &format!("/{key}")), 6);
        assert_eq!(effects.last(), Some(&("marked", reported("marked"))));
        assert_eq!(reported("nav"), nav);
        assert_eq!(printed["on_hold"], model.on_hold());
        assert!(model.on_hold());
    }
    assert!(marks.next().is_none());
    assert!(demo["marks"].as_array().unwrap().len() >= 2);
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
        let reported = |key: &str| units(text(lp, &format!("/{key}")), 6);
        let (shares, who) = (reported("shares"), text(lp, "/who"));
        let held = |loss: &model::Loss| loss.held.get(who).copied().unwrap_or(0);
        let loss: u128 = model.losses.iter().map(|loss| held(loss) * loss.to_lps / loss.shares).sum();
        assert_eq!(reported("loss"), loss);
        assert!(reported("end") + loss >= reported("deposited") + reported("recovered"), "nobody lost anything else");
        assert_eq!(reported("deposited") + reported("interest") + reported("recovered") - loss, reported("end"));
        if shares == 0 {
            assert_eq!((loss, reported("recovered")), (0, 0), "{who} came after the losses");
            continue;
        }
        assert!(model.losses.iter().all(|loss| held(loss) == shares));
        assert_eq!(text(lp, "/loss_percent"), text(&lps[0], "/loss_percent"));
        // Shares times the fall of the price: prices are told in trillionths, rounded down, once for each loss.
        let fall: u128 = model.losses.iter().map(|loss| loss.price_before - loss.price_after).sum();
        let attributed = shares * fall / 1_000_000_000_000;
        assert!(attributed.abs_diff(loss) <= 2 * (1 + shares / 1_000_000_000_000), "{attributed} is not {loss}");
        assert!(reported("before").abs_diff(reported("after") + loss) <= 4, "before = after + loss, but for rounding");
        assert_eq!(reported("recovered"), model.claims.recovered(who), "{who}");
        assert!(reported("recovered") < loss, "only a part was recovered");
    }
    let some = |condition: &dyn Fn(&Value) -> bool| lps.iter().any(condition);
    assert!(some(&|lp| lp["left"].is_string() && lp["recovered"] != "0"), "one who left is paid");
    assert!(
        some(&|lp| text(lp, "/came") > text(&demo, "/losses/0/day") && lp["recovered"] == "0"),
        "a newcomer is not"
    );
    assert!(some(&|lp| lp["claimable"] != "0"), "one has yet to claim");
}

#[test]
fn every_staker_bears_its_part_of_the_draws() {
    let demo = demo();
    let mut model = Model::new(&demo["scenario"]);
    for step in demo["scenario"]["steps"].as_array().unwrap() {
        model.play(step);
    }
    let stakers = demo["stakers"].as_array().unwrap();
    for staker in stakers {
        let reported = |key: &str| units(text(staker, &format!("/{key}")), 6);
        let who = text(staker, "/who");
        let part = |loss: &model::Loss| {
            loss.stakes.get(who).copied().unwrap_or(0) * loss.from_stakers / loss.stakes.values().sum::<u128>()
        };
        assert_eq!(reported("loss"), model.losses.iter().map(part).sum());
        assert_eq!(reported("staked") + reported("earned") + reported("recovered") - reported("loss"), reported("end"));
        assert_eq!(reported("recovered"), model.stake_claims.recovered(who), "{who}");
        assert!(reported("recovered") < reported("loss") || reported("loss") == 0, "only a part was recovered");
    }
    let some = |condition: &dyn Fn(&Value) -> bool| stakers.iter().any(condition);
    assert!(some(&|staker| staker["left"].is_string() && staker["recovered"] != "0"), "one who left is paid");
    assert!(some(&|staker| staker["loss"] == "0" && staker["recovered"] == "0"), "a newcomer is not");
}

#[test]
fn the_breaker_is_tripped_as_long_as_computed() {
    let demo = demo();
    let mut model = Model::new(&demo["scenario"]);
    let mut recorded_at = 0;
    for step in demo["scenario"]["steps"].as_array().unwrap() {
        let losses = model.losses.len();
        model.play(step);
        recorded_at = if model.losses.len() > losses { model.now } else { recorded_at };
    }
    let seconds = u128::from(demo["around"]["breaker_seconds"].as_u64().unwrap());
    assert!(seconds > 0);
    assert_eq!(seconds, model.breaker_until - recorded_at);
    assert!(model.breaker_until < model.now);
    assert_eq!(demo["state"]["pool"]["breaker_until"], Value::Null);
}

#[test]
fn every_recovery_is_split_as_computed() {
    let demo = demo();
    let recoveries = demo["recoveries"].as_array().unwrap();
    let reported = |recovery: &Value, key: &str| units(text(recovery, &format!("/{key}")), 6);
    let sum = |key: &str| recoveries.iter().map(|recovery| reported(recovery, key)).sum::<u128>();
    let losses = demo["losses"].as_array().unwrap();
    let lost = |key: &str| losses.iter().map(|loss| reported(loss, key)).sum::<u128>();
    assert!(recoveries.len() >= 2);
    for recovery in recoveries {
        let parts = ["to_lps", "to_stakers", "to_protocol", "to_reserves"].map(|key| reported(recovery, key));
        assert_eq!(reported(recovery, "assets"), parts.iter().sum());
    }
    assert!(sum("assets") < lost("loss"), "a part of the bad debt is recovered");
    let parts = (sum("to_lps"), sum("to_stakers"), sum("to_protocol"));
    assert!(parts.0 > 0 && parts.1 > 0 && parts.2 > 0, "each side gets a part: {parts:?}");
    assert!(parts.0 < lost("to_lps") && parts.1 + parts.2 < lost("from_insurance"), "and none gets all: {parts:?}");
    assert_eq!(sum("to_reserves"), 0);
}

#[test]
fn limits_fall_with_the_price_by_steps() {
    let demo = demo();
    let limits = demo["limits"].as_array().unwrap();
    assert_eq!(limits.len(), 29, "the keeper comes by every day but the first");
    let reported = |limit: &Value, key: &str| units(text(limit, &format!("/{key}")), 0);
    for pair in limits.windows(2) {
        let fell = |key: &str| reported(&pair[0], key).saturating_sub(reported(&pair[1], key));
        assert!(fell("max_ltv_bps") <= 501 && fell("liquidation_threshold_bps") <= 101, "{pair:?}");
    }
    let of = |day: &str| limits.iter().find(|limit| limit["day"] == day).unwrap();
    assert_eq!(reported(of("2022-11-06"), "max_ltv_bps"), 6_500, "calm before");
    assert!(reported(of("2022-11-10"), "max_ltv_bps") < 6_500, "tighter on the day of the losses");
    assert!(reported(of("2022-11-30"), "max_ltv_bps") < reported(of("2022-11-10"), "max_ltv_bps"));
    assert!(reported(of("2022-11-30"), "insurance_factor_bps") > reported(of("2022-11-06"), "insurance_factor_bps"));
}

#[test]
fn the_printed_scenario_is_played_again_by_run_with_the_same_end() {
    let demo = demo();
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("november.json");
    std::fs::write(&path, demo["scenario"].to_string()).unwrap();
    let (code, printed) = printed(RUN, &[path.to_str().unwrap(), "--json"]);
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
    let (code, printed) = printed(DEMO, &[]);
    assert_eq!(code, Some(0));
    for word in [
        "Borrowers",
        "Liquidations",
        "Marks",
        "Limits",
        "Losses",
        "Recoveries",
        "LPs",
        "Stakers",
        "Compute units",
        "coinmetrics/data",
        "backstop run scenarios/",
    ] {
        assert!(printed.contains(word), "{word} is not told");
    }
}
