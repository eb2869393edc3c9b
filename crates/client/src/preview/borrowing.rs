//! Previews for borrowers.

use backstop_engine::{governance::Pausable, mark::Evidence, quantity::Assets};
use solana_address::Address;

use super::{Recovered, Result, Snapshot, require};
use crate::{BackstopError, CollateralSlot, Obligation, verb::ALL};

/// What a repayment moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaid {
    /// What is taken: at most what was offered.
    pub assets: u64,
    /// What of it pays the debt.
    pub repaid: u64,
    /// What of it recovers losses, one after another.
    pub recovered: Vec<Recovered>,
    /// What is owed afterwards.
    pub debt: u64,
    /// What was written off and is not recovered afterwards.
    pub unrecovered: u64,
}

impl Snapshot {
    /// Adds collateral, paid by `payer`.
    ///
    /// # Errors
    /// `AmountTooSmall`, `WrongOwner` for a new kind from anyone but the owner, why its price cannot be used where the
    /// obligation is in debt, `CollateralNotOpen`, `DepositCapExceeded`, `TooManyCollaterals`, `MathOverflow`.
    pub fn deposit_collateral(
        &mut self,
        obligation: &mut Obligation,
        collateral: &Address,
        payer: &Address,
        units: u64,
    ) -> Result<()> {
        require(units != 0, BackstopError::AmountTooSmall)?;
        let held = obligation.units_of(collateral);
        require(held != 0 || obligation.owner == *payer, BackstopError::WrongOwner)?;
        let listed = self.collateral(collateral)?;
        let read = if obligation.debt_shares == 0 { None } else { Some(listed.price?) };
        let now = self.now;
        let account = self.collateral_mut(collateral)?;
        if let Some(reading) = read {
            account.last_price.remember(&reading);
        }
        require(now >= account.opens_at, BackstopError::CollateralNotOpen)?;
        let deposited = account.deposited.checked_add(units).ok_or(BackstopError::MathOverflow)?;
        require(deposited <= account.parameters.deposit_cap, BackstopError::DepositCapExceeded)?;
        account.deposited = deposited;
        let slots = &mut obligation.collaterals;
        let own = slots.iter().position(|slot| slot.units != 0 && slot.collateral == *collateral);
        let place = own.or_else(|| slots.iter().position(|slot| slot.units == 0));
        let slot = place.and_then(|place| slots.get_mut(place)).ok_or(BackstopError::TooManyCollaterals)?;
        let units = slot.units.checked_add(units).ok_or(BackstopError::MathOverflow)?;
        *slot = CollateralSlot { collateral: *collateral, units };
        Ok(())
    }

    /// Takes collateral out of an obligation and its vault.
    pub(super) fn release(&mut self, obligation: &mut Obligation, collateral: &Address, units: u64) -> Result<()> {
        let slots = &mut obligation.collaterals;
        let slot = slots.iter_mut().find(|slot| slot.units != 0 && slot.collateral == *collateral);
        let slot = slot.ok_or(BackstopError::InsufficientCollateral)?;
        slot.units = slot.units.checked_sub(units).ok_or(BackstopError::InsufficientCollateral)?;
        if slot.units == 0 {
            slot.collateral = Address::default();
        }
        let account = self.collateral_mut(collateral)?;
        account.deposited = account.deposited.checked_sub(units).ok_or(BackstopError::InsufficientCollateral)?;
        Ok(())
    }

    /// Takes collateral, or [`ALL`] of it, out, and returns how much.
    ///
    /// # Errors
    /// `Paused`, `AmountTooSmall`, `InsufficientCollateral`; with debt why a price cannot be used,
    /// `LoanToValueExceeded`.
    pub fn withdraw_collateral(
        &mut self,
        obligation: &mut Obligation,
        collateral: &Address,
        units: u64,
    ) -> Result<u64> {
        self.require_open(Pausable::WithdrawCollateral)?;
        let units = if units == ALL { obligation.units_of(collateral) } else { units };
        require(units != 0, BackstopError::AmountTooSmall)?;
        self.release(obligation, collateral, units)?;
        obligation.last_risk_increase_slot = self.slot;
        if obligation.owes() {
            self.health_for_borrowing(obligation)?.require_borrowable()?;
            self.remember(obligation)?;
            self.accrue()?;
        }
        Ok(units)
    }

    /// Borrows.
    ///
    /// # Errors
    /// `Paused`, `BreakerTripped`, `AmountTooSmall`, `InsufficientCash`, `DebtBelowMinimum`, why a price cannot be
    /// used, `LoanToValueExceeded`.
    pub fn borrow(&mut self, obligation: &mut Obligation, assets: u64) -> Result<()> {
        self.require_open(Pausable::Borrow)?;
        require(!self.pool.breaker().is_tripped(self.now), BackstopError::BreakerTripped)?;
        let min_debt = Assets::new(self.pool.parameters.liquidation.min_debt);
        let lent = self.totals()?.borrow(obligation.debt(), Assets::new(assets), min_debt)?;
        lent.totals.require_loans_within(Assets::new(self.pool.parameters.caps.borrow_cap))?;
        (obligation.debt_shares, obligation.last_risk_increase_slot) = (lent.debt_shares.get(), self.slot);
        self.health_for_borrowing(obligation)?.require_borrowable()?;
        self.remember(obligation)?;
        self.apply(&lent.totals);
        Ok(())
    }

    /// Offers at most `max_assets` towards a debt, then towards what was written off of it; [`ALL`] pays all of both.
    ///
    /// # Errors
    /// `NoDebt`, `AmountTooSmall`.
    pub fn repay(&mut self, obligation: &mut Obligation, max_assets: u64) -> Result<Repaid> {
        let offered = Assets::new(max_assets);
        let repaid = self.repay_debt(obligation, offered)?;
        let rest = if obligation.debt_shares == 0 { offered.minus(repaid)? } else { Assets::ZERO };
        let recovered = self.recover(obligation, rest)?;
        let all = recovered.iter().try_fold(repaid, |sum, part| sum.plus(Assets::new(part.assets)))?;
        require(!all.is_zero(), BackstopError::AmountTooSmall)?;
        Ok(Repaid {
            assets: all.get(),
            repaid: repaid.get(),
            recovered,
            debt: self.pool.totals().debt(obligation.debt())?.get(),
            unrecovered: obligation.unrecovered().get(),
        })
    }

    /// Pays the debt, if there is any, or counts interest. Returns what is taken.
    fn repay_debt(&mut self, obligation: &mut Obligation, offered: Assets) -> Result<Assets> {
        if obligation.debt_shares == 0 && !obligation.unrecovered().is_zero() {
            self.accrue()?;
            return Ok(Assets::ZERO);
        }
        let repaid = self.totals()?.repay(obligation.debt(), offered)?;
        let debt = repaid.totals.debt(repaid.debt_shares)?;
        let mark = obligation.mark().after(Assets::ZERO, repaid.paid, debt, Evidence::FAVOUR, self.now);
        let marked = obligation.marked != 0;
        obligation.debt_shares = repaid.debt_shares.get();
        self.replace_mark(obligation, &mark)?;
        self.apply(&repaid.totals);
        if marked {
            self.hold_fund()?;
        }
        Ok(repaid.paid)
    }
}
