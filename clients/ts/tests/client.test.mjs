// Addresses, instructions, accounts, events and errors against the IDL, read here by hand.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
    AccountRole,
    createNoopSigner,
    getAddressEncoder,
    getBase64Decoder,
    getBase64Encoder,
    getProgramDerivedAddress,
    getU64Encoder,
    SolanaError,
    SOLANA_ERROR__INSTRUCTION_ERROR__ACCOUNT_DATA_TOO_SMALL,
    SOLANA_ERROR__INSTRUCTION_ERROR__COMPUTATIONAL_BUDGET_EXCEEDED,
    SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM,
    SOLANA_ERROR__INSTRUCTION_ERROR__PROGRAM_FAILED_TO_COMPLETE,
    SOLANA_ERROR__JSON_RPC__SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE,
} from '@solana/kit';
import * as client from '@backstop/client';

const idl = JSON.parse(readFileSync(new URL('../../../idl/backstop.json', import.meta.url), 'utf8'));
const program = idl.address;
const stage = JSON.parse(readFileSync(new URL('../../../tests/vectors/accounts.json', import.meta.url), 'utf8'));
const market = 'So11111111111111111111111111111111111111112';
const mint = 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v';
const owner = 'SysvarRent111111111111111111111111111111111';

async function derived(...seeds) {
    const bytes = seeds.map(seed => (seed.length >= 32 ? getAddressEncoder().encode(seed) : seed));
    return (await getProgramDerivedAddress({ programAddress: program, seeds: bytes }))[0];
}

test('addresses follow from the documented seeds', async () => {
    const nonce = getU64Encoder().encode(7);
    assert.equal((await client.findMarketPda({ authority: owner, id: 7n }))[0], await derived('market', owner, nonce));
    const key = await client.poolKey(market, mint);
    assert.equal(key.pool, await derived('pool', market, mint));
    assert.equal(key.vault, await derived('vault', key.pool));
    assert.equal(key.insuranceFund, await derived('insurance', key.pool));
    assert.equal(key.lossBook, await derived('losses', key.pool));
    const collateral = await client.collateralKey(key.pool, mint);
    assert.equal(collateral.collateral, await derived('collateral', key.pool, mint));
    assert.equal(collateral.vault, await derived('vault', collateral.collateral));
    assert.equal((await client.findPositionPda({ pool: key.pool, owner }))[0], await derived('lp', key.pool, owner));
    assert.equal(
        (await client.findObligationPda({ pool: key.pool, owner }))[0],
        await derived('obligation', key.pool, owner),
    );
    assert.equal(
        (await client.findStakePda({ insuranceFund: key.insuranceFund, owner }))[0],
        await derived('stake', key.insuranceFund, owner),
    );
    assert.equal(
        (await client.findClaimPda({ holder: owner, loss: 7 }))[0],
        await derived('claim', owner, Uint8Array.of(7, 0, 0, 0)),
    );
    assert.equal((await client.findChangePda({ market, nonce: 7n }))[0], await derived('change', market, nonce));
});

test("the program's own accounts stand at these addresses", async () => {
    const { accounts } = stage;
    const pool = client.getPoolDecoder().decode(getBase64Encoder().encode(accounts.pool.data));
    const key = await client.poolKey(pool.market, pool.mint);
    assert.equal(key.pool, accounts.pool.address);
    assert.deepEqual([pool.vault, pool.insuranceFund, pool.lossBook], [key.vault, key.insuranceFund, key.lossBook]);
    const obligation = client.getObligationDecoder().decode(getBase64Encoder().encode(accounts.obligation.data));
    assert.equal(
        (await client.findObligationPda({ pool: key.pool, owner: obligation.owner }))[0],
        accounts.obligation.address,
    );
});

test('every account decodes and encodes to its bytes', () => {
    const codecs = {
        pool: client.getPoolCodec(),
        fund: client.getInsuranceFundCodec(),
        collateral: client.getCollateralCodec(),
        book: client.getLossBookCodec(),
        position: client.getLpPositionCodec(),
        stake: client.getInsuranceStakeCodec(),
        obligation: client.getObligationCodec(),
    };
    for (const [name, codec] of Object.entries(codecs)) {
        const { data } = stage.accounts[name];
        const bytes = getBase64Encoder().encode(data);
        if (codec.fixedSize !== undefined) assert.equal(codec.fixedSize, bytes.length, name);
        // Of a list there is room for more than it has.
        const encoded = codec.encode(codec.decode(bytes));
        assert.deepEqual([...encoded, ...new Uint8Array(bytes.length - encoded.length)], [...bytes], name);
    }
});

