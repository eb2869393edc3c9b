//! Books for tests and the bench: a pool that lends USDC at 1 USD, and what it is told of collaterals and prices.

use backstop_client::{
    AccountData, Collateral, CollateralSlot, InsuranceFund, Obligation, Pool, RiskRamp,
    oracle::{Network, pyth_price_feed},
    rpc::Clock,
};
use backstop_engine::price::Value;
use backstop_liquidator::book::{Book, Reading, Received};
use solana_address::Address;

/// The moment of all tests.
pub(crate) const CLOCK: Clock = Clock { slot: 1_000, unix_timestamp: 1_700_000_000 };
/// How long a mark stands before it is settled.
pub(crate) const HOLD: u32 = 3_600;
/// The pool.
pub(crate) const POOL: Address = Address::new_from_array([200; 32]);
/// The feed of the liquidity token.
pub(crate) const USDC: u8 = 100;

pub(crate) fn blank<T: AccountData>() -> T {
    let mut data = vec![0; T::SIZE];
    data[..8].copy_from_slice(&T::DISCRIMINATOR);
    T::from_account_data(&data).unwrap()
}

/// A fifth of a bonus for insurance, a target of 110 %, dust at 1 USD, marks for an hour, no interest, no minimums.
pub(crate) fn pool() -> Pool {
    let mut pool: Pool = blank();
    (pool.decimals, pool.mint, pool.insurance_fund) = (6, mint(USDC), Address::new_from_array([201; 32]));
    (pool.borrow_index, pool.accrued_at) = (1 << 64, CLOCK.unix_timestamp);
    (pool.debt_shares, pool.shares) = (1 << 50, 1 << 50);
    let terms = &mut pool.parameters.liquidation;
    (terms.insurance_cut_bps, terms.target_health_bps) = (2_000, 11_000);
    (pool.parameters.loss.dust_value, pool.parameters.rates.kink_bps) = (1_000_000, 8_000);
    pool.parameters.loss.hold_seconds = HOLD;
    let oracle = &mut pool.parameters.oracle;
    (oracle.feed, oracle.max_age_seconds, oracle.max_confidence_bps) = ([USDC; 32], 60, 500);
    pool
}

pub(crate) fn mint(number: u8) -> Address {
    Address::new_from_array([
        number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
        29, 30, 31,
    ])
}

/// The address of a collateral.
pub(crate) const fn at(number: u8) -> Address {
    Address::new_from_array([number; 32])
}

/// A collateral by its number, which is also its feed's, with a bonus of 5 % to 10 %; its limits stand still. Its price
/// was never seen, so none of it is negligible.
pub(crate) fn collateral(number: u8, decimals: u8, threshold_bps: u32) -> (Address, Collateral) {
    let still = |bps: u32| RiskRamp { value: u64::from(bps) << 32, target_bps: bps, step_bps: 0 };
    let mut collateral: Collateral = blank();
    (collateral.pool, collateral.mint, collateral.decimals) = (POOL, mint(number), decimals);
    (collateral.max_ltv, collateral.threshold) = (still(threshold_bps / 2), still(threshold_bps));
    (collateral.risk_at, collateral.average.at) = (CLOCK.unix_timestamp, CLOCK.unix_timestamp);
    collateral.deposited = u64::MAX;
    let parameters = &mut collateral.parameters;
    (parameters.bonus_min_bps, parameters.bonus_max_bps) = (500, 1_000);
    parameters.oracle.feed = [number; 32];
    (parameters.oracle.max_age_seconds, parameters.oracle.max_confidence_bps) = (60, 500);
    (at(number), collateral)
}

/// A collateral whose average is 50 USD. At twice that, a thousandth of a token is a tenth of the dust value of 1 USD,
/// and negligible.
pub(crate) fn seen_at_50(number: u8, decimals: u8, threshold_bps: u32) -> (Address, Collateral) {
    let (address, mut collateral) = collateral(number, decimals, threshold_bps);
    collateral.average.price = Value::from_micro_usd(50_000_000).get();
    (address, collateral)
}

/// A Pyth price of a feed, in hundredths of a cent, as of this moment.
pub(crate) fn price(number: u8, price: i64, confidence: u64) -> Received {
    price_with_exponent(number, price, confidence, -4)
}

/// The same with another power of ten.
pub(crate) fn price_with_exponent(number: u8, price: i64, confidence: u64, exponent: i32) -> Received {
    let mut data = vec![34, 241, 35, 99, 157, 126, 244, 205];
    data.extend([0; 32]); // write authority
    data.push(1); // fully verified
    data.extend([number; 32]);
    data.extend(price.to_le_bytes());
    data.extend(confidence.to_le_bytes());
    data.extend(exponent.to_le_bytes());
    data.extend(CLOCK.unix_timestamp.to_le_bytes());
    data.extend([0; 32]); // what came before, averages, slot
    Received { address: pyth_price_feed(&[number; 32]), owner: Network::Pyth.programs()[0], data, slot: 1 }
}

/// An obligation that owes so many debt shares and holds these units of collaterals.
pub(crate) fn obligation(debt_shares: u64, held: &[(u8, u64)]) -> Obligation {
    let mut obligation: Obligation = blank();
    (obligation.pool, obligation.debt_shares, obligation.last_risk_increase_slot) = (POOL, debt_shares, 1);
    for (slot, (number, units)) in obligation.collaterals.iter_mut().zip(held) {
        *slot = CollateralSlot { collateral: at(*number), units: *units };
    }
    obligation
}

/// Where the obligation with this number is.
pub(crate) fn borrower(number: u64) -> Address {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    Address::new_from_array(bytes)
}

/// A book of all this as of slot 1, USDC at exactly 1 USD.
pub(crate) fn book(
    pool: Pool,
    collaterals: Vec<(Address, Collateral)>,
    prices: Vec<Received>,
    owed: &[Obligation],
) -> Book {
    let mut prices = prices;
    prices.push(price(USDC, 10_000, 0));
    book_without_usdc(pool, collaterals, prices, owed)
}

/// The same without a price of USDC but those given.
pub(crate) fn book_without_usdc(
    pool: Pool,
    collaterals: Vec<(Address, Collateral)>,
    prices: Vec<Received>,
    owed: &[Obligation],
) -> Book {
    let obligations = owed.iter().enumerate().map(|(number, it)| (borrower(number as u64), *it)).collect();
    let mut book = Book::new(Reading {
        address: POOL,
        slot: 1,
        pool,
        fund: blank::<InsuranceFund>(),
        collaterals,
        obligations,
        positions: Vec::new(),
        stakes: Vec::new(),
    });
    for price in prices {
        book.apply(price);
    }
    book
}
