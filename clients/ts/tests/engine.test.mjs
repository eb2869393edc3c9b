// The engine's answers to requests that make no sense, and to what the program would refuse.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { getAddressDecoder, getBase64Encoder } from '@solana/kit';
import * as client from '@backstop/client';
import {
    BackstopRefusal,
    getCollateralCodec,
    getInsuranceFundCodec,
    getInsuranceStakeCodec,
    getLossBookCodec,
    getLpPositionCodec,
    getObligationCodec,
    getPoolCodec,
    loadEngine,
} from '@backstop/client';

const stage = JSON.parse(readFileSync(new URL('../../../tests/vectors/accounts.json', import.meta.url), 'utf8'));
const bytes = name => getBase64Encoder().encode(stage.accounts[name].data);
const price = token =>
    stage.prices[token].map(account => ({ ...account, data: getBase64Encoder().encode(account.data) }));
const snapshot = {
    now: BigInt(stage.now),
    slot: BigInt(stage.slot),
    pool: bytes('pool'),
    fund: bytes('fund'),
    book: bytes('book'),
    price: price('liquidity'),
    collaterals: [
        { address: stage.accounts.collateral.address, account: bytes('collateral'), price: price('collateral') },
    ],
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
    assert.throws(
        () => engine.preview('deposit', snapshot, call),
        /the position are no account of the kind LpPosition/,
    );
});

test('an account that is cut is no pool', () => {
    const cut = { ...snapshot, pool: bytes('pool').slice(0, 100) };
    assert.throws(() => engine.preview('readPool', cut, {}), /the pool are no account of the kind Pool/);
});

test('a missing argument is named', () => {
    assert.throws(
        () => engine.preview('deposit', snapshot, { position: bytes('position') }),
        /takes `maxAssets`, which is missing/,
    );
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
        assert.throws(
            () => engine.preview('deposit', snapshot, { position: bytes('position'), maxAssets }),
            /no number that fits/,
        );
    }
});

test('a price that is missing, stale or of another feed is as on chain', () => {
    const pool = getPoolCodec().encode({ ...getPoolCodec().decode(bytes('pool')), cash: 1_000n, shares: 1_000n });
    const borrow = state =>
        engine.preview('borrow', { ...state, pool }, { obligation: bytes('obligation'), assets: 100n });
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
    const figures = engine.preview(
        'readObligation',
        { ...snapshot, price: [] },
        { obligation: getObligationCodec().encode(empty) },
    );
    assert.equal(figures.moved.health, null);
});

const CODECS = {
    pool: getPoolCodec(),
    fund: getInsuranceFundCodec(),
    collateral: getCollateralCodec(),
    position: getLpPositionCodec(),
    stake: getInsuranceStakeCodec(),
    obligation: getObligationCodec(),
};

/** An account's bytes with some fields changed. */
function changed(name, change) {
    const account = CODECS[name].decode(bytes(name));
    change(account);
    return CODECS[name].encode(account);
}

/** A part in basis points, as a gauge has it. */
const gauge = bps => BigInt(bps) << 32n;
const MILLION = 1_000_000n;

/**
 * A pool of 1,200 tokens, of which 90 are lent to somebody without collateral, and marked as lost. Insurance takes half
 * of a loss, and has 60: both are on hold from now on. Borrowing costs 10 % a year, of which reserves take a tenth, the
 * fund a twentieth.
 */
