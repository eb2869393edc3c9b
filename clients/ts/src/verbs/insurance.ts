import type { Instruction } from '@solana/kit';
import {
    getCancelUnstakeInstruction,
    getClaimStakeRecoveryInstructionAsync,
    getExtendStakeHistoryInstruction,
    getFundInsuranceInstructionAsync,
    getOpenStakeInstructionAsync,
    getRequestUnstakeInstructionAsync,
    getStakeInstructionAsync,
    getTrimStakeHistoryInstruction,
    getUnstakeInstructionAsync,
    type CancelUnstakeInput,
    type ClaimStakeRecoveryAsyncInput,
    type ExtendStakeHistoryInput,
    type FundInsuranceAsyncInput,
    type OpenStakeAsyncInput,
    type RequestUnstakeAsyncInput,
    type StakeAsyncInput,
    type TrimStakeHistoryInput,
    type UnstakeAsyncInput,
} from '../generated/instructions/index.js';
import { findClaimPda, findStakePda } from '../generated/pdas/index.js';
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

/** Pays a staker what was recovered of the loss with the number `loss`, at least `minAssets`, to `destination`. */
export async function claimStakeRecovery(
    key: PoolKey,
    { loss, ...input }: Rest<ClaimStakeRecoveryAsyncInput, Said | 'claim'> & { readonly loss: number },
): Promise<Instruction> {
    const [stake] = await findStakePda({ insuranceFund: key.insuranceFund, owner: input.owner.address });
    const [claim] = await findClaimPda({ holder: stake, loss });
    return getClaimStakeRecoveryInstructionAsync({ ...input, ...key, claim });
}

/** Makes room for `rows` more rows in the history of a stake. Anyone may pay. */
export function extendStakeHistory(input: ExtendStakeHistoryInput): Instruction {
    return getExtendStakeHistoryInstruction(input);
}

/** Gives up the rows of losses up to the number `through` in the history of the owner's stake. */
export async function trimStakeHistory(key: PoolKey, input: Rest<TrimStakeHistoryInput, Said>): Promise<Instruction> {
    const [stake] = await findStakePda({ insuranceFund: key.insuranceFund, owner: input.owner.address });
    return getTrimStakeHistoryInstruction({ ...input, stake });
}

/** Gives at most `assets` to the insurance fund for nothing. */
export function fundInsurance(key: PoolKey, input: Rest<FundInsuranceAsyncInput, keyof PoolKey>): Promise<Instruction> {
    return getFundInsuranceInstructionAsync({ ...input, ...key });
}
