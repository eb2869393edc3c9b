//! `backstop keygen` as it is typed.
// Helpers of tests may stop at the first surprise, as tests may.
#![allow(missing_docs, clippy::indexing_slicing, clippy::unwrap_used)]
#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use solana_keypair::{Keypair, read_keypair_file};
use solana_signer::Signer;

/// An empty folder of a test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("keygen").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn backstop(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    command.args(arguments).current_dir(folder).env("HOME", folder).env("XDG_CONFIG_HOME", folder);
    command.env_remove("BACKSTOP_URL").env_remove("BACKSTOP_KEYPAIR").output().unwrap()
}

fn reported(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_new_keypair_is_what_solanas_tools_read_and_only_its_owner_can() {
    let folder = folder("new");
    let output = backstop(&folder, &["keygen", "--outfile", "keys/mine.json"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let file = folder.join("keys/mine.json");
    let keypair = read_keypair_file(&file).unwrap();
    let (said, _) = reported(&output);
    assert!(said.contains(&keypair.pubkey().to_string()) && said.contains("keys/mine.json"), "{said}");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    // One array of 64 bytes, the address last.
    let bytes: Vec<u8> = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!((bytes.len(), &bytes[32..]), (64, keypair.pubkey().as_ref()));
}

#[test]
fn without_a_file_it_goes_where_commands_look_for_it() {
    let folder = folder("default");
    let output = backstop(&folder, &["keygen", "--keypair", "id.json", "--output", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let keypair = read_keypair_file(folder.join("id.json")).unwrap();
    assert_eq!((&json["address"], &json["keypair"]), (&keypair.pubkey().to_string().into(), &"id.json".into()));
}

#[test]
fn what_is_there_is_lost_only_by_force() {
    let folder = folder("force");
    let file = folder.join("mine.json");
    fs::write(&file, "something dear").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let output = backstop(&folder, &["keygen", "--outfile", "mine.json"]);
    let (_, said) = reported(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("mine.json already exists") && said.contains("--force"), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "something dear");
    let output = backstop(&folder, &["keygen", "--outfile", "mine.json", "--force"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    read_keypair_file(&file).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let folder = folder("unwritable");
    fs::write(folder.join("file"), "").unwrap();
    let output = backstop(&folder, &["keygen", "--outfile", "file/mine.json"]);
    let (_, said) = reported(&output);
    assert!(output.status.code() == Some(2) && said.contains("file/mine.json cannot be written"), "{said}");
}

/// Where an address is asked for, a keypair file does as well; anything else is told.
#[test]
fn a_keypair_file_stands_for_its_address() {
    let folder = folder("address");
    let keypair = Keypair::new();
    fs::write(folder.join("bob.json"), serde_json::to_string(keypair.to_bytes().as_slice()).unwrap()).unwrap();
    // Nobody listens there, so an address that was understood ends at the node.
    let show =
        |owner: &str| reported(&backstop(&folder, &["show", "position", owner, "--url", "http://127.0.0.1:1"])).1;
    assert!(show("bob.json").contains("did not answer"), "{}", show("bob.json"));
    assert!(show(&keypair.pubkey().to_string()).contains("did not answer"));
    let said = show("bob");
    assert!(said.contains("'bob'") && said.contains("an address") && said.contains("keypair file"), "{said}");
}
