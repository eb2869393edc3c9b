//! What an instruction will do, before it is sent: the engine's functions over the accounts, as the program applies them.
//!
//! A [`Snapshot`] is a pool at a moment, with its insurance fund, its collaterals and their prices. Each verb is a method of the same name:
//! it returns what the instruction would move, or the error that the program would refuse it with, and changes the accounts
//! given to it as the program would. So the accounts after a preview are those after the instruction, to the unit, if nothing comes
//! between. Preview on a copy: after an error the accounts may be changed in part.
//!
//! What the engine does not decide is not previewed: whether the right accounts are passed, who signs, and whether wallets have
//! the tokens.

mod borrowing;
mod holders;
mod insurance;
mod lending;
mod losses;
mod most;
mod rates;
mod risk;

use backstop_engine::{
    governance::Pausable,
    health::{Health, Holding},
    insurance::Fund,
    pool::Totals,
    price::{Price, Quote, Value},
    quantity::{Assets, Units},
};
use solana_address::Address;

use crate::{BackstopError, Collateral, InsuranceFund, Obligation, Pool};

pub use {
    borrowing::Repaid,
    lending::{Deposited, Withdrawn},
    losses::{Liquidated, Recovered},
    most::most,
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
    /// What the liquidity token costs, or why its price cannot be used.
    pub price: Result<Quote>,
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
    pub price: Result<Quote>,
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

    /// What an obligation owes and what stands behind it, as liquidating, provisioning and recording see it.
    ///
    /// # Errors
    /// Why a price that is needed cannot be used; as [`Health::with`].
    pub fn valuation(&self, obligation: &Obligation) -> Result<Valuation> {
        let debt = self.totals()?.debt(obligation.debt())?;
        let quote = self.price?;
        let debt_price = quote.upper(self.pool.decimals)?;
        let debt_middle = quote.middle(&debt_price)?;
        let mut health = Health::of_debt(debt_price.value_up(debt.get())?);
        for slot in obligation.held() {
            if let Some(holding) = self.holding(&slot.collateral, Units::new(slot.units))? {
                health = health.with(&holding)?;
            }
        }
        Ok(Valuation { debt, debt_price, debt_middle, health })
    }

    /// An obligation's health as borrowing and taking collateral out see it: prices far from their averages count these.
    ///
    /// # Errors
    /// As [`Snapshot::valuation`].
    pub fn health_for_borrowing(&self, obligation: &Obligation) -> Result<Health> {
        let min_debt = self.pool.parameters.liquidation_terms().min_debt;
        let debt = obligation.debt_to_secure(self.totals()?.debt(obligation.debt())?, min_debt)?;
        let price = self.pool.quote_for_borrowing(self.price?)?.upper(self.pool.decimals)?;
        let mut health = Health::of_debt(price.value_up(debt.get())?);
        for slot in obligation.held() {
            let listed = self.collateral(&slot.collateral)?;
            let (account, units) = (&listed.account, Units::new(slot.units));
            if !account.is_negligible(units, self.dust()) {
                let holding = account.holding_for_borrowing(&self.pool, units, listed.price?, self.now)?;
                health = health.with(&holding)?;
            }
        }
        Ok(health)
    }

    /// The value up to which collateral is dust.
    const fn dust(&self) -> Value {
        self.pool.parameters.loss.dust()
    }

    /// What units of a collateral count for; nothing for a negligible holding.
    fn holding(&self, collateral: &Address, units: Units) -> Result<Option<Holding>> {
        let listed = self.collateral(collateral)?;
        if listed.account.is_negligible(units, self.dust()) {
            return Ok(None);
        }
        Ok(Some(listed.account.holding(units, listed.price?, self.now)?))
    }

    fn require_open(&self, what: Pausable) -> Result<()> {
        require(!self.pool.pause(what).holds(self.now), BackstopError::Paused)
    }

    fn apply(&mut self, totals: &Totals) {
        let pool = &mut self.pool;
        (pool.cash, pool.debt_shares) = (totals.cash.get(), totals.debt_shares.get());
        (pool.borrow_index, pool.shares) = (totals.borrow_index.bits(), totals.shares.get());
        (pool.reserves, pool.insurance_due) = (totals.reserves.get(), totals.insurance_due.get());
        pool.accrued_at = totals.accrued_at;
    }

    fn apply_fund(&mut self, fund: &Fund) {
        let account = &mut self.fund;
        (account.assets, account.shares) = (fund.assets.get(), fund.shares.get());
        (account.founding, account.founding_claims) = (fund.founding.get(), fund.founding_claims.get());
        (account.drawn, account.window_drawn) = (fund.drawn.get(), fund.window_drawn.get());
        account.window_at = fund.window_at;
    }

    /// Replaces an obligation's provision.
    fn replace_provision(&mut self, obligation: &mut Obligation, new: Assets) -> Result<()> {
        let provisions = self.pool.provisions().replace(Assets::new(obligation.provision), new)?;
        (self.pool.provisions, self.pool.provisioned) = (provisions.total.get(), provisions.count);
        obligation.provision = new.get();
        Ok(())
    }
}

fn require(fulfilled: bool, error: BackstopError) -> Result<()> {
    if fulfilled { Ok(()) } else { Err(error) }
}
