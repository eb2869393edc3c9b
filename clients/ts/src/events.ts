import { getBase16Decoder, getBase64Encoder } from '@solana/kit';
import { EVENTS, type BackstopEvent } from './generated/interface.js';
import { BACKSTOP_PROGRAM_ADDRESS } from './generated/programs/index.js';
import { writableThroughout } from './json.js';

/** What a transaction's logs told. */
export type Logged = {
    /** The program's own events, in order. Log data of other programs is left out, whatever it looks like. */
    readonly events: readonly BackstopEvent[];
    /** Whether the runtime cut the logs: then events may be missing, and the accounts must be read instead. */
    readonly truncated: boolean;
};

/** Reads the log lines of one transaction. `JSON.stringify` writes whole numbers of events as decimal strings. */
export function readLogs(lines: readonly string[]): Logged {
    const callers: string[] = [];
    const events: BackstopEvent[] = [];
    let truncated = false;
    for (const line of lines) {
        const [first, second, third] = line.split(' ');
        if (line === 'Log truncated') {
            truncated = true;
        } else if (first !== 'Program' || second === undefined || third === undefined) {
            continue;
        } else if (second === 'log:' || second === 'return:') {
            // Whatever a program writes here, it neither starts nor ends one.
            continue;
        } else if (second === 'data:') {
            if (callers.at(-1) === BACKSTOP_PROGRAM_ADDRESS) events.push(...eventIn(third));
        } else if (third === 'invoke') {
            callers.push(second);
        } else if (third === 'success' || third === 'failed:') {
            callers.pop();
        }
    }
    return { events, truncated };
}

/** The event in one piece of log data; nothing if it is none of the program's. */
function eventIn(data: string): BackstopEvent[] {
    try {
        const bytes = getBase64Encoder().encode(data);
        const read = EVENTS.get(getBase16Decoder().decode(bytes.slice(0, 8)));
        return read === undefined ? [] : [writableThroughout(read(bytes.slice(8)))];
    } catch {
        return [];
    }
}
