//! Parameters by name, and their values as text.

mod bounds;
mod file;

use std::sync::LazyLock;

use backstop_client::{Collateral, Market, Parameter, PausableOperation, Pool, verb};
use backstop_engine::parameter::Unit;
use backstop_text::Decimal;
use solana_address::Address;

pub use bounds::{
    Broken, broken_in_collateral, broken_in_collateral_by, broken_in_pool, broken_in_pool_by, broken_in_timelock,
};
pub use file::{FileError, MINT, all_of, collateral_from_file, pool_from_file};

use backstop_text::{amount, snake_case, table::readable};

use crate::view::Cell;

/// Decimals of amounts in USD that the program stores: micro-dollars.
const USD_DECIMALS: u8 = 6;
/// The text for "no limit" or "no feed".
const NONE: &str = "none";

/// A parameter's value, as the program takes it.
pub type Bytes = [u8; 32];

/// A value that is invalid for the parameter.
#[derive(Debug, thiserror::Error)]
#[error("{name} cannot be \"{text}\": enter {wanted}")]
pub struct ValueError {
    name: String,
    text: String,
    wanted: &'static str,
}

/// A parameter's name in files: `max_ltv_bps`.
pub fn name(parameter: Parameter) -> String {
    snake_case(&format!("{parameter:?}"))
}

/// A parameter's name on the command line: `max-ltv-bps`.
pub fn typed(parameter: Parameter) -> String {
    name(parameter).replace('_', "-")
}

/// A pausable operation's name: `withdraw-collateral`.
pub fn operation(what: PausableOperation) -> String {
    snake_case(&format!("{what:?}")).replace('_', "-")
}

/// All parameters' names on the command line: `max-ltv-bps`.
pub static NAMES: LazyLock<Vec<String>> =
    LazyLock::new(|| Parameter::ALL.iter().map(|parameter| typed(*parameter)).collect());

/// All parameters' names in files: `max_ltv_bps`.
pub static NAMES_IN_FILES: LazyLock<Vec<String>> =
    LazyLock::new(|| Parameter::ALL.iter().map(|parameter| name(*parameter)).collect());

/// All pausable operations' names.
pub static OPERATIONS: LazyLock<Vec<String>> =
    LazyLock::new(|| PausableOperation::ALL.iter().map(|what| operation(*what)).collect());

/// Finds a parameter by name, with `-` or `_` between its words.
pub fn named(text: &str) -> Option<Parameter> {
    let text = text.replace('-', "_").to_lowercase();
    Parameter::ALL.iter().copied().find(|parameter| name(*parameter) == text)
}

/// Describes the valid values of a parameter.
fn wanted(parameter: Parameter) -> &'static str {
    match (parameter.rules().unit(), parameter.rules().is_optional()) {
        (Unit::Bps, true) => "basis points such as 7500, a percentage such as 75%, or none for no limit",
        (Unit::Bps, false) => "basis points such as 7500, or a percentage such as 75%",
        (Unit::Seconds, _) => "seconds, or a time such as 30m, 12h or 2d",
        (Unit::Slots, _) => "a number of slots",
        (Unit::MicroUsd, _) => "USD with at most six decimal places, such as 1.5",
        (Unit::Tokens, true) => {
            "whole tokens such as 12.5, with no more decimal places than the token, or none for no limit"
        }
        (Unit::Tokens, false) => "whole tokens such as 12.5, with no more decimal places than the token",
        (Unit::Feed, true) => "a Pyth feed id (64 hexadecimal digits), the address of a Switchboard feed, or none",
        (Unit::Feed, false) => "a Pyth feed id (64 hexadecimal digits) or the address of a Switchboard feed",
        (Unit::Address, _) => "an address",
    }
}

/// Parses a value as written in files. `decimals` are those of the token that the parameter counts.
///
/// # Errors
/// If the value is invalid for the parameter.
pub fn parse(parameter: Parameter, text: &str, decimals: u8) -> Result<Bytes, ValueError> {
    let value = match parameter.rules().unit() {
        Unit::Bps => bps(text).map(|value| verb::number(value.into())),
        Unit::Seconds => seconds(text).map(|value| verb::number(value.into())),
        Unit::Slots => text.parse::<u32>().ok().map(|value| verb::number(value.into())),
        Unit::MicroUsd => tokens(text, USD_DECIMALS).map(verb::number),
        Unit::Tokens => tokens(text, decimals).map(verb::number),
        Unit::Feed => feed(text),
        Unit::Address => text.parse().ok().map(|address: Address| address.to_bytes()),
    };
    value.ok_or_else(|| ValueError { name: name(parameter), text: text.into(), wanted: wanted(parameter) })
}

