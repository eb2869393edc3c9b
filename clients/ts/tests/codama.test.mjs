// The official renderers read the IDL: whoever wants a client of their own can make it. Ours is made by the one for
// JavaScript.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { rootNodeFromAnchor } from '@codama/nodes-from-anchor';
import { getRenderMapVisitor as javascript } from '@codama/renderers-js';
import { getRenderMapVisitor as rust } from '@codama/renderers-rust';
import { visit } from '@codama/visitors';

const idl = JSON.parse(readFileSync(new URL('../../../idl/backstop.json', import.meta.url), 'utf8'));

for (const [language, renderer, file] of [
    ['Rust', rust, name => `instructions/${name}.rs`],
    ['JavaScript', javascript, name => `instructions/${name.replace(/_./g, part => part[1].toUpperCase())}.ts`],
]) {
    test(`the renderer for ${language} reads the IDL`, () => {
        const rendered = visit(rootNodeFromAnchor(idl), renderer({}));
        const missing = idl.instructions
            .map(({ name }) => file(name))
            .filter(path => ![...rendered.keys()].some(made => made.endsWith(path)));
        assert.deepEqual(missing, []);
    });
}