/** Stand-ins for what a caller passes; the order and the flags are what is tested. */
async function everyInstruction() {
    const key = await client.poolKey(market, mint);
    const sol = await client.collateralKey(key.pool, 'So11111111111111111111111111111111111111112');
    const signer = createNoopSigner(owner);
    const wallet = market;
    const price = { first: mint };
    const prices = {
        liquidity: price,
        holdings: [{ collateral: sol.collateral, price: { first: wallet, second: owner } }],
    };
    const obligation = owner;
    const { verbs, Parameter, PausableOperation } = client;
    const value = verbs.parameterNumber(5n);
    const poolParameters = client
        .getPoolDecoder()
        .decode(getBase64Encoder().encode(stage.accounts.pool.data)).parameters;
    const collateralParameters = client
        .getCollateralDecoder()
        .decode(getBase64Encoder().encode(stage.accounts.collateral.data)).parameters;
    return {
        accept_authority: verbs.acceptAuthority({ authority: signer, market }),
        accrue: verbs.accrue(key),
        add_collateral: verbs.addCollateral(key, sol, {
            authority: signer,
            payer: signer,
            price,
            parameters: collateralParameters,
        }),
        borrow: verbs.borrow(key, { owner: signer, destination: wallet, assets: 1n, prices }),
        cancel_authority: verbs.cancelAuthority({ signer, market }),
        cancel_change: verbs.cancelChange(market, { signer, payer: owner, nonce: 7n }),
        collect: verbs.collectWithdrawal(key, { owner: signer, destination: wallet }),
        claim_recovery: verbs.claimRecovery(key, { owner: signer, destination: wallet, loss: 7, minAssets: 1n }),
        claim_stake_recovery: verbs.claimStakeRecovery(key, { owner: signer, loss: 7, minShares: 1n }),
        collect_reserves: verbs.collectReserves(key, { authority: signer, destination: wallet, assets: client.ALL }),
        create_market: verbs.createMarket({
            authority: signer,
            payer: signer,
            id: 7n,
            guardian: owner,
            treasury: owner,
            timelockSeconds: 86_400,
        }),
        open_pool: verbs.openPool(key, { authority: signer, source: wallet, assets: 1n }),
        create_pool: verbs.createPool(key, { authority: signer, payer: signer, price, parameters: poolParameters }),
        deposit: verbs.deposit(key, { owner: signer, source: wallet, maxAssets: 2n, minShares: 1n }),
        deposit_collateral: verbs.depositCollateral(sol, {
            payer: signer,
            obligation,
            source: wallet,
            units: 1n,
            price,
        }),
        execute_change: verbs.executeChange(market, { pool: key.pool }, { authority: signer, payer: owner, nonce: 7n }),
        extend_history: verbs.extendHistory({ payer: signer, position: owner, rows: 8 }),
        extend_loss_book: verbs.extendLossBook(key, { payer: signer, records: 8 }),
        execute_unstake: verbs.executeUnstake(key, { owner }),
        execute_withdrawal: verbs.executeWithdrawal(key, { owner }),
        fund_insurance: verbs.fundInsurance(key, { donor: signer, source: wallet, assets: 1n }),
        liquidate: verbs.liquidate(key, sol, {
            liquidator: signer,
            obligation,
            source: wallet,
            destination: wallet,
            maxRepay: 1n,
            minSeized: 0n,
            prices,
        }),
        mark: verbs.mark(key, { obligation, prices }),
        open_claim: verbs.openClaim({ holder: owner, payer: signer, loss: 7 }),
        open_obligation: verbs.openObligation(key, { owner, payer: signer }),
        open_position: verbs.openPosition(key, { owner, payer: signer }),
        open_stake: verbs.openStake(key, { owner, payer: signer }),
        pause: verbs.pause(key, { signer, what: PausableOperation.Deposit, seconds: 60 }),
        propose_authority: verbs.proposeAuthority({ authority: signer, market, proposed: owner }),
        queue_change: verbs.queueChange(
            market,
            { pool: key.pool, collateral: sol.collateral },
            { authority: signer, payer: signer, nonce: 7n, parameter: Parameter.DepositCap, value },
        ),
        record_bad_debt: verbs.recordBadDebt(key, { obligation, prices }),
        refresh_risk: verbs.refreshRisk(key, { collateral: sol.collateral, liquidity: price, price }),
        repay: verbs.repay(key, { payer: signer, obligation, source: wallet, maxAssets: client.ALL }),
        report_price: verbs.reportPrice(key, sol.collateral),
        request_unstake: verbs.requestUnstake(key, { owner: signer, shares: 1n }),
        request_withdrawal: verbs.requestWithdrawal(key, { owner: signer, shares: 1n }),
        stake: verbs.stake(key, { owner: signer, source: wallet, maxAssets: 2n, minShares: 1n }),
        tighten: verbs.tighten(key, { signer, collateral: sol.collateral, parameter: Parameter.MaxLtvBps, value }),
        transfer_shares: verbs.transferShares(key, { owner: signer, receiver: signer, shares: 1n }),
        trim_history: verbs.trimHistory(key, { owner: signer, through: 7 }),
        unpause: verbs.unpause(key, { authority: signer, what: PausableOperation.Borrow }),
        withdraw: verbs.withdraw(key, { owner: signer, destination: wallet, shares: 1n, minAssets: 1n }),
        withdraw_collateral: verbs.withdrawCollateral(key, sol, {
            owner: signer,
            destination: wallet,
            units: 1n,
            prices,
        }),
    };
}

