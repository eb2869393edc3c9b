//! `backstop run`: plays a scenario file.

use std::{fs, path::PathBuf, process::ExitCode};

use backstop_scenario::{
    output::{Options, refuse},
    render,
    scenario::Scenario,
    story,
};
use clap::Parser;

/// Play a scenario file and report every step, balance and loss.
///
/// Exit codes: 0 every step ended as expected; 1 a step did not; 2 the file cannot be played.
#[derive(Parser)]
#[command(name = "backstop run", bin_name = "backstop run", version)]
struct Arguments {
    /// Scenario file; docs/scenarios.md describes the format.
    scenario: PathBuf,
    #[command(flatten)]
    options: Options,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let path = arguments.scenario.display();
    let text = match fs::read_to_string(&arguments.scenario) {
        Ok(text) => text,
        Err(error) => return refuse(&format!("{path} cannot be read: {error}")),
    };
    let played = Scenario::parse(&text).and_then(|scenario| Ok((story::play(&scenario)?, scenario)));
    match played {
        Ok((report, scenario)) => {
            arguments.options.print(&report, report.as_expected(), || render::of_report(&scenario, &report))
        }
        Err(problem) => refuse(&format!("{path}: {problem}")),
    }
}
