//! What happened, so that a history in which nothing did is not taken for a proof.

use std::{collections::BTreeMap, fmt};

use backstop_client::Event;

use crate::properties::Moment;

/// How often what happened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Count(BTreeMap<&'static str, u32>);

impl Count {
    pub(crate) fn note(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    pub(crate) fn of(&self, what: &'static str) -> u32 {
        self.0.get(what).copied().unwrap_or(0)
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (what, count) in &other.0 {
            *self.0.entry(what).or_default() += count;
        }
    }

    fn note_if(&mut self, happened: bool, what: &'static str) {
        if happened {
            self.note(what);
        }
    }

    /// Counts what a step did.
    pub(crate) fn note_step(&mut self, moment: &Moment) {
        self.note(moment.step.verb());
        let (before, after) = (&moment.before.pool, &moment.after.pool);
        let tripped = before.breaker().is_tripped(moment.then);
        self.note_if(tripped && moment.step.is_instruction(), "done while the breaker was tripped");
        self.note_if(
            before.provisions != 0 && matches!(moment.step.verb(), "withdraw" | "unstake"),
            "left while losses were expected",
        );
        self.note_if(after.breaker_until > before.breaker_until, "the breaker tripped");
        for event in moment.events {
            match event {
                Event::LossRecorded(loss) => {
                    self.note("losses");
                    self.note_if(loss.from_reserves != 0, "losses that reserves bore");
                    self.note_if(loss.from_insurance != 0, "draws");
                    self.note_if(loss.to_lps != 0, "losses that LPs bore");
                    self.note_if(
                        moment.before.obligations.values().map(|debt| debt.provision).sum::<u64>() != 0,
                        "losses that were expected",
                    );
                    self.note_if(after.claims.ledger.generation != before.claims.ledger.generation, "wipe-outs");
                    let (fund, left) = (&moment.before.fund, &moment.after.fund);
                    self.note_if(left.claims.ledger.generation != fund.claims.ledger.generation, "drains of the fund");
                }
                Event::Recovered(paid) => self.note_recovery(moment, paid.to_lps, paid.to_stakers, paid.to_fund),
                Event::Deposited(_) => {
                    self.note_if(
                        after.claims.ledger.generation != before.claims.ledger.generation,
                        "LP shares were divided",
                    );
                }
                Event::Staked(_) => {
                    let generation = moment.before.fund.claims.ledger.generation;
                    self.note_if(
                        moment.after.fund.claims.ledger.generation != generation,
                        "stakers' shares were divided",
                    );
                }
                _ => {}
            }
        }
    }

    fn note_recovery(&mut self, moment: &Moment, to_lps: u64, to_stakers: u64, to_fund: u64) {
        let claims = moment.before.pool.claims.ledger.outstanding;
        self.note_if(to_lps != 0 && u128::from(to_lps) * 1_000_000 < u128::from(claims), "tiny recoveries");
        self.note_if(to_lps != claims && u128::from(to_lps) * 100 > u128::from(claims) * 99, "near-total recoveries");
        self.note_if(to_lps != 0 && to_lps == claims, "full recoveries");
        self.note_if(to_stakers != 0, "recoveries for stakers");
        self.note_if(to_fund != 0, "recoveries for gifts");
        self.note_if(moment.after.pool.reserves > moment.was.reserves.get(), "recoveries for reserves");
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(what, count)| writeln!(f, "{count:>8} {what}"))
    }
}
