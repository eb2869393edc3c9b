//! The largest amounts that an operation allows.

use solana_address::Address;

use super::Snapshot;
use crate::{BackstopError, LpPosition, Obligation};

/// The largest amount up to `limit` that is allowed, where everything below an allowed amount is allowed too; zero if
/// none is.
///
/// ```
/// # use backstop_client::preview::largest_allowed;
/// assert_eq!(largest_allowed(100, |amount| amount * amount <= 50), 7);
/// assert_eq!(largest_allowed(5, |_| true), 5);
/// assert_eq!(largest_allowed(5, |_| false), 0);
/// ```
pub fn largest_allowed(limit: u64, allowed: impl Fn(u64) -> bool) -> u64 {
    if allowed(limit) {
        return limit;
    }
    // What is between is not known: `low` is zero or allowed, `high` is not.
    let (mut low, mut high) = (0, limit);
    while high.saturating_sub(low) > 1 {
        let middle = u64::midpoint(low, high);
        if allowed(middle) { low = middle } else { high = middle }
    }
    low
}

impl Snapshot {
    /// The most that an obligation could borrow now on top; zero if nothing, for whatever reason.
    pub fn most_borrowable(&self, obligation: &Obligation) -> u64 {
        let borrow = |assets| self.clone().borrow(&mut obligation.clone(), assets);
        let over = [BackstopError::LoanToValueExceeded, BackstopError::InsufficientCash, BackstopError::MathOverflow];
        let most =
            largest_allowed(self.pool.cash, |assets| borrow(assets).err().is_none_or(|error| !over.contains(&error)));
        // Nor may it be too little, and borrowing must not be stopped.
        if borrow(most).is_ok() { most } else { 0 }
    }

    /// The most shares of a position that the pool's cash pays now, that can be withdrawn at once; zero if nothing, for
    /// whatever reason.
    pub fn most_leaving(&self, position: &LpPosition) -> u64 {
        let withdraw = |shares| self.clone().withdraw(&mut position.clone(), shares);
        let over = [BackstopError::InsufficientShares, BackstopError::InsufficientCash];
        let held = position.shares_in(&self.pool).get();
        let most = largest_allowed(held, |shares| withdraw(shares).err().is_none_or(|error| !over.contains(&error)));
        if withdraw(most).is_ok() { most } else { 0 }
    }

    /// The most of a collateral that could be taken out of an obligation now.
    pub fn most_withdrawable(&self, obligation: &Obligation, collateral: &Address) -> u64 {
        largest_allowed(obligation.units_of(collateral), |units| {
            self.clone().withdraw_collateral(&mut obligation.clone(), collateral, units).is_ok()
        })
    }
}
