//! `always-open` and `breaker`: what a step may be refused for, whatever the state.

use backstop_client::PausableOperation;

use super::Moment;
use crate::{
    model::{self, ModelPool, Sight},
    state::State,
    step::{Actor, Officer, Step, Token},
    violation::{Holds, holds},
};

/// What each step may be refused for. Repaying, topping up, marking, recording, recovering, claiming what LPs bore and
/// collecting never wait for anything: neither for the breaker, nor for a notice, nor for a pause, nor for cash, nor
/// because an amount is large.
const fn may_be_refused_for(step: &Step) -> &'static [&'static str] {
    match step {
        Step::Deposit { .. } => &["Paused", "PoolOnHold", "AmountTooSmall", "MathOverflow", "TokenInsufficientFunds"],
        Step::Withdraw { .. } => {
            &["Paused", "AmountTooSmall", "InsufficientShares", "InsufficientCash", "NoticeDue", "PoolOnHold"]
        }
        Step::RequestWithdrawal { .. } => &["NoNoticeDue", "ExitPending", "AmountTooSmall", "InsufficientShares"],
        Step::ExecuteWithdrawal { .. } => {
            &["Paused", "ExitNotRequested", "ExitNotMature", "PoolOnHold", "InsufficientCash"]
        }
        Step::CollectWithdrawal { .. } | Step::CollectUnstake { .. } => &["NothingToCollect"],
        Step::TransferShares { .. } => &["AmountTooSmall", "InsufficientShares", "ConstraintDuplicateMutableAccount"],
        Step::ClaimRecovery { .. } | Step::ClaimStakeRecovery { .. } => &["NothingToClaim"],
        Step::DepositCollateral { .. } => {
            &["PricesDisagree", "PriceUncertain", "AmountTooSmall", "TokenInsufficientFunds", "DepositCapExceeded"]
        }
        Step::WithdrawCollateral { .. } => &[
            "Paused",
            "PricesDisagree",
            "PriceUncertain",
            "AmountTooSmall",
            "InsufficientCollateral",
            "LoanToValueExceeded",
        ],
        Step::Borrow { .. } => &[
            "Paused",
            "PricesDisagree",
            "PriceUncertain",
            "BreakerTripped",
            "AmountTooSmall",
            "InsufficientCash",
            "LoanToValueExceeded",
            "DebtBelowMinimum",
            "MathOverflow",
        ],
        Step::Repay { .. } => &["NoDebt", "AmountTooSmall", "TokenInsufficientFunds"],
        Step::Mark { .. } => &["PricesDisagree", "PriceUncertain", "DefaultTooRecent"],
        Step::Liquidate { .. } => &[
            "PricesDisagree",
            "PriceUncertain",
            "ObligationHealthy",
            "InsufficientCollateral",
            "AmountTooSmall",
            "DebtBelowMinimum",
            "TokenInsufficientFunds",
        ],
        Step::Record { .. } => &[
            "PricesDisagree",
            "PriceUncertain",
            "ObligationHealthy",
            "CollateralRemains",
            "DebtCovered",
            "NoDebt",
            "DefaultTooRecent",
            "PriceBeforeMark",
        ],
        Step::Fund { .. } => &["AmountTooSmall", "MathOverflow", "TokenInsufficientFunds"],
        Step::Stake { .. } => &["FundOnHold", "AmountTooSmall", "MathOverflow", "TokenInsufficientFunds"],
        Step::RequestUnstake { .. } => &["ExitPending", "AmountTooSmall", "InsufficientShares"],
        Step::ExecuteUnstake { .. } => &["ExitNotRequested", "ExitNotMature", "FundOnHold", "InsufficientCash"],
        Step::RefreshRisk { .. } => &["PricesDisagree", "PriceUncertain"],
        Step::Pause { .. } => &["WrongGuardian", "AmountTooSmall", "PauseTooLong", "PauseTooSoon"],
        Step::Unpause { .. } => &["WrongAuthority"],
        Step::Tighten { .. } => &["WrongGuardian", "InvalidParameter", "ChangeMustWait"],
        Step::QueueChange { .. } => &["WrongAuthority", "InvalidParameter", "AccountAlreadyInUse"],
        Step::ExecuteChange { .. } => {
            &["WrongAuthority", "InvalidParameter", "ChangeNotReady", "ChangeLapsed", "AccountDataTooSmall"]
        }
        Step::CancelChange { .. } => &["WrongGuardian", "AccountDataTooSmall"],
        Step::CollectReserves { .. } => &["WrongAuthority", "InsufficientReserves", "AmountTooSmall"],
        Step::Accrue
        | Step::ReportPrice { .. }
        | Step::Donate { .. }
        | Step::Wait { .. }
        | Step::Price { .. }
        | Step::SecondPrice { .. } => &[],
    }
}