test('every instruction of the IDL has a verb with its accounts, flags and data', async () => {
    const made = await everyInstruction();
    assert.deepEqual(Object.keys(made).sort(), idl.instructions.map(({ name }) => name).sort());
    for (const { name, accounts, discriminator } of idl.instructions) {
        const instruction = await made[name];
        assert.equal(instruction.programAddress, program, name);
        assert.deepEqual([...instruction.data.slice(0, 8)], discriminator, name);
        for (const [place, { name: account, signer, writable, optional }] of accounts.entries()) {
            const { role, address } = instruction.accounts[place];
            const absent = optional === true && address === program;
            const expected = absent ? AccountRole.READONLY : (signer ? 2 : 0) + (writable ? 1 : 0);
            assert.equal(role, expected, `${name}.${account}`);
        }
    }
});

test('prices follow the declared accounts in the order of the obligation', async () => {
    const made = await everyInstruction();
    const idlOf = name => idl.instructions.find(instruction => instruction.name === name);
    const further = async name => (await made[name]).accounts.slice(idlOf(name).accounts.length);
    const key = await client.poolKey(market, mint);
    const sol = await client.collateralKey(key.pool, 'So11111111111111111111111111111111111111112');
    const addresses = async name => (await further(name)).map(({ address }) => address);
    assert.deepEqual(await addresses('borrow'), [mint, sol.collateral, market, owner]);
    assert.deepEqual(await addresses('liquidate'), [mint, market, owner]);
    assert.deepEqual(await addresses('withdraw_collateral'), [mint, market, owner]);
    assert.deepEqual(await addresses('mark'), [mint, sol.collateral, market, owner]);
    assert.deepEqual(await addresses('deposit_collateral'), [mint]);
    assert.deepEqual(await addresses('refresh_risk'), [mint, mint]);
    assert.deepEqual(await addresses('record_bad_debt'), [mint, sol.collateral, market, owner]);
    // A collateral remembers the newest price that was read.
    for (const name of [
        'borrow',
        'liquidate',
        'withdraw_collateral',
        'mark',
        'deposit_collateral',
        'refresh_risk',
        'record_bad_debt',
    ]) {
        const written = (await further(name)).filter(({ role }) => role !== AccountRole.READONLY);
        assert.ok(
            written.every(({ role, address }) => role === AccountRole.WRITABLE && address === sol.collateral),
            name,
        );
        assert.equal(written.length, ['borrow', 'mark', 'record_bad_debt'].includes(name) ? 1 : 0, name);
    }
});

test('a price is reported of a collateral, or without one of the liquidity token', async () => {
    const key = await client.poolKey(market, mint);
    const { accounts } = client.verbs.reportPrice(key);
    assert.deepEqual(
        accounts.map(({ address }) => address),
        [key.pool, program],
        'the program stands for nothing',
    );
});

