//! A history as a scenario file, which `backstop run` plays.

use std::collections::BTreeSet;

use backstop_client::{CollateralParameters, OracleParameters, Parameter, RiskParameters};
use backstop_testkit::{AS_IN_CALM, CollateralSetup, Network, Setup, TokenSetup};
use backstop_text::Decimal;
use serde_json::{Map, Value, json};

use crate::{
    pool_profile::PoolProfile,
    step::{ALL, Actor, Officer, Step, Token},
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
pub(crate) fn scenario(course: &PoolProfile, name: &str, steps: &[Step], refused: &[Option<String>]) -> Value {
    let writer = Writer { setup: &course.setup };
    let reported: Vec<_> =
        steps.iter().zip(refused).filter_map(|(step, refused)| Some((step, writer.step(step)?, refused))).collect();
    let mut written = introductions(reported.iter().map(|(step, ..)| *step));
    written.extend(reported.into_iter().map(|(_, mut value, refused)| {
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
    let hello = |who| {
        json!({
            "do": "withdraw_collateral", "who": who, "of": "SOL", "amount": "all", "expect": "AmountTooSmall",
        })
    };
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
                "insurance_share_bps": loss.insurance_share_bps, "draw_cap_bps": loss.draw_cap_bps,
                "window_seconds": exit.window_seconds,
                "dust_value": decimal(loss.dust_value, USD_DECIMALS),
                "min_default_age_slots": loss.min_default_age_slots, "hold_seconds": loss.hold_seconds,
            },
            "liquidation": {
                "insurance_cut_bps": terms.insurance_cut_bps, "target_health_bps": terms.target_health_bps,
                "min_debt": decimal(terms.min_debt, decimals),
            },
            "oracle": oracle(liquidity, &parameters.oracle),
            "risk": risk(&parameters.risk),
            "insurance": {
                "cooldown_seconds": insurance.cooldown_seconds,
            },
            "exit_notice_seconds": exit.notice_seconds,
            "breaker": {
                "limit_bps": exit.breaker_limit_bps,
                "notice_seconds": exit.breaker_notice_seconds, "min_losses": decimal(exit.breaker_min_losses, decimals),
            },
        })
    }

    fn collateral(&self, setup: &CollateralSetup) -> Value {
        let (token, parameters): (_, &CollateralParameters) = (&setup.token, &setup.parameters);
        let value = json!({
            "symbol": token.symbol, "decimals": token.decimals, "price": token.price.to_string(),
            "max_ltv_bps": parameters.max_ltv_bps, "stressed_max_ltv_bps": parameters.stressed_max_ltv_bps,
            "liquidation_threshold_bps": parameters.liquidation_threshold_bps,
            "stressed_threshold_bps": parameters.stressed_threshold_bps,
            "bonus_min_bps": parameters.bonus_min_bps, "bonus_max_bps": parameters.bonus_max_bps,
            "stressed_deviation_bps": parameters.stressed_deviation_bps,
            "deposit_cap": decimal(parameters.deposit_cap, token.decimals),
            "oracle": oracle(token, &parameters.oracle),
        });
        without_defaults(value)
    }

    /// The step as it stands in a file; nothing for what a file cannot tell.
    fn step(&self, step: &Step) -> Option<Value> {
        let mut fields = Map::new();
        let mut tell = |key: &str, value: Value| drop(fields.insert(key.into(), value));
        tell("do", step.verb().into());
        if let Some(who) = step.who().map(Actor::name).or(step.officer().map(Officer::name)) {
            tell("who", who.into());
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
            Step::Repay { borrower, assets, .. } => {
                tell("borrower", borrower.name().into());
                tell("amount", amount(assets, usdc));
            }
            Step::Mark { borrower } => tell("borrower", borrower.name().into()),
            Step::ReportPrice { token } => tell("of", token.symbol().into()),
            Step::Record { borrower } => {
                tell("who", Actor::Liz.name().into());
                tell("borrower", borrower.name().into());
            }
            Step::Liquidate { borrower, token, max_repay, .. } => {
                tell("borrower", borrower.name().into());
                tell("of", token.symbol().into());
                tell("amount", amount(max_repay, usdc));
            }
            Step::Wait { seconds } => tell("seconds", seconds.into()),
            Step::Price { token, quote, age } => {
                tell("of", token.symbol().into());
                tell("price", decimal(quote.price, PRICE_DECIMALS));
                tell("confidence", decimal(quote.confidence, PRICE_DECIMALS));
                tell("age_seconds", age.into());
            }
            Step::SecondPrice { token, quote } => {
                tell("of", token.symbol().into());
                tell("feed", "second".into());
                tell("price", decimal(quote.price, PRICE_DECIMALS));
                tell("confidence", decimal(quote.confidence, PRICE_DECIMALS));
            }
            Step::RefreshRisk { token } => tell("of", token.symbol().into()),
            Step::Pause { what, seconds, .. } => {
                tell("what", snake_case(&format!("{what:?}")).into());
                tell("seconds", seconds.into());
            }
            Step::Unpause { what, .. } => tell("what", snake_case(&format!("{what:?}")).into()),
            Step::Tighten { parameter, of, value, .. } => {
                change(parameter, of, value).for_each(|(key, value)| tell(key, value))
            }
            Step::QueueChange { nonce, parameter, of, value, .. } => {
                change(parameter, of, value).for_each(|(key, value)| tell(key, value));
                tell("nonce", nonce.into());
            }
            Step::ExecuteChange { nonce, .. } | Step::CancelChange { nonce, .. } => tell("nonce", nonce.into()),
            Step::CollectReserves { assets, .. } => tell("amount", amount(assets, usdc)),
            Step::Donate { .. } => return None,
            Step::ClaimRecovery { .. }
            | Step::Accrue
            | Step::ExecuteWithdrawal { .. }
            | Step::CollectWithdrawal { .. }
            | Step::ExecuteUnstake { .. }
            | Step::CollectUnstake { .. }
            | Step::ClaimStakeRecovery { .. } => {}
        }
        Some(fields.into())
    }
}

