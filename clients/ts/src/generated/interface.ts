// Generated from idl/backstop.json by `cargo xtask generate`. Do not edit.
import type { ReadonlyUint8Array } from '@solana/kit';
import {
    getAccruedDecoder,
    type Accrued,
    getAuthorityChangedDecoder,
    type AuthorityChanged,
    getAuthorityProposedDecoder,
    type AuthorityProposed,
    getBorrowedDecoder,
    type Borrowed,
    getChangeCancelledDecoder,
    type ChangeCancelled,
    getChangeQueuedDecoder,
    type ChangeQueued,
    getClaimOpenedDecoder,
    type ClaimOpened,
    getCollateralAddedDecoder,
    type CollateralAdded,
    getCollateralDepositedDecoder,
    type CollateralDeposited,
    getCollateralWithdrawnDecoder,
    type CollateralWithdrawn,
    getCollectedDecoder,
    type Collected,
    getDepositedDecoder,
    type Deposited,
    getHistoryExtendedDecoder,
    type HistoryExtended,
    getHistoryTrimmedDecoder,
    type HistoryTrimmed,
    getInsuranceFundedDecoder,
    type InsuranceFunded,
    getLiquidatedDecoder,
    type Liquidated,
    getLossBookExtendedDecoder,
    type LossBookExtended,
    getLossRecordedDecoder,
    type LossRecorded,
    getMarkedDecoder,
    type Marked,
    getMarketCreatedDecoder,
    type MarketCreated,
    getObligationOpenedDecoder,
    type ObligationOpened,
    getParameterChangedDecoder,
    type ParameterChanged,
    getPauseChangedDecoder,
    type PauseChanged,
    getPoolCreatedDecoder,
    type PoolCreated,
    getPoolOpenedDecoder,
    type PoolOpened,
    getPositionOpenedDecoder,
    type PositionOpened,
    getPriceReportedDecoder,
    type PriceReported,
    getRecoveredDecoder,
    type Recovered,
    getRecoveryClaimedDecoder,
    type RecoveryClaimed,
    getRepaidDecoder,
    type Repaid,
    getReservesCollectedDecoder,
    type ReservesCollected,
    getRiskRefreshedDecoder,
    type RiskRefreshed,
    getSharesTransferredDecoder,
    type SharesTransferred,
    getStakeOpenedDecoder,
    type StakeOpened,
    getStakeRecoveryClaimedDecoder,
    type StakeRecoveryClaimed,
    getStakedDecoder,
    type Staked,
    getUnstakeExecutedDecoder,
    type UnstakeExecuted,
    getUnstakeRequestedDecoder,
    type UnstakeRequested,
    getWithdrawalExecutedDecoder,
    type WithdrawalExecuted,
    getWithdrawalRequestedDecoder,
    type WithdrawalRequested,
    getWithdrawnDecoder,
    type Withdrawn,
} from './types/index.js';

/** Version byte of every account that this program writes. */
export const ACCOUNT_VERSION = 1;

/** As an amount: all there is. */
export const ALL = 18446744073709551615n;

/** By how many losses a loss book can be extended at once: the runtime lets an account grow by 10,240 bytes an instruction. */
export const MORE_RECORDS = 75;

/** How many rows a history can be extended by at once. */
export const MORE_ROWS = 256;

