// Generated from idl/backstop.json by `cargo xtask generate`. Do not edit.
//! Why the program refuses.

/// Why the program refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum BackstopError {
    /// A result does not fit its type: use a smaller amount.
    MathOverflow = 6000,
    /// The amount is zero or rounds to zero: use a larger one.
    AmountTooSmall = 6001,
    /// The position has fewer shares that are not requested: use at most these, or all.
    InsufficientShares = 6002,
    /// The pool has too little cash: use at most its cash, or wait for repayments.
    InsufficientCash = 6003,
    /// The obligation holds less of this collateral: use at most what it holds, or all.
    InsufficientCollateral = 6004,
    /// The obligation owes nothing.
    NoDebt = 6005,
    /// The debt would exceed the loan-to-value limit: add collateral, repay, or use a smaller amount.
    LoanToValueExceeded = 6006,
    /// The remaining debt would be positive but below the pool's minimum: leave more, or none.
    DebtBelowMinimum = 6007,
    /// The obligation is within its liquidation threshold: it cannot be liquidated or written off.
    ObligationHealthy = 6008,
    /// The obligation still holds collateral worth more than dust: liquidate it first.
    CollateralRemains = 6009,
    /// The debt or its collateral changed too recently: retry after the pool's minimum default age.
    DefaultTooRecent = 6010,
    /// A parameter is outside its bounds: see the documentation of the parameters.
    InvalidParameter = 6011,
    /// The price is zero, negative or out of range: wait for a better update.
    InvalidPrice = 6012,
    /// The outcome is worse than your bound: preview again and set a new bound.
    SlippageExceeded = 6013,
    /// The signer is not the market's authority.
    WrongAuthority = 6014,
    /// The signer does not own this account.
    WrongOwner = 6015,
    /// The account belongs to another pool.
    WrongPool = 6016,
    /// The pool belongs to another market.
    WrongMarket = 6017,
    /// The vault is not the one that the pool, collateral or fund records.
    WrongVault = 6018,
    /// The mint is not the one that the pool or collateral records.
    WrongMint = 6019,
    /// The insurance fund is not the pool's.
    WrongInsuranceFund = 6020,
    /// The collateral accounts must follow the obligation's list, in its order.
    WrongCollateral = 6021,
    /// Price accounts are missing: pass the liquidity price, then each collateral held with its price.
    MissingPrice = 6022,
    /// The price account is neither a fully verified Pyth price update nor a Switchboard On-Demand feed.
    InvalidPriceAccount = 6023,
    /// The price update is for another feed than the one that is bound.
    WrongFeed = 6024,
    /// The price update is too old: post a fresh one in the same transaction.
    StalePrice = 6025,
    /// The price update's publish time lies too far ahead of the chain's clock.
    PriceFromFuture = 6026,
    /// The mint belongs to neither of the two token programs: use SPL Token or Token-2022.
    UnsupportedToken = 6027,
    /// The obligation already holds the maximum number of collaterals: withdraw one first.
    TooManyCollaterals = 6028,
    /// The deposit would exceed the cap: deposit less.
    DepositCapExceeded = 6029,
    /// An account's invariant does not hold: nothing was changed; please report this transaction.
    InvariantViolated = 6030,
    /// The history of shares is full: extend it first (anyone can pay), or give up old rows with trim_history.
    HistoryFull = 6031,
    /// You have nothing left to claim of this loss: try again after its next recovery.
    NothingToClaim = 6032,
    /// The loss book is full: extend it first, in the same transaction; anyone can pay.
    LossBookFull = 6033,
    /// Losses tripped the breaker: borrows wait until the pool's breaker_until.
    BreakerTripped = 6034,
    /// There is no request to execute: make one first.
    ExitNotRequested = 6035,
    /// The request to leave has not matured: retry at its matures_at.
    ExitNotMature = 6036,
    /// Withdrawals take a notice now: use request_withdrawal; anyone can execute the request once it has matured.
    NoticeDue = 6037,
    /// Withdrawals take no notice now: withdraw without a request.
    NoNoticeDue = 6038,
    /// The loss book is not the pool's.
    WrongLossBook = 6039,
    /// The claim account belongs to another position or stake.
    WrongClaim = 6040,
    /// A known loss waits to be settled, and nobody enters or leaves the insurance fund meanwhile: liquidate, record or settle it, or wait.
    FundOnHold = 6041,
    /// The price's confidence interval is wider than the limit: wait for a better update.
    PriceUncertain = 6042,
    /// The two feeds of a token disagree by more than the limit: wait until they agree.
    PricesDisagree = 6043,
    /// The feed's result has fewer samples than it asks for: post a fresh update in the same transaction.
    TooFewSamples = 6044,
    /// This collateral was listed too recently: it can be deposited from its opens_at on.
    CollateralNotOpen = 6045,
    /// The signer is neither the market's guardian nor its authority.
    WrongGuardian = 6046,
    /// This change may take from someone: queue it, and execute it after the market's timelock.
    ChangeMustWait = 6047,
    /// The timelock has not passed: retry at executable_at.
    ChangeNotReady = 6048,
    /// The change was not executed in time and has lapsed: cancel it and queue it again.
    ChangeLapsed = 6049,
    /// The account that this parameter belongs to is missing, or is not the one that the change was queued for.
    WrongTarget = 6050,
    /// The signer is not the authority that was proposed.
    WrongPendingAuthority = 6051,
    /// This operation is paused: it opens when the pause ends.
    Paused = 6052,
    /// The pause is too long: at most 72 hours for exits, 30 days for other operations.
    PauseTooLong = 6053,
    /// The last pause of this operation is too recent: it must stay open for as long before the next one.
    PauseTooSoon = 6054,
    /// Fewer reserves can be collected now: use a smaller amount, or all.
    InsufficientReserves = 6055,
    /// Reserves go to a token account of the market's treasury only.
    WrongTreasury = 6056,
    /// The mint has the transfer fee extension: it cannot be listed.
    TransferFeeExtension = 6057,
    /// The mint has the transfer hook extension: it cannot be listed.
    TransferHookExtension = 6058,
    /// The mint has the permanent delegate extension: it cannot be listed.
    PermanentDelegateExtension = 6059,
    /// The mint has the default account state extension: it cannot be listed.
    DefaultAccountStateExtension = 6060,
    /// The mint has a confidential transfer, mint or burn extension: it cannot be listed.
    ConfidentialTransferExtension = 6061,
    /// The mint has the non-transferable extension: it cannot be listed.
    NonTransferableExtension = 6062,
    /// The mint has the close authority extension, so it could be recreated with other extensions: it cannot be listed.
    MintCloseAuthorityExtension = 6063,
    /// The mint has the interest-bearing extension, whose price is not per base unit: it cannot be listed.
    InterestBearingExtension = 6064,
    /// The mint has the scaled amount extension, whose price is not per base unit: it cannot be listed.
    ScaledUiAmountExtension = 6065,
    /// The mint has the pausable extension: it cannot be listed.
    PausableExtension = 6066,
    /// The mint has an unknown extension: it cannot be listed.
    UnknownExtension = 6067,
    /// The collateral covers the debt after the minimum bonus, so nothing is lost: liquidate it.
    DebtCovered = 6068,
    /// A known loss waits to be settled, and nobody enters or leaves the pool meanwhile: liquidate, record or settle it, or wait.
    PoolOnHold = 6069,
    /// A mark is settled by prices no older than it, and at most ten seconds older than the newest that were read: post newer ones.
    PriceBeforeMark = 6070,
    /// The loan would exceed the pool's borrow cap: borrow less.
    BorrowCapExceeded = 6071,
    /// The pool is not open: deposits, stakes and donations start when the market's authority opens it.
    PoolNotOpen = 6072,
    /// The pool is already open: donate to its insurance fund with fund_insurance.
    PoolAlreadyOpen = 6073,
    /// The insurance fund's initial donation is below one million base units: donate at least that.
    InitialDonationTooSmall = 6074,
    /// The change was queued before its pool opened, which voided it: cancel it and queue it again.
    ChangeVoid = 6075,
    /// Another request is pending and cannot be taken back: wait until it has matured and is executed.
    ExitPending = 6076,
    /// Nothing is payable: execute a matured request first.
    NothingToCollect = 6077,
}

