import {
    fetchEncodedAccounts,
    getAddressDecoder,
    getAddressEncoder,
    getBase58Decoder,
    getBase64Encoder,
    getI64Decoder,
    getU64Decoder,
    type Address,
    type Base58EncodedBytes,
    type Commitment,
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
    getObligationDecoder,
    getPoolDecoder,
    type Collateral,
    type Pool,
} from './generated/accounts/index.js';
import { BACKSTOP_PROGRAM_ADDRESS } from './generated/programs/index.js';
import type { OracleParameters } from './generated/types/index.js';
import { PYTH_RECEIVER, pricePlaces, type PriceAccounts, type Prices } from './prices.js';
import { writable } from './json.js';

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

/**
 * A pool at one moment, with everything that its instructions read, for {@link Engine.preview}. Accounts are bytes, as
 * on chain.
 */
export type Snapshot = {
    /** The chain's clock, unix seconds. */
    readonly now: bigint;
    /** The chain's slot. */
    readonly slot: bigint;
    /** The pool's bytes. */
    readonly pool: ReadonlyUint8Array;
    /** Its insurance fund's bytes. */
    readonly fund: ReadonlyUint8Array;
    /** Its loss book's bytes. */
    readonly book: ReadonlyUint8Array;
    /** The accounts of the liquidity token's feeds, as far as they exist. */
    readonly price: readonly PriceAccount[];
    /** Its collaterals. */
    readonly collaterals: readonly ListedCollateral[];
};

/** The account with the chain's clock. */
const CLOCK = 'SysvarC1ock11111111111111111111111111111111' as Address;

type ReadingRpc = Rpc<GetAccountInfoApi & GetMultipleAccountsApi & GetProgramAccountsApi>;

/**
 * Reads a pool with its fund, its loss book, its collaterals, all prices and the clock, all of one slot.
 *
 * @param config How settled what is read must be: `confirmed` if it is not said.
 */
export async function fetchSnapshot(
    rpc: ReadingRpc,
    address: Address,
    { commitment = 'confirmed' }: { readonly commitment?: Commitment } = {},
): Promise<Snapshot> {
    // First where everything is, which does not change; then all of it at once.
    const [[known], listed] = await Promise.all([
        fetchEncodedAccounts(rpc, [address], { commitment }),
        findCollaterals(rpc, address, commitment),
    ]);
    const decoded = getPoolDecoder().decode(bytesOf(known, 'pool', address));
    const oracles = [decoded.parameters.oracle, ...listed.map(({ oracle }) => oracle)];
    const places = await Promise.all(oracles.map(feedPlaces));
    const addresses = [
        address,
        decoded.insuranceFund,
        CLOCK,
        decoded.lossBook,
        ...listed.map(({ place }) => place),
        ...places.flat(2),
    ];
    const accounts = await fetchEncodedAccounts(rpc, addresses as Address[], { commitment });

    const [pool, fund, clock, book] = accounts;
    if (!clock?.exists) throw new Error('The cluster has no clock: it has not started yet.');
    const found = new Map(accounts.filter(isPrice).map(account => [account.address, account]));
    const price = (feeds: Places) =>
        feeds.flatMap(feed => {
            const account = feed.map(place => found.get(place)).find(there => there !== undefined);
            return account ? [{ address: account.address, owner: account.programAddress, data: account.data }] : [];
        });
    return writable({
        // The clock's account begins with the slot; the unix time is the last of its five words.
        slot: getU64Decoder().decode(clock.data),
        now: getI64Decoder().decode(clock.data, 32),
        pool: bytesOf(pool, 'pool', address),
        fund: bytesOf(fund, 'insurance fund', decoded.insuranceFund),
        book: bytesOf(book, 'loss book', decoded.lossBook),
        price: price(places[0] ?? []),
        collaterals: listed.map(({ place }, index) => ({
            address: place,
            account: bytesOf(accounts[4 + index], 'collateral', place),
            price: price(places[1 + index] ?? []),
        })),
    });
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

/**
 * The accounts that price an obligation, as `borrow`, `liquidate` and their like take them.
 *
 * @param obligation Its bytes as the instruction will find them: where a deposit of collateral goes before, what its
 * preview says. `withdrawCollateral` takes what is left after it. A price that does not exist is named by its feed: the
 * program reads it only where it counts, and refuses then.
 */
export function pricesOf(snapshot: Snapshot, obligation: ReadonlyUint8Array): Prices {
    const held = getObligationDecoder()
        .decode(obligation)
        .collaterals.filter(({ units }) => units !== 0n);
    const holdings = held.map(({ collateral }) => {
        const listed = snapshot.collaterals.find(({ address }) => address === collateral);
        if (listed === undefined)
            throw new Error(`The snapshot has no collateral ${collateral}: read a new one, of the obligation's pool.`);
        return { collateral, price: placesOf(collateralOf(listed).parameters.oracle, listed.price) };
    });
    return { liquidity: placesOf(poolOf(snapshot).parameters.oracle, snapshot.price), holdings };
}

/** The accounts of a token's price. A feed's own address stands in for an account that does not exist. */
function placesOf(oracle: OracleParameters, found: readonly PriceAccount[]): PriceAccounts {
    const feeds = feedsOf(oracle);
    if (found.length === feeds.length) return priceAccounts(found);
    const [first, second] = feeds.map(feed => getAddressDecoder().decode(feed));
    return { first: first as Address, second };
}

/** The feeds that a token has. */
function feedsOf({ feed, secondFeed }: OracleParameters): readonly ReadonlyUint8Array[] {
    return [feed, secondFeed].filter(bytes => bytes.some(byte => byte !== 0));
}

/** The two places of each feed of a token. */
type Places = readonly (readonly Address[])[];

function feedPlaces(oracle: OracleParameters): Promise<Places> {
    return Promise.all(feedsOf(oracle).map(pricePlaces));
}

/** Where the collaterals of a pool are, and their feeds. */
async function findCollaterals(
    rpc: ReadingRpc,
    pool: Address,
    commitment: Commitment,
): Promise<{ place: Address; oracle: OracleParameters }[]> {
    const matches = (offset: bigint, bytes: ReadonlyUint8Array) => ({
        memcmp: { bytes: getBase58Decoder().decode(bytes) as Base58EncodedBytes, encoding: 'base58' as const, offset },
    });
    const filters = [matches(0n, COLLATERAL_DISCRIMINATOR), matches(8n, getAddressEncoder().encode(pool))];
    const found = await rpc
        .getProgramAccounts(BACKSTOP_PROGRAM_ADDRESS, { commitment, encoding: 'base64', filters })
        .send();
    return found.map(({ pubkey, account }) => {
        const { parameters } = getCollateralDecoder().decode(getBase64Encoder().encode(account.data[0]));
        return { place: pubkey, oracle: parameters.oracle };
    });
}

function isPrice(account: MaybeEncodedAccount): account is MaybeEncodedAccount & { readonly exists: true } {
    return account.exists && [PYTH_RECEIVER, ...SWITCHBOARD_ON_DEMAND].includes(account.programAddress);
}

function bytesOf(account: MaybeEncodedAccount | undefined, what: string, address: Address): ReadonlyUint8Array {
    if (account?.exists && account.programAddress === BACKSTOP_PROGRAM_ADDRESS) return account.data;
    throw new Error(`There is no ${what} at ${address} on this cluster: check the address and the cluster's URL.`);
}
