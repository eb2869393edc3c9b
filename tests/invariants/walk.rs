//! Random histories. Each is fixed by its seed.

use std::{env, fs, path::PathBuf};

use crate::{
    count::Count,
    plan::Plan,
    play::{Extra, Play},
    pool_profile::PoolProfile,
    shrink::{self, Failed},
    step::Step,
    story,
};

/// Plays a history from a seed. What happened in it, or the steps up to where a property did not hold.
pub(crate) fn walk(seed: u64, course: &PoolProfile, instructions: u32, extra: Option<Extra>) -> Result<Count, Failed> {
    let (mut plan, mut play) = (Plan::new(seed, course.clone()), Play::new(course, extra));
    let mut steps: Vec<Step> = Vec::new();
    while play.count.of("instructions") < instructions {
        let step = plan.next(play.state(), play.now());
        steps.push(step);
        if let Err(violation) = play.take(step) {
            return Err(Failed { steps, violation });
        }
    }
    match play.end_holds(&mut steps) {
        Ok(()) => Ok(play.count),
        Err(violation) => Err(Failed { steps, violation }),
    }
}

/// The shortest history like this one that is found, as a scenario file.
pub(crate) fn report(seed: u64, course: &PoolProfile, extra: Option<Extra>, failed: Failed) -> (Failed, PathBuf) {
    let length = failed.steps.len();
    let shrunk = shrink::shrink(course, extra, failed);
    let name = format!("{}, seed {seed}, {length} steps shrunk to {}", shrunk.violation, shrunk.steps.len());
    let refused = refusals(course, &shrunk.steps);
    let scenario = story::scenario(course, name.lines().next().unwrap_or_default(), &shrunk.steps, &refused);
    let path = env::temp_dir().join(format!("backstop-{}-{}-{seed}.json", shrunk.violation.property, course.name));
    fs::write(&path, serde_json::to_string_pretty(&scenario).unwrap()).unwrap();
    (shrunk, path)
}

/// With which error each step is refused, if it is.
pub(crate) fn refusals(course: &PoolProfile, steps: &[Step]) -> Vec<Option<String>> {
    let mut play = Play::new(course, None);
    shrink::quietly(|| steps.iter().map(|step| play.refusal(*step)).collect())
}

/// Plays a history and fails with the shortest that fails like it.
fn must_hold(seed: u64, course: &PoolProfile, instructions: u32) -> Count {
    match walk(seed, course, instructions, None) {
        Ok(count) => count,
        Err(failed) => {
            eprintln!(
                "{}: {} steps of the pool \"{}\", seed {seed}; shrinking",
                failed.violation,
                failed.steps.len(),
                course.name
            );
            let (shrunk, path) = report(seed, course, None, failed);
            let text = fs::read_to_string(&path).unwrap();
            panic!("{}\nseed {seed}, pool \"{}\", {}:\n{text}", shrunk.violation, course.name, path.display());
        }
    }
}

/// How often what must have happened, in any pool.
const EVERYWHERE: &[(&str, u32)] = &[
    ("instructions", 33_000),
    ("losses", 180),
    ("losses that LPs bore", 60),
    ("losses that were marked", 85),
    ("marks made", 105),
    ("marks that fell", 10),
    ("marks that ended", 105),
    ("marks that an older price did not lower", 5),
    ("holds of the pool", 70),
    ("holds of the fund", 70),
    ("done while the pool was on hold", 360),
    ("refusals while the pool was on hold", 60),
    ("refusals while the fund was on hold", 27),
    ("recoveries of collateral", 20),
    ("settlements", 12),
    ("settlements without a loss", 2),
    ("settlements without a price of the liquidity token", 1),
    ("losses of a defaulter beside collateral", 1),
    ("report_price", 145),
    ("done at a price in the borrower's favour", 25),
    ("losses that left debt and collateral", 10),
    ("refusals to record what is covered", 2),
    ("done beside a negligible holding whose price died", 10),
    ("moments with something to escape from", 120),
    ("near-total recoveries", 130),
    ("full recoveries", 150),
    ("deposit", 1_000),
    ("transfer_shares", 600),
    ("claim_recovery", 350),
    ("deposit_collateral", 1_200),
    ("withdraw_collateral", 400),
    ("borrow", 700),
    ("repay", 1_400),
    ("accrue", 900),
    ("mark", 980),
    ("liquidate", 150),
    ("record_bad_debt", 80),
    ("recoveries", 550),
    ("stake", 700),
    ("request_unstake", 600),
    ("execute_unstake", 150),
    ("collect_unstake", 100),
    ("refresh_risk", 900),
    ("refreshed while the pool was on hold", 10),
    ("a loan-to-value limit moved", 80),
    ("pause", 200),
    ("unpause", 120),
    ("tighten", 60),
    ("queue_change", 150),
    ("execute_change", 100),
    ("cancel_change", 20),
    ("done while something was paused", 2_000),
    ("accrue, all paused", 4),
    ("refresh_risk, all paused", 4),
    ("repay, all paused", 25),
    ("deposit_collateral, all paused", 4),
    ("liquidate, all paused", 2),
    ("mark, all paused", 30),
    ("recoveries, all paused", 15),
    ("stake, all paused", 4),
    ("record_bad_debt, all paused", 3),
    ("request_unstake, all paused", 3),
    ("claim_recovery, all paused", 4),
    ("transfer_shares, all paused", 2),
];

