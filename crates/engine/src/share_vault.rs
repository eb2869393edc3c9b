//! Assets divided among shares: a pool's NAV among LPs, an insurance fund among stakers.
//!
//! Shares are priced with one virtual share and one virtual base unit, `(assets + 1) / (shares + 1)`. So an empty vault
//! starts at one to one without a special case, and a donation cannot move the price before others enter.

use crate::{
    error::{Error, Result},
    fixed::{mul_div_down, mul_div_up},
    quantity::{Assets, Shares},
};

/// The assets and the shares that divide them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShareVault {
    pub(crate) assets: Assets,
    pub(crate) shares: Shares,
}

impl ShareVault {
    /// The shares that `offered` pays for, rounded down, and their cost, rounded up.
    pub(crate) fn mint(&self, offered: Assets) -> Result<(Shares, Assets)> {
        let (assets, shares) = (one_more(self.assets.get())?, one_more(self.shares.get())?);
        let minted = mul_div_down(offered.get(), shares, assets)?;
        if minted == 0 {
            return Err(Error::AmountTooSmall);
        }
        // What pays for no share is `offered * shares - minted * assets`. It is below `assets`, so its lower word is
        // all of it. The cost, `minted * assets / shares` rounded up, is `offered` less the whole units of that
        // remainder over `shares`.
        let unpaid = offered.get().wrapping_mul(shares).wrapping_sub(minted.wrapping_mul(assets));
        let cost = offered.get().saturating_sub(unpaid.checked_div(shares).unwrap_or(0));
        // Refuses what would not fit: every later price counts the virtual share too.
        one_more(self.shares.plus(Shares::new(minted))?.get())?;
        Ok((Shares::new(minted), Assets::new(cost)))
    }

    /// The worth of `shares`, rounded down in favour of the remaining holders.
    pub(crate) fn worth(&self, shares: Shares) -> Result<Assets> {
        mul_div_down(shares.get(), one_more(self.assets.get())?, one_more(self.shares.get())?).map(Assets::new)
    }

    /// The fewest shares worth at least `assets`.
    pub(crate) fn shares_worth(&self, assets: Assets) -> Result<Shares> {
        mul_div_up(assets.get(), one_more(self.shares.get())?, one_more(self.assets.get())?).map(Shares::new)
    }
}

/// The amount with the virtual share or the virtual base unit.
pub(crate) fn one_more(units: u64) -> Result<u64> {
    units.checked_add(1).ok_or(Error::MathOverflow)
}
