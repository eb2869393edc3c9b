//! Steps on the built program.

use backstop_client::Event;
use backstop_testkit::Failure;
use serde_json::{Value, json};

use crate::fixtures::{Stage, collateral_of, loss_of, number, symbol};

/// Plays a step: what it moved, as far as balances and events tell, or the error it was refused with.
pub(crate) fn play(stage: &mut Stage, step: &Value) -> Result<Value, String> {
    let verb = step["verb"].as_str().unwrap();
    let argument = |name: &str| u64::try_from(number(&step["arguments"][name])).unwrap();
    let who = match verb {
        "deposit" | "withdraw" | "request_withdrawal" | "execute_withdrawal" | "collect_withdrawal"
        | "claim_recovery" => "alice",
        "stake" | "request_unstake" | "execute_unstake" | "collect_unstake" | "claim_stake_recovery" => "sam",
        "borrow" | "withdraw_collateral" => "bob",
        _ => "liz",
    };
    let pays = ["deposit", "stake", "fund_insurance", "repay", "liquidate"].contains(&verb);
    let world = &mut stage.world;
    let vault = world.key().vault;
    let purse = if pays { u64::MAX - world.balance_at(&vault) } else { 0 };
    world.set_balance(who, "USDC", purse);
    let of = symbol(collateral_of(step));
    world.set_balance(who, of, 0);
    let receipt = match verb {
        "accrue" => world.accrue(),
        "deposit" => world.deposit(who, argument("max_assets")),
        "withdraw" => world.withdraw(who, argument("shares")),
        "request_withdrawal" => world.request_withdrawal(who, argument("shares")),
        "execute_withdrawal" => world.execute_withdrawal(who),
        "collect_withdrawal" => world.collect_withdrawal(who),
        "claim_recovery" => world.claim_recovery(who, loss_of(step)),
        "borrow" => world.borrow(who, argument("assets")),
        "withdraw_collateral" => world.withdraw_collateral(who, of, argument("units")),
        "repay" => world.repay(who, "bob", argument("max_assets")),
        "liquidate" => world.liquidate(who, "bob", of, argument("max_repay")),
        "mark" => world.mark("bob"),
        "record_bad_debt" => world.record_bad_debt("bob"),
        "fund_insurance" => world.fund_insurance(who, argument("assets")),
        "stake" => world.stake(who, argument("max_assets")),
        "request_unstake" => world.request_unstake(who, argument("shares")),
        "execute_unstake" => world.execute_unstake(who),
        "collect_unstake" => world.collect_unstake(who),
        "claim_stake_recovery" => world.claim_stake_recovery(who, loss_of(step)),
        other => panic!("no verb {other}"),
    };
    let receipt = receipt.map_err(|failure: Failure| failure.refusal.name())?;
    let moved = world.balance(who, "USDC").abs_diff(purse).to_string();
    let mut reported = match verb {
        "liquidate" => json!({ "paid": moved, "seized": world.balance(who, of).to_string() }),
        "withdraw_collateral" => json!({ "units": world.balance(who, of).to_string() }),
        _ => json!({ "assets": moved }),
    };
    let mut recovered = Vec::new();
    for event in &receipt.events {
        match event {
            Event::WithdrawalRequested(asked) => {
                reported = json!({ "shares": asked.shares.to_string(), "maturesAt": asked.matures_at.to_string() });
            }
            Event::UnstakeRequested(asked) => {
                reported = json!({
                    "shares": asked.shares.to_string(), "worth": asked.worth.to_string(),
                    "maturesAt": asked.matures_at.to_string(),
                });
            }
            Event::WithdrawalExecuted(left) => {
                reported = json!({ "assets": left.assets.to_string(), "shares": left.shares.to_string() });
            }
            Event::UnstakeExecuted(left) => {
                reported = json!({ "assets": left.assets.to_string(), "shares": left.shares.to_string() });
            }
            Event::StakeRecoveryClaimed(claimed) => reported = json!({ "shares": claimed.shares.to_string() }),
            Event::Recovered(back) => recovered.push(json!({
                "loss": back.loss.to_string(), "assets": back.assets.to_string(), "toLps": back.to_lps.to_string(),
                "toStakers": back.to_stakers.to_string(), "stakeShares": back.stake_shares.to_string(),
                "toProtocol": back.to_protocol.to_string(), "toReserves": back.to_reserves.to_string(),
            })),
            Event::LossRecorded(loss) => {
                reported["loss"] = json!({
                    "loss": loss.loss.to_string(), "fromReserves": loss.from_reserves.to_string(),
                    "fromInsurance": loss.from_insurance.to_string(), "fromStakers": loss.from_stakers.to_string(),
                    "toLps": loss.to_lps.to_string(), "uncovered": loss.uncovered.to_string(),
                    "sharePriceBefore": loss.share_price_before.to_string(),
                    "sharePriceAfter": loss.share_price_after.to_string(),
                });
            }
            _ => {}
        }
    }
    if ["repay", "liquidate"].contains(&verb) {
        reported["recovered"] = Value::Array(recovered);
    }
    Ok(reported)
}
