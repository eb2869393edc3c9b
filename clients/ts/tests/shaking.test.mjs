// What a page does not use, it does not load.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

async function bundled(source) {
    const { outputFiles } = await build({
        stdin: { contents: source, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
        bundle: true,
        external: ['@solana/*'],
        format: 'esm',
        minify: true,
        platform: 'neutral',
        write: false,
    });
    return outputFiles[0].text;
}

/** The instructions of the program, by the first of their eight bytes, that are in a bundle. */
function instructionsIn(text) {
    const { instructions } = JSON.parse(readFileSync(new URL('../../../idl/backstop.json', import.meta.url), 'utf8'));
    return instructions.filter(({ discriminator }) => text.includes(discriminator.join(','))).map(({ name }) => name);
}

/** How base64 of a WebAssembly module begins. */
const MODULE = 'AGFzbQ';

test('one instruction brings neither the engine nor the rest of the program', async () => {
    const text = await bundled(
        "import { getAccrueInstruction } from '@backstop/client'; console.log(getAccrueInstruction);",
    );
    assert.ok(!text.includes(MODULE));
    assert.ok(text.length < 10_000, `${text.length} bytes`);
});

test('one verb brings its own instruction only', async () => {
    for (const source of [
        "import { deposit } from '@backstop/client/verbs'; console.log(deposit);",
        "import * as verbs from '@backstop/client/verbs'; console.log(verbs.deposit);",
        "import { poolKey } from '@backstop/client'; import * as verbs from '@backstop/client/verbs'; console.log(poolKey, verbs.deposit);",
    ]) {
        const text = await bundled(source);
        assert.deepEqual(instructionsIn(text), ['deposit']);
        assert.ok(text.length < 10_000, `${text.length} bytes`);
    }
});

test('both imports are the same verbs', async () => {
    const [{ verbs }, subpath] = await Promise.all([import('@backstop/client'), import('@backstop/client/verbs')]);
    assert.equal(verbs, subpath);
});

test('the engine comes with who loads it', async () => {
    const text = await bundled("import { loadEngine } from '@backstop/client'; console.log(loadEngine);");
    assert.ok(text.includes(MODULE));
});
