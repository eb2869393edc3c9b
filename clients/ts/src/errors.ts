import {
    getBase16Decoder,
    isSolanaError,
    SOLANA_ERROR__INSTRUCTION_ERROR__ACCOUNT_DATA_TOO_SMALL,
    SOLANA_ERROR__INSTRUCTION_ERROR__COMPUTATIONAL_BUDGET_EXCEEDED,
    SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM,
    SOLANA_ERROR__INSTRUCTION_ERROR__PROGRAM_FAILED_TO_COMPLETE,
    type Address,
    type Instruction,
    type SolanaError,
} from '@solana/kit';
import { ERRORS, OPENED, type BackstopErrorName, type OpeningVerb } from './generated/interface.js';
import { BACKSTOP_PROGRAM_ADDRESS } from './generated/programs/index.js';

/** The program refuses, or would refuse: `message` says what it means and what to do. */
export class BackstopRefusal extends Error {
    /** As of every error of its kind. */
    override readonly name = 'BackstopRefusal';

    /**
     * @param code The code, as the chain tells it; none of {@link NotOpened} and {@link OutOfCompute}.
     * @param error The error's name in the IDL, or that of {@link NotOpened} or {@link OutOfCompute}.
     */
    constructor(
        readonly code: number | undefined,
        readonly error: BackstopErrorName | 'NotOpened' | 'OutOfCompute',
        message: string,
        options?: ErrorOptions,
    ) {
        super(message, options);
    }

    /** What `JSON.stringify` writes: all there is, with the message. */
    toJSON(): object {
        return { ...this, message: this.message };
    }
}

/** A transaction asked for less compute than an instruction of the program needs. */
export class OutOfCompute extends BackstopRefusal {
    constructor(options?: ErrorOptions) {
        const message =
            'The transaction asked for less compute than it needs: send it anew with a larger limit. A simulation within a second of the ' +
            "pool's last instruction counts no interest, and the transaction does: `unitLimit` leaves room for that.";
        super(undefined, 'OutOfCompute', message, options);
    }
}

/**
 * A position, stake or obligation that an instruction takes does not exist. The chain only reports that an account has
 * too few bytes.
 */
export class NotOpened extends BackstopRefusal {
    /** The other verb that may have to open it, where the instruction does not tell which. */
    readonly alternative: OpeningVerb | undefined;

    /**
     * @param account Where it should be. @param opens The verb that opens it. @param options What caused it; and the
     * other verb that may have to open it, where the instruction does not tell which.
     */
    constructor(
        readonly account: Address,
        readonly opens: OpeningVerb,
        { alternative, ...options }: ErrorOptions & { readonly alternative?: OpeningVerb | undefined } = {},
    ) {
        const verbs = alternative === undefined ? [opens] : [opens, alternative];
        const what = verbs.map(verb => verb.slice('open'.length).toLowerCase()).join(' or ');
        const opening = verbs.map(verb => `\`${verb}\``).join(' or ');
        const message =
            `There is no ${what} at ${account}: ` +
            `open it first, with ${opening} in the same transaction or before.`;
        super(undefined, 'NotOpened', message, options);
        this.alternative = alternative;
    }
}

/** What failed, as far as it is known. A transaction message of Kit's is one. */
export type Sent = {
    /** The transaction's instructions, all of them and in their order. */
    readonly instructions?: readonly Instruction[];
    /** What it logged. What Kit throws when a simulation fails has the logs in it. */
    readonly logs?: readonly string[] | null;
};

/** The refusal of a code; nothing if the code is none of the program's. */
export function refusalOfCode(code: number, cause?: unknown): BackstopRefusal | undefined {
    const known = ERRORS.get(code);
    return known && new BackstopRefusal(code, known.name, known.message, cause === undefined ? {} : { cause });
}

/**
 * The refusal in the logs of a transaction or a simulation, whoever sent it; nothing if another program failed, or
 * none. For what Anchor's and web3.js's errors have in `logs`.
 */
export function refusalOfLogs(logs: readonly string[], cause?: unknown): BackstopRefusal | undefined {
    const { program, reason = '' } = failedIn(logs) ?? {};
    if (program !== BACKSTOP_PROGRAM_ADDRESS) return undefined;
    if (isExhausted(reason)) return new OutOfCompute(cause === undefined ? {} : { cause });
    const code = /^custom program error: 0x([0-9a-f]{1,8})$/.exec(reason)?.[1];
    return code === undefined ? undefined : refusalOfCode(parseInt(code, 16), cause);
}

