//! All parameters of a pool or a collateral in a file: lines such as `max_ltv_bps = "75%"`, or with names as they are typed.

use std::collections::BTreeMap;

use backstop_client::{Collateral, CollateralParameters, Parameter, Pool, PoolParameters};
use backstop_engine::governance::Scope;

use super::{
    Bytes, ValueError, name, parse,
    places::{of_collateral, of_pool},
    typed,
};
use crate::blank::blank;

/// A file of parameters that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is no table of names and values.
    #[error("it is not a list of lines such as max_ltv_bps = \"7500\": {0}")]
    Syntax(#[from] toml::de::Error),
    /// A name that is not a parameter's, or of something else.
    #[error("there is no parameter {0} here; `backstop show parameters` prints all of a pool that exists")]
    Unknown(String),
    /// Parameters are missing.
    #[error("these parameters are missing: {0}; `backstop show parameters` prints all of a pool that exists")]
    Missing(String),
    /// A value is wrong.
    #[error(transparent)]
    Value(#[from] ValueError),
}

/// The parameters of a scope, in the order of their numbers.
pub fn all_of(scope: Scope) -> impl Iterator<Item = Parameter> {
    Parameter::ALL.iter().copied().filter(move |parameter| parameter.rules().scope() == scope)
}

/// All of a pool's parameters, out of a file.
///
/// # Errors
/// If one is missing, unknown or wrong.
pub fn pool_from_file(text: &str, decimals: u8) -> Result<PoolParameters, FileError> {
    let mut parameters = blank::<Pool>().parameters;
    for (parameter, value) in from_file(text, Scope::Pool, decimals)? {
        if let Some(mut field) = of_pool(&mut parameters, parameter) {
            field.set(&value);
        }
    }
    Ok(parameters)
}

/// All of a collateral's parameters, out of a file.
///
/// # Errors
/// As [`pool_from_file`].
pub fn collateral_from_file(text: &str, decimals: u8) -> Result<CollateralParameters, FileError> {
    let mut parameters = blank::<Collateral>().parameters;
    for (parameter, value) in from_file(text, Scope::Collateral, decimals)? {
        if let Some(mut field) = of_collateral(&mut parameters, parameter) {
            field.set(&value);
        }
    }
    Ok(parameters)
}

fn from_file(text: &str, scope: Scope, decimals: u8) -> Result<Vec<(Parameter, Bytes)>, FileError> {
    let mut lines: BTreeMap<String, toml::Value> = toml::from_str(text)?;
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for parameter in all_of(scope) {
        let Some(value) = lines.remove(&name(parameter)).or_else(|| lines.remove(&typed(parameter))) else {
            missing.push(name(parameter));
            continue;
        };
        let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        found.push((parameter, parse(parameter, &text, decimals)?));
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
    use crate::parameters::{Unit, unit, value_in_collateral, value_in_pool, written};

    #[test]
    fn no_two_parameters_share_a_place_and_a_file_reads_back() {
        for (scope, decimals) in [(Scope::Pool, 6), (Scope::Collateral, 9)] {
            let values = all_of(scope).zip(1_u64..).map(|(parameter, number)| {
                let value = if unit(parameter) == Unit::Feed {
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
                Scope::Pool => pool.parameters = pool_from_file(&text, decimals).unwrap(),
                _ => collateral.parameters = collateral_from_file(&text, decimals).unwrap(),
            }
            for (parameter, value) in &values {
                let found = value_in_pool(&pool, *parameter).or_else(|| value_in_collateral(&collateral, *parameter));
                assert_eq!(found, Some(*value), "{parameter:?}");
            }
        }
    }

    #[test]
    fn a_file_that_lacks_or_misspells_a_parameter_is_refused() {
        let missing = collateral_from_file("deposit_cap = \"none\"", 9).unwrap_err().to_string();
        assert!(missing.contains("missing") && missing.contains("max_ltv_bps"), "{missing}");
        let all: String = all_of(Scope::Collateral)
            .map(|parameter| {
                let value = if unit(parameter) == Unit::Feed { "none" } else { "1" };
                format!("{} = \"{value}\"\n", name(parameter))
            })
            .collect();
        assert!(collateral_from_file(&all, 9).is_ok());
        let typed = all.replace("deposit_cap", "deposit-cap");
        assert_eq!(collateral_from_file(&typed, 9).unwrap(), collateral_from_file(&all, 9).unwrap());
        let twice = collateral_from_file(&(typed + "deposit_cap = \"1\"\n"), 9).unwrap_err().to_string();
        assert!(twice.contains("deposit-cap"), "{twice}");
        let unknown = collateral_from_file(&(all + "maxltv = \"1\"\n"), 9).unwrap_err().to_string();
        assert!(unknown.contains("maxltv"), "{unknown}");
        assert!(collateral_from_file("deposit_cap", 9).unwrap_err().to_string().contains("list of lines"));
    }
}