test('recording takes no further accounts where nothing is held', async () => {
    const key = await client.poolKey(market, mint);
    const bare = await client.verbs.recordBadDebt(key, { obligation: owner });
    const prices = { liquidity: { first: mint }, holdings: [] };
    assert.deepEqual(await client.verbs.recordBadDebt(key, { obligation: owner, prices }), bare);
    assert.equal(bare.accounts.length, idl.instructions.find(({ name }) => name === 'record_bad_debt').accounts.length);
});

/** The bytes of an event with every number counting up, and what they should read as. */
function eventBytes() {
    const event = idl.events.find(({ name }) => name === 'Deposited');
    const state = Array.from({ length: 8 }, (_, index) => 100n + BigInt(index));
    return { event, state };
}

test('events are read from the logs of the program alone', () => {
    const { event } = eventBytes();
    const state = client.getPoolStateCodec();
    const body = new Uint8Array(8 + 32 + 32 + 8 + 8 + state.fixedSize);
    body.set(event.discriminator);
    body.set(getAddressEncoder().encode(market), 8);
    body.set(getAddressEncoder().encode(owner), 40);
    body.set(getU64Encoder().encode(1_500n), 72);
    body.set(getU64Encoder().encode(1_499n), 80);
    const data = `Program data: ${getBase64Decoder().decode(body)}`;
    const lines = [
        `Program ${mint} invoke [1]`,
        data,
        `Program ${program} invoke [2]`,
        'Program log: hello',
        data,
        `Program ${market} invoke [3]`,
        data,
        `Program ${market} success`,
        'Program data: !!',
        `Program data: ${getBase64Decoder().decode(body.slice(0, 4))}`,
        `Program ${program} success`,
        data,
        `Program ${mint} success`,
    ];
    const logged = client.readLogs(lines);
    assert.equal(logged.truncated, false);
    assert.equal(logged.events.length, 1);
    const [{ kind, pool, assets, shares }] = logged.events;
    assert.deepEqual(
        { kind, pool, assets, shares },
        { kind: 'Deposited', pool: market, assets: 1_500n, shares: 1_499n },
    );
    assert.equal(client.readLogs([...lines, 'Log truncated']).truncated, true);
    // A program that is called, or calls, writes what looks like the runtime's lines. It starts and ends nothing.
    for (const word of ['success', `${program} invoke [3]`, 'invoke [3]', 'failed: no']) {
        const called = [`Program ${program} invoke [1]`, `Program ${mint} invoke [2]`, `Program log: ${word}`, data];
        assert.deepEqual(
            client.readLogs([...called, `Program ${mint} success`, `Program ${program} success`]).events,
            [],
        );
        const calling = [`Program ${mint} invoke [1]`, `Program log: ${word}`, data, `Program ${mint} success`];
        assert.deepEqual(client.readLogs(calling).events, []);
        const own = [`Program ${program} invoke [1]`, `Program log: ${word}`, data, `Program ${program} success`];
        assert.equal(client.readLogs(own).events.length, 1);
    }
});

test('every event of the IDL can be read', () => {
    assert.deepEqual(
        [...client.EVENTS.keys()].sort(),
        idl.events.map(({ discriminator }) => Buffer.from(discriminator).toString('hex')).sort(),
    );
});

test("a refusal has the IDL's name and message", () => {
    for (const { code, name, msg } of idl.errors) {
        const refusal = client.refusalOfCode(code);
        assert.deepEqual([refusal.code, refusal.error, refusal.message], [code, name, msg]);
    }
    assert.equal(client.refusalOfCode(1), undefined);
});

/** What Kit throws when an instruction fails, with the logs of a simulation or without. */
function failure(error, context, logs) {
    const cause = new SolanaError(error, context);
    if (logs === undefined) return new Error('sending failed', { cause });
    return new SolanaError(SOLANA_ERROR__JSON_RPC__SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE, { cause, logs });
}

/** The logs of programs that called one another, of which the last failed. */
function failedLogs(...programs) {
    const depth = programs.map((called, index) => `Program ${called} invoke [${index + 1}]`);
    return [
        ...depth,
        'Program log: failed: no',
        ...programs.toReversed().map(called => `Program ${called} failed: custom program error: 0x1771`),
    ];
}

