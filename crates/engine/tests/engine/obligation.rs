//! Someone in debt to a pool, and what liquidators and recorders do to it at fixed prices and time.

use backstop_engine::{
    Error,
    fixed::Q64,
    health::{Health, Holding},
    liquidation::{Debt, Liquidated, LiquidationTerms},
    mark::{Evidence, Mark},
    pool::Totals,
    price::{Price, Quote},
    quantity::{Assets, Bps, DebtShares, Shares, Units},
};
use proptest::prelude::*;

use crate::{
    model::{self, Debtor, Held, Rational, bps, down, int, one_and, ratio, whole},
    strategies::{index, valid_bonus, valid_terms},
};

/// A token and what its feed says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) quote: Quote,
    pub(crate) decimals: u8,
}

impl Token {
    /// This many cents a whole token, give or take nothing.
    pub(crate) const fn at_cents(cents: u64, decimals: u8) -> Self {
        Self { quote: Quote { price: cents, confidence: 0, exponent: -2 }, decimals }
    }

    pub(crate) fn lower(self) -> Price {
        self.quote.lower(self.decimals).unwrap()
    }

    pub(crate) fn middle(self) -> Price {
        self.quote.middle(&self.quote.upper(self.decimals).unwrap()).unwrap()
    }

    pub(crate) fn upper(self) -> Price {
        self.quote.upper(self.decimals).unwrap()
    }

    /// The lower, the middle and the upper price of a base unit in 10^-18 USD.
    pub(crate) fn exact(self) -> [Rational; 3] {
        let Quote { price, confidence, exponent } = self.quote;
        [price - confidence, price, price + confidence].map(|digits| model::unit_price(digits, exponent, self.decimals))
    }

    /// Whether a base unit is worth a whole number of 10^-18 USD, so that values are not rounded.
    fn is_whole(self) -> bool {
        self.quote.exponent + 18 >= i32::from(self.decimals)
    }

    /// A holding of it, which carries no borrowing.
    pub(crate) fn held(self, units: u64, threshold: u32, bonus: (u32, u32)) -> (Self, Holding) {
        let holding = Holding {
            units: Units::new(units),
            price: self.lower(),
            middle: self.middle(),
            max_ltv: Bps::ZERO,
            liquidation_threshold: Bps::new(threshold),
            bonus: crate::strategies::bonus(bonus.0, bonus.1),
        };
        (self, holding)
    }
}

/// A dollar of six decimals.
pub(crate) const USDC: Token = Token::at_cents(100, 6);

/// What someone owes and holds.
#[derive(Clone, Debug)]
pub(crate) struct Obligation {
    pub(crate) terms: LiquidationTerms,
    pub(crate) pool: Totals,
    pub(crate) shares: DebtShares,
    pub(crate) liquidity: Token,
    pub(crate) held: Vec<(Token, Holding)>,
}

impl Obligation {
    /// The only debt of its pool: this many shares.
    pub(crate) fn new(
        terms: LiquidationTerms,
        shares: u64,
        index: Q64,
        liquidity: Token,
        held: Vec<(Token, Holding)>,
    ) -> Self {
        let shares = DebtShares::new(shares);
        let pool = Totals { debt_shares: shares, borrow_index: index, shares: Shares::new(1_000), ..Totals::empty(0) };
        Self { terms, pool, shares, liquidity, held }
    }

    pub(crate) fn owed(&self) -> Assets {
        self.pool.debt(self.shares).unwrap()
    }

    /// As liquidating sees it: old enough, with no mark, by the newest prices.
    pub(crate) fn debt(&self) -> Debt {
        Debt {
            shares: self.shares,
            amount: self.owed(),
            price: self.liquidity.upper(),
            middle: self.liquidity.middle(),
            mark: Mark::NONE,
            evidence: Evidence::BEGUN,
            may_be_marked: true,
            may_default: true,
            defaulted: false,
        }
    }

    pub(crate) fn health(&self) -> Health {
        let owed = Health::of_debt(self.liquidity.upper().value_up(self.owed().get()).unwrap());
        self.held.iter().fold(owed, |health, (_, holding)| health.with(holding).unwrap())
    }

