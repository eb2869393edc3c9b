import { getBase64Decoder } from '@solana/kit';

/**
 * Lets `JSON.stringify` write an object: whole numbers as decimal strings, bytes in base64. The function that does it
 * is not among the object's keys.
 */
export function writable<T extends object>(value: T): T {
    return Object.defineProperty(value, 'toJSON', { value: () => plain(value) });
}

/** The same of an object with all that is in it. */
export function writableThroughout<T>(value: T): T {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
    for (const item of Object.values(value)) writableThroughout(item);
    return Array.isArray(value) ? value : writable(value);
}

function plain(value: unknown): unknown {
    if (typeof value === 'bigint') return value.toString();
    if (value instanceof Uint8Array) return getBase64Decoder().decode(value);
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}
