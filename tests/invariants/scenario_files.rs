//! The shrinker and the writer of scenario files: what they write is short, and `backstop run` plays it to the same
//! end.

use std::{fs, path::PathBuf};

use backstop_scenario::{scenario::Scenario, story};
use backstop_text::Decimal;
use serde_json::{Value, json};

use crate::{
    plan::Plan,
    play::Play,
    pool_profile::PoolProfile,
    properties::Moment,
    shrink::quietly,
    step::Step,
    story::scenario,
    violation::{Holds, holds},
    walk,
};

/// A property that does not hold.
fn no_loss(moment: &Moment) -> Holds {
    holds!("no-loss", moment.loss().is_none(), "a loss was recorded");
    Ok(())
}

/// Another, which takes a wipe-out and a recovery.
fn no_recovery_after_wipe_out(moment: &Moment) -> Holds {
    let wiped = moment.after.pool.generation >= 7;
    let recovered = moment.after.obligations.values().any(|obligation| obligation.recovered != 0);
    holds!("no-recovery-after-wipe-out", !(wiped && recovered), "both happened");
    Ok(())
}

/// Where the pool and its fund stand after these steps.
fn end_of(course: &PoolProfile, steps: &[Step]) -> Value {
    let mut play = Play::new(course, None);
    for step in steps {
        quietly(|| play.refusal(*step));
    }
    let (state, now) = (play.read(), play.now());
    let totals = state.totals(now);
    let (settled, _) = state.fund.fund().settled(&totals).unwrap();
    let reported = |units: u64| Decimal::of_units(units, course.setup.liquidity.decimals).to_string();
    json!({
        "pool": {
            "cash": reported(totals.cash.get()),
            "reserves": reported(totals.reserves.get()),
            "shares": reported(totals.shares.get()),
            "nav": reported(totals.nav().unwrap().get()),
            "marked": reported(state.pool.marked),
            "unclaimed": reported(state.pool.unclaimed),
            "generation": state.pool.generation,
        },
        "insurance": {
            "assets": reported(state.fund.assets),
            "stake_shares": reported(state.fund.shares),
            "protocol_shares": reported(state.fund.protocol_shares),
            "drawn": reported(state.fund.drawn),
            "unclaimed": reported(settled.worth(settled.waiting_shares).unwrap().get()),
        },
    })
}

/// Plays a scenario file and compares where it ends.
fn plays_to(text: &str, expected: &Value) {
    let scenario = Scenario::parse(text).unwrap();
    let report = story::play(&scenario).unwrap();
    for step in &report.steps {
        assert!(step.expected, "step {} ({}): {:?}", step.index, step.verb, step.message);
    }
    assert!(report.as_expected(), "{:?}", report.problems);
    let state = serde_json::to_value(&report.state).unwrap();
    for part in ["pool", "insurance"] {
        for (key, value) in expected[part].as_object().unwrap() {
            assert_eq!(state[part][key], *value, "{part}.{key}");
        }
    }
}

/// Shrinks a history in which a property does not hold, and plays the file that is written.
fn shrinks(seed: u64, course: &PoolProfile, property: fn(&Moment) -> Holds, most: usize) {
    let failed = walk::walk(seed, course, 2_000, Some(property)).expect_err("the property does not hold");
    let (name, length) = (failed.violation.property, failed.steps.len());
    let (shrunk, path): (_, PathBuf) = walk::report(seed, course, Some(property), failed);
    println!("{length} steps shrunk to {}: {}", shrunk.steps.len(), path.display());
    assert_eq!(shrunk.violation.property, name);
    assert!(shrunk.steps.len() <= most, "{:?}", shrunk.steps);
    let text = fs::read_to_string(&path).unwrap();
    fs::remove_file(&path).unwrap();
    plays_to(&text, &end_of(course, &shrunk.steps));
}

#[test]
fn history_with_a_loss_shrinks_to_the_loss() {
    // Somebody lends, somebody borrows against collateral, its price falls, the loss is recorded.
    shrinks(1, &PoolProfile::bare(), no_loss, 8);
}

#[test]
fn history_with_a_recovery_after_a_wipe_out_shrinks_to_both() {
    shrinks(12, &PoolProfile::uninsured(), no_recovery_after_wipe_out, 12);
}

#[test]
fn whole_histories_play_as_files() {
    for (seed, course) in
        [(3, PoolProfile::noticed()), (4, PoolProfile::units()), (5, PoolProfile::huge()), (6, PoolProfile::full())]
    {
        let (mut plan, mut play, mut steps) = (Plan::new(seed, course.clone()), Play::new(&course, None), Vec::new());
        while steps.len() < 300 {
            let step = plan.next(play.state(), play.now());
            play.take(step).unwrap();
            steps.push(step);
        }
        let text = scenario(&course, "a whole history", &steps, &walk::refusals(&course, &steps)).to_string();
        plays_to(&text, &end_of(&course, &steps));
    }
}
