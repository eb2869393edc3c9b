// Everything that is exported and written by hand is documented, member by member.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const folder = fileURLToPath(new URL('../src', import.meta.url));
const files = readdirSync(folder, { recursive: true })
    .filter(name => name.endsWith('.ts') && !name.startsWith('generated') && name !== join('engine', 'module.ts'))
    .map(name => join(folder, name));

test('every export has a comment', () => {
    const bare = [];
    for (const file of files) {
        const source = ts.createSourceFile(file, ts.sys.readFile(file), ts.ScriptTarget.Latest, true);
        const look = (node, path) => {
            if (ts.getJSDocCommentsAndTags(node).length === 0) bare.push(`${file}: ${path}`);
        };
        for (const statement of source.statements) {
            const exported =
                ts.canHaveModifiers(statement) &&
                ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
            if (!exported || ts.isExportDeclaration(statement)) continue;
            const name = statement.name?.text ?? statement.declarationList?.declarations[0].name.text;
            look(statement, name);
            const members =
                statement.members ??
                (statement.type && ts.isTypeLiteralNode(statement.type) ? statement.type.members : []);
            // What a preview takes and moves is named as in its instruction.
            if (name === 'Previews') continue;
            for (const member of members) if (member.name) look(member, `${name}.${member.name.getText()}`);
        }
    }
    assert.deepEqual(bare, []);
});
