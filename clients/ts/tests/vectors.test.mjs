// The vectors of tests/vectors, which an independent model computed, through the WebAssembly module.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { before, test } from 'node:test';
import { getBase64Encoder } from '@solana/kit';
import * as client from '@backstop/client';

const folder = new URL('../../../tests/vectors/', import.meta.url);
const read = name => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
const start = read('start.json');
const stage = read('accounts.json');
const topics = readdirSync(folder).filter(
    name => name.endsWith('.json') && !['start.json', 'accounts.json'].includes(name),
);

const codecs = {
    pool: client.getPoolCodec(),
    fund: client.getInsuranceFundCodec(),
    book: client.getLossBookCodec(),
    collateral: client.getCollateralCodec(),
    gem: client.getCollateralCodec(),
    position: client.getLpPositionCodec(),
    stake: client.getInsuranceStakeCodec(),
    obligation: client.getObligationCodec(),
};
const collaterals = { collateral: 3_000_000_000, gem: 10_000_000_000 };
const own = {
    deposit: ['position'],
    withdraw: ['position'],
    request_withdrawal: ['position'],
    execute_withdrawal: ['position'],
    collect_withdrawal: ['position'],
    claim_recovery: ['position'],
    stake: ['stake'],
    request_unstake: ['stake'],
    execute_unstake: ['stake'],
    collect_unstake: ['stake'],
    claim_stake_recovery: ['stake'],
    accrue: [],
    fund_insurance: [],
};
const camel = name => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const bytes = text => getBase64Encoder().encode(text);
let engine;
before(async () => {
    engine = await client.loadEngine();
});

/** The object that holds a field, and the field's name. */
function place(accounts, path) {
    const parts = path.split('.').map(camel);
    const last = parts.pop();
    return [parts.reduce((value, part) => value[part], accounts), last];
}

function get(accounts, path) {
    const [holder, name] = place(accounts, path);
    return BigInt(holder[name]);
}

function put(accounts, path, value) {
    const [holder, name] = place(accounts, path);
    holder[name] = typeof holder[name] === 'bigint' ? BigInt(value) : Number(value);
}

/** A fully verified Pyth price update: units of 10^-8 USD after 41 bytes and the feed id, then the publish time. */
function publish(template, price, confidence, now) {
    const data = bytes(template.data).slice();
    const view = new DataView(data.buffer, data.byteOffset);
    view.setBigUint64(73, price, true);
    view.setBigUint64(81, confidence, true);
    view.setInt32(89, -8, true);
    view.setBigInt64(93, now, true);
    return { address: template.address, owner: template.owner, data };
}

function begin(given) {
    const entries = Object.entries(codecs).map(([name, codec]) => [
        name,
        codec.decode(bytes(stage.accounts[name].data)),
    ]);
    const accounts = Object.fromEntries(entries);
    for (const [path, value] of Object.entries(start)) assert.equal(get(accounts, path), BigInt(value), path);
    for (const [path, value] of Object.entries(given)) if (!path.startsWith('price.')) put(accounts, path, value);
    return accounts;
}

/** What is told must be as expected, as far as a vector says. */
function assertMoved(reported, expected) {
    for (const [name, value] of Object.entries(expected ?? {})) {
        if (value === null || typeof value === 'object') assertMoved(reported[name], value);
        else assert.equal(String(reported[name]), value, name);
    }
}

function snapshotOf(accounts, given, now) {
    const price = (token, digits) =>
        publish(
            stage.prices[token][0],
            BigInt(given[`price.${token}`] ?? digits),
            BigInt(given[`price.${token}.confidence`] ?? 0),
            now,
        );
    const encoded = name => codecs[name].encode(accounts[name]);
    return {
        now,
        slot: BigInt(stage.slot),
        pool: encoded('pool'),
        fund: encoded('fund'),
        book: encoded('book'),
        price: [price('liquidity', 100_000_000)],
        collaterals: Object.entries(collaterals).map(([name, digits]) => ({
            address: stage.accounts[name].address,
            account: encoded(name),
            price: [price(name, digits)],
        })),
    };
}

for (const topic of topics) {
    for (const { name, given, steps } of read(topic)) {
        test(`${topic.replace('.json', '')}: ${name}`, () => {
            let accounts = begin(given);
            const fields = Object.fromEntries(Object.keys(start).map(path => [path, get(accounts, path)]));
            let now = BigInt(stage.now);
            const claims = {};
            for (const step of steps) {
                now += BigInt(step.seconds ?? 0);
                const names = own[step.verb] ?? ['obligation'];
                const claim = step.arguments.loss && `${names[0]} ${step.arguments.loss}`;
                const call = Object.fromEntries([
                    ...names.map(account => [account, codecs[account].encode(accounts[account])]),
                    ...(claims[claim] ? [['claim', claims[claim]]] : []),
                    ...Object.entries(step.arguments).map(([argument, value]) => [camel(argument), BigInt(value)]),
                    ...(step.verb === 'liquidate' || step.verb === 'withdraw_collateral'
                        ? [['collateral', stage.accounts[step.of ?? 'collateral'].address]]
                        : []),
                ]);
                const preview = () => engine.preview(camel(step.verb), snapshotOf(accounts, given, now), call);
                if (step.refused !== undefined) {
                    assert.throws(
                        preview,
                        error => error instanceof client.BackstopRefusal && error.error === step.refused,
                    );
                    continue;
                }
                const {
                    moved,
                    after,
                    own: { claim: claimed, ...mine },
                } = preview();
                if (claimed) claims[claim] = claimed;
                assertMoved(moved, step.moved);
                const listed = Object.keys(collaterals).map((name, index) => [name, after.collaterals[index].account]);
                const stored = {
                    pool: after.pool,
                    fund: after.fund,
                    book: after.book,
                    ...Object.fromEntries(listed),
                    ...mine,
                };
                accounts = {
                    ...accounts,
                    ...Object.fromEntries(
                        Object.entries(stored).map(([account, data]) => [account, codecs[account].decode(data)]),
                    ),
                };
                for (const [path, value] of Object.entries(step.after)) fields[path] = BigInt(value);
                for (const [path, value] of Object.entries(fields)) assert.equal(get(accounts, path), value, path);
            }
        });
    }
}