test('a refusal is of the program that failed, and of no other', () => {
    const custom = (index, logs) => failure(SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM, { code: 6_001, index }, logs);
    const message = { instructions: [{ programAddress: market }, { programAddress: program }] };
    const name = (...given) => client.refusalIn(...given)?.error;
    assert.equal(name(custom(1), message), 'AmountTooSmall');
    assert.equal(name(custom(0), message), undefined, 'another program has the same number');
    assert.equal(name(custom(2), message), undefined, 'no such instruction');
    assert.equal(name(custom(1)), undefined, 'nothing tells whose number it is');
    assert.equal(name(new SolanaError(SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM, { code: 6_001, index: 0 })), undefined);
    assert.equal(name(new Error('offline'), message), undefined);
    assert.equal(name(undefined, message), undefined);
    // What the logs of the simulation say needs no message, and tells who failed where one calls another.
    assert.equal(name(custom(0, failedLogs(program))), 'AmountTooSmall');
    assert.equal(name(custom(0, failedLogs(market, program)), message), 'AmountTooSmall');
    assert.equal(name(custom(1, failedLogs(program, market)), message), undefined);
    assert.equal(name(custom(0, failedLogs(market))), undefined);
    // Logs of a transaction that failed after its simulation.
    assert.equal(name(custom(0), { ...message, logs: failedLogs(market, program) }), 'AmountTooSmall');
    assert.equal(name(custom(1), { ...message, logs: failedLogs(program, market) }), undefined);
    assert.equal(name(custom(1), { ...message, logs: null }), 'AmountTooSmall');
    assert.equal(name(custom(1, ['Log truncated']), message), 'AmountTooSmall');
    assert.equal(
        name(custom(1, ['Program log: Program x failed: y', `Program data: ${market} failed: `]), message),
        'AmountTooSmall',
    );
});

test('compute that ran out is named, and a limit that was sized by a simulation has room for interest', () => {
    const exhausted = called => [`Program ${called} failed: exceeded CUs meter at BPF instruction`];
    const failed = (index, logs) =>
        failure(SOLANA_ERROR__INSTRUCTION_ERROR__PROGRAM_FAILED_TO_COMPLETE, { index }, logs);
    const exceeded = failure(SOLANA_ERROR__INSTRUCTION_ERROR__COMPUTATIONAL_BUDGET_EXCEEDED, { index: 1 });
    const message = { instructions: [{ programAddress: market }, { programAddress: program }] };
    const refusal = client.refusalIn(exceeded, message);
    assert.ok(refusal instanceof client.OutOfCompute && refusal instanceof client.BackstopRefusal);
    assert.deepEqual([refusal.code, refusal.error], [undefined, 'OutOfCompute']);
    const name = (...given) => client.refusalIn(...given)?.error;
    assert.equal(name(failed(1, exhausted(program)), message), 'OutOfCompute');
    assert.equal(name(failed(1, exhausted(mint)), message), 'OutOfCompute', 'in a program that it called');
    assert.equal(name(failed(0, exhausted(market)), message), undefined);
    assert.equal(name(failed(1, [`Program ${program} failed: Access violation`]), message), undefined);

    const own = { programAddress: program };
    // A deposit simulated within a second of another used 3,130 and needs 3,831 a second later.
    assert.equal(client.unitLimit(3_130, [own]), 3_130 + 313 + 2_000);
    assert.equal(client.unitLimit(1_001n, [{ programAddress: market }]), 1_001 + 101);
    assert.equal(client.unitLimit(3_130, [own, { programAddress: market }, own]), 3_130 + 313 + 4_000);
    assert.equal(client.unitLimit(1_400_000, []), 1_400_000);
});

test("a refusal is found in the logs that other clients' errors have", () => {
    const name = logs => client.refusalOfLogs(logs)?.error;
    assert.equal(name(failedLogs(program)), 'AmountTooSmall');
    assert.equal(name(failedLogs(market, program)), 'AmountTooSmall');
    assert.equal(name(failedLogs(program, market)), undefined);
    assert.equal(name([`Program ${program} failed: exceeded CUs meter at BPF instruction`]), 'OutOfCompute');
    assert.equal(name([`Program log: Program ${program} failed: custom program error: 0x1771`]), undefined);
    assert.equal(name([]), undefined);
});

