//! The totals of a pool, and what every action does to them.
//!
//! `NAV = cash + performing debt - reserves - insurance owed` is what belongs to LPs. Performing debt is rounded down.
//!
//! The insurance fund's revenue is set aside from cash as soon as it accrues. It waits in the vault as
//! [`Totals::insurance_due`], which is neither cash nor part of NAV. What cash cannot cover is owed to the fund as
//! [`Totals::insurance_owed`]. Every accrual pays that from the available cash first, before anything else leaves the
//! pool. So lending out all cash delays the fund's revenue but takes nothing from it.
//!
//! Shares are priced with one virtual share and one virtual base unit: `(NAV + 1) / (shares + 1)`. An empty pool
//! therefore starts at one to one and needs no special case. Only internal balances count, so a donation cannot move
//! the price. A deposit takes no more than its shares cost, so rounding cannot move it either.

use crate::{
    error::{Error, Result},
    exit::{Exit, Request},
    fixed::{Q64, mul_div_down},
    interest::{RateModel, growth, utilisation},
    quantity::{Assets, DebtShares, Shares},
    share_vault::{ShareVault, one_more},
    usage::Usage,
};

/// The unit of share prices: trillionths of a base unit per share.
pub const SHARE_PRICE_ONE: u64 = 1_000_000_000_000;

/// What a pool holds and owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Liquidity in the vault that belongs to the pool.
    pub cash: Assets,
    /// Shares of the performing debt.
    pub debt_shares: DebtShares,
    /// The worth of one debt share. Starts at one and never falls.
    pub borrow_index: Q64,
    /// LP shares.
    pub shares: Shares,
    /// How often losses rescaled the LP shares.
    pub generation: u32,
    /// The part of the pool that belongs to no LP and bears losses first.
    pub reserves: Assets,
    /// Liquidity in the vault that waits to be moved to the insurance fund. Not part of `cash`.
    pub insurance_due: Assets,
    /// What the pool owes the insurance fund beyond `insurance_due`. Paid as soon as there is cash.
    pub insurance_owed: Assets,
    /// Unix time up to which interest has accrued.
    pub accrued_at: i64,
    /// Averages of utilisation and debt up to `accrued_at`.
    pub usage: Usage,
}

/// The outcome of an accrual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accrual {
    /// What the performing debt grew by.
    pub interest: Assets,
    /// The part of the interest that went to reserves.
    pub to_reserves: Assets,
    /// The part of the interest that went to the insurance fund: set aside, or owed.
    pub to_insurance: Assets,
    /// The totals afterwards.
    pub totals: Totals,
}

/// The outcome of a deposit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deposit {
    /// The assets taken: the offered amount, less what does not pay for a whole share.
    pub assets: Assets,
    /// The shares minted.
    pub shares: Shares,
    /// The totals afterwards.
    pub totals: Totals,
}

/// The outcome of a withdrawal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// The assets paid out.
    pub assets: Assets,
    /// The totals afterwards.
    pub totals: Totals,
}

/// The outcome of a borrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Borrow {
    /// The obligation's debt shares afterwards.
    pub debt_shares: DebtShares,
    /// The totals afterwards.
    pub totals: Totals,
}

/// The outcome of a repayment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repayment {
    /// The assets taken: the offered amount, less what does not pay for a whole debt share; or the whole debt if that
    /// is less.
    pub paid: Assets,
    /// The obligation's debt shares afterwards.
    pub debt_shares: DebtShares,
    /// The totals afterwards.
    pub totals: Totals,
}

impl Totals {
    /// An empty pool at `now`.
    pub const fn empty(now: i64) -> Self {
        Self {
            cash: Assets::ZERO,
            debt_shares: DebtShares::ZERO,
            borrow_index: Q64::ONE,
            shares: Shares::ZERO,
            generation: 0,
            reserves: Assets::ZERO,
            insurance_due: Assets::ZERO,
            insurance_owed: Assets::ZERO,
            accrued_at: now,
            usage: Usage { utilisation: 0, debt: Assets::ZERO },
        }
    }

