import type { Address, Instruction } from '@solana/kit';
import {
    getExtendLossBookInstructionAsync,
    getLiquidateInstructionAsync,
    getMarkInstructionAsync,
    getRecordBadDebtInstructionAsync,
    getRefreshRiskInstructionAsync,
    getReportPriceInstruction,
    type ExtendLossBookAsyncInput,
    type LiquidateAsyncInput,
} from '../generated/instructions/index.js';
import type { CollateralKey, PoolKey } from '../keys.js';
import { priceMetas, pricesMetas, type PriceAccounts, type Prices } from '../prices.js';
import { withAccounts, type Rest } from './with.js';

/** Repays at most `maxRepay` of an obligation's debt for at least `minSeized` of a collateral. */
export async function liquidate(
    pool: PoolKey,
    key: CollateralKey,
    {
        prices,
        ...input
    }: Rest<
        LiquidateAsyncInput,
        keyof PoolKey | 'collateral' | 'collateralMint' | 'collateralVault' | 'collateralTokenProgram'
    > & { readonly prices: Prices },
): Promise<Instruction> {
    const instruction = await getLiquidateInstructionAsync({
        ...input,
        ...pool,
        collateral: key.collateral,
        collateralMint: key.mint,
        collateralVault: key.vault,
        collateralTokenProgram: key.tokenProgram,
    });
    return withAccounts(instruction, pricesMetas(prices, key.collateral));
}

/** Marks what an obligation is known to leave unpaid. */
export async function mark(
    key: PoolKey,
    { obligation, prices }: { readonly obligation: Address; readonly prices: Prices },
): Promise<Instruction> {
    return withAccounts(await getMarkInstructionAsync({ ...key, obligation }), pricesMetas(prices));
}

/** Says that a collateral, or without one the liquidity token, has no usable price. */
export function reportPrice(key: PoolKey, collateral?: Address): Instruction {
    return getReportPriceInstruction(collateral === undefined ? { pool: key.pool } : { pool: key.pool, collateral });
}

/**
 * Records what an obligation's collateral does not cover of its debt as a loss, or settles its mark.
 *
 * @param input `prices` are needed only where the obligation holds collateral.
 */
export async function recordBadDebt(
    key: PoolKey,
    { obligation, prices }: { readonly obligation: Address; readonly prices?: Prices },
): Promise<Instruction> {
    const instruction = await getRecordBadDebtInstructionAsync({ ...key, obligation });
    if (prices === undefined || prices.holdings.length === 0) return instruction;
    return withAccounts(instruction, pricesMetas(prices));
}

/** Makes room for `records` more losses in the loss book, at most `MORE_RECORDS` at once. Anyone may pay. */
export function extendLossBook(
    key: PoolKey,
    input: Rest<ExtendLossBookAsyncInput, keyof PoolKey>,
): Promise<Instruction> {
    return getExtendLossBookInstructionAsync({ ...input, ...key });
}

/** Observes the prices of the liquidity token and of a collateral, and updates risk targets. */
export async function refreshRisk(
    key: PoolKey,
    {
        collateral,
        liquidity,
        price,
    }: { readonly collateral: Address; readonly liquidity: PriceAccounts; readonly price: PriceAccounts },
): Promise<Instruction> {
    const instruction = await getRefreshRiskInstructionAsync({ ...key, collateral });
    return withAccounts(instruction, [...priceMetas(liquidity), ...priceMetas(price)]);
}
