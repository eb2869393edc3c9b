//! `cargo xtask test`: everything that must hold before a change is merged.

use std::time::Instant;

use crate::repository::root;
use crate::run::{self, Outcome, cargo, program_cargo};
use crate::{artifact, bench, build, generate, lint, plot};

/// Runs the stages one after the other and stops at the first that fails. What is tested is the program this
/// checkout builds, not the committed one.
pub(crate) fn run() -> Outcome {
    let start = Instant::now();
    let stage = |name: &str, outcome: &dyn Fn() -> Outcome| {
        println!("[{:>4} s] {name}", start.elapsed().as_secs());
        outcome().map_err(|error| format!("stage `{name}`: {error}"))
    };

    stage("toolchain", &build::install)?;
    let built = root().join("target/sbf/sbpf/release/libbackstop.so");
    stage("program", &|| build::program().map(drop))?;
    stage("artifacts", &|| artifact::check(&built))?;
    stage("lint", &lint::run)?;
    stage("generated files", &|| generate::run(&["--check".into()]))?;
    stage("plot", &|| plot::run(&["--check".into()]))?;
    stage("program's own tests", &|| {
        run::run(program_cargo().args(["test", "--quiet", "--locked", "--features", "idl-build"]))
    })?;
    stage("tests", &|| {
        run::run(cargo().args(["test", "--quiet", "--locked", "--workspace"]).env("BACKSTOP_PROGRAM", &built))
    })?;
    stage("128-bit arithmetic in the virtual machine", &|| {
        let test = ["test", "--quiet", "--locked", "--workspace", "--test", "virtual_machine", "--", "--ignored"];
        run::run(cargo().args(test))
    })?;
    stage("bench", &|| run::run(bench::command(&["--check".into()]).env("BACKSTOP_PROGRAM", &built)))?;
    println!("[{:>4} s] all good", start.elapsed().as_secs());
    Ok(())
}