const doomed = {
    ...snapshot,
    pool: changed('pool', pool => {
        Object.assign(pool, {
            cash: 1_110n * MILLION,
            debtShares: 90n * MILLION,
            shares: 1_200n * MILLION,
            accruedAt: snapshot.now,
        });
        pool.marked = 90n * MILLION;
        for (const hold of [pool.hold, pool.fundHold]) Object.assign(hold, { on: 1, since: snapshot.now });
        Object.assign(pool.parameters.rates, { baseBps: 1_000, reserveFactorBps: 1_000 });
        pool.insuranceShare.value = gauge(5_000);
        pool.insuranceFactor.value = gauge(500);
    }),
    fund: changed('fund', fund => Object.assign(fund, { assets: 60n * MILLION, shares: 60n * MILLION })),
};
/** A third of all shares, and a third of all the fund's, with a request to leave that has matured. */
const position = changed('position', ({ holder }) => Object.assign(holder, { shares: 400n * MILLION }));
const stake = changed('stake', ({ holder, request }) => {
    holder.shares = 20n * MILLION;
    Object.assign(request, { shares: 20n * MILLION, worth: 20n * MILLION, maturesAt: snapshot.now });
});
const debtor = changed('obligation', obligation => {
    Object.assign(obligation, { debtShares: 90n * MILLION, marked: 90n * MILLION, markedAt: snapshot.now });
    obligation.collaterals = obligation.collaterals.map(slot => ({ ...slot, units: 0n }));
});

test('while a known loss waits to be settled nobody enters or leaves, and worth is a part of all there is', () => {
    const lp = engine.preview('readPosition', doomed, { position }).moved;
    assert.deepEqual([lp.shares, lp.worth], [400n * MILLION, 400n * MILLION]); // a third of 1,200
    const staker = engine.preview('readStake', doomed, { stake }).moved;
    assert.deepEqual([staker.shares, staker.worth], [20n * MILLION, 20n * MILLION]); // a third of 60
    const { moved } = engine.preview('readObligation', doomed, { obligation: debtor });
    assert.deepEqual([moved.marked, moved.markedAt, moved.settles], [90n * MILLION, snapshot.now, false]);
    for (const [verb, call] of Object.entries({
        deposit: { position, maxAssets: MILLION },
        withdraw: { position, shares: MILLION },
    }))
        assert.throws(() => engine.preview(verb, doomed, call), refused('PoolOnHold'), verb);
    for (const [verb, call] of Object.entries({ stake: { stake, maxAssets: MILLION }, executeUnstake: { stake } }))
        assert.throws(() => engine.preview(verb, doomed, call), refused('FundOnHold'), verb);
    // Once it is recorded, or paid, everything is open: 1,155 for 1,200 shares, and 15 for 60.
    const recorded = engine.preview('recordBadDebt', doomed, { obligation: debtor }).after;
    assert.equal(
        engine.preview('withdraw', recorded, { position, shares: 400n * MILLION }).moved.assets,
        385n * MILLION,
    );
    assert.equal(engine.preview('executeUnstake', recorded, { stake }).moved.assets, 5n * MILLION);
    const repaid = engine.preview('repay', doomed, { obligation: debtor, maxAssets: client.ALL }).after;
    assert.equal(engine.preview('withdraw', repaid, { position, shares: 400n * MILLION }).moved.assets, 400n * MILLION);
});

test('a shortfall is reported whether or not it is marked', () => {
    // A bonus of a fifth: 3 at 30 bring 75 of the 90.
    for (const marked of [0n, 15n * MILLION]) {
        const { moved } = engine.preview('readObligation', listed({}), {
            obligation: holding(3_000_000_000n, { marked }),
        });
        assert.deepEqual([moved.health.shortfall, moved.marked], [15n * MILLION, marked]);
    }
});

test('the most that can leave is what there is cash for', () => {
    // Of 1,200 are 1,100 lent: 100 for a third of 1,200 shares.
    const lent = {
        ...snapshot,
        pool: changed('pool', pool =>
            Object.assign(pool, {
                cash: 100n * MILLION,
                debtShares: 1_100n * MILLION,
                shares: 1_200n * MILLION,
                accruedAt: snapshot.now,
            }),
        ),
    };
    const most = state => engine.preview('readPosition', state, { position }).moved.mostLeaving;
    assert.equal(most(lent), 100n * MILLION);
    assert.throws(
        () => engine.preview('withdraw', lent, { position, shares: client.ALL }),
        refused('InsufficientCash'),
    );
    assert.equal(engine.preview('withdraw', lent, { position, shares: most(lent) }).moved.assets, 100n * MILLION);
    assert.equal(
        most({
            ...lent,
            pool: changed('pool', pool =>
                Object.assign(pool, {
                    debtShares: 1_200n * MILLION,
                    shares: 1_200n * MILLION,
                    accruedAt: snapshot.now,
                }),
            ),
        }),
        0n,
    );
    assert.equal(most(doomed), 0n, 'on hold');
});

