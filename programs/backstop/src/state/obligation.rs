use {
    crate::{
        constants::{ACCOUNT_VERSION, MAX_COLLATERALS},
        errors::{BackstopError, IntoProgramError},
    },
    anchor_lang::{address_eq, prelude::*},
    backstop_engine::{
        Error as EngineError,
        health::may_default,
        quantity::{Assets, DebtShares, Units},
    },
    bytemuck::{Pod, Zeroable},
};

/// One collateral of an obligation. Empty slots are all zero.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct CollateralSlot {
    /// The [`Collateral`](super::Collateral) account.
    pub collateral: Address,
    /// The amount, in base units of its token.
    pub units: u64,
}

/// A borrower's debt and collateral in one pool. Seeds: `obligation`, pool, owner.
#[account]
pub struct Obligation {
    /// The pool.
    pub pool: Address,
    /// The owner, who can borrow and withdraw collateral.
    pub owner: Address,
    /// Shares of the pool's performing debt.
    pub debt_shares: u64,
    /// The marked shortfall, in base units of liquidity.
    pub marked: u64,
    /// Unix time of the mark; zero without one.
    pub marked_at: i64,
    /// The sum of debt written off, in base units of liquidity.
    pub written_off: u64,
    /// The part of it that was recovered.
    pub recovered: u64,
    /// The number of its oldest unrecovered loss in the loss book; zero without one.
    pub first_loss: u32,
    /// The number of its last loss in the loss book.
    pub last_loss: u32,
    /// The slot of the last borrow or collateral withdrawal.
    pub last_risk_increase_slot: u64,
    /// The collaterals held, in no particular order.
    pub collaterals: [CollateralSlot; MAX_COLLATERALS],
    /// [`ACCOUNT_VERSION`].
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, reserved.
    pub spare: [u8; 142],
}

impl CollateralSlot {
    /// The amount.
    pub fn units(&self) -> Units {
        Units::new(self.units)
    }

    /// Frees the slot.
    pub fn clear(&mut self) {
        *self = Self::zeroed();
    }
}

impl Obligation {
    /// Initialises a new account.
    pub fn open(&mut self, pool: Address, owner: Address, bump: u8) {
        (self.pool, self.owner, self.bump, self.version) = (pool, owner, bump, ACCOUNT_VERSION);
    }

    /// The amount of a collateral.
    #[inline(never)]
    pub fn units_of(&self, collateral: &Address) -> Units {
        let slot = self.held().find(|slot| address_eq(&slot.collateral, collateral));
        slot.map_or(Units::ZERO, |slot| Units::new(slot.units))
    }

    /// Adds collateral, to its slot or to a free one.
    #[inline(never)]
    pub fn add(&mut self, collateral: &Address, units: Units) -> Result<()> {
        let own = self.collaterals.iter().position(|slot| slot.units != 0 && address_eq(&slot.collateral, collateral));
        let index = own.or_else(|| self.collaterals.iter().position(|slot| slot.units == 0));
        let slot = index.and_then(|index| self.collaterals.get_mut(index)).ok_or(BackstopError::TooManyCollaterals)?;
        slot.collateral = *collateral;
        slot.units = Units::new(slot.units).plus(units).into_program_error()?.get();
        Ok(())
    }

    /// Subtracts collateral, and returns what is left. Frees the slot if that is nothing.
    #[inline(never)]
    pub fn remove(&mut self, collateral: &Address, units: Units) -> Result<Units> {
        let slot = self.collaterals.iter_mut().find(|slot| slot.units != 0 && address_eq(&slot.collateral, collateral));
        let slot = slot.ok_or(BackstopError::InsufficientCollateral)?;
        let left = Units::new(slot.units)
            .minus(units)
            .map_err(|_| BackstopError::from(EngineError::InsufficientCollateral))?;
        slot.units = left.get();
        if left.is_zero() {
            slot.clear();
        }
        Ok(left)
    }

    /// Notes a borrow or a collateral withdrawal.
    pub fn expose(&mut self, slot: u64) {
        self.last_risk_increase_slot = slot;
    }

    /// Whether its debt is old enough to be marked: from an earlier slot.
    pub fn may_be_marked(&self, slot: u64) -> bool {
        may_default(self.last_risk_increase_slot, slot, 0)
    }

    /// Whether its debt is old enough for a loss to be recorded.
    pub fn may_default(&self, slot: u64, min_age_slots: u64) -> bool {
        may_default(self.last_risk_increase_slot, slot, min_age_slots)
    }

    /// Writes off debt shares.
    pub fn write_off(&mut self, lost: DebtShares, loss: Assets) -> Result<()> {
        self.debt_shares = self.debt().minus(lost).into_program_error()?.get();
        self.written_off = Assets::new(self.written_off).plus(loss).into_program_error()?.get();
        Ok(())
    }
}
