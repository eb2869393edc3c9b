// LP, borrower, crash, liquidation, loss and recovery on a local cluster: what is previewed is what happens, to the
// unit.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
    appendTransactionMessageInstruction,
    createTransactionMessage,
    fetchEncodedAccount,
    getBase64EncodedWireTransaction,
    isSolanaError,
    pipe,
    setTransactionMessageFeePayerSigner,
    setTransactionMessageLifetimeUsingBlockhash,
    signTransactionMessageWithSigners,
    SOLANA_ERROR__INSTRUCTION_ERROR__ACCOUNT_DATA_TOO_SMALL,
} from '@solana/kit';
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
        const { made, tokens } = cluster.reported;
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
        holdings: [{ collateral: sol.collateral, price: client.priceAccounts(state.collaterals[0].price) }],
    });
    const event = (landed, kind) => {
        assert.equal(landed.truncated, false);
        return landed.events.find(reported => reported.kind === kind);
    };

    test('the cluster has the pool that the seeds say', () => {
        assert.equal(key.pool, cluster.reported.made.usdc_pool);
        assert.equal(sol.collateral, cluster.reported.made.sol_collateral);
    });

    test('an address without a pool says so', async () => {
        await assert.rejects(client.fetchSnapshot(cluster.rpc, key.mint), /There is no pool at/);
    });

    /** That an instruction is refused because an account is not opened, with the address and what opens it. */
    const assertNotOpened = async (owner, instruction, [account], opens) => {
        await assert.rejects(send(owner, [await instruction]), refusal => {
            assert.ok(refusal instanceof client.NotOpened, refusal);
            assert.deepEqual([refusal.account, refusal.opens], [account, opens]);
            return true;
        });
    };

    test('what is not opened yet is named, with what opens it', async () => {
        const { erin } = cluster.actors;
        const [owed] = await obligation(erin);
        const source = await usdc(erin);
        const amounts = { maxAssets: USDC, minShares: 0n };
        const stake = await client.findStakePda({ insuranceFund: key.insuranceFund, owner: erin.address });
        await assertNotOpened(
            erin,
            client.verbs.deposit(key, { owner: erin, source, ...amounts }),
            await position(erin),
            'openPosition',
        );
        await assertNotOpened(erin, client.verbs.stake(key, { owner: erin, source, ...amounts }), stake, 'openStake');
        const collateral = { payer: erin, obligation: owed, source: await wallet(erin, sol.mint), units: SOL };
        await assertNotOpened(erin, client.verbs.depositCollateral(sol, collateral), [owed], 'openObligation');
        const borrow = { owner: erin, destination: source, assets: USDC, prices: prices(await snapshot()) };
        await assertNotOpened(erin, client.verbs.borrow(key, borrow), [owed], 'openObligation');
    });

    test('of two positions the one that is missing is named', async () => {
        const { bob, dave } = cluster.actors;
        const give = (owner, receiver) => client.verbs.transferShares(key, { owner, receiver, shares: 1n });
        await assertNotOpened(bob, give(bob, dave), await position(dave), 'openPosition');
        await send(bob, [await client.verbs.openPosition(key, { owner: dave.address, payer: bob })]);
        await assertNotOpened(bob, give(bob, dave), await position(bob), 'openPosition');
    });

    test('an account that is too short but no missing position is not called one', async () => {
        const { bob, dave } = cluster.actors;
        const deposit = await client.verbs.deposit(key, {
            owner: dave,
            source: await usdc(dave),
            maxAssets: USDC,
            minShares: 0n,
        });
        const accounts = deposit.accounts.map(account =>
            account.address === key.pool ? { ...account, address: bob.address } : account,
        );
        const tooSmall = error => isSolanaError(error.cause, SOLANA_ERROR__INSTRUCTION_ERROR__ACCOUNT_DATA_TOO_SMALL);
        await assert.rejects(send(dave, [{ ...deposit, accounts }]), tooSmall);
    });

    test("the program's refusal is found in what Kit alone throws", async () => {
        const { dave } = cluster.actors;
        const { value: blockhash } = await cluster.rpc.getLatestBlockhash().send();
        const thrownBy = async instruction => {
            const message = pipe(
                createTransactionMessage({ version: 0 }),
                it => setTransactionMessageFeePayerSigner(dave, it),
                it => setTransactionMessageLifetimeUsingBlockhash(blockhash, it),
                it => appendTransactionMessageInstruction(instruction, it),
            );
            const wire = getBase64EncodedWireTransaction(await signTransactionMessageWithSigners(message));
            const error = await cluster.rpc
                .sendTransaction(wire, { encoding: 'base64' })
                .send()
                .then(
                    () => undefined,
                    thrown => thrown,
                );
            return { error, message };
        };
        const source = await usdc(dave);
        const nothing = await thrownBy(
            await client.verbs.deposit(key, { owner: dave, source, maxAssets: 0n, minShares: 0n }),
        );
        assert.equal(client.refusalIn(nothing.error, nothing.message).error, 'AmountTooSmall');
        assert.equal(client.refusalIn(nothing.error).error, 'AmountTooSmall', 'the logs say which program it was');
        const none = await thrownBy(
            await client.verbs.withdraw(key, {
                owner: dave,
                destination: source,
                shares: 1n,
                minAssets: 0n,
                position: (await position(cluster.actors.erin))[0],
            }),
        );
        assert.equal(client.refusalIn(none.error, none.message).opens, 'openPosition');
    });

    test("a mint's token program is found, and token accounts are made once", async () => {
        const { authority, alice } = cluster.actors;
        assert.equal(await client.fetchTokenProgram(cluster.rpc, key.mint), client.TOKEN_PROGRAM);
        await assert.rejects(client.fetchTokenProgram(cluster.rpc, key.pool), /There is no mint at/);
        const stranger = key.lossBook; // anything that can own tokens
        const make = await client.openTokenAccount({ payer: alice, owner: stranger, mint: key.mint });
        await send(alice, [make]);
        await send(alice, [
            make,
            await client.openTokenAccount({ payer: alice, owner: authority.address, mint: key.mint }),
        ]);
        const made = await fetchEncodedAccount(cluster.rpc, await client.tokenAccount(stranger, key.mint), {
            commitment: 'confirmed',
        });
        assert.equal(made.programAddress, client.TOKEN_PROGRAM);
    });

    test('an LP deposits what was previewed', async () => {
        const { alice } = cluster.actors;
        const unopened = engine.preview('deposit', await snapshot(), {
            position: null,
            maxAssets: 500_000n * USDC,
        }).moved;
        await send(alice, [await client.verbs.openPosition(key, { owner: alice.address, payer: alice })]);
        const before = await snapshot();
        const { moved } = engine.preview('deposit', before, {
            position: await bytes(await position(alice)),
            maxAssets: 500_000n * USDC,
        });
        const landed = await send(alice, [
            await client.verbs.deposit(key, {
                owner: alice,
                source: await usdc(alice),
                maxAssets: 500_000n * USDC,
                minShares: moved.shares,
            }),
        ]);
        const { assets, shares } = event(landed, 'Deposited');
        assert.deepEqual(unopened, moved);
        assert.deepEqual({ assets, shares }, moved);
        const figures = engine.preview('readPosition', await snapshot(), {
            position: await bytes(await position(alice)),
        }).moved;
        assert.deepEqual([figures.shares, figures.worth, figures.losses], [500_000n * USDC, 500_000n * USDC, []]);
    });

    test('a borrower puts up SOL and borrows within the limit only', async () => {
        const { carol } = cluster.actors;
        const [address] = await obligation(carol);
        const state = await snapshot();
        const source = await wallet(carol, sol.mint);
        const put = { obligation: null, collateral: sol.collateral, payer: carol.address, units: 2_000n * SOL };
        const { own } = engine.preview('depositCollateral', state, put);
        await send(carol, [
            await client.verbs.openObligation(key, { owner: carol.address, payer: carol }),
            await client.verbs.depositCollateral(sol, {
                payer: carol,
                obligation: address,
                source,
                units: 2_000n * SOL,
            }),
        ]);
        const borrow = async assets => {
            const destination = await usdc(carol);
            return send(carol, [
                await client.verbs.borrow(key, {
                    owner: carol,
                    destination,
                    assets,
                    prices: client.pricesOf(state, own.obligation),
                }),
            ]);
        };
        assert.deepEqual(client.pricesOf(state, own.obligation), prices(state));
        const call = { obligation: await bytes([address]), assets: 130_000n * USDC + 1n };
        const refused = error => error instanceof client.BackstopRefusal && error.error === 'LoanToValueExceeded';
        assert.throws(() => engine.preview('borrow', state, call), refused);
        // 65 % of 2,000 at 100.
        assert.equal(
            engine.preview('readObligation', await snapshot(), { obligation: call.obligation }).moved.mostBorrowable,
            130_000n * USDC,
        );
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
                liquidator: erin,
                obligation: address[0],
                source: await usdc(erin),
                destination: await wallet(erin, sol.mint),
                maxRepay: ALL,
                minSeized: moved.seized,
                prices: prices(state),
            }),
        ]);
        const { repaid, insuranceCut, seized } = event(landed, 'Liquidated');
        assert.deepEqual([repaid, insuranceCut, seized], [moved.repaid, moved.insuranceCut, moved.seized]);
        const { loss, fromReserves, fromInsurance, toLps } = event(landed, 'LossRecorded');
        assert.deepEqual(
            [loss, fromReserves, fromInsurance, toLps],
            ['loss', 'fromReserves', 'fromInsurance', 'toLps'].map(name => moved.loss[name]),
        );
        assert.equal(loss, fromReserves + fromInsurance + toLps);
        const now = await snapshot();
        assert.deepEqual(client.poolOf(now), client.poolOf(expected));
        assert.deepEqual(now.fund, expected.fund);
        assert.deepEqual(now.collaterals[0].account, expected.collaterals[0].account);
    });

    test('what is recovered goes to who bore the loss', async () => {
        const { alice, carol } = cluster.actors;
        const owed = await obligation(carol);
        const { moved } = engine.preview('repay', await snapshot(), {
            obligation: await bytes(owed),
            maxAssets: 10_000n * USDC,
        });
        const recovery = await send(carol, [
            await client.verbs.repay(key, {
                payer: carol,
                obligation: owed[0],
                source: await usdc(carol),
                maxAssets: 10_000n * USDC,
            }),
        ]);
        assert.equal(event(recovery, 'Recovered').assets, moved.assets);
        const [{ loss, toLps }] = moved.recovered;
        const mine = { position: await bytes(await position(alice)), claim: null, loss };
        const claim = engine.preview('claimRecovery', await snapshot(), mine).moved;
        assert.equal(claim.assets, toLps, 'Alice bore all that LPs bore');
        const [holder] = await position(alice);
        const claimed = await send(alice, [
            await client.verbs.openClaim({ holder, payer: alice, loss }),
            await client.verbs.claimRecovery(key, {
                owner: alice,
                destination: await usdc(alice),
                loss,
                minAssets: claim.assets,
            }),
        ]);
        assert.equal(event(claimed, 'RecoveryClaimed').assets, claim.assets);
        await assert.rejects(
            send(alice, [
                await client.verbs.claimRecovery(key, {
                    owner: alice,
                    destination: await usdc(alice),
                    loss,
                    minAssets: 0n,
                }),
            ]),
            error => error.error === 'NothingToClaim',
        );
    });
});
