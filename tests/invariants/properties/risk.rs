//! `bounded-risk`: limits and parts move as slowly as their steps say, to where risk puts them, within their bounds,
//! and without making anybody liquidatable at once. All readings are computed anew.

use backstop_client::{AveragePrice, Collateral, Event, Pool, RiskRamp, RiskRefreshed};

use super::Moment;
use crate::{
    model::{self, ModelPool, gauge_after, way},
    step::{ACTORS, COLLATERALS, Step, Token},
    violation::{Holds, equal, holds},
};

const DAY: i64 = 86_400;
/// The most that a loan-to-value limit falls, or the insurance factor rises, in a day.
const TIGHTEN_STEP_BPS: u32 = 500;
/// The most that they move the other way in a day, and thresholds and the loss-sharing ratio either way.
const STEP_BPS: u32 = 100;
/// The least change of a target that is not to an end.
const HYSTERESIS_BPS: u32 = 50;

pub(super) fn check(moment: &Moment) -> Holds {
    for token in COLLATERALS {
        limits_move_slowly(moment, token)?;
        limits_are_bounded(moment, token)?;
    }
    parts_move_slowly(moment)?;
    no_flash(moment)?;
    match moment.step {
        Step::RefreshRisk { token } => {
            headings_are_of_risk(moment, token)?;
            nobody_is_endangered(moment)
        }
        Step::Tighten { .. } | Step::ExecuteChange { .. } => nobody_is_endangered(moment),
        Step::Borrow { who, .. } | Step::WithdrawCollateral { who, .. } => {
            let fits = model::may_owe(moment.after, who, &ModelPool::of(&moment.is), moment.now);
            let owes = moment.after.obligations[who].owes();
            holds!("bounded-risk", !owes || fits, "{who:?} owes more than prices within reach of their averages carry");
            Ok(())
        }
        _ => Ok(()),
    }
}

/// What a refresh reads of the use of the pool: only what stood for a time counts, by that time.
fn no_flash(moment: &Moment) -> Holds {
    let (before, after) = (&moment.before.pool, &moment.after.pool);
    let stored = (after.average_utilisation, after.average_debt);
    equal!("no-flash", stored, averages(before, after.accrued_at), "average utilisation and debt");
    Ok(())
}

/// The averages of utilisation, in billionths with 12 fractional bits, and of debt, when the state of a pool has stood
/// until `now`.
fn averages(pool: &Pool, now: i64) -> (u64, u64) {
    let stood = u128::try_from((now - pool.accrued_at).max(0)).unwrap().min((1 << 22) - 1);
    let (debt, horizon) =
        (model::times_down(pool.borrow_index, pool.debt_shares), pool.parameters.risk.average_seconds);
    let used = (u128::from(debt) * 1_000_000_000).checked_div(u128::from(debt) + u128::from(pool.cash)).unwrap_or(0);
    let towards = |average: u64, state: u64| {
        let way = (u128::from(average.abs_diff(state)) * stood).div_ceil(stood + u128::from(horizon));
        let way = u64::try_from(way).unwrap();
        if state > average { average + way } else { average - way }
    };
    (towards(pool.average_utilisation, u64::try_from(used).unwrap() << 12), towards(pool.average_debt, debt))
}

/// Between what is so in calm and what is so under full stress.
#[derive(Clone, Copy, Debug)]
struct Range {
    calm: u32,
    stressed: u32,
}

impl Range {
    fn of_limit(collateral: &Collateral) -> Self {
        let calm = collateral.parameters.max_ltv_bps;
        Self { calm, stressed: calm.min(collateral.parameters.stressed_max_ltv_bps) }
    }

    fn of_threshold(collateral: &Collateral) -> Self {
        let parameters = &collateral.parameters;
        Self { calm: parameters.liquidation_threshold_bps, stressed: parameters.stressed_threshold_bps }
    }

    fn of_factor(pool: &Pool) -> Self {
        let parameters = &pool.parameters;
        Self { calm: parameters.rates.insurance_factor_bps, stressed: parameters.risk.stressed_insurance_factor_bps }
    }

