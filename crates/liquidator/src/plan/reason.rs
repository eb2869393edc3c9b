//! Why an obligation is skipped.

use backstop_client::BackstopError;
use backstop_engine::{price::Value, quantity::Assets};
use solana_address::Address;

use super::Rules;
use crate::config::{usd, whole};

/// Why an obligation that can be liquidated is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It would bring too little, whatever the inventory.
    BelowFloor {
        /// What is paid, with the cost of the transaction.
        pays: Value,
        /// What is received.
        brings: Value,
    },
    /// With the liquidity at hand it would not pay.
    NoLiquidity {
        /// What is at hand, without what is kept and what other transactions may take.
        at_hand: Assets,
    },
    /// With what one liquidation may repay it would not pay.
    MaxRepay,
    /// With the collateral that may still be held it would not pay.
    CollateralFull {
        /// The collateral.
        collateral: Address,
        /// What is held of it, with what other transactions may bring.
        held: Value,
    },
    /// It does not fit into a transaction.
    TooLarge,
    /// Nothing is left to seize, and it is too early to record the debt as a loss.
    TooRecent {
        /// When its debt was last exposed.
        last_risk_increase_slot: u64,
    },
    /// The program would refuse it.
    Refused(BackstopError),
}

impl Reason {
    /// All names, for metrics.
    pub const NAMES: [&str; 7] =
        ["below_floor", "no_liquidity", "max_repay", "collateral_full", "too_large", "too_recent", "refused"];

    /// Its name, as logs and metrics have it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::BelowFloor { .. } => "below_floor",
            Self::NoLiquidity { .. } => "no_liquidity",
            Self::MaxRepay => "max_repay",
            Self::CollateralFull { .. } => "collateral_full",
            Self::TooLarge => "too_large",
            Self::TooRecent { .. } => "too_recent",
            Self::Refused(_) => "refused",
        }
    }

    /// Whether a person can do something about it: the greater, the sooner it is told where several apply.
    pub const fn weight(&self) -> u8 {
        match self {
            Self::NoLiquidity { .. } => 6,
            Self::CollateralFull { .. } => 5,
            Self::MaxRepay => 4,
            Self::TooLarge => 3,
            Self::BelowFloor { .. } => 2,
            Self::TooRecent { .. } => 1,
            Self::Refused(_) => 0,
        }
    }

    /// In words, with what to change. The decimals are the liquidity token's.
    pub fn words(&self, rules: &Rules, decimals: u8) -> String {
        let tokens = |assets: Assets| whole(assets.get().into(), decimals.into());
        match self {
            Self::BelowFloor { pays, brings } => format!(
                "it would bring {} USD for {} USD, the transaction included, and profit_floor_usd asks for {} more than that: \
                 lower it if less is enough",
                usd(*brings),
                usd(*pays),
                usd(rules.profit_floor)
            ),
            Self::NoLiquidity { at_hand } => format!(
                "{} liquidity tokens are free, after keep = {} and what other transactions may take, with which it does not pay: \
                 fill the wallet, or lower keep",
                tokens(*at_hand),
                tokens(rules.keep)
            ),
            Self::MaxRepay => format!(
                "with at most max_repay = {} it does not pay, or would leave less debt than the pool allows: raise it",
                tokens(rules.max_repay)
            ),
            Self::CollateralFull { collateral, held } => format!(
                "{} USD of the collateral {collateral} are held or on their way, and with what max_collateral_usd = {} leaves room for \
                 it does not pay: sell some, or raise it",
                usd(*held),
                usd(rules.max_collateral)
            ),
            Self::TooLarge => {
                "it holds too many collaterals for one transaction: make a lookup table and name it in lookup_tables; it is marked \
                 meanwhile"
                    .into()
            }
            Self::TooRecent { last_risk_increase_slot } => format!(
                "nothing is left to seize, and its last borrow, at slot {last_risk_increase_slot}, is too recent to record the loss: this is \
                 done as soon as the pool's min_default_age_slots have passed"
            ),
            Self::Refused(error) => format!("the program would refuse it: {}", error.message()),
        }
    }
}

impl From<backstop_engine::Error> for Reason {
    fn from(error: backstop_engine::Error) -> Self {
        Self::Refused(error.into())
    }
}