/// Parses a value from the command line: as in files, but basis points need their unit, since a bare 65 could mean
/// percent.
///
/// # Errors
/// As [`parse`], and for a bare number of basis points.
pub fn parse_typed(parameter: Parameter, text: &str, decimals: u8) -> Result<Bytes, ValueError> {
    let of_bps = parameter.rules().unit() == Unit::Bps;
    let bare = of_bps && text != NONE && !text.ends_with(['%', 's']);
    let value = if bare { None } else { parse(parameter, text, decimals).ok() };
    let wanted = match () {
        () if of_bps && parameter.rules().is_optional() => {
            "a percentage such as 75%, basis points such as 7500bps, or none for no limit"
        }
        () if of_bps => "a percentage such as 75%, or basis points such as 7500bps; a bare number is ambiguous",
        () => wanted(parameter),
    };
    value.ok_or_else(|| ValueError { name: typed(parameter), text: text.into(), wanted })
}

fn bps(text: &str) -> Option<u32> {
    if text == NONE {
        return Some(u32::MAX);
    }
    let units = match text.strip_suffix('%') {
        Some(percent) => Decimal::parse(percent.trim()).ok()?.base_units(2).ok()?,
        None => text.strip_suffix("bps").map_or(text, str::trim_end).parse().ok()?,
    };
    u32::try_from(units).ok()
}

/// Parses a time into seconds: `90`, `30m`, `12h`, `2d`.
pub fn seconds(text: &str) -> Option<u32> {
    let (number, unit) = match text.strip_suffix(['s', 'm', 'h', 'd']) {
        Some(number) => (number, text.chars().last()?),
        None => (text, 's'),
    };
    let seconds = match unit {
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => 1,
    };
    number.parse::<u32>().ok()?.checked_mul(seconds)
}

fn tokens(text: &str, decimals: u8) -> Option<u64> {
    if text == NONE { Some(u64::MAX) } else { Decimal::parse(text).ok()?.base_units(decimals).ok() }
}

fn feed(text: &str) -> Option<Bytes> {
    if text == NONE {
        return Some([0; 32]);
    }
    let digits = text.strip_prefix("0x").unwrap_or(text);
    if digits.len() == 64 && digits.is_ascii() {
        let mut bytes = [0; 32];
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(digits.get(at..)?.get(..2)?, 16).ok()?;
        }
        return Some(bytes);
    }
    text.parse().ok().map(|address: Address| address.to_bytes())
}

/// Formats a value as in files. [`parse`] reads it back.
pub fn written(parameter: Parameter, value: &Bytes, decimals: u8) -> String {
    let number = value.first_chunk().map_or(0, |low| u64::from_le_bytes(*low));
    match parameter.rules().unit() {
        Unit::Bps if number == u64::from(u32::MAX) => NONE.into(),
        Unit::Tokens if number == u64::MAX => NONE.into(),
        Unit::Bps | Unit::Seconds | Unit::Slots => number.to_string(),
        Unit::MicroUsd => amount::tokens(number, USD_DECIMALS),
        Unit::Tokens => amount::tokens(number, decimals),
        Unit::Feed if *value == [0; 32] => NONE.into(),
        Unit::Feed => value.iter().map(|byte| format!("{byte:02x}")).collect(),
        Unit::Address => Address::new_from_array(*value).to_string(),
    }
}

/// Formats a value as on the command line. [`parse_typed`] reads it back.
pub fn written_typed(parameter: Parameter, value: &Bytes, decimals: u8) -> String {
    let text = written(parameter, value, decimals);
    if parameter.rules().unit() == Unit::Bps && text != NONE { format!("{text}bps") } else { text }
}

/// Whether a parameter is a notice period.
const fn is_notice(parameter: Parameter) -> bool {
    matches!(parameter, Parameter::NoticeSeconds | Parameter::BreakerNoticeSeconds | Parameter::CooldownSeconds)
}

