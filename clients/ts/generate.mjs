// Writes src/generated from idl/backstop.json: `npm run generate`, or `node generate.mjs FOLDER` to write it elsewhere.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rootNodeFromAnchor } from '@codama/nodes-from-anchor';
import { renderVisitor } from '@codama/renderers-js';
import { bottomUpTransformerVisitor, visit } from '@codama/visitors';

const here = fileURLToPath(new URL('.', import.meta.url));
const idl = JSON.parse(readFileSync(join(here, '../../idl/backstop.json'), 'utf8'));
const folder = resolve(process.argv[2] ?? join(here, 'src/generated'));

/** The vault of a pool and that of a collateral have the same first seed; each gets a name of its own. */
const PDAS = { vault: 'collateralVault', borrowVault: 'poolVault', liquidateCollateral: 'collateral' };
const LINKS = bottomUpTransformerVisitor([
    { select: '[pdaLinkNode]', transform: node => ({ ...node, name: PDAS[node.name] ?? node.name }) },
    {
        select: '[pdaValueNode]',
        transform: node => ({
            ...node,
            seeds: node.seeds.map(seed => (seed.name === 'collateralMint' ? { ...seed, name: 'mint' } : seed)),
        }),
    },
]);

/** The program with names as above, and with its events as types: the renderer makes nothing of event nodes. */
function prepared() {
    const { warn } = console;
    console.warn = () => {}; // it tells of the two names that PDAS replaces
    const root = visit(rootNodeFromAnchor(idl), LINKS);
    console.warn = warn;
    const { program } = root;
    const pdas = program.pdas
        .filter(pda => pda.name !== 'liquidateCollateral')
        .map(pda => ({ ...pda, name: PDAS[pda.name] ?? pda.name }));
    const events = program.events.map(event => ({
        kind: 'definedTypeNode',
        name: event.name,
        docs: event.docs,
        type: event.data.type,
    }));
    return { ...root, program: { ...program, pdas, definedTypes: [...program.definedTypes, ...events] } };
}

/** What opens the accounts that a user has, by their names in instructions. A holder is a position or a stake. */
const OPENS = {
    position: ['openPosition'],
    recipient: ['openPosition'],
    stake: ['openStake'],
    holder: ['openPosition', 'openStake'],
    obligation: ['openObligation'],
};

/**
 * What the IDL has and the renderer leaves out: events by their first bytes, errors with their messages, the constants,
 * and which instructions need an account that is opened first.
 */
