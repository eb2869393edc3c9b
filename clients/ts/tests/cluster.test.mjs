// LP, borrower, crash, liquidation, loss and recovery on a local cluster: what is previewed is what happens, to the unit.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fetchEncodedAccount } from '@solana/kit';
import * as client from '@backstop/client';
import { startCluster, wallet } from './cluster.mjs';

const USDC = 1_000_000n;
const SOL = 1_000_000_000n;
const { ALL } = client;

describe('on a local cluster', () => {
    let cluster, engine, key, sol, send;

    before(async () => {
        cluster = await startCluster();
        engine = await client.loadEngine();
        const { made, tokens } = cluster.told;
        key = await client.poolKey(made.market, tokens.USDC.mint);
        sol = await client.collateralKey(key.pool, tokens.SOL.mint);
        send = client.sender(cluster.rpc, cluster.rpcSubscriptions);
    });

    after(async () => {
        if (cluster) assert.equal(await cluster.stop(), 0);
    });

    const bytes = async ([address]) => {
        const account = await fetchEncodedAccount(cluster.rpc, address, { commitment: 'confirmed' });
        assert.ok(account.exists, address);
        return account.data;
    };
    const position = owner => client.findPositionPda({ pool: key.pool, owner: owner.address });
    const obligation = owner => client.findObligationPda({ pool: key.pool, owner: owner.address });
    const usdc = owner => wallet(owner, key.mint);
    const snapshot = () => client.fetchSnapshot(cluster.rpc, key.pool);
    const prices = state => ({
        liquidity: client.priceAccounts(state.price),
        holdings: [{ key: sol, price: client.priceAccounts(state.collaterals[0].price) }],
    });
    const event = (landed, kind) => {
        assert.equal(landed.truncated, false);
        return landed.events.find(told => told.kind === kind);
    };

    test('the cluster has the pool that the seeds say', () => {
        assert.equal(key.pool, cluster.told.made.usdc_pool);
        assert.equal(sol.collateral, cluster.told.made.sol_collateral);
    });

    test('an address without a pool says so', async () => {
        await assert.rejects(client.fetchSnapshot(cluster.rpc, key.mint), /There is no pool at/);
    });

    test('an LP deposits what was previewed', async () => {
        const { alice } = cluster.actors;
        await send(alice, [await client.verbs.openPosition(key, { owner: alice.address, payer: alice })]);
        const before = await snapshot();
        const { moved } = engine.preview('deposit', before, { position: await bytes(await position(alice)), maxAssets: 500_000n * USDC });
        const landed = await send(alice, [
            await client.verbs.deposit(key, { owner: alice, source: await usdc(alice), maxAssets: 500_000n * USDC, minShares: moved.shares }),
        ]);
        const { assets, shares } = event(landed, 'Deposited');
        assert.deepEqual({ assets, shares }, moved);
        const figures = engine.preview('readPosition', await snapshot(), { position: await bytes(await position(alice)) }).moved;
        assert.deepEqual([figures.shares, figures.worth, figures.claimable], [500_000n * USDC, 500_000n * USDC, 0n]);
    });

    test('a borrower puts up SOL and borrows within the limit only', async () => {
        const { carol } = cluster.actors;
        const [address] = await obligation(carol);
        const state = await snapshot();
        const source = await wallet(carol, sol.mint);
        await send(carol, [
            await client.verbs.openObligation(key, { owner: carol.address, payer: carol }),
            await client.verbs.depositCollateral(sol, { payer: carol, obligation: address, source, units: 2_000n * SOL }),
        ]);
        const borrow = async assets => {
            const destination = await usdc(carol);
            return send(carol, [await client.verbs.borrow(key, { owner: carol, destination, assets, prices: prices(state) })]);
        };
        const call = { obligation: await bytes([address]), assets: 130_000n * USDC + 1n };
        const refused = error => error instanceof client.BackstopRefusal && error.error === 'LoanToValueExceeded';
        assert.throws(() => engine.preview('borrow', state, call), refused);
        await assert.rejects(borrow(130_000n * USDC + 1n), refused);
        await borrow(130_000n * USDC);
        const { moved } = engine.preview('readObligation', await snapshot(), { obligation: await bytes([address]) });
        assert.equal(moved.debt, 130_000n * USDC);
        assert.equal(moved.health.collateralValue, 200_000n * 10n ** 18n);
        assert.equal(moved.health.liquidatable, false);
    });

    test('a crash, a liquidation and its loss, as previewed', async () => {
        const { carol, erin } = cluster.actors;
        await cluster.advance('1d');
        await cluster.setPrice('SOL', 40);
        const address = await obligation(carol);
        const state = await snapshot();
        const call = { obligation: await bytes(address), collateral: sol.collateral, maxRepay: ALL };
        const { moved, after: expected } = engine.preview('liquidate', state, call);
        assert.ok(moved.loss.toLps > 0n, 'the collateral is worth less than the debt');
        const landed = await send(erin, [
            await client.verbs.liquidate(key, sol, {
                liquidator: erin, obligation: address[0], source: await usdc(erin), destination: await wallet(erin, sol.mint),
                maxRepay: ALL, minSeized: moved.seized, prices: prices(state),
            }),
        ]);
        const { repaid, insuranceCut, seized } = event(landed, 'Liquidated');
        assert.deepEqual([repaid, insuranceCut, seized], [moved.repaid, moved.insuranceCut, moved.seized]);
        const { loss, fromReserves, fromInsurance, toLps } = event(landed, 'LossRecorded');
        assert.deepEqual([loss, fromReserves, fromInsurance, toLps], ['loss', 'fromReserves', 'fromInsurance', 'toLps'].map(name => moved.loss[name]));
        assert.equal(loss, fromReserves + fromInsurance + toLps);
        const now = await snapshot();
        assert.deepEqual(client.poolOf(now), client.poolOf(expected));
        assert.deepEqual(now.fund, expected.fund);
        assert.deepEqual(now.collaterals[0].account, expected.collaterals[0].account);
    });

    test('what is recovered goes to who bore the loss', async () => {
        const { alice, carol } = cluster.actors;
        const owed = await obligation(carol);
        const { moved } = engine.preview('recover', await snapshot(), { obligation: await bytes(owed), maxAssets: 10_000n * USDC });
        const recovery = await send(carol, [
            await client.verbs.recover(key, { payer: carol, obligation: owed[0], source: await usdc(carol), maxAssets: 10_000n * USDC }),
        ]);
        assert.equal(event(recovery, 'Recovered').assets, moved.assets);
        const mine = { position: await bytes(await position(alice)) };
        const claim = engine.preview('claimRecovery', await snapshot(), mine).moved;
        assert.equal(claim.assets, moved.toLps, 'Alice bore all that LPs bore');
        const claimed = await send(alice, [
            await client.verbs.claimRecovery(key, { owner: alice, destination: await usdc(alice), minAssets: claim.assets }),
        ]);
        assert.equal(event(claimed, 'RecoveryClaimed').assets, claim.assets);
        await assert.rejects(
            send(alice, [await client.verbs.claimRecovery(key, { owner: alice, destination: await usdc(alice), minAssets: 0n })]),
            error => error.error === 'NothingToClaim',
        );
    });
});
