//! `conservation`, `isolation`, `no-escape` as a sum of marks.

use backstop_client::{Event, Parameter};

use super::Moment;
use crate::{
    model::{self, ModelPool},
    state::State,
    step::{ACTORS, COLLATERALS, Officer, Step, TOKENS, Token},
    violation::{Holds, equal, holds},
};

/// Holds after every step.
pub(super) fn check(moment: &Moment) -> Holds {
    let after = moment.after;
    vaults(after)?;
    shares(after)?;
    let pot = ModelPool::of(&after.pool.totals());
    let reported = after.pool.totals().nav().map(|nav| i128::from(nav.get()));
    equal!("conservation", reported, Ok(pot.nav()), "NAV and cash + performing debt - reserves");
    holds!("wipe-out", after.pool.shares != 0 || pot.nav() == 0, "NAV of {} without shares", pot.nav());
    equal!("conservation", after.supply(), moment.before.supply(), "tokens of each kind");
    reserves(moment)
}

/// Reserves are paid to the treasury by this only, beyond what is marked; they are no part of NAV.
fn reserves(moment: &Moment) -> Holds {
    let paid = moment.after.treasury - moment.before.treasury;
    if !matches!(moment.step, Step::CollectReserves { .. }) {
        equal!("conservation", paid, 0, "what {:?} paid to the treasury", moment.step);
        return Ok(());
    }
    let (was, is) = (ModelPool::of(&moment.was), ModelPool::of(&moment.after.pool.totals()));
    equal!("conservation", is.nav(), was.nav(), "NAV after reserves were paid, and before");
    let fell = (was.cash - is.cash, was.reserves - is.reserves);
    equal!("conservation", fell, (paid, paid), "what cash and reserves fell by, and what was paid");
    let marked = moment.after.pool.marked;
    holds!("conservation", is.reserves >= marked, "{} in reserves are left for {marked}", is.reserves);
    Ok(())
}

/// Vaults hold what is owed, donations besides, and nothing else.
fn vaults(state: &State) -> Holds {
    let (pool, fund) = (&state.pool, &state.fund);
    let pools =
        u128::from(pool.cash) + u128::from(pool.insurance_due) + u128::from(pool.unclaimed) + u128::from(pool.payable);
    let vault = u128::from(state.vault) - u128::from(state.donated);
    let what = "the vault, and cash + due to insurance + the fund's assets + what can be claimed and collected";
    equal!("conservation", vault, pools + u128::from(fund.assets), "{what}");
    for token in COLLATERALS {
        let held: u64 = ACTORS.iter().map(|who| state.held(*who, token)).sum();
        let (deposited, vault) = (state.collaterals[token].deposited, state.collateral_vaults[token]);
        equal!(
            "conservation",
            (deposited, vault),
            (held, held),
            "{token:?} counted and in the vault, and in obligations"
        );
    }
    Ok(())
}

/// Shares of all kinds are somebody's.
fn shares(state: &State) -> Holds {
    let pool = &state.pool;
    let held = state.held_shares() + state.orphaned.0;
    equal!("conservation", pool.shares, held, "LP shares, and those of all LPs");
    let staked = state.held_stake() + state.orphaned.1;
    equal!("conservation", state.fund.shares, staked, "stakers' shares, and those of all stakers");
    let payable: u64 =
        ACTORS.iter().map(|who| state.positions[*who].request.payable + state.stakes[*who].request.payable).sum();
    equal!("conservation", pool.payable, payable, "what is payable, and to whom");
    let owed: u64 = state.obligations.values().map(|obligation| obligation.debt_shares).sum();
    equal!("no-interest-on-bad-debt", pool.debt_shares, owed, "debt shares, and those of all who owe");
    let marked: u64 = state.obligations.values().map(|obligation| obligation.marked).sum();
    equal!("no-escape", pool.marked, marked, "what is marked in all, and of all obligations");
    Ok(())
}