test('JSON.stringify writes previews, all of them or a part', () => {
    const outcome = engine.preview('deposit', snapshot, { position: bytes('position'), maxAssets: 700n });
    const written = JSON.parse(JSON.stringify(outcome));
    assert.deepEqual(written.moved, { assets: '700', shares: '700' });
    assert.deepEqual(JSON.parse(JSON.stringify(outcome.moved)), written.moved);
    assert.equal(written.own.position, Buffer.from(outcome.own.position).toString('base64'));
    assert.deepEqual(
        [written.after.now, written.after.collaterals.length],
        [snapshot.now.toString(), snapshot.collaterals.length],
    );
    assert.deepEqual(Object.keys(outcome), ['moved', 'after', 'own']);
    const lost = engine.preview('recordBadDebt', doomed, { obligation: debtor }).moved;
    assert.equal(JSON.parse(JSON.stringify(lost.loss)).loss, '90000000');
});

test('a mark that nobody ends is settled', () => {
    // A bonus of a fifth: 3 at 30 bring 75 of the 90, and are no dust.
    const obligation = holding(3_000_000_000n, { marked: 15n * MILLION });
    const pool = CODECS.pool.decode(doomed.pool);
    pool.marked = 15n * MILLION;
    const state = { ...listed({}), pool: CODECS.pool.encode(pool) };
    assert.throws(() => engine.preview('recordBadDebt', state, { obligation }), refused('CollateralRemains'));
    // Made so long ago as a hold lasts.
    const since = snapshot.now - BigInt(pool.parameters.loss.holdSeconds);
    const due = CODECS.obligation.encode({ ...CODECS.obligation.decode(obligation), markedAt: since });
    assert.equal(engine.preview('readObligation', state, { obligation: due }).moved.settles, true);
    const settled = engine.preview('recordBadDebt', state, { obligation: due });
    assert.equal(settled.moved.loss.loss, 15n * MILLION);
    assert.deepEqual(
        CODECS.obligation.decode(settled.own.obligation).collaterals,
        CODECS.obligation.decode(due).collaterals,
    );
    assert.equal(engine.preview('readPool', settled.after, {}).moved.onHold, false);
    // Or made now, where the pool has been on hold as long; but by no price that is older.
    pool.hold.since = since;
    const held = { ...state, pool: CODECS.pool.encode(pool) };
    assert.equal(engine.preview('recordBadDebt', held, { obligation }).moved.loss.loss, 15n * MILLION);
    const late = CODECS.obligation.encode({ ...CODECS.obligation.decode(obligation), markedAt: snapshot.now + 1n });
    assert.throws(
        () => engine.preview('recordBadDebt', { ...held, now: snapshot.now + 1n }, { obligation: late }),
        refused('PriceBeforeMark'),
    );
});

test('a pool tells whether one can leave and until when at most not, and what lending earns', () => {
    const { moved } = engine.preview('readPool', doomed, {});
    const ends = snapshot.now + BigInt(CODECS.pool.decode(doomed.pool).parameters.loss.holdSeconds);
    assert.deepEqual([moved.sharePrice, moved.marked], [1_000_000_000_000n, 90n * MILLION]);
    assert.deepEqual(
        [moved.onHold, moved.holdEndsAt, moved.fundOnHold, moved.fundHoldEndsAt],
        [true, ends, true, ends],
    );
    // 10 % on 90 of 1,200, less 15 % of it.
    assert.deepEqual([moved.borrowRate, moved.supplyRate], [100_000_000n, 6_375_000n]);
    const empty = engine.preview('readPool', snapshot, {}).moved;
    assert.deepEqual([empty.sharePrice, empty.supplyRate], [1_000_000_000_000n, 0n]);
    assert.deepEqual(
        [empty.onHold, empty.holdEndsAt, empty.fundOnHold, empty.fundHoldEndsAt],
        [false, null, false, null],
    );
});

