//! The TypeScript client: what is generated of it, and its tests. It needs Node 20 or later and npm.

use std::path::{Path, PathBuf};
use std::process::Command;

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::repository::root;
use crate::run::{self, Outcome, cargo, command};
use crate::{build, generate, lint, wasm};

const CLIENT: &str = "clients/ts";
const GENERATED: &str = "clients/ts/src/generated";
const MODULE: &str = "clients/ts/src/engine/module.ts";

/// Makes the client's generated files from the IDL, and the engine's module from the engine.
pub(crate) fn generate(check: bool) -> Outcome {
    install()?;
    let made = root().join("target/typescript");
    run::run(client("node").arg("generate.mjs").arg(&made))?;
    for file in files(&made)? {
        let text = String::from_utf8_lossy(&run::read(&made.join(&file))?).into_owned();
        generate::put(&format!("{GENERATED}/{}", file.display()), &text, "generate", check)?;
    }
    for file in files(&root().join(GENERATED))? {
        let stale = root().join(GENERATED).join(&file);
        if !made.join(&file).exists() {
            match check {
                true => return Err(format!("{} is made from nothing: run `cargo xtask generate`", stale.display())),
                false => std::fs::remove_file(&stale).map_err(|error| format!("{}: {error}", stale.display()))?,
            }
        }
    }
    build::install()?;
    module(check)
}

/// Puts the engine's module in place. Tools of other versions may make other bytes: then a difference is only told.
fn module(check: bool) -> Outcome {
    let tools = wasm::tools()?;
    let committed = std::fs::read_to_string(root().join(MODULE)).unwrap_or_default();
    if check && !committed.contains(&tools) {
        println!("notice: {MODULE} was made by other tools than this machine's, {tools}: other bytes are expected");
        return Ok(());
    }
    let encoded = BASE64_STANDARD.encode(wasm::build()?);
    let text = format!(
        "// Made from crates/wasm by `cargo xtask generate`. Do not edit.\n// {tools}\n\
         /** The engine as WebAssembly, in base64. */\nexport const MODULE =\n    '{encoded}';\n"
    );
    generate::put(MODULE, &text, "generate", check)
}

/// Builds the client.
pub(crate) fn build() -> Outcome {
    install()?;
    run::run(client("npm").args(["run", "build", "--silent"]))
}

/// Runs the client's tests, on a local cluster where they need one.
pub(crate) fn test() -> Outcome {
    install()?;
    run::run(lint::linting(cargo().args(["build", "--quiet", "--locked", "--workspace", "--bin", "backstop"]))?)?;
    run::run(client("npm").args(["test", "--silent"]).env("BACKSTOP_BINARY", root().join("target/debug/backstop")))
}

/// All files under a folder, by their paths from there.
fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(directory) = open.pop() {
        let path = folder.join(&directory);
        let entries = std::fs::read_dir(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        for entry in entries.flatten() {
            let name = directory.join(entry.file_name());
            if entry.path().is_dir() { open.push(name) } else { found.push(name) }
        }
    }
    found.sort();
    Ok(found)
}

/// Installs the packages of the lock file, unless they are there.
fn install() -> Outcome {
    let (lock, installed) = (folder().join("package-lock.json"), folder().join("node_modules/.installed"));
    let wanted = run::read(&lock)?;
    if std::fs::read(&installed).is_ok_and(|there| there == wanted) {
        return Ok(());
    }
    run::run(client("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]))
        .map_err(|error| format!("{error}: Node 20 or later and npm are needed"))?;
    run::write(&installed, &wanted)
}

fn folder() -> PathBuf {
    root().join(CLIENT)
}

fn client(program: &str) -> Command {
    let mut command = command(program);
    command.current_dir(folder());
    command
}
