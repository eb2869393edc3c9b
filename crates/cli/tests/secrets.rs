//! No message of the command shows the key in the URL of a node.

#![allow(clippy::unwrap_used)] // a test ends there

use std::process::Command;

/// Nobody is there.
const KEYED: &str = "http://me:passw0rd@127.0.0.1:1/v2/pathkey-0123?api-key=querykey-4567";

#[test]
fn keys_in_the_url_of_a_node_are_in_no_message() {
    for words in [
        &["show", "pool"][..],
        &["accrue"],
        &["deposit", "1"],
        &["migrate", "--plan", "devnet", "--dry-run"],
        &["deploy", "Cargo.toml"],
    ] {
        // As it is, and without what makes it a URL.
        for url in [KEYED, KEYED.trim_start_matches("http://")] {
            let output =
                Command::new(env!("CARGO_BIN_EXE_backstop")).args(words).args(["--url", url]).output().unwrap();
            let reported = [output.stdout, output.stderr].concat();
            let reported = String::from_utf8_lossy(&reported);
            assert_eq!(output.status.code(), Some(2), "{words:?}: {reported}");
            for key in ["passw0rd", "pathkey-0123", "querykey-4567"] {
                assert!(!reported.contains(key), "{words:?}: {reported}");
            }
        }
    }
}