/** Something that the program told in a transaction's logs. `kind` is its name in the IDL. */
export type BackstopEvent =
    | ({ readonly kind: 'Accrued' } & Accrued)
    | ({ readonly kind: 'AuthorityChanged' } & AuthorityChanged)
    | ({ readonly kind: 'AuthorityProposed' } & AuthorityProposed)
    | ({ readonly kind: 'Borrowed' } & Borrowed)
    | ({ readonly kind: 'ChangeCancelled' } & ChangeCancelled)
    | ({ readonly kind: 'ChangeQueued' } & ChangeQueued)
    | ({ readonly kind: 'ClaimOpened' } & ClaimOpened)
    | ({ readonly kind: 'CollateralAdded' } & CollateralAdded)
    | ({ readonly kind: 'CollateralDeposited' } & CollateralDeposited)
    | ({ readonly kind: 'CollateralWithdrawn' } & CollateralWithdrawn)
    | ({ readonly kind: 'Collected' } & Collected)
    | ({ readonly kind: 'Deposited' } & Deposited)
    | ({ readonly kind: 'HistoryExtended' } & HistoryExtended)
    | ({ readonly kind: 'HistoryTrimmed' } & HistoryTrimmed)
    | ({ readonly kind: 'InsuranceFunded' } & InsuranceFunded)
    | ({ readonly kind: 'Liquidated' } & Liquidated)
    | ({ readonly kind: 'LossBookExtended' } & LossBookExtended)
    | ({ readonly kind: 'LossRecorded' } & LossRecorded)
    | ({ readonly kind: 'Marked' } & Marked)
    | ({ readonly kind: 'MarketCreated' } & MarketCreated)
    | ({ readonly kind: 'ObligationOpened' } & ObligationOpened)
    | ({ readonly kind: 'ParameterChanged' } & ParameterChanged)
    | ({ readonly kind: 'PauseChanged' } & PauseChanged)
    | ({ readonly kind: 'PoolCreated' } & PoolCreated)
    | ({ readonly kind: 'PoolOpened' } & PoolOpened)
    | ({ readonly kind: 'PositionOpened' } & PositionOpened)
    | ({ readonly kind: 'PriceReported' } & PriceReported)
    | ({ readonly kind: 'Recovered' } & Recovered)
    | ({ readonly kind: 'RecoveryClaimed' } & RecoveryClaimed)
    | ({ readonly kind: 'Repaid' } & Repaid)
    | ({ readonly kind: 'ReservesCollected' } & ReservesCollected)
    | ({ readonly kind: 'RiskRefreshed' } & RiskRefreshed)
    | ({ readonly kind: 'SharesTransferred' } & SharesTransferred)
    | ({ readonly kind: 'StakeOpened' } & StakeOpened)
    | ({ readonly kind: 'StakeRecoveryClaimed' } & StakeRecoveryClaimed)
    | ({ readonly kind: 'Staked' } & Staked)
    | ({ readonly kind: 'UnstakeExecuted' } & UnstakeExecuted)
    | ({ readonly kind: 'UnstakeRequested' } & UnstakeRequested)
    | ({ readonly kind: 'WithdrawalExecuted' } & WithdrawalExecuted)
    | ({ readonly kind: 'WithdrawalRequested' } & WithdrawalRequested)
    | ({ readonly kind: 'Withdrawn' } & Withdrawn);

/** How to read the rest of an event, by its first eight bytes in hexadecimal. */
export const EVENTS: ReadonlyMap<string, (bytes: ReadonlyUint8Array) => BackstopEvent> = /* @__PURE__ */ new Map<
    string,
    (bytes: ReadonlyUint8Array) => BackstopEvent
