// What `anchor migrate` runs: migrations/deploy.ts, with a command that only notes how it was called.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import ts from 'typescript';

const source = readFileSync(new URL('../../../migrations/deploy.ts', import.meta.url), 'utf8');
const compiled = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.CommonJS } }).outputText;

/** How the command is called on the cluster with this first block. */
async function called(genesis, status = 0) {
    const calls = [];
    const spawnSync = (command, words) => (calls.push([command, ...words]), { status });
    const module = { exports: {} };
    const run = new Function('module', 'exports', 'require', 'process', compiled);
    run(module, module.exports, () => ({ spawnSync }), { env: { ANCHOR_WALLET: 'wallet.json' } });
    await module.exports({ connection: { rpcEndpoint: 'http://node', getGenesisHash: async () => genesis } });
    return calls;
}

function migrate(plan) {
    return ['backstop', 'migrate', '--plan', plan, '--url', 'http://node', '--keypair', 'wallet.json'];
}

test('it asks before it sends, but on a local cluster', async () => {
    assert.deepEqual(await called('5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d'), [migrate('mainnet')]);
    assert.deepEqual(await called('EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG'), [migrate('devnet')]);
    assert.deepEqual(await called('any other'), [[...migrate('localnet'), '--yes']]);
});

test('a migration that stops is an error', async () => {
    await assert.rejects(called('any other', 2), /ended with exit code 2/);
});
