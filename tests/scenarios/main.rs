//! Plays every file of `scenarios/` through the code of `backstop run` and compares its end with the one that was
//! computed by hand beside it. After every step the properties hold.
#![allow(missing_docs)]
// Helpers of tests may stop at the first surprise, as tests may; an overflow here is a failed test.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::integer_division)]

mod documentation;
mod properties;

use std::{collections::BTreeSet, fs, path::PathBuf};

use backstop_scenario::{
    scenario::Scenario,
    story::{self, Story},
};
use serde_json::Value;

macro_rules! scenarios {
    ($($name:ident: $file:literal)*) => {
        const FILES: &[&str] = &[$($file),*];

        $(
            #[test]
            fn $name() {
                ends_as_computed_by_hand($file);
                properties_hold_after_every_step($file);
            }
        )*
    };
}

scenarios! {
    a_covered_rest_bears_interest_until_it_is_not: "a-covered-rest-bears-interest-until-it-is-not"
    a_crash_with_moving_limits: "a-crash-with-moving-limits"
    a_dead_feed_shields_nothing_beyond_its_own: "a-dead-feed-shields-nothing-beyond-its-own"
    a_dead_price_holds_stakers_for_an_hour: "a-dead-price-holds-stakers-for-an-hour"
    a_dead_price_secures_no_debt_while_a_loss_is_paid: "a-dead-price-secures-no-debt-while-a-loss-is-paid"
    a_default_of_ones_own: "a-default-of-ones-own"
    a_defaulters_next_loss_waits_for_nobody: "a-defaulters-next-loss-waits-for-nobody"
    a_fund_is_owed_its_revenue: "a-fund-is-owed-its-revenue"
    a_fund_nearly_drained_then_staked_in: "a-fund-nearly-drained-then-staked-in"
    a_donation_founds_the_fund: "a-donation-founds-the-fund"
    a_hold_stops_every_clock_but_its_own: "a-hold-stops-every-clock-but-its-own"
    a_mark_holds_everyone_until_it_ends: "a-mark-holds-everyone-until-it-ends"
    a_mark_is_settled_after_its_time: "a-mark-is-settled-after-its-time"
    a_matured_request_is_no_free_exit: "a-matured-request-is-no-free-exit"
    a_negligible_holding_needs_no_price: "a-negligible-holding-needs-no-price"
    a_pause_of_withdrawals_ends_by_itself: "a-pause-of-withdrawals-ends-by-itself"
    a_price_too_wide_shields_nothing: "a-price-too-wide-shields-nothing"
    a_repayment_pays_its_own_loss: "a-repayment-pays-its-own-loss"
    a_small_mark_holds_nobody_for_long: "a-small-mark-holds-nobody-for-long"
    a_small_offer_for_one_of_two_collaterals: "a-small-offer-for-one-of-two-collaterals"
    a_small_offer_loses_nothing: "a-small-offer-loses-nothing"
    a_stake_after_a_loss_bears_none_of_it: "a-stake-after-a-loss-bears-none-of-it"
    a_stolen_authority: "a-stolen-authority"
    a_top_up_does_not_block_recording: "a-top-up-does-not-block-recording"
    a_transfer_leaves_claims_behind: "a-transfer-leaves-claims-behind"
    a_unit_beyond_the_fund_is_the_lps: "a-unit-beyond-the-fund-is-the-lps"
    a_wipe_out_of_pool_and_fund: "a-wipe-out-of-pool-and-fund"
    a_young_debt_is_no_loss: "a-young-debt-is-no-loss"
    all_of_the_collateral_for_its_price: "all-of-the-collateral-for-its-price"
    an_exit_notice: "an-exit-notice"
    an_inflated_first_share: "an-inflated-first-share"
    an_offer_pays_for_whole_tenths: "an-offer-pays-for-whole-tenths"
    an_offer_takes_what_it_pays_for: "an-offer-takes-what-it-pays-for"
    collateral_left_to_hold_up_a_loss: "collateral-left-to-hold-up-a-loss"
    coverage_builds: "coverage-builds"
    defaults_of_dust_bring_nothing: "defaults-of-dust-bring-nothing"
    dust_does_not_trip_the_breaker: "dust-does-not-trip-the-breaker"
    dust_restarts_no_window: "dust-restarts-no-window"
    dust_stays_security: "dust-stays-security"
    dust_that_covers_a_debt_is_not_recorded: "dust-that-covers-a-debt-is-not-recorded"
    full_recovery_then_a_new_loss: "full-recovery-then-a-new-loss"
    insurance_caps: "insurance-caps"
    interest_on_a_marked_debt_is_nobodys_gain: "interest-on-a-marked-debt-is-nobodys-gain"
    marks_that_follow_one_another: "marks-that-follow-one-another"
    matured_requests_are_no_options: "matured-requests-are-no-options"
    near_total_recoveries: "near-total-recoveries"
    no_parameter_gives_collateral_away: "no-parameter-gives-collateral-away"
    no_parameter_keeps_stakers_in: "no-parameter-keeps-stakers-in"
    one_default_insurance_pays_half: "one-default-insurance-pays-half"
    one_wrong_price_of_a_single_feed: "one-wrong-price-of-a-single-feed"
    pump_and_dump: "pump-and-dump"
    recording_under_full_pause: "recording-under-full-pause"
    recovery_pays_those_who_bore_the_loss: "recovery-pays-those-who-bore-the-loss"
    refusals: "refusals"
    reserves_beyond_marks: "reserves-beyond-marks"
    reserves_first_after_a_year: "reserves-first-after-a-year"
    small_debts_cannot_leave_their_collateral: "small-debts-cannot-leave-their-collateral"
    small_offers_through_two_falls: "small-offers-through-two-falls"
    staking_and_its_cooldown: "staking-and-its-cooldown"
    the_breaker_trips_and_ends: "the-breaker-trips-and-ends"
    three_lps_bear_a_loss_pro_rata: "three-lps-bear-a-loss-pro-rata"
    three_offers_pay_what_one_pays: "three-offers-pay-what-one-pays"
    total_loss_and_fresh_start: "total-loss-and-fresh-start"
    twenty_defaults_of_dust_close_nothing: "twenty-defaults-of-dust-close-nothing"
    two_cents_of_a_dead_token_shield_nothing: "two-cents-of-a-dead-token-shield-nothing"
    two_collaterals_under_water: "two-collaterals-under-water"
    two_collaterals_with_bonus: "two-collaterals-with-bonus"
    two_feeds_disagree: "two-feeds-disagree"
    two_feeds_refuse_one_wrong_price: "two-feeds-refuse-one-wrong-price"
    two_kinds_of_dust_cover_a_debt: "two-kinds-of-dust-cover-a-debt"
    where_nothing_counts_no_price_is_needed: "where-nothing-counts-no-price-is-needed"
    who_would_leave_bears_its_part_and_gets_it_back: "who-would-leave-bears-its-part-and-gets-it-back"
    whole_units_at_their_price: "whole-units-at-their-price"
    whole_units_beside_a_divisible_collateral: "whole-units-beside-a-divisible-collateral"
    wipe_out_and_life_after_it: "wipe-out-and-life-after-it"
    withdrawing_before_a_loss_does_not_profit: "withdrawing-before-a-loss-does-not-profit"
    written_off_debt_is_paid_with_its_collateral: "written-off-debt-is-paid-with-its-collateral"
}

