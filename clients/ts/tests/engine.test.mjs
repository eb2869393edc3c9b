// The engine's answers to requests that make no sense, and to what the program would refuse.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { getBase64Encoder } from '@solana/kit';
import { BackstopRefusal, getObligationCodec, getPoolCodec, loadEngine } from '@backstop/client';

const stage = JSON.parse(readFileSync(new URL('../../../tests/vectors/accounts.json', import.meta.url), 'utf8'));
const bytes = name => getBase64Encoder().encode(stage.accounts[name].data);
const price = token => stage.prices[token].map(account => ({ ...account, data: getBase64Encoder().encode(account.data) }));
const snapshot = {
    now: BigInt(stage.now), slot: BigInt(stage.slot), pool: bytes('pool'), fund: bytes('fund'), price: price('liquidity'),
    collaterals: [{ address: stage.accounts.collateral.address, account: bytes('collateral'), price: price('collateral') }],
};
const refused = name => error => error instanceof BackstopRefusal && error.error === name;
let engine;
before(async () => {
    engine = await loadEngine();
});

test('is loaded once', async () => {
    assert.equal(await loadEngine(), engine);
});

test('an account of another kind is no position', () => {
    const call = { position: bytes('stake'), maxAssets: 1n };
    assert.throws(() => engine.preview('deposit', snapshot, call), /the position are no account of the kind LpPosition/);
});

test('an account that is cut is no pool', () => {
    const cut = { ...snapshot, pool: bytes('pool').slice(0, 100) };
    assert.throws(() => engine.preview('readPool', cut, {}), /the pool are no account of the kind Pool/);
});

test('a missing argument is named', () => {
    assert.throws(() => engine.preview('deposit', snapshot, { position: bytes('position') }), /takes `maxAssets`, which is missing/);
});

test('an argument that it does not know is refused', () => {
    const call = { position: bytes('position'), maxAssets: 1n, minShares: 1n };
    assert.throws(() => engine.preview('deposit', snapshot, call), /unknown field `minShares`/);
});

test('a verb that it does not know is named', () => {
    assert.throws(() => engine.preview('flashLoan', snapshot, {}), /no verb `flashLoan`/);
});

test('a number that does not fit is refused', () => {
    for (const maxAssets of [2n ** 64n, -1n]) {
        assert.throws(() => engine.preview('deposit', snapshot, { position: bytes('position'), maxAssets }), /no number that fits/);
    }
});

test('a price that is missing, stale or of another feed is as on chain', () => {
    const pool = getPoolCodec().encode({ ...getPoolCodec().decode(bytes('pool')), cash: 1_000n, shares: 1_000n });
    const borrow = state => engine.preview('borrow', { ...state, pool }, { obligation: bytes('obligation'), assets: 100n });
    assert.equal(borrow(snapshot).moved.assets, 100n);
    assert.throws(() => borrow({ ...snapshot, price: [] }), refused('MissingPrice'));
    assert.throws(() => borrow({ ...snapshot, now: snapshot.now + 61n }), refused('StalePrice'));
    assert.throws(() => borrow({ ...snapshot, price: price('collateral') }), refused('WrongFeed'));
    const forged = price('liquidity').map(account => ({ ...account, owner: stage.owner }));
    assert.throws(() => borrow({ ...snapshot, price: forged }), refused('InvalidPriceAccount'));
});

test('a preview changes nothing that was given to it, and its outcome is the ground of the next', () => {
    const before = snapshot.pool.slice();
    const first = engine.preview('deposit', snapshot, { position: bytes('position'), maxAssets: 700n });
    assert.deepEqual(snapshot.pool, before);
    const next = engine.preview('withdraw', first.after, { position: first.own.position, shares: 300n });
    assert.deepEqual(next.moved, { shares: 300n, assets: 300n });
    assert.equal(engine.preview('readPool', next.after, {}).moved.nav, 400n);
});

test('an obligation without debt has a health that nothing threatens', () => {
    const { debt, health } = engine.preview('readObligation', snapshot, { obligation: bytes('obligation') }).moved;
    assert.equal(debt, 0n);
    assert.deepEqual([health.liquidatable, health.borrowable, health.factorBps], [false, true, 2n ** 64n - 1n]);
    const empty = { ...getObligationCodec().decode(bytes('obligation')) };
    empty.collaterals = empty.collaterals.map(slot => ({ ...slot, units: 0n }));
    const figures = engine.preview('readObligation', { ...snapshot, price: [] }, { obligation: getObligationCodec().encode(empty) });
    assert.equal(figures.moved.health, null);
});
