import type { Instruction } from '@solana/kit';
import {
    getBorrowInstructionAsync,
    getDepositCollateralInstructionAsync,
    getOpenObligationInstructionAsync,
    getRepayInstructionAsync,
    getWithdrawCollateralInstructionAsync,
    type BorrowAsyncInput,
    type DepositCollateralAsyncInput,
    type OpenObligationAsyncInput,
    type RepayAsyncInput,
    type WithdrawCollateralAsyncInput,
} from '../generated/instructions/index.js';
import type { CollateralKey, PoolKey } from '../keys.js';
import { priceMetas, pricesMetas, type PriceAccounts, type Prices } from '../prices.js';
import { withAccounts, type Rest } from './with.js';

/** Opens an owner's obligation. Anyone may pay for it. */
export function openObligation(
    key: PoolKey,
    input: Rest<OpenObligationAsyncInput, keyof PoolKey | 'obligation'>,
): Promise<Instruction> {
    return getOpenObligationInstructionAsync({ ...input, pool: key.pool });
}

/**
 * Pays `units` of a collateral from `source` into an obligation.
 *
 * @param input `price` is the collateral's. It is needed where the obligation is in debt.
 */
export async function depositCollateral(
    key: CollateralKey,
    { price, ...input }: Rest<DepositCollateralAsyncInput, keyof CollateralKey> & { readonly price?: PriceAccounts },
): Promise<Instruction> {
    const instruction = await getDepositCollateralInstructionAsync({ ...input, ...key });
    return withAccounts(instruction, price === undefined ? [] : priceMetas(price));
}

/**
 * Takes `units`, or `ALL`, of a collateral out of the owner's obligation, to `destination`.
 *
 * @param input `prices` are needed with debt only, also if it was written off and is not recovered; their holdings are
 * those that are left afterwards.
 */
export async function withdrawCollateral(
    pool: PoolKey,
    key: CollateralKey,
    {
        prices,
        ...input
    }: Rest<WithdrawCollateralAsyncInput, 'pool' | 'obligation' | keyof CollateralKey> & { readonly prices?: Prices },
): Promise<Instruction> {
    const instruction = await getWithdrawCollateralInstructionAsync({ ...input, ...key, pool: pool.pool });
    return withAccounts(instruction, prices === undefined ? [] : pricesMetas(prices, key.collateral));
}

/** Borrows `assets` to `destination`. */
export async function borrow(
    key: PoolKey,
    { prices, ...input }: Rest<BorrowAsyncInput, keyof PoolKey | 'obligation'> & { readonly prices: Prices },
): Promise<Instruction> {
    return withAccounts(await getBorrowInstructionAsync({ ...input, ...key }), pricesMetas(prices));
}

/** Repays at most `maxAssets`, or with `ALL` the whole, of an obligation's debt. */
export function repay(key: PoolKey, input: Rest<RepayAsyncInput, keyof PoolKey>): Promise<Instruction> {
    return getRepayInstructionAsync({ ...input, ...key });
}