>([
    ['cf98a691bd2721a7', bytes => ({ kind: 'Accrued', ...getAccruedDecoder().decode(bytes) })],
    ['1f13ae980452d7e2', bytes => ({ kind: 'AuthorityChanged', ...getAuthorityChangedDecoder().decode(bytes) })],
    ['f4755e7035972359', bytes => ({ kind: 'AuthorityProposed', ...getAuthorityProposedDecoder().decode(bytes) })],
    ['e1b6f14e2291fde6', bytes => ({ kind: 'Borrowed', ...getBorrowedDecoder().decode(bytes) })],
    ['8bb36151d615775d', bytes => ({ kind: 'ChangeCancelled', ...getChangeCancelledDecoder().decode(bytes) })],
    ['e88f50e67d75a9d5', bytes => ({ kind: 'ChangeQueued', ...getChangeQueuedDecoder().decode(bytes) })],
    ['95d11604939c8098', bytes => ({ kind: 'ClaimOpened', ...getClaimOpenedDecoder().decode(bytes) })],
    ['ac443af99d404a8d', bytes => ({ kind: 'CollateralAdded', ...getCollateralAddedDecoder().decode(bytes) })],
    ['f43e4d0b87703d60', bytes => ({ kind: 'CollateralDeposited', ...getCollateralDepositedDecoder().decode(bytes) })],
    ['33e0856a4aad4852', bytes => ({ kind: 'CollateralWithdrawn', ...getCollateralWithdrawnDecoder().decode(bytes) })],
    ['436d8aa7a8ef02cf', bytes => ({ kind: 'Collected', ...getCollectedDecoder().decode(bytes) })],
    ['6f8d1a2da1236439', bytes => ({ kind: 'Deposited', ...getDepositedDecoder().decode(bytes) })],
    ['2c8fb79acb8b20e4', bytes => ({ kind: 'HistoryExtended', ...getHistoryExtendedDecoder().decode(bytes) })],
    ['e9c049b0099d8459', bytes => ({ kind: 'HistoryTrimmed', ...getHistoryTrimmedDecoder().decode(bytes) })],
    ['9e4817508a3821ce', bytes => ({ kind: 'InsuranceFunded', ...getInsuranceFundedDecoder().decode(bytes) })],
    ['e739374b00aaf644', bytes => ({ kind: 'Liquidated', ...getLiquidatedDecoder().decode(bytes) })],
    ['c844443d2abee35c', bytes => ({ kind: 'LossBookExtended', ...getLossBookExtendedDecoder().decode(bytes) })],
    ['ce9d24c94465c2f8', bytes => ({ kind: 'LossRecorded', ...getLossRecordedDecoder().decode(bytes) })],
    ['13407493d0d6b4ac', bytes => ({ kind: 'Marked', ...getMarkedDecoder().decode(bytes) })],
    ['58b882e7e254063a', bytes => ({ kind: 'MarketCreated', ...getMarketCreatedDecoder().decode(bytes) })],
    ['63be07f44a1f1854', bytes => ({ kind: 'ObligationOpened', ...getObligationOpenedDecoder().decode(bytes) })],
    ['dfacfff58d139a87', bytes => ({ kind: 'ParameterChanged', ...getParameterChangedDecoder().decode(bytes) })],
    ['eebcd54e86d1b2da', bytes => ({ kind: 'PauseChanged', ...getPauseChangedDecoder().decode(bytes) })],
    ['ca2c295868dc9d52', bytes => ({ kind: 'PoolCreated', ...getPoolCreatedDecoder().decode(bytes) })],
    ['2c35c5d71f3d38aa', bytes => ({ kind: 'PoolOpened', ...getPoolOpenedDecoder().decode(bytes) })],
    ['edaff3e693756579', bytes => ({ kind: 'PositionOpened', ...getPositionOpenedDecoder().decode(bytes) })],
    ['bcbe19f42539fbd7', bytes => ({ kind: 'PriceReported', ...getPriceReportedDecoder().decode(bytes) })],
    ['750036c0bb18f082', bytes => ({ kind: 'Recovered', ...getRecoveredDecoder().decode(bytes) })],
    ['1d3b632f6af87d74', bytes => ({ kind: 'RecoveryClaimed', ...getRecoveryClaimedDecoder().decode(bytes) })],
    ['26f8e70796a4ac17', bytes => ({ kind: 'Repaid', ...getRepaidDecoder().decode(bytes) })],
    ['505dde4c8b75b5e3', bytes => ({ kind: 'ReservesCollected', ...getReservesCollectedDecoder().decode(bytes) })],
    ['1e5241050314f52a', bytes => ({ kind: 'RiskRefreshed', ...getRiskRefreshedDecoder().decode(bytes) })],
    ['dbdeefe8024640c8', bytes => ({ kind: 'SharesTransferred', ...getSharesTransferredDecoder().decode(bytes) })],
    ['e0f9d3e309538ebc', bytes => ({ kind: 'StakeOpened', ...getStakeOpenedDecoder().decode(bytes) })],
    ['0c0f06c6fb94e4d2', bytes => ({ kind: 'StakeRecoveryClaimed', ...getStakeRecoveryClaimedDecoder().decode(bytes) })],
    ['0b922dcde63ad5f0', bytes => ({ kind: 'Staked', ...getStakedDecoder().decode(bytes) })],
    ['cf27b4eacffed2af', bytes => ({ kind: 'UnstakeExecuted', ...getUnstakeExecutedDecoder().decode(bytes) })],
    ['15fdb15581ce2a98', bytes => ({ kind: 'UnstakeRequested', ...getUnstakeRequestedDecoder().decode(bytes) })],
    ['254ec7c03344ada2', bytes => ({ kind: 'WithdrawalExecuted', ...getWithdrawalExecutedDecoder().decode(bytes) })],
    ['4bcf150ca0669637', bytes => ({ kind: 'WithdrawalRequested', ...getWithdrawalRequestedDecoder().decode(bytes) })],
    ['1459dfc6c27cdb0d', bytes => ({ kind: 'Withdrawn', ...getWithdrawnDecoder().decode(bytes) })],
]);

