//! Files with all parameters of a pool or a collateral: lines such as `max_ltv_bps = "75%"` or `max-ltv-bps = "75%"`.

use std::collections::BTreeMap;

use backstop_client::{Collateral, CollateralParameters, Parameter, Pool, PoolParameters};
use backstop_engine::parameter::{Field, Scope};
use solana_address::Address;

use super::{Bytes, ValueError, name, parse, typed};
use crate::{blank::blank, tokens::Token};

/// The key of the line that names the token of a parameters file.
pub const MINT: &str = "mint";

/// A parameters file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file is not a table of names and values.
    #[error("it is not a list of lines such as max_ltv_bps = \"7500\": {0}")]
    Syntax(#[from] toml::de::Error),
    /// A name that is not a parameter, or belongs elsewhere.
    #[error("unknown parameter {0}: `backstop show parameters` prints all parameters of an existing pool")]
    Unknown(String),
    /// Parameters are missing.
    #[error("missing parameters {0}: `backstop show parameters` prints all parameters of an existing pool")]
    Missing(String),
    /// The file is for another token.
    #[error(
        "its line {MINT} names the token {of}, but this is about {symbol}, {mint}: feeds and amounts differ between \
         tokens. Set those \
         of {symbol}, then change the line to {mint}"
    )]
    OtherToken {
        /// The mint in the file.
        of: String,
        /// The symbol of the expected token.
        symbol: String,
        /// The mint of the expected token.
        mint: Address,
    },
    /// An invalid value.
    #[error(transparent)]
    Value(#[from] ValueError),
}

/// The parameters of a scope, in the order of their numbers.
pub fn all_of(scope: Scope) -> impl Iterator<Item = Parameter> {
    Parameter::ALL.iter().copied().filter(move |parameter| parameter.rules().scope() == scope)
}

/// Reads all parameters of a pool that lends `token` from a file.
///
/// # Errors
/// If a parameter is missing, unknown or invalid, or the file is for another token.
pub fn pool_from_file(text: &str, token: &Token) -> Result<PoolParameters, FileError> {
    let mut parameters = blank::<Pool>().parameters;
    for (parameter, value) in from_file(text, Scope::Pool, token)? {
        set(parameters.field(parameter.rules()), &value);
    }
    Ok(parameters)
}

/// Reads all parameters of a collateral from a file.
///
/// # Errors
/// As [`pool_from_file`].
pub fn collateral_from_file(text: &str, token: &Token) -> Result<CollateralParameters, FileError> {
    let mut parameters = blank::<Collateral>().parameters;
    for (parameter, value) in from_file(text, Scope::Collateral, token)? {
        set(parameters.field(parameter.rules()), &value);
    }
    Ok(parameters)
}

/// Stores a value that was parsed for the field, so that it fits.
fn set(field: Option<Field>, value: &Bytes) {
    let _ = field.map(|mut field| field.set(value));
}

fn from_file(text: &str, scope: Scope, token: &Token) -> Result<Vec<(Parameter, Bytes)>, FileError> {
    let mut lines: BTreeMap<String, toml::Value> = toml::from_str(text)?;
    if let Some(of) = lines.remove(MINT) {
        let of = of.as_str().map_or_else(|| of.to_string(), ToOwned::to_owned);
        if of.parse() != Ok(token.mint) {
            return Err(FileError::OtherToken { of, symbol: token.symbol.clone(), mint: token.mint });
        }
    }
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for parameter in all_of(scope) {
        let Some(value) = lines.remove(&name(parameter)).or_else(|| lines.remove(&typed(parameter))) else {
            missing.push(name(parameter));
            continue;
        };
        let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        found.push((parameter, parse(parameter, &text, token.decimals)?));
    }
    if let Some(unknown) = lines.into_keys().next() {
        return Err(FileError::Unknown(unknown));
    }
    if missing.is_empty() { Ok(found) } else { Err(FileError::Missing(missing.join(", "))) }
}

#[cfg(test)]
mod tests {
    use backstop_client::verb;

    use super::*;
    use backstop_engine::parameter::Unit;

    use crate::parameters::{token, value_in_collateral, value_in_pool, written};

