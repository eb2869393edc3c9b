import type { Address, Instruction } from '@solana/kit';
import {
    getClaimStakeRecoveryInstructionAsync,
    getCollectInstruction,
    getExecuteUnstakeInstruction,
    getExtendHistoryInstruction,
    getFundInsuranceInstructionAsync,
    getOpenStakeInstructionAsync,
    getRequestUnstakeInstructionAsync,
    getStakeInstructionAsync,
    getTrimHistoryInstruction,
    type ClaimStakeRecoveryAsyncInput,
    type CollectInput,
    type ExtendHistoryInput,
    type FundInsuranceAsyncInput,
    type OpenStakeAsyncInput,
    type RequestUnstakeAsyncInput,
    type StakeAsyncInput,
    type TrimHistoryInput,
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

/** Executes the matured request of `owner` to leave the insurance fund. Anyone may. */
export async function executeUnstake(key: PoolKey, { owner }: { readonly owner: Address }): Promise<Instruction> {
    const [stake] = await findStakePda({ insuranceFund: key.insuranceFund, owner });
    return getExecuteUnstakeInstruction({ pool: key.pool, insuranceFund: key.insuranceFund, stake });
}

/** Pays a staker what executed requests left, to `destination`. */
export async function collectUnstake(
    key: PoolKey,
    input: Rest<CollectInput, keyof PoolKey | 'holder'>,
): Promise<Instruction> {
    const [holder] = await findStakePda({ insuranceFund: key.insuranceFund, owner: input.owner.address });
    return getCollectInstruction({ ...input, ...key, holder });
}

/** Gives a staker its part of the shares that came back of the loss with the number `loss`. */
export async function claimStakeRecovery(
    key: PoolKey,
    { loss, ...input }: Rest<ClaimStakeRecoveryAsyncInput, Said | 'claim'> & { readonly loss: number },
): Promise<Instruction> {
    const [stake] = await findStakePda({ insuranceFund: key.insuranceFund, owner: input.owner.address });
    const [claim] = await findClaimPda({ holder: stake, loss });
    return getClaimStakeRecoveryInstructionAsync({ ...input, ...key, claim });
}

/** Makes room for `rows` more rows in the history of a stake. Anyone may pay. */
export function extendStakeHistory({
    stake,
    ...input
}: Rest<ExtendHistoryInput, 'holder'> & { readonly stake: Address }): Instruction {
    return getExtendHistoryInstruction({ ...input, holder: stake });
}

/** Gives up the rows of losses up to the number `through` in the history of the owner's stake. */
export async function trimStakeHistory(key: PoolKey, input: Rest<TrimHistoryInput, 'holder'>): Promise<Instruction> {
    const [holder] = await findStakePda({ insuranceFund: key.insuranceFund, owner: input.owner.address });
    return getTrimHistoryInstruction({ ...input, holder });
}

/** Gives at most `assets` to the insurance fund for nothing. */
export function fundInsurance(key: PoolKey, input: Rest<FundInsuranceAsyncInput, keyof PoolKey>): Promise<Instruction> {
    return getFundInsuranceInstructionAsync({ ...input, ...key });
}