/** The name of an error in the IDL. */
export type BackstopErrorName =
    | 'MathOverflow'
    | 'AmountTooSmall'
    | 'InsufficientShares'
    | 'InsufficientCash'
    | 'InsufficientCollateral'
    | 'NoDebt'
    | 'LoanToValueExceeded'
    | 'DebtBelowMinimum'
    | 'ObligationHealthy'
    | 'CollateralRemains'
    | 'DefaultTooRecent'
    | 'InvalidParameter'
    | 'InvalidPrice'
    | 'SlippageExceeded'
    | 'WrongAuthority'
    | 'WrongOwner'
    | 'WrongPool'
    | 'WrongMarket'
    | 'WrongVault'
    | 'WrongMint'
    | 'WrongInsuranceFund'
    | 'WrongCollateral'
    | 'MissingPrice'
    | 'InvalidPriceAccount'
    | 'WrongFeed'
    | 'StalePrice'
    | 'PriceFromFuture'
    | 'UnsupportedToken'
    | 'TooManyCollaterals'
    | 'DepositCapExceeded'
    | 'InvariantViolated'
    | 'HistoryFull'
    | 'NothingToClaim'
    | 'LossBookFull'
    | 'BreakerTripped'
    | 'ExitNotRequested'
    | 'ExitNotMature'
    | 'NoticeDue'
    | 'NoNoticeDue'
    | 'WrongLossBook'
    | 'WrongClaim'
    | 'FundOnHold'
    | 'PriceUncertain'
    | 'PricesDisagree'
    | 'TooFewSamples'
    | 'CollateralNotOpen'
    | 'WrongGuardian'
    | 'ChangeMustWait'
    | 'ChangeNotReady'
    | 'ChangeLapsed'
    | 'WrongTarget'
    | 'WrongPendingAuthority'
    | 'Paused'
    | 'PauseTooLong'
    | 'PauseTooSoon'
    | 'InsufficientReserves'
    | 'WrongTreasury'
    | 'TransferFeeExtension'
    | 'TransferHookExtension'
    | 'PermanentDelegateExtension'
    | 'DefaultAccountStateExtension'
    | 'ConfidentialTransferExtension'
    | 'NonTransferableExtension'
    | 'MintCloseAuthorityExtension'
    | 'InterestBearingExtension'
    | 'ScaledUiAmountExtension'
    | 'PausableExtension'
    | 'UnknownExtension'
    | 'DebtCovered'
    | 'PoolOnHold'
    | 'PriceBeforeMark'
    | 'BorrowCapExceeded'
    | 'PoolNotOpen'
    | 'PoolAlreadyOpen'
    | 'InitialDonationTooSmall'
    | 'ChangeVoid'
    | 'ExitPending'
    | 'NothingToCollect';