/// Formats a value with its unit, for display only.
pub fn format_value(parameter: Parameter, value: &Bytes, decimals: u8, symbol: &str) -> String {
    let text = written(parameter, value, decimals);
    match parameter.rules().unit() {
        _ if text == NONE => text,
        Unit::Bps => format!("{text} bps"),
        Unit::Seconds if text == "0" && is_notice(parameter) => NONE.into(),
        Unit::Seconds => format!("{text} s"),
        Unit::Slots => format!("{text} slots"),
        Unit::MicroUsd => format!("{} USD", readable(&text)),
        Unit::Tokens => format!("{} {symbol}", readable(&text)),
        Unit::Feed | Unit::Address => text,
    }
}

/// Formats a value for display, with basis points also in percent: `65 % (6500 bps)`.
pub fn format_in_percent(parameter: Parameter, value: &Bytes, decimals: u8, symbol: &str) -> String {
    let text = format_value(parameter, value, decimals, symbol);
    let number = value.first_chunk().map_or(0, |low| u64::from_le_bytes(*low));
    if parameter.rules().unit() == Unit::Bps && text != NONE {
        format!("{} ({text})", Cell::bps(number).text)
    } else {
        text
    }
}

/// The current value of a pool's parameter. `None` if the parameter is not a pool's.
pub fn value_in_pool(pool: &Pool, parameter: Parameter) -> Option<Bytes> {
    let mut parameters = pool.parameters;
    parameters.field(parameter.rules()).map(|field| field.get())
}

/// The current value of a collateral's parameter. `None` if the parameter is not a collateral's.
pub fn value_in_collateral(collateral: &Collateral, parameter: Parameter) -> Option<Bytes> {
    let mut parameters = collateral.parameters;
    parameters.field(parameter.rules()).map(|field| field.get())
}

/// The current value of a market's parameter. `None` if the parameter is not a market's.
pub fn value_in_market(market: &Market, parameter: Parameter) -> Option<Bytes> {
    match parameter {
        Parameter::Guardian => Some(market.guardian.to_bytes()),
        Parameter::Treasury => Some(market.treasury.to_bytes()),
        Parameter::TimelockSeconds => Some(verb::number(market.timelock_seconds.into())),
        _ => None,
    }
}

/// A token with this many decimals.
#[cfg(test)]
fn token(decimals: u8) -> crate::tokens::Token {
    crate::tokens::Token { symbol: "USDC".into(), mint: Address::new_from_array([6; 32]), decimals }
}

#[cfg(test)]
mod tests {
    use backstop_engine::parameter::Scope;

    use super::*;
    use crate::blank::blank;

    fn parsed(parameter: Parameter, text: &str) -> Option<u64> {
        let value = parse(parameter, text, 6).ok()?;
        value.first_chunk().map(|low| u64::from_le_bytes(*low))
    }

    #[test]
    fn a_value_is_written_in_its_own_unit() {
        assert_eq!(parsed(Parameter::MaxLtvBps, "7500"), Some(7_500));
        assert_eq!(parsed(Parameter::MaxLtvBps, "75%"), Some(7_500));
        assert_eq!(parsed(Parameter::BonusMinBps, "0.25 %"), Some(25));
        assert_eq!(parsed(Parameter::MaxPremiumBps, "none"), Some(u32::MAX.into()));
        assert_eq!(parsed(Parameter::TimelockSeconds, "2d"), Some(172_800));
        assert_eq!(parsed(Parameter::NoticeSeconds, "90"), Some(90));
        assert_eq!(parsed(Parameter::DustValue, "1.5"), Some(1_500_000));
        assert_eq!(parsed(Parameter::MinDebt, "12.5"), Some(12_500_000));
        assert_eq!(parsed(Parameter::DepositCap, "none"), Some(u64::MAX));
        assert_eq!(parsed(Parameter::MinDefaultAgeSlots, "150"), Some(150));
    }

