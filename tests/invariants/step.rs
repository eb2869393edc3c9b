//! What happens in a history.

use backstop_engine::price::Quote;

pub(crate) type Actor = &'static str;
pub(crate) type Symbol = &'static str;

/// Everybody may do everything; each is named after what they mostly do.
pub(crate) const ACTORS: [Actor; 8] = ["alice", "ann", "arno", "bea", "ben", "bob", "ines", "liz"];
pub(crate) const LPS: [Actor; 4] = ["alice", "ann", "arno", "bob"];
pub(crate) const BORROWERS: [Actor; 4] = ["bea", "ben", "bob", "alice"];
pub(crate) const COLLATERALS: [Symbol; 2] = ["ETH", "SOL"];
pub(crate) const TOKENS: [Symbol; 3] = ["ETH", "SOL", "USDC"];

#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Deposit {
        who: Actor,
        assets: u64,
    },
    Withdraw {
        who: Actor,
        shares: u64,
    },
    DepositCollateral {
        who: Actor,
        symbol: Symbol,
        units: u64,
    },
    WithdrawCollateral {
        who: Actor,
        symbol: Symbol,
        units: u64,
    },
    Borrow {
        who: Actor,
        assets: u64,
    },
    Repay {
        who: Actor,
        borrower: Actor,
        assets: u64,
    },
    Accrue,
    Liquidate {
        who: Actor,
        borrower: Actor,
        symbol: Symbol,
        max_repay: u64,
    },
    Record {
        who: Actor,
        borrower: Actor,
    },
    Fund {
        who: Actor,
        assets: u64,
    },
    /// Sends tokens to a vault, past the program.
    Donate {
        to_fund: bool,
        units: u64,
    },
    Wait {
        seconds: u32,
    },
    Price {
        symbol: Symbol,
        quote: Quote,
    },
}

impl Step {
    /// Whether it is an instruction.
    pub(crate) fn is_instruction(&self) -> bool {
        !matches!(self, Self::Donate { .. } | Self::Wait { .. } | Self::Price { .. })
    }

    /// Whose obligation it may change.
    pub(crate) fn obligation(&self) -> Option<Actor> {
        match *self {
            Self::DepositCollateral { who, .. } | Self::WithdrawCollateral { who, .. } | Self::Borrow { who, .. } => {
                Some(who)
            }
            Self::Repay { borrower, .. } | Self::Liquidate { borrower, .. } | Self::Record { borrower, .. } => {
                Some(borrower)
            }
            _ => None,
        }
    }

    /// Whose LP position it may change.
    pub(crate) fn position(&self) -> Option<Actor> {
        match *self {
            Self::Deposit { who, .. } | Self::Withdraw { who, .. } => Some(who),
            _ => None,
        }
    }
}
