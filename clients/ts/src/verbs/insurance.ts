import type { Instruction } from '@solana/kit';
import {
    getCancelUnstakeInstruction,
    getClaimStakeRecoveryInstructionAsync,
    getFundInsuranceInstructionAsync,
    getOpenStakeInstructionAsync,
    getRequestUnstakeInstructionAsync,
    getStakeInstructionAsync,
    getUnstakeInstructionAsync,
    type CancelUnstakeInput,
    type ClaimStakeRecoveryAsyncInput,
    type FundInsuranceAsyncInput,
    type OpenStakeAsyncInput,
    type RequestUnstakeAsyncInput,
    type StakeAsyncInput,
    type UnstakeAsyncInput,
} from '../generated/instructions/index.js';
import { findStakePda } from '../generated/pdas/index.js';
import type { PoolKey } from '../keys.js';
import type { Rest } from './with.js';

type Said = keyof PoolKey | 'stake';

/** Opens an owner's insurance stake. Anyone may pay for it. */
export function openStake(key: PoolKey, input: Rest<OpenStakeAsyncInput, Said>): Promise<Instruction> {
    return getOpenStakeInstructionAsync({ ...input, insuranceFund: key.insuranceFund });
}

/** Pays at most `maxAssets` from `source` into the insurance fund for at least `minShares`. */
export function stake(key: PoolKey, input: Rest<StakeAsyncInput, Said>): Promise<Instruction> {
    return getStakeInstructionAsync({ ...input, ...key });
}

/** Asks to leave the insurance fund with `shares`, or `ALL`. */
export function requestUnstake(key: PoolKey, input: Rest<RequestUnstakeAsyncInput, Said>): Promise<Instruction> {
    return getRequestUnstakeInstructionAsync({ ...input, ...key });
}

/** Takes a request to leave the insurance fund back. */
export async function cancelUnstake(key: PoolKey, input: Rest<CancelUnstakeInput, Said>): Promise<Instruction> {
    const [stake] = await findStakePda({ insuranceFund: key.insuranceFund, owner: input.owner.address });
    return getCancelUnstakeInstruction({ ...input, stake });
}

/** Takes the shares of a matured request out of the insurance fund for at least `minAssets`, paid to `destination`. */
export function unstake(key: PoolKey, input: Rest<UnstakeAsyncInput, Said>): Promise<Instruction> {
    return getUnstakeInstructionAsync({ ...input, ...key });
}

/** Pays a staker all that was recovered of its losses, at least `minAssets`, to `destination`. */
export function claimStakeRecovery(
    key: PoolKey,
    input: Rest<ClaimStakeRecoveryAsyncInput, Said>,
): Promise<Instruction> {
    return getClaimStakeRecoveryInstructionAsync({ ...input, ...key });
}

/** Gives `assets` to the insurance fund for nothing. */
export function fundInsurance(key: PoolKey, input: Rest<FundInsuranceAsyncInput, keyof PoolKey>): Promise<Instruction> {
    return getFundInsuranceInstructionAsync({ ...input, ...key });
}