impl BackstopError {
    /// All errors, in the order of their codes.
    pub const ALL: &[Self] = &[
        Self::MathOverflow,
        Self::AmountTooSmall,
        Self::InsufficientShares,
        Self::InsufficientCash,
        Self::InsufficientCollateral,
        Self::NoDebt,
        Self::LoanToValueExceeded,
        Self::DebtBelowMinimum,
        Self::ObligationHealthy,
        Self::CollateralRemains,
        Self::DefaultTooRecent,
        Self::InvalidParameter,
        Self::InvalidPrice,
        Self::SlippageExceeded,
        Self::WrongAuthority,
        Self::WrongOwner,
        Self::WrongPool,
        Self::WrongMarket,
        Self::WrongVault,
        Self::WrongMint,
        Self::WrongInsuranceFund,
        Self::WrongCollateral,
        Self::MissingPrice,
        Self::InvalidPriceAccount,
        Self::WrongFeed,
        Self::StalePrice,
        Self::PriceFromFuture,
        Self::UnsupportedToken,
        Self::TooManyCollaterals,
        Self::DepositCapExceeded,
        Self::InvariantViolated,
        Self::HistoryFull,
        Self::NothingToClaim,
        Self::LossBookFull,
        Self::BreakerTripped,
        Self::ExitNotRequested,
        Self::ExitNotMature,
        Self::NoticeDue,
        Self::NoNoticeDue,
        Self::WrongLossBook,
        Self::WrongClaim,
        Self::FundOnHold,
        Self::PriceUncertain,
        Self::PricesDisagree,
        Self::TooFewSamples,
        Self::CollateralNotOpen,
        Self::WrongGuardian,
        Self::ChangeMustWait,
        Self::ChangeNotReady,
        Self::ChangeLapsed,
        Self::WrongTarget,
        Self::WrongPendingAuthority,
        Self::Paused,
        Self::PauseTooLong,
        Self::PauseTooSoon,
        Self::InsufficientReserves,
        Self::WrongTreasury,
        Self::TransferFeeExtension,
        Self::TransferHookExtension,
        Self::PermanentDelegateExtension,
        Self::DefaultAccountStateExtension,
        Self::ConfidentialTransferExtension,
        Self::NonTransferableExtension,
        Self::MintCloseAuthorityExtension,
        Self::InterestBearingExtension,
        Self::ScaledUiAmountExtension,
        Self::PausableExtension,
        Self::UnknownExtension,
        Self::DebtCovered,
        Self::PoolOnHold,
        Self::PriceBeforeMark,
        Self::BorrowCapExceeded,
        Self::PoolNotOpen,
        Self::PoolAlreadyOpen,
        Self::InitialDonationTooSmall,
        Self::ChangeVoid,
        Self::ExitPending,
        Self::NothingToCollect,
    ];

