import type { Address, ReadonlyUint8Array } from '@solana/kit';

/**
 * An account's bytes, as they were read. A missing account is `undefined` or `null`. It is previewed as the empty
 * account that opening creates.
 */
type Bytes = ReadonlyUint8Array | null | undefined;
/** What an entry moves. */
type Deposited = { readonly assets: bigint; readonly shares: bigint };
/** What an exit moves. */
type Withdrawn = { readonly shares: bigint; readonly assets: bigint };
/** What is paid. */
type Paid = { readonly assets: bigint };

/** A request to leave, as it stands now. No shares is no request. */
export type ExitRequestNow = {
    /** The shares that leave. */
    readonly shares: bigint;
    /** What they were worth when asked, for a stake. */
    readonly worth: bigint;
    /** Unix time from which on anyone can execute it, if nothing is on hold until then. */
    readonly maturesAt: bigint;
};

/** A loss and who bears it. */
export type LossSplit = {
    /** The debt that is written off. */
    readonly loss: bigint;
    /** Borne by reserves. */
    readonly fromReserves: bigint;
    /** Borne by the insurance fund. */
    readonly fromInsurance: bigint;
    /** The part of that which stakers bear. */
    readonly fromStakers: bigint;
    /** Borne by LPs. */
    readonly toLps: bigint;
    /** Borne by nobody. */
    readonly uncovered: bigint;
    /** Share price before, in trillionths. */
    readonly sharePriceBefore: bigint;
    /** Share price after, in trillionths. */
    readonly sharePriceAfter: bigint;
};

/** What a pool is worth and what it charges, interest counted up to now. */
export type PoolFigures = {
    /** Liquidity that can be lent or withdrawn. */
    readonly cash: bigint;
    /** What all borrowers together owe. */
    readonly debt: bigint;
    /** What takes losses first. */
    readonly reserves: bigint;
    /** What belongs to LPs. */
    readonly nav: bigint;
    /** What a share is worth, in trillionths. */
    readonly sharePrice: bigint;
    /** Losses that are known and wait to be settled. */
    readonly marked: bigint;
    /** Whether nobody can deposit or withdraw for that. */
    readonly onHold: boolean;
    /** Unix time from which every mark is settled at once; nothing while the pool is open. */
    readonly holdEndsAt: bigint | null;
    /** Whether nobody can stake or leave the insurance fund for that. */
    readonly fundOnHold: boolean;
    /** The same time of the fund. */
    readonly fundHoldEndsAt: bigint | null;
    /** What the insurance fund has, revenue that is due to it included. */
    readonly insurance: bigint;
    /** Debt over debt and cash, in billionths. */
    readonly utilisation: bigint;
    /** What borrowing costs a year, in billionths. */
    readonly borrowRate: bigint;
    /** What LPs earn of it a year on what is theirs, in billionths: without what reserves and the fund take. */
    readonly supplyRate: bigint;
    /** Whether losses have stopped borrows. */
    readonly breakerTripped: boolean;
    /** How long ahead a withdrawal must be requested. */
    readonly noticeSeconds: number;
};

/** A holder's part of a loss. What it claimed of that stands in the claim account of the loss. */
export type BorneLoss = {
    /** The number of the loss. */
    readonly loss: number;
    /** What it bore. */
    readonly lost: bigint;
    /** What came back of that, claimed or not. */
    readonly recovered: bigint;
};

/** What comes back of a loss, and who gets it. */
export type RecoverySplit = Paid & {
    /** The number of the loss; zero for what has no record in the loss book. */
    readonly loss: number;
    /** Waits for LPs to claim it. */
    readonly toLps: bigint;
    /** Goes into the insurance fund for shares that wait for stakers to claim them. */
    readonly toStakers: bigint;
    /** These shares. */
    readonly stakeShares: bigint;
    /** Is given to the insurance fund. */
    readonly toProtocol: bigint;
    /** Goes to reserves. */
    readonly toReserves: bigint;
};

/** What a holder of shares has. */
type HolderFigures = {
    /** The shares that count. */
    readonly shares: bigint;
    /** Their part of what belongs to all of them: known losses that wait to be settled are not taken off. */
    readonly worth: bigint;
    /** Its part of each loss in the loss book. */
    readonly losses: readonly BorneLoss[];
    /** Its request to leave. */
    readonly request: ExitRequestNow;
    /** What executed requests left to be collected. */
    readonly payable: bigint;
};

/** What an LP has: `worth` is its part of NAV. */
export type PositionFigures = HolderFigures & {
    /** The most shares that can be withdrawn now: what may leave, as far as there is cash. */
    readonly mostLeaving: bigint;
};

/**
 * A staker's stake: `worth` is its part of the insurance fund. Unstaking pays at most the worth at the request,
 * `request.worth`.
 */
export type StakeFigures = HolderFigures;

