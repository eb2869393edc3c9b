//! `backstop run`: plays a scenario file.

use std::{fs, path::PathBuf, process::ExitCode};

use backstop_cli::{context::Output, scenario::Scenario, story, table};

/// What `backstop run` takes.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The scenario file; docs/scenarios.md describes the format.
    scenario: PathBuf,
    /// Print one JSON object instead of tables, as --output json does.
    #[arg(long)]
    json: bool,
}

/// Plays the file and prints what happened.
pub(crate) fn run(arguments: &Arguments, output: Output) -> ExitCode {
    let path = arguments.scenario.display();
    let text = match fs::read_to_string(&arguments.scenario) {
        Ok(text) => text,
        Err(error) => return super::refuse(&format!("{path} cannot be read: {error}")),
    };
    let scenario = match Scenario::parse(&text) {
        Ok(scenario) => scenario,
        Err(problem) => return super::refuse(&format!("{path}: {problem}")),
    };
    let report = match story::play(&scenario) {
        Ok(report) => report,
        Err(problem) => return super::refuse(&format!("{path}: {problem}")),
    };
    let printed = if arguments.json || output == Output::Json {
        serde_json::to_string_pretty(&report).map(|json| json + "\n").map_err(Into::into)
    } else {
        Ok(table::of_report(&scenario, &report))
    };
    match printed.and_then(|text| super::print(&text)) {
        Ok(()) if report.as_expected() => ExitCode::SUCCESS,
        Ok(()) => ExitCode::FAILURE,
        Err(error) => super::refuse(&format!("the report cannot be printed: {error}")),
    }
}
