//! Help texts, completions and manual pages: there for every command, and every instruction is one.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test ends there

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use backstop_cli::commands::instructions::ROLES;
use backstop_text::kebab_case;

fn printed(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_backstop")).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn names() -> BTreeSet<String> {
    ROLES.iter().map(|(variant, _)| kebab_case(variant)).collect()
}

#[test]
fn every_instruction_of_the_interface_is_a_command() {
    let idl = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../idl/backstop.json")).unwrap();
    let idl: serde_json::Value = serde_json::from_str(&idl).unwrap();
    let instructions = idl["instructions"].as_array().unwrap().iter();
    let instructions: BTreeSet<String> =
        instructions.map(|instruction| instruction["name"].as_str().unwrap().replace('_', "-")).collect();
    // A claim account is opened by the claims of LPs and stakers that need it.
    let without: Vec<String> = instructions.difference(&names()).cloned().collect();
    assert_eq!(without, ["collect", "open-claim"]);
    // Collecting, and extending and trimming a history, have a command for LPs and one for stakers.
    assert_eq!(names().len(), instructions.len() - 1 + 3);
}

#[test]
fn the_help_text_has_every_command_once_under_its_heading() {
    let help = printed(&["--help"]);
    for name in
        names().iter().map(String::as_str).chain(["show", "run", "demo", "localnet", "keygen", "completions", "man"])
    {
        let lines = help.lines().filter(|line| line.trim_start().split(' ').next() == Some(name));
        assert_eq!(lines.count(), 1, "{name}");
    }
    for heading in ["Liquidity providers:", "Borrowers:", "Insurance stakers:", "Authority and guardian:"] {
        assert!(help.contains(heading), "{heading}");
    }
    assert!(help.contains("Exit codes: 0 done;"));
}

#[test]
fn every_command_says_what_it_does_and_takes() {
    for name in names() {
        let help = printed(&[&name, "--help"]);
        let first = help.lines().next().unwrap();
        assert!(first.len() > 10 && !first.ends_with('.'), "{name}: {first}");
        assert!(help.contains("--dry-run") && help.contains("--market"), "{name}");
    }
    for what in ["market", "pools", "pool", "collateral", "position", "obligation", "obligations", "stake", "fund"] {
        printed(&["show", what, "--help"]);
    }
    for what in ["losses", "changes", "change", "parameters"] {
        printed(&["show", what, "--help"]);
    }
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "zsh", "fish"] {
        let script = printed(&["completions", shell]);
        for name in names() {
            assert!(script.contains(&name), "{shell} {name}");
        }
    }
    assert!(printed(&["completions", "bash"]).contains("liquidation-threshold-bps"));
}

#[test]
fn a_reader_of_completions_may_stop_early() {
    let mut running = Command::new(env!("CARGO_BIN_EXE_backstop"))
        .args(["completions", "bash"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // The reader is gone before anything is written, as a rule.
    drop(running.stdout.take());
    assert_eq!(running.wait().unwrap().code(), Some(0));
}

#[test]
fn there_is_a_manual_page_for_every_command() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("man");
    printed(&["man", "--dir", dir.to_str().unwrap()]);
    for name in names() {
        assert!(dir.join(format!("backstop-{name}.1")).exists(), "{name}");
    }
    assert!(printed(&["man"]).contains(".TH backstop 1"));
}
