//! `cargo xtask test`: everything that must hold before a change is merged.

use std::time::Instant;

use crate::run::{self, Outcome, cargo, programs_cargo};
use crate::{artifact, bench, build, generate, lint, plot, typescript};

/// Runs the stages one after the other and stops at the first that fails. What is tested are the committed programs:
/// what goes on chain. The stage `artifacts` has found that this checkout builds the same bytes, or said loudly that it
/// could not compare.
pub(crate) fn run() -> Outcome {
    let start = Instant::now();
    let stage = |name: &str, outcome: &dyn Fn() -> Outcome| {
        println!("[{:>4} s] {name}", start.elapsed().as_secs());
        outcome().map_err(|error| format!("stage `{name}`: {error}"))
    };

    stage("toolchain", &build::install)?;
    stage("programs", &build::programs)?;
    stage("artifacts", &artifact::check)?;
    stage("lint of the programs", &lint::all_but_host)?;
    stage("generated files", &|| generate::run(&["--check".into()]))?;
    stage("plot", &|| plot::run(&["--check".into()]))?;
    stage("build and lint", &|| {
        run::run(lint::linting(cargo().args(["build", "--quiet", "--locked", "--workspace", "--all-targets"]))?)
    })?;
    stage("program's own tests", &|| {
        run::run(programs_cargo().args([
            "test",
            "--quiet",
            "--locked",
            "--package",
            "backstop",
            "--features",
            "idl-build",
        ]))
    })?;
    stage("TypeScript client", &typescript::test)?;
    stage("tests", &|| run::run(lint::linting(cargo().args(["test", "--quiet", "--locked", "--workspace"]))?))?;
    stage("model of the vectors", &model)?;
    stage("128-bit arithmetic in the virtual machine", &|| {
        let test = ["test", "--quiet", "--locked", "--workspace", "--test", "virtual_machine", "--", "--ignored"];
        run::run(lint::linting(cargo().args(test))?)
    })?;
    stage("bench", &|| run::run(lint::linting(&mut bench::command(&["--check".into()]))?))?;
    println!("[{:>4} s] all good", start.elapsed().as_secs());
    Ok(())
}

/// The committed vectors are what their model computes, where there is a Python to run it.
fn model() -> Outcome {
    if run::command("python3").arg("--version").output().is_err() {
        println!("notice: without python3 the vectors are not compared with tests/vectors/model.py");
        return Ok(());
    }
    run::run(run::command("python3").args(["tests/vectors/model.py", "--check"]))
}