/**
 * The refusal that made a transaction or its simulation fail; nothing if something else did, or if nothing tells which
 * program it was: every program that is made with Anchor has errors of the same numbers.
 *
 * @param error What Kit threw, with whatever it wraps.
 * @param sent What was sent. It is needed where `error` has no logs, and to tell which account is missing.
 */
export function refusalIn(error: unknown, sent: Sent = {}): BackstopRefusal | undefined {
    const failure = failureIn(error);
    if (failure === undefined) return undefined;
    const failed = failedIn(sent.logs ?? failure.logs ?? []);
    const own = sent.instructions?.[failure.cause.context.index]?.programAddress;
    // Compute can run out in a program that is called: what was asked for is the caller's.
    if (isOutOfCompute(failure.cause, failed)) {
        return [own ?? failed?.program, failed?.program].includes(BACKSTOP_PROGRAM_ADDRESS)
            ? new OutOfCompute({ cause: error })
            : undefined;
    }
    if ((failed?.program ?? own) !== BACKSTOP_PROGRAM_ADDRESS) return undefined;
    if (!isSolanaError(failure.cause, SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM)) return missingIn(error, sent)[0];
    return refusalOfCode(failure.cause.context.code, error);
}

/** The accounts that may be missing if a transaction failed because one is, the likeliest first. */
export function missingIn(error: unknown, { instructions = [] }: Sent): NotOpened[] {
    const failure = failureIn(error);
    if (!isSolanaError(failure?.cause, SOLANA_ERROR__INSTRUCTION_ERROR__ACCOUNT_DATA_TOO_SMALL)) return [];
    const { programAddress, accounts = [], data = new Uint8Array() } = instructions[failure.cause.context.index] ?? {};
    if (programAddress !== BACKSTOP_PROGRAM_ADDRESS) return [];
    const places = OPENED.get(getBase16Decoder().decode(data.slice(0, 8))) ?? [];
    return places
        .flatMap(([place, opens, alternative]) =>
            accounts
                .slice(place, place + 1)
                .map(({ address }) => new NotOpened(address, opens, { cause: error, alternative })),
        )
        .reverse(); // who gives shares has a position; who gets them may not
}

/** The failures that mean something here. */
const FAILURES = [
    SOLANA_ERROR__INSTRUCTION_ERROR__ACCOUNT_DATA_TOO_SMALL,
    SOLANA_ERROR__INSTRUCTION_ERROR__COMPUTATIONAL_BUDGET_EXCEEDED,
    SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM,
    SOLANA_ERROR__INSTRUCTION_ERROR__PROGRAM_FAILED_TO_COMPLETE,
] as const;

type InstructionFailure = SolanaError<(typeof FAILURES)[number]>;

/** The failed instruction in what was thrown, and the logs around it. */
function failureIn(
    error: unknown,
): { readonly cause: InstructionFailure; readonly logs?: readonly string[] } | undefined {
    let logs: readonly string[] | undefined;
    for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth += 1) {
        if (FAILURES.some(code => isSolanaError(cause, code)))
            return { cause: cause as InstructionFailure, ...(logs && { logs }) };
        const { context } = cause as { context?: { readonly logs?: unknown } };
        if (Array.isArray(context?.logs)) logs = context.logs as string[];
    }
    return undefined;
}

/** Whether compute ran out, which the runtime says in one of two ways. */
function isOutOfCompute(cause: InstructionFailure, failed: Failed | undefined): boolean {
    if (isSolanaError(cause, SOLANA_ERROR__INSTRUCTION_ERROR__COMPUTATIONAL_BUDGET_EXCEEDED)) return true;
    return (
        isSolanaError(cause, SOLANA_ERROR__INSTRUCTION_ERROR__PROGRAM_FAILED_TO_COMPLETE) &&
        isExhausted(failed?.reason ?? '')
    );
}

function isExhausted(reason: string): boolean {
    return reason.endsWith('exceeded CUs meter at BPF instruction') || reason.includes('Computational budget exceeded');
}

/** A program that failed, and why. */
type Failed = { readonly program: string; readonly reason: string };

/** The program that failed by the logs. Where one called another, the innermost says so first. */
function failedIn(logs: readonly string[]): Failed | undefined {
    const lines = logs.map(line => /^Program ([1-9A-HJ-NP-Za-km-z]{32,44}) failed: (.*)$/.exec(line));
    const [, program, reason] = lines.find(found => found !== null) ?? [];
    return program === undefined || reason === undefined ? undefined : { program, reason };
}