test('what was lost is reported until it is recovered', () => {
    const lost = engine.preview('recordBadDebt', doomed, { obligation: debtor });
    const losses = state => [
        engine.preview('readPosition', state, { position }).moved.losses,
        engine.preview('readStake', state, { stake }).moved.losses,
    ];
    const bore = (lost, recovered) => [{ loss: 1, lost, recovered }];
    assert.deepEqual(losses(doomed), [[], []]);
    // A third of 45 each; what is recovered is for both alike.
    assert.deepEqual(losses(lost.after), [bore(15n * MILLION, 0n), bore(15n * MILLION, 0n)]);
    const { moved, after } = engine.preview('repay', lost.after, {
        obligation: lost.own.obligation,
        maxAssets: 30n * MILLION,
    });
    assert.deepEqual(
        moved.recovered.map(({ loss, toLps, toStakers }) => [loss, toLps, toStakers]),
        [[1, 15n * MILLION, 15n * MILLION]],
    );
    assert.deepEqual(losses(after), [bore(15n * MILLION, 5n * MILLION), bore(15n * MILLION, 5n * MILLION)]);
    const claimed = engine.preview('claimRecovery', after, { position, claim: null, loss: 1 });
    assert.equal(claimed.moved.assets, 5n * MILLION);
    const again = { position, claim: claimed.own.claim, loss: 1 };
    assert.throws(() => engine.preview('claimRecovery', claimed.after, again), refused('NothingToClaim'));
});

/** The debtor, who now holds something. */
const holding = (units, more = {}) => {
    const account = { ...CODECS.obligation.decode(debtor), ...more };
    const [first, ...others] = account.collaterals;
    return CODECS.obligation.encode({
        ...account,
        collaterals: [
            { collateral: snapshot.collaterals[0].address, units },
            ...others.map(() => ({ ...first, units: 0n })),
        ],
    });
};
/** The pool of the doomed without some prices, and with a collateral whose least bonus is a fifth. */
const listed = change => ({
    ...doomed,
    collaterals: [
        {
            ...doomed.collaterals[0],
            account: changed('collateral', ({ parameters }) =>
                Object.assign(parameters, { bonusMinBps: 2_000, bonusMaxBps: 2_000 }),
            ),
            ...change,
        },
    ],
});

test('what the collateral does not cover is lost, and the rest of the debt and all collateral stay', () => {
    // 0.03 at 30 are 0.90, dust, which a liquidator takes for 0.75. It carries 0.72.
    const dusty = holding(30_000_000n);
    const lost = engine.preview('recordBadDebt', listed({}), { obligation: dusty });
    assert.deepEqual(Object.keys(lost.moved), ['loss']);
    assert.equal(lost.moved.loss.loss, 89_250_000n);
    const left = CODECS.obligation.decode(lost.own.obligation);
    assert.deepEqual([left.debtShares, left.marked, left.writtenOff], [750_000n, 0n, 89_250_000n]);
    assert.deepEqual(left.collaterals, CODECS.obligation.decode(dusty).collaterals);
    assert.throws(
        () => engine.preview('recordBadDebt', lost.after, { obligation: lost.own.obligation }),
        refused('DebtCovered'),
    );
    assert.throws(
        () => engine.preview('recordBadDebt', listed({ price: [] }), { obligation: dusty }),
        refused('MissingPrice'),
    );
    assert.throws(
        () => engine.preview('recordBadDebt', listed({}), { obligation: holding(34_000_000n) }),
        refused('CollateralRemains'),
    );
});