/// A refusal is one that this step may meet now.
pub(crate) fn refusal(step: &Step, name: &str, state: &State, now: i64) -> Holds {
    let tripped = name != "BreakerTripped" || matches!(step, Step::Borrow { .. });
    holds!("breaker", tripped, "{step:?} was refused because the breaker is tripped");
    holds!("always-open", may_be_refused_for(step).contains(&name), "{step:?} was refused with {name}");
    holds!("always-open", name != "Paused" || is_paused(step, state, now), "{step:?} was refused, but is not paused");
    let of_prices = ["PricesDisagree", "PriceUncertain"].contains(&name);
    holds!(
        "always-open",
        !of_prices || !needed_prices_are_there(step, state, now),
        "{step:?} was refused, but it has its prices"
    );
    let pot = ModelPool::of(&state.totals(now));
    let of = match name {
        "PoolOnHold" => Some(u64::try_from(pot.nav()).unwrap()),
        "FundOnHold" => Some(state.fund.assets + pot.insured()),
        _ => None,
    };
    let waits = of.is_none_or(|of| model::is_material(state.pool.marked, of));
    holds!("hold-ends", waits, "{step:?} was refused for a mark of {} beside {of:?}", state.pool.marked);
    let too_old = name != "PriceBeforeMark" || step.borrower().is_some_and(|who| !prices_are_of_mark(who, state, now));
    holds!("hold-ends", too_old, "{step:?} was refused, but no price is older than the mark");
    let strange = !name.starts_with("Wrong") || step.officer() != Some(Officer::Dao);
    holds!("always-open", strange, "{step:?} was refused with {name}");
    Ok(())
}

/// Whether no price that counts for an obligation is older than its mark, or more than ten seconds older than what was
/// read before.
fn prices_are_of_mark(who: Actor, state: &State, now: i64) -> bool {
    let counted = model::counted(state, who).map(|(token, _)| token).chain([Token::Usdc]);
    let mut read = counted.filter(|token| model::is_usable(state, *token));
    read.all(|token| {
        let (ages, last) = (&state.ages[token], model::last_price(state, token));
        let recent = now - ages.first + 10 >= last.first_at && now - ages.second + 10 >= last.second_at;
        recent && now - ages.first.max(ages.second) >= state.obligations[who].marked_at
    })
}

/// Whether the prices that a step may read can be used: that of the liquidity token, of what the obligation holds,
/// unless it is negligible, and of what is added or refreshed; or count in the borrower's favour, but that of what is
/// seized.
fn needed_prices_are_there(step: &Step, state: &State, now: i64) -> bool {
    let of_step = match *step {
        Step::DepositCollateral { token, .. } => return state.quote(token).is_ok(),
        Step::RefreshRisk { token } => Some(token),
        _ => None,
    };
    let obligation = step.obligation().map(|who| &state.obligations[who]);
    let held = obligation.into_iter().flat_map(|obligation| obligation.held());
    let held = held.map(|slot| (state.token(&slot.collateral), slot.units));
    let counted = held.filter(|(token, units)| !state.is_negligible(*token, *units)).map(|(token, _)| token);
    let settles = matches!(step, Step::Record { borrower } if model::settles(state, *borrower, now));
    let sight = Sight::new(state, now).settling(settles);
    let may_favour = |token: Token| match *step {
        Step::Mark { .. } | Step::Record { .. } => true,
        Step::Liquidate { token: seized, .. } => token != seized,
        _ => false,
    };
    let there = |token: Token| model::is_usable(state, token) || (may_favour(token) && sight.favours(token));
    counted.chain(of_step).chain([Token::Usdc]).all(there)
}

fn is_paused(step: &Step, state: &State, now: i64) -> bool {
    step.pausable().is_some_and(|what| now < state.pool.pauses[what as usize].until)
}

/// What was done was not paused, a pause lets people out in time, and no change is made before they could leave.
pub(super) fn check(moment: &Moment) -> Holds {
    let (step, now) = (&moment.step, moment.now);
    holds!("always-open", !is_paused(step, moment.before, now), "{step:?} was done while it was paused");
    if let Step::ExecuteChange { .. } = step {
        let notice = i64::from(moment.before.market.timelock_seconds);
        let [_, _, collateral, shares] = &moment.before.pool.pauses;
        let open = [collateral, shares].iter().all(|exit| exit.until == 0 || now - exit.until >= notice);
        holds!("always-open", open, "{step:?} was done at {now}, exits were paused {collateral:?} and {shares:?}");
    }
    for what in PausableOperation::ALL {
        let index = *what as usize;
        let (was, is) = (moment.before.pool.pauses[index], moment.after.pool.pauses[index]);
        if is == was {
            continue;
        }
        if let Step::Unpause { .. } = step {
            let ended = is.since == was.since && is.until == was.until.min(now);
            holds!("always-open", ended, "{what:?} was paused {was:?}, is {is:?} after the pause was ended");
            continue;
        }
        let (exit, longest) = match what {
            PausableOperation::WithdrawCollateral | PausableOperation::Withdraw => (true, 72 * 3_600),
            _ => (false, 30 * 86_400),
        };
        holds!("always-open", is.until >= was.until.max(now), "a pause of {what:?} was cut from {was:?} to {is:?}");
        holds!("always-open", is.until - is.since <= longest, "{what:?} is paused {is:?}");
        let prolonged = now < was.until;
        let began = if prolonged { is.since == was.since } else { is.since == now };
        holds!("always-open", began, "{what:?} was paused {was:?}, is {is:?}, now is {now}");
        let rested = prolonged || !exit || now - was.until >= was.until - was.since;
        holds!("always-open", rested, "{what:?} was paused {was:?}, and again from {now}");
    }
    Ok(())
}
