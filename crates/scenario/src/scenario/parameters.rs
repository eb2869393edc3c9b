//! The setup of a scenario. Every key defaults to its value in [`Setup::default`].

use backstop_client::{CollateralParameters, OracleParameters, PoolParameters, RiskParameters};
use backstop_engine::bounds::NOTICE_SECONDS;
use backstop_testkit::{CollateralSetup, Network, Setup, TokenSetup};
use backstop_text::Decimal;
use serde_json::Value;

use super::{Kind, Problem, fields::Fields, is_name};

/// Decimals of amounts in USD that the program stores: micro-dollars.
const USD_DECIMALS: u8 = 6;
/// The maximum decimals of a token.
const MAX_DECIMALS: u8 = 18;
/// Reserved names: they appear beside token symbols in the report.
const RESERVED: [&str; 9] = [
    "shares",
    "share_value",
    "claimable",
    "stake_shares",
    "stake_value",
    "stake_claimable",
    "debt",
    "marked",
    "collateral",
];

/// Reads `pool` and `collaterals`. Collects unknown keys in `problems`. Any other mistake is an error.
pub(super) fn setup(scenario: &mut Fields, problems: &mut Vec<Problem>) -> Result<Setup, Problem> {
    let mut setup = Setup::default();
    let mut pool = scenario.object("pool")?;
    let mut liquidity = pool.object("liquidity")?;
    token(&mut liquidity, &mut setup.liquidity)?;
    problems.extend(liquidity.unknown());
    parameters(&mut pool, setup.liquidity.decimals, &mut setup.parameters, problems)?;
    oracle(&mut pool, &mut setup.liquidity, &mut setup.parameters.oracle, problems)?;
    leaving(&mut pool, setup.liquidity.decimals, &mut setup.parameters, problems)?;
    risk(&mut pool, &mut setup.parameters.risk, problems)?;
    setup.initial_donation =
        pool.units("initial_donation", setup.liquidity.decimals)?.unwrap_or(setup.initial_donation);
    problems.extend(pool.unknown());

    match scenario.value("collaterals") {
        None => {}
        Some(Value::Array(list)) => {
            let read = |(index, value)| collateral(index, value, problems);
            setup.collaterals = list.iter().enumerate().map(read).collect::<Result<_, _>>()?;
        }
        Some(_) => return Err(Problem::new(Kind::InvalidValue, "collaterals", "must be an array of collaterals")),
    }
    distinct(&setup)?;
    Ok(setup)
}

/// Overwrites a token's symbol, decimals and price.
fn token(fields: &mut Fields, token: &mut TokenSetup) -> Result<(), Problem> {
    if let Some(symbol) = fields.text("symbol")? {
        if !is_name(symbol) || RESERVED.contains(&symbol) {
            let message = format!("a token cannot be called \"{symbol}\"");
            return Err(Problem::new(Kind::InvalidValue, fields.place("symbol"), message));
        }
        token.symbol = symbol.into();
    }
    fields.set("decimals", &mut token.decimals)?;
    if token.decimals > MAX_DECIMALS {
        let message = format!("must be at most {MAX_DECIMALS}");
        return Err(Problem::new(Kind::InvalidValue, fields.place("decimals"), message));
    }
    if let Some(price) = fields.decimal("price")? {
        let quote = price.quote(&Decimal { digits: 0, places: 0 });
        quote.map_err(|message| Problem::new(Kind::InvalidValue, fields.place("price"), message))?;
        token.price = price;
    }
    Ok(())
}

fn parameters(
    pool: &mut Fields,
    decimals: u8,
    parameters: &mut PoolParameters,
    problems: &mut Vec<Problem>,
) -> Result<(), Problem> {
    let mut fields = pool.object("rates")?;
    let rates = &mut parameters.rates;
    fields.set("base_bps", &mut rates.base_bps)?;
    fields.set("slope1_bps", &mut rates.slope1_bps)?;
    fields.set("kink_bps", &mut rates.kink_bps)?;
    fields.set("slope2_bps", &mut rates.slope2_bps)?;
    fields.set("reserve_factor_bps", &mut rates.reserve_factor_bps)?;
    fields.set("insurance_factor_bps", &mut rates.insurance_factor_bps)?;
    problems.extend(fields.unknown());

    let mut fields = pool.object("loss")?;
    let loss = &mut parameters.loss;
    fields.set("insurance_share_bps", &mut loss.insurance_share_bps)?;
    fields.set("draw_cap_bps", &mut loss.draw_cap_bps)?;
    fields.set("window_seconds", &mut parameters.exit.window_seconds)?;
    fields.set("min_default_age_slots", &mut loss.min_default_age_slots)?;
    fields.set("hold_seconds", &mut loss.hold_seconds)?;
    loss.dust_value = fields.units("dust_value", USD_DECIMALS)?.unwrap_or(loss.dust_value);
    problems.extend(fields.unknown());

    let mut fields = pool.object("liquidation")?;
    let liquidation = &mut parameters.liquidation;
    fields.set("insurance_cut_bps", &mut liquidation.insurance_cut_bps)?;
    fields.set("target_health_bps", &mut liquidation.target_health_bps)?;
    liquidation.min_debt = fields.units("min_debt", decimals)?.unwrap_or(liquidation.min_debt);
    problems.extend(fields.unknown());
    Ok(())
}

