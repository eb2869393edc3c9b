//! What an obligation is worth: walks the accounts that price it.
//!
//! They follow an instruction's declared accounts: the price of the liquidity token, then for each collateral held, in
//! the obligation's order, its [`Collateral`] account and its price. A collateral that the instruction already declares
//! is left out; only its price stands in its place. A negligible holding (see [`Collateral::is_negligible`]) has its
//! accounts too, but its price is not read: it counts for nothing. A token with a second feed has that feed's account
//! after the first one's.

use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        state::{Collateral, Obligation, Pool},
    },
    anchor_lang::{address_eq, pinocchio::account::AccountView, prelude::*},
    backstop_engine::{
        average::Average,
        health::{Health, Holding},
        liquidation::{Bonus, Debt},
        mark::Evidence,
        price::{Price, Quote, Value},
        quantity::{Assets, Bps, Units},
    },
};

/// What an obligation is valued for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PriceMode {
    /// Adding debt or taking collateral: a price far from its average counts only the average, on the conservative
    /// side.
    Borrowing,
    /// Liquidating, marking, recording: the price as it is. Collateral whose price is unusable counts in the borrower's
    /// favour.
    Liquidating,
    /// Settling a mark: so does the liquidity token.
    Settling,
    /// Taking collateral for written-off debt: other collateral whose price is unusable counts for nothing.
    Recovering,
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
    /// How good the prices are.
    pub evidence: Evidence,
    /// For how long nobody must have read a price that was reported, so that it counts in the borrower's favour.
    hold_seconds: u32,
    /// What the pool calls dust.
    dust: Value,
    /// The limit of the average guard where it applies.
    guard: Option<Bps>,
    now: i64,
}

impl Valuation {
    /// Starts with the debt: reads the price of the liquidity token.
    fn of_debt(
        pool: &mut Pool,
        debt: Assets,
        purpose: PriceMode,
        accounts: &mut RemainingAccounts,
        now: i64,
    ) -> Result<Self> {
        let (hold_seconds, begin) = (pool.hold_seconds(), accounts.clone());
        let (mut quote, evidence) = match pool.read_price(accounts, now) {
            Err(_) if purpose == PriceMode::Settling && pool.last_price.memory().is_unusable(hold_seconds, now) => {
                *accounts = begin;
                pool.parameters.oracle.skip(accounts)?;
                let quote = pool.last_price.memory().favourable_debt(&(&pool.average).into()).into_program_error()?;
                (quote, Evidence::FAVOUR)
            }
            read => read?,
        };
        let guard = (purpose == PriceMode::Borrowing).then(|| Bps::new(pool.parameters.risk.max_premium_bps));
        if let Some(limit) = guard {
            quote = Average::from(&pool.average).floor(quote, limit).into_program_error()?;
        }
        let debt_price = quote.upper(pool.decimals).into_program_error()?;
        let health = Health::of_debt(debt_price.value_up(debt.get()).into_program_error()?);
        let dust = pool.parameters.loss.dust();
        Ok(Self { health, debt_quote: quote, debt_price, declared: None, evidence, hold_seconds, dust, guard, now })
    }

    /// The debt against all collateral held. `declared` is the collateral account that the instruction itself names:
    /// its own price must be usable. Every price that is read is remembered.
    pub fn of_obligation(
        pool: &mut Pool,
        obligation: &Obligation,
        debt: Assets,
        purpose: PriceMode,
        mut declared: Option<&mut Account<Collateral>>,
        accounts: &mut RemainingAccounts,
        now: i64,
    ) -> Result<Self> {
        let mut valuation = Self::of_debt(pool, debt, purpose, accounts, now)?;
        for slot in obligation.held() {
            match declared.as_mut().filter(|declared| address_eq(declared.address(), &slot.collateral)) {
                Some(declared) => {
                    valuation.declared = valuation.count(declared, slot.units(), PriceMode::Borrowing, accounts)?
                }
                None => {
                    let mut collateral = accounts.next_collateral(&slot.collateral)?;
                    valuation.count(&mut collateral, slot.units(), purpose, accounts)?;
                }
            }
        }
        Ok(valuation)
    }

    /// Whether the obligation holds anything that counts. Reads no price.
    pub fn holds_anything(pool: &Pool, obligation: &Obligation, accounts: &mut RemainingAccounts) -> Result<bool> {
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
            middle: self.debt_middle()?,
            mark: obligation.mark(),
            evidence: self.evidence,
            may_be_marked: obligation.may_be_marked(slot),
            may_default: obligation.may_default(slot, pool.parameters.loss.min_default_age_slots.into()),
            defaulted: !obligation.unrecovered().is_zero(),
        })
    }

    /// The middle of the liquidity token's price, for a unit.
    pub fn debt_middle(&self) -> Result<Price> {
        self.debt_quote.middle(&self.debt_price).into_program_error()
    }

    /// Counts one holding: reads its price from the next accounts. A negligible one counts for nothing; one whose price
    /// is unusable as `purpose` says.
    fn count(
        &mut self,
        collateral: &mut Collateral,
        units: Units,
        purpose: PriceMode,
        accounts: &mut RemainingAccounts,
    ) -> Result<Option<Holding>> {
        if collateral.is_negligible(units, self.dust) {
            collateral.oracle().skip(accounts)?;
            return Ok(None);
        }
        let begin = accounts.clone();
        let mut quote = match collateral.read_price(accounts, self.now) {
            Ok((quote, evidence)) => {
                self.evidence = self.evidence.and(evidence);
                quote
            }
            Err(_)
                if purpose != PriceMode::Borrowing
                    && collateral.last_price.memory().is_unusable(self.hold_seconds, self.now) =>
            {
                *accounts = begin;
                collateral.oracle().skip(accounts)?;
                if purpose == PriceMode::Recovering {
                    return Ok(None);
                }
                self.evidence = self.evidence.and(Evidence::FAVOUR);
                let memory = collateral.last_price.memory();
                memory.favourable_collateral(&(&collateral.average).into()).into_program_error()?
            }
            Err(error) => return Err(error),
        };
        if let Some(limit) = self.guard {
            quote = Average::from(&collateral.average).cap(quote, limit).into_program_error()?;
        }
        let mut holding = collateral.holding(units, quote, self.now).into_program_error()?;
        if self.guard.is_some() {
            // What a liquidation would bring is not asked for, so it need not be paid for.
            holding.bonus = Bonus::default();
        }
        self.health = self.health.with(&holding).into_program_error()?;
        Ok(Some(holding))
    }
}

/// The accounts beyond the declared ones, one after another.
#[derive(Clone)]
pub struct RemainingAccounts<'a>(core::slice::Iter<'a, AccountView>);

impl<'a> RemainingAccounts<'a> {
    /// From the first.
    pub fn new(accounts: &'a [AccountView]) -> Self {
        Self(accounts.iter())
    }

    /// The next account.
    pub fn next_account(&mut self) -> Result<&'a AccountView> {
        self.0.next().ok_or_else(|| BackstopError::MissingPrice.into())
    }

    /// The next account, which must be this collateral, and writable: its price is remembered there.
    pub fn next_collateral(&mut self, address: &Address) -> Result<Account<Collateral>> {
        let view = self.next_account()?;
        require!(address_eq(view.address(), address), BackstopError::WrongCollateral);
        // SAFETY: every collateral of the walk has another address, none is the one that the instruction declares, and
        // each is dropped before the next is loaded: no second borrow of the account's data exists.
        unsafe { Account::load_mut(*view) }
    }
}