    fn of_share(pool: &Pool) -> Self {
        let parameters = &pool.parameters;
        Self { calm: parameters.loss.insurance_share_bps, stressed: parameters.risk.stressed_insurance_share_bps }
    }

    fn least(&self) -> u32 {
        self.calm.min(self.stressed)
    }

    fn most(&self) -> u32 {
        self.calm.max(self.stressed)
    }

    /// Basis points with 32 fractional bits, within it.
    fn clamp(&self, value: u128) -> u128 {
        value.clamp(u128::from(self.least()) << 32, u128::from(self.most()) << 32)
    }

    /// Where so much stress puts it: that part of the way from calm to stressed, a begun basis point counted whole.
    fn at(&self, stress: u64) -> u32 {
        let way = u32::try_from((u64::from(self.most() - self.least()) * stress).div_ceil(10_000)).unwrap();
        if self.stressed < self.calm { self.calm - way } else { self.calm + way }
    }
}

/// A refresh moves no limit; time moves it by its step at most; a change of parameters moves the loan-to-value limit
/// into its new bounds, and the threshold not at all.
fn limits_move_slowly(moment: &Moment, token: Token) -> Holds {
    let (before, after) = (&moment.before.collaterals[token], &moment.after.collaterals[token]);
    let at = |collateral: &Collateral, ramp: &RiskRamp, time: i64| gauge_after(ramp, time - collateral.risk_at);
    let was = (at(before, &before.max_ltv, moment.then), at(before, &before.threshold, moment.then));
    let reported = (at(before, &before.max_ltv, moment.now), at(before, &before.threshold, moment.now));
    let is = (at(after, &after.max_ltv, moment.now), at(after, &after.threshold, moment.now));
    let changed = moment.change().is_some_and(|(_, of, _)| of == Some(token));
    let limit = if changed { Range::of_limit(after).clamp(reported.0) } else { reported.0 };
    equal!("bounded-risk", is, (limit, reported.1), "{token:?}'s limits after {:?}, and before", moment.step);
    let passed = moment.now - moment.then;
    for ((was, reported), falls_bps) in
        [(was.0, reported.0), (was.1, reported.1)].into_iter().zip([TIGHTEN_STEP_BPS, STEP_BPS])
    {
        let slow = was.saturating_sub(reported) <= way(falls_bps, passed)
            && reported.saturating_sub(was) <= way(STEP_BPS, passed);
        holds!("bounded-risk", slow, "{token:?}'s limit went from {was} to {reported} in {passed} seconds");
    }
    let index = token as usize;
    let reported = moment.after.limits(moment.now)[index];
    equal!("bounded-risk", reported, model::limits(after, moment.now), "{token:?}'s limits as previewed, and computed");
    let untouched = changed || moment.step == Step::RefreshRisk { token };
    let stands = (after.max_ltv, after.threshold, after.average) == (before.max_ltv, before.threshold, before.average);
    holds!("bounded-risk", untouched || stands, "{:?} moved {token:?}'s limits", moment.step);
    Ok(())
}

fn limits_are_bounded(moment: &Moment, token: Token) -> Holds {
    let collateral = &moment.after.collaterals[token];
    let within = |range: &Range, ramp: &RiskRamp| (range.least()..=range.most()).contains(&ramp.target_bps);
    let (limits, thresholds) = (Range::of_limit(collateral), Range::of_threshold(collateral));
    let limit = &collateral.max_ltv;
    let bounded = within(&limits, limit) && limits.clamp(limit.value.into()) == u128::from(limit.value);
    holds!("bounded-risk", bounded, "{token:?}'s loan-to-value limit {limit:?} is not within {limits:?}");
    let bounded = within(&thresholds, &collateral.threshold);
    holds!("bounded-risk", bounded, "{token:?}'s threshold {:?} is not within {thresholds:?}", collateral.threshold);
    let (limit, threshold) = model::limits(collateral, moment.now);
    holds!("bounded-risk", limit <= threshold, "{token:?}: {limit} of {threshold}");
    // Liquidated right at its threshold, an obligation pays the bonus out of its collateral.
    let spent = u64::from(threshold) * u64::from(10_000 + collateral.parameters.bonus_min_bps);
    holds!("bounded-risk", spent <= 100_000_000, "{token:?}: a threshold of {threshold} leaves nothing for the bonus");
    Ok(())
}

