import {
    fetchEncodedAccounts,
    getAddressEncoder,
    getBase58Decoder,
    getBase64Encoder,
    getI64Decoder,
    getU64Decoder,
    type AccountInfoBase,
    type Address,
    type Base58EncodedBytes,
    type GetAccountInfoApi,
    type GetMultipleAccountsApi,
    type GetProgramAccountsApi,
    type MaybeEncodedAccount,
    type ReadonlyUint8Array,
    type Rpc,
} from '@solana/kit';
import {
    COLLATERAL_DISCRIMINATOR,
    getCollateralDecoder,
    getPoolDecoder,
    type Collateral,
    type Pool,
} from './generated/accounts/index.js';
import { BACKSTOP_PROGRAM_ADDRESS } from './generated/programs/index.js';
import type { OracleParameters } from './generated/types/index.js';
import { PYTH_RECEIVER, pricePlaces, type PriceAccounts } from './prices.js';

/** Switchboard On-Demand on mainnet and on devnet. */
export const SWITCHBOARD_ON_DEMAND: readonly Address[] = [
    'SBondMDrcV3K4kxZR1HNVT7osZxAHVHgYXL5Ze1oMUv' as Address,
    'Aio4gaXjXzJNVLtzwtNVmSqGKpANtXhybbkhtAC94ji2' as Address,
];

/** An account with a price. */
export type PriceAccount = {
    /** Where it is. */
    readonly address: Address;
    /** The program that owns it. */
    readonly owner: Address;
    /** What is in it. */
    readonly data: ReadonlyUint8Array;
};

/** A collateral of a pool and the accounts with its price. */
export type ListedCollateral = {
    /** Its address. */
    readonly address: Address;
    /** The account's bytes. */
    readonly account: ReadonlyUint8Array;
    /** The accounts of its feeds, as far as they exist. */
    readonly price: readonly PriceAccount[];
};

/** A pool at a moment, with all that its instructions read: what {@link Engine.preview} takes. Accounts are bytes, as the chain has them. */
export type Snapshot = {
    /** The chain's clock, unix seconds. */
    readonly now: bigint;
    /** The chain's slot. */
    readonly slot: bigint;
    /** The pool's bytes. */
    readonly pool: ReadonlyUint8Array;
    /** Its insurance fund's bytes. */
    readonly fund: ReadonlyUint8Array;
    /** The accounts of the liquidity token's feeds, as far as they exist. */
    readonly price: readonly PriceAccount[];
    /** Its collaterals. */
    readonly collaterals: readonly ListedCollateral[];
};

/** The account with the chain's clock. */
const CLOCK = 'SysvarC1ock11111111111111111111111111111111' as Address;

type ReadingRpc = Rpc<GetAccountInfoApi & GetMultipleAccountsApi & GetProgramAccountsApi>;

/** Reads a pool with its fund, its collaterals, all prices and the clock. */
export async function fetchSnapshot(rpc: ReadingRpc, address: Address): Promise<Snapshot> {
    const pool = await fetchBytes(rpc, address, 'pool');
    const decoded = getPoolDecoder().decode(pool);
    const [fund, listed, clock] = await Promise.all([
        fetchBytes(rpc, decoded.insuranceFund, 'insurance fund'),
        fetchCollaterals(rpc, address),
        fetchClock(rpc),
    ]);
    const oracles = [decoded.parameters.oracle, ...listed.map(({ data }) => data.parameters.oracle)];
    const [price = [], ...prices] = await fetchPrices(rpc, oracles);
    const collaterals = listed.map(({ address: place, account }, index) => ({ address: place, account, price: prices[index] ?? [] }));
    return { now: clock.unixTimestamp, slot: clock.slot, pool, fund, price, collaterals };
}

/** The pool of a snapshot. */
export function poolOf(snapshot: Snapshot): Pool {
    return getPoolDecoder().decode(snapshot.pool);
}

/** A collateral of a snapshot. */
export function collateralOf(listed: ListedCollateral): Collateral {
    return getCollateralDecoder().decode(listed.account);
}

/** Price accounts that were found, as instructions take them. */
export function priceAccounts(found: readonly PriceAccount[]): PriceAccounts {
    const [first, second] = found;
    if (first === undefined) throw new Error('No account with this price exists: post an update of its feed first.');
    return { first: first.address, second: second?.address };
}

/** The chain's clock: the slot comes first, the unix time last of five words. */
async function fetchClock(rpc: ReadingRpc): Promise<{ slot: bigint; unixTimestamp: bigint }> {
    const [clock] = await fetchEncodedAccounts(rpc, [CLOCK]);
    if (!clock?.exists) throw new Error('The cluster has no clock: it has not started yet.');
    return { slot: getU64Decoder().decode(clock.data), unixTimestamp: getI64Decoder().decode(clock.data, 32) };
}

/** The collaterals of a pool. */
async function fetchCollaterals(
    rpc: ReadingRpc,
    pool: Address,
): Promise<{ address: Address; account: ReadonlyUint8Array; data: Collateral }[]> {
    const matches = (offset: bigint, bytes: ReadonlyUint8Array) => ({
        memcmp: { bytes: getBase58Decoder().decode(bytes) as Base58EncodedBytes, encoding: 'base58' as const, offset },
    });
    const filters = [matches(0n, COLLATERAL_DISCRIMINATOR), matches(8n, getAddressEncoder().encode(pool))];
    const found = await rpc.getProgramAccounts(BACKSTOP_PROGRAM_ADDRESS, { encoding: 'base64', filters }).send();
    return found.map(({ pubkey, account: { data } }: { pubkey: Address; account: AccountInfoBase & { data: readonly [string, string] } }) => {
        const account = getBase64Encoder().encode(data[0]);
        return { address: pubkey, account, data: getCollateralDecoder().decode(account) };
    });
}

/** The accounts of each token's feeds: of a feed's two places, the one that an oracle program owns. */
async function fetchPrices(rpc: ReadingRpc, oracles: readonly OracleParameters[]): Promise<PriceAccount[][]> {
    const feeds = oracles.map(({ feed, secondFeed }) => [feed, secondFeed].filter(bytes => bytes.some(byte => byte !== 0)));
    const places = await Promise.all(feeds.flat().map(pricePlaces));
    const accounts = await fetchEncodedAccounts(rpc, places.flat() as Address[]);
    const found = places.map((_, index) => accounts.slice(2 * index, 2 * index + 2).find(isPrice));
    let next = 0;
    return feeds.map(ofToken =>
        ofToken.flatMap(() => {
            const account = found[next++];
            return account?.exists ? [{ address: account.address, owner: account.programAddress, data: account.data }] : [];
        }),
    );
}

function isPrice(account: MaybeEncodedAccount): boolean {
    return account.exists && [PYTH_RECEIVER, ...SWITCHBOARD_ON_DEMAND].includes(account.programAddress);
}

async function fetchBytes(rpc: ReadingRpc, address: Address, what: string): Promise<ReadonlyUint8Array> {
    const [account] = await fetchEncodedAccounts(rpc, [address]);
    if (account?.exists && account.programAddress === BACKSTOP_PROGRAM_ADDRESS) return account.data;
    throw new Error(`There is no ${what} at ${address} on this cluster: check the address and the cluster's URL.`);
}
