//! The command as its users meet it: exit codes, messages, and the shape of `--json`.
// Helpers of tests may stop at the first surprise, as tests may.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::{
    path::PathBuf,
    process::{Command, Output},
};

use backstop_scenario::scenario::Scenario;
use backstop_testkit::Network;
use serde_json::{Value, json};

fn run_file(path: &str, options: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_backstop-run")).arg(path).args(options).output().unwrap()
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
    let reported = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{reported}");
    assert!(output.stdout.is_empty(), "nothing was played, so nothing is printed");
    assert!(reported.contains(because), "{reported}");
}

fn committed(name: &str) -> String {
    format!("{}/../../scenarios/{name}.json", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_story_that_goes_as_expected_exits_with_0() {
    let output = run_file(&committed("one-default-insurance-pays-half"), &[]);
    assert_eq!(output.status.code(), Some(0));
    let reported = String::from_utf8(output.stdout).unwrap();
    assert!(reported.contains("refused as expected: InsufficientShares"), "{reported}");
    assert!(reported.contains("Everything went as expected."), "{reported}");
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
        { "do": "pause", "what": "lunch" },
        { "do": "queue_change", "parameter": "max_ltv", "value": 1 },
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
        ("InvalidValue", "steps[3].what"),
        ("InvalidValue", "steps[4].parameter"),
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

/// Plays one step after alice and bob appeared, and tells its error and where the message says that it is.
fn mistake(name: &str, step: &Value) -> (String, String) {
    let story = json!({ "steps": [
        { "do": "deposit", "who": "alice", "amount": "5" },
        { "do": "deposit_collateral", "who": "bob", "of": "SOL", "amount": "5" },
        step
    ] });
    let (code, report) = report(name, &story);
    assert_eq!(code, Some(1), "{step}");
    let step = &report["steps"][2];
    assert_eq!((&step["ok"], &step["expected"], &step["compute_units"]), (&json!(false), &json!(false), &json!(0)));
    let message = step["message"].as_str().unwrap();
    let place = message.split(": ").next().unwrap().trim_start_matches("steps[2].");
    (step["error"].as_str().unwrap().to_owned(), place.to_owned())
}

#[test]
fn every_newer_verb_names_what_is_missing_wrong_or_unknown() {
    let wrong = [
        (json!({ "do": "request_withdrawal", "who": "alice" }), "MissingKey", "shares"),
        (json!({ "do": "request_withdrawal", "shares": "all" }), "MissingKey", "who"),
        (json!({ "do": "request_withdrawal", "who": "alice", "shares": 1 }), "InvalidValue", "shares"),
        (json!({ "do": "request_withdrawal", "who": "alice", "shares": "1", "amount": "1" }), "UnknownKey", "amount"),
        (json!({ "do": "transfer_shares", "who": "alice", "to": "bob" }), "MissingKey", "shares"),
        (json!({ "do": "transfer_shares", "who": "alice", "shares": "1" }), "MissingKey", "to"),
        (json!({ "do": "transfer_shares", "who": "alice", "to": 7, "shares": "1" }), "InvalidValue", "to"),
        (json!({ "do": "transfer_shares", "who": "alice", "to": "", "shares": "1" }), "InvalidValue", "to"),
        (
            json!({
                "do": "transfer_shares", "who": "alice", "to": "a name too long for an address seed", "shares": "1",
            }),
            "InvalidValue",
            "to",
        ),
        (json!({ "do": "claim_recovery" }), "MissingKey", "who"),
        (json!({ "do": "claim_recovery", "who": "alice", "amount": "1" }), "UnknownKey", "amount"),
        (json!({ "do": "mark", "who": "kim" }), "MissingKey", "borrower"),
        (json!({ "do": "mark", "borrower": "nobody" }), "UnknownActor", "borrower"),
        (json!({ "do": "mark", "who": "kim", "borrower": "bob", "amount": "1" }), "UnknownKey", "amount"),
        (json!({ "do": "report_price", "of": "DOGE" }), "UnknownToken", "of"),
        (json!({ "do": "report_price", "of": "SOL", "borrower": "bob" }), "UnknownKey", "borrower"),
        (json!({ "do": "recover", "who": "bob", "borrower": "bob", "amount": "1" }), "UnknownVerb", "do"),
        (json!({ "do": "stake", "who": "ines" }), "MissingKey", "amount"),
        (json!({ "do": "stake", "who": "ines", "amount": "all" }), "InvalidValue", "amount"),
        (json!({ "do": "stake", "who": "ines", "amount": "1", "shares": "1" }), "UnknownKey", "shares"),
        (json!({ "do": "request_unstake", "shares": "1" }), "MissingKey", "who"),
        (json!({ "do": "request_unstake", "who": "ines", "amount": "1" }), "UnknownKey", "amount"),
        (json!({ "do": "request_unstake", "who": "ines", "shares": "x" }), "InvalidValue", "shares"),
        (json!({ "do": "execute_unstake" }), "MissingKey", "who"),
        (json!({ "do": "execute_unstake", "who": "ines", "shares": "1" }), "UnknownKey", "shares"),
        (json!({ "do": "collect_unstake" }), "MissingKey", "who"),
        (json!({ "do": "execute_withdrawal" }), "MissingKey", "who"),
        (json!({ "do": "collect_withdrawal", "who": "alice", "amount": "1" }), "UnknownKey", "amount"),
        (json!({ "do": "claim_stake_recovery" }), "MissingKey", "who"),
        (json!({ "do": "claim_stake_recovery", "who": "ines", "borrower": "bob" }), "UnknownKey", "borrower"),
        (json!({ "do": "execute_unstake", "who": "ines", "sharse": "1" }), "UnknownKey", "sharse"),
        (json!({ "do": "refresh_risk", "of": "USDC" }), "UnknownToken", "of"),
        (json!({ "do": "refresh_risk", "borrower": "bob" }), "UnknownKey", "borrower"),
        (json!({ "do": "pause" }), "MissingKey", "what"),
        (json!({ "do": "pause", "what": "repay" }), "InvalidValue", "what"),
        (json!({ "do": "pause", "what": "borrow", "seconds": "9" }), "InvalidValue", "seconds"),
        (json!({ "do": "unpause", "what": "borrow", "seconds": 9 }), "UnknownKey", "seconds"),
        (json!({ "do": "tighten", "value": 1 }), "MissingKey", "parameter"),
        (json!({ "do": "tighten", "parameter": "max_ltv_bps" }), "MissingKey", "value"),
        (json!({ "do": "tighten", "parameter": "MaxLtvBps", "value": 1 }), "InvalidValue", "parameter"),
        (json!({ "do": "queue_change", "parameter": "scrap_units", "value": 1 }), "InvalidValue", "parameter"),
        (json!({ "do": "queue_change", "parameter": "full_below_value", "value": 1 }), "InvalidValue", "parameter"),
        (json!({ "do": "tighten", "parameter": "max_ltv_bps", "value": "1" }), "InvalidValue", "value"),
        (json!({ "do": "tighten", "parameter": "max_ltv_bps", "value": { "actor": "bob" } }), "InvalidValue", "value"),
        (json!({ "do": "tighten", "parameter": "base_bps", "value": 1, "of": "SOL" }), "UnknownKey", "of"),
        (json!({ "do": "tighten", "parameter": "max_ltv_bps", "value": 1, "of": "USDC" }), "UnknownToken", "of"),
        (json!({ "do": "tighten", "parameter": "base_bps", "value": 1, "nonce": 1 }), "UnknownKey", "nonce"),
        (json!({ "do": "queue_change", "parameter": "guardian", "value": "bob" }), "InvalidValue", "value"),
        (json!({ "do": "queue_change", "parameter": "guardian", "value": { "actor": "" } }), "InvalidValue", "value"),
        (json!({ "do": "queue_change", "parameter": "base_bps", "value": 1, "nonce": "1" }), "InvalidValue", "nonce"),
        (json!({ "do": "execute_change" }), "MissingKey", "nonce"),
        (json!({ "do": "cancel_change", "who": "dao" }), "MissingKey", "nonce"),
        (json!({ "do": "propose_authority" }), "MissingKey", "to"),
        (json!({ "do": "propose_authority", "to": "" }), "InvalidValue", "to"),
        (json!({ "do": "accept_authority" }), "MissingKey", "who"),
        (json!({ "do": "cancel_authority", "to": "bob" }), "UnknownKey", "to"),
        (json!({ "do": "collect_reserves" }), "MissingKey", "amount"),
        (json!({ "do": "set_price", "of": "SOL", "price": "1", "feed": "third" }), "InvalidValue", "feed"),
        (json!({ "do": "set_price", "of": "SOL", "price": "1", "feed": "second" }), "InvalidValue", "feed"),
    ];
    for (index, (step, error, place)) in wrong.iter().enumerate() {
        let (reported, at) = mistake(&format!("mistake-{index}"), step);
        assert_eq!((reported.as_str(), at.as_str()), (*error, *place), "{step}");
    }
}

#[test]
fn who_is_given_shares_is_known_from_then_on() {
    let story = json!({ "steps": [
        { "do": "deposit", "who": "alice", "amount": "5" },
        { "do": "transfer_shares", "who": "alice", "to": "dana", "shares": "2" },
        { "do": "transfer_shares", "who": "alice", "to": "erin", "shares": "9", "expect": "InsufficientShares" },
        { "do": "transfer_shares", "who": "alice", "to": "alice", "shares": "1",
          "expect": "ConstraintDuplicateMutableAccount" },
        { "do": "record_bad_debt", "who": "kim", "borrower": "dana", "expect": "NoDebt" },
        { "do": "transfer_shares", "who": "dana", "to": "alice", "shares": "all" }
    ] });
    let (code, report) = report("given", &story);
    assert_eq!(code, Some(0), "{report}");
    let actors = report["state"]["actors"].as_object().unwrap();
    assert_eq!(actors.keys().collect::<Vec<_>>(), ["alice", "dana", "erin", "kim"]);
    assert_eq!(report["steps"][1]["effect"], json!({ "shares": "2" }));
    assert_eq!((&actors["alice"]["shares"], &actors["dana"]["shares"]), (&json!("5"), &json!("0")));
}

#[test]
fn every_step_tells_its_effect() {
    let loss = json!({ "insurance_share_bps": 5000, "hold_seconds": 600 });
    let story = json!({ "pool": { "exit_notice_seconds": 600, "loss": loss }, "steps": [
        { "do": "deposit", "who": "alice", "amount": "1000" },
        { "do": "stake", "who": "ines", "amount": "50" },
        { "do": "request_unstake", "who": "ines", "shares": "20" },
        { "do": "deposit_collateral", "who": "bob", "of": "SOL", "amount": "10" },
        { "do": "borrow", "who": "bob", "amount": "200" },
        { "do": "set_price", "of": "SOL", "price": "10" },
        { "do": "mark", "borrower": "bob" },
        { "do": "request_withdrawal", "who": "alice", "shares": "all" },
        { "do": "liquidate", "who": "liz", "borrower": "bob" },
        { "do": "repay", "who": "bob", "amount": "80" },
        { "do": "claim_recovery", "who": "alice" },
        { "do": "claim_stake_recovery", "who": "ines" },
        { "do": "wait", "seconds": 864000 },
        { "do": "execute_withdrawal", "who": "alice" },
        { "do": "collect_withdrawal", "who": "alice" },
        { "do": "execute_unstake", "who": "ines", "expect": "ExitNotRequested" }
    ] });
    let (_, report) = report("effects", &story);
    let (begin, day) = (1_667_260_800_u64, 86_400);
    let asked = (begin + 10 * day).to_string();
    let expected = [
        json!({ "assets": "1000", "shares": "1000" }),
        json!({ "assets": "50", "shares": "50" }),
        json!({ "shares": "20", "worth": "20", "matures_at": asked }),
        json!({ "units": "10" }),
        json!({ "assets": "200" }),
        json!({}),
        json!({ "marked_before": "0", "marked": "100" }),
        json!({ "shares": "1000", "matures_at": (begin + 600).to_string() }),
        json!({
            "repaid": "100", "insurance_cut": "0", "collateral": "SOL", "seized": "10", "bonus_bps": "0", "loss": "100",
        }),
        json!({
            "assets": "80", "to_lps": "40", "to_stakers": "40", "to_protocol": "0", "to_reserves": "0",
            "unrecovered": "20",
        }),
        json!({ "assets": "40" }),
        // All of the fund was drawn: one to one, and the request went with the shares.
        json!({ "shares": "40" }),
        json!({}),
        json!({ "assets": "950", "shares": "1000", "left": "0" }),
        json!({ "assets": "950" }),
    ];
    for (step, effect) in report["steps"].as_array().unwrap().iter().zip(expected) {
        assert_eq!(step["effect"], effect, "{step}");
        assert_eq!(step["ok"], true, "{step}");
    }
    let recovery = json!({
        "step": 9, "loss": 1, "obligation": "bob", "assets": "80", "to_lps": "40", "to_stakers": "40",
        "to_protocol": "0", "to_reserves": "0",
    });
    assert_eq!(report["state"]["recoveries"], json!([recovery]));
    assert_eq!(report["steps"][9]["do"], "repay", "a written-off debt that is repaid is recovered");
}

#[test]
fn every_step_of_governance_tells_its_effect() {
    let story = json!({
        "pool": { "rates": { "base_bps": 1000, "reserve_factor_bps": 5000 } },
        "collaterals": [{ "stressed_max_ltv_bps": 5000 }, { "symbol": "ETH" }],
        "steps": [
            { "do": "refresh_risk", "of": "SOL" },
            { "do": "refresh_risk", "expect": "MissingKey" },
            { "do": "pause", "what": "withdraw_collateral", "seconds": 60 },
            { "do": "unpause", "what": "withdraw_collateral" },
            { "do": "tighten", "parameter": "max_ltv_bps", "value": 7000, "of": "SOL" },
            { "do": "tighten", "parameter": "max_premium_bps", "value": 9000 },
            { "do": "queue_change", "parameter": "treasury", "value": { "actor": "vault" }, "nonce": 7 },
            { "do": "queue_change", "parameter": "dust_value", "value": 5 },
            { "do": "cancel_change", "nonce": 7 },
            { "do": "propose_authority", "to": "heir" },
            { "do": "cancel_authority" },
            { "do": "propose_authority", "to": "heir" },
            { "do": "wait", "seconds": 86400 },
            { "do": "execute_change", "nonce": 8 },
            { "do": "accept_authority", "who": "heir" },
            { "do": "execute_change", "nonce": 8, "expect": "AccountDataTooSmall" }
        ]
    });
    let (_, report) = report("governance", &story);
    let (begin, day, grace) = (1_667_260_800_u64, 86_400, 1_209_600);
    let (at, end) = ((begin + day).to_string(), (begin + day + grace).to_string());
    let calm = json!({
        "average_price": "30", "deviation_bps": "0", "volatility_stress_bps": "0", "utilisation_stress_bps": "0",
        "loss_stress_bps": "0", "coverage_stress_bps": "0", "max_ltv_bps": "7500", "max_ltv_target_bps": "7500",
        "liquidation_threshold_bps": "8000", "threshold_target_bps": "8000", "insurance_factor_bps": "0",
        "insurance_factor_target_bps": "0", "insurance_share_bps": "10000", "insurance_share_target_bps": "10000"
    });
    let proposed = json!({ "proposed": "heir", "acceptable_at": at, "lapses_at": end });
    let expected = [
        calm,
        json!({}),
        json!({ "since": begin.to_string(), "until": (begin + 60).to_string() }),
        json!({ "since": begin.to_string(), "until": begin.to_string() }),
        json!({ "parameter": "max_ltv_bps", "before": "7500", "value": "7000" }),
        json!({ "parameter": "max_premium_bps", "before": "4294967295", "value": "9000" }),
        json!({
            "nonce": "7", "parameter": "treasury", "before": "treasury", "value": "vault", "executable_at": at,
            "lapses_at": end,
        }),
        json!({
            "nonce": "8", "parameter": "dust_value", "before": "1000000", "value": "5", "executable_at": at,
            "lapses_at": end,
        }),
        json!({}),
        proposed.clone(),
        json!({}),
        proposed,
        json!({}),
        json!({ "parameter": "dust_value", "before": "1000000", "value": "5" }),
        json!({ "before": "dao", "authority": "heir" }),
        json!({}),
    ];
    for (step, effect) in report["steps"].as_array().unwrap().iter().zip(expected) {
        assert_eq!(step["effect"], effect, "{step}");
        let refused = matches!(step["index"].as_u64(), Some(1 | 15));
        assert_eq!(step["ok"], !refused, "{step}");
    }
    assert_eq!(report["steps"][1]["error"], "MissingKey", "there are two collaterals");
    assert_eq!(report["steps"][15]["expected"], true, "{}", report["steps"][15]);
    assert_eq!(report["steps"][2]["who"], "guardian");
    let market = json!({ "authority": "heir", "pending_authority": null, "guardian": "guardian", "treasury": "treasury",
        "timelock_seconds": day, "queued": [] });
    assert_eq!(report["state"]["market"], market);
    assert_eq!(report["state"]["collaterals"]["SOL"]["max_ltv_bps"], 7000);
    assert_eq!(report["state"]["pool"]["paused"], json!({}));
}

#[test]
fn parameters_of_risk_and_oracles_reach_the_pool() {
    let scenario = Scenario::from_value(&json!({
        "pool": {
            "risk": {
                "average_seconds": 1, "max_premium_bps": 2, "target_coverage_bps": 3,
                "stressed_insurance_factor_bps": 4, "stressed_insurance_share_bps": 5
            },
            "oracle": { "feed": "switchboard" }
        },
        "collaterals": [{
            "stressed_max_ltv_bps": 1, "stressed_threshold_bps": 2, "stressed_deviation_bps": 3,
            "oracle": { "second_feed": "switchboard", "max_age_seconds": 4, "max_divergence_bps": 5 }
        }],
        "steps": []
    }))
    .unwrap();
    assert_eq!(scenario.problems, []);
    let risk = scenario.setup.parameters.risk;
    let reported = [
        risk.average_seconds,
        risk.max_premium_bps,
        risk.target_coverage_bps,
        risk.stressed_insurance_factor_bps,
        risk.stressed_insurance_share_bps,
    ];
    assert!(reported.into_iter().eq(1..=5), "{reported:?}");
    let (listed, liquidity) = (&scenario.setup.collaterals[0], &scenario.setup.liquidity);
    let parameters = listed.parameters;
    assert_eq!((parameters.stressed_max_ltv_bps, parameters.stressed_threshold_bps), (1, 2));
    assert_eq!(parameters.stressed_deviation_bps, 3);
    assert_eq!((parameters.oracle.max_age_seconds, parameters.oracle.max_divergence_bps), (4, 5));
    assert_eq!((listed.token.feed, listed.token.second_feed), (Network::Pyth, Some(Network::Switchboard)));
    assert_eq!((liquidity.feed, liquidity.second_feed), (Network::Switchboard, None));
    let wrong = r#"{ "steps": [], "pool": { "oracle": { "feed": "chainlink" } } }"#;
    refused("network", wrong, "pool.oracle.feed: must be \"pyth\" or \"switchboard\"");
}

#[test]
fn people_are_told_of_limits_and_of_what_waits() {
    let output = run_file(&committed("a-stolen-authority"), &[]);
    assert_eq!(output.status.code(), Some(0));
    let reported = String::from_utf8(output.stdout).unwrap();
    for words in [
        "collateral_feed to mallory",
        "number 1, executable at 1667347200",
        "limit 6000 -> 7500 bps",
        "Queued changes",
        "acceptable at",
        "bps of interest and pays 10000 bps of a loss",
    ] {
        assert!(reported.contains(words), "{words} in {reported}");
    }
    let output = run_file(&committed("a-pause-of-withdrawals-ends-by-itself"), &[]);
    let reported = String::from_utf8(output.stdout).unwrap();
    assert!(reported.contains("; deposit is paused until 1670371200"), "{reported}");
}

#[test]
fn parameters_of_leaving_are_bounded_where_they_stand() {
    let long = r#"{ "steps": [], "pool": { "exit_notice_seconds": 86401 } }"#;
    refused("notice", long, "pool.exit_notice_seconds: must be at most 86400");
    let long = r#"{ "steps": [], "pool": { "breaker": { "notice_seconds": 86401 } } }"#;
    refused("breaker-notice", long, "pool.breaker.notice_seconds: must be at most 86400");
    let wrong = r#"{ "steps": [], "pool": { "breaker": { "min_losses": 5 } } }"#;
    refused("min-losses", wrong, "pool.breaker.min_losses: must be a decimal number in a string");
    refused("window", r#"{ "steps": [], "pool": { "loss": { "window_seconds": "1" } } }"#, "pool.loss.window_seconds");
    refused("limit", r#"{ "steps": [], "pool": { "breaker": { "limit_bps": 10001 } } }"#, "InvalidParameter");
    refused("no-window", r#"{ "steps": [], "pool": { "loss": { "window_seconds": 0 } } }"#, "InvalidParameter");
    refused(
        "cooldown",
        r#"{ "steps": [], "pool": { "insurance": { "cooldown_seconds": 86399 } } }"#,
        "InvalidParameter",
    );
    refused(
        "cooldown",
        r#"{ "steps": [], "pool": { "insurance": { "cooldown_seconds": -1 } } }"#,
        "pool.insurance.cooldown_seconds",
    );
}

#[test]
fn a_bonus_is_a_collaterals_and_bounded_by_its_threshold() {
    let of_a_pool = json!({ "steps": [], "pool": { "liquidation": { "bonus_min_bps": 0, "full_below_value": "0" } } });
    let (code, printed) = report("bonus-of-a-pool", &of_a_pool);
    assert_eq!(code, Some(1));
    let places: Vec<&str> =
        printed["problems"].as_array().unwrap().iter().map(|problem| problem["place"].as_str().unwrap()).collect();
    assert_eq!(places, ["pool.liquidation.bonus_min_bps", "pool.liquidation.full_below_value"]);

    // 80 % * 1.25 = 100 %.
    let bonus = |min: u32| json!({ "steps": [], "collaterals": [{ "bonus_min_bps": min, "bonus_max_bps": 5000 }] });
    assert_eq!(report("bonus-fits", &bonus(2_500)).0, Some(0));
    refused("bonus-too-high", &bonus(2_501).to_string(), "InvalidParameter");
    refused(
        "bonus-as-text",
        r#"{ "steps": [], "collaterals": [{ "bonus_max_bps": "500" }] }"#,
        "collaterals[0].bonus_max_bps",
    );
    let scenario = Scenario::from_value(&json!({
        "collaterals": [{ "symbol": "A" }, { "symbol": "B", "bonus_min_bps": 100, "bonus_max_bps": 200 }],
        "steps": []
    }));
    let bonuses: Vec<(u32, u32)> = scenario
        .unwrap()
        .setup
        .collaterals
        .iter()
        .map(|listed| (listed.parameters.bonus_min_bps, listed.parameters.bonus_max_bps))
        .collect();
    assert_eq!(bonuses, [(0, 0), (100, 200)]);
}

#[test]
fn parameters_of_leaving_reach_the_pool() {
    let scenario = Scenario::from_value(&json!({
        "pool": {
            "liquidity": { "decimals": 2 },
            "insurance": { "cooldown_seconds": 1 },
            "exit_notice_seconds": 86400,
            "loss": { "window_seconds": 5 },
            "breaker": { "limit_bps": 4, "notice_seconds": 6, "min_losses": "7.5" }
        },
        "steps": []
    }))
    .unwrap();
    assert_eq!(scenario.problems, []);
    let parameters = scenario.setup.parameters;
    let (insurance, exit) = (parameters.insurance, parameters.exit);
    assert_eq!((insurance.cooldown_seconds, exit.notice_seconds), (1, 86_400));
    assert_eq!((exit.breaker_limit_bps, exit.window_seconds, exit.breaker_notice_seconds), (4, 5, 6));
    assert_eq!(exit.breaker_min_losses, 750);
}

#[test]
fn a_token_cannot_be_called_like_a_key_of_an_actor() {
    let actor = json!({ "steps": [{ "do": "deposit", "who": "alice", "amount": "5" }] });
    let (_, report) = report("actor-keys", &actor);
    let keys = report["state"]["actors"]["alice"].as_object().unwrap().keys();
    for key in keys.filter(|key| !["USDC", "SOL"].contains(&key.as_str())) {
        let file = json!({ "steps": [], "collaterals": [{ "symbol": key }] });
        refused(&format!("reserved-{key}"), &file.to_string(), "collaterals[0].symbol: a token cannot be called");
    }
}

#[test]
fn people_are_told_of_claims_stakes_and_recoveries() {
    let output = run_file(&committed("recovery-pays-those-who-bore-the-loss"), &[]);
    assert_eq!(output.status.code(), Some(0));
    let reported = String::from_utf8(output.stdout).unwrap();
    for words in [
        "7.516667 to LPs, 7.516666 to stakers, 21.033333 to reserves",
        "1.2 received",
        "50 shares minted",
        "claimable",
        "stake",
        "Recoveries",
        "refused as expected: NothingToClaim",
    ] {
        assert!(reported.contains(words), "{words} in {reported}");
    }
    // A fund of 200 given and 100 staked bore it all.
    let output = run_file(&committed("a-donation-founds-the-fund"), &[]);
    let reported = String::from_utf8(output.stdout).unwrap();
    assert!(reported.contains("100 paid, 33.333333 to stakers, 66.666667 to the fund"), "{reported}");
    let output = run_file(&committed("dust-does-not-trip-the-breaker"), &[]);
    let reported = String::from_utf8(output.stdout).unwrap();
    assert!(reported.contains("the loss breaker is tripped until 1667487600"), "{reported}");
}

#[test]
fn a_mistake_in_the_file_cannot_be_expected_away() {
    let story = json!({ "steps": [{ "do": "unpuase", "what": "borrow", "expect": "UnknownVerb" }] });
    assert_eq!(report("expected-away", &story).0, Some(1));
}

#[test]
fn an_unknown_key_outside_the_steps_names_its_place_and_the_rest_runs_on() {
    let story = json!({
        "nmae": "x",
        "pool": { "rates": { "bse_bps": 1 }, "breaker": { "limit": 1 }, "insurance": { "cooldown": 1 } },
        "collaterals": [{ "symbol": "SOL", "ltv": 1 }],
        "steps": [{ "do": "deposit", "who": "alice", "amount": "5" }]
    });
    let (code, report) = report("keys", &story);
    assert_eq!(code, Some(1));
    let places: Vec<&str> =
        report["problems"].as_array().unwrap().iter().map(|p| p["place"].as_str().unwrap()).collect();
    let expected =
        ["pool.rates.bse_bps", "pool.insurance.cooldown", "pool.breaker.limit", "collaterals[0].ltv", "nmae"];
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
    let pool = ["nav", "cash", "performing_debt", "reserves", "marked", "on_hold", "shares", "share_price"];
    has(&state["pool"], &pool);
    has(&state["pool"], &["generation", "unrecovered", "uncovered", "insurance_due", "unclaimed", "payable"]);
    has(&state["pool"], &["breaker_until", "insurance_factor_bps", "insurance_share_bps", "paused"]);
    has(&state["collaterals"]["SOL"], &["max_ltv_bps", "max_ltv_target_bps", "average_price", "deviation_bps"]);
    has(&state["collaterals"]["SOL"], &["liquidation_threshold_bps", "threshold_target_bps", "deposited"]);
    has(&state["market"], &["authority", "pending_authority", "guardian", "treasury", "timelock_seconds", "queued"]);
    has(&state["insurance"], &["assets", "on_hold", "stake_shares", "drawn", "protocol_shares", "unrecovered"]);
    has(&state["insurance"], &["unclaimed", "generation"]);
    has(&state["actors"]["alice"], &["USDC", "SOL", "shares", "share_value", "claimable", "stake_value"]);
    has(&state["actors"]["alice"], &["stake_claimable", "stake_shares", "debt", "marked", "collateral"]);
    has(&state["actors"], &["kim"]);
    assert_eq!(state["pool"]["share_price"], "1.000000000000");
    assert_eq!((&state["losses"], &state["recoveries"]), (&json!([]), &json!([])));
}

/// Alice lends 100, and Bob borrows 50 against ten SOL at 30 USD; then this happens.
fn lent(pool: &Value, steps: &[Value]) -> Value {
    let mut all = vec![
        json!({ "do": "deposit", "who": "alice", "amount": "100" }),
        json!({ "do": "deposit_collateral", "who": "bob", "of": "SOL", "amount": "10" }),
        json!({ "do": "borrow", "who": "bob", "amount": "50" }),
    ];
    all.extend_from_slice(steps);
    json!({ "pool": pool, "steps": all })
}

#[test]
fn a_price_can_be_ahead_of_the_clock() {
    let ahead = |seconds: u32| json!({ "do": "set_price", "of": "SOL", "price": "30", "ahead_seconds": seconds });
    let borrow = json!({ "do": "borrow", "who": "bob", "amount": "1" });
    let mut refused = borrow.clone();
    refused["expect"] = "PriceFromFuture".into();
    // A price may be as far ahead as it may be old: a minute.
    let steps = [ahead(60), borrow, ahead(61), refused];
    let (code, report) = report("ahead", &lent(&json!({}), &steps));
    assert_eq!(code, Some(0), "{report:#}");
}

#[test]
fn a_wait_of_five_seconds_passes_thirteen_slots() {
    // 12.5 of 400 ms, the begun one counted whole, and one of the transaction.
    for (least, expected) in [(14, Value::Null), (15, json!("DefaultTooRecent"))] {
        let mut record = json!({ "do": "record_bad_debt", "who": "kim", "borrower": "bob" });
        if !expected.is_null() {
            record["expect"] = expected;
        }
        let crash = json!({ "do": "set_price", "of": "SOL", "price": "0.01" });
        let steps = [json!({ "do": "wait", "seconds": 5 }), crash, record];
        let pool = json!({ "loss": { "min_default_age_slots": least } });
        let (code, report) = report("slots", &lent(&pool, &steps));
        assert_eq!(code, Some(0), "{least}: {report:#}");
    }
}
