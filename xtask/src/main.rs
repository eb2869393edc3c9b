//! The repository's tasks: `cargo xtask <task>`.

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
cargo xtask <task> [options]

  build                 build the programs into artifacts/; install the toolchain if it is missing
  program-id <keypair.json | address>
                        change the program's address and rebuild everything that contains it
  test [programs|host|typescript]
                        run every check that CI runs, stage by stage, or one of the parts that CI runs in parallel
  lint                  check widths, formatting and lints of all crates
  generate [--check]    regenerate the IDL, the clients and docs/parameters.md; --check fails if a file would change
  plot [--check]        redraw the pictures in docs/; --check fails if a file would change
  demo [options]        replay the crash of November 2022 against the program
  validator             run the end-to-end test on Agave's validator; builds it first, which takes 45 minutes
  bench [--record|--check]
                        measure compute units and program size; compare them with bench/ledger.json

toolchain/README.md describes the programs' toolchain, and how to use Solana's usual tools instead.
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
        "test" => test::run(options),
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
        _ => Err(format!("unknown task `{word}`\n\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
