import {
    AccountRole,
    getAddressDecoder,
    getProgramDerivedAddress,
    type AccountMeta,
    type Address,
    type ReadonlyUint8Array,
} from '@solana/kit';

/** The program that owns Pyth's price accounts. */
export const PYTH_RECEIVER = 'rec5EKMGg6MxZYaMdyBfgwp4d5rB9T1VQH5pJv5LtFJ' as Address;
/** Pyth's push oracle program, which keeps one price account per feed and shard. */
export const PYTH_PUSH_ORACLE = 'pythWSnswVUd12oZpeFP8e9CVaEqJg25g1Vtc2biRsT' as Address;

/** The accounts with a token's price. */
export type PriceAccounts = {
    /** Of its primary feed: a Pyth price update of it, or a Switchboard feed. */
    readonly first: Address;
    /** Of its second feed, if it has one. */
    readonly second?: Address | undefined;
};

/** A collateral that an obligation holds, and the accounts with its price. */
export type PricedHolding = {
    /** The collateral. */
    readonly collateral: Address;
    /** Its price. */
    readonly price: PriceAccounts;
};

/** The accounts that price an obligation. */
export type Prices = {
    /** The liquidity token's price. */
    readonly liquidity: PriceAccounts;
    /** What the obligation holds, in the order of its slots. */
    readonly holdings: readonly PricedHolding[];
};

/** Where Pyth's push oracle keeps the price of a feed. */
export async function pythPriceFeed(feedId: ReadonlyUint8Array): Promise<Address> {
    const shard = new Uint8Array(2);
    const [address] = await getProgramDerivedAddress({
        programAddress: PYTH_PUSH_ORACLE,
        seeds: [shard, feedId as Uint8Array],
    });
    return address;
}

/**
 * The two places where a feed's price can be: Pyth's account of that feed id, and a Switchboard feed's own address.
 * Which of them it is, the owners of the accounts tell; {@link fetchSnapshot} looks.
 */
export async function pricePlaces(feed: ReadonlyUint8Array): Promise<readonly [pyth: Address, switchboard: Address]> {
    return [await pythPriceFeed(feed), getAddressDecoder().decode(feed)];
}

/** An account that is only read. */
function readonly(address: Address): AccountMeta {
    return { address, role: AccountRole.READONLY };
}

/** An account that is written, as a collateral is, which remembers the newest price that was read. */
function writable(address: Address): AccountMeta {
    return { address, role: AccountRole.WRITABLE };
}

/** A token's price accounts as an instruction takes them. */
export function priceMetas(price: PriceAccounts): AccountMeta[] {
    return [price.first, ...(price.second === undefined ? [] : [price.second])].map(readonly);
}

/**
 * The accounts that price an obligation, as an instruction takes them after those that it declares.
 *
 * @param declared The collateral that the instruction itself names: it is left out, only its price stands in its place.
 */
export function pricesMetas(prices: Prices, declared?: Address): AccountMeta[] {
    const holdings = prices.holdings.flatMap(({ collateral, price }) => [
        ...(collateral === declared ? [] : [writable(collateral)]),
        ...priceMetas(price),
    ]);
    return [...priceMetas(prices.liquidity), ...holdings];
}
