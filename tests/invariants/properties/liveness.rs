//! `always-open` and `breaker`: what a step may be refused for, whatever the state.

use crate::{
    step::Step,
    violation::{Holds, holds},
};

/// What each step may be refused for. Repaying, topping up, provisioning, recording, recovering, claiming never wait for
/// anything: neither for the breaker, nor for a notice, nor for cash, nor because an amount is large.
const fn may_be_refused_for(step: &Step) -> &'static [&'static str] {
    match step {
        Step::Deposit { .. } => {
            &["BreakerTripped", "Closed", "AmountTooSmall", "MathOverflow", "TokenInsufficientFunds"]
        }
        Step::Withdraw { .. } => &[
            "AmountTooSmall",
            "InsufficientShares",
            "InsufficientCash",
            "ExitNotRequested",
            "ExitNotMature",
            "ExitLapsed",
        ],
        Step::RequestWithdrawal { .. } => &["NoNoticeDue", "AmountTooSmall", "InsufficientShares"],
        Step::TransferShares { .. } => &["AmountTooSmall", "InsufficientShares", "ConstraintDuplicateMutableAccount"],
        Step::ClaimRecovery { .. } | Step::ClaimStakeRecovery { .. } => &["NothingToClaim"],
        Step::DepositCollateral { .. } => &["AmountTooSmall", "TokenInsufficientFunds"],
        Step::WithdrawCollateral { .. } => &["AmountTooSmall", "InsufficientCollateral", "LoanToValueExceeded"],
        Step::Borrow { .. } => &[
            "BreakerTripped",
            "AmountTooSmall",
            "InsufficientCash",
            "LoanToValueExceeded",
            "DebtBelowMinimum",
            "MathOverflow",
        ],
        Step::Repay { .. } => &["NoDebt", "AmountTooSmall", "DebtWrittenOff", "TokenInsufficientFunds"],
        Step::Provision { .. } => &["ObligationHealthy", "DefaultTooRecent"],
        Step::Liquidate { .. } => &[
            "ObligationHealthy",
            "InsufficientCollateral",
            "AmountTooSmall",
            "DebtBelowMinimum",
            "TokenInsufficientFunds",
        ],
        Step::Record { .. } => &["ObligationHealthy", "CollateralRemains", "NoDebt", "DefaultTooRecent"],
        Step::Recover { .. } => &["NothingToRecover", "AmountTooSmall", "TokenInsufficientFunds"],
        Step::Fund { .. } => &["AmountTooSmall", "MathOverflow", "TokenInsufficientFunds"],
        Step::Stake { .. } => &["Closed", "AmountTooSmall", "MathOverflow", "TokenInsufficientFunds"],
        Step::RequestUnstake { .. } => &["AmountTooSmall", "InsufficientShares"],
        Step::CancelUnstake { .. } => &["ExitNotRequested"],
        Step::Unstake { .. } => {
            &["AmountTooSmall", "ExitNotRequested", "ExitNotMature", "ExitLapsed", "HeldForProvisions"]
        }
        Step::Accrue | Step::Donate { .. } | Step::Wait { .. } | Step::Price { .. } => &[],
    }
}

/// A refusal is one that this step may meet.
pub(crate) fn refusal(step: &Step, name: &str) -> Holds {
    let tripped = name != "BreakerTripped" || matches!(step, Step::Deposit { .. } | Step::Borrow { .. });
    holds!("breaker", tripped, "{step:?} was refused because the breaker is tripped");
    holds!("always-open", may_be_refused_for(step).contains(&name), "{step:?} was refused with {name}");
    Ok(())
}
