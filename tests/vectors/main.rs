//! One set of vectors, computed by an independent model (`model.py`): here in the engine and on the built program, step
//! by step from the same accounts; in TypeScript through the WebAssembly module (`clients/ts/tests/vectors.test.mjs`).
#![allow(missing_docs)]
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used)]

mod engine;
mod fields;
mod fixtures;
mod program;

use std::{collections::BTreeMap, path::Path};

use serde_json::Value;

use crate::fixtures::{Stage, kind, number};

fn read(name: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(name);
    serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap()
}

/// What is told must be among what is expected; numbers of the answer can be strings or not.
fn assert_moved(reported: &Value, expected: &Value, at: &str) {
    let Some(fields) = reported.as_object() else { return };
    for (name, value) in fields {
        let expected = &expected[name];
        match expected {
            Value::Object(_) => assert_moved(value, expected, at),
            Value::Array(items) => {
                let reported = value.as_array().unwrap_or_else(|| panic!("{at}: {name}"));
                assert_eq!(reported.len(), items.len(), "{at}: {name}");
                reported.iter().zip(items).for_each(|(reported, expected)| assert_moved(reported, expected, at));
            }
            Value::String(number) => {
                let reported = value.as_str().map_or_else(|| value.to_string(), Into::into);
                assert_eq!(reported, *number, "{at}: {name}");
            }
            _ => assert!(!expected.is_string(), "{at}: {name}"),
        }
    }
}

fn play(topic: &str) {
    let vectors = read(&format!("{topic}.json"));
    for vector in vectors.as_array().unwrap() {
        let mut stage = Stage::new();
        stage.give(&vector["given"]);
        let mut fields: BTreeMap<String, u128> =
            read("start.json").as_object().unwrap().keys().map(|path| (path.clone(), stage.get(path))).collect();
        for (index, step) in vector["steps"].as_array().unwrap().iter().enumerate() {
            let at = format!("{topic}, {}, step {index}", vector["name"]);
            stage.world.advance(step["seconds"].as_str().map_or(0, |seconds| seconds.parse().unwrap()), 0);
            let previewed = engine::play(&mut stage, step);
            let done = program::play(&mut stage, step);
            if let Some(refused) = step["refused"].as_str() {
                assert_eq!(previewed.err().as_deref(), Some(refused), "{at}, engine");
                assert_eq!(done.err().as_deref(), Some(refused), "{at}, program");
                continue;
            }
            let (moved, after) = previewed.unwrap_or_else(|error| panic!("{at}: the engine refuses with {error}"));
            assert_moved(&moved, &step["moved"], &format!("{at}, engine"));
            let moved = done.unwrap_or_else(|error| panic!("{at}: the program refuses with {error}"));
            assert_moved(&moved, &step["moved"], &format!("{at}, program"));
            let changed = step["after"].as_object().unwrap();
            fields.extend(changed.iter().map(|(path, value)| (path.clone(), number(value))));
            for (path, value) in &fields {
                let (account, field) = path.split_once('.').unwrap();
                assert_eq!(stage.get(path), *value, "{at}, program: {path}");
                if let Some((_, data)) = after.iter().find(|(name, _)| *name == account) {
                    assert_eq!(stage.idl.get(kind(account), field, data), *value, "{at}, engine: {path}");
                }
            }
        }
    }
}

macro_rules! topics {
    ($($topic:ident)*) => {$(
        #[test]
        fn $topic() {
            play(stringify!($topic));
        }
    )*};
}

topics!(deposit withdraw interest borrow repay liquidate mark waterfall claims breaker leaving insurance);

/// Written anew with `BACKSTOP_WRITE_ACCOUNTS=1`.
#[test]
fn committed_accounts_are_those_that_the_program_makes() {
    let reported = Stage::new().reported();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/accounts.json");
    if std::env::var_os("BACKSTOP_WRITE_ACCOUNTS").is_some() {
        std::fs::write(&file, format!("{}\n", serde_json::to_string_pretty(&reported).unwrap())).unwrap();
    }
    assert_eq!(read("accounts.json"), reported, "run this test with BACKSTOP_WRITE_ACCOUNTS=1 and commit the file");
}

#[test]
fn accounts_start_as_the_model_says() {
    let mut stage = Stage::new();
    for (path, value) in read("start.json").as_object().unwrap() {
        assert_eq!(stage.get(path), number(value), "{path}");
    }
}
