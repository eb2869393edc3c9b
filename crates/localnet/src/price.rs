//! Prices, and the Pyth accounts that hold them.

use std::{fmt, str::FromStr};

use backstop_engine::price::Quote;
use solana_account::Account;

/// As Pyth publishes: at least so many decimal places.
const PLACES: usize = 8;
/// The most decimal places.
const MOST_PLACES: usize = 12;
/// Where an account has its price, and where the time.
const PRICE: std::ops::Range<usize> = 73..81;
const EXPONENT: std::ops::Range<usize> = 89..93;
const PUBLISH_TIME: std::ops::Range<usize> = 93..101;
const PREVIOUS_PUBLISH_TIME: std::ops::Range<usize> = 101..109;

/// A positive price in USD, as Pyth has it: `digits * 10^exponent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    digits: i64,
    exponent: i32,
}

/// The text is no price.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a price: a positive decimal number such as 13.9096, with at most 12 places behind the point")]
pub struct PriceError(String);

impl Price {
    /// A price in whole dollars.
    pub(crate) const fn whole(dollars: u16) -> Self {
        Self { digits: dollars as i64, exponent: 0 }
    }

    /// What so many whole tokens cost, in whole dollars, rounded down.
    pub fn times(&self, tokens: u64) -> u64 {
        let power = 10_i128.saturating_pow(self.exponent.unsigned_abs());
        let value = i128::from(self.digits).saturating_mul(tokens.into());
        value.checked_div(power).and_then(|dollars| dollars.try_into().ok()).unwrap_or(u64::MAX)
    }
}

impl FromStr for Price {
    type Err = PriceError;

    fn from_str(text: &str) -> Result<Self, PriceError> {
        let error = || PriceError(text.into());
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let fraction = format!("{fraction:0<PLACES$}");
        let all_digits = [whole, &fraction].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        if !all_digits || whole.is_empty() || text.ends_with('.') || fraction.len() > MOST_PLACES {
            return Err(error());
        }
        let digits = format!("{whole}{fraction}").parse().map_err(|_| error())?;
        let places = i32::try_from(fraction.len()).map_err(|_| error())?;
        if digits == 0 { Err(error()) } else { Ok(Self { digits, exponent: places.saturating_neg() }) }
    }
}

/// Without zeros at the end: `13.9096`.
impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = usize::try_from(self.exponent.saturating_neg()).unwrap_or(0);
        let digits = format!("{:0>1$}", self.digits, places.saturating_add(1));
        let (whole, fraction) = digits.split_at(digits.len().saturating_sub(places));
        let fraction = fraction.trim_end_matches('0');
        if fraction.is_empty() { f.pad(whole) } else { f.pad(&format!("{whole}.{fraction}")) }
    }
}

/// A fully verified Pyth price update. The confidence is zero: the price counts as it is.
pub fn price_update(feed: &[u8; 32], price: &Price, publish_time: i64) -> Account {
    let quote = Quote { price: price.digits.unsigned_abs(), confidence: 0, exponent: price.exponent };
    backstop_testkit::price_update(feed, &quote, publish_time)
}

/// The price in the data of a Pyth account, and when it was published.
pub fn price_of(data: &[u8]) -> Option<(Price, i64)> {
    let digits = i64::from_le_bytes(data.get(PRICE)?.try_into().ok()?);
    let exponent = i32::from_le_bytes(data.get(EXPONENT)?.try_into().ok()?);
    let publish_time = i64::from_le_bytes(data.get(PUBLISH_TIME)?.try_into().ok()?);
    Some((Price { digits, exponent }, publish_time))
}

/// Gives the data of a Pyth account the publish time `now`, and says whether it had another one.
pub(crate) fn republish(data: &mut [u8], now: i64) -> bool {
    let previous = data.get(PUBLISH_TIME).and_then(|bytes| bytes.try_into().ok()).map(i64::from_le_bytes);
    let Some(previous) = previous.filter(|previous| *previous != now) else { return false };
    for (field, time) in [(PREVIOUS_PUBLISH_TIME, previous), (PUBLISH_TIME, now)] {
        if let Some(bytes) = data.get_mut(field) {
            bytes.copy_from_slice(&time.to_le_bytes());
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_read_and_told_as_it_was_written() {
        for text in ["13.9096", "1", "0.000000000001", "32.6428", "92233720368"] {
            assert_eq!(text.parse::<Price>().unwrap().to_string(), text);
        }
        assert_eq!("13.9096".parse(), Ok(Price { digits: 1_390_960_000, exponent: -8 }));
    }

    #[test]
    fn what_is_no_price_is_refused() {
        for text in ["", ".", "1.", ".5", "-1", "0", "0.0", "1e3", "1,5", "0.0000000000001", "92233720369", "SOL"] {
            assert!(text.parse::<Price>().is_err(), "{text}");
        }
    }

    /// 32.6428 USD times 600,000 is 19,585,680 USD.
    #[test]
    fn a_value_is_in_whole_dollars() {
        assert_eq!("32.6428".parse::<Price>().unwrap().times(600_000), 19_585_680);
        assert_eq!(Price::whole(100).times(3), 300);
        assert_eq!("0.99999999".parse::<Price>().unwrap().times(1), 0);
    }

    #[test]
    fn publishing_again_changes_the_times_alone() {
        let price = "20.5".parse().unwrap();
        let mut account = price_update(&[7; 32], &price, 1_000);
        assert!(!republish(&mut account.data, 1_000));
        assert!(republish(&mut account.data, 1_060));
        assert_eq!(price_of(&account.data), Some((price, 1_060)));
        assert_eq!(account.data[101..109], 1_000_i64.to_le_bytes());
        assert!(!republish(&mut [], 1));
    }
}
