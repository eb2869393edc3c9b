//! Remembers logged reports, so that each is logged once.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use solana_address::Address;

/// A report that recurs after this long is logged again.
const FORGET: Duration = Duration::from_secs(600);

/// Reports by target and kind, with the time of the last occurrence.
#[derive(Debug, Default)]
pub(super) struct Told(HashMap<(Address, &'static str), Instant>);

impl Told {
    /// Returns whether this is the first occurrence, or the first after [`FORGET`]. Records the occurrence.
    pub(super) fn is_news(&mut self, whom: Address, what: &'static str, now: Instant) -> bool {
        let last = self.0.insert((whom, what), now);
        last.is_none_or(|last| now.saturating_duration_since(last) > FORGET)
    }

    /// Removes a report that no longer holds. Returns whether it was known.
    pub(super) fn ends(&mut self, whom: Address, what: &'static str) -> bool {
        self.0.remove(&(whom, what)).is_some()
    }

    /// Forgets reports that have not recurred for [`FORGET`].
    pub(super) fn forget(&mut self, now: Instant) {
        self.0.retain(|_, last| now.saturating_duration_since(*last) <= FORGET);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_told_once_of_each_until_it_has_not_come_up_for_long() {
        let (one, other, start) = (Address::new_from_array([1; 32]), Address::new_from_array([2; 32]), Instant::now());
        let mut reported = Told::default();
        assert!(reported.is_news(one, "below_floor", start));
        // Every minute of an hour.
        for minute in 1..60 {
            assert!(!reported.is_news(one, "below_floor", start + Duration::from_secs(60 * minute)));
        }
        assert!(reported.is_news(one, "no_liquidity", start) && reported.is_news(other, "below_floor", start));
        let late = start + Duration::from_secs(60 * 59) + FORGET + Duration::from_secs(1);
        assert!(reported.is_news(one, "below_floor", late));
        reported.forget(late);
        assert_eq!(reported.0.len(), 1);
        assert!(reported.ends(one, "below_floor") && !reported.ends(one, "below_floor"));
    }
}
