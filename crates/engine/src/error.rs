//! Why the engine refuses an action.

/// Why a computation is refused. The program maps each variant to a numbered error of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// A result does not fit its type: the amounts are beyond what the pool can hold. Use a smaller amount.
    MathOverflow,
    /// The amount is zero, or rounds to zero. Use a larger amount.
    AmountTooSmall,
    /// The position holds fewer shares than requested. Request at most what it holds, or all.
    InsufficientShares,
    /// The pool has less cash than requested. Wait for repayments, or request at most the available cash.
    InsufficientCash,
    /// The obligation holds less of this collateral than requested.
    InsufficientCollateral,
    /// The obligation owes nothing.
    NoDebt,
    /// The debt would exceed the loan-to-value limit of the collateral. Add collateral, repay, or request less.
    LoanToValueExceeded,
    /// The debt would be above zero but below the pool's minimum. Borrow more, or repay all.
    DebtBelowMinimum,
    /// The obligation is within its liquidation threshold. It can be neither liquidated nor written off.
    ObligationHealthy,
    /// The obligation still holds collateral worth more than dust. Liquidate first.
    CollateralRemains,
    /// A parameter is outside its bounds.
    InvalidParameter,
    /// A price is zero or negative, or nothing is left of it after subtracting its confidence interval.
    InvalidPrice,
    /// A price's confidence interval is wider than the limit.
    PriceUncertain,
    /// The two feeds of a token differ by more than the limit.
    PricesDisagree,
    /// Nothing was recovered of what this holder lost in this loss, or it was already paid.
    NothingToClaim,
    /// Losses tripped the breaker. Borrowing is refused until they have faded.
    BreakerTripped,
    /// No request is pending, so nothing can be executed. Request first.
    ExitNotRequested,
    /// The withdrawal or unstake request has not matured.
    ExitNotMature,
    /// A notice applies. Request the withdrawal; anyone can execute it once it has matured.
    NoticeDue,
    /// A known loss is not settled yet, so nobody can enter or leave the insurance fund. Liquidate, record or settle
    /// it, or wait.
    FundOnHold,
    /// The amount exceeds the reserves that can be collected. Request less, or all.
    InsufficientReserves,
    /// The pause is longer than its kind allows.
    PauseTooLong,
    /// The previous pause of the same action ended too recently.
    PauseTooSoon,
    /// The change's timelock has not passed.
    ChangeNotReady,
    /// The change was not executed before it lapsed.
    ChangeLapsed,
    /// The collateral covers the debt, so there is no loss. Liquidate instead.
    DebtCovered,
    /// A known loss is not settled yet, so nobody can enter or leave the pool. Liquidate, record or settle it, or wait.
    PoolOnHold,
    /// A price is older than the mark, or much older than the newest price read. Settlement needs newer prices: post
    /// them.
    PriceBeforeMark,
    /// The deposit would take the LPs' NAV above the pool's cap. Deposit less.
    DepositCapExceeded,
    /// The loan would take the lent amount above the pool's cap. Borrow less.
    BorrowCapExceeded,
    /// The pool is closed: it takes no deposits, stakes or donations until its authority opens it.
    PoolNotOpen,
    /// The pool is already open.
    PoolAlreadyOpen,
    /// The fund's initial donation is below [`MIN_INITIAL_DONATION`](crate::bounds::MIN_INITIAL_DONATION). Donate more.
    InitialDonationTooSmall,
    /// The change was queued before its pool opened. Cancel it and queue it again.
    ChangeVoid,
    /// A request is already pending, and only one is allowed at a time. Execute it once it has matured.
    ExitPending,
}

/// The result of a computation.
pub type Result<T> = core::result::Result<T, Error>;

/// Implements `From<Error>` for an error type that has the same variants among its own.
#[macro_export]
macro_rules! error_conversion {
    ($target:ty) => {
        impl From<$crate::Error> for $target {
            fn from(error: $crate::Error) -> Self {
                match error {
                    $crate::Error::MathOverflow => Self::MathOverflow,
                    $crate::Error::AmountTooSmall => Self::AmountTooSmall,
                    $crate::Error::InsufficientShares => Self::InsufficientShares,
                    $crate::Error::InsufficientCash => Self::InsufficientCash,
                    $crate::Error::InsufficientCollateral => Self::InsufficientCollateral,
                    $crate::Error::NoDebt => Self::NoDebt,
                    $crate::Error::LoanToValueExceeded => Self::LoanToValueExceeded,
                    $crate::Error::DebtBelowMinimum => Self::DebtBelowMinimum,
                    $crate::Error::ObligationHealthy => Self::ObligationHealthy,
                    $crate::Error::CollateralRemains => Self::CollateralRemains,
                    $crate::Error::InvalidParameter => Self::InvalidParameter,
                    $crate::Error::InvalidPrice => Self::InvalidPrice,
                    $crate::Error::PriceUncertain => Self::PriceUncertain,
                    $crate::Error::PricesDisagree => Self::PricesDisagree,
                    $crate::Error::NothingToClaim => Self::NothingToClaim,
                    $crate::Error::BreakerTripped => Self::BreakerTripped,
                    $crate::Error::ExitNotRequested => Self::ExitNotRequested,
                    $crate::Error::ExitNotMature => Self::ExitNotMature,
                    $crate::Error::NoticeDue => Self::NoticeDue,
                    $crate::Error::FundOnHold => Self::FundOnHold,
                    $crate::Error::InsufficientReserves => Self::InsufficientReserves,
                    $crate::Error::PauseTooLong => Self::PauseTooLong,
                    $crate::Error::PauseTooSoon => Self::PauseTooSoon,
                    $crate::Error::ChangeNotReady => Self::ChangeNotReady,
                    $crate::Error::ChangeLapsed => Self::ChangeLapsed,
                    $crate::Error::DebtCovered => Self::DebtCovered,
                    $crate::Error::PoolOnHold => Self::PoolOnHold,
                    $crate::Error::PriceBeforeMark => Self::PriceBeforeMark,
                    $crate::Error::DepositCapExceeded => Self::DepositCapExceeded,
                    $crate::Error::BorrowCapExceeded => Self::BorrowCapExceeded,
                    $crate::Error::PoolNotOpen => Self::PoolNotOpen,
                    $crate::Error::PoolAlreadyOpen => Self::PoolAlreadyOpen,
                    $crate::Error::InitialDonationTooSmall => Self::InitialDonationTooSmall,
                    $crate::Error::ChangeVoid => Self::ChangeVoid,
                    $crate::Error::ExitPending => Self::ExitPending,
                }
            }
        }
    };
}