    pub(crate) fn shortfall(&self) -> Assets {
        self.health().shortfall(self.owed(), &self.liquidity.upper()).unwrap()
    }

    /// The same in exact numbers.
    pub(crate) fn model(&self) -> Debtor {
        let [_, middle, upper] = self.liquidity.exact();
        let held = |(token, holding): &(Token, Holding)| {
            let [lower, middle, _] = token.exact();
            let (threshold, bonus) = (holding.liquidation_threshold, holding.bonus);
            Held { units: int(holding.units.get()), lower, middle, threshold, bonus }
        };
        Debtor {
            shares: int(self.shares.get()),
            index: model::q64(self.pool.borrow_index.bits()),
            upper,
            middle,
            held: self.held.iter().map(held).collect(),
        }
    }

    /// Whether no value of it is rounded.
    pub(crate) fn is_whole(&self) -> bool {
        self.liquidity.is_whole() && self.held.iter().all(|(token, _)| token.is_whole())
    }

    /// Liquidates, and writes off what is lost; a rest that does not count is forgotten.
    pub(crate) fn liquidate(
        &self,
        which: usize,
        offered: u64,
        counts: impl Fn(Units) -> bool,
    ) -> Result<(Liquidated, Self), Error> {
        let (debt, holding) = (self.debt(), self.held[which].1);
        let done = self.terms.liquidate(&self.pool, &debt, &holding, &self.health(), Assets::new(offered), &counts)?;
        let mut after = Self { pool: done.totals, shares: done.debt_shares, ..self.clone() };
        let left = holding.units.minus(done.taken.seize).unwrap();
        after.held[which].1.units = if counts(left) { left } else { Units::ZERO };
        Ok((done, after.without(done.lost)))
    }

    /// Liquidates where every unit counts, and leaves what is lost.
    pub(crate) fn seize(&self, which: usize, offered: u64) -> Result<(Liquidated, Self), Error> {
        let (done, after) = self.pay(which, offered)?;
        Ok((done, Self { pool: done.totals, shares: done.debt_shares, ..after }))
    }

    /// Liquidates where every unit counts.
    pub(crate) fn pay(&self, which: usize, offered: u64) -> Result<(Liquidated, Self), Error> {
        self.liquidate(which, offered, |_| true)
    }

    /// Records what is lost.
    pub(crate) fn record(&self) -> Result<(DebtShares, Self), Error> {
        let lost = self.terms.lost(&self.pool, &self.debt(), &self.health(), false)?;
        Ok((lost, self.without(lost)))
    }

    /// With so many debt shares written off.
    pub(crate) fn without(&self, lost: DebtShares) -> Self {
        let mut after = self.clone();
        after.shares = after.shares.minus(lost).unwrap();
        after.pool.debt_shares = after.pool.debt_shares.minus(lost).unwrap();
        after
    }

    /// Its owner pays.
    pub(crate) fn repay(&self, offered: u64) -> Option<Self> {
        let done = self.pool.repay(self.shares, Assets::new(offered)).ok()?;
        Some(Self { pool: done.totals, shares: done.debt_shares, ..self.clone() })
    }

    /// Somebody adds collateral.
    pub(crate) fn top_up(&self, which: usize, units: u64) -> Option<Self> {
        let mut after = self.clone();
        let held = &mut after.held[which].1.units;
        *held = held.plus(Units::new(units)).ok().filter(|held| held.get() < 1 << 50)?;
        Some(after)
    }

    /// Owing so many debt shares, if a pool could hold that.
    fn owing(&self, shares: &num_bigint::BigInt) -> Option<Self> {
        let shares = u64::try_from(shares).ok().filter(|shares| (1..1 << 58).contains(shares))?;
        Some(Self::new(self.terms, shares, self.pool.borrow_index, self.liquidity, self.held.clone()))
    }

    /// What the greatest threshold held is with the least bonus of the same collateral.
    pub(crate) fn heaviest(&self) -> Rational {
        let held = self.held.iter().filter(|(_, holding)| !holding.units.is_zero());
        let weights = held.map(|(_, holding)| bps(holding.liquidation_threshold) * one_and(holding.bonus.min));
        weights.max().unwrap_or_else(|| whole(0))
    }
}

