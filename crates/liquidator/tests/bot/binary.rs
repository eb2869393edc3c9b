//! The command, as a person meets it.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

const EXAMPLE: &str = include_str!("../../liquidator.example.toml");

/// A folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The example with the keypair of a test, in a file.
fn config(name: &str, text: &str) -> PathBuf {
    let folder = folder(name);
    let keypair = folder.join("keypair.json");
    // A keypair in a file is its 64 bytes: the secret of all sevens, and its public key.
    let key = solana_keypair::Keypair::new_from_array([7; 32]);
    fs::write(&keypair, format!("{:?}", key.to_bytes())).unwrap();
    let path = folder.join("liquidator.toml");
    fs::write(&path, text.replace("~/.config/solana/id.json", keypair.to_str().unwrap())).unwrap();
    path
}

fn run(path: &std::path::Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_backstop-liquidator")).arg("--config").arg(path).args(more).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn check_config_accepts_the_example_and_tells_who_pays() {
    let output = run(&config("accepts", EXAMPLE), &["--check-config"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    // The public key of the secret of all sevens.
    let payer = solana_signer::Signer::pubkey(&solana_keypair::Keypair::new_from_array([7; 32]));
    assert_eq!(text(&output.stdout), format!("the configuration can be used: 1 pool, paid by {payer}\n"));
    let two = format!("{EXAMPLE}\n[[pools]]{}", EXAMPLE.split_once("[[pools]]").unwrap().1).replacen(
        "BPFLoaderUpgradeab1e11111111111111111111111",
        "11111111111111111111111111111111",
        1,
    );
    let output = run(&config("accepts_two", &two), &["--check-config"]);
    assert!(text(&output.stdout).contains(": 2 pools, paid by"), "{}", text(&output.stderr));
}

#[test]
fn unknown_key_fails_and_is_named() {
    let output = run(&config("unknown", &format!("profit = 3\n{EXAMPLE}")), &["--check-config"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("unknown field `profit`"), "{}", text(&output.stderr));
}

#[test]
fn missing_file_and_missing_keypair_say_what_next() {
    let output = run(&folder("missing").join("nothing.toml"), &["--check-config"]);
    assert!(text(&output.stderr).contains("start from liquidator.example.toml"));
    let path = config("keyless", &EXAMPLE.replace("~/.config/solana/id.json", "/nowhere/id.json"));
    let output = run(&path, &["--check-config"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("/nowhere/id.json cannot be read"), "{}", text(&output.stderr));
}

#[test]
fn node_that_does_not_answer_is_an_error_with_its_url() {
    // Port 1 of this machine: nobody listens.
    let path = config("silent", &EXAMPLE.replace("127.0.0.1:8899", "127.0.0.1:1"));
    let output = run(&path, &["--once"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("http://127.0.0.1:1 did not answer"), "{}", text(&output.stderr));
}

#[test]
fn key_in_a_url_is_not_told() {
    let path = config("keyed", &EXAMPLE.replace("127.0.0.1:8899", "127.0.0.1:1/?api-key=0123-4567-89ab"));
    for arguments in [&["--once"][..], &[]] {
        let output = Command::new(env!("CARGO_BIN_EXE_backstop-liquidator"))
            .args(["--log", "json", "--config"])
            .arg(&path)
            .args(arguments)
            .env("RUST_LOG", "trace")
            .output()
            .unwrap();
        let reported = text(&output.stderr) + &text(&output.stdout);
        assert!(reported.contains("127.0.0.1:1/?api-key=***") && !reported.contains("4567"), "{reported}");
    }
}