/// Plays several histories in one pool, and requires that each of these happened so often.
fn histories(course: &PoolProfile, seeds: std::ops::Range<u64>, required: &[(&'static str, u32)]) {
    let mut all = Count::default();
    for seed in seeds {
        all.add(&must_hold(seed, course, 2_000));
    }
    println!("{}:\n{all}", course.name);
    for (what, least) in EVERYWHERE.iter().chain(required) {
        assert!(all.of(what) >= *least, "{}: {what}: {} times, not {least}", course.name, all.of(what));
    }
    assert!(all.of("refusals") * 2 < all.of("instructions"), "{}: most was refused", course.name);
}

#[test]
fn bare_pool() {
    let required = [
        ("withdraw", 300),
        ("draws", 150),
        ("losses without a record", 20),
        ("drains of the fund", 65),
        ("wipe-outs", 2),
        ("settlements of what was marked just now", 5),
        ("refusals of a price before the mark", 12),
        ("claim_stake_recovery", 400),
        ("collect_reserves", 30),
    ];
    histories(&PoolProfile::bare(), 118..146, &required);
}

#[test]
fn uninsured_pool() {
    let required = [
        ("withdraw", 300),
        ("wipe-outs", 15),
        ("LP shares were divided", 100),
        ("losses without a record", 20),
        ("tiny recoveries", 60),
    ];
    histories(&PoolProfile::uninsured(), 500..517, &required);
}

#[test]
fn full_pool() {
    let required = [
        ("withdraw", 300),
        ("the breaker tripped", 60),
        ("done while the breaker was tripped", 500),
        ("draws", 150),
        ("losses that reserves bore", 100),
        ("recoveries for stakers", 200),
        ("recoveries for reserves", 100),
        ("a threshold moved", 120),
        ("the insurance factor moved", 100),
        ("the loss-sharing ratio moved", 8),
        ("borrowed at an average price", 200),
        ("collect_reserves", 30),
        ("liquidated what cannot be divided", 30),
        ("liquidated at an uncertain price", 9),
    ];
    histories(&PoolProfile::full(), 100..125, &required);
}

#[test]
fn noticed_pool() {
    let required = [
        ("request_withdrawal", 500),
        ("execute_withdrawal", 500),
        ("collect_withdrawal", 250),
        ("the breaker tripped", 50),
        ("done while the breaker was tripped", 500),
        ("done while feeds disagreed", 300),
        ("borrowed at an average price", 60),
        ("drains of the fund", 40),
        ("recoveries for protocol-owned shares", 150),
        ("fund_insurance", 150),
    ];
    histories(&PoolProfile::noticed(), 205..222, &required);
}

#[test]
fn pool_of_units() {
    let required = [
        ("withdraw", 300),
        ("draws", 150),
        ("losses that reserves bore", 100),
        ("recoveries for reserves", 200),
        ("the loss-sharing ratio moved", 150),
        ("collect_reserves", 25),
    ];
    histories(&PoolProfile::units(), 340..357, &required);
}

#[test]
fn huge_pool() {
    let required = [
        ("withdraw", 300),
        ("draws", 100),
        ("losses without a record", 20),
        ("stakers' shares were divided", 6),
        ("recoveries for protocol-owned shares", 30),
        ("recoveries for stakers", 150),
        ("a threshold moved", 60),
        ("the insurance factor moved", 80),
        ("borrowed at an average price", 80),
    ];
    histories(&PoolProfile::huge(), 400..419, &required);
}

fn number(name: &str, usual: u64) -> u64 {
    env::var(name).ok().map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name} must be a number")))
}

/// For those who have the time: see the top of this test.
#[test]
#[ignore = "takes as long as it is told to"]
fn many_histories() {
    let (first, seeds) = (number("FIRST", 1_000_000), number("SEEDS", 100));
    let instructions = u32::try_from(number("INSTRUCTIONS", 2_000)).unwrap();
    let mut all = Count::default();
    for seed in first..first + seeds {
        let courses = PoolProfile::all();
        let course = &courses[usize::try_from(seed % 6).unwrap()];
        let count = must_hold(seed, course, instructions);
        println!("seed {seed}, {}: {} instructions", course.name, count.of("instructions"));
        all.add(&count);
    }
    println!("{all}");
}