function interfaceSource() {
    const hex = bytes => Buffer.from(bytes).toString('hex');
    const docs = (lines, indent = '') => `${indent}/** ${lines.join(' ').replaceAll('*/', '* /')} */\n`;
    const constants = idl.constants
        .filter(({ type }) => type !== 'bytes')
        .map(
            ({ name, type, value, docs: lines }) =>
                `${docs(lines)}export const ${name} = ${value}${type === 'u64' ? 'n' : ''};\n`,
        );
    const names = idl.events.map(({ name }) => name);
    const decoders = names.map(name => `    get${name}Decoder,\n    type ${name},\n`);
    const members = names.map(name => `    | ({ readonly kind: '${name}' } & ${name})\n`);
    const entries = idl.events.map(
        ({ name, discriminator }) =>
            `    ['${hex(discriminator)}', bytes => ({ kind: '${name}', ...get${name}Decoder().decode(bytes) })],\n`,
    );
    const errors = idl.errors.map(
        ({ code, name, msg }) => `    [${code}, { name: '${name}', message: ${JSON.stringify(msg)} }],\n`,
    );
    const opened = idl.instructions
        .filter(({ name }) => !name.startsWith('open_'))
        .flatMap(({ discriminator, accounts }) => {
            const places = accounts.flatMap(({ name }, place) =>
                OPENS[name] ? [`[${[place, ...OPENS[name].map(verb => `'${verb}'`)].join(', ')}]`] : [],
            );
            return places.length === 0 ? [] : [`    ['${hex(discriminator)}', [${places.join(', ')}]],\n`];
        });
    const errorNames = idl.errors.map(({ name }) => `    | '${name}'\n`);
    return `// Generated from idl/backstop.json by \`cargo xtask generate\`. Do not edit.
import type { ReadonlyUint8Array } from '@solana/kit';
import {
${decoders.join('')}} from './types/index.js';

${constants.join('\n')}
/** Something that the program told in a transaction's logs. \`kind\` is its name in the IDL. */
export type BackstopEvent =
${members.join('').replace(/\n$/, ';\n')}
/** How to read the rest of an event, by its first eight bytes in hexadecimal. */
export const EVENTS: ReadonlyMap<string, (bytes: ReadonlyUint8Array) => BackstopEvent> = /* @__PURE__ */ new Map<
    string,
    (bytes: ReadonlyUint8Array) => BackstopEvent
>([
${entries.join('')}]);

/** The name of an error in the IDL. */
export type BackstopErrorName =
${errorNames.join('').replace(/\n$/, ';\n')}
/** What the program refuses with, by code. */
export const ERRORS: ReadonlyMap<number, { readonly name: BackstopErrorName; readonly message: string }> = \
/* @__PURE__ */ new Map<
    number,
    { readonly name: BackstopErrorName; readonly message: string }
>([
${errors.join('')}]);

/** The verbs that open an account. */
export type OpeningVerb = 'openPosition' | 'openStake' | 'openObligation';

/** Where an instruction, by its first eight bytes in hexadecimal, has accounts that must be opened first, and what \
opens them. */
export const OPENED: ReadonlyMap<string, \
readonly (readonly [place: number, opens: OpeningVerb, alternative?: OpeningVerb])[]> = /* @__PURE__ */ new Map<
    string,
    readonly (readonly [place: number, opens: OpeningVerb, alternative?: OpeningVerb])[]
>([
${opened.join('')}]);
`;
}

/** Asserts the type of Kit's plugin, which TypeScript cannot see through the intersection that Kit 8 returns. */
function assertPlugin(source) {
    const end = '    });\n  };\n}\n';
    const [start, last] = [source.indexOf('return extendClient(client, {'), source.lastIndexOf(end)];
    if (start < 0 || last < start)
        throw new Error('The plugin is rendered in another way: look at programs/backstop.ts.');
    const type = 'Omit<T, "backstop"> & { backstop: BackstopPlugin }';
    return `${source.slice(0, last)}    }) as ${type};\n  };\n}\n${source.slice(last + end.length)}`;
}

/** Names the files that are imported, as ECMAScript modules must. */
function nameFiles(directory) {
    const folders = readdirSync(folder, { withFileTypes: true })
        .filter(entry => entry.isDirectory())
        .map(entry => entry.name);
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
        const path = join(directory, entry.name);
        if (entry.isDirectory()) {
            nameFiles(path);
            continue;
        }
        const named = readFileSync(path, 'utf8').replace(/from "(\.{1,2})(\/[^"]+)?"/g, (_, dots, rest) => {
            const last = (rest ?? '').slice(1);
            const isFolder = rest === undefined || (folders.includes(last) && (dots === '..' || directory === folder));
            return `from "${dots}${rest ?? ''}${isFolder ? '/index.js' : '.js'}"`;
        });
        writeFileSync(path, named);
    }
}

await visit(
    prepared(),
    renderVisitor(here, {
        deleteFolderBeforeRendering: true,
        generatedFolder: relative(here, folder),
        kitImportStrategy: 'rootOnly',
        syncPackageJson: false,
    }),
);
const program = join(folder, 'programs/backstop.ts');
writeFileSync(program, assertPlugin(readFileSync(program, 'utf8')));
writeFileSync(join(folder, 'interface.ts'), interfaceSource());
nameFiles(folder);
const index = join(folder, 'index.ts');
writeFileSync(index, `${readFileSync(index, 'utf8')}export * from "./interface.js";\n`);