test('JSON.stringify writes events and refusals', () => {
    const { event } = eventBytes();
    const body = new Uint8Array(8 + 32 + 32 + 8 + 8 + client.getPoolStateCodec().fixedSize);
    body.set(event.discriminator);
    body.set(getU64Encoder().encode(2n ** 64n - 1n), 72);
    const lines = [`Program ${program} invoke [1]`, `Program data: ${getBase64Decoder().decode(body)}`];
    const [written] = JSON.parse(JSON.stringify(client.readLogs(lines))).events;
    assert.deepEqual([written.kind, written.assets, written.shares], ['Deposited', '18446744073709551615', '0']);
    assert.ok(Object.values(written.state).every(figure => ['string', 'number'].includes(typeof figure)));
    const { code, name, msg } = idl.errors[0];
    assert.deepEqual(JSON.parse(JSON.stringify(client.refusalOfCode(code, { units: 1n }))), {
        name: 'BackstopRefusal',
        code,
        error: name,
        message: msg,
    });
    const missing = JSON.parse(JSON.stringify(new client.NotOpened(market, 'openPosition')));
    assert.deepEqual([missing.error, missing.account, missing.opens], ['NotOpened', market, 'openPosition']);
    assert.match(missing.message, /^There is no position at/);
});

test('an account that is not opened is named with the verb that opens it', async () => {
    const tooSmall = (index, logs) => failure(SOLANA_ERROR__INSTRUCTION_ERROR__ACCOUNT_DATA_TOO_SMALL, { index }, logs);
    const made = await everyInstruction();
    const opening = {
        position: 'openPosition',
        recipient: 'openPosition',
        stake: 'openStake',
        holder: 'openPosition',
        obligation: 'openObligation',
    };
    for (const { name, accounts } of idl.instructions) {
        const instructions = [{ programAddress: market }, await made[name]];
        const refusal = client.refusalIn(tooSmall(1), { instructions });
        // Of two positions that of who gets shares is likelier to be missing.
        const place = name.startsWith('open_')
            ? -1
            : accounts.findLastIndex(account => opening[account.name] !== undefined);
        if (place === -1) {
            assert.equal(refusal, undefined, name);
            continue;
        }
        assert.ok(refusal instanceof client.NotOpened && refusal instanceof client.BackstopRefusal, name);
        assert.deepEqual([refusal.error, refusal.code], ['NotOpened', undefined], name);
        assert.deepEqual(
            [refusal.opens, refusal.account],
            [opening[accounts[place].name], instructions[1].accounts[place].address],
            name,
        );
        assert.equal(refusal.alternative, accounts[place].name === 'holder' ? 'openStake' : undefined, name);
    }
    const instructions = [await made.deposit];
    const { message } = client.refusalIn(tooSmall(0, failedLogs(program)), { instructions });
    assert.match(message, /^There is no position at \w+: open it first, with `openPosition`/);
    const holder = client.refusalIn(tooSmall(0, failedLogs(program)), { instructions: [await made.collect] });
    assert.match(
        holder.message,
        /^There is no position or stake at \w+: open it first, with `openPosition` or `openStake` in/,
    );
    assert.equal(client.refusalIn(tooSmall(0, failedLogs(program, market)), { instructions }), undefined);
    assert.equal(client.refusalIn(tooSmall(0, failedLogs(program))), undefined, 'nothing tells which account');
});

test('token accounts are where wallets look for them, and are made once', async () => {
    const seeds = [owner, client.TOKEN_2022_PROGRAM, mint].map(address => getAddressEncoder().encode(address));
    const associated = 'ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL';
    const [address] = await getProgramDerivedAddress({ programAddress: associated, seeds });
    assert.equal(await client.tokenAccount(owner, mint, client.TOKEN_2022_PROGRAM), address);
    const payer = createNoopSigner(market);
    const made = await client.openTokenAccount({ payer, owner, mint, tokenProgram: client.TOKEN_2022_PROGRAM });
    assert.equal(made.programAddress, associated);
    assert.deepEqual([...made.data], [1]);
    const expected = [
        [market, 3],
        [address, 1],
        [owner, 0],
        [mint, 0],
        ['11111111111111111111111111111111', 0],
        [client.TOKEN_2022_PROGRAM, 0],
    ];
    assert.deepEqual(
        made.accounts.map(account => [account.address, account.role]),
        expected,
    );
});
