//! `no-hidden-debt`, `covered-is-never-lost`, `nothing-for-nothing`, `liquidation-helps`, `no-interest-on-bad-debt`.

use backstop_client::Event;
use backstop_engine::{health::Health, price::Value};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Signed;

use super::Moment;
use crate::{
    model::{self, ModelPool, Side, Sight, whole},
    step::{ACTORS, Actor, COLLATERALS, Step, Token},
    violation::{Holds, equal, holds},
};

pub(super) fn check(moment: &Moment) -> Holds {
    nothing_for_nothing(moment)?;
    let Some(who) = moment.step.obligation() else { return Ok(()) };
    no_interest_on_bad_debt(moment, who)?;
    match moment.step {
        Step::Mark { .. } => no_hidden_debt(moment, who),
        Step::Liquidate { .. } => {
            liquidation_helps(moment, who)?;
            covered_is_never_lost(moment, who)?;
            no_hidden_debt(moment, who)
        }
        Step::Record { .. } => {
            covered_is_never_lost(moment, who)?;
            no_hidden_debt(moment, who)
        }
        _ => stays_healthy(moment, who),
    }
}

/// Written-off debt grows by a loss only, and falls by what is recovered only.
fn no_interest_on_bad_debt(moment: &Moment, who: Actor) -> Holds {
    let (was, is) = (&moment.before.obligations[who], &moment.after.obligations[who]);
    let written_off = was.written_off + moment.loss().map_or(0, |loss| loss.loss);
    holds!(
        "no-interest-on-bad-debt",
        is.written_off == written_off,
        "{who:?}'s written-off debt is {}, not {written_off}",
        is.written_off
    );
    let paid = |event: &Event| if let Event::Recovered(paid) = event { paid.assets } else { 0 };
    let recovered = was.recovered + moment.events.iter().map(paid).sum::<u64>();
    holds!(
        "no-interest-on-bad-debt",
        is.recovered == recovered && recovered <= written_off,
        "{who:?} paid back {} of {written_off}, not {recovered}",
        is.recovered
    );
    Ok(())
}

fn health(moment: &Moment, who: Actor) -> (Health, Health) {
    let was = moment.before.health(&moment.was, who).unwrap();
    (was, moment.after.health(&moment.is, who).unwrap())
}

/// What a debt exceeds its collateral by is told: recorded where nothing is left to wait for and the debt is old
/// enough, else marked. That is where the collateral is dust, or an earlier loss of the same obligation is not
/// recovered and this one is worth a wait by the newest prices.
fn no_hidden_debt(moment: &Moment, who: Actor) -> Holds {
    let (after, obligation, pot) = (moment.after, &moment.after.obligations[who], ModelPool::of(&moment.is));
    // What was settled was seen with other eyes.
    let settled = matches!(moment.step, Step::Record { .. }) && model::settles(moment.before, who, moment.now);
    let sight = Sight::new(after, moment.now).settling(settled);
    let shortfall = sight.shortfall(who, pot.debt(obligation.debt_shares));
    let age = moment.slot - obligation.last_risk_increase_slot;
    let old = age > 0 && age >= u64::from(after.pool.parameters.loss.min_default_age_slots);
    let is_dust = sight.collateral_worth(who) <= model::dust(after);
    let defaulted = moment.before.obligations[who].written_off > moment.before.obligations[who].recovered;
    let material = model::is_material(shortfall, u64::try_from(pot.nav()).unwrap());
    let records = matches!(moment.step, Step::Liquidate { .. } | Step::Record { .. });
    let before = moment.before;
    let mut seen = model::counted(before, who).map(|(token, _)| token).chain([Token::Usdc]);
    let newest = seen.all(|token| model::is_newest(before, token, moment.now));
    let ends = settled || is_dust || (defaulted && material && newest);
    let could_be = records && old && ends && shortfall != 0;
    holds!("no-hidden-debt", !could_be, "{who:?} owes {shortfall} that could have been recorded");
    let reported = age == 0 || obligation.marked >= shortfall;
    holds!("no-hidden-debt", reported, "{who:?} leaves {shortfall} unpaid, {} are marked", obligation.marked);
    Ok(())
}

/// What is covered stays so, whatever is liquidated, and what is not covered grows by nothing; a debt is lost only as
/// far as its collateral does not cover it, to a debt share; the rest goes on.
fn covered_is_never_lost(moment: &Moment, who: Actor) -> Holds {
    let (was, just) = (ModelPool::of(&moment.was), moment.just());
    let burned = was.debt_shares - just.debt_shares;
    let lost = just.debt_shares - moment.after.pool.debt_shares;
    let owed = moment.before.obligations[who].debt_shares - burned;
    let kept = moment.after.obligations[who].debt_shares;
    equal!("covered-is-never-lost", kept, owed - lost, "what {who:?} goes on owing");
    let index = BigRational::new(just.index.into(), BigInt::from(1) << 64);
    let settles = matches!(moment.step, Step::Record { .. }) && model::settles(moment.before, who, moment.now);
    let sight = |state| Sight::new(state, moment.now).settling(settles);
    let (covered_before, covered) = (sight(moment.before).covered(who), sight(moment.after).covered(who));
    let uncovered_before = &index * whole(owed + burned) - &covered_before;
    let uncovered = &index * whole(owed) - &covered;
    // A rest that is too little to count covers nothing.
    let rest = match moment.step {
        Step::Liquidate { token, .. } => (token, moment.after.held(who, token)),
        _ => (Token::Sol, 0),
    };
    let counts = rest.1 == 0 || model::counts(moment.after, rest.0, rest.1);
    let missing = if counts { whole(0) } else { sight(moment.after).brings(rest.0, rest.1) };
    holds!(
        "covered-is-never-lost",
        uncovered <= uncovered_before.clone().max(whole(0)) + missing,
        "of {who:?}'s debt {} were not covered, now {} are not",
        uncovered_before.round(),
        uncovered.round()
    );
    if moment.loss().is_none() {
        equal!("covered-is-never-lost", lost, 0, "debt shares of {who:?} that nobody recorded as lost");
        return Ok(());
    }
    // Values are rounded down to 10^-18 USD before units are.
    let rounding = BigRational::new(1.into(), 1_000_000_000.into());
    let beyond = |covered: BigRational| whole(owed) - (covered.floor() / &index).floor();
    let (least, most) = (beyond(covered.clone()), beyond(covered.clone() - &rounding));
    let fits = (least..=most.clone()).contains(&whole(lost));
    holds!("covered-is-never-lost", fits, "{who:?} lost {lost} debt shares, {most} are beyond what is covered");
    let was_covered = whole(was.debt(owed + burned)) <= (covered_before - rounding).floor();
    holds!("covered-is-never-lost", !was_covered || !counts, "{who:?} lost {lost} debt shares of a covered debt");
    Ok(())
}