/// The insurance factor and the loss-sharing ratio move by a refresh, by a day's step at most, the latter not while the
/// pool or its fund is on hold; or by a change of their bounds, into these.
fn parts_move_slowly(moment: &Moment) -> Holds {
    let (before, after) = (&moment.before.pool, &moment.after.pool);
    let refreshes = matches!(moment.step, Step::RefreshRisk { .. });
    let passed = if refreshes { (moment.now - before.risk_at).clamp(0, DAY) } else { 0 };
    let shares = if after.hold.on == 0 && after.fund_hold.on == 0 { passed } else { 0 };
    let changed = moment.change().is_some_and(|(_, of, _)| of.is_none());
    let factor = (before.insurance_factor, after.insurance_factor, Range::of_factor(after));
    let share = (before.insurance_share, after.insurance_share, Range::of_share(after));
    let steps = [(TIGHTEN_STEP_BPS, STEP_BPS), (STEP_BPS, STEP_BPS)];
    for (((was, is, range), (up, down)), passed) in [factor, share].into_iter().zip(steps).zip([passed, shares]) {
        let moved = gauge_after(&was, passed);
        let expected = if changed { range.clamp(moved) } else { moved };
        equal!("bounded-risk", u128::from(is.value), expected, "a part after {:?}, and before", moment.step);
        let (old, new) = (u128::from(was.value), moved);
        let slow = new.saturating_sub(old) <= way(up, passed) && old.saturating_sub(new) <= way(down, passed);
        holds!("bounded-risk", slow, "a part went from {old} to {new} in {passed} seconds");
        let target = (range.least()..=range.most()).contains(&is.target_bps);
        let bounded = target && range.clamp(is.value.into()) == u128::from(is.value);
        holds!("bounded-risk", bounded, "a part {is:?} is not within {range:?}");
        holds!("bounded-risk", refreshes || changed || was == is, "{:?} moved a part", moment.step);
    }
    Ok(())
}

/// At a fixed price and time, none of these makes a healthy obligation liquidatable, unless its new average makes a
/// holding negligible.
fn nobody_is_endangered(moment: &Moment) -> Holds {
    for who in ACTORS {
        let was = moment.before.is_unhealthy(&moment.was, who);
        let is = moment.after.is_unhealthy(&moment.is, who);
        let mut held = model::counted(moment.before, who);
        let count = held.all(|(token, units)| model::counts(moment.after, token, units));
        holds!("bounded-risk", was || !is || !count, "{:?} made {who:?} liquidatable", moment.step);
    }
    Ok(())
}

/// How far a reading is on its way from calm to stressed.
fn between(reading: u128, calm: u32, stressed: u32) -> u64 {
    let (calm, stressed) = (u128::from(calm), u128::from(stressed));
    u64::try_from((reading.clamp(calm, stressed) - calm) * 10_000 / (stressed - calm)).unwrap()
}

/// An average after an observation, in which what is new has the part `t / (horizon + t)`, `t` being at most an eighth
/// of the horizon, and the price at most twice the average.
fn observed(was: &AveragePrice, price: u128, horizon: u32, now: i64) -> AveragePrice {
    let (horizon, passed) = (u128::from(horizon), u128::try_from((now - was.at).max(0)).unwrap());
    let weight = passed.min(horizon / 8);
    if weight == 0 {
        return *was;
    }
    let all = horizon + weight;
    let price = price.min(was.price * 2);
    let apart = was.price.abs_diff(price) * 1_000_000_000 / was.price;
    let variance = horizon * (u128::from(was.variance) * all + apart * apart * weight) / (all * all);
    AveragePrice {
        price: (was.price * horizon + price * weight) / all,
        variance: u64::try_from(variance).unwrap_or(u64::MAX),
        at: now,
    }
}

