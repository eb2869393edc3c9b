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

/// The most slots that a useful node lags behind another one: over three minutes.
const LAG: u64 = 512;

impl Book {
    /// Returns whether the reading is too old to come from a lagging node. Then a local cluster has restarted.
    pub const fn is_of_another_chain(&self, reading: &Reading) -> bool {
        reading.slot.saturating_add(LAG) < self.pool_slot
    }

    /// Returns a token's price at `now`, or why it is unusable.
    fn read(&self, parameters: &OracleParameters, now: i64) -> Result<price::Reading, BackstopError> {
        let accounts = self.price_accounts(parameters);
        let first = self.price_account(&accounts.first).ok_or(BackstopError::MissingPrice)?;
        let second = accounts.second.as_ref().and_then(|second| self.price_account(second));
        Ok(parameters.terms().read(&first, second.as_ref(), now)?)
    }

    /// Returns the value of a whole token at the upper end of its price. Returns nothing if the pool does not list the
    /// mint, or its price is unusable.
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

    /// Returns the accounts that hold a token's price.
    pub fn price_accounts(&self, parameters: &OracleParameters) -> PriceAccounts {
        let of_switchboard = |price: &Received| Network::of(&price.owner) == Some(Network::Switchboard);
        parameters.accounts(|address| self.prices.get(address).is_some_and(of_switchboard))
    }

    fn price_account<'a>(&'a self, address: &'a Address) -> Option<PriceAccount<'a>> {
        let price = self.prices.get(address)?;
        Some(PriceAccount { address, owner: &price.owner, data: &price.data })
    }

    /// Returns the pool at a moment, with its collaterals and their prices. Previews run on it.
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

    /// Returns the inputs of rating, at the moment of a snapshot of this book.
    ///
    /// # Errors
    /// If interest cannot be computed.
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

    /// Rebuilds an obligation's account from its row, with the fields that a preview needs.
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
            // A preview depends on whether there is unrecovered debt, not on how much: nothing is recovered from an
            // obligation that can be liquidated.
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

/// Returns every address that can hold a price for these oracles, without duplicates.
pub(crate) fn price_places<'a>(oracles: impl IntoIterator<Item = &'a OracleParameters>) -> Vec<Address> {
    let mut places: Vec<_> = oracles.into_iter().flat_map(OracleParameters::places).collect();
    places.sort_unstable();
    places.dedup();
    places
}
