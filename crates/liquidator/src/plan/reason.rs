//! Reasons to leave an obligation alone.

use backstop_client::BackstopError;
use backstop_engine::{price::Value, quantity::Assets};
use solana_address::Address;

use super::Rules;
use crate::config::{usd, whole};

/// Why an obligation that can be liquidated is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It brings too little, with any inventory.
    BelowFloor {
        /// The payment, including the cost of the transaction.
        pays: Value,
        /// The value received.
        brings: Value,
    },
    /// It does not pay with the available liquidity.
    NoLiquidity {
        /// The available liquidity, after `keep` and what other transactions may take.
        at_hand: Assets,
    },
    /// It does not pay with `max_repay`.
    MaxRepay,
    /// It does not pay within the room that `max_collateral_usd` leaves.
    CollateralFull {
        /// The collateral.
        collateral: Address,
        /// The value held, including what other transactions may bring.
        held: Value,
    },
    /// It does not fit a transaction.
    TooLarge,
    /// Nothing is left to seize, and it is too early to record the debt as a loss.
    TooRecent {
        /// The slot of the last borrow or collateral withdrawal.
        last_risk_increase_slot: u64,
    },
    /// The program would refuse it.
    Refused(BackstopError),
}

impl Reason {
    /// All names, for metrics.
    pub const NAMES: [&str; 7] =
        ["below_floor", "no_liquidity", "max_repay", "collateral_full", "too_large", "too_recent", "refused"];

    /// Returns the name in logs and metrics.
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

    /// Returns the priority in reports, where several reasons apply: higher for reasons that the operator can fix.
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

    /// Returns the explanation, with what to change. The decimals are the liquidity token's.
    pub fn words(&self, rules: &Rules, decimals: u8) -> String {
        let tokens = |assets: Assets| whole(assets.get().into(), decimals.into());
        match self {
            Self::BelowFloor { pays, brings } => format!(
                "it would bring {} USD for {} USD, transaction included, but profit_floor_usd requires {} USD more: \
                 lower it if less is enough",
                usd(*brings),
                usd(*pays),
                usd(rules.profit_floor)
            ),
            Self::NoLiquidity { at_hand } => format!(
                "{} liquidity tokens are free after keep = {} and other transactions, and with those it does not pay: \
                 fill the wallet, or lower keep",
                tokens(*at_hand),
                tokens(rules.keep)
            ),
            Self::MaxRepay => format!(
                "with max_repay = {} it does not pay, or would leave less than the pool's minimum debt: raise it",
                tokens(rules.max_repay)
            ),
            Self::CollateralFull { collateral, held } => format!(
                "{} USD of collateral {collateral} are held or incoming, and the room left by max_collateral_usd = {} \
                 is too small to pay: sell some, or raise it",
                usd(*held),
                usd(rules.max_collateral)
            ),
            Self::TooLarge => "it holds too many collaterals for one transaction: create a lookup table and add it to \
                 lookup_tables; the bot marks it meanwhile"
                .into(),
            Self::TooRecent { last_risk_increase_slot } => format!(
                "nothing is left to seize, and the last borrow or collateral withdrawal, at slot \
                 {last_risk_increase_slot}, is too recent: the bot records the loss once the pool's \
                 min_default_age_slots have passed"
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
