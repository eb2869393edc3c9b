import type { Address, Instruction } from '@solana/kit';
import {
    getAccrueInstruction,
    getClaimRecoveryInstructionAsync,
    getCollectInstruction,
    getDepositInstructionAsync,
    getExecuteWithdrawalInstruction,
    getExtendHistoryInstruction,
    getOpenClaimInstructionAsync,
    getOpenPositionInstructionAsync,
    getRequestWithdrawalInstructionAsync,
    getTransferSharesInstructionAsync,
    getTrimHistoryInstruction,
    getWithdrawInstructionAsync,
    type ClaimRecoveryAsyncInput,
    type CollectInput,
    type DepositAsyncInput,
    type ExtendHistoryInput,
    type OpenClaimAsyncInput,
    type OpenPositionAsyncInput,
    type RequestWithdrawalAsyncInput,
    type TransferSharesAsyncInput,
    type TrimHistoryInput,
    type WithdrawAsyncInput,
} from '../generated/instructions/index.js';
import { findClaimPda, findPositionPda } from '../generated/pdas/index.js';
import type { PoolKey } from '../keys.js';
import type { Rest } from './with.js';

type Said = keyof PoolKey | 'position';

/** Opens an owner's LP position. Anyone may pay for it. */
export function openPosition(key: PoolKey, input: Rest<OpenPositionAsyncInput, Said>): Promise<Instruction> {
    return getOpenPositionInstructionAsync({ ...input, pool: key.pool });
}

/** Pays at most `maxAssets` from `source` for at least `minShares`. */
export function deposit(key: PoolKey, input: Rest<DepositAsyncInput, Said>): Promise<Instruction> {
    return getDepositInstructionAsync({ ...input, ...key });
}

/**
 * Burns `shares`, or `ALL` that are not requested, for at least `minAssets`, paid to `destination`. Allowed while no
 * notice is due.
 */
export function withdraw(key: PoolKey, input: Rest<WithdrawAsyncInput, Said>): Promise<Instruction> {
    return getWithdrawInstructionAsync({ ...input, ...key });
}

/** Asks to withdraw `shares`, or `ALL`, where that takes notice. It cannot be taken back. */
export function requestWithdrawal(key: PoolKey, input: Rest<RequestWithdrawalAsyncInput, Said>): Promise<Instruction> {
    return getRequestWithdrawalInstructionAsync({ ...input, pool: key.pool });
}

/** Executes the matured request of `owner` to withdraw. Anyone may. */
export async function executeWithdrawal(key: PoolKey, { owner }: { readonly owner: Address }): Promise<Instruction> {
    const [position] = await findPositionPda({ pool: key.pool, owner });
    return getExecuteWithdrawalInstruction({ pool: key.pool, position });
}

/** Pays an LP what executed requests left, to `destination`. */
export async function collectWithdrawal(
    key: PoolKey,
    input: Rest<CollectInput, keyof PoolKey | 'holder'>,
): Promise<Instruction> {
    const [holder] = await findPositionPda({ pool: key.pool, owner: input.owner.address });
    return getCollectInstruction({ ...input, ...key, holder });
}

/** Gives `shares`, or `ALL`, to the position of `receiver`, who signs too. */
export async function transferShares(
    key: PoolKey,
    input: Rest<TransferSharesAsyncInput, Said | 'recipient'>,
): Promise<Instruction> {
    const [recipient] = await findPositionPda({ pool: key.pool, owner: input.receiver.address });
    return getTransferSharesInstructionAsync({ ...input, pool: key.pool, recipient });
}

/** Opens the account that remembers what a position or a stake, `holder`, claims of the loss with the number `loss`. */
export function openClaim(input: Rest<OpenClaimAsyncInput, 'claim'>): Promise<Instruction> {
    return getOpenClaimInstructionAsync(input);
}

/** Pays an LP what was recovered of the loss with the number `loss`, at least `minAssets`, to `destination`. */
export async function claimRecovery(
    key: PoolKey,
    { loss, ...input }: Rest<ClaimRecoveryAsyncInput, Said | 'claim'> & { readonly loss: number },
): Promise<Instruction> {
    const [position] = await findPositionPda({ pool: key.pool, owner: input.owner.address });
    const [claim] = await findClaimPda({ holder: position, loss });
    return getClaimRecoveryInstructionAsync({ ...input, ...key, claim });
}

/** Makes room for `rows` more rows in the history of a position. Anyone may pay. */
export function extendHistory({
    position,
    ...input
}: Rest<ExtendHistoryInput, 'holder'> & { readonly position: Address }): Instruction {
    return getExtendHistoryInstruction({ ...input, holder: position });
}

/** Gives up the rows of losses up to the number `through` in the history of the owner's position. */
export async function trimHistory(key: PoolKey, input: Rest<TrimHistoryInput, 'holder'>): Promise<Instruction> {
    const [holder] = await findPositionPda({ pool: key.pool, owner: input.owner.address });
    return getTrimHistoryInstruction({ ...input, holder });
}

/** Counts a pool's interest up to now. */
export function accrue(key: PoolKey): Instruction {
    return getAccrueInstruction({ pool: key.pool });
}
