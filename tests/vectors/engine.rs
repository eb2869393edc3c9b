//! Steps in the engine: the requests that TypeScript makes, answered by the same code compiled for this machine.

use backstop_client::BackstopError;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value, json};

use crate::fixtures::{COLLATERALS, Stage, collateral_of, loss_of};

/// The accounts after a step, by their names.
pub(crate) type After = Vec<(&'static str, Vec<u8>)>;

/// Previews a step.
pub(crate) fn play(stage: &mut Stage, step: &Value) -> Result<(Value, After), String> {
    let reported = stage.reported();
    let accounts = |name: &str| reported["accounts"][name]["data"].clone();
    let mut call = Map::from_iter([("verb".into(), camel(step["verb"].as_str().unwrap()).into())]);
    for own in own_accounts(step["verb"].as_str().unwrap()) {
        call.insert((*own).into(), accounts(own));
    }
    if ["liquidate", "withdraw_collateral"].map(Value::from).contains(&step["verb"]) {
        call.insert("collateral".into(), reported["accounts"][collateral_of(step)]["address"].clone());
    }
    if let [holder @ ("position" | "stake")] = own_accounts(step["verb"].as_str().unwrap())
        && step["arguments"]["loss"].is_string()
    {
        let claim = stage.claim(holder, loss_of(step));
        call.extend(claim.map(|claim| ("claim".into(), BASE64_STANDARD.encode(claim).into())));
    }
    for (name, value) in step["arguments"].as_object().unwrap() {
        call.insert(camel(name), value.clone());
    }
    let request = json!({
        "version": 1,
        "snapshot": {
            "now": reported["now"], "slot": reported["slot"], "pool": accounts("pool"), "fund": accounts("fund"),
            "book": accounts("book"),
            "price": reported["prices"]["liquidity"],
            "collaterals": COLLATERALS.map(|(name, _)| json!({
                "address": reported["accounts"][name]["address"], "account": accounts(name),
                "price": reported["prices"][name],
            })),
        },
        "call": call,
    });
    let answer: Value = serde_json::from_str(&backstop_wasm::answer(&request.to_string())).unwrap();
    assert_eq!(answer["problem"], Value::Null, "{request}");
    if let Some(code) = answer["refused"].as_u64() {
        let error = BackstopError::ALL.iter().find(|error| u64::from(**error as u32) == code).unwrap();
        return Err(error.name().into());
    }
    let bytes = |value: &Value| BASE64_STANDARD.decode(value.as_str().unwrap()).unwrap();
    let after = &answer["after"];
    let mut accounts = ["pool", "fund", "book"].map(|name| (name, bytes(&after[name]))).to_vec();
    let collaterals = COLLATERALS.into_iter().zip(after["collaterals"].as_array().unwrap());
    accounts.extend(collaterals.map(|((name, _), listed)| (name, bytes(&listed["account"]))));
    accounts.extend(own_accounts(step["verb"].as_str().unwrap()).iter().map(|own| (*own, bytes(&after[own]))));
    Ok((answer["moved"].clone(), accounts))
}

/// The accounts of its caller that a verb takes.
fn own_accounts(verb: &str) -> &'static [&'static str] {
    match verb {
        "accrue" | "fund_insurance" => &[],
        "deposit" | "withdraw" | "request_withdrawal" | "execute_withdrawal" | "collect_withdrawal"
        | "claim_recovery" => &["position"],
        "stake" | "request_unstake" | "execute_unstake" | "collect_unstake" | "claim_stake_recovery" => &["stake"],
        _ => &["obligation"],
    }
}

/// A name as TypeScript writes it.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
}
