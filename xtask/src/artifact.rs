//! The committed programs and their manifest: which bytes, from which sources, by which tools.

use std::fmt::Write;
use std::path::PathBuf;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::program::{self, Program};
use crate::repository::root;
use crate::run::{self, Outcome, command};

/// What every program is linked with.
const RUNTIME: [&str; 3] = ["toolchain/builtins/Cargo.toml", "toolchain/builtins/src", "toolchain/sbpf.json"];

/// The scripts that drive the tools decide about bytes as well.
const SCRIPTS: [&str; 4] = ["toolchain/build.sh", "toolchain/install.sh", "toolchain/linker", "toolchain/rustc"];

fn manifest() -> PathBuf {
    root().join("artifacts/manifest.json")
}

/// Puts fresh builds under `artifacts/`.
pub(crate) fn record() -> Outcome {
    std::fs::create_dir_all(root().join("artifacts")).map_err(|error| format!("cannot make artifacts/: {error}"))?;
    let mut programs = Map::new();
    for program in &program::ALL {
        let bytes = run::read(&program.built())?;
        run::write(&root().join(program.committed()), &bytes)?;
        let described = json!({
            "file": program.committed(),
            "sha256": hex(&bytes),
            "size": bytes.len(),
            "sources": { "sha256": hash(program)?, "files": sources(program) },
        });
        programs.insert(program.name.into(), described);
        println!("{}: {} bytes, SHA-256 {}", program.committed(), bytes.len(), hex(&bytes));
    }
    let text = serde_json::to_string_pretty(&json!({ "programs": programs, "tools": tools()? }));
    let text = text.map_err(|error| error.to_string())?;
    run::write(&manifest(), format!("{text}\n").as_bytes())
}

/// Fails if a committed program is not what the sources of this checkout make. Tools of other versions may make other
/// bytes: then nothing can be compared, which is said loudly. The tests run on the committed bytes in any case.
pub(crate) fn check() -> Outcome {
    let text = run::read(&manifest()).map_err(|error| format!("{error}: run `cargo xtask build`"))?;
    let recorded: Value = serde_json::from_slice(&text).map_err(|error| format!("artifacts/manifest.json: {error}"))?;
    let at = |pointer: &str| recorded.pointer(pointer).cloned().unwrap_or_default();
    let (there, here) = (at("/tools"), tools()?);

    for program in &program::ALL {
        let (name, file) = (program.name, program.committed());
        let bytes = at(&format!("/programs/{name}/sha256"));
        if bytes != hex(&run::read(&root().join(&file))?) {
            return Err(format!("{file} is not the file its manifest describes: run `cargo xtask build`"));
        }
        if at(&format!("/programs/{name}/sources/sha256")) != hash(program)? {
            return Err(format!(
                "the sources of {name} changed after {file} was made: run `cargo xtask build` and commit artifacts/"
            ));
        }
        let built = bytes == hex(&run::read(&program.built())?);
        match judged(built, there == here, program.deployed) {
            Verdict::Same => println!("this machine builds {file} to the byte"),
            Verdict::Tolerated => println!("notice: this machine builds {file} with other bytes"),
            Verdict::Other => {
                return Err(format!(
                    "the same sources and tools made other bytes than {file}: the build is not reproducible, or the \
                     file was not built from this checkout"
                ));
            }
            Verdict::NotCompared => println!(
                "WARNING: {file} WAS NOT COMPARED with what its sources make: this machine has other tools than made \
                 it.\nThe tests that follow run on the committed file. Build it with the manifest's tools before you \
                 deploy it.\nmanifest: {there}\nhere:     {here}"
            ),
        }
    }
    Ok(())
}

/// What a build says about the committed file.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// It is that file.
    Same,
    /// It is another, of a program that goes on no cluster.
    Tolerated,
    /// It is another by the same tools.
    Other,
    /// It is another by other tools, which tells nothing.
    NotCompared,
}

const fn judged(same_bytes: bool, same_tools: bool, deployed: bool) -> Verdict {
    match (same_bytes, same_tools, deployed) {
        (true, _, _) => Verdict::Same,
        (false, true, false) => Verdict::Tolerated,
        (false, true, true) => Verdict::Other,
        (false, false, _) => Verdict::NotCompared,
    }
}

/// The files and folders that a program is built from.
fn sources(program: &Program) -> Vec<String> {
    let own = ["Cargo.toml", "src"].map(|name| format!("{}/{name}", program.folder()));
    let own = own.into_iter().chain(["programs/Cargo.toml", "programs/Cargo.lock"].map(Into::into));
    let shared = program.dependencies.iter().chain(&RUNTIME).chain(&SCRIPTS);
    own.into_iter().chain(shared.map(|path| (*path).to_owned())).collect()
}

/// One hash of all the sources of a program: for each file, in the order of its path, the path, a zero byte, the length
/// in eight little-endian bytes, and the contents. Paths are relative to the repository, with forward slashes. A file
/// counts also before git tracks it, so that the hash is the same before and after a commit.
fn hash(program: &Program) -> Outcome<String> {
    let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"];
    let listed = run::output(command("git").args(list).args(sources(program)))?;
    let mut paths: Vec<&str> = listed.split('\0').filter(|path| !path.is_empty()).collect();
    paths.retain(|path| root().join(path).exists());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_tools_make_no_other_file_a_checked_one() {
        for deployed in [true, false] {
            assert_eq!(judged(true, true, deployed), Verdict::Same);
            assert_eq!(judged(true, false, deployed), Verdict::Same);
            assert_eq!(judged(false, false, deployed), Verdict::NotCompared);
        }
        assert_eq!([true, false].map(|deployed| judged(false, true, deployed)), [Verdict::Other, Verdict::Tolerated]);
    }
}
