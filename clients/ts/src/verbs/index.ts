/**
 * Every instruction with its accounts resolved. Amounts are base units; {@link ALL} is all there is where the
 * instruction says so. Each verb is named after its instruction, whose documentation in the IDL has its specification.
 *
 * `import * as verbs from '@backstop/client/verbs'` brings only those that are used into a bundle, whatever makes it.
 */
export { ALL } from '../generated/interface.js';
export * from './lending.js';
export * from './borrowing.js';
export * from './losses.js';
export * from './insurance.js';
export * from './governance.js';
