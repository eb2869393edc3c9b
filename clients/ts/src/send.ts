import {
    appendTransactionMessageInstructions,
    assertIsTransactionWithBlockhashLifetime,
    createTransactionMessage,
    fetchEncodedAccounts,
    getSignatureFromTransaction,
    pipe,
    sendAndConfirmTransactionFactory,
    setTransactionMessageFeePayerSigner,
    setTransactionMessageLifetimeUsingBlockhash,
    signTransactionMessageWithSigners,
    type GetEpochInfoApi,
    type GetLatestBlockhashApi,
    type GetMultipleAccountsApi,
    type GetSignatureStatusesApi,
    type GetTransactionApi,
    type Instruction,
    type Rpc,
    type RpcSubscriptions,
    type SendTransactionApi,
    type Signature,
    type SignatureNotificationsApi,
    type SlotNotificationsApi,
    type TransactionSigner,
} from '@solana/kit';
import { missingIn, refusalIn, type BackstopRefusal, type Sent } from './errors.js';
import { readLogs, type Logged } from './events.js';
import { BACKSTOP_PROGRAM_ADDRESS } from './generated/programs/index.js';

/** What a transaction that landed told. */
export type Landed = Logged & {
    /** Its signature. */
    readonly signature: Signature;
};

/** Sends instructions in one transaction. */
export type Send = (payer: TransactionSigner, instructions: readonly Instruction[]) => Promise<Landed>;

type SendingRpc = Rpc<
    GetEpochInfoApi &
        GetLatestBlockhashApi &
        GetMultipleAccountsApi &
        GetSignatureStatusesApi &
        GetTransactionApi &
        SendTransactionApi
>;

const commitment = 'confirmed';

/**
 * What counting interest costs an instruction at most, in compute units. A simulation within a second of the pool's
 * last instruction counts none, and the transaction does.
 */
const INTEREST_UNITS = 2_000;
/** The most compute that a transaction can ask for. */
const MOST_UNITS = 1_400_000;

/**
 * The compute units to ask for when a simulation used so many: a tenth more, and room for interest in each instruction
 * of the program. A transaction of {@link sender} asks for none and gets 200,000 for each instruction, which every
 * instruction of the program fits.
 */
export function unitLimit(used: number | bigint, instructions: readonly Instruction[]): number {
    const own = instructions.filter(({ programAddress }) => programAddress === BACKSTOP_PROGRAM_ADDRESS).length;
    return Math.min(MOST_UNITS, Number(used) + Math.ceil(Number(used) / 10) + INTEREST_UNITS * own);
}

/**
 * Sends, confirms, and reads the events. Kit does all of the sending; this adds what the program told, and throws the
 * {@link BackstopRefusal} where it refused.
 */
export function sender(
    rpc: SendingRpc,
    rpcSubscriptions: RpcSubscriptions<SignatureNotificationsApi & SlotNotificationsApi>,
): Send {
    const sendAndConfirm = sendAndConfirmTransactionFactory({ rpc, rpcSubscriptions });
    return async (payer, instructions) => {
        const { value: blockhash } = await rpc.getLatestBlockhash({ commitment }).send();
        const message = pipe(
            createTransactionMessage({ version: 0 }),
            empty => setTransactionMessageFeePayerSigner(payer, empty),
            paid => setTransactionMessageLifetimeUsingBlockhash(blockhash, paid),
            living => appendTransactionMessageInstructions(instructions, living),
        );
        const transaction = await signTransactionMessageWithSigners(message);
        assertIsTransactionWithBlockhashLifetime(transaction);
        try {
            await sendAndConfirm(transaction as Parameters<typeof sendAndConfirm>[0], { commitment });
        } catch (error) {
            throw (await refusalOf(rpc, error, message)) ?? error;
        }
        const signature = getSignatureFromTransaction(transaction);
        const landed = await rpc
            .getTransaction(signature, { commitment, encoding: 'json', maxSupportedTransactionVersion: 0 })
            .send();
        return { signature, ...readLogs(landed?.meta?.logMessages ?? ['Log truncated']) };
    };
}

/** The refusal that made it fail. Which account is missing, if one is, the cluster knows. */
async function refusalOf(rpc: SendingRpc, error: unknown, sent: Sent): Promise<BackstopRefusal | undefined> {
    const suspects = missingIn(error, sent);
    if (suspects.length === 0) return refusalIn(error, sent);
    const addresses = suspects.map(({ account }) => account);
    const found = await fetchEncodedAccounts(rpc, addresses, { commitment }).catch(() => []);
    return suspects.find((_, place) => {
        const account = found[place];
        return !(account?.exists && account.programAddress === BACKSTOP_PROGRAM_ADDRESS);
    });
}