    /// What all borrowers together owe, rounded down.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] cannot occur for totals that these functions produced.
    pub fn performing_debt(&self) -> Result<Assets> {
        self.borrow_index.times_down(self.debt_shares.get()).map(Assets::new)
    }

    /// What one borrower owes, rounded up in favour of the pool.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] cannot occur for shares that are part of the totals.
    pub fn debt(&self, shares: DebtShares) -> Result<Assets> {
        self.borrow_index.times_up(shares.get()).map(Assets::new)
    }

    /// What belongs to LPs: `cash + performing debt - reserves - insurance owed`.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] cannot occur for totals that these functions produced.
    pub fn nav(&self) -> Result<Assets> {
        self.nav_with(self.performing_debt()?)
    }

    /// NAV, for callers that already have the performing debt.
    pub(crate) fn nav_with(&self, performing_debt: Assets) -> Result<Assets> {
        self.cash.plus(performing_debt)?.minus(self.reserves)?.minus(self.insurance_owed)
    }

    /// Whether NAV is not negative: cash and performing debt cover the reserves and what is owed to the insurance fund.
    /// True for all totals that these functions produced.
    pub fn is_sound(&self) -> bool {
        // A debt share is worth at least a unit, so counting shares nearly always decides, and saves a product.
        let least = self.cash.get().saturating_add(self.debt_shares.get());
        self.reserves.get().saturating_add(self.insurance_owed.get()) <= least || self.nav().is_ok()
    }

    /// `NAV / shares` in trillionths, rounded down, at most 2^64 - 1. One if there are no shares.
    ///
    /// This is the price that readers see. Minting and burning also count the virtual share.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] cannot occur for totals that these functions produced.
    ///
    /// ```
    /// # use backstop_engine::{pool::Totals, quantity::{Assets, Shares}};
    /// let pool = Totals { cash: Assets::new(950), shares: Shares::new(1_000), ..Totals::empty(0) };
    /// assert_eq!(pool.share_price(), Ok(950_000_000_000));
    /// ```
    pub fn share_price(&self) -> Result<u64> {
        Ok(share_price(self.nav()?, self.shares))
    }

    /// Accrues interest up to `now`. If the clock did not advance, it only pays over what is owed to the insurance
    /// fund.
    ///
    /// While there is debt, `index *= 1 + growth`, rounded down. Interest is what the performing debt grows by:
    ///
    /// - `insurance_factor` of it, rounded down, is the insurance fund's. With what was owed before, it is set aside
    ///   from cash; what cash cannot cover is owed.
    /// - `reserve_factor` of it, rounded down, goes to reserves.
    /// - The rest raises NAV.
    ///
    /// Debt that would outgrow 64 bits stops growing, so that a pool never locks up.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if the model was not validated.
    ///
    /// ```
    /// # use backstop_engine::{interest::{RateModel, SECONDS_PER_YEAR}, pool::Totals, quantity::*};
    /// let rates = RateModel {
    ///     base: Bps::new(1_000), slope1: Bps::ZERO, kink: Bps::new(8_000), slope2: Bps::ZERO,
    ///     reserve_factor: Bps::new(1_000), insurance_factor: Bps::new(500), average_seconds: 86_400,
    /// };
    /// let pool = Totals {
    ///     cash: Assets::new(1_000_000), debt_shares: DebtShares::new(1_000_000), shares: Shares::new(2_000_000),
    ///     ..Totals::empty(0)
    /// };
    /// let year = pool.accrue(&rates, 31_536_000)?;
    /// assert_eq!(year.interest, Assets::new(105_166)); // 10 % a year, compounded
    /// assert_eq!((year.to_reserves, year.to_insurance), (Assets::new(10_516), Assets::new(5_258)));
    /// assert_eq!(year.totals.nav(), Ok(Assets::new(2_089_392))); // 2,000,000 + 105,166 - 10,516 - 5,258
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn accrue(&self, rates: &RateModel, now: i64) -> Result<Accrual> {
        let none = |totals: Self| -> Result<Accrual> {
            let totals = totals.paying_over(Assets::ZERO)?;
            Ok(Accrual { interest: Assets::ZERO, to_reserves: Assets::ZERO, to_insurance: Assets::ZERO, totals })
        };
        let seconds = match now.checked_sub(self.accrued_at).map(u64::try_from) {
            None | Some(Err(_) | Ok(0)) => return none(*self),
            Some(Ok(seconds)) => seconds,
        };
        let before = self.performing_debt()?;
        let utilisation = utilisation(self.cash, before)?;
        let usage = self.usage.after(utilisation, before, rates.average_seconds, seconds)?;
        let idle = Self { accrued_at: now, usage, ..*self };
        if self.debt_shares.is_zero() {
            return none(idle);
        }
        let rate = rates.rate_per_year(utilisation)?;
        let index = self.borrow_index.mul_down(growth(rate, seconds)?).and_then(|gain| self.borrow_index.plus(gain));
        let Ok(Some((borrow_index, after))) = index.map(|index| self.debt_at(index).map(|debt| (index, debt))) else {
            return none(idle);
        };
        let interest = after.minus(before)?;
        let to_insurance = rates.insurance_factor.of_down(interest)?;
        let to_reserves = rates.reserve_factor.of_down(interest)?;
        let totals = Self { borrow_index, reserves: self.reserves.plus(to_reserves)?, ..idle };
        let totals = totals.paying_over(to_insurance)?.without_orphans()?;
        Ok(Accrual { interest, to_reserves, to_insurance, totals })
    }

