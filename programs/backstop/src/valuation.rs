//! What an obligation is worth: walks the accounts that price it.
//!
//! They follow an instruction's declared accounts: the price of the liquidity token, then for each collateral held, in the
//! obligation's order, its [`Collateral`] account and its price. A collateral that the instruction already declares is left
//! out; only its price stands in its place. A scrap (see [`Collateral::is_scrap`]) has its accounts too, but its price is not
//! read: it counts for nothing. A token with a second feed has that feed's account after the first one's.

use {
    crate::{
        errors::{BackstopError, OrRefuse},
        state::{Collateral, Obligation, Pool},
    },
    anchor_lang::{address_eq, pinocchio::account::AccountView, prelude::*},
    backstop_engine::{
        average::Average,
        health::{Health, Holding},
        price::Price,
        quantity::{Assets, Bps},
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
    /// The upper price of the liquidity token.
    pub debt_price: Price,
    /// The holding of the collateral that the instruction declares, if it is held and no scrap.
    pub declared: Option<Holding>,
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
        Ok(Self { health, debt_price, declared: None, guard, now })
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
                Some(declared) => valuation.declared = valuation.count(declared, slot.units, accounts)?,
                None => {
                    let collateral = accounts.next_collateral(&slot.collateral)?;
                    valuation.count(&collateral, slot.units, accounts)?;
                }
            }
        }
        Ok(valuation)
    }

    /// Counts one holding: reads its price from the next accounts. A scrap counts for nothing.
    pub fn count(
        &mut self,
        collateral: &Collateral,
        units: u64,
        accounts: &mut AccountWalk,
    ) -> Result<Option<Holding>> {
        if collateral.is_scrap(units) {
            collateral.oracle().skip(accounts)?;
            return Ok(None);
        }
        let mut quote = collateral.oracle().read(accounts, self.now)?;
        if let Some(limit) = self.guard {
            quote = Average::from(collateral.average).cap(quote, limit).or_refuse()?;
        }
        let holding = collateral.holding(units, quote, self.now)?;
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

    /// The next account, which must be this collateral and writable.
    pub fn next_collateral_mut(&mut self, address: &Address) -> Result<Account<Collateral>> {
        let view = self.next_account()?;
        require!(address_eq(view.address(), address), BackstopError::WrongCollateral);
        // SAFETY: every collateral of the walk has another address, and the instructions that use this declare none, so no
        // second borrow of the account's data exists.
        unsafe { Account::load_mut(*view) }
    }
}
