//! What an instruction can be refused for, and what to do about it.

use {anchor_lang::prelude::*, backstop_oracle::Error as OracleError};

/// Error codes, from 6000 on. Their order is part of the interface: new ones are added at the end.
#[error_code]
pub enum BackstopError {
    /// See [`backstop_engine::Error::MathOverflow`].
    #[msg("A result does not fit its type: use a smaller amount.")]
    MathOverflow,
    /// See [`backstop_engine::Error::AmountTooSmall`].
    #[msg("The amount is zero or rounds to zero: use a larger one.")]
    AmountTooSmall,
    /// See [`backstop_engine::Error::InsufficientShares`].
    #[msg("The position has fewer shares that are not requested: use at most these, or all.")]
    InsufficientShares,
    /// See [`backstop_engine::Error::InsufficientCash`].
    #[msg("The pool has too little cash: use at most its cash, or wait for repayments.")]
    InsufficientCash,
    /// See [`backstop_engine::Error::InsufficientCollateral`].
    #[msg("The obligation holds less of this collateral: use at most what it holds, or all.")]
    InsufficientCollateral,
    /// See [`backstop_engine::Error::NoDebt`].
    #[msg("The obligation owes nothing.")]
    NoDebt,
    /// See [`backstop_engine::Error::LoanToValueExceeded`].
    #[msg("The debt would exceed the loan-to-value limit: add collateral, repay, or use a smaller amount.")]
    LoanToValueExceeded,
    /// See [`backstop_engine::Error::DebtBelowMinimum`].
    #[msg("The remaining debt would be positive but below the pool's minimum: leave more, or none.")]
    DebtBelowMinimum,
    /// See [`backstop_engine::Error::ObligationHealthy`].
    #[msg("The obligation is within its liquidation threshold: it cannot be liquidated or written off.")]
    ObligationHealthy,
    /// See [`backstop_engine::Error::CollateralRemains`].
    #[msg("The obligation still holds collateral worth more than dust: liquidate it first.")]
    CollateralRemains,
    /// See [`backstop_engine::health::may_default`].
    #[msg("The debt or its collateral changed too recently: retry after the pool's minimum default age.")]
    DefaultTooRecent,
    /// See [`backstop_engine::Error::InvalidParameter`].
    #[msg("A parameter is outside its bounds: see the documentation of the parameters.")]
    InvalidParameter,
    /// See [`backstop_engine::Error::InvalidPrice`].
    #[msg("The price is zero, negative or out of range: wait for a better update.")]
    InvalidPrice,
    /// The outcome is worse than the caller's bound.
    #[msg("The outcome is worse than your bound: preview again and set a new bound.")]
    SlippageExceeded,
    /// Only the market's authority may do this.
    #[msg("The signer is not the market's authority.")]
    WrongAuthority,
    /// The signer does not own the position or obligation.
    #[msg("The signer does not own this account.")]
    WrongOwner,
    /// The account belongs to another pool.
    #[msg("The account belongs to another pool.")]
    WrongPool,
    /// The pool belongs to another market.
    #[msg("The pool belongs to another market.")]
    WrongMarket,
    /// Not the vault of this pool, collateral or fund.
    #[msg("The vault is not the one that the pool, collateral or fund records.")]
    WrongVault,
    /// Not the mint of this pool or collateral.
    #[msg("The mint is not the one that the pool or collateral records.")]
    WrongMint,
    /// Not the insurance fund of this pool.
    #[msg("The insurance fund is not the pool's.")]
    WrongInsuranceFund,
    /// The collateral accounts do not follow the obligation's own list.
    #[msg("The collateral accounts must follow the obligation's list, in its order.")]
    WrongCollateral,
    /// Accounts that price the obligation are missing.
    #[msg("Price accounts are missing: pass the liquidity price, then each collateral held with its price.")]
    MissingPrice,
    /// The price account is neither a fully verified Pyth price update nor a Switchboard feed.
    #[msg("The price account is neither a fully verified Pyth price update nor a Switchboard On-Demand feed.")]
    InvalidPriceAccount,
    /// The price update is for another feed.
    #[msg("The price update is for another feed than the one that is bound.")]
    WrongFeed,
    /// The price update is older than the limit.
    #[msg("The price update is too old: post a fresh one in the same transaction.")]
    StalePrice,
    /// The price update's time lies ahead of the chain's.
    #[msg("The price update's publish time lies too far ahead of the chain's clock.")]
    PriceFromFuture,
    /// The mint belongs to neither token program.
    #[msg("The mint belongs to neither of the two token programs: use SPL Token or Token-2022.")]
    UnsupportedToken,
    /// The obligation already holds as many collaterals as it can.
    #[msg("The obligation already holds the maximum number of collaterals: withdraw one first.")]
    TooManyCollaterals,
    /// The cap of a collateral's deposits, or of the pool's, is reached.
    #[msg("The deposit would exceed the cap: deposit less.")]
    DepositCapExceeded,
    /// An account's invariant does not hold. The transaction is refused whole.
    #[msg("An account's invariant does not hold: nothing was changed; please report this transaction.")]
    InvariantViolated,
    /// The history has no room for another row.
    #[msg("The history of shares is full: extend it first (anyone can pay), or give up old rows with trim_history.")]
    HistoryFull,
    /// See [`backstop_engine::Error::NothingToClaim`].
    #[msg("You have nothing left to claim of this loss: try again after its next recovery.")]
    NothingToClaim,
    /// The loss book has no room for another record.
    #[msg("The loss book is full: extend it first, in the same transaction; anyone can pay.")]
    LossBookFull,
    /// See [`backstop_engine::Error::BreakerTripped`].
    #[msg("Losses tripped the breaker: borrows wait until the pool's breaker_until.")]
    BreakerTripped,
    /// See [`backstop_engine::Error::ExitNotRequested`].
    #[msg("There is no request to execute: make one first.")]
    ExitNotRequested,
    /// See [`backstop_engine::Error::ExitNotMature`].
    #[msg("The request to leave has not matured: retry at its matures_at.")]
    ExitNotMature,
    /// See [`backstop_engine::Error::NoticeDue`].
    #[msg("Withdrawals take a notice now: use request_withdrawal; anyone can execute the request once it has matured.")]
    NoticeDue,
    /// Withdrawals take no notice now.
    #[msg("Withdrawals take no notice now: withdraw without a request.")]
    NoNoticeDue,
    /// Not the loss book of this pool.
    #[msg("The loss book is not the pool's.")]
    WrongLossBook,
    /// Not a claim account of this position or stake.
    #[msg("The claim account belongs to another position or stake.")]
    WrongClaim,
    /// See [`backstop_engine::Error::FundOnHold`].
    #[msg(
        "A known loss waits to be settled, and nobody enters or leaves the insurance fund meanwhile: liquidate, record or settle it, or wait."
    )]
    FundOnHold,
    /// See [`backstop_engine::Error::PriceUncertain`].
    #[msg("The price's confidence interval is wider than the limit: wait for a better update.")]
    PriceUncertain,
    /// See [`backstop_engine::Error::PricesDisagree`].
    #[msg("The two feeds of a token disagree by more than the limit: wait until they agree.")]
    PricesDisagree,
    /// A Switchboard result rests on fewer samples than the feed asks for.
    #[msg("The feed's result has fewer samples than it asks for: post a fresh update in the same transaction.")]
    TooFewSamples,
    /// The collateral was listed a short while ago.
    #[msg("This collateral was listed too recently: it can be deposited from its opens_at on.")]
    CollateralNotOpen,
    /// Neither guardian nor authority.
    #[msg("The signer is neither the market's guardian nor its authority.")]
    WrongGuardian,
    /// The change is not a tightening.
    #[msg("This change may take from someone: queue it, and execute it after the market's timelock.")]
    ChangeMustWait,
    /// See [`backstop_engine::Error::ChangeNotReady`].
    #[msg("The timelock has not passed: retry at executable_at.")]
    ChangeNotReady,
    /// See [`backstop_engine::Error::ChangeLapsed`].
    #[msg("The change was not executed in time and has lapsed: cancel it and queue it again.")]
    ChangeLapsed,
    /// The parameter belongs to another kind of account, or the account was not passed.
    #[msg("The account that this parameter belongs to is missing, or is not the one that the change was queued for.")]
    WrongTarget,
    /// Nobody was proposed, or somebody else.
    #[msg("The signer is not the authority that was proposed.")]
    WrongPendingAuthority,
    /// The operation is paused.
    #[msg("This operation is paused: it opens when the pause ends.")]
    Paused,
    /// See [`backstop_engine::Error::PauseTooLong`].
    #[msg("The pause is too long: at most 72 hours for exits, 30 days for other operations.")]
    PauseTooLong,
    /// See [`backstop_engine::Error::PauseTooSoon`].
    #[msg("The last pause of this operation is too recent: it must stay open for as long before the next one.")]
    PauseTooSoon,
    /// See [`backstop_engine::Error::InsufficientReserves`].
    #[msg("Fewer reserves can be collected now: use a smaller amount, or all.")]
    InsufficientReserves,
    /// Not the treasury's token account.
    #[msg("Reserves go to a token account of the market's treasury only.")]
    WrongTreasury,
    /// The mint takes a fee of transfers, or could.
    #[msg("The mint has the transfer fee extension: it cannot be listed.")]
    TransferFeeExtension,
    /// The mint calls a program at transfers, or could.
    #[msg("The mint has the transfer hook extension: it cannot be listed.")]
    TransferHookExtension,
    /// Somebody may move anyone's tokens.
    #[msg("The mint has the permanent delegate extension: it cannot be listed.")]
    PermanentDelegateExtension,
    /// New token accounts are frozen, or could be.
    #[msg("The mint has the default account state extension: it cannot be listed.")]
    DefaultAccountStateExtension,
    /// Amounts may be hidden.
    #[msg("The mint has a confidential transfer, mint or burn extension: it cannot be listed.")]
    ConfidentialTransferExtension,
    /// Its tokens cannot be moved.
    #[msg("The mint has the non-transferable extension: it cannot be listed.")]
    NonTransferableExtension,
    /// The mint may be closed, and made anew with other extensions.
    #[msg(
        "The mint has the close authority extension, so it could be recreated with other extensions: it cannot be listed."
    )]
    MintCloseAuthorityExtension,
    /// What is shown of an amount grows by itself, so a price per token shown is not one per base unit.
    #[msg("The mint has the interest-bearing extension, whose price is not per base unit: it cannot be listed.")]
    InterestBearingExtension,
    /// The same, by a multiplier.
    #[msg("The mint has the scaled amount extension, whose price is not per base unit: it cannot be listed.")]
    ScaledUiAmountExtension,
    /// Somebody may stop all transfers.
    #[msg("The mint has the pausable extension: it cannot be listed.")]
    PausableExtension,
    /// An extension that is not on the list of harmless ones.
    #[msg("The mint has an unknown extension: it cannot be listed.")]
    UnknownExtension,
    /// See [`backstop_engine::Error::DebtCovered`].
    #[msg("The collateral covers the debt after the minimum bonus, so nothing is lost: liquidate it.")]
    DebtCovered,
    /// See [`backstop_engine::Error::PoolOnHold`].
    #[msg(
        "A known loss waits to be settled, and nobody enters or leaves the pool meanwhile: liquidate, record or settle it, or wait."
    )]
    PoolOnHold,
    /// See [`backstop_engine::Error::PriceBeforeMark`].
    #[msg(
        "A mark is settled by prices no older than it, and at most ten seconds older than the newest that were read: post newer ones."
    )]
    PriceBeforeMark,
    /// See [`backstop_engine::Error::BorrowCapExceeded`].
    #[msg("The loan would exceed the pool's borrow cap: borrow less.")]
    BorrowCapExceeded,
    /// See [`backstop_engine::Error::PoolNotOpen`].
    #[msg("The pool is not open: deposits, stakes and donations start when the market's authority opens it.")]
    PoolNotOpen,
    /// See [`backstop_engine::Error::PoolAlreadyOpen`].
    #[msg("The pool is already open: donate to its insurance fund with fund_insurance.")]
    PoolAlreadyOpen,
    /// See [`backstop_engine::Error::InitialDonationTooSmall`].
    #[msg("The insurance fund's initial donation is below one million base units: donate at least that.")]
    InitialDonationTooSmall,
    /// See [`backstop_engine::Error::ChangeVoid`].
    #[msg("The change was queued before its pool opened, which voided it: cancel it and queue it again.")]
    ChangeVoid,
    /// See [`backstop_engine::Error::ExitPending`].
    #[msg("Another request is pending and cannot be taken back: wait until it has matured and is executed.")]
    ExitPending,
    /// No executed request left anything.
    #[msg("Nothing is payable: execute a matured request first.")]
    NothingToCollect,
}

backstop_engine::error_conversion!(BackstopError);

impl From<OracleError> for BackstopError {
    fn from(error: OracleError) -> Self {
        match error {
            OracleError::InvalidAccount => Self::InvalidPriceAccount,
            OracleError::WrongFeed => Self::WrongFeed,
            OracleError::TooFewSamples => Self::TooFewSamples,
            OracleError::Stale => Self::StalePrice,
            OracleError::FromFuture => Self::PriceFromFuture,
            OracleError::Engine(error) => error.into(),
        }
    }
}

/// Carries an engine error out of an instruction under its own code.
pub trait IntoProgramError<T> {
    /// The value, or the error as the program's.
    fn into_program_error(self) -> Result<T>;
}

impl<T> IntoProgramError<T> for backstop_engine::Result<T> {
    #[inline(always)]
    fn into_program_error(self) -> Result<T> {
        self.map_err(|error| BackstopError::from(error).into())
    }
}