/// Collateral leaves an obligation only where its owner takes it out, or where a liquidator pays for it: at the middle
/// of both prices, less at most the bonus, and whole units only. So nobody is given any when a loss is recorded.
fn nothing_for_nothing(moment: &Moment) -> Holds {
    for (who, token) in ACTORS.into_iter().flat_map(|who| COLLATERALS.map(|token| (who, token))) {
        let (was, is) = (moment.before.held(who, token), moment.after.held(who, token));
        let got = |actor: Actor, token: Token| {
            i128::from(moment.after.wallets[actor][token]) - i128::from(moment.before.wallets[actor][token])
        };
        match moment.step {
            Step::DepositCollateral { who: owner, token: of, .. }
            | Step::WithdrawCollateral { who: owner, token: of, .. }
                if (owner, of) == (who, token) =>
            {
                let left = i128::from(was) - i128::from(is);
                equal!("nothing-for-nothing", got(who, token), left, "{token:?} that {who:?} got, and took out");
            }
            Step::Liquidate { who: liquidator, borrower, token: of, .. } if (borrower, of) == (who, token) => {
                let seized = was - is;
                equal!("nothing-for-nothing", got(liquidator, token), i128::from(seized), "{token:?} got, and seized");
                is_paid_for(moment, token, seized, -got(liquidator, Token::Usdc))?;
            }
            step => {
                equal!("nothing-for-nothing", is, was, "{token:?} of {who:?} after {step:?}, and before");
            }
        }
    }
    Ok(())
}

/// What a liquidator paid is what the units received are worth at the bonus, rounded up to a unit, then to a debt
/// share, which costs what it is worth, rounded up.
fn is_paid_for(moment: &Moment, token: Token, seized: u64, paid: i128) -> Holds {
    let mut events = moment.events.iter();
    let done = events.find_map(|event| if let Event::Liquidated(done) = event { Some(done) } else { None }).unwrap();
    let parameters = &moment.before.collaterals[token].parameters;
    let bonuses = u64::from(parameters.bonus_min_bps)..=u64::from(parameters.bonus_max_bps);
    holds!("nothing-for-nothing", bonuses.contains(&done.bonus_bps), "a bonus of {}, not {bonuses:?}", done.bonus_bps);
    equal!("nothing-for-nothing", paid, i128::from(done.repaid + done.insurance_cut), "what was paid, and told");
    let price = |token: Token| Sight::new(moment.before, moment.now).unit_price(token, Side::Middle);
    let worth = price(token) * whole(seized) / model::bps(10_000 + done.bonus_bps) / price(Token::Usdc);
    let apart = whole(done.repaid) - &worth;
    let fits = !apart.is_negative() && apart < whole(moment.just().index >> 64) + whole(3);
    holds!("nothing-for-nothing", fits, "{seized} {token:?} for {}, worth {}", done.repaid, worth.round());
    Ok(())
}

/// Where the collateral pays the bonus, a liquidation improves health. What would not pay for a whole debt share is
/// lost on it.
fn liquidation_helps(moment: &Moment, who: Actor) -> Holds {
    let (Step::Liquidate { token, .. }, [Event::Liquidated(done)]) = (moment.step, moment.events) else {
        return Ok(());
    };
    let (was, is) = health(moment, who);
    let (_, threshold) = model::limits(&moment.before.collaterals[token], moment.now);
    let paid = BigInt::from(was.debt.get()) * threshold * (10_000 + done.bonus_bps) / 10_000;
    let kept = moment.after.held(who, token);
    // What is left and negligible counts for nothing: as much as its value may be missing.
    let missing = kept != 0 && !model::counts(moment.after, token, kept);
    if BigInt::from(was.liquidation_limit.get()) > paid && !missing {
        let share = u64::try_from(moment.is.borrow_index.bits() >> 64).unwrap() + 2;
        let lost = moment.after.debt_price().unwrap().value_up(share).unwrap();
        let debt = Value::new(is.debt.get().saturating_sub(lost.get()));
        let improved = Health { debt, ..is }.factor_bps().saturating_add(1) >= was.factor_bps();
        holds!("liquidation-helps", improved, "from {was:?} to {is:?}");
    }
    Ok(())
}

/// Nothing else makes a healthy obligation unhealthy while prices and time stand still.
fn stays_healthy(moment: &Moment, who: Actor) -> Holds {
    let (was, is) = (moment.before.is_unhealthy(&moment.was, who), moment.after.is_unhealthy(&moment.is, who));
    holds!("liquidation-helps", was || !is, "{:?} made {who:?} unhealthy", moment.step);
    Ok(())
}
