//! Finds the obligations that need an action.
//!
//! Most obligations are healthy, and a cheap bound proves it. The borrowing power of a base unit of each collateral is
//! rounded down once. The cost of a debt share is rounded up once. Then two products per holding are compared. The
//! engine computes all other obligations exactly. The bound errs to one side only, so the result equals the engine's
//! for every obligation.

use backstop_engine::{
    Error,
    health::{Health, Holding, may_default},
    hold::{Holds, is_material},
    liquidation::LiquidationTerms,
    mark::Evidence,
    pool::Totals,
    price::Price,
    quantity::{Assets, Bps, DebtShares, Units},
};

use crate::book::Row;

/// The units over which a price is computed, so that rounding it once loses little.
const MANY: u64 = 1_000_000_000_000;
/// The bound holds for limits below this. A threshold is at least a basis point, so no value is larger either. The
/// engine only multiplies a value by 100 %, and that product fits 128 bits.
const MOST: u128 = 1 << 113;

/// A collateral's inputs for rating.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    /// Holdings of up to this many units count for nothing.
    pub negligible: u64,
    /// One unit with its price and limits. Nothing while the price is unusable.
    pub unit: Option<Holding>,
    /// The quality of that price.
    pub evidence: Evidence,
}

impl Counted {
    /// A collateral that is not read yet.
    pub const UNKNOWN: Self = Self { negligible: 0, unit: None, evidence: Evidence::FAVOUR };
}

/// All inputs of rating, at one moment.
#[derive(Clone, Debug)]
pub struct Scale {
    /// The slot.
    pub slot: u64,
    /// The pool, with interest accrued to this moment.
    pub totals: Totals,
    /// The upper price of the liquidity token. Nothing while it is unusable.
    pub debt_price: Option<Price>,
    /// The price for settling a mark: in the borrower's favour once the price has been unusable for long enough.
    pub settle_price: Option<Price>,
    /// The quality of that price.
    pub evidence: Evidence,
    /// The pool's liquidation terms.
    pub terms: LiquidationTerms,
    /// The least number of slots between the last borrow or collateral withdrawal and a record.
    pub min_age: u64,
    /// The holds of the pool and its fund.
    pub holds: Holds,
    /// How long a mark stands before it is settled, in seconds.
    pub hold_seconds: u32,
    /// The chain's clock, unix seconds.
    pub now: i64,
    /// The collaterals, by the index that rows use.
    pub collaterals: Vec<Counted>,
}

/// The rating of one obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rating {
    /// The row in the book.
    pub row: usize,
    /// The debt.
    pub debt: Assets,
    /// The values of debt and collateral. All zero if no holding counts and the liquidity token has no usable price.
    pub health: Health,
    /// The debt that the collateral does not cover.
    pub shortfall: Assets,
    /// Whether anyone may liquidate it.
    pub liquidatable: bool,
    /// Whether the shortfall can be recorded as a loss now.
    pub recordable: bool,
}

/// The result of rating all rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ratings {
    /// Obligations that can be liquidated or recorded, or whose mark differs from the shortfall; in the order of rows.
    pub due: Vec<Rating>,
    /// The number of obligations not rated because they need an unusable price.
    pub unpriced: usize,
    /// The number of obligations whose values overflow the program's arithmetic.
    pub uncountable: usize,
}

/// Why an obligation could not be rated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unrated {
    /// A price that it needs is unusable.
    Unpriced,
    /// The engine refuses: the values overflow.
    Refused(Error),
}

