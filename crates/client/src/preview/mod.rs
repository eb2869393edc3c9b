//! Previews: what an instruction will do, computed by the engine before it is sent.
//!
//! A [`Snapshot`] is a pool at one moment, with its insurance fund, its collaterals and their prices. Each verb is a
//! method of the same name. It returns what the instruction would move, or the error that the program would return, and
//! changes the given accounts as the program would, to the unit. Preview on a copy: after an error the accounts may be
//! partly changed.
//!
//! A preview does not check which accounts are passed, who signs, or whether wallets hold the tokens.

mod borrowing;
mod holders;
mod insurance;
mod lending;
mod losses;
mod most;
mod rates;
mod risk;

use backstop_engine::{
    average::Average,
    governance::Pausable,
    health::{Health, Holding},
    mark::{Evidence, Mark},
    pool::Totals,
    price::{Price, Quote, Reading, Value},
    quantity::{Assets, Units},
};
use solana_address::Address;

use crate::{BackstopError, Collateral, CollateralSlot, InsuranceFund, LastPrice, LossBook, Obligation, Pool};

pub use {
    borrowing::Repaid,
    lending::{Deposited, Withdrawn},
    losses::{Liquidated, Recovered},
    most::largest_allowed,
    rates::YearlyRates,
};

/// The result of a preview.
pub type Result<T> = core::result::Result<T, BackstopError>;

/// A pool at a moment, with all that its instructions read.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The chain's clock, unix seconds.
    pub now: i64,
    /// The chain's slot.
    pub slot: u64,
    /// The pool.
    pub pool: Pool,
    /// Its insurance fund.
    pub fund: InsuranceFund,
    /// Its loss book.
    pub book: LossBook,
    /// What the liquidity token costs, or why its price cannot be used.
    pub price: Result<Reading>,
    /// The collaterals that matter.
    pub collaterals: Vec<PricedCollateral>,
}

/// A collateral of the pool and its price.
#[derive(Clone, Debug)]
pub struct PricedCollateral {
    /// The account's address.
    pub address: Address,
    /// The account.
    pub account: Collateral,
    /// What its token costs, or why its price cannot be used.
    pub price: Result<Reading>,
}

/// What an obligation owes and what stands behind it, as liquidations see it.
#[derive(Clone, Copy, Debug)]
pub struct Valuation {
    /// Its debt with interest up to now.
    pub debt: Assets,
    /// The upper price of a base unit of the liquidity token.
    pub debt_price: Price,
    /// The middle of its price.
    pub debt_middle: Price,
    /// Debt and collateral in value.
    pub health: Health,
    /// How good the prices are.
    pub evidence: Evidence,
}

impl Snapshot {
    /// The pool's totals with interest counted up to now.
    ///
    /// # Errors
    /// As [`Totals::accrue`].
    pub fn totals(&self) -> Result<Totals> {
        Ok(self.pool.totals_at(self.now)?)
    }

    /// Counts interest, as every instruction does first.
    ///
    /// # Errors
    /// As [`Totals::accrue`].
    pub fn accrue(&mut self) -> Result<()> {
        let totals = self.totals()?;
        self.apply(&totals);
        Ok(())
    }

    /// A collateral by its address.
    ///
    /// # Errors
    /// [`BackstopError::WrongCollateral`] if it is not in the snapshot.
    pub fn collateral(&self, address: &Address) -> Result<&PricedCollateral> {
        self.collaterals.iter().find(|listed| listed.address == *address).ok_or(BackstopError::WrongCollateral)
    }

    fn collateral_mut(&mut self, address: &Address) -> Result<&mut Collateral> {
        let listed = self.collaterals.iter_mut().find(|listed| listed.address == *address);
        listed.map(|listed| &mut listed.account).ok_or(BackstopError::WrongCollateral)
    }

    /// What an obligation owes and what stands behind it, as liquidating, marking and recording see it: collateral
    /// whose price is unusable counts in the borrower's favour.
    ///
    /// # Errors
    /// Why a price that is needed cannot be used; as [`Health::with`].
    pub fn valuation(&self, obligation: &Obligation) -> Result<Valuation> {
        self.valuation_by(obligation, self.price.map(|reading| judged(&self.pool.last_price, &reading))?)
    }

    /// The same as settling a mark sees it: an unusable price of the liquidity token counts in the borrower's favour,
    /// too.
    ///
    /// # Errors
    /// As [`Snapshot::valuation`].
    pub fn valuation_for_settlement(&self, obligation: &Obligation) -> Result<Valuation> {
        self.valuation_by(obligation, self.quote_for_settlement()?)
    }

    /// The same as taking collateral for written-off debt sees it: collateral whose price is unusable counts for
    /// nothing.
    ///
    /// # Errors
    /// As [`Snapshot::valuation`].
    pub fn valuation_for_recovery(&self, obligation: &Obligation) -> Result<Valuation> {
        let counts = |slot: &CollateralSlot| self.collateral(&slot.collateral).is_ok_and(|listed| listed.price.is_ok());
        let mut counted = *obligation;
        for slot in counted.collaterals.iter_mut().filter(|slot| slot.units != 0) {
            if !counts(slot) {
                self.holding(&slot.collateral, Units::new(slot.units))?; // why its price cannot be used
                slot.units = 0;
            }
        }
        self.valuation(&counted)
    }

