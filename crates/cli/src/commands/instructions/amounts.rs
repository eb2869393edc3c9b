//! Amounts as typed: whole tokens, or `all`.

use std::str::FromStr;

use backstop_client::verb::ALL;
use backstop_text::Decimal;
use clap::Args;

use crate::{failure::Failure, tokens::Token};

/// 100 % in basis points.
const ONE: u32 = 10_000;

/// A number of whole tokens: `12.5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Whole(Decimal);

/// A number of whole tokens, or `all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Amount {
    /// Everything available.
    All,
    /// Whole tokens.
    Whole(Whole),
}

/// An amount that the token cannot represent.
#[derive(Debug, thiserror::Error)]
#[error("{amount} cannot be an amount of {symbol}: {reason}")]
pub(super) struct AmountError {
    amount: String,
    symbol: String,
    reason: String,
}

impl FromStr for Whole {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Decimal::parse(&text.replace('_', ""))
            .map(Self)
            .map_err(|_| wanted(text, "enter a number of whole tokens, such as 12.5"))
    }
}

impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.eq_ignore_ascii_case("all") {
            return Ok(Self::All);
        }
        text.parse()
            .map(Self::Whole)
            .map_err(|_: String| wanted(text, "enter a number of whole tokens, such as 12.5, or all"))
    }
}

/// The error for text that is not an amount.
fn wanted(text: &str, give: &str) -> String {
    if text.starts_with('-') { format!("an amount cannot be negative; {give}") } else { give.into() }
}

impl Whole {
    /// The amount in base units of a token.
    ///
    /// # Errors
    /// If it has more decimal places than the token, or is too large.
    pub(super) fn units(&self, token: &Token) -> Result<u64, Failure> {
        self.0.base_units(token.decimals).map_err(|reason| {
            Failure::unable(AmountError { amount: self.0.to_string(), symbol: token.symbol.clone(), reason })
        })
    }
}

impl Amount {
    /// The amount in base units of a token, or [`ALL`], the program's value for everything.
    ///
    /// # Errors
    /// As [`Whole::units`].
    pub(super) fn units(&self, token: &Token) -> Result<u64, Failure> {
        match self {
            Self::All => Ok(ALL),
            Self::Whole(whole) => whole.units(token),
        }
    }
}

/// The tolerance between the preview and the outcome.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct Slippage {
    /// Slippage tolerance in basis points: how much less than previewed you accept if the pool changes before the
    /// transaction lands.
    #[arg(long, value_name = "BPS", default_value_t = 50, value_parser = clap::value_parser!(u32).range(..=10_000))]
    pub(super) slippage_bps: u32,
}

impl Slippage {
    /// The minimum accepted for a previewed amount, rounded down.
    pub(super) fn least(&self, previewed: u64) -> u64 {
        let kept = u128::from(ONE.saturating_sub(self.slippage_bps));
        let least = u128::from(previewed).saturating_mul(kept).checked_div(u128::from(ONE)).unwrap_or(0);
        u64::try_from(least).unwrap_or(previewed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_and_whole_tokens_are_amounts_and_nothing_else_is() {
        let token = Token { symbol: "USDC".into(), mint: Default::default(), decimals: 6 };
        assert_eq!("ALL".parse::<Amount>().unwrap().units(&token).unwrap(), u64::MAX);
        assert_eq!("1_000.5".parse::<Whole>().unwrap().units(&token).unwrap(), 1_000_500_000);
        for wrong in ["", "-1", "1e3", "1,5", "0x10", "al", "."] {
            assert!(wrong.parse::<Amount>().is_err(), "{wrong}");
        }
        assert!("-5".parse::<Amount>().unwrap_err().starts_with("an amount cannot be negative; enter a number"));
        let error = "0.0000001".parse::<Whole>().unwrap().units(&token).unwrap_err().to_string();
        assert_eq!(error, "0.0000001 cannot be an amount of USDC: 0.0000001 has more than 6 decimal places");
        assert!("99999999999999999999".parse::<Whole>().unwrap().units(&token).is_err());
    }

    #[test]
    fn slippage_lowers_a_bound_by_its_part_rounded_down() {
        assert_eq!(Slippage { slippage_bps: 50 }.least(1_000), 995);
        assert_eq!(Slippage { slippage_bps: 50 }.least(199), 198); // 198.005
        assert_eq!(Slippage { slippage_bps: 0 }.least(u64::MAX), u64::MAX);
        assert_eq!(Slippage { slippage_bps: 10_000 }.least(7), 0);
    }
}
