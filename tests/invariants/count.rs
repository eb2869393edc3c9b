//! What happened, so that a history in which nothing did is not taken for a proof.

use std::{collections::BTreeMap, fmt};

use backstop_client::Event;
use backstop_engine::Error;

use crate::{
    properties::Moment,
    reckoning,
    state::State,
    step::{COLLATERALS, Step, TOKENS, Token},
};

/// What goes on while all is paused that can be.
const ALWAYS_OPEN: [(&str, &str); 14] = [
    ("repay", "repay, all paused"),
    ("deposit_collateral", "deposit_collateral, all paused"),
    ("liquidate", "liquidate, all paused"),
    ("record_bad_debt", "record_bad_debt, all paused"),
    ("provision", "provision, all paused"),
    ("recover", "recover, all paused"),
    ("stake", "stake, all paused"),
    ("request_unstake", "request_unstake, all paused"),
    ("unstake", "unstake, all paused"),
    ("claim_recovery", "claim_recovery, all paused"),
    ("claim_stake_recovery", "claim_stake_recovery, all paused"),
    ("transfer_shares", "transfer_shares, all paused"),
    ("refresh_risk", "refresh_risk, all paused"),
    ("accrue", "accrue, all paused"),
];

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
        self.note_risk(moment);
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
                    let borrower = moment.step.obligation().map(|who| &moment.after.obligations[who]);
                    let rest = borrower.filter(|borrower| borrower.held().next().is_some());
                    self.note_if(rest.is_some(), "losses that left collateral");
                    self.note_if(
                        rest.is_some_and(|rest| rest.debt_shares != 0),
                        "losses that left debt and collateral",
                    );
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

    fn note_risk(&mut self, moment: &Moment) {
        let (before, after) = (&moment.before.pool, &moment.after.pool);
        let paused = before.pauses.iter().any(|pause| moment.then < pause.until);
        self.note_if(paused && moment.step.is_instruction(), "done while something was paused");
        if before.pauses.iter().all(|pause| moment.then < pause.until)
            && let Some((_, what)) = ALWAYS_OPEN.iter().find(|(verb, _)| *verb == moment.step.verb())
        {
            self.note(what);
        }
        for token in COLLATERALS {
            let (was, is) = (&moment.before.collaterals[token], &moment.after.collaterals[token]);
            self.note_if(
                was.max_ltv.heading_bps != is.max_ltv.heading_bps,
                "a loan-to-value limit got another heading",
            );
            self.note_if(was.threshold.heading_bps != is.threshold.heading_bps, "a threshold got another heading");
            let (was, is) = (reckoning::limits(was, moment.then), reckoning::limits(is, moment.now));
            self.note_if(was.0 != is.0, "a loan-to-value limit moved");
            self.note_if(was.1 != is.1, "a threshold moved");
        }
        self.note_if(before.insurance_factor.value != after.insurance_factor.value, "the insurance factor moved");
        self.note_if(before.insurance_share.value != after.insurance_share.value, "the loss-sharing ratio moved");
        let refreshed = matches!(moment.step, Step::RefreshRisk { .. });
        self.note_if(refreshed && before.provisions != 0, "refreshed while losses were expected");
        if let Some(who) = moment.step.obligation()
            && matches!(moment.step, Step::Borrow { .. } | Step::WithdrawCollateral { .. })
            && moment.after.obligations[who].owes()
        {
            self.note_if(moment.after.counts_averages(who), "borrowed at an average price");
        }
        self.note_prices(moment);
    }

    fn note_prices(&mut self, moment: &Moment) {
        if !moment.step.is_instruction() {
            return;
        }
        let cannot = |state: &State, token: Token, error| state.quote(token) == Err(error);
        let disagree = |token| cannot(moment.after, token, Error::PricesDisagree);
        self.note_if(TOKENS.into_iter().any(disagree), "done while feeds disagreed");
        let died = |token: &Token| cannot(moment.after, *token, Error::PriceUncertain);
        let reads = matches!(
            moment.step,
            Step::Borrow { .. }
                | Step::WithdrawCollateral { .. }
                | Step::Provision { .. }
                | Step::Liquidate { .. }
                | Step::Record { .. }
        );
        if let Some(who) = moment.step.obligation().filter(|_| reads)
            && COLLATERALS.into_iter().any(|token| died(&token) && moment.after.held(who, token) != 0)
        {
            self.note("done beside a negligible holding whose price died");
        }
        if let Step::Liquidate { token, .. } = moment.step {
            self.note_if(moment.after.decimals[token] == 0, "liquidated what cannot be divided");
            self.note_if(moment.after.quotes[token].confidence != 0, "liquidated at an uncertain price");
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
