//! Runs every instruction on the built program and compares what it cost with `bench/ledger.json`.
//!
//! `--record` writes what was measured into the ledger and leaves its budgets alone; `--check` fails above a budget,
//! and names what has no budget yet. Without an option it prints the table.

mod ledger;
mod stories;

use std::process::ExitCode;

use ledger::Ledger;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let option = arguments.first().map(String::as_str);
    if !matches!(option, None | Some("--record" | "--check")) || arguments.len() > 1 {
        eprintln!("usage: backstop-bench [--record | --check]");
        return ExitCode::from(2);
    }
    match run(option) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(option: Option<&str>) -> Result<(), String> {
    let mut ledger = Ledger::read()?;
    let measured = stories::measure()?;
    ledger.print(&measured);
    match option {
        Some("--record") => ledger.record(&measured),
        Some("--check") => ledger.check(&measured),
        _ => Ok(()),
    }
}
