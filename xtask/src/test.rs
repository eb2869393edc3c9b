//! `cargo xtask test`: everything that must hold before a change is merged.

use std::time::Instant;

use crate::run::{self, Outcome, cargo, programs_cargo};
use crate::{artifact, bench, build, generate, lint, plot, typescript};

/// A part of the stages. CI runs the parts in parallel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// The built programs, and what is generated from them.
    Programs,
    /// The crates of the host workspace.
    Host,
    /// The TypeScript client.
    TypeScript,
}

impl Part {
    /// The part that the options name, or none for all parts.
    fn named(options: &[String]) -> Outcome<Option<Self>> {
        match options.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] => Ok(None),
            ["programs"] => Ok(Some(Self::Programs)),
            ["host"] => Ok(Some(Self::Host)),
            ["typescript"] => Ok(Some(Self::TypeScript)),
            _ => Err(format!("`{}`: name one part, `programs`, `host` or `typescript`, or none", options.join(" "))),
        }
    }
}

/// Runs the stages of one part, or of all, in order, and stops at the first that fails. The tests run on the committed
/// programs, which go on chain. The stage `artifacts` checks that this checkout builds the same bytes, or warns that it
/// cannot compare them.
pub(crate) fn run(options: &[String]) -> Outcome {
    let chosen = Part::named(options)?;
    let start = Instant::now();
    let stage = |name: &str, part: Part, outcome: &dyn Fn() -> Outcome| {
        if chosen.is_some_and(|chosen| chosen != part) {
            return Ok(());
        }
        println!("[{:>4} s] {name}", start.elapsed().as_secs());
        outcome().map_err(|error| format!("stage `{name}`: {error}"))
    };

    stage("toolchain", Part::Programs, &build::install)?;
    stage("programs", Part::Programs, &build::programs)?;
    stage("artifacts", Part::Programs, &artifact::check)?;
    stage("lint of the programs", Part::Programs, &lint::all_but_host)?;
    stage("generated files", Part::Programs, &|| generate::run(&["--check".into()]))?;
    stage("plot", Part::Host, &|| plot::run(&["--check".into()]))?;
    stage("build and lint", Part::Host, &|| {
        run::run(lint::linting(cargo().args(["build", "--quiet", "--locked", "--workspace", "--all-targets"]))?)
    })?;
    stage("program's own tests", Part::Programs, &|| {
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
    stage("TypeScript client", Part::TypeScript, &typescript::test)?;
    stage("tests", Part::Host, &|| {
        // A guide's test uses the built client.
        if chosen == Some(Part::Host) {
            typescript::build()?;
        }
        run::run(lint::linting(cargo().args(["test", "--quiet", "--locked", "--workspace"]))?)
    })?;
    stage("model of the vectors", Part::Host, &model)?;
    stage("128-bit arithmetic in the virtual machine", Part::Programs, &|| {
        let test = ["test", "--quiet", "--locked", "--workspace", "--test", "virtual_machine", "--", "--ignored"];
        run::run(lint::linting(cargo().args(test))?)
    })?;
    stage("bench", Part::Host, &|| run::run(lint::linting(&mut bench::command(&["--check".into()]))?))?;
    println!("[{:>4} s] all good", start.elapsed().as_secs());
    Ok(())
}

/// Checks that the committed vectors are what their model computes. Skipped without Python.
fn model() -> Outcome {
    if run::command("python3").arg("--version").output().is_err() {
        println!("notice: without python3 the vectors are not compared with tests/vectors/model.py");
        return Ok(());
    }
    run::run(run::command("python3").args(["tests/vectors/model.py", "--check"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_name_one_part_or_none() {
        let named = |options: &[&str]| Part::named(&options.iter().map(|option| (*option).into()).collect::<Vec<_>>());
        assert_eq!(named(&[]), Ok(None));
        assert_eq!(named(&["programs"]), Ok(Some(Part::Programs)));
        assert_eq!(named(&["host"]), Ok(Some(Part::Host)));
        assert_eq!(named(&["typescript"]), Ok(Some(Part::TypeScript)));
        assert!(named(&["client"]).is_err_and(|error| error.starts_with("`client`: name one part")));
        assert!(named(&["host", "programs"]).is_err());
    }
}
