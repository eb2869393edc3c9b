//! Converts between decimal strings and base units, without floats.

use std::fmt;

use backstop_engine::price::Quote;

/// A decimal number: its digits, and how many of them follow the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// All digits as one number.
    pub digits: u128,
    /// How many digits follow the point.
    pub places: u32,
}

impl Decimal {
    /// Parses digits with at most one point, without sign or exponent.
    ///
    /// # Errors
    /// If the text is not such a number, or has too many digits.
    ///
    /// ```
    /// # use backstop_text::Decimal;
    /// assert_eq!(Decimal::parse("12.50"), Ok(Decimal { digits: 1250, places: 2 }));
    /// assert!(Decimal::parse("1e3").is_err() && Decimal::parse("-1").is_err() && Decimal::parse(".").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, String> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!("\"{text}\" is not a decimal number such as \"12.5\""));
        }
        let too_long = || format!("\"{text}\" has too many digits");
        let places = u32::try_from(fraction.len()).map_err(|_| too_long())?;
        Ok(Self { digits: digits.parse().map_err(|_| too_long())?, places })
    }

    /// Converts to base units of a token.
    ///
    /// # Errors
    /// If the number has more decimal places than the token, or does not fit.
    ///
    /// ```
    /// # use backstop_text::Decimal;
    /// assert_eq!(Decimal::parse("12.5").and_then(|amount| amount.base_units(6)), Ok(12_500_000));
    /// ```
    pub fn base_units(&self, decimals: u8) -> Result<u64, String> {
        let scaled = match u32::from(decimals).checked_sub(self.places) {
            Some(missing) => 10_u128.checked_pow(missing).and_then(|power| self.digits.checked_mul(power)),
            None => {
                let power = 10_u128.checked_pow(self.places.saturating_sub(u32::from(decimals))).unwrap_or(u128::MAX);
                if self.digits.checked_rem(power) != Some(0) {
                    return Err(format!("{self} has more than {decimals} decimal places"));
                }
                self.digits.checked_div(power)
            }
        };
        scaled.and_then(|units| u64::try_from(units).ok()).ok_or_else(|| format!("{self} is too large"))
    }

    /// Converts base units to whole tokens.
    pub fn of_units(units: impl Into<u128>, decimals: u8) -> Self {
        Self { digits: units.into(), places: u32::from(decimals) }
    }

    /// Converts to a price with a confidence, in at least eight decimal places, like Pyth's.
    ///
    /// # Errors
    /// If either does not fit.
    pub fn quote(&self, confidence: &Self) -> Result<Quote, String> {
        let places = self.places.max(confidence.places).max(8);
        let digits = |decimal: &Self| {
            decimal.base_units(u8::try_from(places).map_err(|_| format!("{decimal} has too many decimal places"))?)
        };
        let exponent =
            i32::try_from(places).map_err(|_| format!("{self} has too many decimal places"))?.saturating_neg();
        Ok(Quote { price: digits(self)?, confidence: digits(confidence)?, exponent })
    }
}

/// Formats without trailing zeros: `12.5`, `0`, `0.000001`.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = usize::try_from(self.places).unwrap_or(0);
        let digits = format!("{:0>1$}", self.digits, width.saturating_add(1));
        let (whole, fraction) = digits.split_at(digits.len().saturating_sub(width));
        let fraction = fraction.trim_end_matches('0');
        if fraction.is_empty() { f.pad(whole) } else { f.pad(&format!("{whole}.{fraction}")) }
    }
}
