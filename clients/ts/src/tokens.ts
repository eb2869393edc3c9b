import {
    AccountRole,
    fetchEncodedAccount,
    getAddressEncoder,
    getProgramDerivedAddress,
    type AccountMeta,
    type AccountSignerMeta,
    type Address,
    type Commitment,
    type GetAccountInfoApi,
    type Instruction,
    type Rpc,
    type TransactionSigner,
} from '@solana/kit';

/** The SPL Token program. */
export const TOKEN_PROGRAM = 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA' as Address;
/** The Token-2022 program. */
export const TOKEN_2022_PROGRAM = 'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb' as Address;

const ASSOCIATED_TOKEN_PROGRAM = 'ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL' as Address;
const SYSTEM_PROGRAM = '11111111111111111111111111111111' as Address;
/** The instruction that makes an account unless it is there. */
const CREATE_IDEMPOTENT = 1;

/** A mint's token program: SPL Token or Token-2022. */
export async function fetchTokenProgram(
    rpc: Rpc<GetAccountInfoApi>,
    mint: Address,
    { commitment = 'confirmed' }: { readonly commitment?: Commitment } = {},
): Promise<Address> {
    const account = await fetchEncodedAccount(rpc, mint, { commitment });
    if (account.exists && [TOKEN_PROGRAM, TOKEN_2022_PROGRAM].includes(account.programAddress))
        return account.programAddress;
    throw new Error(`There is no mint at ${mint} on this cluster: check the address and the cluster's URL.`);
}

/**
 * Where wallets keep an owner's tokens of a mint: its associated token account.
 *
 * @param tokenProgram The mint's token program; SPL Token if it is not given.
 */
export async function tokenAccount(
    owner: Address,
    mint: Address,
    tokenProgram: Address = TOKEN_PROGRAM,
): Promise<Address> {
    const seeds = [owner, tokenProgram, mint].map(address => getAddressEncoder().encode(address));
    const [address] = await getProgramDerivedAddress({ programAddress: ASSOCIATED_TOKEN_PROGRAM, seeds });
    return address;
}

/**
 * Makes an owner's {@link tokenAccount} of a mint, unless it is there. Anyone may pay for it.
 *
 * @param input `tokenProgram` is the mint's; SPL Token if it is not given.
 */
export async function openTokenAccount({
    payer,
    owner,
    mint,
    tokenProgram = TOKEN_PROGRAM,
}: {
    readonly payer: TransactionSigner;
    readonly owner: Address;
    readonly mint: Address;
    readonly tokenProgram?: Address;
}): Promise<Instruction> {
    const accounts: readonly (AccountMeta | AccountSignerMeta)[] = [
        { address: payer.address, role: AccountRole.WRITABLE_SIGNER, signer: payer },
        { address: await tokenAccount(owner, mint, tokenProgram), role: AccountRole.WRITABLE },
        ...[owner, mint, SYSTEM_PROGRAM, tokenProgram].map(address => ({ address, role: AccountRole.READONLY })),
    ];
    return { programAddress: ASSOCIATED_TOKEN_PROGRAM, accounts, data: new Uint8Array([CREATE_IDEMPOTENT]) };
}
