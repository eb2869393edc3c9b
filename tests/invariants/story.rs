//! A history as a scenario file, which `backstop run` plays.

use std::collections::BTreeSet;

use backstop_client::{CollateralParameters, OracleParameters};
use backstop_testkit::{CollateralSetup, Decimal, Setup};
use serde_json::{Map, Value, json};

use crate::{
    course::Course,
    step::{ALL, Actor, Step, Token},
};

/// Decimals of amounts in USD.
const USD_DECIMALS: u8 = 6;
/// Decimals of all prices.
const PRICE_DECIMALS: u8 = 8;

fn decimal(units: u64, decimals: u8) -> Value {
    Decimal::of_units(units, decimals).to_string().into()
}

fn amount(units: u64, decimals: u8) -> Value {
    if units == ALL { "all".into() } else { decimal(units, decimals) }
}

/// The scenario file of a history. `refused` tells with which error a step was refused, if it was.
pub(crate) fn scenario(course: &Course, name: &str, steps: &[Step], refused: &[Option<String>]) -> Value {
    let writer = Writer { setup: &course.setup };
    // In a file, repaying what was written off recovers it, so a refusal to do so cannot be told.
    let told = steps.iter().zip(refused).filter(|(_, refused)| refused.as_deref() != Some("DebtWrittenOff"));
    let told: Vec<_> = told.filter_map(|(step, refused)| Some((step, writer.step(step)?, refused))).collect();
    let mut written = introductions(told.iter().map(|(step, ..)| *step));
    written.extend(told.into_iter().map(|(_, mut value, refused)| {
        if let (Some(error), Some(object)) = (refused, value.as_object_mut()) {
            object.insert("expect".into(), error.clone().into());
        }
        value
    }));
    json!({
        "name": name,
        "pool": writer.pool(),
        "collaterals": course.setup.collaterals.iter().map(|setup| writer.collateral(setup)).collect::<Vec<_>>(),
        "steps": written,
    })
}

/// A borrower must have acted before: those who have not take nothing out first.
fn introductions<'a>(steps: impl Iterator<Item = &'a Step>) -> Vec<Value> {
    let (mut known, mut strangers) = (BTreeSet::new(), Vec::new());
    for step in steps {
        strangers.extend(step.borrower().map(Actor::name).filter(|borrower| known.insert(*borrower)));
        known.extend(step.who().map(Actor::name));
    }
    let hello = |who| json!({ "do": "withdraw_collateral", "who": who, "of": "SOL", "amount": "all", "expect": "AmountTooSmall" });
    strangers.into_iter().map(hello).collect()
}

struct Writer<'a> {
    setup: &'a Setup,
}

