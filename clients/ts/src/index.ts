/**
 * The Backstop lending pool from TypeScript, for `@solana/kit`.
 *
 * What is generated from the IDL (accounts, instructions, addresses, events, errors) stands beside thin verbs that
 * resolve every account of an instruction, the accounts with prices included. {@link loadEngine} loads the engine that
 * runs on chain, for previews.
 *
 * @packageDocumentation
 */
export * from './generated/index.js';
export * from './keys.js';
export * from './tokens.js';
export * from './prices.js';
export * as verbs from './verbs/index.js';
export * from './events.js';
export {
    BackstopRefusal,
    NotOpened,
    OutOfCompute,
    refusalIn,
    refusalOfCode,
    refusalOfLogs,
    type Sent,
} from './errors.js';
export * from './snapshot.js';
export * from './send.js';
export { loadEngine, type Engine, type Outcome, type OwnAccount } from './engine/index.js';
export type * from './engine/previews.js';