/// A change of a parameter.
fn change(parameter: Parameter, of: Option<Token>, value: u64) -> impl Iterator<Item = (&'static str, Value)> {
    let name = ("parameter", snake_case(&format!("{parameter:?}")).into());
    let of = of.map(|token| ("of", token.symbol().into()));
    [Some(name), of, Some(("value", value.into()))].into_iter().flatten()
}

/// `LikeThis` as `like_this`.
fn snake_case(name: &str) -> String {
    let words = name.char_indices().map(|(index, letter)| {
        let begins = index != 0 && letter.is_ascii_uppercase();
        format!("{}{}", if begins { "_" } else { "" }, letter.to_ascii_lowercase())
    });
    words.collect()
}

fn risk(risk: &RiskParameters) -> Value {
    without_defaults(json!({
        "average_seconds": risk.average_seconds, "max_premium_bps": risk.max_premium_bps,
        "target_coverage_bps": risk.target_coverage_bps,
        "stressed_insurance_factor_bps": risk.stressed_insurance_factor_bps,
        "stressed_insurance_share_bps": risk.stressed_insurance_share_bps,
    }))
}

/// Without what stays at its default, as in calm or without limit.
fn without_defaults(value: Value) -> Value {
    let Value::Object(fields) = value else { return value };
    fields.into_iter().filter(|(_, value)| *value != json!(AS_IN_CALM)).collect::<Map<_, _>>().into()
}

fn oracle(token: &TokenSetup, oracle: &OracleParameters) -> Value {
    let network = |oracle| if oracle == Network::Pyth { "pyth" } else { "switchboard" };
    let mut fields = json!({
        "feed": network(token.feed), "max_age_seconds": oracle.max_age_seconds,
        "max_confidence_bps": oracle.max_confidence_bps, "max_divergence_bps": oracle.max_divergence_bps,
    });
    if let (Some(second), Some(fields)) = (token.second_feed, fields.as_object_mut()) {
        fields.insert("second_feed".into(), network(second).into());
    }
    fields
}
