//! Who is owed what, the long way: every loss and every recovery visits every holder, in exact fractions.

use std::collections::BTreeMap;

/// A fraction in lowest terms.
#[derive(Clone, Copy)]
pub(crate) struct Fraction {
    over: u128,
    under: u128,
}

impl Fraction {
    fn new(over: u128, under: u128) -> Self {
        let shared = divisor(over, under);
        Self { over: over / shared, under: under / shared }
    }

    fn plus(self, other: Self) -> Self {
        let shared = divisor(self.under, other.under);
        let (left, right) = (other.under / shared, self.under / shared);
        let over = self.over.checked_mul(left).unwrap() + other.over.checked_mul(right).unwrap();
        Self::new(over, self.under.checked_mul(left).unwrap())
    }

    fn minus(self, other: Self) -> Self {
        let shared = divisor(self.under, other.under);
        let (left, right) = (other.under / shared, self.under / shared);
        let over = self.over.checked_mul(left).unwrap() - other.over.checked_mul(right).unwrap();
        Self::new(over, self.under.checked_mul(left).unwrap())
    }

    fn times(self, other: Self) -> Self {
        let (one, two) = (Self::new(self.over, other.under), Self::new(other.over, self.under));
        Self { over: one.over.checked_mul(two.over).unwrap(), under: one.under.checked_mul(two.under).unwrap() }
    }

    fn whole(self) -> u128 {
        self.over / self.under
    }
}

fn divisor(one: u128, two: u128) -> u128 {
    if two == 0 { one } else { divisor(two, one % two) }
}

/// What one holder is owed.
#[derive(Clone, Copy)]
struct Owed {
    unrecovered: Fraction,
    recovered: Fraction,
    paid: u128,
}

/// What all holders are owed.
#[derive(Default)]
pub(crate) struct Claims {
    pub(crate) outstanding: u128,
    pub(crate) payable: u128,
    owed: BTreeMap<String, Owed>,
}

impl Claims {
    /// A loss that these shares bear.
    pub(crate) fn lose(&mut self, loss: u128, holders: &BTreeMap<String, u128>) {
        let all: u128 = holders.values().sum();
        let none = Fraction::new(0, 1);
        for (who, shares) in holders {
            let owed = self.owed.entry(who.clone()).or_insert(Owed { unrecovered: none, recovered: none, paid: 0 });
            let part = Fraction::new(*shares, all).times(Fraction::new(loss, 1));
            owed.unrecovered = owed.unrecovered.plus(part);
        }
        self.outstanding += loss;
    }

    /// A recovery, pro rata to what is unrecovered. Returns what the claims take of it.
    pub(crate) fn recover(&mut self, offered: u128) -> u128 {
        let taken = offered.min(self.outstanding);
        if taken == 0 {
            return 0;
        }
        for owed in self.owed.values_mut() {
            let back = owed.unrecovered.times(Fraction::new(taken, self.outstanding));
            owed.unrecovered = owed.unrecovered.minus(back);
            owed.recovered = owed.recovered.plus(back);
        }
        self.outstanding -= taken;
        self.payable += taken;
        taken
    }

    /// What a holder can claim.
    pub(crate) fn claimable(&self, who: &str) -> u128 {
        self.owed.get(who).map_or(0, |owed| owed.recovered.whole() - owed.paid)
    }

    /// Pays a holder all of it.
    pub(crate) fn claim(&mut self, who: &str) -> u128 {
        let paid = self.claimable(who);
        self.owed.get_mut(who).unwrap().paid += paid;
        self.payable -= paid;
        paid
    }
}
