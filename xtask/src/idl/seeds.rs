//! Where accounts are. Anchor tells the seeds of an account where it is created, and the path of a recorded address
//! (`market.authority`), which is none, where another account knows it. Here every account that follows from others of
//! its instruction has its seeds, and an address is an address.

#![allow(clippy::indexing_slicing)] // a missing key of a JSON value reads as null

use serde_json::{Value, json};

use super::{items, name_of};

/// What an account is: its name where it was created (`vault`), and the account that it belongs to (`pool`).
struct Role {
    name: String,
    of: Option<String>,
}

/// Gives accounts their seeds and takes paths out of addresses.
pub(super) fn complete(idl: &mut Value) {
    let mut created: Vec<(String, Value)> = Vec::new();
    for instruction in items(idl, "instructions") {
        let new = items(instruction, "accounts").iter().filter(|account| !account["pda"].is_null());
        created.extend(new.map(|account| (name_of(account), account["pda"]["seeds"].clone())));
    }
    for instruction in items(idl, "instructions") {
        let before = instruction.clone();
        for account in items(instruction, "accounts") {
            let role = role(account);
            if account["pda"].is_null() {
                let seeds = created.iter().filter(|(name, _)| *name == role.name);
                let found = seeds.filter_map(|(_, seeds)| placed(seeds, &role, &before)).next();
                if let Some(seeds) = found {
                    account["pda"] = json!({ "seeds": seeds });
                }
            }
            if account["address"].as_str().is_some_and(|address| address.contains('.')) {
                account.as_object_mut().map(|fields| fields.shift_remove("address"));
            }
        }
    }
}

fn role(account: &Value) -> Role {
    let path = account["address"].as_str().and_then(|address| address.split_once('.'));
    match path {
        Some((of, name)) => Role { name: name.into(), of: Some(of.into()) },
        None => Role { name: name_of(account), of: account["relations"][0].as_str().map(Into::into) },
    }
}

/// The seeds with the names that the accounts have in this instruction, if all of them are there.
fn placed(seeds: &Value, role: &Role, instruction: &Value) -> Option<Vec<Value>> {
    let seeds: Vec<Value> =
        seeds.as_array()?.iter().map(|seed| place(seed, role, instruction)).collect::<Option<_>>()?;
    let owner = role.of.as_ref();
    let belongs = seeds.iter().any(|seed| owner.is_some_and(|owner| seed["path"] == *owner));
    (owner.is_none() || belongs).then_some(seeds)
}

fn place(seed: &Value, role: &Role, instruction: &Value) -> Option<Value> {
    let path = seed["path"].as_str().unwrap_or_default();
    let named = |list: &str| instruction[list].as_array()?.iter().find(|item| item["name"] == path);
    match seed["kind"].as_str()? {
        // A mint is a pool's or a collateral's: only that of the account itself is its seed.
        "account" if path == "mint" => {
            let mut accounts = instruction["accounts"].as_array()?.iter();
            let own = accounts.find(|account| {
                let mint = self::role(account);
                mint.name == "mint" && mint.of.as_ref() == Some(&role.name)
            })?;
            Some(json!({"kind": "account", "path": own["name"]}))
        }
        "account" => named("accounts").filter(|account| account["optional"] != true).map(|_| seed.clone()),
        "arg" => named("args").map(|_| seed.clone()),
        _ => Some(seed.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idl() -> Value {
        let seed = |text: &str| json!({"kind": "const", "value": text.as_bytes()});
        let account = |path: &str| json!({"kind": "account", "path": path});
        let created = |name: &str, seeds: Value| json!({"name": name, "pda": {"seeds": seeds}});
        json!({"instructions": [
            {"name": "create", "accounts": [
                created("pool", json!([seed("pool"), account("market"), account("mint")])),
                created("vault", json!([seed("vault"), account("pool")])),
                created("collateral", json!([seed("collateral"), account("pool"), account("mint")])),
                created("vault", json!([seed("vault"), account("collateral")])),
                created("market", json!([seed("market"), {"kind": "arg", "path": "id"}])),
            ], "args": [{"name": "id"}]},
            {"name": "seize", "accounts": [
                {"name": "market"}, {"name": "pool"}, {"name": "collateral"},
                {"name": "mint", "relations": ["pool"]}, {"name": "collateral_mint", "address": "collateral.mint"},
                {"name": "vault", "relations": ["pool"]}, {"name": "collateral_vault", "address": "collateral.vault"},
                {"name": "token", "address": "11111111111111111111111111111111"},
            ], "args": []},
            {"name": "list", "accounts": [{"name": "market"}, {"name": "pool"}, {"name": "mint"}], "args": []},
        ]})
    }

    fn path(idl: &Value, instruction: usize, account: usize, seed: usize) -> Value {
        idl["instructions"][instruction]["accounts"][account]["pda"]["seeds"][seed]["path"].clone()
    }

    #[test]
    fn accounts_follow_from_others_of_their_instruction() {
        let mut idl = idl();
        complete(&mut idl);
        assert_eq!((path(&idl, 1, 1, 1), path(&idl, 1, 1, 2)), (json!("market"), json!("mint")));
        assert_eq!((path(&idl, 1, 2, 1), path(&idl, 1, 2, 2)), (json!("pool"), json!("collateral_mint")));
        assert_eq!((path(&idl, 1, 5, 1), path(&idl, 1, 6, 1)), (json!("pool"), json!("collateral")));
    }

    #[test]
    fn what_does_not_follow_has_no_seeds() {
        let mut idl = idl();
        complete(&mut idl);
        assert_eq!(path(&idl, 1, 0, 1), Value::Null, "a market's id is no argument here");
        assert_eq!(path(&idl, 2, 1, 2), Value::Null, "the mint is not known to be the pool's");
    }

    #[test]
    fn paths_are_no_addresses() {
        let mut idl = idl();
        complete(&mut idl);
        assert_eq!(idl["instructions"][1]["accounts"][6]["address"], Value::Null);
        assert_eq!(idl["instructions"][1]["accounts"][7]["address"], "11111111111111111111111111111111");
    }
}
