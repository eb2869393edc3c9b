//! `backstop demo`: replays November 2022.

use std::{
    io::{self, IsTerminal},
    process::ExitCode,
};

use backstop_scenario::{
    demo,
    output::{Options, refuse},
};
use clap::Parser;

/// Replay November 2022: a USDC pool lends against SOL through the day SOL fell by 42 %.
#[derive(Parser)]
#[command(name = "backstop demo", bin_name = "backstop demo", version)]
struct Arguments {
    #[command(flatten)]
    options: Options,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let terminal = io::stderr().is_terminal();
    if !terminal {
        eprintln!("replaying November 2022 against the program ...");
    }
    let played = demo::play(|day, price| {
        if terminal {
            eprint!("\rreplaying {day}  SOL/USD {price:>8} ");
        }
    });
    if terminal {
        eprint!("\r{:40}\r", "");
    }
    match played {
        Ok(report) => arguments.options.print(&report, true, || demo::render(&report)),
        Err(problem) => refuse(&problem.to_string()),
    }
}
