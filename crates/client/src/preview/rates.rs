//! The rates that a pool charges and pays.

use backstop_engine::{
    Result,
    fixed::mul_div_down,
    interest::{NANO, utilisation},
    pool::Totals,
};

use crate::Pool;

/// All of a ratio in basis points.
const ALL_BPS: u64 = 10_000;

/// Yearly rates and utilisation, in billionths, rounded down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearlyRates {
    /// How much of cash and performing debt is lent.
    pub utilisation: u64,
    /// What borrowers pay.
    pub borrow: u64,
    /// What LPs get: what reserves and insurance leave of the borrow rate, on the part of NAV that is lent. An error
    /// where it does not fit.
    pub supply: Result<u64>,
}

impl Pool {
    /// The rates at which interest is counted from these totals on.
    ///
    /// # Errors
    /// If the totals are none that the program stores.
    pub fn yearly_rates(&self, totals: &Totals) -> Result<YearlyRates> {
        let (model, debt, nav) = (self.rates(), totals.performing_debt()?, totals.nav()?);
        let utilisation = utilisation(totals.cash, debt)?;
        let borrow = model.rate_per_year(utilisation)?;
        let taken = u64::from(model.reserve_factor.get()).saturating_add(model.insurance_factor.get().into());
        // Of what LPs own, which is more than cash and debt where reserves are owed to nobody.
        let lent = if nav.is_zero() { Ok(0) } else { mul_div_down(debt.get(), NANO, nav.get()) };
        let supply = lent
            .and_then(|lent| mul_div_down(borrow, lent, NANO))
            .and_then(|all| mul_div_down(all, ALL_BPS.saturating_sub(taken), ALL_BPS));
        Ok(YearlyRates { utilisation, borrow, supply })
    }
}
