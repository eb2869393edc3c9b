import type { Address, Instruction } from '@solana/kit';
import {
    getLiquidateInstructionAsync,
    getProvisionInstruction,
    getRecordBadDebtInstructionAsync,
    getRecoverInstructionAsync,
    getRefreshRiskInstructionAsync,
    type LiquidateAsyncInput,
    type RecoverAsyncInput,
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

/** Marks, updates or releases an obligation's expected shortfall. */
export function provision(
    key: PoolKey,
    { obligation, prices }: { readonly obligation: Address; readonly prices: Prices },
): Instruction {
    return withAccounts(getProvisionInstruction({ pool: key.pool, obligation }), pricesMetas(prices));
}

/**
 * Records what an obligation's collateral does not cover of its debt as a loss. The rest of the debt stays, and so does all collateral.
 *
 * @param input `prices` are needed only where the obligation holds collateral.
 */
export async function recordBadDebt(
    key: PoolKey,
    { obligation, prices }: { readonly obligation: Address; readonly prices?: Prices },
): Promise<Instruction> {
    const instruction = await getRecordBadDebtInstructionAsync({ ...key, obligation });
    return withAccounts(instruction, prices === undefined || prices.holdings.length === 0 ? [] : pricesMetas(prices));
}

/** Pays at most `maxAssets`, or with `ALL` the whole, of what an obligation's written-off debt left unrecovered. */
export function recover(key: PoolKey, input: Rest<RecoverAsyncInput, keyof PoolKey>): Promise<Instruction> {
    return getRecoverInstructionAsync({ ...input, ...key });
}

/** Observes the prices of the liquidity token and of a collateral, and heads limits and parts for where risk puts them. */
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
