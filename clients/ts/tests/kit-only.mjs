// Drives the program with nothing but `@solana/kit` and idl/backstop.json: no Backstop package, no generated code.
//
//     RPC_URL=http://127.0.0.1:8899 WEBSOCKET_URL=ws://127.0.0.1:8900 KEYPAIR=.localnet/alice.json \
//     MARKET=... MINT=... SOURCE=... node tests/kit-only.mjs
//
// It opens an LP position, deposits 250 tokens, and prints the shares that the position holds.
import { readFileSync } from 'node:fs';
import {
    AccountRole,
    appendTransactionMessageInstructions,
    createKeyPairSignerFromBytes,
    createSolanaRpc,
    createSolanaRpcSubscriptions,
    createTransactionMessage,
    fetchEncodedAccount,
    getAddressDecoder,
    getAddressEncoder,
    getArrayDecoder,
    getArrayEncoder,
    getEnumDecoder,
    getEnumEncoder,
    getI64Decoder,
    getI64Encoder,
    getProgramDerivedAddress,
    getStructDecoder,
    getStructEncoder,
    getU128Decoder,
    getU128Encoder,
    getU32Decoder,
    getU32Encoder,
    getU64Decoder,
    getU64Encoder,
    getU8Decoder,
    getU8Encoder,
    pipe,
    sendAndConfirmTransactionFactory,
    setTransactionMessageFeePayerSigner,
    setTransactionMessageLifetimeUsingBlockhash,
    signTransactionMessageWithSigners,
} from '@solana/kit';

const idl = JSON.parse(readFileSync(new URL('../../../idl/backstop.json', import.meta.url), 'utf8'));
const TOKEN_PROGRAM = 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA';

const ENCODERS = {
    u8: getU8Encoder,
    u32: getU32Encoder,
    u64: getU64Encoder,
    u128: getU128Encoder,
    i64: getI64Encoder,
    pubkey: getAddressEncoder,
};
const DECODERS = {
    u8: getU8Decoder,
    u32: getU32Decoder,
    u64: getU64Decoder,
    u128: getU128Decoder,
    i64: getI64Decoder,
    pubkey: getAddressDecoder,
};

/** The encoder or decoder of a type of the IDL. */
function codec(type, plain, struct, array, enumeration) {
    if (typeof type === 'string') return plain[type]();
    if (type.array) return array(codec(type.array[0], plain, struct, array, enumeration), { size: type.array[1] });
    if (type.vec) return array(codec(type.vec, plain, struct, array, enumeration));
    const definition = idl.types.find(({ name }) => name === type.defined.name).type;
    if (definition.kind === 'enum')
        return enumeration(Object.fromEntries(definition.variants.map(({ name }, index) => [name, index])));
    return struct(
        definition.fields.map(({ name, type: field }) => [name, codec(field, plain, struct, array, enumeration)]),
    );
}

const encoder = type => codec(type, ENCODERS, getStructEncoder, getArrayEncoder, getEnumEncoder);
const decoder = type => codec(type, DECODERS, getStructDecoder, getArrayDecoder, getEnumDecoder);

/** An account's address: given, fixed by the IDL, or derived from its seeds. */
async function resolve(account, instruction, given, args) {
    if (given[account.name]) return given[account.name].address ?? given[account.name];
    if (account.address) return account.address;
    if (!account.pda) throw new Error(`${instruction.name} needs the account ${account.name}`);
    const seeds = await Promise.all(
        account.pda.seeds.map(async seed => {
            if (seed.kind === 'const') return new Uint8Array(seed.value);
            if (seed.kind === 'arg')
                return encoder(instruction.args.find(({ name }) => name === seed.path).type).encode(args[seed.path]);
            const other = instruction.accounts.find(({ name }) => name === seed.path);
            return getAddressEncoder().encode(await resolve(other, instruction, given, args));
        }),
    );
    return (await getProgramDerivedAddress({ programAddress: idl.address, seeds }))[0];
}

async function instructionOf(name, given, args = {}) {
    const instruction = idl.instructions.find(candidate => candidate.name === name);
    const accounts = await Promise.all(
        instruction.accounts.map(async account => {
            const signer = account.signer ? given[account.name] : undefined;
            const role = (signer ? 2 : 0) + (account.writable ? 1 : 0);
            return { address: await resolve(account, instruction, given, args), role, ...(signer ? { signer } : {}) };
        }),
    );
    const bytes = instruction.args.map(({ name: argument, type }) => encoder(type).encode(args[argument]));
    const data = new Uint8Array([...instruction.discriminator, ...bytes.flatMap(part => [...part])]);
    return { programAddress: idl.address, accounts, data };
}

const { RPC_URL, WEBSOCKET_URL, KEYPAIR, MARKET, MINT, SOURCE } = process.env;
const rpc = createSolanaRpc(RPC_URL);
const rpcSubscriptions = createSolanaRpcSubscriptions(WEBSOCKET_URL);
const owner = await createKeyPairSignerFromBytes(new Uint8Array(JSON.parse(readFileSync(KEYPAIR, 'utf8'))));

// A pool's seeds stand where it is created.
const create = idl.instructions.find(({ name }) => name === 'create_pool');
const pool = await resolve(
    create.accounts.find(({ name }) => name === 'pool'),
    create,
    { market: MARKET, mint: MINT },
    {},
);
const open = await instructionOf('open_position', { owner: owner.address, payer: owner, pool });
const deposit = await instructionOf(
    'deposit',
    { owner, pool, source: SOURCE, mint: MINT, token_program: TOKEN_PROGRAM },
    { max_assets: 250_000_000n, min_shares: 1n },
);

const { value: blockhash } = await rpc.getLatestBlockhash().send();
const transaction = await signTransactionMessageWithSigners(
    pipe(
        createTransactionMessage({ version: 0 }),
        message => setTransactionMessageFeePayerSigner(owner, message),
        message => setTransactionMessageLifetimeUsingBlockhash(blockhash, message),
        message => appendTransactionMessageInstructions([open, deposit], message),
    ),
);
await sendAndConfirmTransactionFactory({ rpc, rpcSubscriptions })(transaction, { commitment: 'confirmed' });

const position = open.accounts[3];
if (position.role !== AccountRole.WRITABLE) throw new Error('the fourth account of open_position is the position');
const stored = await fetchEncodedAccount(rpc, position.address, { commitment: 'confirmed' });
const { holder } = decoder({ defined: { name: 'LpPosition' } }).decode(stored.data.slice(8));
console.log(holder.shares.toString());