#[test]
fn every_file_is_played() {
    let stems = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let played: BTreeSet<String> = FILES.iter().map(|name| (*name).to_owned()).collect();
    let there: BTreeSet<String> =
        stems.filter(|name| !name.ends_with(".expected.json")).map(|name| name.replace(".json", "")).collect();
    assert_eq!(there, played, "list every file of scenarios/ in this test");
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../scenarios")
}

fn scenario(name: &str) -> Scenario {
    let text = fs::read_to_string(folder().join(format!("{name}.json"))).unwrap();
    Scenario::parse(&text).unwrap_or_else(|problem| panic!("{name}: {problem}"))
}

fn ends_as_computed_by_hand(name: &str) {
    let text = fs::read_to_string(folder().join(format!("{name}.expected.json"))).unwrap();
    let expected: Value = serde_json::from_str(&text).unwrap();
    assert!(!expected["derivation"].as_array().unwrap().is_empty(), "{name}: say how the numbers were computed");

    let report = story::play(&scenario(name)).unwrap();

    for step in &report.steps {
        assert!(step.expected, "{name}: step {} ({}): {:?}", step.index, step.verb, step.message);
    }
    assert!(report.as_expected(), "{name}: {:?}", report.problems);
    let state = serde_json::to_value(&report.state).unwrap();
    let differences = compare("state", &expected["state"], &state);
    assert!(differences.is_empty(), "{name}:\n{}", differences.join("\n"));
}

/// Every value that is expected and not there. Values that are there beyond those are fine, list items are not.
fn compare(place: &str, expected: &Value, actual: &Value) -> Vec<String> {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => expected
            .iter()
            .flat_map(|(key, value)| compare(&format!("{place}.{key}"), value, actual.get(key).unwrap_or(&Value::Null)))
            .collect(),
        (Value::Array(expected), Value::Array(actual)) if expected.len() == actual.len() => {
            let pairs = expected.iter().zip(actual).enumerate();
            pairs.flat_map(|(at, (expected, actual))| compare(&format!("{place}[{at}]"), expected, actual)).collect()
        }
        _ if expected == actual => Vec::new(),
        _ => vec![format!("{place}: expected {expected}, got {actual}")],
    }
}

fn properties_hold_after_every_step(name: &str) {
    let scenario = scenario(name);
    let mut story = Story::new(&scenario).unwrap();
    let mut claimed = properties::Claimed::default();
    for step in &scenario.steps {
        let fund = story.world().fund();
        let before = story.state().unwrap();
        let report = story.play(step);
        let after = story.state().unwrap();
        let at = format!("{name}, step {}", report.index);
        properties::conservation(&at, &mut story, &after);
        claimed.claims_solvent(&at, &report, &after);
        properties::marked_once(&at, &before, &after);
        properties::nobody_leaves_a_known_loss(&at, &before, &after, &report);
        properties::price_falls_only_by_loss(&at, &before, &after);
        properties::nothing_for_nothing(&at, &mut story, &before, &after, &report);
        if let Some(loss) = after.losses.get(before.losses.len()) {
            properties::waterfall_exact(&at, &mut story, &fund, &before, &report, loss);
            properties::pro_rata(&at, &before, &after, loss);
            properties::covered_is_never_lost(&at, &mut story, &before, loss);
        }
        if !report.ok {
            assert_eq!(
                serde_json::to_value(&before.pool).unwrap(),
                serde_json::to_value(&after.pool).unwrap(),
                "{at}: a step that is refused changes nothing"
            );
        }
    }
}