    #[test]
    fn no_two_parameters_share_a_place_and_a_file_reads_back() {
        for (scope, decimals) in [(Scope::Pool, 6), (Scope::Collateral, 9)] {
            let values = all_of(scope).zip(1_u64..).map(|(parameter, number)| {
                let value = if parameter.rules().unit() == Unit::Feed {
                    [u8::try_from(number).unwrap(); 32]
                } else {
                    verb::number(number)
                };
                (parameter, value)
            });
            let values: Vec<(Parameter, Bytes)> = values.collect();
            let line = |(parameter, value): &(Parameter, Bytes)| {
                format!("{} = \"{}\"\n", name(*parameter), written(*parameter, value, decimals))
            };
            let text: String = values.iter().map(line).collect();
            let (mut pool, mut collateral) = (blank::<Pool>(), blank::<Collateral>());
            match scope {
                Scope::Pool => pool.parameters = pool_from_file(&text, &token(decimals)).unwrap(),
                _ => collateral.parameters = collateral_from_file(&text, &token(decimals)).unwrap(),
            }
            for (parameter, value) in &values {
                let found = value_in_pool(&pool, *parameter).or_else(|| value_in_collateral(&collateral, *parameter));
                assert_eq!(found, Some(*value), "{parameter:?}");
            }
        }
    }

    #[test]
    fn a_file_that_lacks_or_misspells_a_parameter_is_refused() {
        let missing = collateral_from_file("deposit_cap = \"none\"", &token(9)).unwrap_err().to_string();
        assert!(missing.contains("missing") && missing.contains("max_ltv_bps"), "{missing}");
        let all: String = all_of(Scope::Collateral)
            .map(|parameter| {
                let value = if parameter.rules().unit() == Unit::Feed { "none" } else { "1" };
                format!("{} = \"{value}\"\n", name(parameter))
            })
            .collect();
        assert!(collateral_from_file(&all, &token(9)).is_ok());
        let typed = all.replace("deposit_cap", "deposit-cap");
        assert_eq!(collateral_from_file(&typed, &token(9)).unwrap(), collateral_from_file(&all, &token(9)).unwrap());
        let twice = collateral_from_file(&(typed + "deposit_cap = \"1\"\n"), &token(9)).unwrap_err().to_string();
        assert!(twice.contains("deposit-cap"), "{twice}");
        let unknown = collateral_from_file(&(all + "maxltv = \"1\"\n"), &token(9)).unwrap_err().to_string();
        assert!(unknown.contains("maxltv"), "{unknown}");
        assert!(collateral_from_file("deposit_cap", &token(9)).unwrap_err().to_string().contains("list of lines"));
    }

    #[test]
    fn a_file_of_another_token_is_refused_and_one_that_names_none_is_of_any() {
        let lines: String = all_of(Scope::Pool)
            .map(|parameter| {
                let value = if parameter.rules().unit() == Unit::Feed { "none" } else { "1" };
                format!("{} = \"{value}\"\n", name(parameter))
            })
            .collect();
        let of = |mint: &str| format!("{MINT} = \"{mint}\"\n{lines}");
        let usdc = token(6);
        let sol = Token { symbol: "SOL".into(), mint: Address::new_from_array([9; 32]), decimals: 9 };
        assert_eq!(pool_from_file(&of(&usdc.mint.to_string()), &usdc).unwrap(), pool_from_file(&lines, &usdc).unwrap());
        // Without the line, the file applies to any token.
        assert_eq!(pool_from_file(&lines, &usdc).unwrap().liquidation.min_debt, 1_000_000);
        assert_eq!(pool_from_file(&lines, &sol).unwrap().liquidation.min_debt, 1_000_000_000);
        let said = pool_from_file(&of(&usdc.mint.to_string()), &sol).unwrap_err().to_string();
        let (theirs, own) = (format!("names the token {}", usdc.mint), format!("this is about SOL, {}", sol.mint));
        assert!(said.contains(&theirs) && said.contains(&own), "{said}");
        assert!(pool_from_file(&of("USDC"), &usdc).is_err(), "a symbol is not one token");
    }
}
