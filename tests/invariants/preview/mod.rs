//! `preview-is-execution`: what the engine says a step will do, applied to all that the accounts hold before it.

mod governance;
mod verbs;

use std::fmt::Debug;

use backstop_engine::pool::Totals;

use crate::{
    state::{Ages, State},
    step::{Actor, Step, Token},
};

/// The name of an error.
pub(crate) type Name = String;

type Done = Result<(), Name>;

fn name(error: impl Debug) -> Name {
    format!("{error:?}")
}

fn refuse<T>(error: &str) -> Result<T, Name> {
    Err(error.into())
}

fn require(fulfilled: bool, error: &str) -> Done {
    if fulfilled { Ok(()) } else { refuse(error) }
}

/// The state after a step at this time and slot, or the error that it must be refused with.
pub(crate) fn preview(before: &State, step: Step, now: i64, slot: u64) -> Result<State, Name> {
    let mut after = before.clone();
    after.step(step, now, slot)?;
    Ok(after)
}

impl State {
    fn step(&mut self, step: Step, now: i64, slot: u64) -> Done {
        match step {
            Step::Donate { .. } | Step::Wait { .. } | Step::Price { .. } | Step::SecondPrice { .. } => {
                self.happen(step);
                Ok(())
            }
            step if step.officer().is_some() => self.govern(step, now),
            step => self.verb(step, now, slot),
        }
    }

    fn happen(&mut self, step: Step) {
        match step {
            Step::Donate { units } => {
                self.vault += units;
                self.donated += units;
            }
            Step::Price { token, quote, age } => {
                self.quotes[token] = quote;
                self.ages[token] = Ages { first: age, second: age };
                self.second_quotes[token] = self.second_quotes[token].map(|_| quote);
            }
            Step::SecondPrice { token, quote } => {
                self.second_quotes[token] = Some(quote);
                self.ages[token].second = 0;
            }
            _ => {}
        }
    }

    fn accrued(&self, now: i64) -> Result<Totals, Name> {
        self.pool.totals_at(now).map_err(name)
    }

    fn apply(&mut self, totals: &Totals) {
        let pool = &mut self.pool;
        pool.store_totals(totals);
        let holds = pool.holds().of_pool(totals.nav().unwrap(), pool.hold_seconds(), totals.accrued_at);
        pool.hold = holds.pool.into();
    }

    fn pay(&mut self, who: Actor, token: Token, amount: u64) -> Done {
        let wallet = &mut self.wallets[who][token];
        let Some(left) = wallet.checked_sub(amount) else { return refuse("TokenInsufficientFunds") };
        *wallet = left;
        Ok(())
    }

    fn receive(&mut self, who: Actor, token: Token, amount: u64) {
        self.wallets[who][token] += amount;
    }
}
