//! What the command says when something is not as it should be.

use std::{fs, net::TcpListener, path::Path, process::Command};

use backstop_localnet::Program;

use crate::desk::{Desk, address, amount};

#[test]
fn a_cluster_without_the_program_is_told_apart() {
    let desk = Desk::open("no-program", Program::None);
    let said = desk.refused(2, "alice", &["deposit", "1"]);
    assert!(said.contains("is not on this cluster") && said.contains("--url"), "{said}");
    desk.localnet.stop().unwrap();
}

#[test]
fn what_is_missing_is_named_with_the_command_that_makes_it() {
    let desk = Desk::open("missing", Program::BuiltIn);
    let said = desk.refused(2, "alice", &["deposit", "1"]);
    assert!(said.contains("no market 0") && said.contains("backstop create-market"), "{said}");
    let (guardian, treasury) = (address("guardian"), address("treasury"));
    desk.done("authority", &["create-market", "--guardian", &guardian, "--treasury", &treasury]);
    let said = desk.refused(2, "alice", &["show", "pool"]);
    assert!(said.contains("has no pool yet") && said.contains("backstop create-pool"), "{said}");
    let said = desk.refused(2, "alice", &["create-market", "--guardian", &guardian, "--treasury", &treasury]);
    assert!(said.contains("market 0 is there already"), "{said}");
    desk.localnet.stop().unwrap();
}

#[test]
fn a_pool_refuses_with_the_numbers_that_help() {
    let desk = Desk::with_pool("refusals");
    for (arguments, command) in [
        (&["withdraw", "1"][..], "backstop deposit"),
        (&["claim-recovery"], "backstop deposit"),
        (&["borrow", "1"], "backstop deposit-collateral"),
        (&["repay", "1"], "backstop deposit-collateral"),
        (&["unstake"], "backstop stake"),
        (&["show", "position"], "backstop deposit"),
        (&["execute-change", "5"], "backstop show changes"),
        (&["deposit-collateral", "1", "USDT"], "backstop show collateral"),
        (&["deposit", "1", "--pool", "BONK"], "backstop show pools"),
        (&["unpause", "borrow"], "not paused"),
    ] {
        let said = desk.refused(2, "alice", arguments);
        assert!(said.contains(command), "{arguments:?}: {said}");
    }
    too_little(&desk);
    nobody_to_ask(&desk);
    stale_price(&desk);
    desk.localnet.stop().unwrap();
}

/// Every actor has ten million USDC.
fn too_little(desk: &Desk) {
    let said = desk.refused(2, "alice", &["deposit", "10_000_000.000001"]);
    assert!(said.contains("needs 10,000,000.000001 USDC") && said.contains("holds 10,000,000 USDC"), "{said}");
    let said = desk.refused(2, "alice", &["deposit", "0.0000001"]);
    assert!(said.contains("more than 6 decimal places"), "{said}");
}

/// Without a terminal and without `--yes` the preview is shown and nothing is sent; a dry run asks nothing.
fn nobody_to_ask(desk: &Desk) {
    let asked = desk.run("alice", &["deposit", "5"]);
    assert_eq!(asked.code, 2, "{asked:?}");
    assert!(asked.stdout.contains("you pay") && asked.stdout.contains("5 USDC"), "{asked:?}");
    assert!(asked.stderr.contains("--yes"), "{asked:?}");
    let dry = desk.run("alice", &["deposit", "5", "--dry-run"]);
    assert_eq!(dry.code, 0, "{dry:?}");
    assert!(dry.stdout.contains("Nothing was sent"), "{dry:?}");
    assert!(desk.refused(2, "alice", &["show", "position"]).contains("no LP position"));
}

/// Prices count for a minute.
fn stale_price(desk: &Desk) {
    desk.done("alice", &["deposit", "1000"]);
    desk.done("carol", &["deposit-collateral", "10"]);
    desk.localnet.publish_prices(false).unwrap();
    desk.wait(61);
    let said = desk.refused(1, "carol", &["borrow", "1"]);
    assert!(said.contains("StalePrice") && said.contains("the price of USDC"), "{said}");
    // Leaving and repaying need no price.
    desk.done("alice", &["withdraw", "1"]);
    let carol = desk.show(&["obligation", &address("carol")]);
    assert_eq!(amount(&carol, "/debt"), "0");
    desk.localnet.publish_prices(true).unwrap();
}

#[test]
fn a_node_that_is_not_there_and_a_keypair_that_is_not_there_are_named() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nowhere");
    fs::create_dir_all(&dir).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
        let output = command.args(arguments).env("HOME", &dir).env("XDG_CONFIG_HOME", &dir).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (code, said) = run(&["show", "market", "--url", &format!("http://127.0.0.1:{port}")]);
    assert!(code == Some(2) && said.contains("did not answer"), "{said}");
    let (code, said) = run(&["deposit", "1", "--url", "localhost", "--keypair", "missing.json"]);
    assert!(code == Some(2) && said.contains("missing.json") && said.contains("solana-keygen new"), "{said}");
    let (code, said) = run(&["show", "market", "--url", "example"]);
    assert!(code == Some(2) && said.contains("mainnet-beta, devnet, testnet, localhost"), "{said}");
    let (code, said) = run(&["show", "market", "--config", "missing.yml"]);
    assert!(code == Some(2) && said.contains("missing.yml"), "{said}");
}