    fn valuation_by(&self, obligation: &Obligation, (quote, mut evidence): (Quote, Evidence)) -> Result<Valuation> {
        let debt = self.totals()?.debt(obligation.debt())?;
        let debt_price = quote.upper(self.pool.decimals)?;
        let debt_middle = quote.middle(&debt_price)?;
        let mut health = Health::of_debt(debt_price.value_up(debt.get())?);
        for slot in obligation.held() {
            if let Some((holding, judged)) = self.holding(&slot.collateral, Units::new(slot.units))? {
                (health, evidence) = (health.with(&holding)?, evidence.and(judged));
            }
        }
        Ok(Valuation { debt, debt_price, debt_middle, health, evidence })
    }

    /// Remembers the prices that an obligation was valued by.
    fn remember(&mut self, obligation: &Obligation) -> Result<()> {
        if let Ok(reading) = &self.price {
            self.pool.last_price.remember(reading);
        }
        for slot in obligation.held() {
            let (listed, units) = (self.collateral(&slot.collateral)?, Units::new(slot.units));
            if let (Ok(reading), false) = (listed.price, listed.account.is_negligible(units, self.dust())) {
                self.collateral_mut(&slot.collateral)?.last_price.remember(&reading);
            }
        }
        Ok(())
    }

    /// An obligation's health as borrowing and taking collateral out see it: prices far from their averages count
    /// these.
    ///
    /// # Errors
    /// As [`Snapshot::valuation`].
    pub fn health_for_borrowing(&self, obligation: &Obligation) -> Result<Health> {
        let min_debt = self.pool.parameters.liquidation_terms().min_debt;
        let debt = obligation.debt_to_secure(self.totals()?.debt(obligation.debt())?, min_debt)?;
        let price = self.pool.quote_for_borrowing(self.price?.quote)?.upper(self.pool.decimals)?;
        let mut health = Health::of_debt(price.value_up(debt.get())?);
        for slot in obligation.held() {
            let listed = self.collateral(&slot.collateral)?;
            let (account, units) = (&listed.account, Units::new(slot.units));
            if !account.is_negligible(units, self.dust()) {
                let holding = account.holding_for_borrowing(&self.pool, units, listed.price?.quote, self.now)?;
                health = health.with(&holding)?;
            }
        }
        Ok(health)
    }

    /// The value up to which collateral is dust.
    fn dust(&self) -> Value {
        self.pool.parameters.loss.dust()
    }

    /// What units of a collateral count for, and how good its price is; nothing for a negligible holding.
    fn holding(&self, collateral: &Address, units: Units) -> Result<Option<(Holding, Evidence)>> {
        let listed = self.collateral(collateral)?;
        if listed.account.is_negligible(units, self.dust()) {
            return Ok(None);
        }
        let (quote, evidence) = self.quote_of(listed)?;
        Ok(Some((listed.account.holding(units, quote, self.now)?, evidence)))
    }

    /// What a collateral counts at when liquidating, marking and recording, and how good that is: in the borrower's
    /// favour if its price is unusable for long enough.
    ///
    /// # Errors
    /// Why its price cannot be used.
    pub fn quote_of(&self, listed: &PricedCollateral) -> Result<(Quote, Evidence)> {
        let (account, memory) = (&listed.account, listed.account.last_price.memory());
        match listed.price {
            Ok(reading) => Ok(judged(&account.last_price, &reading)),
            Err(_) if memory.is_unusable(self.pool.hold_seconds(), self.now) => {
                Ok((memory.favourable_collateral(&Average::from(&account.average))?, Evidence::FAVOUR))
            }
            Err(error) => Err(error),
        }
    }

    /// What the liquidity token counts at when a mark is settled, and how good that is.
    ///
    /// # Errors
    /// Why its price cannot be used.
    pub fn quote_for_settlement(&self) -> Result<(Quote, Evidence)> {
        let (pool, memory) = (&self.pool, self.pool.last_price.memory());
        match self.price {
            Ok(reading) => Ok(judged(&pool.last_price, &reading)),
            Err(_) if memory.is_unusable(pool.hold_seconds(), self.now) => {
                Ok((memory.favourable_debt(&Average::from(&pool.average))?, Evidence::FAVOUR))
            }
            Err(error) => Err(error),
        }
    }

    fn require_open(&self, what: Pausable) -> Result<()> {
        require(!self.pool.pause(what).holds(self.now), BackstopError::Paused)
    }

    fn apply(&mut self, totals: &Totals) {
        let pool = &mut self.pool;
        pool.store_totals(totals);
        // NAV is not negative: the engine made these totals.
        let nav = totals.nav().unwrap_or_default();
        pool.hold = pool.holds().of_pool(nav, pool.hold_seconds(), totals.accrued_at).pool.into();
    }

    /// Replaces an obligation's mark. The pool is applied afterwards, and the fund's hold.
    fn replace_mark(&mut self, obligation: &mut Obligation, mark: &Mark) -> Result<()> {
        self.pool.marked = obligation.mark().replaced(mark, Assets::new(self.pool.marked))?.get();
        (obligation.marked, obligation.marked_at) = (mark.shortfall.get(), mark.since);
        Ok(())
    }

    /// Begins or ends the fund's hold. The pool and the fund are applied.
    fn hold_fund(&mut self) -> Result<()> {
        let (pool, assets) = (&mut self.pool, Assets::new(self.fund.assets));
        let assets = assets.plus(Assets::new(pool.insurance_due))?.plus(Assets::new(pool.insurance_owed))?;
        pool.fund_hold = pool.holds().of_fund(assets, pool.hold_seconds(), pool.accrued_at).fund.into();
        Ok(())
    }
}

/// What a reading says, and how good it is beside what was read before.
fn judged(last: &LastPrice, reading: &Reading) -> (Quote, Evidence) {
    (reading.quote, Evidence::of(reading.times, &last.memory()))
}

fn require(fulfilled: bool, error: BackstopError) -> Result<()> {
    if fulfilled { Ok(()) } else { Err(error) }
}
