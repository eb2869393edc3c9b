//! The threat model names tests and scenarios: they are there.

use std::{fs, path::PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The text between backticks, everywhere.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The source of a module of `tests/instructions`, in a file or a folder of its name.
fn module(name: &str) -> Option<String> {
    let base = root().join("tests/instructions");
    if let Ok(text) = fs::read_to_string(base.join(format!("{name}.rs"))) {
        return Some(text);
    }
    let files = fs::read_dir(base.join(name)).ok()?;
    Some(files.flatten().filter_map(|file| fs::read_to_string(file.path()).ok()).collect())
}

#[test]
fn every_test_that_the_threat_model_names_exists() {
    let text = fs::read_to_string(root().join("docs/threat-model.md")).unwrap();
    let mut named = 0;
    for name in quoted(&text).filter(|name| *name != "module::test") {
        if let Some((in_module, test)) =
            name.split_once("::").filter(|(crate_name, _)| *crate_name != "backstop_client")
        {
            let source = module(in_module).unwrap_or_else(|| panic!("there is no module {in_module}"));
            assert!(source.contains(&format!("#[test]\nfn {test}()")), "{in_module} has no test {test}");
            named += 1;
        }
        if name.contains('/') {
            assert!(root().join(name).exists(), "there is no {name}");
            named += 1;
        }
    }
    assert!(named > 60, "only {named} tests and scenarios are named");
}