/// Where a ramp is target: where stress puts it, if that is a bound or far enough from where it was target.
fn target(was: &RiskRamp, range: &Range, stress: u64) -> u32 {
    let target = range.at(stress);
    let moves = target.abs_diff(was.target_bps) >= HYSTERESIS_BPS || target == range.calm || target == range.stressed;
    if moves { target } else { was.target_bps }
}

/// All readings of a refresh, and where they put limits and parts.
fn headings_are_of_risk(moment: &Moment, token: Token) -> Holds {
    let [Event::RiskRefreshed(reported)] = moment.events else {
        holds!("bounded-risk", false, "a refresh told {:?}", moment.events);
        return Ok(());
    };
    let (before, after, now) = (moment.before, moment.after, moment.now);
    let risk = &before.pool.parameters.risk;
    let averages = (before.pool.average, before.collaterals[token].average);
    let observe = |average, of| observed(average, model::price(before, of).0, risk.average_seconds, now);
    let averages = (observe(&averages.0, Token::Usdc), observe(&averages.1, token));
    let stored = (after.pool.average, after.collaterals[token].average);
    equal!("bounded-risk", stored, averages, "the averages of USDC and {token:?}");

    let deviation = averages.0.variance.saturating_add(averages.1.variance).isqrt();
    let limits = &before.collaterals[token].parameters;
    let volatility =
        between((deviation / 100_000).into(), limits.stressed_deviation_bps / 5, limits.stressed_deviation_bps);
    let stress = pool_stress(moment);
    equal!("bounded-risk", readings(reported), (deviation, volatility, stress), "what a refresh tells, and what is");

    let (utilisation, losses, coverage) = stress;
    let (collateral, pool) = (&before.collaterals[token], &before.pool);
    let (most, shortage) = (volatility.max(utilisation).max(losses), coverage.max(losses));
    let expected = [
        target(&collateral.max_ltv, &Range::of_limit(collateral), most),
        target(&collateral.threshold, &Range::of_threshold(collateral), volatility),
        target(&pool.insurance_factor, &Range::of_factor(pool), shortage),
        target(&pool.insurance_share, &Range::of_share(pool), coverage),
    ];
    let (collateral, pool) = (&after.collaterals[token], &after.pool);
    let ramps = [collateral.max_ltv, collateral.threshold, pool.insurance_factor, pool.insurance_share];
    equal!("bounded-risk", ramps.map(|ramp| ramp.target_bps), expected, "targets after a refresh");
    Ok(())
}

/// Deviation, stress of it, and stress of utilisation, losses and coverage, as told.
const fn readings(reported: &RiskRefreshed) -> (u64, u64, (u64, u64, u64)) {
    let stress = (reported.utilisation_stress_bps, reported.loss_stress_bps, reported.coverage_stress_bps);
    (reported.deviation, reported.volatility_stress_bps, stress)
}

/// Stress of utilisation, of losses, and of coverage.
fn pool_stress(moment: &Moment) -> (u64, u64, u64) {
    let (pool, pot) = (&moment.before.pool, ModelPool::of(&moment.was));
    let risk = &pool.parameters.risk;
    let (used, debt) = averages(pool, moment.now);
    let debt = u128::from(debt);
    let part = |part: u128, whole: u128| (part * 10_000).checked_div(whole).unwrap_or(0);
    let passed = u128::try_from((moment.now - pool.risk_at).max(0)).unwrap();
    let window = u128::from(pool.parameters.exit.window_seconds);
    let faded = (u128::from(pool.risk_losses) * window).div_ceil(window + passed);
    let losses = (faded + u128::from(pool.lost - pool.risk_lost)).min(u64::MAX.into());
    let rate = part(losses, (losses + debt).min(u64::MAX.into()));
    let target = debt * u128::from(risk.target_coverage_bps) / 10_000;
    let fund = u128::from(moment.before.fund.assets) + u128::from(pot.insured());
    (
        between(u128::from(used >> 12) / 100_000, (pool.parameters.rates.kink_bps + 10_000) / 2, 10_000),
        between(rate, 10, 500),
        u64::try_from(part(target.saturating_sub(fund), target)).unwrap(),
    )
}