test('what is liquidated is what is paid for, in whole units', () => {
    // 3 at 30 are 90 for as much debt: under water, so all is offered, and the holding pays for 90 / 1.2.
    const { moved, own } = engine.preview('liquidate', listed({}), {
        obligation: holding(3_000_000_000n),
        collateral: snapshot.collaterals[0].address,
        maxRepay: client.ALL,
    });
    assert.deepEqual(
        [moved.repaid, moved.seized, moved.left, moved.loss.loss],
        [75n * MILLION, 3_000_000_000n, 15n * MILLION, 15n * MILLION],
    );
    assert.equal(CODECS.obligation.decode(own.obligation).debtShares, 0n);
});

test('collateral is added to a debt only with its price', () => {
    const call = units => ({
        obligation: holding(units),
        collateral: snapshot.collaterals[0].address,
        payer: stage.owner,
        units: 1n,
    });
    for (const units of [0n, 1_000_000_000n]) {
        assert.throws(
            () => engine.preview('depositCollateral', listed({ price: [] }), call(units)),
            refused('MissingPrice'),
        );
        assert.equal(engine.preview('depositCollateral', listed({}), call(units)).moved.units, 1n);
    }
    const free = { ...call(0n), obligation: holding(0n, { debtShares: 0n, marked: 0n }) };
    assert.equal(engine.preview('depositCollateral', listed({ price: [] }), free).moved.units, 1n);
});

test('what was written off and is not recovered counts as debt where collateral is taken out', () => {
    const owes = { debtShares: 0n, marked: 0n, writtenOff: 100n * MILLION, recovered: 10n * MILLION };
    const take = (state, units, more) =>
        engine.preview('withdrawCollateral', state, {
            obligation: holding(10_000_000_000n, more),
            collateral: snapshot.collaterals[0].address,
            units,
        });
    // 75 % of 4 at 30 are the 90 that are left.
    assert.equal(take(listed({}), 6_000_000_000n, owes).moved.units, 6_000_000_000n);
    assert.throws(() => take(listed({}), 6_000_000_001n, owes), refused('LoanToValueExceeded'));
    assert.throws(() => take(listed({ price: [] }), 1n, owes), refused('MissingPrice'));
    assert.equal(
        take(listed({ price: [] }), client.ALL, { ...owes, recovered: 100n * MILLION }).moved.units,
        10_000_000_000n,
    );
});

test('the most that can be borrowed is what limits, cash and the least debt allow', () => {
    const most = (change, obligation = bytes('obligation')) => {
        const pool = changed('pool', account => {
            Object.assign(account, { cash: 1_000n * MILLION, shares: 1_000n * MILLION });
            change(account);
        });
        const state = { ...snapshot, pool };
        const { mostBorrowable } = engine.preview('readObligation', state, { obligation }).moved;
        assert.throws(
            () => engine.preview('borrow', state, { obligation, assets: mostBorrowable + 1n }),
            BackstopRefusal,
        );
        if (mostBorrowable > 0n)
            assert.equal(
                engine.preview('borrow', state, { obligation, assets: mostBorrowable }).moved.assets,
                mostBorrowable,
            );
        return mostBorrowable;
    };
    assert.equal(
        most(() => {}),
        225n * MILLION,
    ); // 75 % of 10 at 30
    assert.equal(
        most(pool => (pool.cash = 100n * MILLION)),
        100n * MILLION,
    );
    assert.equal(
        most(pool => (pool.parameters.liquidation.minDebt = 225n * MILLION)),
        225n * MILLION,
    );
    assert.equal(
        most(pool => (pool.parameters.liquidation.minDebt = 225n * MILLION + 1n)),
        0n,
    );
    assert.equal(
        most(pool => (pool.breakerUntil = snapshot.now + 1n)),
        0n,
    );
    assert.equal(
        most(() => {}, null),
        0n,
    );
});