/** What the program refuses with, by code. */
export const ERRORS: ReadonlyMap<number, { readonly name: BackstopErrorName; readonly message: string }> = /* @__PURE__ */ new Map<
    number,
    { readonly name: BackstopErrorName; readonly message: string }
>([
    [6000, { name: 'MathOverflow', message: "A result does not fit its type: use a smaller amount." }],
    [6001, { name: 'AmountTooSmall', message: "The amount is zero or rounds to zero: use a larger one." }],
    [6002, { name: 'InsufficientShares', message: "The position has fewer shares that are not requested: use at most these, or all." }],
    [6003, { name: 'InsufficientCash', message: "The pool has too little cash: use at most its cash, or wait for repayments." }],
    [6004, { name: 'InsufficientCollateral', message: "The obligation holds less of this collateral: use at most what it holds, or all." }],
    [6005, { name: 'NoDebt', message: "The obligation owes nothing." }],
    [6006, { name: 'LoanToValueExceeded', message: "The debt would exceed the loan-to-value limit: add collateral, repay, or use a smaller amount." }],
    [6007, { name: 'DebtBelowMinimum', message: "The remaining debt would be positive but below the pool's minimum: leave more, or none." }],
    [6008, { name: 'ObligationHealthy', message: "The obligation is within its liquidation threshold: it cannot be liquidated or written off." }],
    [6009, { name: 'CollateralRemains', message: "The obligation still holds collateral worth more than dust: liquidate it first." }],
    [6010, { name: 'DefaultTooRecent', message: "The debt or its collateral changed too recently: retry after the pool's minimum default age." }],
    [6011, { name: 'InvalidParameter', message: "A parameter is outside its bounds: see the documentation of the parameters." }],
    [6012, { name: 'InvalidPrice', message: "The price is zero, negative or out of range: wait for a better update." }],
    [6013, { name: 'SlippageExceeded', message: "The outcome is worse than your bound: preview again and set a new bound." }],
    [6014, { name: 'WrongAuthority', message: "The signer is not the market's authority." }],
    [6015, { name: 'WrongOwner', message: "The signer does not own this account." }],
    [6016, { name: 'WrongPool', message: "The account belongs to another pool." }],
    [6017, { name: 'WrongMarket', message: "The pool belongs to another market." }],
    [6018, { name: 'WrongVault', message: "The vault is not the one that the pool, collateral or fund records." }],
    [6019, { name: 'WrongMint', message: "The mint is not the one that the pool or collateral records." }],
    [6020, { name: 'WrongInsuranceFund', message: "The insurance fund is not the pool's." }],
    [6021, { name: 'WrongCollateral', message: "The collateral accounts must follow the obligation's list, in its order." }],
    [6022, { name: 'MissingPrice', message: "Price accounts are missing: pass the liquidity price, then each collateral held with its price." }],
    [6023, { name: 'InvalidPriceAccount', message: "The price account is neither a fully verified Pyth price update nor a Switchboard On-Demand feed." }],
    [6024, { name: 'WrongFeed', message: "The price update is for another feed than the one that is bound." }],
    [6025, { name: 'StalePrice', message: "The price update is too old: post a fresh one in the same transaction." }],
    [6026, { name: 'PriceFromFuture', message: "The price update's publish time lies too far ahead of the chain's clock." }],
    [6027, { name: 'UnsupportedToken', message: "The mint belongs to neither of the two token programs: use SPL Token or Token-2022." }],
    [6028, { name: 'TooManyCollaterals', message: "The obligation already holds the maximum number of collaterals: withdraw one first." }],
    [6029, { name: 'DepositCapExceeded', message: "The deposit would exceed the cap: deposit less." }],
    [6030, { name: 'InvariantViolated', message: "An account's invariant does not hold: nothing was changed; please report this transaction." }],
    [6031, { name: 'HistoryFull', message: "The history of shares is full: extend it first (anyone can pay), or give up old rows with trim_history." }],
    [6032, { name: 'NothingToClaim', message: "You have nothing left to claim of this loss: try again after its next recovery." }],
    [6033, { name: 'LossBookFull', message: "The loss book is full: extend it first, in the same transaction; anyone can pay." }],
    [6034, { name: 'BreakerTripped', message: "Losses tripped the breaker: borrows wait until the pool's breaker_until." }],
    [6035, { name: 'ExitNotRequested', message: "There is no request to execute: make one first." }],
    [6036, { name: 'ExitNotMature', message: "The request to leave has not matured: retry at its matures_at." }],
    [6037, { name: 'NoticeDue', message: "Withdrawals take a notice now: use request_withdrawal; anyone can execute the request once it has matured." }],
    [6038, { name: 'NoNoticeDue', message: "Withdrawals take no notice now: withdraw without a request." }],
    [6039, { name: 'WrongLossBook', message: "The loss book is not the pool's." }],
    [6040, { name: 'WrongClaim', message: "The claim account belongs to another position or stake." }],
    [6041, { name: 'FundOnHold', message: "A known loss waits to be settled, and nobody enters or leaves the insurance fund meanwhile: liquidate, record or settle it, or wait." }],
    [6042, { name: 'PriceUncertain', message: "The price's confidence interval is wider than the limit: wait for a better update." }],
    [6043, { name: 'PricesDisagree', message: "The two feeds of a token disagree by more than the limit: wait until they agree." }],
    [6044, { name: 'TooFewSamples', message: "The feed's result has fewer samples than it asks for: post a fresh update in the same transaction." }],
    [6045, { name: 'CollateralNotOpen', message: "This collateral was listed too recently: it can be deposited from its opens_at on." }],
    [6046, { name: 'WrongGuardian', message: "The signer is neither the market's guardian nor its authority." }],
    [6047, { name: 'ChangeMustWait', message: "This change may take from someone: queue it, and execute it after the market's timelock." }],
    [6048, { name: 'ChangeNotReady', message: "The timelock has not passed: retry at executable_at." }],
    [6049, { name: 'ChangeLapsed', message: "The change was not executed in time and has lapsed: cancel it and queue it again." }],
    [6050, { name: 'WrongTarget', message: "The account that this parameter belongs to is missing, or is not the one that the change was queued for." }],
    [6051, { name: 'WrongPendingAuthority', message: "The signer is not the authority that was proposed." }],
    [6052, { name: 'Paused', message: "This operation is paused: it opens when the pause ends." }],
    [6053, { name: 'PauseTooLong', message: "The pause is too long: at most 72 hours for exits, 30 days for other operations." }],
    [6054, { name: 'PauseTooSoon', message: "The last pause of this operation is too recent: it must stay open for as long before the next one." }],
    [6055, { name: 'InsufficientReserves', message: "Fewer reserves can be collected now: use a smaller amount, or all." }],
    [6056, { name: 'WrongTreasury', message: "Reserves go to a token account of the market's treasury only." }],
    [6057, { name: 'TransferFeeExtension', message: "The mint has the transfer fee extension: it cannot be listed." }],
    [6058, { name: 'TransferHookExtension', message: "The mint has the transfer hook extension: it cannot be listed." }],
    [6059, { name: 'PermanentDelegateExtension', message: "The mint has the permanent delegate extension: it cannot be listed." }],
    [6060, { name: 'DefaultAccountStateExtension', message: "The mint has the default account state extension: it cannot be listed." }],
    [6061, { name: 'ConfidentialTransferExtension', message: "The mint has a confidential transfer, mint or burn extension: it cannot be listed." }],
    [6062, { name: 'NonTransferableExtension', message: "The mint has the non-transferable extension: it cannot be listed." }],
    [6063, { name: 'MintCloseAuthorityExtension', message: "The mint has the close authority extension, so it could be recreated with other extensions: it cannot be listed." }],
    [6064, { name: 'InterestBearingExtension', message: "The mint has the interest-bearing extension, whose price is not per base unit: it cannot be listed." }],
    [6065, { name: 'ScaledUiAmountExtension', message: "The mint has the scaled amount extension, whose price is not per base unit: it cannot be listed." }],
    [6066, { name: 'PausableExtension', message: "The mint has the pausable extension: it cannot be listed." }],
    [6067, { name: 'UnknownExtension', message: "The mint has an unknown extension: it cannot be listed." }],
    [6068, { name: 'DebtCovered', message: "The collateral covers the debt after the minimum bonus, so nothing is lost: liquidate it." }],
    [6069, { name: 'PoolOnHold', message: "A known loss waits to be settled, and nobody enters or leaves the pool meanwhile: liquidate, record or settle it, or wait." }],
    [6070, { name: 'PriceBeforeMark', message: "A mark is settled by prices no older than it, and at most ten seconds older than the newest that were read: post newer ones." }],
    [6071, { name: 'BorrowCapExceeded', message: "The loan would exceed the pool's borrow cap: borrow less." }],
    [6072, { name: 'PoolNotOpen', message: "The pool is not open: deposits, stakes and donations start when the market's authority opens it." }],
    [6073, { name: 'PoolAlreadyOpen', message: "The pool is already open: donate to its insurance fund with fund_insurance." }],
    [6074, { name: 'InitialDonationTooSmall', message: "The insurance fund's initial donation is below one million base units: donate at least that." }],
    [6075, { name: 'ChangeVoid', message: "The change was queued before its pool opened, which voided it: cancel it and queue it again." }],
    [6076, { name: 'ExitPending', message: "Another request is pending and cannot be taken back: wait until it has matured and is executed." }],
    [6077, { name: 'NothingToCollect', message: "Nothing is payable: execute a matured request first." }],
]);

