//! Borrowers.

use backstop_engine::{governance::Pausable, quantity::Assets};
use solana_address::Address;

use super::{Result, Snapshot, require};
use crate::{BackstopError, CollateralSlot, Obligation, verb::ALL};

/// What a repayment moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repaid {
    /// What is taken: at most what was offered.
    pub assets: u64,
    /// What is owed afterwards.
    pub debt: u64,
}

impl Snapshot {
    /// Adds collateral, paid by `payer`.
    ///
    /// # Errors
    /// `AmountTooSmall`, `WrongOwner` for a new kind from anyone but the owner, why its price cannot be used where the obligation
    /// is in debt, `CollateralNotOpen`, `DepositCapExceeded`, `TooManyCollaterals`, `MathOverflow`.
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
        if obligation.debt_shares != 0 {
            listed.price?;
        }
        let now = self.now;
        let account = self.collateral_mut(collateral)?;
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
    /// `Paused`, `AmountTooSmall`, `InsufficientCollateral`; with debt why a price cannot be used, `LoanToValueExceeded`.
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
        obligation.exposed_at_slot = self.slot;
        if obligation.owes() {
            self.health_for_borrowing(obligation)?.require_borrowable()?;
            self.accrue()?;
        }
        Ok(units)
    }

    /// Borrows.
    ///
    /// # Errors
    /// `Paused`, `BreakerTripped`, `AmountTooSmall`, `InsufficientCash`, `DebtBelowMinimum`, why a price cannot be used,
    /// `LoanToValueExceeded`.
    pub fn borrow(&mut self, obligation: &mut Obligation, assets: u64) -> Result<()> {
        self.require_open(Pausable::Borrow)?;
        require(!self.pool.breaker().is_tripped(self.now), BackstopError::BreakerTripped)?;
        let min_debt = Assets::new(self.pool.parameters.liquidation.min_debt);
        let lent = self.totals()?.borrow(obligation.debt(), Assets::new(assets), min_debt)?;
        (obligation.debt_shares, obligation.exposed_at_slot) = (lent.debt_shares.get(), self.slot);
        self.health_for_borrowing(obligation)?.require_borrowable()?;
        self.apply(&lent.totals);
        Ok(())
    }

    /// Offers at most `max_assets` towards a debt; [`ALL`] pays all of it.
    ///
    /// # Errors
    /// `DebtWrittenOff`, `NoDebt`, `AmountTooSmall`, `DebtBelowMinimum`.
    pub fn repay(&mut self, obligation: &mut Obligation, max_assets: u64) -> Result<Repaid> {
        let written_off = obligation.debt_shares == 0 && !obligation.unrecovered().is_zero();
        require(!written_off, BackstopError::DebtWrittenOff)?;
        let repaid = self.totals()?.repay(obligation.debt(), Assets::new(max_assets))?;
        let debt = repaid.totals.debt(repaid.debt_shares)?;
        let provision = Assets::new(obligation.provision).saturating_sub(repaid.paid).min(debt);
        self.apply(&repaid.totals);
        obligation.debt_shares = repaid.debt_shares.get();
        self.replace_provision(obligation, provision)?;
        Ok(Repaid { assets: repaid.paid.get(), debt: debt.get() })
    }
}
