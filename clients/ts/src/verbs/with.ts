import type { AccountMeta, Instruction } from '@solana/kit';

/** What a caller still has to say of an instruction's input, when a key says the rest. */
export type Rest<Input, Said extends PropertyKey> = Omit<Input, Said>;

/** An instruction with further accounts after those that it declares. */
export function withAccounts(instruction: Instruction, accounts: readonly AccountMeta[]): Instruction {
    return { ...instruction, accounts: [...(instruction.accounts ?? []), ...accounts] };
}
