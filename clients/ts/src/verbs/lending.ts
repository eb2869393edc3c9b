import type { Address, Instruction } from '@solana/kit';
import {
    getAccrueInstruction,
    getClaimRecoveryInstructionAsync,
    getDepositInstructionAsync,
    getOpenPositionInstructionAsync,
    getRequestWithdrawalInstructionAsync,
    getTransferSharesInstructionAsync,
    getWithdrawInstructionAsync,
    type ClaimRecoveryAsyncInput,
    type DepositAsyncInput,
    type OpenPositionAsyncInput,
    type RequestWithdrawalAsyncInput,
    type TransferSharesAsyncInput,
    type WithdrawAsyncInput,
} from '../generated/instructions/index.js';
import { findPositionPda } from '../generated/pdas/index.js';
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

/** Burns `shares`, or `ALL`, for at least `minAssets`, paid to `destination`. */
export function withdraw(key: PoolKey, input: Rest<WithdrawAsyncInput, Said>): Promise<Instruction> {
    return getWithdrawInstructionAsync({ ...input, ...key });
}

/** Asks to withdraw `shares`, or `ALL`, where that takes notice. */
export function requestWithdrawal(key: PoolKey, input: Rest<RequestWithdrawalAsyncInput, Said>): Promise<Instruction> {
    return getRequestWithdrawalInstructionAsync({ ...input, pool: key.pool });
}

/** Gives `shares`, or `ALL`, to the position of `to`. */
export async function transferShares(
    key: PoolKey,
    { to, ...input }: Rest<TransferSharesAsyncInput, Said | 'recipient'> & { readonly to: Address },
): Promise<Instruction> {
    const [recipient] = await findPositionPda({ pool: key.pool, owner: to });
    return getTransferSharesInstructionAsync({ ...input, pool: key.pool, recipient });
}

/** Pays an LP all that was recovered of its losses, at least `minAssets`, to `destination`. */
export function claimRecovery(key: PoolKey, input: Rest<ClaimRecoveryAsyncInput, Said>): Promise<Instruction> {
    return getClaimRecoveryInstructionAsync({ ...input, ...key });
}

/** Counts a pool's interest up to now. */
export function accrue(key: PoolKey): Instruction {
    return getAccrueInstruction({ pool: key.pool });
}
