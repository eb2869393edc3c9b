// A local cluster for a test: `backstop localnet`, whose clock stands still unless it is told to move.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
    createKeyPairSignerFromBytes,
    createSolanaRpc,
    createSolanaRpcSubscriptions,
    getAddressEncoder,
    getProgramDerivedAddress,
} from '@solana/kit';

const ASSOCIATED_TOKEN = 'ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL';
const TOKEN = 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA';
const BINARY = process.env.BACKSTOP_BINARY ?? fileURLToPath(new URL('../../../target/debug/backstop', import.meta.url));

/** Starts one and waits until it answers. */
export async function startCluster() {
    if (!existsSync(BINARY))
        throw new Error(`There is no ${BINARY}: run \`cargo build --bin backstop\`, or name one in BACKSTOP_BINARY.`);
    const dir = mkdtempSync(join(tmpdir(), 'backstop-'));
    const options = ['--output', 'json', 'localnet', '--dir', dir, '--rpc-port', '0', '--ws-port', '0', '--speed', '0'];
    const child = spawn(BINARY, options, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    const line = await Promise.race([
        once(createInterface({ input: child.stdout }), 'line').then(([text]) => text),
        ended.then(([code]) => {
            throw new Error(`the cluster ended with ${code}`);
        }),
    ]);
    const reported = JSON.parse(line);
    const actors = {};
    for (const [name, { keypair }] of Object.entries(reported.actors)) {
        actors[name] = await createKeyPairSignerFromBytes(new Uint8Array(JSON.parse(readFileSync(keypair, 'utf8'))));
    }
    const tell = (...words) =>
        promisify(execFile)(BINARY, ['--config', reported.config, 'localnet', ...words, '--dir', dir]);
    return {
        reported,
        actors,
        rpc: createSolanaRpc(reported.rpc_url),
        rpcSubscriptions: createSolanaRpcSubscriptions(reported.websocket_url),
        setPrice: (symbol, usd) => tell('price', symbol, String(usd)),
        advance: time => tell('advance', time),
        async stop() {
            child.kill('SIGTERM');
            const [code] = await ended;
            rmSync(dir, { recursive: true, force: true });
            return code;
        },
    };
}

/** An owner's account of a token. */
export async function wallet(owner, mint) {
    const encode = getAddressEncoder().encode;
    const seeds = [encode(owner.address), encode(TOKEN), encode(mint)];
    return (await getProgramDerivedAddress({ programAddress: ASSOCIATED_TOKEN, seeds }))[0];
}
