//! The guides in `docs/` tell the truth: every command in them runs, in order, and prints what they say it prints.
//!
//! A guide is played as its reader would: in one shell, in the folder of the checkout, with the commands that this
//! workspace builds. What its fences mean:
//!
//! | fence | meaning |
//! | --- | --- |
//! | `sh` | is run; every command in it must succeed |
//! | `sh exit=1` | is run; its last command must end with this code |
//! | `text` after `sh` | is printed by it or in the background; spaces equal line breaks, `...` matches anything |
//! | any language with `file=PATH` | is written to that file |
//! | any language with `from=PATH` | stands in that file of the repository, in the same sense |
//!
//! A block is not run here only if the line above it says which stage of `cargo xtask test` does, and why:
//! ``<!-- stage `programs`: it takes minutes -->``. Anything else is an error, so nothing is left out in silence.
#![allow(missing_docs)]
// Tests compute with plain operators and stop at the first surprise.
#![allow(clippy::arithmetic_side_effects, clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used)]

mod guide;
mod pattern;
mod session;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use guide::{Block, Does};
use pattern::is_in;
use session::Session;

/// All guides use the ports that a reader uses, so they are played one after the other.
static STAGE: Mutex<()> = Mutex::new(());
/// How long anything may take that a guide runs.
const PATIENCE: Duration = Duration::from_secs(60);

const GUIDES: [&str; 5] = ["quickstart", "liquidators", "cpi", "front-ends", "operators"];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().canonicalize().unwrap()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Plays a guide to its end.
fn play(name: &str) {
    let path = format!("docs/{name}.md");
    let blocks = guide::blocks(&read(&repository().join(&path))).unwrap_or_else(|problem| panic!("{path}:{problem}"));
    let stages = read(&repository().join("xtask/src/test.rs"));
    let _alone = alone();
    let mut session = Session::start(&repository(), PATIENCE);
    for Block { line, does } in &blocks {
        let done = match does {
            Does::Run { script, exit } => session.run(script, *exit),
            Does::Print(text) => session.expect(text),
            Does::Write { file, text } => session.write(file, text),
            Does::Quote { file, text } => quoted(&read(&repository().join(file)), text),
            Does::RunElsewhere { stage, why } => {
                println!("{path}:{line} is not run here but in the stage `{stage}`: {why}");
                let known = stages.contains(&format!("stage(\"{stage}\""));
                known.then_some(()).ok_or_else(|| format!("`cargo xtask test` has no stage `{stage}`"))
            }
        };
        done.unwrap_or_else(|problem| panic!("{path}:{line}: {problem}"));
    }
    session.end().unwrap_or_else(|problem| panic!("{path}, after its end: {problem}"));
}

fn alone() -> MutexGuard<'static, ()> {
    STAGE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An excerpt stands in a file.
fn quoted(file: &str, excerpt: &str) -> Result<(), String> {
    if is_in(excerpt, file) { Ok(()) } else { Err(format!("this is not, or no longer, in the file:\n{excerpt}")) }
}

#[test]
fn quickstart_is_true() {
    play("quickstart");
}

#[test]
fn liquidators_is_true() {
    play("liquidators");
}

#[test]
fn cpi_is_true() {
    play("cpi");
}

#[test]
fn front_ends_is_true() {
    let built = repository().join("clients/ts/dist/index.js");
    assert!(built.exists(), "{} is missing: `npm ci` and `npm run build` in clients/ts make it", built.display());
    play("front-ends");
}

#[test]
fn operators_is_true() {
    play("operators");
}

/// The other pages tell how things are, and have no commands.
#[test]
fn every_page_with_commands_is_played() {
    let pages = fs::read_dir(repository().join("docs")).unwrap().map(|page| page.unwrap().path());
    let pages = pages.filter(|page| page.extension().is_some_and(|extension| extension == "md"));
    let with_commands = pages.filter(|page| read(page).lines().any(|line| line.trim_start().starts_with("```sh")));
    let names: BTreeSet<String> =
        with_commands.map(|page| page.file_stem().unwrap().to_str().unwrap().into()).collect();
    assert_eq!(names, GUIDES.map(String::from).into());
}

/// The player itself: what a guide must not do is told.
#[test]
fn what_goes_wrong_is_told() {
    let _alone = alone();
    let start = || Session::start(&repository(), Duration::from_secs(2));

    let mut session = start();
    session.run("VALUE=one\ncd docs\n", 0).unwrap();
    session.run("echo $VALUE $(basename $PWD) $HOME\n", 0).unwrap();
    session.expect("one docs").unwrap();
    assert!(session.expect("two").unwrap_err().contains("this was promised:\ntwo\nand this printed:\none docs"));
    session.run("false\nexit 3\n", 3).unwrap_err();

    let mut session = start();
    assert!(session.run("false\necho on\n", 0).unwrap_err().contains("a command failed"));
    let mut session = start();
    assert!(session.run("true\n", 1).unwrap_err().contains("it ended with 0, not 1"));
    session.run("false\n", 1).unwrap();
    assert!(session.run("sleep 100\n", 0).unwrap_err().contains("it does not end"));

    let mut session = start();
    session.write("page/new.mjs", "1").unwrap();
    assert!(session.write("docs/new.md", "1").unwrap_err().contains("must not write into the repository"));
    session.run("sleep 100 &\n", 0).unwrap();
    assert!(session.end().unwrap_err().contains("still runs"));
}