impl Writer<'_> {
    fn decimals(&self, token: Token) -> u8 {
        let collateral = self.setup.collaterals.iter().find(|setup| setup.token.symbol == token.symbol());
        collateral.map_or(self.setup.liquidity.decimals, |setup| setup.token.decimals)
    }

    fn pool(&self) -> Value {
        let (parameters, decimals) = (&self.setup.parameters, self.setup.liquidity.decimals);
        let (rates, loss, terms) = (&parameters.rates, &parameters.loss, &parameters.liquidation);
        let (exit, insurance, liquidity) = (&parameters.exit, &parameters.insurance, &self.setup.liquidity);
        json!({
            "liquidity": { "symbol": liquidity.symbol, "decimals": decimals, "price": liquidity.price.to_string() },
            "rates": {
                "base_bps": rates.base_bps, "slope1_bps": rates.slope1_bps, "kink_bps": rates.kink_bps,
                "slope2_bps": rates.slope2_bps, "reserve_factor_bps": rates.reserve_factor_bps,
                "insurance_factor_bps": rates.insurance_factor_bps,
            },
            "loss": {
                "insurance_share_bps": loss.insurance_share_bps, "event_cap_bps": loss.event_cap_bps,
                "window_cap_bps": loss.window_cap_bps, "window_seconds": loss.window_seconds,
                "dust_value": decimal(loss.dust_value, USD_DECIMALS),
                "min_default_age_slots": loss.min_default_age_slots,
            },
            "liquidation": {
                "bonus_min_bps": terms.bonus_min_bps, "bonus_max_bps": terms.bonus_max_bps,
                "insurance_cut_bps": terms.insurance_cut_bps, "target_health_bps": terms.target_health_bps,
                "full_below_value": decimal(terms.full_below_value, USD_DECIMALS),
                "min_debt": decimal(terms.min_debt, decimals),
            },
            "oracle": oracle(&parameters.oracle),
            "insurance": {
                "cooldown_seconds": insurance.cooldown_seconds, "claim_window_seconds": insurance.claim_window_seconds,
            },
            "exit_notice_seconds": exit.notice_seconds,
            "breaker": {
                "limit_bps": exit.breaker_limit_bps, "window_seconds": exit.breaker_window_seconds,
                "notice_seconds": exit.breaker_notice_seconds, "min_losses": decimal(exit.breaker_min_losses, decimals),
            },
        })
    }

    fn collateral(&self, setup: &CollateralSetup) -> Value {
        let (token, parameters): (_, &CollateralParameters) = (&setup.token, &setup.parameters);
        json!({
            "symbol": token.symbol, "decimals": token.decimals, "price": token.price.to_string(),
            "max_ltv_bps": parameters.max_ltv_bps, "liquidation_threshold_bps": parameters.liquidation_threshold_bps,
            "deposit_cap": decimal(parameters.deposit_cap, token.decimals),
            "scrap": decimal(parameters.scrap_units, token.decimals),
            "oracle": oracle(&parameters.oracle),
        })
    }

    /// The step as it stands in a file; nothing for what a file cannot tell.
    fn step(&self, step: &Step) -> Option<Value> {
        let mut fields = Map::new();
        let mut tell = |key: &str, value: Value| drop(fields.insert(key.into(), value));
        tell("do", step.verb().into());
        if let Some(who) = step.who() {
            tell("who", who.name().into());
        }
        let usdc = self.setup.liquidity.decimals;
        match *step {
            Step::Deposit { assets, .. }
            | Step::Borrow { assets, .. }
            | Step::Fund { assets, .. }
            | Step::Stake { assets, .. } => {
                tell("amount", decimal(assets, usdc));
            }
            Step::Withdraw { shares, .. }
            | Step::RequestWithdrawal { shares, .. }
            | Step::RequestUnstake { shares, .. } => {
                tell("shares", amount(shares, usdc));
            }
            Step::TransferShares { to, shares, .. } => {
                tell("to", to.name().into());
                tell("shares", amount(shares, usdc));
            }
            Step::DepositCollateral { token, units, .. } => {
                tell("of", token.symbol().into());
                tell("amount", decimal(units, self.decimals(token)));
            }
            Step::WithdrawCollateral { token, units, .. } => {
                tell("of", token.symbol().into());
                tell("amount", amount(units, self.decimals(token)));
            }
            Step::Repay { borrower, assets, .. } | Step::Recover { borrower, assets, .. } => {
                tell("borrower", borrower.name().into());
                tell("amount", amount(assets, usdc));
            }
            Step::Provision { borrower } | Step::Record { borrower, .. } => tell("borrower", borrower.name().into()),
            Step::Liquidate { borrower, token, max_repay, .. } => {
                tell("borrower", borrower.name().into());
                tell("of", token.symbol().into());
                tell("amount", amount(max_repay, usdc));
            }
            Step::Wait { seconds } => tell("seconds", seconds.into()),
            Step::Price { token, quote } => {
                tell("of", token.symbol().into());
                tell("price", decimal(quote.price, PRICE_DECIMALS));
                tell("confidence", decimal(quote.confidence, PRICE_DECIMALS));
            }
            Step::Donate { .. } => return None,
            Step::ClaimRecovery { .. }
            | Step::Accrue
            | Step::CancelUnstake { .. }
            | Step::Unstake { .. }
            | Step::ClaimStakeRecovery { .. } => {}
        }
        Some(fields.into())
    }
}

fn oracle(oracle: &OracleParameters) -> Value {
    json!({ "max_age_seconds": oracle.max_age_seconds, "max_confidence_bps": oracle.max_confidence_bps })
}