/** The verbs that open an account. */
export type OpeningVerb = 'openPosition' | 'openStake' | 'openObligation';

/** Where an instruction, by its first eight bytes in hexadecimal, has accounts that must be opened first, and what opens them. */
export const OPENED: ReadonlyMap<string, readonly (readonly [place: number, opens: OpeningVerb, alternative?: OpeningVerb])[]> = /* @__PURE__ */ new Map<
    string,
    readonly (readonly [place: number, opens: OpeningVerb, alternative?: OpeningVerb])[]
>([
    ['e4fd83cacf745912', [[2, 'openObligation']]],
    ['3c553194fe3ed2de', [[3, 'openPosition']]],
    ['4bd9b21b4ef3242f', [[3, 'openStake']]],
    ['d02fc29b116252ec', [[2, 'openPosition', 'openStake']]],
    ['f223c68952e1f2b6', [[2, 'openPosition']]],
    ['9c838e7492f7a278', [[1, 'openObligation']]],
    ['88a6d26886b88ee6', [[2, 'openStake']]],
    ['7179cbe8898bf8f9', [[1, 'openPosition']]],
    ['7be2f4be1e54f376', [[1, 'openPosition', 'openStake']]],
    ['dfb3e27d302e274a', [[2, 'openObligation']]],
    ['cb95abea23e6eeb8', [[1, 'openObligation']]],
    ['efd19702a9d06fd4', [[1, 'openObligation']]],
    ['ea674352d0eadba6', [[2, 'openObligation']]],
    ['2c9a6efda0ca3622', [[3, 'openStake']]],
    ['fb5579cd38c90cb1', [[2, 'openPosition']]],
    ['ceb0ca12c8d1b36c', [[3, 'openStake']]],
    ['17888c0fb53678af', [[2, 'openPosition'], [4, 'openPosition']]],
    ['0bd7591eb7d34d31', [[1, 'openPosition', 'openStake']]],
    ['b712469c946da122', [[2, 'openPosition']]],
    ['7387a86a8bd68a96', [[2, 'openObligation']]],
]);