/** What an obligation owes and what stands behind it. Values are in 10^-18 USD. */
export type ObligationFigures = {
    /** What is owed. */
    readonly debt: bigint;
    /** What it is known to leave unpaid, as marked. */
    readonly marked: bigint;
    /** Unix time at which it was marked first; zero without a mark. */
    readonly markedAt: bigint;
    /** What was written off of its debts and is not recovered. */
    readonly unrecovered: bigint;
    /** Whether its age lets a loss be recorded. */
    readonly mayBeRecorded: boolean;
    /** Whether recording settles its mark now. */
    readonly settles: boolean;
    /** The most that could be borrowed now on top; zero where nothing can. */
    readonly mostBorrowable: bigint;
    /** Debt and collateral in value; nothing where there is neither. */
    readonly health: null | {
        /** The debt, at the upper price. */
        readonly debtValue: bigint;
        /** The collateral, at lower prices. */
        readonly collateralValue: bigint;
        /** Weighted collateral over debt in basis points: below 10,000 it can be liquidated. */
        readonly factorBps: bigint;
        /** The shortfall at these prices, in base units. The part above `marked` is not marked yet. */
        readonly shortfall: bigint;
        /** Whether it can be liquidated. */
        readonly liquidatable: boolean;
        /** Whether it is within its loan-to-value limit. */
        readonly borrowable: boolean;
    };
};

/** By verb: the caller's accounts and the arguments, and what is moved. */
export interface Previews {
    readPool: { call: Record<never, never>; moved: PoolFigures };
    readPosition: { call: { readonly position: Bytes }; moved: PositionFigures };
    readStake: { call: { readonly stake: Bytes }; moved: StakeFigures };
    readObligation: { call: { readonly obligation: Bytes }; moved: ObligationFigures };
    accrue: { call: Record<never, never>; moved: Record<never, never> };
    deposit: { call: { readonly position: Bytes; readonly maxAssets: bigint }; moved: Deposited };
    withdraw: { call: { readonly position: Bytes; readonly shares: bigint }; moved: Withdrawn };
    requestWithdrawal: { call: { readonly position: Bytes; readonly shares: bigint }; moved: ExitRequestNow };
    executeWithdrawal: { call: { readonly position: Bytes }; moved: Withdrawn };
    collectWithdrawal: { call: { readonly position: Bytes }; moved: Paid };
    transferShares: {
        call: { readonly position: Bytes; readonly recipient: Bytes; readonly shares: bigint };
        moved: { readonly shares: bigint };
    };
    claimRecovery: { call: { readonly position: Bytes; readonly claim: Bytes; readonly loss: number }; moved: Paid };
    depositCollateral: {
        call: {
            readonly obligation: Bytes;
            readonly collateral: Address;
            readonly payer: Address;
            readonly units: bigint;
        };
        moved: { readonly units: bigint };
    };
    withdrawCollateral: {
        call: { readonly obligation: Bytes; readonly collateral: Address; readonly units: bigint };
        moved: { readonly units: bigint };
    };
    borrow: { call: { readonly obligation: Bytes; readonly assets: bigint }; moved: Paid };
    repay: {
        call: { readonly obligation: Bytes; readonly maxAssets: bigint };
        moved: {
            readonly assets: bigint;
            readonly repaid: bigint;
            readonly debt: bigint;
            readonly unrecovered: bigint;
            readonly recovered: readonly RecoverySplit[];
        };
    };
    liquidate: {
        call: { readonly obligation: Bytes; readonly collateral: Address; readonly maxRepay: bigint };
        moved: {
            readonly repaid: bigint;
            readonly insuranceCut: bigint;
            readonly bonusBps: number;
            readonly paid: bigint;
            readonly seized: bigint;
            readonly left: bigint;
            readonly loss: LossSplit | null;
            /** What is recovered, where it pays debt that was written off. */
            readonly recovered: readonly RecoverySplit[];
        };
    };
    mark: { call: { readonly obligation: Bytes }; moved: { readonly marked: bigint } };
    recordBadDebt: {
        call: { readonly obligation: Bytes };
        moved: { readonly loss: LossSplit | null };
    };
    openPool: { call: { readonly assets: bigint }; moved: Record<never, never> };
    fundInsurance: { call: { readonly assets: bigint }; moved: Paid };
    stake: { call: { readonly stake: Bytes; readonly maxAssets: bigint }; moved: Deposited };
    requestUnstake: { call: { readonly stake: Bytes; readonly shares: bigint }; moved: ExitRequestNow };
    executeUnstake: { call: { readonly stake: Bytes }; moved: Withdrawn };
    collectUnstake: { call: { readonly stake: Bytes }; moved: Paid };
    claimStakeRecovery: {
        call: { readonly stake: Bytes; readonly claim: Bytes; readonly loss: number };
        moved: { readonly shares: bigint };
    };
    refreshRisk: { call: { readonly collateral: Address }; moved: Record<never, never> };
    collectReserves: { call: { readonly assets: bigint }; moved: Paid };
}

/** The caller's accounts and arguments, by verb. */
export type Calls = { readonly [Verb in keyof Previews]: Previews[Verb]['call'] };
