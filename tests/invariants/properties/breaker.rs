//! `breaker`: it trips on LP losses only, not on little ones, for as long as they take to fade.

use backstop_client::{ExitParameters, LossRecord, Pool};

use super::Moment;
use crate::{
    model::share_of,
    step::Step,
    violation::{Holds, equal, holds},
};

/// The losses that count for the breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counted {
    losses: u64,
    /// Of NAV before each of them, in trillionths.
    part: u64,
    at: i64,
    fades_at: i64,
    until: i64,
}

impl Counted {
    fn of(pool: &Pool) -> Self {
        Self {
            losses: pool.breaker_losses,
            part: pool.breaker_part,
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

impl Counted {
    /// What is left of a value that fades as the losses do.
    fn faded(&self, value: u64, now: i64) -> u64 {
        let span = self.fades_at - self.at;
        let left = (self.fades_at - now).clamp(0, span.max(0));
        if left == 0 { 0 } else { part_up(value, left, span) }
    }

    /// For how long it trips the breaker: while both the parts and the losses are above their limits.
    fn trips_for(&self, exit: &ExitParameters) -> i64 {
        let span = u128::try_from((self.fades_at - self.at).max(0)).unwrap();
        let above = |value: u64, most: u64| {
            let over = u128::from(value.saturating_sub(most));
            if over == 0 { 0 } else { i64::try_from((span * over).div_ceil(value.into())).unwrap() }
        };
        let part = above(self.part, u64::from(exit.breaker_limit_bps) * 100_000_000);
        part.min(above(self.losses, exit.breaker_min_losses))
    }
}

/// What counts after a loss: losses fade evenly, together until the average of their ends, each weighted by what it
/// counts for.
fn after_loss(was: &Counted, exit: &ExitParameters, lost: u64, nav: u64, now: i64) -> Counted {
    let window = i64::from(exit.window_seconds);
    let earlier = was.faded(was.losses, now);
    let left = if earlier == 0 { 0 } else { (was.fades_at - now).clamp(0, window) };
    let losses = earlier.saturating_add(lost);
    let more = (u128::try_from(window - left).unwrap() * u128::from(lost)).div_ceil(losses.into());
    let added = (u128::from(lost) * 1_000_000_000_000).div_ceil(u128::from(nav.max(lost)));
    let part = was.faded(was.part, now) + u64::try_from(added).unwrap();
    let is = Counted { losses, part, at: now, fades_at: now + left + i64::try_from(more).unwrap(), until: was.until };
    let trip = is.trips_for(exit);
    Counted { until: if trip == 0 { was.until } else { was.until.max(now + trip) }, ..is }
}

/// What counts after some of a loss came back: without what that still counts for, and its weight in the end. A trip
/// that it ends goes on for a hold.
fn after_recovery(was: &Counted, pool: &Pool, back: u64, loss: &LossRecord, now: i64) -> Counted {
    let exit = &pool.parameters.exit;
    let window = i64::from(exit.window_seconds);
    let (ahead, counted) = ((was.fades_at - now).max(0), was.faded(was.losses, now));
    let left = (loss.at + window - now).clamp(0, window);
    let of_window = |all: u64| share_of(all, u64::try_from(left).unwrap(), u64::from(exit.window_seconds));
    let gone = of_window(back).min(counted);
    let losses = counted - gone;
    let fades_at = if gone == 0 || losses == 0 {
        was.fades_at
    } else {
        let weighted = i128::from(ahead) * i128::from(counted) - i128::from(left) * i128::from(gone);
        now + i64::try_from(weighted.max(0) / i128::from(losses)).unwrap().min(window)
    };
    let fell = loss.share_price_before - loss.share_price_after;
    let of_nav = share_of(fell, 1_000_000_000_000, loss.share_price_before.max(1));
    let part = was.faded(was.part, now).saturating_sub(of_window(share_of(of_nav, back, loss.lps)));
    let is = Counted { losses, part, at: now, fades_at, until: was.until };
    let trip = is.trips_for(exit).max(pool.parameters.loss.hold_seconds.into());
    Counted { until: was.until.min(now + trip), ..is }
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
    for reported in moment.recoveries().filter(|reported| reported.loss != 0 && reported.to_lps != 0) {
        let loss = moment.before.book.loss(u32::try_from(reported.loss).unwrap()).unwrap();
        expected = after_recovery(&expected, &moment.before.pool, reported.to_lps, loss, moment.now);
        equal!("breaker", reported.breaker_until, expected.until, "until when it is tripped, as told");
    }
    equal!("breaker", is, expected, "the losses that count");
    let latest = moment.now + i64::from(exit.window_seconds);
    holds!("breaker", is.until <= was.until.max(latest), "tripped until {}, now is {}", is.until, moment.now);
    Ok(())
}