test('an account that is not there is previewed as an empty one', () => {
    for (const missing of [undefined, null, new Uint8Array(0), new Uint8Array(bytes('position').length)]) {
        // Nobody was here before: a share costs a unit.
        const deposited = engine.preview('deposit', snapshot, { position: missing, maxAssets: 700n });
        assert.deepEqual(deposited.moved, { assets: 700n, shares: 700n });
        assert.equal(
            engine.preview('readPosition', deposited.after, { position: deposited.own.position }).moved.worth,
            700n,
        );
        assert.deepEqual(engine.preview('stake', snapshot, { stake: missing, maxAssets: 50n }).moved, {
            assets: 50n,
            shares: 50n,
        });
        const given = engine.preview('transferShares', doomed, { position, recipient: missing, shares: 5n });
        assert.equal(CODECS.position.decode(given.own.recipient).holder.shares, 5n);
        assert.equal(engine.preview('readPosition', snapshot, { position: missing }).moved.worth, 0n);
        assert.throws(
            () => engine.preview('withdraw', doomed, { position: missing, shares: 1n }),
            refused('InsufficientShares'),
        );
    }
});

test('a newcomer puts up collateral and borrows, all before the first transaction', () => {
    const pool = changed('pool', account =>
        Object.assign(account, { cash: 1_000n * MILLION, shares: 1_000n * MILLION }),
    );
    const { address: collateral } = snapshot.collaterals[0];
    const call = { obligation: undefined, collateral, payer: stage.owner, units: 1_000_000_000n };
    const { after, own } = engine.preview('depositCollateral', { ...snapshot, pool }, call);
    // 75 % of 1 at 30.
    assert.equal(engine.preview('readObligation', after, own).moved.mostBorrowable, 22_500_000n);
    assert.throws(
        () => engine.preview('borrow', after, { ...own, assets: 22_500_001n }),
        refused('LoanToValueExceeded'),
    );
    const borrowed = engine.preview('borrow', after, { ...own, assets: 22_500_000n });
    assert.equal(engine.preview('readObligation', borrowed.after, borrowed.own).moved.debt, 22_500_000n);
});

test('the prices of an obligation are those of what it holds, in its order', () => {
    const [listed] = snapshot.collaterals;
    const feeds = { feed: new Uint8Array(32).fill(1), secondFeed: new Uint8Array(32).fill(2) };
    const account = changed('collateral', ({ parameters }) => Object.assign(parameters.oracle, feeds));
    const other = { address: stage.owner, account, price: [...listed.price, ...snapshot.price] };
    const state = { ...snapshot, collaterals: [listed, other] };
    const obligation = changed('obligation', account => {
        account.collaterals = account.collaterals.map((slot, place) => ({
            ...slot,
            units: 0n,
            ...[{}, { collateral: other.address, units: 5n }, {}, { collateral: listed.address, units: 7n }][place],
        }));
    });
    const [first] = listed.price;
    const holdings = [
        { collateral: other.address, price: { first: first.address, second: snapshot.price[0].address } },
        { collateral: listed.address, price: { first: first.address, second: undefined } },
    ];
    const liquidity = { first: snapshot.price[0].address, second: undefined };
    assert.deepEqual(client.pricesOf(state, obligation), { liquidity, holdings });
    assert.throws(() => client.pricesOf(snapshot, obligation), /The snapshot has no collateral/);
    // What does not exist is named by its feed; only what counts is read.
    const dead = client.pricesOf(
        { ...state, price: [], collaterals: [listed, { ...other, price: listed.price }] },
        obligation,
    );
    const address = bytes => getAddressDecoder().decode(bytes);
    const usdc = CODECS.pool.decode(snapshot.pool).parameters.oracle.feed;
    assert.deepEqual(dead.liquidity, { first: address(usdc), second: undefined });
    assert.deepEqual(
        dead.holdings.map(({ price }) => price),
        [{ first: address(feeds.feed), second: address(feeds.secondFeed) }, holdings[1].price],
    );
});
