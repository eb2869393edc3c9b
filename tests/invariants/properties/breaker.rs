//! `breaker`: it trips on LP losses only, not on little ones, for as long as they take to fade.

use backstop_client::{ExitParameters, Pool};

use super::Moment;
use crate::{
    reckoning::share_of,
    step::Step,
    violation::{Holds, equal, holds},
};

/// The losses that count for the breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counted {
    losses: u64,
    nav_before: u64,
    at: i64,
    fades_at: i64,
    until: i64,
}

impl Counted {
    fn of(pool: &Pool) -> Self {
        Self {
            losses: pool.breaker_losses,
            nav_before: pool.breaker_nav_before,
            at: pool.breaker_at,
            fades_at: pool.breaker_fades_at,
            until: pool.breaker_until,
        }
    }
}

fn part_up(all: u64, part: i64, whole: i64) -> u64 {
    let (part, whole) = (u128::try_from(part).unwrap(), u128::try_from(whole).unwrap());
    u64::try_from((u128::from(all) * part).div_ceil(whole)).unwrap()
}

/// What counts after a loss: losses fade evenly, together until the average of their ends, each weighted by what it counts for.
fn after_loss(was: &Counted, exit: &ExitParameters, lost: u64, nav: u64, now: i64) -> Counted {
    let window = i64::from(exit.window_seconds);
    let left = (was.fades_at - now).clamp(0, window);
    let earlier =
        if left == 0 { 0 } else { part_up(was.losses, left.min(was.fades_at - was.at), was.fades_at - was.at) };
    let nav_before = if earlier == 0 { nav } else { was.nav_before.max(nav.saturating_add(earlier)) };
    let losses = earlier.saturating_add(lost);
    let of_window = |seconds: i64, part: u64| {
        let seconds = u128::try_from(seconds).unwrap();
        i64::try_from((seconds * u128::from(part)).div_ceil(losses.into())).unwrap()
    };
    let seconds = left + of_window(window - left, lost.min(losses));
    let limit = share_of(nav_before, exit.breaker_limit_bps.into(), 10_000).max(exit.breaker_min_losses);
    let trip = if losses > limit { now + of_window(seconds, losses - limit) } else { was.until };
    Counted { losses, nav_before, at: now, fades_at: now + seconds, until: was.until.max(trip) }
}

/// What counts after some of a loss of `lost_at` came back: without what that still counts for, and its weight in the end.
fn after_recovery(was: &Counted, exit: &ExitParameters, back: u64, lost_at: i64, now: i64) -> Counted {
    let window = i64::from(exit.window_seconds);
    let ahead = (was.fades_at - now).max(0);
    let counted = match was.fades_at - was.at {
        span if ahead == 0 || span <= 0 => 0,
        span => part_up(was.losses, ahead.min(span), span),
    };
    let left = (lost_at + window - now).clamp(0, window);
    let gone = share_of(back, u64::try_from(left).unwrap(), u64::from(exit.window_seconds)).min(counted);
    let losses = counted - gone;
    let fades_at = if gone == 0 || losses == 0 {
        was.fades_at
    } else {
        let weighted = i128::from(ahead) * i128::from(counted) - i128::from(left) * i128::from(gone);
        now + i64::try_from(weighted.max(0) / i128::from(losses)).unwrap().min(window)
    };
    let limit = share_of(was.nav_before, exit.breaker_limit_bps.into(), 10_000).max(exit.breaker_min_losses);
    let trip = if losses > limit {
        let ahead = u128::try_from(fades_at - now).unwrap();
        now + i64::try_from((ahead * u128::from(losses - limit)).div_ceil(losses.into())).unwrap()
    } else {
        now
    };
    Counted { losses, nav_before: was.nav_before, at: now, fades_at, until: was.until.min(trip) }
}

pub(super) fn check(moment: &Moment) -> Holds {
    let enters = matches!(moment.step, Step::Borrow { .. });
    let tripped = moment.now < moment.before.pool.breaker_until;
    holds!("breaker", !(enters && tripped), "{:?} was done while the breaker was tripped", moment.step);
    let (was, is) = (Counted::of(&moment.before.pool), Counted::of(&moment.after.pool));
    let (exit, lost) = (&moment.before.pool.parameters.exit, moment.loss().map_or(0, |loss| loss.to_lps));
    let counts = lost != 0 && exit.breaker_limit_bps < 10_000;
    let nav = || u64::try_from(moment.just().nav()).unwrap();
    let mut expected = if counts { after_loss(&was, exit, lost, nav(), moment.now) } else { was };
    for told in moment.recoveries().filter(|told| told.loss != 0 && told.to_lps != 0) {
        let lost_at = moment.before.book.loss(u32::try_from(told.loss).unwrap()).unwrap().at;
        expected = after_recovery(&expected, exit, told.to_lps, lost_at, moment.now);
        equal!("breaker", told.breaker_until, expected.until, "until when it is tripped, as told");
    }
    equal!("breaker", is, expected, "the losses that count");
    let latest = moment.now + i64::from(exit.window_seconds);
    holds!("breaker", is.until <= was.until.max(latest), "tripped until {}, now is {}", is.until, moment.now);
    Ok(())
}
