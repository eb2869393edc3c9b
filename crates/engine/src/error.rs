//! Why the engine refuses.

/// What a computation can be refused for. The program gives each a numbered error of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// A result does not fit its type. The amounts are beyond what the pool can hold; use a smaller one.
    MathOverflow,
    /// The amount is zero, or so small that it rounds to nothing. Use a larger one.
    AmountTooSmall,
    /// The position holds fewer shares than asked for. Ask for at most what it holds, or for all.
    InsufficientShares,
    /// The pool has less cash than asked for. Wait for repayments, or ask for at most the cash.
    InsufficientCash,
    /// The obligation holds less of this collateral than asked for.
    InsufficientCollateral,
    /// The obligation owes nothing.
    NoDebt,
    /// The debt would exceed the collateral's loan-to-value limit. Add collateral, repay, or ask for less.
    LoanToValueExceeded,
    /// The debt would be positive but below the pool's minimum. Borrow more, or repay all.
    DebtBelowMinimum,
    /// The obligation is within its liquidation threshold and cannot be liquidated or written off.
    ObligationHealthy,
    /// The obligation still holds collateral worth more than dust. Liquidate first.
    CollateralRemains,
    /// A parameter is outside its bounds.
    InvalidParameter,
    /// A price is zero, negative, or nothing is left of it after its confidence interval is applied.
    InvalidPrice,
    /// A price's confidence interval is wider than the limit.
    PriceUncertain,
    /// Two feeds of one token disagree by more than the limit.
    PricesDisagree,
    /// Nothing was recovered of what this holder lost by this loss, or it was paid already.
    NothingToClaim,
    /// Losses tripped the breaker: borrows wait until they have faded.
    BreakerTripped,
    /// Nothing is requested, so nothing can be executed. Ask to leave first.
    ExitNotRequested,
    /// The request to leave has not matured.
    ExitNotMature,
    /// A notice is due. Ask to withdraw; anyone executes that when it has matured.
    NoticeDue,
    /// A known loss waits to be settled, and nobody enters or leaves the insurance fund meanwhile. Liquidate, record or settle it, or wait.
    FundOnHold,
    /// More reserves than there are beyond what is marked. Ask for less, or for all.
    InsufficientReserves,
    /// The pause is longer than its kind allows.
    PauseTooLong,
    /// The last pause of this ended too recently.
    PauseTooSoon,
    /// The timelock has not passed.
    ChangeNotReady,
    /// The change was not executed in time.
    ChangeLapsed,
    /// The collateral covers the debt, so nothing is lost. Liquidate it.
    DebtCovered,
    /// A known loss waits to be settled, and nobody enters or leaves the pool meanwhile. Liquidate, record or settle it, or wait.
    PoolOnHold,
    /// A mark is settled by prices that are no older than it, nor much older than the newest that were read. Post newer ones.
    PriceBeforeMark,
    /// LPs would have more in the pool than its cap allows. Deposit less.
    DepositCapExceeded,
    /// More would be lent than the pool's cap allows. Borrow less.
    BorrowCapExceeded,
    /// Nobody puts money into a pool before its authority opens it.
    PoolNotOpen,
    /// The pool was opened already.
    PoolAlreadyOpen,
    /// The gift that founds a fund is less than [`FOUNDING_GIFT`](crate::bounds::FOUNDING_GIFT). Give more.
    FoundingGiftTooSmall,
    /// The change was queued before its pool opened. Cancel it and queue it anew.
    ChangeVoid,
    /// A request to leave stands, and is the only one at a time. Execute it when it has matured.
    ExitPending,
}

/// The result of a computation.
pub type Result<T> = core::result::Result<T, Error>;
