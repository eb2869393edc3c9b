//! `provision-once`, `no-hidden-debt`, `liquidation-helps`, `no-interest-on-bad-debt`.

use backstop_client::Event;
use backstop_engine::{health::Health, price::Value};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Signed;

use super::Moment;
use crate::{
    reckoning::{self, Pot},
    step::{ACTORS, Actor, Step},
    violation::{Holds, holds},
};

pub(super) fn check(moment: &Moment) -> Holds {
    let pot = Pot::of(&moment.is);
    for who in ACTORS {
        let obligation = &moment.after.obligations[who];
        let (provision, debt) = (obligation.provision, pot.debt(obligation.debt_shares));
        holds!("provision-once", provision <= debt, "{who:?} owes {debt} and is provisioned with {provision}");
    }
    let Some(who) = moment.step.obligation() else { return Ok(()) };
    no_interest_on_bad_debt(moment, who)?;
    match moment.step {
        Step::Provision { .. } => {
            provision_is_shortfall(moment, who)?;
            no_hidden_debt(moment, who)
        }
        Step::Liquidate { .. } => {
            liquidation_helps(moment, who)?;
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
    let paid = moment
        .events
        .iter()
        .find_map(|event| if let Event::Recovered(paid) = event { Some(paid.assets) } else { None });
    let recovered = was.recovered + paid.unwrap_or(0);
    holds!(
        "no-interest-on-bad-debt",
        is.recovered == recovered && recovered <= written_off,
        "{who:?} paid back {} of {written_off}, not {recovered}",
        is.recovered
    );
    Ok(())
}

/// A provision is what the debt exceeds the proceeds of the collateral by, within two units of rounding.
fn provision_is_shortfall(moment: &Moment, who: Actor) -> Holds {
    let exact = reckoning::shortfall(moment.after, who, &Pot::of(&moment.is), moment.now);
    let provision = moment.after.obligations[who].provision;
    let apart = (BigRational::from(BigInt::from(provision)) - &exact).abs();
    let close = apart <= BigRational::from(BigInt::from(2));
    holds!("provision-once", close, "{who:?}'s provision is {provision}, its shortfall {}", exact.round());
    Ok(())
}

fn health(moment: &Moment, who: Actor) -> (Health, Health) {
    let was = moment.before.health(&moment.was, who).unwrap();
    (was, moment.after.health(&moment.is, who).unwrap())
}

/// No debt is left against nothing but dust: it is recorded, or provisioned whole until it is old enough for that.
fn no_hidden_debt(moment: &Moment, who: Actor) -> Holds {
    let (after, obligation) = (moment.after, &moment.after.obligations[who]);
    if obligation.debt_shares == 0 {
        return Ok(());
    }
    let dust = after.pool.parameters.loss.dust();
    let hopeless = after.health(&moment.is, who).unwrap().require_unrecoverable(dust).is_ok();
    let debt = Pot::of(&moment.is).debt(obligation.debt_shares);
    let told = obligation.provision == debt;
    holds!("no-hidden-debt", !hopeless || told, "{who:?} owes {debt} against dust, {} is told", obligation.provision);
    let age = moment.slot - obligation.exposed_at_slot;
    let old = age > 0 && age >= after.pool.parameters.loss.min_default_age_slots;
    let recorded = !hopeless || !old || !matches!(moment.step, Step::Liquidate { .. });
    holds!("no-hidden-debt", recorded, "{who:?}'s debt could have been recorded");
    let underwater = reckoning::shortfall(after, who, &Pot::of(&moment.is), moment.now);
    let apart = (BigRational::from(BigInt::from(obligation.provision)) - underwater).abs();
    holds!(
        "no-hidden-debt",
        apart <= BigRational::from(BigInt::from(2)),
        "{who:?}'s provision of {} is {} units apart from its shortfall",
        obligation.provision,
        apart.round()
    );
    Ok(())
}

/// Where the collateral pays the bonus, a liquidation improves health. What would not pay for a whole debt share is lost on it.
fn liquidation_helps(moment: &Moment, who: Actor) -> Holds {
    let (Step::Liquidate { token, .. }, [Event::Liquidated(done)]) = (moment.step, moment.events) else {
        return Ok(());
    };
    let (was, is) = health(moment, who);
    let (_, threshold) = reckoning::limits(&moment.before.collaterals[token], moment.now);
    let paid = BigInt::from(was.debt.get()) * threshold * (10_000 + done.bonus_bps) / 10_000;
    let kept = moment.after.held(who, token);
    // A scrap that is left counts for nothing: as much as its value may be missing.
    let scrapped = kept != 0 && moment.after.collaterals[token].is_scrap(kept);
    if BigInt::from(was.liquidation_limit.get()) > paid && !scrapped {
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
