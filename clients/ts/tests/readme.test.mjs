// Scripts that stand alone, on a local cluster: the example of README.md, and one that uses the IDL and Kit only.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startCluster, wallet } from './cluster.mjs';

const here = name => fileURLToPath(new URL(name, import.meta.url));

describe('scripts', () => {
    let cluster;
    before(async () => {
        cluster = await startCluster();
    });
    after(async () => {
        if (cluster) assert.equal(await cluster.stop(), 0);
    });

    /** Runs a script as an actor and returns what it printed. */
    async function run(file, actor) {
        const { reported, actors } = cluster;
        const source = await wallet(actors[actor], reported.tokens.USDC.mint);
        const env = {
            ...process.env,
            RPC_URL: reported.rpc_url,
            WEBSOCKET_URL: reported.websocket_url,
            KEYPAIR: reported.actors[actor].keypair,
            MARKET: reported.made.market,
            MINT: reported.tokens.USDC.mint,
            SOURCE: source,
            WALLET: source,
        };
        return (await promisify(execFile)(process.execPath, [file], { env })).stdout;
    }

    test("README.md's example deposits", async () => {
        const [, example] = /```js\n([\s\S]*?)```/.exec(readFileSync(here('../README.md'), 'utf8'));
        const file = here('example.generated.mjs');
        writeFileSync(file, example);
        try {
            assert.equal(await run(file, 'alice'), '1000000000 base units for 1000000000 shares\n');
        } finally {
            rmSync(file);
        }
    });

    test('the IDL and Kit are enough to deposit', async () => {
        assert.equal(await run(here('kit-only.mjs'), 'bob'), '250000000\n');
    });
});
