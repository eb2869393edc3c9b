//! The one door to every task of the repository: `cargo xtask <word>`.

mod artifact;
mod bench;
mod build;
mod client;
mod demo;
mod generate;
mod idl;
mod lint;
mod parameters;
mod plot;
mod program;
mod program_id;
mod repository;
mod run;
mod test;
mod typescript;
mod validator;
mod wasm;
mod waterfall;
mod width;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask <word> [options]

  build                 build the programs and refresh artifacts/; installs the toolchain if it is missing
  program-id <keypair.json | address>
                        give Backstop another address, and rebuild all that names it
  test                  everything that must hold before a change is merged, from a clean checkout
  lint                  formatting and clippy, for the host crates and for the program
  generate [--check]    rebuild idl/ and the clients made from it; --check fails if that changes a file
  plot [--check]        draw docs/risk.svg again; --check fails if that changes it
  demo [options]        November 2022, played against the program
  validator             the same on the real validator, with a bot; builds it first, which takes three quarters of an hour
  bench [--record|--check]
                        compute units and program size against the committed ledger

The program is built with the toolchain of toolchain/README.md, which also says how to use the usual tools instead.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (word, options) = match arguments.split_first() {
        Some((word, options)) => (word.as_str(), options),
        None => ("help", &[][..]),
    };
    let outcome = match word {
        "build" => build::run(),
        "program-id" => program_id::run(options),
        "test" => test::run(),
        "lint" => lint::run(),
        "generate" => generate::run(options),
        "plot" => plot::run(options),
        "demo" => demo::run(options),
        "validator" => validator::run(),
        "bench" => bench::run(options),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(())
        }
        _ => Err(format!("there is no task named `{word}`\n\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
