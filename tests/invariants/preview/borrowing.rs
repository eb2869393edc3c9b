//! Borrowers.

use backstop_client::CollateralSlot;
use backstop_engine::{governance::Pausable, quantity::Assets};
use solana_address::Address;

use super::{Done, name, refuse, require};
use crate::{
    state::State,
    step::{ALL, Actor, Token},
};

impl State {
    pub(super) fn deposit_collateral(&mut self, who: Actor, token: Token, units: u64) -> Done {
        require(units != 0, "AmountTooSmall")?;
        let (obligation, collateral) = (&self.obligations[who], &self.collaterals[token]);
        if obligation.debt_shares != 0 && collateral.is_scrap(obligation.units_of(&self.collateral_addresses[token])) {
            self.quote(token).map_err(name)?;
        }
        let collateral = &mut self.collaterals[token];
        let Some(deposited) = collateral.deposited.checked_add(units) else { return refuse("MathOverflow") };
        require(deposited <= collateral.parameters.deposit_cap, "DepositCapExceeded")?;
        collateral.deposited = deposited;
        let address = self.collateral_addresses[token];
        let slots = &mut self.obligations[who].collaterals;
        let own = slots.iter().position(|slot| slot.units != 0 && slot.collateral == address);
        let slot = own.or_else(|| slots.iter().position(|slot| slot.units == 0)).unwrap();
        slots[slot] = CollateralSlot { collateral: address, units: slots[slot].units + units };
        self.collateral_vaults[token] += units;
        self.pay(who, token, units)
    }

    /// Takes collateral out of an obligation and its vault.
    pub(super) fn release(&mut self, who: Actor, token: Token, units: u64) -> Done {
        let address = self.collateral_addresses[token];
        let slots = &mut self.obligations[who].collaterals;
        let slot = slots.iter_mut().find(|slot| slot.units >= units && slot.units != 0 && slot.collateral == address);
        let Some(slot) = slot else { return refuse("InsufficientCollateral") };
        slot.units -= units;
        if slot.units == 0 {
            slot.collateral = Address::default();
        }
        self.collaterals[token].deposited -= units;
        self.collateral_vaults[token] -= units;
        Ok(())
    }

    pub(super) fn withdraw_collateral(&mut self, who: Actor, token: Token, units: u64, now: i64, slot: u64) -> Done {
        self.require_open(Pausable::WithdrawCollateral, now)?;
        let units = if units == ALL { self.held(who, token) } else { units };
        require(units != 0, "AmountTooSmall")?;
        self.release(who, token, units)?;
        self.obligations[who].exposed_at_slot = slot;
        self.receive(who, token, units);
        if self.obligations[who].debt_shares != 0 {
            let totals = self.accrued(now)?;
            let health = self.health_for_borrowing(&totals, who).map_err(name)?;
            health.require_borrowable().map_err(name)?;
            self.apply(&totals);
        }
        Ok(())
    }

    pub(super) fn borrow(&mut self, who: Actor, assets: u64, now: i64, slot: u64) -> Done {
        self.require_open(Pausable::Borrow, now)?;
        require(!self.pool.breaker().is_tripped(now), "BreakerTripped")?;
        let (min_debt, owed) = (self.pool.parameters.liquidation.min_debt, self.obligations[who].debt());
        let lent = self.accrued(now)?.borrow(owed, Assets::new(assets), Assets::new(min_debt)).map_err(name)?;
        let obligation = &mut self.obligations[who];
        (obligation.debt_shares, obligation.exposed_at_slot) = (lent.debt_shares.get(), slot);
        let health = self.health_for_borrowing(&lent.totals, who).map_err(name)?;
        health.require_borrowable().map_err(name)?;
        self.apply(&lent.totals);
        self.vault -= assets;
        self.receive(who, Token::Usdc, assets);
        Ok(())
    }

    pub(super) fn repay(&mut self, who: Actor, borrower: Actor, assets: u64, now: i64) -> Done {
        let obligation = &self.obligations[borrower];
        let written_off = obligation.debt_shares == 0 && !obligation.unrecovered().is_zero();
        require(!written_off, "DebtWrittenOff")?;
        let repaid = self.accrued(now)?.repay(obligation.debt(), Assets::new(assets)).map_err(name)?;
        let left = Assets::new(obligation.provision).saturating_sub(repaid.paid);
        let provision = left.min(repaid.totals.debt(repaid.debt_shares).map_err(name)?);
        self.apply(&repaid.totals);
        self.obligations[borrower].debt_shares = repaid.debt_shares.get();
        self.replace_provision(borrower, provision)?;
        self.vault += repaid.paid.get();
        self.pay(who, Token::Usdc, repaid.paid.get())
    }
}