    #[test]
    fn a_value_of_another_kind_is_refused_with_what_is_wanted() {
        for (parameter, text) in [
            (Parameter::MaxLtvBps, "0.75"),
            (Parameter::MaxLtvBps, "1.234%"),
            (Parameter::TimelockSeconds, "2 days"),
            (Parameter::TimelockSeconds, "50000d"),
            (Parameter::MinDebt, "0.0000001"),
            (Parameter::MinDebt, "-1"),
            (Parameter::LiquidityFeed, "SOL/USD"),
            (Parameter::Guardian, "none"),
        ] {
            let said = parse(parameter, text, 6).unwrap_err().to_string();
            assert!(said.contains(&name(parameter)) && said.contains(": enter "), "{said}");
            let typed = parse_typed(parameter, text, 6).unwrap_err().to_string();
            assert!(NAMES.iter().any(|name| typed.starts_with(&format!("{name} cannot be \"{text}\""))), "{typed}");
        }
    }

    #[test]
    fn basis_points_are_typed_with_their_unit() {
        let typed = |parameter, text| parse_typed(parameter, text, 6).map_err(|error| error.to_string());
        for text in ["65%", "65 %", "6500bps", "6500 bps"] {
            assert_eq!(typed(Parameter::MaxLtvBps, text), Ok(verb::number(6_500)), "{text}");
        }
        for text in ["65", "6500", "0", "0.65", "bps", "65s", "6.5bps", "-5%"] {
            let said = typed(Parameter::MaxLtvBps, text).unwrap_err();
            assert!(
                said.starts_with(&format!("max-ltv-bps cannot be \"{text}\": enter a percentage such as 75%")),
                "{said}"
            );
        }
        assert_eq!(typed(Parameter::MaxPremiumBps, "none"), Ok(verb::number(u32::MAX.into())));
        assert_eq!(typed(Parameter::TimelockSeconds, "90"), Ok(verb::number(90)), "seconds are unambiguous");
        // The suggested text reads back.
        let value = verb::number(6_500);
        assert_eq!(written_typed(Parameter::MaxLtvBps, &value, 6), "6500bps");
        assert_eq!(typed(Parameter::MaxLtvBps, "6500bps"), Ok(value));
        assert_eq!(format_in_percent(Parameter::MaxLtvBps, &value, 6, ""), "65 % (6500 bps)");
        assert_eq!(format_in_percent(Parameter::MaxLtvBps, &verb::number(65), 6, ""), "0.65 % (65 bps)");
        assert_eq!(format_in_percent(Parameter::MaxPremiumBps, &verb::number(u32::MAX.into()), 6, ""), "none");
    }

    #[test]
    fn none_is_offered_only_where_it_means_something() {
        let offered = |parameter: &Parameter| wanted(*parameter).contains("none");
        let all: Vec<String> = Parameter::ALL.iter().filter(|one| offered(one)).map(|one| name(*one)).collect();
        let (of_pool, of_collateral) = (["pool_deposit_cap", "borrow_cap"], ["deposit_cap", "collateral_second_feed"]);
        assert_eq!(all, [&["max_premium_bps", "liquidity_second_feed"][..], &of_pool, &of_collateral].concat());
    }

    #[test]
    fn a_notice_of_nothing_is_none() {
        let seconds = |parameter, seconds| format_value(parameter, &verb::number(seconds), 0, "");
        assert_eq!(seconds(Parameter::NoticeSeconds, 0), "none");
        assert_eq!(seconds(Parameter::NoticeSeconds, 3_600), "3600 s");
        assert_eq!(seconds(Parameter::CooldownSeconds, 0), "none");
        assert_eq!(seconds(Parameter::BreakerNoticeSeconds, 0), "none");
        assert_eq!(seconds(Parameter::LiquidityMaxAgeSeconds, 0), "0 s", "no age is not any age");
    }

    #[test]
    fn every_parameter_is_found_by_its_name_and_stands_in_one_account() {
        let (mut pool, mut collateral) = (blank::<Pool>(), blank::<Collateral>());
        for parameter in Parameter::ALL.iter().copied() {
            assert_eq!(named(&name(parameter).replace('_', "-")), Some(parameter));
            let scope = parameter.rules().scope();
            assert_eq!(pool.parameters.field(parameter.rules()).is_some(), scope == Scope::Pool, "{parameter:?}");
            let found = collateral.parameters.field(parameter.rules()).is_some();
            assert_eq!(found, scope == Scope::Collateral, "{parameter:?}");
            assert_eq!(value_in_market(&blank(), parameter).is_some(), scope == Scope::Market, "{parameter:?}");
        }
        assert_eq!(named("max_ltv"), None);
    }
}