/// A token of any price, with a confidence interval of any width; its base unit is worth a whole number of 10^-18 USD,
/// or any.
fn token(decimals: impl Strategy<Value = u8>, whole_units: bool) -> impl Strategy<Value = Token> {
    let width = prop_oneof![2 => Just(0_u64), 2 => 0_u64..=200, 1 => 0_u64..10_000];
    (1_u64..1_000_000_000, -14_i32..=-2, decimals, width).prop_map(move |(price, exponent, decimals, width)| {
        let exponent = if whole_units { exponent.max(i32::from(decimals) - 18) } else { exponent };
        let confidence = u64::try_from(u128::from(price) * u128::from(width) / 10_000).unwrap();
        Token { quote: Quote { price, confidence, exponent }, decimals }
    })
}

/// A holding with any bonus and threshold that validate: of many small units, or of a few that are worth much.
fn holding(whole_units: bool) -> impl Strategy<Value = (Token, Holding)> {
    let many = (token(4_u8..=9, whole_units), 1_u64..1_000_000_000_000);
    let few = (token(0_u8..=2, whole_units), 1_u64..50);
    (prop_oneof![3 => many, 1 => few], valid_bonus()).prop_map(|((token, units), (bonus, threshold))| {
        token.held(units, threshold.get(), (bonus.min.get(), bonus.max.get()))
    })
}

/// One to five collaterals of any prices, intervals, bonuses and thresholds, owing one share in a token of any price.
fn holder(whole_units: bool) -> impl Strategy<Value = Obligation> {
    let liquidity = prop_oneof![Just(USDC), token(6_u8..=8, whole_units)];
    (valid_terms(), index(), liquidity, prop::collection::vec(holding(whole_units), 1..=5))
        .prop_map(|(terms, index, liquidity, held)| Obligation::new(terms, 1, index, liquidity, held))
}

/// The same, mostly of prices whose values are not rounded.
fn any_holder() -> impl Strategy<Value = Obligation> {
    prop_oneof![3 => holder(true), 1 => holder(false)]
}

/// A debt around what the collateral carries: from just above it to a third more.
pub(crate) fn unhealthy() -> impl Strategy<Value = Obligation> {
    let above = prop_oneof![0_u64..30, 0_u64..3_500];
    (any_holder(), above).prop_filter_map("worth nothing", |(obligation, above)| {
        let model = obligation.model();
        let carried = model.limit() / &model.upper * ratio(10_000 + above, 10_000);
        let owing = obligation.owing(&(model.shares_for(&down(&carried)) + 1))?;
        (owing.owed().get() > 1_000 && owing.health().is_liquidatable().unwrap()).then_some(owing)
    })
}

/// A debt around what the collateral brings at the least bonuses: a few shares more or less than the most that is
/// covered, or a part of it. All that is covered, where `covered`.
pub(crate) fn at_the_edge(covered: bool) -> impl Strategy<Value = Obligation> {
    let part = prop_oneof![2 => Just(10_000_u64), 1 => 8_000_u64..10_000, 1 => 10_000_u64..20_000];
    let beyond = prop_oneof![2 => Just(0_i64), 1 => -3_i64..=3];
    (any_holder(), part, beyond).prop_filter_map("worth nothing", move |(obligation, part, beyond)| {
        let model = obligation.model();
        let most = down(&(whole(model.covered()) / &model.index));
        let (part, beyond) = if covered { (part.min(10_000), beyond.min(0)) } else { (part, beyond) };
        let owing = obligation.owing(&(down(&(whole(most) * ratio(part, 10_000))) + beyond))?;
        owing.health().is_liquidatable().unwrap().then_some(owing)
    })
}

/// What a liquidator offers.
pub(crate) fn offer() -> impl Strategy<Value = u64> {
    prop_oneof![
        3 => Just(u64::MAX),
        1 => crate::strategies::any_size(),
        1 => 1_u64..20,
        2 => 1_u64..1_000_000_000,
    ]
}
