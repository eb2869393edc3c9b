//! What happened, so that a history in which nothing did is not taken for a proof.

use std::{collections::BTreeMap, fmt};

use backstop_client::{Event, Recovered};
use backstop_engine::Error;

use crate::{
    model::{self, ModelPool, Sight},
    properties::Moment,
    state::State,
    step::{COLLATERALS, Step, TOKENS, Token},
};

/// What goes on while all is paused that can be.
const ALWAYS_OPEN: [(&str, &str); 16] = [
    ("repay", "repay, all paused"),
    ("deposit_collateral", "deposit_collateral, all paused"),
    ("liquidate", "liquidate, all paused"),
    ("record_bad_debt", "record_bad_debt, all paused"),
    ("mark", "mark, all paused"),
    ("report_price", "report_price, all paused"),
    ("stake", "stake, all paused"),
    ("request_unstake", "request_unstake, all paused"),
    ("execute_unstake", "execute_unstake, all paused"),
    ("collect_withdrawal", "collect_withdrawal, all paused"),
    ("collect_unstake", "collect_unstake, all paused"),
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
            before.marked != 0 && matches!(moment.step.verb(), "withdraw" | "execute_withdrawal" | "execute_unstake"),
            "left beside a mark that is worth no wait",
        );
        self.note_holds(moment);
        self.note_if(after.breaker_until > before.breaker_until, "the breaker tripped");
        self.note_risk(moment);
        for event in moment.events {
            match event {
                Event::LossRecorded(loss) => {
                    self.note("losses");
                    self.note_if(loss.from_reserves != 0, "losses that reserves bore");
                    self.note_if(loss.from_insurance != 0, "draws");
                    self.note_if(loss.to_lps != 0, "losses that LPs bore");
                    self.note_if(before.marked != 0, "losses that were marked");
                    let divided = after.generation != before.generation;
                    self.note_if(divided && after.shares == 0, "wipe-outs");
                    self.note_if(divided && after.shares != 0, "LP shares were divided");
                    let borrower = moment.step.obligation().map(|who| &moment.after.obligations[who]);
                    let rest = borrower.filter(|borrower| borrower.held().next().is_some());
                    self.note_if(rest.is_some(), "losses that left collateral");
                    let at_once = borrower.is_some_and(|borrower| {
                        let dust = model::dust(moment.after);
                        let unrecovered = borrower.written_off - loss.loss != borrower.recovered;
                        let who = moment.step.obligation().unwrap();
                        let rest = Sight::new(moment.after, moment.now).collateral_worth(who) > dust;
                        let settled = matches!(moment.step, Step::Record { .. })
                            && model::settles(moment.before, who, moment.now);
                        unrecovered && rest && !settled
                    });
                    self.note_if(at_once, "losses of a defaulter beside collateral");
                    self.note_if(
                        rest.is_some_and(|rest| rest.debt_shares != 0),
                        "losses that left debt and collateral",
                    );
                    let (fund, left) = (&moment.before.fund, &moment.after.fund);
                    let divided = left.generation != fund.generation;
                    self.note_if(divided && left.assets == 0, "drains of the fund");
                    self.note_if(divided && left.assets != 0, "stakers' shares were divided");
                    self.note_if(loss.number == 0, "losses without a record");
                }
                Event::Recovered(paid) => self.note_recovery(moment, paid),
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
            self.note_if(was.max_ltv.target_bps != is.max_ltv.target_bps, "a loan-to-value limit got another target");
            self.note_if(was.threshold.target_bps != is.threshold.target_bps, "a threshold got another target");
            let (was, is) = (model::limits(was, moment.then), model::limits(is, moment.now));
            self.note_if(was.0 != is.0, "a loan-to-value limit moved");
            self.note_if(was.1 != is.1, "a threshold moved");
        }
        self.note_if(before.insurance_factor.value != after.insurance_factor.value, "the insurance factor moved");
        self.note_if(before.insurance_share.value != after.insurance_share.value, "the loss-sharing ratio moved");
        let refreshed = matches!(moment.step, Step::RefreshRisk { .. });
        self.note_if(refreshed && after.hold.on != 0, "refreshed while the pool was on hold");
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
                | Step::Mark { .. }
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

    /// Marks, who waits for them, how the wait ends.
    fn note_holds(&mut self, moment: &Moment) {
        let (before, after, now) = (moment.before, moment.after, moment.now);
        self.note_if(before.pool.hold.on == 0 && after.pool.hold.on != 0, "holds of the pool");
        self.note_if(before.pool.fund_hold.on == 0 && after.pool.fund_hold.on != 0, "holds of the fund");
        let waits = before.pool.hold.on != 0 && moment.step.is_instruction();
        self.note_if(waits, "done while the pool was on hold");
        let Some(who) = moment.step.borrower() else { return };
        let (was, is) = (&before.obligations[who], &after.obligations[who]);
        self.note_if(was.marked == 0 && is.marked != 0, "marks made");
        self.note_if(was.marked > is.marked && is.marked != 0, "marks that fell");
        self.note_if(was.marked != 0 && is.marked == 0, "marks that ended");
        let settles = matches!(moment.step, Step::Record { .. }) && model::settles(before, who, now);
        let sight = Sight::new(before, now).settling(settles);
        if settles {
            self.note("settlements");
            let alone = now - was.marked_at < i64::from(before.pool.parameters.loss.hold_seconds);
            self.note_if(alone, "settlements of what was marked just now");
            self.note_if(moment.loss().is_none(), "settlements without a loss");
            self.note_if(sight.favours(Token::Usdc), "settlements without a price of the liquidity token");
        }
        let judges = matches!(moment.step, Step::Mark { .. } | Step::Liquidate { .. } | Step::Record { .. });
        let favoured = model::counted(before, who).any(|(token, _)| sight.favours(token));
        self.note_if(judges && favoured, "done at a price in the borrower's favour");
        let kept = matches!(moment.step, Step::Mark { .. }) && is.marked != 0 && {
            let owed = ModelPool::of(&moment.was).debt(was.debt_shares);
            sight.shortfall(who, owed) < is.marked
        };
        self.note_if(kept, "marks that an older price did not lower");
    }

    fn note_recovery(&mut self, moment: &Moment, paid: &Recovered) {
        self.note("recoveries");
        self.note_if(matches!(moment.step, Step::Liquidate { .. }), "recoveries of collateral");
        self.note_if(moment.before.pool.pauses.iter().all(|pause| moment.then < pause.until), "recoveries, all paused");
        self.note_if(paid.to_stakers != 0, "recoveries for stakers");
        self.note_if(paid.to_protocol != 0, "recoveries for protocol-owned shares");
        self.note_if(paid.to_reserves != 0, "recoveries for reserves");
        let Some(record) = u32::try_from(paid.loss).ok().and_then(|loss| moment.after.book.loss(loss)) else { return };
        let lost = u128::from(record.lps)
            + u128::from(record.stakers)
            + u128::from(record.protocol)
            + u128::from(record.reserves);
        let recovered = u128::from(record.recovered);
        self.note_if(u128::from(paid.assets) * 1_000_000 < lost, "tiny recoveries");
        self.note_if(recovered != lost && recovered * 100 > lost * 99, "near-total recoveries");
        self.note_if(recovered == lost, "full recoveries");
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(what, count)| writeln!(f, "{count:>8} {what}"))
    }
}