    /// Its name, as in the IDL.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MathOverflow => "MathOverflow",
            Self::AmountTooSmall => "AmountTooSmall",
            Self::InsufficientShares => "InsufficientShares",
            Self::InsufficientCash => "InsufficientCash",
            Self::InsufficientCollateral => "InsufficientCollateral",
            Self::NoDebt => "NoDebt",
            Self::LoanToValueExceeded => "LoanToValueExceeded",
            Self::DebtBelowMinimum => "DebtBelowMinimum",
            Self::ObligationHealthy => "ObligationHealthy",
            Self::CollateralRemains => "CollateralRemains",
            Self::DefaultTooRecent => "DefaultTooRecent",
            Self::InvalidParameter => "InvalidParameter",
            Self::InvalidPrice => "InvalidPrice",
            Self::SlippageExceeded => "SlippageExceeded",
            Self::WrongAuthority => "WrongAuthority",
            Self::WrongOwner => "WrongOwner",
            Self::WrongPool => "WrongPool",
            Self::WrongMarket => "WrongMarket",
            Self::WrongVault => "WrongVault",
            Self::WrongMint => "WrongMint",
            Self::WrongInsuranceFund => "WrongInsuranceFund",
            Self::WrongCollateral => "WrongCollateral",
            Self::MissingPrice => "MissingPrice",
            Self::InvalidPriceAccount => "InvalidPriceAccount",
            Self::WrongFeed => "WrongFeed",
            Self::StalePrice => "StalePrice",
            Self::PriceFromFuture => "PriceFromFuture",
            Self::UnsupportedToken => "UnsupportedToken",
            Self::TooManyCollaterals => "TooManyCollaterals",
            Self::DepositCapExceeded => "DepositCapExceeded",
            Self::InvariantViolated => "InvariantViolated",
            Self::HistoryFull => "HistoryFull",
            Self::NothingToClaim => "NothingToClaim",
            Self::LossBookFull => "LossBookFull",
            Self::BreakerTripped => "BreakerTripped",
            Self::ExitNotRequested => "ExitNotRequested",
            Self::ExitNotMature => "ExitNotMature",
            Self::NoticeDue => "NoticeDue",
            Self::NoNoticeDue => "NoNoticeDue",
            Self::WrongLossBook => "WrongLossBook",
            Self::WrongClaim => "WrongClaim",
            Self::FundOnHold => "FundOnHold",
            Self::PriceUncertain => "PriceUncertain",
            Self::PricesDisagree => "PricesDisagree",
            Self::TooFewSamples => "TooFewSamples",
            Self::CollateralNotOpen => "CollateralNotOpen",
            Self::WrongGuardian => "WrongGuardian",
            Self::ChangeMustWait => "ChangeMustWait",
            Self::ChangeNotReady => "ChangeNotReady",
            Self::ChangeLapsed => "ChangeLapsed",
            Self::WrongTarget => "WrongTarget",
            Self::WrongPendingAuthority => "WrongPendingAuthority",
            Self::Paused => "Paused",
            Self::PauseTooLong => "PauseTooLong",
            Self::PauseTooSoon => "PauseTooSoon",
            Self::InsufficientReserves => "InsufficientReserves",
            Self::WrongTreasury => "WrongTreasury",
            Self::TransferFeeExtension => "TransferFeeExtension",
            Self::TransferHookExtension => "TransferHookExtension",
            Self::PermanentDelegateExtension => "PermanentDelegateExtension",
            Self::DefaultAccountStateExtension => "DefaultAccountStateExtension",
            Self::ConfidentialTransferExtension => "ConfidentialTransferExtension",
            Self::NonTransferableExtension => "NonTransferableExtension",
            Self::MintCloseAuthorityExtension => "MintCloseAuthorityExtension",
            Self::InterestBearingExtension => "InterestBearingExtension",
            Self::ScaledUiAmountExtension => "ScaledUiAmountExtension",
            Self::PausableExtension => "PausableExtension",
            Self::UnknownExtension => "UnknownExtension",
            Self::DebtCovered => "DebtCovered",
            Self::PoolOnHold => "PoolOnHold",
            Self::PriceBeforeMark => "PriceBeforeMark",
            Self::BorrowCapExceeded => "BorrowCapExceeded",
            Self::PoolNotOpen => "PoolNotOpen",
            Self::PoolAlreadyOpen => "PoolAlreadyOpen",
            Self::InitialDonationTooSmall => "InitialDonationTooSmall",
            Self::ChangeVoid => "ChangeVoid",
            Self::ExitPending => "ExitPending",
            Self::NothingToCollect => "NothingToCollect",
        }
    }

    /// What it means and what to do.
    pub const fn message(self) -> &'static str {
        match self {
            Self::MathOverflow => "A result does not fit its type: use a smaller amount.",
            Self::AmountTooSmall => "The amount is zero or rounds to zero: use a larger one.",
            Self::InsufficientShares => {
                "The position has fewer shares that are not requested: use at most these, or all."
            }
            Self::InsufficientCash => "The pool has too little cash: use at most its cash, or wait for repayments.",
            Self::InsufficientCollateral => {
                "The obligation holds less of this collateral: use at most what it holds, or all."
            }
            Self::NoDebt => "The obligation owes nothing.",
            Self::LoanToValueExceeded => {
                "The debt would exceed the loan-to-value limit: add collateral, repay, or use a smaller amount."
            }
            Self::DebtBelowMinimum => {
                "The remaining debt would be positive but below the pool's minimum: leave more, or none."
            }
            Self::ObligationHealthy => {
                "The obligation is within its liquidation threshold: it cannot be liquidated or written off."
            }
            Self::CollateralRemains => {
                "The obligation still holds collateral worth more than dust: liquidate it first."
            }
            Self::DefaultTooRecent => {
                "The debt or its collateral changed too recently: retry after the pool's minimum default age."
            }
            Self::InvalidParameter => "A parameter is outside its bounds: see the documentation of the parameters.",
            Self::InvalidPrice => "The price is zero, negative or out of range: wait for a better update.",
            Self::SlippageExceeded => "The outcome is worse than your bound: preview again and set a new bound.",
            Self::WrongAuthority => "The signer is not the market's authority.",
            Self::WrongOwner => "The signer does not own this account.",
            Self::WrongPool => "The account belongs to another pool.",
            Self::WrongMarket => "The pool belongs to another market.",
            Self::WrongVault => "The vault is not the one that the pool, collateral or fund records.",
            Self::WrongMint => "The mint is not the one that the pool or collateral records.",
            Self::WrongInsuranceFund => "The insurance fund is not the pool's.",
            Self::WrongCollateral => "The collateral accounts must follow the obligation's list, in its order.",
            Self::MissingPrice => {
                "Price accounts are missing: pass the liquidity price, then each collateral held with its price."
            }
            Self::InvalidPriceAccount => {
                "The price account is neither a fully verified Pyth price update nor a Switchboard On-Demand feed."
            }
            Self::WrongFeed => "The price update is for another feed than the one that is bound.",
            Self::StalePrice => "The price update is too old: post a fresh one in the same transaction.",
            Self::PriceFromFuture => "The price update's publish time lies too far ahead of the chain's clock.",
            Self::UnsupportedToken => {
                "The mint belongs to neither of the two token programs: use SPL Token or Token-2022."
            }
            Self::TooManyCollaterals => {
                "The obligation already holds the maximum number of collaterals: withdraw one first."
            }
            Self::DepositCapExceeded => "The deposit would exceed the cap: deposit less.",
            Self::InvariantViolated => {
                "An account's invariant does not hold: nothing was changed; please report this transaction."
            }
            Self::HistoryFull => {
                "The history of shares is full: extend it first (anyone can pay), or give up old rows with trim_history."
            }
            Self::NothingToClaim => "You have nothing left to claim of this loss: try again after its next recovery.",
            Self::LossBookFull => "The loss book is full: extend it first, in the same transaction; anyone can pay.",
            Self::BreakerTripped => "Losses tripped the breaker: borrows wait until the pool's breaker_until.",
            Self::ExitNotRequested => "There is no request to execute: make one first.",
            Self::ExitNotMature => "The request to leave has not matured: retry at its matures_at.",
            Self::NoticeDue => {
                "Withdrawals take a notice now: use request_withdrawal; anyone can execute the request once it has matured."
            }
            Self::NoNoticeDue => "Withdrawals take no notice now: withdraw without a request.",
            Self::WrongLossBook => "The loss book is not the pool's.",
            Self::WrongClaim => "The claim account belongs to another position or stake.",
            Self::FundOnHold => {
                "A known loss waits to be settled, and nobody enters or leaves the insurance fund meanwhile: liquidate, record or settle it, or wait."
            }
            Self::PriceUncertain => {
                "The price's confidence interval is wider than the limit: wait for a better update."
            }
            Self::PricesDisagree => "The two feeds of a token disagree by more than the limit: wait until they agree.",
            Self::TooFewSamples => {
                "The feed's result has fewer samples than it asks for: post a fresh update in the same transaction."
            }
            Self::CollateralNotOpen => {
                "This collateral was listed too recently: it can be deposited from its opens_at on."
            }
            Self::WrongGuardian => "The signer is neither the market's guardian nor its authority.",
            Self::ChangeMustWait => {
                "This change may take from someone: queue it, and execute it after the market's timelock."
            }
            Self::ChangeNotReady => "The timelock has not passed: retry at executable_at.",
            Self::ChangeLapsed => "The change was not executed in time and has lapsed: cancel it and queue it again.",
            Self::WrongTarget => {
                "The account that this parameter belongs to is missing, or is not the one that the change was queued for."
            }
            Self::WrongPendingAuthority => "The signer is not the authority that was proposed.",
            Self::Paused => "This operation is paused: it opens when the pause ends.",
            Self::PauseTooLong => "The pause is too long: at most 72 hours for exits, 30 days for other operations.",
            Self::PauseTooSoon => {
                "The last pause of this operation is too recent: it must stay open for as long before the next one."
            }
            Self::InsufficientReserves => "Fewer reserves can be collected now: use a smaller amount, or all.",
            Self::WrongTreasury => "Reserves go to a token account of the market's treasury only.",
            Self::TransferFeeExtension => "The mint has the transfer fee extension: it cannot be listed.",
            Self::TransferHookExtension => "The mint has the transfer hook extension: it cannot be listed.",
            Self::PermanentDelegateExtension => "The mint has the permanent delegate extension: it cannot be listed.",
            Self::DefaultAccountStateExtension => {
                "The mint has the default account state extension: it cannot be listed."
            }
            Self::ConfidentialTransferExtension => {
                "The mint has a confidential transfer, mint or burn extension: it cannot be listed."
            }
            Self::NonTransferableExtension => "The mint has the non-transferable extension: it cannot be listed.",
            Self::MintCloseAuthorityExtension => {
                "The mint has the close authority extension, so it could be recreated with other extensions: it cannot be listed."
            }
            Self::InterestBearingExtension => {
                "The mint has the interest-bearing extension, whose price is not per base unit: it cannot be listed."
            }
            Self::ScaledUiAmountExtension => {
                "The mint has the scaled amount extension, whose price is not per base unit: it cannot be listed."
            }
            Self::PausableExtension => "The mint has the pausable extension: it cannot be listed.",
            Self::UnknownExtension => "The mint has an unknown extension: it cannot be listed.",
            Self::DebtCovered => {
                "The collateral covers the debt after the minimum bonus, so nothing is lost: liquidate it."
            }
            Self::PoolOnHold => {
                "A known loss waits to be settled, and nobody enters or leaves the pool meanwhile: liquidate, record or settle it, or wait."
            }
            Self::PriceBeforeMark => {
                "A mark is settled by prices no older than it, and at most ten seconds older than the newest that were read: post newer ones."
            }
            Self::BorrowCapExceeded => "The loan would exceed the pool's borrow cap: borrow less.",
            Self::PoolNotOpen => {
                "The pool is not open: deposits, stakes and donations start when the market's authority opens it."
            }
            Self::PoolAlreadyOpen => "The pool is already open: donate to its insurance fund with fund_insurance.",
            Self::InitialDonationTooSmall => {
                "The insurance fund's initial donation is below one million base units: donate at least that."
            }
            Self::ChangeVoid => {
                "The change was queued before its pool opened, which voided it: cancel it and queue it again."
            }
            Self::ExitPending => {
                "Another request is pending and cannot be taken back: wait until it has matured and is executed."
            }
            Self::NothingToCollect => "Nothing is payable: execute a matured request first.",
        }
    }

    /// The error of a code, if it is the program's own.
    pub fn from_code(code: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|error| *error as u32 == code)
    }
}

impl std::fmt::Display for BackstopError {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        out.write_str(self.message())
    }
}

impl std::error::Error for BackstopError {}