impl From<Error> for Unrated {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// The bound: a lower bound per collateral on the debt that a unit carries.
struct Bound {
    /// The upper bound on the cost of a debt share, in weighted value. Nothing on overflow.
    cost: Option<u64>,
    /// The bound holds for fewer debt shares than this.
    max_shares: u64,
    /// The upper bound on all rounding errors together.
    slack: u128,
    /// One per collateral. The last is for free slots and carries nothing.
    carries: Vec<Carry>,
}

#[derive(Clone, Copy)]
struct Carry {
    negligible: u64,
    per_unit: u64,
    /// Whether the bound applies to obligations that hold it.
    known: bool,
}

impl Bound {
    fn new(scale: &Scale) -> Self {
        let mut carries: Vec<Carry> = scale.collaterals.iter().map(Carry::new).collect();
        carries.push(Carry { negligible: u64::MAX, per_unit: 0, known: true });
        let thresholds = scale.collaterals.iter().filter_map(|counted| counted.unit);
        let threshold = thresholds.map(|unit| unit.liquidation_threshold.get()).max().unwrap_or(0);
        // Each holding's value is rounded down, which loses less than a unit of value times its threshold. The debt's
        // is rounded up, which adds less than one times 100 %.
        let slack = u128::from(threshold).saturating_mul(8).saturating_add(10_000);
        let cost = scale.debt_price.and_then(|price| cost_of_share(&scale.totals, &price));
        let index = scale.totals.borrow_index.bits().div_ceil(1 << 64);
        let max_shares = u128::from(u64::MAX).checked_div(index).and_then(|shares| u64::try_from(shares).ok());
        Self { cost, max_shares: max_shares.unwrap_or(0), slack, carries }
    }

    /// Returns whether the obligation is certainly healthy and all its prices are usable. May return false for a
    /// healthy obligation, never true for an unhealthy one.
    #[inline]
    fn proves_healthy(&self, row: &Row) -> bool {
        let shares = row.debt.get();
        let Some(cost) = self.cost.filter(|_| shares < self.max_shares) else { return false };
        let (mut limit, mut known) = (0_u128, true);
        for (index, units) in row.collaterals.iter().zip(&row.units) {
            let index = usize::from(*index).min(self.carries.len().saturating_sub(1));
            let Some(carry) = self.carries.get(index) else { return false };
            let units = if units.get() > carry.negligible { units.get() } else { 0 };
            known &= carry.known || units == 0;
            // 64 bits by 64: the product fits.
            limit = limit.saturating_add(u128::from(units).wrapping_mul(u128::from(carry.per_unit)));
        }
        // One more share covers the unit that the debt is rounded up to. Both factors are below 2^64, so the product
        // fits.
        let debt = u128::from(shares).wrapping_add(1).wrapping_mul(u128::from(cost)).saturating_add(self.slack);
        known && debt <= limit && limit < MOST
    }
}

impl Carry {
    fn new(counted: &Counted) -> Self {
        let per_unit = counted.unit.and_then(|unit| carried_by_unit(&unit));
        Self { negligible: counted.negligible, per_unit: per_unit.unwrap_or(0), known: per_unit.is_some() }
    }
}

/// Returns `price * threshold` of a base unit, rounded down. Returns nothing on overflow, or for a zero threshold,
/// which says nothing about the value.
fn carried_by_unit(unit: &Holding) -> Option<u64> {
    let many = unit.price.value_down(MANY).ok()?.get();
    let carried = many.checked_mul(u128::from(unit.liquidation_threshold.get()))?.checked_div(u128::from(MANY))?;
    u64::try_from(carried).ok().filter(|_| unit.liquidation_threshold != Bps::ZERO)
}

/// Returns `index * price * 100 %` of a debt share, rounded up. Returns nothing on overflow.
fn cost_of_share(totals: &Totals, price: &Price) -> Option<u64> {
    let many = price.value_up(totals.debt(DebtShares::new(MANY)).ok()?.get()).ok()?.get();
    u64::try_from(many.checked_mul(10_000)?.div_ceil(u128::from(MANY))).ok()
}

impl Scale {
    /// Rates all rows, in `threads` threads. A row without debt or mark is skipped and needs no price.
    pub fn rate(&self, rows: &[Row], threads: usize) -> Ratings {
        let bound = &Bound::new(self);
        let size = rows.len().div_ceil(threads.max(1)).max(1);
        let starts = (0..rows.len()).step_by(size);
        let parts = rows.chunks(size).zip(starts);
        if rows.len() <= size {
            return parts.map(|(rows, start)| self.rate_part(bound, rows, start)).next().unwrap_or_default();
        }
        std::thread::scope(|scope| {
            let spawned: Vec<_> =
                parts.map(|(rows, start)| scope.spawn(move || self.rate_part(bound, rows, start))).collect();
            let done = spawned.into_iter().filter_map(|part| part.join().ok());
            done.fold(Ratings::default(), Ratings::and)
        })
    }

