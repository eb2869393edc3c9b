//! The committed program and its manifest: which bytes, from which sources, by which tools.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::repository::root;
use crate::run::{self, Outcome, command};

/// What the program is built from: these files, and these folders with everything git tracks in them. The
/// workspace's own Cargo.toml gives the engine no more than its edition, and changes with every dependency of the
/// host crates, so it is left to the comparison of bytes.
const SOURCES: [&str; 8] = [
    "crates/engine/Cargo.toml",
    "crates/engine/src",
    "programs/backstop/Cargo.toml",
    "programs/backstop/Cargo.lock",
    "programs/backstop/src",
    "toolchain/builtins/Cargo.toml",
    "toolchain/builtins/src",
    "toolchain/sbpf.json",
];

/// The scripts that drive the tools decide about bytes as well.
const SCRIPTS: [&str; 3] = ["toolchain/build.sh", "toolchain/install.sh", "toolchain/linker"];

/// The committed program.
fn program() -> PathBuf {
    root().join("artifacts/backstop.so")
}

fn manifest() -> PathBuf {
    root().join("artifacts/manifest.json")
}

/// Puts a fresh build under `artifacts/`.
pub(crate) fn record(built: &Path) -> Outcome {
    let bytes = run::read(built)?;
    std::fs::create_dir_all(root().join("artifacts")).map_err(|error| format!("cannot make artifacts/: {error}"))?;
    run::write(&program(), &bytes)?;
    let manifest_value = json!({
        "program": { "file": "artifacts/backstop.so", "sha256": hex(&bytes), "size": bytes.len() },
        "sources": { "sha256": sources()?, "files": SOURCES.iter().chain(&SCRIPTS).collect::<Vec<_>>() },
        "tools": tools()?,
    });
    let text = serde_json::to_string_pretty(&manifest_value).map_err(|error| error.to_string())?;
    run::write(&manifest(), format!("{text}\n").as_bytes())?;
    println!("artifacts/backstop.so: {} bytes, SHA-256 {}", bytes.len(), hex(&bytes));
    Ok(())
}

/// Fails if the committed program is not what the sources of this checkout make. Tools of other versions may make
/// other bytes: then a difference is only told.
pub(crate) fn check(built: &Path) -> Outcome {
    let text = run::read(&manifest()).map_err(|error| format!("{error}: run `cargo xtask build`"))?;
    let recorded: Value = serde_json::from_slice(&text).map_err(|error| format!("artifacts/manifest.json: {error}"))?;
    let at = |pointer: &str| recorded.pointer(pointer).cloned().unwrap_or_default();

    if at("/program/sha256") != hex(&run::read(&program())?) {
        return Err("artifacts/backstop.so is not the file its manifest describes: run `cargo xtask build`".into());
    }
    if at("/sources/sha256") != sources()? {
        return Err("the program's sources changed after artifacts/ was made: run `cargo xtask build` and commit \
            artifacts/"
            .into());
    }
    let here = tools()?;
    let same_bytes = at("/program/sha256") == hex(&run::read(built)?);
    match (same_bytes, at("/tools") == here) {
        (true, _) => println!("this machine builds artifacts/backstop.so to the byte"),
        (false, true) => {
            return Err("the same sources and tools made other bytes than artifacts/backstop.so: the build is not \
                reproducible, or the file was not built from this checkout"
                .into());
        }
        (false, false) => println!(
            "notice: other tools than the manifest's, so other bytes are expected\nmanifest: {}\nhere:     {here}",
            at("/tools")
        ),
    }
    Ok(())
}

/// One hash of all the sources: for each file, in the order of its path, the path, a zero byte, the length in
/// eight little-endian bytes, and the contents. Paths are relative to the repository, with forward slashes.
fn sources() -> Outcome<String> {
    let listed = run::output(command("git").args(["ls-files", "-z", "--"]).args(SOURCES).args(SCRIPTS))?;
    let mut paths: Vec<&str> = listed.split('\0').filter(|path| !path.is_empty()).collect();
    paths.sort_unstable();
    paths.dedup();
    let mut hash = Sha256::new();
    for path in paths {
        let contents = run::read(&root().join(path))?;
        hash.update(path.as_bytes());
        hash.update([0]);
        hash.update((contents.len() as u64).to_le_bytes());
        hash.update(contents);
    }
    Ok(format!("{:x}", hash.finalize()))
}

/// The versions of everything that turns sources into bytes.
fn tools() -> Outcome<Value> {
    let printed = run::output(command(root().join("toolchain/build.sh")).arg("--versions"))?;
    let pairs = printed.lines().filter_map(|line| line.split_once('='));
    Ok(Value::Object(pairs.map(|(name, version)| (name.to_owned(), version.into())).collect::<Map<_, _>>()))
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
