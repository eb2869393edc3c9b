//! `cargo xtask generate`: the IDL, and what is generated from it.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use crate::repository::root;
use crate::run::{self, Outcome};
use crate::{client, idl, parameters, typescript};

/// Rebuilds the committed files; with `--check`, fails if that would change one.
pub(crate) fn run(options: &[String]) -> Outcome {
    let check = match options {
        [] => false,
        [option] if option == "--check" => true,
        _ => return Err("`generate` takes no option but --check".into()),
    };
    let idl = idl::build()?;
    let text = serde_json::to_string_pretty(&idl).map_err(|error| error.to_string())?;
    put("idl/backstop.json", &format!("{text}\n"), "generate", check)?;
    for (file, source) in client::render(&idl) {
        put(&format!("crates/client/src/generated/{file}"), &formatted(&source)?, "generate", check)?;
    }
    put("docs/parameters.md", &parameters::render(), "generate", check)?;
    typescript::generate(check)
}

/// Source as `cargo fmt` leaves it.
fn formatted(source: &str) -> Result<String, String> {
    let failed = |error| format!("rustfmt: {error}");
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    if let Some(mut input) = rustfmt.stdin.take() {
        input.write_all(source.as_bytes()).map_err(failed)?;
    }
    let output = rustfmt.wait_with_output().map_err(failed)?;
    if !output.status.success() {
        return Err("rustfmt refused the generated client".into());
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}

/// Writes a file that this task makes, or fails because it is not the committed one.
pub(crate) fn put(path: &str, text: &str, task: &str, check: bool) -> Outcome {
    let file = root().join(path);
    if std::fs::read(&file).is_ok_and(|committed| committed == text.as_bytes()) {
        return Ok(());
    }
    if check {
        return Err(format!("{path} is out of date: run `cargo xtask {task}` and commit it"));
    }
    std::fs::create_dir_all(file.parent().unwrap_or(Path::new("."))).map_err(|error| format!("{path}: {error}"))?;
    run::write(&file, text.as_bytes())?;
    println!("wrote {path}");
    Ok(())
}
