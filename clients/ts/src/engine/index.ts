import { getBase64Decoder, getBase64Encoder, type Address, type ReadonlyUint8Array } from '@solana/kit';
import { refusalOfCode } from '../errors.js';
import { writable, writableThroughout } from '../json.js';
import type { PriceAccount, Snapshot } from '../snapshot.js';
import type { Calls, Previews } from './previews.js';

export type * from './previews.js';

/** The accounts of a caller, by the names under which a preview takes them. */
export type OwnAccount = 'position' | 'recipient' | 'stake' | 'obligation';

/** What an instruction will do, if nothing comes between. */
export type Outcome<Verb extends keyof Previews> = {
    /** What it moves. */
    readonly moved: Previews[Verb]['moved'];
    /** The pool, its fund, its loss book and its collaterals afterwards: the ground of a next preview. */
    readonly after: Snapshot;
    /** The caller's own accounts afterwards, by the names under which they were given. */
    readonly own: { readonly [Name in Extract<keyof Calls[Verb], OwnAccount>]: ReadonlyUint8Array };
};

/** The engine that runs on chain. */
export interface Engine {
    /**
     * What an instruction will do, to the unit, if nothing comes between. What the engine does not decide is not
     * previewed: who signs, and whether wallets have the tokens. `JSON.stringify` writes whole numbers as decimal
     * strings, and bytes in base64.
     *
     * @param verb The instruction; the verbs that begin with `read` change nothing and tell the figures that a page
     * shows. @param snapshot See {@link fetchSnapshot}. @param call The caller's accounts, as their bytes, and the
     * arguments. An account that is not opened yet is left empty, as `undefined` or `null`: it is previewed as if it
     * were opened first, and belongs to nobody in {@link Outcome.own}. @throws {@link BackstopRefusal} if the program
     * would refuse it.
     */
    preview<Verb extends keyof Previews>(verb: Verb, snapshot: Snapshot, call: Calls[Verb]): Outcome<Verb>;
}

/** What the module exports; `crates/wasm/src/memory.rs` says how it is used. */
type Exports = {
    readonly memory: WebAssembly.Memory;
    backstop_take(length: number): number;
    backstop_answer(request: number, length: number): bigint;
    backstop_free(answer: number, length: number): void;
};

type Answer = {
    readonly problem?: string;
    readonly refused?: number;
    readonly moved?: unknown;
    readonly after?: Readonly<Record<string, unknown>> & {
        readonly pool: string;
        readonly fund: string;
        readonly book: string;
        readonly collaterals: readonly { readonly address: Address; readonly account: string }[];
    };
};

/** The version of requests and answers that this client speaks. */
const VERSION = 1;
let loaded: Promise<Engine> | undefined;

/**
 * Loads the engine. Nothing of it is fetched or compiled before the first call; later calls return the same engine.
 */
export function loadEngine(): Promise<Engine> {
    return (loaded ??= load());
}

async function load(): Promise<Engine> {
    const { MODULE } = await import('./module.js');
    const module = await WebAssembly.compile(getBase64Encoder().encode(MODULE) as BufferSource);
    const { exports } = await WebAssembly.instantiate(module);
    return engineOf(exports as unknown as Exports);
}

function engineOf(exports: Exports): Engine {
    return {
        preview(verb, snapshot, call) {
            const answer = ask(exports, {
                version: VERSION,
                snapshot: stateOf(snapshot),
                call: { verb, ...reported(call) },
            });
            if (answer.refused !== undefined) {
                throw (
                    refusalOfCode(answer.refused) ??
                    new Error(`The engine refuses with the unknown code ${answer.refused}.`)
                );
            }
            if (answer.after === undefined) throw new Error(answer.problem ?? 'The engine gave no answer.');
            const { pool, fund, book, collaterals, ...own } = answer.after;
            const bytes = (text: unknown) => getBase64Encoder().encode(text as string);
            const after = {
                ...snapshot,
                pool: bytes(pool),
                fund: bytes(fund),
                book: bytes(book),
                collaterals: snapshot.collaterals.map((listed, place) => ({
                    ...listed,
                    account: bytes(collaterals[place]?.account),
                })),
            };
            const accounts = Object.fromEntries(Object.entries(own).map(([name, text]) => [name, bytes(text)]));
            return writable({
                moved: writableThroughout(counted(answer.moved)),
                after: writable(after),
                own: writable(accounts),
            }) as never;
        },
    };
}

/** Passes a request through the module's memory. */
function ask(exports: Exports, request: unknown): Answer {
    const text = new TextEncoder().encode(JSON.stringify(request));
    const place = exports.backstop_take(text.length);
    new Uint8Array(exports.memory.buffer).set(text, place);
    const answer = BigInt.asUintN(64, exports.backstop_answer(place, text.length));
    const [start, length] = [Number(answer >> 32n), Number(answer & 0xffff_ffffn)];
    const json = new TextDecoder().decode(new Uint8Array(exports.memory.buffer, start, length));
    exports.backstop_free(start, length);
    return JSON.parse(json) as Answer;
}

/** A value as a request tells it: numbers as decimal strings, bytes in base64. */
function reported(value: object): object {
    const entries = Object.entries(value).map(([name, item]: [string, unknown]) => {
        if (typeof item === 'bigint' || typeof item === 'number') return [name, item.toString()];
        return [name, item instanceof Uint8Array ? getBase64Decoder().decode(item) : item];
    });
    return Object.fromEntries(entries) as object;
}

function stateOf({ now, slot, pool, fund, book, price, collaterals }: Snapshot): object {
    const prices = (accounts: readonly PriceAccount[]) => accounts.map(reported);
    return {
        ...reported({ now, slot, pool, fund, book }),
        price: prices(price),
        collaterals: collaterals.map(listed => ({
            address: listed.address,
            account: getBase64Decoder().decode(listed.account),
            price: prices(listed.price),
        })),
    };
}

/** What is told with its numbers as such. An address is no number: it has more digits than any. */
function counted(value: unknown): unknown {
    if (typeof value === 'string') return /^-?\d{1,39}$/.test(value) ? BigInt(value) : value;
    if (Array.isArray(value)) return value.map(counted);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, counted(item)]));
}
