//! `cargo xtask program-id <keypair.json | address>`: Backstop at another address.
//!
//! The address stands in the program's source and in Anchor.toml; guides name it, and the pool of the local plan, which
//! is derived from it. All else is generated from the program: the IDL, the clients, the programs that import the IDL.

use std::path::{Path, PathBuf};

use solana_address::{Address, address};

use crate::repository::{programs, root};
use crate::run::{self, Outcome};
use crate::{build, generate};

/// Who creates the local plan's market.
const LOCAL_AUTHORITY: Address = address!("HkHQ68dU5ZXHEch8M2LnCP5YmuvwC68AarZ3BzyZZQjc");
/// The mint of its pool.
const LOCAL_USDC: Address = address!("HwrboLdsGzB3cvFCZrnVURM7Hv9x4WcgLovRUgLofEjp");

/// Gives the program another address, and rebuilds what is generated and built from it.
pub(crate) fn run(options: &[String]) -> Outcome {
    let [argument] = options else {
        return Err("`program-id` takes one thing: the program's keypair file, or its address".into());
    };
    let new = named(argument)?;
    let [source, settings] = places();
    let old = declared(&text(&source)?)?;
    if old == new {
        println!("{new} is the program's address already");
        return Ok(());
    }
    for file in [&source, &settings] {
        let replaced = replace(&text(file)?, &old, &new).ok_or_else(|| {
            format!("{} does not name {old}: put the old address back, then try again", file.display())
        })?;
        run::write(file, replaced.as_bytes())?;
    }
    for file in guides()? {
        let before = text(&file)?;
        let with_pool = replace(&before, &local_pool(&old), &local_pool(&new)).unwrap_or_else(|| before.clone());
        let after = replace(&with_pool, &old, &new).unwrap_or(with_pool);
        if after != before {
            run::write(&file, after.as_bytes())?;
        }
    }
    generate::run(&[])?;
    build::run()?;
    println!("{new} is the program's address now. Commit what changed; deploy with the keypair of that address.");
    Ok(())
}

/// The files in which the address is written by hand.
fn places() -> [PathBuf; 2] {
    [programs().join("backstop/src/lib.rs"), root().join("Anchor.toml")]
}

/// What people read.
fn guides() -> Outcome<Vec<PathBuf>> {
    let folder = root().join("docs");
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut guides: Vec<_> = files.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect();
    guides.push(root().join("toolchain/README.md"));
    Ok(guides)
}

/// Where the pool of the local plan is, of a program at this address.
fn local_pool(program: &Address) -> Address {
    let derived = |seeds: &[&[u8]]| Address::find_program_address(seeds, program).0;
    let market = derived(&[b"market", LOCAL_AUTHORITY.as_ref(), &0_u64.to_le_bytes()]);
    derived(&[b"pool", market.as_ref(), LOCAL_USDC.as_ref()])
}

fn text(file: &Path) -> Outcome<String> {
    String::from_utf8(run::read(file)?).map_err(|error| format!("{} is no text: {error}", file.display()))
}

/// The address in a keypair file as the Solana tools write it, or the address itself.
fn named(argument: &str) -> Outcome<Address> {
    if let Ok(address) = argument.parse() {
        return Ok(address);
    }
    let contents = std::fs::read(argument)
        .map_err(|error| format!("`{argument}` is neither an address nor a file that can be read: {error}"))?;
    let bytes: Vec<u8> = serde_json::from_slice(&contents)
        .map_err(|error| format!("{argument} is no keypair, which is a list of 64 bytes: {error}"))?;
    match (bytes.len(), bytes.last_chunk::<32>()) {
        (64, Some(public)) => Ok((*public).into()),
        (length, _) => Err(format!("{argument} is no keypair: it has {length} bytes, not 64")),
    }
}

/// The address in the program's source.
fn declared(source: &str) -> Outcome<Address> {
    let quoted = source.split_once("declare_id!(\"").and_then(|(_, rest)| rest.split_once('"'));
    let address = quoted.and_then(|(address, _)| address.parse().ok());
    address.ok_or_else(|| "the program's lib.rs declares no address: it must say declare_id!(\"...\")".into())
}

/// The text with the new address; nothing if it does not name the old one.
fn replace(text: &str, old: &Address, new: &Address) -> Option<String> {
    let old = old.to_string();
    text.contains(&old).then(|| text.replace(&old, &new.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SYSTEM: &str = "11111111111111111111111111111111";

    #[test]
    fn takes_an_address() {
        assert_eq!(named(SYSTEM), Ok(Address::default()));
    }

    #[test]
    fn takes_the_public_half_of_a_keypair() {
        // 32 ones, the private half, and 32 zeros, which are the system program's address.
        let file = std::env::temp_dir().join(format!("keypair-{}.json", std::process::id()));
        let bytes: Vec<u8> = [vec![1; 32], vec![0; 32]].concat();
        std::fs::write(&file, serde_json::to_vec(&bytes).unwrap()).unwrap();
        assert_eq!(named(file.to_str().unwrap()), Ok(Address::default()));
        std::fs::write(&file, "[1, 2, 3]").unwrap();
        assert!(named(file.to_str().unwrap()).unwrap_err().ends_with("is no keypair: it has 3 bytes, not 64"));
        std::fs::write(&file, "{}").unwrap();
        assert!(named(file.to_str().unwrap()).unwrap_err().contains("a list of 64 bytes"));
        std::fs::remove_file(file).unwrap();
    }

    #[test]
    fn refuses_what_is_neither() {
        assert!(named("nowhere/id.json").unwrap_err().contains("neither an address nor a file"));
    }

    #[test]
    fn both_places_name_the_address() {
        let [source, settings] = places().map(|file| text(&file).unwrap());
        let (old, new) = (declared(&source).unwrap(), Address::default());
        for file in [source, settings] {
            let replaced = replace(&file, &old, &new).unwrap();
            assert!(replaced.contains(&format!("\"{new}\"")) && !replaced.contains(&old.to_string()));
            assert_eq!(replace(&replaced, &old, &new), None);
        }
    }
    #[test]
    fn guides_name_the_local_plans_pool() {
        let [source, _] = places();
        let pool = local_pool(&declared(&text(&source).unwrap()).unwrap()).to_string();
        assert!(text(&root().join("docs/liquidators.md")).unwrap().contains(&format!("address = \"{pool}\"")));
        let plan = text(&root().join("migrations/plans/localnet.toml")).unwrap();
        assert!(plan.contains(&format!("id = 0\nauthority = \"{LOCAL_AUTHORITY}\"")));
        assert!(plan.contains(&format!("[tokens.USDC]\nmint = \"{LOCAL_USDC}\"")));
    }
}