    /// Sets aside what is owed to the insurance fund and what it earns now, up to the available cash. The rest is owed.
    fn paying_over(&self, earned: Assets) -> Result<Self> {
        let owed = self.insurance_owed.plus(earned)?;
        if owed.is_zero() {
            return Ok(*self);
        }
        let paid = owed.min(self.cash);
        Ok(Self {
            cash: self.cash.minus(paid)?,
            insurance_due: self.insurance_due.plus(paid)?,
            insurance_owed: owed.minus(paid)?,
            ..*self
        })
    }

    /// Mints the shares that `offered` pays for, and takes what they cost.
    ///
    /// Mints `offered * (shares + 1) / (NAV + 1)`, rounded down. Takes `minted * (NAV + 1) / (shares + 1)`, rounded up:
    /// never more than offered, and less than one base unit above the worth of the shares. So buyers of expensive
    /// shares lose nothing to rounding, and nobody can pump the share price that way.
    ///
    /// # Errors
    /// [`Error::AmountTooSmall`] if that mints no share. [`Error::MathOverflow`] if a total would not fit.
    ///
    /// ```
    /// # use backstop_engine::{pool::Totals, quantity::{Assets, Shares}};
    /// let first = Totals::empty(0).deposit(Assets::new(1_000))?;
    /// assert_eq!((first.shares, first.assets), (Shares::new(1_000), Assets::new(1_000)));
    /// let gained = Totals { cash: Assets::new(1_500), ..first.totals };
    /// let next = gained.deposit(Assets::new(301))?;
    /// assert_eq!((next.shares, next.assets), (Shares::new(200), Assets::new(300))); // a share costs 1501 / 1001
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn deposit(&self, offered: Assets) -> Result<Deposit> {
        let owed = self.performing_debt()?;
        let (shares, assets) = self.share_vault(self.nav_with(owed)?).mint(offered)?;
        let totals = Self { cash: self.cash.plus(assets)?, shares: self.shares.plus(shares)?, ..*self };
        one_more(totals.cash.plus(owed)?.get())?; // refuses what would not fit
        Ok(Deposit { assets, shares, totals })
    }

    /// The vault of LP shares over these `assets`.
    const fn share_vault(&self, assets: Assets) -> ShareVault {
        ShareVault { assets, shares: self.shares }
    }

    /// The worth of `shares`: `shares * (NAV + 1) / (all shares + 1)`, rounded down in favour of the remaining LPs.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if it does not fit, which needs more shares than exist.
    pub fn value_of(&self, shares: Shares) -> Result<Assets> {
        self.share_vault(self.nav()?).worth(shares)
    }

