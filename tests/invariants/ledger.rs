//! A ledger that visits every LP, in exact numbers: what each bore of every loss, and what each should have in the end. The
//! program visits none.

use std::collections::BTreeMap;

use backstop_client::LossRecorded;
use backstop_engine::pool::Totals;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};

use crate::{
    state::State,
    step::{ACTORS, Actor},
};

/// Fractional bits of the balances. (The losses are exact.)
const BITS: u32 = 128;

#[derive(Default)]
pub(crate) struct Ledger {
    /// What each LP bore, exactly.
    losses: BTreeMap<Actor, BigRational>,
    /// What fell on LPs by the program's own account.
    to_lps: BigInt,
    /// What each LP paid in, less what they took out, with their part of what NAV gained and lost; times 2^128. The virtual
    /// share has its part like any other, but nobody to receive it.
    balances: BTreeMap<Actor, BigInt>,
    /// How often NAV changed: each time may round by less than a unit.
    changes: u32,
}

impl Ledger {
    /// Books what happened between two states, the second at `now`. `net` is what an LP paid in or, below zero, took out.
    pub(crate) fn book(
        &mut self,
        (before, after): (&State, &State),
        now: i64,
        loss: Option<&LossRecorded>,
        net: Option<(Actor, i128)>,
    ) {
        let nav = |totals: &Totals| i128::from(totals.nav().unwrap().get());
        let (was, fresh, is) = (nav(&before.pool.totals()), nav(&before.totals(now)), nav(&after.pool.totals()));
        let (lost, paid) = (i128::from(loss.map_or(0, |loss| loss.to_lps)), net.map_or(0, |(_, paid)| paid));
        // What the last to leave leaves behind was the virtual share's.
        let gained = if after.pool.shares == 0 && lost == 0 { fresh - was } else { is - was - paid + lost };
        let shares: BigInt = before.pool.shares.into();
        for name in ACTORS {
            let own: BigInt = before.shares(name).into();
            if own.is_zero() {
                continue;
            }
            let part = ((BigInt::from(gained - lost) * &own) << BITS) / (&shares + 1);
            *self.balances.entry(name).or_default() += part;
            let bore = BigRational::new(BigInt::from(lost) * own, shares.clone());
            *self.losses.entry(name).or_insert_with(BigRational::zero) += bore;
        }
        if let Some((who, paid)) = net {
            *self.balances.entry(who).or_default() += BigInt::from(paid) << BITS;
        }
        self.to_lps += lost;
        self.changes += u32::from(is != was);
        if after.pool.generation != before.pool.generation {
            self.check(after);
            self.balances.clear();
        }
    }

    /// Compares with the accounts.
    pub(crate) fn check(&self, state: &State) {
        let borne: BigRational = self.losses.values().sum();
        assert_eq!(
            borne,
            BigRational::from(self.to_lps.clone()),
            "pro-rata: the LPs' losses add up to what fell on them"
        );
        let totals = state.pool.totals();
        let price = (BigInt::from(totals.nav().unwrap().get()) + 1, BigInt::from(totals.shares.get()) + 1);
        for name in ACTORS {
            let worth: BigInt = ((BigInt::from(state.shares(name)) * &price.0) << BITS) / &price.1;
            let balance = self.balances.get(name).cloned().unwrap_or_default();
            let apart = ((worth - balance) >> BITS).to_i128().unwrap().abs();
            assert!(
                apart <= i128::from(self.changes),
                "pro-rata: {name}'s shares are {apart} units apart from a ledger that visits every LP ({} changes)",
                self.changes
            );
        }
    }

    /// What fell on LPs.
    pub(crate) fn to_lps(&self) -> &BigInt {
        &self.to_lps
    }
}
