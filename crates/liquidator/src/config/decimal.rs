//! Decimal amounts in the configuration.

use std::str::FromStr;

use backstop_engine::price::Value;

/// A non-negative decimal, as written: `digits`, with the last `places` of them after the point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decimal {
    digits: u64,
    places: u32,
}

impl Decimal {
    /// Converts to base units, 10^`places` per whole. Returns nothing if the number has more decimal places, or does
    /// not fit.
    pub fn units(self, places: u8) -> Option<u64> {
        let missing = u32::from(places).checked_sub(self.places)?;
        self.digits.checked_mul(10_u64.checked_pow(missing)?)
    }
}

impl FromStr for Decimal {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "write an amount like \"1500\" or \"0.25\", in quotes";
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let all: String = whole.chars().chain(part.chars()).filter(|digit| *digit != '_').collect();
        let dotted = text.contains('.') && (whole.is_empty() || part.is_empty());
        if dotted || all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(WRONG);
        }
        let places = u32::try_from(part.bytes().filter(u8::is_ascii_digit).count()).map_err(|_| WRONG)?;
        Ok(Self { digits: all.parse().map_err(|_| "the amount is too large")?, places })
    }
}

/// Formats base units, 10^`places` per whole, as a decimal without trailing zeros.
pub fn whole(units: u128, places: usize) -> String {
    let digits = format!("{units:0>width$}", width = places.saturating_add(1));
    let (whole, part) = digits.split_at(digits.len().saturating_sub(places));
    match part.trim_end_matches('0') {
        "" => whole.to_owned(),
        part => format!("{whole}.{part}"),
    }
}

/// Formats a value in USD with six decimal places, rounded down.
pub fn usd(value: Value) -> String {
    const OF_MICRO_USD: u128 = 1_000_000_000_000;
    whole(value.get().checked_div(OF_MICRO_USD).unwrap_or_default(), 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        let units = |text: &str, places| text.parse::<Decimal>().unwrap().units(places);
        assert_eq!(units("1500", 6), Some(1_500_000_000));
        assert_eq!(units("0.25", 6), Some(250_000));
        assert_eq!(units("1_000.5", 1), Some(10_005));
        assert_eq!(units("0.0000001", 6), None); // finer than a unit
        assert_eq!(units("18446744073709551615", 0), Some(u64::MAX));
        assert_eq!(units("18446744073709551615", 1), None);
        for wrong in ["", ".", "1.", ".5", "-1", "1e3", "1 000", "1.2.3", "18446744073709551616"] {
            assert!(wrong.parse::<Decimal>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn amounts_are_told_without_needless_zeros() {
        assert_eq!([0, 5, 1_500_000, 20_000_000].map(|units| whole(units, 6)), ["0", "0.000005", "1.5", "20"]);
        assert_eq!(whole(7, 0), "7");
        assert_eq!(usd(Value::from_micro_usd(3_000)), "0.003");
        assert_eq!(usd(Value::new(1_999_999_999_999)), "0.000001"); // 1.999... millionths
    }
}