/// Reads the oracles of a token, and the limits of its price.
fn oracle(
    parent: &mut Fields,
    token: &mut TokenSetup,
    oracle: &mut OracleParameters,
    problems: &mut Vec<Problem>,
) -> Result<(), Problem> {
    let mut fields = parent.object("oracle")?;
    token.feed = network(&mut fields, "feed")?.unwrap_or(token.feed);
    token.second_feed = network(&mut fields, "second_feed")?;
    fields.set("max_age_seconds", &mut oracle.max_age_seconds)?;
    fields.set("max_confidence_bps", &mut oracle.max_confidence_bps)?;
    fields.set("max_divergence_bps", &mut oracle.max_divergence_bps)?;
    problems.extend(fields.unknown());
    Ok(())
}

fn network(fields: &mut Fields, key: &'static str) -> Result<Option<Network>, Problem> {
    match fields.text(key)? {
        None => Ok(None),
        Some("pyth") => Ok(Some(Network::Pyth)),
        Some("switchboard") => Ok(Some(Network::Switchboard)),
        Some(_) => {
            let message = "must be \"pyth\" or \"switchboard\"";
            Err(Problem::new(Kind::InvalidValue, fields.place(key), message))
        }
    }
}

/// Reads how limits and the insurance parameters move with risk.
fn risk(pool: &mut Fields, risk: &mut RiskParameters, problems: &mut Vec<Problem>) -> Result<(), Problem> {
    let mut fields = pool.object("risk")?;
    fields.set("average_seconds", &mut risk.average_seconds)?;
    fields.set("max_premium_bps", &mut risk.max_premium_bps)?;
    fields.set("target_coverage_bps", &mut risk.target_coverage_bps)?;
    fields.set("stressed_insurance_factor_bps", &mut risk.stressed_insurance_factor_bps)?;
    fields.set("stressed_insurance_share_bps", &mut risk.stressed_insurance_share_bps)?;
    problems.extend(fields.unknown());
    Ok(())
}

/// Reads caps, exits and the loss breaker.
fn leaving(
    pool: &mut Fields,
    decimals: u8,
    parameters: &mut PoolParameters,
    problems: &mut Vec<Problem>,
) -> Result<(), Problem> {
    let mut fields = pool.object("insurance")?;
    fields.set("cooldown_seconds", &mut parameters.insurance.cooldown_seconds)?;
    problems.extend(fields.unknown());

    let caps = &mut parameters.caps;
    caps.pool_deposit_cap = pool.units("deposit_cap", decimals)?.unwrap_or(caps.pool_deposit_cap);
    caps.borrow_cap = pool.units("borrow_cap", decimals)?.unwrap_or(caps.borrow_cap);
    let exit = &mut parameters.exit;
    notice(pool, "exit_notice_seconds", &mut exit.notice_seconds)?;
    let mut fields = pool.object("breaker")?;
    fields.set("limit_bps", &mut exit.breaker_limit_bps)?;
    notice(&mut fields, "notice_seconds", &mut exit.breaker_notice_seconds)?;
    exit.breaker_min_losses = fields.units("min_losses", decimals)?.unwrap_or(exit.breaker_min_losses);
    problems.extend(fields.unknown());
    Ok(())
}

fn notice(fields: &mut Fields, key: &'static str, seconds: &mut u32) -> Result<(), Problem> {
    fields.set(key, seconds)?;
    if u64::from(*seconds) > NOTICE_SECONDS.most {
        let message = format!("must be at most {}, a day", NOTICE_SECONDS.most);
        return Err(Problem::new(Kind::InvalidValue, fields.place(key), message));
    }
    Ok(())
}

/// Reads a collateral. It defaults to SOL, with nine decimals, at 30 USD.
fn collateral(index: usize, value: &Value, problems: &mut Vec<Problem>) -> Result<CollateralSetup, Problem> {
    let mut fields = Fields::of(format!("collaterals[{index}]"), value)?;
    let mut setup = CollateralSetup::new("SOL", 9, 30);
    token(&mut fields, &mut setup.token)?;
    let parameters: &mut CollateralParameters = &mut setup.parameters;
    fields.set("max_ltv_bps", &mut parameters.max_ltv_bps)?;
    fields.set("stressed_max_ltv_bps", &mut parameters.stressed_max_ltv_bps)?;
    fields.set("liquidation_threshold_bps", &mut parameters.liquidation_threshold_bps)?;
    fields.set("stressed_threshold_bps", &mut parameters.stressed_threshold_bps)?;
    fields.set("bonus_min_bps", &mut parameters.bonus_min_bps)?;
    fields.set("bonus_max_bps", &mut parameters.bonus_max_bps)?;
    fields.set("stressed_deviation_bps", &mut parameters.stressed_deviation_bps)?;
    let cap = fields.units("deposit_cap", setup.token.decimals)?;
    parameters.deposit_cap = cap.unwrap_or(parameters.deposit_cap);
    oracle(&mut fields, &mut setup.token, &mut parameters.oracle, problems)?;
    problems.extend(fields.unknown());
    Ok(setup)
}

fn distinct(setup: &Setup) -> Result<(), Problem> {
    let mut seen = vec![&setup.liquidity.symbol];
    for (index, collateral) in setup.collaterals.iter().enumerate() {
        let symbol = &collateral.token.symbol;
        if seen.contains(&symbol) {
            let place = format!("collaterals[{index}].symbol");
            return Err(Problem::new(Kind::InvalidValue, place, format!("another token is already called {symbol}")));
        }
        seen.push(symbol);
    }
    Ok(())
}
