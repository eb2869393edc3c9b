//! Reads from a book: prices, the inputs of rating, and accounts for previews.

use backstop_client::{
    BackstopError, CollateralSlot, LossBook, Obligation, OracleParameters,
    oracle::{Network, PriceAccount},
    preview::{PricedCollateral, Snapshot, largest_allowed},
    rpc::Clock,
    verb::PriceAccounts,
};
use backstop_engine::{
    mark::Evidence,
    price::{self, Value},
    quantity::Units,
};
use solana_address::Address;

use super::{Book, Listed, MAX_COLLATERALS, Reading, Received, Row};
use crate::rate::{Counted, Scale};

/// A node that is so many slots behind another one, over three minutes, is of no use to anybody.
const LAG: u64 = 512;

impl Book {
    /// Whether what was read is of slots so long past that no node lags so far behind: a local cluster began anew.
    pub const fn is_of_another_chain(&self, reading: &Reading) -> bool {
        reading.slot.saturating_add(LAG) < self.pool_slot
    }

    /// What a token costs at `now`, or why its price cannot be used.
    fn read(&self, parameters: &OracleParameters, now: i64) -> Result<price::Reading, BackstopError> {
        let accounts = self.price_accounts(parameters);
        let first = self.price_account(&accounts.first).ok_or(BackstopError::MissingPrice)?;
        let second = accounts.second.as_ref().and_then(|second| self.price_account(second));
        Ok(parameters.terms().read(&first, second.as_ref(), now)?)
    }

    /// What a whole token of this mint costs at the upper end of its price; nothing if the pool has none, or no price
    /// that can be used.
    pub fn value_of(&self, mint: &Address, now: i64) -> Option<Value> {
        let own = (self.pool.mint == *mint).then_some((&self.pool.parameters.oracle, self.pool.decimals));
        let listed = || {
            let (_, listed) = self.collaterals().find(|(_, listed)| listed.mint == *mint)?;
            Some((&listed.parameters.oracle, listed.decimals))
        };
        let (oracle, decimals) = own.or_else(listed)?;
        let price = self.read(oracle, now).ok()?.quote.upper(decimals).ok()?;
        price.value_up(10_u64.checked_pow(decimals.into())?).ok()
    }

    /// Where a token's price is.
    pub fn price_accounts(&self, parameters: &OracleParameters) -> PriceAccounts {
        let of_switchboard = |price: &Received| Network::of(&price.owner) == Some(Network::Switchboard);
        parameters.accounts(|address| self.prices.get(address).is_some_and(of_switchboard))
    }

    fn price_account<'a>(&'a self, address: &'a Address) -> Option<PriceAccount<'a>> {
        let price = self.prices.get(address)?;
        Some(PriceAccount { address, owner: &price.owner, data: &price.data })
    }

    /// The pool at a moment, with its collaterals and their prices: what previews are made from.
    pub fn snapshot(&self, clock: Clock) -> Snapshot {
        let now = clock.unix_timestamp;
        let priced = self.collaterals().map(|(address, account)| PricedCollateral {
            address: *address,
            account: *account,
            price: self.read(&account.parameters.oracle, now),
        });
        Snapshot {
            now,
            slot: clock.slot,
            pool: self.pool,
            fund: self.fund,
            book: LossBook::unread(self.address),
            price: self.read(&self.pool.parameters.oracle, now),
            collaterals: priced.collect(),
        }
    }

    /// What a rating counts with, at the moment of a snapshot of this book.
    ///
    /// # Errors
    /// If interest cannot be counted.
    pub fn scale(&self, snapshot: &Snapshot) -> Result<Scale, BackstopError> {
        let (pool, now) = (&snapshot.pool, snapshot.now);
        let terms = pool.parameters.liquidation_terms();
        let count = |listed: &Listed| {
            let priced = snapshot.collateral(&listed.address).ok()?;
            let quote = snapshot.quote_of(priced).ok();
            let unit = quote.and_then(|(quote, _)| priced.account.holding(Units::new(1), quote, now).ok());
            let evidence = quote.map_or(Evidence::FAVOUR, |(_, evidence)| evidence);
            let negligible =
                largest_allowed(u64::MAX, |units| priced.account.is_negligible(Units::new(units), terms.dust));
            Some(Counted { negligible, unit, evidence })
        };
        let settle = snapshot.quote_for_settlement().ok();
        Ok(Scale {
            slot: snapshot.slot,
            totals: snapshot.totals()?,
            debt_price: snapshot.price.ok().and_then(|read| read.quote.upper(pool.decimals).ok()),
            settle_price: settle.and_then(|(quote, _)| quote.upper(pool.decimals).ok()),
            evidence: settle.map_or(Evidence::FAVOUR, |(_, evidence)| evidence),
            terms,
            min_age: pool.parameters.loss.min_default_age_slots.into(),
            holds: pool.holds(),
            hold_seconds: pool.hold_seconds(),
            now,
            collaterals: self.collaterals.iter().map(|listed| count(listed).unwrap_or(Counted::UNKNOWN)).collect(),
        })
    }

    /// The obligation in a row as an account again, with what a preview needs of it.
    pub fn obligation(&self, row: &Row) -> Obligation {
        let free = CollateralSlot { collateral: Address::default(), units: 0 };
        let mut collaterals = [free; MAX_COLLATERALS];
        for (slot, (index, units)) in collaterals.iter_mut().zip(row.holdings()) {
            if let Some(collateral) = self.collateral_address(index) {
                *slot = CollateralSlot { collateral, units: units.get() };
            }
        }
        Obligation {
            pool: self.address,
            owner: Address::default(),
            debt_shares: row.debt.get(),
            marked: row.mark.shortfall.get(),
            marked_at: row.mark.since,
            // What is unrecovered matters to a preview, and how much does not: nothing is recovered from who can be
            // liquidated.
            written_off: row.defaulted.into(),
            recovered: 0,
            first_loss: 0,
            last_loss: 0,
            last_risk_increase_slot: row.last_risk_increase_slot,
            collaterals,
            version: 0,
            bump: 0,
            spare: [0; 142],
        }
    }
}

/// Every place where the price of a token with one of these oracles can be, each once.
pub(crate) fn price_places<'a>(oracles: impl IntoIterator<Item = &'a OracleParameters>) -> Vec<Address> {
    let mut places: Vec<_> = oracles.into_iter().flat_map(OracleParameters::places).collect();
    places.sort_unstable();
    places.dedup();
    places
}
