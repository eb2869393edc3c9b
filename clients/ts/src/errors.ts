import { isSolanaError, SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM } from '@solana/kit';
import { ERRORS, type BackstopErrorName } from './generated/interface.js';

/** The program refuses, or would refuse: `message` says what it means and what to do. */
export class BackstopRefusal extends Error {
    /** As of every error of its kind. */
    override readonly name = 'BackstopRefusal';

    /**
     * @param code The code, as the chain tells it.
     * @param error The error's name in the IDL.
     */
    constructor(
        readonly code: number,
        readonly error: BackstopErrorName,
        message: string,
        options?: ErrorOptions,
    ) {
        super(message, options);
    }
}

/** The refusal of a code; nothing if the code is none of the program's. */
export function refusalOfCode(code: number, cause?: unknown): BackstopRefusal | undefined {
    const known = ERRORS.get(code);
    return known && new BackstopRefusal(code, known.name, known.message, cause === undefined ? {} : { cause });
}

/**
 * The refusal that made a transaction or its simulation fail; nothing if something else did.
 *
 * @param error What Kit threw, with whatever it wraps.
 */
export function refusalIn(error: unknown): BackstopRefusal | undefined {
    for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth += 1) {
        if (isSolanaError(cause, SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM)) return refusalOfCode(cause.context.code, error);
    }
    return undefined;
}