    fn rate_part(&self, bound: &Bound, rows: &[Row], start: usize) -> Ratings {
        let mut ratings = Ratings::default();
        for (row, number) in rows.iter().zip(start..) {
            if row.mark.shortfall.is_zero() && (row.debt.is_zero() || bound.proves_healthy(row)) {
                continue;
            }
            match self.rate_row(row, number) {
                Ok(rating) if rating.needs_something(row) => ratings.due.push(rating),
                Ok(_) => {}
                Err(Unrated::Unpriced) => ratings.unpriced = ratings.unpriced.saturating_add(1),
                Err(Unrated::Refused(_)) => ratings.uncountable = ratings.uncountable.saturating_add(1),
            }
        }
        ratings
    }

    /// Rates one row as the program does.
    ///
    /// # Errors
    /// [`Unrated`] if a price that it needs is unusable, or its values overflow.
    pub fn rate_row(&self, row: &Row, number: usize) -> std::result::Result<Rating, Unrated> {
        let debt = self.totals.debt(row.debt)?;
        let settles = self.settles(row);
        let old_enough = settles || may_default(row.last_risk_increase_slot, self.slot, self.min_age);
        let bare = !row.holdings().any(|(collateral, units)| self.counts(collateral, units));
        let debt_price = if settles { &self.settle_price } else { &self.debt_price };
        let Some(debt_price) = debt_price else {
            let recordable = bare && !debt.is_zero() && old_enough;
            let (health, shortfall) = (Health::default(), debt);
            let rating = Rating { row: number, debt, health, shortfall, liquidatable: false, recordable };
            return if recordable { Ok(rating) } else { Err(Unrated::Unpriced) };
        };
        let mut health = Health::of_debt(debt_price.value_up(debt.get())?);
        let mut evidence = self.evidence;
        for (collateral, units) in row.holdings() {
            if let Some(holding) = self.holding(collateral, units)? {
                health = health.with(&holding)?;
                let counted = self.collaterals.get(usize::from(collateral));
                evidence = counted.map_or(evidence, |counted| evidence.and(counted.evidence));
            }
        }
        let liquidatable = !debt.is_zero() && health.is_liquidatable()?;
        let shortfall = health.shortfall(debt, debt_price)?;
        let ends = health.collateral <= self.terms.dust
            || row.defaulted && evidence.newest && is_material(shortfall, self.totals.nav()?);
        let lost = ends && !shortfall.is_zero();
        let settled = bare || row.mark.is_settled_by(evidence);
        let recordable = old_enough && if settles { settled } else { lost };
        Ok(Rating { row: number, debt, health, shortfall, liquidatable, recordable })
    }

    /// Returns whether a record would settle the obligation's mark.
    pub fn settles(&self, row: &Row) -> bool {
        row.mark.is_due(&self.holds, self.hold_seconds, self.now)
            && may_default(row.last_risk_increase_slot, self.slot, 0)
    }

    /// Returns whether a holding counts. Holdings of an unknown collateral do.
    fn counts(&self, collateral: u16, units: Units) -> bool {
        let counted = self.collaterals.get(usize::from(collateral));
        counted.is_none_or(|counted| units.get() > counted.negligible)
    }

    /// Returns a holding with its price and limits. Returns nothing for a negligible holding, whose price is not read.
    ///
    /// # Errors
    /// [`Unrated::Unpriced`] if its price is unusable.
    pub fn holding(&self, collateral: u16, units: Units) -> std::result::Result<Option<Holding>, Unrated> {
        let counted = self.collaterals.get(usize::from(collateral)).ok_or(Unrated::Unpriced)?;
        if units.get() <= counted.negligible {
            return Ok(None);
        }
        counted.unit.map(|unit| Some(Holding { units, ..unit })).ok_or(Unrated::Unpriced)
    }
}

impl Rating {
    fn needs_something(&self, row: &Row) -> bool {
        self.liquidatable || self.recordable || self.shortfall != row.mark.shortfall
    }
}

impl Ratings {
    fn and(mut self, next: Self) -> Self {
        self.due.extend(next.due);
        self.unpriced = self.unpriced.saturating_add(next.unpriced);
        self.uncountable = self.uncountable.saturating_add(next.uncountable);
        self
    }
}