    /// The fewest shares worth at least `assets`, for callers that think in assets.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if it does not fit.
    ///
    /// ```
    /// # use backstop_engine::{pool::Totals, quantity::{Assets, Shares}};
    /// let pool = Totals { cash: Assets::new(150), shares: Shares::new(100), ..Totals::empty(0) };
    /// let shares = pool.shares_worth(Assets::new(30))?;
    /// assert_eq!((shares, pool.value_of(shares)?), (Shares::new(21), Assets::new(31)));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn shares_worth(&self, assets: Assets) -> Result<Shares> {
        self.share_vault(self.nav()?).shares_worth(assets)
    }

    /// Burns shares and pays out their worth, rounded down in favour of the remaining LPs.
    ///
    /// # Errors
    /// [`Error::InsufficientShares`] if there are fewer shares. [`Error::AmountTooSmall`] if the shares are worth
    /// nothing. [`Error::InsufficientCash`] if the cash is less than their worth.
    ///
    /// ```
    /// # use backstop_engine::{pool::Totals, quantity::{Assets, Shares}};
    /// let pool = Totals { cash: Assets::new(950), shares: Shares::new(1_000), ..Totals::empty(0) };
    /// assert_eq!(pool.withdraw(Shares::new(100))?.assets, Assets::new(95));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn withdraw(&self, shares: Shares) -> Result<Withdrawal> {
        let remaining = self.shares.get().checked_sub(shares.get()).ok_or(Error::InsufficientShares)?;
        let assets = self.value_of(shares)?;
        if assets.is_zero() {
            return Err(Error::AmountTooSmall);
        }
        let cash = self.cash.get().checked_sub(assets.get()).ok_or(Error::InsufficientCash)?;
        let totals = Self { cash: Assets::new(cash), shares: Shares::new(remaining), ..*self };
        Ok(Withdrawal { assets, totals: totals.without_orphans()? })
    }

    /// Executes a matured request: burns its shares at the current price, up to the available cash, and sets their
    /// worth aside.
    ///
    /// # Errors
    /// [`Error::InsufficientCash`] if the cash would pay less than
    /// [`bounds::PARTIAL_EXIT`](crate::bounds::PARTIAL_EXIT) of a request that is worth more than the cash.
    ///
    /// ```
    /// # use backstop_engine::{exit::Request, pool::Totals, quantity::*};
    /// let pool = Totals {
    ///     cash: Assets::new(1_000), debt_shares: DebtShares::new(4_000), shares: Shares::new(10_001), ..Totals::empty(0)
    /// };
    /// let asked = Request { shares: Shares::new(5_000), ..Request::default() };
    /// let (exit, left) = pool.execute(&asked)?; // a share is worth 5,001 / 10,002, so cash pays for 2,000
    /// assert_eq!((exit.assets, exit.shares, exit.left.shares), (Assets::new(1_000), Shares::new(2_000), Shares::new(3_000)));
    /// assert_eq!((left.cash, left.shares), (Assets::ZERO, Shares::new(8_001)));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn execute(&self, request: &Request) -> Result<(Exit, Self)> {
        let exit = request.exit(&self.share_vault(self.nav()?), Assets::new(u64::MAX), self.cash)?;
        let (cash, shares) = (self.cash.minus(exit.assets)?, self.shares.minus(exit.shares)?);
        Ok((exit, Self { cash, shares, ..*self }.without_orphans()?))
    }

    /// Lends `assets` to an obligation that has `debt_shares`. Adds `assets / index` debt shares, rounded up in favour
    /// of the pool.
    ///
    /// # Errors
    /// [`Error::AmountTooSmall`] if `assets` is zero. [`Error::InsufficientCash`] above the cash.
    /// [`Error::DebtBelowMinimum`] if the debt afterwards is below `min_debt`. [`Error::MathOverflow`] if a total would
    /// not fit.
    ///
    /// ```
    /// # use backstop_engine::{fixed::Q64, pool::Totals, quantity::*};
    /// let pool = Totals { cash: Assets::new(100), borrow_index: Q64::from_bits(3 << 63), ..Totals::empty(0) };
    /// let borrow = pool.borrow(DebtShares::ZERO, Assets::new(50), Assets::ZERO)?;
    /// assert_eq!(borrow.debt_shares, DebtShares::new(34)); // 50 / 1.5 = 33.3
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn borrow(&self, debt_shares: DebtShares, assets: Assets, min_debt: Assets) -> Result<Borrow> {
        if assets.is_zero() {
            return Err(Error::AmountTooSmall);
        }
        let cash = self.cash.get().checked_sub(assets.get()).ok_or(Error::InsufficientCash)?;
        let added = self.debt_shares_up(assets)?;
        let debt_shares = debt_shares.plus(added)?;
        if self.debt(debt_shares)? < min_debt {
            return Err(Error::DebtBelowMinimum);
        }
        let totals = Self { cash: Assets::new(cash), debt_shares: self.debt_shares.plus(added)?, ..*self };
        one_more(totals.cash.plus(totals.performing_debt()?)?.get())?; // refuses what would not fit
        Ok(Borrow { debt_shares, totals: totals.without_orphans()? })
    }

    /// Repays an obligation's debt with up to `offered`: all of it if that is enough, else as many debt shares as it
    /// pays for.
    ///
    /// Burns `offered / index` debt shares, rounded down, and takes what they cost, rounded up: less than one base unit
    /// above their worth.
    ///
    /// # Errors
    /// [`Error::NoDebt`] if there is none. [`Error::AmountTooSmall`] if the offer pays for no debt share.
    ///
    /// ```
    /// # use backstop_engine::{fixed::Q64, pool::Totals, quantity::*};
    /// let owed = DebtShares::new(33);
    /// let pool = Totals { debt_shares: owed, shares: Shares::new(50), borrow_index: Q64::from_bits(3 << 63), ..Totals::empty(0) };
    /// let part = pool.repay(owed, Assets::new(19))?;
    /// assert_eq!((part.paid, part.debt_shares), (Assets::new(18), DebtShares::new(21))); // 19 / 1.5 = 12.7, 12 * 1.5 = 18
    /// let all = pool.repay(owed, Assets::new(u64::MAX))?;
    /// assert_eq!((all.paid, all.debt_shares), (Assets::new(50), DebtShares::ZERO)); // 33 * 1.5 = 49.5
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn repay(&self, debt_shares: DebtShares, offered: Assets) -> Result<Repayment> {
        let debt = self.debt(debt_shares)?;
        let burned = self.paid_for(debt_shares, debt, offered)?;
        if burned.is_zero() {
            return Err(Error::AmountTooSmall);
        }
        let paid = if burned == debt_shares { debt } else { self.debt(burned)? };
        self.burn(debt_shares, burned, paid)
    }

    /// The debt shares to write off so that an obligation still owes at most `kept`. It keeps `kept / index`, rounded
    /// down.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if it has fewer.
    ///
    /// ```
    /// # use backstop_engine::{fixed::Q64, pool::Totals, quantity::*};
    /// let pool = Totals { debt_shares: DebtShares::new(33), borrow_index: Q64::from_bits(3 << 63), ..Totals::empty(0) };
    /// let lost = pool.shares_beyond(DebtShares::new(33), Assets::new(19))?; // 19 / 1.5 = 12.7
    /// assert_eq!((lost, pool.debt(DebtShares::new(12))?), (DebtShares::new(21), Assets::new(18)));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn shares_beyond(&self, debt_shares: DebtShares, kept: Assets) -> Result<DebtShares> {
        debt_shares.minus(self.borrow_index.divide_down(kept.get()).map(DebtShares::new)?)
    }

    /// The fewest debt shares worth at least `assets`: `assets / index`, rounded up.
    pub(crate) fn debt_shares_up(&self, assets: Assets) -> Result<DebtShares> {
        self.borrow_index.divide_up(assets.get()).map(DebtShares::new)
    }

    /// Refuses a deposit's outcome if NAV exceeds `cap`. A cap of 2^64 - 1 is none.
    ///
    /// # Errors
    /// [`Error::DepositCapExceeded`] if NAV exceeds `cap`.
    #[inline(always)]
    pub fn require_deposits_within(&self, cap: Assets) -> Result<()> {
        if cap.get() == u64::MAX || self.nav()? <= cap { Ok(()) } else { Err(Error::DepositCapExceeded) }
    }

    /// Refuses a borrow's outcome if the performing debt exceeds `cap`. A cap of 2^64 - 1 is none.
    ///
    /// # Errors
    /// [`Error::BorrowCapExceeded`] if the performing debt exceeds `cap`.
    pub fn require_loans_within(&self, cap: Assets) -> Result<()> {
        if cap.get() == u64::MAX || self.performing_debt()? <= cap { Ok(()) } else { Err(Error::BorrowCapExceeded) }
    }

    /// Pays out reserves: at most what is `released`, at most the reserves beyond `marked`, and at most the cash.
    ///
    /// The reserves would bear what is `marked` first. `wanted` of [`u64::MAX`] is all that can be paid. Returns what
    /// is paid, the totals afterwards, and what remains released.
    ///
    /// # Errors
    /// [`Error::InsufficientReserves`] above that limit. [`Error::AmountTooSmall`] if nothing would be paid.
    ///
    /// ```
    /// # use backstop_engine::{pool::Totals, quantity::*, Error};
    /// let pool = Totals { cash: Assets::new(100), reserves: Assets::new(30), ..Totals::empty(0) };
    /// let (paid, after, released) = pool.collect_reserves(Assets::new(u64::MAX), Assets::new(10), Assets::new(25))?;
    /// assert_eq!((paid, after.cash, after.reserves), (Assets::new(20), Assets::new(80), Assets::new(10)));
    /// assert_eq!(released, Assets::new(5));
    /// assert_eq!(pool.collect_reserves(Assets::new(3), Assets::ZERO, Assets::new(2)), Err(Error::InsufficientReserves));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn collect_reserves(&self, wanted: Assets, marked: Assets, released: Assets) -> Result<(Assets, Self, Assets)> {
        let free = self.reserves.saturating_sub(marked).min(self.cash).min(released);
        let paid = if wanted.get() == u64::MAX { free } else { wanted };
        if paid > free {
            return Err(Error::InsufficientReserves);
        }
        if paid.is_zero() {
            return Err(Error::AmountTooSmall);
        }
        let totals = Self { cash: self.cash.minus(paid)?, reserves: self.reserves.minus(paid)?, ..*self };
        Ok((paid, totals, released.minus(paid)?))
    }

    /// The debt shares that an offer pays for, rounded down; all of them if it covers the debt.
    pub(crate) fn paid_for(&self, debt_shares: DebtShares, debt: Assets, offered: Assets) -> Result<DebtShares> {
        if debt_shares.is_zero() {
            return Err(Error::NoDebt);
        }
        if offered >= debt {
            Ok(debt_shares)
        } else {
            self.borrow_index.divide_down(offered.get()).map(DebtShares::new)
        }
    }

    pub(crate) fn burn(&self, debt_shares: DebtShares, burned: DebtShares, paid: Assets) -> Result<Repayment> {
        let totals = Self { cash: self.cash.plus(paid)?, debt_shares: self.debt_shares.minus(burned)?, ..*self };
        Ok(Repayment { paid, debt_shares: debt_shares.minus(burned)?, totals: totals.without_orphans()? })
    }

    /// Moves NAV without owners to reserves. Without shares, NAV is rounding dust or interest after the last LP left.
    /// So no shares means no NAV, and the next deposit starts at one to one.
    fn without_orphans(self) -> Result<Self> {
        if !self.shares.is_zero() {
            return Ok(self);
        }
        Ok(Self { reserves: self.reserves.plus(self.nav()?)?, ..self })
    }

    /// The performing debt at another index. `None` if it, or a total that includes it, would not fit 64 bits.
    fn debt_at(&self, index: Q64) -> Option<Assets> {
        let debt = index.times_down(self.debt_shares.get()).ok()?;
        self.cash.get().checked_add(debt)?.checked_add(1)?;
        Some(Assets::new(debt))
    }
}

/// The price of a share of these assets, like [`Totals::share_price`] for NAV.
pub fn share_price(assets: Assets, shares: Shares) -> u64 {
    if shares.is_zero() {
        return SHARE_PRICE_ONE;
    }
    // Only reported, so a price that does not fit must not stop anything, least of all the recording of a loss.
    mul_div_down(assets.get(), SHARE_PRICE_ONE, shares.get()).unwrap_or(u64::MAX)
}
