//! What an obligation is worth: walks the accounts that price it.
//!
//! They follow an instruction's declared accounts: the price of the liquidity token, then for each collateral held, in the
//! obligation's order, its [`Collateral`] account and its price. A collateral that the instruction already declares is left
//! out; only its price stands in its place. A negligible holding (see [`Collateral::is_negligible`]) has its accounts too, but its price
//! is not read: it counts for nothing. A token with a second feed has that feed's account after the first one's.

use {
    crate::{
        errors::{BackstopError, OrRefuse},
        state::{Collateral, Obligation, Pool},
    },
    anchor_lang::{address_eq, pinocchio::account::AccountView, prelude::*},
    backstop_engine::{
        average::Average,
        health::{Health, Holding},
        liquidation::{Bonus, Debt},
        price::{Price, Quote, Value},
        quantity::{Assets, Bps, Units},
    },
};

/// What an obligation is valued for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Adding debt or taking collateral: a price far from its average counts only the average, on the conservative side.
    Borrowing,
    /// Liquidating, provisioning, recording: the price as it is.
    Liquidating,
}

/// An obligation's health, and what it took to compute it.
pub struct Valuation {
    /// Debt and collateral in value.
    pub health: Health,
    /// What the liquidity token costs.
    debt_quote: Quote,
    /// The upper price of a unit of it.
    pub debt_price: Price,
    /// The holding of the collateral that the instruction declares, if it is held and counts.
    pub declared: Option<Holding>,
    /// What the pool calls dust.
    dust: Value,
    /// The limit of the average guard where it applies.
    guard: Option<Bps>,
    now: i64,
}

impl Valuation {
    /// Starts with the debt: reads the price of the liquidity token.
    pub fn of_debt(pool: &Pool, debt: Assets, purpose: Purpose, accounts: &mut AccountWalk, now: i64) -> Result<Self> {
        let mut quote = pool.parameters.oracle.read(accounts, now)?;
        let guard = (purpose == Purpose::Borrowing).then(|| Bps::new(pool.parameters.risk.max_premium_bps));
        if let Some(limit) = guard {
            quote = Average::from(pool.average).floor(quote, limit).or_refuse()?;
        }
        let debt_price = quote.upper(pool.decimals).or_refuse()?;
        let health = Health::of_debt(debt_price.value_up(debt.get()).or_refuse()?);
        let dust = pool.parameters.loss.dust();
        Ok(Self { health, debt_quote: quote, debt_price, declared: None, dust, guard, now })
    }

    /// The debt against all collateral held. `declared` is the collateral account that the instruction itself names.
    pub fn of_obligation(
        pool: &Pool,
        obligation: &Obligation,
        debt: Assets,
        purpose: Purpose,
        declared: Option<&Account<Collateral>>,
        accounts: &mut AccountWalk,
        now: i64,
    ) -> Result<Self> {
        let mut valuation = Self::of_debt(pool, debt, purpose, accounts, now)?;
        for slot in obligation.held() {
            match declared.filter(|declared| address_eq(declared.address(), &slot.collateral)) {
                Some(declared) => valuation.declared = valuation.count(declared, slot.units(), accounts)?,
                None => {
                    let collateral = accounts.next_collateral(&slot.collateral)?;
                    valuation.count(&collateral, slot.units(), accounts)?;
                }
            }
        }
        Ok(valuation)
    }

    /// Whether the obligation holds anything that counts. Reads no price.
    pub fn holds_anything(pool: &Pool, obligation: &Obligation, accounts: &mut AccountWalk) -> Result<bool> {
        let mut first = true;
        for slot in obligation.held() {
            if core::mem::take(&mut first) {
                pool.parameters.oracle.skip(accounts)?;
            }
            let collateral = accounts.next_collateral(&slot.collateral)?;
            if !collateral.is_negligible(slot.units(), pool.parameters.loss.dust()) {
                return Ok(true);
            }
            collateral.oracle().skip(accounts)?;
        }
        Ok(false)
    }

    /// The debt of an obligation as liquidating sees it: `amount` by the pool's totals.
    pub fn debt(&self, pool: &Pool, obligation: &Obligation, amount: Assets, slot: u64) -> Result<Debt> {
        Ok(Debt {
            shares: obligation.debt(),
            amount,
            price: self.debt_price,
            middle: self.debt_quote.middle(&self.debt_price).or_refuse()?,
            provision: Assets::new(obligation.provision),
            may_be_provisioned: obligation.may_be_provisioned(slot),
            may_default: obligation.may_default(slot, pool.parameters.loss.min_default_age_slots),
        })
    }

    /// Counts one holding: reads its price from the next accounts. A negligible one counts for nothing.
    fn count(&mut self, collateral: &Collateral, units: Units, accounts: &mut AccountWalk) -> Result<Option<Holding>> {
        if collateral.is_negligible(units, self.dust) {
            collateral.oracle().skip(accounts)?;
            return Ok(None);
        }
        let mut quote = collateral.oracle().read(accounts, self.now)?;
        if let Some(limit) = self.guard {
            quote = Average::from(collateral.average).cap(quote, limit).or_refuse()?;
        }
        let mut holding = collateral.holding(units, quote, self.now)?;
        if self.guard.is_some() {
            // What a liquidation would bring is not asked for, so it need not be paid for.
            holding.bonus = Bonus::default();
        }
        self.health = self.health.with(&holding).or_refuse()?;
        Ok(Some(holding))
    }
}

/// The accounts beyond the declared ones, one after another.
pub struct AccountWalk<'a>(core::slice::Iter<'a, AccountView>);

impl<'a> AccountWalk<'a> {
    /// From the first.
    pub fn new(accounts: &'a [AccountView]) -> Self {
        Self(accounts.iter())
    }

    /// The next account.
    pub fn next_account(&mut self) -> Result<&'a AccountView> {
        self.0.next().ok_or_else(|| BackstopError::MissingPrice.into())
    }

    /// The next account, which must be this collateral.
    pub fn next_collateral(&mut self, address: &Address) -> Result<Account<Collateral>> {
        let view = self.next_account()?;
        require!(address_eq(view.address(), address), BackstopError::WrongCollateral);
        Account::load(*view)
    }
}
