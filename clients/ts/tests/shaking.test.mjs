// What a page does not use, it does not load.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

async function bundled(source) {
    const { outputFiles } = await build({
        stdin: { contents: source, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
        bundle: true, external: ['@solana/*'], format: 'esm', minify: true, platform: 'neutral', write: false,
    });
    return outputFiles[0].text;
}

/** How base64 of a WebAssembly module begins. */
const MODULE = 'AGFzbQ';

test('one instruction brings neither the engine nor the rest of the program', async () => {
    const text = await bundled("import { getAccrueInstruction } from '@backstop/client'; console.log(getAccrueInstruction);");
    assert.ok(!text.includes(MODULE));
    assert.ok(text.length < 10_000, `${text.length} bytes`);
});

test('the engine comes with who loads it', async () => {
    const text = await bundled("import { loadEngine } from '@backstop/client'; console.log(loadEngine);");
    assert.ok(text.includes(MODULE));
});
