//! Amounts as people type them: whole tokens, or all.

use std::str::FromStr;

use backstop_client::verb::ALL;
use backstop_testkit::Decimal;
use clap::Args;

use crate::{failure::Failure, tokens::Token};

/// Basis points of one.
const ONE: u32 = 10_000;

/// Whole tokens: `12.5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Whole(Decimal);

/// Whole tokens, or `all` there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Amount {
    /// All there is.
    All,
    /// Whole tokens.
    Whole(Whole),
}

/// An amount that is none of the token.
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
            .map_err(|_| wanted(text, "give a number of whole tokens, such as 12.5"))
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
            .map_err(|_: String| wanted(text, "give a number of whole tokens, such as 12.5, or all"))
    }
}

/// What to give instead of what was typed.
fn wanted(text: &str, give: &str) -> String {
    if text.starts_with('-') { format!("an amount is never below zero; {give}") } else { give.into() }
}

impl Whole {
    /// In base units of a token.
    ///
    /// # Errors
    /// If it has more places than the token, or is too large.
    pub(super) fn units(&self, token: &Token) -> Result<u64, Failure> {
        self.0.base_units(token.decimals).map_err(|reason| {
            Failure::unable(AmountError { amount: self.0.to_string(), symbol: token.symbol.clone(), reason })
        })
    }
}

impl Amount {
    /// In base units of a token, or what the program takes as all.
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

/// How much worse than previewed an outcome may be.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct Slippage {
    /// How much less than previewed you accept, in basis points, if the pool changes before the transaction lands.
    #[arg(long, value_name = "BPS", default_value_t = 50, value_parser = clap::value_parser!(u32).range(..=10_000))]
    pub(super) slippage_bps: u32,
}

impl Slippage {
    /// The least that is accepted instead of a previewed amount.
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
        assert!("-5".parse::<Amount>().unwrap_err().starts_with("an amount is never below zero; give a number"));
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
