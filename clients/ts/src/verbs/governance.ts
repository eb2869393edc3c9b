import { getU64Encoder, type Address, type Instruction, type TransactionSigner } from '@solana/kit';
import {
    getAcceptAuthorityInstruction,
    getAddCollateralInstructionAsync,
    getCancelAuthorityInstruction,
    getCancelChangeInstruction,
    getCollectReservesInstructionAsync,
    getCreateMarketInstructionAsync,
    getCreatePoolInstructionAsync,
    getExecuteChangeInstruction,
    getOpenPoolInstructionAsync,
    getPauseInstruction,
    getProposeAuthorityInstruction,
    getQueueChangeInstructionAsync,
    getTightenInstruction,
    getUnpauseInstruction,
    type AcceptAuthorityInput,
    type AddCollateralAsyncInput,
    type CancelAuthorityInput,
    type CollectReservesAsyncInput,
    type CreateMarketAsyncInput,
    type CreatePoolAsyncInput,
    type OpenPoolAsyncInput,
    type PauseInput,
    type ProposeAuthorityInput,
    type QueueChangeAsyncInput,
    type TightenInput,
    type UnpauseInput,
} from '../generated/instructions/index.js';
import { findChangePda } from '../generated/pdas/index.js';
import type { CollateralKey, PoolKey } from '../keys.js';
import { priceMetas, type PriceAccounts } from '../prices.js';
import { withAccounts, type Rest } from './with.js';

/** What a change of a parameter changes: nothing named is the market, a pool alone is the pool. */
export type Target = {
    /** The pool. */
    readonly pool?: Address;
    /** The collateral of that pool. */
    readonly collateral?: Address;
};

/** A number as the value of a parameter. */
export function parameterNumber(number: bigint): Uint8Array {
    const value = new Uint8Array(32);
    value.set(getU64Encoder().encode(number));
    return value;
}

/** Creates the authority's market of an id: its address is derived from both. */
export function createMarket(input: Rest<CreateMarketAsyncInput, 'market' | 'systemProgram'>): Promise<Instruction> {
    return getCreateMarketInstructionAsync(input);
}

/** Creates a pool with its insurance fund, closed. `price` is the liquidity token's. */
export async function createPool(
    key: PoolKey,
    { price, ...input }: Rest<CreatePoolAsyncInput, keyof PoolKey> & { readonly price: PriceAccounts },
): Promise<Instruction> {
    return withAccounts(await getCreatePoolInstructionAsync({ ...input, ...key }), priceMetas(price));
}

/** Lists a token as collateral. `price` is its own. */
export async function addCollateral(
    pool: PoolKey,
    key: CollateralKey,
    {
        price,
        ...input
    }: Rest<AddCollateralAsyncInput, keyof PoolKey | keyof CollateralKey> & { readonly price: PriceAccounts },
): Promise<Instruction> {
    const { market, pool: address } = pool;
    const instruction = await getAddCollateralInstructionAsync({ ...input, ...key, market, pool: address });
    return withAccounts(instruction, priceMetas(price));
}

/** Opens a pool, and founds its insurance fund with a donation of `assets` from `source`. */
export function openPool(key: PoolKey, input: Rest<OpenPoolAsyncInput, keyof PoolKey>): Promise<Instruction> {
    return getOpenPoolInstructionAsync({ ...input, ...key });
}

/**
 * Changes a parameter of a pool, or of one of its collaterals (`collateral`), at once. Allowed where the change can
 * take nothing from anyone, and before the pool is opened.
 */
export function tighten(key: PoolKey, input: Rest<TightenInput, keyof PoolKey>): Instruction {
    return getTightenInstruction({ ...input, market: key.market, pool: key.pool });
}

/** Queues a change of a parameter under a nonce. */
export function queueChange(
    market: Address,
    target: Target,
    input: Rest<QueueChangeAsyncInput, 'market' | 'pool' | 'collateral' | 'change'>,
): Promise<Instruction> {
    return getQueueChangeInstructionAsync({ ...input, ...target, market });
}

/** Makes the change that was queued under a nonce. The rent goes back to `payer`, who paid it. */
export async function executeChange(
    market: Address,
    target: Target,
    {
        authority,
        payer,
        nonce,
    }: { readonly authority: TransactionSigner; readonly payer: Address; readonly nonce: bigint },
): Promise<Instruction> {
    const [change] = await findChangePda({ market, nonce });
    return getExecuteChangeInstruction({ ...target, market, authority, payer, change });
}

/** Cancels the change that was queued under a nonce. The rent goes back to `payer`, who paid it. */
export async function cancelChange(
    market: Address,
    { signer, payer, nonce }: { readonly signer: TransactionSigner; readonly payer: Address; readonly nonce: bigint },
): Promise<Instruction> {
    const [change] = await findChangePda({ market, nonce });
    return getCancelChangeInstruction({ market, signer, payer, change });
}

/** Pauses something for `seconds` from now. */
export function pause(key: PoolKey, input: Rest<PauseInput, keyof PoolKey>): Instruction {
    return getPauseInstruction({ ...input, market: key.market, pool: key.pool });
}

/** Ends a pause. */
export function unpause(key: PoolKey, input: Rest<UnpauseInput, keyof PoolKey>): Instruction {
    return getUnpauseInstruction({ ...input, market: key.market, pool: key.pool });
}

/** Proposes a market's next authority. */
export function proposeAuthority(input: ProposeAuthorityInput): Instruction {
    return getProposeAuthorityInstruction(input);
}

/** Takes over as a market's authority. */
export function acceptAuthority(input: AcceptAuthorityInput): Instruction {
    return getAcceptAuthorityInstruction(input);
}

/** Cancels the proposal of an authority. */
export function cancelAuthority(input: CancelAuthorityInput): Instruction {
    return getCancelAuthorityInstruction(input);
}

/** Pays reserves to a token account of the market's treasury. */
export function collectReserves(
    key: PoolKey,
    input: Rest<CollectReservesAsyncInput, keyof PoolKey>,
): Promise<Instruction> {
    return getCollectReservesInstructionAsync({ ...input, ...key });
}