/// A step touches nobody but whom it names.
pub(super) fn isolation(moment: &Moment) -> Holds {
    let (step, before, after) = (moment.step, moment.before, moment.after);
    for who in ACTORS {
        let untouched = step.obligation() == Some(who) || before.obligations[who] == after.obligations[who];
        holds!("isolation", untouched, "the obligation of {who:?}");
        let untouched = step.changes_position(who) || before.positions[who] == after.positions[who];
        holds!("isolation", untouched, "the position of {who:?}");
        let untouched = step.changes_stake(who) || before.stakes[who] == after.stakes[who];
        holds!("isolation", untouched, "the stake of {who:?}");
        let untouched = step.who() == Some(who) || before.wallets[who] == after.wallets[who];
        holds!("isolation", untouched, "the wallet of {who:?}");
    }
    let moves = |token: &Token| {
        let (first, second) = (before.quotes[*token], before.second_quotes[*token]);
        (first, second) != (after.quotes[*token], after.second_quotes[*token])
    };
    let moved = TOKENS.into_iter().find(moves);
    let expected = match step {
        Step::Price { token, .. } | Step::SecondPrice { token, .. } => moved.is_none_or(|moved| moved == token),
        _ => moved.is_none(),
    };
    holds!("isolation", expected, "the price of {moved:?}");
    market(moment)
}

/// What stakers bear, earn and wait for.
const OF_STAKERS: [Parameter; 9] = [
    Parameter::WindowSeconds,
    Parameter::DrawCapBps,
    Parameter::InsuranceShareBps,
    Parameter::StressedInsuranceShareBps,
    Parameter::InsuranceFactorBps,
    Parameter::StressedInsuranceFactorBps,
    Parameter::InsuranceCutBps,
    Parameter::TargetCoverageBps,
    Parameter::CooldownSeconds,
];

/// The market is its officers' to change, one thing at a time.
fn market(moment: &Moment) -> Holds {
    let (step, before, after) = (moment.step, moment.before, moment.after);
    let of_authority = matches!(
        step,
        Step::Unpause { .. } | Step::QueueChange { .. } | Step::ExecuteChange { .. } | Step::CollectReserves { .. }
    );
    let allowed = match step.officer() {
        Some(Officer::Stranger) => false,
        Some(Officer::Guardian) => !of_authority,
        _ => true,
    };
    holds!("isolation", allowed, "{step:?} was done");
    equal!("isolation", after.market, before.market, "the market");
    let parameters =
        |state: &State| (state.pool.parameters, COLLATERALS.map(|token| state.collaterals[token].parameters));
    let mut expected = moment
        .change()
        .map_or(before.clone(), |(parameter, of, value)| before.with_parameter(parameter, of, value).unwrap());
    if let [Event::ReservesCollected(collected)] = moment.events {
        expected.pool.parameters.caps.released_reserves -= collected.assets;
    }
    equal!("isolation", parameters(after), parameters(&expected), "parameters");
    let paused = matches!(step, Step::Pause { .. } | Step::Unpause { .. }) || after.pool.pauses == before.pool.pauses;
    holds!("isolation", paused, "{step:?} paused {:?}", after.pool.pauses);
    for (nonce, (was, is)) in before.changes.iter().zip(&after.changes).enumerate() {
        let touched = match step {
            Step::QueueChange { nonce: own, .. } => u64::try_from(nonce).unwrap() == own && was.is_none(),
            Step::ExecuteChange { nonce: own, .. } | Step::CancelChange { nonce: own, .. } => {
                u64::try_from(nonce).unwrap() == own && is.is_none()
            }
            _ => false,
        };
        holds!("isolation", touched || was == is, "{step:?} changed what is queued from {was:?} to {is:?}");
    }
    if let Step::ExecuteChange { nonce, .. } = step {
        let queued = before.changes[usize::try_from(nonce).unwrap()].unwrap();
        let times = queued.executable_at..queued.lapses_at;
        // Nobody leaves meanwhile, so holds lengthen the wait: the longer of both.
        let since = |hold, queued: u64| model::stopped(hold, moment.now) - queued;
        let [pool, fund] = queued.stopped;
        let held = since(&before.pool.hold, pool).max(since(&before.pool.fund_hold, fund));
        let clock = moment.now - i64::try_from(held).unwrap();
        holds!("isolation", times.contains(&clock), "a change of {times:?} was made at {clock}");
    }
    if let Step::QueueChange { nonce, .. } = step {
        let queued = after.changes[usize::try_from(nonce).unwrap()].unwrap();
        let wait = queued.executable_at - moment.now;
        let cooldown =
            if OF_STAKERS.contains(&queued.parameter) { before.pool.parameters.insurance.cooldown_seconds } else { 0 };
        let due = u64::from(before.market.timelock_seconds).max(cooldown);
        equal!("isolation", wait, due.cast_signed(), "how long a change of {:?} waits", queued.parameter);
    }
    Ok(())
}
